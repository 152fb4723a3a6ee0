"""Collectors: what goes for the agent of a field channel, beside float limit and commission."""

from typing import NamedTuple

from billcore.core.accounts.accounts import PHONE
from billcore.core.accounts.acting import Write, provider_acting, tell
from billcore.core.accounts.checks import one_row, read
from billcore.core.accounts.errors import changed_meanwhile
from billcore.core.collections.field.errors import CollectorUnknown, FieldWorkInvalid
from billcore.core.collections.field.records import AMOUNT_MAX
from billcore.core.payments.agents import agents
from billcore.core.payments.channels import ChannelKind
from billcore.core.payments.errors import ChannelMisfit
from billcore.core.payments.intake.place import OpenChannel
from billcore.core.store import field_devices as rows
from billcore.core.store.field_devices import CollectorRow
from billcore.core.store.port import Reader

MINUTES_MAX = 366 * 24 * 60


class Limits(NamedTuple):
    """What devices of a collector hold to. phone: printed on notices that are left.

    warn_percent: of the float limit, from which on the device warns; cash_max: minor units of one
    payment; minutes without the server, of age of the debts, behind midnight; 0: no limit.
    """

    phone: str
    warn_percent: int = 80
    cash_max: int = 0
    offline_minutes_max: int = 0
    snapshot_minutes_max: int = 0
    grace_minutes: int = 120


def set_collector(
    write: Write, code: str, limits: Limits, revision: int, reason: str = ""
) -> CollectorRow:
    """Sets what goes for the agent of a channel; revision 0: nobody did before.

    Raises ChannelUnknown, ChannelMisfit, AgentUnknown, FieldWorkInvalid, RevisionConflict.
    """
    provider_id = provider_acting(write.caller)
    channel = channel_of(write.session, provider_id, code)
    agents.agent_of(write.session, provider_id, channel)
    _check(limits)
    row = CollectorRow(channel.channel_no, *limits, revision, write.now)
    subject = f"collector {channel.channel_no}"
    if not rows.put_collector(write.session, provider_id, row):
        there = rows.collector(write.session, provider_id, channel.channel_no)
        raise changed_meanwhile(subject, revision, there.revision if there else 0)
    told = {"channel": code, "revision": revision + 1}
    tell(write, provider_id, "field.collector_set", subject, told, reason)
    return row._replace(revision=revision + 1)


def channel_of(reader: Reader, provider_id: int, code: str) -> OpenChannel:
    """A collector's channel, also a disabled one. Raises ChannelUnknown, ChannelMisfit."""
    channel = agents.channel_of(reader, provider_id, code)
    if channel.kind != ChannelKind.FIELD_DEVICE:
        raise ChannelMisfit("channel", f"{code} is of the kind {channel.kind}, not field_device.")
    return channel


def collector_of(reader: Reader, provider_id: int, channel: OpenChannel) -> CollectorRow:
    """What goes for a channel's collector. Raises CollectorUnknown."""
    found = rows.collector(reader, provider_id, channel.channel_no)
    if found is None:
        raise CollectorUnknown(channel.channel)
    return found


def _check(limits: Limits) -> None:
    _, checks = read("collectors", (PHONE,), one_row({"phone": limits.phone}))
    checks.raise_first()
    if not limits.phone.strip():
        raise FieldWorkInvalid("phone", "notices that are left tell it: say one.")
    for name, most in (
        ("warn_percent", 100),
        ("cash_max", AMOUNT_MAX),
        ("offline_minutes_max", MINUTES_MAX),
        ("snapshot_minutes_max", MINUTES_MAX),
        ("grace_minutes", 24 * 60),
    ):
        value = getattr(limits, name)
        if not 0 <= value <= most:
            raise FieldWorkInvalid(name, f"{value} is not from 0 to {most}.")
