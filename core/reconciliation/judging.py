"""What each flow and line of a day ends in: the order of `breaks.KINDS`, on whole columns. Pure."""

from dataclasses import dataclass

import numpy as np

from billcore.core.accounts.checks import Bools, Ints
from billcore.core.reconciliation.breaks import BreakKind, Flag
from billcore.core.reconciliation.pairing import NONE, Flows, Lines, Pairs


@dataclass(frozen=True, slots=True)
class Judged:
    """kind, flags: by flow and by line, 0: a flow that is not of this day. A pair has one kind."""

    flow_kind: Ints
    flow_flags: Ints
    line_kind: Ints
    line_flags: Ints


@dataclass(frozen=True, slots=True)
class Known:
    """What is known beside the pairs, by flow.

    elsewhere: another day's report tells it; reversed: both a payment and its reversal are among
    our flows and no report tells either; other_account: its line tells another account;
    in_transit: it may still be told in time. paid_twice, by line: another reference paid the same.
    """

    day: int
    elsewhere: Bools
    cancelled: Bools
    other_account: Bools
    in_transit: Bools
    paid_twice: Bools


def judge(flows: Flows, lines: Lines, pairs: Pairs, known: Known) -> Judged:
    """The kind of everything that is of the day."""
    line_kind = np.zeros(len(lines), dtype=np.int64)
    line_flags = np.where(lines.reversal, Flag.REVERSAL.value, 0)
    line_flags |= np.where(pairs.by_document, Flag.PAIRED.value, 0)
    line_flags |= np.where(known.paid_twice, Flag.PAID_TWICE.value, 0)
    paired = np.flatnonzero(pairs.flow != NONE)
    flow = pairs.flow[paired]
    differs = np.zeros(len(lines), dtype=np.bool_)
    differs[paired] = flows.amount[flow] != lines.amount[paired]
    other = np.zeros(len(lines), dtype=np.bool_)
    other[paired] = known.other_account[flow]
    alone = (pairs.flow == NONE) & ~pairs.duplicate
    for kind, rows in (
        (BreakKind.DUPLICATE_IN_REPORT, pairs.duplicate),
        (BreakKind.REVERSED_BY_CHANNEL, alone & lines.reversal),
        (BreakKind.LATE_ARRIVING, alone),
        (BreakKind.AMOUNT_DIFF, differs),
        (BreakKind.WRONG_ACCOUNT, other),
        (BreakKind.DUPLICATE_IN_REPORT, known.paid_twice),
        (BreakKind.MATCHED, np.ones(len(lines), dtype=np.bool_)),
    ):
        line_kind[rows & (line_kind == 0)] = kind
    line_flags[paired] |= np.where(flows.day[flow] != known.day, Flag.DATE_DIFF.value, 0)
    flow_kind, flow_flags = _flows(flows, pairs, known)
    flow_kind[flow], flow_flags[flow] = line_kind[paired], line_flags[paired]
    return Judged(flow_kind, flow_flags, line_kind, line_flags)


def _flows(flows: Flows, pairs: Pairs, known: Known) -> tuple[Ints, Ints]:
    """Of flows that no line of the day tells."""
    ours = (pairs.line == NONE) & (flows.day == known.day) & ~known.elsewhere
    kind = np.zeros(len(flows), dtype=np.int64)
    for one, rows in (
        (BreakKind.MATCHED, known.cancelled),
        (BreakKind.IN_TRANSIT, known.in_transit),
        (BreakKind.NOT_IN_REPORT, np.ones(len(flows), dtype=np.bool_)),
    ):
        kind[ours & rows & (kind == 0)] = one
    flags = np.where(flows.reversal, Flag.REVERSAL.value, 0)
    flags |= np.where(ours & known.cancelled, Flag.CANCELLED.value, 0)
    return kind, flags
