"""Runs: their steps, chunks, packed results, exceptions and decisions."""

from typing import NamedTuple

from billcore.core.store.port import Columns, Reader, Session

_RUN = "provider_id = :provider_id AND run_id = :run_id"

ADD = """INSERT INTO run (provider_id, run_id, simulated, orders, client_id, recorded_at)
VALUES (:provider_id, :run_id, :simulated, :orders, :client_id, :recorded_at)"""

FIND = f"""SELECT run_id, simulated, orders, client_id, recorded_at
FROM run WHERE {_RUN}"""  # noqa: S608 - our own words

LISTED = """SELECT run_id, simulated, orders, client_id, recorded_at FROM run
WHERE provider_id = :provider_id AND run_id < :before ORDER BY run_id DESC LIMIT :most"""

STEPS = f"""SELECT step_no, state, client_id, actor, reason, recorded_at FROM run_step
WHERE {_RUN} ORDER BY step_no"""  # noqa: S608 - our own words

LAST_STATES = """SELECT run_id, state FROM run_step s WHERE provider_id = :provider_id
AND step_no = (SELECT MAX(step_no) FROM run_step t
    WHERE t.provider_id = s.provider_id AND t.run_id = s.run_id)"""

ADD_STEP = """INSERT INTO run_step
(provider_id, run_id, step_no, state, client_id, actor, reason, recorded_at)
VALUES (:provider_id, :run_id, :step_no, :state, :client_id, :actor, :reason, :recorded_at)
ON CONFLICT DO NOTHING"""

PASSES = f"""SELECT phase, pass, until_day, client_id, actor, reason, recorded_at FROM run_pass
WHERE {_RUN} ORDER BY recorded_at, phase, pass"""  # noqa: S608 - our own words

ADD_BEGUN = """INSERT INTO run_pass
(provider_id, run_id, phase, pass, until_day, client_id, actor, reason, recorded_at)
VALUES (:provider_id, :run_id, :phase, :pass, :until_day, :client_id, :actor, :reason,
:recorded_at)"""

CLAIM = """INSERT INTO run_chunk (provider_id, run_id, phase, pass, chunk, first_account,
last_account, bills, held, refused, total, digest, entry_id, micros, recorded_at)
VALUES (:provider_id, :run_id, :phase, :pass, :chunk, :first_account, :last_account,
0, 0, 0, 0, :digest, 0, 0, :recorded_at) ON CONFLICT DO NOTHING"""

FINISH = """UPDATE run_chunk SET bills = :bills, held = :held, refused = :refused, total = :total,
digest = :digest, entry_id = :entry_id, micros = :micros, recorded_at = :recorded_at
WHERE provider_id = :provider_id AND run_id = :run_id AND phase = :phase AND pass = :pass
AND chunk = :chunk"""

CHUNKS = f"""SELECT phase, pass, chunk, first_account, last_account, bills, held, refused, total,
digest, entry_id, micros, recorded_at FROM run_chunk
WHERE {_RUN} ORDER BY phase, pass, chunk"""  # noqa: S608 - our own words

ADD_RESULT = """INSERT INTO run_result (provider_id, run_id, pass, chunk, content)
VALUES (:provider_id, :run_id, :pass, :chunk, :content)"""

RESULT = f"""SELECT content FROM run_result
WHERE {_RUN} AND pass = :pass AND chunk = :chunk"""  # noqa: S608 - our own words

DROP_RESULTS = f"DELETE FROM run_result WHERE {_RUN}"  # noqa: S608 - our own words

EXCEPTIONS = f"""SELECT account_id, pass, outcome, agreement_no, rule, message, total
FROM run_exception e WHERE {_RUN} AND account_id > :after AND account_id <= :last
AND outcome < 2 AND pass = (SELECT MAX(pass) FROM run_exception f
    WHERE f.provider_id = e.provider_id AND f.run_id = e.run_id AND f.account_id = e.account_id)
ORDER BY account_id LIMIT :most"""  # noqa: S608 - our own words

_LAST = """pass = (SELECT MAX(pass) FROM run_exception f
    WHERE f.provider_id = e.provider_id AND f.run_id = e.run_id AND f.account_id = e.account_id)"""

OF_OUTCOME = f"""SELECT account_id, pass, outcome, agreement_no, rule, message, total
FROM run_exception e WHERE {_RUN} AND account_id > :after
AND outcome BETWEEN :least AND :greatest AND {_LAST}
ORDER BY account_id LIMIT :most"""  # noqa: S608 - our own words

OF_RULE = f"""SELECT account_id, pass, outcome, agreement_no, rule, message, total
FROM run_exception e WHERE {_RUN} AND account_id > :after
AND outcome BETWEEN :least AND :greatest AND rule = :rule AND {_LAST}
ORDER BY account_id LIMIT :most"""  # noqa: S608 - our own words

RULES = f"""SELECT outcome, rule, COUNT(*) FROM run_exception e WHERE {_RUN}
AND outcome < 2 AND pass = (SELECT MAX(pass) FROM run_exception f
    WHERE f.provider_id = e.provider_id AND f.run_id = e.run_id AND f.account_id = e.account_id)
GROUP BY outcome, rule ORDER BY outcome, rule"""  # noqa: S608 - our own words

DECISIONS = f"""SELECT account_id, decision_no, held, reason, client_id, actor, recorded_at
FROM run_decision WHERE {_RUN} AND account_id BETWEEN :first AND :last
ORDER BY account_id, decision_no"""  # noqa: S608 - our own words

ADD_DECISION = """INSERT INTO run_decision
(provider_id, run_id, account_id, decision_no, held, reason, client_id, actor, recorded_at)
VALUES (:provider_id, :run_id, :account_id, :decision_no, :held, :reason, :client_id, :actor,
:recorded_at)"""


REFUSED, HELD, BILLED = range(3)
"""What became of an account in a pass, see the migration."""


class Run(NamedTuple):
    """A row of `run`."""

    run_id: int
    simulated: int
    orders: str
    client_id: int
    recorded_at: int


class Step(NamedTuple):
    """A row of `run_step`."""

    step_no: int
    state: int
    client_id: int
    actor: str
    reason: str
    recorded_at: int


class Pass(NamedTuple):
    """A row of `run_pass`."""

    phase: int
    pass_no: int
    until_day: int
    client_id: int
    actor: str
    reason: str
    recorded_at: int


class ChunkKey(NamedTuple):
    """Which chunk; the chunks of a pass count from 0."""

    provider_id: int
    run_id: int
    phase: int
    pass_no: int
    chunk: int

    @property
    def values(self) -> dict[str, int]:
        """As the statements name them."""
        return {
            "provider_id": self.provider_id,
            "run_id": self.run_id,
            "phase": self.phase,
            "pass": self.pass_no,
            "chunk": self.chunk,
        }


class Done(NamedTuple):
    """What became of a chunk. digest: 32 bytes; micros: how long it took."""

    bills: int
    held: int
    refused: int
    total: int
    digest: bytes
    entry_id: int
    micros: int
    recorded_at: int


class Chunk(NamedTuple):
    """A row of `run_chunk`."""

    phase: int
    pass_no: int
    chunk: int
    first_account: int
    last_account: int
    bills: int
    held: int
    refused: int
    total: int
    digest: bytes
    entry_id: int
    micros: int
    recorded_at: int


class ExceptionRow(NamedTuple):
    """An account that the last pass did not bill. outcome: REFUSED or HELD."""

    account_id: int
    pass_no: int
    outcome: int
    agreement_no: int
    rule: str
    message: str
    total: int


class Decision(NamedTuple):
    """A row of `run_decision`."""

    account_id: int
    decision_no: int
    held: int
    reason: str
    client_id: int
    actor: str
    recorded_at: int


def add(session: Session, provider_id: int, run: Run) -> None:
    """A new run."""
    session.run(ADD, provider_id=provider_id, **run._asdict())


def find(reader: Reader, provider_id: int, run_id: int) -> Run | None:
    """A run, or None."""
    row = reader.row(FIND, provider_id=provider_id, run_id=run_id)
    return None if row is None else Run(*row)  # type: ignore[arg-type]


def listed(reader: Reader, provider_id: int, before: int, most: int) -> list[Run]:
    """The runs of a provider with lower ids than `before`, newest first."""
    rows = reader.rows(LISTED, provider_id=provider_id, before=before, most=most)
    return [Run(*row) for row in rows]  # type: ignore[arg-type]


def steps(reader: Reader, provider_id: int, run_id: int) -> list[Step]:
    """What happened to a run, in order."""
    rows = reader.rows(STEPS, provider_id=provider_id, run_id=run_id)
    return [Step(*row) for row in rows]  # type: ignore[arg-type]


def states(reader: Reader, provider_id: int) -> dict[int, int]:
    """The state of every run of a provider."""
    rows = reader.rows(LAST_STATES, provider_id=provider_id)
    return {int(run_id): int(state) for run_id, state in rows}


def add_step(session: Session, provider_id: int, run_id: int, step: Step) -> bool:
    """Whether the step is new; waits for a transaction that adds it."""
    return session.run(ADD_STEP, provider_id=provider_id, run_id=run_id, **step._asdict()) == 1


def passes(reader: Reader, provider_id: int, run_id: int) -> list[Pass]:
    """What was begun of a run, in order."""
    rows = reader.rows(PASSES, provider_id=provider_id, run_id=run_id)
    return [Pass(*row) for row in rows]  # type: ignore[arg-type]


def add_pass(session: Session, provider_id: int, run_id: int, begun: Pass) -> None:
    """A pass is begun; StoreConflict when it was."""
    values = begun._asdict()
    values["pass"] = values.pop("pass_no")
    session.run(ADD_BEGUN, provider_id=provider_id, run_id=run_id, **values)


def claim(session: Session, key: ChunkKey, accounts: tuple[int, int], now: int) -> bool:
    """Whether the chunk is still to do; waits for a transaction that does it."""
    first, last = accounts
    done = session.run(
        CLAIM, **key.values, first_account=first, last_account=last, digest=b"", recorded_at=now
    )
    return done == 1


def finish(session: Session, key: ChunkKey, done: Done) -> None:
    """Keeps what became of a claimed chunk."""
    session.run(FINISH, **key.values, **done._asdict())


def chunks(reader: Reader, provider_id: int, run_id: int) -> list[Chunk]:
    """The chunks that are done, by phase, pass and number."""
    rows = reader.rows(CHUNKS, provider_id=provider_id, run_id=run_id)
    return [Chunk(*row) for row in rows]  # type: ignore[arg-type]


def add_result(session: Session, key: ChunkKey, content: bytes) -> None:
    """Keeps what a chunk of the rate phase made."""
    values = key.values
    del values["phase"]
    session.run(ADD_RESULT, **values, content=content)


def result(reader: Reader, key: ChunkKey) -> bytes | None:
    """What a chunk of the rate phase made, or None."""
    values = key.values
    del values["phase"]
    row = reader.row(RESULT, **values)
    return None if row is None else bytes(row[0])  # type: ignore[arg-type]


def drop_results(session: Session, provider_id: int, run_id: int) -> None:
    """Forgets what the rate phase made."""
    session.run(DROP_RESULTS, provider_id=provider_id, run_id=run_id)


def add_exceptions(session: Session, columns: Columns) -> None:
    """Rows of `run_exception`."""
    session.insert("run_exception", columns)


def exceptions(
    reader: Reader, provider_id: int, run_id: int, accounts: tuple[int, int], most: int
) -> list[ExceptionRow]:
    """The exceptions of the last pass of each account behind the first up to the last, in order."""
    after, last = accounts
    rows = reader.rows(
        EXCEPTIONS, provider_id=provider_id, run_id=run_id, after=after, last=last, most=most
    )
    return [ExceptionRow(*row) for row in rows]  # type: ignore[arg-type]


class Wanted(NamedTuple):
    """Which exceptions. least, greatest: their outcomes; rule "": of every rule."""

    least: int = REFUSED
    greatest: int = HELD
    rule: str = ""


def filtered(
    reader: Reader, provider_id: int, run_id: int, wanted: Wanted, after: int, most: int
) -> list[ExceptionRow]:
    """As `exceptions`, those that are wanted, behind an account."""
    values = {"provider_id": provider_id, "run_id": run_id, "after": after, "most": most}
    outcomes = {"least": wanted.least, "greatest": wanted.greatest}
    if wanted.rule:
        rows = reader.rows(OF_RULE, **values, **outcomes, rule=wanted.rule)
    else:
        rows = reader.rows(OF_OUTCOME, **values, **outcomes)
    return [ExceptionRow(*row) for row in rows]  # type: ignore[arg-type]


def rules(reader: Reader, provider_id: int, run_id: int) -> list[tuple[int, str, int]]:
    """(outcome, rule, how many accounts) of the exceptions."""
    rows = reader.rows(RULES, provider_id=provider_id, run_id=run_id)
    return [(int(outcome), str(rule), int(count)) for outcome, rule, count in rows]


def decisions(
    reader: Reader, provider_id: int, run_id: int, accounts: tuple[int, int]
) -> list[Decision]:
    """The decisions on accounts first..last, in order."""
    first, last = accounts
    rows = reader.rows(DECISIONS, provider_id=provider_id, run_id=run_id, first=first, last=last)
    return [Decision(*row) for row in rows]  # type: ignore[arg-type]


def add_decision(session: Session, provider_id: int, run_id: int, decision: Decision) -> None:
    """A new decision; StoreConflict when its number is taken."""
    session.run(ADD_DECISION, provider_id=provider_id, run_id=run_id, **decision._asdict())
