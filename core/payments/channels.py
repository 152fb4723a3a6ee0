"""Channels: what payments come through, each with its policies. A provider has its own; the house's
serve every provider. A code means one channel wherever it is visible.

Goals: one place says which channel a code is, whether it takes payments, and which client posts
for it. Non-goals: the payments themselves, and terminals (`terminals`).
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from billcore.core.accounts.acting import Write, tell
from billcore.core.accounts.checks import Rule, Text, Word, one_row, read
from billcore.core.accounts.errors import (
    AlreadyTaken,
    HouseNeeded,
    IdsExhausted,
    changed_meanwhile,
)
from billcore.core.caller import HOUSE, Caller
from billcore.core.errors import quoted
from billcore.core.payments.channel_policies import ChannelPolicies, parse_channel_policies
from billcore.core.payments.errors import ChannelDisabled, ChannelForbidden, ChannelUnknown
from billcore.core.store import channels as rows
from billcore.core.store import providers
from billcore.core.store.channels import Channel
from billcore.core.store.port import Reader, Value

KIND = "channel"
"""Of the numbers that are drawn."""

CHANNELS_MAX = 2**14
"""A provider has at most so many channels, and so has the house (IdsExhausted)."""


class ChannelKind(StrEnum):
    """What kind of place a payment comes from."""

    BANK_COUNTER = "bank_counter"
    WEB_BANK = "web_bank"
    DIRECT_DEBIT = "direct_debit"
    POS = "pos"
    KIOSK = "kiosk"
    WALLET = "wallet"
    POST_OFFICE = "post_office"
    VOUCHER = "voucher"
    AGENT = "agent"
    FIELD_DEVICE = "field_device"
    PORTAL = "portal"
    BANK_ACCOUNT = "bank_account"


CASH_KINDS = frozenset({ChannelKind.AGENT.value, ChannelKind.FIELD_DEVICE.value})
"""The kinds whose channels are agents': what they take is cash in a float."""

RULES: tuple[Rule, ...] = (
    Text(
        "channel", least=1, most=40, pattern="[a-z0-9][a-z0-9_-]*", form="small letters, digits, -_"
    ),
    Word("kind", tuple(ChannelKind)),
    Text("name", least=1, most=200),
)

CHANGEABLE = ("name", "enabled", "policies")
"""What an update may name; code and kind are for ever."""


# -- kept


def create_channel(write: Write, values: Mapping[str, Value]) -> Channel:
    """A new channel, enabled, of the provider that the caller acts for, or of the house.

    values: a text for each of RULES, and `policies`, a JSON text or "". Raises FieldRefused,
    PolicyInvalid, AlreadyTaken, IdsExhausted.
    """
    owner = write.caller.provider_id
    policies = _checked(values)
    providers.lock(write.session, HOUSE, KIND)  # the house's codes are compared with everybody's
    code = str(values["channel"])
    _check_free(write, owner, code)
    made = Channel(
        owner, _number(write, owner), code, str(values["kind"]), str(values["name"]), 1, policies,
        1, write.now,
    )  # fmt: skip
    rows.add(write.session, made)
    told = {"channel": made.channel, "kind": made.kind}
    tell(write, owner, "channel.created", subject(made), told)
    return made


def get_channel(reader: Reader, provider_id: int, channel_no: int) -> Channel:
    """A channel of the provider or of the house by its number. Raises ChannelUnknown."""
    found = rows.find(reader, provider_id, channel_no)
    if found is None:
        raise ChannelUnknown("channel_no", f"no channel {channel_no} is known here: list them.")
    return found


def by_code(reader: Reader, provider_id: int, code: str) -> Channel:
    """The provider's own channel of a code, else the house's. Raises ChannelUnknown."""
    found = rows.find_code(reader, provider_id, code)
    if found is None:
        raise ChannelUnknown(
            "channel", f"no channel has the code {quoted(code)} here: list them, or create it."
        )
    return found


def list_channels(reader: Reader, provider_id: int, after: int, limit: int) -> list[Channel]:
    """Up to `limit` of the provider's channels, then the house's, behind the number `after`."""
    return rows.listed(reader, provider_id, after, limit)


def every_channel(reader: Reader, provider_id: int) -> list[Channel]:
    """All of the provider's channels, then the house's."""
    return rows.listed(reader, provider_id, 0, 2 * CHANNELS_MAX)


def change_channel(
    write: Write, code: str, changes: Mapping[str, Any], revision: int, reason: str = ""
) -> Channel:
    """Changes some of CHANGEABLE; of the house's channels the house alone.

    Raises ChannelUnknown, HouseNeeded, RevisionConflict and as `create_channel`.
    """
    current = own(write, code)
    wanted = current._replace(recorded_at=write.now, **changes)
    policies = _checked(wanted._asdict())
    wanted = wanted._replace(enabled=int(wanted.enabled), policies=policies)
    if revision != current.revision or not rows.change(write.session, wanted):
        raise changed_meanwhile(subject(current), revision, current.revision)
    told = {"fields": sorted(changes), "revision": revision + 1}
    tell(write, current.provider_id, "channel.changed", subject(current), told, reason)
    return wanted._replace(revision=revision + 1)


def own(write: Write, code: str) -> Channel:
    """The channel of a code that the caller may change. Raises ChannelUnknown, HouseNeeded."""
    found = by_code(write.session, write.caller.provider_id, code)
    if found.provider_id != write.caller.provider_id:
        raise HouseNeeded(
            "channel",
            f"{quoted(code)} is the house's: a client of the house changes it, naming no provider.",
        )
    return found


def subject(channel: Channel) -> str:
    """What events and the audit log call it."""
    return f"channel {channel.channel_no}"


def _checked(values: Mapping[str, Value]) -> str:
    """The canonical policies; raises what refuses the other values."""
    _, checks = read("channels", RULES, one_row({rule.name: values[rule.name] for rule in RULES}))
    checks.raise_first()
    return parse_channel_policies(str(values["policies"])).text


def _check_free(write: Write, owner: int, code: str) -> None:
    there = rows.owner_of(write.session, owner, code)
    if there is None:
        return
    whose = "the house" if there == HOUSE else "a provider" if owner == HOUSE else "the provider"
    raise AlreadyTaken("channel", f"{whose} has a channel {quoted(code)} already.")


def _number(write: Write, owner: int) -> int:
    """The next number: the house's follow those that a provider can have."""
    count = providers.draw(write.session, owner, KIND, 1)
    if count > CHANNELS_MAX:
        raise IdsExhausted("channel", f"there are at most {CHANNELS_MAX:,} channels.")
    return count + first_number(owner) - 1


def first_number(owner: int) -> int:
    """The number of the first channel of a provider, or of the house."""
    return CHANNELS_MAX + 1 if owner == HOUSE else 1


# -- used


def enabled_channel(reader: Reader, provider_id: int, code: str) -> Channel:
    """The channel of a code, for something new. Raises ChannelUnknown, ChannelDisabled."""
    found = by_code(reader, provider_id, code)
    if not found.enabled:
        raise ChannelDisabled("channel", f"the channel {quoted(code)} is disabled.")
    return found


def policies_of(channel: Channel) -> ChannelPolicies:
    """What goes for payments through a channel."""
    return parse_channel_policies(channel.policies)


def check_channel(caller: Caller, code: str) -> None:
    """Raises ChannelForbidden where the caller is of another channel; most are of none."""
    if caller.channel not in ("", code):
        raise ChannelForbidden(code, caller.channel)
