"""What there is to pay: accounts behind what a payer has, their open documents, masked."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum

import numpy as np

from billcore.core.accounts.checks import ints
from billcore.core.billing.asked import asked_of, due_balance
from billcore.core.billing.items import account_items
from billcore.core.enquiries.named import Named
from billcore.core.ledger.balances import DocumentKind
from billcore.core.ledger.items import OpenItem
from billcore.core.payments.codes import Code
from billcore.core.payments.intake.place import Place
from billcore.core.store import issued
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
class PayableDocument:
    """An open document. payer_id, payment_id: the ids that it was issued with, '' without; asked:
    what those ask for, in minor units."""

    item: OpenItem
    exactness: Exactness
    payer_id: str = ""
    payment_id: str = ""
    asked: int = 0


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
    documents: tuple[PayableDocument, ...]
    fee: int


def payable(reader: Reader, place: Place, account: Account, asked: Named, today: int) -> Payable:
    """What a channel can be paid for an account today, asked for in this way."""
    every = account_items(reader, account.account_id)
    policies = place.channel.policies
    until = today + place.policies.due_days
    balance = due_balance(every, place.policies, today)
    due = asked.fixed or asked_of(every, place.policies, today)
    return Payable(
        account_id=account.account_id,
        number=account.number,
        name=masked_name(account.name),
        address=masked_address(account.address),
        code=_code(account, balance, today),
        balance=every.balance,
        payable=due,
        least=max(policies.amount_min, 1),
        most=policies.amount_max,
        exactness=Exactness.EXACT if asked.fixed else Exactness.ANY,
        documents=_documents(reader, account.account_id, every.open(), until),
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


def _documents(
    reader: Reader, account_id: int, items: Sequence[OpenItem], until_day: int
) -> tuple[PayableDocument, ...]:
    """Those that are asked for: what is owed, but for instalments that are due later."""
    owed = [item for item in items if item.open > 0 and not item.is_deferred(until_day)]
    owed.sort(key=lambda item: (item.document.due_day, item.document.recorded_at))
    told = issued.of_accounts(reader, np.array([account_id]))
    lists = [
        ints(told[name]).tolist() for name in ("bill_id", "payer_code", "payment_code", "amount")
    ]
    known = {bill_id: rest for bill_id, *rest in zip(*lists, strict=True)}
    return tuple(_document(item, known) for item in owed[:DOCUMENTS_MAX])


def _document(item: OpenItem, known: Mapping[int, Sequence[int]]) -> PayableDocument:
    if not is_bill(item) or item.document.id not in known:
        return PayableDocument(item, Exactness.ANY)
    payer, payment, asked = known[item.document.id]
    return PayableDocument(item, Exactness.ANY, str(payer), str(payment), asked)


def is_bill(item: OpenItem) -> bool:
    """Whether an open item is a bill."""
    return item.document.kind is DocumentKind.BILL
