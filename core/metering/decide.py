"""What people decide about readings: accept, reject, correct, each with a reason."""

from datetime import date
from typing import NamedTuple

import numpy as np

from billcore.core.caller import Caller
from billcore.core.events import outbox
from billcore.core.events.audit import audit
from billcore.core.ids import provider_of
from billcore.core.metering.errors import ReadingRefused, ReadingUnknown, ReasonMissing
from billcore.core.metering.findings import COUNTED, Finding, Source, Status, describe
from billcore.core.metering.provider import MeteringProvider
from billcore.core.metering.readings import Readings, decided, month_of, readings_of
from billcore.core.metering.record import NewReadings, Results, recorded
from billcore.core.metering.registers import installations_of
from billcore.core.store import meters as meter_rows
from billcore.core.store import readings as rows
from billcore.core.store.port import Reader, Session

REASON_MAX = 500


class ReadingKey(NamedTuple):
    """A version of a reading; version 0: the newest."""

    account_id: int
    meter_id: int
    register_no: int
    day: int
    version: int = 0


def decide(
    session: Session,
    caller: Caller,
    key: ReadingKey,
    status: Status,
    reason: str,
    now: int,
) -> Readings:
    """Accepts or rejects a reading; of a shared meter at every account that shares it.

    The readings with the statuses that they have now, that of the key's account first. Deciding
    the same again changes nothing. Raises ReasonMissing and ReadingUnknown.
    """
    _check_reason(reason)
    meter_rows.touch(session, key.meter_id, now)
    readings = _same_reading(session, caller, key)
    estimate = status is Status.ACCEPTED and int(readings.source[0]) == Source.ESTIMATE
    wanted = Status.ESTIMATED if estimate else status
    changed = readings.take(readings.status != wanted)
    if len(changed):
        _decide(session, caller, changed, wanted, reason, now)
    readings.status[:] = wanted
    return readings


def correct(
    session: Session,
    caller: Caller,
    provider: MeteringProvider,
    given: NewReadings,
    reason: str,
    now: int,
) -> Results:
    """Replaces the readings of days by their next versions, which are accepted for the reason.

    Findings are kept beside them. The same value again changes nothing. Raises ReasonMissing,
    ReadingUnknown where a day has no reading yet, and ReadingRefused for what the dial or the
    calendar forbids.
    """
    _check_reason(reason)
    for key in _keys(given):
        meter_rows.touch(session, key.meter_id, now)
        if key.account_id:
            find(session, caller, key)
    return settle(session, caller, provider, given, reason, now, correction=True)


def settle(
    session: Session,
    caller: Caller,
    provider: MeteringProvider,
    given: NewReadings,
    reason: str,
    now: int,
    correction: bool = False,
) -> Results:
    """Records readings that must count at once; a doubtful one is accepted for the reason.

    Raises ReadingRefused where there is no reason, or where no reason helps.
    """
    if len(reason) > REASON_MAX:
        raise ReasonMissing
    results, kept = recorded(session, caller, provider, given, now, correction=correction)
    idle = ~np.isin(results.status, COUNTED)
    for row in np.flatnonzero(idle).tolist():
        if not reason or not results.version[row]:
            meter_id, register_no = int(given.meter_id[row]), int(given.register_no[row])
            raise ReadingRefused(meter_id, register_no, results.message(row))
    doubtful = kept.readings.take(~np.isin(kept.readings.status, COUNTED))
    told = kept.readings.take(kept.fresh) if correction else doubtful
    if len(told):
        _decide(session, caller, told, Status.ACCEPTED, reason, now)
    results.status[idle] = Status.ACCEPTED
    return results


def find(reader: Reader, caller: Caller, key: ReadingKey) -> Readings:
    """One version of a reading with its present status. Raises ReadingUnknown."""
    if provider_of(key.account_id) != caller.provider_id:
        raise _unknown(key)
    found = _of_day(reader, key.account_id, key)
    if key.version:
        found = found.take(found.version == key.version)
    if not len(found):
        raise _unknown(key)
    return found.take(np.array([int(found.version.argmax())]))


def _unknown(key: ReadingKey) -> ReadingUnknown:
    day = date.fromordinal(key.day).isoformat()
    return ReadingUnknown(key.account_id, key.meter_id, key.register_no, day)


def _of_day(reader: Reader, account_id: int, key: ReadingKey) -> Readings:
    """The versions of a register's day at an account."""
    account = np.array([account_id])
    month = int(month_of(np.array([key.day]))[0])
    table = readings_of(rows.of_month(reader, month, account))
    mine = (table.meter_id == key.meter_id) & (table.register_no == key.register_no)
    mine &= (table.day == key.day) & (table.account_id == account_id)
    return decided(table.take(mine), rows.decisions(reader, account))


def _same_reading(reader: Reader, caller: Caller, key: ReadingKey) -> Readings:
    """A reading, and what was written by it for the other accounts that share the meter."""
    own = find(reader, caller, key)
    installations = installations_of(meter_rows.of_meters(reader, own.meter_id))
    parts = [own]
    for account in np.unique(installations.account_id).tolist():
        if account != key.account_id:
            other = _of_day(reader, account, key)
            same = (other.recorded_at == own.recorded_at) & (other.value == own.value)
            parts.append(other.take(same))
    return Readings(
        *(np.concatenate([part.columns()[name] for part in parts]) for name in own.columns())
    )


def _keys(given: NewReadings) -> list[ReadingKey]:
    columns = (given.account_id, given.meter_id, given.register_no, given.day)
    return [ReadingKey(*map(int, row)) for row in zip(*columns, strict=True)]


def _check_reason(reason: str) -> None:
    if not 1 <= len(reason.strip()) <= REASON_MAX:
        raise ReasonMissing


def _decide(
    session: Session, caller: Caller, readings: Readings, status: Status, reason: str, now: int
) -> None:
    """Writes decisions with their event and audit rows."""
    columns = (
        readings.account_id,
        readings.meter_id,
        readings.register_no,
        readings.day,
        readings.version,
        readings.findings,
        readings.status,
    )
    for row in zip(*(column.tolist() for column in columns), strict=True):
        *key, findings, before = row
        account_id, meter_id, register_no, day, version = key
        rows.decide(
            session,
            rows.Decision(
                account_id,
                meter_id,
                register_no,
                day,
                version,
                int(status),
                reason,
                caller.client_id,
                now,
            ),
        )
        detail = {
            "meter_id": meter_id,
            "register_no": register_no,
            "day": date.fromordinal(day).isoformat(),
            "version": version,
            "status": status.name.lower(),
            "status_before": Status(before).name.lower(),
            "findings": describe(findings & ~Finding.CORRECTION),
        }
        subject = f"account {account_id}"
        audit(session, caller, "reading.decide", subject, reason, detail, now)
        outbox.record(session, caller.provider_id, "reading.decided", subject, detail, now)
