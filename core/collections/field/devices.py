"""Devices: registered with a key, allotted numbers of receipts, locked, retired.

A device belongs to one collector and has one key, for life. A lock is for good: what it says cannot
be trusted any more. The collector gets another device; the office posts what the locked one
recorded and nobody had, by hand, from the records that are kept.
"""

from enum import IntEnum

from billcore.core.accounts.acting import Write, provider_acting, tell
from billcore.core.collections.field import keys
from billcore.core.collections.field.collectors import channel_of, collector_of
from billcore.core.collections.field.errors import DeviceUnfit, DeviceUnknown, FieldWorkInvalid
from billcore.core.collections.field.records import NOTHING_BEFORE, NUMBER_AT
from billcore.core.collections.field.shift import Phase
from billcore.core.events.audit import audit
from billcore.core.events.outbox import record
from billcore.core.payments.channels import check_channel
from billcore.core.payments.intake.place import OpenChannel
from billcore.core.store import field_devices as rows
from billcore.core.store import providers
from billcore.core.store.field_devices import DeviceRow
from billcore.core.store.port import Reader

KIND = "field device"
"""Of the numbers that are drawn."""

NAME_MAX = 100
DEVICES_MAX = 100_000_000
"""A provider has at most so many devices: their receipts' numbers have 63 bits."""

ALLOT_MAX = 10_000
"""Numbers of receipts in one call."""

WHY_MAX = 200


class DeviceState(IntEnum):
    """What a device may do; the numbers travel and are stored."""

    ACTIVE = 1
    LOCKED = 2
    RETIRED = 3


def register(write: Write, code: str, name: str, public_key: bytes) -> DeviceRow:
    """A new device of a collector, without numbers. public_key: 32 bytes of Ed25519.

    Raises ChannelUnknown, ChannelMisfit, CollectorUnknown, FieldWorkInvalid, DeviceUnfit.
    """
    session, provider_id = write.session, provider_acting(write.caller)
    channel = channel_of(session, provider_id, code)
    collector_of(session, provider_id, channel)
    if not 1 <= len(name) <= NAME_MAX or not name.isprintable():
        raise FieldWorkInvalid("name", f"it has 1 to {NAME_MAX} printable characters.")
    if not keys.is_key(public_key):
        raise FieldWorkInvalid("public_key", f"it is {keys.KEY_BYTES} bytes of Ed25519 (RFC 8032).")
    providers.lock(session, provider_id, KIND)  # two that register wait for each other
    for one in of_channel(session, provider_id, channel):
        if one.public_key == public_key:
            raise DeviceUnfit(f"Device {one.device_no} has this key: make another.")
        if one.state == DeviceState.ACTIVE:
            raise DeviceUnfit(
                f"Device {one.device_no} of the collector {code} is active: retire it first.",
                device_no=one.device_no,
            )
    device_no = providers.draw(session, provider_id, KIND, 1)
    if device_no > DEVICES_MAX:
        raise FieldWorkInvalid("name", f"a provider has at most {DEVICES_MAX} devices.")
    row = DeviceRow(
        device_no, channel.channel_no, name, public_key, int(DeviceState.ACTIVE), "", 0,
        NOTHING_BEFORE, 0, int(Phase.NONE), 0, 0, 0, 0, 0, 0, 0, 0, write.now, write.now,
    )  # fmt: skip
    rows.add(session, provider_id, row)
    told = {"channel": code, "device_no": device_no, "public_key": public_key.hex()}
    tell(write, provider_id, "field.device_registered", subject(device_no), told)
    return row


def allot(write: Write, code: str, device_no: int, ahead: int) -> tuple[DeviceRow, int, int]:
    """Sees to it that a device has so many numbers of receipts ahead.

    The device with the first and last number that it may use and has not, as far as the server
    knows. Raises FieldWorkInvalid, DeviceUnfit and as `device_of`.
    """
    if not 1 <= ahead <= ALLOT_MAX:
        raise FieldWorkInvalid("ahead", f"{ahead} is not from 1 to {ALLOT_MAX}.")
    provider_id = provider_acting(write.caller)
    row = held(write, code, device_no)
    check_active(row)
    if row.used + ahead > row.allotted:
        row = row._replace(allotted=row.used + ahead, changed_at=write.now)
        rows.change(write.session, provider_id, row)
        told = {"device_no": device_no, "allotted": row.allotted}
        tell(write, provider_id, "field.numbers_allotted", subject(device_no), told)
    at = device_no * NUMBER_AT
    return row, at + row.used + 1, at + row.allotted


def retire(write: Write, code: str, device_no: int, reason: str) -> DeviceRow:
    """Takes a device out of use, for good: its key signs nothing more.

    Cash that it took and did not hand in stays in the collector's float. Raises as `device_of`.
    """
    row = held(write, code, device_no)
    if row.state == DeviceState.RETIRED:
        return row
    return _end(write, row, DeviceState.RETIRED, reason, "field.device_retired")


def lock(write: Write, row: DeviceRow, why: str) -> DeviceRow:
    """A held device, locked for good. why: of the first lock."""
    if row.state != DeviceState.ACTIVE:
        return row
    return _end(write, row, DeviceState.LOCKED, why, "field.device_locked")


def lock_by_hand(write: Write, code: str, device_no: int, reason: str) -> DeviceRow:
    """As `lock`, of a device that was lost or is not trusted. Raises as `device_of`."""
    return lock(write, held(write, code, device_no), reason)


def held(write: Write, code: str, device_no: int) -> DeviceRow:
    """A collector's device, held until the transaction ends. Raises as `device_of`."""
    provider_id = provider_acting(write.caller)
    rows.held_device(write.session, provider_id, device_no)
    check_channel(write.caller, code)
    return device_of(write.session, provider_id, code, device_no)


def device_of(reader: Reader, provider_id: int, code: str, device_no: int) -> DeviceRow:
    """A collector's device. Raises ChannelUnknown, ChannelMisfit, DeviceUnknown."""
    channel = channel_of(reader, provider_id, code)
    row = rows.device(reader, provider_id, device_no)
    if row is None or row.channel_no != channel.channel_no:
        raise DeviceUnknown(code, device_no)
    return row


def of_channel(reader: Reader, provider_id: int, channel: OpenChannel) -> list[DeviceRow]:
    """All devices that a collector had."""
    return rows.devices(reader, provider_id, channel.channel_no, 0, DEVICES_MAX)


def check_active(row: DeviceRow) -> None:
    """Raises DeviceUnfit."""
    if row.state != DeviceState.ACTIVE:
        state = DeviceState(row.state).name.lower()
        raise DeviceUnfit(
            f"Device {row.device_no} is {state}: {row.why}", device_no=row.device_no, state=state
        )


def subject(device_no: int) -> str:
    """What events and the audit log call it."""
    return f"field device {device_no}"


def _end(write: Write, row: DeviceRow, state: DeviceState, why: str, event: str) -> DeviceRow:
    provider_id = provider_acting(write.caller)
    why = why[:WHY_MAX]
    ended = row._replace(state=int(state), why=why, changed_at=write.now)
    rows.change(write.session, provider_id, ended)
    told = {"device_no": row.device_no, "seq": row.seq}
    record(write.session, provider_id, event, subject(row.device_no), told, write.now)
    at = subject(row.device_no)
    audit(write.session, write.caller, event, at, why, told, write.now)
    return ended
