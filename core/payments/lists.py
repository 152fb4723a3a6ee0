"""The payments of a channel in a span of time, page by page, with what became of each.

Nothing that was there is missed or told twice while payments are added. One that is kept meanwhile
stands behind the cursor only if its day is earlier, or another process was keeping it as the page
was read; the totals of the last page tell both.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from billcore.core.durations import DAY, SECOND
from billcore.core.payments.intake.place import Place
from billcore.core.payments.intake.post import days
from billcore.core.payments.refusals import PaymentInvalid
from billcore.core.store import payment_lists, payments
from billcore.core.store.payment_lists import Cursor, OfSpan
from billcore.core.store.payments import OrderRow, PartRow, ReversalRow
from billcore.core.store.port import Reader

SPAN_DAYS_MAX = 31
"""A span has at most so many days of 24 hours."""

LAST = 253_370_764_800 * SECOND
"""The year 9999 begins: no time of a payment is later."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A payment with what belongs to it."""

    order: OrderRow
    parts: tuple[PartRow, ...]
    reversal: ReversalRow | None


@dataclass(frozen=True, slots=True)
class Page:
    """Payments in order; behind: the cursor of the next page, None: this is the last.

    count, amount: of the whole span, in minor units, as of the last page; 0 before.
    """

    payments: tuple[Listed, ...]
    behind: Cursor | None
    count: int = 0
    amount: int = 0


def span(place: Place, paid_from: int, paid_until: int) -> OfSpan:
    """The payments of a place that were paid from a time on until another.

    Times are microseconds since 1970 in UTC. Raises PaymentInvalid.
    """
    longest = SPAN_DAYS_MAX * DAY
    if not 0 < paid_from < LAST:
        raise PaymentInvalid("paid_from", f"it counts microseconds since 1970, below {LAST}.")
    if not paid_from < paid_until <= paid_from + longest:
        detail = f"it is later than paid_from, by {SPAN_DAYS_MAX} days at most."
        raise PaymentInvalid("paid_until", detail)
    first, last = days(np.array([paid_from, paid_until - 1]), place.time_zone).tolist()
    # A payment that told no time was paid when it was kept; its day was taken just before that.
    return OfSpan(
        place.provider_id, place.channel.channel_no, paid_from, paid_until, first - 1, last
    )


def page(reader: Reader, of: OfSpan, behind: Cursor, size: int) -> Page:
    """At most `size` payments of a span behind a cursor."""
    found = payment_lists.of_span(reader, of, behind, size + 1)
    told = _listed(reader, of, found[:size])
    if len(found) > size:
        last = found[size - 1]
        return Page(told, Cursor(last.day, last.recorded_at, last.reference))
    return Page(told, None, *payment_lists.totals(reader, of))


def _listed(reader: Reader, of: OfSpan, found: Sequence[OrderRow]) -> tuple[Listed, ...]:
    key = of.provider_id, of.channel_no
    undone = payment_lists.reversals(reader, *key, [order.reference for order in found])
    return tuple(
        Listed(
            order,
            () if order.target_kind else tuple(payments.parts(reader, *key, order.reference)),
            undone.get(order.reference),
        )
        for order in found
    )
