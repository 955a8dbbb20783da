"""What the label of a parcel says: who sent it, from which city, the end of their number, an earlier waybill."""

import re
from dataclasses import asdict, replace

from retcli.actions.casefile.records import acts
from retcli.actions.warehouse import detaching, named_waybills
from retcli.actions.warehouse.parcels import parcel_of, view_of
from retcli.actions.warehouse.pieces import awaited_pieces
from retcli.actions.warehouse.strangers import fitting
from retcli.actions.warehouse.strangers.read_labels import Said, all_said, last, said_in
from retcli.errors import Refused, WrongCommand
from retcli.language import _, mark
from retcli.models import Parcel, ParcelLabel
from retcli.models.acts import Act
from retcli.rules.lifecycles import AT_THE_DOOR, MAY_SCAN
from retcli.rules.warehouse.ids import folded
from retcli.shop import Shop
from retcli.views.warehouse.parcels import Fitted, ParcelView
from retcli.words import word

_TAIL = re.compile(r"[\d*-]*?(\d{4})", re.ASCII)
_LONGEST = 40
"""Characters of a sender's name or a city at most: more is a whole address, which nobody needs here."""


def label(
    shop: Shop, ref: str, *, sender: str = "", phone_tail: str = "", old_waybill: str = "", city: str = ""
) -> ParcelView:
    """Writes down what the label of a parcel at the door says; what stood there before stays in its history. Raises
    WrongCommand for nothing, or an end of a telephone number without four digits, Refused for what is no waybill, for
    a parcel that is not here, and for what stands there already.
    """
    shop.may(MAY_SCAN, mark("write down what a parcel's label says"))
    parcel = shop.hold(parcel_of(shop, ref))
    refuse_not_here(parcel)
    hint = _("Read the number of the earlier label once more")
    old = named_waybills.one_waybill(shop, old_waybill, hint) if old_waybill else ""
    said = Said(_text(sender), tail_of(phone_tail) if phone_tail else "", old, _text(city))
    if said == Said():
        raise WrongCommand(_("Say what stands on the label"), f"retcli parcel label {parcel.number} --phone-tail 5678")
    fitted = note(shop, parcel, said)
    return replace(view_of(shop, parcel), fitted=fitted)


def refuse_not_here(parcel: Parcel) -> None:
    """Raises Refused where a parcel is not at the door."""
    if parcel.state not in AT_THE_DOOR:
        message = _("{parcel} is not here: {state}").format(parcel=parcel.number, state=word(parcel.state))
        raise Refused(message, f"retcli parcel show {parcel.number}", parcel=parcel.number)


def _text(typed: str) -> str:
    """A name or a city as it is kept. Raises WrongCommand for a whole address."""
    text = " ".join(typed.split())
    if len(text) > _LONGEST:
        raise WrongCommand(_("That is too long: at most {n} characters").format(n=_LONGEST), "--sender TEXT")
    return text


def tail_of(typed: str) -> str:
    """The last four digits of a telephone number, of which others may be hidden (``138****5678``). Raises
    WrongCommand.
    """
    number = _TAIL.fullmatch(folded(typed))
    if number is None:
        raise WrongCommand(_("The end of a telephone number are its last four digits"), "--phone-tail 5678")
    return number[1]


def note(shop: Shop, parcel: Parcel, said: Said, session: str = "") -> Fitted | None:
    """Writes what is new of a parcel's label, so that it can be taken back, and gives the parcel to the case whose it
    now surely is; None for none. Raises Refused where that stands there.
    """
    before = last(shop, parcel)
    new = {name: text for name, text in asdict(said).items() if text and text != getattr(before, name)}
    if not new:
        message = _("That stands on the label of {parcel} already").format(parcel=parcel.number)
        raise Refused(message, f"retcli parcel show {parcel.number}", parcel=parcel.number)
    row = _write(shop, parcel, Said(**{**asdict(before), **new}))
    shop.record(parcel.number, "label", fields=sorted(new))
    fitted = fitting.settle(shop, parcel)
    attached = fitted.cases if fitted else ()
    acts.note(shop, "label", parcel.number, parcel=parcel, row=row.id, session=session, attached=attached)
    return fitted


def _write(shop: Shop, parcel: Parcel, said: Said) -> ParcelLabel:
    row = ParcelLabel(parcel_id=parcel.id or 0, by=shop.operator.name, at=shop.now, **asdict(said))
    shop.add(row)
    return row


def take_back(shop: Shop, act: Act, parcel: Parcel) -> None:
    """Has the label of a parcel say what was known of it before an act, and takes it off the cases that it was given to
    for that. Raises Refused where money or a decision stands on that.
    """
    acts.refuse_later(shop, act)
    for case in awaited_pieces.cases_of(shop, parcel):
        if case.number in acts.what(act)["attached"]:
            detaching.take_off(shop, parcel, shop.hold(case), detaching.UNDONE_ATTACH)
    earlier = [row for row in all_said(shop, parcel) if (row.id or 0) < (act.row_id or 0)]
    _write(shop, parcel, said_in(earlier[-1]) if earlier else Said())
    shop.record(parcel.number, "label", fields=[])
