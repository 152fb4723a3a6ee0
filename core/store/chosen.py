"""Rows of many ids: a range of them where they lie close, lists where they do not or are few."""

from billcore.core.ordered import distinct
from billcore.core.store.columns import of_rows
from billcore.core.store.listed import LISTED, lists
from billcore.core.store.port import Column, Ints, Kind, Reader
from billcore.core.store.statements import KEYS

DENSE = 8
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
        ((sql, names),) = lists(listed, ":ids", wanted.tolist())
        return of_rows(kinds, reader.rows(sql, **names, **values))
    if len(wanted) and int(wanted[-1] - wanted[0]) < DENSE * len(wanted):
        first, last = int(wanted[0]), int(wanted[-1])
        return reader.fetch(ranged, kinds, first=first, last=last, **values)
    return reader.among(listed.replace(":ids", KEYS), kinds, wanted, **values)
