"""Days of channels, matched: our payments beside the reports' lines, what differs as breaks.

A day is computed from one snapshot and kept by another transaction, in the place of what was kept
of it before; matching it again computes the same again. A break is known by what it is about, so it
keeps its age and what was decided about it while its kind changes.
"""

from collections.abc import Callable
from datetime import date

import numpy as np

from billcore.core.accounts.acting import Acting
from billcore.core.caller import Caller
from billcore.core.events.audit import audit
from billcore.core.events.outbox import record
from billcore.core.reconciliation.computing import DayState, Matched, business_day, day_of
from billcore.core.reconciliation.errors import DayBusy, DayUnfit
from billcore.core.reconciliation.outcome import compute, of_bank
from billcore.core.reconciliation.reading import Day
from billcore.core.reconciliation.settlement.settle import HORIZON_DAYS, settle
from billcore.core.store import recon as rows
from billcore.core.store import settlements
from billcore.core.store.again import again
from billcore.core.store.port import Columns, Session, Store
from billcore.core.store.recon import DayRow

TRIES = 5
"""So often a day is matched again where another one matched it meanwhile."""


def match_day(
    store: Store,
    caller: Caller,
    now: Callable[[], int],
    channel: str,
    day: int,
    today: int = 0,
) -> Matched:
    """Matches a business day and keeps what it came to.

    today: the business day of now, 0: by the clock.

    Raises ChannelUnknown, ChannelForbidden; DayUnfit where it is closed: then the day is told to be
    stale if it would match otherwise. DayBusy.
    """
    for _ in range(TRIES):
        _settle(store, caller, now, channel, day, today)
        with store.read() as reader:
            of = day_of(reader, caller, channel, day)
            before = rows.day(reader, of.key, day)
            at = now()
            made = compute(reader, of, today or business_day(of, at), before, at)
        if before is not None and before.state == DayState.CLOSED:
            _refuse_closed(store, of, before, made)
        with store.write() as session:
            if rows.set_day(session, made.row, before):
                _keep(session, caller, of, made)
                return made
    raise DayBusy(channel, date.fromordinal(day).isoformat())


def _settle(
    store: Store, caller: Caller, now: Callable[[], int], channel: str, day: int, today: int
) -> None:
    """Of a bank account: compares its credits with settlements before the day is computed."""
    with store.read() as reader:
        of = day_of(reader, caller, channel, day)
    if not of_bank(of):
        return
    at = now()
    until = today or business_day(of, at)
    since = min(day, until) - HORIZON_DAYS
    again(store, lambda session: settle(Acting(session, caller, at), of.place, until, since))


def _refuse_closed(store: Store, of: Day, before: DayRow, made: Matched) -> None:
    if made.row.digest != before.digest:
        with store.write() as session:
            rows.make_stale(session, of.key, of.day, of.day)
    told = date.fromordinal(of.day).isoformat()
    differs = "it would match otherwise now" if made.row.digest != before.digest else "it agrees"
    raise DayUnfit(
        f"{told} of {of.place.channel.channel!r} is closed, and {differs}: reopen it to match it.",
        channel=of.place.channel.channel,
        day=told,
    )


def _keep(session: Session, caller: Caller, of: Day, made: Matched) -> None:
    count = len(made.breaks["break_id"])
    columns: Columns = {
        "provider_id": np.full(count, of.key[0]),
        "channel_no": np.full(count, of.key[1]),
        "day": np.full(count, of.day),
        **made.breaks,
    }
    rows.set_breaks(session, of.key, of.day, columns)
    settlements.set_reported(session, of.key, of.day, made.reported)
    told = {
        "channel": of.place.channel.channel,
        "day": of.day,
        "ledger_amount": made.row.ledger_amount,
        "report_amount": made.row.report_amount,
        "break_count": made.row.break_count,
        "break_amount": made.row.break_amount,
    }
    subject = f"channel {of.key[1]} day {of.day}"
    at = made.row.matched_at
    record(session, of.key[0], "day.matched", subject, told, at)
    audit(session, caller, "day.matched", subject, "", told, at)
