"""Debits with their steps."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pyarrow as pa

from billcore.core.store.port import Columns, Ints, Kind, Reader, Row, Session

DEBIT: dict[str, Kind] = {
    "debit_no": Kind.INT,
    "end_to_end_id": Kind.TEXT,
    "mandate_no": Kind.INT,
    "account_id": Kind.INT,
    "channel_no": Kind.INT,
    "scheme": Kind.INT,
    "collection_day": Kind.INT,
    "retry_of": Kind.INT,
    "attempt": Kind.INT,
    "planned": Kind.INT,
    "state": Kind.INT,
    "step_no": Kind.INT,
    "amount": Kind.INT,
    "batch_no": Kind.INT,
    "sequence": Kind.INT,
    "code": Kind.TEXT,
    "day": Kind.INT,
    "collected_day": Kind.INT,
    "until_day": Kind.INT,
    "recorded_at": Kind.INT,
}

_DEBIT = f"SELECT {', '.join(DEBIT)} FROM debit WHERE provider_id = :provider_id"  # noqa: S608 - our own words

_OTHERWISE = _DEBIT.replace("provider_id =", "+provider_id =")
"""By what else is asked: SQLite knows nothing of what tables hold, and would go through all debits
of a provider; a sign hides the provider from it."""

FIND = f"{_DEBIT} AND debit_no = :debit_no"
BY_ID = f"{_OTHERWISE} AND end_to_end_id = :end_to_end_id"
BY_IDS = f"{_OTHERWISE} AND end_to_end_id IN (:keys) ORDER BY debit_no"
OF_BATCH = f"{_OTHERWISE} AND batch_no = :batch_no ORDER BY debit_no"
OF_MANDATE = f"{_OTHERWISE} AND mandate_no = :mandate_no ORDER BY debit_no"
RETRIES = f"{_OTHERWISE} AND retry_of = :debit_no AND retry_of <> 0 ORDER BY debit_no"
LISTED = f"""{_DEBIT} AND debit_no > :after AND (:state = 0 OR state = :state)
AND (:batch_no = 0 OR batch_no = :batch_no) AND (:account_id = 0 OR account_id = :account_id)
ORDER BY debit_no LIMIT :most"""
TO_NOTIFY = f"""{_OTHERWISE} AND channel_no = :channel_no AND state = 1
AND collection_day <= :last AND (collection_day <= :until OR retry_of <> 0)
AND (collection_day <= :retry OR retry_of = 0)
ORDER BY collection_day, provider_id, debit_no LIMIT :most"""
TO_SEAL = f"""{_OTHERWISE} AND channel_no = :channel_no AND scheme = :scheme AND state = 2
AND collection_day = :collection_day ORDER BY provider_id, debit_no LIMIT :most"""
TO_SETTLE = f"{_OTHERWISE} AND state = 7 AND until_day < :day ORDER BY debit_no LIMIT :most"
OVERDUE = f"""{_OTHERWISE} AND channel_no = :channel_no AND state IN (1, 2)
AND collection_day < :day ORDER BY debit_no LIMIT :most"""

SEALABLE = """SELECT COUNT(*) FROM debit WHERE +provider_id = :provider_id
AND channel_no = :channel_no AND scheme = :scheme AND state = 2
AND collection_day = :collection_day"""

LIVE_AMOUNTS = """SELECT account_id, CAST(SUM(amount) AS BIGINT) AS amount FROM debit
WHERE account_id IN (:keys) AND (state IN (3, 4, 5) OR (:waiting = 1 AND state IN (1, 2)))
GROUP BY account_id ORDER BY account_id"""

USED_BEFORE = """SELECT DISTINCT mandate_no FROM debit
WHERE +provider_id = :provider_id AND mandate_no IN (:keys) AND state NOT IN (1, 2, 6, 12)
ORDER BY mandate_no"""

SUMMED = """SELECT state, COUNT(*), CAST(COALESCE(SUM(amount), 0) AS BIGINT) FROM debit
WHERE provider_id = :provider_id GROUP BY state ORDER BY state"""

FAILED = """SELECT code, COUNT(*), CAST(COALESCE(SUM(amount), 0) AS BIGINT) FROM debit
WHERE provider_id = :provider_id AND state IN (6, 8, 9, 10) GROUP BY code ORDER BY code"""

STEP: dict[str, Kind] = {
    "step_no": Kind.INT,
    "was": Kind.INT,
    "state": Kind.INT,
    "day": Kind.INT,
    "amount": Kind.INT,
    "batch_no": Kind.INT,
    "sequence": Kind.INT,
    "code": Kind.TEXT,
    "until_day": Kind.INT,
    "result_no": Kind.INT,
    "line": Kind.INT,
    "client_id": Kind.INT,
    "recorded_at": Kind.INT,
}

STEPS = f"""SELECT {", ".join(STEP)} FROM debit_step
WHERE provider_id = :provider_id AND debit_no = :debit_no ORDER BY step_no"""  # noqa: S608 - our own words

MOVE = """UPDATE debit SET state = s.state, step_no = s.step_no, amount = s.amount,
batch_no = s.batch_no, sequence = s.sequence, code = s.code, day = s.day,
collected_day = CASE WHEN s.state = 7 THEN s.day ELSE debit.collected_day END,
until_day = s.until_day, recorded_at = s.recorded_at
FROM debit_step s WHERE +s.provider_id = :provider_id AND s.move_no = :move_no
AND debit.provider_id = s.provider_id AND debit.debit_no = s.debit_no
AND debit.step_no = s.step_no - 1 AND debit.state = s.was"""


class DebitRow(NamedTuple):
    """A row of `debit` without its provider."""

    debit_no: int
    end_to_end_id: str
    mandate_no: int
    account_id: int
    channel_no: int
    scheme: int
    collection_day: int
    retry_of: int
    attempt: int
    planned: int
    state: int
    step_no: int
    amount: int
    batch_no: int
    sequence: int
    code: str
    day: int
    collected_day: int
    until_day: int
    recorded_at: int


class StepRow(NamedTuple):
    """A row of `debit_step` without its debit and move."""

    step_no: int
    was: int
    state: int
    day: int
    amount: int
    batch_no: int
    sequence: int
    code: str
    until_day: int
    result_no: int
    line: int
    client_id: int
    recorded_at: int


# -- debits


def _one(row: Row | None) -> DebitRow | None:
    return DebitRow(*row) if row else None  # type: ignore[arg-type]


def _all(found: Sequence[Row]) -> list[DebitRow]:
    return [DebitRow(*row) for row in found]  # type: ignore[arg-type]


def rows_of(columns: Columns) -> list[DebitRow]:
    """Columns of DEBIT as rows."""
    lists = [c.tolist() if isinstance(c, np.ndarray) else c.to_pylist() for c in columns.values()]
    return [DebitRow._make(values) for values in zip(*lists, strict=True)]


def columns_of(found: Sequence[DebitRow]) -> Columns:
    """Rows as columns of DEBIT."""
    lists = list(zip(*found, strict=True)) if found else [()] * len(DEBIT)
    return {
        name: np.array(values, dtype=np.int64)
        if kind is Kind.INT
        else pa.array(values, pa.string())
        for (name, kind), values in zip(DEBIT.items(), lists, strict=True)
    }


def find(reader: Reader, provider_id: int, debit_no: int) -> DebitRow | None:
    """A debit of a number."""
    return _one(reader.row(FIND, provider_id=provider_id, debit_no=debit_no))


def by_end_to_end_id(reader: Reader, provider_id: int, end_to_end_id: str) -> DebitRow | None:
    """The debit of an end-to-end id."""
    return _one(reader.row(BY_ID, provider_id=provider_id, end_to_end_id=end_to_end_id))


def by_end_to_end_ids(reader: Reader, provider_id: int, ids: Sequence[str]) -> list[DebitRow]:
    """The debits that have one of these end-to-end ids."""
    if not ids:
        return []
    keys = pa.array(sorted(set(ids)), pa.string())
    return rows_of(reader.among(BY_IDS, DEBIT, keys, provider_id=provider_id))


def of_batch(reader: Reader, provider_id: int, batch_no: int) -> Columns:
    """The debits of a batch: DEBIT."""
    return reader.fetch(OF_BATCH, DEBIT, provider_id=provider_id, batch_no=batch_no)


def of_mandate(reader: Reader, provider_id: int, mandate_no: int) -> list[DebitRow]:
    """The debits of a mandate, in order."""
    return _all(reader.rows(OF_MANDATE, provider_id=provider_id, mandate_no=mandate_no))


def retries(reader: Reader, provider_id: int, debit_no: int) -> list[DebitRow]:
    """The debits that try again what one failed to collect."""
    return _all(reader.rows(RETRIES, provider_id=provider_id, debit_no=debit_no))


def listed(
    reader: Reader, provider_id: int, after: int, most: int, **wanted: int
) -> list[DebitRow]:
    """Debits behind a number, in order; wanted: state, batch_no, account_id, 0: any."""
    values = {"state": 0, "batch_no": 0, "account_id": 0} | wanted
    return _all(reader.rows(LISTED, provider_id=provider_id, after=after, most=most, **values))


def to_notify(
    reader: Reader, provider_id: int, channel_no: int, until: int, retry: int, most: int
) -> Columns:
    """Debits that are due, of collection days up to one, of retries another: DEBIT."""
    values = {"provider_id": provider_id, "channel_no": channel_no, "until": until}
    last = max(until, retry)
    return reader.fetch(TO_NOTIFY, DEBIT, **values, retry=retry, last=last, most=most)


def to_seal(
    reader: Reader, provider_id: int, channel_no: int, scheme: int, day: int, most: int
) -> Columns:
    """Debits of a day that were announced: DEBIT."""
    values = {"provider_id": provider_id, "channel_no": channel_no, "scheme": scheme}
    return reader.fetch(TO_SEAL, DEBIT, **values, collection_day=day, most=most)


def sealable(reader: Reader, provider_id: int, channel_no: int, scheme: int, day: int) -> int:
    """How many they are."""
    values = {"provider_id": provider_id, "channel_no": channel_no, "scheme": scheme}
    row = reader.row(SEALABLE, **values, collection_day=day)
    return int(row[0]) if row else 0


def to_settle(reader: Reader, provider_id: int, day: int, most: int) -> Columns:
    """Collected debits whose window closed before a day: DEBIT."""
    return reader.fetch(TO_SETTLE, DEBIT, provider_id=provider_id, day=day, most=most)


def overdue(reader: Reader, provider_id: int, channel_no: int, day: int, most: int) -> Columns:
    """Waiting debits whose collection day is before a day: DEBIT."""
    values = {"provider_id": provider_id, "channel_no": channel_no, "day": day, "most": most}
    return reader.fetch(OVERDUE, DEBIT, **values)


def live_amounts(reader: Reader, account_id: Ints, *, waiting: bool) -> Columns:
    """What debits that are under way take from accounts; waiting: and those that still may."""
    kinds = {"account_id": Kind.INT, "amount": Kind.INT}
    return reader.among(LIVE_AMOUNTS, kinds, np.unique(account_id), waiting=int(waiting))


def used_before(reader: Reader, provider_id: int, mandate_no: Ints) -> Ints:
    """Which of these mandates a debit uses, or used, that the bank has not rejected."""
    kinds = {"mandate_no": Kind.INT}
    found = reader.among(USED_BEFORE, kinds, np.unique(mandate_no), provider_id=provider_id)
    numbers: Ints = found["mandate_no"]
    return numbers


def summed(reader: Reader, provider_id: int) -> list[tuple[int, int, int]]:
    """(state, debits, minor units) of every state that has some."""
    found = reader.rows(SUMMED, provider_id=provider_id)
    return [(int(state), int(count), int(amount)) for state, count, amount in found]


def failed(reader: Reader, provider_id: int) -> list[tuple[str, int, int]]:
    """(code, debits, minor units) of those that were rejected or taken back."""
    found = reader.rows(FAILED, provider_id=provider_id)
    return [(str(code), int(count), int(amount)) for code, count, amount in found]


def add(session: Session, provider_id: int, columns: Columns) -> None:
    """Adds debits; StoreConflict when a mandate has one of that day."""
    count = len(columns["debit_no"])
    session.insert("debit", {"provider_id": np.full(count, provider_id), **columns})


def add_steps(session: Session, columns: Columns) -> None:
    """Adds steps."""
    session.insert("debit_step", columns)


def move(session: Session, provider_id: int, move_no: int) -> int:
    """Lets debits have what the steps of a move say; how many were as the steps found them."""
    return session.run(MOVE, provider_id=provider_id, move_no=move_no)


def steps(reader: Reader, provider_id: int, debit_no: int) -> list[StepRow]:
    """The steps of a debit."""
    found = reader.rows(STEPS, provider_id=provider_id, debit_no=debit_no)
    return [StepRow(*row) for row in found]  # type: ignore[arg-type]
