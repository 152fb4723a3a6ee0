"""Charged, grouped, consolidated by a server on both stores; sent again after a restart."""

import threading

import pytest

from billcore.v1 import admin_service_pb2 as admin
from billcore.v1 import billing_service_pb2 as billing
from billcore.v1 import consolidation_service_pb2 as pb
from billcore.v1 import one_off_pb2
from tests.api import stored
from tests.api.charged import DAY, TARIFF, TOTAL, Charged, joining, order
from tests.api.client import Client, refused
from tests.postgres import postgres_cluster, postgres_url  # noqa: F401 - fixtures

AT_ONCE = 4


@pytest.fixture
def sqlite_url(tmp_path) -> str:
    return stored.url(tmp_path)


@pytest.fixture(params=["sqlite", "postgres"])
def place(request) -> str:
    """An empty store of each engine."""
    return str(request.getfixturevalue(f"{request.param}_url"))


@pytest.fixture
def keys(place):
    return stored.fill_at(place)


@pytest.fixture
def serve(place, keys):
    """Starts the server anew; a client of it by the name of its key."""
    running, opened = [], []

    def stop():
        while opened:
            opened.pop().channel.close()
        while running:
            running.pop().drain()

    def started():
        stop()
        app = stored.server_at(place)
        running.append(app)

        def client(name):
            opened.append(Client(app.port, keys[name]))
            return opened[-1]

        return client

    yield started
    stop()


def at_once(call):
    """What a call answers when it is sent several times at once."""
    found = []
    threads = [threading.Thread(target=lambda: found.append(call())) for _ in range(AT_ONCE)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def settled(client):
    """North and south with an account A1 each."""
    found = {code: Charged(client(code), code) for code in ("north", "south")}
    for one in found.values():
        one.client.publish(TARIFF)
        one.open_account("A1")
    return found


def test_each_is_done_once_and_the_books_hold(serve):
    """Sent four times at once and once more to the next server: one bill, one group, one whole."""
    client = serve()
    providers = settled(client)
    north, house = providers["north"].client, client("house")
    charge = one_off_pb2.BillOneOffRequest(request_id="c", order=order(number="A1", day=DAY))
    bill, *others = at_once(lambda: north.billing.BillOneOff(charge))
    assert others == [bill] * (AT_ONCE - 1)
    providers["south"].bill("A1")
    members = joining(("north", "A1"), ("south", "A1"))
    create = pb.CreateGroupRequest(request_id="g", group=pb.Group(name="Quay"), joining=members)
    group, *others = at_once(lambda: house.consolidation.CreateGroup(create))
    assert others == [group] * (AT_ONCE - 1)
    number = group.group.group_no
    wanted = pb.ConsolidateBillsRequest(request_id="m", group_no=number, day=DAY)
    made, *others = at_once(lambda: house.consolidation.ConsolidateBills(wanted))
    assert others == [made] * (AT_ONCE - 1)
    assert (made.bill.header.total, made.bill.header.owed) == (2 * TOTAL, 2 * TOTAL)

    client = serve()
    north, house = client("north"), client("house")
    assert north.billing.BillOneOff(charge) == bill
    assert house.consolidation.CreateGroup(create) == group
    assert house.consolidation.ConsolidateBills(wanted) == made
    listed = north.billing.ListBills(billing.ListBillsRequest(number="A1")).bills
    assert list(listed) == [bill.bill.header]
    told = house.consolidation.ListConsolidatedBills(pb.ListConsolidatedBillsRequest()).bills
    assert list(told) == [made.bill.header]
    holds(house)


def test_what_is_refused_changes_nothing(serve):
    """An account of another provider, a bad order, nothing new: the numbers go on without a gap."""
    client = serve()
    providers = settled(client)
    north = providers["north"].client
    of_south = providers["south"].accounts["A1"]
    with refused("NOT_FOUND", "ACCOUNT_UNKNOWN"):
        providers["north"].bill("A1", account_id=of_south)
    with refused("INVALID_ARGUMENT", "COLUMN_MISSING"):
        providers["north"].bill("A1", inputs={})
    create = pb.CreateGroupRequest(
        request_id="g", group=pb.Group(name="Quay"), joining=joining("A1", of_south)
    )
    with refused("NOT_FOUND", "ACCOUNT_UNKNOWN"):
        north.consolidation.CreateGroup(create)
    assert not north.consolidation.ListGroups(pb.ListGroupsRequest()).groups
    create.joining.pop()
    group = north.consolidation.CreateGroup(create).group
    assert group.group_no == 1
    wanted = pb.ConsolidateBillsRequest(request_id="m", group_no=1, day=DAY)
    with refused("FAILED_PRECONDITION", "NOTHING_TO_CONSOLIDATE"):
        north.consolidation.ConsolidateBills(wanted)
    assert not north.billing.ListBills(billing.ListBillsRequest(number="A1")).bills
    providers["north"].bill("A1")
    assert north.consolidation.ConsolidateBills(wanted).bill.header.consolidated_no == 1
    with refused("NOT_FOUND", "GROUP_UNKNOWN"):
        providers["south"].client.consolidation.ConsolidateBills(wanted)
    holds(client("house"))


def holds(house):
    """Every invariant, at the house and at both providers."""
    _, *verdicts = house.admin.Verify(admin.VerifyRequest(), timeout=120)
    assert [one.verdict for one in verdicts if one.verdict.findings] == []
    assert {"groups_fit", "consolidated_bills", "references_name_bills"} <= {
        one.verdict.check for one in verdicts
    }
