"""What a bill takes from the store: attributes, changes, several agreements, states, remainders."""

from dataclasses import dataclass, field
from datetime import date

import numpy as np
import pytest

from billcore.core import verify
from billcore.core.accounts import agreements, attributes, cycles, providers, things
from billcore.core.accounts.accounts import ACCOUNTS, CUSTOMERS, POINTS
from billcore.core.accounts.adding import GivenStep, GivenTerm
from billcore.core.billing.charges import handed, packing
from billcore.core.billing.charges.due import Window
from billcore.core.billing.charges.inputs import unpacked
from billcore.core.billing.charges.tariffs import Tariffs
from billcore.core.billing.make import Order, bill_accounts
from billcore.core.caller import Caller, Role
from billcore.core.metering.findings import Source
from billcore.core.metering.meters import Desk, Placing, create, install
from billcore.core.metering.provider import metering_provider
from billcore.core.metering.record import new_readings, record
from billcore.core.rating.bills import bill_at
from billcore.core.store import bills as bill_rows
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


@dataclass
class Town:
    """A provider with one account, and what its tests do to it."""

    store: Store
    caller: Caller
    account_id: int
    meters: dict[str, int] = field(default_factory=dict)
    at: int = NOW

    def act(self, session):
        self.at += 1_000_000
        return Act(session, self.caller, self.at)

    def agree(self, service, tariffs, steps, first=JANUARY):
        """An agreement of the account; tariffs: (first day, tariff), steps: (name, day, value)."""
        days = [*(day for day, _ in tariffs[1:]), None]
        terms = [
            GivenTerm(day, OPEN_DAY if end is None else end - 1, name)
            for (day, name), end in zip(tariffs, days, strict=True)
        ]
        with self.store.write() as session:
            act = self.act(session)
            place = {"number": f"P-{service}", "service": service}
            point = things.create(act, POINTS, {**place, "address": "", "geographic_code": ""})
            values = {
                "account_id": self.account_id,
                "point_id": point.point_id,
                "service": service,
                "cycle": "monthly",
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


@pytest.fixture
def town(books):
    with books.write() as session:
        provider = providers.create_provider(
            Act(session, Caller(1, 0, frozenset()), NOW),
            {"code": "town", "name": "Town", "time_zone": "Europe/Vienna", "currency": "EUR",
             "calendar": "gregorian", "language": "de",
             "policies": '{"plausibility": {"low_percent": 0, "high_percent": 100000}}'},
        )  # fmt: skip
    caller = Caller(2, provider.provider_id, frozenset(Role), "clerk")
    catalog = Catalog(Stored(books, lambda: NOW))
    for number, text in enumerate((WATER, DEAR, FLAT)):
        catalog.publish(text, f"t{number}", caller=caller)
    blank = {"phone": "", "email": "", "address": "", "language": ""}
    with books.write() as session:
        act = Act(session, caller, NOW)
        owner = things.create(
            act, CUSTOMERS, {"kind": "person", "name": "A", "number": "C", **blank}
        )
        account = things.create(act, ACCOUNTS, {
            "number": "A1", "customer_id": owner.customer_id, "name": "", "geographic_code": "",
            "opened_day": JANUARY, "closed_day": OPEN_DAY, **blank,
        })  # fmt: skip
        cycles.create_cycle(act, "monthly", 1)
        attributes.create_attribute(act, "persons", "number", "", 0, [])
        attributes.create_attribute(act, "bins", "number", "", 0, [])
        attributes.create_attribute(act, "class", "choice", "", 0, ["shop", "home"])
    return Town(books, caller, account.account_id)


HOME = (("class", JANUARY, "home"), ("persons", JANUARY, "3"))


def test_usage_attributes_and_words(town):
    """The provider's words stand in another order than the tariff's choices."""
    town.hang(town.agree("water", [(JANUARY, "water")], HOME))
    town.read(JANUARY + 30, 20)
    assert town.lines(JANUARY + 30) == {1: [{"water": 4000, "heads": 900}]}


def test_an_attribute_changes_inside_the_period(town):
    """Three persons for 10 days, five for 20; the class of the last day prices all."""
    steps = (*HOME, ("persons", JANUARY + 11, "5"), ("class", JANUARY + 20, "shop"))
    town.hang(town.agree("water", [(JANUARY, "water")], steps))
    town.read(JANUARY + 30, 20)
    assert town.lines(JANUARY + 30) == {1: [{"water": 6000, "heads": 300 + 1000}]}


def test_a_change_behind_the_period_waits(town):
    town.hang(town.agree("water", [(JANUARY, "water")], (*HOME, ("persons", JANUARY + 31, "5"))))
    town.read(JANUARY + 30, 20)
    town.read(JANUARY + 60, 30)
    assert town.lines(JANUARY + 30)[1][0]["heads"] == 900
    assert town.lines(JANUARY + 60)[1][0]["heads"] == 1500


def test_several_agreements_on_one_bill(town):
    """Water by its meter to the reading, waste without one to the end of the window."""
    town.hang(town.agree("water", [(JANUARY, "water")], HOME))
    town.agree("waste", [(JANUARY, "flat")], (("bins", JANUARY, "2"),))
    town.read(JANUARY + 28, 20)
    found = town.lines(JANUARY + 30, window=5)
    assert found == {1: [{"water": 4000, "heads": 840}], 2: [{"waste": 31 * 50}]}
    with town.store.read() as reader:
        (months,) = {tuple(bill_rows.months(reader, town.caller.provider_id))}
    assert len(months) == 1


def test_a_new_tariff_on_a_day_that_was_read(town):
    """Fifteen days by the old tariff and fifteen by the new one, each by its own usage."""
    town.hang(town.agree("water", [(JANUARY, "water"), (JANUARY + 16, "dear")], HOME))
    town.read(JANUARY + 15, 5)
    town.read(JANUARY + 30, 20)
    assert town.lines(JANUARY + 30) == {
        1: [{"water": 1000, "heads": 450}, {"water": 6000, "heads": 450}]
    }


def test_a_new_tariff_on_a_day_that_was_not_read(town):
    town.hang(town.agree("water", [(JANUARY, "water"), (JANUARY + 16, "dear")], HOME))
    town.read(JANUARY + 30, 20)
    ids, made = town.bill(JANUARY + 30)
    assert len(ids) == 0
    refusal = made.refused[town.account_id]
    assert (refusal.rule, refusal.fields["agreement"]) == ("USAGE_INCOMPLETE", "1")
    assert "2026-01-16" in refusal.message
    assert town.broken() == {}


@pytest.mark.parametrize(
    ("steps", "rule", "word"),
    [
        ((("persons", JANUARY, "3"),), "INPUT_MISSING", "class"),
        ((("class", JANUARY, "home"), ("persons", JANUARY, "51")), "OUT_OF_RANGE", "persons"),
    ],
)
def test_an_account_that_lacks_what_its_tariff_needs(town, steps, rule, word):
    town.hang(town.agree("water", [(JANUARY, "water")], steps))
    town.agree("waste", [(JANUARY, "flat")], (("bins", JANUARY, "2"),))
    town.read(JANUARY + 30, 20)
    ids, made = town.bill(JANUARY + 30)
    assert len(ids) == 0  # not the waste alone
    refusal = made.refused[town.account_id]
    assert refusal.rule == rule
    assert word in refusal.message


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


def test_states_histories_and_remainders_are_handed_on(town):
    """What a bill leaves behind is an input of the next, and no cent is lost on the way."""
    Catalog(Stored(town.store, lambda: NOW)).publish(STATES, "s", caller=town.caller)
    town.hang(town.agree("water", [(JANUARY, "states")], ()))
    dials, totals = (7, 12, 30), []
    for number, dial in enumerate(dials, 1):
        town.read(JANUARY + 30 * number, dial)
        found = town.lines(JANUARY + 30 * number)
        totals.append(found[1][0])
    assert [t["water"] for t in totals] == [233, 167, 599]
    assert [t["extra"] for t in totals] == [0, 7, 12]
    assert [t["ratchet"] for t in totals] == [0, 70, 70]
    with town.store.read() as reader:
        month, bill_id = bill_rows.last(reader, town.account_id)
        last = bill_rows.one(reader, month, town.account_id, bill_id)
        one = handed.read(last["carried"].to_pylist()[0])[1]
    assert one.states == {"used": 30}
    assert one.histories["peaks"] == ((3, 5), (4, 18))
    spent = sum(sum(t.values()) for t in totals)
    billed = int(last["closing"][0])
    assert spent == billed + one.remainder
