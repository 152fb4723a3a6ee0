"""A small town with one account, and what its tests do to it: agreements, meters, bills."""

from dataclasses import dataclass, field, replace
from datetime import date

import numpy as np

from billcore.core import verify
from billcore.core.accounts import agreements, attributes, cycles, providers, things
from billcore.core.accounts.accounts import ACCOUNTS, CUSTOMERS, POINTS
from billcore.core.accounts.adding import GivenStep, GivenTerm
from billcore.core.billing.charges import packing
from billcore.core.billing.charges.due import Window
from billcore.core.billing.charges.inputs import unpacked
from billcore.core.billing.charges.tariffs import Tariffs
from billcore.core.billing.make import Order, bill_accounts
from billcore.core.billing.single import Asked, bill_one
from billcore.core.caller import Caller, Role
from billcore.core.ledger import balances, by_hand
from billcore.core.ledger.by_hand import GivenEntry
from billcore.core.ledger.kinds import BillKind
from billcore.core.metering.findings import Source
from billcore.core.metering.meters import Desk, Placing, create, install, remove
from billcore.core.metering.provider import metering_provider
from billcore.core.metering.record import new_readings, record
from billcore.core.rating.bills import bill_at
from billcore.core.store import providers as provider_rows
from billcore.core.store.meters import Register
from billcore.core.store.port import OPEN_DAY, Store
from billcore.core.tariff.catalog import Catalog
from billcore.core.tariff.reference import evaluation
from billcore.core.tariff.shelves import Stored
from tests.seed import Act

NOW = 1_800_000_000_000_000
JANUARY = date(2026, 1, 1).toordinal()

HEAD = """
tariff: {id}
provider: town
service: {service}
currency: EUR
calendar: gregorian
rounding: {{line: 0.01 half_up}}
"""

WATER = (
    HEAD.format(id="water", service="water")
    + """
inputs:
  m3: {kind: quantity, unit: m3, decimals: 3, max: 100000}
  persons: {kind: number, per: segment, decimals: 0, max: 50}
  class: {kind: choice, oneof: [home, shop]}
versions:
  - from: 2020-01-01
    price: {home: 2.00, shop: 3.00}
    head: 0.10
lines:
  - {id: water, is: 'm3 * price[class]'}
  - {id: heads, is: days * persons * head}
total: {of: all}
"""
)

FLAT = (
    HEAD.format(id="flat", service="waste")
    + """
inputs:
  bins: {kind: number, decimals: 0, max: 50}
versions:
  - from: 2020-01-01
    bin: 0.25
lines:
  - {id: waste, is: days * bins * bin}
total: {of: all}
"""
)

DEAR = WATER.replace("tariff: water", "tariff: dear").replace("2.00", "4.00")

STATES = (
    HEAD.format(id="states", service="water")
    + """
inputs:
  m3: {kind: quantity, unit: m3, decimals: 0, max: 100000, split: 1 half_up last}
state:
  used: {decimals: 0, max: 1000000, next: used + m3}
  peaks: {decimals: 0, max: 1000000, history: 2, push: bill.m3}
versions:
  - from: 2020-01-01
    price: 0.333
lines:
  - {id: water, is: m3 * price}
  - {id: extra, is: used * 0.01}
  - {id: ratchet, is: 'highest(peaks) * 0.10'}
total: {of: all, round: 1 down, carry: remainder}
"""
)


@dataclass
class Town:
    """A provider with one account, and what its tests do to it."""

    store: Store
    caller: Caller
    account_id: int
    meters: dict[str, int] = field(default_factory=dict)
    at: int = NOW

    @property
    def provider_id(self):
        return self.caller.provider_id

    def act(self, session):
        self.at += 1_000_000
        return Act(session, self.caller, self.at)

    def open_account(self, number):
        """The same town, seen from another account."""
        with self.store.write() as session:
            return replace(self, account_id=_account(self.act(session), number))

    def agree(self, service, tariffs, steps, first=JANUARY, cycle="monthly"):
        """An agreement of the account; tariffs: (first day, tariff), steps: (name, day, value)."""
        days = [*(day for day, _ in tariffs[1:]), None]
        terms = [
            GivenTerm(day, OPEN_DAY if end is None else end - 1, name)
            for (day, name), end in zip(tariffs, days, strict=True)
        ]
        with self.store.write() as session:
            act = self.act(session)
            place = {"number": f"P-{service}-{self.account_id}", "service": service}
            point = things.create(act, POINTS, {**place, "address": "", "geographic_code": ""})
            values = {
                "account_id": self.account_id,
                "point_id": point.point_id,
                "service": service,
                "cycle": cycle,
                "from_day": first,
                "until_day": OPEN_DAY,
            }
            given = [GivenStep(name, day, value) for name, day, value in steps]
            return agreements.create_agreement(act, values, terms, given).row.agreement_no

    def hang(self, agreement_no, quantity="m3", day=JANUARY, dial=0):
        with self.store.write() as session:
            provider = metering_provider(session, self.caller.provider_id)
            desk = Desk(session, self.caller, provider, self.act(session).now)
            meter = create(
                desk, f"M{len(self.meters)}", "", [Register(1, quantity, quantity, 6, 0)]
            )
            install(
                desk, Placing(self.account_id, agreement_no, meter.meter_id, day), {1: (dial, 0)}
            )
        self.meters[quantity] = meter.meter_id

    def read(self, day, dial, quantity="m3"):
        with self.store.write() as session:
            provider = metering_provider(session, self.caller.provider_id)
            row = {"meter_id": self.meters[quantity], "register_no": 1, "day": day,
                   "value": dial, "source": Source.OFFICER}  # fmt: skip
            given = new_readings({name: np.array([value]) for name, value in row.items()})
            results = record(session, self.caller, provider, given, self.act(session).now)
        assert results.status.tolist() == [1], results

    def end(self, agreement_no, day):
        """Makes a day the agreement's last; it was not changed before."""
        with self.store.write() as session:
            agreements.end_agreement(self.act(session), self.account_id, agreement_no, day, 1)

    def take_down(self, day, dial, quantity="m3"):
        with self.store.write() as session:
            provider = metering_provider(session, self.provider_id)
            desk = Desk(session, self.caller, provider, self.act(session).now)
            remove(desk, self.meters[quantity], day, {1: (dial, 0)})

    def bill_one(self, day, kind=BillKind.REGULAR, window=0, source=""):
        """The bill of one account as a clerk makes it; raises what refuses it."""
        wanted = Asked(self.account_id, Window(day - window, day), day, kind)
        with self.store.write() as session:
            provider = provider_rows.provider(session, self.provider_id)
            act = self.act(session)
            return bill_one(act, provider, wanted, source or f"{self.account_id} at {act.now}")

    def post(self, kind, amount, day):
        """An account entry; debit positive."""
        with self.store.write() as session:
            act = self.act(session)
            given = GivenEntry(self.account_id, kind, amount, day, f"entry {act.now}")
            by_hand.post_one(act, given, "as agreed", f"{self.account_id} entry {act.now}")

    def owes(self):
        with self.store.read() as reader:
            return balances.balance(reader, self.account_id)

    def bill(self, day, window=0):
        """(ids, made) of the account's bill with readings of day-window..day."""
        with self.store.write() as session:
            provider = provider_rows.provider(session, self.caller.provider_id)
            order = Order(self.account_id, self.account_id, Window(day - window, day), day,
                          f"bill {day}", self.caller.client_id, self.act(session).now)  # fmt: skip
            issued, made = bill_accounts(session, provider, order)
            return issued.bill_id, made

    def lines(self, day, window=0):
        """The amounts of the account's bill, by agreement and line, a list a span."""
        _, made = self.bill(day, window)
        assert not made.refused, made.refused
        with self.store.read() as reader:
            tariffs, found = Tariffs(reader), {}
            for part in packing.lines_parts(made.drafts.lines):
                tariff = tariffs.one(*part.tariff)
                names = [line.id for line in tariff.document.lines]
                for row, amounts in enumerate(packing.amounts_of(part).tolist()):
                    told = dict(zip(names, amounts, strict=False))
                    found.setdefault(int(part.field(0)[row]), []).append(told)
            self.check_by_reference(reader, tariffs, made)
        assert self.broken() == {}
        return found

    def check_by_reference(self, reader, tariffs, made):
        """The total is that of the exact reference over the bill's own inputs."""
        total = 0
        for part in packing.inputs_parts(made.drafts.inputs):
            tariff = tariffs.one(*part.tariff)
            columns, changes = unpacked(tariff, part)
            for row in range(len(part.bill)):
                bill = bill_at(tariff, columns, row, changes)
                total += evaluation.rate(tariff.document, tariff.analysis, bill).total
        assert total * 100 == int(made.drafts.total.sum())

    def broken(self):
        with self.store.read() as reader:
            found = list(verify.verify(reader, [self.caller.provider_id]))
        return {verdict.check: verdict.broken for verdict in found if verdict.broken}


def settle(store: Store, code: str = "town", currency: str = "EUR") -> Town:
    """A provider with its tariffs and the account A1."""
    with store.write() as session:
        provider = providers.create_provider(
            Act(session, Caller(1, 0, frozenset()), NOW),
            {"code": code, "name": "Town", "time_zone": "Europe/Vienna", "currency": currency,
             "calendar": "gregorian", "language": "de",
             "policies": '{"plausibility": {"low_percent": 0, "high_percent": 100000}}'},
        )  # fmt: skip
    caller = Caller(2, provider.provider_id, frozenset(Role), "clerk")
    catalog = Catalog(Stored(store, lambda: NOW))
    for number, text in enumerate((WATER, DEAR, FLAT)):
        told = text.replace("EUR", currency)
        catalog.publish(told, f"{code} t{number}", caller=caller)
    with store.write() as session:
        act = Act(session, caller, NOW)
        account_id = _account(act, "A1")
        cycles.create_cycle(act, "monthly", 1)
        attributes.create_attribute(act, "persons", "number", "", 0, [])
        attributes.create_attribute(act, "bins", "number", "", 0, [])
        attributes.create_attribute(act, "class", "choice", "", 0, ["shop", "home"])
    return Town(store, caller, account_id)


def _account(act, number):
    blank = {"phone": "", "email": "", "address": "", "language": ""}
    person = {"kind": "person", "name": "A", "number": f"C-{number}", **blank}
    owner = things.create(act, CUSTOMERS, person)
    values = {
        "number": number,
        "customer_id": owner.customer_id,
        "name": "",
        "geographic_code": "",
        "opened_day": JANUARY,
        "closed_day": OPEN_DAY,
        **blank,
    }
    return things.create(act, ACCOUNTS, values).account_id


HOME = (("class", JANUARY, "home"), ("persons", JANUARY, "3"))
