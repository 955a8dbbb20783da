"""What the books add up to, as people and scripts see it."""
