"""The payments of a channel that were paid in a span of time, by effective day, then as kept.

The order is that of an index, so a page costs its own rows whatever there is beside them.
"""

from collections.abc import Sequence
from typing import NamedTuple

from billcore.core.store.listed import lists
from billcore.core.store.payments import ORDER, OrderRow, ReversalRow
from billcore.core.store.port import Reader, Value

_OF_SPAN = """provider_id = :provider_id AND channel_no = :channel_no AND day <= :last_day
AND CASE WHEN paid_at = 0 THEN recorded_at ELSE paid_at END >= :paid_from
AND CASE WHEN paid_at = 0 THEN recorded_at ELSE paid_at END < :paid_until"""

PAGE = f"""SELECT {", ".join(ORDER)} FROM payment_order WHERE {_OF_SPAN}
AND (day, recorded_at, reference) > (:day, :recorded_at, :reference)
ORDER BY day, recorded_at, reference LIMIT :most"""  # noqa: S608 - our own words

TOTALS = f"""SELECT COUNT(*), CAST(COALESCE(SUM(amount), 0) AS BIGINT) FROM payment_order
WHERE {_OF_SPAN} AND day >= :first_day"""  # noqa: S608 - our own words

REVERSALS = f"""SELECT {", ".join(ReversalRow._fields)} FROM payment_reversal
WHERE provider_id = :provider_id AND channel_no = :channel_no
AND payment_reference IN (:references)"""  # noqa: S608 - our own column names


class OfSpan(NamedTuple):
    """A channel's payments: paid from a time on until another, microseconds since 1970 in UTC.

    first_day, last_day: ordinals; no payment of the span has another effective day.
    """

    provider_id: int
    channel_no: int
    paid_from: int
    paid_until: int
    first_day: int
    last_day: int


class Cursor(NamedTuple):
    """The place of an order in the list; the default one is before all."""

    day: int = 0
    recorded_at: int = 0
    reference: str = ""


def of_span(reader: Reader, span: OfSpan, behind: Cursor, most: int) -> list[OrderRow]:
    """The orders of a span behind one, in order."""
    begins = Cursor(span.first_day)  # the one bound from below, so that the index starts there
    values: dict[str, Value] = {**span._asdict(), **max(begins, behind)._asdict()}
    del values["first_day"]
    return [OrderRow(*row) for row in reader.rows(PAGE, **values, most=most)]  # type: ignore[arg-type]


def totals(reader: Reader, span: OfSpan) -> tuple[int, int]:
    """How many orders a span has, and what they come to in minor units."""
    row = reader.row(TOTALS, **span._asdict())
    assert row is not None  # an aggregate has a row
    return int(row[0]), int(row[1])


def reversals(
    reader: Reader, provider_id: int, channel_no: int, references: Sequence[str]
) -> dict[str, ReversalRow]:
    """What undid those of a channel's payments that were undone, by their references."""
    found = [
        ReversalRow(*row)  # type: ignore[arg-type]
        for sql, values in lists(REVERSALS, ":references", references)
        for row in reader.rows(sql, provider_id=provider_id, channel_no=channel_no, **values)
    ]
    return {row.payment_reference: row for row in found}
