"""Views of money that goes back: payouts, groups of them, and what is open."""
