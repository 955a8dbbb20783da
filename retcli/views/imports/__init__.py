"""Files taken in, as people and scripts see them."""
