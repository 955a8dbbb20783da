"""Views of a case: its card, findings, money, and what is written beside it."""
