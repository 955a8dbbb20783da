"""The two lengths of a sweep: short in the ordinary run, long where ``RETCLI_LONG`` is set."""

import os

import pytest

LONG = bool(os.environ.get("RETCLI_LONG"))
HOUR = 3600 if LONG else 600
"""Seconds that a sweep may take before it counts as hanging."""


def length(short: int, long: int) -> int:
    """How far a sweep goes."""
    return long if LONG else short


sweep = pytest.mark.long
"""Marks what has two lengths, so that the long ones can be run by themselves."""
