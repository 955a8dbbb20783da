"""The modes of a bench."""

RECEIVING, CHECKING, COUNTING, SENDING = "receiving", "checking", "count", "ship"
"""Parcels are only received (收), or opened and their pieces counted and graded (验); or the stock is counted (盘); or
goods of cases are packed and sent (发).
"""
