"""The shop's rules in force by their day: cases keep their version, drafts are tried on the past, rules agree alone."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from fixtures.model import Order
from retcli.actions.cases import case_cards, case_facts, decisions, offers, platform_list, policy_trials, queue
from retcli.actions.shop import policies, reasons
from retcli.actions.warehouse import inspection, parcels
from retcli.errors import NeedsPerson, NotFound, Refused, WrongCommand
from retcli.language import CHINESE, speaking
from retcli.models.imports import Import
from retcli.models.tracking import Movement
from retcli.rules.lifecycles import Kind
from retcli.rules.policy.policy import Policy
from retcli.transaction import opened
from retcli.views.casefile.cases import CaseView
from retcli.views.casefile.findings import finding_document, finding_line
from retcli.views.shop.reasons import Unmapped
from tests.reports import REQUESTED, Folder, asked_back, sold, take, unsent
from tests.shopfloor import AGENT, MANAGER, NOON, Books, shanghai

ORDER, LATER = "2850000000000000071", "2850000000000000072"
Write = Callable[[str], Path]


@pytest.fixture
def rules(tmp_path: Path) -> Write:
    """Writes a file of rules that begins today unless it says otherwise."""

    def write(text: str) -> Path:
        path = tmp_path / "policy.toml"
        head = "" if "version" in text else 'version = "双11"\nfrom = 2026-11-09\n'
        path.write_text(head + text, encoding="utf-8")
        return path

    return write


def ask(books: Books, folder: Folder, *orders: Order, **facts: Any) -> None:
    """The buyers of some orders ask for all of their money, on the platform, today."""
    today: dict[str, Any] = {"applied_at": datetime(2026, 11, 9, 9, 0), "status": REQUESTED} | facts
    refunds = [asked_back(f"31{order.number[4:]}", order, order.paid, **today) for order in orders]
    take(books, *folder.both(*orders), folder.refunds(*refunds))


def ask_by_hand(books: Books, number: str = ORDER, reason: str = "B_7D", kind: Kind = Kind.RETURN) -> CaseView:
    return books.do(decisions.open_case, number, kind=kind, reason=reason)


def test_a_case_keeps_the_rules_it_was_opened_under(books: Books, rules: Write) -> None:
    books.order(ORDER, ("TS-L", 1, 10000), signed_at=shanghai("2026-10-20 10:00"))
    books.order(LATER, ("TS-L", 1, 10000), signed_at=shanghai("2026-10-20 10:00"))
    before = ask_by_hand(books)
    books.do(policies.load, rules('[no_reason]\nextended_days = 30\nfee = "10%"'))
    after = ask_by_hand(books, LATER)
    assert (before.policy, str(before.judgement.verdict), before.due.minor) == ("default-1", "no", 10000)
    assert (after.policy, str(after.judgement.verdict), after.due.minor) == ("双11", "yes", 9000)
    again = books.do(case_cards.show, before.number)
    assert (str(again.judgement.verdict), again.due.minor) == ("no", 10000)
    done = books.do(decisions.approve, after.number)
    assert (done.decision, done.due.minor) == ("approved", 9000)
    assert [(x.version, x.cases) for x in books.do(policies.history).versions] == [("双11", 1), ("default-1", 1)]
    books.check()


def test_rules_of_tomorrow_do_not_judge_today(books: Books, rules: Write) -> None:
    books.order(ORDER, ("TS-L", 1, 10000), signed_at=shanghai("2026-10-20 10:00"))
    books.do(policies.load, rules('version = "12月"\nfrom = 2026-11-10\n[no_reason]\nextended_days = 30'))
    assert ask_by_hand(books).policy == "default-1"
    books.later(days=1)
    books.order(LATER, ("TS-L", 1, 10000), signed_at=shanghai("2026-10-20 10:00"))
    assert ask_by_hand(books, LATER).policy == "12月"


@pytest.mark.parametrize(
    ("text", "error", "said"),
    [
        ("[no_reason]\ndays = 5", Refused, "消法 §25"),
        ("[no_reason]\ndais = 9", Refused, "do you mean days?"),
        ('version = "alt"\nfrom = 2026-11-08', Refused, "cannot begin in the past (2026-11-08)"),
        ("[no_reason\ndays = 9", NeedsPerson, "policy.toml cannot be read"),
    ],
)
def test_rules_that_cannot_stand_are_refused_whole(
    books: Books, rules: Write, text: str, error: type[Exception], said: str
) -> None:
    with pytest.raises(error, match=said.replace("(", r"\(").replace(")", r"\)").replace("?", r"\?")):
        books.do(policies.load, rules(text))
    assert [x.version for x in books.do(policies.history).versions if x.in_force] == ["default-1"]


def test_only_who_may_changes_the_rules_and_each_version_has_its_name(books: Books, rules: Write) -> None:
    books.hire()
    with pytest.raises(Refused) as refused:
        books.do(policies.load, rules(""), by=AGENT)
    assert refused.value.hint == "Ask the manager or owner"
    assert books.do(policies.load, rules(""), by=MANAGER).exit_code == 0
    with pytest.raises(Refused, match="already have a version"):
        books.do(policies.load, rules("[no_reason]\ndays = 10"))
    with pytest.raises(NotFound):
        books.do(policies.check, Path("/nowhere/policy.toml"))


def test_what_was_loaded_is_shown_letter_by_letter(books: Books, rules: Write) -> None:
    assert books.do(policies.show).text == policies.template(NOON.date())
    path = rules("# 双十一\n[no_reason]\ndays = 15\n")
    books.do(policies.load, path)
    assert books.do(policies.show).text == path.read_text(encoding="utf-8")
    assert books.do(policies.show, "default-1").text == policies.template(NOON.date())
    with pytest.raises(NotFound):
        books.do(policies.show, "404")


def test_the_file_that_a_shop_begins_with_changes_nothing_until_somebody_changes_it(
    books: Books, tmp_path: Path
) -> None:
    """Its examples (a fee, a gift, an address, agreeing by rule) are not the shop's."""
    path = tmp_path / "policy.toml"
    path.write_text(books.do(policies.show).text, encoding="utf-8")
    assert books.do(policies.load, path).findings == []
    (loaded,) = [x.version for x in books.do(policies.history).versions if x.version != "default-1"]
    with opened(books.asked(), writes=False) as shop:
        assert replace(shop.policy, version="default-1", starts_on=date.min) == Policy()
        assert shop.policy.version == loaded == "2026-11-09"


def test_a_draft_is_tried_on_the_past_and_changes_nothing(books: Books, rules: Write) -> None:
    """Three returns of 100.00: on day 3 (yes), on day 20 (no, would be yes less ten per cent), with a fault (yes)."""
    for n, (day, reason) in enumerate([("2026-11-06", "B_7D"), ("2026-10-20", "B_7D"), ("2026-11-06", "Q_FUNC")]):
        number = f"285000000000000008{n}"
        books.order(number, ("TS-L", 1, 10000), signed_at=shanghai(f"{day} 10:00"))
        ask_by_hand(books, number, reason)
    before = books.rows("SELECT number, decision, policy, version FROM cases ORDER BY id")
    trial = books.do(policy_trials.try_on_the_past, rules('[no_reason]\nextended_days = 30\nfee = "10%"'))
    assert trial.cases == 3
    assert [(f.case[-4:], f.was, f.would_be, f.money.minor, f.rules) for f in trial.flips] == [
        ("0002", "no", "yes", 9000, ("window",))
    ]
    assert books.rows("SELECT number, decision, policy, version FROM cases ORDER BY id") == before
    books.do(policies.load, rules('[no_reason]\nextended_days = 30\nfee = "10%"'))
    books.order("2850000000000000083", ("TS-L", 1, 10000), signed_at=shanghai("2026-10-20 10:00"))
    assert ask_by_hand(books, "2850000000000000083").due.minor == 9000
    dearer = rules('version = "dearer"\nfrom = 2026-12-01\n[no_reason]\nextended_days = 30\nfee = "20%"')
    (flip,) = [f for f in books.do(policy_trials.try_on_the_past, dearer).flips if f.case.endswith("0004")]
    assert (flip.was, flip.would_be, flip.money.minor, flip.rules) == ("yes", "yes", -1000, ())
    fees = "TS-L: the fee of the shop's longer window, 20%", "TS-L: the fee of the shop's longer window, 10%"
    assert flip.why == f"{fees[0]}; no longer: {fees[1]}"
    nobody = books.do(policy_trials.try_on_the_past, rules(""), since=shanghai("2026-11-10 00:00").date())
    assert (nobody.cases, nobody.flips) == (0, ())


def test_a_draft_is_tried_on_all_that_is_known_of_a_past_case(books: Books, rules: Write) -> None:
    """What was wrong on 20 October was sent anew and signed for on 5 November: a fault of the new piece is one of four
    days, under the shop's rules as under a draft of sixty days for faults.
    """
    number = "2850000000000000090"
    books.order(number, ("TS-L", 1, 10000), signed_at=shanghai("2026-10-20 10:00"))
    books.at = shanghai("2026-10-22 10:00")
    exchange = books.do(decisions.open_case, number, kind=Kind.EXCHANGE, reason="W_WRONG", want=("TS-M",)).number
    books.do(decisions.approve, exchange)
    books.do(parcels.expect_by_hand, exchange, "SF1620041173366")
    books.do(inspection.inspect, "SF1620041173366", [inspection.parse_item("TS-L=1:A")])
    books.at = shanghai("2026-11-02 10:00")
    books.do(decisions.ship, exchange, waybill="YT5260493176850")
    arrives(books, "YT5260493176850", shanghai("2026-11-05 10:00"))
    books.at = NOON
    fault = books.do(decisions.open_case, number, kind=Kind.RETURN, reason="Q_FUNC")
    assert (fault.judgement.verdict, fault.due.minor) == ("yes", 10000)
    trial = books.do(policy_trials.try_on_the_past, rules("[quality]\nreturn_days = 60"))
    assert (trial.cases, trial.flips) == (2, ())


def arrives(books: Books, waybill: str, at: datetime) -> None:
    """The carrier says that somebody signed for a parcel."""

    with opened(books.asked()) as shop:
        facts: dict[str, Any] = dict.fromkeys(("sha256", "name", "format", "holds", "platform", "state", "by"), "track")
        track = shop.add(Import(**facts, started_at=at))
        shop.add(Movement(import_id=track.id, row=2, waybill=waybill, status="signed", at=at))


def test_what_nobody_needs_to_look_at_is_agreed_to_by_rule(books: Books, rules: Write, folder: Folder) -> None:
    """Unsent refunds up to 100.00 are agreed to at the import, the same above it is left to people; with its event."""
    books.do(policies.load, rules('[[auto_approve]]\nkinds = ["refund-only"]\nunshipped = true\nmost = "100.00"'))
    orders = [unsent(sold(number, ("TS-L", 1, cash))) for number, cash in ((ORDER, 10000), (LATER, 10001))]
    ask(books, folder, *orders, kind="仅退款", goods="买家未收到货")
    found = dict(books.rows("SELECT o.number, c.decision FROM cases c JOIN orders o ON o.id = c.order_id"))
    assert found == {ORDER: "approved", LATER: "requested"}
    assert books.value("SELECT COUNT(*) FROM events WHERE action = 'agree_by_rule'") == 1
    decided = books.rows("SELECT decided_as, because FROM cases WHERE decision = 'approved'")
    assert decided == [("rule", "")], "the reason is only what a person gives"
    books.check()


def test_facts_turn_the_verdict_and_are_asked_for(books: Books) -> None:
    books.product("BRA-1", category="内衣")
    books.order(ORDER, ("BRA-1", 1, 9900))
    case = ask_by_hand(books)
    assert str(case.judgement.verdict) == "yes", "not confirmed at the purchase: no label bars it"
    case = books.do(case_facts.learn, case.number, ["confirmed=BRA-1"])
    assert str(case.judgement.verdict) == "person"
    assert str(books.do(case_facts.learn, case.number, ["拆封=是"]).judgement.verdict) == "no"
    assert str(books.do(case_facts.learn, case.number, ["opened=no"]).judgement.verdict) == "yes"
    for wrong in ("opened=maybe", "colour=red", "opened", "confirmed=NOPE", "detail=Q_X"):
        with pytest.raises(WrongCommand):
            books.do(case_facts.learn, case.number, [wrong])
    books.do(decisions.approve, case.number)
    with pytest.raises(Refused, match="is decided"):
        books.do(case_facts.learn, case.number, ["opened=yes"])


def test_a_diamond_member_sends_back_for_nothing(books: Books, rules: Write) -> None:
    text = '[[when]]\nname = "钻石"\ntier = "钻石"\nno_reason = { return_freight = "shop" }'
    books.do(policies.load, rules(text))
    books.order(ORDER, ("TS-L", 1, 9900))
    case = ask_by_hand(books)
    who = [f.facts["who"] for f in case.judgement.findings if f.rule == "freight"]
    assert who == ["buyer"]
    case = books.do(case_facts.learn, case.number, ["会员=钻石"])
    assert [f.facts["who"] for f in case.judgement.findings if f.rule == "freight"] == ["merchant"]
    assert "pay freight" not in case.proposal, "nothing is paid before it is agreed to"
    assert "pay freight" in books.do(decisions.approve, case.number).proposal


def test_a_gift_that_stays_is_charged_and_one_that_comes_is_not(books: Books, rules: Write) -> None:
    """M17 on the books: 99.00 with a gift of 15.00 stated."""
    books.do(policies.load, rules('[gifts]\nprices = { "GIFT-01" = "15.00" }'))
    books.order(ORDER, ("TS-L", 1, 9900), ("GIFT-01", 1, 0))
    books.order(LATER, ("TS-L", 1, 9900), ("GIFT-01", 1, 0))
    without = books.do(decisions.open_case, ORDER, kind=Kind.RETURN, reason="B_7D", lines=["TS-L"])
    assert without.due.minor == 8400
    assert ask_by_hand(books, LATER).due.minor == 9900
    assert books.do(decisions.approve, without.number).due.minor == 8400
    books.check()


def test_the_return_address_is_ready_to_paste(books: Books, rules: Write, folder: Folder) -> None:
    books.do(policies.load, rules('[addresses]\n"小雅女装" = "杭州市余杭区 1 号 退货组"'))
    ask(books, folder, sold(ORDER, ("TS-L", 1, 9900)))
    (case,) = books.do(queue.list_cases).cases
    books.do(decisions.approve, case.number)
    assert [item.paste for item in books.do(platform_list.todo).items] == ["杭州市余杭区 1 号 退货组"]


def test_words_that_say_no_reason_are_listed_and_mapped(books: Books, folder: Folder) -> None:
    ask(books, folder, sold(ORDER, ("TS-L", 1, 9900)), reason="颜值不在线")
    assert books.do(reasons.list_reasons).unmapped == (Unmapped("颜值不在线", 1),)
    mapped = books.do(reasons.map_words, "颜值不在线", "B_MIND")
    assert len(mapped.cases) == 1
    assert books.do(reasons.list_reasons).unmapped == ()
    ask(books, folder, sold(LATER, ("TS-L", 1, 9900)), reason="颜值不在线")
    assert books.rows("SELECT reason_stated FROM cases") == [("B_MIND",), ("B_MIND",)]
    with pytest.raises(WrongCommand):
        books.do(reasons.map_words, " ", "B_MIND")


def test_every_waiver_is_on_one_list(books: Books) -> None:
    books.hire()
    books.order(ORDER, ("TS-L", 1, 9900), signed_at=shanghai("2026-10-20 10:00"))
    case = ask_by_hand(books)
    books.do(decisions.approve, case.number, waive=["window"], because="老客", by=MANAGER)
    (row,) = books.do(policies.waivers).waivers
    assert (row.case, row.rule, row.by, row.because) == (case.number, "window", MANAGER, "老客")
    assert books.do(policies.waivers, shanghai("2026-11-10 00:00").date()).waivers == ()


def test_what_matters_for_the_reason_stands_out(books: Books) -> None:
    books.product("TS-L", category="家电")
    books.order(ORDER, ("TS-L", 2, 9900), buyer="小雅")
    books.order(LATER, ("TS-L", 1, 9900), buyer="小雅")
    first = ask_by_hand(books, ORDER, "W_WRONG")
    shown = books.do(case_cards.show, first.number).stands_out
    assert shown[0] == "Ordered: TS-L×2"
    books.do(parcels.expect_by_hand, first.number, "YT5260493176849")
    second = ask_by_hand(books, LATER, "L_LOST", Kind.REFUND_ONLY)
    shown = books.do(case_cards.show, second.number).stands_out
    assert [text.partition(":")[0] for text in shown] == ["To be sent by 2026-11-03 12", "The carrier", "Earlier"]
    assert first.number in shown[-1]
    assert ORDER in shown[-1]


def test_what_the_shop_offers_for_its_goods_is_its_own(books: Books, rules: Write) -> None:
    text = '[[remedy]]\ngoods = ["家具"]\nreasons = ["Q_LOOK"]\nthen = ["compensation", "resend"]\nwhy = "大件先补偿"'
    books.do(policies.load, rules(text))
    books.order("2850000000000000077", ("SOFA", 1, 99900))
    books.product("SOFA", category="家具/沙发")
    number = books.do(decisions.open_case, "2850000000000000077", kind=Kind.RETURN, reason="Q_LOOK").number
    (line,) = books.do(offers.advise, number).remedies
    assert (line.why, line.then) == ("大件先补偿", ("compensation", "resend"))
    assert line.commands[1] == f"retcli case change {number} --kind resend --because TEXT"


def test_a_draft_is_named_in_what_is_found_in_it(books: Books, tmp_path: Path) -> None:
    draft = tmp_path / "双十二草案.toml"
    draft.write_text('version = "d"\nfrom = 2026-11-09\n[no_reason]\ndays = 3\nfe = 1\n', encoding="utf-8")
    found = books.do(policies.check, draft).document()["findings"]
    assert {(f["rule"], f["basis"]) for f in found} == {("file", draft.name), ("window", "消法 §25")}
    assert next(f["facts"]["place"] for f in found if f["rule"] == "window") == draft.name


@pytest.mark.parametrize(
    "text",
    ["[holidays]\noff = 5", '[reason_words]\n"太慢" = ["S_LATE"]', "when = 5", "clocks = 5", "[quality]\nfee = []"],
)
def test_a_draft_with_a_mistake_is_named_not_broken_off(books: Books, rules: Write, text: str) -> None:
    draft = rules(text)
    checked = books.do(policies.check, draft)
    assert (checked.exit_code, [f.answer for f in checked.examined]) == (3, ["no"])
    for action in (policies.load, policy_trials.try_on_the_past):
        with pytest.raises(Refused, match="must be"):
            books.do(action, draft)


@pytest.mark.parametrize("text", [f"agent = {'9' * 5000}", "x = " + "[" * 5000])
def test_a_draft_that_no_toml_reader_bears_is_named(books: Books, rules: Write, text: str) -> None:
    with pytest.raises(NeedsPerson, match="cannot be read"):
        books.do(policies.check, rules(text))


def test_proof_that_is_missing_is_told_in_words(books: Books, rules: Write) -> None:
    books.do(policies.load, rules('[evidence]\nQ_FUNC = ["report", "video", "chat"]'))
    books.order(ORDER, ("TS-L", 1, 9900), signed_at=shanghai("2026-11-08 10:00"))
    case = ask_by_hand(books, reason="Q_FUNC")
    (found,) = [f for f in case.judgement.findings if f.rule == "evidence"]
    with speaking(CHINESE):
        assert "视频、聊天记录、检测报告" in finding_line(found)
    assert "video, chat, test report" in finding_line(found)
    assert finding_document(found)["facts"] == {"kinds": ["video", "chat", "report"]}
