"""The invariants of bills, checked over all bills of a provider as columns."""

from collections.abc import Iterator, Mapping
from itertools import islice

import numpy as np
import pyarrow as pa

from billcore.core.accounts.checks import ints
from billcore.core.accounts.days import iso
from billcore.core.billing.charges import packing
from billcore.core.billing.charges.inputs import unpacked
from billcore.core.billing.charges.tariffs import Tariffs
from billcore.core.billing.items import folded_items
from billcore.core.errors import ColumnInvalid
from billcore.core.findings import MOST, Broken, broken
from billcore.core.ids import id_range
from billcore.core.ledger.allocation.documents import Kind
from billcore.core.ledger.checks import account_ranges
from billcore.core.ledger.kinds import BillKind
from billcore.core.metering.registers import agreement_key
from billcore.core.rating.batch import Bools, Ints
from billcore.core.rating.rate import rate
from billcore.core.store import bills as rows
from billcore.core.store import last_bills, references
from billcore.core.store.port import Column, Reader


def bills_rerate(reader: Reader, provider_id: int) -> Iterator[Broken]:
    """Every bill rates to itself again from its own inputs and tariff version."""
    tariffs = Tariffs(reader)
    found = (
        finding
        for month in rows.months(reader, provider_id)
        for lo, hi in account_ranges(reader, provider_id)
        for finding in _rerated(rows.of_month(reader, month, lo, hi), tariffs)
    )
    yield from islice(found, MOST)


def allocations_fit(reader: Reader, provider_id: int) -> Iterator[Broken]:
    """By the provider's strategies no allocation exceeds its credit or item, and what is left open
    is the balance."""
    found = (
        finding
        for lo, hi in account_ranges(reader, provider_id)
        for finding in _allocations(reader, provider_id, np.arange(lo, hi + 1))
    )
    yield from islice(found, MOST)


def _allocations(reader: Reader, provider_id: int, account_id: Ints) -> Iterator[Broken]:
    try:
        folded = folded_items(reader, provider_id, account_id)
    except (ColumnInvalid, packing.PackedInvalid) as error:
        first, last = int(account_id[0]), int(account_id[-1])
        yield broken(f"The accounts cannot be folded: {error.message}", first=first, last=last)
        return
    documents, found = folded.rows, folded.found
    stands = ~found.undone & (folded.documents.kind != Kind.UNDO)
    amount = np.where(stands, documents.amount, 0)
    left = amount.copy()
    np.subtract.at(left, found.item, found.amount)
    np.add.at(left, found.credit, found.amount)
    wrong = (np.abs(left) > np.abs(amount)) | (left != np.sign(amount) * found.open)
    for row in np.flatnonzero(wrong).tolist():
        yield broken(
            f"Of {amount[row]}, {left[row]} is left open.",
            account_id=documents.account_id[row],
            document=documents.document_id[row],
        )
    owner, at = np.unique(documents.account_id, return_inverse=True)
    sums = np.zeros((2, len(owner)), dtype=np.int64)
    np.add.at(sums[0], at, documents.amount)
    np.add.at(sums[1], at, left)
    for row in np.flatnonzero(sums[0] != sums[1]).tolist():
        yield broken(
            f"The balance is {sums[0][row]}, open amounts sum to {sums[1][row]}.",
            account_id=owner[row],
        )


def days_billed_once(reader: Reader, provider_id: int) -> Iterator[Broken]:
    """No agreement is billed twice for a day, and none is left out between two bills."""
    found = (
        finding
        for lo, hi in account_ranges(reader, provider_id)
        for finding in unevenly_billed(rows.spans(reader, provider_id, lo, hi))
    )
    yield from islice(found, MOST)


def last_bills_found(reader: Reader, provider_id: int) -> Iterator[Broken]:
    """`bill_bucket` keeps the latest of the bills of each bucket and month."""
    for bucket, month in last_bills.latest_wrong(reader, provider_id, *id_range(provider_id), MOST):
        yield broken(
            "What is kept of these accounts is not the latest of their bills of the month.",
            bucket=bucket,
            month=month,
        )


def references_name_bills(reader: Reader, provider_id: int) -> Iterator[Broken]:
    """What a one-off bill stands for is said of a bill that there is."""
    found = (
        broken("The bill of the reference is not there.", account_id=account, bill_id=bill)
        for lo, hi in account_ranges(reader, provider_id)
        for account, bill in references.billless(reader, lo, hi, MOST)
    )
    yield from islice(found, MOST)


def _rerated(bills: dict[str, Column], tariffs: Tariffs) -> Iterator[Broken]:
    lines, inputs = bills["lines"], bills["inputs"]
    assert isinstance(lines, pa.Array)
    assert isinstance(inputs, pa.Array)
    total = np.zeros(len(lines), dtype=np.int64)
    wrong = np.zeros(len(lines), dtype=np.bool_)
    kept = {(part.place, *part.tariff): part for part in packing.lines_parts(lines)}
    for part in packing.inputs_parts(inputs):
        mine = kept.get((part.place, *part.tariff))
        if mine is None:
            wrong[part.bill] = True
            continue
        amounts, totals, failed = _again(part, tariffs)
        there = np.isin(part.bill, mine.bill)
        told = packing.amounts_of(mine)[np.searchsorted(mine.bill, part.bill[there])]
        wrong[part.bill[~there]] = True
        wrong[part.bill[there]] |= (told != amounts[there]).any(axis=1) | failed[there]
        np.add.at(total, part.bill, totals)
    # A credit note is not rated: it takes another bill's amounts back.
    wrong |= (total != ints(bills["total"])) & (ints(bills["kind"]) != BillKind.CREDIT)
    for at in np.flatnonzero(wrong).tolist():
        yield broken(
            f"The bill charges {ints(bills['total'])[at]}; rated again from its own inputs it "
            f"charges {total[at]}, or its lines differ.",
            account_id=ints(bills["account_id"])[at],
            bill_id=ints(bills["bill_id"])[at],
        )


def _again(part: packing.Part, tariffs: Tariffs) -> tuple[Ints, Ints, Bools]:
    """(lines, totals, failed) of packed inputs, rated again."""
    tariff = tariffs.one(*part.tariff)
    columns, changes = unpacked(tariff, part)
    rated = rate(tariff, columns, changes=changes)
    return np.stack(list(rated.lines.values()), axis=1), rated.total, rated.status != 0


def unevenly_billed(bills: Mapping[str, Column]) -> Iterator[Broken]:
    """The days that these bills, which stand for all of their accounts, bill twice or leave out.

    bills: account_id, bill_id, inputs.
    """
    account, number, inputs = ints(bills["account_id"]), ints(bills["bill_id"]), bills["inputs"]
    assert isinstance(inputs, pa.Array)
    parts = list(packing.inputs_parts(inputs))
    if not parts:
        return
    bill = np.concatenate([part.bill for part in parts])
    agreement = np.concatenate([part.field(0) for part in parts])
    previous = np.concatenate([packing.period_of(part).previous for part in parts])
    this = np.concatenate([packing.period_of(part).this for part in parts])
    key = agreement_key(account[bill], agreement)
    order = np.lexsort((this, previous, key))
    key, bill, previous, this = key[order], bill[order], previous[order], this[order]
    follows = key[1:] == key[:-1]
    for at in (np.flatnonzero(follows & (previous[1:] != this[:-1])) + 1).tolist():
        what = "twice" if previous[at] < this[at - 1] else "not at all"
        first, last = sorted((int(previous[at]), int(this[at - 1])))
        yield broken(
            f"The days from {iso(first + 1)} to {iso(last)} are billed {what}.",
            account_id=account[bill[at]],
            agreement_no=agreement[order][at],
            bill_id=number[bill[at]],
        )
