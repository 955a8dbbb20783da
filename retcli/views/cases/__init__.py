"""What is done with a case, as people and scripts see it."""
