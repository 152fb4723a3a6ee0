"""Reconciliation: what the books have of a channel's days, how days matched, their breaks."""

from typing import NamedTuple

from billcore.core.store.port import Column, Columns, Kind, Reader, Session, Value

ALARM = """SELECT raised_at FROM report_alarm
WHERE provider_id = :provider_id AND channel_no = :channel_no AND day = :day"""

ADD_ALARM = """INSERT INTO report_alarm (provider_id, channel_no, day, raised_at)
VALUES (:provider_id, :channel_no, :day, :raised_at) ON CONFLICT DO NOTHING"""

OPEN_DAYS = """SELECT COUNT(*), CAST(COALESCE(SUM(stale), 0) AS BIGINT) FROM recon_day
WHERE provider_id = :provider_id AND state = :open"""

RECONCILED = "SELECT DISTINCT provider_id FROM channel_terms ORDER BY provider_id"

DAY = """SELECT provider_id, channel_no, day, match_no, state, stale, files, ledger_count,
ledger_amount, report_count, report_amount, matched_count, matched_amount, cancelled_count,
date_diff_count, break_count, break_amount, digest, matched_at, closed_at FROM recon_day
WHERE provider_id = :provider_id AND channel_no = :channel_no"""

ONE_DAY = f"{DAY} AND day = :day"

DAYS = f"{DAY} AND day > :after ORDER BY day LIMIT :most"

ADD_DAY = """INSERT INTO recon_day (provider_id, channel_no, day, match_no, state, stale, files,
ledger_count, ledger_amount, report_count, report_amount, matched_count, matched_amount,
cancelled_count, date_diff_count, break_count, break_amount, digest, matched_at, closed_at)
VALUES (:provider_id, :channel_no, :day, :match_no, :state, :stale, :files,
:ledger_count, :ledger_amount, :report_count, :report_amount, :matched_count, :matched_amount,
:cancelled_count, :date_diff_count, :break_count, :break_amount, :digest, :matched_at, :closed_at)
ON CONFLICT DO NOTHING"""

CHANGE_DAY = """UPDATE recon_day SET match_no = :match_no, state = :state, stale = :stale,
files = :files, ledger_count = :ledger_count, ledger_amount = :ledger_amount,
report_count = :report_count, report_amount = :report_amount, matched_count = :matched_count,
matched_amount = :matched_amount, cancelled_count = :cancelled_count,
date_diff_count = :date_diff_count, break_count = :break_count, break_amount = :break_amount,
digest = :digest, matched_at = :matched_at, closed_at = :closed_at
WHERE provider_id = :provider_id AND channel_no = :channel_no AND day = :day
AND match_no = :match_no_before AND state = :state_before"""

MAKE_STALE = """UPDATE recon_day SET stale = 1
WHERE provider_id = :provider_id AND channel_no = :channel_no
AND day BETWEEN :first_day AND :last_day AND stale = 0"""

BREAK: dict[str, Kind] = {
    "break_id": Kind.INT,
    "kind": Kind.INT,
    "flags": Kind.INT,
    "payment_id": Kind.INT,
    "reference": Kind.TEXT,
    "target": Kind.TEXT,
    "account_id": Kind.INT,
    "file_no": Kind.INT,
    "line": Kind.INT,
    "ledger_amount": Kind.INT,
    "report_amount": Kind.INT,
    "state": Kind.INT,
    "opened_at": Kind.INT,
    "changed_at": Kind.INT,
}

_BREAKS = f"""SELECT {", ".join(BREAK)} FROM recon_break
WHERE provider_id = :provider_id AND channel_no = :channel_no AND day = :day"""  # noqa: S608 - our own column names

BREAKS = f"{_BREAKS} ORDER BY break_id"

FORGET_BREAKS = """DELETE FROM recon_break
WHERE provider_id = :provider_id AND channel_no = :channel_no AND day = :day"""

STANDING = """SELECT d.channel_no, d.day, d.ledger_amount, d.report_amount, d.break_amount,
d.break_count, d.files, d.stale, COUNT(b.break_id),
CAST(COALESCE(SUM(b.ledger_amount - b.report_amount), 0) AS BIGINT)
FROM recon_day d LEFT JOIN recon_break b ON b.provider_id = d.provider_id
    AND b.channel_no = d.channel_no AND b.day = d.day AND b.state <> :resolved
WHERE d.provider_id = :provider_id
GROUP BY d.channel_no, d.day, d.ledger_amount, d.report_amount, d.break_amount, d.break_count,
    d.files, d.stale
ORDER BY d.channel_no, d.day"""

ADJUSTED = """SELECT CAST(COALESCE(SUM(d.difference), 0) AS BIGINT) FROM break_decision d
WHERE d.provider_id = :provider_id AND d.decision = :adjust AND d.decision_no = (
    SELECT MAX(l.decision_no) FROM break_decision l
    WHERE l.provider_id = d.provider_id AND l.break_id = d.break_id)"""

ADJUSTMENTS = """SELECT CAST(COALESCE(SUM(p.amount), 0) AS BIGINT) FROM entry e
JOIN posting p ON p.provider_id = e.provider_id AND p.entry_id = e.entry_id
JOIN ledger_account a ON a.provider_id = p.provider_id AND a.ledger_no = p.ledger_no
WHERE e.provider_id = :provider_id AND e.source LIKE 'break/%'
AND (a.code = :receivable OR a.code LIKE :fees)"""

LINES_OF_DAYS = """SELECT f.channel_no, f.day, CAST(SUM(f.amount) AS BIGINT), COUNT(*)
FROM channel_file f WHERE f.provider_id = :provider_id AND f.kind = :kind AND f.state = :state
GROUP BY f.channel_no, f.day"""

OPEN_BREAKS = """SELECT channel_no, kind, flags, opened_at,
CAST(SUM(ledger_amount - report_amount) AS BIGINT), COUNT(*) FROM recon_break
WHERE provider_id = :provider_id AND state = :state
GROUP BY channel_no, kind, flags, opened_at ORDER BY channel_no, kind, flags, opened_at"""

ONE_BREAK = f"{_BREAKS} AND break_id = :break_id"

LISTED_BREAKS = f"{_BREAKS} AND break_id > :after AND state <= :state ORDER BY break_id LIMIT :most"

STANDING_KIND = """SELECT kind FROM recon_break
WHERE provider_id = :provider_id AND channel_no = :channel_no AND payment_id = :payment_id
AND state <> :resolved ORDER BY day DESC, break_id LIMIT 1"""

SET_STATE = """UPDATE recon_break SET state = :state, changed_at = :changed_at
WHERE provider_id = :provider_id AND channel_no = :channel_no AND day = :day
AND break_id = :break_id AND state = :state_before"""

ADD_DECISION = """INSERT INTO break_decision (provider_id, break_id, decision_no, decision, kind,
difference, reason, client_id, actor, recorded_at)
SELECT :provider_id, :break_id, COALESCE(MAX(decision_no), 0) + 1, CAST(:decision AS SMALLINT),
CAST(:kind AS SMALLINT), CAST(:difference AS BIGINT), :reason, CAST(:client_id AS INTEGER), :actor,
CAST(:recorded_at AS BIGINT) FROM break_decision
WHERE provider_id = :provider_id AND break_id = :break_id"""

DECISIONS_OF = """SELECT decision_no, decision, kind, difference, reason, client_id, actor,
recorded_at FROM break_decision
WHERE provider_id = :provider_id AND break_id = :break_id ORDER BY decision_no"""

DECISIONS = """SELECT b.break_id, d.decision, d.kind, d.difference
FROM recon_break b JOIN break_decision d
    ON d.provider_id = b.provider_id AND d.break_id = b.break_id
WHERE b.provider_id = :provider_id AND b.channel_no = :channel_no AND b.day = :day
ORDER BY b.break_id, d.decision_no"""


class DayRow(NamedTuple):
    """A row of `recon_day`."""

    provider_id: int
    channel_no: int
    day: int
    match_no: int
    state: int
    stale: int
    files: int
    ledger_count: int
    ledger_amount: int
    report_count: int
    report_amount: int
    matched_count: int
    matched_amount: int
    cancelled_count: int
    date_diff_count: int
    break_count: int
    break_amount: int
    digest: bytes
    matched_at: int
    closed_at: int


class BreakRow(NamedTuple):
    """A row of `recon_break`, without its day's key."""

    break_id: int
    kind: int
    flags: int
    payment_id: int
    reference: str
    target: str
    account_id: int
    file_no: int
    line: int
    ledger_amount: int
    report_amount: int
    state: int
    opened_at: int
    changed_at: int

    @property
    def difference(self) -> int:
        """What the books have more than the report."""
        return self.ledger_amount - self.report_amount


class DecisionRow(NamedTuple):
    """A row of `break_decision`, without its key."""

    decision_no: int
    decision: int
    kind: int
    difference: int
    reason: str
    client_id: int
    actor: str
    recorded_at: int


class OpenBreaks(NamedTuple):
    """Breaks of a channel, kind and flags, opened together. amount: what they differ by."""

    channel_no: int
    kind: int
    flags: int
    opened_at: int
    amount: int
    breaks: int


class DaySums(NamedTuple):
    """What a day says of itself, and what its standing breaks come to."""

    channel_no: int
    day: int
    ledger_amount: int
    report_amount: int
    break_amount: int
    break_count: int
    files: int
    stale: int
    breaks: int
    difference: int


Key = tuple[int, int]
"""(provider, channel)."""


def _key(key: Key) -> dict[str, int]:
    return {"provider_id": key[0], "channel_no": key[1]}


# -- days and breaks


def _day(row: tuple[Value, ...]) -> DayRow:
    made = DayRow(*row)  # type: ignore[arg-type]
    return made._replace(digest=bytes(made.digest))


def day(reader: Reader, key: Key, wanted: int) -> DayRow | None:
    """A day that was matched, or None."""
    row = reader.row(ONE_DAY, **_key(key), day=wanted)
    return None if row is None else _day(row)


def days(reader: Reader, key: Key, after: int, most: int) -> list[DayRow]:
    """A channel's days that were matched, behind one, in order."""
    return [_day(row) for row in reader.rows(DAYS, **_key(key), after=after, most=most)]


def set_day(session: Session, row: DayRow, before: DayRow | None) -> bool:
    """Whether the day is as it was, None: was never matched, and is this now."""
    if before is None:
        return session.run(ADD_DAY, **row._asdict()) == 1
    was = {"match_no_before": before.match_no, "state_before": before.state}
    return session.run(CHANGE_DAY, **row._asdict(), **was) == 1


def make_stale(session: Session, key: Key, first_day: int, last_day: int) -> None:
    """Tells that files came that these days were matched without."""
    session.run(MAKE_STALE, **_key(key), first_day=first_day, last_day=last_day)


def breaks(reader: Reader, key: Key, wanted: int) -> dict[str, Column]:
    """BREAK of a day, by id."""
    return reader.fetch(BREAKS, BREAK, **_key(key), day=wanted)


def set_breaks(session: Session, key: Key, wanted: int, columns: Columns) -> None:
    """All breaks of a day, in the place of those that there were: provider_id … changed_at."""
    session.run(FORGET_BREAKS, **_key(key), day=wanted)
    session.insert("recon_break", columns)


def decisions(reader: Reader, key: Key, wanted: int) -> list[tuple[int, int, int, int]]:
    """(break_id, decision, kind, difference) of a day's breaks, the latest of each last."""
    found = reader.rows(DECISIONS, **_key(key), day=wanted)
    return [(int(a), int(b), int(c), int(d)) for a, b, c, d in found]


def one_break(reader: Reader, key: Key, wanted: int, break_id: int) -> BreakRow | None:
    """A break of a day, or None."""
    row = reader.row(ONE_BREAK, **_key(key), day=wanted, break_id=break_id)
    return None if row is None else BreakRow(*row)  # type: ignore[arg-type]


def listed_breaks(
    reader: Reader, key: Key, wanted: int, after: int, most: int, state: int
) -> list[BreakRow]:
    """A day's breaks behind one, by id, whose state is at most this."""
    found = reader.rows(LISTED_BREAKS, **_key(key), day=wanted, after=after, most=most, state=state)
    return [BreakRow(*row) for row in found]  # type: ignore[arg-type]


def standing_kind(reader: Reader, key: Key, payment_id: int, resolved: int) -> int:
    """The kind of the latest break of a payment that stands, 0: there is none."""
    values = {"payment_id": payment_id, "resolved": resolved}
    row = reader.row(STANDING_KIND, **_key(key), **values)
    return int(row[0]) if row else 0


def set_state(session: Session, key: Key, wanted: int, row: BreakRow, state: int, now: int) -> bool:
    """Whether a break was in the state of its row, and is in this one now."""
    values = {"state": state, "state_before": row.state, "changed_at": now}
    return session.run(SET_STATE, **_key(key), day=wanted, break_id=row.break_id, **values) == 1


def add_decision(session: Session, provider_id: int, row: BreakRow, told: DecisionRow) -> None:
    """Adds a decision about a break, with the next number."""
    values = told._asdict()
    del values["decision_no"]
    session.run(ADD_DECISION, provider_id=provider_id, break_id=row.break_id, **values)


def decisions_of(reader: Reader, provider_id: int, break_id: int) -> list[DecisionRow]:
    """What was decided about a break, in order."""
    found = reader.rows(DECISIONS_OF, provider_id=provider_id, break_id=break_id)
    return [DecisionRow(*row) for row in found]  # type: ignore[arg-type]


def open_breaks(reader: Reader, provider_id: int, state: int) -> list[OpenBreaks]:
    """Of all channels and days, the breaks in this state."""
    found = reader.rows(OPEN_BREAKS, provider_id=provider_id, state=state)
    return [OpenBreaks(*map(int, row)) for row in found]


# -- reports that do not come


def alarm(reader: Reader, key: Key, day: int) -> int:
    """When somebody was told that a day's report did not come; 0: nobody was."""
    row = reader.row(ALARM, **_key(key), day=day)
    return int(row[0]) if row else 0


def add_alarm(session: Session, key: Key, day: int, now: int) -> bool:
    """Whether this call tells it."""
    return session.run(ADD_ALARM, **_key(key), day=day, raised_at=now) == 1


def open_days(reader: Reader, provider_id: int, open_: int) -> tuple[int, int]:
    """(days that are open, those of them that are stale)."""
    row = reader.row(OPEN_DAYS, provider_id=provider_id, open=open_)
    assert row is not None, "it counts"
    return int(row[0]), int(row[1])


def reconciled(reader: Reader) -> list[int]:
    """The providers that have terms with a channel."""
    return [int(row[0]) for row in reader.rows(RECONCILED)]


# -- what verify looks at


def standing(reader: Reader, provider_id: int, resolved: int) -> list[DaySums]:
    """Of every day that was matched."""
    rows = reader.rows(STANDING, provider_id=provider_id, resolved=resolved)
    return [DaySums(*map(int, row)) for row in rows]


def adjusted(
    reader: Reader, provider_id: int, adjust: int, receivable: str, fees: str
) -> tuple[int, int]:
    """(by what accounts and fees stand adjusted as it was decided, what entries of that come to).

    fees: the family of the fees' ledger accounts.
    """
    decided = reader.row(ADJUSTED, provider_id=provider_id, adjust=adjust)
    values = {"receivable": receivable, "fees": f"{fees}:%"}
    posted = reader.row(ADJUSTMENTS, provider_id=provider_id, **values)
    assert decided is not None, "it sums"
    assert posted is not None, "it sums"
    return int(decided[0]), int(posted[0])


def reported(
    reader: Reader, provider_id: int, kind: int, state: int
) -> dict[tuple[int, int], tuple[int, int]]:
    """By (channel, day): what the reports come to that count, and how many they are."""
    rows = reader.rows(LINES_OF_DAYS, provider_id=provider_id, kind=kind, state=state)
    return {(int(a), int(b)): (int(c), int(d)) for a, b, c, d in rows}
