"""Groups and consolidated bills on both stores, over one provider and over several."""

import threading
from dataclasses import dataclass

import pytest

from billcore.core import verify
from billcore.core.accounts.errors import AccountUnknown, FieldRefused, RevisionConflict
from billcore.core.billing.consolidated import groups
from billcore.core.billing.consolidated.consolidate import consolidate, consolidated_bill
from billcore.core.billing.consolidated.errors import (
    ConsolidatedBillUnknown,
    CurrencyMixed,
    GroupUnknown,
    MemberOverlap,
    MemberUnknown,
    NothingToConsolidate,
)
from billcore.core.billing.consolidated.groups import MEMBERS_MAX, Leaving
from billcore.core.billing.corrections.cancelling import cancel_bill
from billcore.core.billing.corrections.credits import Reason
from billcore.core.billing.corrections.wanted import Wanted
from billcore.core.caller import HOUSE, Caller, Role
from billcore.core.errors import BatchTooLarge
from billcore.core.ledger.kinds import EntryKind
from billcore.core.store import consolidated as rows
from billcore.core.store import events as event_rows
from billcore.core.store import groups as group_rows
from billcore.core.store import providers
from billcore.core.store.groups import Member
from billcore.core.store.port import OPEN_DAY, Store
from tests.seed import Act
from tests.town import JANUARY, NOW, Town, settle

LAST = JANUARY + 30
HOUSE_CLERK = Caller(1, HOUSE, frozenset(Role), "the house")


@dataclass
class Street:
    """Two providers with an account each, the first with two, and who groups them."""

    store: Store
    water: Town
    again: Town
    waste: Town
    caller: Caller = HOUSE_CLERK
    at: int = NOW + 10**12

    def act(self, session, caller=None):
        self.at += 1_000_000
        return Act(session, caller or self.caller, self.at)

    def create(self, *members, caller=None, name="12 Lime Street", address="12 Lime Street"):
        given = [Member(one.account_id, JANUARY, OPEN_DAY) for one in members]
        with self.store.write() as session:
            act = self.act(session, caller)
            return groups.create_group(act, {"name": name, "address": address}, given)

    def update(self, group, revision=1, changes=None, joining=(), leaving=(), caller=None):
        with self.store.write() as session:
            act = self.act(session, caller)
            return groups.update_group(act, group, revision, changes or {}, joining, leaving, "why")

    def consolidate(self, group=1, day=LAST, caller=None):
        with self.store.write() as session:
            return consolidate(self.act(session, caller), group, day)

    def read_back(self, number, owner=HOUSE):
        with self.store.read() as reader:
            return consolidated_bill(reader, owner, number)

    def broken(self):
        """What verify finds at the house and at both providers, by owner and check."""
        owners = [HOUSE, self.water.provider_id, self.waste.provider_id]
        with self.store.read() as reader:
            found = list(verify.verify(reader, owners))
        return {(one.provider_id, one.check): one.broken for one in found if one.broken}


@pytest.fixture
def street(books):
    """Every account has a bin; 31 days of January cost 15.50."""
    water, waste = settle(books), settle(books, "waste")
    found = Street(books, water, water.open_account("A2"), waste)
    for number, one in enumerate((found.water, found.again, found.waste)):
        one.agree(f"s{number}", [(JANUARY, "flat")], (("bins", JANUARY, "2"),))
    return found


def clerk(town):
    return Caller(2, town.provider_id, frozenset(Role), "clerk")


def test_bills_of_two_providers_in_one(street):
    """Each member's last bill and what it owes, summed by provider and overall."""
    street.create(street.water, street.again, street.waste)
    street.water.post(EntryKind.ADJUSTMENT, 1_000, JANUARY + 1)
    bills = [one.bill_one(LAST) for one in (street.water, street.again, street.waste)]
    made = street.consolidate()
    row = made.row
    assert (row.consolidated_no, row.group_no, row.day, row.currency) == (1, 1, LAST, "EUR")
    assert (row.total, row.owed) == (3 * 1_550, 3 * 1_550 + 1_000)
    owed = 2_550, 1_550, 1_550
    assert [(i.bill_id, i.total, i.owed) for i in made.items] == [
        (bill.header.bill_id, 1_550, debt) for bill, debt in zip(bills, owed, strict=True)
    ]
    assert [(one.provider_id, one.total, one.owed) for one in made.by_provider] == [
        (street.water.provider_id, 3_100, 4_100),
        (street.waste.provider_id, 1_550, 1_550),
    ]
    assert street.read_back(1) == made
    assert street.broken() == {}


def test_nothing_is_posted(street):
    """Balances and books are those of the members' bills."""
    street.create(street.water, street.waste)
    street.water.bill_one(LAST)
    before = street.water.owes(), street.waste.owes()
    street.consolidate()
    assert (street.water.owes(), street.waste.owes()) == before == (1_550, 0)
    assert street.broken() == {}


def test_a_member_without_a_new_bill_still_owes(street):
    street.create(street.water, street.waste)
    street.water.bill_one(LAST)
    street.waste.post(EntryKind.ADJUSTMENT, 70, JANUARY + 2)
    made = street.consolidate()
    assert [(i.bill_id != 0, i.total, i.owed) for i in made.items] == [
        (True, 1_550, 1_550),
        (False, 0, 70),
    ]
    assert street.broken() == {}


def test_a_bill_is_consolidated_once(street):
    """The next one names the next bills alone; the first stays as it was."""
    street.create(street.water, street.waste)
    street.water.bill_one(LAST)
    first = street.consolidate()
    with pytest.raises(NothingToConsolidate, match="not consolidated before"):
        street.consolidate()
    with pytest.raises(NothingToConsolidate):
        street.consolidate(day=LAST + 20)
    street.waste.bill_one(JANUARY + 58)
    second = street.consolidate(day=JANUARY + 58)
    assert second.row.consolidated_no == 2
    assert [item.total for item in second.items] == [0, 59 * 50]
    assert second.row.owed == 1_550 + 59 * 50
    assert street.read_back(1) == first
    with street.store.read() as reader:
        assert rows.listed(reader, HOUSE, 0, 0, 9) == [first.row, second.row]
        assert rows.listed(reader, HOUSE, 1, 1, 9) == [second.row]
        assert rows.listed(reader, HOUSE, 2, 0, 9) == []
    assert street.broken() == {}


def test_of_several_new_bills_the_last_is_named(street):
    """What was billed before it is in what the account owes."""
    street.create(street.water)
    street.water.bill_one(LAST)
    february = street.water.bill_one(JANUARY + 58)
    made = street.consolidate(day=JANUARY + 58)
    assert [(i.bill_id, i.total, i.owed) for i in made.items] == [
        (february.header.bill_id, 1_400, 2_950)
    ]
    with pytest.raises(NothingToConsolidate):  # the older one is not taken up later
        street.consolidate(day=JANUARY + 60)


def test_bills_and_debt_of_later_days_wait(street):
    street.create(street.water)
    street.water.bill_one(LAST)
    with pytest.raises(NothingToConsolidate):
        street.consolidate(day=LAST - 1)
    street.water.post(EntryKind.PAYMENT, -500, LAST + 1)
    made = street.consolidate()
    assert made.row.owed == 1_550
    assert street.broken() == {}


def test_what_is_posted_later_changes_nothing(street):
    """Also with an earlier day: the bill says what was known when it was made."""
    street.create(street.water)
    street.water.bill_one(LAST)
    made = street.consolidate()
    street.water.at = 0  # a clock that was put back
    street.water.post(EntryKind.PAYMENT, -500, JANUARY + 3)
    assert street.read_back(1) == made
    assert street.broken() == {}


def test_a_cancelled_bill_is_not_named(street):
    street.create(street.water)
    first = street.water.bill_one(LAST).header
    second = street.water.bill_one(JANUARY + 58).header
    why = Wanted(Reason("OTHER", "wrong", ("letter 1",)), JANUARY + 58, "note")
    with street.store.write() as session:
        provider = providers.provider(session, street.water.provider_id)
        cancel_bill(street.water.act(session), provider, second.bill_id, why)
    made = street.consolidate(day=JANUARY + 58)
    assert [item.bill_id for item in made.items] == [first.bill_id]
    assert made.row.owed == 1_550
    assert street.broken() == {}


def test_members_come_and_go(street):
    """Who is in the group on the day is on its bill."""
    street.create(street.water, street.waste)
    for one in (street.water, street.again, street.waste):
        one.bill_one(LAST)
    changed = street.update(
        1,
        changes={"name": "Ms Brown"},
        joining=[Member(street.again.account_id, LAST, LAST + 9)],
        leaving=[Leaving(street.waste.account_id, LAST - 1)],
    )
    assert (changed.row.revision, changed.row.name, changed.row.address) == (
        2, "Ms Brown", "12 Lime Street",
    )  # fmt: skip
    assert [tuple(member) for member in changed.members] == [
        (street.water.account_id, JANUARY, OPEN_DAY),
        (street.again.account_id, LAST, LAST + 9),
        (street.waste.account_id, JANUARY, LAST - 1),
    ]
    made = street.consolidate()
    assert [item.account_id for item in made.items] == [
        street.water.account_id,
        street.again.account_id,
    ]
    assert (made.row.name, made.row.total) == ("Ms Brown", 3_100)
    street.update(1, 2, changes={"name": "Ms Green"})
    assert street.read_back(1).row.name == "Ms Brown"
    with pytest.raises(NothingToConsolidate):
        street.consolidate(day=LAST + 10)
    assert street.broken() == {}


def test_an_account_may_return(street):
    street.create(street.water)
    account = street.water.account_id
    street.update(1, leaving=[Leaving(account, LAST)])
    street.update(1, 2, joining=[Member(account, LAST + 5, OPEN_DAY)])
    with street.store.read() as reader:
        found = groups.get_group(reader, HOUSE, 1)
    assert [member[1:] for member in found.members] == [(JANUARY, LAST), (LAST + 5, OPEN_DAY)]
    assert [len(found.on(day)) for day in (LAST, LAST + 1, LAST + 5)] == [1, 0, 1]


def test_a_provider_groups_its_own_accounts(street):
    """Its groups and numbers are its own: the house and others do not see them."""
    mine = clerk(street.water)
    street.create(street.waste)
    street.create(street.water, street.again, caller=mine)
    for one in (street.water, street.again, street.waste):
        one.bill_one(LAST)
    made = street.consolidate(caller=mine)
    assert (made.row.consolidated_no, made.row.total) == (1, 3_100)
    owner = street.water.provider_id
    assert street.read_back(1, owner) == made
    assert street.consolidate().row.total == 1_550
    with street.store.read() as reader:
        assert len(group_rows.listed(reader, owner, 0, 9)) == 1
        for stranger in (street.waste.provider_id, 77):
            with pytest.raises(ConsolidatedBillUnknown):
                consolidated_bill(reader, stranger, 1)
            with pytest.raises(GroupUnknown):
                groups.get_group(reader, stranger, 1)
    with pytest.raises(GroupUnknown):
        street.consolidate(caller=clerk(street.waste))
    assert street.broken() == {}


def test_the_house_and_a_provider_may_both_consolidate_a_bill(street):
    """Each is a document of its own owner."""
    mine = clerk(street.water)
    street.create(street.water)
    street.create(street.water, caller=mine)
    street.water.bill_one(LAST)
    assert street.consolidate().row.total == street.consolidate(caller=mine).row.total == 1_550
    assert street.broken() == {}


def test_another_provider_s_account_is_unknown(street):
    mine = clerk(street.water)
    for account in (street.waste.account_id, 0, -1, 2**63 - 1, street.again.account_id + 1):
        with pytest.raises(AccountUnknown):
            street.create(street.water, Other(account), caller=mine)
    street.create(street.water, caller=mine)
    joining = [Member(street.waste.account_id, JANUARY, OPEN_DAY)]
    with pytest.raises(AccountUnknown):
        street.update(1, joining=joining, caller=mine)
    with pytest.raises(AccountUnknown):  # nor does the house know what is not there
        street.create(Other(2**63 - 1))


@dataclass
class Other:
    account_id: int


def test_one_currency(street):
    """Rubles and euros are not added."""
    roubles = settle(street.store, "omsk", "RUB")
    with pytest.raises(CurrencyMixed, match="billed in RUB, the group in EUR"):
        street.create(street.water, roubles)
    street.create(street.water)
    with pytest.raises(CurrencyMixed):
        street.update(1, joining=[Member(roubles.account_id, JANUARY, OPEN_DAY)])
    assert street.create(roubles).members[0].account_id == roubles.account_id


def test_an_account_is_in_one_group_a_day(street):
    street.create(street.water)
    account = street.water.account_id
    with pytest.raises(MemberOverlap, match="in group 1 from"):
        street.create(street.water)
    with pytest.raises(MemberOverlap):
        street.update(1, joining=[Member(account, LAST, LAST)])
    with pytest.raises(MemberOverlap):
        street.create(street.again, street.again)
    street.update(1, leaving=[Leaving(account, LAST)])
    street.create(street.again)
    moved = street.update(2, joining=[Member(account, LAST + 1, OPEN_DAY)])
    assert len(moved.members) == 2


BAD = [
    ({"name": ""}, FieldRefused, "name"),
    ({"name": "n" * 201}, FieldRefused, "name"),
    ({"name": "a\nb"}, FieldRefused, "name"),
    ({"address": "a" * 501}, FieldRefused, "address"),
]


@pytest.mark.parametrize(("texts", "kind", "field"), BAD)
def test_texts_have_rules(street, texts, kind, field):
    with pytest.raises(kind) as caught:
        street.create(street.water, **texts)
    assert caught.value.fields["field"] == field
    street.create(street.water)
    with pytest.raises(kind):
        street.update(1, changes=texts)


def test_what_is_refused(street):
    street.create(street.water)
    account = street.water.account_id
    with pytest.raises(GroupUnknown):
        street.update(2)
    with pytest.raises(GroupUnknown):
        street.consolidate(2)
    with pytest.raises(RevisionConflict):
        street.update(1, 2)
    with pytest.raises(MemberUnknown):
        street.update(1, leaving=[Leaving(street.again.account_id, LAST)])
    with pytest.raises(MemberUnknown):
        street.update(1, leaving=[Leaving(account, JANUARY - 1)])
    with pytest.raises(FieldRefused, match="is before"):
        street.update(1, joining=[Member(street.again.account_id, LAST, LAST - 1)])
    with pytest.raises(BatchTooLarge):
        street.update(
            1, joining=[Member(street.again.account_id, d, d) for d in range(MEMBERS_MAX)]
        )
    with pytest.raises(NothingToConsolidate, match="no members"):
        street.consolidate(day=JANUARY - 1)
    street.water.bill_one(LAST)
    street.consolidate(day=LAST + 5)
    street.water.bill_one(JANUARY + 58)
    with pytest.raises(FieldRefused, match="no earlier day"):
        street.consolidate(day=LAST + 4)
    with street.store.read() as reader:
        assert groups.get_group(reader, HOUSE, 1).row.revision == 1
        assert len(rows.listed(reader, HOUSE, 0, 0, 9)) == 1
    assert street.broken() == {}


def test_it_is_told_and_audited_without_names(street):
    street.create(street.water, name="Mrs Smith")
    street.water.bill_one(LAST)
    street.consolidate()
    with street.store.read() as reader:
        events = event_rows.pending_events(reader, HOUSE, 100)
        audits = event_rows.pending_audits(reader, HOUSE, 100)
    kinds = [event.kind for event in events]
    assert [k for k in kinds if "provider" not in k and "tariff" not in k] == [
        "group.created",
        "consolidated_bill.issued",
    ]
    assert {"group.created", "consolidated_bill.issued"} <= {row.action for row in audits}
    assert "Smith" not in "".join(event.payload for event in events)
    assert '"total":1550' in events[-1].payload


def test_two_at_once_make_one(street):
    """Of two callers one is told that there is nothing new; numbers have no gap."""
    street.create(street.water, street.waste)
    for one in (street.water, street.waste):
        one.bill_one(LAST)
    made, refused = [], []

    def run():
        try:
            made.append(street.consolidate())
        except NothingToConsolidate:
            refused.append(1)

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(made), len(refused)) == (1, 3)
    street.water.bill_one(JANUARY + 58)
    assert street.consolidate(day=JANUARY + 58).row.consolidated_no == 2
    assert street.broken() == {}


def test_bills_and_payments_meanwhile(street):
    """Whatever is posted beside it, what it says was owed can be counted again."""
    street.create(street.water, street.waste)
    for one in (street.water, street.waste):
        one.bill_one(LAST)
    threads = [
        threading.Thread(target=street.water.post, args=(EntryKind.ADJUSTMENT, n, JANUARY + n))
        for n in range(1, 9)
    ]
    threads.insert(4, threading.Thread(target=street.consolidate))
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert street.read_back(1).row.total == 3_100
    assert street.broken() == {}


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE consolidated_bill SET total = total + 1",
        "UPDATE consolidated_bill SET owed = owed - 1",
        "UPDATE consolidated_item SET total = total + 1",
        "UPDATE consolidated_item SET owed = owed + 1",
        "UPDATE consolidated_item SET bill_id = bill_id + 1 WHERE bill_id <> 0",
        "UPDATE consolidated_item SET bill_id = 0",
        "UPDATE consolidated_item SET known_at = 0",
        "DELETE FROM consolidated_item",
        "DELETE FROM consolidated_bill",
        "DELETE FROM account_group",
        "UPDATE drawn SET last = last + 1 WHERE provider_id = 0 AND kind = 'consolidated'",
        "DELETE FROM bill",
        "UPDATE bill SET total = total + 1, closing = closing + 1",
        """INSERT INTO consolidated_item (provider_id, consolidated_no, account_id, bill_id, total,
        owed, known_at) SELECT provider_id, 2, account_id, bill_id, total, owed, known_at
        FROM consolidated_item""",
    ],
)
def test_verify_finds_damage(street, damage):
    """At the house, whose bill it is."""
    street.create(street.water)
    street.water.bill_one(LAST)
    street.consolidate()
    assert street.broken() == {}
    with street.store.write() as session:
        session.run(damage)
    found = street.broken()[HOUSE, "consolidated_bills"]
    assert all(one["message"] for one in found)


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        ("DELETE FROM account_group WHERE group_no = 2", "1 are there"),
        ("UPDATE group_member SET group_no = 9 WHERE group_no = 2", "has no group"),
        ("UPDATE group_member SET account_id = account_id + 77 WHERE group_no = 2", "no account"),
        ("UPDATE group_member SET until_day = from_day - 1 WHERE group_no = 2", "no days"),
        (
            """INSERT INTO group_member (provider_id, group_no, account_id, from_day, until_day)
            SELECT provider_id, 2, account_id, from_day + 9, until_day FROM group_member
            WHERE group_no = 1""",
            "groups 1 and 2",
        ),
        ("UPDATE provider SET currency = 'CHF' WHERE provider_id > 1", "2 currencies"),
    ],
)
def test_verify_finds_damaged_groups(street, damage, words):
    street.create(street.water, street.waste)
    street.create(street.again)
    assert street.broken() == {}
    with street.store.write() as session:
        session.run(damage)
    assert any(words in one["message"] for one in street.broken()[HOUSE, "groups_fit"])


def test_verify_finds_a_provider_s_group_with_another_s_account(street):
    street.create(street.water, caller=clerk(street.water))
    assert street.broken() == {}
    with street.store.write() as session:
        session.run("UPDATE group_member SET account_id = :of", of=street.waste.account_id)
    (found,) = street.broken()[street.water.provider_id, "groups_fit"]
    assert found["account_id"] == street.waste.account_id
