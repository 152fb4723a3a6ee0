"""Which line of a report tells which payment: whole columns, pure, the same in any order of rows.

A payment and its reversal are two flows of one reference. Of several lines with one reference the
one that tells our amount is the line, else the first by file and place; the others are duplicates.
"""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from billcore.core.accounts.checks import Bools, Ints
from billcore.core.ordered import places

NONE = -1


@dataclass(frozen=True, slots=True)
class Flows:
    """What the books have, each once. key: (payment_id, reversal); amount: minor units, below 0 of
    a reversal; account_id: 0 in suspense; day: the business day."""

    payment_id: Ints
    reversal: Bools
    amount: Ints
    account_id: Ints
    target: pa.StringArray
    day: Ints

    def __len__(self) -> int:
        return len(self.amount)


@dataclass(frozen=True, slots=True)
class Lines:
    """What reports of one business day tell. payment_id: that the reference has, or would have.

    told_before: a report of an earlier day tells it already.
    """

    payment_id: Ints
    reversal: Bools
    amount: Ints
    target: pa.StringArray
    file_no: Ints
    line: Ints
    day: Ints
    told_before: Bools

    def __len__(self) -> int:
        return len(self.amount)


@dataclass(frozen=True, slots=True)
class Pairs:
    """flow: by line, the row of its flow or NONE; duplicate: lines beside the one that counts;
    line: by flow, the row of its line or NONE; by_document: lines whose reference is another."""

    flow: Ints
    duplicate: Bools
    line: Ints
    by_document: Bools


def pair(flows: Flows, lines: Lines, documents: bool) -> Pairs:
    """The pairs of flows and lines; documents: also by what was paid, amount and day, where no
    reference is the same."""
    hit = _hits(flows, lines)
    differs = hit != NONE
    differs[differs] = flows.amount[hit[differs]] != lines.amount[differs]
    duplicate = _repeated(lines, differs)
    flow = np.where(duplicate, NONE, hit)
    line = np.full(len(flows), NONE, dtype=np.int64)
    paired = np.flatnonzero(flow != NONE)
    line[flow[paired]] = paired
    made = Pairs(flow, duplicate, line, np.zeros(len(lines), dtype=np.bool_))
    if documents:
        _pair_documents(flows, lines, made)
    return made


def _hits(flows: Flows, lines: Lines) -> Ints:
    """The flow of each line's key, or NONE."""
    found = np.full(len(lines), NONE, dtype=np.int64)
    for reversal in (False, True):
        ours = np.flatnonzero(flows.reversal == reversal)
        theirs = np.flatnonzero(lines.reversal == reversal)
        if not ours.size or not theirs.size:
            continue
        order = ours[np.argsort(flows.payment_id[ours], kind="stable")]
        at, there = places(flows.payment_id[order], lines.payment_id[theirs])
        found[theirs[there]] = order[at[there]]
    return found


def _repeated(lines: Lines, differs: Bools) -> Bools:
    """The lines whose key another line tells that goes before them."""
    found = np.zeros(len(lines), dtype=np.bool_)
    ordered = np.argsort(lines.payment_id, kind="stable")
    keys = lines.payment_id[ordered]
    like = np.zeros(len(lines), dtype=np.bool_)
    like[1:] = keys[1:] == keys[:-1]
    like[:-1] |= like[1:]
    rows = ordered[like]  # few: most references are told once
    ties = lines.line[rows], lines.file_no[rows], differs[rows], lines.reversal[rows]
    order = rows[np.lexsort([*ties, lines.payment_id[rows]])]
    again = np.zeros(len(order), dtype=np.bool_)
    for_key, reversal = lines.payment_id[order], lines.reversal[order]
    again[1:] = (for_key[1:] == for_key[:-1]) & (reversal[1:] == reversal[:-1])
    found[order] = again
    return found | lines.told_before


def _pair_documents(flows: Flows, lines: Lines, pairs: Pairs) -> None:
    """OUT: pairs get what is left of both that tells the same document, amount and day.

    Of several that are all the same, the first flow by payment goes with the first line by place.
    """
    ours = np.flatnonzero((pairs.line == NONE) & ~flows.reversal)
    theirs = np.flatnonzero((pairs.flow == NONE) & ~pairs.duplicate & ~lines.reversal)
    if not ours.size or not theirs.size:
        return
    texts = pa.concat_arrays(
        [flows.target.take(pa.array(ours)), lines.target.take(pa.array(theirs))]
    )
    code = np.asarray(texts.dictionary_encode().indices).astype(np.int64)
    left = _ranked(
        code[: ours.size], flows.amount[ours], flows.day[ours],
        [flows.payment_id[ours]],
    )  # fmt: skip
    right = _ranked(
        code[ours.size :], lines.amount[theirs], lines.day[theirs],
        [lines.line[theirs], lines.file_no[theirs]],
    )  # fmt: skip
    known = {key: row for row, key in zip(ours.tolist(), left, strict=True)}
    for row, key in zip(theirs.tolist(), right, strict=True):
        flow = known.get(key)
        if flow is not None:
            pairs.flow[row], pairs.line[flow] = flow, row
            pairs.by_document[row] = True


def twice(lines: Lines, counts: Bools) -> Bools:
    """Which of the lines that count tell a document and amount that one before them tells."""
    chosen = np.flatnonzero(counts)
    found = np.zeros(len(lines), dtype=np.bool_)
    if not chosen.size:
        return found
    texts = lines.target.take(pa.array(chosen)).dictionary_encode()
    code = np.asarray(texts.indices).astype(np.int64)
    amount = lines.amount[chosen]
    order = np.lexsort([lines.line[chosen], lines.file_no[chosen], amount, code])
    again = np.zeros(len(order), dtype=np.bool_)
    again[1:] = (code[order][1:] == code[order][:-1]) & (amount[order][1:] == amount[order][:-1])
    found[chosen[order]] = again
    return found


def _ranked(
    code: Ints, amount: Ints, day: Ints, ties: list[Ints]
) -> list[tuple[int, int, int, int]]:
    """What each row is, and the how manieth it is of its like."""
    order = np.lexsort([*ties, day, amount, code])
    same = np.zeros(len(code), dtype=np.bool_)
    for column in (code, amount, day):
        ordered = column[order]
        same[1:] |= ordered[1:] != ordered[:-1]
    starts = np.flatnonzero(same | (np.arange(len(code)) == 0))
    begun = np.repeat(starts, np.diff(np.append(starts, len(code))))
    rank = np.empty(len(code), dtype=np.int64)
    rank[order] = np.arange(len(code)) - begun
    return list(zip(code.tolist(), amount.tolist(), day.tolist(), rank.tolist(), strict=True))
