"""Write-offs: what is given up, and what became of it."""

from collections.abc import Sequence
from typing import NamedTuple

from billcore.core.ids import COUNT_BITS
from billcore.core.store.port import Reader, Row, Session

WRITE_OFFS = """SELECT account_id, write_off_no, total, reason_code, client_id, actor, recorded_at
FROM write_off WHERE account_id BETWEEN :first AND :last ORDER BY account_id, write_off_no"""

ITEMS = """SELECT item_id, is_bill, amount FROM write_off_item
WHERE account_id = :account_id AND write_off_no = :write_off_no ORDER BY item_id"""

STEPS = """SELECT account_id, write_off_no, step_no, kind, day, amount, account_entry_id, client_id,
actor, reason, recorded_at FROM write_off_step WHERE account_id BETWEEN :first AND :last
ORDER BY account_id, write_off_no, step_no"""

ADD = """INSERT INTO write_off (account_id, write_off_no, total, reason_code, client_id, actor,
recorded_at) VALUES (:account_id, :write_off_no, :total, :reason_code, :client_id, :actor,
:recorded_at)"""

ADD_ITEM = """INSERT INTO write_off_item (account_id, write_off_no, item_id, is_bill, amount)
VALUES (:account_id, :write_off_no, :item_id, :is_bill, :amount)"""

ADD_STEP = """INSERT INTO write_off_step (account_id, write_off_no, step_no, kind, day, amount,
account_entry_id, client_id, actor, reason, recorded_at) VALUES (:account_id, :write_off_no,
:step_no, :kind, :day, :amount, :account_entry_id, :client_id, :actor, :reason, :recorded_at)"""

OWNERS = """SELECT DISTINCT account_id / CAST(:accounts AS BIGINT) AS provider_id
FROM write_off ORDER BY provider_id"""

STRAY = """SELECT e.account_id, e.account_entry_id FROM entry g
JOIN account_entry e ON e.entry_id = g.entry_id AND e.account_id BETWEEN :first AND :last
WHERE g.provider_id = :provider_id AND g.source LIKE 'write-offs/%'
ORDER BY e.account_id, e.account_entry_id"""


LOST = """SELECT o.account_id, SUM(CASE s.kind WHEN 5 THEN -s.amount ELSE s.amount END)
FROM dunning d JOIN dunning_action a ON a.account_id = d.account_id AND a.action_no = d.action_no
JOIN write_off_step o ON o.account_id = d.account_id AND o.kind = 2 AND o.recorded_at > a.known_at
JOIN write_off_step s ON s.account_id = o.account_id AND s.write_off_no = o.write_off_no
WHERE d.account_id BETWEEN :first AND :last AND d.level > 0
GROUP BY o.account_id"""
"""Steps have what was given up as 2, taken back below 0 as 4, recovered as 5."""


class WriteOffRow(NamedTuple):
    """A row of `write_off`."""

    account_id: int
    write_off_no: int
    total: int
    reason_code: str
    client_id: int
    actor: str
    recorded_at: int


class ItemRow(NamedTuple):
    """A row of `write_off_item`, without its write-off."""

    item_id: int
    is_bill: int
    amount: int


class StepRow(NamedTuple):
    """A row of `write_off_step`."""

    account_id: int
    write_off_no: int
    step_no: int
    kind: int
    day: int
    amount: int
    account_entry_id: int
    client_id: int
    actor: str
    reason: str
    recorded_at: int


def write_offs(reader: Reader, first: int, last: int) -> list[WriteOffRow]:
    """The write-offs of accounts first..last."""
    return [WriteOffRow(*row) for row in reader.rows(WRITE_OFFS, first=first, last=last)]  # type: ignore[arg-type]


def items(reader: Reader, account_id: int, write_off_no: int) -> list[ItemRow]:
    """What is given up."""
    found = reader.rows(ITEMS, account_id=account_id, write_off_no=write_off_no)
    return [ItemRow(*row) for row in found]  # type: ignore[arg-type]


def steps(reader: Reader, first: int, last: int) -> list[StepRow]:
    """What became of the write-offs of accounts first..last, in order."""
    return [StepRow(*row) for row in reader.rows(STEPS, first=first, last=last)]  # type: ignore[arg-type]


def add(session: Session, row: WriteOffRow, given_up: Sequence[ItemRow]) -> None:
    """Adds a write-off, without a step."""
    session.run(ADD, **row._asdict())
    key = {"account_id": row.account_id, "write_off_no": row.write_off_no}
    for item in given_up:
        session.run(ADD_ITEM, **key, **item._asdict())


def add_step(session: Session, row: StepRow) -> None:
    """Adds a step of a write-off."""
    session.run(ADD_STEP, **row._asdict())


def owners(reader: Reader) -> list[int]:
    """The providers whose accounts have write-offs."""
    found = reader.rows(OWNERS, accounts=1 << COUNT_BITS)
    return [int(number) for (number,) in found]


def lost_since_dunned(reader: Reader, first: int, last: int) -> dict[int, int]:
    """What accounts first..last with an open episode of dunning lost by write-offs after its last
    action, neither undone nor recovered, in minor units."""
    found = reader.rows(LOST, first=first, last=last)
    return {int(account): int(amount) for account, amount in found}


def posted(reader: Reader, provider_id: int, first: int, last: int) -> Sequence[Row]:
    """(account, entry) of what write-offs posted."""
    return reader.rows(STRAY, provider_id=provider_id, first=first, last=last)
