"""Deposits and what became of their money."""

from typing import NamedTuple

from billcore.core.store.port import Reader, Session

DEPOSITS = """SELECT account_id, deposit_no, amount, due_day, account_entry_id, client_id,
recorded_at FROM deposit WHERE account_id BETWEEN :first AND :last
ORDER BY account_id, deposit_no"""

MOVES = """SELECT account_id, deposit_no, move_no, kind, day, amount, account_entry_id, interest,
rule, known_at, client_id, reason, recorded_at FROM deposit_move
WHERE account_id BETWEEN :first AND :last ORDER BY account_id, deposit_no, move_no"""

ADD = """INSERT INTO deposit (account_id, deposit_no, amount, due_day, account_entry_id, client_id,
recorded_at) VALUES (:account_id, :deposit_no, :amount, :due_day, :account_entry_id, :client_id,
:recorded_at)"""

ADD_MOVE = """INSERT INTO deposit_move (account_id, deposit_no, move_no, kind, day, amount,
account_entry_id, interest, rule, known_at, client_id, reason, recorded_at)
VALUES (:account_id, :deposit_no, :move_no, :kind, :day, :amount, :account_entry_id, :interest,
:rule, :known_at, :client_id, :reason, :recorded_at)"""

PAGE = """SELECT account_id, deposit_no FROM deposit
WHERE account_id > :after AND account_id <= :last ORDER BY account_id, deposit_no LIMIT :most"""


class DepositRow(NamedTuple):
    """A row of `deposit`."""

    account_id: int
    deposit_no: int
    amount: int
    due_day: int
    account_entry_id: int
    client_id: int
    recorded_at: int


class MoveRow(NamedTuple):
    """A row of `deposit_move`."""

    account_id: int
    deposit_no: int
    move_no: int
    kind: int
    day: int
    amount: int
    account_entry_id: int
    interest: int
    rule: str
    known_at: int
    client_id: int
    reason: str
    recorded_at: int


def deposits(reader: Reader, first: int, last: int) -> list[DepositRow]:
    """The deposits of accounts first..last."""
    return [DepositRow(*row) for row in reader.rows(DEPOSITS, first=first, last=last)]  # type: ignore[arg-type]


def moves(reader: Reader, first: int, last: int) -> list[MoveRow]:
    """What became of the deposits of accounts first..last, in order."""
    return [MoveRow(*row) for row in reader.rows(MOVES, first=first, last=last)]  # type: ignore[arg-type]


def page(reader: Reader, after: int, last: int, most: int) -> list[tuple[int, int]]:
    """(account, deposit) of the deposits behind an account, so many at most."""
    found = reader.rows(PAGE, after=after, last=last, most=most)
    return [(int(account), int(number)) for account, number in found]


def add(session: Session, row: DepositRow) -> None:
    """Adds a deposit."""
    session.run(ADD, **row._asdict())


def add_move(session: Session, row: MoveRow) -> None:
    """Adds a move of a deposit."""
    session.run(ADD_MOVE, **row._asdict())
