"""Batches: announced debits of a day, with the amounts that are open now, in a file that is kept.

A batch gathers its debits in chunks, a transaction each, in turns in which nobody posts to their
accounts: the amount of a debit is what its account owes as it is gathered. The last transaction
writes the file and seals it; what was cut off goes on with the same batch. A file's bytes are kept
and never written again.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from billcore.core.accounts.checks import Bools, Ints, ints, only
from billcore.core.accounts.days import iso
from billcore.core.collections.direct_debit import moves, pain008
from billcore.core.collections.direct_debit.batch_files import batch_file
from billcore.core.collections.direct_debit.desk import Desk
from billcore.core.collections.direct_debit.errors import (
    DebitBatchStateUnfit,
    DebitBatchUnknown,
    DebitDayInvalid,
    DebitsMissing,
)
from billcore.core.collections.direct_debit.moves import To
from billcore.core.collections.direct_debit.owed import capped, owed
from billcore.core.collections.direct_debit.states import (
    BATCH_FROM,
    BatchState,
    DebitState,
    Scheme,
    Sequence,
)
from billcore.core.events.audit import audit
from billcore.core.events.outbox import record
from billcore.core.ledger.turns import turn_to_correct
from billcore.core.ordered import places
from billcore.core.store import debit_batches as batch_rows
from billcore.core.store import debits as rows
from billcore.core.store import mandates as mandate_rows
from billcore.core.store import providers
from billcore.core.store.again import again
from billcore.core.store.debit_batches import BatchRow
from billcore.core.store.errors import StoreConflict
from billcore.core.store.port import Column, Columns, Reader, Session, Store

KIND = "debit batch"
"""Of the numbers that are drawn."""

CHUNK = 2_000
"""Debits that are gathered in one transaction."""

PART_BYTES = 2**20
"""A file is kept in parts of so many bytes."""

NOTHING_OWED, NOT_ALLOWED = "PAID", "MANDATE"
"""Codes of debits that are withdrawn: nothing is due any more; mandate or agreement ended."""


@dataclass(frozen=True, slots=True)
class Sealed:
    """left: announced debits of the same day that are in no batch yet."""

    batch: BatchRow
    left: int


def seal(store: Store, desk: Desk, scheme: Scheme, day: int) -> Sealed:
    """Gathers and seals a batch of a collection day, or goes on with the one that is open.

    Raises DebitDayInvalid, DebitsMissing, DebitTermsMissing, DebitFormatUnknown.
    """
    desk.check(scheme)
    if day < desk.today + desk.terms.lead_days:
        lead = desk.terms.lead_days
        message = f"the bank has the debits of {iso(day)} {lead} days before: it is too late."
        raise DebitDayInvalid(iso(day), message)
    batch = again(store, lambda session: _begin(session, desk, scheme, day))
    while again(store, lambda session: _gather(session, desk, batch)):
        pass
    done = again(store, lambda session: _close(session, desk, batch))
    with store.read() as reader:
        key = desk.provider_id, desk.channel.channel_no, scheme, day
        return Sealed(done, rows.sealable(reader, *key))


def found(reader: Reader, provider_id: int, batch_no: int) -> BatchRow:
    """A batch. Raises DebitBatchUnknown."""
    batch = batch_rows.batch(reader, provider_id, batch_no)
    if batch is None:
        raise DebitBatchUnknown(batch_no)
    return batch


def content(store: Store, provider_id: int, batch_no: int) -> Iterator[bytes]:
    """The file of a sealed batch, part by part. Raises DebitBatchUnknown, DebitBatchStateUnfit."""
    with store.read() as reader:
        batch = found(reader, provider_id, batch_no)
    if not batch.bytes:
        word = BatchState(batch.state).name
        raise DebitBatchStateUnfit(batch_no, word, "sealed with debits in it")
    for number in range(1, -(-batch.bytes // PART_BYTES) + 1):
        with store.read() as reader:
            yield batch_rows.part(reader, provider_id, batch_no, number)


def mark_sent(session: Session, desk: Desk, batch: BatchRow, day: int, reason: str) -> BatchRow:
    """Says that the bank has a batch's file since a day. Raises DebitBatchStateUnfit,
    DebitDayInvalid."""
    if not batch.sealed_at or not day <= desk.today:
        check_batch(batch, BatchState.SENT)
        raise DebitDayInvalid(iso(day), f"{iso(day)} is not today or before.")
    made = go(session, desk.provider_id, batch._replace(sent_day=day), BatchState.SENT)
    debits = rows.of_batch(session, desk.provider_id, batch.batch_no)
    moves.move(session, desk.by(), debits, To(DebitState.SUBMITTED, day))
    _tell(session, desk, made, "debit_batch.sent", reason)
    return made


def check_batch(batch: BatchRow, state: BatchState) -> None:
    """Raises DebitBatchStateUnfit unless a batch can go to a state."""
    allowed = BATCH_FROM[state]
    if batch.state not in allowed:
        needed = " or ".join(one.name for one in allowed)
        raise DebitBatchStateUnfit(batch.batch_no, BatchState(batch.state).name, needed)


def go(session: Session, provider_id: int, batch: BatchRow, state: BatchState) -> BatchRow:
    """Moves a batch to a state; what else `batch` has is kept, too. Raises
    DebitBatchStateUnfit."""
    check_batch(batch, state)
    made = batch._replace(state=int(state))
    if not batch_rows.change_batch(session, provider_id, made, batch.state):
        check_batch(found(session, provider_id, batch.batch_no), state)
        raise StoreConflict("debit batch", "another transaction moved it.")
    return made


def _begin(session: Session, desk: Desk, scheme: Scheme, day: int) -> BatchRow:
    """The batch that is open, or a new one."""
    key = desk.provider_id, desk.channel.channel_no, scheme, day
    providers.lock(session, desk.provider_id, KIND)
    there = batch_rows.open_batch(session, *key)
    if there is not None:
        return there
    if not rows.sealable(session, *key):
        raise DebitsMissing(iso(day))
    number = providers.draw(session, desk.provider_id, KIND, 1)
    made = BatchRow(
        batch_no=number,
        channel_no=desk.channel.channel_no,
        scheme=scheme,
        collection_day=day,
        message_id=f"BC{desk.provider_id}-B{number}",
        state=int(BatchState.OPEN),
        format=desk.terms.format if scheme is Scheme.DOMESTIC else desk.terms.version,
        debits=0,
        amount=0,
        digest=b"",
        bytes=0,
        sealed_at=0,
        sent_day=0,
        client_id=desk.caller.client_id,
        recorded_at=desk.now,
    )
    batch_rows.add_batch(session, desk.provider_id, made)
    return made


def _gather(session: Session, desk: Desk, batch: BatchRow) -> bool:
    """Puts some debits into a batch; whether there may be more."""
    key = desk.provider_id, batch.channel_no, batch.scheme, batch.collection_day
    there, _ = batch_rows.batch_sums(session, desk.provider_id, batch.batch_no)
    room = desk.terms.batch_debits_max - there
    most = min(CHUNK, room)
    if most <= 0:
        return False
    debits = rows.to_seal(session, *key, most)
    if not len(debits["debit_no"]):
        return False
    held = ints(debits["account_id"])
    now = turn_to_correct(session, desk.provider_id, held, desk.now)
    # Behind the turn others may have gathered some of them: look again.
    debits = rows.to_seal(session, *key, most)
    debits = only(debits, np.isin(ints(debits["account_id"]), held))
    if not len(debits["debit_no"]):
        return True
    amount, allowed = _amounts(session, desk, debits, batch.collection_day)
    if batch.scheme != Scheme.DOMESTIC:
        amount = np.minimum(amount, pain008.AMOUNT_MAX)
    kept = amount > 0
    sequence = _sequences(session, desk, debits, batch.collection_day)
    by = desk.by(now)
    to = To(
        DebitState.BATCHED,
        desk.today,
        amount=amount[kept],
        batch_no=batch.batch_no,
        sequence=sequence[kept],
    )
    moves.move(session, by, only(debits, kept), to)
    codes = np.where(allowed[~kept], NOTHING_OWED, NOT_ALLOWED).tolist()
    dropped = To(DebitState.WITHDRAWN, desk.today, amount=0, code=codes)
    moves.move(session, by, only(debits, ~kept), dropped)
    return True


def _amounts(reader: Reader, desk: Desk, debits: Columns, day: int) -> tuple[Ints, Bools]:
    """What each debit fetches, and whether its mandate and agreement stand.

    Debits of one account, by several mandates, are served in their order.
    """
    mandate_no, account_id = ints(debits["mandate_no"]), ints(debits["account_id"])
    live = mandate_rows.live(reader, desk.provider_id, mandate_no)
    at, allowed = places(ints(live["mandate_no"]), mandate_no)
    every = np.unique(account_id)
    left = owed(reader, desk.provider_id, every, day, waiting=False)
    where, _ = places(every, account_id)
    limits = [_looked_up(live[name], at) for name in ("amount_max", "autopay_max")]
    amount = np.where(allowed, capped(left[where], *limits), 0)
    if len(every) < len(account_id):
        for row in range(len(account_id)):
            amount[row] = min(int(amount[row]), int(left[where[row]]))
            left[where[row]] -= amount[row]
    return amount, allowed


def _sequences(reader: Reader, desk: Desk, debits: Columns, day: int) -> Ints:
    """Which debit of its mandate each is: the only one, the first, the last of a closed account."""
    mandate_no, account_id = ints(debits["mandate_no"]), ints(debits["account_id"])
    live = mandate_rows.live(reader, desk.provider_id, mandate_no)
    at, there = places(ints(live["mandate_no"]), mandate_no)
    one_off = there & (_looked_up(live["one_off"], at) == 1)
    _, used = places(rows.used_before(reader, desk.provider_id, mandate_no), mandate_no)
    told = mandate_rows.account_numbers(reader, account_id)
    at, _ = places(ints(told["account_id"]), account_id)
    closed = ints(told["closed_day"])[at] <= day
    found = np.where(used, Sequence.RCUR.value, Sequence.FRST.value)
    found = np.where(closed, Sequence.FNAL.value, found)
    return np.where(one_off, Sequence.OOFF.value, found).astype(np.int64)


def _looked_up(column: Column, at: Ints) -> Ints:
    """The values at these places; of an empty column 0."""
    values = ints(column)
    return values[at] if values.size else np.zeros(len(at), dtype=np.int64)


def _close(session: Session, desk: Desk, batch: BatchRow) -> BatchRow:
    """Writes the file of a batch that is gathered and seals it; once."""
    providers.lock(session, desk.provider_id, KIND)
    now = found(session, desk.provider_id, batch.batch_no)
    if now.state != BatchState.OPEN:
        return now  # another process sealed it
    debits = rows.of_batch(session, desk.provider_id, batch.batch_no)
    count = len(debits["debit_no"])
    if not count:
        made = go(session, desk.provider_id, now, BatchState.EMPTY)
        _tell(session, desk, made, "debit_batch.empty", "")
        return made
    amount = int(ints(debits["amount"]).sum())
    sealed = now._replace(debits=count, amount=amount, sealed_at=desk.now)
    file = batch_file(session, desk, sealed, debits)
    sealed = sealed._replace(digest=hashlib.sha256(file).digest(), bytes=len(file))
    for number, start in enumerate(range(0, len(file), PART_BYTES), start=1):
        part = file[start : start + PART_BYTES]
        batch_rows.add_part(session, desk.provider_id, batch.batch_no, number, part)
    made = go(session, desk.provider_id, sealed, BatchState.SEALED)
    _tell(session, desk, made, "debit_batch.sealed", "")
    return made


def _tell(session: Session, desk: Desk, batch: BatchRow, kind: str, reason: str) -> None:
    told = {
        "batch_no": batch.batch_no,
        "message_id": batch.message_id,
        "channel": desk.channel.channel,
        "scheme": Scheme(batch.scheme).name,
        "collection_day": batch.collection_day,
        "debits": batch.debits,
        "amount": batch.amount,
        "digest": batch.digest.hex(),
    }
    subject = f"debit batch {batch.batch_no}"
    record(session, desk.provider_id, kind, subject, told, desk.now)
    audit(session, desk.caller, kind, subject, reason, told, desk.now)
