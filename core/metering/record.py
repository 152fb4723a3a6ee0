"""Recording readings: from what was sent to rows that are kept.

One way for one reading and for fifty thousand: find the registers and the accounts that share them,
read what is known of those accounts, judge, write. Readings of one register in a batch are judged
one after the other, by day and then in the order given, as if they had been sent so.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from billcore.core.caller import Caller
from billcore.core.errors import BatchTooLarge, ColumnInvalid
from billcore.core.events import outbox
from billcore.core.ids import id_range
from billcore.core.metering.errors import ReadingVersionsExhausted
from billcore.core.metering.exact import Bools, Ints, power
from billcore.core.metering.findings import Finding, Source, Status, describe
from billcore.core.metering.policy import ReadingPolicy
from billcore.core.metering.provider import MeteringProvider
from billcore.core.metering.readings import (
    VERSION_MAX,
    Readings,
    decided,
    joined,
    month_of,
    readings_of,
)
from billcore.core.metering.registers import (
    DAY_LAST,
    REGISTER_MAX,
    Installations,
    installations_of,
    register_key,
)
from billcore.core.metering.usage import expanded
from billcore.core.metering.validate import Candidates, Judged, Rules, judge
from billcore.core.store import meters as meter_rows
from billcore.core.store import readings as rows
from billcore.core.store.port import Reader, Session

ROWS_MAX = 1_000_000
"""A batch has at most this many readings."""

DIAL = -1
"""Stands in `decimals` for a value that is the dial without its point."""

DECIMALS_MAX = 18


@dataclass(frozen=True, slots=True, eq=False)
class NewReadings:
    """Readings as they come. account_id: 0 takes every account at which the meter is at work.

    value: counts 10^-decimals of the register's unit; decimals DIAL: the dial's own. A reading
    of a shared meter is written for every account that shares it.
    """

    account_id: Ints
    meter_id: Ints
    register_no: Ints
    day: Ints
    value: Ints
    decimals: Ints
    source: Ints

    def __len__(self) -> int:
        return len(self.day)


@dataclass(frozen=True, slots=True, eq=False)
class Results:
    """By given row. version: that of the reading, 0: nothing is kept (status REJECTED)."""

    status: Ints
    findings: Ints
    version: Ints

    def message(self, row: int) -> str:
        """What is odd about a reading, for people; "": nothing."""
        return describe(int(self.findings[row]))


class Kept(NamedTuple):
    """The readings of a call, a row an account. fresh: it is new; others were known as this."""

    readings: Readings
    fresh: Bools


class Writer(NamedTuple):
    """Who writes, and when (microseconds since 1970 in UTC)."""

    client_id: int
    now: int


def new_readings(columns: Mapping[str, Ints]) -> NewReadings:
    """Columns by name; account_id may be left out (0), and decimals (DIAL).

    Raises ColumnInvalid and BatchTooLarge.
    """
    length = len(columns["day"])
    given = {
        "account_id": np.zeros(length, dtype=np.int64),
        "decimals": np.full(length, DIAL),
        **{name: np.asarray(column, dtype=np.int64) for name, column in columns.items()},
    }
    for name, column in given.items():
        if len(column) != length:
            raise ColumnInvalid(name, f"has {len(column)} rows, not {length}.", rule="length")
    if length > ROWS_MAX:
        raise BatchTooLarge("readings_max", ROWS_MAX, length)
    found = NewReadings(**given)
    _check(found)
    return found


def _check(given: NewReadings) -> None:
    for name, least, most in (
        ("source", min(Source), max(Source)),
        ("decimals", DIAL, DECIMALS_MAX),
    ):
        column: Ints = getattr(given, name)
        bad = np.flatnonzero((column < least) | (column > most))
        if bad.size:
            row = int(bad[0])
            raise ColumnInvalid(
                name, f"{column[row]} is outside {least}..{most}.", rule="range", row=row
            )


AreBilled = Callable[[Reader, Ints, Ints, Ints], Bools]
"""Tells which days of agreements are billed: of accounts, agreement numbers, days."""


def record(
    session: Session,
    caller: Caller,
    provider: MeteringProvider,
    given: NewReadings,
    now: int,
    billed: AreBilled | None = None,
) -> Results:
    """Judges and keeps readings; the same readings again change nothing.

    billed: tells which days are billed. now: microseconds since 1970 in UTC. A reading
    that another transaction writes at the same time is a StoreConflict.
    """
    results, _ = recorded(session, caller, provider, given, now, billed=billed)
    return results


def recorded(
    session: Session,
    caller: Caller,
    provider: MeteringProvider,
    given: NewReadings,
    now: int,
    billed: AreBilled | None = None,
    correction: bool = False,
) -> tuple[Results, Kept]:
    """As `record`, and what is kept. correction: a person corrects readings of these days."""
    results = _Results(len(given))
    matched, pairs = _matched(session, provider, given, results)
    today = provider.today(now)
    candidates = _possible(matched, given, pairs, today, results)
    kept = Kept(joined([]), np.zeros(0, dtype=np.bool_))
    if len(candidates.row):
        installations, candidates = _with_history(session, matched, candidates)
        candidates = replace(
            candidates,
            billed=_billed(session, installations, candidates, billed),
            correction=np.full(len(candidates.row), correction),
        )
        known = known_readings(
            session, installations, candidates.rank, candidates.day, provider.policy, today
        )
        rules = Rules(provider.policy, provider.window(today))
        writer = Writer(caller.client_id, now)
        parts = _in_rounds(installations, known, candidates, rules, given, results, writer)
        kept = Kept(joined([p.readings for p in parts]), np.concatenate([p.fresh for p in parts]))
        _write(session, provider.provider_id, kept.readings.take(kept.fresh), now)
    return Results(results.status, results.findings, results.version), kept


class _Results:
    """What is known of each given row so far."""

    def __init__(self, length: int) -> None:
        self.status = np.zeros(length, dtype=np.int64)
        self.findings = np.zeros(length, dtype=np.int64)
        self.version = np.zeros(length, dtype=np.int64)

    def refuse(self, row: Ints, finding: Finding) -> None:
        self.status[row] = Status.REJECTED
        self.findings[row] |= finding

    def add(self, row: Ints, judged: Judged) -> None:
        """Of several accounts of a row the worst counts."""
        np.maximum.at(self.status, row, judged.status)
        np.bitwise_or.at(self.findings, row, judged.findings)
        np.maximum.at(self.version, row, judged.version)


# -- registers


def _matched(
    reader: Reader, provider: MeteringProvider, given: NewReadings, results: _Results
) -> tuple[Installations, tuple[Ints, Ints]]:
    """The installations of the meters, and pairs (given row, installation) that fit by day."""
    first, last = id_range(provider.provider_id)
    own = (given.meter_id >= first) & (given.meter_id <= last)
    own &= (given.register_no >= 1) & (given.register_no <= REGISTER_MAX)
    installations = installations_of(meter_rows.of_meters(reader, given.meter_id[own]))
    nobody = np.zeros(len(installations), dtype=np.int64)
    keys = register_key(nobody, installations.meter_id, installations.register_no)
    order = np.argsort(keys, kind="stable")
    asked = np.flatnonzero(own)
    wanted = register_key(np.zeros_like(asked), given.meter_id[own], given.register_no[own])
    pair, at = expanded(keys[order], wanted)
    row, place = asked[pair], order[at]
    _refuse_unknown(reader, given, own, row, results)
    at_work = (installations.from_day[place] <= given.day[row]) & (
        given.day[row] <= installations.until_day[place]
    )
    row, place = row[at_work], place[at_work]
    fits = _for_account(installations, given, row, place)
    row, place = row[fits], place[fits]
    absent = np.ones(len(given), dtype=np.bool_)
    absent[row] = False
    results.refuse(np.flatnonzero(absent & (results.status == 0)), Finding.NOT_INSTALLED)
    return installations, (row, place)


def _refuse_unknown(
    reader: Reader, given: NewReadings, own: Bools, found: Ints, results: _Results
) -> None:
    """UNKNOWN_METER, unless the register is there and only hangs nowhere."""
    missing = own.copy()
    missing[found] = False
    rows_left = np.flatnonzero(missing)
    unknown = ~own
    if rows_left.size:
        table = meter_rows.known_registers(reader, given.meter_id[rows_left])
        no = np.zeros(len(table["meter_id"]), dtype=np.int64)
        there = register_key(no, np.asarray(table["meter_id"]), np.asarray(table["register_no"]))
        zeros = np.zeros_like(rows_left)
        asked = register_key(zeros, given.meter_id[rows_left], given.register_no[rows_left])
        unknown[rows_left] = ~np.isin(asked, there)
    results.refuse(np.flatnonzero(unknown), Finding.UNKNOWN_METER)


def _for_account(installations: Installations, given: NewReadings, row: Ints, place: Ints) -> Bools:
    """Which pairs are of the account that was named, or of one that shares its meter."""
    named = installations.account_id[place] == given.account_id[row]
    everyone = given.account_id == 0
    shares = installations.share[place] != installations.share_of[place]
    everyone[row[named & shares]] = True
    found: Bools = named | everyone[row]
    return found


def _possible(
    installations: Installations,
    given: NewReadings,
    pairs: tuple[Ints, Ints],
    today: int,
    results: _Results,
) -> Candidates:
    """Candidates of the rows whose value is on the dial and whose day has come."""
    row, place = pairs
    value, fits = _dial(given, row, installations.decimals[place], installations.digits[place])
    results.refuse(np.unique(row[~fits]), Finding.TOO_MANY_DIGITS)
    results.refuse(np.flatnonzero(given.day > today), Finding.FUTURE)
    good = results.status[row] == 0
    row, place, value = row[good], place[good], value[good]
    _, once = np.unique(row << 32 | installations.rank[place], return_index=True)
    row, place, value = row[once], place[once], value[once]
    return Candidates(
        row,
        installations.rank[place],
        given.day[row],
        value,
        given.source[row],
        np.zeros(len(row), dtype=np.bool_),
        np.zeros(len(row), dtype=np.bool_),
    )


def _dial(given: NewReadings, row: Ints, decimals: Ints, digits: Ints) -> tuple[Ints, Bools]:
    """The values as dials, and which of them the dial can show."""
    modulus = power(digits).astype(np.int64)
    said = np.where(given.decimals[row] == DIAL, decimals, given.decimals[row])
    up = power(np.maximum(decimals - said, 0)).astype(np.int64)
    down = power(np.maximum(said - decimals, 0)).astype(np.int64)
    value = given.value[row]
    fits = (value >= 0) & (value // down < modulus // up + (modulus % up != 0))
    fits &= value % down == 0
    dial = np.where(fits, value // down, 0) * up
    fits &= dial < modulus
    return dial, fits


# -- what is known


def _with_history(
    reader: Reader, matched: Installations, candidates: Candidates
) -> tuple[Installations, Candidates]:
    """Every installation of the candidates' accounts, and the candidates in their ranks."""
    first = np.searchsorted(matched.rank, candidates.rank)
    account = matched.account_id[first]
    table = meter_rows.of_account_list(reader, account)
    every = installations_of(table)
    rank = every.ranks(account, matched.meter_id[first], matched.register_no[first])
    return every, replace(candidates, rank=rank)


def _accounts(installations: Installations, rank: Ints) -> Ints:
    """The accounts of registers."""
    return installations.account_id[np.searchsorted(installations.rank, rank)]


def _billed(
    reader: Reader, installations: Installations, candidates: Candidates, billed: AreBilled | None
) -> Bools:
    """Which candidates' days are billed; none where nobody tells."""
    if billed is None:
        return np.zeros(len(candidates.row), dtype=np.bool_)
    row = installations.row_at(candidates.rank, candidates.day)
    agreement_no = installations.agreement_no[row]
    return billed(reader, installations.account_id[row], agreement_no, candidates.day)


def known_readings(
    reader: Reader,
    installations: Installations,
    rank: Ints,
    day: Ints,
    policy: ReadingPolicy,
    today: int,
    months_least: int = 0,
) -> Readings:
    """The readings that matter for these days of registers: of their months and later, and as many
    before them as averages need, those of so many months at least. Statuses are as decided."""
    account = _accounts(installations, rank)
    decisions = rows.decisions(reader, account)
    series = installations.series[installations.row_at(rank, day)]
    month = month_of(day)
    oldest = np.maximum(month_of(installations.from_day[series]), month - policy.history_months)
    first_day = np.full(len(installations), DAY_LAST)
    np.minimum.at(first_day, series, day)
    seen = np.zeros(len(installations), dtype=np.int64)
    parts: list[Readings] = []
    newest = max(int(month.max()), int(month_of(np.array([today]))[0]))
    for number in range(newest, int(oldest.min()) - 1, -1):
        few = (seen[series] <= policy.periods) | (number >= month - months_least)
        wanted = (few & (number >= oldest)) | (number >= month)
        if not wanted.any():
            break
        part = decided(readings_of(rows.of_month(reader, number, account[wanted])), decisions)
        _count(installations, part, first_day, seen)
        parts.append(part)
    return joined(parts)


def _count(installations: Installations, part: Readings, first_day: Ints, seen: Ints) -> None:
    """Counts the accepted readings of each series before its first candidate. OUT: seen."""
    rank = installations.ranks(part.account_id, part.meter_id, part.register_no)
    row = installations.row_at(rank, part.day)
    usable = (row >= 0) & (part.status == Status.ACCEPTED)
    series, day = installations.series[row[usable]], part.day[usable]
    np.add.at(seen, series[day < first_day[series]], 1)


# -- judging and writing


def _in_rounds(
    installations: Installations,
    known: Readings,
    candidates: Candidates,
    rules: Rules,
    given: NewReadings,
    results: _Results,
    writer: Writer,
) -> list[Kept]:
    """Judges each register's readings one after the other, all registers at once."""
    turn = _turns(candidates, given)
    kept: list[Kept] = []
    for number in range(int(turn.max()) + 1):
        part = candidates.take(turn == number)
        judged = _alike(part, judge(installations, known, part, rules))
        results.add(part.row, judged)
        told = _kept(installations, part, judged, writer)
        known = joined([known, told.readings.take(told.fresh)])
        kept.append(told)
    return kept


def _turns(candidates: Candidates, given: NewReadings) -> Ints:
    """Of each candidate, how many readings of its meter's register come before it."""
    row, back = np.unique(candidates.row, return_inverse=True)
    key = register_key(np.zeros_like(row), given.meter_id[row], given.register_no[row])
    order = np.lexsort((row, given.day[row], key))
    fresh = np.ones(len(row), dtype=np.bool_)
    fresh[1:] = key[order][1:] != key[order][:-1]
    place = np.arange(len(row))
    turn = np.empty(len(row), dtype=np.int64)
    turn[order] = place - np.maximum.accumulate(np.where(fresh, place, 0))
    return turn[back]


def _alike(candidates: Candidates, judged: Judged) -> Judged:
    """One status for the reading of a shared meter: the worst at any of its accounts."""
    worst = np.zeros(int(candidates.row.max()) + 1, dtype=np.int64)
    np.maximum.at(worst, candidates.row[judged.fresh], judged.status[judged.fresh])
    status = np.where(judged.fresh, worst[candidates.row], judged.status)
    return judged._replace(status=status)


def _kept(
    installations: Installations, candidates: Candidates, judged: Judged, writer: Writer
) -> Kept:
    """The judged candidates as rows of the table."""
    if int(judged.version.max()) > VERSION_MAX:
        worst = np.searchsorted(installations.rank, candidates.rank[judged.version.argmax()])
        raise ReadingVersionsExhausted(int(installations.meter_id[worst]), VERSION_MAX)
    first = np.searchsorted(installations.rank, candidates.rank)
    readings = Readings(
        installations.account_id[first],
        installations.meter_id[first],
        installations.register_no[first],
        candidates.day,
        judged.version,
        candidates.value,
        candidates.source,
        judged.status,
        judged.findings,
        np.full(len(first), writer.client_id),
        np.full(len(first), writer.now),
    )
    return Kept(readings, judged.fresh)


def _write(session: Session, provider_id: int, fresh: Readings, now: int) -> None:
    """Writes what is new, if anything is."""
    if len(fresh):
        month = month_of(fresh.day)
        columns = {"month": month, **fresh.columns()}
        rows.add(session, columns, [int(m) for m in np.unique(month)])
        _tell(session, provider_id, fresh, now)


def _tell(session: Session, provider_id: int, readings: Readings, now: int) -> None:
    """One event for all readings of a call."""
    counts = {status.name.lower(): int((readings.status == status).sum()) for status in Status}
    subject = f"account {readings.account_id.min()}"
    if len(np.unique(readings.account_id)) > 1:
        subject = f"accounts {readings.account_id.min()} to {readings.account_id.max()}"
    outbox.record(session, provider_id, "readings.recorded", subject, counts, now)
