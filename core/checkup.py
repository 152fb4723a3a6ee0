"""`billcore doctor`: whether a store can be relied on now.

Each check says what it found and what to do about it; nothing is written, and nothing that is wrong
keeps the next check from its turn.

Goals: what an operator can mend. Non-goals: whether the books are right, which `verify` proves.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from billcore.core import clients
from billcore.core.billing.runs.runs import view
from billcore.core.billing.runs.states import ENDED, Phase
from billcore.core.caller import HOUSE
from billcore.core.cases.states import ENDED as CASES_ENDED
from billcore.core.durations import DAY, HOUR, MINUTE, SECOND
from billcore.core.reconciliation.totals import open_in_all, suspended_in_all
from billcore.core.store import cases, events, recon, vitals, watched
from billcore.core.store.errors import SchemaMissing, SchemaUnknown
from billcore.core.store.migrate import migrations, recorded
from billcore.core.store.port import Reader
from billcore.core.store.vitals import POSTGRESQL, SQLITE

MIB = 1 << 20

CLOCK_WARN, CLOCK_FAIL = 2 * SECOND, MINUTE
"""So far a clock may be off before somebody should look, and before no time can be relied on."""

EVENTS_WAIT = MINUTE
"""Events are numbered every second where a server runs."""

OLD_DAYS = 5
"""Money that nobody has explained for so many days is old."""

STUCK = HOUR
"""A run that was begun and has done nothing for so long stands still."""

RECORDS_WAIT = DAY
"""Records of devices wait so long for those before them at most."""

FREE_WARN, FREE_FAIL = 2_048 * MIB, 256 * MIB

KEYS_WARN = 14 * DAY
"""A key that ends within so much is told."""

CLIENTS_MAX = 1_000
"""So many clients are counted."""

CONNECTIONS_LEAST = 40
"""A server takes up to 32, a worker of a run one."""


class Level(Enum):
    """How bad it is: WARN wants a look, with FAIL billcore does not work or is not safe."""

    OK = "ok"
    WARN = "warn"
    FAIL = "fail"


@dataclass(frozen=True, slots=True)
class Found:
    """What a check found; remedy: what to do, "" where nothing is to be done."""

    check: str
    level: Level
    what: str
    remedy: str = ""


def fine(check: str, what: str) -> Found:
    """Nothing to do."""
    return Found(check, Level.OK, what)


def checkup(reader: Reader, url: str, now: int) -> Iterator[Found]:
    """Every check of a store in one snapshot, without those that want a schema where it has none.

    url: of the store; now: this machine's time, microseconds since 1970 in UTC.
    """
    engine = vitals.engine(reader, url)
    yield fine("store", f"{engine.name} {engine.version}")
    yield from _settings(engine)
    yield from _room(vitals.room(reader, url))
    if engine.clock:
        yield _clock("database clock", engine.clock - now, "the clock of the database's machine")
    schema = _schema(reader, url)
    yield schema
    if schema.level is Level.FAIL:
        return
    ahead = vitals.newest(reader) - now
    yield _clock("clock", max(ahead, 0), "what was recorded last")
    yield _events(reader, now)
    yield _runs(reader, now)
    yield _suspense(reader, now)
    yield _breaks(reader, now)
    yield _cases(reader, now)
    yield _records(reader, now)
    yield _keys(reader, now)


def _settings(engine: vitals.Engine) -> Iterator[Found]:
    """Whether what was committed is on the disk when the power goes."""
    told = ", ".join(f"{name} {value}" for name, value in engine.settings.items())
    wrong = [*_unsafe(engine)]
    yield from wrong
    if not wrong:
        yield fine("durability", told)


def _unsafe(engine: vitals.Engine) -> Iterator[Found]:
    found = engine.settings
    check = "durability"
    if engine.name == SQLITE and found["journal_mode"] != "wal":
        mode = found["journal_mode"]
        yield Found(
            check,
            Level.WARN,
            f"journal_mode is {mode}, not wal: readers and the writer wait for each other.",
            "Start a server on it once, which sets it; keep other tools away from the file.",
        )
    if engine.name != POSTGRESQL:
        return
    if found["fsync"] != "on":
        yield Found(
            check,
            Level.FAIL,
            "fsync is off: a crash of its machine may destroy the whole store.",
            "Set fsync = on in postgresql.conf and reload.",
        )
    if found["synchronous_commit"] == "off":
        yield Found(
            check,
            Level.FAIL,
            "synchronous_commit is off: payments that were answered may be gone after a crash.",
            "Take it out of the URL's options and of the role; billcore sets it on.",
        )
    if found["full_page_writes"] != "on":
        yield Found(
            check,
            Level.WARN,
            "full_page_writes is off: pages may be torn by a crash.",
            "Set full_page_writes = on, unless the file system writes pages whole.",
        )
    if int(found["max_connections"]) < CONNECTIONS_LEAST:
        yield Found(
            "connections",
            Level.WARN,
            f"max_connections is {found['max_connections']}; a server takes up to 32.",
            f"Set max_connections to {CONNECTIONS_LEAST} and more, 40 for each server.",
        )


def _room(room: vitals.Room) -> Iterator[Found]:
    size = ", ".join(f"{part} {_bytes(size)}" for part, size in room.parts.items())
    if not room.free:
        yield fine("room", f"{size}; its own host knows how much is free")
    for place, free in room.free.items():
        what = f"{size}; {_bytes(free)} are free where the {place} is"
        low = free < FREE_WARN
        level = Level.FAIL if free < FREE_FAIL else Level.WARN if low else Level.OK
        yield Found("room", level, what, "Make room, or move it to a larger disk." if low else "")


def _clock(check: str, off: int, beside: str) -> Found:
    """off: so much it is behind another one, microseconds; below 0: ahead."""
    if abs(off) <= CLOCK_WARN:
        return fine(check, f"this machine agrees with {beside}")
    told = f"this machine is {_age(abs(off))} {'behind' if off > 0 else 'ahead of'} "
    level = Level.FAIL if abs(off) > CLOCK_FAIL else Level.WARN
    remedy = "Let every machine take its time from the same source (chrony, systemd-timesyncd)."
    return Found(check, level, told + beside + ".", remedy)


def _schema(reader: Reader, url: str) -> Found:
    try:
        have, need = recorded(reader, vitals.tables(reader, url)), len(migrations())
        if have < need:
            raise SchemaMissing(url, have, need)
    except SchemaMissing as missing:
        command = "init" if missing.fields["have"] == "0" else "migrate"
        remedy = f"Stop its servers, then run `billcore {command} --store {url}`."
        return Found("schema", Level.FAIL, missing.message, remedy)
    except SchemaUnknown as unknown:
        return Found("schema", Level.FAIL, unknown.message, "Run the billcore that made it.")
    return fine("schema", f"{migrations()[-1].number}, as this billcore has it")


def _events(reader: Reader, now: int) -> Found:
    count, oldest = events.pending(reader)
    if not count or now - oldest <= EVENTS_WAIT:
        return fine("events", f"{count} wait for a number")
    return Found(
        "events",
        Level.WARN,
        f"{count} wait for a number, the oldest for {_age(now - oldest)}.",
        "Is a server running? If so its log has background_refused or background_failed.",
    )


def _runs(reader: Reader, now: int) -> Found:
    stuck = []
    going = 0
    for run in watched.run_states(reader):
        if run.state in ENDED:
            continue
        found = view(reader, run.provider_id, run.run_id)
        if (one := found.under_way) is None:
            continue
        going += 1
        last = max([one.recorded_at, *(c.recorded_at for c in found.of(one.phase, one.pass_no))])
        if now - last > STUCK:
            phase = Phase(one.phase).name.lower()
            stuck.append(f"run {run.run_id} of provider {run.provider_id} ({phase})")
    if not stuck:
        return fine("runs", f"{going} under way")
    return Found(
        "runs",
        Level.WARN,
        f"{len(stuck)} stand still for {_age(STUCK)} and more: {_some(stuck)}.",
        "`billcore run show N` says why; `billcore run resume N --watch` goes on.",
    )


def _suspense(reader: Reader, now: int) -> Found:
    found = suspended_in_all(reader, now)
    old = sum(one.items for one in found if one.age_days >= OLD_DAYS)
    if not old:
        return fine("suspense", f"{sum(one.items for one in found)} payments, none of them old")
    oldest = now - min(one.oldest_at for one in found)
    return Found(
        "suspense",
        Level.WARN,
        f"{old} payments for {OLD_DAYS} days and more, the oldest for {_age(oldest)}.",
        "`billcore pay suspense` lists them: move each to its account, or reverse it.",
    )


def _breaks(reader: Reader, now: int) -> Found:
    found = open_in_all(reader, recon.reconciled(reader), now).breaks
    old = sum(count for (_, _, age), count in found.items() if age >= OLD_DAYS)
    if not old:
        return fine("breaks", f"{sum(found.values())} open, none of them old")
    return Found(
        "breaks",
        Level.WARN,
        f"{old} are open for {OLD_DAYS} days and more.",
        "`billcore recon breaks CHANNEL DAY` lists those of a day, with who sees to each.",
    )


def _cases(reader: Reader, now: int) -> Found:
    found = [row for row in cases.counts(reader, now) if row[0] not in CASES_ENDED]
    overdue = sum(row[2] for row in found)
    if not overdue:
        return fine("cases", f"{sum(row[1] for row in found)} open, none overdue")
    remedy = "`billcore case list --overdue` lists them."
    return Found("cases", Level.WARN, f"The clock of {overdue} ran out.", remedy)


def _records(reader: Reader, now: int) -> Found:
    count, oldest = watched.waiting_records(reader)
    if not count or now - oldest <= RECORDS_WAIT:
        return fine("unposted", f"{count} records of field devices wait for those before them")
    return Found(
        "unposted",
        Level.WARN,
        f"{count} records of field devices are not posted, the oldest for {_age(now - oldest)}.",
        "Those before them lack: have the collectors' devices sync (`billcore field`).",
    )


def _keys(reader: Reader, now: int) -> Found:
    ending = clients.listed(reader, HOUSE, 0, CLIENTS_MAX, now + KEYS_WARN)
    if not ending:
        return fine("client keys", f"none ends within {KEYS_WARN // DAY} days")
    ended = sum(one.has_expired(now) for one in ending)
    names = _some([one.name for one in ending])
    return Found(
        "client keys",
        Level.WARN,
        f"Keys of {len(ending)} clients end within {KEYS_WARN // DAY} days or have ({ended}): "
        f"{names}.",
        "`billcore client rotate ID --old-until …` gives a new one, `client disable` ends it.",
    )


def _some(names: list[str], most: int = 5) -> str:
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(names[:most]) + more


def _bytes(size: int) -> str:
    return f"{size // MIB:,} MiB"


def _age(micros: int) -> str:
    for unit, name in ((DAY, "days"), (HOUR, "hours"), (MINUTE, "minutes")):
        if micros >= 2 * unit:
            return f"{micros // unit} {name}"
    return f"{micros // SECOND} seconds"
