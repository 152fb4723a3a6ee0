"""What people decide: about breaks, and when a day is closed or open again."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from billcore.core.accounts.acting import Acting, Write, tell
from billcore.core.accounts.checks import ints
from billcore.core.caller import Caller
from billcore.core.durations import DAY
from billcore.core.reconciliation import adjusting
from billcore.core.reconciliation.breaks import KINDS, BreakKind, Owner, age_bucket, meaning
from billcore.core.reconciliation.computing import (
    BreakState,
    DayState,
    Decision,
    Matched,
    business_day,
    day_of,
)
from billcore.core.reconciliation.errors import (
    BreakUnknown,
    DayUnfit,
    DayUnknown,
    ReconciliationFieldInvalid,
)
from billcore.core.reconciliation.outcome import compute
from billcore.core.reconciliation.reading import Day
from billcore.core.store import recon as rows
from billcore.core.store.port import Reader, Store
from billcore.core.store.recon import BreakRow, DayRow, DecisionRow

REASON_MAX = 500


MUST_BE_DONE = tuple(kind for kind, meaning in KINDS.items() if meaning.posts)
"""Breaks that no day is closed with while they are open."""


@dataclass(frozen=True, slots=True)
class Group:
    """Open breaks of a channel, kind and age. age_days: at which its bucket begins; amount: what
    the books have more than the reports."""

    channel_no: int
    kind: BreakKind
    owner: Owner
    age_days: int
    count: int
    amount: int


def decide(
    write: Write,
    channel: str,
    day: int,
    break_id: int,
    decision: Decision,
    reason: str,
    *,
    gone: bool = False,
) -> BreakRow:
    """Accepts an open break as it is, adjusts the account by what it differs, or opens one again;
    the break after that.

    Accepted or adjusted, it stands while kind and difference are the same. Deciding the same again
    changes nothing; deciding otherwise takes an adjustment back. gone: also of a break that is
    resolved, which stays so.

    Raises ChannelUnknown, BreakUnknown, DayUnfit, ReconciliationFieldInvalid.
    """
    _check_reason(reason)
    of = day_of(write.session, write.caller, channel, day)
    row = _row(write.session, of)
    found = rows.one_break(write.session, of.key, day, break_id)
    if found is None:
        raise BreakUnknown(break_id)
    wanted = BreakState.OPEN if decision is Decision.REOPEN else BreakState.ACCEPTED
    if found.state == wanted and decision is not Decision.ADJUST:
        return found
    if row.state == DayState.CLOSED:
        raise _unfit(of, "is closed: reopen it to decide about its breaks.")
    if found.state == BreakState.RESOLVED and gone:
        wanted = BreakState.RESOLVED
    elif found.state == BreakState.RESOLVED:
        raise _unfit(of, f"has the break {break_id} resolved: there is nothing to decide.")
    if decision is Decision.ACCEPT and KINDS[BreakKind(found.kind)].posts:
        told = BreakKind(found.kind).name
        raise _unfit(of, f"has money that moved, {told}: treat it, for it cannot be accepted.")
    if decision is Decision.ADJUST and not adjusting.adjustable(found):
        told = BreakKind(found.kind).name
        raise _unfit(of, f"has nothing to adjust: {told} of account {found.account_id}.")
    if decision is Decision.ADJUST and _stands_adjusted(write, of, found):
        return found
    adjusting.post(write, of, found, decision)
    rows.set_state(write.session, of.key, day, found, wanted, write.now)
    made = DecisionRow(
        0, decision, found.kind, found.difference, reason, write.caller.client_id,
        write.caller.actor, write.now,
    )  # fmt: skip
    rows.add_decision(write.session, of.key[0], found, made)
    detail = {"kind": BreakKind(found.kind).name, "difference": found.difference, "day": day}
    subject = f"break {break_id}"
    tell(write, of.key[0], f"break.{wanted.name.lower()}", subject, detail, reason)
    return found._replace(state=wanted, changed_at=write.now)


def _stands_adjusted(write: Write, of: Day, row: BreakRow) -> bool:
    if row.state != BreakState.ACCEPTED:
        return False
    before, _ = adjusting.adjusted(write.session, of, row.break_id)
    return before == row.difference


def close_day(
    store: Store, caller: Caller, now: Callable[[], int], channel: str, day: int, today: int = 0
) -> DayRow:
    """Closes a day: what the books have is what the reports tell and the breaks that stand.

    It must match now as it was matched last, with no break left that posts by itself. A day that is
    closed stays so. today: as in `match_day`. Raises ChannelUnknown, DayUnknown, DayUnfit.
    """
    with store.read() as reader:
        of = day_of(reader, caller, channel, day)
        before = _row(reader, of)
        if before.state == DayState.CLOSED:
            return before
        at = now()
        fresh = compute(reader, of, today or business_day(of, at), before, at)
    if fresh.row.digest != before.digest:
        raise _unfit(of, "would match otherwise now: match it again.")
    _check_done(of, fresh)
    at = now()
    made = before._replace(state=DayState.CLOSED, stale=0, closed_at=at)
    with store.write() as session:
        if not rows.set_day(session, made, before):
            raise _unfit(of, "was matched meanwhile: look at it again.")
        detail = {"ledger_amount": made.ledger_amount, "report_amount": made.report_amount}
        detail |= {"break_count": made.break_count, "break_amount": made.break_amount}
        tell(Acting(session, caller, at), of.key[0], "day.closed", _subject(of), detail)
    return made


def reopen_day(write: Write, channel: str, day: int, reason: str) -> DayRow:
    """Opens a closed day, so that it can be matched again. One that is open stays so.

    Raises ChannelUnknown, DayUnknown, ReconciliationFieldInvalid.
    """
    _check_reason(reason)
    of = day_of(write.session, write.caller, channel, day)
    before = _row(write.session, of)
    if before.state == DayState.OPEN:
        return before
    made = before._replace(state=DayState.OPEN, stale=1, closed_at=0)
    rows.set_day(write.session, made, before)
    tell(write, of.key[0], "day.reopened", _subject(of), {"match_no": made.match_no}, reason)
    return made


def groups(reader: Reader, provider_id: int, now: int) -> list[Group]:
    """The open breaks of a provider by channel, kind and age."""
    found = rows.open_breaks(reader, provider_id, BreakState.OPEN)

    def key(one: rows.OpenBreaks) -> tuple[int, int, Owner, int]:
        owner = meaning(BreakKind(one.kind), one.flags).owner
        age = age_bucket((now - one.opened_at) // DAY)
        return one.channel_no, one.kind, owner, age

    made = []
    for (channel_no, kind, owner, age), members in groupby(sorted(found, key=key), key):
        listed = list(members)
        made.append(
            Group(
                channel_no,
                BreakKind(kind),
                owner,
                age,
                sum(one.breaks for one in listed),
                sum(one.amount for one in listed),
            )
        )
    return made


def _row(reader: Reader, of: Day) -> DayRow:
    found = rows.day(reader, of.key, of.day)
    if found is None:
        raise DayUnknown(of.place.channel.channel, _iso(of))
    return found


def _check_done(of: Day, made: Matched) -> None:
    kinds, states = ints(made.breaks["kind"]), ints(made.breaks["state"])
    if not made.row.files and (states == BreakState.OPEN).any():
        raise _unfit(of, "has no report: import it, or accept that there is none.")
    for kind in MUST_BE_DONE:
        count = int(((kinds == kind) & (states == BreakState.OPEN)).sum())
        if count:
            raise _unfit(of, f"has {count} open {kind.name}: treat them first.")


def _check_reason(reason: str) -> None:
    if not 1 <= len(reason) <= REASON_MAX or not reason.isprintable():
        raise ReconciliationFieldInvalid(
            "reason", f"say why, in 1 to {REASON_MAX} printable characters."
        )


def _unfit(of: Day, message: str) -> DayUnfit:
    channel = of.place.channel.channel
    return DayUnfit(f"{_iso(of)} of {channel!r} {message}", channel=channel, day=_iso(of))


def _iso(of: Day) -> str:
    return date.fromordinal(of.day).isoformat()


def _subject(of: Day) -> str:
    return f"channel {of.key[1]} day {of.day}"
