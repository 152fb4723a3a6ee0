"""Agents: their cash, row by row and in all, and their shifts."""

from typing import NamedTuple

from billcore.core.store.port import Columns, Reader, Session, Value

_AGENT = """SELECT channel_no, name, float_limit, commission_fixed, commission_per_10000, held,
shift_no, is_open, revision, recorded_at FROM agent WHERE provider_id = :provider_id"""

AGENT = f"{_AGENT} AND channel_no = :channel_no"

AGENTS = f"{_AGENT} AND channel_no > :after ORDER BY channel_no LIMIT :most"

ADD = """INSERT INTO agent (provider_id, channel_no, name, float_limit, commission_fixed,
commission_per_10000, held, shift_no, is_open, revision, recorded_at)
VALUES (:provider_id, :channel_no, :name, :float_limit, :commission_fixed,
:commission_per_10000, :held, :shift_no, :is_open, :revision, :recorded_at)
ON CONFLICT DO NOTHING"""

CHANGE = """UPDATE agent SET name = :name, float_limit = :float_limit,
commission_fixed = :commission_fixed, commission_per_10000 = :commission_per_10000,
revision = revision + 1, recorded_at = :recorded_at
WHERE provider_id = :provider_id AND channel_no = :channel_no AND revision = :revision"""

HOLD = """UPDATE agent SET held = held WHERE provider_id = :provider_id
AND channel_no = :channel_no"""

TAKE = """UPDATE agent SET held = held + :amount WHERE provider_id = :provider_id
AND channel_no = :channel_no"""

TURN = """UPDATE agent SET shift_no = :shift_no, is_open = :is_open
WHERE provider_id = :provider_id AND channel_no = :channel_no"""

_SHIFT = """SELECT shift_no, opened_at, opened_by, closed_at, closed_by, expected, counted
FROM agent_shift WHERE provider_id = :provider_id AND channel_no = :channel_no"""

SHIFT = f"{_SHIFT} AND shift_no = :shift_no"

SHIFTS = f"{_SHIFT} AND shift_no > :after ORDER BY shift_no LIMIT :most"

ADD_SHIFT = """INSERT INTO agent_shift (provider_id, channel_no, shift_no, opened_at, opened_by,
closed_at, closed_by, expected, counted)
VALUES (:provider_id, :channel_no, :shift_no, :opened_at, :opened_by,
:closed_at, :closed_by, :expected, :counted)"""

CLOSE_SHIFT = """UPDATE agent_shift SET closed_at = :closed_at, closed_by = :closed_by,
expected = :expected, counted = :counted WHERE provider_id = :provider_id
AND channel_no = :channel_no AND shift_no = :shift_no"""

SUMS = """SELECT kind, COUNT(*), CAST(SUM(amount) AS BIGINT), CAST(SUM(commission) AS BIGINT)
FROM agent_cash WHERE provider_id = :provider_id AND channel_no = :channel_no
AND shift_no = :shift_no GROUP BY kind ORDER BY kind"""

COMMISSION = """SELECT commission FROM agent_cash WHERE provider_id = :provider_id
AND channel_no = :channel_no AND kind = :kind AND reference = :reference"""


class AgentRow(NamedTuple):
    """A row of `agent`, without its provider."""

    channel_no: int
    name: str
    float_limit: int
    commission_fixed: int
    commission_per_10000: int
    held: int
    shift_no: int
    is_open: int
    revision: int
    recorded_at: int


class ShiftRow(NamedTuple):
    """A row of `agent_shift`, without its agent."""

    shift_no: int
    opened_at: int
    opened_by: int
    closed_at: int
    closed_by: int
    expected: int
    counted: int


class CashSum(NamedTuple):
    """What of one kind moved the float in a shift."""

    kind: int
    times: int
    amount: int
    commission: int


def agent(reader: Reader, provider_id: int, channel_no: int) -> AgentRow | None:
    """An agent by its channel, or None."""
    row = reader.row(AGENT, provider_id=provider_id, channel_no=channel_no)
    return AgentRow(*row) if row else None  # type: ignore[arg-type]


def held_agent(session: Session, provider_id: int, channel_no: int) -> AgentRow | None:
    """As `agent`; nobody else changes it until this transaction has ended."""
    session.run(HOLD, provider_id=provider_id, channel_no=channel_no)
    return agent(session, provider_id, channel_no)


def agents(reader: Reader, provider_id: int, after: int, most: int) -> list[AgentRow]:
    """The agents behind a number of a channel, in order."""
    found = reader.rows(AGENTS, provider_id=provider_id, after=after, most=most)
    return [AgentRow(*row) for row in found]  # type: ignore[arg-type]


def add(session: Session, provider_id: int, row: AgentRow) -> bool:
    """Whether the agent is new; waits for a transaction that has it."""
    return session.run(ADD, provider_id=provider_id, **row._asdict()) == 1


def change(session: Session, provider_id: int, row: AgentRow) -> bool:
    """Writes what may change, if the agent still has this revision."""
    values = row._asdict()
    for fixed in ("held", "shift_no", "is_open"):
        del values[fixed]
    return session.run(CHANGE, provider_id=provider_id, **values) == 1


def take(session: Session, provider_id: int, channel_no: int, amount: int) -> None:
    """What the agent holds is more by an amount."""
    session.run(TAKE, provider_id=provider_id, channel_no=channel_no, amount=amount)


def add_cash(session: Session, columns: Columns) -> None:
    """Rows of `agent_cash`; StoreConflict when one is there."""
    session.insert("agent_cash", columns)


def commission(reader: Reader, provider_id: int, channel_no: int, kind: int, reference: str) -> int:
    """What the agent earned by one movement; 0: nothing, or there is none."""
    values: dict[str, Value] = {"kind": kind, "reference": reference}
    key: dict[str, Value] = {"provider_id": provider_id, "channel_no": channel_no}
    row = reader.row(COMMISSION, **values, **key)
    return int(row[0]) if row else 0


# -- shifts


def turn(session: Session, provider_id: int, channel_no: int, shift_no: int, is_open: int) -> None:
    """Which shift is open, or will be next."""
    values = {"shift_no": shift_no, "is_open": is_open}
    session.run(TURN, provider_id=provider_id, channel_no=channel_no, **values)


def shift(reader: Reader, provider_id: int, channel_no: int, shift_no: int) -> ShiftRow | None:
    """A shift, or None."""
    key = {"provider_id": provider_id, "channel_no": channel_no, "shift_no": shift_no}
    row = reader.row(SHIFT, **key)
    return ShiftRow(*row) if row else None  # type: ignore[arg-type]


def shifts(
    reader: Reader, provider_id: int, channel_no: int, after: int, most: int
) -> list[ShiftRow]:
    """The shifts of an agent behind a number, in order."""
    key = {"provider_id": provider_id, "channel_no": channel_no}
    found = reader.rows(SHIFTS, **key, after=after, most=most)
    return [ShiftRow(*row) for row in found]  # type: ignore[arg-type]


def add_shift(session: Session, provider_id: int, channel_no: int, row: ShiftRow) -> None:
    """Inserts a shift."""
    session.run(ADD_SHIFT, provider_id=provider_id, channel_no=channel_no, **row._asdict())


def close_shift(session: Session, provider_id: int, channel_no: int, row: ShiftRow) -> None:
    """Writes how a shift was closed."""
    values = row._asdict()
    del values["opened_at"], values["opened_by"]
    session.run(CLOSE_SHIFT, provider_id=provider_id, channel_no=channel_no, **values)


def sums(reader: Reader, provider_id: int, channel_no: int, shift_no: int) -> list[CashSum]:
    """What moved the float in a shift, by kind."""
    key = {"provider_id": provider_id, "channel_no": channel_no, "shift_no": shift_no}
    return [CashSum(*row) for row in reader.rows(SUMS, **key)]  # type: ignore[arg-type]


# -- what verify looks at

FLOATS = """SELECT a.channel_no, c.channel, a.held, CAST(COALESCE((
    SELECT SUM(m.amount) FROM agent_cash m
    WHERE m.provider_id = a.provider_id AND m.channel_no = a.channel_no), 0) AS BIGINT),
CAST(COALESCE((
    SELECT SUM(m.commission) FROM agent_cash m
    WHERE m.provider_id = a.provider_id AND m.channel_no = a.channel_no), 0) AS BIGINT)
FROM agent a JOIN channel c ON c.channel_no = a.channel_no
AND (c.provider_id = 0 OR c.provider_id = a.provider_id)
WHERE a.provider_id = :provider_id ORDER BY a.channel_no"""

CLOSED_WRONG = """SELECT s.channel_no, s.shift_no, CAST(COALESCE(SUM(m.amount), 0) AS BIGINT)
FROM agent_shift s LEFT JOIN agent_cash m ON m.provider_id = s.provider_id
AND m.channel_no = s.channel_no AND m.shift_no = s.shift_no
WHERE s.provider_id = :provider_id AND s.closed_at <> 0
GROUP BY s.channel_no, s.shift_no HAVING COALESCE(SUM(m.amount), 0) <> 0
ORDER BY s.channel_no, s.shift_no LIMIT :most"""

PAID_WRONG = """SELECT m.channel_no, m.reference FROM agent_cash m
LEFT JOIN payment_order o ON o.provider_id = m.provider_id AND o.channel_no = m.channel_no
AND o.reference = m.reference AND o.amount = m.amount
WHERE m.provider_id = :provider_id AND m.kind = :kind AND o.payment_id IS NULL
ORDER BY m.channel_no, m.reference LIMIT :most"""


class FloatRow(NamedTuple):
    """An agent's float: what its row has, and what its movements sum to."""

    channel_no: int
    channel: str
    held: int
    moved: int
    earned: int


def floats(reader: Reader, provider_id: int) -> list[FloatRow]:
    """Every agent's float, by number of its channel."""
    found = reader.rows(FLOATS, provider_id=provider_id)
    return [FloatRow(*row) for row in found]  # type: ignore[arg-type]


def closed_wrong(reader: Reader, provider_id: int, most: int) -> list[tuple[int, int, int]]:
    """(channel_no, shift_no, amount) of closed shifts that left something in the float."""
    rows = reader.rows(CLOSED_WRONG, provider_id=provider_id, most=most)
    return [(int(channel), int(shift_no), int(left)) for channel, shift_no, left in rows]


def paid_wrong(reader: Reader, provider_id: int, kind: int, most: int) -> list[tuple[int, str]]:
    """(channel_no, reference) of payments into a float that are in no order of that amount."""
    rows = reader.rows(PAID_WRONG, provider_id=provider_id, kind=kind, most=most)
    return [(int(channel), str(reference)) for channel, reference in rows]
