"""Works off a whole group: it is shown as a table and asked about once, then each member is saved by itself."""

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import typer

from retcli.errors import Busy, Refused, RetcliError, WrongCommand
from retcli.language import _
from retcli.settings import Asked
from retcli.shellwords import either
from retcli.views.base import Said, Trial, View

if TYPE_CHECKING:
    from retcli.shop import Shop
    from retcli.views.cases.group import GroupDoneView
    from retcli.views.cases.queue import GroupView, Seen
    from retcli.views.money.group_payment import DuePaymentsView

Save = Callable[["Shop", "Seen"], View]


@dataclass(frozen=True)
class Asking:
    """The one question about a group, and the command that it belongs to; `yes` answers it beforehand. `for_good` is
    the call that a trial, which only shows the table, was made of; "" where it is none.
    """

    question: str
    command: str
    yes: bool
    for_good: str


def one_by_one(
    call: Asked, table: "GroupView | DuePaymentsView", ask: Asking, save: Save, done: "GroupDoneView"
) -> Iterator[View]:
    """The views of a group that is worked off: its table, then each member as it is saved, then the sum. Raises
    WrongCommand where there is nobody to ask.
    """
    if ask.for_good:
        call.remark(_("A trial: nothing was saved"))
        yield Trial(table, ask.for_good if table.seen else "")
        return
    if not table.seen:
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
    """Saves each member in a transaction of its own and shows it then; one that changed since it was shown, or is
    refused, is passed over and named. Where it cannot go on, the last view tells what was done and what was not.
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
        # the reader of the output has gone: nothing can be yielded any more, so that a remark tells how far it came
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
