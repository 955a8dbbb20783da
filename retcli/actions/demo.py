"""The demo: a throwaway shop made of the packaged exports, walked through a whole week's work; staff train on it
too.
"""

import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlmodel import col

from retcli.actions.books import check
from retcli.actions.casefile import lookup
from retcli.actions.casefile.records.one_case import case_lines, parcels_of
from retcli.actions.cases import case_cards, decisions, offers, platform_list, policy_trials
from retcli.actions.imports import intake
from retcli.actions.insight import exports, speeds, today
from retcli.actions.money import payout_steps, payouts
from retcli.actions.shop import policies, staff
from retcli.actions.warehouse import inspection, parcels
from retcli.actions.warehouse.bench import scanning
from retcli.actions.warehouse.bench.benches import Bench
from retcli.errors import Refused, RetcliError
from retcli.language import _
from retcli.models import Barcode
from retcli.opening import DEMO
from retcli.rules.lifecycles import Kind, Role
from retcli.rules.zone import SHANGHAI
from retcli.settings import Asked, fixtures
from retcli.shellwords import quoted, settings_lines
from retcli.shop import BOOKS
from retcli.transaction import opened
from retcli.views.base import View
from retcli.views.demo import Left, Shown, StepView, Story, reason_of_loss, reason_of_refusal

MONDAY = datetime(2026, 11, 9, 12, 30, tzinfo=SHANGHAI)
THURSDAY = datetime(2026, 11, 12, 14, 0, tzinfo=SHANGHAI)
OWNER, MANAGER, AGENT, WAREHOUSE = "老板", "店长", "小美", "阿强"
SEVEN_DAY, EIGHTH_DAY, CUSTOM = "260000316158101910", "260000320142022565", "260000366395432435"
UNSHIPPED, PARCEL_BACK, LAST_DAY = "260000380829717636", "260000230969172883", "260000398382591555"
WRONG_GOODS, PRICE_CUT, QUALITY = "260000306623571751", "260000282419036944", "260000358862944934"
MIXED, SECOND_PIECE, LOST = "260000341379530210", "260000376249522750", "260000271569279362"
BY_PHONE = "2850255239427207561"
STRICT = 'version = "strict"\nfrom = 2026-12-01\n[no_reason]\ndays = 5\n[texts]\nnotice = "特价不退"\n'
KIND = 'version = "kind"\nfrom = 2026-12-01\n[no_reason]\nextended_days = 15\nfee = "10%"\n'
"""Two drafts of the shop's rules: the first is below the law and refused, the second kinder than the law."""
LAST_DAY_WAYBILL, STRANGE_WAYBILL = "SF1620041173366", "78120045566771"


@dataclass
class Walk:
    """How far the demo has come: its folder, its call (books, who, when), the number of its step, the files it
    leaves.
    """

    folder: Path
    asked: Asked
    step: int = 0
    files: list[str] = field(default_factory=list)

    def by(self, name: str) -> Asked:
        """A call by one of the staff."""
        return replace(self.asked, operator=name)

    def do(self, command: str, action: Callable[..., View], *args: Any, by: str = OWNER, **options: Any) -> Shown:
        """One command's action with its real answer; a refusal is shown too."""
        typed = f"retcli {command}" if by == OWNER else f"retcli --operator {quoted(by)} {command}"
        try:
            with opened(self.by(by)) as shop:
                return Shown(typed, (action(shop, *args, **options),))
        except RetcliError as refusal:
            return Shown(typed, refusal=refusal)

    def page(self, story: Story, *shown: Shown, left: Left | None = None) -> StepView:
        """The next step, with what its commands answered."""
        self.step += 1
        return StepView(self.step, story, shown, left)

    def at(self, moment: datetime) -> None:
        """Sets the clock."""
        self.asked = replace(self.asked, rehearsed_at=moment)


def free_folder(wanted: Path | None) -> Path:
    """The folder that was asked for, or the first free ``retcli-demo…``. Raises Refused for one that is not empty."""
    if wanted is not None:
        if wanted.exists() and (not wanted.is_dir() or any(wanted.iterdir())):
            message = _("{folder} is not empty; the demo needs a folder of its own").format(folder=wanted)
            raise Refused(message, "retcli demo another-folder")
        return wanted
    names = (Path("retcli-demo" if n == 1 else f"retcli-demo-{n}") for n in range(1, 1000))
    return next(path for path in names if not path.exists())


def prepare(wanted: Path | None, call: Asked) -> Walk:
    """Copies the packaged exports into a folder of its own, and sets up a shop there that touches no other books."""
    folder = free_folder(wanted)
    folder.mkdir(parents=True, exist_ok=True)
    inbox = folder / "inbox"
    inbox.mkdir()
    for path in sorted(fixtures().iterdir()):
        if path.is_file():
            shutil.copyfile(path, inbox / path.name)
    demo = Asked(str(folder / "demo.db"), OWNER, quiet=call.quiet, rehearsed_at=MONDAY)
    return Walk(folder, demo)


def steps(walk: Walk) -> Iterator[StepView]:
    """Every step of the demo, run when it is asked for, with what its commands really answer."""
    monday = (_files, _people, _morning, _law, _rules, _decide, _click, _scan, _pay, _amends)
    for step in (*monday, _thursday, _workbooks, _check):
        yield step(walk)
    yield _farewell(walk)


def _inbox(walk: Walk, *names: str) -> list[Path]:
    return [walk.folder / "inbox" / name for name in names]


def _import(walk: Walk, *names: str) -> Shown:
    command = "retcli import " + " ".join(f"inbox/{name}" for name in names)
    return Shown(command, (intake.take_in(walk.asked, _inbox(walk, *names), shop_name="悠选小店"),))


def _files(walk: Walk) -> StepView:
    shown = _import(walk, "商品资料.xlsx", "订单报表.csv", "宝贝报表.xlsx", "退款报表_1.xlsx")
    # the event by which these books are known as the demo's: nothing of a real shop is taken into them
    with opened(walk.asked) as shop:
        shop.record(BOOKS, DEMO)
    return walk.page(Story.FILES, shown)


def _people(walk: Walk) -> StepView:
    people = ((MANAGER, Role.MANAGER), (AGENT, Role.AGENT), (WAREHOUSE, Role.WAREHOUSE))
    shown = [walk.do(f"staff add {name} --role {role}", staff.add, name, role) for name, role in people]
    return walk.page(Story.PEOPLE, shown[-1])


def _morning(walk: Walk) -> StepView:
    return walk.page(Story.MORNING, walk.do("today", today.today))


def _law(walk: Walk) -> StepView:
    because = reason_of_refusal()
    shown = (
        walk.do(f"case explain {SEVEN_DAY}", case_cards.explain, SEVEN_DAY),
        walk.do(f"case approve {EIGHTH_DAY}", decisions.approve, EIGHTH_DAY, by=AGENT),
        walk.do(f"case approve {CUSTOM}", decisions.approve, CUSTOM, by=AGENT),
        walk.do(f"case reject {EIGHTH_DAY} --because …", decisions.reject, EIGHTH_DAY, because=because, by=AGENT),
    )
    return walk.page(Story.LAW, *shown)


def _rules(walk: Walk) -> StepView:
    for name, draft in (("strict.toml", STRICT), ("kind.toml", KIND)):
        (walk.folder / name).write_text(draft, encoding="utf-8")
    shown = (
        walk.do("policy check strict.toml", policies.check, walk.folder / "strict.toml"),
        walk.do("policy test kind.toml", policy_trials.try_on_the_past, walk.folder / "kind.toml"),
    )
    return walk.page(Story.RULES, *shown)


def _decide(walk: Walk) -> StepView:
    approved = [
        walk.do(f"case approve {number}", decisions.approve, number, by=AGENT)
        for number in (SEVEN_DAY, LAST_DAY, UNSHIPPED, WRONG_GOODS, MIXED, SECOND_PIECE)
    ]
    cut = walk.do(f"case approve {PRICE_CUT}", decisions.approve, PRICE_CUT, by=AGENT)
    advice = walk.do(f"case advise {QUALITY}", offers.advise, QUALITY, by=AGENT)
    walk.do(f"case approve {QUALITY}", decisions.approve, QUALITY, by=AGENT)
    because = reason_of_loss()
    lost = walk.do(f"case approve {LOST} --because …", decisions.approve, LOST, because=because, by=MANAGER)
    return walk.page(Story.DECIDE, approved[0], cut, *_by_phone(walk), advice, lost)


def _by_phone(walk: Walk) -> Sequence[Shown]:
    """A second case on an order that has one: the piece is in use, and the refusal says where."""
    options = {"kind": Kind.RETURN, "reason": "B_7D", "channel": "phone"}
    command = f"case open {BY_PHONE} --kind return --reason B_7D --channel phone"
    return (walk.do(command, decisions.open_case, BY_PHONE, **options, by=AGENT),)


def _click(walk: Walk) -> StepView:
    todo = walk.do("platform todo", platform_list.todo)
    cases = [SEVEN_DAY, LAST_DAY, WRONG_GOODS, EIGHTH_DAY, MIXED, SECOND_PIECE, QUALITY, LOST]
    done = walk.do("platform done " + " ".join(cases), platform_list.done, cases, by=AGENT)
    return walk.page(Story.CLICK, todo, done)


def _scan(walk: Walk) -> StepView:
    scanned = _scanned(walk, _codes_to_scan(walk))
    expect = walk.do(f"parcel expect {LAST_DAY} {LAST_DAY_WAYBILL}", parcels.expect_by_hand, LAST_DAY, LAST_DAY_WAYBILL)
    items = [inspection.parse_item(f"{sku}=1:A") for sku in _skus(walk, LAST_DAY)]
    command = f"parcel inspect {LAST_DAY} " + " ".join(f"--item {item.sku}=1:A" for item in items)
    inspect = walk.do(command, inspection.inspect, LAST_DAY, items, by=WAREHOUSE)
    return walk.page(Story.SCAN, scanned, expect, inspect)


def _codes_to_scan(walk: Walk) -> list[str]:
    """A parcel that comes back, twice, what is in it, and a parcel that nobody waits for."""
    with opened(walk.asked) as shop:
        case = lookup.case_of(shop, PARCEL_BACK)
        waybill = parcels_of(shop, case)[0].waybill
        skus = [order_line.sku for _line, order_line in case_lines(shop, case)]
        barcode = shop.session.scalar(sa.select(col(Barcode.code)).where(col(Barcode.sku).in_(skus))) or skus[0]
    return [waybill, waybill, "RCMDA", barcode, STRANGE_WAYBILL]


def _skus(walk: Walk, ref: str) -> list[str]:
    with opened(walk.asked) as shop:
        return [order_line.sku for _line, order_line in case_lines(shop, lookup.case_of(shop, ref))]


def _scanned(walk: Walk, codes: Sequence[str]) -> Shown:
    """What the warehouse reads on its screen, code by code."""
    bench, answers = Bench(), []
    for code in codes:
        with opened(walk.by(WAREHOUSE)) as shop:
            answers.append(scanning.scan(shop, bench, code))
    return Shown(f"retcli --operator {WAREHOUSE} scan", answers)


def _pay(walk: Walk) -> StepView:
    refund = walk.do(f"pay refund {PARCEL_BACK}", payouts.refund, PARCEL_BACK, by=AGENT)
    number = refund.answers[0].document()["payout"]["number"]
    # refused, which the page shows: nobody approves their own payout, and (below) no money goes ahead of its goods
    own = walk.do(f"pay approve {number}", payout_steps.countersign, number, by=AGENT)
    countersigned = walk.do(f"pay approve {number}", payout_steps.countersign, number, by=MANAGER)
    early = walk.do(f"pay refund {SEVEN_DAY}", payouts.refund, SEVEN_DAY, by=AGENT)
    waiting = walk.do("pay list --state waiting", payouts.list_payouts, state="waiting", by=MANAGER)
    numbers = [payout["number"] for payout in waiting.answers[0].document()["payouts"]]
    others = [walk.do(f"pay approve {each}", payout_steps.countersign, each, by=MANAGER) for each in numbers]
    walk.do("platform done", platform_list.done, [PARCEL_BACK, UNSHIPPED, LAST_DAY], by=AGENT)
    return walk.page(Story.PAY, refund, own, countersigned, early, waiting, *others)


def _amends(walk: Walk) -> StepView:
    shown = walk.do(
        f"pay compensate {WRONG_GOODS} --coupon 5.00", payouts.compensate, WRONG_GOODS, coupon=500, by=AGENT
    )
    return walk.page(Story.AMENDS, shown, walk.do(f"case show {WRONG_GOODS}", case_cards.show, WRONG_GOODS))


def _thursday(walk: Walk) -> StepView:
    walk.at(THURSDAY)
    shown = (_import(walk, "退款报表_2.xlsx"), walk.do("today", today.today))
    return walk.page(Story.THURSDAY, *shown)


def _workbooks(walk: Walk) -> StepView:
    month = walk.do("export reconciliation --month 2026-11", exports.reconciliation, "2026-11", walk.folder)
    since, until = date(2026, 7, 1), date(2026, 11, 12)
    command = f"export reasons --since {since} --until {until}"
    reasons = walk.do(command, exports.reasons, since, until, walk.folder)
    speed = walk.do(f"report speed --since {since} --until {until}", speeds.speeds, since, until)
    walk.files += [shown.answers[0].document()["file"] for shown in (month, reasons) if shown.answers]
    return walk.page(Story.WORKBOOKS, month, reasons, speed)


def _check(walk: Walk) -> StepView:
    walk.files.append(str(walk.folder / "demo.db"))
    return walk.page(Story.CHECK, walk.do("books check", check.check))


def _farewell(walk: Walk) -> StepView:
    settings = settings_lines(walk.folder / "demo.db", operator=OWNER, now=THURSDAY.isoformat())
    left = Left(tuple(walk.files), settings, QUALITY)
    return walk.page(Story.FAREWELL, left=left)
