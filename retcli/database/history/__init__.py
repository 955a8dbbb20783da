"""History: the events in their order, what they tell of rows, and both compared with the tables."""
