"""Random changes of agreements in a store: the row stays the fold of the history."""

from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from billcore.core.accounts import accounts, agreements, attributes, cycles, providers, things
from billcore.core.accounts.adding import GivenStep, GivenTerm
from billcore.core.accounts.errors import AgreementOutside
from billcore.core.accounts.verify import check_agreements
from billcore.core.caller import Caller
from billcore.core.store.port import Session
from tests.stores import migrated

DAY = date(2021, 1, 1).toordinal()
DAYS = 10
TARIFFS = {"R1": 1, "R2": 2, "R3": 3}


@dataclass(frozen=True)
class Act:
    session: Session
    caller: Caller
    now: int = 1


class RolledBack(Exception):
    """Ends an example without keeping it."""


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    path = tmp_path_factory.mktemp("changes") / "store.db"
    found = migrated(f"sqlite:///{path}")
    yield found
    found.close()


day = st.integers(DAY - 1, DAY + DAYS)
changes = st.lists(
    st.one_of(
        st.tuples(st.just("tariff"), day, st.sampled_from(sorted(TARIFFS))),
        st.tuples(st.just("persons"), day, st.integers(0, 2)),
        st.tuples(st.just("end"), day, st.none()),
    ),
    max_size=12,
)


@contextmanager
def dropped(store):
    """A transaction of which nothing is kept."""
    with suppress(RolledBack), store.write() as session:
        yield session
        raise RolledBack


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(changes)
def test_the_row_stays_the_fold_of_the_history(store, drawn):
    """After every change: the model's days, and nothing for verify to find."""
    with dropped(store) as session:
        act = prepared(session)
        found = first_agreement(act)
        model = Model()
        for what, on, value in drawn:
            key = found.row.account_id, found.row.agreement_no
            if not DAY <= on <= model.last:
                with pytest.raises(AgreementOutside):
                    changed(act, key, what, on, value, found.row.revision)
                continue
            found = changed(act, key, what, on, value, found.row.revision)
            model.change(what, on, value)
            assert model.tariffs() == tariffs(found, model.last)
            assert model.persons() == persons(found, model.last)
            assert list(check_agreements(session, act.caller.provider_id)) == []


class Model:
    """What holds on each day, by the changes that are known."""

    def __init__(self):
        self.last = DAY + DAYS - 1
        self.terms = {DAY: 1}
        self.steps = {}

    def change(self, what, on, value):
        if what == "tariff":
            self.terms[on] = TARIFFS[value]
        elif what == "persons":
            self.steps[on] = value
        else:
            self.last = on
            self.terms = {d: v for d, v in self.terms.items() if d <= on}
            self.steps = {d: v for d, v in self.steps.items() if d <= on}
        self.terms, self.steps = settled(self.terms), settled(self.steps)

    def tariffs(self):
        return [latest(self.terms, d) for d in range(DAY, self.last + 1)]

    def persons(self):
        return [latest(self.steps, d) for d in range(DAY, self.last + 1)]


def settled(values):
    """Without the changes that change nothing: a later change of an earlier day is not hidden."""
    kept = {}
    for d in sorted(values):
        if not kept or kept[max(kept)] != values[d]:
            kept[d] = values[d]
    return kept


def latest(values, on):
    known = [d for d in values if d <= on]
    return values[max(known)] if known else None


def tariffs(found, last):
    return [
        next(t.tariff_no for t in found.terms if t.from_day <= d <= t.until_day)
        for d in range(DAY, last + 1)
    ]


def persons(found, last):
    return [latest({s.from_day: s.value for s in found.steps}, d) for d in range(DAY, last + 1)]


def changed(act, key, what, on, value, revision):
    if what == "tariff":
        return agreements.change_tariff(act, *key, on, value, revision)
    if what == "persons":
        step = GivenStep("persons", on, str(value))
        return agreements.change_attribute(act, *key, step, revision)
    return agreements.end_agreement(act, *key, on, revision)


def prepared(session):
    house = Act(session, Caller(1, 0, frozenset()))
    made = providers.create_provider(
        house,
        {
            "code": "water",
            "name": "Water",
            "time_zone": "UTC",
            "currency": "IRR",
            "calendar": "gregorian",
            "language": "fa",
            "policies": "",
        },
    )
    act = Act(session, Caller(2, made.provider_id, frozenset()))
    cycles.create_cycle(act, "monthly", 1)
    attributes.create_attribute(act, "persons", "number", "person", 0, [])
    for name, number in TARIFFS.items():
        session.run(
            "INSERT INTO tariff (provider_id, tariff_no, tariff) VALUES (0, :n, :t)",
            n=number,
            t=name,
        )
    return act


def first_agreement(act):
    contact = {"phone": "", "email": "", "address": "", "language": ""}
    customer = things.create(
        act, accounts.CUSTOMERS, {"kind": "person", "name": "Mina", "number": "C", **contact}
    )
    account = things.create(
        act,
        accounts.ACCOUNTS,
        {
            "number": "A",
            "customer_id": customer.customer_id,
            "name": "",
            "geographic_code": "",
            **contact,
            "opened_day": DAY,
        },
    )
    point = things.create(
        act,
        accounts.POINTS,
        {"number": "P", "service": "water", "address": "", "geographic_code": ""},
    )
    last = DAY + DAYS - 1
    values = {
        "account_id": account.account_id,
        "point_id": point.point_id,
        "service": "water",
        "cycle": "monthly",
        "from_day": DAY,
        "until_day": last,
    }
    return agreements.create_agreement(act, values, [GivenTerm(DAY, last, "R1")], [])
