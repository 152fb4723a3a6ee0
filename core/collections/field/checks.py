"""The invariants of field work, for `billcore verify`."""

from collections.abc import Iterator

from billcore.core.collections.field import keys
from billcore.core.collections.field.devices import DEVICES_MAX
from billcore.core.collections.field.records import NOTHING_BEFORE, hash_of, read
from billcore.core.collections.field.shift import Flag
from billcore.core.findings import MOST, Broken, broken
from billcore.core.store import field_checks as rows
from billcore.core.store import field_devices as device_rows
from billcore.core.store import field_routes as route_rows
from billcore.core.store.field_devices import DeviceRow
from billcore.core.store.port import Reader


def device_chains(reader: Reader, provider_id: int) -> Iterator[Broken]:
    """The records of a device with effect are 1, 2, … up to its last, each naming the hash of the
    one before, each hashed and signed right; what waits stands behind a gap or a lock."""
    for device in device_rows.devices(reader, provider_id, 0, 0, DEVICES_MAX):
        for seq, message in _chain(reader, provider_id, device):
            yield broken(message, device_no=device.device_no, seq=seq)
    for device_no in rows.tails_wrong(reader, provider_id, MOST):
        yield broken("Its records have gaps before its last.", device_no=device_no)


def field_receipts(reader: Reader, provider_id: int) -> Iterator[Broken]:
    """The numbers of a device's receipts are 1, 2, … up to what it used, within what it was
    allotted; a receipt of cash is a payment of its amount; a void undoes it."""
    for device_no in rows.miscounted(reader, provider_id, MOST):
        yield broken("Its receipts are not those that it used.", device_no=device_no)
    for number in rows.unpaid(reader, provider_id, MOST):
        yield broken("No payment is of this receipt.", number=number)
    late = int(Flag.VOID_LATE)
    for number in rows.unvoided(reader, provider_id, late, MOST):
        yield broken("It is void, and its payment stands.", number=number)


def field_work(reader: Reader, provider_id: int) -> Iterator[Broken]:
    """Visits stand where a record moved them, disputes have a case; what was handed in and
    confirmed was counted in a shift of the agent."""
    for assignment_no, account_id in route_rows.unfounded(reader, provider_id, MOST):
        where = {"assignment_no": assignment_no, "account_id": account_id}
        yield broken("No record moved the visit there.", **where)
    for device_no, seq in rows.uncounted(reader, provider_id, MOST):
        yield broken("No shift counted the cash.", device_no=device_no, seq=seq)


def _chain(reader: Reader, provider_id: int, device: DeviceRow) -> Iterator[tuple[int, str]]:
    signatures = keys.Signatures(device.public_key)
    before = NOTHING_BEFORE
    for row in rows.every(reader, provider_id, device.device_no):
        if hash_of(row.line) != row.hash:
            yield row.seq, "Its hash is not its line's."
        elif not signatures.is_signed(row.line, row.signature):
            yield row.seq, "Its signature is not the device's."
        elif row.seq <= device.seq and read(row.line).previous != before:
            yield row.seq, "It does not name the record before."
        if row.seq <= device.seq:
            before = row.hash
    if before != device.hash:
        yield device.seq, "The device's last hash is not that of its last record."
