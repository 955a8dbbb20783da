"""A whole group at once: shown as a table, asked about once, then each saved by itself."""

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import typer

from retcli.errors import Busy, Refused, RetcliError, WrongCommand
from retcli.language import _
from retcli.settings import Asked
from retcli.shellwords import either
from retcli.views.base import Said, View

if TYPE_CHECKING:
    from retcli.shop import Shop
    from retcli.views.cases.group import GroupDoneView
    from retcli.views.cases.queue import GroupView, Seen
    from retcli.views.money.group_payment import DuePaymentsView

Save = Callable[["Shop", "Seen"], View]


@dataclass(frozen=True)
class Asking:
    """The one question of a group, and the command that it belongs to; `yes` answers it, `dry_run` only shows."""

    question: str
    command: str
    yes: bool
    dry_run: bool


def one_by_one(
    call: Asked, table: "GroupView | DuePaymentsView", ask: Asking, save: Save, done: "GroupDoneView"
) -> Iterator[View]:
    """The table, one question, then each by itself."""
    if ask.dry_run or not table.seen:
        yield table
        return
    if not ask.yes and not sys.stdin.isatty():
        raise WrongCommand(_("There is nobody to ask"), either(f"{ask.command} --yes", f"{ask.command} --dry-run"))
    if not call.as_json:
        yield table
    if not ask.yes and not typer.confirm(ask.question, err=True):
        yield Said(_("Nothing was done"))
        return
    yield from _each(call, table.seen, save, done)


def _each(call: Asked, group: "tuple[Seen, ...]", save: Save, done: "GroupDoneView") -> Iterator[View]:
    """Each in a transaction of its own, told as soon as it is saved; what changed since it was shown, or is refused, is
    passed over and named. What cannot go on ends with what was done and what was not.
    """
    from retcli.transaction import opened

    for place, seen in enumerate(group):
        try:
            with opened(call) as shop:
                view = save(shop, seen)
            done = done.with_one(view)
            if not call.as_json:
                yield done.last
        except (Refused, Busy) as why:
            done = done.with_skipped(seen.number, seen.due, why.message)
        except GeneratorExit:
            call.remark(done.cut_off(group[place + 1 :], None).summary)
            raise
        except (RetcliError, KeyboardInterrupt) as broken:
            yield done.cut_off(group[place:], broken)
            return
        except Exception:
            call.remark(done.cut_off(group[place:], None).summary)
            raise
    yield done
