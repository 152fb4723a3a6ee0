"""Rows of many ids: a range of them where they lie close, lists where they do not or are few."""

from functools import lru_cache

from billcore.core.ordered import distinct
from billcore.core.store.columns import of_rows
from billcore.core.store.listed import lists
from billcore.core.store.port import Column, Ints, Kind, Reader
from billcore.core.store.statements import KEYS

FEW = 16
"""Up to so many ids are values of their own; more are one value, which takes longer to begin."""

DENSE = 8
"""A range is read whole where at least one of so many ids is wanted."""


CHOSEN = ":chosen"
"""Stands behind a column in the place of what chooses its ids."""

_RANGED, _LISTED = "BETWEEN :first AND :last", "IN (:ids)"
_AMONG = f"IN ({KEYS})"


def chosen(
    reader: Reader, sql: str, kinds: dict[str, Kind], ids: Ints, **values: int
) -> dict[str, Column]:
    """The rows of these ids: a list of few, of many a range where they lie close, else lists.

    sql: a query with `column :chosen`. Ids that nobody asked for may be among the rows of a range.
    """
    wanted = distinct(ids)
    if 0 < len(wanted) <= FEW:
        ((listed, names),) = lists(_put(sql, _LISTED), ":ids", wanted.tolist())
        return of_rows(kinds, reader.rows(listed, **names, **values))
    if len(wanted) and int(wanted[-1] - wanted[0]) < DENSE * len(wanted):
        return ranged(reader, sql, kinds, int(wanted[0]), int(wanted[-1]), **values)
    return reader.among(_put(sql, _AMONG), kinds, wanted, **values)


def ranged(
    reader: Reader, sql: str, kinds: dict[str, Kind], first: int, last: int, **values: int
) -> dict[str, Column]:
    """The rows of the ids first..last of the same query."""
    return reader.fetch(_put(sql, _RANGED), kinds, first=first, last=last, **values)


@lru_cache
def _put(sql: str, how: str) -> str:
    if CHOSEN not in sql:
        raise TypeError(f"the statement does not ask for {CHOSEN}: {sql}")
    return sql.replace(CHOSEN, how)
