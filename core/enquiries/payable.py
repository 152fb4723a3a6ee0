"""What there is to pay: accounts behind what a payer has, their open documents, masked."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum

from billcore.core.enquiries.items import OpenItem, open_items
from billcore.core.ledger import balances
from billcore.core.ledger.balances import DocumentKind
from billcore.core.payments.codes import Code
from billcore.core.payments.intake.place import Place
from billcore.core.store.accounts import Account
from billcore.core.store.port import Reader

DOCUMENTS_MAX = 100
"""So many open documents of an account are told, the oldest ones."""


class Exactness(IntEnum):
    """Which amounts a document takes; the numbers travel."""

    EXACT = 1
    AT_LEAST = 2
    AT_MOST = 3
    ANY = 4


@dataclass(frozen=True, slots=True)
class Payable:
    """What can be paid of an account, in minor units. name, address: masked; most 0: no limit.

    code: OK, NOTHING_DUE, ACCOUNT_INACTIVE or ACCOUNT_CLOSED; fee: on top of `payable`.
    """

    account_id: int
    number: str
    name: str
    address: str
    code: Code
    balance: int
    payable: int
    least: int
    most: int
    exactness: Exactness
    documents: tuple[OpenItem, ...]
    fee: int


def payable(reader: Reader, place: Place, account: Account, today: int) -> Payable:
    """What a channel can be paid for an account today."""
    items = open_items(balances.documents(reader, account.account_id))
    balance = sum(item.open for item in items)
    policies = place.channel.policies
    due = max(balance, 0)
    return Payable(
        account_id=account.account_id,
        number=account.number,
        name=masked_name(account.name),
        address=masked_address(account.address),
        code=_code(account, balance, today),
        balance=balance,
        payable=due,
        least=max(policies.amount_min, 1),
        most=policies.amount_max,
        exactness=Exactness.ANY,
        documents=_documents(items),
        fee=policies.convenience_fee.fee(due) if due else 0,
    )


def masked_name(name: str) -> str:
    """The first letter of each word: "Maryam Karimi" is "M*** K***"."""
    return " ".join(word[0] + "***" for word in name.split())


def masked_address(address: str) -> str:
    """Without digits, in any script: the street, not the house."""
    return re.sub(r"\d+", "*", address)


def _code(account: Account, balance: int, today: int) -> Code:
    if account.opened_day > today:
        return Code.ACCOUNT_INACTIVE
    if balance > 0:
        return Code.OK
    return Code.ACCOUNT_CLOSED if account.closed_day < today else Code.NOTHING_DUE


def _documents(items: Sequence[OpenItem]) -> tuple[OpenItem, ...]:
    owed = [item for item in items if item.open > 0]
    owed.sort(key=lambda item: (item.document.due_day, item.document.recorded_at))
    return tuple(owed[:DOCUMENTS_MAX])


def is_bill(item: OpenItem) -> bool:
    """Whether an open item is a bill."""
    return item.document.kind is DocumentKind.BILL
