"""The modes of a bench."""

RECEIVING, CHECKING, COUNTING = "receiving", "checking", "count"
"""Parcels are only received (收), or opened and their pieces counted and graded (验); or the stock is counted (盘)."""
