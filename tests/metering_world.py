"""Columns and a small provider for the tests of metering."""

from collections.abc import Sequence
from datetime import date

import numpy as np
import pyarrow as pa

from billcore.core.caller import Caller, Role
from billcore.core.ids import owned_id
from billcore.core.metering.findings import Source, Status
from billcore.core.metering.meters import Desk, Multiplier, Placing, Share, create, install
from billcore.core.metering.provider import MeteringProvider
from billcore.core.metering.readings import Readings, Timeline, joined, timeline
from billcore.core.metering.record import NewReadings, Results, record
from billcore.core.metering.registers import Installations, installations_of
from billcore.core.metering.usage import Periods
from billcore.core.store.meters import Register
from billcore.core.store.port import OPEN_DAY, Session

PROVIDER = 7
CLERK = Caller(3, PROVIDER, frozenset({Role.CLERK}), "Anna")
NOW = 1_700_000_000_000_000  # 2023-11-14 22:13:20 UTC
TODAY = date(2023, 11, 14).toordinal()


def account(count: int) -> int:
    return owned_id(PROVIDER, count)


def ints(*values: int) -> np.ndarray:
    return np.array(values, dtype=np.int64)


def day(text: str) -> int:
    return date.fromisoformat(text).toordinal()


def installation(
    meter: int = 1,
    register: int = 1,
    start: int = 0,
    end: int = OPEN_DAY,
    *,
    of: int = 1,
    quantity: str = "m3",
    digits: int = 5,
    decimals: int = 0,
    multiplier: tuple[int, int] = (1, 0),
    share: tuple[int, int, int] = (0, 1, 1),
) -> dict[str, object]:
    """A row of `installation` of an account's agreement 1."""
    return {
        "account_id": account(of),
        "agreement_no": 1,
        "meter_id": owned_id(PROVIDER, meter),
        "register_no": register,
        "from_day": start,
        "until_day": end,
        "quantity": quantity,
        "digits": digits,
        "decimals": decimals,
        "multiplier": multiplier[0],
        "multiplier_decimals": multiplier[1],
        "share_before": share[0],
        "share": share[1],
        "share_of": share[2],
    }


def installed(*rows: dict[str, object]) -> Installations:
    columns = {name: [row[name] for row in rows] for name in rows[0]}
    words = pa.array(columns.pop("quantity"), pa.string())
    return installations_of({**{n: np.array(v) for n, v in columns.items()}, "quantity": words})


def read(
    meter: int,
    on: int,
    value: int,
    *,
    register: int = 1,
    of: int = 1,
    estimated: bool = False,
    version: int = 1,
) -> tuple[int, ...]:
    """A row of `reading`."""
    status = Status.ESTIMATED if estimated else Status.ACCEPTED
    source = Source.ESTIMATE if estimated else Source.OFFICER
    key = account(of), owned_id(PROVIDER, meter), register, on, version
    return (*key, value, source, status, 0, 3, NOW)


def readings(rows: Sequence[tuple[int, ...]]) -> Readings:
    if not rows:
        return joined([])
    return Readings(*np.array(rows, dtype=np.int64).T)


def counted(installations: Installations, *rows: tuple[int, ...]) -> Timeline:
    return timeline(readings(rows), installations)


def period(previous: int, this: int, of: int = 1) -> Periods:
    return Periods(ints(account(of)), ints(1), ints(previous), ints(this))


# -- a stored provider


def open_provider(session: Session, accounts: int = 1) -> None:
    """Provider 7 with accounts 1.., each with an agreement 1 of all days."""
    session.run(
        """INSERT INTO provider (provider_id, code, name, time_zone, currency, calendar, language,
        policies, revision, recorded_at) VALUES (7, 'w', 'Water', 'UTC', 'EUR', 'gregorian', 'en',
        '{"reading_window": {"first_day": 10, "last_day": 20, "customer_readings": true}}', 1, 0)"""
    )
    rows = [account(count) for count in range(1, accounts + 1)]
    count = len(rows)
    ids, ones, zeros = np.array(rows), np.ones(count, dtype=int), np.zeros(count, dtype=int)
    session.insert(
        "agreement",
        {
            "account_id": ids,
            "agreement_no": ones,
            "point_id": ids,
            "service": pa.array(["water"] * count),
            "cycle_no": ones,
            "from_day": ones,
            "until_day": np.full(count, OPEN_DAY),
            "tariff_no": ones,
            "attributes": pa.array([b""] * count, pa.binary()),
            "changed_day": zeros,
            "revision": ones,
            "recorded_at": zeros,
        },
    )
    session.insert(
        "service_point",
        {
            "point_id": ids,
            "number": pa.array([f"P{n}" for n in range(count)]),
            "service": pa.array(["water"] * count),
            "address": pa.array(["1 High Street"] * count),
            "geographic_code": pa.array([""] * count),
            "revision": ones,
            "recorded_at": zeros,
        },
    )


def provider() -> MeteringProvider:
    return MeteringProvider(PROVIDER)


def desk(session: Session, reason: str = "", now: int = NOW) -> Desk:
    return Desk(session, CLERK, provider(), now, reason)


def new_meter(session: Session, serial: str, *registers: Register) -> int:
    some = registers or (Register(1, "m3", "m3", 5, 0),)
    return create(desk(session), serial, "", some).meter_id


def hang(
    session: Session,
    meter_id: int,
    on: str,
    *values: int,
    of: int = 1,
    share: Share | None = None,
    multiplier: Multiplier | None = None,
) -> None:
    placing = Placing(
        account(of), 1, meter_id, day(on), multiplier or Multiplier(), share or Share()
    )
    install(desk(session), placing, {n: (v, 0) for n, v in enumerate(values, start=1)})


def given(*rows: tuple[int, str, int], source: Source = Source.OFFICER, of: int = 1) -> NewReadings:
    """(meter, day, value) of register 1."""
    count = len(rows)
    return NewReadings(
        np.full(count, account(of) if of else 0),
        np.array([meter for meter, _, _ in rows]),
        np.ones(count, dtype=np.int64),
        np.array([day(on) for _, on, _ in rows]),
        np.array([value for _, _, value in rows]),
        np.zeros(count, dtype=np.int64),
        np.full(count, int(source)),
    )


def submit(
    session: Session,
    *rows: tuple[int, str, int],
    source: Source = Source.OFFICER,
    of: int = 1,
    who: MeteringProvider | None = None,
) -> Results:
    return record(session, CLERK, who or provider(), given(*rows, source=source, of=of), NOW)
