"""Rows of many ids: a range of them where they lie close, lists where they do not or are few."""

from collections.abc import Iterator

from billcore.core.ordered import distinct
from billcore.core.store.columns import of_rows, stacked
from billcore.core.store.port import Column, Ints, Kind, Reader

LISTED = 128
"""A list of ids has this many at most."""

DENSE = 16
"""A range is read whole where at least one of so many ids is wanted."""


def chosen(
    reader: Reader,
    ranged: str,
    listed: str,
    kinds: dict[str, Kind],
    ids: Ints,
    **values: int,
) -> dict[str, Column]:
    """The rows of these ids: a list of few, of many a range where they lie close, else lists.

    ranged: a query with :first and :last; listed: the same with (:ids). Ids that nobody asked for
    may be among the rows of a range. Both are the same statements again and again.
    """
    wanted = distinct(ids)
    if 0 < len(wanted) <= LISTED:
        ((sql, names),) = _lists(listed, wanted)
        return of_rows(kinds, reader.rows(sql, **names, **values))
    if len(wanted) and int(wanted[-1] - wanted[0]) < DENSE * len(wanted):
        first, last = int(wanted[0]), int(wanted[-1])
        return reader.fetch(ranged, kinds, first=first, last=last, **values)
    tables = [reader.fetch(sql, kinds, **names, **values) for sql, names in _lists(listed, wanted)]
    return {name: stacked([table[name] for table in tables], kinds[name]) for name in kinds}


def _lists(sql: str, ids: Ints) -> Iterator[tuple[str, dict[str, int]]]:
    """A query for each list of ids; a short list repeats its last id up to a power of two."""
    for start in range(0, len(ids), LISTED):
        part = [int(n) for n in ids[start : start + LISTED]]
        size = 1 << (len(part) - 1).bit_length()
        part += part[-1:] * (size - len(part))
        names = {f"id{place}": value for place, value in enumerate(part)}
        yield sql.replace(":ids", ", ".join(f":{name}" for name in names)), names
