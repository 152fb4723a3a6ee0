"""Where a case's payment is looked for: the books of a provider, as its channels name things."""

from collections.abc import Iterable
from dataclasses import dataclass

from billcore.core.accounts.policies import parse_policies
from billcore.core.cases.facts import masked
from billcore.core.payments.channels import every_channel
from billcore.core.store import accounts as account_rows
from billcore.core.store import payments as payment_rows
from billcore.core.store.channels import Channel
from billcore.core.store.payments import OrderRow
from billcore.core.store.port import Reader
from billcore.core.store.providers import Provider


@dataclass(frozen=True, slots=True)
class Said:
    """What evidence says of one payment; paid_day: an ordinal; 0 and '': not told."""

    payer_code: int
    payment_code: int
    trace: str
    channel: str
    amount: int
    paid_day: int

    @property
    def ids(self) -> tuple[int, int]:
        """Bill id and payment id."""
        return self.payer_code, self.payment_code


class Sources:
    """The books of a provider, for the case of one of its accounts."""

    def __init__(self, reader: Reader, provider: Provider, account_id: int) -> None:
        self.reader, self.account_id = reader, account_id
        self.provider_id = provider.provider_id
        self.policies = parse_policies(provider.policies)
        listed = every_channel(reader, self.provider_id)
        self.channels = {one.channel: one for one in listed}
        self.codes = {one.channel_no: one.channel for one in listed}

    def number(self, account_id: int) -> str:
        """An account's number, hidden where it is another customer's."""
        found = account_rows.account(self.reader, account_id)
        if found is None:
            return ""
        return found.number if account_id == self.account_id else masked(found.number)

    def asked(self, one: Said) -> Iterable[Channel]:
        """The channels through which a payment may have come: the one that is told, else all."""
        if one.channel:
            found = self.channels.get(one.channel)
            return () if found is None else (found,)
        return self.channels.values()

    def order(self, channel: Channel, reference: str) -> OrderRow | None:
        """The provider's own order of a channel's reference, or None."""
        return payment_rows.one(self.reader, self.provider_id, channel.channel_no, reference)
