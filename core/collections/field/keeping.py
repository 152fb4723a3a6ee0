"""Records, devices and their shifts as rows, and back."""

from billcore.core.collections.field.chain import Signed
from billcore.core.collections.field.records import read
from billcore.core.collections.field.shift import Phase, Shift
from billcore.core.collections.field.taken import Taken
from billcore.core.store.field_devices import DeviceRow
from billcore.core.store.field_records import RecordRow

TAKEN, WAITING, FORKED = 1, 2, 3
"""The states of records; the numbers travel, the first two are stored."""

STATES = {TAKEN: "taken", WAITING: "waiting", FORKED: "forked"}
"""Their words, as metrics have them."""


def signed_again(row: RecordRow) -> Signed:
    """A kept record as it came."""
    return Signed(read(row.line), row.line, row.signature, row.hash)


def waiting_row(one: Signed, now: int) -> RecordRow:
    """A record that waits, as it is kept."""
    kind = int(one.record.kind)
    seq = one.record.seq
    return RecordRow(seq, kind, one.line, one.signature, one.hash, WAITING, 0, 0, 0, 0, now, 0)


def shift_of(device: DeviceRow) -> Shift:
    """The shift of a device, as it is kept."""
    return Shift(
        Phase(device.phase), device.start_seq, device.started_at, device.snapshot_at, device.used,
        device.total, device.receipts, device.voids, device.last_at,
    )  # fmt: skip


def after(device: DeviceRow, shift: Shift, now: int) -> DeviceRow:
    """A device behind what its shift is now."""
    return device._replace(
        phase=int(shift.phase),
        start_seq=shift.start_seq,
        started_at=shift.started_at,
        snapshot_at=shift.snapshot_at,
        used=shift.used,
        total=shift.total,
        receipts=shift.receipts,
        voids=shift.voids,
        last_at=shift.last_at,
        changed_at=now,
    )


def taken_row(one: Taken, now: int) -> RecordRow:
    """A record that takes effect, as it is kept."""
    told = one.signed
    return RecordRow(
        told.record.seq, int(told.record.kind), told.line, told.signature, told.hash, TAKEN,
        int(one.flags), one.payment_id, one.surplus, one.case_no, now, now,
    )  # fmt: skip
