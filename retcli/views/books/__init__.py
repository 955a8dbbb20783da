"""The books themselves, as people and scripts see them."""
