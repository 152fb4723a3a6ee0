"""A chunk of a phase: one transaction that also records that it is done.

Its first statement claims its row, so that a chunk is done once, whoever tries. What it writes can
be prepared from an earlier snapshot, by another process where only one writes, or by the rate phase
hours ago: `settle` brings it up to what was posted since.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa

from billcore.core.billing.charges.due import Chosen, Window
from billcore.core.billing.charges.tariffs import Tariffs
from billcore.core.billing.corrections.credits import correction_id
from billcore.core.billing.corrections.reversal import reverse_issued
from billcore.core.billing.errors import AccountUnbillable
from billcore.core.billing.issue import EMPTY, Drafts, Issued, issue
from billcore.core.billing.make import Made, Order, in_turn, issue_of, make, month_of_issue
from billcore.core.billing.runs import digest, packed, states
from billcore.core.billing.runs.errors import RunUnknown
from billcore.core.billing.runs.order import RunOrder, parsed
from billcore.core.billing.runs.outsort.case import Held
from billcore.core.billing.runs.outsort.rules import outsorted
from billcore.core.billing.runs.settle import settled
from billcore.core.billing.runs.similar import peers_of
from billcore.core.billing.runs.states import Phase, State
from billcore.core.billing.runs.stragglers import estimate_missing
from billcore.core.rating.batch import Ints
from billcore.core.store import bills as bill_rows
from billcore.core.store import ledger as ledger_rows
from billcore.core.store import providers
from billcore.core.store import runs as rows
from billcore.core.store.port import Reader, Session
from billcore.core.store.providers import Provider

Clock = Callable[[], int]
"""Microseconds since 1970 in UTC."""

BY_HAND = "BY_HAND"
"""The rule of a bill that somebody held."""

MESSAGE_MAX = 500
"""An exception is told in at most this many characters."""


@dataclass(frozen=True, slots=True)
class Task:
    """A chunk to do; it travels to other processes. Chunks and passes count from 0."""

    provider_id: int
    run_id: int
    phase: Phase
    pass_no: int
    chunk: int
    until_day: int
    client_id: int

    @property
    def key(self) -> rows.ChunkKey:
        """Its row."""
        return rows.ChunkKey(self.provider_id, self.run_id, self.phase, self.pass_no, self.chunk)

    @property
    def source(self) -> str:
        """What it posts as, unique per provider."""
        return f"{run_source(self.run_id)}{self.phase.name.lower()}/{self.pass_no}/{self.chunk}"


def run_source(run_id: int) -> str:
    """What the sources of all that a run posts begin with."""
    return f"run/{run_id}/"


@dataclass(frozen=True, slots=True, eq=False)
class Prepared:
    """What a chunk comes to. drafts: with those that are held.

    since: when the newest thing was posted that it was prepared from.
    """

    drafts: Drafts
    held: Mapping[int, Held]
    refused: Mapping[int, AccountUnbillable]
    since: int

    @property
    def standing(self) -> Drafts:
        """The drafts that nobody holds."""
        return self.drafts.take(~np.isin(self.drafts.account_id, _numbers(self.held)))


@dataclass(frozen=True, slots=True, eq=False)
class Work:
    """A task with what it is about."""

    task: Task
    provider: Provider
    run: RunOrder
    simulated: bool

    @property
    def accounts(self) -> tuple[int, int]:
        """The first and last account."""
        return self.run.accounts(self.task.chunk)

    @property
    def estimates(self) -> bool:
        """Whether what lacks is estimated first, see `stragglers`."""
        task = self.task
        later = task.phase is Phase.FREEZE and task.pass_no > 0
        return later and self.run.estimates(task.until_day)

    def order(self, recorded_at: int, chosen: Chosen | None = None) -> Order:
        """What is made of the accounts."""
        first, last = self.accounts
        return Order(
            first=first,
            last=last,
            window=Window(
                self.run.window.first_day, min(self.task.until_day, self.run.last_closing_day)
            ),
            issued_day=self.run.issued_day,
            source=self.task.source,
            client_id=self.task.client_id,
            recorded_at=recorded_at,
            kind=self.run.kind,
            finals=True,
            chosen=chosen or Chosen(self.run.cycle_no),
            proposed=self.run.proposed,
        )


def work_of(reader: Reader, task: Task) -> Work:
    """A task with its run and provider. Raises RunUnknown."""
    found = rows.find(reader, task.provider_id, task.run_id)
    if found is None:
        raise RunUnknown(task.run_id)
    provider = providers.provider(reader, task.provider_id)
    assert provider is not None
    return Work(task, provider, parsed(found.orders), bool(found.simulated))


def prepare(reader: Reader, task: Task) -> Prepared | None:
    """What the chunk comes to; None: that is only known when it is done."""
    work = work_of(reader, task)
    match task.phase:
        case Phase.RATE:
            return _rated(reader, work, Chosen(work.run.cycle_no))
        case Phase.FREEZE if work.estimates:
            return None
        case Phase.FREEZE if task.pass_no or work.run.straight:
            return _rated(reader, work, _chosen(reader, work))
        case Phase.FREEZE:
            return _approved(reader, work)
    return None


def do(
    session: Session, task: Task, clock: Clock, prepared: Prepared | None = None
) -> rows.Done | None:
    """Does a chunk; None: it was done before. prepared: what it comes to, if that is known."""
    begin = clock()
    work = work_of(session, task)
    if not rows.claim(session, task.key, work.accounts, begin):
        return None
    states.turn(session, task.provider_id, task.run_id, alone=False)
    _expect(session, work)
    order = work.order(begin)
    if not work.simulated:  # rating too: what is posted in no earlier turn is posted after `since`
        order = in_turn(session, work.provider, order)
    if task.phase is Phase.REVERSE:
        done = _reverse(session, work, order)
    else:
        ready = _ready(session, work, order, prepared)
        done = (_keep if task.phase is Phase.RATE else _freeze)(session, work, order, ready)
    end = clock()
    done = done._replace(micros=end - begin, recorded_at=end)
    rows.finish(session, task.key, done)
    return done


def _ready(session: Session, work: Work, order: Order, prepared: Prepared | None) -> Prepared:
    """What the chunk comes to now, from what was prepared of it if anything was."""
    if work.estimates:
        return _estimated(session, work, order)
    if prepared is not None:
        return _decided_since(session, work, prepared)
    ready = prepare(session, work.task)
    assert ready is not None, "only what estimates or reverses is not prepared"
    return ready


def _expect(session: Session, work: Work) -> None:
    """The run is in the state that the phase belongs to. Raises RunStateUnfit."""
    task = work.task
    wanted: Sequence[State]
    if task.phase is Phase.RATE:
        act, wanted = "rate", (State.PLANNED,)
    elif task.phase is Phase.REVERSE:
        act, wanted = "reverse", states.ISSUED
    elif task.pass_no:
        act, wanted = "supplement", states.ISSUED
    else:
        act, wanted = "freeze", (State.PLANNED if work.run.straight else State.APPROVED,)
    states.expect(session, task.provider_id, task.run_id, act, wanted)


# -- rated


def _rated(reader: Reader, work: Work, chosen: Chosen) -> Prepared:
    since = ledger_rows.last_recorded(reader, work.task.provider_id)
    made = make(reader, work.provider, work.order(0, chosen))
    return Prepared(made.drafts, _outsorted(reader, work, made), made.refused, since)


def _outsorted(reader: Reader, work: Work, made: Made) -> Mapping[int, Held]:
    """The bills that are held, but for those that somebody released before a later pass."""
    released = _released(reader, work) if work.task.pass_no else set()
    held = outsorted(reader, work.provider, Tariffs(reader, work.run.proposed), made)
    return {account: why for account, why in held.items() if account not in released}


def _estimated(session: Session, work: Work, order: Order) -> Prepared:
    """As `_rated`, with estimates of the readings that lack."""
    chosen = _chosen(session, work)
    peers = peers_of(session, work.task.provider_id, work.task.run_id)
    closing_day = work.run.window.last_day
    whose = replace(order, chosen=chosen)
    impossible = estimate_missing(session, work.provider, whose, closing_day, peers)
    ready = _rated(session, work, chosen)
    refused = {account: impossible.get(account, why) for account, why in ready.refused.items()}
    return replace(ready, refused=refused)


def _chosen(reader: Reader, work: Work) -> Chosen:
    """Of a later pass, the accounts that earlier ones refused or that were released since."""
    if not work.task.pass_no:
        return Chosen(work.run.cycle_no)
    first, last = work.accounts
    run = work.task.provider_id, work.task.run_id
    found = rows.exceptions(reader, *run, (first - 1, last), work.run.chunk_accounts)
    released = _released(reader, work)
    wanted = [e.account_id for e in found if e.outcome == rows.REFUSED or e.account_id in released]
    left = np.setdiff1d(np.array(wanted, dtype=np.int64), _issued(reader, work))
    return Chosen(work.run.cycle_no, left)


def _issued(reader: Reader, work: Work) -> Ints:
    """The accounts that earlier passes billed: some were held and released in time."""
    month = month_of_issue(work.provider, work.run.issued_day)
    run = work.task.provider_id, work.task.run_id
    parts = [
        bill_rows.accounts_of_entry(reader, month, *work.accounts, chunk.entry_id)
        for chunk in rows.chunks(reader, *run)
        if chunk.phase == Phase.FREEZE and chunk.chunk == work.task.chunk and chunk.entry_id
    ]
    return np.concatenate([np.zeros(0, dtype=np.int64), *parts])


def _released(reader: Reader, work: Work) -> set[int]:
    return {account for account, last in _decided(reader, work).items() if not last.held}


def _decided(reader: Reader, work: Work) -> dict[int, rows.Decision]:
    """The last decision on each account."""
    run = work.task.provider_id, work.task.run_id
    return {one.account_id: one for one in rows.decisions(reader, *run, work.accounts)}


def _keep(session: Session, work: Work, order: Order, ready: Prepared) -> rows.Done:
    """Keeps what was rated for whoever approves it; of a simulation, to be compared."""
    rows.add_result(session, work.task.key, packed.packed(ready.drafts, ready.since))
    _except(session, work, ready, {})
    return _told(work, order, ready, ready.standing, 0)


# -- frozen


def _approved(reader: Reader, work: Work) -> Prepared:
    """What was rated and approved."""
    key = work.task.key._replace(phase=Phase.RATE)
    content = rows.result(reader, key)
    assert content is not None, "the rate phase has ended"
    drafts, since = packed.unpacked(content)
    return Prepared(drafts, _held(reader, work), {}, since)


def _decided_since(session: Session, work: Work, ready: Prepared) -> Prepared:
    """What was prepared, with the bills that are held now."""
    if work.task.phase is not Phase.FREEZE or work.task.pass_no or work.run.straight:
        return ready
    return replace(ready, held=_held(session, work))


def _held(reader: Reader, work: Work) -> Mapping[int, Held]:
    """What was held when it was rated, as people have decided since."""
    first, last = work.accounts
    run = work.task.provider_id, work.task.run_id
    found = rows.exceptions(reader, *run, (first - 1, last), work.run.chunk_accounts)
    held = {e.account_id: Held(e.rule, e.message, e.total) for e in found if e.outcome == rows.HELD}
    for account, decision in _decided(reader, work).items():
        if not decision.held:
            held.pop(account, None)
        elif account not in held:
            held[account] = Held(BY_HAND, decision.reason, 0)
    return held


def _freeze(session: Session, work: Work, order: Order, ready: Prepared) -> rows.Done:
    approved = not (work.run.straight or work.task.pass_no)
    known = {a for a, why in ready.held.items() if approved and why.rule != BY_HAND}
    now = settled(
        session,
        work.provider,
        order,
        ready.standing if approved else ready.drafts,
        since=ready.since,
        own=run_source(work.task.run_id),
        approved=approved,
    )
    held = dict(ready.held)
    if now.made is not None and not approved:
        again = set(now.again.tolist())
        held = {account: why for account, why in held.items() if account not in again}
        held |= _outsorted(session, work, now.made)
    ready = replace(ready, drafts=now.drafts, held=held, refused={**ready.refused, **now.refused})
    drafts = ready.standing
    issued = Issued(np.zeros(0, dtype=np.int64), 0)
    if len(drafts):
        issued = issue(session, drafts, issue_of(work.provider, order))
    billed = {int(a) for a in drafts.account_id.tolist()} if work.task.pass_no else set()
    _except(session, work, ready, dict.fromkeys(billed, rows.BILLED), without=known)
    return _told(work, order, ready, drafts, issued.entry_id)


def _reverse(session: Session, work: Work, order: Order) -> rows.Done:
    """Credits what the same chunk of the freeze phase issued, in every pass."""
    run = work.task.provider_id, work.task.run_id
    entries = [
        chunk.entry_id
        for chunk in rows.chunks(session, *run)
        if chunk.phase == Phase.FREEZE and chunk.chunk == work.task.chunk and chunk.entry_id
    ]
    how = issue_of(work.provider, order)
    how = replace(how, issued_day=work.task.until_day, due_day=work.task.until_day)
    bills, total, refused = reverse_issued(session, how, work.accounts, entries, reversal_id(*run))
    _except(session, work, Prepared(EMPTY, {}, refused, 0), {})
    return rows.Done(bills, 0, len(refused), total, digest.EMPTY, 0, 0, 0)


def reversal_id(provider_id: int, run_id: int) -> int:
    """The correction that a reversed run is."""
    return correction_id(provider_id, f"{run_source(run_id)}reverse")


# -- told


def _told(work: Work, order: Order, ready: Prepared, standing: Drafts, entry_id: int) -> rows.Done:
    return rows.Done(
        bills=len(standing),
        held=len(ready.held),
        refused=len(ready.refused),
        total=int(standing.total.sum()),
        digest=digest.digest(standing, issue_of(work.provider, order)),
        entry_id=entry_id,
        micros=0,
        recorded_at=0,
    )


def _except(
    session: Session,
    work: Work,
    ready: Prepared,
    billed: Mapping[int, int],
    without: frozenset[int] | set[int] = frozenset(),
) -> None:
    """Writes the accounts that the pass did not bill, and those that an earlier one had not."""
    found = [
        (account, rows.REFUSED, int(why.fields.get("agreement", 0)), why.rule, why.message, 0)
        for account, why in ready.refused.items()
    ]
    found += [
        (account, rows.HELD, 0, why.rule, why.message, why.total)
        for account, why in ready.held.items()
        if account not in without
    ]
    found += [(account, outcome, 0, "", "", 0) for account, outcome in billed.items()]
    if not found:
        return
    account, outcome, agreement, rule, message, total = zip(*sorted(found), strict=True)
    count = len(found)
    task = work.task
    rows.add_exceptions(
        session,
        {
            "provider_id": np.full(count, task.provider_id),
            "run_id": np.full(count, task.run_id),
            "account_id": np.array(account),
            "pass": np.full(count, task.pass_no),
            "outcome": np.array(outcome),
            "agreement_no": np.array(agreement),
            "rule": pa.array(rule, pa.string()),
            "message": pa.array([text[:MESSAGE_MAX] for text in message], pa.string()),
            "total": np.array(total, dtype=np.int64),
        },
    )


def _numbers(accounts: Mapping[int, object]) -> Ints:
    return np.fromiter(accounts, dtype=np.int64, count=len(accounts))
