"""The accounts of an address in one view: what each owes today, by provider and overall.

An address is a group. Who owns the group sees its accounts: the house those of several providers, a
provider its own.
"""

from dataclasses import dataclass

from billcore.core.accounts import agreements
from billcore.core.accounts.policies import parse_policies
from billcore.core.billing.asked import asked_for
from billcore.core.billing.consolidated.groups import get_group
from billcore.core.billing.items import account_items
from billcore.core.caller import Caller
from billcore.core.enquiries.payable import is_bill
from billcore.core.errors import BatchTooLarge
from billcore.core.ids import provider_of
from billcore.core.ledger.items import OpenItem
from billcore.core.metering.provider import metering_provider
from billcore.core.store import accounts, providers
from billcore.core.store.accounts import Account
from billcore.core.store.groups import GroupRow
from billcore.core.store.port import Reader
from billcore.core.store.providers import Provider

MEMBERS_SHOWN = 100
"""An address with more accounts is no household: it is refused."""

ITEMS_SHOWN = 20
"""So many open items of an account are told, the oldest ones."""

AGREEMENTS_MAX = 100


@dataclass(frozen=True, slots=True)
class Owing:
    """An account of an address. services: of agreements that go on; amounts in minor units.

    overdue: open parts of bills that were due before today; due_day: of the oldest open bill, 0:
    none is open; payable: what its provider asks for.
    """

    provider: Provider
    account: Account
    services: tuple[str, ...]
    balance: int
    overdue: int
    due_day: int
    payable: int
    open_items: tuple[OpenItem, ...]


@dataclass(frozen=True, slots=True)
class Address:
    """A group with the accounts that are in it today, by provider, then account."""

    group: GroupRow
    accounts: tuple[Owing, ...]


def address(reader: Reader, caller: Caller, group_no: int, now: int) -> Address:
    """The accounts of a group of the caller's, each on its provider's day.

    now: microseconds since 1970 in UTC. Raises GroupUnknown, BatchTooLarge.
    """
    group = get_group(reader, caller.provider_id, group_no)
    found = []
    for member in group.members:
        today = metering_provider(reader, provider_of(member.account_id)).today(now)
        if member.from_day <= today <= member.until_day:
            found.append((member.account_id, today))
    if len(found) > MEMBERS_SHOWN:
        raise BatchTooLarge("group_no", MEMBERS_SHOWN, len(found))
    return Address(group.row, tuple(_owing(reader, *one) for one in sorted(found)))


def _owing(reader: Reader, account_id: int, today: int) -> Owing:
    provider = providers.provider(reader, provider_of(account_id))
    account = accounts.account(reader, account_id)
    assert provider is not None  # it has members in groups
    assert account is not None
    every = account_items(reader, account_id, today)
    still = every.open()
    bills = [item for item in still if is_bill(item) and item.open > 0]
    supplied = agreements.list_agreements(
        reader, provider.provider_id, account_id, 0, AGREEMENTS_MAX
    )
    services = {one.row.service for one in supplied if one.row.until_day >= today}
    return Owing(
        provider=provider,
        account=account,
        services=tuple(sorted(services)),
        balance=every.balance,
        overdue=sum(item.open for item in bills if item.document.due_day < today),
        due_day=min((item.document.due_day for item in bills), default=0),
        payable=asked_for(reader, account_id, parse_policies(provider.policies), today),
        open_items=tuple(still[:ITEMS_SHOWN]),
    )
