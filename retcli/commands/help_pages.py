"""The help pages: commands sorted by work, each with an example that can be typed as it stands in the demo's shop;
lines and columns are measured in cells of the terminal, of which a Chinese character takes two.
"""

import re
from collections.abc import Sequence
from functools import partial
from typing import Any, cast
from unicodedata import east_asian_width

import typer

from retcli.language import _, mark

SECTIONS: dict[str, tuple[tuple[str, str], ...]] = {
    "": (
        (mark("Every day"), "today import case platform undo"),
        (mark("Warehouse"), "scan parcel stock pick label"),
        (mark("Money and sheets"), "pay export"),
        (mark("Looking things up"), "order report reason words"),
        (mark("Shop and books"), "policy staff imports books doctor demo completion"),
    ),
    "case": (
        (mark("Looking at cases"), "list show explain evidence"),
        (mark("Opening and deciding"), "open review approve change reject withdraw reopen finish assign"),
        (mark("Talking with the buyer"), "advise offer contact extend note"),
        (mark("Writing down"), "fact flag attach ship"),
        (mark("Platform interventions and bad reviews"), "register escalate answer verdict pack"),
    ),
}
"""For the long groups, by path: titles and the commands under each, in the order in which a person looks for them."""

EXAMPLES = {
    "demo": mark("retcli demo --practice agent"),
    "import": "retcli import demo/inbox",
    "today": "retcli today",
    "scan": "retcli scan",
    "undo": "retcli undo",
    "doctor": "retcli doctor",
    "words": "retcli words",
    "completion": "retcli completion",
    "imports list": "retcli imports list",
    "imports show": "retcli imports show 2",
    "imports faults": "retcli imports faults 2",
    "imports questions": "retcli imports questions",
    "imports waiting": "retcli imports waiting",
    "imports answer": "retcli imports answer 1 --seen",
    "imports explain": "retcli imports explain demo/inbox/订单报表.csv",
    "imports draft-map": "retcli imports draft-map demo/inbox/商品资料.xlsx -o map.toml",
    "case list": "retcli case list",
    "case show": "retcli case show 0034",
    "case explain": "retcli case explain 0034",
    "case review": "retcli case review",
    "case assign": "retcli case assign 0034 --to 小美",
    "case open": mark("retcli case open 2850262094976800080 --kind return --reason B_7D"),
    "case approve": "retcli case approve --all-yes --dry-run",
    "case change": mark("retcli case change 0034 --kind refund-only --because 'not sent yet'"),
    "case reject": mark("retcli case reject 0034 --because 'worn'"),
    "case withdraw": "retcli case withdraw 0036",
    "case reopen": "retcli case reopen RC20261109-0003",
    "case finish": "retcli case finish 0037",
    "case fact": mark("retcli case fact 0034 opened=yes"),
    "case ship": "retcli case ship 0037 --waybill SF1620041173999",
    "case advise": "retcli case advise 0034",
    "case offer": mark("retcli case offer 0034 --rung coupon --amount 5"),
    "case attach": mark("retcli case attach 0034 photo.jpg --kind photo"),
    "case evidence": "retcli case evidence RC20261109-0025",
    "case contact": mark("retcli case contact 0034 --by phone --result reached"),
    "case extend": mark("retcli case extend 0034 --days 2 --because 'the buyer travels'"),
    "case note": mark("retcli case note 0034 'sends it on Monday'"),
    "case flag": mark("retcli case flag 0034 red --because urgent"),
    "case escalate": mark("retcli case escalate 0034 --kind complaint"),
    "case answer": "retcli case answer RC20261109-0025",
    "case verdict": mark("retcli case verdict RC20261109-0025 --won --because 'the carrier admits the loss'"),
    "case register": "retcli case register",
    "case pack": mark("retcli case pack RC20261109-0025 -o evidence"),
    "platform todo": "retcli platform todo",
    "platform done": "retcli platform done RC20261109-0028",
    "policy show": "retcli policy show",
    "policy check": "retcli policy check demo/strict.toml",
    "policy load": "retcli policy load demo/kind.toml",
    "policy history": "retcli policy history",
    "policy test": "retcli policy test demo/strict.toml",
    "policy waivers": "retcli policy waivers",
    "reason list": "retcli reason list",
    "reason map": mark("retcli reason map 'wrong size taken' B_7D"),
    "report speed": "retcli report speed --since 2026-11-01 --until 2026-11-12",
    "report offers": "retcli report offers --since 2026-11-01 --until 2026-11-12",
    "parcel list": "retcli parcel list",
    "parcel unclaimed": "retcli parcel unclaimed",
    "parcel deliveries": "retcli parcel deliveries",
    "parcel settle": mark("retcli parcel settle 0001 --because 'the driver counted wrong'"),
    "parcel film": "retcli parcel film",
    "parcel show": "retcli parcel show PK20261109-0012",
    "parcel void": mark("retcli parcel void PK20261109-0012 --because 'scanned by mistake'"),
    "parcel send-back": "retcli parcel send-back PK20261109-0012 --waybill SF1620041173999",
    "parcel dispose": mark("retcli parcel dispose PK20261109-0012 --because 'nobody claims it'"),
    "parcel shelf": "retcli parcel shelf PK20261109-0012 A-03",
    "parcel label": "retcli parcel label PK20261109-0012 --phone-tail 5678",
    "parcel expect": "retcli parcel expect 0034 SF1620041173777",
    "parcel intercept": "retcli parcel intercept 0037",
    "parcel inspect": "retcli parcel inspect PK20261109-0012 --item CUP-500=1:A",
    "parcel match": "retcli parcel match PK20261109-0012",
    "parcel detach": mark("retcli parcel detach PK20261112-0006 --because 'matched by mistake'"),
    "stock show": "retcli stock show",
    "stock moves": "retcli stock moves CUP-500",
    "stock count": "retcli stock count CUP-500 --pieces 12",
    "stock move": mark("retcli stock move CUP-500 --from sellable --to defective --because 'dented in storage'"),
    "stock dispose": mark("retcli stock dispose CUP-500 --from sellable --pieces 1 --as markdown --because 'box torn'"),
    "stock approve": "retcli stock approve",
    "pick list": "retcli pick list",
    "stock alerts": "retcli stock alerts",
    "stock export": mark("retcli stock export --for wdt -o stock.xlsx"),
    "label return": "retcli label return 0034",
    "label exchange": "retcli label exchange 0036",
    "label repair": "retcli label repair 0034",
    "label parcel": "retcli label parcel PK20261109-0012",
    "label goods": "retcli label goods CUP-500 --copies 10",
    "label place": "retcli label place A-01 A-02 A-03 --size a4",
    "label badge": "retcli label badge",
    "label commands": "retcli label commands",
    "pay refund": "retcli pay refund --all-due --dry-run",
    "pay freight": mark("retcli pay freight 0034 --amount 5 --waive freight --because 'our mistake'"),
    "pay compensate": "retcli pay compensate 0034 --cash 3",
    "pay approve": "retcli pay approve PO20261109-0021",
    "pay sent": "retcli pay sent PO20261109-0021",
    "pay confirm": "retcli pay confirm PO20261109-0021",
    "pay fail": mark("retcli pay fail PO20261109-0021 --because 'coupon expired'"),
    "pay unknown": "retcli pay unknown PO20261109-0021",
    "pay reverse": mark("retcli pay reverse PO20261109-0001 --because 'paid twice'"),
    "pay list": "retcli pay list",
    "order show": "retcli order show 2850261263592704217",
    "order find": "retcli order find 2850",
    "export reconciliation": "retcli export reconciliation --month 2026-11",
    "export reasons": "retcli export reasons --since 2026-07-01 --until 2026-11-12",
    "staff add": mark("retcli staff add Lin --role agent"),
    "staff rename": "retcli staff rename 小美 小梅",
    "staff leave": "retcli staff leave 阿强",
    "staff list": "retcli staff list",
    "books init": "retcli books init",
    "books check": "retcli books check",
    "books mend": "retcli books mend",
    "books backup": "retcli books backup copies",
    "books restore": "retcli books restore copies/shop.db --yes",
}
"""An example of each command, by its path, that can be typed as it stands in the demo's shop."""


_WHOLE = 200
"""Characters of a help text that a list shows: in effect all, since lines are folded here and Typer would cut them."""


def format_commands(group: Any, context: typer.Context, formatter: Any) -> None:
    """Writes a group's commands into its help page, by `SECTIONS` where it has some."""
    sections = SECTIONS.get(path_of(context)) or ((mark("Commands"), " ".join(group.list_commands(context))),)
    for title, names in sections:
        with formatter.section(_(title)):
            helps = {name: group.get_command(context, name).get_short_help_str(_WHOLE) for name in names.split()}
            formatter.write_dl([(name, help_text.removesuffix("。")) for name, help_text in helps.items()])


def format_epilog(command: Any, context: typer.Context, formatter: Any) -> None:
    """Writes the end of a help page: a command's example, or the epilog of a group."""
    example = EXAMPLES.get(path_of(context))
    if example:
        with formatter.section(_("For example, in the demo's shop")):
            formatter.write(f"{'':{formatter.current_indent}}{_(example)}\n")
    elif command.epilog:
        formatter.write_paragraph()
        with formatter.indentation():
            formatter.write_text(command.epilog)


def path_of(context: typer.Context) -> str:
    """The path of a command below the root, such as ``case show``; "" for the root."""
    names, place = list[str](), cast(Any, context)
    while place.parent is not None:
        names.insert(0, place.info_name)
        place = place.parent
    return " ".join(names)


class HelpContext(typer.Context):
    """A call whose help page is measured in cells of the terminal, so that columns stand straight and no line is wider
    than the page in either language.
    """

    def make_formatter(self) -> Any:
        """The formatter of a help page, with columns and texts written by this module."""
        formatter: Any = super().make_formatter()
        formatter.write_dl = partial(_write_columns, formatter)
        formatter.write_text = partial(_write_text, formatter)
        return formatter


_WIDEST_NAME, _BETWEEN, _NARROWEST = 34, 2, 20
"""Cells: of the first column at most, between the columns at least, of the second column at least."""


def _write_columns(formatter: Any, rows: Sequence[tuple[str, str]]) -> None:
    """Writes names and their help texts in two columns; a name that is too wide has a line of its own."""
    first = min(max((_cells(name) for name, _help in rows), default=0), _WIDEST_NAME) + _BETWEEN
    indent = " " * (formatter.current_indent + first)
    for name, help_text in rows:
        lines = folded(help_text, max(formatter.width - len(indent), _NARROWEST)) or [""]
        indented = f"{'':{formatter.current_indent}}{name}"
        room = len(indent) - _cells(indented)
        formatter.write(f"{indented}{' ' * room}{lines.pop(0)}\n" if room >= _BETWEEN else f"{indented}\n")
        formatter.write("".join(f"{indent}{line}\n" for line in lines))


def _write_text(formatter: Any, text: str) -> None:
    """Writes a text, indented, in lines that fit the page."""
    indent = " " * formatter.current_indent
    for line in folded(" ".join(text.split()), max(formatter.width - len(indent), _NARROWEST)):
        formatter.write(f"{indent}{line}\n")


def _cells(text: str) -> int:
    """How many cells of a terminal a text takes; enough for our own texts, which have no combining characters."""
    return sum(2 if east_asian_width(sign) in "WF" else 1 for sign in text)


_PIECES = re.compile(r"\s+|[!-~]+|[^\s!-~]")
_ENDING = "，。、；：？！）》”’』】"


def folded(text: str, width: int) -> list[str]:
    """A text in lines of at most `width` cells: broken at blanks and between Chinese characters, never before a closing
    punctuation mark.
    """
    lines, line = list[str](), ""
    for piece in _PIECES.findall(text):
        if line and piece not in _ENDING and _cells(line + piece.rstrip()) > width:
            lines.append(line.rstrip())
            line = ""
        line += piece if line else piece.lstrip()
    return [*lines, line.rstrip()] if line.strip() else lines
