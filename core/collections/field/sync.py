"""Records taken in: each once, in the order of its chain, with all that it does, together.

The device is held first, then its collector's agent, then accounts (as `payments.agents.floats`
asks). A record's answer is made when it takes effect and never changes: the same bytes again have
the same answer. A fork, a broken chain or a fault of the device locks it; what it sent stays kept.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa

from billcore.core.accounts.acting import Write
from billcore.core.collections.field import chain, devices
from billcore.core.collections.field.chain import Signed, Sorted, Tail
from billcore.core.collections.field.collectors import collector_of
from billcore.core.collections.field.contents import Receipt, Reprint, Tender, Visit, Void
from billcore.core.collections.field.devices import DeviceState
from billcore.core.collections.field.effects import Disputes, Effects
from billcore.core.collections.field.errors import (
    DeviceRecordInvalid,
    FieldWorkInvalid,
    QuarantineFull,
)
from billcore.core.collections.field.keeping import (
    FORKED,
    after,
    shift_of,
    signed_again,
    taken_row,
    waiting_row,
)
from billcore.core.collections.field.keys import Signatures
from billcore.core.collections.field.records import read
from billcore.core.collections.field.shift import Fault, Kept, Rules, Shift
from billcore.core.collections.field.taken import Taken
from billcore.core.durations import SECOND
from billcore.core.events.outbox import record
from billcore.core.payments.agents import floats
from billcore.core.payments.intake.place import Place
from billcore.core.payments.intake.post import order_rows
from billcore.core.store import field_devices as device_rows
from billcore.core.store import field_records as rows
from billcore.core.store import payments as payment_rows
from billcore.core.store.field_devices import DeviceRow
from billcore.core.store.field_records import RecordRow
from billcore.core.store.port import Column, Reader, Session

RECORDS_MAX = 1_000
"""Records in one call."""

QUARANTINE_MAX = 10_000
"""So many records of a device may wait for missing ones (QuarantineFull)."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of a record that was sent. row: as it is kept; of a fork, the one that it is not.

    seq, hash: of what was sent.
    """

    seq: int
    hash: bytes
    state: int
    row: RecordRow


@dataclass(frozen=True, slots=True)
class Synced:
    """Answers in the order in which records were sent, and where the device is now. missing: the
    first record that others wait for, 0: none do."""

    device: DeviceRow
    answers: tuple[Answer, ...]
    missing: int


def signed(
    device: DeviceRow,
    provider_id: int,
    given: Sequence[tuple[str, bytes]],
    disputes: Disputes,
) -> list[Signed]:
    """What was sent, read and checked against the device's key: before any transaction, because
    keys never change. Raises DeviceRecordInvalid, FieldWorkInvalid."""
    if not 1 <= len(given) <= RECORDS_MAX:
        raise FieldWorkInvalid("records", f"1 to {RECORDS_MAX} records come in one call.")
    key = Signatures(device.public_key)
    found = []
    for place, (line, signature) in enumerate(given):
        at = f"records[{place}].line"
        told = read(line, at)
        if (told.provider_id, told.device_no) != (provider_id, device.device_no):
            raise DeviceRecordInvalid(at, f"it is not of device {provider_id}/{device.device_no}.")
        if not key.is_signed(line, signature):
            signed_at = f"records[{place}].signature"
            raise DeviceRecordInvalid(signed_at, "it is not the device's of this line.")
        if isinstance(told.content, Visit):
            disputes.check(told.content, at)
        found.append(chain.signed(told, line, signature))
    return found


def sync(
    write: Write, place: Place, device_no: int, given: Sequence[Signed], disputes: Disputes
) -> Synced:
    """Takes in what a device sent. Raises DeviceUnknown, DeviceUnfit, QuarantineFull."""
    session, provider_id = write.session, place.provider_id
    device = devices.held(write, place.channel.channel, device_no)
    floats.hold(session, provider_id, place.channel, write.now)
    seqs = sorted({one.record.seq for one in given})
    kept = rows.of_seqs(session, provider_id, device_no, seqs)
    found = chain.sort({seq: row.hash for seq, row in kept.items()}, given)
    if device.state == DeviceState.RETIRED and (found.new or found.forks):
        devices.check_active(device)
    run = _Run(write, place, device, disputes)
    if found.forks:
        run.fork(found)
    if found.new:
        kept |= run.take(found.new)
    answers = tuple(_answer(one, kept) for one in given)
    return Synced(run.device, answers, missing_of(session, provider_id, run.device))


def missing_of(reader: Reader, provider_id: int, device: DeviceRow) -> int:
    """The record that others of a device wait for; 0: none do."""
    count, _ = rows.waiting(reader, provider_id, device.device_no, device.seq)
    return device.seq + 1 if count else 0


def _answer(one: Signed, kept: Mapping[int, RecordRow]) -> Answer:
    row = kept[one.record.seq]
    state = row.state if row.hash == one.hash else FORKED
    return Answer(one.record.seq, one.hash, state, row)


@dataclass(slots=True)
class _Run:
    """One call's way through the chain of a held device."""

    write: Write
    place: Place
    device: DeviceRow
    disputes: Disputes
    taken: list[Taken] = field(default_factory=list)

    def fork(self, found: Sorted) -> None:
        """Keeps what else was signed, and locks the device."""
        forks = found.forks
        columns: dict[str, Column] = {
            "seq": np.array([one.record.seq for one in forks], dtype=np.int64),
            "hash": pa.array([one.hash for one in forks], pa.binary()),
            "line": pa.array([one.line for one in forks], pa.string()),
            "signature": pa.array([one.signature for one in forks], pa.binary()),
            "received_at": np.full(len(forks), self.write.now),
        }
        rows.add_forks(self.write.session, self._key(len(forks)) | columns)
        seq = min(one.record.seq for one in forks)
        self.device = devices.lock(self.write, self.device, f"Two records {seq} were signed.")

    def take(self, new: Mapping[int, Signed]) -> dict[int, RecordRow]:
        """Keeps new records; those that the chain has reached take effect. All that changed."""
        session, provider_id = self.write.session, self.place.provider_id
        key = provider_id, self.device.device_no
        count, _ = rows.waiting(session, *key, self.device.seq)
        waited: dict[int, RecordRow] = {}
        if self.device.seq + 1 in new and self.device.state == DeviceState.ACTIVE:
            behind = rows.behind(session, *key, self.device.seq, QUARANTINE_MAX)
            waited = {row.seq: row for row in behind}
            self._go(new, waited)
        done = {one.signed.record.seq for one in self.taken}
        if count + len(new) - len(done) > QUARANTINE_MAX:
            raise QuarantineFull(self.device.device_no, QUARANTINE_MAX, self.device.seq + 1)
        found = {one.signed.record.seq: taken_row(one, self.write.now) for one in self.taken}
        for seq in new.keys() - done:
            found[seq] = waiting_row(new[seq], self.write.now)
        self._keep(session, [found[seq] for seq in sorted(new)])
        late = [seq for seq in waited if seq in done]
        for seq in late:
            found[seq] = found[seq]._replace(received_at=waited[seq].received_at)
        rows.take(session, *key, [found[seq] for seq in late])
        device_rows.change(session, provider_id, self.device)
        return found

    def _go(self, new: Mapping[int, Signed], waited: Mapping[int, RecordRow]) -> None:
        """Moves the device along its chain, and posts what that did."""

        def find(seq: int) -> Signed | None:
            if seq in new:
                return new[seq]
            return signed_again(waited[seq]) if seq in waited else None

        session, device = self.write.session, self.device
        every = list(chain.ready(Tail(device.seq, device.hash), find))
        shift, rules = shift_of(device), self._rules()
        receipts = self._receipts(every)
        used = self._used(every)
        effects = Effects(self.write, self.place, device, self.disputes)
        refused = effects.refused([one.record for one in every])
        why = ""
        for one in every:
            tail = Tail(self.device.seq, self.device.hash)
            why = refused.get(one.record.seq, "")
            why = why or self._step(one, tail, shift, receipts, used, rules)
            if why:
                break
        self.device = after(self.device, shift, self.write.now)
        effects.post(self.taken)
        if self.taken:
            told = {
                "device_no": device.device_no,
                "from_seq": device.seq + 1,
                "until_seq": self.device.seq,
            }
            subject = devices.subject(device.device_no)
            now = self.write.now
            record(session, self.place.provider_id, "field.records_taken", subject, told, now)
        if why:
            self.device = devices.lock(self.write, self.device, why)

    def _step(
        self,
        one: Signed,
        tail: Tail,
        shift: Shift,
        receipts: dict[int, Kept],
        used: frozenset[str],
        rules: Rules,
    ) -> str:
        """Takes a record; why the device is locked instead, or ''."""
        told = one.record
        if not chain.is_chained(tail, one):
            return f"Record {told.seq} does not follow the record before it."
        if isinstance(told.content, Receipt) and str(told.content.number) in used:
            return f"The number of record {told.seq} is another payment's."
        flags = shift.take(told, receipts, rules)
        if isinstance(flags, Fault):
            return flags.detail
        if isinstance(told.content, Receipt):
            given = told.content
            receipts[given.number] = Kept(shift.start_seq, given.tender, given.amount)
        self.taken.append(Taken(one, flags, shift.start_seq))
        self.device = self.device._replace(seq=told.seq, hash=one.hash)
        return ""

    def _rules(self) -> Rules:
        provider_id, channel = self.place.provider_id, self.place.channel
        session = self.write.session
        agent = floats.hold(session, provider_id, channel, self.write.now)
        limits = collector_of(session, provider_id, channel)
        return Rules(
            allotted=self.device.allotted,
            float_limit=agent.float_limit,
            cash_max=limits.cash_max,
            offline_seconds=limits.offline_minutes_max * 60,
            snapshot_seconds=limits.snapshot_minutes_max * 60,
            grace_seconds=limits.grace_minutes * 60,
            time_zone=self.place.time_zone,
            now=self.write.now // SECOND,
        )

    def _receipts(self, every: Sequence[Signed]) -> dict[int, Kept]:
        """The receipts that voids and reprints name, as they are kept."""
        told = [one.record.content for one in every]
        numbers = sorted({one.number for one in told if isinstance(one, Void | Reprint)})
        found = rows.receipts(self.write.session, self.place.provider_id, numbers)
        return {
            number: Kept(
                row.start_seq, Tender(row.tender), row.amount, bool(row.void_seq), row.copies
            )
            for number, row in found.items()
            if row.device_no == self.device.device_no
        }

    def _used(self, every: Sequence[Signed]) -> frozenset[str]:
        """Which numbers of new receipts stand for other payments of the channel."""
        told = [one.record.content for one in every]
        wanted = [str(one.number) for one in told if isinstance(one, Receipt)]
        key = self.place.provider_id, self.place.channel.channel_no
        session = self.write.session
        there = order_rows(payment_rows.of_references(session, *key, wanted))
        found = frozenset(order.reference for order in there)
        if payment_rows.has_reservations(session, *key):
            found |= payment_rows.reservations(session, *key, wanted).keys()
        return found

    def _keep(self, session: Session, found: Sequence[RecordRow]) -> None:
        texts = {"line": pa.string(), "signature": pa.binary(), "hash": pa.binary()}
        columns: dict[str, Column] = {}
        for name, values in zip(RecordRow._fields, zip(*found, strict=True), strict=True):
            if name in texts:
                columns[name] = pa.array(values, texts[name])
            else:
                columns[name] = np.array(values, dtype=np.int64)
        rows.add(session, self._key(len(found)) | columns)

    def _key(self, count: int) -> dict[str, Column]:
        return {
            "provider_id": np.full(count, self.place.provider_id),
            "device_no": np.full(count, self.device.device_no),
        }
