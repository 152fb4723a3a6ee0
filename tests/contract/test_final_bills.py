"""The last bill of an account: up to the last day of each agreement, once, and nothing after it."""

from dataclasses import replace

import pytest

from billcore.core.accounts import agreements, cycles
from billcore.core.accounts.accounts import ACCOUNTS, close_account
from billcore.core.accounts.errors import AccountInUse
from billcore.core.accounts.things import get
from billcore.core.billing.charges.due import Window
from billcore.core.billing.errors import AccountUnbillable
from billcore.core.billing.runs.order import RunOrder
from billcore.core.ids import id_range
from billcore.core.ledger.kinds import BillKind, EntryKind
from billcore.core.store import bills as rows
from billcore.core.store import runs as run_rows
from tests import runs_world as runs
from tests.town import HOME, JANUARY, settle

LAST = JANUARY + 25
FINAL = BillKind.FINAL


@pytest.fixture
def town(books):
    return settle(books)


def watered(town):
    """The account has water by a meter; the agreement's number."""
    number = town.agree("water", [(JANUARY, "water")], HOME)
    town.hang(number)
    return number


def refused(town, day=LAST, kind=FINAL, window=0):
    """(rule, agreement) that refuse the account's bill."""
    with pytest.raises(AccountUnbillable) as caught:
        town.bill_one(day, kind, window)
    return caught.value.rule, caught.value.fields.get("agreement")


def headers(town):
    """(kind, previous day, last day, total) of the account's bills, days from JANUARY."""
    with town.store.read() as reader:
        found = rows.headers(reader, town.account_id, 0, 100)
    return [
        (BillKind(h.kind).name, h.previous_day - JANUARY, h.this_day - JANUARY, h.total)
        for h in found
    ]


def run(town, first, last, issued=None):
    """A straight run of every account; its number."""
    lo, hi = id_range(town.provider_id)
    order = RunOrder(lo, lo + 100, Window(first, last), issued or last, last + 9, straight=True)
    assert lo + 100 < hi
    return runs.whole(town, order)


def exceptions(town, run_id):
    """(account, rule) of what a run left out."""
    with town.store.read() as reader:
        found = run_rows.exceptions(reader, town.provider_id, run_id, (0, 2**62), 100)
    return [(one.account_id, one.rule) for one in found]


# -- one account


def test_an_account_is_ended_read_billed_and_closed(town):
    """The last reading on the last day; a credit stays as the balance."""
    number = watered(town)
    town.post(EntryKind.PAYMENT, -100_000, JANUARY + 1)
    town.end(number, LAST)
    town.take_down(LAST, 20)
    made = town.bill_one(LAST, FINAL)
    assert headers(town) == [("FINAL", 0, 25, 4_000 + 750)]
    assert (made.header.opening, made.header.closing) == (-100_000, -95_250)
    with town.store.write() as session:
        account = close_account(town.act(session), town.account_id, LAST, 1, "moved out")
    assert account.closed_day == LAST
    assert town.owes() == -95_250
    assert town.broken() == {}


def test_an_account_may_be_closed_before_its_final_bill(town):
    number = watered(town)
    with pytest.raises(AccountInUse), town.store.write() as session:
        close_account(town.act(session), town.account_id, LAST, 1)
    town.end(number, LAST)
    with town.store.write() as session:
        close_account(town.act(session), town.account_id, LAST, 1)
    town.read(LAST, 20)
    town.bill_one(LAST + 9, FINAL)
    assert headers(town) == [("FINAL", 0, 25, 4_750)]
    with town.store.read() as reader:
        assert get(reader, town.provider_id, ACCOUNTS, town.account_id).closed_day == LAST
    assert town.broken() == {}


def test_without_a_meter_it_is_up_to_the_last_day(town):
    """Whenever it is billed: days after the last one cost nothing."""
    town.agree("waste", [(JANUARY, "flat")], (("bins", JANUARY, "2"),))
    town.end(1, LAST)
    town.bill_one(LAST + 30, FINAL)
    assert headers(town) == [("FINAL", -1, 25, 26 * 50)]
    assert town.broken() == {}


def test_a_meter_that_was_taken_down_earlier_counts_to_its_last_reading(town):
    """The agreement goes on to its last day: heads by days, water by the meter."""
    number = watered(town)
    town.take_down(LAST - 5, 20)
    town.end(number, LAST)
    made = town.bill_one(LAST, FINAL)
    assert {name: amount for name, amount in made.spans[0].lines.items() if amount} == {
        "water": 4_000,
        "heads": 25 * 30,
    }
    assert headers(town) == [("FINAL", 0, 25, 4_750)]
    assert town.broken() == {}


def test_the_last_reading_may_lie_before_the_window(town):
    """A move-out between two windows is billed in the next one."""
    number = watered(town)
    town.end(number, LAST)
    town.read(LAST, 20)
    town.bill_one(LAST + 40, FINAL, window=5)
    assert headers(town) == [("FINAL", 0, 25, 4_750)]
    assert town.broken() == {}


def test_a_final_bill_that_comes_to_nothing(town):
    """It is issued and posted all the same."""
    town.agree("waste", [(JANUARY, "flat")], (("bins", JANUARY, "0"),))
    town.end(1, LAST)
    made = town.bill_one(LAST, FINAL)
    assert (made.header.total, headers(town)) == (0, [("FINAL", -1, 25, 0)])
    assert town.broken() == {}


def test_an_account_that_goes_on_has_no_final_bill(town):
    """Of two agreements one has no last day: the refusal names it, nothing is written."""
    town.agree("waste", [(JANUARY, "flat")], (("bins", JANUARY, "2"),))
    number = watered(town)
    town.read(LAST, 20)
    town.end(1, LAST)
    assert refused(town) == ("NOT_ENDED", str(number))
    assert headers(town) == []
    town.end(number, LAST + 5)  # later than what the bill can reach
    assert refused(town) == ("NOT_ENDED", str(number))
    assert town.broken() == {}


def test_an_agreement_that_begins_later_keeps_the_account(town):
    town.agree("waste", [(JANUARY, "flat")], (("bins", JANUARY, "2"),))
    town.end(1, LAST)
    town.agree("water", [(LAST + 9, "water")], (), first=LAST + 9)
    assert refused(town) == ("NOT_ENDED", "2")


def test_the_last_day_must_be_read(town):
    """A reading before the last day is not enough: the days up to it would never be billed."""
    number = watered(town)
    town.end(number, LAST)
    town.read(LAST - 3, 20)
    assert refused(town) == ("USAGE_INCOMPLETE", str(number))
    town.read(LAST, 21)
    town.bill_one(LAST, FINAL)
    assert headers(town) == [("FINAL", 0, 25, 4_200 + 750)]


def test_nothing_is_billed_after_it(town):
    number = watered(town)
    town.end(number, LAST)
    town.read(LAST, 20)
    town.read(LAST + 20, 30)
    town.bill_one(LAST, FINAL)
    for kind in (BillKind.REGULAR, FINAL):
        assert refused(town, LAST + 20, kind) == ("NOTHING_DUE", None)
    run_id = run(town, LAST + 10, LAST + 25)
    assert exceptions(town, run_id) == []
    assert len(headers(town)) == 1
    assert town.broken() == {}


def test_a_final_bill_is_made_once(town):
    number = watered(town)
    town.end(number, LAST)
    town.read(LAST, 20)
    first = town.bill_one(LAST, FINAL)
    assert refused(town) == ("NOTHING_DUE", None)
    assert first.header.kind == FINAL


# -- in a run


def test_a_run_bills_who_leaves_for_the_last_time(town):
    """Who stays gets a regular bill, whose agreements all end a final one."""
    leaving, staying = town, town.open_account("A2")
    for one in (leaving, staying):
        one.agree(f"waste_{one.account_id % 9}", [(JANUARY, "flat")], (("bins", JANUARY, "2"),))
    leaving.end(1, LAST)
    run(town, JANUARY + 20, JANUARY + 30)
    assert headers(leaving) == [("FINAL", -1, 25, 26 * 50)]
    assert headers(staying) == [("REGULAR", -1, 30, 31 * 50)]
    assert town.broken() == {}


def test_a_move_inside_the_window_of_a_run(town):
    """Who leaves pays to the day, who comes from it; neither pays a day of the other."""
    leaving, coming = town, town.open_account("A2")
    number = watered(leaving)
    with town.store.write() as session:
        agreements.move(town.act(session), leaving.account_id, number, LAST, 1, coming.account_id)
    leaving.take_down(LAST, 20)
    coming = replace(coming, meters={"again": 0})
    coming.hang(1, day=LAST, dial=20)
    coming.read(JANUARY + 31, 26)
    run(town, JANUARY + 20, JANUARY + 31)
    assert headers(leaving) == [("FINAL", 0, 25, 4_000 + 25 * 30)]
    assert headers(coming) == [("REGULAR", 25, 31, 1_200 + 6 * 30)]
    assert town.broken() == {}
    coming.read(JANUARY + 58, 30)
    run(town, JANUARY + 50, JANUARY + 59)
    assert [len(headers(one)) for one in (leaving, coming)] == [1, 2]
    assert town.broken() == {}


def test_a_run_is_not_final_while_an_agreement_has_days_left(town):
    """Waste is billed to the last day, water is not read on it: the account waits as a whole."""
    number = watered(town)
    town.agree("waste", [(JANUARY, "flat")], (("bins", JANUARY, "2"),))
    for agreement in (1, 2):
        town.end(agreement, JANUARY + 30)
    town.read(LAST, 20)
    run_id = run(town, JANUARY + 20, JANUARY + 31)
    assert exceptions(town, run_id) == [(town.account_id, "USAGE_INCOMPLETE")]
    assert (number, headers(town)) == (1, [])
    assert town.broken() == {}


def test_a_run_of_another_cycle_is_not_final(town):
    """The agreement of the other cycle has days that this run does not bill."""
    with town.store.write() as session:
        cycles.create_cycle(town.act(session), "yearly", 12)
    town.agree("waste", [(JANUARY, "flat")], (("bins", JANUARY, "2"),))
    town.agree("waste2", [(JANUARY, "flat")], (("bins", JANUARY, "2"),), cycle="yearly")
    for agreement in (1, 2):
        town.end(agreement, LAST)
    lo, _ = id_range(town.provider_id)
    window, issued = Window(JANUARY + 20, JANUARY + 30), JANUARY + 31
    for cycle_no, kind in ((1, "REGULAR"), (2, "FINAL")):
        order = RunOrder(lo, lo + 9, window, issued, issued + 9, cycle_no=cycle_no, straight=True)
        runs.whole(town, order)
        assert headers(town)[-1][0] == kind
    assert headers(town) == [("REGULAR", -1, 25, 1_300), ("FINAL", -1, 25, 1_300)]
    assert town.broken() == {}


# -- days that the last bill of the account does not name


def test_an_agreement_that_ended_earlier_stays_billed(town):
    """Water ended in January; the bills of February and March are of waste alone."""
    town.agree("waste", [(JANUARY, "flat")], (("bins", JANUARY, "2"),))
    number = watered(town)
    town.end(number, LAST)
    town.read(LAST, 20)
    for day, month in ((JANUARY + 30, 31), (JANUARY + 58, 28), (JANUARY + 89, 31)):
        made = town.bill_one(day)
        water = [span for span in made.spans if span.agreement_no == number]
        assert [span.days for span in water] == ([25] if month == 31 and day < JANUARY + 40 else [])
        assert made.header.total == month * 50 + (4_750 if water else 0)
    assert town.broken() == {}


def test_agreements_of_two_cycles_take_turns(town):
    """Each goes on where its own last bill ended, whatever was billed between."""
    with town.store.write() as session:
        cycles.create_cycle(town.act(session), "yearly", 12)
    town.agree("waste", [(JANUARY, "flat")], (("bins", JANUARY, "2"),))
    town.agree("waste2", [(JANUARY, "flat")], (("bins", JANUARY, "2"),), cycle="yearly")
    lo, _ = id_range(town.provider_id)
    for cycle_no, last, issued in ((1, 30, 30), (2, 30, 31), (1, 58, 59), (2, 58, 90)):
        window = Window(JANUARY + last - 5, JANUARY + last)
        order = RunOrder(
            lo, lo + 9, window, JANUARY + issued, JANUARY + issued, cycle_no=cycle_no, straight=True
        )
        runs.whole(town, order)
    assert [(first, last) for _, first, last, _ in headers(town)] == [
        (-1, 30), (-1, 30), (30, 58), (30, 58),
    ]  # fmt: skip
    assert town.broken() == {}


def test_a_new_agreement_begins_with_its_first_day(town):
    """The account has bills already, none of them of it."""
    town.agree("waste", [(JANUARY, "flat")], (("bins", JANUARY, "2"),))
    town.bill_one(JANUARY + 30)
    town.agree("waste2", [(JANUARY + 40, "flat")], (("bins", JANUARY + 40, "4"),), JANUARY + 40)
    made = town.bill_one(JANUARY + 58)
    assert [span.days for span in made.spans] == [28, 19]
    assert town.broken() == {}
