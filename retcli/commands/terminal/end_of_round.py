"""What is told at the end of a round of the scan loop: what is still to be done with its parcels."""

from collections.abc import Iterable, Sequence

from retcli import actions
from retcli.errors import Busy
from retcli.language import _, series
from retcli.settings import Asked
from retcli.views.warehouse.scan_results import BadLine

NAMED = 3
"""Parcels that are named one by one at most."""


def tell(call: Asked, parcels: Iterable[str], bad_times: Sequence[BadLine]) -> bool:
    """Tells what is still to be done with the parcels of a round (their numbers), as the books stand now, and which
    times of a handheld were not sound; whether pieces in them have no grade.
    """
    from retcli.transaction import opened

    if bad_times:
        text = _("{n} lines count as read now: {fault}")
        call.remark(text.format(n=len(bad_times), fault=bad_times[0].sentence(booked=True)))
    numbers = list(parcels)
    if not numbers:
        return False
    try:
        with opened(call, writes=False) as shop:
            left = actions.warehouse.bench.scanning.left_open(shop, numbers)
            unopened = actions.warehouse.bench.scanning.unopened(shop, numbers)
    except Busy:
        call.remark(_("What is left of these parcels cannot be read now: retcli parcel list --state received"))
        return False
    for line in (line for each in left for line in each.sentence().splitlines()):
        call.remark(line)
    if unopened:
        text = _("{n} parcels received, nothing counted in them: {parcels}: retcli parcel list --state received")
        named = series([*unopened[:NAMED], "…"] if len(unopened) > NAMED else unopened)
        call.remark(text.format(n=len(unopened), parcels=named))
    return any(each.waiting for each in left)
