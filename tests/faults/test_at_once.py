"""Two requests at the same moment, on PostgreSQL, where writers run beside one another."""

import threading
from concurrent.futures import Future, ThreadPoolExecutor

import pytest

from billcore.core.ledger.errors import EntryReversed
from billcore.core.store.port import Store
from tests.faults import company
from tests.faults.company import ACCOUNT_IDS, Request, Row, month_day
from tests.faults.conftest import open_company

DAY = month_day(1)
PAYMENT = Request(1, "post", (Row(ACCOUNT_IDS[0], 2, DAY, -100),))

AMID_S = 0.3
"""The second request begins and goes as far as it can while the first has not been committed."""


@pytest.fixture
def store(postgres_url):
    store = open_company(postgres_url)
    company.do(store, PAYMENT)
    yield store
    store.close()


def at_once(store: Store, first: Request, second: Request) -> Future:
    """Commits the first when the second has begun; what became of the second."""
    with ThreadPoolExecutor(1) as thread:
        with store.write() as session:
            company.do_in(session, first)
            other = thread.submit(company.do, store, second)
            threading.Event().wait(AMID_S)
        other.exception(60)
    return other


def test_one_request_twice(store):
    """The second waits for the first, and has its answer."""
    request = Request(2, "post", (Row(ACCOUNT_IDS[0], 2, DAY, -50),))
    other = at_once(store, request, request)
    assert other.result().replayed
    assert company.broken(store) == {}
    with store.read() as reader:
        assert company.balances_of(reader)[ACCOUNT_IDS[0]] == 17 - 100 - 50


def test_two_reversals_of_one_entry(store):
    """Under two request ids: one is done, the other refused; money is given back once."""
    first, second = (
        Request(number, "reverse", PAYMENT.rows, PAYMENT.number, day=DAY) for number in (2, 3)
    )
    assert isinstance(at_once(store, first, second).exception(), EntryReversed)
    assert company.broken(store) == {}
    with store.read() as reader:
        assert company.balances_of(reader)[ACCOUNT_IDS[0]] == 17


def test_two_new_ledger_accounts(store):
    """Both make a ledger account: each gets a number of its own."""
    first, second = (
        Request(number, "post", (Row(ACCOUNT_IDS[place], kind, DAY, 5),))
        for number, place, kind in ((2, 0, 3), (3, 1, 5))
    )
    assert not at_once(store, first, second).result().replayed
    assert company.broken(store) == {}


def test_an_entry_beside_a_bill(store):
    """The other way round: what waits for a bill is recorded after it."""
    dials = (120, 120)
    company.do(store, Request(2, "read", day=DAY, dials=dials))
    bill = Request(3, "bill", day=DAY, dials=dials)
    at_once(store, bill, Request(4, "post", (Row(ACCOUNT_IDS[0], 2, DAY, -7),))).result()
    assert company.broken(store) == {}


def test_entries_beside_one_another(store):
    """Who posts does not wait for others who post."""
    other = Request(3, "post", (Row(ACCOUNT_IDS[0], 2, DAY, -8),))
    with ThreadPoolExecutor(1) as thread, store.write() as session:
        company.do_in(session, Request(2, "post", (Row(ACCOUNT_IDS[0], 2, DAY, -7),)))
        thread.submit(company.do, store, other).result(60)  # before the first is committed
    assert company.broken(store) == {}


def test_a_bill_beside_a_posting(store):
    """The bill opens with what was recorded before it, committed in whichever order."""
    dials = (120, 120)
    company.do(store, Request(2, "read", day=DAY, dials=dials))
    late = Request(3, "post", (Row(ACCOUNT_IDS[0], 2, DAY, -7),))
    at_once(store, late, Request(4, "bill", day=DAY, dials=dials)).result()
    assert company.broken(store) == {}
