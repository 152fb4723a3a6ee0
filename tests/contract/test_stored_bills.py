"""Bills read back on both stores: what was charged follows from what the bill itself keeps."""

import threading
from dataclasses import replace

import pytest

from billcore.core import verify
from billcore.core.accounts import agreements
from billcore.core.accounts.errors import AgreementUnknown, FieldRefused
from billcore.core.billing.charges.due import Window
from billcore.core.billing.charges.packing import PackedInvalid
from billcore.core.billing.errors import AccountUnbillable, BillExists, BillUnknown
from billcore.core.billing.items import account_items
from billcore.core.billing.single import Asked, bill_one, simulate_one
from billcore.core.billing.stored import stored_bill
from billcore.core.enquiries.summary import summary
from billcore.core.events import sequencer
from billcore.core.ledger import balances, by_hand
from billcore.core.ledger.by_hand import GivenEntry
from billcore.core.ledger.kinds import BillKind, EntryKind
from billcore.core.store import accounts, bills, ledger, providers
from billcore.core.tariff.catalog import Catalog
from billcore.core.tariff.explain.recompute import recompute
from billcore.core.tariff.shelves import Stored
from tests import seed


@pytest.fixture
def world(books):
    return seed.settle(books)


def asked(world, day, **more):
    return Asked(world.account_id, Window(day, day), day, **more)


def billed(world, wanted, at, source="one"):
    with world.store.write() as session:
        provider = providers.provider(session, world.caller.provider_id)
        return bill_one(seed.Act(session, world.caller, at), provider, wanted, source)


def tried(world, wanted, at=seed.NOW):
    with world.store.read() as reader:
        provider = providers.provider(reader, world.caller.provider_id)
        return simulate_one(reader, provider, wanted, at)


def read_back(world, bill):
    with world.store.read() as reader:
        return stored_bill(reader, world.caller.provider_id, bill.header.bill_id)


def post(world, amount, day, at, reference, kind=EntryKind.ADJUSTMENT):
    with world.store.write() as session:
        act = seed.Act(session, world.caller, at)
        given = GivenEntry(world.account_id, kind, amount, day, reference)
        return by_hand.post_one(act, given, "as agreed", reference)


def broken(world):
    with world.store.read() as reader:
        verdicts = verify.verify(reader, verify.books(reader, 0))
        return {verdict.check: verdict.broken for verdict in verdicts if verdict.broken}


def every_bill(world):
    """The five printed bills, each settled before the next."""
    found = []
    for number, printed in enumerate(seed.PRINTED):
        day, at = seed.jalali(printed.day), seed.NOW + 2 * (number + 1) * seed.SECOND
        seed.read(world, day, printed.dial)
        days = {1: printed.days} if printed.days else {}
        wanted = asked(world, day, days=days)
        simulated = tried(world, wanted, at)
        found.append(billed(world, wanted, at, f"bill {number}"))
        assert found[-1] == simulated
        if printed is not seed.PRINTED[-1]:
            post(world, -printed.total, day + 9, at + seed.SECOND, f"settles {number}")
    return found


def test_a_bill_says_again_what_it_said(world):
    """Header, spans and inputs; and the explanation alone comes to the stored lines."""
    for made, printed in zip(every_bill(world), seed.PRINTED, strict=True):
        kept = read_back(world, made)
        assert kept.spans == made.spans
        assert kept.header == made.header._replace(entry_id=kept.header.entry_id)
        assert kept.header.entry_id
        (span,) = kept.spans
        again = recompute(span.explanation())
        assert again.pop("total") == kept.header.total == printed.total
        assert again == span.lines
        assert span.days == (printed.days or kept.header.this_day - kept.header.previous_day)
    assert broken(world) == {}


def test_headers_are_listed_in_pages(world):
    made = [bill.header.bill_id for bill in every_bill(world)]
    with world.store.read() as reader:
        first = bills.headers(reader, world.account_id, 0, 3)
        rest = bills.headers(reader, world.account_id, first[-1].bill_id, 3)
    assert [header.bill_id for header in (*first, *rest)] == made


def test_what_is_not_there(world):
    (bill, *_) = every_bill(world)
    number = bill.header.bill_id
    with world.store.read() as reader:
        for wrong in (0, -1, number + 1, number ^ (1 << 60), 2**63 - 1):
            with pytest.raises(BillUnknown):
                stored_bill(reader, world.caller.provider_id, wrong)
        with pytest.raises(BillUnknown):
            stored_bill(reader, world.caller.provider_id + 1, number)


def test_a_damaged_bill_is_told_as_such(world):
    (bill, *_) = every_bill(world)
    with world.store.write() as session:
        session.run("UPDATE bill SET inputs = :cut", cut=b"1234")
    with pytest.raises(PackedInvalid):
        read_back(world, bill)
    assert "bills_rerate" in _checks(world)


def _checks(world):
    """What verify says of a store whose bills cannot be read."""
    try:
        return broken(world)
    except PackedInvalid:
        return {"bills_rerate": ()}


def test_a_tariff_that_changes_inside_the_period(world):
    """Two spans of one agreement, each by its tariff; stated days cannot be divided."""
    day, change = seed.jalali("1395-10-06"), seed.jalali("1395-06-01")
    text = seed.TARIFF.read_text("utf-8").replace("tariff: ir-mehrab-water", "tariff: later", 1)
    catalog = Catalog(Stored(world.store, lambda: seed.NOW))
    catalog.publish(text, "later", caller=world.caller)
    with world.store.write() as session:
        act = seed.Act(session, world.caller, seed.NOW)
        agreements.change_tariff(act, world.account_id, 1, change, "later", 1, "new")
    seed.read(world, change - 1, 110)
    seed.read(world, day, 120)
    with pytest.raises(AccountUnbillable) as caught:
        billed(world, asked(world, day, days={1: 253}), seed.NOW)
    assert caught.value.rule == "DAYS_INDIVISIBLE"
    made = billed(world, asked(world, day), seed.NOW)
    assert [span.tariff.id for span in made.spans] == ["ir-mehrab-water", "later"]
    assert [span.rated_from.this for span in made.spans] == [change - 1, day]
    assert [int(span.rated_from.inputs["m3"]) for span in made.spans] == [12, 10]
    assert read_back(world, made).spans == made.spans
    totals = [recompute(span.explanation())["total"] for span in made.spans]
    assert sum(totals) == made.header.total
    assert broken(world) == {}


def test_what_is_refused(world):
    day = seed.jalali("1395-10-06")
    wrong = [
        (FieldRefused, replace(asked(world, day), window=Window(day + 1, day))),
        (FieldRefused, replace(asked(world, day), window=Window(day - 366, day))),
        (FieldRefused, replace(asked(world, day), issued_day=1)),
        (FieldRefused, asked(world, day, kind=BillKind.CREDIT)),
        (FieldRefused, asked(world, day, days={1: 0})),
        (AgreementUnknown, asked(world, day, days={2: 9})),
        (AccountUnbillable, asked(world, day)),
    ]
    for error, wanted in wrong:
        with pytest.raises(error):
            billed(world, wanted, seed.NOW)
        with pytest.raises(error):
            tried(world, wanted)
    with world.store.read() as reader:
        assert bills.months(reader, world.caller.provider_id) == []
    assert broken(world) == {}


def test_an_account_without_agreements_has_nothing_due(world):
    with world.store.write() as session:
        session.run("DELETE FROM agreement")
    with pytest.raises(AccountUnbillable) as caught:
        tried(world, asked(world, seed.jalali("1395-10-06")))
    assert caught.value.rule == "NOTHING_DUE"


def test_trying_tells_that_there_is_a_bill(world):
    day = seed.jalali("1395-10-06")
    seed.read(world, day, 120)
    billed(world, asked(world, day), seed.NOW)
    seed.read(world, day + 2, 121)
    with pytest.raises(BillExists):
        tried(world, asked(world, day + 2))


def test_open_items_and_the_summary(world):
    """The oldest debt is paid first; what is open is the balance."""
    made = every_bill(world)
    with world.store.read() as reader:
        items = account_items(reader, world.account_id).open()
        account = accounts.account(reader, world.account_id)
        due = made[-1].header.due_day
        told = summary(reader, world.caller, account, due)
        later = summary(reader, world.caller, account, due + 1)
    assert [item.open for item in items] == [17, 362_327]
    assert sum(item.open for item in items) == 362_344
    assert (told.balance, told.overdue, later.overdue) == (362_344, 17, 362_344)
    assert told.due_day == made[3].header.due_day
    assert told.last_bill.bill_id == made[-1].header.bill_id
    (reading,) = told.readings[1]
    assert (reading.value, reading.usage, reading.days) == (220, 90, 526)


def test_events_alone_rebuild_the_balances(world):
    every_bill(world)
    with world.store.write() as session:
        while sequencer.number(session, world.caller.provider_id):
            pass
    assert broken(world) == {}
    with world.store.write() as session:
        session.run(
            "UPDATE event SET payload = REPLACE(payload, '362327', '362328')"
            " WHERE kind = 'bills.issued'"
        )
    (finding,) = broken(world)["events_rebuild_balances"]
    assert finding["account_id"] == world.account_id


def test_the_journal_goes_on_behind_an_entry(world):
    every_bill(world)
    found, place = [], (0, 0)
    with world.store.read() as reader:
        while page := ledger.journal(reader, world.caller.provider_id, *place, 2**31 - 1, 4):
            found += page
            place = page[-1].day, page[-1].entry_id
    assert len(found) == 10
    assert all(sum(amount for _, amount in entry.postings) == 0 for entry in found)


def test_a_bill_and_entries_at_once(world):
    """Whoever comes before the bill is in its opening, though the clock stands still."""
    day = seed.jalali("1395-10-06")
    seed.read(world, day, 120)

    def posted(number):
        with world.store.write() as session:
            given = GivenEntry(world.account_id, EntryKind.ADJUSTMENT, 1, day, f"p{number}")
            act = seed.Act(session, world.caller, seed.NOW)
            by_hand.post_one(act, given, "why", f"p{number}")

    def made():
        with world.store.write() as session:
            provider = providers.provider(session, world.caller.provider_id)
            act = seed.Act(session, world.caller, seed.NOW)
            bill_one(act, provider, asked(world, day), "bill")

    threads = [threading.Thread(target=posted, args=(number,)) for number in range(8)]
    threads.insert(4, threading.Thread(target=made))
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with world.store.read() as reader:
        assert len(balances.documents(reader, world.account_id)) == 10
    assert broken(world) == {}
