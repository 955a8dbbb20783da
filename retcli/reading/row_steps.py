"""Row steps that several dialects share: what a row says only across its columns or together with its neighbours."""

from collections.abc import Callable, Iterable, Iterator

from retcli.reading.dialect import Fault, Row, RowSteps

_AREAS = ("province", "city", "district", "street")


def in_turn(*steps: RowSteps) -> RowSteps:
    """One step of several, each over what the one before gives."""

    def stepped(rows: Iterable[Row | Fault]) -> Iterator[Row | Fault]:
        """The rows after all steps; each step reads as the next one asks, so that no file is held whole."""
        for step in steps:
            rows = step(rows)
        yield from rows

    return stepped


def each(change: Callable[[Row], Row | Fault]) -> RowSteps:
    """A step that changes one row at a time; faults pass through."""

    def stepped(rows: Iterable[Row | Fault]) -> Iterator[Row | Fault]:
        """The rows, each changed."""
        for row in rows:
            yield row if isinstance(row, Fault) else change(row)

    return stepped


def whole_address(row: Row) -> Row:
    """The row with one `address`, put together from its columns for province, city, district and street and from the
    address itself, which may begin with them already.
    """
    values = dict(row.values)
    areas = [values.pop(name) for name in _AREAS if name in values]
    # each once: Beijing is its own province
    named = [area for area in dict.fromkeys(areas) if area]
    address = values.get("address", "")
    if named:
        values["address"] = address if address.startswith(named[0]) else " ".join([*named, address]).strip()
    return Row(row.number, values)


def piece_price(row: Row) -> Row:
    """The row with the `price` of one piece in minor units, a fraction dropped, where only the price of all pieces is
    printed.
    """
    values = dict(row.values)
    if (goods := values.pop("goods", None)) is not None:
        values["price"] = goods // values["quantity"]
    return Row(row.number, values)
