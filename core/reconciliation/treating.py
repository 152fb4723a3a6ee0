"""What breaks do by themselves: late money is posted with the channel's time, payments that the
channel took back are reversed, credits of banks that nobody explains become payments whose owner is
unknown, amounts are adjusted where the channel's prevail. All of it is payments' and decisions' own
ways, so a second time changes nothing.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

import numpy as np
import pyarrow as pa

from billcore.core.accounts.acting import Acting
from billcore.core.accounts.checks import Ints, Table, ints, only
from billcore.core.caller import Caller
from billcore.core.errors import BillcoreError
from billcore.core.payments.codes import Code
from billcore.core.payments.intake.post import Intake, post
from billcore.core.payments.orders import Orders
from billcore.core.payments.reversals import Asked, ReversalKind, reverse
from billcore.core.reconciliation.adjusting import adjustable
from billcore.core.reconciliation.breaks import BreakKind
from billcore.core.reconciliation.closing import decide
from billcore.core.reconciliation.computing import BreakState, Decision, day_of
from billcore.core.reconciliation.files.times import instants
from billcore.core.reconciliation.outcome import of_bank
from billcore.core.reconciliation.reading import Day
from billcore.core.reconciliation.settlement import suspending
from billcore.core.reconciliation.terms import TARGET_KINDS, Prevails
from billcore.core.store import channel_files as file_rows
from billcore.core.store import recon as rows
from billcore.core.store.again import again
from billcore.core.store.columns import stacked
from billcore.core.store.port import Column, Reader, Session, Store

CHUNK = 10_000
"""So many late payments are posted in one transaction."""

REFUSED_MAX = 100
"""So many refusals are told."""

DecidedBreak = tuple[str, int, int, Decision, str]
"""(channel, day, break, decision, reason)."""


@dataclass(frozen=True, slots=True)
class Refused:
    """A break that stays as it is, and why."""

    break_id: int
    reference: str
    reason: str
    message: str


@dataclass(frozen=True, slots=True)
class Treated:
    """How many payments were posted and reversed, how many accounts adjusted; those that could not,
    the first REFUSED_MAX."""

    posted: int
    reversed: int
    adjusted: int
    refused_count: int
    refused: tuple[Refused, ...]


def treat_day(
    store: Store, caller: Caller, now: Callable[[], int], channel: str, day: int
) -> Treated:
    """Posts what came late and reverses what was taken back, of a day's open breaks.

    The day must be matched again behind it. Raises ChannelUnknown, ChannelForbidden.
    """
    with store.read() as reader:
        of = day_of(reader, caller, channel, day)
        breaks = rows.breaks(reader, of.key, day)
        if of_bank(of):
            late = suspending.payments(_open(breaks, BreakKind.UNKNOWN_CREDIT))
            lines = suspending.lines(of, late)
        else:
            late = _open(breaks, BreakKind.LATE_ARRIVING)
            lines = _lines(reader, of, late)
    refused: list[Refused] = []
    posted = 0
    for start in range(0, len(late["break_id"]), CHUNK):
        part = {name: column[start : start + CHUNK] for name, column in late.items()}
        told = {name: column[start : start + CHUNK] for name, column in lines.items()}
        act = partial(_post, caller=caller, of=of, now=now(), breaks=part, lines=told)
        count, failed = again(store, act)
        posted += count
        refused += failed
    undone = 0
    for one in _rows(_open(breaks, BreakKind.REVERSED_BY_CHANNEL)):
        try:
            again(store, partial(_reverse, caller=caller, of=of, now=now(), told=one))
            undone += 1
        except BillcoreError as error:
            refused.append(Refused(one.break_id, one.reference, error.reason, error.message))
    changed, failed = _adjust_all(store, caller, now, of, breaks)
    refused += failed
    return Treated(posted, undone, changed, len(refused), tuple(refused[:REFUSED_MAX]))


def _adjust_all(
    store: Store, caller: Caller, now: Callable[[], int], of: Day, breaks: Table
) -> tuple[int, list[Refused]]:
    """Adjusts accounts where the channel's amount prevails, and takes back adjustments whose break
    is gone."""
    refused, changed = [], 0
    for one, decision, reason in _adjustments(store, of, breaks):
        told = of.place.channel.channel, of.day, one.break_id, decision, reason

        def act(session: Session, told: DecidedBreak = told) -> object:
            return decide(Acting(session, caller, now()), *told, gone=True)

        try:
            again(store, act)
            changed += 1
        except BillcoreError as error:
            refused.append(Refused(one.break_id, one.reference, error.reason, error.message))
    return changed, refused


def _adjustments(
    store: Store, of: Day, breaks: Table
) -> Iterator[tuple[rows.BreakRow, Decision, str]]:
    if of.terms.prevails is Prevails.CHANNEL:
        for one in _rows(_open(breaks, BreakKind.AMOUNT_DIFF)):
            if adjustable(one):
                yield one, Decision.ADJUST, "the channel's amount prevails by its terms"
    with store.read() as reader:
        latest = {made[0]: made for made in rows.decisions(reader, of.key, of.day)}
    adjusted = {number for number, made in latest.items() if made[1] == Decision.ADJUST}
    for one in _rows(breaks) if adjusted else ():
        if one.break_id in adjusted and one.state == BreakState.RESOLVED:
            yield one, Decision.REOPEN, "its break is gone"


def _open(breaks: Table, kind: BreakKind) -> Table:
    return only(breaks, (ints(breaks["kind"]) == kind) & (ints(breaks["state"]) == BreakState.OPEN))


def _rows(breaks: Table) -> Iterator[rows.BreakRow]:
    columns = [
        column.tolist() if isinstance(column, np.ndarray) else column.to_pylist()
        for column in breaks.values()
    ]
    return map(rows.BreakRow._make, zip(*columns, strict=True))


# -- late


def _lines(reader: Reader, of: Day, breaks: Table) -> Table:
    """The report's line of each break: fee, paid_at."""
    files = np.unique(ints(breaks["file_no"])).tolist()
    tables = [file_rows.lines(reader, of.place.provider_id, one) for one in files]
    names = ("file_no", "line", "fee", "paid_at", "day")
    kinds = file_rows.REPORT_LINE
    table = {name: ints(stacked([one[name] for one in tables], kinds[name])) for name in names}
    order = np.lexsort([table["line"], table["file_no"]])
    keys = _place(table["file_no"][order], table["line"][order])
    wanted = _place(ints(breaks["file_no"]), ints(breaks["line"]))
    at = order[np.searchsorted(keys, wanted)] if len(wanted) else np.zeros(0, dtype=np.int64)
    zone = of.terms.time_zone or of.place.time_zone
    paid_at = table["paid_at"][at]
    begins = instants(table["day"][at], np.zeros(len(at), dtype=np.int64), zone)
    # Of a line that tells no time of the day, its beginning.
    return {"fee": table["fee"][at], "paid_at": np.where(paid_at != 0, paid_at, begins)}


def _place(file_no: Ints, line: Ints) -> Ints:
    return file_no << 32 | line


def _post(
    session: Session, caller: Caller, of: Day, now: int, breaks: Table, lines: Table
) -> tuple[int, list[Refused]]:
    """How many were posted now, and what was refused."""
    if of_bank(of):
        kept = suspending.still_unknown(session, of, breaks)
        breaks, lines = only(breaks, kept), only(lines, kept)
    count = len(breaks["break_id"])
    if not count:
        return 0, []
    channel = of.place.channel
    nothing = np.zeros(count, dtype=np.int64)
    orders = Orders(
        channel_no=np.full(count, channel.channel_no),
        reference=_texts(breaks["reference"]),
        target_kind=np.full(count, TARGET_KINDS[of.terms.target_kind].value),
        target=_texts(breaks["target"]),
        amount=ints(breaks["report_amount"]),
        taken=np.ones(count, dtype=np.bool_),
        client_id=np.full(count, caller.client_id),
        fee=ints(lines["fee"]),
        terminal_no=nothing,
        direction=pa.repeat(pa.scalar("", pa.string()), count),
        paid_at=ints(lines["paid_at"]),
        value_day=nothing,
    )
    whose = of.place.provider_id, now, of.place.time_zone, of.place.policies
    posted = post(session, Intake(*whose, {channel.channel_no: channel}), orders)
    refused = []
    for row in np.flatnonzero(~np.isin(posted.code, (Code.OK, Code.OK_REPLAYED))).tolist():
        error = posted.error(row)
        break_id, reference = int(ints(breaks["break_id"])[row]), orders.reference[row].as_py()
        refused.append(Refused(break_id, reference, error.reason, error.message))
    return int((posted.code == Code.OK).sum()), refused


def _texts(column: Column) -> pa.StringArray:
    assert isinstance(column, pa.StringArray), "it is a column of texts"
    return column


# -- taken back


def _reverse(session: Session, caller: Caller, of: Day, now: int, told: rows.BreakRow) -> None:
    """Reverses a payment as the line of a report tells, on the day that the report is of."""
    asked = Asked(
        reference=f"report {told.file_no}:{told.line}",
        payment_reference=told.reference,
        kind=ReversalKind.CANCELLED,
        reason=f"line {told.line} of file {told.file_no} tells that it was taken back",
        day=of.day,
    )
    reverse(Acting(session, caller, now), of.place, asked, of.day)
