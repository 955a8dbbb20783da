"""The seven days, and every clock that runs on a case: T01 to T13 of `docs/rules.md` §7, and whose deadline counts."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retcli.rules.casefile.clocks import Clock, Source, Times, clocks, days_since, window_closes
from retcli.rules.casefile.windows import window
from retcli.rules.lifecycles import Decision, Kind
from retcli.rules.policy.policy import GENERAL, Policy
from retcli.rules.zone import SHANGHAI
from tests.facts import case
from tests.shopfloor import shanghai

ORDINARY = Policy()
REQUESTED, APPROVED = Decision.REQUESTED, Decision.APPROVED
APPLIED = shanghai("2026-02-14 10:00")


@pytest.mark.parametrize(
    ("signed_at", "closes"),
    [
        pytest.param(shanghai("2026-03-01 15:30"), "2026-03-09 00:00", id="T01"),
        pytest.param(shanghai("2026-03-01 23:59:59"), "2026-03-09 00:00", id="T02 last second of the day"),
        pytest.param(shanghai("2026-03-02 00:00:00"), "2026-03-10 00:00", id="T02 first second of the next"),
        pytest.param(
            datetime(2026, 2, 28, 16, 30, tzinfo=UTC), "2026-03-09 00:00", id="T03 in UTC it is still February"
        ),
        pytest.param(shanghai("2028-02-22 09:00"), "2028-03-01 00:00", id="over the 29th of February"),
        pytest.param(shanghai("2026-12-28 09:00"), "2027-01-05 00:00", id="T06's date, without the holiday"),
    ],
)
def test_the_seven_days_end_at_midnight_in_shanghai(signed_at: datetime, closes: str) -> None:
    assert window_closes(signed_at) == shanghai(closes)
    assert window_closes(signed_at).tzinfo is UTC


@pytest.mark.parametrize(
    ("applied_at", "inside"),
    [
        pytest.param("2026-03-08 23:59:59", True, id="T13 in"),
        pytest.param("2026-03-09 00:00:00", False, id="T13 out"),
        pytest.param("2026-02-27 08:00:00", True, id="asked for before the parcel came"),
    ],
)
def test_the_notice_counts_not_the_parcel(applied_at: str, inside: bool) -> None:
    facts = replace(case(Kind.RETURN, "B_7D"), signed_at=shanghai("2026-03-01 15:30"), applied_at=shanghai(applied_at))
    assert (window(facts, GENERAL).answer == "yes") is inside


def test_before_the_signature_nothing_runs_out() -> None:
    facts = replace(case(Kind.RETURN, "B_7D"), signed_at=None, applied_at=shanghai("2036-01-01 00:00"))
    assert window(facts, GENERAL).answer == "yes"


@given(signed_at=st.datetimes(datetime(2001, 1, 1), datetime(2099, 1, 1)), zone=st.integers(-12, 12))
def test_seven_whole_days_after_the_day_of_signature(signed_at: datetime, zone: int) -> None:
    """Whatever zone the instant was written in: more than 168 hours, at most 192, and midnight in Shanghai."""
    at = signed_at.replace(tzinfo=UTC)
    left = window_closes(at.astimezone(SHANGHAI)) - at
    assert timedelta(hours=168) < left <= timedelta(hours=192)
    assert window_closes(at).astimezone(SHANGHAI).strftime("%H:%M:%S") == "00:00:00"
    assert window_closes(at + timedelta(0)) == window_closes(at.astimezone(SHANGHAI))
    assert days_since(at, window_closes(at)) == 8


@pytest.mark.parametrize(
    ("signed_at", "at", "days"),
    [
        ("2026-03-01 23:59", "2026-03-02 00:01", 1),
        ("2026-03-01 00:01", "2026-03-01 23:59", 0),
        ("2026-03-01 12:00", "2026-03-08 23:59", 7),
        ("2026-03-05 12:00", "2026-03-01 12:00", -4),
    ],
)
def test_days_are_counted_by_the_calendar(signed_at: str, at: str, days: int) -> None:
    assert days_since(shanghai(signed_at), shanghai(at)) == days


def named(kind: Kind, decision: Decision, **times: datetime | bool | None) -> dict[str, Clock]:
    """The clocks by name; every test's case was applied for on 2026-02-14 at ten, in the Spring Festival."""
    known = Times(APPLIED, **times)  # type: ignore[arg-type]
    return {clock.name: clock for clock in clocks(kind, decision, known, ORDINARY)}


def test_a_new_case_waits_for_an_answer() -> None:
    """T11: 48 hours of the platform run through the holidays; ours are 24, 72 and 120 hours; patience is 5.6 days."""
    running = named(Kind.RETURN, REQUESTED)
    assert {name: (clock.due_at, clock.source, clock.estimated) for name, clock in running.items()} == {
        "own_reply": (shanghai("2026-02-15 10:00"), Source.OWN, False),
        "first_reply": (shanghai("2026-02-16 10:00"), Source.PLATFORM, True),
        "own_agreement": (shanghai("2026-02-17 10:00"), Source.OWN, False),
        "escalation": (shanghai("2026-02-19 10:00"), Source.OWN, False),
        "patience": (shanghai("2026-02-20 00:24"), Source.PATIENCE, False),
    }
    nearest_first = ["own_reply", "first_reply", "own_agreement", "escalation", "patience"]
    assert list(running) == nearest_first


@pytest.mark.parametrize("due", ["2026-02-14 22:00", "2026-02-19 10:00"], ids=["shorter", "longer"])
def test_the_platforms_own_deadline_beats_the_computed_one(due: str) -> None:
    running = named(Kind.RETURN, REQUESTED, platform_due_at=shanghai(due))
    platforms = [clock for clock in running.values() if clock.source == Source.PLATFORM]
    assert platforms == [Clock("first_reply", shanghai(due), Source.PLATFORM, estimated=False)]


def test_the_platforms_own_deadline_also_counts_after_the_decision() -> None:
    due = shanghai("2026-02-24 10:00")
    running = named(Kind.RETURN, APPROVED, decided_at=APPLIED, platform_due_at=due)
    assert running["platform"] == Clock("platform", due, Source.PLATFORM, estimated=False)
    assert "buyer_returns" not in running


DECIDED = shanghai("2026-02-15 09:00")
RECEIVED = shanghai("2026-02-18 16:00")


@pytest.mark.parametrize(
    ("kind", "returning", "received_at", "waits"),
    [
        pytest.param(Kind.RETURN, False, None, True, id="a return not sent yet"),
        pytest.param(Kind.EXCHANGE, False, None, True, id="an exchange not sent yet"),
        pytest.param(Kind.RETURN, True, None, False, id="the buyer's waybill is known"),
        pytest.param(Kind.RETURN, False, RECEIVED, False, id="the parcel is here"),
        pytest.param(Kind.REFUND_ONLY, False, None, False, id="nothing comes back"),
    ],
)
def test_the_buyer_has_seven_days_to_send_the_goods(
    kind: Kind, returning: bool, received_at: datetime | None, waits: bool
) -> None:
    running = named(kind, APPROVED, decided_at=DECIDED, returning=returning, received_at=received_at)
    assert ("buyer_returns" in running) is waits
    if waits:
        due = shanghai("2026-02-22 09:00")
        assert running["buyer_returns"] == Clock("buyer_returns", due, Source.PLATFORM, estimated=True)


def test_after_the_parcel_came_the_law_gives_seven_days_to_pay() -> None:
    running = named(Kind.RETURN, APPROVED, decided_at=DECIDED, received_at=RECEIVED)
    assert running["pay_after_receipt"] == Clock("pay_after_receipt", shanghai("2026-02-25 16:00"), Source.STATUTE)
    assert "pay_after_receipt" not in named(Kind.RETURN, APPROVED, decided_at=DECIDED)


@pytest.mark.parametrize("decision", [Decision.REJECTED, Decision.WITHDRAWN])
def test_a_turned_away_case_keeps_only_the_platforms_clock(decision: Decision) -> None:
    assert named(Kind.RETURN, decision, decided_at=DECIDED) == {}
    due = shanghai("2026-02-24 10:00")
    assert list(named(Kind.RETURN, decision, decided_at=DECIDED, platform_due_at=due)) == ["platform"]


def test_nobodys_patience_runs_out_while_the_buyer_sends_the_goods() -> None:
    """Agreed to and not sent: no clock of patience; sent and received: it runs again."""
    agreed = Times(applied_at=APPLIED, decided_at=APPLIED + timedelta(hours=1))
    names = {clock.name for clock in clocks(Kind.RETURN, APPROVED, agreed, ORDINARY)}
    assert "patience" not in names and "ask_again" in names
    here = replace(agreed, received_at=APPLIED + timedelta(days=3))
    names = {clock.name for clock in clocks(Kind.RETURN, APPROVED, here, ORDINARY)}
    assert "patience" in names and "ask_again" not in names


def test_the_days_that_the_buyer_took_to_send_are_not_the_shops() -> None:
    """Patience would end on the 20th at 00:24; from the agreement to the parcel it was the buyer's turn: 3 d 7 h."""
    running = named(Kind.RETURN, APPROVED, decided_at=DECIDED, received_at=RECEIVED)
    assert running["patience"].due_at == shanghai("2026-02-23 07:24")
    kept = named(Kind.REFUND_ONLY, APPROVED, decided_at=DECIDED, received_at=RECEIVED)
    assert kept["patience"].due_at == shanghai("2026-02-20 00:24"), "nothing was to be sent"
