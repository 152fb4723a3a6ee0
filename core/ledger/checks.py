"""The invariants of the ledger, checked over all accounts of a provider as columns."""

from collections.abc import Iterator
from itertools import islice

import numpy as np

from billcore.core.findings import MOST, Broken, broken
from billcore.core.ids import id_range
from billcore.core.ledger.chart import RECEIVABLE
from billcore.core.rating.batch import Ints
from billcore.core.store import bills
from billcore.core.store import ledger as rows
from billcore.core.store.port import Column, Reader

ACCOUNTS_AT_ONCE = 100_000
"""Accounts whose documents are held in memory at a time."""


def entries_balance(reader: Reader, provider_id: int) -> Iterator[Broken]:
    """Every entry sums to zero and has postings; every posting has its entry and ledger account."""
    for entry_id, source, difference in rows.unbalanced(reader, provider_id, MOST):
        yield broken(
            f"The postings sum to {int(difference)}, or there are none.",
            entry=entry_id,
            source=str(source),
        )
    for entry_id, ledger_no in rows.orphans(reader, provider_id, MOST):
        yield broken(
            "A posting has no entry or no ledger account.", entry=entry_id, ledger_no=ledger_no
        )


def reversals_undo(reader: Reader, provider_id: int) -> Iterator[Broken]:
    """An entry is reversed at most once, by its own amount."""
    for account, entry, count, *rest in rows.undone_wrong(reader, *id_range(provider_id), MOST):
        yield broken(
            f"The entry is reversed {count!s} times; a reversal leaves {rest[0]!s} of it, not 0.",
            account_id=account,
            account_entry_id=entry,
        )


def books_agree(reader: Reader, provider_id: int) -> Iterator[Broken]:
    """The sub-ledger equals the general ledger's control account on every day."""
    sub = rows.sub_days(reader, provider_id, *id_range(provider_id))
    general = rows.general_days(reader, provider_id, RECEIVABLE)
    differing = (
        d for d in sorted(sub.keys() | general.keys()) if sub.get(d, 0) != general.get(d, 0)
    )
    for day in islice(differing, MOST):
        yield broken(
            f"Bills and account entries sum to {sub.get(day, 0)}, the ledger account "
            f"{RECEIVABLE!r} has {general.get(day, 0)}.",
            day=day,
        )


def balances_chain(reader: Reader, provider_id: int) -> Iterator[Broken]:
    """Each bill opens with all that was recorded before it, and opening + total = closing."""
    found = (finding for lo, hi in account_ranges(reader, provider_id)
             for finding in _chain(reader, provider_id, lo, hi))  # fmt: skip
    yield from islice(found, MOST)


def account_ranges(reader: Reader, provider_id: int) -> Iterator[tuple[int, int]]:
    """Ranges of the provider's account ids, of ACCOUNTS_AT_ONCE each."""
    lo, _ = id_range(provider_id)
    last = lo + rows.accounts_drawn(reader, provider_id)
    for begin in range(lo, last + 1, ACCOUNTS_AT_ONCE):
        yield begin, min(begin + ACCOUNTS_AT_ONCE - 1, last)


def _chain(reader: Reader, provider_id: int, lo: int, hi: int) -> Iterator[Broken]:
    bill = _ints(bills.chain(reader, provider_id, lo, hi))
    entry = _ints(rows.entry_columns(reader, lo, hi))
    account = np.concatenate([bill["account_id"], entry["account_id"]])
    recorded = np.concatenate([bill["recorded_at"], entry["recorded_at"]])
    amount = np.concatenate([bill["total"], entry["amount"]])
    # Of one time, entries stand before the bill: its opening holds what was there when it was made.
    is_entry = np.arange(len(account)) >= len(bill["account_id"])
    number = np.concatenate([bill["bill_id"], entry["account_entry_id"]])
    order = np.lexsort((number, ~is_entry, recorded, account))
    before = _running(account[order], amount[order])
    opening = np.empty(len(account), dtype=np.int64)
    opening[order] = before
    opening = opening[: len(bill["account_id"])]
    wrong = (opening != bill["opening"]) | (bill["opening"] + bill["total"] != bill["closing"])
    for row in np.flatnonzero(wrong).tolist():
        yield broken(
            f"The bill opens with {bill['opening'][row]}, charges {bill['total'][row]} and closes "
            f"with {bill['closing'][row]}; the documents before it sum to {opening[row]}.",
            account_id=bill["account_id"][row],
            bill_id=bill["bill_id"][row],
        )


def _running(account: Ints, amount: Ints) -> Ints:
    """What the amounts of an account sum to before each row; rows in the order of accounts."""
    total = np.cumsum(amount)
    first = np.searchsorted(account, account)
    before: Ints = total - amount - np.concatenate([[0], total])[first]
    return before


def _ints(columns: dict[str, Column]) -> dict[str, Ints]:
    """Columns that are all integers, as such."""
    return {name: column for name, column in columns.items() if isinstance(column, np.ndarray)}
