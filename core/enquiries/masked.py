"""What anybody may learn who has an account's number: whose it roughly is, what there is to pay."""

from dataclasses import dataclass

from billcore.core.accounts import things
from billcore.core.accounts.accounts import CUSTOMERS
from billcore.core.accounts.policies import parse_policies
from billcore.core.billing.asked import asked_for
from billcore.core.billing.items import account_items
from billcore.core.enquiries.payable import is_bill, masked_address, masked_name
from billcore.core.store import bills, meters
from billcore.core.store.accounts import Account
from billcore.core.store.port import Reader
from billcore.core.store.providers import Provider


@dataclass(frozen=True, slots=True)
class MaskedAccount:
    """Amounts in minor units. last_bill: what is open of the newest bill that stands; previous:
    what else is owed, negative: a credit; due_day: of the oldest open bill, 0: none is open."""

    number: str
    name: str
    address: str
    previous: int
    last_bill: int
    payable: int
    due_day: int

    @property
    def balance(self) -> int:
        """What is owed in all."""
        return self.previous + self.last_bill


def masked(reader: Reader, provider: Provider, account: Account, today: int) -> MaskedAccount:
    """An account as anybody may see it today."""
    every = account_items(reader, account.account_id, today)
    owed = [item for item in every.open() if is_bill(item) and item.open > 0]
    newest = bills.newest(reader, account.account_id, today)
    last = sum(item.open for item in owed if newest and item.document.id == newest.bill_id)
    return MaskedAccount(
        number=account.number,
        name=masked_name(account.name or _customer(reader, provider, account)),
        address=masked_address(account.address or _place(reader, account)),
        previous=every.balance - last,
        last_bill=last,
        payable=asked_for(reader, account.account_id, parse_policies(provider.policies), today),
        due_day=min((item.document.due_day for item in owed), default=0),
    )


def _customer(reader: Reader, provider: Provider, account: Account) -> str:
    name: str = things.get(reader, provider.provider_id, CUSTOMERS, account.customer_id).name
    return name


def _place(reader: Reader, account: Account) -> str:
    """The address of the account's first service point."""
    places = meters.places(reader, account.account_id)
    return next((address for _, (_, address, _) in sorted(places.items())), "")
