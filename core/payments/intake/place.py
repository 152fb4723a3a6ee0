"""Where payments come in: at which provider, through which of its channels, at which terminal."""

from dataclasses import dataclass, replace

from billcore.core.accounts.acting import provider_acting
from billcore.core.accounts.policies import Policies, parse_policies
from billcore.core.accounts.providers import get_provider
from billcore.core.caller import HOUSE, Caller
from billcore.core.payments import terminals
from billcore.core.payments.channel_policies import ChannelPolicies
from billcore.core.payments.channels import (
    CASH_KINDS,
    ChannelKind,
    by_code,
    check_channel,
    enabled_channel,
    policies_of,
)
from billcore.core.payments.errors import ChannelMisfit, TerminalForbidden
from billcore.core.store.channels import Channel
from billcore.core.store.port import Reader
from billcore.core.store.providers import Provider

FAMILIES = {
    **dict.fromkeys(sorted(CASH_KINDS), "cash_float"),
    ChannelKind.BANK_ACCOUNT.value: "bank",
}
"""Of the ledger accounts of channels that clear nothing."""

HOUSE_TIME_ZONE = "UTC"
"""Of the days of the house's own orders, which pay several providers."""


@dataclass(frozen=True, slots=True)
class OpenChannel:
    """A channel as the intake needs it. channel: its code."""

    channel_no: int
    channel: str
    kind: str
    policies: ChannelPolicies

    @property
    def ledger(self) -> str:
        """The ledger account that its payments are posted to, debit: who has the money now.

        An agent's cash float; what is owed for vouchers; the bank; else what the channel has to
        clear.
        """
        if self.kind == ChannelKind.VOUCHER:
            return "voucher_liability"
        return f"{FAMILIES.get(self.kind, 'channel_clearing')}:{self.channel}"


@dataclass(frozen=True, slots=True)
class Place:
    """A provider, one of its channels and a terminal of that (0: none)."""

    provider_id: int
    time_zone: str
    currency: str
    policies: Policies
    channel: OpenChannel
    terminal_no: int = 0


def place(reader: Reader, caller: Caller, code: str, terminal: str = "") -> Place:
    """Where a caller's payments come in; of the house's client, the house's own orders.

    Raises ChannelForbidden, ChannelUnknown, ChannelDisabled, ChannelMisfit, TerminalForbidden,
    TerminalUnknown, TerminalDisabled, and FieldRefused where a terminal is missing.
    """
    found = _enabled_place(reader, caller, code, terminal)
    check_money(found.channel)
    return found


def redeeming_place(reader: Reader, caller: Caller, code: str, terminal: str = "") -> Place:
    """Where vouchers are redeemed; raises as `place`."""
    found = _enabled_place(reader, caller, code, terminal)
    if found.channel.kind != ChannelKind.VOUCHER:
        raise ChannelMisfit("channel", f"{code} is of the kind {found.channel.kind}, not voucher.")
    return found


def check_whole(channel: OpenChannel) -> None:
    """Raises ChannelMisfit for an agent's channel: its float takes payments one by one."""
    if channel.kind in CASH_KINDS:
        raise ChannelMisfit("channel", f"{channel.channel} is an agent: pay accounts one by one.")


def check_money(channel: OpenChannel) -> None:
    """Raises ChannelMisfit for a channel of vouchers, through which no money comes, and for a bank
    account, whose money its statements tell."""
    if channel.kind == ChannelKind.BANK_ACCOUNT:
        raise ChannelMisfit(
            "channel", f"{channel.channel} is a bank account: import its statements."
        )
    if channel.kind == ChannelKind.VOUCHER:
        raise ChannelMisfit(
            "channel", f"{channel.channel} takes vouchers, not money: RedeemVoucher."
        )


def _enabled_place(reader: Reader, caller: Caller, code: str, terminal: str) -> Place:
    found = asked_place(reader, caller, code)
    if caller.terminal not in ("", terminal):
        raise TerminalForbidden("terminal", caller.terminal)
    channel = enabled_channel(reader, found.provider_id, code)
    at = terminals.enabled_terminal(reader, channel, terminal)
    return found if at is None else replace(found, terminal_no=at.terminal_no)


def fetch_place(reader: Reader, caller: Caller, code: str) -> Place:
    """Where a caller asks what there is to pay: as `place`, at no terminal."""
    found = asked_place(reader, caller, code)
    enabled_channel(reader, found.provider_id, code)
    return found


def asked_place(reader: Reader, caller: Caller, code: str) -> Place:
    """Where a caller asks what became of payments, or takes one back.

    Also through a channel that is disabled since; at no terminal, but for a client of one. Raises
    ChannelForbidden, ChannelUnknown.
    """
    check_channel(caller, code)
    if caller.provider_id == HOUSE:
        channel = by_code(reader, HOUSE, code)
        own = _own_terminal(reader, caller, channel)
        return Place(HOUSE, HOUSE_TIME_ZONE, "", Policies(), opened(channel), own)
    provider = get_provider(reader, caller, provider_acting(caller))
    channel = by_code(reader, provider.provider_id, code)
    return at_provider(provider, opened(channel), _own_terminal(reader, caller, channel))


def check_terminal(caller: Caller, place: Place, terminal_no: int) -> None:
    """Raises TerminalForbidden where the caller is of a terminal and a payment is of another.

    place: as `asked_place` tells it.
    """
    if caller.terminal and terminal_no != place.terminal_no:
        raise TerminalForbidden("reference", caller.terminal)


def _own_terminal(reader: Reader, caller: Caller, channel: Channel) -> int:
    return terminals.by_code(reader, channel, caller.terminal).terminal_no if caller.terminal else 0


def at_provider(provider: Provider, channel: OpenChannel, terminal_no: int = 0) -> Place:
    """A channel's place at a provider."""
    return Place(
        provider.provider_id,
        provider.time_zone,
        provider.currency,
        parse_policies(provider.policies),
        channel,
        terminal_no,
    )


def opened(channel: Channel) -> OpenChannel:
    """A stored channel with its policies read."""
    return OpenChannel(channel.channel_no, channel.channel, channel.kind, policies_of(channel))
