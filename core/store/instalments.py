"""Plans of instalments: what they cover, their parts, their steps."""

from collections.abc import Sequence
from typing import NamedTuple

from billcore.core.ids import COUNT_BITS
from billcore.core.store.chosen import chosen
from billcore.core.store.port import Ints, Kind, Reader, Row, Session

_LAST = """JOIN instalment_step s ON s.account_id = p.account_id AND s.plan_no = p.plan_no
AND s.step_no = (SELECT MAX(o.step_no) FROM instalment_step o
    WHERE o.account_id = p.account_id AND o.plan_no = p.plan_no)"""

PLANS = f"""SELECT p.account_id, p.plan_no, p.total, p.client_id, p.actor, p.recorded_at,
s.step_no, s.state FROM instalment_plan p {_LAST}
WHERE p.account_id BETWEEN :first AND :last ORDER BY p.account_id, p.plan_no"""  # noqa: S608 - our own words

LIVE = f"""SELECT p.account_id, p.plan_no FROM instalment_plan p {_LAST}
WHERE p.account_id BETWEEN :first AND :last AND s.state IN (2, 3)
ORDER BY p.account_id, p.plan_no"""  # noqa: S608 - our own join

OWNERS = """SELECT DISTINCT account_id / CAST(:accounts AS BIGINT) AS provider_id
FROM instalment_plan ORDER BY provider_id"""

PLANNED = """SELECT account_id FROM instalment_plan WHERE account_id :chosen
GROUP BY account_id ORDER BY account_id"""

ITEMS = """SELECT item_id, is_bill, amount FROM instalment_item
WHERE account_id = :account_id AND plan_no = :plan_no ORDER BY item_id"""

INSTALMENTS = """SELECT instalment_no, due_day, amount FROM instalment
WHERE account_id = :account_id AND plan_no = :plan_no ORDER BY instalment_no"""

STEPS = """SELECT step_no, state, day, client_id, actor, reason, recorded_at FROM instalment_step
WHERE account_id = :account_id AND plan_no = :plan_no ORDER BY step_no"""

ADD_PLAN = """INSERT INTO instalment_plan (account_id, plan_no, total, client_id, actor,
recorded_at) VALUES (:account_id, :plan_no, :total, :client_id, :actor, :recorded_at)"""

ADD_ITEM = """INSERT INTO instalment_item (account_id, plan_no, item_id, is_bill, amount)
VALUES (:account_id, :plan_no, :item_id, :is_bill, :amount)"""

ADD_INSTALMENT = """INSERT INTO instalment (account_id, plan_no, instalment_no, due_day, amount)
VALUES (:account_id, :plan_no, :instalment_no, :due_day, :amount)"""

ADD_STEP = """INSERT INTO instalment_step (account_id, plan_no, step_no, state, day, client_id,
actor, reason, recorded_at) VALUES (:account_id, :plan_no, :step_no, :state, :day, :client_id,
:actor, :reason, :recorded_at)"""

WRONG_TOTALS = """SELECT p.account_id, p.plan_no FROM instalment_plan p
WHERE p.account_id BETWEEN :first AND :last AND (
    p.total <> COALESCE((SELECT SUM(i.amount) FROM instalment_item i
        WHERE i.account_id = p.account_id AND i.plan_no = p.plan_no), 0)
    OR p.total <> COALESCE((SELECT SUM(n.amount) FROM instalment n
        WHERE n.account_id = p.account_id AND n.plan_no = p.plan_no), 0))
ORDER BY p.account_id, p.plan_no LIMIT :most"""

POSTED = """SELECT e.account_id, e.account_entry_id, e.amount, e.day, e.reverses
FROM account_entry e WHERE e.account_id BETWEEN :first AND :last AND e.kind = :kind"""


class PlanRow(NamedTuple):
    """A row of `instalment_plan`, with its last step."""

    account_id: int
    plan_no: int
    total: int
    client_id: int
    actor: str
    recorded_at: int
    step_no: int
    state: int


class ItemRow(NamedTuple):
    """A row of `instalment_item`, without its plan."""

    item_id: int
    is_bill: int
    amount: int


class InstalmentRow(NamedTuple):
    """A row of `instalment`, without its plan."""

    instalment_no: int
    due_day: int
    amount: int


class StepRow(NamedTuple):
    """A row of `instalment_step`, without its plan."""

    step_no: int
    state: int
    day: int
    client_id: int
    actor: str
    reason: str
    recorded_at: int


def plans(reader: Reader, first: int, last: int) -> list[PlanRow]:
    """The plans of accounts first..last, with their last steps."""
    return [PlanRow(*row) for row in reader.rows(PLANS, first=first, last=last)]  # type: ignore[arg-type]


def live(reader: Reader, first: int, last: int) -> list[tuple[int, int]]:
    """(account, plan) of plans that are active or were paid."""
    found = reader.rows(LIVE, first=first, last=last)
    return [(int(account), int(plan)) for account, plan in found]


def owners(reader: Reader) -> list[int]:
    """The providers whose accounts have plans."""
    found = reader.rows(OWNERS, accounts=1 << COUNT_BITS)
    return [int(number) for (number,) in found]


def planned(reader: Reader, account_id: Ints) -> Ints:
    """Those of these accounts that ever had a plan, and maybe some between them."""
    found: Ints = chosen(reader, PLANNED, {"account_id": Kind.INT}, account_id)["account_id"]
    return found


def items(reader: Reader, account_id: int, plan_no: int) -> list[ItemRow]:
    """What a plan covers."""
    found = reader.rows(ITEMS, account_id=account_id, plan_no=plan_no)
    return [ItemRow(*row) for row in found]  # type: ignore[arg-type]


def instalments(reader: Reader, account_id: int, plan_no: int) -> list[InstalmentRow]:
    """The parts of a plan, in order."""
    found = reader.rows(INSTALMENTS, account_id=account_id, plan_no=plan_no)
    return [InstalmentRow(*row) for row in found]  # type: ignore[arg-type]


def steps(reader: Reader, account_id: int, plan_no: int) -> list[StepRow]:
    """What became of a plan, in order."""
    found = reader.rows(STEPS, account_id=account_id, plan_no=plan_no)
    return [StepRow(*row) for row in found]  # type: ignore[arg-type]


def add_plan(
    session: Session,
    plan: PlanRow,
    covered: Sequence[ItemRow],
    parts: Sequence[InstalmentRow],
) -> None:
    """Adds a plan, without a step."""
    key = {"account_id": plan.account_id, "plan_no": plan.plan_no}
    who = {"client_id": plan.client_id, "recorded_at": plan.recorded_at}
    session.run(ADD_PLAN, **key, **who, total=plan.total, actor=plan.actor)
    for item in covered:
        session.run(ADD_ITEM, **key, **item._asdict())
    for part in parts:
        session.run(ADD_INSTALMENT, **key, **part._asdict())


def add_step(session: Session, account_id: int, plan_no: int, step: StepRow) -> None:
    """Adds a step of a plan."""
    session.run(ADD_STEP, account_id=account_id, plan_no=plan_no, **step._asdict())


def wrong_totals(reader: Reader, first: int, last: int, most: int) -> Sequence[Row]:
    """(account, plan) whose items or instalments do not sum to its total."""
    return reader.rows(WRONG_TOTALS, first=first, last=last, most=most)


def posted(reader: Reader, first: int, last: int, kind: int) -> Sequence[Row]:
    """(account, entry, amount, day, undone entry) of what plans posted."""
    return reader.rows(POSTED, first=first, last=last, kind=kind)
