"""Groups and consolidated bills on a real server, by the house and by providers."""

import json
import time

import pytest
from google.protobuf.field_mask_pb2 import FieldMask

from billcore.v1 import account_service_pb2 as accounts
from billcore.v1 import admin_service_pb2 as admin
from billcore.v1 import consolidation_service_pb2 as pb
from billcore.v1 import event_service_pb2
from billcore.v1 import ledger_service_pb2 as ledger
from tests.api.charged import DAY, OPENED, TARIFF, TOTAL, Charged, joining, request_id
from tests.api.client import Client, refused

NEXT = "2026-02-10"


@pytest.fixture(scope="module")
def app(stored_app):
    return stored_app


@pytest.fixture
def call(app, keys):
    """A client by the name of its key."""
    opened = []

    def client(name, **metadata):
        opened.append(Client(app.port, keys[name], **metadata))
        return opened[-1]

    yield client
    for one in opened:
        one.channel.close()


@pytest.fixture(scope="module")
def providers(app, keys):
    """North and south, which sell connections."""
    found = {}
    for code in ("north", "south"):
        client = Client(app.port, keys[code])
        client.publish(TARIFF)
        found[code] = Charged(client, code)
    yield found
    for one in found.values():
        one.client.channel.close()


@pytest.fixture
def street(providers, call):
    """(client of the house, an account of each provider), new in every test."""
    name = request_id().replace(" ", "-")
    for one in providers.values():
        one.open_account(name)
    return call("house"), name


def create(client, *members, name="12 Lime Street", **more):
    request = pb.CreateGroupRequest(
        request_id=request_id(),
        group=pb.Group(name=name, address="12 Lime Street"),
        joining=joining(*members),
        **more,
    )
    return client.consolidation.CreateGroup(request).group


def update(client, group, **more):
    request = pb.UpdateGroupRequest(
        request_id=request_id(),
        group=pb.Group(group_no=group.group_no, revision=group.revision, name="Ms Brown"),
        **more,
    )
    return client.consolidation.UpdateGroup(request).group


def consolidate(client, group, day=DAY):
    request = pb.ConsolidateBillsRequest(request_id=request_id(), group_no=group.group_no, day=day)
    return client.consolidation.ConsolidateBills(request).bill


def test_the_bills_of_an_address_in_one(street, providers):
    """Two providers, a bill each: who, what, by when; by provider and overall."""
    house, name = street
    group = create(house, ("north", name), ("south", name))
    bills = {code: one.bill(name) for code, one in providers.items()}
    made = consolidate(house, group)
    header = made.header
    assert (header.group_no, header.day, header.name) == (group.group_no, DAY, "12 Lime Street")
    assert (header.currency, header.digits) == ("USD", 2)
    assert (header.total, header.owed) == (2 * TOTAL, 2 * TOTAL)
    told = [
        (one.provider, one.number, one.bill_id, one.total, one.owed, one.issued_day, one.due_day)
        for one in made.members
    ]
    assert told == [
        (code, name, bill.header.bill_id, TOTAL, TOTAL, DAY, "2026-01-25")
        for code, bill in bills.items()
    ]
    sums = [(one.provider, one.name, one.total, one.owed) for one in made.providers]
    assert sums == [(code, code, TOTAL, TOTAL) for code in ("north", "south")]
    request = pb.GetConsolidatedBillRequest(consolidated_no=header.consolidated_no)
    assert house.consolidation.GetConsolidatedBill(request).bill == made
    with refused("FAILED_PRECONDITION", "NOTHING_TO_CONSOLIDATE"):
        consolidate(house, group)
    providers["south"].bill(name, NEXT)
    later = consolidate(house, group, NEXT)
    assert [(one.bill_id != 0, one.owed) for one in later.members] == [
        (False, TOTAL), (True, TOTAL + later.header.total),
    ]  # fmt: skip
    request = pb.ListConsolidatedBillsRequest(group_no=group.group_no)
    assert house.consolidation.ListConsolidatedBills(request).bills == [header, later.header]


def test_a_provider_s_own_group(street, providers, call):
    """It has its own accounts and numbers; nobody else sees it, not even the house."""
    _, name = street
    north = providers["north"]
    group = create(north.client, name)
    north.bill(name)
    made = consolidate(north.client, group)
    assert made.header.total == TOTAL
    asked = pb.GetConsolidatedBillRequest(consolidated_no=made.header.consolidated_no)
    seen = call("house", x_billcore_provider="north").consolidation.GetConsolidatedBill(asked)
    assert seen.bill == made
    for client in (providers["south"].client, call("house")):
        told = client.consolidation.ListConsolidatedBills(pb.ListConsolidatedBillsRequest())
        assert made.header not in told.bills
        request = pb.ConsolidateBillsRequest(request_id="s", group_no=10**6, day=DAY)
        with refused("NOT_FOUND", "GROUP_UNKNOWN"):
            client.consolidation.ConsolidateBills(request)


def test_a_provider_cannot_reach_another_s_account(street, providers, call):
    """By id, by number, by naming the other provider; joining a group or making one."""
    house, name = street
    north, south = providers["north"], providers["south"]
    of_south = south.accounts[name]
    group = create(north.client, name)
    with refused("NOT_FOUND", "ACCOUNT_UNKNOWN") as found:
        create(north.client, of_south)
    assert list(found[0].fields) == ["joining[0].account_id"]
    with refused("PERMISSION_DENIED", "PROVIDER_FORBIDDEN"):
        create(north.client, ("south", name))
    with refused("PERMISSION_DENIED", "PROVIDER_FORBIDDEN"):
        update(north.client, group, joining=joining(("south", name)))
    with refused("NOT_FOUND", "ACCOUNT_UNKNOWN"):
        update(north.client, group, joining=joining(of_south))
    with refused("NOT_FOUND", "ACCOUNT_UNKNOWN"):
        create(call("house", x_billcore_provider="north"), of_south)
    with refused("PERMISSION_DENIED", "PROVIDER_FORBIDDEN"):
        create(north.client, ("nowhere", name))
    both = create(house, ("north", name), of_south)
    for client in (north.client, south.client):
        told = client.consolidation.ListGroups(pb.ListGroupsRequest(page_size=1_000)).groups
        assert [one.name for one in told].count(both.name) == len(told)
        assert both.recorded_at not in [one.recorded_at for one in told]


def test_members_come_and_go(street, providers):
    house, name = street
    group = create(house, ("north", name))
    assert [(m.provider, m.number, m.first_day, m.last_day) for m in group.members] == [
        ("north", name, OPENED, ""),
    ]  # fmt: skip
    leaving = [pb.LeavingMember(account_id=group.members[0].account_id, last_day=DAY)]
    changed = update(
        house,
        group,
        update_mask=FieldMask(paths=["name"]),
        leaving=leaving,
        joining=joining(("south", name)),
        reason="moved",
    )
    assert (changed.name, changed.address, changed.revision) == ("Ms Brown", "12 Lime Street", 2)
    assert [(m.provider, m.last_day) for m in changed.members] == [("north", DAY), ("south", "")]
    asked = pb.GetGroupRequest(group_no=group.group_no)
    assert house.consolidation.GetGroup(asked).group == changed
    with refused("ABORTED", "REVISION_CONFLICT"):
        update(house, group, leaving=leaving)
    with refused("FAILED_PRECONDITION", "MEMBER_OVERLAP"):
        update(house, changed, joining=joining(("south", name)))
    with refused("NOT_FOUND", "MEMBER_UNKNOWN"):
        leaving[0].last_day = "2027-01-01"
        update(house, changed, leaving=leaving)
    with refused("INVALID_ARGUMENT") as found:
        update(house, changed)
    assert list(found[0].fields) == ["update_mask"]
    with refused("INVALID_ARGUMENT") as found:
        update(house, changed, update_mask=FieldMask(paths=["members"]))
    assert list(found[0].fields) == ["update_mask"]


def test_groups_are_listed_in_pages(street):
    house, _ = street
    made = [create(house, name=f"page {n}").group_no for n in range(3)]
    request, found = pb.ListGroupsRequest(page_size=2), []
    while True:
        page = house.consolidation.ListGroups(request)
        found += [one.group_no for one in page.groups]
        assert len(page.groups) <= 2
        if not page.next_page_token:
            break
        request.page_token = page.next_page_token
    assert found[-3:] == made
    assert found == sorted(set(found))


def test_a_repeated_call_makes_one(street, providers):
    house, name = street
    group = create(house, ("north", name))
    providers["north"].bill(name)
    request = pb.ConsolidateBillsRequest(request_id="once", group_no=group.group_no, day=DAY)
    first = house.consolidation.ConsolidateBills(request)
    assert house.consolidation.ConsolidateBills(request) == first
    request.day = NEXT
    with refused("ALREADY_EXISTS", "REQUEST_CONFLICT"):
        house.consolidation.ConsolidateBills(request)
    same = pb.CreateGroupRequest(request_id="same", group=pb.Group(name="x"))
    again = [house.consolidation.CreateGroup(same).group.group_no for _ in range(2)]
    assert again[0] == again[1]


def test_one_currency(street, providers, call):
    house, name = street
    provider = accounts.Provider(
        code=f"omsk-{name[-2:]}", name="Omsk", time_zone="UTC", currency="RUB",
        calendar="gregorian", language="ru",
    )  # fmt: skip
    house.accounts.CreateProvider(
        accounts.CreateProviderRequest(request_id=request_id(), provider=provider)
    )
    omsk = Charged(call("house", x_billcore_provider=provider.code), provider.code)
    with refused("FAILED_PRECONDITION", "CURRENCY_MIXED") as found:
        create(house, ("north", name), omsk.open_account(name))
    assert list(found[0].fields) == ["joining[1].account_id"]


BAD_MEMBERS = [
    ({}, "joining[0].by"),
    ({"number": "x"}, "joining[0].provider"),
    ({"number": "x", "provider": "north"}, "number"),
    ({"account_id": 5}, "joining[0].first_day"),
    ({"account_id": 5, "first_day": "x"}, "joining[0].first_day"),
    ({"account_id": 5, "first_day": DAY, "last_day": "2026-13-01"}, "joining[0].last_day"),
    ({"account_id": 5, "first_day": DAY}, "joining[0].account_id"),
    ({"account_id": -(2**63), "first_day": DAY}, "joining[0].account_id"),
]


@pytest.mark.parametrize(("fields", "wrong"), BAD_MEMBERS)
def test_a_bad_member_names_its_field(call, fields, wrong):
    request = pb.CreateGroupRequest(
        request_id=request_id(), group=pb.Group(name="x"), joining=[pb.JoiningMember(**fields)]
    )
    with refused("NOT_FOUND" if wrong in ("number", "joining[0].account_id") else
                 "INVALID_ARGUMENT") as found:  # fmt: skip
        call("house").consolidation.CreateGroup(request)
    assert list(found[0].fields) == [wrong]


def test_bad_requests(street, providers):
    house, name = street
    group = create(house, ("north", name))
    member = joining(("north", name))[0]
    member.last_day = "2024-12-31"
    with refused("INVALID_ARGUMENT") as found:
        update(house, group, joining=[member])
    assert list(found[0].fields) == ["joining[0].last_day"]
    for text, wrong in ((pb.Group(), "name"), (pb.Group(name="n", address="a" * 501), "address")):
        with refused("INVALID_ARGUMENT") as found:
            house.consolidation.CreateGroup(pb.CreateGroupRequest(request_id="t", group=text))
        assert list(found[0].fields) == [wrong]
    for day in ("", "x"):
        with refused("INVALID_ARGUMENT") as found:
            consolidate(house, group, day)
        assert list(found[0].fields) == ["day"]
    with refused("INVALID_ARGUMENT", "BATCH_TOO_LARGE"):
        update(house, group, joining=joining(*[5] * 1_001))
    for number in (0, -1, 2**31 - 1):
        with refused("NOT_FOUND", "GROUP_UNKNOWN"):
            house.consolidation.GetGroup(pb.GetGroupRequest(group_no=number))
        with refused("NOT_FOUND", "CONSOLIDATED_BILL_UNKNOWN"):
            house.consolidation.GetConsolidatedBill(
                pb.GetConsolidatedBillRequest(consolidated_no=number)
            )
    for request in (
        pb.ListGroupsRequest(page_size=-1),
        pb.ListGroupsRequest(page_token="x"),
    ):
        with refused("INVALID_ARGUMENT"):
            house.consolidation.ListGroups(request)
    with refused("INVALID_ARGUMENT"):
        house.consolidation.ListConsolidatedBills(
            pb.ListConsolidatedBillsRequest(page_token="Z3JvdXA6MQ==")
        )


def test_today_of_the_provider(street, providers):
    """A provider's day may be left out."""
    _, name = street
    north = providers["north"]
    group = create(north.client, name)
    north.bill(name)
    assert consolidate(north.client, group, "").header.day > "2026-01-10"


def test_roles(street, call):
    _, name = street
    viewer, clerk = call("viewer"), call("clerk")
    viewer.consolidation.ListGroups(pb.ListGroupsRequest())
    with refused("PERMISSION_DENIED", "ROLE_MISSING") as found:
        create(viewer, name)
    assert found[0].facts["role"] == "clerk"
    group = create(clerk, name)
    with refused("PERMISSION_DENIED", "ROLE_MISSING") as found:
        consolidate(clerk, group)
    assert found[0].facts["role"] == "biller"
    with refused("PERMISSION_DENIED", "ROLE_MISSING"):
        clerk.consolidation.GetGroup(pb.GetGroupRequest(group_no=group.group_no))


def test_it_is_an_event_of_the_house(street, providers):
    house, name = street
    group = create(house, ("north", name))
    providers["north"].bill(name)
    made = consolidate(house, group)
    subject = f"consolidated bill {made.header.consolidated_no}"
    deadline, told = time.monotonic() + 20, None
    while told is None and time.monotonic() < deadline:
        events = house.events.ListEvents(event_service_pb2.ListEventsRequest(limit=1_000)).events
        told = next((one for one in events if one.subject == subject), None)
    assert told.kind == "consolidated_bill.issued"
    payload = json.loads(told.payload)
    assert (payload["total"], payload["group_no"]) == (TOTAL, group.group_no)
    rows = house.events.ListAudit(event_service_pb2.ListAuditRequest(limit=1_000)).rows
    assert "consolidated_bill.issued" in {row.action for row in rows}


def test_the_books_hold(street, call):
    _, *verdicts = call("house").admin.Verify(admin.VerifyRequest(), timeout=120)
    assert [one.verdict for one in verdicts if one.verdict.findings] == []
    checked = {
        one.verdict.provider for one in verdicts if one.verdict.check == "consolidated_bills"
    }
    assert {"", "north", "south"} <= checked


# -- an address in one view


def debts(client, group):
    return client.consolidation.GetGroupDebts(pb.GetGroupDebtsRequest(group_no=group.group_no))


def test_what_an_address_owes(street, providers, call):
    """Two providers: what each account owes; a credit of one pays no other."""
    house, name = street
    group = create(house, ("north", name), ("south", name))
    found = debts(house, group)
    assert (found.balance, found.payable, found.currency) == (0, 0, "USD")
    for one in providers.values():
        one.bill(name)
    south = providers["south"]
    entry = ledger.PostAccountEntryRequest(
        request_id=request_id(), account_id=south.accounts[name], amount=-TOTAL - 500, day=DAY,
        kind="ENTRY_KIND_PAYMENT", reference="too much", reason="by hand",
    )  # fmt: skip
    south.client.ledger.PostAccountEntry(entry)
    found = debts(house, group)
    assert (found.balance, found.payable) == (TOTAL - 500, TOTAL)
    told = [
        (of.provider, of.balance, of.payable, one.number, one.due_day, one.overdue)
        for of in found.providers
        for one in of.accounts
    ]
    assert told == [
        ("north", TOTAL, TOTAL, name, "2026-01-25", TOTAL),
        ("south", -500, 0, name, "", 0),
    ]
    items = [[item.open for item in of.accounts[0].open_items] for of in found.providers]
    assert items == [[TOTAL], [-500]]


def test_who_owns_a_group_sees_its_accounts(street, providers, call):
    """Not the providers of its accounts; a provider's group has its own; who left is not there."""
    house, name = street
    group = create(house, ("north", name), ("south", name))
    own = create(providers["north"].client, name)
    assert [of.provider for of in debts(providers["north"].client, own).providers] == ["north"]
    with refused("NOT_FOUND", "GROUP_UNKNOWN"):
        call("north").consolidation.GetGroupDebts(pb.GetGroupDebtsRequest(group_no=99_999))
    with refused("PERMISSION_DENIED", "ROLE_MISSING"):
        debts(call("clerk"), own)
    left = update(
        house, group, update_mask=FieldMask(paths=["name"]),
        leaving=[
            pb.LeavingMember(account_id=providers["south"].accounts[name], last_day=OPENED)
        ],
    )  # fmt: skip
    assert [of.provider for of in debts(house, left).providers] == ["north"]
