"""A month's bills of all accounts, and every invariant checked over them.

The bills are made in chunks by what a billing run uses, phase by phase. Both stores must come to
the same bills. Raw is an insert of the same bills into a store that has nothing else.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from unittest import mock

from benchmarks.race import NotExact
from benchmarks.report import Goal, Table, goal
from benchmarks.store_engines import CHUNK
from benchmarks.store_world import Town, day_of, now_of
from billcore.core.billing import make
from billcore.core.billing.charges.due import Window
from billcore.core.findings import Check
from billcore.core.store import bills as bill_rows
from billcore.core.store import providers as provider_rows
from billcore.core.store.port import Columns
from billcore.core.verify import CHECKS

BILLED = 1
"""The month whose reading closes the bill: from the first reading to the second."""

VERIFY_SECONDS_MAX = 60
PHASES = ("due", "rated", "packed", "issued", "committed")
TIMED = {"due": "due", "rated": "rated", "issue": "issued"}
"""What `billing.make` calls, by the phase that it is; packed is the rest of making."""


@dataclass
class Billed:
    """Processor seconds by phase, and of a raw insert; what was billed."""

    seconds: dict[str, float] = field(default_factory=lambda: dict.fromkeys(PHASES, 0.0))
    raw: float = 0.0
    bills: int = 0
    total: int = 0

    @property
    def whole(self) -> float:
        """All phases."""
        return sum(self.seconds.values())


def billed(towns: Sequence[Town], say: Callable[[str], None]) -> Table:
    """Bills every account of every town once."""
    found = []
    for town in towns:
        say(f"store: {town.engine.name}, bills")
        found.append(_bill_all(town))
    if len({(one.bills, one.total) for one in found}) != 1:
        raise NotExact("the stores come to different bills")
    shown, bars = [], {}
    for town, one in zip(towns, found, strict=True):
        phases = one.seconds | {"all phases": one.whole, "raw insert() of the bills": one.raw}
        for phase, seconds in phases.items():
            label = f"{town.engine.name}, {phase}"
            bars[label] = max(seconds, 1e-9) / one.bills * 1e9
            shown.append([label, f"{bars[label]:,.0f}", f"{seconds / one.whole:.0%}"])
    title = f"Making bills of {towns[0].accounts:,} accounts, ns per bill"
    note = f"Processor time of client and server, one tariff, chunks of {CHUNK:,}."
    return Table(title, ("phase", "ns/bill", "share"), shown, note, bars)


def _bill_all(town: Town) -> Billed:
    done = Billed()
    clock = town.engine.clock
    with town.store.read() as reader:
        provider = provider_rows.provider(reader, town.provider_id)
    assert provider is not None
    for first, last in town.ranges():
        order = _order(town, first, last)
        start = clock()
        with town.store.write() as session:
            with _phases(clock, done.seconds) as spent:
                issued, made = make.bill_accounts(session, provider, order)
            inside = clock()
        end = clock()
        done.seconds["packed"] += inside - start - sum(spent.values())
        done.seconds["committed"] += end - inside
        if made.refused or len(made.drafts) != last - first + 1:
            raise NotExact(f"{len(made.refused)} accounts are refused")
        done.bills += len(issued.bill_id)
        done.total += int(made.drafts.total.sum())
        done.raw += _raw(town, first, last)
    return done


def _order(town: Town, first: int, last: int) -> make.Order:
    day = day_of(BILLED)
    return make.Order(
        first=first,
        last=last,
        window=Window(day - 19, day + 8),
        issued_day=day + 8,
        source=f"chunk {first}",
        client_id=town.caller.client_id,
        recorded_at=now_of(day_of(11)),
    )


@contextmanager
def _phases(clock: Callable[[], float], seconds: dict[str, float]) -> Iterator[dict[str, float]]:
    """Adds to seconds what the phases of `make` take; yields what they took in this block."""
    spent: dict[str, float] = {}
    with ExitStack() as patched:
        for name, phase in TIMED.items():
            timed = _timed(getattr(make, name), phase, clock, spent)
            patched.enter_context(mock.patch.object(make, name, timed))
        yield spent
    for phase, some in spent.items():
        seconds[phase] += some


def _timed(
    of: Callable[..., object], phase: str, clock: Callable[[], float], spent: dict[str, float]
) -> Callable[..., object]:
    def call(*arguments: object) -> object:
        start = clock()
        try:
            return of(*arguments)
        finally:
            spent[phase] = clock() - start

    return call


def _raw(town: Town, first: int, last: int) -> float:
    with town.store.read() as reader:
        month = bill_rows.months(reader, town.provider_id)[0]
        columns: Columns = bill_rows.of_month(reader, month, first, last)
    start = town.engine.clock()
    with town.bare.write() as session:
        bill_rows.add(session, town.provider_id, month, columns)
    return town.engine.clock() - start


# -- verify


def verified(
    towns: Sequence[Town], judged: bool, say: Callable[[str], None]
) -> tuple[Table, list[Goal]]:
    """Runs every check over every town, which must find nothing."""
    shown, bars, goals = [], {}, []
    for town in towns:
        say(f"store: {town.engine.name}, verify")
        if town.engine.is_postgres:
            with town.store.write() as session:
                session.run("ANALYZE")
        whole = 0.0
        for name, check in CHECKS.items():
            wall, cpu = _checked(town, name, check)
            whole += wall
            label = f"{town.engine.name}, {name}"
            bars[label] = wall
            shown.append([label, f"{wall:,.2f}", f"{cpu:,.2f}"])
        shown.append([f"{town.engine.name}, all", f"{whole:,.2f}", ""])
        named = f"store/{town.engine.name}, verify of a million accounts, seconds"
        goals.append(goal(named, whole, VERIFY_SECONDS_MAX, "lower", judged))
    title = f"Verify over {towns[0].accounts:,} accounts with a billed month, seconds"
    note = "Wall time, and processor time of client and server, parallel workers included."
    return Table(title, ("check", "s", "processor s"), shown, note, bars), goals


def _checked(town: Town, name: str, check: Check) -> tuple[float, float]:
    """Wall and processor seconds of a check."""
    wall, cpu = time.perf_counter(), town.engine.clock()
    with town.store.read() as reader:
        found = list(check(reader, town.provider_id))
    spent = time.perf_counter() - wall, town.engine.clock() - cpu
    if found:
        raise NotExact(f"{name} of {town.engine.name}: {found[0]}")
    return max(spent[0], 1e-9), spent[1]
