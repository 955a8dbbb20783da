"""Amounts in minor units, what may be paid, and what platforms refunded."""
