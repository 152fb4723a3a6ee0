"""What always holds of corrected bills, checked over all accounts of a provider as columns."""

from collections.abc import Iterator, Mapping
from itertools import islice

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from billcore.core.accounts.checks import Table, ints
from billcore.core.billing.charges import packing
from billcore.core.billing.corrections.credits import negated
from billcore.core.findings import MOST, Broken, broken
from billcore.core.ledger.checks import account_ranges
from billcore.core.ledger.kinds import BillKind
from billcore.core.rating.batch import Bools, Ints
from billcore.core.store import corrections as rows
from billcore.core.store.columns import taken
from billcore.core.store.port import Reader

NAMED = ("bill_id", "credit_id", "rebill_id")
"""The documents that a row of `bill_correction` names."""

STANDING_AGAIN = (BillKind.CORRECTION, BillKind.ONE_OFF)
"""Kinds of what takes a credit note back."""

NO_REASON = "its correction is not recorded."
NOT_THERE = "its account has no document {}."
TWICE = "that takes back another document too."
NOT_TAKEN_BACK = (
    "that is of another kind or other days, or its total or lines are not negated ones."
)
OTHER_DAYS = "what stands in its place is no correction, or of other days."


def corrections_undo(reader: Reader, provider_id: int) -> Iterator[Broken]:
    """What takes a document back has exactly its total and lines, negated; what stands in its place
    is of the same account and days; each has its reason, and none stands for nothing."""
    found = (
        finding
        for lo, hi in account_ranges(reader, provider_id)
        for finding in _checked(reader, provider_id, lo, hi)
    )
    yield from islice(found, MOST)


def _checked(reader: Reader, provider_id: int, lo: int, hi: int) -> Iterator[Broken]:
    every = rows.rows_of(reader, provider_id, lo, hi)
    named = {name: rows.named(reader, name, lo, hi) for name in NAMED}
    for bad, why in _wrong(every, named):
        for at in np.flatnonzero(bad).tolist():
            yield broken(
                f"Document {ints(every['credit_id'])[at]} takes the bill back; {why}",
                account_id=ints(every["account_id"])[at],
                bill_id=ints(every["bill_id"])[at],
            )
    for account, bill, kind in rows.stray(reader, provider_id, lo, hi, MOST):
        credit = kind == BillKind.CREDIT
        told = "The credit note takes nothing back." if credit else "The bill corrects none."
        yield broken(told, account_id=account, bill_id=bill)


def _wrong(every: Table, named: Mapping[str, Table]) -> Iterator[tuple[Bools, str]]:
    """Masks of rows, and what is wrong with them."""
    count = len(ints(every["bill_id"]))
    yield ints(every["known"]) == 0, NO_REASON
    for name in NAMED:
        there = _mask(count, ints(named[name]["place"]))
        yield (ints(every[name]) != 0) & ~there, NOT_THERE.format(name)
    yield _repeated(ints(every["credit_id"])), TWICE
    yield _mask(count, _not_taken_back(named["bill_id"], named["credit_id"])), NOT_TAKEN_BACK
    yield _mask(count, _other_days(named["bill_id"], named["rebill_id"])), OTHER_DAYS


def _mask(count: int, places: Ints) -> Bools:
    found = np.zeros(count, dtype=np.bool_)
    found[places] = True
    return found


def _repeated(values: Ints) -> Bools:
    """Which values stand there more than once."""
    _, back, count = np.unique(values, return_inverse=True, return_counts=True)
    found: Bools = count[back] > 1
    return found


def _together(one: Table, other: Table) -> tuple[Ints, Table, Table]:
    """(the rows of both tables, what each has of them)."""
    places, mine, others = np.intersect1d(
        ints(one["place"]), ints(other["place"]), assume_unique=True, return_indices=True
    )
    return places, taken(one, mine), taken(other, others)


def _not_taken_back(taken: Table, by: Table) -> Ints:
    """The rows whose second document does not take back the first."""
    places, taken, by = _together(taken, by)
    note, kind = ints(taken["kind"]) == BillKind.CREDIT, ints(by["kind"])
    good = np.where(note, np.isin(kind, STANDING_AGAIN), kind == BillKind.CREDIT)
    good &= ints(by["total"]) == -ints(taken["total"])
    for name in ("previous_day", "this_day"):
        good &= ints(by[name]) == ints(taken[name])
    lines, others = taken["lines"], by["lines"]
    assert isinstance(lines, pa.Array)
    good &= pc.equal(negated(lines), others).to_numpy(zero_copy_only=False)
    found: Ints = places[~good]
    return found


def _other_days(original: Table, instead: Table) -> Ints:
    """The rows whose second document does not bill the days of the first."""
    places, original, instead = _together(original, instead)
    kind = ints(instead["kind"])
    again = (kind == BillKind.ONE_OFF) & (ints(original["kind"]) == BillKind.ONE_OFF)
    other_kind = (kind != BillKind.CORRECTION) & ~again
    every = np.concatenate([_days(original), _days(instead)])
    days, count = np.unique(every, axis=0, return_counts=True)
    return np.union1d(places[other_kind], places[days[count != 2, 0]])


def _days(table: Table) -> Ints:
    """(row, agreement, day before the first, last day) of what each of these bills bills."""
    inputs = table["inputs"]
    assert isinstance(inputs, pa.Array)
    none = np.zeros((0, 4), dtype=np.int64)
    parts = [
        np.stack([p.bill, p.field(0), packing.period_of(p).previous, packing.period_of(p).this], 1)
        for p in packing.inputs_parts(inputs)
    ]
    every = np.concatenate([none, *parts])
    owner, back = np.unique(every[:, :2], axis=0, return_inverse=True)
    previous = np.full(len(owner), np.iinfo(np.int64).max)
    this = np.zeros(len(owner), dtype=np.int64)
    np.minimum.at(previous, back.ravel(), every[:, 2])
    np.maximum.at(this, back.ravel(), every[:, 3])
    return np.column_stack([owner, previous, this])
