"""Reasons of cases: the fixed ones, the shop's own below them, and platforms' words that nobody has mapped to one
yet.
"""

from collections import Counter

import sqlalchemy as sa
from sqlmodel import col

from retcli.actions.casefile.lookup import reason_that_counts
from retcli.errors import WrongCommand
from retcli.language import _, mark
from retcli.models import Case
from retcli.models.policies import ReasonWord
from retcli.rules.casefile.reasons import REASONS
from retcli.rules.lifecycles import MAY_DECIDE, Decision, Filing
from retcli.shop import Shop
from retcli.views.shop.reasons import MappedView, ReasonRow, ReasonsView, Unmapped

UNMAPPED = "X_OTHER"


def list_reasons(shop: Shop) -> ReasonsView:
    """Every reason with how many cases have it, the shop's own below theirs, and the words that nobody has mapped
    yet.
    """
    counts = reason_that_counts()
    numbers = shop.session.execute(sa.select(counts, sa.func.count()).group_by(counts))
    counted = Counter({str(code): int(n) for code, n in numbers})
    details = shop.session.execute(
        sa.select(col(Case.detail), sa.func.count()).where(col(Case.detail).is_not(None)).group_by(col(Case.detail))
    )
    by_detail = {str(code): int(n) for code, n in details}
    rows = []
    for code, reason in REASONS.items():
        rows.append(ReasonRow(code, "", "", str(reason.fault), counted[code]))
        own = [each for each in shop.policy.reasons if each.parent == code]
        rows += [ReasonRow(each.code, code, each.name, str(reason.fault), by_detail.get(each.code, 0)) for each in own]
    return ReasonsView(tuple(rows), _unmapped(shop))


def _unmapped(shop: Shop) -> tuple[Unmapped, ...]:
    """The platforms' words of reasons that were imported as "other", with how often each came, the most frequent
    first.
    """
    query = sa.select(Case).where(col(Case.reason_stated) == UNMAPPED, col(Case.buyer_words) != "")
    mapped = mapped_words(shop)
    words = Counter(words_used for case in shop.session.scalars(query) if (words_used := spoken(case)) not in mapped)
    return tuple(Unmapped(*each) for each in words.most_common())


def spoken(case: Case) -> str:
    """The platform's label of the reason that a case was applied for with, without what the buyer wrote behind it."""
    return case.buyer_words.partition("：")[0].strip()


def mapped_words(shop: Shop) -> dict[str, str]:
    """The reasons by the platform's words, as the shop mapped them; by command before its rules' file."""
    words = shop.session.info.get("reason_words")  # read once: an import asks for each of its rows
    if words is None:
        rows = shop.session.execute(sa.select(col(ReasonWord.words), col(ReasonWord.code)))
        words = dict(shop.policy.reason_words) | dict(tuple(row) for row in rows)
        shop.session.info["reason_words"] = words
    return dict(words)


def map_words(shop: Shop, words: str, code: str) -> MappedView:
    """Maps a platform's words to a reason, for cases to come and for undecided ones that came with just these words.
    Raises WrongCommand without words or a real reason.
    """
    shop.may(MAY_DECIDE, mark("decide cases"))
    spoken_words = words.strip()
    if not spoken_words or code == UNMAPPED:
        raise WrongCommand(_("Words and a real reason are needed"), "retcli reason map TEXT Q_FUNC")
    _keep(shop, spoken_words, code)
    waiting = shop.session.scalars(
        sa.select(Case)
        .where(col(Case.decision) == Decision.REQUESTED, col(Case.filing) == Filing.OPEN)
        .where(col(Case.reason_stated) == UNMAPPED)
        .order_by(col(Case.id))
    )
    cases = [case for case in waiting if spoken(case) == spoken_words]
    for case in cases:
        case.reason_stated = code
        shop.record(case.number, "map_reason", reason=code)
    shop.record("reasons", "map", reason=code)
    shop.session.flush()
    return MappedView(spoken_words, code, tuple(case.number for case in cases))


def _keep(shop: Shop, words: str, code: str) -> None:
    """Writes down which reason some words mean, in place of the one that they meant before."""
    row = {"words": words, "code": code, "by": shop.operator.name, "at": shop.now}
    changed = {name: row[name] for name in ("code", "by", "at")}
    insert = shop.insert(ReasonWord).values(**row)
    shop.session.execute(insert.on_conflict_do_update(index_elements=["words"], set_=changed))
    shop.session.info.pop("reason_words", None)
