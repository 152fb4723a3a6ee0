"""A small water company whose accounts are read monthly, and its runs: for tests of runs.

The company is the one of the benchmarks, a few dozen accounts of it. Days are ordinals; readings
are of the 20th of each month of 2017.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from threading import Event

import numpy as np
import pyarrow as pa

from benchmarks import store_world
from benchmarks.store_world import Chunk, Town, day_of, now_of
from billcore.core import verify
from billcore.core.accounts.policies import parse_policies
from billcore.core.billing.charges.due import Window
from billcore.core.billing.runs import beginnings, runs
from billcore.core.billing.runs.drive import Driver, drive
from billcore.core.billing.runs.order import RunOrder
from billcore.core.billing.runs.states import Phase, State
from billcore.core.caller import Caller
from billcore.core.ids import owned_id
from billcore.core.ledger.account_entries import AccountEntries, Posting, post_account_entries
from billcore.core.ledger.kinds import EntryKind
from billcore.core.metering.estimate import Targets, record_estimates
from billcore.core.metering.findings import Source, Status
from billcore.core.metering.policy import Method
from billcore.core.metering.provider import metering_provider
from billcore.core.metering.record import new_readings, record
from billcore.core.store import runs as rows
from billcore.core.store.port import Store
from billcore.core.tariff.catalog import Catalog
from billcore.core.tariff.shelves import Stored

START = now_of(day_of(0))
DAY = 86_400_000_000


def clock() -> int:
    """A clock that stands still: what is recorded has its order from the turns alone."""
    return now_of(day_of(11))


@dataclass(frozen=True)
class World:
    """The company in a store, with so many accounts."""

    store: Store
    caller: Caller
    accounts: int

    @property
    def provider_id(self) -> int:
        return self.caller.provider_id

    def account(self, count: int) -> int:
        """The id of the count-th account, from 1."""
        return owned_id(self.provider_id, count)

    def act(self, session, now: int = START) -> store_world.Act:
        return store_world.Act(session, self.caller, now)


def settle(store: Store, accounts: int = 40, months: int = 3, code: str = "hanoi") -> World:
    """The company with readings of the first months; the first month's are the openings."""
    caller = store_world.company(store, code)
    text = store_world.TARIFF.read_text()
    Catalog(Stored(store, lambda: START)).publish(text, "test", caller=caller)
    world = World(store, caller, accounts)
    for kind in ("customers", "points", "accounts", "agreements", "meters"):
        _load(world, kind, 0)
    for month in range(1, months):
        read(world, month)
    return world


def read(world: World, month: int, without: tuple[int, ...] = ()) -> None:
    """The readings of a month (0: January), but of accounts without (counts from 1)."""
    _load(world, "readings", month, without)


def _load(world: World, kind: str, month: int, without: tuple[int, ...] = ()) -> None:
    town = Town(None, world.store, None, world.caller, world.accounts)  # type: ignore[arg-type]
    chunk = Chunk(town, world.account(1), world.account(world.accounts), month)
    load = store_world.LOADS[kind]
    given = load.given(chunk)
    if without:
        kept = np.setdiff1d(np.arange(world.accounts), np.array(without) - 1)
        given = {name: np.asarray(column)[kept] for name, column in given.items()}
        chunk = replace(chunk, first=1, last=len(kept))
        chunk = _Some(chunk)
    with world.store.write() as session:
        load.load(chunk, session, given)


class _Some:
    """A chunk of which only some accounts are given; it says how many."""

    def __init__(self, chunk: Chunk) -> None:
        self.town, self.month, self.rows = chunk.town, chunk.month, chunk.rows


def order(world: World, month: int = 1, **changed: object) -> RunOrder:
    """A run of all accounts up to their readings of a month."""
    day = day_of(month)
    given: dict[str, object] = {
        "first_account": world.account(1),
        "last_account": world.account(world.accounts),
        "window": Window(day - 5, day + 5),
        "issued_day": day + 6,
        "straggler_day": day + 15,
        "chunk_accounts": 8,
    }
    return RunOrder(**(given | changed))  # type: ignore[arg-type]


def create(world: World, wanted: RunOrder, simulated: bool = False) -> int:
    """A new run; its number."""
    with world.store.write() as session:
        return runs.create(world.act(session), wanted, simulated)


def begin(world: World, run_id: int, phase: Phase, until_day: int = 0, reason: str = "") -> None:
    with world.store.write() as session:
        runs.begin(world.act(session), run_id, phase, until_day, reason)


def supplement(world: World, run_id: int, until_day: int) -> None:
    with world.store.write() as session:
        beginnings.supplement(world.act(session), run_id, until_day)


def driven(
    world: World, run_id: int, pool=None, workers: int = 1, url: str = "", stop: Event | None = None
) -> State | None:
    """Drives what has begun of a run to its end, or until it is to stop."""
    driver = Driver(
        world.store, url or world.store.url, clock, stop or Event(), pool, lambda: workers
    )
    return drive(driver, world.provider_id, run_id)


class After(Event):
    """Set when it was asked so many times."""

    def __init__(self, times: int) -> None:
        super().__init__()
        self._left = times

    def is_set(self) -> bool:
        self._left -= 1
        return self._left < 0


def rated(world: World, run_id: int, **how: object) -> State | None:
    begin(world, run_id, Phase.RATE)
    return driven(world, run_id, **how)


def approved(world: World, run_id: int) -> None:
    with world.store.write() as session:
        runs.approve(world.act(session), run_id, "looked at")


def frozen(world: World, run_id: int, **how: object) -> State | None:
    begin(world, run_id, Phase.FREEZE)
    return driven(world, run_id, **how)


def whole(world: World, wanted: RunOrder) -> int:
    """A run that is rated, approved and frozen; its number."""
    run_id = create(world, wanted)
    if not wanted.straight:
        rated(world, run_id)
        approved(world, run_id)
    assert frozen(world, run_id) is State.FROZEN
    return run_id


def view(world: World, run_id: int) -> runs.View:
    with world.store.read() as reader:
        return runs.view(reader, world.provider_id, run_id)


def pay(world: World, count: int, amount: int, day: int, reference: str) -> None:
    """A payment of the count-th account."""
    entries = AccountEntries(
        account_id=np.array([world.account(count)]),
        kind=np.array([int(EntryKind.PAYMENT)]),
        day=np.array([day]),
        amount=np.array([-amount]),
        reference=pa.array([reference]),
        reverses=np.array([0]),
    )
    with world.store.write() as session:
        posting = Posting(world.provider_id, f"payment/{reference}", world.caller.client_id, START)
        post_account_entries(session, entries, posting)


def broken(world: World) -> dict[str, tuple[dict[str, object], ...]]:
    """What verify finds, by check; empty: everything holds."""
    with world.store.read() as reader:
        found = list(verify.verify(reader, [world.provider_id]))
    return {verdict.check: verdict.broken for verdict in found if verdict.broken}


# -- policies, what is left out, estimates


def policies(world: World, **changed: object) -> None:
    """The company's policies: these, the others by default."""
    text = json.dumps({"taxes": ["vat"], **changed})
    with world.store.write() as session:
        parse_policies(text)
        session.run(
            "UPDATE provider SET policies = :text WHERE provider_id = :provider_id",
            text=text,
            provider_id=world.provider_id,
        )


def simulated(world: World, wanted: RunOrder, **how: object) -> int:
    """A run that is only rated; its number."""
    run_id = create(world, wanted, simulated=True)
    rated(world, run_id, **how)
    return run_id


def left_out(world: World, run_id: int) -> dict[int, rows.ExceptionRow]:
    """What the last pass that had to do with it left out, by account (counts from 1)."""
    everybody = world.account(1) - 1, world.account(world.accounts)
    with world.store.read() as reader:
        found = rows.exceptions(reader, world.provider_id, run_id, everybody, world.accounts)
    return {one.account_id - world.account(1) + 1: one for one in found}


def rules(world: World, run_id: int) -> dict[int, str]:
    """By which rule accounts were left out."""
    return {count: one.rule for count, one in left_out(world, run_id).items()}


def estimate(world: World, month: int, counts: Iterable[int]) -> None:
    """Nobody reads these accounts in a month: they are estimated."""
    account = np.array([world.account(count) for count in counts])
    day = np.full(len(account), day_of(month))
    targets = Targets(account, account, np.ones(len(account), dtype=np.int64), day)
    with world.store.write() as session:
        provider = metering_provider(session, world.provider_id)
        methods = (Method.RECENT, Method.ZERO)
        done = record_estimates(
            session, world.caller, provider, targets, now_of(day_of(11)), methods
        )
    assert (done.results.status == Status.ESTIMATED).all()


def dial(world: World, count: int, month: int) -> int:
    """What an account's meter showed in a month."""
    with world.store.read() as reader:
        row = reader.row(
            "SELECT value FROM reading WHERE account_id = :account AND day = :day",
            account=world.account(count),
            day=day_of(month),
        )
    assert row is not None
    return int(row[0])


def read_on(world: World, day: int, dials: Mapping[int, int], meter: int = 0) -> None:
    """Dials of accounts (counts from 1) on a day, as an officer reads them; meter: another one."""
    meters = np.array([meter or world.account(count) for count in dials])
    given = {
        "meter_id": meters,
        "register_no": np.ones(len(meters), dtype=np.int64),
        "day": np.full(len(meters), day),
        "value": np.array(list(dials.values())),
        "source": np.full(len(meters), int(Source.OFFICER)),
    }
    with world.store.write() as session:
        provider = metering_provider(session, world.provider_id)
        done = record(session, world.caller, provider, new_readings(given), now_of(day_of(11)))
    assert (done.status == Status.ACCEPTED).all(), done.message(0)
