"""Which role may use which command, and who may see a buyer's data. The table is asked before any work on the books;
actions ask again for what a role may do within a command.
"""

from retcli.rules.lifecycles import MAY_APPROVE_MONEY, MAY_DECIDE, MAY_PAY, MAY_SCAN, Role

EVERYBODY = frozenset(Role)
OFFICE = EVERYBODY - {Role.WAREHOUSE}
OWNER = frozenset({Role.OWNER})
MAY_REVEAL = MAY_APPROVE_MONEY
"""Roles that may see any buyer's name, phone and address; an agent only those of their own cases, others none."""

_TABLE: tuple[tuple[frozenset[Role], str], ...] = (
    (EVERYBODY, "demo / import / today / doctor / words / completion / books init"),
    (EVERYBODY, "imports list / imports show / imports faults / imports questions / imports explain"),
    (
        EVERYBODY,
        "imports waiting / imports draft-map / case show / case explain / case list / case advise / case evidence",
    ),
    (EVERYBODY, "case register / platform todo / policy show / policy check / policy history / policy test"),
    (EVERYBODY, "policy waivers / reason list / report speed / report offers / parcel list / parcel unclaimed"),
    (EVERYBODY, "parcel show / parcel deliveries / parcel film"),
    (EVERYBODY, "stock show / stock moves / pay list / order show / order find / staff list / books check"),
    (OFFICE, "export reconciliation / export reasons"),
    (MAY_SCAN, "scan / case attach / case ship / parcel expect / parcel inspect / parcel match"),
    (MAY_SCAN, "parcel detach / parcel void / parcel send-back / parcel dispose / parcel shelf / parcel label / undo"),
    (MAY_SCAN, "parcel settle"),
    (MAY_SCAN, "stock count / stock move / stock dispose / stock alerts / stock export / pick list"),
    (MAY_APPROVE_MONEY, "stock approve"),
    (MAY_SCAN, "label return / label exchange / label repair / label parcel / label goods / label place"),
    (MAY_SCAN, "label badge / label commands"),
    (MAY_DECIDE, "case open / case review / case approve / case change / case assign / case withdraw / case finish"),
    (MAY_DECIDE, "case reopen / case fact / case offer / case contact / case reject / case extend / case note"),
    (MAY_DECIDE, "case flag / case escalate / case answer / case verdict / case pack / platform done / reason map"),
    (MAY_DECIDE, "parcel intercept"),
    (MAY_PAY, "pay refund / pay freight / pay compensate / pay sent / pay confirm / pay fail / pay unknown"),
    (MAY_APPROVE_MONEY, "pay approve / pay reverse / policy load / imports answer / books backup"),
    (MAY_APPROVE_MONEY, "books mend"),
    (OWNER, "staff add / staff rename / staff leave / books restore"),
)
COMMANDS: dict[str, frozenset[Role]] = {
    command: roles for roles, commands in _TABLE for command in commands.split(" / ")
}
"""Every command by its path, such as ``case show``; what is not in it nobody may use."""
SHEET_OF_FAULTS = MAY_DECIDE
"""Who may write refused rows, with the buyers' data in them, into a workbook: an agent only those of their own
imports, since they have that file.
"""


def may_use(command: str, role: Role) -> bool:
    """Whether a role may use a command; "" is work without a command (a test, the demo), which is free."""
    return not command or role in COMMANDS.get(command, frozenset())


def may_reveal(role: Role, *, own_case: bool) -> bool:
    """Whether a role may see a buyer's data; `own_case`: they work on a case of that order."""
    return role in MAY_REVEAL or (role == Role.AGENT and own_case)
