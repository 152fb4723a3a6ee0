"""Correction cases: their rows, events, findings, proposals and corrections."""

from collections.abc import Sequence
from typing import NamedTuple

from billcore.core.store.listed import lists
from billcore.core.store.port import Reader, Session


class CaseRow(NamedTuple):
    """A row of `correction_case`, without its provider."""

    case_no: int
    kind: int
    account_id: int
    channel: str
    state: int
    events: int
    round: int
    reopened: int
    held_item: int
    waits_until: int
    letter: str
    registered_at: int
    limit_at: int
    due_at: int
    paused_at: int
    stopped_at: int
    warned: int
    changed_at: int
    client_id: int
    actor: str


class EventRow(NamedTuple):
    """A row of `case_event`, without its case."""

    event_no: int
    from_state: int
    to_state: int
    reason: str
    client_id: int
    actor: str
    recorded_at: int


class FindingRow(NamedTuple):
    """A row of `case_finding`, without its case."""

    finding_no: int
    outcome: int
    waits_until: int
    facts: str
    recorded_at: int


class ProposalRow(NamedTuple):
    """A row of `case_proposal`, without its case."""

    proposal_no: int
    plan: str
    amount: int
    correct_from: int
    reason_code: str
    refund: int
    provisional: int
    client_id: int
    actor: str
    recorded_at: int
    approver_id: int = 0
    approver: str = ""
    approved_at: int = 0


class CorrectionRow(NamedTuple):
    """A row of `case_correction`, without its case; ids are 0 where the step has none."""

    correction_no: int
    proposal_no: int
    kind: int
    account_id: int
    account_entry_id: int = 0
    other_account_id: int = 0
    other_entry_id: int = 0
    amount: int = 0
    payment_id: int = 0
    move_no: int = 0
    correction_id: int = 0
    bill_id: int = 0
    rebill_id: int = 0
    code_before: int = 0
    code_after: int = 0
    recorded_at: int = 0
    undone_at: int = 0
    undone_entry_id: int = 0
    undone_correction_id: int = 0


def insert_of(table: str, row: type, keys: tuple[str, ...]) -> str:
    names = (*keys, *row._fields)  # type: ignore[attr-defined]
    values = ", ".join(f":{name}" for name in names)
    return f"INSERT INTO {table} ({', '.join(names)}) VALUES ({values})"  # noqa: S608 - our own words


def select_of(table: str, row: type) -> str:
    names = ", ".join(row._fields)  # type: ignore[attr-defined]
    return f"SELECT {names} FROM {table} WHERE provider_id = :provider_id"  # noqa: S608 - our own words


_CASE = ("provider_id", "case_no")
_CASES = select_of("correction_case", CaseRow)

ADD = insert_of("correction_case", CaseRow, ("provider_id",))
ONE = f"{_CASES} AND case_no = :case_no"

LOCK = """UPDATE correction_case SET events = events
WHERE provider_id = :provider_id AND case_no = :case_no"""

_CHANGED = tuple(name for name in CaseRow._fields if name not in ("case_no", "registered_at"))
CHANGE = f"""UPDATE correction_case SET {", ".join(f"{one} = :{one}" for one in _CHANGED)}
WHERE provider_id = :provider_id AND case_no = :case_no"""  # noqa: S608 - our own words

LISTED = f"""{_CASES} AND case_no > :after
AND (:state = 0 OR state = :state) AND (:kind = 0 OR kind = :kind)
AND (:account_id = 0 OR account_id = :account_id)
AND (:overdue = 0 OR stopped_at = 0 AND paused_at = 0 AND due_at < :overdue
    OR stopped_at = 0 AND paused_at > due_at)
ORDER BY case_no LIMIT :most"""

OF_STATES = f"{_CASES} AND state IN (:states) AND case_no > :after ORDER BY case_no LIMIT :most"

OF_ACCOUNT = f"""SELECT {", ".join(CaseRow._fields)} FROM correction_case
WHERE account_id = :account_id AND state IN (:states)
ORDER BY case_no DESC LIMIT :most"""  # noqa: S608 - our own words

PROVIDERS = "SELECT DISTINCT provider_id FROM correction_case ORDER BY provider_id"

COUNTS = """SELECT state, COUNT(*), COALESCE(SUM(CASE WHEN stopped_at = 0 AND paused_at = 0
AND due_at < :now THEN 1 ELSE 0 END), 0), COALESCE(MIN(registered_at), 0)
FROM correction_case GROUP BY state"""

ADD_EVENT = insert_of("case_event", EventRow, _CASE)
EVENTS = f"{select_of('case_event', EventRow)} AND case_no = :case_no ORDER BY event_no"

ADD_FINDING = insert_of("case_finding", FindingRow, _CASE)
FINDINGS = f"{select_of('case_finding', FindingRow)} AND case_no = :case_no ORDER BY finding_no"

ADD_PROPOSAL = insert_of("case_proposal", ProposalRow, _CASE)
PROPOSALS = f"{select_of('case_proposal', ProposalRow)} AND case_no = :case_no ORDER BY proposal_no"
APPROVE = """UPDATE case_proposal SET approver_id = :approver_id, approver = :approver,
approved_at = :approved_at WHERE provider_id = :provider_id AND case_no = :case_no
AND proposal_no = :proposal_no"""

ADD_CORRECTION = insert_of("case_correction", CorrectionRow, _CASE)
CORRECTIONS = f"""{select_of("case_correction", CorrectionRow)} AND case_no = :case_no
ORDER BY correction_no"""
UNDO = """UPDATE case_correction SET undone_at = :undone_at, undone_entry_id = :undone_entry_id,
undone_correction_id = :undone_correction_id
WHERE provider_id = :provider_id AND case_no = :case_no AND correction_no = :correction_no"""

Key = tuple[int, int]
"""(provider, number of the case)."""


def key_of(key: Key) -> dict[str, int]:
    return {"provider_id": key[0], "case_no": key[1]}


def add(session: Session, provider_id: int, row: CaseRow) -> None:
    """Adds a case."""
    session.run(ADD, provider_id=provider_id, **row._asdict())


def one(reader: Reader, key: Key) -> CaseRow | None:
    """A case, or None."""
    found = reader.row(ONE, **key_of(key))
    return None if found is None else CaseRow(*found)  # type: ignore[arg-type]


def lock(session: Session, key: Key) -> None:
    """Lets one transaction at a time change a case; what follows sees what others did."""
    session.run(LOCK, **key_of(key))


def change(session: Session, provider_id: int, row: CaseRow) -> None:
    """Writes a case that is locked."""
    values = row._asdict()
    del values["registered_at"]
    session.run(CHANGE, provider_id=provider_id, **values)


class Wanted(NamedTuple):
    """Which cases are listed; 0: any. overdue: at that time."""

    state: int = 0
    kind: int = 0
    account_id: int = 0
    overdue: int = 0


def listed(
    reader: Reader, provider_id: int, wanted: Wanted, after: int, most: int
) -> list[CaseRow]:
    """Cases behind one, by number."""
    values = {"provider_id": provider_id, "after": after, "most": most}
    found = reader.rows(LISTED, **values, **wanted._asdict())
    return [CaseRow(*row) for row in found]  # type: ignore[arg-type]


def of_states(
    reader: Reader, provider_id: int, states: Sequence[int], after: int, most: int
) -> list[CaseRow]:
    """Cases in one of some states behind one, by number."""
    values = {"provider_id": provider_id, "after": after, "most": most}
    return [
        CaseRow(*row)  # type: ignore[arg-type]
        for sql, states_of in lists(OF_STATES, ":states", states)
        for row in reader.rows(sql, **values, **states_of)
    ]


def of_account(reader: Reader, account_id: int, states: Sequence[int], most: int) -> list[CaseRow]:
    """An account's cases in one of some states, the newest first."""
    ((sql, states_of),) = lists(OF_ACCOUNT, ":states", states)
    found = reader.rows(sql, account_id=account_id, most=most, **states_of)
    return [CaseRow(*row) for row in found]  # type: ignore[arg-type]


def providers(reader: Reader) -> list[int]:
    """The providers that have cases."""
    return [int(number) for (number,) in reader.rows(PROVIDERS)]


def counts(reader: Reader, now: int) -> list[tuple[int, int, int, int]]:
    """(state, cases, how many of them are overdue, when the first was registered)."""
    return [(int(a), int(b), int(c), int(d)) for a, b, c, d in reader.rows(COUNTS, now=now)]


def add_event(session: Session, key: Key, row: EventRow) -> None:
    """Adds an event."""
    session.run(ADD_EVENT, **key_of(key), **row._asdict())


def events(reader: Reader, key: Key) -> list[EventRow]:
    """The events of a case, in order."""
    return [EventRow(*row) for row in reader.rows(EVENTS, **key_of(key))]  # type: ignore[arg-type]


def add_finding(session: Session, key: Key, row: FindingRow) -> None:
    """Adds a finding."""
    session.run(ADD_FINDING, **key_of(key), **row._asdict())


def findings(reader: Reader, key: Key) -> list[FindingRow]:
    """The findings of a case, in order."""
    found = reader.rows(FINDINGS, **key_of(key))
    return [FindingRow(*row) for row in found]  # type: ignore[arg-type]


def add_proposal(session: Session, key: Key, row: ProposalRow) -> None:
    """Adds a proposal."""
    session.run(ADD_PROPOSAL, **key_of(key), **row._asdict())


def proposals(reader: Reader, key: Key) -> list[ProposalRow]:
    """The proposals of a case, in order."""
    found = reader.rows(PROPOSALS, **key_of(key))
    return [ProposalRow(*row) for row in found]  # type: ignore[arg-type]


def approve(session: Session, key: Key, row: ProposalRow) -> None:
    """Writes who approved a proposal."""
    told = {"approver_id": row.approver_id, "approved_at": row.approved_at}
    session.run(APPROVE, **key_of(key), proposal_no=row.proposal_no, approver=row.approver, **told)


def add_correction(session: Session, key: Key, row: CorrectionRow) -> None:
    """Adds what was posted of a step."""
    session.run(ADD_CORRECTION, **key_of(key), **row._asdict())


def corrections(reader: Reader, key: Key) -> list[CorrectionRow]:
    """What was posted of a case, in order, with what was undone."""
    found = reader.rows(CORRECTIONS, **key_of(key))
    return [CorrectionRow(*row) for row in found]  # type: ignore[arg-type]


def undo(session: Session, key: Key, row: CorrectionRow) -> None:
    """Writes that a step was undone, and by what."""
    session.run(
        UNDO,
        **key_of(key),
        correction_no=row.correction_no,
        undone_at=row.undone_at,
        undone_entry_id=row.undone_entry_id,
        undone_correction_id=row.undone_correction_id,
    )
