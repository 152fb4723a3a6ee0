"""Master data on both stores: rules, tenancy, revisions, history, bulk."""

import json
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date

import numpy as np
import pyarrow as pa
import pytest

from billcore.core.accounts import accounts, agreements, attributes, bulk, cycles, providers, things
from billcore.core.accounts.accounts import ACCOUNTS, CUSTOMERS, POINTS
from billcore.core.accounts.adding import GivenStep, GivenTerm
from billcore.core.accounts.columns import changes, read_agreements
from billcore.core.accounts.errors import (
    AccountInUse,
    AccountUnknown,
    AgreementOutside,
    AgreementOverlap,
    AgreementTariffUnknown,
    AgreementUncovered,
    AgreementUnknown,
    AlreadyTaken,
    AttributeUnknown,
    CustomerUnknown,
    CycleUnknown,
    FieldRefused,
    HouseNeeded,
    PolicyInvalid,
    ProviderNeeded,
    ProviderUnknown,
    RevisionConflict,
    ServicePointUnknown,
)
from billcore.core.accounts.numbers import resolved
from billcore.core.accounts.verify import check_agreements
from billcore.core.caller import Caller
from billcore.core.ids import id_range
from billcore.core.store import agreements as agreement_rows
from billcore.core.store.port import OPEN_DAY, Session

NOW = 1_700_000_000_000_000
DAY = date(2021, 7, 29).toordinal()
HOUSE = Caller(1, 0, frozenset())
WATER = {
    "code": "water",
    "name": "Water",
    "time_zone": "Asia/Tehran",
    "currency": "IRR",
    "calendar": "jalali",
    "language": "fa",
    "policies": "",
}


@dataclass(frozen=True)
class Act:
    session: Session
    caller: Caller
    now: int = NOW


@pytest.fixture
def session(books):
    with books.write() as found:
        yield found


def provider(session, code="water", **more):
    made = providers.create_provider(Act(session, HOUSE), {**WATER, "code": code, **more})
    return Act(session, Caller(2, made.provider_id, frozenset()))


def customer(act, number="C1", **more):
    values = {"kind": "person", "name": "Mina", "number": number, **blank("customer"), **more}
    return things.create(act, CUSTOMERS, values)


def point(act, number="P1", **more):
    values = {"number": number, "service": "water", "address": "", "geographic_code": "", **more}
    return things.create(act, POINTS, values)


def account(act, customer_id, number="A1", **more):
    values = {"number": number, "customer_id": customer_id, "name": "", "geographic_code": ""}
    days = {"opened_day": DAY, "closed_day": OPEN_DAY}
    return things.create(act, ACCOUNTS, {**values, **blank("account"), **days, **more})


def blank(of):
    return {"phone": "", "email": "", "address": "", "language": ""}


def tariff(session, provider_id, number, name):
    session.run(
        "INSERT INTO tariff (provider_id, tariff_no, tariff) VALUES (:p, :n, :t)",
        p=provider_id, n=number, t=name,
    )  # fmt: skip


@pytest.fixture
def act(session):
    return prepared(session)


def prepared(session):
    """A provider with a customer, two accounts, two points, a cycle, tariffs and attributes."""
    act = provider(session)
    owner = customer(act).customer_id
    for number in ("A1", "A2"):
        account(act, owner, number)
    for number in ("P1", "P2"):
        point(act, number)
    cycles.create_cycle(act, "monthly", 1)
    tariff(session, act.caller.provider_id, 1, "R1")
    tariff(session, act.caller.provider_id, 2, "R2")
    tariff(session, 0, 3, "HOUSE")
    attributes.create_attribute(act, "persons", "number", "person", 1, [])
    attributes.create_attribute(act, "class", "choice", "", 0, ["home", "shop"])
    attributes.create_attribute(act, "veteran", "flag", "", 0, [])
    return act


def ids(act, thing, *numbers):
    provider_id = act.caller.provider_id
    return [things.by_number(act.session, provider_id, thing, n)[0] for n in numbers]


def agree(act, account="A1", point="P1", first=DAY, last=OPEN_DAY, terms=None, steps=(), **more):
    values = {
        "account_id": ids(act, ACCOUNTS, account)[0],
        "point_id": ids(act, POINTS, point)[0],
        "service": "water",
        "cycle": "monthly",
        "from_day": first,
        "until_day": last,
        **more,
    }
    given = [GivenTerm(first, last, "R1")] if terms is None else terms
    return agreements.create_agreement(act, values, given, steps)


def findings(act):
    return list(check_agreements(act.session, act.caller.provider_id))


# -- providers


def test_a_provider_has_its_policies_in_full(session):
    """What is left out of the policies is stored as its default."""
    made = providers.create_provider(Act(session, HOUSE), {**WATER, "policies": '{"due_days": 7}'})
    policies = json.loads(made.policies)
    assert (policies["due_days"], policies["plausibility"]["periods"]) == (7, 6)
    assert providers.get_provider(session, HOUSE, made.provider_id) == made


@pytest.mark.parametrize(
    ("field", "value", "error"),
    [
        ("code", "Water", FieldRefused),
        ("name", "", FieldRefused),
        ("time_zone", "Tehran/../x", FieldRefused),
        ("time_zone", "Mars/Base", FieldRefused),
        ("currency", "XXX", FieldRefused),
        ("calendar", "lunar", FieldRefused),
        ("language", "Persian", FieldRefused),
        ("policies", '{"due": 1}', PolicyInvalid),
    ],
)
def test_a_wrong_provider_is_refused_with_the_field(session, field, value, error):
    """Each rule of a provider names its field."""
    with pytest.raises(error) as caught:
        providers.create_provider(Act(session, HOUSE), {**WATER, field: value})
    assert caught.value.fields["field"].startswith(field)


def test_a_provider_sees_itself_only(session):
    """Another provider is as unknown as none."""
    one, other = provider(session), provider(session, "gas")
    number = other.caller.provider_id
    assert providers.get_provider(session, one.caller, 0).code == "water"
    for unknown in (number, 77):
        with pytest.raises(ProviderUnknown):
            providers.get_provider(session, one.caller, unknown)
    assert [p.code for p in providers.list_providers(session, one.caller, 0, 9)] == ["water"]
    assert [p.code for p in providers.list_providers(session, HOUSE, 0, 9)] == ["water", "gas"]
    with pytest.raises(HouseNeeded):
        providers.create_provider(one, {**WATER, "code": "third"})
    with pytest.raises(AlreadyTaken):
        provider(session)


def test_a_provider_is_changed_once_a_revision(session):
    """A second writer with the same revision is refused."""
    act = provider(session)
    changed = providers.change_provider(act, 0, {"name": "Aqua"}, 1)
    assert (changed.name, changed.revision) == ("Aqua", 2)
    with pytest.raises(RevisionConflict):
        providers.change_provider(act, 0, {"name": "Agua"}, 1)


def test_the_house_has_no_accounts(session):
    """A client of the house has to act for a provider."""
    with pytest.raises(ProviderNeeded):
        customer(Act(session, HOUSE))


# -- customers, service points, accounts


def test_things_are_created_found_changed_and_listed(act):
    """An id and a number name the same; a change shows, with the next revision."""
    mine = act.caller.provider_id
    made = customer(act, "C2", email="a@b")
    assert things.get(act.session, mine, CUSTOMERS, made.customer_id) == made
    changed = things.change(act, CUSTOMERS, made.customer_id, {"name": "Sara"}, 1)
    assert things.by_number(act.session, mine, CUSTOMERS, "C2") == changed
    assert (changed.name, changed.email, changed.revision) == ("Sara", "a@b", 2)
    with pytest.raises(RevisionConflict):
        things.change(act, CUSTOMERS, made.customer_id, {"name": "Tara"}, 1)
    pages = things.page(act.session, mine, CUSTOMERS, 0, 1)
    assert [c.number for c in pages] == ["C1"]
    assert [c.number for c in things.page(act.session, mine, CUSTOMERS, pages[0][0], 9)] == ["C2"]


@pytest.mark.parametrize("thing", [CUSTOMERS, POINTS, ACCOUNTS], ids=lambda t: t.word)
def test_another_providers_things_are_unknown(act, thing):
    """Ids and numbers of another provider are answered as those of nothing."""
    other = provider(act.session, "gas")
    number = {"customer": "C1", "service_point": "P1", "account": "A1"}[thing.word]
    owned = ids(act, thing, number)[0]
    messages = []
    for wanted in (owned, 5, 2**62):
        with pytest.raises(thing.unknown) as caught:
            things.get(act.session, other.caller.provider_id, thing, wanted)
        messages.append(caught.value.message.replace(str(wanted), ""))
    assert len(set(messages)) == 1
    with pytest.raises(thing.unknown):
        things.by_number(act.session, other.caller.provider_id, thing, number)
    assert things.page(act.session, other.caller.provider_id, thing, 0, 9) == []
    with pytest.raises(thing.unknown):
        things.change(other, thing, owned, {}, 1)


def test_an_account_belongs_to_a_customer_of_its_provider(act):
    """The customer of another provider is unknown."""
    other = provider(act.session, "gas")
    with pytest.raises(CustomerUnknown):
        account(other, ids(act, CUSTOMERS, "C1")[0])
    owner = ids(act, CUSTOMERS, "C1")[0]
    found = accounts.accounts_of(act.session, act.caller.provider_id, owner, 0, 9)
    assert [a.number for a in found] == ["A1", "A2"]


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"number": ""}, "number"),
        ({"number": "x" * 41}, "number"),
        ({"number": "a\nb"}, "number"),
        ({"number": " a"}, "number"),
        ({"email": "nobody"}, "email"),
        ({"language": "english"}, "language"),
        ({"opened_day": 5}, "opened_day"),
        ({"closed_day": DAY - 1}, "closed_day"),
    ],
)
def test_a_wrong_account_is_refused_with_the_field(act, more, field):
    """Texts have limits and no control characters; days are of 1800 to 2200 and in order."""
    with pytest.raises(FieldRefused) as caught:
        account(act, ids(act, CUSTOMERS, "C1")[0], **{"number": "A9", **more})
    assert caught.value.fields["field"] == field


def test_a_number_is_taken_once(act):
    """A second account of the number is refused; another provider may have it."""
    with pytest.raises(AlreadyTaken):
        account(act, ids(act, CUSTOMERS, "C1")[0], "A1")
    other = provider(act.session, "gas")
    assert account(other, customer(other).customer_id, "A1").number == "A1"


def test_an_account_closes_when_its_agreements_have_ended(act):
    """And no agreement may begin outside its days."""
    made = agree(act)
    one = ids(act, ACCOUNTS, "A1")[0]
    with pytest.raises(AccountInUse):
        accounts.close_account(act, one, DAY + 10, 1)
    agreements.end_agreement(act, one, made.row.agreement_no, DAY + 9, 1)
    closed = accounts.close_account(act, one, DAY + 10, 1)
    assert closed.closed_day == DAY + 10
    with pytest.raises(AgreementOutside):
        agree(act, first=DAY + 10, last=DAY + 11)
    with pytest.raises(AgreementOutside):
        accounts.change_account(act, one, {"opened_day": DAY + 1}, 2)
    assert accounts.close_account(act, one, OPEN_DAY, 2).closed_day == OPEN_DAY


# -- agreements


def test_an_agreement_has_its_history_and_its_last_state(act):
    """The packed row says what the last term and the last values say."""
    made = agree(
        act,
        terms=[GivenTerm(DAY, DAY + 9, "R1"), GivenTerm(DAY + 10, OPEN_DAY, "HOUSE")],
        steps=[GivenStep("persons", DAY, "3"), GivenStep("persons", DAY + 4, "3.5"),
               GivenStep("class", DAY, "shop"), GivenStep("veteran", DAY, "yes")],
    )  # fmt: skip
    assert (made.row.tariff_no, made.row.changed_day) == (3, DAY + 10)
    assert np.frombuffer(made.row.attributes, "<i8").tolist() == [1, 35, 2, 1, 3, 1]
    assert [t.tariff_no for t in made.terms] == [1, 3]
    assert findings(act) == []


@pytest.mark.parametrize(
    ("change", "error", "field"),
    [
        ({"terms": []}, AgreementUncovered, "terms"),
        ({"terms": [GivenTerm(DAY + 1, OPEN_DAY, "R1")]}, AgreementUncovered, "terms"),
        ({"terms": [GivenTerm(DAY, DAY + 1, "R1")]}, AgreementUncovered, "terms"),
        ({"terms": [GivenTerm(DAY - 1, OPEN_DAY, "R1")]}, AgreementOutside, "terms"),
        ({"terms": [GivenTerm(DAY, OPEN_DAY, "R9")]}, AgreementTariffUnknown, "terms"),
        ({"cycle": "yearly"}, CycleUnknown, "cycle"),
        ({"service": "Water"}, FieldRefused, "service"),
        ({"account_id": 7}, AccountUnknown, "account_id"),
        ({"point_id": 7}, ServicePointUnknown, "point_id"),
        ({"first": DAY - 1}, AgreementOutside, "from_day"),
        ({"last": DAY - 1}, FieldRefused, "until_day"),
        ({"steps": [GivenStep("rooms", DAY, "3")]}, AttributeUnknown, "attributes"),
        ({"steps": [GivenStep("persons", DAY, "3.55")]}, FieldRefused, "attributes"),
        ({"steps": [GivenStep("class", DAY, "castle")]}, FieldRefused, "attributes"),
        ({"steps": [GivenStep("veteran", DAY, "2")]}, FieldRefused, "attributes"),
        ({"steps": [GivenStep("persons", DAY - 1, "3")]}, AgreementOutside, "attributes"),
        ({"steps": [GivenStep("persons", DAY, "3")] * 2}, FieldRefused, "attributes"),
    ],
)
def test_a_wrong_agreement_is_refused(act, change, error, field):
    """Each rule names its field."""
    with pytest.raises(error) as caught:
        agree(act, **change)
    assert (type(caught.value), caught.value.fields["field"]) == (error, field)


def test_a_gap_is_told_by_its_first_day(act):
    """The eleventh day has no tariff."""
    terms = [GivenTerm(DAY, DAY + 9, "R1"), GivenTerm(DAY + 11, OPEN_DAY, "R2")]
    with pytest.raises(AgreementUncovered, match="2021-08-08 is the first day without a tariff"):
        agree(act, terms=terms)


def test_agreements_of_a_point_share_no_day(act):
    """The refusal names the other account and the days; another service may share them."""
    agree(act, last=DAY + 30)
    one = ids(act, ACCOUNTS, "A1")[0]
    with pytest.raises(AgreementOverlap, match=rf"2021-08-28 to 2021-08-28.*account {one}"):
        agree(act, "A2", first=DAY + 30)
    assert agree(act, "A2", service="sewage").row.agreement_no == 1
    assert agree(act, "A2", first=DAY + 31).row.agreement_no == 2
    assert findings(act) == []


def test_changes_are_dated_back_and_forth(act):
    """A change holds until the next that is known; one that changes nothing is left out."""
    made = agree(act, steps=[GivenStep("persons", DAY, "3")])
    key = made.row.account_id, made.row.agreement_no
    agreements.change_tariff(act, *key, DAY + 20, "R2", 1)
    changed = agreements.change_tariff(act, *key, DAY + 10, "HOUSE", 2, "late paper")
    assert [(t.from_day - DAY, t.tariff_no) for t in changed.terms] == [(0, 1), (10, 3), (20, 2)]
    changed = agreements.change_tariff(act, *key, DAY + 10, "R2", 3)
    assert [(t.from_day - DAY, t.tariff_no) for t in changed.terms] == [(0, 1), (10, 2)]
    changed = agreements.change_attribute(act, *key, GivenStep("persons", DAY + 5, "4"), 4)
    changed = agreements.change_attribute(act, *key, GivenStep("persons", DAY + 7, "4"), 5)
    assert [(s.from_day - DAY, s.value) for s in changed.steps] == [(0, 30), (5, 40)]
    with pytest.raises(RevisionConflict):
        agreements.change_tariff(act, *key, DAY + 10, "R2", 1)
    with pytest.raises(AgreementOutside):
        agreements.change_tariff(act, *key, DAY - 1, "R2", 6)
    with pytest.raises(AgreementUnknown):
        agreements.change_tariff(act, key[0], 9, DAY, "R2", 6)
    assert findings(act) == []


def test_a_move_hands_the_point_on(act):
    """The next account begins the day after, with the tariff and what is not said anew."""
    made = agree(act, steps=[GivenStep("persons", DAY, "3"), GivenStep("class", DAY, "shop")])
    key = made.row.account_id, made.row.agreement_no
    agreements.change_tariff(act, *key, DAY + 20, "R2", 1)
    other = ids(act, ACCOUNTS, "A2")[0]
    persons = GivenStep("persons", DAY + 11, "1")
    ended, begun = agreements.move(act, *key, DAY + 10, 2, other, [persons], "moved out")
    assert (ended.row.until_day, begun.row.from_day) == (DAY + 10, DAY + 11)
    assert [(t.from_day - DAY, t.tariff_no) for t in begun.terms] == [(11, 1), (20, 2)]
    assert [(s.attribute_no, s.value) for s in begun.steps] == [(1, 10), (2, 1)]
    assert findings(act) == []


def test_agreements_as_columns(act):
    """Attributes are columns with a mask; changes are told of those that change later."""
    agree(act, steps=[GivenStep("persons", DAY, "3")])
    agree(
        act,
        "A2",
        "P2",
        steps=[GivenStep("class", DAY, "shop"), GivenStep("class", DAY + 3, "home")],
    )
    lo, hi = id_range(act.caller.provider_id)
    found = read_agreements(act.session, lo, hi)
    assert found.attributes[1][0].tolist() == [30, 0]
    assert found.attributes[2][1].tolist() == [False, True]
    assert (found.changed_day - DAY).tolist() == [0, 3]
    later = changes(act.session, lo, hi, DAY)
    assert later.terms["account_id"].tolist() == found.account_id[1:].tolist()
    assert later.steps["value"].tolist() == [1, 0]


def test_verify_finds_a_row_that_differs_from_its_history(act):
    """And agreements that share days, and history that covers too little."""
    made = agree(act)
    agree(act, "A2", "P2")
    act.session.run("UPDATE agreement SET tariff_no = 2 WHERE account_id = :a",
                    a=made.row.account_id)  # fmt: skip
    act.session.run("UPDATE agreement SET point_id = :p", p=made.row.point_id)
    act.session.run("UPDATE agreement_term SET until_day = :d WHERE account_id > :a",
                    d=DAY + 5, a=made.row.account_id)  # fmt: skip
    rules = [f["rule"] for f in findings(act)]
    assert rules == ["agreement_history", "agreement_packed"] + ["agreement_overlap"] * 2


def test_verify_finds_what_has_lost_its_account_or_agreement(act):
    """A closed account with agreements, a history without its agreement."""
    made = agree(act)
    agree(act, "A2", "P2")
    last = made.row.account_id + 1
    act.session.run("UPDATE account SET closed_day = :d", d=DAY + 9)
    act.session.run("DELETE FROM account WHERE account_id = :a", a=last)
    act.session.run("DELETE FROM agreement WHERE account_id < :a", a=last)
    assert [f["rule"] for f in findings(act)] == ["agreement_missing", "agreement_account"]


# -- bulk


def texts(*values):
    return pa.array(values, pa.string())


def test_bulk_refuses_rows_and_keeps_the_others(act):
    """Refusals have the row, the field and the reason; the other rows are there."""
    mine = act.caller.provider_id
    loaded = bulk.load_customers(act.session, mine, {
        "kind": texts("person", "robot", "person", "person", "person"),
        "name": texts("a", "b", "c", "", "e"),
        "number": texts("N1", "N1", "N1", "N4", "C1"),
    }, NOW)  # fmt: skip
    assert [(r.row, r.field, r.reason) for r in loaded.refusals] == [
        (1, "kind", "FIELD_REFUSED"),
        (2, "number", "ALREADY_TAKEN"),
        (3, "name", "FIELD_REFUSED"),
        (4, "number", "ALREADY_TAKEN"),
    ]
    assert (loaded.accepted, (loaded.ids > 0).tolist()) == (1, [True] + [False] * 4)
    assert ids(act, CUSTOMERS, "N1") == [loaded.ids[0]]


def test_bulk_loads_a_whole_provider(session):
    """Numbers tie the tables together; unknown ones refuse their rows only."""
    act, n = provider(session), 500
    mine = act.caller.provider_id
    cycles.create_cycle(act, "monthly", 1)
    tariff(session, mine, 1, "R1")
    attributes.create_attribute(act, "persons", "number", "person", 1, [])
    number = texts(*(f"{i:05}" for i in range(n)))
    bulk.load_customers(session, mine, {
        "kind": texts(*["person"] * n), "name": number, "number": number,
    }, NOW)  # fmt: skip
    bulk.load_points(session, mine, {"number": number, "service": texts(*["water"] * n)}, NOW)
    owners = texts(*(f"{i:05}" if i != 7 else "nobody" for i in range(n)))
    loaded = bulk.load_accounts(session, mine, {
        "customer": owners, "number": number, "opened_day": np.full(n, DAY, dtype=np.int32),
    }, NOW)  # fmt: skip
    assert [(r.row, r.reason) for r in loaded.refusals] == [(7, "CUSTOMER_UNKNOWN")]
    loaded = bulk.load_agreements(session, mine, {
        "account": number, "service_point": number,
        "service": texts(*["water"] * n), "cycle": texts(*["monthly"] * n),
        "from_day": np.full(n, DAY), "tariff": texts(*["R1"] * (n - 1), ""),
        "attribute.persons": texts(*["2.5"] * (n - 2), "x", ""),
    }, NOW, steps={
        "row": np.array([3]), "attribute": texts("persons"),
        "from_day": np.array([DAY + 8]), "value": texts("4"),
    })  # fmt: skip
    assert [(r.row, r.field, r.reason) for r in loaded.refusals] == [
        (7, "account", "ACCOUNT_UNKNOWN"),
        (n - 2, "attributes", "FIELD_REFUSED"),
        (n - 1, "terms", "AGREEMENT_UNCOVERED"),
    ]
    found = read_agreements(session, *id_range(mine))
    assert found.attributes[1][0].tolist() == [25] * 3 + [40] + [25] * (n - 7)
    assert list(check_agreements(session, mine)) == []
    assert agreement_rows.last_numbers(session, *id_range(mine))["last"].max() == 1


def test_numbers_are_found_in_any_order(act):
    """Near one another, far apart, and beside unknown ones."""
    mine, n = act.caller.provider_id, 1000
    number = [f"N{i}" for i in range(n)]
    made = bulk.load_points(
        act.session, mine, {"number": texts(*number), "service": texts(*["water"] * n)}, NOW
    ).ids
    for places in (range(100), range(0, n, 10), range(n - 1, 0, -1), [*range(200), *range(90)]):
        wanted = texts(*(number[i] for i in places))
        found = resolved(act.session, mine, "service_point", wanted)
        assert found.tolist() == made[list(places)].tolist()
    found = resolved(act.session, mine, "service_point", texts(*number[:99], "?", *number[99:200]))
    assert found.tolist() == [*made[:99].tolist(), 0, *made[99:200].tolist()]
    other = provider(act.session, "gas").caller.provider_id
    assert not resolved(act.session, other, "service_point", texts(*number)).any()


def test_bulk_numbers_agreements_within_their_accounts(act):
    """Rows of one account are numbered in order; rows that overlap are refused in order."""
    mine = act.caller.provider_id
    loaded = bulk.load_agreements(act.session, mine, {
        "account": texts("A1", "A2", "A1", "A2"),
        "service_point": texts("P1", "P1", "P2", "P1"),
        "service": texts(*["water"] * 4), "cycle": texts(*["monthly"] * 4),
        "from_day": np.array([DAY, DAY + 5, DAY, DAY + 10]),
        "until_day": np.array([DAY + 5, DAY + 9, DAY + 5, DAY + 12]),
        "tariff": texts(*["R1"] * 4),
    }, NOW)  # fmt: skip
    assert loaded.ids.tolist() == [1, 0, 2, 1]
    assert [(r.row, r.reason) for r in loaded.refusals] == [(1, "AGREEMENT_OVERLAP")]


def test_every_write_is_told(act):
    """One event and one audit row each, without names of people."""
    customer(act, "C7", name="Secret Person")
    events = act.session.rows("SELECT kind, subject, payload FROM event_pending")
    audits = act.session.rows("SELECT action, detail FROM audit_pending")
    assert ("customer.created", f"customer {ids(act, CUSTOMERS, 'C7')[0]}") in [
        e[:2] for e in events
    ]
    assert not any("Secret" in str(row) for row in (*events, *audits))
    assert len(audits) == len(events)


def test_two_writers_cannot_overlap(books):
    """The second waits for the first, and sees what it has written."""
    with books.write() as session:
        first = prepared(session)
    started = threading.Event()

    def second():
        started.set()
        with books.write() as session, pytest.raises(AgreementOverlap):
            agree(Act(session, first.caller), "A2")

    with ThreadPoolExecutor(1) as pool:
        with books.write() as session:
            agree(Act(session, first.caller))
            waiting = pool.submit(second)
            started.wait()
            time.sleep(0.1)
        waiting.result()
    with books.write() as session:
        assert len(session.rows("SELECT account_id FROM agreement")) == 1
