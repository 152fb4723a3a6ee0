"""What a day comes to: its pairs, its breaks with their age and decisions, its sums. Reads only."""

import hashlib
from dataclasses import dataclass
from datetime import date
from enum import IntEnum

import numpy as np
import pyarrow as pa

from billcore.core.accounts.checks import Bools, Ints, Table, ints, only
from billcore.core.caller import Caller
from billcore.core.ids_kernel import hashed_ids
from billcore.core.ordered import places
from billcore.core.payments.intake.place import asked_place
from billcore.core.reconciliation.breaks import BreakKind, Flag
from billcore.core.reconciliation.days import business_days
from billcore.core.reconciliation.errors import MatchUnbalanced
from billcore.core.reconciliation.files.lines import exact_sum
from billcore.core.reconciliation.judging import Judged, Known, judge
from billcore.core.reconciliation.pairing import NONE, Pairs, pair, twice
from billcore.core.reconciliation.reading import Day, Read, keys, other_accounts, read_day
from billcore.core.reconciliation.settlement.fees import fees_of
from billcore.core.reconciliation.terms import terms_of
from billcore.core.store import recon as rows
from billcore.core.store.channels import find_code
from billcore.core.store.columns import stacked, taken, text_parts
from billcore.core.store.port import Reader
from billcore.core.store.recon import DayRow
from billcore.core.store.settlements import ReportedRow

SAME = ("kind", "flags", "ledger_amount", "report_amount", "account_id", "file_no", "line")
"""What a break may change in."""


class DayState(IntEnum):
    """Of a business day; the numbers travel and are stored."""

    OPEN = 1
    CLOSED = 2


class BreakState(IntEnum):
    """Of a break; the numbers travel and are stored. Those that are not resolved stand."""

    OPEN = 1
    ACCEPTED = 2
    RESOLVED = 3


class Decision(IntEnum):
    """About a break; the numbers travel and are stored."""

    ACCEPT = 1
    REOPEN = 2
    ADJUST = 3


@dataclass(frozen=True, slots=True)
class Matched:
    """A day as it matches: its row, every break that there is or was, and what its reports come to
    by batch, without duplicates."""

    row: DayRow
    breaks: Table
    reported: tuple[ReportedRow, ...]


def day_of(reader: Reader, caller: Caller, channel: str, day: int) -> Day:
    """A channel's day. Raises ChannelUnknown, ChannelForbidden."""
    place = asked_place(reader, caller, channel)
    found = find_code(reader, place.provider_id, channel)
    assert found is not None, "a place has a channel"
    terms, _ = terms_of(reader, place.provider_id, found)
    return Day(place, terms, day)


def business_day(of: Day, now: int) -> int:
    """The business day of a channel at a time, microseconds since 1970 in UTC."""
    (found,) = business_days(of.terms, of.place.time_zone, np.array([now])).tolist()
    return int(found)


def compute(reader: Reader, of: Day, today: int, before: DayRow | None, now: int) -> Matched:
    """What a day comes to now; before: what was kept of it, of which nothing but age remains."""
    read = read_day(reader, of)
    pairs = pair(read.flows, read.lines, of.terms.match_documents)
    known = _known(reader, of, read, pairs, today)
    judged = judge(read.flows, read.lines, pairs, known)
    found = _breaks(of, read, pairs, judged)
    breaks = carried(reader, of, found, now)
    row = _row(of, read, judged, breaks, before, now)
    return Matched(row, breaks, _reported(of, read, judged))


def _reported(of: Day, read: Read, judged: Judged) -> tuple[ReportedRow, ...]:
    """What the reports tell of each batch, without duplicates."""
    again = (judged.line_flags & Flag.PAID_TWICE) != 0
    counted = (judged.line_kind != BreakKind.DUPLICATE_IN_REPORT) | again
    amount = read.lines.amount[counted]
    batches = read.line_batch.filter(pa.array(counted)).dictionary_encode()
    code = np.asarray(batches.indices).astype(np.int64)
    fee = fees_of(of.terms.fees, amount) if of.terms.fees_deducted else np.zeros_like(amount)
    made = []
    for at, batch in enumerate(batches.dictionary.to_pylist()):
        own = code == at
        sums = int(own.sum()), exact_sum(amount[own]), exact_sum(fee[own])
        made.append(ReportedRow(of.key[1], of.day, batch, *sums))
    return tuple(made)


def _known(reader: Reader, of: Day, read: Read, pairs: Pairs, today: int) -> Known:
    flows = read.flows
    alone = np.flatnonzero(pairs.line == NONE)
    payment_id, reversal = flows.payment_id[alone], flows.reversal[alone]
    others = np.sort(np.concatenate([read.before, read.behind]))
    own = np.sort(keys(read.lines.payment_id, read.lines.reversal))
    undoing = keys(payment_id, ~reversal)
    undone = reversal | places(np.sort(read.reversed_ids), payment_id)[1]
    told = places(others, undoing)[1] | places(own, undoing)[1]
    elsewhere, cancelled = np.zeros((2, len(flows)), dtype=np.bool_)
    elsewhere[alone] = places(others, keys(payment_id, reversal))[1]
    cancelled[alone] = undone & ~told
    return Known(
        day=of.day,
        elsewhere=elsewhere,
        cancelled=cancelled,
        other_account=other_accounts(reader, of, read, pairs),
        in_transit=np.full(len(flows), today <= of.day + of.terms.transit_days),
        paid_twice=_paid_twice(of, read, pairs),
    )


def _paid_twice(of: Day, read: Read, pairs: Pairs) -> Bools:
    """Of each line: whether another reference paid the same bill and amount before it, and neither
    was taken back."""
    lines = read.lines
    if of.terms.target_kind == "account":
        return np.zeros(len(lines), dtype=np.bool_)
    undone = np.sort(np.concatenate([read.reversed_ids, lines.payment_id[lines.reversal]]))
    counts = ~pairs.duplicate & ~lines.reversal & ~places(undone, lines.payment_id)[1]
    return twice(lines, counts)


def _breaks(of: Day, read: Read, pairs: Pairs, judged: Judged) -> Table:
    """Every line and flow of the day that is no plain match, once."""
    missing = not read.files
    lone = (judged.flow_kind != 0) & (pairs.line == NONE)
    flows = np.flatnonzero(lone & (judged.flow_kind != BreakKind.MATCHED))
    if missing:
        return _missing(of, read, flows, judged)
    lines = np.flatnonzero(judged.line_kind != BreakKind.MATCHED)
    flow = pairs.flow[lines]
    ours = flow != NONE
    none = np.zeros(len(flows), dtype=np.int64)
    ledger_amount, account_id = np.zeros((2, len(lines)), dtype=np.int64)
    ledger_amount[ours] = read.flows.amount[flow[ours]]
    account_id[ours] = read.flows.account_id[flow[ours]]
    parts: dict[str, tuple[Ints | pa.StringArray, Ints | pa.StringArray]] = {
        "kind": (judged.line_kind[lines], judged.flow_kind[flows]),
        "flags": (judged.line_flags[lines], judged.flow_flags[flows]),
        "payment_id": (read.lines.payment_id[lines], read.flows.payment_id[flows]),
        "reference": (_at(read.line_reference, lines), _at(read.reference, flows)),
        "target": (_at(read.lines.target, lines), _at(read.flows.target, flows)),
        "account_id": (account_id, read.flows.account_id[flows]),
        "file_no": (read.lines.file_no[lines], none),
        "line": (read.lines.line[lines], none),
        "ledger_amount": (ledger_amount, read.flows.amount[flows]),
        "report_amount": (read.lines.amount[lines], none),
    }
    table: Table = {name: stacked(pair_, rows.BREAK[name]) for name, pair_ in parts.items()}
    return numbered(of, table)


def _missing(of: Day, read: Read, flows: Ints, judged: Judged) -> Table:
    """One break for a day without a report: what all of its payments come to.

    In transit while any of them is; then the report is missing.
    """
    if not flows.size:
        kind = BreakKind.REPORT_MISSING
    elif (judged.flow_kind[flows] == BreakKind.IN_TRANSIT).any():
        kind = BreakKind.IN_TRANSIT
    else:
        kind = BreakKind.REPORT_MISSING
    table: Table = {
        name: np.zeros(1, dtype=np.int64)
        for name in ("flags", "payment_id", "account_id", "file_no", "line", "report_amount")
    }
    table |= {"kind": np.array([int(kind)]), "reference": _blank(), "target": _blank()}
    table["ledger_amount"] = np.array([exact_sum(read.flows.amount[flows])])
    return numbered(of, table)


def _blank() -> pa.StringArray:
    return pa.array([""], pa.string())


def _at(texts: pa.StringArray, chosen: Ints) -> pa.StringArray:
    return texts.take(pa.array(chosen))


def numbered(of: Day, table: Table) -> Table:
    """The same with ids: of what a break is about, whatever its kind and amounts.

    A duplicate is a line; everything else is a payment or a reversal of the day.
    """
    line = ints(table["kind"]) == BreakKind.DUPLICATE_IN_REPORT
    count = len(line)
    numbers = np.stack(
        [
            np.full(count, of.key[0]),
            np.full(count, of.key[1]),
            np.full(count, of.day),
            ints(table["payment_id"]),
            ints(table["flags"]) & Flag.REVERSAL.value,
            np.where(line, ints(table["file_no"]), 0),
            np.where(line, ints(table["line"]), 0),
        ]
    ).astype(np.int64)
    empty = text_parts(pa.repeat(pa.scalar("", pa.string()), count))
    break_id = hashed_ids("break", numbers, *empty)
    order = np.argsort(break_id, kind="stable")
    return {"break_id": break_id[order], **taken(table, order)}


# -- beside what was there


def carried(reader: Reader, of: Day, found: Table, now: int) -> Table:
    """The breaks with their state and age: of those that were there, and of those that are gone."""
    old = rows.breaks(reader, of.key, of.day)
    old_id, new_id = ints(old["break_id"]), ints(found["break_id"])
    at, there = places(old_id, new_id)
    count = len(new_id)
    opened, changed = np.full(count, now), np.full(count, now)
    was = at[there]
    same = np.ones(was.size, dtype=np.bool_)
    for name in SAME:
        same &= ints(old[name])[was] == ints(found[name])[there]
    stood = ints(old["state"])[was] != BreakState.RESOLVED
    opened[there] = np.where(stood, ints(old["opened_at"])[was], now)
    changed[there] = np.where(stood & same, ints(old["changed_at"])[was], now)
    made: Table = found | {
        "state": np.full(count, BreakState.OPEN.value),
        "opened_at": opened,
        "changed_at": changed,
    }
    _apply_decisions(reader, of, made)
    gone = ~places(new_id, old_id)[1]
    return _with_gone(made, old, gone, now)


def _apply_decisions(reader: Reader, of: Day, made: Table) -> None:
    """OUT: what was accepted stays accepted while it is the same."""
    place = {int(one): row for row, one in enumerate(ints(made["break_id"]).tolist())}
    kind = ints(made["kind"])
    difference = ints(made["ledger_amount"]) - ints(made["report_amount"])
    state = ints(made["state"])
    for break_id, decision, about, amount in rows.decisions(reader, of.key, of.day):
        row = place.get(break_id)
        if row is None:
            continue
        same = (int(kind[row]), int(difference[row])) == (about, amount)
        accepted = same and decision in (Decision.ACCEPT, Decision.ADJUST)
        state[row] = BreakState.ACCEPTED if accepted else BreakState.OPEN


def _with_gone(made: Table, old: Table, gone: Bools, now: int) -> Table:
    """Those that are there and those that were, which are resolved since they are gone."""
    if not gone.any():
        return made
    left = only(old, gone)
    stood = ints(left["state"]) != BreakState.RESOLVED
    left["changed_at"] = np.where(stood, now, ints(left["changed_at"]))
    left["state"] = np.full(len(stood), BreakState.RESOLVED.value)
    return {name: stacked([made[name], left[name]], kind) for name, kind in rows.BREAK.items()}


def _row(
    of: Day, read: Read, judged: Judged, breaks: Table, before: DayRow | None, now: int
) -> DayRow:
    flows = judged.flow_kind != 0
    cancelled = flows & ((judged.flow_flags & Flag.CANCELLED) != 0)
    ours = flows & ~cancelled
    pairs = judged.line_kind == BreakKind.MATCHED
    standing = ints(breaks["state"]) != BreakState.RESOLVED
    difference = ints(breaks["ledger_amount"]) - ints(breaks["report_amount"])
    dates = (judged.line_flags & Flag.DATE_DIFF) != 0
    row = DayRow(
        provider_id=of.key[0],
        channel_no=of.key[1],
        day=of.day,
        match_no=before.match_no + 1 if before else 1,
        state=DayState.OPEN,
        stale=0,
        files=len(read.files),
        ledger_count=int(ours.sum()),
        ledger_amount=exact_sum(read.flows.amount[ours]),
        report_count=len(read.lines),
        report_amount=exact_sum(read.lines.amount),
        matched_count=int(pairs.sum()),
        matched_amount=exact_sum(read.lines.amount[pairs]),
        cancelled_count=int(cancelled.sum()),
        date_diff_count=int(dates.sum()),
        break_count=int(standing.sum()),
        break_amount=exact_sum(difference[standing]),
        digest=b"",
        matched_at=now,
        closed_at=0,
    )
    return sealed(of, row, breaks, standing)


def sealed(of: Day, row: DayRow, breaks: Table, standing: Bools) -> DayRow:
    """A day's row with its digest. Raises MatchUnbalanced unless the books are what was reported
    and the breaks that stand."""
    if row.ledger_amount != row.report_amount + row.break_amount:
        sums = row.ledger_amount, row.report_amount, row.break_amount
        told = date.fromordinal(of.day).isoformat()
        raise MatchUnbalanced(of.place.channel.channel, told, *sums)
    return row._replace(digest=_digest(row, breaks, standing))


def _digest(row: DayRow, breaks: Table, standing: Bools) -> bytes:
    """Of what a day comes to, without when and how often; standing: which breaks stand."""
    names = "files ledger_count ledger_amount report_count report_amount matched_count".split()
    names += "matched_amount cancelled_count date_diff_count".split()
    found = hashlib.sha256(repr([getattr(row, name) for name in names]).encode())
    order = np.argsort(ints(breaks["break_id"])[standing], kind="stable")
    for name in ("break_id", "kind", "flags", "ledger_amount", "report_amount"):
        found.update(np.ascontiguousarray(ints(breaks[name])[standing][order], dtype="<i8").data)
    return found.digest()
