"""A water company with as many accounts as wanted, loaded through the bulk functions.

Each account has a customer, a service point, an agreement with two attributes, a meter and twelve
monthly readings. Every chunk is compared with what was given, then the very rows that it wrote are
read back and inserted raw, in the same run, into a store that has nothing else. The readings of the
first months are inserted raw at once: `record` judges the others against them, as it does all year.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

import numpy as np
import pyarrow as pa

from benchmarks.race import NotExact
from benchmarks.report import Table
from benchmarks.store_engines import CHUNK, Engine, Peak, kinds_of
from billcore.core.accounts import attributes, bulk, cycles, providers
from billcore.core.accounts.checks import Loaded
from billcore.core.caller import Caller, Role
from billcore.core.ids import owned_id
from billcore.core.loading.meters import load_meters
from billcore.core.loading.work import Work
from billcore.core.metering.findings import Source, Status
from billcore.core.metering.provider import metering_provider
from billcore.core.metering.readings import month_of
from billcore.core.metering.record import new_readings, record
from billcore.core.store.port import OPEN_DAY, Column, Columns, Session, Store
from billcore.core.tariff.catalog import Catalog
from billcore.core.tariff.shelves import Stored

TARIFF = Path(__file__).parents[1] / "tariffs" / "vn-hanoi-water.yaml"
"""Four tiers, each as wide as the agreement's households say."""

YEAR = 2017
READINGS = 12
RECORDED = 3
"""The last months, whose readings go through `record`: each has the history that averages need."""

FIRST_DAY = date(YEAR, 1, 1).toordinal()
EPOCH = date(1970, 1, 1).toordinal()
DAY_MICROSECONDS = 86_400_000_000

LINKED = {
    "customers": ("customer",),
    "points": ("service_point",),
    "accounts": ("account",),
    "agreements": ("agreement", "agreement_term", "agreement_attribute"),
    "meters": ("meter", "register", "installation", "reading"),
    "readings": ("reading",),
}
"""The tables that a load of a kind fills, by their owner's id; `number` is filled beside."""

OWNER = {
    "customer": "customer_id",
    "service_point": "point_id",
    "meter": "meter_id",
    "register": "meter_id",
}
"""Of tables whose rows are not an account's: the column of what they are of."""

NUMBERED = {
    "customers": ("customer", "number"),
    "points": ("service_point", "number"),
    "accounts": ("account", "number"),
    "meters": ("meter", "serial"),
}
"""What is numbered, as the table `number` calls it, and the given column of the numbers."""

DIAL_DECIMALS = 3
TABLES = tuple(table for tables in LINKED.values() for table in tables)


@dataclass(frozen=True, slots=True)
class Act:
    """A write: its transaction, who, when."""

    session: Session
    caller: Caller
    now: int


@dataclass
class Spent:
    """What loading a kind cost, and inserting the same rows raw: processor seconds."""

    rows: int = 0
    loaded: float = 0.0
    raw: float = 0.0


@dataclass
class Town:
    """A loaded store. accounts: how many; spent: by kind; peak: bytes of memory while loading.

    tariff: of all agreements.
    """

    engine: Engine
    store: Store
    bare: Store
    caller: Caller
    accounts: int
    spent: dict[str, Spent] = field(default_factory=dict)
    peak: int = 0
    tariff: str = "vn-hanoi-water"

    @property
    def provider_id(self) -> int:
        """The company."""
        return self.caller.provider_id

    def ranges(self) -> Iterator[tuple[int, int]]:
        """The first and last id of each chunk of accounts."""
        for start in range(0, self.accounts, CHUNK):
            last = min(start + CHUNK, self.accounts)
            yield owned_id(self.provider_id, start + 1), owned_id(self.provider_id, last)


def now_of(day: int) -> int:
    """Microseconds since 1970 at the end of a day."""
    return (day - EPOCH + 1) * DAY_MICROSECONDS - 1


def day_of(month: int) -> int:
    """The 20th of a month of YEAR, which is when meters are read; 0 is January."""
    return date(YEAR, month + 1, 20).toordinal()


def founded(engine: Engine, accounts: int) -> Town:
    """An empty company with its tariff, attributes and cycle."""
    store = engine.fresh()
    caller = company(store, "hanoi")
    Catalog(Stored(store, lambda: now_of(FIRST_DAY))).publish(
        TARIFF.read_text(), "bench", caller=caller
    )
    return Town(engine, store, engine.fresh(), caller, accounts)


def company(store: Store, code: str) -> Caller:
    """A new provider, and a caller that may do everything there."""
    now = now_of(FIRST_DAY)
    with store.write() as session:
        provider = providers.create_provider(
            Act(session, Caller(1, 0, frozenset()), now),
            {
                "code": code,
                "name": "Water",
                "time_zone": "UTC",
                "currency": "VND",
                "calendar": "gregorian",
                "language": "vi",
                "policies": '{"taxes": ["vat"]}',
            },
        )
        caller = Caller(2, provider.provider_id, frozenset(Role), "clerk")
        act = Act(session, caller, now)
        cycles.create_cycle(act, "monthly", 1)
        attributes.create_attribute(act, "households", "number", "household", 0, ())
        attributes.create_attribute(act, "area", "number", "m2", 1, ())
    return caller


def loaded(town: Town, say: Callable[[str], None]) -> None:
    """Fills the company, kind by kind, each chunk in a transaction. OUT: spent and peak."""
    kinds = kinds_of(TABLES)
    for kind, load in LOADS.items():
        spent = town.spent[kind] = Spent()
        say(f"store: {town.engine.name}, {kind}")
        for first, last in town.ranges():
            for month in _months(town, first, last) if kind == "readings" else (0,):
                _load_chunk(town, kind, load, kinds, (first, last, month), spent)
    if town.engine.is_postgres:
        with town.store.write() as session:
            session.run("ANALYZE")


def _months(town: Town, first: int, last: int) -> range:
    """The months to record; the readings of those before them are inserted here."""
    begin = READINGS - RECORDED
    for month in range(1, begin):
        insert_readings(Chunk(town, first, last, month))
    return range(begin, READINGS)


def insert_readings(chunk: "Chunk") -> None:
    """The readings of a chunk's month as rows, unjudged."""
    town = chunk.town
    same = {"version": 1, "status": Status.ACCEPTED, "findings": 0}
    same |= {"client_id": town.caller.client_id, "recorded_at": now_of(day_of(chunk.month))}
    columns = {name: chunk.whole(value) for name, value in same.items()}
    columns |= {"month": chunk.whole(chunk.table_month), "account_id": chunk.ids}
    with town.store.write() as session:
        session.open_month(chunk.table_month)
        session.insert("reading", {**columns, **readings_given(chunk)})


def _load_chunk(
    town: Town,
    kind: str,
    load: "Load",
    kinds: Mapping[str, Mapping[str, object]],
    place: tuple[int, int, int],
    spent: Spent,
) -> None:
    chunk = Chunk(town, *place)
    given = load.given(chunk)
    peak, clock = Peak(), town.engine.clock
    start = clock()
    with town.store.write() as session:
        load.load(chunk, session, given)
    spent.loaded += clock() - start
    spent.rows += chunk.rows
    town.peak = max(town.peak, peak.bytes())
    written = _written(chunk, kind, given, kinds)
    start = clock()
    with town.bare.write() as session:
        session.open_month(chunk.table_month)
        for table, columns in written:
            session.insert(table, columns)
    spent.raw += clock() - start


def _written(
    chunk: "Chunk", kind: str, given: Columns, kinds: Mapping[str, Mapping[str, object]]
) -> list[tuple[str, Columns]]:
    """The rows that a load wrote, table by table, compared with what was given."""
    found: list[tuple[str, Columns]] = []
    for table in LINKED[kind]:
        owner = OWNER.get(table, "account_id")
        where = f"{owner} BETWEEN :first AND :last"
        values = {"first": chunk.first, "last": chunk.last}
        if table == "reading":
            where, values["month"] = f"month = :month AND {where}", chunk.table_month
        names = ", ".join(kinds[table])
        with chunk.town.store.read() as reader:
            sql = f"SELECT {names} FROM {table} WHERE {where} ORDER BY {owner}"
            found.append((table, reader.fetch(sql, kinds[table], **values)))
    _check_same(kind, given, found[0][1], chunk)
    if kind in NUMBERED:
        word, name = NUMBERED[kind]
        found.append(("number", chunk.numbers(word, given[name])))
    return found


def _check_same(kind: str, given: Columns, stored: Columns, chunk: "Chunk") -> None:
    """Raises NotExact unless the columns of the first table are the given ones, row by row."""
    rows = len(next(iter(stored.values())))
    if rows != chunk.rows:
        raise NotExact(f"{kind}: {rows} rows of {chunk.rows} are stored")
    for name, column in given.items():
        if name in stored and not _equal(column, stored[name]):
            raise NotExact(f"{kind}: the column {name!r} is not stored as given")


def _equal(one: Column, other: Column) -> bool:
    same = np.array_equal(one, other) if isinstance(one, np.ndarray) else one.equals(other)
    return bool(same)


# -- what is given


@dataclass(frozen=True, slots=True)
class Chunk:
    """A range of accounts, whose customers, points and meters have the same counts; a month."""

    town: Town
    first: int
    last: int
    month: int = 0

    @property
    def ids(self) -> np.ndarray:
        """Of the accounts."""
        return np.arange(self.first, self.last + 1)

    @property
    def rows(self) -> int:
        """How many accounts."""
        return self.last - self.first + 1

    @property
    def table_month(self) -> int:
        """The month in the keys of `reading`."""
        return int(month_of(np.array([day_of(self.month)]))[0])

    def of_month(self, month: int) -> "Chunk":
        """The same accounts, another month."""
        return replace(self, month=month)

    def draw(self, seed: int) -> np.random.Generator:
        """Random numbers of the chunk, the same in every store."""
        return np.random.default_rng([seed, self.first])

    def texts(self, form: str) -> pa.StringArray:
        """A text an account, made from its count."""
        start = owned_id(self.town.provider_id, 1) - 1
        return pa.array([form.format(i - start) for i in range(self.first, self.last + 1)])

    def same(self, text: str) -> pa.StringArray:
        """One text for all."""
        return pa.array([text] * self.rows, pa.string())

    def whole(self, value: int) -> np.ndarray:
        """One number for all."""
        return np.full(self.rows, value, dtype=np.int64)

    def numbers(self, kind: str, texts: pa.StringArray) -> Columns:
        """The rows of `number`."""
        return {
            "provider_id": self.whole(self.town.provider_id),
            "kind": self.same(kind),
            "number": texts,
            "id": self.ids,
        }


@dataclass(frozen=True, slots=True)
class Load:
    """given: the columns of a chunk; load: writes them, and raises unless all are accepted."""

    given: Callable[[Chunk], Columns]
    load: Callable[[Chunk, Session, Columns], None]


def _customers(chunk: Chunk) -> Columns:
    return {
        "kind": chunk.same("person"),
        "name": chunk.texts("Nguyễn Văn {}"),
        "number": chunk.texts("C{:08}"),
        "phone": chunk.texts("+84 24 {:08}"),
        "email": chunk.texts("c{}@example.org"),
        "address": chunk.texts("{} Phố Huế, Hà Nội"),
        "language": chunk.same("vi"),
    }


def _points(chunk: Chunk) -> Columns:
    return {
        "number": chunk.texts("P{:08}"),
        "service": chunk.same("water"),
        "address": chunk.texts("{} Phố Huế, Hà Nội"),
        "geographic_code": chunk.texts("01.{:08}"),
    }


def _accounts(chunk: Chunk) -> Columns:
    return {
        "customer": chunk.texts("C{:08}"),
        "number": chunk.texts("A{:08}"),
        "name": chunk.same(""),
        "geographic_code": chunk.texts("01.{:08}"),
        "address": chunk.same(""),
        "phone": chunk.same(""),
        "email": chunk.same(""),
        "language": chunk.same(""),
        "opened_day": chunk.whole(FIRST_DAY),
        "closed_day": chunk.whole(OPEN_DAY),
    }


def _agreements(chunk: Chunk) -> Columns:
    draw = chunk.draw(3)
    return {
        "account": chunk.texts("A{:08}"),
        "service_point": chunk.texts("P{:08}"),
        "service": chunk.same("water"),
        "cycle": chunk.same("monthly"),
        "from_day": chunk.whole(FIRST_DAY),
        "until_day": chunk.whole(OPEN_DAY),
        "tariff": chunk.same(chunk.town.tariff),
        "attribute.households": pa.array(draw.integers(1, 4, chunk.rows)).cast(pa.string()),
        "attribute.area": pa.array(draw.integers(20, 200, chunk.rows)).cast(pa.string()),
    }


def readings_given(chunk: Chunk) -> Columns:
    """Usage of 3 to 40 m³ a month, by account, a quarter more or less from month to month."""
    monthly = chunk.draw(4).integers(3_000, 40_000, chunk.rows)
    parts = chunk.draw(5).integers(75, 125, (READINGS, chunk.rows))
    dial = 100_000 + (monthly * parts[: chunk.month + 1].cumsum(axis=0)[-1]) // 100
    return {
        "meter_id": chunk.ids,
        "register_no": chunk.whole(1),
        "day": chunk.whole(day_of(chunk.month)),
        "value": dial,
        "source": chunk.whole(Source.OFFICER),
    }


def _bulk(load: Callable[[Session, int, Columns, int], object]) -> Callable[..., None]:
    def wrapped(chunk: Chunk, session: Session, given: Columns) -> None:
        _check_accepted(load(session, chunk.town.provider_id, given, now_of(FIRST_DAY)), chunk)

    return wrapped


def _check_accepted(done: Loaded, chunk: Chunk) -> None:
    if done.accepted != chunk.rows:
        raise NotExact(f"refused: {done.refusals[:1]}")


def _record(chunk: Chunk, session: Session, given: Columns) -> None:
    caller, now = chunk.town.caller, now_of(day_of(chunk.month))
    provider = metering_provider(session, caller.provider_id)
    results = record(session, caller, provider, new_readings(given), now)
    if (results.status != Status.ACCEPTED).any():
        row = int(np.argmax(results.status != Status.ACCEPTED))
        raise NotExact(f"a reading is not accepted: {results.message(row)}")


def _meters(chunk: Chunk) -> Columns:
    dials = readings_given(chunk)["value"].tolist()
    unit = 10**DIAL_DECIMALS
    return {
        "serial": chunk.texts("M{:08}"),
        "model": chunk.same("DN15"),
        "account": chunk.texts("A{:08}"),
        "agreement_no": chunk.whole(1),
        "register_no": chunk.whole(1),
        "quantity": chunk.same("m3"),
        "unit": chunk.same("m3"),
        "digits": chunk.whole(8),
        "decimals": chunk.whole(DIAL_DECIMALS),
        "multiplier": chunk.same(""),
        "from_day": chunk.whole(day_of(0)),
        "opening": pa.array([f"{dial // unit}.{dial % unit:03}" for dial in dials]),
    }


def _load_meters(chunk: Chunk, session: Session, given: Columns) -> None:
    """With their openings, which are the readings of the first month."""
    caller = chunk.town.caller
    work = Work(session, caller, f"meters {chunk.first}", now_of(day_of(0)))
    _check_accepted(load_meters(work, given), chunk)


LOADS: dict[str, Load] = {
    "customers": Load(_customers, _bulk(bulk.load_customers)),
    "points": Load(_points, _bulk(bulk.load_points)),
    "accounts": Load(_accounts, _bulk(bulk.load_accounts)),
    "agreements": Load(_agreements, _bulk(bulk.load_agreements)),
    "meters": Load(_meters, _load_meters),
    "readings": Load(readings_given, _record),
}


# -- told


def table(towns: list[Town]) -> Table:
    """What loading cost, kind by kind."""
    shown = []
    bars = {}
    for town in towns:
        for kind, spent in town.spent.items():
            label = f"{town.engine.name}, {kind}"
            each = spent.loaded / spent.rows
            bars[label] = each * 1e9
            raw, times = spent.raw / spent.rows * 1e9, spent.loaded / spent.raw
            shown.append([label, f"{spent.rows:,}", f"{1 / each:,.0f}", f"{each * 1e9:,.0f}"])
            shown[-1] += [f"{raw:,.0f}", f"{times:.2f}"]
    headings = ("loaded", "rows", "rows/s", "ns/row", "raw insert(), ns/row", "× raw")
    peaks = ", ".join(f"{town.engine.name} {town.peak / 1e6:,.0f} MB" for town in towns)
    note = (
        f"Processor time of client and server, chunks of {CHUNK:,}. Raw: the rows of all tables "
        f"that the load wrote, inserted again into an empty store. Most memory of this process "
        f"while it loaded: {peaks}. Meters have their opening readings with them; of the "
        f"others the last {RECORDED} of {READINGS - 1} months go through `record`."
    )
    title = f"Loading {towns[0].accounts:,} accounts, ns per row"
    return Table(title, headings, shown, note, bars)
