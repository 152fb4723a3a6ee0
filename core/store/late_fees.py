"""Late fees: assessments, their chunks, what they charged, the rules and holds behind it."""

from collections.abc import Sequence
from typing import NamedTuple

from billcore.core.store.port import Columns, Kind, Reader, Row, Session, Value

ADD_ASSESSMENT = """INSERT INTO late_fee_assessment (provider_id, assessment_id, until_day,
first_account, last_account, chunk_accounts, client_id, actor, recorded_at)
VALUES (:provider_id, :assessment_id, :until_day, :first_account, :last_account, :chunk_accounts,
:client_id, :actor, :recorded_at)"""

_ASSESSMENT = """SELECT assessment_id, until_day, first_account, last_account, chunk_accounts,
client_id, actor, recorded_at FROM late_fee_assessment WHERE provider_id = :provider_id"""

ASSESSMENT = f"{_ASSESSMENT} AND assessment_id = :assessment_id"

ASSESSMENTS = f"""{_ASSESSMENT} AND assessment_id < :before
ORDER BY assessment_id DESC LIMIT :most"""

LAST_DAY = """SELECT COALESCE(MAX(until_day), 0) FROM late_fee_assessment
WHERE provider_id = :provider_id AND first_account <= :last AND last_account >= :first"""

CLAIM = """INSERT INTO late_fee_chunk (provider_id, assessment_id, chunk, first_account,
last_account, items, charges, charged, credits, credited, known_at, recorded_at)
VALUES (:provider_id, :assessment_id, :chunk, :first_account, :last_account, 0, 0, 0, 0, 0, 0,
:recorded_at) ON CONFLICT DO NOTHING"""

FINISH = """UPDATE late_fee_chunk SET items = :items, charges = :charges, charged = :charged,
credits = :credits, credited = :credited, known_at = :known_at, recorded_at = :recorded_at
WHERE provider_id = :provider_id AND assessment_id = :assessment_id AND chunk = :chunk"""

CHUNKS = """SELECT chunk, first_account, last_account, items, charges, charged, credits, credited,
known_at, recorded_at FROM late_fee_chunk
WHERE provider_id = :provider_id AND assessment_id = :assessment_id ORDER BY chunk"""

CHUNK_OF = """SELECT chunk, first_account, last_account, items, charges, charged, credits, credited,
known_at, recorded_at FROM late_fee_chunk
WHERE provider_id = :provider_id AND assessment_id = :assessment_id
AND :account_id BETWEEN first_account AND last_account"""

FEES = """SELECT account_id, item_id, account_entry_id, assessment_id, rule_id, credits, amount,
fee, debt FROM late_fee WHERE account_id BETWEEN :first AND :last
ORDER BY account_id, assessment_id, item_id, account_entry_id"""

RULES = "SELECT rule_id, rule FROM late_fee_rule WHERE provider_id = :provider_id"

HOLDS = """SELECT account_id, source, version, item_id, amount, from_day, until_day, reason,
client_id, recorded_at FROM late_fee_hold h WHERE account_id BETWEEN :first AND :last
AND version = (SELECT MAX(version) FROM late_fee_hold o WHERE o.account_id = h.account_id
    AND o.source = h.source AND o.recorded_at <= :known_at)
ORDER BY account_id, recorded_at, source"""

LAST_HOLD = """SELECT COALESCE(MAX(recorded_at), 0) FROM late_fee_hold
WHERE account_id BETWEEN :first AND :last"""

ADD_HOLD = """INSERT INTO late_fee_hold (account_id, source, version, item_id, amount, from_day,
until_day, reason, client_id, recorded_at) VALUES (:account_id, :source, :version, :item_id,
:amount, :from_day, :until_day, :reason, :client_id, :recorded_at)"""

LOST_ENTRIES = """SELECT f.account_id, f.item_id, f.account_entry_id FROM late_fee f
LEFT JOIN account_entry e
    ON e.account_id = f.account_id AND e.account_entry_id = f.account_entry_id
WHERE f.account_id BETWEEN :first AND :last
AND (e.amount IS NULL OR e.amount <> f.amount OR e.kind <> :kind)
ORDER BY f.account_id, f.item_id, f.account_entry_id LIMIT :most"""

STRAY_ENTRIES = """SELECT e.account_id, e.account_entry_id FROM entry g
JOIN account_entry e ON e.entry_id = g.entry_id AND e.account_id BETWEEN :first AND :last
LEFT JOIN late_fee f ON f.account_id = e.account_id AND f.account_entry_id = e.account_entry_id
WHERE g.provider_id = :provider_id AND g.kind = :kind AND g.source LIKE 'late fees/%'
AND f.amount IS NULL ORDER BY e.account_id, e.account_entry_id LIMIT :most"""

WRONG_CREDITS = """SELECT c.account_id, c.credits,
    CAST(COALESCE(MAX(f.amount), 0) + SUM(c.amount) AS BIGINT)
FROM late_fee c LEFT JOIN late_fee f ON f.account_id = c.account_id AND f.item_id = c.item_id
    AND f.account_entry_id = c.credits
WHERE c.account_id BETWEEN :first AND :last AND c.credits <> 0
GROUP BY c.account_id, c.credits HAVING COALESCE(MAX(f.amount), 0) + SUM(c.amount) < 0
ORDER BY c.account_id, c.credits LIMIT :most"""

WRONG_CHUNKS = """SELECT c.assessment_id, c.chunk, c.charges, c.charged, c.credits, c.credited,
    COUNT(CASE WHEN f.amount > 0 THEN 1 END),
    CAST(COALESCE(SUM(CASE WHEN f.amount > 0 THEN f.amount END), 0) AS BIGINT),
    COUNT(CASE WHEN f.amount < 0 THEN 1 END),
    CAST(COALESCE(SUM(CASE WHEN f.amount < 0 THEN f.amount END), 0) AS BIGINT)
FROM late_fee_chunk c LEFT JOIN late_fee f
    ON f.account_id BETWEEN c.first_account AND c.last_account
    AND f.assessment_id = c.assessment_id
WHERE c.provider_id = :provider_id
GROUP BY c.assessment_id, c.chunk, c.charges, c.charged, c.credits, c.credited
HAVING c.charges <> COUNT(CASE WHEN f.amount > 0 THEN 1 END)
    OR c.charged <> COALESCE(SUM(CASE WHEN f.amount > 0 THEN f.amount END), 0)
    OR c.credits <> COUNT(CASE WHEN f.amount < 0 THEN 1 END)
    OR c.credited <> COALESCE(SUM(CASE WHEN f.amount < 0 THEN f.amount END), 0)
ORDER BY c.assessment_id, c.chunk LIMIT :most"""


class Assessment(NamedTuple):
    """A row of `late_fee_assessment`."""

    assessment_id: int
    until_day: int
    first_account: int
    last_account: int
    chunk_accounts: int
    client_id: int
    actor: str
    recorded_at: int

    @property
    def chunks(self) -> int:
        """How many chunks it has."""
        return (self.last_account - self.first_account) // self.chunk_accounts + 1

    def accounts(self, chunk: int) -> tuple[int, int]:
        """The first and last account of a chunk, counted from 1."""
        first = self.first_account + (chunk - 1) * self.chunk_accounts
        return first, min(first + self.chunk_accounts - 1, self.last_account)


class Chunk(NamedTuple):
    """A row of `late_fee_chunk`."""

    chunk: int
    first_account: int
    last_account: int
    items: int = 0
    charges: int = 0
    charged: int = 0
    credits: int = 0
    credited: int = 0
    known_at: int = 0
    recorded_at: int = 0


class FeeRow(NamedTuple):
    """A row of `late_fee`."""

    account_id: int
    item_id: int
    account_entry_id: int
    assessment_id: int
    rule_id: int
    credits: int
    amount: int
    fee: int
    debt: int


class HoldRow(NamedTuple):
    """A row of `late_fee_hold`."""

    account_id: int
    source: str
    version: int
    item_id: int
    amount: int
    from_day: int
    until_day: int
    reason: str
    client_id: int
    recorded_at: int


def add_assessment(session: Session, provider_id: int, row: Assessment) -> None:
    """Adds an assessment."""
    session.run(ADD_ASSESSMENT, provider_id=provider_id, **row._asdict())


def assessment(reader: Reader, provider_id: int, assessment_id: int) -> Assessment | None:
    """An assessment, or None."""
    row = reader.row(ASSESSMENT, provider_id=provider_id, assessment_id=assessment_id)
    return None if row is None else Assessment(*row)  # type: ignore[arg-type]


def assessments(reader: Reader, provider_id: int, before: int, most: int) -> list[Assessment]:
    """The assessments before a number, the newest first."""
    found = reader.rows(ASSESSMENTS, provider_id=provider_id, before=before, most=most)
    return [Assessment(*row) for row in found]  # type: ignore[arg-type]


def last_day(reader: Reader, provider_id: int, first: int, last: int) -> int:
    """The latest day up to which an account of first..last is, or is being, assessed; 0: none."""
    row = reader.row(LAST_DAY, provider_id=provider_id, first=first, last=last)
    return int(row[0]) if row else 0


def claim(session: Session, provider_id: int, assessment_id: int, chunk: Chunk, now: int) -> bool:
    """Whether the chunk is still to do; waits for a transaction that does it."""
    values: dict[str, Value] = {
        "chunk": chunk.chunk,
        "first_account": chunk.first_account,
        "last_account": chunk.last_account,
        "recorded_at": now,
    }
    return session.run(CLAIM, provider_id=provider_id, assessment_id=assessment_id, **values) == 1


def finish(session: Session, provider_id: int, assessment_id: int, chunk: Chunk) -> None:
    """Keeps what became of a claimed chunk."""
    values = chunk._asdict()
    del values["first_account"], values["last_account"]
    session.run(FINISH, provider_id=provider_id, assessment_id=assessment_id, **values)


def chunks(reader: Reader, provider_id: int, assessment_id: int) -> list[Chunk]:
    """The chunks of an assessment that are done."""
    found = reader.rows(CHUNKS, provider_id=provider_id, assessment_id=assessment_id)
    return [Chunk(*row) for row in found]  # type: ignore[arg-type]


def chunk_of(reader: Reader, provider_id: int, assessment_id: int, account_id: int) -> Chunk | None:
    """The chunk of an assessment that has an account, if it is done."""
    values = {"provider_id": provider_id, "assessment_id": assessment_id}
    row = reader.row(CHUNK_OF, **values, account_id=account_id)
    return None if row is None else Chunk(*row)  # type: ignore[arg-type]


def add_fees(session: Session, columns: Columns) -> None:
    """Rows of `late_fee`; StoreConflict when one is there."""
    session.insert("late_fee", columns)


def fee_columns(reader: Reader, first: int, last: int) -> Columns:
    """What was charged to accounts first..last, as columns of FeeRow in order of assessments."""
    return reader.fetch(FEES, dict.fromkeys(FeeRow._fields, Kind.INT), first=first, last=last)


def fees(reader: Reader, account_id: int) -> list[FeeRow]:
    """What was charged to an account, in order of assessments."""
    found = reader.rows(FEES, first=account_id, last=account_id)
    return [FeeRow(*row) for row in found]  # type: ignore[arg-type]


def add_rules(session: Session, columns: Columns) -> None:
    """Rows of `late_fee_rule`; those that are there stay."""
    session.insert("late_fee_rule", columns, existing="skip")


def rules(reader: Reader, provider_id: int) -> dict[int, str]:
    """The text of each rule that anything was charged by."""
    return {int(no): str(text) for no, text in reader.rows(RULES, provider_id=provider_id)}


def holds(reader: Reader, first: int, last: int, known_at: int) -> list[HoldRow]:
    """The holds of accounts first..last as they were at a time, in order of recording."""
    found = reader.rows(HOLDS, first=first, last=last, known_at=known_at)
    return [HoldRow(*row) for row in found]  # type: ignore[arg-type]


def last_hold(reader: Reader, first: int, last: int) -> int:
    """When a hold of accounts first..last was recorded last; 0: none was."""
    row = reader.row(LAST_HOLD, first=first, last=last)
    return int(row[0]) if row else 0


def add_hold(session: Session, row: HoldRow) -> None:
    """Adds a hold, or another version of it."""
    session.run(ADD_HOLD, **row._asdict())


# -- what verify looks for


def lost_entries(reader: Reader, first: int, last: int, kind: int, most: int) -> Sequence[Row]:
    """(account, item, entry) of fees that are not account entries of their amount and kind."""
    return reader.rows(LOST_ENTRIES, first=first, last=last, kind=kind, most=most)


def stray_entries(
    reader: Reader, provider_id: int, accounts: tuple[int, int], kind: int, most: int
) -> Sequence[Row]:
    """(account, entry) of account entries that assessments posted and that are no fees."""
    first, last = accounts
    values = {"provider_id": provider_id, "first": first, "last": last}
    return reader.rows(STRAY_ENTRIES, **values, kind=kind, most=most)


def wrong_credits(reader: Reader, first: int, last: int, most: int) -> Sequence[Row]:
    """(account, entry, what is left) of fees that are credited beyond their amount."""
    return reader.rows(WRONG_CREDITS, first=first, last=last, most=most)


def wrong_chunks(reader: Reader, provider_id: int, most: int) -> Sequence[Row]:
    """(assessment, chunk, what it says, what its fees come to) of chunks that differ."""
    return reader.rows(WRONG_CHUNKS, provider_id=provider_id, most=most)
