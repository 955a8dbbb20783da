"""What is named as the next step works as it stands: by a case while the platform's word stops its money, in the demo,
and by the answer to each command that changes something.
"""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest

from fixtures import Order
from retcli.actions.cases import case_cards, decisions, platform_list
from retcli.actions.demo import prepare, steps
from retcli.actions.imports import import_questions
from retcli.actions.money import payout_steps, payouts
from retcli.rules.lifecycles import Kind
from retcli.settings import Asked
from tests.commandtree import CALLS, Scene
from tests.next_steps import NOT_TRIED, NextSteps, commands, run
from tests.reports import REQUESTED, Folder, asked_back, sold, take, unsent
from tests.shopfloor import AGENT, MANAGER, Books
from tests.terminal import Desk

NUMBER = "2850000000000000701"


def paid_there(books: Books, folder: Folder, number: str, minor: int) -> None:
    """The platform reports so many fen paid on a refund of the order of 100.00."""
    take(books, folder.refunds(asked_back(number, ordered(), minor, kind="仅退款")))


def ordered() -> Order:
    return unsent(sold(NUMBER, ("TS-L", 1, 10000)))


def asked_on_the_platform(books: Books, folder: Folder) -> str:
    wish = asked_back("R0", ordered(), 3000, kind="仅退款", status=REQUESTED, applied_at=datetime(2026, 11, 9, 9))
    take(books, folder.refunds(wish))
    return "R0"


def by_hand(books: Books) -> str:
    return books.do(decisions.open_case, NUMBER, kind=Kind.ALLOWANCE, reason="Q_LOOK", amount=3000).number


def to_pay(books: Books, folder: Folder) -> str:
    """Approved, and nothing decided yet."""
    case = by_hand(books)
    books.do(decisions.approve, case)
    return case


def due(books: Books, folder: Folder) -> str:
    """A transfer is due."""
    case = to_pay(books, folder)
    books.do(payouts.refund, case)
    return case


def sent(books: Books, folder: Folder) -> str:
    """A transfer is on its way."""
    case = due(books, folder)
    books.do(payout_steps.step, books.value("SELECT number FROM payouts"), "send")
    return case


def lost(books: Books, folder: Folder) -> str:
    """Nobody knows what became of a transfer."""
    case = sent(books, folder)
    books.do(payout_steps.step, books.value("SELECT number FROM payouts"), "lose")
    return case


def waiting(books: Books, folder: Folder) -> str:
    """A transfer above the limit of who decided it."""
    books.do(decisions.approve, case := by_hand(books))
    books.do(payouts.compensate, case, cash=100, by=AGENT)
    books.do(payouts.refund, case, by=AGENT)
    return case


def to_click(books: Books, folder: Folder) -> str:
    """Approved for the original route, and not clicked yet."""
    number = asked_on_the_platform(books, folder)
    return books.do(decisions.approve, number, by=AGENT).number


def clicked(books: Books, folder: Folder) -> str:
    """Clicked on the platform, and in no report yet."""
    case = to_click(books, folder)
    books.do(platform_list.done, ["R0"], by=AGENT)
    return case


STANDS: dict[str, Callable[[Books, Folder], str]] = {
    each.__name__: each for each in (to_pay, due, sent, lost, waiting, to_click, clicked)
}
OPEN_ENDED = {"to_pay": "retcli pay refund", "due": "retcli pay sent", "sent": "retcli pay confirm",
              "lost": "retcli pay confirm", "waiting": "retcli pay approve", "to_click": "retcli platform todo",
              "clicked": "retcli import FILE"}  # fmt: skip
"""What each of them names while nothing stops it."""


ARRIVED = {"sent": ["retcli pay confirm"], "lost": ["retcli pay confirm", "retcli pay fail"]}
"""What may be said of money that left, whatever is asked of its order."""
NOTHING_LEFT = {"to_pay": "retcli case finish", "due": "retcli case finish", "to_click": "retcli case finish",
                "waiting": "retcli pay sent"}  # fmt: skip
"""What each of them names once the platform has paid all of the order: what had not left fails, amends stay due."""


@pytest.mark.parametrize("stand", NOTHING_LEFT)
def test_what_has_not_left_makes_way_for_what_the_platform_paid(
    sqlite_books: Books, folder: Folder, stand: str
) -> None:
    """30.00 of 100.00 is agreed and has not left; the platform reports 100.00 on another refund: nothing is over, so
    nobody is asked, and nothing of the 30.00 leaves.
    """
    books, desk, tries = sqlite_books, Desk(sqlite_books.database), NextSteps()
    books.hire()
    take(books, *folder.both(ordered()))
    case = STANDS[stand](books, folder)
    paid_there(books, folder, "R1", 10000)
    assert books.rows("SELECT id FROM import_questions") == []
    assert books.rows("SELECT state FROM payouts WHERE kind = 'refund' AND origin = 'own' AND state <> 'failed'") == []
    assert books.do(case_cards.show, case).next.startswith(NOTHING_LEFT[stand])
    tries.look(desk)
    books.check()


@pytest.mark.parametrize("stand", sorted(STANDS.keys() - NOTHING_LEFT.keys()))
def test_the_question_that_stops_money_is_the_next_step(sqlite_books: Books, folder: Folder, stand: str) -> None:
    """30.00 of 100.00 is under way; the platform reports 100.00 on another refund: a person answers that first, beside
    which what left may be said to be there. Once it is answered, what is left of the order (nothing) decides what comes
    next.
    """
    books, desk, tries = sqlite_books, Desk(sqlite_books.database), NextSteps()
    books.hire()
    take(books, *folder.both(ordered()))
    case = STANDS[stand](books, folder)
    assert books.do(case_cards.show, case).next.startswith(OPEN_ENDED[stand])
    tries.look(desk)
    paid_there(books, folder, "R1", 10000)
    number = books.value("SELECT id FROM import_questions WHERE state = 'open'")
    first, *arrived = books.do(case_cards.show, case).next.splitlines()
    assert first == f"retcli imports answer {number} --seen"
    assert [way.partition(" PO")[0] for way in arrived] == ARRIVED.get(stand, [])
    (item,) = (each for each in desk.read("today")["items"] if each["case"] == case)
    assert item["action"].splitlines() == [first, *arrived]
    tries.look(desk)
    books.do(import_questions.answer, number, "keep", by=MANAGER)
    assert "imports answer" not in books.do(case_cards.show, case).next
    tries.look(desk)


def test_every_next_step_of_the_demo_works(tmp_path: Path) -> None:
    walk, tries = prepare(tmp_path / "demo", Asked("", "")), NextSteps()
    for _page in steps(walk):
        assert walk.asked.rehearsed_at is not None
        tries.look(Desk(walk.asked.database, at=walk.asked.rehearsed_at))
    assert len(tries.tried) > 5


LOOKS = frozenset({
    *("export reasons", "export reconciliation"),
    *("books check", "books mend", "case advise", "case evidence", "case explain", "case list"),
    *("case register", "case show", "completion", "doctor", "imports draft-map", "imports explain"),
    *("imports list", "imports questions", "imports show", "imports waiting", "order find"),
    *("order show", "parcel deliveries", "parcel film", "parcel list", "parcel unclaimed", "pay list"),
    *("label badge", "label commands", "label exchange", "label goods", "label parcel", "label place"),
    *("label repair", "label return", "pick list", "platform todo", "policy check"),
    *("policy history", "policy show", "policy test", "policy waivers", "reason list", "report offers"),
    *("report speed", "staff list", "stock alerts", "stock export", "stock moves", "stock show", "today", "words"),
})  # fmt: skip
"""Commands that change nothing of the shop's, some of which write a file; every other one is an act."""
LOOPS = frozenset({"scan", "case review"})
"""Acts at which somebody stays: each answer is followed by the prompt for the next."""
REFUSED = frozenset({"books init"})
"""What the shop of all commands has done before."""
ACTS = sorted(CALLS.keys() - LOOKS - LOOPS - REFUSED - {"demo"})


def test_every_command_is_a_look_or_an_act() -> None:
    assert not (LOOKS | LOOPS | REFUSED) - CALLS.keys()


FURTHER: dict[str, tuple[str, ...]] = {
    "books backup": ("",),
    "case approve": ("--all-yes --yes",),
    "case assign": ("{exchange} --to 店长",),
    "case change": (
        *("{asked} --reason B_MIND --because 改", "{exchange} --want TS-L=TS-M --because 改"),
        *("{asked} --line TS-L=1 --because 改", "{asked} --kind exchange --because 改"),
    ),
    "case contact": ("{asked} --by phone --result no_answer", "{approved} --by chat --result agreed"),
    "case escalate": ("{asked} --kind intervention", "{approved} --kind bad_review"),
    "case fact": ("{asked} opened=yes misused=yes", "{asked} confirmed=TS-L"),
    "case finish": ("{approved} --because 不管了",),
    "case flag": ("{approved} none",),
    "case note": ("{paid} 好", "{exchange} 好", "{underway} 好"),
    "case offer": (
        *("{offered} --accepted", "{asked} --rung compensation --amount 3", "{asked} --rung return"),
        *("{asked} --rung explain", "{asked} --rung exchange"),
    ),
    "case open": (
        *("{fresh} --kind exchange --reason SZ_FIT", "{fresh} --kind resend --reason W_SHORT"),
        *("{fresh} --kind allowance --reason Q_LOOK --amount 5", "{fresh} --kind inquiry --reason L_DELAY"),
        "{fresh} --kind refund-only --reason Q_FUNC",
    ),
    "case pack": ("{paid} --all -o {tmp}/pack",),
    "case reject": ("{approved} --because 穿过 --yes", "{exchange} --because 不换 --yes"),
    "case verdict": ("{escalated} --lost --because 判退",),
    "case withdraw": ("{approved}", "{exchange}"),
    "import": ("{strange}",),
    "imports answer": ("{question} --take", "--keep --all"),
    "parcel inspect": ("{arrived} --empty", "{arrived} --item TS-L=1:D", "{arrived} --item TS-L=1:X"),
    "parcel match": ("{stray} {asked} --because 一起",),
    "pay compensate": (
        *("{asked} --cash 1 --waive approval --because 好", "{exchange} --points 5", "{exchange} --cash 1"),
    ),
    "pay confirm": ("{payout_due}",),
    "pay fail": ("{payout_due} --because 退回", "{payout_waiting} --because 不付"),
    "pay refund": ("{payable} --amount 10",),
    "staff add": ("小美 --role manager",),
}
"""Further calls of acts, whose answers name other next steps than those of the list of calls."""


@pytest.mark.parametrize("path", ACTS)
def test_every_act_names_a_command_that_runs(whole_shop: Scene, tmp_path: Path, path: str) -> None:
    """Its answer ends with a command, which works as it stands; a trial, which is no act, and a look aside."""
    for n, call in enumerate((*CALLS[path], *FURTHER.get(path, ()))):
        looks_aside = path in {"parcel match", "imports faults"} and " " not in call.strip()
        if looks_aside or "--dry-run" in call or "--tail" in call:
            continue
        desk, words = whole_shop.desk(tmp_path / f"{n}"), whole_shop.words(call, tmp_path / f"{n}")
        answer = desk.type(*path.split(), *words)
        assert answer.code in {0, 3}, answer
        named = commands(answer.out)
        assert named, (path, call, answer.out)
        if not NOT_TRIED.intersection(named[0].split()):
            tried = run(desk, named[0])
            assert tried.code in {0, 3}, (path, named[0], tried)
