"""The root: command groups, global options, language; the one place where a view is printed and an error becomes a
line and an exit code.
"""

import gettext
import os
import sys
import traceback
from collections.abc import Sequence
from dataclasses import replace
from typing import Annotated, Any, TextIO

import typer
from typer.core import TyperGroup

from retcli import __version__, language
from retcli.commands import (
    books,
    demo,
    doctor,
    exports,
    imports,
    labels,
    orders,
    parcels,
    payouts,
    picking,
    platform,
    policies,
    reasons,
    reports,
    scanning,
    shells,
    staff,
    stock,
    today,
    undo,
    words,
)
from retcli.commands.branches import Branch
from retcli.commands.case import decisions, written_beside
from retcli.commands.help_texts import dress
from retcli.commands.terminal.streams import mute, never_missing, readable, swallow, unbreakable
from retcli.commands.usage import refuse_unfilled, usage_error
from retcli.errors import AlreadyDone, Ambiguous, RetcliError, StorageTrouble, why
from retcli.language import _, mark
from retcli.settings import asked, without_passwords
from retcli.settings import language as chosen_language
from retcli.shellwords import completed, in_own_words, spelled_out
from retcli.views.base import Stream, View
from retcli.views.progress import Progress

INTERRUPTED = 130


class Answering(TyperGroup):
    """The root group: speaks the language, takes ``--json`` anywhere, prints the answer, maps errors to exit codes."""

    as_json = False
    quiet = False
    dressed = ""
    typed: Sequence[str] = ()
    progress = Progress()

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        # each group is a Branch, which builds its commands on first use
        for group in GROUPS:
            self.add_command(Branch(group, lambda command: dress(command, self)))

    def main(self, args: Sequence[str] | None = None, *rest: Any, **options: Any) -> Any:
        """Runs one call and ends the process with its exit code."""
        given = list(sys.argv[1:] if args is None else args)
        words_given = [readable(word) for word in given]
        args = args if words_given == given else words_given
        # before Typer parses: an error of the parsing itself is a JSON document too, wherever the option stands
        self.as_json, self.quiet = "--json" in words_given, False
        never_missing()
        unbreakable(sys.stdin, sys.stdout, sys.stderr)
        self.typed = words_given
        self._speak(words_given)
        options["standalone_mode"] = False

        def run() -> Any:
            refuse_unfilled(self, words_given)
            return super(Answering, self).main(args, *rest, **options)

        try:
            code = self._answered(run)
        finally:
            self.progress.close()
        sys.exit(self._flushed(code))

    def _speak(self, words_given: Sequence[str]) -> None:
        """Chooses the language of the call and puts all help texts into it."""
        # before Typer parses, since its errors and ``--help`` need the language
        name = chosen_language(_option(words_given, "--lang"), os.environ)
        language.use(name)
        # Typer's own texts come from gettext's domain "messages", which asks LANGUAGE at each look-up
        os.environ["LANGUAGE"] = name
        gettext.bindtextdomain("messages", str(language.LOCALE))
        # the walk over the whole command tree, only where the language is another one than before
        if self.dressed != name:
            dress(self, self)
            self.dressed = name

    def _answered(self, run: Any) -> int:
        """Runs one call (`run`), prints its answer or its error, and gives the exit code."""
        try:
            result = run()
            self.progress.close()
            return self._shown(result)
        except AlreadyDone as done:
            return self._show_again(done)
        except RetcliError as error:
            return self._complain(error)
        except typer.Abort:
            return INTERRUPTED
        except typer.TyperException as wrong:
            return self._complain(usage_error(wrong))
        except KeyboardInterrupt:
            return INTERRUPTED
        except SystemExit as end:
            # Typer ends a call whose reader has closed the pipe with 1; here that is no failure
            return 0 if isinstance(end.__context__, BrokenPipeError) else int(end.code or 0)
        except BrokenPipeError:
            # the reader of the output has gone (``| head``): no failure, though it is a kind of OSError
            swallow(sys.stdout)
            return 0
        except OSError as error:
            return self._disk(error)
        except Exception as fault:
            return self._fault(fault)

    def _shown(self, result: Any) -> int:
        """Prints an action's result and gives the exit code; its work is saved by now, whether it can be printed or
        not.
        """
        try:
            return self._show(result)
        except BrokenPipeError:
            raise
        except OSError as error:
            return self._unseen(error)

    def _unseen(self, error: OSError) -> int:
        """Says on standard error that the answer could not be written, also where it was to be JSON; the exit code."""
        swallow(sys.stdout)
        text = _("The output cannot be written ({why}); what was done stays done").format(why=why(error))
        with mute(sys.stderr):
            _terminal(sys.stderr).line(_("Error: {text}").format(text=text), "red")
        return StorageTrouble.exit_code

    def _disk(self, error: OSError) -> int:
        """Prints an error of a file or disk and gives the exit code."""
        from retcli.database.disk import of_disk

        return self._complain(of_disk(error))

    def _fault(self, fault: Exception) -> int:
        """Prints that the program itself is at fault and gives the exit code."""
        # no traceback unless asked for: its values may be a buyer's (`docs/hazards.md` row 46)
        if os.environ.get("RETCLI_DEBUG"):
            sys.stderr.write(_harmless("".join(traceback.format_exception(fault))))
        # its kind alone: the text of an exception may hold a buyer's data
        message = _("retcli made a mistake ({kind}); what was saved before stays").format(kind=type(fault).__name__)
        hint = _("Try again; if it stays, run it with RETCLI_DEBUG=1 and report what it prints")
        return self._complain(RetcliError(message, hint))

    def _show(self, result: Any) -> int:
        """Prints a view or a stream of views and gives the exit code; Typer's own number where help was printed."""
        if isinstance(result, int):
            return result
        if isinstance(result, Stream):
            return self._show_stream(result)
        if isinstance(result, View):
            self._show_view(result)
            return result.exit_code
        return 0

    def _show_view(self, view: View) -> None:
        """Prints a view, its complaints on standard error."""
        with mute(sys.stderr):
            for complaint in view.complaints:
                _terminal(sys.stderr).line(complaint, "red")
        if self.as_json:
            _print_json(view.document())
        else:
            view.draw(_terminal())

    def _show_stream(self, stream: Stream) -> int:
        """Prints each view of a stream as it comes, or collects them into one JSON document where the stream asks for
        that; the highest exit code of them.
        """
        code, collected = 0, []
        for view in stream.views:
            self.progress.close()
            if self.as_json and stream.one_document:
                collected.append(view.document())
            else:
                self._show_view(view)
                sys.stdout.flush()  # somebody at a bench waits for each answer, also where the output is a pipe
            code = max(code, view.exit_code)
        if self.as_json and stream.one_document:
            _print_json({stream.one_document: collected, **stream.closing})
        return max(code, stream.end_code())

    def _show_again(self, done: AlreadyDone) -> int:
        """Prints the saved answer of work that was done before under the same key."""
        if self.as_json:
            _print_json(dict(done.document))
        else:
            _terminal().line(_("Done before under the key {key}; nothing was done again").format(key=done.key))
        return 0

    def _complain(self, error: RetcliError) -> int:
        """Prints an error with its place and its ways out, and gives its exit code."""
        error.hint = completed(error.hint, self.typed)
        if isinstance(error, Ambiguous):
            error.hint = spelled_out(error.named, error.candidates, self.typed) or error.hint
        if not self.as_json or not self._told_as_json(error):
            with mute(sys.stderr):
                screen = _terminal(sys.stderr)
                screen.line(_harmless(_("Error: {text}").format(text=error.message)), "red")
                for line in filter(None, (_place(error), *_hints(error))):
                    screen.line(_harmless(line))
        return error.exit_code

    def _told_as_json(self, error: RetcliError) -> bool:
        """Writes an error as a JSON document; whether that worked, else it must be told on standard error."""
        try:
            _print_json(_harmless_document(error.document()))
            sys.stdout.flush()  # now, while the error can still be told on the other stream
        except OSError:
            swallow(sys.stdout)
            return False
        return True

    def _flushed(self, code: int) -> int:
        """Pushes the output out; a closed pipe is no failure, a full disk is."""
        try:
            sys.stdout.flush()
        except BrokenPipeError:
            swallow(sys.stdout)
            return 0
        except OSError as error:
            swallow(sys.stdout)
            return self._unseen(error) if self.as_json or code != StorageTrouble.exit_code else code
        return code


def _harmless(text: str) -> str:
    """An error's text without phone numbers and the like, since errors quote what was typed or read from a file."""
    # loaded here alone: a call without an error does not pay for it
    from retcli.views.freetext import numbers

    return numbers(text)


def _harmless_document(document: dict[str, Any]) -> dict[str, Any]:
    """An error's JSON document without phone numbers and the like in any of its texts."""
    return {
        name: _harmless_document(value) if isinstance(value, dict) else _harmless(str(value))
        for name, value in document.items()
    }


def _place(error: RetcliError) -> str:
    """The line that says where an error happened: file, row, column; "" where it names no place."""
    from retcli.words import word

    where = "  ".join(f"{word(name)} {value}" for name, value in error.where.items() if value)
    return _("Where: {place}").format(place=where) if where else ""


def _hints(error: RetcliError) -> list[str]:
    """The lines that tell the ways out of an error, one command or piece of advice each."""
    return [_("Try: {hint}").format(hint=in_own_words(hint)) for hint in error.hint.splitlines()]


def _terminal(stream: TextIO | None = None) -> Any:
    """The screen for standard output or another stream; Rich is loaded only once something is drawn."""
    from retcli.views.screen import Terminal

    return Terminal(stream)


def _print_json(document: dict[str, Any]) -> None:
    """Prints a document as one line of JSON. Control characters, and letters that the stream's encoding lacks, are
    spelled out by their numbers; passwords of database addresses are hidden.
    """
    import json

    text = without_passwords(json.dumps(document, ensure_ascii=False))
    if not text.isprintable():
        text = "".join(ch if ch.isprintable() else json.dumps(ch)[1:-1] for ch in text)
    # a pipe of Chinese Windows is GBK: what it lacks is spelled out, and not lost to a question mark
    try:
        text.encode(sys.stdout.encoding or "utf-8")
    except UnicodeEncodeError:
        text = without_passwords(json.dumps(document))
    sys.stdout.write(text + "\n")


def _option(words_given: Sequence[str], name: str) -> str | None:
    """The value of an option in the words of a call, before they are parsed; None where it is not given."""
    for place, given in enumerate(words_given):
        if given.startswith(f"{name}="):
            return given.partition("=")[2]
        if given == name and place + 1 < len(words_given):
            return words_given[place + 1]
    return None


def _show_version(value: bool) -> None:
    """Prints the version and ends the call, where ``--version`` was given."""
    if value:
        typer.echo(f"retcli {__version__}")
        raise typer.Exit


app = typer.Typer(
    cls=Answering,
    name="retcli",
    invoke_without_command=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    options_metavar=mark("[OPTIONS]"),
    subcommand_metavar=mark("COMMAND …"),
    epilog=mark("Begin with: retcli demo"),
)


@app.callback(help=mark("The after-sales desk of a small online shop."))
def root(
    context: typer.Context,
    db: Annotated[str | None, typer.Option(metavar=mark("PATH|URL"), help=mark("Where the books lie."))] = None,
    lang: Annotated[str | None, typer.Option(metavar="zh|en", help=mark("The language of the answer."))] = None,
    operator: Annotated[str | None, typer.Option(metavar=mark("NAME"), help=mark("Who is working."))] = None,
    quiet: Annotated[bool, typer.Option("--quiet", help=mark("No remarks beside the answer."))] = False,
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help=mark("Shows the version."))
    ] = False,
) -> View | Stream | None:
    """Notes the global options for the command that follows; without one it answers itself."""
    group = context.command
    as_json = isinstance(group, Answering) and group.as_json
    operator = operator or readable(os.environ.get("RETCLI_OPERATOR", ""))
    call = asked(db, operator, as_json=as_json, quiet=quiet, remark=_no_remark if quiet else _remark)
    context.obj = replace(call, founds=False)
    if isinstance(group, Answering) and sys.stderr.isatty() and not quiet:
        context.obj = replace(context.obj, progress=group.progress)
    if context.invoked_subcommand is not None:
        return None
    from retcli.commands import first_day  # only a call without a command pays for its questions

    return first_day.alone(context, as_json=as_json)


def _remark(text: str) -> None:
    """Prints a remark beside the answer, on standard error."""
    with mute(sys.stderr):
        _terminal(sys.stderr).line(text)


def _no_remark(_text: str) -> None:
    """Drops a remark, for ``--quiet``."""
    return


demo.add_to(app)
imports.add_to(app)
today.add_to(app)
undo.add_to(app)
decisions.add_to(app)
written_beside.add_to(decisions.app)
platform.add_to(app)
policies.add_to(app)
reasons.add_to(app)
reports.add_to(app)
scanning.add_to(app)
app.add_typer(parcels.app)
stock.add_to(app)
labels.add_to(app)
picking.add_to(app)
payouts.add_to(app)
orders.add_to(app)
exports.add_to(app)
staff.add_to(app)
books.add_to(app)
doctor.add_to(app)
words.add_to(app)
shells.add_to(app)

GROUPS = [group.typer_instance for group in app.registered_groups if group.typer_instance]
app.registered_groups.clear()  # else Typer builds the commands of all of them, whatever the call


def main() -> None:
    """Runs the call that the command line holds, and ends the process with its exit code."""
    app()
