"""Payments in the books: account entries, suspense, the general ledger, events.

One entry of the general ledger a day, channel and client: the channel's ledger account has what
its payers paid; the receivable is less by what accounts get, suspense holds the rest.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from billcore.core.accounts.checks import Ints
from billcore.core.events import canonical
from billcore.core.events.outbox import record_new
from billcore.core.ledger import journal
from billcore.core.ledger.chart import RECEIVABLE
from billcore.core.ledger.kinds import EntryKind
from billcore.core.ledger.told import ENTRIES_POSTED, tell_documents
from billcore.core.ordered import distinct
from billcore.core.payments.codes import Code, State
from billcore.core.payments.intake.place import OpenChannel
from billcore.core.store import ledger as rows
from billcore.core.store import payments as payment_rows
from billcore.core.store.columns import FEW, picked
from billcore.core.store.port import Session

_SPACE = pa.scalar(" ", pa.string())

SUSPENSE = "suspense"
FOREIGN = "suspense_foreign"

SUSPENDED = "payments.suspended"
"""Events that tell money which is no account's: payment_ids, amounts, codes."""


@dataclass(frozen=True, slots=True)
class Booking:
    """New payments of one provider as columns of one length, each once, at least one.

    amount: minor units, above 0; account_id 0: to suspense. channels: by number.
    strategy: the number of the one by which they are allocated.
    """

    provider_id: int
    recorded_at: int
    channels: Mapping[int, OpenChannel]
    payment_id: Ints
    account_id: Ints
    amount: Ints
    day: Ints
    channel_no: Ints
    client_id: Ints
    code: Ints
    reference: pa.StringArray
    direction: pa.StringArray
    strategy: int

    @property
    def source(self) -> str:
        """Names the batch: a payment is new once."""
        return f"payments/{int(self.payment_id[0])}"


def book(session: Session, booking: Booking, order_provider_id: int, part_no: Ints) -> None:
    """Posts new payments; StoreConflict where another transaction did.

    order_provider_id, part_no: in whose order, as which part (0: whole).
    The accounts must be held (`turn_to_post`), recorded_at be taken behind that.
    """
    entries, entry_id = _general(booking)
    ready = journal.ready(session, entries)
    with session.together(len(booking.amount)):
        journal.add(session, ready)
        _accounts(session, booking, entry_id)
        _suspend(session, booking, order_provider_id, part_no)


def _general(booking: Booking) -> tuple[list[journal.Entry], Ints]:
    """The entries of the general ledger, named after new payments; which one each is in."""
    entry_id = np.zeros(len(booking.amount), dtype=np.int64)
    entries = []
    for day, channel_no, client_id, chosen in _groups(booking):
        entry = journal.Entry(
            provider_id=booking.provider_id,
            source=f"{booking.source}/{channel_no}/{day}/{client_id}",
            day=day,
            kind=EntryKind.PAYMENT,
            amounts=_amounts(booking, channel_no, chosen),
            client_id=client_id,
            recorded_at=booking.recorded_at,
        )
        entries.append(entry)
        entry_id[chosen] = entry.entry_id
    return entries, entry_id


def _groups(booking: Booking) -> Iterator[tuple[int, int, int, Ints]]:
    """(day, channel number, client, rows) of each day, channel and client."""
    keys = np.stack([booking.day, booking.channel_no, booking.client_id])
    if (keys == keys[:, :1]).all():
        yield *keys[:, 0].tolist(), np.arange(keys.shape[1])
        return
    order = np.lexsort(keys)
    starts = np.flatnonzero((np.diff(keys[:, order]) != 0).any(axis=0)) + 1
    for chosen in np.split(order, starts):
        yield *keys[:, chosen[0]].tolist(), chosen


def _amounts(booking: Booking, channel_no: int, chosen: Ints) -> dict[str, int]:
    """Minor units by ledger account, debit positive; they sum to 0."""
    amount, code = booking.amount[chosen], booking.code[chosen]
    posted = booking.account_id[chosen] != 0
    foreign = ~posted & (code == Code.FOREIGN)
    parts = ((RECEIVABLE, posted), (FOREIGN, foreign), (SUSPENSE, ~posted & ~foreign))
    found = {name: -int(amount[rows].sum()) for name, rows in parts if rows.any()}
    return found | {booking.channels[channel_no].ledger: int(amount.sum())}


def _accounts(session: Session, booking: Booking, entry_id: Ints) -> None:
    chosen = np.flatnonzero(booking.account_id)
    if not chosen.size:
        return
    chosen = chosen[np.argsort(booking.account_id[chosen], kind="stable")]
    account_id, payment_id = booking.account_id[chosen], booking.payment_id[chosen]
    amount, day = -booking.amount[chosen], booking.day[chosen]
    kind = np.full(chosen.size, EntryKind.PAYMENT.value)
    nothing = np.zeros(chosen.size, dtype=np.int64)
    rows.add_account_entries(
        session,
        {
            "account_id": account_id,
            "account_entry_id": payment_id,
            "kind": kind,
            "day": day,
            "amount": amount,
            "entry_id": entry_id[chosen],
            "reverses": nothing,
            "reference": _named(booking, chosen),
            "recorded_at": np.full(chosen.size, booking.recorded_at),
            "direction": picked(booking.direction, chosen),
            "strategy": np.full(chosen.size, booking.strategy),
        },
    )
    told = {
        "account_ids": account_id,
        "document_ids": payment_id,
        "days": day,
        "amounts": amount,
        "kinds": kind,
        "reverses": nothing,
    }
    provider_id, now = booking.provider_id, booking.recorded_at
    tell_documents(session, provider_id, ENTRIES_POSTED, booking.source, told, now, new=True)


def _named(booking: Booking, chosen: Ints) -> pa.StringArray:
    """What statements call each payment: its channel and reference."""
    channel_no = booking.channel_no[chosen]
    references: pa.StringArray = picked(booking.reference, chosen)
    if len(references) <= FEW:
        heads = [booking.channels[number].channel for number in channel_no.tolist()]
        named = zip(heads, references.to_pylist(), strict=True)
        return pa.array([f"{head} {reference}" for head, reference in named], pa.string())
    numbers = distinct(channel_no)
    codes = pa.array([booking.channels[number].channel for number in numbers.tolist()], pa.string())
    heads = codes[0]
    if len(numbers) > 1:
        heads = codes.take(pa.array(np.searchsorted(numbers, channel_no)))
    return pc.binary_join_element_wise(heads, references, _SPACE)


def _suspend(session: Session, booking: Booking, order_provider_id: int, part_no: Ints) -> None:
    chosen = np.flatnonzero(booking.account_id == 0)
    if not chosen.size:
        return
    ledger = np.where(booking.code[chosen] == Code.FOREIGN, FOREIGN, SUSPENSE)
    count = chosen.size
    payment_rows.suspend(
        session,
        {
            "provider_id": np.full(count, booking.provider_id),
            "payment_id": booking.payment_id[chosen],
            "order_provider_id": np.full(count, order_provider_id),
            "channel_no": booking.channel_no[chosen],
            "reference": picked(booking.reference, chosen),
            "part_no": part_no[chosen],
            "ledger": pa.array(ledger.tolist(), pa.string()),
            "amount": booking.amount[chosen],
            "day": booking.day[chosen],
            "recorded_at": np.full(count, booking.recorded_at),
        },
    )
    told = {
        "payment_ids": booking.payment_id[chosen].tolist(),
        "amounts": booking.amount[chosen].tolist(),
        "codes": [Code(code).name for code in booking.code[chosen].tolist()],
    }
    content = [canonical.text(told)]
    source, now = booking.source, booking.recorded_at
    record_new(session, booking.provider_id, SUSPENDED, source, content, now)


def states(account_id: Ints) -> Ints:
    """POSTED or SUSPENDED of each payment."""
    return np.where(account_id != 0, State.POSTED.value, State.SUSPENDED.value)
