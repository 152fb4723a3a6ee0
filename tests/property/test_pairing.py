"""Which line tells which payment: columns against a plain model, whatever stands in which order."""

from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from billcore.core.reconciliation.breaks import BreakKind
from billcore.core.reconciliation.judging import Known, judge
from billcore.core.reconciliation.pairing import NONE, Flows, Lines, pair, twice

DAY = 100


@dataclass(frozen=True)
class Flow:
    payment: int
    reversal: bool
    amount: int
    target: str
    day: int
    account: int
    elsewhere: bool
    cancelled: bool
    other: bool
    transit: bool


@dataclass(frozen=True)
class Line:
    payment: int
    reversal: bool
    amount: int
    target: str
    place: int
    before: bool


AMOUNTS = st.integers(1, 3)
TARGETS = st.sampled_from("AB")

FLOWS = st.lists(
    st.builds(
        Flow,
        payment=st.integers(1, 9) | st.integers(2**62, 2**62 + 3),
        reversal=st.booleans(),
        amount=AMOUNTS,
        target=TARGETS,
        day=st.sampled_from([DAY, DAY, DAY - 1]),
        account=st.integers(1, 3),
        elsewhere=st.booleans(),
        cancelled=st.booleans(),
        other=st.booleans(),
        transit=st.booleans(),
    ),
    max_size=8,
    unique_by=lambda one: (one.payment, one.reversal),
)

LINES = st.lists(
    st.builds(
        Line,
        payment=st.integers(1, 12) | st.integers(2**62, 2**62 + 3),
        reversal=st.booleans(),
        amount=AMOUNTS,
        target=TARGETS,
        place=st.integers(1, 1_000),
        before=st.booleans(),
    ),
    max_size=12,
    unique_by=lambda one: one.place,
)


def model(flows, lines, documents):
    """(what each line ends in, with which flow; what each lone flow ends in), in plain Python."""
    found, taken = {}, {}
    by_key = {(one.payment, one.reversal): one for one in flows}
    for key in {(one.payment, one.reversal) for one in lines}:
        like = [one for one in lines if (one.payment, one.reversal) == key]
        ours = by_key.get(key)
        like.sort(key=lambda one: (ours is not None and one.amount != ours.amount, one.place))
        for at, one in enumerate(like):
            if at or one.before:
                found[one] = (BreakKind.DUPLICATE_IN_REPORT, None)
            else:
                found[one] = (None, ours)
                if ours:
                    taken[ours] = one
    if documents:
        left = sorted(
            (f for f in flows if f not in taken and not f.reversal), key=lambda f: f.payment
        )
        for one in sorted(lines, key=lambda line: line.place):
            if found[one] != (None, None) or one.reversal:
                continue
            for flow in left:
                if (flow.target, flow.amount, flow.day) == (one.target, one.amount, DAY):
                    left.remove(flow)
                    found[one] = (None, flow)
                    taken[flow] = one
                    break
    for one, (kind, flow) in list(found.items()):
        if kind is None:
            found[one] = (_kind(one, flow), flow)
    lone = {one: _lone(one) for one in flows if one not in taken}
    return found, lone


def _kind(line, flow):
    if flow is None:
        return BreakKind.REVERSED_BY_CHANNEL if line.reversal else BreakKind.LATE_ARRIVING
    if flow.amount != line.amount:
        return BreakKind.AMOUNT_DIFF
    return BreakKind.WRONG_ACCOUNT if flow.other else BreakKind.MATCHED


def _lone(flow):
    if flow.day != DAY or flow.elsewhere:
        return 0
    if flow.cancelled:
        return BreakKind.MATCHED
    return BreakKind.IN_TRANSIT if flow.transit else BreakKind.NOT_IN_REPORT


def _find_twice(found, lines):
    """OUT: what matches and tells a target and amount that a line before it tells."""
    seen = set()
    for one in sorted(lines, key=lambda line: line.place):
        kind, flow = found[one]
        if one.reversal or kind is BreakKind.DUPLICATE_IN_REPORT:
            continue
        if (one.target, one.amount) in seen and kind is BreakKind.MATCHED:
            found[one] = (BreakKind.DUPLICATE_IN_REPORT, flow)
        seen.add((one.target, one.amount))


def columns(flows, lines):
    def ints(rows, name):
        return np.array([getattr(one, name) for one in rows], dtype=np.int64)

    def flags(rows, name):
        return np.array([getattr(one, name) for one in rows], dtype=np.bool_)

    def texts(rows):
        return pa.array([one.target for one in rows], pa.string())

    ours = Flows(
        ints(flows, "payment"), flags(flows, "reversal"), ints(flows, "amount"),
        ints(flows, "account"), texts(flows), ints(flows, "day"),
    )  # fmt: skip
    theirs = Lines(
        ints(lines, "payment"), flags(lines, "reversal"), ints(lines, "amount"), texts(lines),
        ints(lines, "place") // 10, ints(lines, "place"), np.full(len(lines), DAY),
        flags(lines, "before"),
    )  # fmt: skip
    known = Known(
        DAY, flags(flows, "elsewhere"), flags(flows, "cancelled"), flags(flows, "other"),
        flags(flows, "transit"), np.zeros(len(lines), dtype=np.bool_),
    )  # fmt: skip
    return ours, theirs, known


@given(flows=FLOWS, lines=LINES, documents=st.booleans(), bills=st.booleans(), shuffle=st.randoms())
def test_columns_agree_with_the_model(flows, lines, documents, bills, shuffle):
    """Every line and flow ends in one kind, the same in any order; what is told before is told
    again."""
    told = {(one.payment, one.reversal) for one in lines if one.before}
    lines = [
        Line(one.payment, one.reversal, one.amount, one.target, one.place,
             (one.payment, one.reversal) in told)
        for one in lines
    ]  # fmt: skip
    shuffle.shuffle(flows)
    shuffle.shuffle(lines)
    wanted, lone = model(flows, lines, documents)
    ours, theirs, known = columns(flows, lines)
    pairs = pair(ours, theirs, documents)
    if bills:
        again = twice(theirs, ~pairs.duplicate & ~theirs.reversal)
        known = replace(known, paid_twice=again)
        _find_twice(wanted, lines)
    judged = judge(ours, theirs, pairs, known)
    for row, one in enumerate(lines):
        kind, flow = wanted[one]
        at = pairs.flow[row]
        assert (flows[at] if at != NONE else None) == flow
        assert judged.line_kind[row] == kind
        if flow is not None:
            assert judged.flow_kind[at] == kind
            assert pairs.line[at] == row
    for row, one in enumerate(flows):
        if one in lone:
            assert pairs.line[row] == NONE
            assert judged.flow_kind[row] == lone[one]
