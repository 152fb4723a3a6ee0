"""A provider to load into, and tables of every kind, for the tests of loading."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import pyarrow as pa

from billcore.core.accounts import attributes, cycles, providers
from billcore.core.caller import Caller, Role
from billcore.core.loading.kinds import Unreadable
from billcore.core.loading.loader import Loader
from billcore.core.loading.loads import Chunk, Done, Source
from billcore.core.payments import channels
from billcore.core.store.port import Session, Store

NOW = 1_700_000_000_000_000  # 2023-11-14 22:13:20 UTC
HOUSE = Caller(1, 0, frozenset())
PROVIDER = {
    "code": "water",
    "name": "Water",
    "time_zone": "UTC",
    "currency": "EUR",
    "calendar": "gregorian",
    "language": "en",
    "policies": "",
}

Texts = Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class Act:
    session: Session
    caller: Caller
    now: int = NOW


def open_provider(session: Session, code: str = "water") -> Caller:
    """A provider with a cycle, a tariff and an attribute; a client of it that may load all."""
    made = providers.create_provider(Act(session, HOUSE), {**PROVIDER, "code": code})
    caller = Caller(3, made.provider_id, frozenset({Role.CLERK, Role.APPROVER}), "Anna")
    act = Act(session, caller)
    cycles.create_cycle(act, "monthly", 1)
    session.run(
        "INSERT INTO tariff (provider_id, tariff_no, tariff) VALUES (:p, 1, 'R1')",
        p=made.provider_id,
    )
    attributes.create_attribute(act, "persons", "number", "person", 0, [])
    channels.create_channel(act, {"channel": "kiosk", "kind": "kiosk", "name": "K", "policies": ""})
    return caller


def tables(count: int, start: int = 0) -> dict[str, dict[str, list[str]]]:
    """By kind a table of so many rows, in the order in which they are loaded."""
    rows = range(start, start + count)
    return {
        "customers": {
            "kind": ["person"] * count,
            "name": [f"Customer {n}" for n in rows],
            "number": [f"C{n}" for n in rows],
        },
        "points": {"number": [f"P{n}" for n in rows], "service": ["water"] * count},
        "accounts": {
            "customer": [f"C{n}" for n in rows],
            "number": [f"A{n}" for n in rows],
            "opened_day": ["2020-01-01"] * count,
        },
        "agreements": {
            "account": [f"A{n}" for n in rows],
            "service_point": [f"P{n}" for n in rows],
            "service": ["water"] * count,
            "cycle": ["monthly"] * count,
            "from_day": ["2020-01-01"] * count,
            "tariff": ["R1"] * count,
            "attribute.persons": [str(n % 7) for n in rows],
        },
        "meters": {
            "serial": [f"S{n}" for n in rows],
            "account": [f"A{n}" for n in rows],
            "quantity": ["m3"] * count,
            "unit": ["m3"] * count,
            "digits": ["7"] * count,
            "decimals": ["2"] * count,
            "from_day": ["2020-01-01"] * count,
            "opening": [f"{n % 1000}.5" for n in rows],
        },
        "readings": {
            "serial": [f"S{n}" for n in rows],
            "day": ["2020-02-01"] * count,
            "dial": [f"{n % 1000 + 10}.25" for n in rows],
        },
        "entries": {
            "account": [f"A{n}" for n in rows],
            "kind": ["opening"] * count,
            "day": ["2020-01-01"] * count,
            "amount": ["12.50"] * count,
            "reference": [f"O{n}" for n in rows],
        },
        "payments": {
            "channel": ["kiosk"] * count,
            "reference": [f"R{n}" for n in rows],
            "target": [f"A{n}" for n in rows],
            "amount": ["2.50"] * count,
            "paid_at": ["2023-11-01T10:00:00+01:00"] * count,
        },
    }


def columns(table: Texts) -> dict[str, pa.StringArray]:
    return {name: pa.array(texts, pa.string()) for name, texts in table.items()}


def chunk(number: int, table: Texts, unreadable: Sequence[Unreadable] = ()) -> Chunk:
    return Chunk(number, columns(table), unreadable)


def source(kind: str, content: bytes = b"", request_id: str = "") -> Source:
    digest = hashlib.sha256(content).digest()
    return Source(kind, digest, request_id, "" if request_id else f"{kind}.csv")


def loader(store: Store, caller: Caller, given: Source, dry_run: bool = False) -> Loader:
    return Loader(store, caller, lambda: NOW, given, dry_run)


def load(
    store: Store, caller: Caller, kind: str, table: Texts, rows: int = 50_000, content: bytes = b""
) -> list[Done]:
    """Loads a table as a file of this content, from the chunk that is next, and ends the load."""
    found = loader(store, caller, source(kind, content or repr(table).encode()))
    if found.state.complete:
        return []
    length = len(next(iter(table.values())))
    number, done = found.state.next_chunk, []
    for first in range(found.state.next_row - 1, length, rows):
        part = {name: texts[first : first + rows] for name, texts in table.items()}
        done.append(found.load(chunk(number, part)))
        number += 1
    found.load(Chunk(number, {}))
    return done


def fill(store: Store, count: int, until: str = "entries") -> Caller:
    """A provider with rows of every kind up to one."""
    with store.write() as session:
        caller = open_provider(session)
    for kind, table in tables(count).items():
        done = load(store, caller, kind, table)
        assert [d.refused for d in done] == [()], (kind, done)
        if kind == until:
            break
    return caller


def count(store: Store, table: str) -> int:
    with store.read() as reader:
        return int(reader.row(f"SELECT COUNT(*) FROM {table}")[0])


def day(text: str) -> int:
    return date.fromisoformat(text).toordinal()


def ints(*values: int) -> np.ndarray:
    return np.array(values, dtype=np.int64)
