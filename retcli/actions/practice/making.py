"""Makes a practice shop: books in a folder of their own, each time from the same beginning."""

import struct
import zlib
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from retcli.actions import demo
from retcli.actions.casefile import lookup
from retcli.actions.casefile.waivers import overrule
from retcli.actions.cases import changes, decisions, platform_list
from retcli.actions.imports import intake
from retcli.actions.money import payouts
from retcli.actions.practice import finance, warehouse
from retcli.actions.practice.agents import BIGGER, MUG, SIZE
from retcli.actions.practice.looking import OPERATORS, sheet_of
from retcli.actions.practice.state import BOOKS_NAME, State
from retcli.actions.shop import staff
from retcli.actions.warehouse import parcels
from retcli.errors import Refused
from retcli.language import _, mark
from retcli.opening import DEMO
from retcli.rules.lifecycles import Kind, Role
from retcli.rules.money.amends import BEYOND_PRICE
from retcli.settings import Asked, fixtures
from retcli.shellwords import settings_lines
from retcli.shop import BOOKS, Shop
from retcli.transaction import opened
from retcli.views.base import View
from retcli.views.practice.sheet import GivenOut

_EXPORTS = ("商品资料.xlsx", "订单报表.csv", "宝贝报表.xlsx", "退款报表_1.xlsx")
_LATER = "退款报表_2.xlsx"
_SHOP = "悠选小店"
_TIMES: dict[Role, datetime] = {Role.FINANCE: demo.THURSDAY}
_SIZE_WORDS = mark("the buyer wants XL")


def make(role: Role, wanted: Path | None, call: Asked) -> GivenOut:
    """Makes the practice shop of a role and gives out its exercises. Raises Refused for a folder that is not empty."""
    folder = _free_folder(role, wanted)
    folder.mkdir(parents=True, exist_ok=True)
    books = folder / BOOKS_NAME
    asked = Asked(str(books.absolute()), demo.OWNER, quiet=call.quiet, rehearsed_at=demo.MONDAY, progress=call.progress)
    _files(asked, *_EXPORTS)
    with opened(asked) as shop:
        # the event by which these books are known as the demo's, and for whom they were made
        shop.record(BOOKS, DEMO, practice=str(role))
        for member, name in OPERATORS.items():
            staff.add(shop, name, member)
        staff.add(shop, demo.MANAGER, Role.MANAGER)
    _PREPARED[role](asked, folder)
    now = _TIMES.get(role, demo.MONDAY)
    lines = settings_lines(books, operator=OPERATORS[role], now=now.isoformat())
    with opened(asked, writes=False) as shop:
        sheet = sheet_of(State(shop, folder), role)
    return GivenOut(role, OPERATORS[role], str(books), now, sheet, settings=lines)


def _free_folder(role: Role, wanted: Path | None) -> Path:
    """The folder that was asked for, or the first free ``retcli-practice-…``. Raises Refused for one not empty."""
    if wanted is not None:
        if wanted.exists() and (not wanted.is_dir() or any(wanted.iterdir())):
            message = _("{folder} is not empty; practice needs a folder of its own").format(folder=wanted)
            raise Refused(message, f"retcli demo --practice {role}")
        return wanted
    name = f"retcli-practice-{role}"
    names = (Path(name if n == 1 else f"{name}-{n}") for n in range(1, 1000))
    return next(path for path in names if not path.exists())


def _files(asked: Asked, *names: str) -> None:
    intake.take_in(asked, [fixtures() / name for name in names], shop_name=_SHOP)


def _by(asked: Asked, name: str, action: Callable[..., View], *args: Any, **options: Any) -> View:
    """One action by somebody, as a piece of work of its own."""
    with opened(replace(asked, operator=name)) as shop:
        return shop.answer(action(shop, *args, **options))


def _agree(asked: Asked, *refunds: str) -> None:
    for refund in refunds:
        _by(asked, demo.AGENT, decisions.approve, refund)


def _for_agents(_asked: Asked, _folder: Path) -> None:
    """Nothing more: the morning begins with the reports."""


def _for_warehouse(asked: Asked, folder: Path) -> None:
    """Returns that were agreed to and are on their way, and the photo of an empty box."""
    _by(asked, demo.AGENT, changes.change, SIZE, want=[BIGGER], because=_(_SIZE_WORDS))
    _agree(asked, demo.MIXED, demo.LAST_DAY, demo.QUALITY, SIZE)
    with opened(replace(asked, operator=demo.AGENT)) as shop:
        number = _two_mugs(shop, folder)
    _agree(asked, number)
    waybills = {
        number: warehouse.MUGS_WAYBILL,
        demo.MIXED: warehouse.HOODIE_WAYBILL,
        demo.LAST_DAY: warehouse.CUP_WAYBILL,
        demo.QUALITY: warehouse.JUICER_WAYBILL,
    }
    for ref, waybill in waybills.items():
        _by(asked, demo.AGENT, parcels.expect_by_hand, ref, waybill)
    (folder / _(warehouse.PHOTO)).write_bytes(_picture())


def _two_mugs(shop: Shop, folder: Path) -> str:
    """Opens the case of the two mugs; its number."""
    state = State(shop, folder)
    order = state.order(demo.WRONG_GOODS).number
    decisions.open_case(shop, order, kind=Kind.RETURN, reason="B_7D", lines=[f"{MUG}=2"], channel="phone")
    return warehouse.mugs(state).number


def _for_finance(asked: Asked, _folder: Path) -> None:
    """The week up to Thursday: agreed, clicked, amends promised, and the report of what the platform did."""
    refunds = (demo.SEVEN_DAY, demo.LAST_DAY, demo.WRONG_GOODS, demo.MIXED, demo.PRICE_CUT, demo.QUALITY)
    _agree(asked, *refunds)
    _by(asked, demo.AGENT, platform_list.done, list(refunds))
    amends = {
        demo.QUALITY: finance.PROMISED,
        demo.SEVEN_DAY: finance.ARRIVED,
        demo.MIXED: finance.BOUNCED,
    }
    for refund, cash in amends.items():
        with opened(replace(asked, operator=demo.MANAGER)) as shop:
            _let_exceed(shop, refund, cash)
        _by(asked, demo.AGENT, payouts.compensate, refund, cash=cash)
    _files(replace(asked, rehearsed_at=demo.THURSDAY), _LATER)


def _let_exceed(shop: Shop, refund: str, cash: int) -> None:
    """Has the manager let amends (fen) leave on top of the whole refund of a case."""
    overrule(shop, lookup.case_of(shop, refund), BEYOND_PRICE, _("promised to the buyer"), beyond=cash)


def _picture(side: int = 64) -> bytes:
    """A small picture, plain brown like a carton, as a PNG."""
    row = b"\0" + bytes((176, 137, 94)) * side
    header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(row * side)), (b"IEND", b""))
    parts = (
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data)) for name, data in chunks
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


_PREPARED: dict[Role, Callable[[Asked, Path], None]] = {
    Role.AGENT: _for_agents,
    Role.WAREHOUSE: _for_warehouse,
    Role.FINANCE: _for_finance,
}
"""What a role's shop has beside the reports."""
