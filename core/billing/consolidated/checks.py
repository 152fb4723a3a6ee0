"""The invariants of groups and consolidated bills: members fit together; consolidated bills name
bills that there are, and their sums are right."""

from collections.abc import Iterator
from itertools import islice

import numpy as np

from billcore.core.accounts.checks import Table, ints
from billcore.core.accounts.days import iso
from billcore.core.billing.consolidated import groups
from billcore.core.billing.consolidated.consolidate import KIND
from billcore.core.findings import MOST, Broken, broken
from billcore.core.ledger.checks import account_ranges
from billcore.core.metering.usage import expanded
from billcore.core.ordered import places
from billcore.core.rating.batch import Ints
from billcore.core.store import bills, ledger, providers
from billcore.core.store import consolidated as rows
from billcore.core.store import groups as group_rows
from billcore.core.store.port import Reader

ITEMS_AT_ONCE = 20_000
"""Items whose accounts' documents are added at a time."""


def groups_fit(reader: Reader, provider_id: int) -> Iterator[Broken]:
    """Groups are numbered without a gap; their members are accounts that the owner may group,
    in one currency, and each in one group a day."""
    yield from _numbered(reader, provider_id, groups.KIND, group_rows.count(reader, provider_id))
    for group, account, day in group_rows.unfit(reader, provider_id, MOST):
        yield broken(
            "The member has no group here, no account of the owner, or no days.",
            group=group,
            account_id=account,
            day=iso(int(day)),
        )
    for account, group, other, day in group_rows.overlaps(reader, provider_id, MOST):
        yield broken(
            f"The account is in groups {group!s} and {other!s} on a day, or twice in one.",
            account_id=account,
            day=iso(int(day)),
        )
    for group, count in group_rows.mixed(reader, provider_id, MOST):
        yield broken(f"Its members are billed in {count!s} currencies.", group=group)


def consolidated_bills(reader: Reader, provider_id: int) -> Iterator[Broken]:
    """A consolidated bill is the sum of its members; each names its account's bill, no bill is
    named twice, and what an account owed is what its documents, as known then, sum to. They are
    numbered without a gap, each of a group."""
    yield from _numbered(reader, provider_id, KIND, rows.count(reader, provider_id))
    for number, group in rows.groupless(reader, provider_id, MOST):
        yield broken(f"Its group {group!s} is not there.", consolidated_bill=number)
    for number, total, owed, *sums in rows.wrong_sums(reader, provider_id, MOST):
        yield broken(
            f"It says {total!s} billed and {owed!s} owed; its members come to {sums[0]!s} and "
            f"{sums[1]!s}, or none has a bill.",
            consolidated_bill=number,
        )
    for number, account in rows.orphans(reader, provider_id, MOST):
        yield broken(
            "An item has no consolidated bill.", consolidated_bill=number, account_id=account
        )
    for account, bill, count in rows.named_twice(reader, provider_id, MOST):
        yield broken(f"The bill is consolidated {count!s} times.", account_id=account, bill_id=bill)
    found = (
        finding
        for owner in rows.owners(reader, provider_id)
        for lo, hi in account_ranges(reader, owner)
        for finding in _members(reader, provider_id, owner, lo, hi)
    )
    yield from islice(found, MOST)


def _numbered(reader: Reader, provider_id: int, kind: str, count: int) -> Iterator[Broken]:
    drawn = providers.drawn(reader, provider_id, kind)
    if drawn != count:
        yield broken(f"{drawn} numbers were drawn, {count} are there.", kind=kind)


def _members(reader: Reader, provider_id: int, owner: int, lo: int, hi: int) -> Iterator[Broken]:
    """owner: the provider whose accounts lo..hi are."""
    item = rows.of_accounts(reader, provider_id, lo, hi)
    if not len(item["account_id"]):
        return
    bill, entry = bills.chain(reader, owner, lo, hi), ledger.entry_columns(reader, lo, hi)
    order = np.argsort(ints(bill["bill_id"]))
    at, right = places(ints(bill["bill_id"])[order], ints(item["bill_id"]))
    there, mine = np.flatnonzero(right), order[at[right]]
    for name in ("account_id", "total"):
        right[there] &= ints(bill[name])[mine] == ints(item[name])[there]
    right |= (ints(item["bill_id"]) == 0) & (ints(item["total"]) == 0)
    for place in np.flatnonzero(~right).tolist():
        yield _broken(item, place, f"It names a bill of {ints(item['total'])[place]} that is not.")
    owed = _owed(item, _documents(bill, entry))
    for place in np.flatnonzero(owed != ints(item["owed"])).tolist():
        told = ints(item["owed"])[place]
        yield _broken(item, place, f"The account owed {owed[place]} then, it says {told}.")


def _broken(item: Table, place: int, message: str) -> Broken:
    names = {"consolidated_bill": "consolidated_no", "account_id": "account_id"}
    where = {key: ints(item[name])[place] for key, name in names.items()}
    return broken(message, **where, bill_id=ints(item["bill_id"])[place])


def _documents(bill: Table, entry: Table) -> tuple[Ints, Ints, Ints, Ints]:
    """(account, day, recorded at, amount) of bills and account entries, by account."""
    pairs = (
        ("account_id", "account_id"),
        ("issued_day", "day"),
        ("recorded_at", "recorded_at"),
        ("total", "amount"),
    )
    account, day, recorded, amount = (
        np.concatenate([ints(bill[one]), ints(entry[other])]) for one, other in pairs
    )
    order = np.argsort(account, kind="stable")
    return account[order], day[order], recorded[order], amount[order]


def _owed(item: Table, documents: tuple[Ints, Ints, Ints, Ints]) -> Ints:
    """What the account of each item owed on its day, as known at its time."""
    account, day, recorded, amount = documents
    count = len(item["account_id"])
    found = np.zeros(count, dtype=np.int64)
    for begin in range(0, count, ITEMS_AT_ONCE):
        part = slice(begin, begin + ITEMS_AT_ONCE)
        row, at = expanded(account, ints(item["account_id"])[part])
        counts = (day[at] <= ints(item["day"])[part][row]) & (
            recorded[at] <= ints(item["known_at"])[part][row]
        )
        np.add.at(found[part], row[counts], amount[at[counts]])
    return found
