"""Rules of imports: the questions that a file raises, and the cash of an order's lines."""
