"""Balances and statements of one account at any day, as known at any time.

A document counts when its effective day is not later than the asked day and it was recorded not
later than the asked time. An account's balance is the sum of its documents' amounts.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from billcore.core.ledger.kinds import BillKind, EntryKind
from billcore.core.store import bills, ledger
from billcore.core.store.port import OPEN_DAY, Reader

NOW = 2**63 - 1
"""As known now: every recorded time is before it."""


class DocumentKind(StrEnum):
    """What a line of a statement is."""

    BILL = "bill"
    ENTRY = "entry"


@dataclass(frozen=True, slots=True)
class Document:
    """A line of a statement; amount in minor units, debit positive; day: effective, ordinal.

    due_day: of a bill; of an entry its day. undoes: the document of the same kind that it takes
    back, or 0. direction, strategy: of a payment, what its payer wants paid and how, see `folding`.
    kind_no: a `BillKind` or `EntryKind`.
    """

    kind: DocumentKind
    id: int
    what: str
    day: int
    amount: int
    reference: str
    recorded_at: int
    due_day: int
    undoes: int
    direction: str = ""
    strategy: int = 0
    kind_no: int = 0


@dataclass(frozen=True, slots=True)
class Statement:
    """The documents of from_day..until_day in order, with the balance after each."""

    from_day: int
    until_day: int
    opening: int
    documents: tuple[Document, ...]
    balances: tuple[int, ...]

    @property
    def closing(self) -> int:
        """The balance at the end of until_day."""
        return self.balances[-1] if self.balances else self.opening


def is_late_fee(document: Document) -> bool:
    """Whether a document is a late fee, or lowers one."""
    return document.kind is DocumentKind.ENTRY and document.kind_no == EntryKind.LATE_FEE


def documents(
    reader: Reader, account_id: int, until_day: int = OPEN_DAY, known_at: int = NOW
) -> list[Document]:
    """What an account's balance consists of, in the order of days, then of recording."""
    found = [_of_bill(row) for row in bills.amounts(reader, account_id, until_day, known_at)]
    entries = ledger.account_entries(reader, account_id, until_day, known_at)
    found += [_of_entry(row) for row in entries]
    return sorted(found, key=lambda d: (d.day, d.recorded_at, d.kind, d.id))


def balance(reader: Reader, account_id: int, day: int = OPEN_DAY, known_at: int = NOW) -> int:
    """What the account owes at the end of a day, in minor units; negative: a credit."""
    return _sum(documents(reader, account_id, day, known_at))


def statement(
    reader: Reader, account_id: int, from_day: int, until_day: int, known_at: int = NOW
) -> Statement:
    """The statement of from_day..until_day."""
    return statement_of(documents(reader, account_id, until_day, known_at), from_day, until_day)


def statement_of(every: Sequence[Document], from_day: int, until_day: int) -> Statement:
    """The statement of from_day..until_day, from all documents up to until_day in their order."""
    opening = _sum(d for d in every if d.day < from_day)
    shown = tuple(d for d in every if d.day >= from_day)
    running, after = opening, []
    for document in shown:
        running += document.amount
        after.append(running)
    return Statement(from_day, until_day, opening, shown, tuple(after))


def _sum(every: Iterable[Document]) -> int:
    return sum(document.amount for document in every)


def _of_bill(row: bills.BillAmount) -> Document:
    return Document(
        kind=DocumentKind.BILL,
        id=row.bill_id,
        what=BillKind(row.kind).name.lower(),
        day=row.issued_day,
        amount=row.total,
        reference=row.reference,
        recorded_at=row.recorded_at,
        due_day=row.due_day,
        undoes=row.cancels,
        kind_no=row.kind,
    )


def _of_entry(row: ledger.AccountEntryRow) -> Document:
    return Document(
        kind=DocumentKind.ENTRY,
        id=row.account_entry_id,
        what=EntryKind(row.kind).name.lower() + (" reversal" if row.reverses else ""),
        day=row.day,
        amount=row.amount,
        reference=row.reference,
        recorded_at=row.recorded_at,
        due_day=row.day,
        undoes=row.reverses,
        direction=row.direction,
        strategy=row.strategy,
        kind_no=row.kind,
    )
