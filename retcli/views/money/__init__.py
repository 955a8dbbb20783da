"""Money that goes back, as people and scripts see it."""
