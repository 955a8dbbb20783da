"""What a box that is packed lacks, and what does not belong into it."""

from collections.abc import Mapping


def lacking(wanted: Mapping[str, int], packed: Mapping[str, int]) -> dict[str, int]:
    """The pieces by article that are still to be put into a box; {} where nothing lacks."""
    rest = {sku: pieces - packed.get(sku, 0) for sku, pieces in wanted.items()}
    return {sku: pieces for sku, pieces in rest.items() if pieces > 0}


def too_many(wanted: Mapping[str, int], packed: Mapping[str, int], sku: str, pieces: int) -> int:
    """How many of some further pieces of an article do not belong into a box; 0 where all of them do."""
    room = wanted.get(sku, 0) - packed.get(sku, 0)
    return max(0, pieces - max(0, room))
