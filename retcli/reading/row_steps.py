"""What a row says only across its columns or with its neighbours: a dialect's `row_steps`."""

from collections.abc import Callable, Iterable, Iterator

from retcli.reading.dialect import Fault, Row, RowSteps

_AREAS = ("province", "city", "district", "street")


def in_turn(*steps: RowSteps) -> RowSteps:
    """Several steps one after the other."""

    def stepped(rows: Iterable[Row | Fault]) -> Iterator[Row | Fault]:
        for step in steps:
            rows = step(rows)
        yield from rows

    return stepped


def each(change: Callable[[Row], Row | Fault]) -> RowSteps:
    """A step that looks at one row at a time; faults pass by."""

    def stepped(rows: Iterable[Row | Fault]) -> Iterator[Row | Fault]:
        for row in rows:
            yield row if isinstance(row, Fault) else change(row)

    return stepped


def whole_address(row: Row) -> Row:
    """The address from its columns for province, city, district, street and the rest, which may repeat them."""
    values = dict(row.values)
    areas = [values.pop(name) for name in _AREAS if name in values]
    named = [area for area in dict.fromkeys(areas) if area]
    rest = values.get("address", "")
    if named:
        values["address"] = rest if rest.startswith(named[0]) else " ".join([*named, rest]).strip()
    return Row(row.number, values)


def piece_price(row: Row) -> Row:
    """The price of one piece from the price of all (minor units, a fraction dropped), where only that is printed."""
    values = dict(row.values)
    if (goods := values.pop("goods", None)) is not None:
        values["price"] = goods // values["quantity"]
    return Row(row.number, values)
