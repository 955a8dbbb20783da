"""The after-sales desk of a small online shop, in one file on the shop's own computer."""

__version__ = "0.2.0"
