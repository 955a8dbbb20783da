"""Parcels and stock as people and scripts see them."""
