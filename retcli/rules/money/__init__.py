"""Amounts in minor units, what may be paid and by which channel, and what platforms paid back."""
