"""The command tree as completion reads it: each command with its options and arguments and what kind of value each
takes; and the values that are always the same. A test writes it into the package and holds it equal.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import typer

from retcli import completion
from retcli.commands.case.written_beside import FLAGS, RESULTS, WAYS
from retcli.commands.demo import PRACTISED
from retcli.commands.help_pages import SECTIONS
from retcli.commands.shells import SHELLS
from retcli.platforms import DIALECTS
from retcli.rules.casefile.reasons import REASONS
from retcli.rules.casefile.verdict import WAIVABLE
from retcli.rules.cases.media import FITTING
from retcli.rules.cases.register import Entry
from retcli.rules.cases.remedies import Rung
from retcli.rules.imports.questions import FIELDS
from retcli.rules.lifecycles import (
    CLICKED,
    OF_GOODS,
    PAYOUT,
    Bucket,
    Decision,
    Filing,
    Grade,
    Kind,
    ParcelState,
    PayoutState,
    Role,
)
from retcli.rules.names import PLATFORMS
from retcli.rules.roles import COMMANDS
from retcli.rules.warehouse.modes import CHECKING, COUNTING, RECEIVING, SENDING
from retcli.words import FILES, MONEY, STAGES, WORDS, name_of

TREE = Path(completion.__file__).with_name("tree.json")
FREE = ""
"""The kind of a value that only the person knows, so that nothing is offered."""
BY_METAVAR = {
    "CASE": "cases", "[CASE]": "cases", "[CASE]…": "cases", "CASE…": "cases", "ORDER": "orders", "PARCEL": "parcels",
    "PARCEL|CASE": "parcels", "PAYOUT": "payouts", "QUESTION": "questions", "IMPORT": "imports", "SKU": "skus",
    "SKU[=N]": "line_skus", "[SKU=]TARGET": "targets", "SKU=N:GRADE[:PLACE]": "pieces", "NAME=VALUE…": "facts",
    "KIND": "kinds", "REASON": "reasons", "RUNG": "rungs", "WAY": "ways", "RESULT": "results", "COLOUR": "flags",
    "ROLE": "roles", "STAGE": "stages", "RULE": "rules", "VERSION": "versions", "DATE": "days", "DAY": "days",
    "YYYY-MM": "months", "zh|en": "languages", "SHELL": "shells", "FILE": "files", "FILE…": "files", "PATH…": "files",
    "PATH|URL": "files", "FILE|-": "files", "[WORKBOOK …]": "files", "DIR": "folders", "[DIR]": "folders",
    "FOLDER": "folders", "TEXT": FREE, "[TEXT]": FREE, "AMOUNT": FREE, "N": FREE, "WHEN": FREE, "WAYBILL": FREE,
    "MODE": "modes", "system|bell|none": "sounds", "CODE": FREE, "DIGITS": FREE,
    "SHELF": FREE, "DELIVERY": FREE, "N/DELIVERY": FREE, "DAYS": FREE, "SERIAL": FREE, "NEW NAME": FREE,
    "PARCEL…": "parcels", "PRINTER": FREE, "ARTICLE…": "skus", "SHELF…": FREE, "SIZE": "sizes", "FORMAT": "drawings",
    "STOCK": "places", "markdown|scrap|supplier": "disposals", "[DISPOSAL]": FREE, "wdt|jst|taobao": "systems",
}  # fmt: skip
"""The kind of a value, by its name in the help."""
BY_PLACE = {
    ("", "operator"): "staff",
    ("demo", "practice"): "practices",
    ("import", "shop"): "shops",
    ("import", "format_name"): "formats",
    ("imports show", "import_number"): "imports",
    ("imports faults", "import_number"): "imports",
    ("case assign", "to"): "staff",
    ("case assign", "giver"): "staff",
    ("case attach", "kind"): "evidence",
    ("case escalate", "kind"): "entries",
    ("case answer", "kind"): "entries",
    ("case verdict", "kind"): "entries",
    ("case register", "kind"): "entries",
    ("case reopen", "case"): "finished_cases",
    ("case ship", "carrier"): "carriers",
    ("scan", "carrier"): "carriers",
    ("parcel expect", "carrier"): "carriers",
    ("parcel send-back", "carrier"): "carriers",
    ("parcel list", "state"): "parcel_states",
    ("pay list", "state"): "payout_states",
    ("order show", "number"): "orders",
    ("order find", "text"): "orders",
    ("staff rename", "name"): "staff",
    ("staff leave", "name"): "staff",
    ("staff add", "name"): FREE,
    ("label badge", "names"): "staff",
    ("books init", "owner"): FREE,
    ("books restore", "other_books"): FREE,
}
"""The kind of a value whose name in the help does not tell it, by the command's path and the parameter."""
_PAY_MOVES = {"approve": "approve", "sent": "send", "confirm": "confirm", "fail": "fail", "unknown": "lose",
              "reverse": "reverse"}  # fmt: skip


def choices() -> dict[str, list[list[str]]]:
    """The values that are always the same, by kind: codes with the message ids of their words."""
    places = [bucket for bucket in OF_GOODS if bucket != Bucket.PENDING]
    return {
        "kinds": _named(Kind),
        "reasons": [[code, reason.name] for code, reason in REASONS.items()],
        "rungs": _named(Rung),
        "ways": _named(WAYS, "contact"),
        "results": _named(RESULTS, "contact"),
        "flags": _named(FLAGS),
        "sounds": _named(("system", "bell", "none"), "sound"),
        "sizes": [["60x40", ""], ["100x150", ""], ["a4", ""]],
        "drawings": [["pdf", ""], ["tspl", ""]],
        "systems": _named(("wdt", "jst", "taobao")),
        "disposals": _named(("markdown", "scrap", "supplier"), "disposal"),
        "modes": _named((RECEIVING, CHECKING, COUNTING, SENDING), "bench"),
        "evidence": _named(FITTING),
        "entries": _named(Entry),
        "roles": _named(Role),
        "practices": _named(PRACTISED),
        "stages": _named(STAGES),
        "rules": _named(WAIVABLE, "rule"),
        "parcel_states": _named(ParcelState),
        "payout_states": _named([*PayoutState, CLICKED], "payout"),
        "grades": _named(Grade),
        "places": _named(places),
        "languages": [["zh", ""], ["en", ""]],
        "shells": [[shell, ""] for shell in SHELLS],
        "formats": [[name, ""] for name in sorted(dialect.name for dialect in DIALECTS)],
        "facts": [[f"{name}=", ""] for name in ("opened", "misused", "confirmed", "unconfirmed", "tier", "detail")],
    }


def words() -> dict[str, str]:
    """The message ids of the words for codes that stand in the books beside a number."""
    axes = (Kind, Decision, Filing, PayoutState, ParcelState, Role)
    codes = [*(str(code) for axis in axes for code in axis), *MONEY, *FILES, *PLATFORMS]
    return {code: WORDS[code] for code in codes if code in WORDS} | FIELDS


def payouts() -> dict[str, list[str]]:
    """For each command on payouts, the statuses from which it can take one on."""
    return {
        f"pay {command}": [step.status for step in PAYOUT.steps if step.move == move]
        for command, move in _PAY_MOVES.items()
    }


def written(root: Any) -> str:
    """The tree below the `root` command with its choices and words, as JSON text of the package."""
    tree = {"choices": choices(), "words": words(), "payouts": payouts(), "root": _node(root, "")}
    return f"{json.dumps(tree, ensure_ascii=False, indent=1)}\n"


def _named(codes: Iterable[str], axis: str = "") -> list[list[str]]:
    """Codes, each with the message id of its word."""
    return [[str(code), name_of(str(code), axis)] for code in codes]


def _node(command: Any, path: str) -> dict[str, Any]:
    """The node of a command, with those of the commands below it."""
    node: dict[str, Any] = {"help": _english(command, "help"), "options": [*_options(command, path)]}
    inner: Mapping[str, Any] | None = getattr(command, "commands", None)
    if inner is not None:
        context = typer.Context(command)
        names = _in_order(path, inner)
        subcommands = {name: command.get_command(context, name) for name in names}
        node["commands"] = {name: _node(each, f"{path} {name}".strip()) for name, each in subcommands.items()}
        return node
    arguments = [param for param in command.params if param.param_type_name == "argument"]
    node["arguments"] = [{"kind": kind_of(path, param), "many": param.nargs == -1} for param in arguments]
    if path in COMMANDS:
        node["roles"] = sorted(str(role) for role in COMMANDS[path])
    return node


def _in_order(path: str, names: Iterable[str]) -> list[str]:
    """Names of commands in the order of the help page, those that it does not list last."""
    shown = [name for _title, section in SECTIONS.get(path, ()) for name in section.split()]
    return [*(name for name in shown if name in set(names)), *(name for name in names if name not in shown)]


def _options(command: Any, path: str) -> Iterator[dict[str, Any]]:
    """The options of a command, ``--help`` last, which Typer adds only when the command runs."""
    for param in command.params:
        if param.param_type_name == "option":
            value = not (param.is_flag or param.count)
            yield {
                "names": [*param.opts, *param.secondary_opts],
                "help": _english(param, "help"),
                "value": value,
                "many": bool(param.multiple),
                "kind": kind_of(path, param) if value else FREE,
            }
    yield {"names": ["--help"], "help": "Shows this text.", "value": False, "many": False, "kind": FREE}


def kind_of(path: str, param: Any) -> str:
    """The kind of value that an option or argument takes. Raises KeyError where neither table has it."""
    place = (path, param.name)
    return BY_PLACE[place] if place in BY_PLACE else BY_METAVAR[_english(param, "metavar")]


def _english(thing: Any, name: str) -> str:
    """A text of a command or parameter in English, though it may be translated by now."""
    return getattr(thing, f"_english_{name}", None) or getattr(thing, name, None) or ""
