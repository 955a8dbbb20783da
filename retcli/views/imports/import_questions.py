"""Questions of an import, and their answers, as people and scripts see them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from retcli.language import _, clauses
from retcli.rules.imports.orders import whole_of
from retcli.rules.imports.questions import (
    BOOKED,
    FIELDS,
    KEEP,
    LARGER_COUNTS,
    LEFT_BEYOND,
    NOTHING_LEFT,
    NOTHING_STAYS,
    OF_CASE,
    SEEN,
    SHARED_ANEW,
    STANDS,
    STAYS,
    STAYS_BOOKED,
    TAKE,
    TAKEABLE,
    TAKEN,
    says_less,
)
from retcli.rules.money.minor_units import Money
from retcli.shellwords import quoted
from retcli.views.base import Screen, View, money_text
from retcli.views.documents import Documented
from retcli.words import word


@dataclass(frozen=True)
class LineChange(Documented):
    """A line whose cash changed."""

    line: str
    sku: str
    was: Money
    now: Money


@dataclass(frozen=True)
class GivesWay(Documented):
    """A case that gives back so much of what was agreed where the file's lesser sum is taken."""

    case: str
    minor: Money


@dataclass(frozen=True)
class Value(Documented):
    """What the books and a file say otherwise of one thing; `booked` where what the platform paid is in the books,
    `against` where it had been turned down here, `unagreed` where nobody here had agreed to it; `left` is what left of
    a refund that the platform ended unpaid and still stands, or of an order where that is more than the file says was
    paid, in words, empty where nothing does.
    """

    KEYS = ("id", "subject", "field", "known", "found")

    number: int
    subject: str
    field: str
    known: str
    found: str
    row: int = 0
    file: str = ""
    booked: bool = False
    against: bool = False
    unagreed: bool = False
    left: str = ""

    @property
    def id(self) -> str:
        """Its number, as an answer names it."""
        return str(self.number)

    @property
    def named(self) -> dict[str, str]:
        """What a sentence about it may name."""
        what = _(FIELDS.get(self.field, self.field))
        known, found = (self._shown(value) for value in (self.known, self.found))
        return {"subject": self.subject, "what": what, "known": known, "found": found, "left": self.left}

    def _shown(self, value: str) -> str:
        axes = {"kind": "", "goods_sent": "file"}
        return word(value, axes[self.field]) if self.field in axes else value or "-"

    def sentence(self) -> str:
        """Both values beside each other."""
        text = _("{subject}, {what}: {known} in the books, {found} in the file")
        if self.field == "over":
            text = _("{subject}: the platform paid {found}, which is in the books already; the order had {known} left")
        elif self.field in NOTHING_LEFT and not self.left:
            text = _(NOTHING_LEFT[self.field])
        elif self.field == "goods_sent":
            text = _("{subject}: {found} on the platform, and goods were sent for it by {known}")
        elif self.field == "not_back":
            text = _(
                "{subject}: the platform paid {found}, which is in the books already; of the goods to come back first"
                " {known} are back"
            )
        elif self.booked and self.against:
            text = _("{subject}: the platform paid {found}, which is in the books already; it was turned down here")
        elif self.booked and self.unagreed:
            text = _(
                "{subject}: the platform paid {found}, which is in the books already; {known} is due by the lines"
                " (nobody here had agreed)"
            )
        elif self.booked:
            text = _("{subject}: the platform paid {found}, which is in the books already; {known} was agreed here")
        return text.format(**self.named)

    def stays(self) -> str:
        """What stays as it is where the file's value is not taken."""
        text = STAYS_BOOKED if self.booked else STAYS.get(self.field, STANDS)
        if says_less(self.field, self.known, self.found):
            text = LEFT_BEYOND if self.left else LARGER_COUNTS
        if self.field in NOTHING_LEFT and not self.left:
            text = NOTHING_STAYS
        return _(text).format(**self.named)


def _sentences(parts: Sequence[str]) -> str:
    return clauses(dict.fromkeys(parts))


def _given_back(cases: Sequence[GivesWay]) -> list[str]:
    """What cases give back, each in a sentence."""
    text = _("{case} gives back {minor} of what was agreed")
    return [text.format(case=each.case, minor=money_text(each.minor)) for each in cases]


@dataclass(frozen=True)
class Question(Documented):
    """A change that only a person may answer for, with all its values; `answers` are those that are possible now:
    ``take`` and ``keep``, or just one of ``seen`` and ``keep``; `why_not` says why the file's values cannot be taken
    though such may be, `gives_way` what cases give back where they are.
    """

    KEYS = ("**first", "row", "file", "at", "answers", "values", "gives_way")

    values: tuple[Value, ...]
    at: datetime
    answers: tuple[str, ...] = ()
    why_not: str = ""
    gives_way: tuple[GivesWay, ...] = ()

    @property
    def number(self) -> int:
        """The number that an answer names: its first value's."""
        return self.first.number

    @property
    def first(self) -> Value:
        """Its first value, by which it is named."""
        return self.values[0]

    @property
    def row(self) -> int:
        """The row of the file that its first value is from."""
        return self.first.row

    @property
    def file(self) -> str:
        """The file that its first value is from."""
        return self.first.file

    @property
    def commands(self) -> tuple[str, ...]:
        """What answers it, each as it stands."""
        return tuple(f"retcli imports answer {self.first.number} --{answer}" for answer in self.answers)

    def effect(self, answer: str) -> str:
        """What an answer does, in one sentence."""
        stays = _sentences([value.stays() for value in self.values])
        texts = {TAKE: _("take: {does}"), KEEP: _("keep: {does}"), SEEN: _("seen, nothing to choose: {does}")}
        taken = _(TAKEN if all(value.field == "sku" for value in self.values) else SHARED_ANEW)
        taken = _sentences([taken, *_given_back(self.gives_way)])
        return texts[answer].format(does=taken if answer == TAKE else stays)

    def sentence(self) -> str:
        """Both values of each beside each other."""
        return _sentences([value.sentence() for value in self.values])

    def draw(self, screen: Screen) -> None:
        """Its values, where they come from, and each answer with what it does."""
        for place, value in enumerate(self.values):
            head = f"{self.number}  " if not place else "   "
            screen.line(head + value.sentence(), "bold")
        places = [_("{file}, row {row}").format(file=v.file, row=v.row) for v in self.values]
        screen.line("   " + _sentences(places))
        if self.why_not:
            screen.line("   " + self.why_not)
        if self.answers and {value.field for value in self.values} & OF_CASE:
            screen.line("   " + _("look first: {command}").format(command=self._look()))
        for answer, command in zip(self.answers, self.commands, strict=True):
            screen.line("   " + self.effect(answer))
            screen.line("     " + command)

    def _look(self) -> str:
        return f"retcli case show {quoted(self.values[0].subject)}"


@dataclass(frozen=True)
class QuestionsView(View):
    """What a person must answer."""

    questions: tuple[Question, ...]

    def draw(self, screen: Screen) -> None:
        """Each question, who answers it, and what holds until then."""
        if not self.questions:
            screen.line(_("No questions are open"))
            return
        for question in self.questions:
            question.draw(screen)
        if not any(question.answers for question in self.questions):
            screen.line(_("Managers and the owner answer these"))
        values = [value for question in self.questions for value in question.values]
        if any(value.field in BOOKED for value in values):
            screen.line(_("Where a platform paid another amount, what else is to leave waits for the answer"))
        if any(value.field in TAKEABLE for value in values):
            screen.line(_("The books keep their values until it is answered"))


@dataclass(frozen=True)
class Answered(Documented):
    """A change that was answered, and which values stand: with ``keep`` and ``seen`` the books', with ``take`` the
    file's.
    """

    KEYS = ("answer", "**first", "values", "lines", "gave_way")

    answer: str
    values: tuple[Value, ...]
    lines: tuple[LineChange, ...] = ()
    gave_way: tuple[GivesWay, ...] = ()

    @property
    def first(self) -> Value:
        """The first of the values."""
        return self.values[0]

    def draw(self, screen: Screen) -> None:
        """What stands now, value by value, and which lines' cash changed with it."""
        for value in self.values:
            if self.answer != TAKE or value.field in TAKEABLE:
                screen.line(self._sentence(value), "bold")
        for change in self.lines:
            was, now = money_text(change.was), money_text(change.now)
            screen.line(
                _("  {sku}, cash of the line: {was} → {now}").format(sku=change.sku or change.line, was=was, now=now)
            )
        for sentence in _given_back(self.gave_way):
            screen.line("  " + sentence)

    def _sentence(self, value: Value) -> str:
        if self.answer != TAKE:
            return _("{subject}: {stays}").format(subject=value.subject, stays=value.stays())
        text = _("{subject}, {what}: {known} → {found}")
        found = whole_of(value.found) if value.field == "paid_total" else value.named["found"]
        return text.format(**(value.named | {"found": found}))


@dataclass(frozen=True)
class LeftSingly(Documented):
    """A change that is answered by itself only, and the commands that do it."""

    KEYS = ("id", "subject", "field", "commands")

    number: int
    subject: str
    field: str
    sentence: str
    commands: tuple[str, ...]

    @property
    def id(self) -> str:
        """The number that an answer names."""
        return str(self.number)


@dataclass(frozen=True)
class AnsweredView(View):
    """The changes that were answered, and those that were left out since each of them is answered by itself."""

    answers: tuple[Answered, ...]
    singly: tuple[LeftSingly, ...] = ()

    def draw(self, screen: Screen) -> None:
        """One answer after the other."""
        for each in self.answers:
            each.draw(screen)
        if self.singly:
            text = _("Left out: what left, and how much an order was paid, is answered one by one ({n})")
            screen.line(text.format(n=len(self.singly)))
        for left in self.singly:
            screen.line(f"{left.number}  {left.sentence}")
            for command in left.commands:
                screen.line("     " + command)
        if not self.answers and not self.singly:
            screen.line(_("No questions are open"))
