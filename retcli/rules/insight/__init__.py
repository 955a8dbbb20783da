"""Periods, shares, rates and speeds."""
