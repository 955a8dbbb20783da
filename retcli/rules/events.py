"""The chain of events: each record's hash covers the one before it, so a change anywhere shows."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

GENESIS = "0" * 64


def canonical(value: Mapping[str, Any]) -> str:
    """The one spelling of a record that is hashed: sorted keys, no blanks, plain UTF-8."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def chained(before: str, record: Mapping[str, Any]) -> str:
    """SHA-256 over the previous hash and the record, in hex."""
    return hashlib.sha256((before + canonical(record)).encode()).hexdigest()


def fingerprint(value: Any) -> str:
    """SHA-256 of a plain value, for telling whether two requests are the same."""
    return hashlib.sha256(json.dumps(value, ensure_ascii=False, sort_keys=True, default=str).encode()).hexdigest()
