"""Dunning: actions, the accounts that are in it, pauses, revisions of policies."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from billcore.core.store.chosen import chosen
from billcore.core.store.listed import lists
from billcore.core.store.port import Column, Columns, Ints, Kind, Reader, Row, Session

_STATE = "account_id, action_no, episode, level, signal, day, about_day"

STATES = f"SELECT {_STATE} FROM dunning WHERE account_id :chosen"  # noqa: S608 - our own columns

OPEN = """SELECT account_id FROM dunning WHERE account_id BETWEEN :first AND :last AND level > 0
ORDER BY account_id"""

COUNTS = """SELECT signal, COUNT(*) FROM dunning
WHERE account_id BETWEEN :first AND :last AND level > 0 GROUP BY signal ORDER BY signal"""

FORGET = "DELETE FROM dunning WHERE account_id IN (:accounts)"

_ACTION = """account_id, action_no, episode, level, signal, day, debt, overdue, in_flight,
oldest_due_day, about_day, policy, revision, charge, tax, account_entry_id, known_at, client_id,
recorded_at"""

ACTIONS = f"""SELECT {_ACTION} FROM dunning_action
WHERE account_id = :account_id AND action_no < :before ORDER BY action_no DESC LIMIT :most"""  # noqa: S608 - as above

ACTION_OF = f"""SELECT {_ACTION} FROM dunning_action
WHERE account_id = :account_id AND account_entry_id = :account_entry_id"""  # noqa: S608 - as above

NEWEST = f"""SELECT {_ACTION} FROM dunning_action WHERE account_id BETWEEN :first AND :last
AND level > 0 ORDER BY recorded_at DESC, account_id, action_no LIMIT :most"""  # noqa: S608 - our own words

PAUSES = """SELECT account_id, source, version, reason_code, from_day, until_day, reason,
client_id, recorded_at FROM dunning_pause p WHERE account_id :chosen
AND version = (SELECT MAX(version) FROM dunning_pause o WHERE o.account_id = p.account_id
    AND o.source = p.source)
ORDER BY account_id, recorded_at, source"""

ADD_PAUSE = """INSERT INTO dunning_pause (account_id, source, version, reason_code, from_day,
until_day, reason, client_id, recorded_at) VALUES (:account_id, :source, :version, :reason_code,
:from_day, :until_day, :reason, :client_id, :recorded_at)"""

ADD_REVISION = """INSERT INTO dunning_policy_revision (provider_id, policy, revision, definition,
recorded_at) VALUES (:provider_id, :policy, :revision, :definition, :recorded_at)"""

REVISION = """SELECT definition FROM dunning_policy_revision
WHERE provider_id = :provider_id AND policy = :policy AND revision = :revision"""

OWNERS = "SELECT DISTINCT provider_id FROM dunning_policy ORDER BY provider_id"

CUSTOMER_KINDS = """SELECT a.account_id, c.kind FROM account a
JOIN customer c ON c.customer_id = a.customer_id WHERE a.account_id :chosen"""

# -- what verify looks for

WRONG_STATES = """SELECT a.account_id, a.action_no FROM dunning_action a
LEFT JOIN dunning d ON d.account_id = a.account_id
WHERE a.account_id BETWEEN :first AND :last
AND a.action_no = (SELECT MAX(o.action_no) FROM dunning_action o WHERE o.account_id = a.account_id)
AND (d.action_no IS NULL OR d.action_no <> a.action_no OR d.episode <> a.episode
    OR d.level <> a.level OR d.signal <> a.signal OR d.day <> a.day OR d.about_day <> a.about_day)
ORDER BY a.account_id LIMIT :most"""

STRAY_STATES = """SELECT d.account_id, d.action_no FROM dunning d
LEFT JOIN dunning_action a ON a.account_id = d.account_id AND a.action_no = d.action_no
WHERE d.account_id BETWEEN :first AND :last AND a.action_no IS NULL
ORDER BY d.account_id LIMIT :most"""

WRONG_STEPS = """SELECT a.account_id, a.action_no FROM dunning_action a
LEFT JOIN dunning_action b ON b.account_id = a.account_id AND b.action_no = a.action_no - 1
WHERE a.account_id BETWEEN :first AND :last AND NOT (
    (a.action_no = 1 AND a.episode = 1 AND a.level = 1)
    OR (COALESCE(b.level, -1) = 0 AND a.level = 1 AND a.episode = COALESCE(b.episode, 0) + 1)
    OR (COALESCE(b.level, -1) > 0 AND a.episode = COALESCE(b.episode, 0)
        AND a.level IN (0, COALESCE(b.level, -1) + 1) AND a.about_day = COALESCE(b.about_day, 0)
        AND (a.level = 0 OR a.day > COALESCE(b.day, 0))))
ORDER BY a.account_id, a.action_no LIMIT :most"""

LOST_CHARGES = """SELECT a.account_id, a.action_no, a.account_entry_id FROM dunning_action a
LEFT JOIN account_entry e
    ON e.account_id = a.account_id AND e.account_entry_id = a.account_entry_id
WHERE a.account_id BETWEEN :first AND :last AND (a.charge <> 0 OR a.account_entry_id <> 0)
AND (e.amount IS NULL OR e.amount <> a.charge OR e.kind <> :kind)
ORDER BY a.account_id, a.action_no LIMIT :most"""

STRAY_CHARGES = """SELECT e.account_id, e.account_entry_id FROM entry g
JOIN account_entry e ON e.entry_id = g.entry_id AND e.account_id BETWEEN :first AND :last
LEFT JOIN dunning_action a
    ON a.account_id = e.account_id AND a.account_entry_id = e.account_entry_id
WHERE g.provider_id = :provider_id AND g.kind = :kind AND g.source LIKE 'dunning/%'
AND e.reverses = 0 AND a.charge IS NULL ORDER BY e.account_id, e.account_entry_id LIMIT :most"""

LOST_REVISIONS = """SELECT a.account_id, a.action_no, a.policy, a.revision FROM dunning_action a
LEFT JOIN dunning_policy_revision r ON r.provider_id = :provider_id AND r.policy = a.policy
    AND r.revision = a.revision
WHERE a.account_id BETWEEN :first AND :last AND a.policy <> '' AND r.revision IS NULL
ORDER BY a.account_id, a.action_no LIMIT :most"""


class StateRow(NamedTuple):
    """A row of `dunning`."""

    account_id: int
    action_no: int
    episode: int
    level: int
    signal: int
    day: int
    about_day: int


class ActionRow(NamedTuple):
    """A row of `dunning_action`."""

    account_id: int
    action_no: int
    episode: int
    level: int
    signal: int
    day: int
    debt: int
    overdue: int
    in_flight: int
    oldest_due_day: int
    about_day: int
    policy: str
    revision: int
    charge: int
    tax: int
    account_entry_id: int
    known_at: int
    client_id: int
    recorded_at: int


class PauseRow(NamedTuple):
    """A row of `dunning_pause`."""

    account_id: int
    source: str
    version: int
    reason_code: str
    from_day: int
    until_day: int
    reason: str
    client_id: int
    recorded_at: int


def states(reader: Reader, account_id: Ints) -> list[StateRow]:
    """How the last actions left these accounts, and maybe some between them."""
    found = chosen(reader, STATES, dict.fromkeys(StateRow._fields, Kind.INT), account_id)
    return [StateRow(*row) for row in zip(*(c.tolist() for c in found.values()), strict=True)]


def open_accounts(reader: Reader, first: int, last: int) -> Ints:
    """The accounts of a range of which an episode is open."""
    found: Ints = reader.fetch(OPEN, {"account_id": Kind.INT}, first=first, last=last)["account_id"]
    return found


def counts(reader: Reader, first: int, last: int) -> dict[int, int]:
    """How many accounts with an open episode are at each signal."""
    found = reader.rows(COUNTS, first=first, last=last)
    return {int(signal): int(count) for signal, count in found}


def put_states(session: Session, columns: Columns, account_id: Ints) -> None:
    """Rows of `dunning`, in the place of those that were there."""
    for sql, values in lists(FORGET, ":accounts", account_id.tolist()):
        session.run(sql, **values)
    session.insert("dunning", columns)


def add_actions(session: Session, columns: Columns) -> None:
    """Rows of `dunning_action`; StoreConflict when one is there."""
    session.insert("dunning_action", columns)


def actions(reader: Reader, account_id: int, before: int, most: int) -> list[ActionRow]:
    """The actions of an account before a number, the newest first."""
    found = reader.rows(ACTIONS, account_id=account_id, before=before, most=most)
    return [ActionRow(*row) for row in found]  # type: ignore[arg-type]


def action_of(reader: Reader, account_id: int, account_entry_id: int) -> ActionRow | None:
    """The action that an account entry charges for, or None."""
    row = reader.row(ACTION_OF, account_id=account_id, account_entry_id=account_entry_id)
    return None if row is None else ActionRow(*row)  # type: ignore[arg-type]


def newest(reader: Reader, first: int, last: int, most: int) -> list[ActionRow]:
    """The last actions of a range of accounts that were no end, the newest first."""
    found = reader.rows(NEWEST, first=first, last=last, most=most)
    return [ActionRow(*row) for row in found]  # type: ignore[arg-type]


_PAUSE = {
    name: Kind.TEXT if name in ("source", "reason_code", "reason") else Kind.INT
    for name in PauseRow._fields
}


def pauses(reader: Reader, account_id: Ints) -> list[PauseRow]:
    """The pauses of these accounts, and maybe of some between them, in order of recording."""
    found = chosen(reader, PAUSES, _PAUSE, account_id)
    columns = (_listed(one) for one in found.values())
    return [PauseRow(*row) for row in zip(*columns, strict=True)]


def _listed(column: Column) -> Any:
    return column.tolist() if isinstance(column, np.ndarray) else column.to_pylist()


def add_pause(session: Session, row: PauseRow) -> None:
    """Adds a pause, or another version of it."""
    session.run(ADD_PAUSE, **row._asdict())


def add_revision(
    session: Session, provider_id: int, policy: str, revision: int, definition: str, now: int
) -> None:
    """Keeps a policy as it is from now on."""
    session.run(
        ADD_REVISION,
        provider_id=provider_id,
        policy=policy,
        revision=revision,
        definition=definition,
        recorded_at=now,
    )


def revision(reader: Reader, provider_id: int, policy: str, revision: int) -> str:
    """A policy as it was; '': there is no such revision."""
    row = reader.row(REVISION, provider_id=provider_id, policy=policy, revision=revision)
    return str(row[0]) if row else ""


def owners(reader: Reader) -> list[int]:
    """The providers that dun."""
    return [int(number) for (number,) in reader.rows(OWNERS)]


def customer_kinds(reader: Reader, account_id: Ints) -> Columns:
    """account_id and kind of the customer of these accounts, and maybe of some between them."""
    kinds = {"account_id": Kind.INT, "kind": Kind.TEXT}
    return chosen(reader, CUSTOMER_KINDS, kinds, account_id)


def wrong(reader: Reader, sql: str, first: int, last: int, most: int, **more: int) -> Sequence[Row]:
    """The rows of a statement that looks for what is broken of a range of accounts."""
    return reader.rows(sql, first=first, last=last, most=most, **more)
