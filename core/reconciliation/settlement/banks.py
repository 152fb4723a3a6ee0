"""Which channel a bank account is, and which channels pay into it."""

from dataclasses import dataclass

from billcore.core.payments.channels import ChannelKind
from billcore.core.payments.intake.place import OpenChannel, opened
from billcore.core.reconciliation.errors import BankAccountUnset
from billcore.core.reconciliation.terms import Terms, parse_terms
from billcore.core.store.channels import Channel, find
from billcore.core.store.kept import CHANNEL_TERMS
from billcore.core.store.port import Reader

FEES = "channel_fees"
"""The family of ledger accounts of what channels keep."""


@dataclass(frozen=True, slots=True)
class Payer:
    """A channel that pays into a bank account, by these terms."""

    channel: OpenChannel
    terms: Terms


def is_bank_account(kind: str) -> bool:
    """Whether a channel of a kind is an account of the provider at a bank."""
    return kind == ChannelKind.BANK_ACCOUNT


def account_of(reader: Reader, provider_id: int, channel_no: int, code: str) -> str:
    """The account, as statements call it, that a channel is. Raises BankAccountUnset."""
    text, _ = CHANNEL_TERMS.one(reader, provider_id, channel_no)
    account = parse_terms(text).bank_account
    if not account:
        raise BankAccountUnset(code)
    return account


def payers(reader: Reader, provider_id: int, account: str) -> list[Payer]:
    """The channels that pay into an account by their terms, by number."""
    found = []
    for channel_no, (text, _) in CHANNEL_TERMS.every(reader, provider_id).items():
        terms = parse_terms(text)
        channel: Channel | None = find(reader, provider_id, channel_no)
        if channel is None or terms.bank_account != account or is_bank_account(channel.kind):
            continue
        found.append(Payer(opened(channel), terms))
    return found
