"""Cash that a device handed in, counted and countersigned by a cashier.

The record tells what the device took and what the collector counted; the cashier counts again. What
lacks or is too much is posted as `payments.agents.shifts` does. The agent's shift ends with it,
unless this or another device began a shift meanwhile, whose cash stays in the float. What devices
take is handed over in no other way, or it would be counted twice.
"""

from billcore.core.accounts.acting import Write, provider_acting, tell
from billcore.core.collections.field import devices
from billcore.core.collections.field.errors import HandInUnfit, HandInUnknown
from billcore.core.collections.field.shift import Phase
from billcore.core.collections.field.sync import missing_of
from billcore.core.payments.agents import agents, shifts
from billcore.core.payments.channels import ChannelKind
from billcore.core.store import agents as agent_rows
from billcore.core.store import field_devices as device_rows
from billcore.core.store import field_records as rows
from billcore.core.store.field_devices import DeviceRow
from billcore.core.store.field_records import HandInRow
from billcore.core.store.port import Reader


def confirm(
    write: Write, code: str, device_no: int, seq: int, counted: int, today: int, source: str
) -> HandInRow:
    """Countersigns a hand-in with what the cashier counted, in minor units.

    today: an ordinal; source: unique per provider. Raises HandInUnknown (also while records before
    it are missing), HandInUnfit, AgentFieldInvalid, and as `devices.device_of`.
    """
    session, provider_id = write.session, provider_acting(write.caller)
    device = devices.held(write, code, device_no)
    agent_rows.held_agent(session, provider_id, device.channel_no)
    row = rows.hand_in(session, provider_id, device_no, seq)
    if row is None:
        raise HandInUnknown(device_no, seq, missing_of(session, provider_id, device))
    _check(write, row, device)
    agent = agent_rows.agent(session, provider_id, device.channel_no)
    assert agent is not None  # a collector has one
    if _is_last(write, device, row):
        shifts.close_shift(write, code, counted, today, source)
    else:
        shifts.hand_in(write, code, row.total, counted, today, source)
    confirmed = row._replace(
        counted=counted,
        shift_no=agent.shift_no,
        confirmed_at=write.now,
        confirmed_by=write.caller.client_id,
    )
    rows.confirm(session, provider_id, confirmed)
    told = {"device_no": device_no, "seq": seq, "total": row.total, "counted": counted}
    subject = devices.subject(device_no)
    tell(write, provider_id, "field.hand_in_confirmed", subject, told)
    return confirmed


def check_no_hand_in(write: Write, code: str) -> None:
    """Raises HandInUnfit where cash of a channel's agent comes, or is to come, with a hand-in.

    The agent is held until the transaction ends. Raises ChannelUnknown, ChannelMisfit.
    """
    session, provider_id = write.session, provider_acting(write.caller)
    channel = agents.channel_of(session, provider_id, code)
    if channel.kind != ChannelKind.FIELD_DEVICE:
        return
    agent_rows.held_agent(session, provider_id, channel.channel_no)
    for one in rows.open_hand_ins(session, provider_id, channel.channel_no):
        raise HandInUnfit(
            f"Hand-in {one.seq} of device {one.device_no} is not confirmed: confirm that.",
            device_no=one.device_no,
            seq=one.seq,
        )
    working = _working(session, provider_id, channel.channel_no)
    if working is not None:
        raise HandInUnfit(
            f"The shift of device {working.device_no} goes on: its cash comes with its hand-in.",
            device_no=working.device_no,
        )


def _check(write: Write, row: HandInRow, device: DeviceRow) -> None:
    if row.confirmed_at:
        raise HandInUnfit(
            f"Hand-in {row.seq} of device {row.device_no} is confirmed already.",
            device_no=row.device_no,
            seq=row.seq,
        )
    provider_id = provider_acting(write.caller)
    first = rows.open_hand_ins(write.session, provider_id, device.channel_no)[0]
    if (first.device_no, first.seq) != (row.device_no, row.seq):
        raise HandInUnfit(
            f"Hand-in {first.seq} of device {first.device_no} comes first: confirm that.",
            device_no=first.device_no,
            seq=first.seq,
        )


def _is_last(write: Write, device: DeviceRow, row: HandInRow) -> bool:
    """Whether the float has nothing but a hand-in: no shift of the device began behind it, and the
    collector's other device has none."""
    session, provider_id = write.session, provider_acting(write.caller)
    working = _working(session, provider_id, device.channel_no)
    if working is not None and working.device_no != row.device_no:
        return False
    alone = len(rows.open_hand_ins(session, provider_id, device.channel_no)) == 1
    return alone and device.start_seq < row.seq


def _working(reader: Reader, provider_id: int, channel_no: int) -> DeviceRow | None:
    """The active device of a collector, if its shift goes on."""
    for one in device_rows.devices(reader, provider_id, channel_no, 0, devices.DEVICES_MAX):
        if one.state == devices.DeviceState.ACTIVE and one.phase != Phase.NONE:
            return one
    return None
