"""Reports that do not come: an alarm for each business day of a channel, once, when it is due.

A report is due `report_minutes` after its day ends, by the channel's terms. Days on which nobody
paid await none. Non-goals: whom to tell; the event `report.missing` says it.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from billcore.core.caller import HOUSE
from billcore.core.durations import MINUTE
from billcore.core.events.outbox import record
from billcore.core.payments.channels import first_number
from billcore.core.reconciliation.files.times import civil, instants
from billcore.core.reconciliation.keeping import FileState
from billcore.core.reconciliation.settlement.banks import is_bank_account
from billcore.core.reconciliation.settlement.collected import is_collected
from billcore.core.reconciliation.terms import Terms, parse_terms
from billcore.core.store import channel_files as file_rows
from billcore.core.store import channels, providers
from billcore.core.store import recon as rows
from billcore.core.store import recon_flows as flow_rows
from billcore.core.store.again import again
from billcore.core.store.kept import CHANNEL_TERMS
from billcore.core.store.port import Reader, Session, Store

LOOKED_DAYS = 21
"""Days so long ago are looked at: no report is due later than 14 days after its day."""


@dataclass(frozen=True, slots=True)
class Missing:
    """A business day of a channel whose report is due and did not come. due_at, raised_at:
    microseconds since 1970 in UTC; raised_at: of its alarm, 0: it has none yet."""

    channel_no: int
    channel: str
    day: int
    due_at: int
    raised_at: int


def missing(reader: Reader, provider_id: int, now: int) -> list[Missing]:
    """The reports of a provider that are due at a time and did not come, by channel and day."""
    provider = providers.provider(reader, provider_id)
    if provider is None:
        return []
    found: list[Missing] = []
    for channel_no, (text, _) in CHANNEL_TERMS.every(reader, provider_id).items():
        channel = channels.find(reader, provider_id, channel_no)
        if channel is None or is_bank_account(channel.kind) or is_collected(channel.kind):
            continue  # statements and results of debits are asked for by whoever sent for them
        terms = parse_terms(text)
        zone = terms.time_zone or provider.time_zone
        key = provider_id, channel_no
        found += [
            Missing(channel_no, channel.channel, day, due_at, rows.alarm(reader, key, day))
            for day, due_at in _due(reader, key, terms, zone, now)
        ]
    return found


def sweep(store: Store, provider_id: int, now: int) -> list[Missing]:
    """Raises the alarms that are due; all reports that are missing, with their alarms."""
    with store.read() as reader:
        found = missing(reader, provider_id, now)
    if all(one.raised_at for one in found):
        return found
    return again(store, lambda session: _raise(session, provider_id, now))


def _raise(session: Session, provider_id: int, now: int) -> list[Missing]:
    found = missing(session, provider_id, now)
    for one in found:
        key = provider_id, one.channel_no
        if not one.raised_at and rows.add_alarm(session, key, one.day, now):
            told = {"channel": one.channel, "day": one.day, "due_at": one.due_at}
            subject = f"channel {one.channel_no} day {one.day}"
            record(session, provider_id, "report.missing", subject, told, now)
    return [
        Missing(one.channel_no, one.channel, one.day, one.due_at, one.raised_at or now)
        for one in found
    ]


def _due(
    reader: Reader, key: tuple[int, int], terms: Terms, zone: str, now: int
) -> Iterator[tuple[int, int]]:
    """(day, when its report was due) of days with payments and without a report."""
    (today,) = civil(np.array([now]), zone)[0].tolist()
    days = np.arange(today - LOOKED_DAYS, today + 2)
    # A day with a cut-off ends at it, and begins at that of the day before.
    minutes = np.full(len(days), terms.cut_off_minute * 60)
    begins = instants(days - bool(terms.cut_off_minute), minutes, zone).tolist()
    reports = file_rows.of_days(reader, *key, (int(days[0]), int(days[-1])), FileState.COMPLETE)
    told = {one.day for one in reports}
    for day, begin, end in zip(days.tolist(), begins, begins[1:], strict=False):
        due_at = end + terms.report_minutes * MINUTE
        if due_at <= now and day not in told:
            house = key[1] >= first_number(HOUSE)
            if flow_rows.has_payments(reader, key, (begin, end), day, house=house):
                yield day, due_at
