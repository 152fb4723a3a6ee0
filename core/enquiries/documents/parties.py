"""Who stands on a document, and how it is worded: from providers, their policies and accounts."""

from billcore.core.accounts import things
from billcore.core.accounts.accounts import ACCOUNTS, CUSTOMERS
from billcore.core.accounts.policies import parse_policies
from billcore.core.calendar import Calendar
from billcore.core.documents.facts import Money, Payer, Seller
from billcore.core.documents.wording import Wording, language_of
from billcore.core.ids import provider_of
from billcore.core.money import minor_digits
from billcore.core.store.port import Reader
from billcore.core.store.providers import Provider


def seller(provider: Provider) -> Seller:
    """The provider as its documents name it."""
    told = parse_policies(provider.policies).documents.seller
    return Seller(told.name or provider.name, told.tax_code, told.address, told.phone)


def payer(reader: Reader, account_id: int) -> Payer:
    """An account and whose it is: what it says of itself, else what its customer does."""
    provider_id = provider_of(account_id)
    account = things.get(reader, provider_id, ACCOUNTS, account_id)
    owner = things.get(reader, provider_id, CUSTOMERS, account.customer_id)
    return Payer(
        account_id,
        account.number,
        account.name or owner.name,
        account.address or owner.address,
        account.phone or owner.phone,
    )


def money(provider: Provider) -> Money:
    """The provider's currency."""
    return Money(provider.currency, minor_digits(provider.currency))


def wording(reader: Reader, provider: Provider, account_id: int, language: str) -> Wording:
    """How a document of an account is worded: in the language asked for, else the account's, its
    customer's, the provider's; the first of them that documents know."""
    provider_id = provider_of(account_id)
    account = things.get(reader, provider_id, ACCOUNTS, account_id)
    owner = things.get(reader, provider_id, CUSTOMERS, account.customer_id)
    tags = (language, account.language, owner.language, provider.language)
    return Wording(
        language_of(*tags),
        Calendar(provider.calendar),
        provider.time_zone,
        parse_policies(provider.policies).documents.local_digits,
    )
