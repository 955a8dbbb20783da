"""A case as people and scripts see it."""
