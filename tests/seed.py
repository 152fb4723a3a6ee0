"""The water company of the printed bills and its account 1421: as printed, and in a store."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import pyarrow as pa

from billcore.core.accounts import agreements, cycles, providers, things
from billcore.core.accounts.accounts import ACCOUNTS, CUSTOMERS, POINTS
from billcore.core.accounts.adding import GivenTerm
from billcore.core.billing.charges.due import Window
from billcore.core.billing.make import Order, bill_accounts
from billcore.core.calendar import Calendar
from billcore.core.caller import Caller, Role
from billcore.core.ledger.account_entries import AccountEntries, Posting, post_account_entries
from billcore.core.ledger.kinds import EntryKind
from billcore.core.metering.findings import Source
from billcore.core.metering.meters import Desk, Placing, create, install
from billcore.core.metering.provider import metering_provider
from billcore.core.metering.record import new_readings, record
from billcore.core.store import providers as provider_rows
from billcore.core.store.meters import Register
from billcore.core.store.port import OPEN_DAY, Session, Store
from billcore.core.tariff.catalog import Catalog
from billcore.core.tariff.shelves import Stored

ROOT = Path(__file__).parents[1]
TARIFF = ROOT / "tariffs" / "ir-mehrab-water.yaml"

POLICIES = """{"taxes": ["levy", "vat"],
 "plausibility": {"low_percent": 0, "high_percent": 1000}}"""

NOW = int(date(2018, 11, 1).toordinal() - date(1970, 1, 1).toordinal()) * 86_400_000_000
SECOND = 1_000_000


def jalali(text: str) -> int:
    return Calendar.JALALI.parse(text)


@dataclass(frozen=True)
class Printed:
    """A printed bill; days 0: as the dates count them."""

    day: str
    dial: int
    days: int
    total: int


FIRST = ("1395-01-29", 98)
PRINTED = (
    Printed("1395-10-06", 120, 253, 729_792),
    Printed("1396-02-24", 130, 138, 390_220),
    Printed("1397-01-31", 140, 341, 925_331),
    Printed("1397-06-03", 175, 127, 495_585),
    Printed("1397-07-30", 220, 58, 362_327),
)
"""From the oldest. The second counts 138 days where its dates count 139."""


@dataclass(frozen=True)
class Act:
    """A write of the tests: its transaction, who, when."""

    session: Session
    caller: Caller
    now: int


@dataclass(frozen=True)
class World:
    """The company in a store; ids of what the tests ask for."""

    store: Store
    caller: Caller
    account_id: int
    meter_id: int


def settle(store: Store) -> World:
    """The company with its tariff, customer, account 1421 and meter, and a debt of 17 rials."""
    house = Caller(1, 0, frozenset())
    with store.write() as session:
        provider = providers.create_provider(
            Act(session, house, NOW),
            {
                "code": "mehrab",
                "name": "Mehrab Mahan",
                "time_zone": "Asia/Tehran",
                "currency": "IRR",
                "calendar": "jalali",
                "language": "fa",
                "policies": POLICIES,
            },
        )
    caller = Caller(2, provider.provider_id, frozenset(Role), "clerk")
    Catalog(Stored(store, lambda: NOW)).publish(TARIFF.read_text(), "seed", caller=caller)
    with store.write() as session:
        account_id = _account(Act(session, caller, NOW))
    with store.write() as session:
        meter_id = _meter(Act(session, caller, NOW), account_id)
    post(store, caller, account_id, EntryKind.OPENING, jalali(FIRST[0]), 17, "taken over")
    return World(store, caller, account_id, meter_id)


def _account(act: Act) -> int:
    blank = {"phone": "", "email": "", "address": "", "language": ""}
    person = {"kind": "person", "name": "…", "number": "C1421", **blank}
    owner = things.create(act, CUSTOMERS, person)
    place = {"number": "420/71", "service": "water", "address": "", "geographic_code": ""}
    point = things.create(act, POINTS, place)
    values = {
        "number": "1421",
        "customer_id": owner.customer_id,
        "name": "",
        "geographic_code": "1900420071",
        "opened_day": jalali(FIRST[0]),
        "closed_day": OPEN_DAY,
        **blank,
    }
    account = things.create(act, ACCOUNTS, values)
    cycles.create_cycle(act, "two months", 2)
    agreements.create_agreement(
        act,
        {
            "account_id": account.account_id,
            "point_id": point.point_id,
            "service": "water",
            "cycle": "two months",
            "from_day": jalali(FIRST[0]),
            "until_day": OPEN_DAY,
        },
        [GivenTerm(jalali(FIRST[0]), OPEN_DAY, "ir-mehrab-water")],
        (),
    )
    return account.account_id


def _meter(act: Act, account_id: int) -> int:
    provider = metering_provider(act.session, act.caller.provider_id)
    desk = Desk(act.session, act.caller, provider, act.now)
    meter = create(desk, "M1421", "", [Register(1, "m3", "m3", 5, 0)])
    day, dial = jalali(FIRST[0]), FIRST[1]
    install(desk, Placing(account_id, 1, meter.meter_id, day), {1: (dial, 0)})
    return meter.meter_id


def read(world: World, day: int, dial: int) -> None:
    """An officer reads the meter."""
    with world.store.write() as session:
        provider = metering_provider(session, world.caller.provider_id)
        columns = {
            "meter_id": [world.meter_id],
            "register_no": [1],
            "day": [day],
            "value": [dial],
            "source": [Source.OFFICER],
        }
        given = new_readings({name: np.array(column) for name, column in columns.items()})
        results = record(session, world.caller, provider, given, NOW)
        assert results.status.tolist() == [1], (results.status, results.findings)


def bill(world: World, day: int, days: int = 0, at: int = NOW, source: str = "bill"):
    """The account's bill up to its reading of a day; (ids, what was made)."""
    with world.store.write() as session:
        provider = provider_rows.provider(session, world.caller.provider_id)
        assert provider is not None
        order = Order(
            first=world.account_id,
            last=world.account_id,
            window=Window(day, day),
            issued_day=day,
            source=f"{source} {day}",
            client_id=world.caller.client_id,
            recorded_at=at,
            days={(world.account_id, 1): days} if days else {},
        )
        issued, made = bill_accounts(session, provider, order)
        return issued.bill_id, made


def post(
    store: Store,
    caller: Caller,
    account_id: int,
    kind: EntryKind,
    day: int,
    amount: int,
    reference: str,
    at: int = NOW,
) -> None:
    """An entry of the account; amount in rials, debit positive."""
    entries = AccountEntries(
        account_id=np.array([account_id]),
        kind=np.array([int(kind)]),
        day=np.array([day]),
        amount=np.array([amount]),
        reference=pa.array([reference]),
        reverses=np.array([0]),
    )
    posting = Posting(caller.provider_id, reference, caller.client_id, at)
    with store.write() as session:
        post_account_entries(session, entries, posting)
