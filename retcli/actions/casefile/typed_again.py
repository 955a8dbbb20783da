"""A command to be typed again, with the options that were typed with it: without them it would do something else."""

from collections.abc import Iterable, Sequence

from retcli.rules.money.minor_units import Money
from retcli.rules.money.minor_units import text as money_in_words


def typed_again(command: str, amount: Money | None = None, waive: Sequence[str] = ()) -> str:
    """A command with the amount and the waivers that were named."""
    named = [f"--amount {money_in_words(amount.minor, amount.currency)}"] if amount is not None else []
    return " ".join([command, *named, *(f"--waive {rule}" for rule in dict.fromkeys(waive))])


def waiving(command: str, rules: Iterable[str]) -> str:
    """A command that waives some rules besides those that it waives already."""
    known = {part.split(" ")[0] for part in command.split("--waive ")[1:]}
    return " ".join([command, *(f"--waive {rule}" for rule in dict.fromkeys(rules) if rule not in known)])
