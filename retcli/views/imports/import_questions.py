"""Views of the questions of imports, where a file and the books differ, and of their answers."""

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
from retcli.views.base import Screen, View, draw_next, money_text
from retcli.views.documents import Documented
from retcli.words import word


@dataclass(frozen=True)
class LineChange(Documented):
    """A line whose cash changed by an answer."""

    line: str
    sku: str
    was: Money
    now: Money


@dataclass(frozen=True)
class GivesWay(Documented):
    """A case that gives back a part of what was agreed, so that the file's lesser sum can be taken."""

    case: str
    minor: Money


@dataclass(frozen=True)
class Value(Documented):
    """What the books and a file say otherwise of one thing; `booked` where what the platform paid is in the books,
    `against` where it had been turned down here, `unagreed` where nobody here had agreed to it, `beside` what left by
    ourselves another way, in words; `left` is what left of
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
    beside: str = ""

    @property
    def id(self) -> str:
        """The number of the question, as an answer names it."""
        return str(self.number)

    @property
    def named(self) -> dict[str, str]:
        """The gaps that a sentence about the value may have, filled."""
        what = _(FIELDS.get(self.field, self.field))
        known, found = (self._shown(value) for value in (self.known, self.found))
        said = {"subject": self.subject, "what": what, "known": known, "found": found, "left": self.left}
        said |= {"beside": self.beside}
        return said | {"file": self.file or "-"}

    def _shown(self, value: str) -> str:
        """A value in words; a dash for an empty one."""
        axes = {"kind": "", "goods_sent": "file"}
        return word(value, axes[self.field]) if self.field in axes else value or "-"

    def sentence(self) -> str:
        """The books' and the file's value in one sentence."""
        text = _("{subject}, {what}: {known} in the books, {found} in the file")
        if self.field == "over":
            text = _("{subject}: the platform paid {found}, which is in the books already; the order had {known} left")
        elif self.field in NOTHING_LEFT and not self.left:
            text = _(NOTHING_LEFT[self.field])
        elif self.field == "paid_and_closed":
            text = _(
                "{subject}: {file} says that the platform paid {known}, which is in the books now; {found} says that it"
                " closed the refund. See there which is so"
            )
        elif self.field == "goods_sent":
            text = _("{subject}: {found} on the platform, and goods were sent for it by {known}")
        elif self.field == "applied_anew":
            text = _(
                "{subject}: applied for at {known}, and anew at {found}, after money or goods had left here, or goods"
                " had come back"
            )
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
        elif self.booked and self.beside:
            text = _(
                "{subject}: the platform paid {found}, which is in the books already; of what was agreed here {known}"
                " were left to it, since {beside} left by ourselves"
            )
        elif self.booked:
            text = _("{subject}: the platform paid {found}, which is in the books already; {known} was agreed here")
        return text.format(**self.named)

    def stays(self) -> str:
        """How it ends where the file's value is not taken, in one sentence."""
        text = STAYS_BOOKED if self.booked else STAYS.get(self.field, STANDS)
        if says_less(self.field, self.known, self.found):
            text = LEFT_BEYOND if self.left else LARGER_COUNTS
        if self.field in NOTHING_LEFT and not self.left:
            text = NOTHING_STAYS
        return _(text).format(**self.named)


def _sentences(parts: Sequence[str]) -> str:
    """Several sentences as one text, each once."""
    return clauses(dict.fromkeys(parts))


def _given_back(cases: Sequence[GivesWay]) -> list[str]:
    """A sentence for each case about what it gives back."""
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
        """The number that an answer names, which is its first value's."""
        return self.first.number

    @property
    def first(self) -> Value:
        """The first value, by whose number the question is named."""
        return self.values[0]

    @property
    def row(self) -> int:
        """The row of the file that the first value is from."""
        return self.first.row

    @property
    def file(self) -> str:
        """The file that the first value is from."""
        return self.first.file

    @property
    def commands(self) -> tuple[str, ...]:
        """The command of each possible answer."""
        return tuple(f"retcli imports answer {self.first.number} --{answer}" for answer in self.answers)

    def effect(self, answer: str) -> str:
        """What an answer does, in one sentence."""
        stays = _sentences([value.stays() for value in self.values])
        texts = {TAKE: _("take: {does}"), KEEP: _("keep: {does}"), SEEN: _("seen, nothing to choose: {does}")}
        taken = _(TAKEN if all(value.field == "sku" for value in self.values) else SHARED_ANEW)
        taken = _sentences([taken, *_given_back(self.gives_way)])
        return texts[answer].format(does=taken if answer == TAKE else stays)

    def sentence(self) -> str:
        """The books' and the file's value of each, in sentences."""
        return _sentences([value.sentence() for value in self.values])

    def draw(self, screen: Screen) -> None:
        """Shows the values, where they come from, and each answer with its effect."""
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
        """The command that shows the case in question."""
        return f"retcli case show {quoted(self.values[0].subject)}"


@dataclass(frozen=True)
class QuestionsView(View):
    """The questions that are open."""

    questions: tuple[Question, ...]

    def draw(self, screen: Screen) -> None:
        """Shows each question, who may answer, and what holds until then."""
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
    """A question that was answered: with ``keep`` and ``seen`` the books' values stand, with ``take`` the file's."""

    KEYS = ("answer", "**first", "values", "lines", "gave_way")

    answer: str
    values: tuple[Value, ...]
    lines: tuple[LineChange, ...] = ()
    gave_way: tuple[GivesWay, ...] = ()

    @property
    def first(self) -> Value:
        """The first value, by whose number the question was named."""
        return self.values[0]

    def draw(self, screen: Screen) -> None:
        """Shows what stands now, value by value, and how the cash of lines changed with it."""
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
        """What stands of a value now."""
        if self.answer != TAKE:
            return _("{subject}: {stays}").format(subject=value.subject, stays=value.stays())
        text = _("{subject}, {what}: {known} → {found}")
        found = whole_of(value.found) if value.field == "paid_total" else value.named["found"]
        return text.format(**(value.named | {"found": found}))


@dataclass(frozen=True)
class LeftSingly(Documented):
    """A question that is answered only by itself, with the commands that do so."""

    KEYS = ("id", "subject", "field", "commands")

    number: int
    subject: str
    field: str
    sentence: str
    commands: tuple[str, ...]

    @property
    def id(self) -> str:
        """The number of the question, as an answer names it."""
        return str(self.number)


@dataclass(frozen=True)
class AnsweredView(View):
    """The questions that were answered, and those that were left out because each must be answered by itself."""

    answers: tuple[Answered, ...]
    singly: tuple[LeftSingly, ...] = ()

    def draw(self, screen: Screen) -> None:
        """Shows each answer, then the questions that were left out."""
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
        elif not self.singly:
            draw_next(screen, "retcli imports questions")
