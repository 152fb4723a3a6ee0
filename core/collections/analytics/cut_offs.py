"""Cut-offs: the collection of a month by a day, fixed, so that later payments never rewrite it.

Begun by its request, which takes the time up to which everything recorded counts, behind all who
post; then computed from a snapshot and kept. What dies between is completed by the same request
again, to the same figures: they depend on nothing that is recorded later. (Areas and classes are
those of the moment at which the figures are kept.)
"""

import numpy as np
import pyarrow as pa

from billcore.core.accounts.acting import Write, provider_acting, tell
from billcore.core.accounts.days import iso
from billcore.core.accounts.errors import FieldRefused
from billcore.core.collections.analytics.collection import Collected, Collecting
from billcore.core.collections.analytics.errors import CutOffFixed, CutOffUnknown
from billcore.core.collections.analytics.grouping import (
    Asked,
    Channels,
    Groups,
    check_asked,
    check_groups,
    groups,
)
from billcore.core.collections.analytics.reading import AsOf, parts
from billcore.core.events.outbox import record
from billcore.core.ids import owned_id, year_and_month
from billcore.core.ledger.turns import turn_to_look
from billcore.core.store import cut_offs as rows
from billcore.core.store import providers
from billcore.core.store.again import again
from billcore.core.store.cut_offs import CutOff, Figure
from billcore.core.store.port import Reader, Session, Store
from billcore.core.store.providers import Provider

FIXED = "cut_off.fixed"
"""The event of a cut-off whose figures are kept."""

AMOUNTS = ("bills", "settled", "billed", "received", "transferred", "written_off", "credited")


def month_text(month: int, calendar: str) -> str:
    """An accounting month as people write it, "2024-03"."""
    return "{:04}-{:02}".format(*year_and_month(month, calendar))


def check(reader: Reader, provider_id: int, day: int, asked: Asked) -> None:
    """Raises FieldRefused, AttributeUnknown for groups that cannot be told."""
    check_groups(groups(reader, provider_id, asked, day))


def begin(
    write: Write, provider: Provider, month: int, day: int, today: int, asked: Asked
) -> CutOff:
    """A new cut-off of a month, without figures.

    Raises FieldRefused, AttributeUnknown, CutOffFixed.

    The day must have ended: what its payers paid by then may still be recorded.
    """
    number = provider_acting(write.caller)
    if not 1 <= day < today:
        raise FieldRefused("day", f"{iso(day)} has not ended: a cut-off is a day before today.")
    check_asked(write.session, number, asked)
    drawn = providers.drawn(write.session, number, "account")
    accounts = np.arange(owned_id(number, 1), owned_id(number, 1) + drawn)
    known = turn_to_look(write.session, accounts)
    made = CutOff(
        month=month,
        day=day,
        known_at=known.get(number, 0),
        area_length=asked.area_length,
        class_attribute=asked.attribute,
        complete=0,
        client_id=write.caller.client_id,
        actor=write.caller.actor,
        recorded_at=write.now,
    )
    named = month_text(month, provider.calendar)
    if not rows.add(write.session, number, made):
        raise CutOffFixed(named, day)
    told = {"day": day, "known_at": made.known_at}
    tell(write, number, "cut_off.begun", f"cut-off {named} {iso(day)}", told)
    return made


def complete(store: Store, provider: Provider, month: int, day: int, now: int) -> CutOff:
    """Computes and keeps the figures of a cut-off that has none yet; the cut-off.

    Raises CutOffUnknown.
    """
    number = provider.provider_id
    with store.read() as reader:
        begun = found(reader, provider, month, day)
        if begun.complete:
            return begun
        grouped, collected = computed(reader, number, begun)

    def keep(session: Session) -> None:
        if not rows.complete(session, number, month, day):
            return  # another call was faster, with the same figures
        if collected:
            rows.add_figures(session, _columns(number, begun, grouped, collected))
        told = {
            "month": month,
            "day": day,
            "billed": sum(one.billed for one in collected),
            "received": sum(one.received for one in collected),
        }
        subject = f"cut-off {month_text(month, provider.calendar)} {iso(day)}"
        record(session, number, FIXED, subject, told, now)

    again(store, keep)
    return begun._replace(complete=1)


def found(reader: Reader, provider: Provider, month: int, day: int) -> CutOff:
    """A cut-off. Raises CutOffUnknown."""
    kept = rows.one(reader, provider.provider_id, month, day)
    if kept is None:
        raise CutOffUnknown(month_text(month, provider.calendar), day)
    return kept


def computed(reader: Reader, provider_id: int, cut_off: CutOff) -> tuple[Groups, list[Collected]]:
    """What a cut-off comes to, from what was known then, by groups as accounts are in them now."""
    asked = Asked(cut_off.area_length, cut_off.class_attribute)
    grouped = groups(reader, provider_id, asked, cut_off.day)
    collecting = Collecting(cut_off.month, cut_off.month)
    channels = Channels(reader, provider_id, {}, cut_off.known_at)
    for _, _, part in parts(reader, provider_id, AsOf(cut_off.day, cut_off.known_at), channels):
        collecting.add(part, grouped(part.account_id))
    return grouped, collecting.rows


def total(figures: list[Figure]) -> Figure:
    """The sums of figures."""
    sums = [sum(column) for column in zip(*(one[2:] for one in figures), strict=True)]
    return Figure("", "", *(sums or [0] * 8))


def _columns(
    provider_id: int, cut_off: CutOff, grouped: Groups, collected: list[Collected]
) -> dict[str, np.ndarray | pa.StringArray]:
    count = len(collected)
    names = [grouped.names[one.group] for one in collected]
    same = {"provider_id": provider_id, "month": cut_off.month, "day": cut_off.day}
    return {
        **{name: np.full(count, value) for name, value in same.items()},
        "area": pa.array([area for area, _ in names], pa.string()),
        "class": pa.array([word for _, word in names], pa.string()),
        **{name: np.array([getattr(one, name) for one in collected]) for name in AMOUNTS},
        "left_open": np.array([one.open for one in collected]),
    }
