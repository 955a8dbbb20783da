"""What commands share: the call of an action as one piece of work, parsers of arguments, and options that recur."""

import os
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from retcli.errors import RetcliError, StorageTrouble, WrongCommand
from retcli.language import _, mark
from retcli.rules.lifecycles import Kind
from retcli.rules.money import currency_signs, minor_units
from retcli.rules.money.minor_units import Typed
from retcli.rules.zone import SHANGHAI
from retcli.settings import Asked, nameable, rehearsal
from retcli.shellwords import whole
from retcli.views.base import Later, Trial, View


def group(name: str, help_text: str) -> typer.Typer:
    """A group of commands; `help_text` is a message id."""
    return typer.Typer(
        name=name,
        help=help_text,
        no_args_is_help=True,
        add_completion=False,
        rich_markup_mode=None,
        options_metavar=mark("[OPTIONS]"),
        subcommand_metavar=mark("COMMAND …"),
    )


def work(
    context: typer.Context,
    action: Callable[..., View],
    *args: Any,
    key: str | None = None,
    dry_run: bool = False,
    writes: bool = True,
    **options: Any,
) -> View:
    """Does one action on the books as one piece of work and returns its view. With a `key` it is never done twice, with
    `dry_run` it is rolled back; without `writes` it only reads.
    """
    from retcli.transaction import Once, opened

    request = {"action": action.__qualname__, "module": action.__module__, "args": args, "options": options}
    call: Asked = context.obj
    with opened(call, Once(request, key, dry_run), writes=writes) as shop:
        # Making a view took two thirds of the time for which a note held the lock: it is made after the commit. But a
        # key keeps the document with the work, and of a trial nothing is left once it is rolled back.
        shop.looks_later = writes and not key and not dry_run
        view = shop.answer(action(shop, *args, **options))
    shown = made_now(call, view)
    if dry_run:
        return tried(context, shown)
    return shown.acted(action.__name__) if writes else shown


def tried(context: typer.Context, view: View) -> Trial:
    """The view of work that was only tried, which is said beside it, with the call that does it for good."""
    call: Asked = context.obj
    call.remark(_("A trial: nothing was saved"))
    return Trial(view, "" if call.quiet else for_good(context))


def for_good(context: typer.Context) -> str:
    """What was typed, without its ``--dry-run``."""
    typed: Sequence[str] = getattr(context.find_root().command, "typed", ())
    return whole([word for word in typed if word not in {"--dry-run", "--json"}])


def attempt(context: typer.Context, action: Callable[..., View], *args: Any, **options: Any) -> None:
    """Does one action on the books and rolls it back without a word: it raises what would stop the action."""
    from retcli.transaction import Once, opened

    with opened(context.obj, Once(dry_run=True)) as shop:
        shop.looks_later = True  # nobody sees its view: none is made while the lock is held
        action(shop, *args, **options)


def made_now(call: Asked, view: View) -> View:
    """The view of work that is saved, read now where it was left for after the commit. Raises StorageTrouble where it
    cannot be read, which says that the work itself is done.
    """
    if not isinstance(view, Later):
        return view
    from retcli.transaction import opened

    try:
        with opened(call, writes=False) as shop:
            return view.look(shop, shop.session.get_one(view.table, view.key), **view.how)
    except RetcliError as unread:
        text = _("It is saved, but cannot be shown ({why}); what was done stays done")
        raise StorageTrouble(text.format(why=unread.message), unread.hint) from unread


def founding(context: typer.Context) -> None:
    """Lets the command found books where there are none."""
    context.obj = replace(context.obj, founds=True)


def look(context: typer.Context, action: Callable[..., View], *args: Any, **options: Any) -> View:
    """Does one action that only reads the books and returns its view."""
    return work(context, action, *args, writes=False, **options)


def typed_amount(written: str) -> Typed:
    """An amount as it was typed, whose minor units follow once the currency is known. Raises WrongCommand where it is
    an amount in no currency.
    """
    # tried in the currency with the most decimals: what that refuses, every other one refuses
    typed = Typed(written.strip())
    try:
        # by its number alone: whose sign it bears is asked once the currency is known
        currency_signs.minor_units(currency_signs.number_of(typed, _FINEST), _FINEST)
    except ValueError as wrong:
        raise WrongCommand(_("{text} is no amount of money").format(text=written), "12.50") from wrong
    return typed


_FINEST = next(
    currency for currency, digits in minor_units.DIGITS.items() if digits == max(minor_units.DIGITS.values())
)


def number(written: str) -> int:
    """A whole number, not negative, from what was typed, also in full width. Raises WrongCommand."""
    plain = unicodedata.normalize("NFKC", written).strip()
    if not (plain.isascii() and plain.isdigit()):
        raise WrongCommand(_("{text} is no whole number").format(text=written), "3")
    return int(plain)


def place(written: str) -> Path:
    """The path of a file or folder that need not be there yet; under a bare C locale its letters can be written too."""
    return nameable(Path(written))


def in_order(since: date, until: date) -> None:
    """Raises WrongCommand for a period that ends before it begins."""
    if until < since:
        raise WrongCommand(_("The last day lies before the first"), "--since 2026-10-01 --until 2026-10-31")


def today() -> date:
    """The day that it is in Shanghai, by the clock or by the one that was set."""
    return (rehearsal(os.environ.get("RETCLI_NOW")) or datetime.now(UTC)).astimezone(SHANGHAI).date()


def day(written: str, *, ahead: bool = False) -> date:
    """A date from what was typed, in digits or in words; without a year the last such day up to today, or the next one
    where it is `ahead`. Raises WrongCommand.
    """
    # loaded for a typed date only: each module costs every start of the program
    from retcli.rules import spoken_dates

    try:
        return spoken_dates.day(written, today(), ahead=ahead)
    except (ValueError, OverflowError) as wrong:
        raise WrongCommand(_("{text} is no date").format(text=written), "2026-11-01") from wrong


def first_day(written: str) -> date:
    """A date as `day` reads it, of a week or a month its first day. Raises WrongCommand."""
    return _span(written)[0]


def last_day(written: str) -> date:
    """A date as `day` reads it, of a week or a month the last one up to today. Raises WrongCommand."""
    return _span(written)[1]


def _span(written: str) -> tuple[date, date]:
    """The first and the last of the days that were typed. Raises WrongCommand."""
    from retcli.rules import spoken_dates

    try:
        return spoken_dates.span(written, today())
    except (ValueError, OverflowError) as wrong:
        raise WrongCommand(_("{text} is no date").format(text=written), "2026-11-01") from wrong


def chosen(choices: Callable[[], list[str]], what: str, axis: str = "") -> Callable[[str], str]:
    """A parser that turns a code, or its word in either language, into the code, and raises WrongCommand for anything
    else. `what` is a message id for what is chosen; `axis` tells apart codes that have several words.
    """

    def parse(written: str) -> str:
        """The code of what was typed; "" for an option that was not given."""
        from retcli.words import code_of

        return code_of(written, choices(), _(what), axis) if written else ""

    return parse


a_kind = chosen(lambda: [str(kind) for kind in Kind], mark("kind"))
"""The code of a kind of case from its code or its word. Raises WrongCommand."""


def a_reason(written: str) -> str:
    """The code of a reason from its code, its name, a shop's word for it, or the words by which buyers choose it on a
    platform. Raises WrongCommand.
    """
    from retcli.rules.casefile.reasons import REASONS

    try:
        return chosen(lambda: list(REASONS), mark("reason"))(written)
    except WrongCommand:
        from retcli.platforms.reasons import reason

        by_phrase = str(reason(written))
        if by_phrase == "X_OTHER":
            raise
        return by_phrase


def a_rule(written: str) -> str:
    """The code of a rule from its code or its word; what means none is left to the action, which knows what may be
    overruled there.
    """
    from retcli.rules.names import code_named
    from retcli.words import RULES

    return code_named(written, RULES) or written


def stages() -> list[str]:
    """The codes of all stages."""
    from retcli.words import STAGES

    return list(STAGES)


A_CASE = mark("A case, refund, order or waybill number.")
CaseArgument = Annotated[str, typer.Argument(metavar=mark("CASE"), help=A_CASE)]
Since = Annotated[date, typer.Option("--since", parser=first_day, metavar=mark("DATE"), help=mark("First day."))]
Until = Annotated[
    date, typer.Option("--until", parser=last_day, metavar=mark("DATE"), help=mark("Last day, inclusive."))
]
Mine = Annotated[bool, typer.Option("--mine", help=mark("Only your own cases."))]
DryRun = Annotated[bool, typer.Option("--dry-run", help=mark("Only try it: nothing is saved."))]
Key = Annotated[str | None, typer.Option("--key", metavar=mark("TEXT"), help=mark("The same key never does it twice."))]
Because = Annotated[str, typer.Option("--because", metavar=mark("TEXT"), help=mark("Why."))]
Waive = Annotated[
    list[str] | None,
    typer.Option("--waive", parser=a_rule, metavar=mark("RULE"), help=mark("A rule to overrule.")),
]
Want = Annotated[
    list[str] | None,
    typer.Option(
        "--want", metavar=mark("[SKU=]TARGET"), help=mark("What an exchange is to bring, for a line of several by SKU.")
    ),
]
LessAmount = Annotated[
    Typed | None, typer.Option("--amount", parser=typed_amount, metavar=mark("AMOUNT"), help=mark("Less than is due."))
]
AskedAmount = Annotated[
    Typed | None,
    typer.Option("--amount", parser=typed_amount, metavar=mark("AMOUNT"), help=mark("The amount asked for.")),
]
RealReason = Annotated[
    str, typer.Option("--reason", parser=a_reason, metavar=mark("REASON"), help=mark("The real reason."))
]
Yes = Annotated[bool, typer.Option("--yes", help=mark("Do not ask."))]
Note = Annotated[str, typer.Option("--note", metavar=mark("TEXT"), help=mark("A note."))]
Output = Annotated[Path | None, typer.Option("-o", "--output", metavar=mark("FILE"), help=mark("Where to write it."))]
Carrier = Annotated[str, typer.Option("--carrier", metavar=mark("NAME"), help=mark("The carrier."))]
FromDay = Annotated[date | None, typer.Option("--since", parser=first_day, metavar=mark("DAY"), help=mark("From."))]
ToDay = Annotated[
    date | None, typer.Option("--until", parser=last_day, metavar=mark("DAY"), help=mark("Last day, inclusive."))
]
Reveal = Annotated[bool, typer.Option("--reveal", help=mark("Show name, phone and address; it is noted down."))]


def reasoned(app: typer.Typer, name: str, help_text: str, action: Callable[[], Callable[..., View]]) -> None:
    """Adds a command that takes a case one step further, with an optional reason. `action` gives the action when it is
    called, so that its module loads only then.
    """

    @app.command(name, help=help_text)
    def command(
        context: typer.Context, case: CaseArgument, because: Because = "", key: Key = None, dry_run: DryRun = False
    ) -> View:
        """Does the action on the case."""
        return work(context, action(), case, because=because, key=key, dry_run=dry_run)
