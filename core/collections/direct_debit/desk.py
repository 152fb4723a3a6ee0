"""Where debits are worked on: a provider, one of its channels of direct debit, its terms, a day."""

from dataclasses import dataclass

from billcore.core.accounts.acting import provider_acting
from billcore.core.accounts.providers import get_provider
from billcore.core.caller import Caller
from billcore.core.collections.direct_debit.moves import By
from billcore.core.collections.direct_debit.states import Scheme
from billcore.core.collections.direct_debit.terms import (
    DebitTerms,
    check_kind,
    check_scheme,
    terms_of,
)
from billcore.core.metering.provider import metering_provider
from billcore.core.payments.channels import by_code, check_channel, enabled_channel
from billcore.core.store.channels import Channel
from billcore.core.store.port import Reader
from billcore.core.store.providers import Provider


@dataclass(frozen=True, slots=True)
class Desk:
    """today: an ordinal in the provider's time zone; now: microseconds since 1970 in UTC."""

    provider: Provider
    channel: Channel
    terms: DebitTerms
    caller: Caller
    today: int
    now: int

    @property
    def provider_id(self) -> int:
        """The provider's."""
        return self.provider.provider_id

    def by(self, now: int = 0, result_no: int = 0) -> By:
        """Who moves debits; now: 0 is the desk's."""
        return By(self.provider_id, self.caller.client_id, now or self.now, result_no)

    def check(self, scheme: Scheme) -> None:
        """Raises DebitTermsMissing unless debits of a scheme can be written."""
        check_scheme(self.terms, self.channel.channel, scheme, self.provider.currency)


def desk(reader: Reader, caller: Caller, code: str, now: int, *, enabled: bool = True) -> Desk:
    """Where a caller works on a channel's debits; enabled: something new is done.

    Raises ChannelUnknown, ChannelForbidden, ChannelDisabled, ChannelMisfit.
    """
    provider_id = provider_acting(caller)
    check_channel(caller, code)
    found = enabled_channel if enabled else by_code
    channel = found(reader, provider_id, code)
    check_kind(channel)
    provider = get_provider(reader, caller, provider_id)
    terms, _ = terms_of(reader, provider_id, channel)
    today = metering_provider(reader, provider_id).today(now)
    return Desk(provider, channel, terms, caller, today, now)
