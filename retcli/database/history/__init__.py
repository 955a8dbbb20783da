"""The history of the books: events in their order, the facts of rows in them, and both compared with the tables."""
