"""`payments_agree` on both stores: it finds nothing where all is well, and each kind of damage."""

import pytest

from billcore.core.payments.checks import payments_agree
from billcore.core.payments.codes import TargetKind
from billcore.core.payments.splits import Act, Part, split
from tests import payments_world


@pytest.fixture
def world(books):
    """A provider with a payment of each fate."""
    found = payments_world.found(books)
    place = found.place()
    found.post(
        found.told("posted"),
        found.told("reversed", 2),
        *(found.told(name, "nobody", taken=True) for name in ("open", "moved", "back")),
    )
    found.reverse("v1", "reversed")
    for name, amount in (("open", 30), ("moved", 0), ("back", 60)):
        found.transfer(found.status(name).order.payment_id, 3, amount, name)
    found.reverse("v2", "back")
    found.reserve(found.told("confirmed", 4))
    found.confirm("confirmed")
    found.reserve(found.told("announced", 4))
    parts = [
        Part(place, TargetKind.ACCOUNT, target, amount)
        for target, amount in (("N1", 50), ("nobody", 70))
    ]
    found.write(lambda write: split(write, place, Act("split", tuple(parts), taken=True)))
    return found


def findings(world):
    with world.store.read() as reader:
        return list(payments_agree(reader, world.provider_id))


def damaged(world, *statements):
    with world.store.write() as session:
        for statement in statements:
            assert session.run(statement) > 0, statement
    return " ".join(str(one) for one in findings(world))


ENTRY = "WHERE account_entry_id IN (SELECT payment_id FROM payment_order WHERE reference = '{}')"
ITEM = "WHERE payment_id IN (SELECT payment_id FROM payment_order WHERE reference = '{}')"


def test_all_is_well(world):
    assert findings(world) == []
    assert world.broken() == []


@pytest.mark.parametrize(
    ("statement", "found", "where"),
    [
        (f"DELETE FROM account_entry {ENTRY.format('posted')}", "not its account entry", "posted"),
        (f"UPDATE account_entry SET amount = -99 {ENTRY.format('posted')}", "not its", "posted"),
        (f"UPDATE account_entry SET day = day - 1 {ENTRY.format('posted')}", "not its", "posted"),
        (f"UPDATE account_entry SET kind = 3 {ENTRY.format('posted')}", "not its", "posted"),
        (f"UPDATE account_entry SET account_id = account_id + 1 {ENTRY.format('posted')}",
         "is no payment's", "account_entry_id"),
        ("UPDATE payment_order SET amount = amount + 1 WHERE reference = 'posted'", "not its",
         "posted"),
        ("UPDATE payment_order SET state = 7 WHERE reference = 'posted'", "not its", "posted"),
        ("DELETE FROM payment_order WHERE reference = 'posted'", "is no payment's",
         "account_entry_id"),
        ("UPDATE payment_part SET amount = amount + 1 WHERE part_no = 1", "its parts", "split"),
        ("UPDATE payment_part SET part_no = 3 WHERE part_no = 2", "its parts", "split"),
        ("DELETE FROM payment_part", "its parts", "split"),
        ("DELETE FROM payment_order WHERE reference = 'split'", "part has no order", "split"),
        ("UPDATE payment_order SET target_kind = 0 WHERE reference = 'posted'", "its parts",
         "posted"),
        ("DELETE FROM payment_reversal WHERE reference = 'v1'", "without a reversal", "reversed"),
        ("UPDATE payment_reversal SET day = day + 1 WHERE reference = 'v1'", "on its day",
         "reversed"),
        ("UPDATE payment_reversal SET amount = 1 WHERE reference = 'v1'", "of its amount", "v1"),
        ("UPDATE payment_reversal SET payment_reference = 'x' WHERE reference = 'v1'",
         "not that of an order", "v1"),
        (f"DELETE FROM account_entry WHERE reverses <> 0 AND account_id = {2 ** 34 + 2}",
         "not undone", "reversed"),
        (f"DELETE FROM suspense_item {ITEM.format('open')}", "not its item", "open"),
        (f"UPDATE suspense_item SET amount = amount + 1 {ITEM.format('open')}", "not its item",
         "open"),
        (f"UPDATE suspense_item SET amount = 101 {ITEM.format('back')}", "101", "payment_id"),
        ("UPDATE suspense_item SET payment_id = 5 WHERE reference = 'open'", "item has no payment",
         "open"),
        ("UPDATE suspense_move SET amount = 101 WHERE amount = 100", "101", "payment_id"),
        ("UPDATE suspense_move SET amount = 29 WHERE amount = 30", "account entry", "move_no"),
        ("UPDATE suspense_move SET entry_id = 1 WHERE amount = 30", "account entry", "move_no"),
        ("UPDATE suspense_move SET account_id = 0 WHERE amount = 30", "reversal", "move_no"),
        ("DELETE FROM suspense_move WHERE amount = 30", "is no payment's", "account_entry_id"),
        ("DELETE FROM payment_reversal WHERE reference = 'v2'", "undone but by", "move_no"),
        ("UPDATE reservation SET amount = 99 WHERE reference = 'confirmed'", "as it was reserved",
         "confirmed"),
        ("UPDATE reservation SET state = 6 WHERE reference = 'announced'", "as it was reserved",
         "announced"),
    ],
)  # fmt: skip
def test_damage_is_found(world, statement, found, where):
    told = damaged(world, statement.replace(str(2**34 + 2), str(world.account(2))))
    assert found in told, told
    assert where in told, told


def test_an_undone_payment_without_reversal(world):
    """And what no channel posted is none of its business."""
    world.owe(10, 20)
    assert findings(world) == []
    told = damaged(
        world,
        "UPDATE account_entry SET reverses = (SELECT payment_id FROM payment_order "
        f"WHERE reference = 'posted') WHERE account_id = {world.account(1)} AND amount = 10",
    )
    assert "without a reversal" in told


def test_much_damage_is_told_a_little(world):
    world.post(*(world.told(f"m{n}", n % 5 + 1) for n in range(100)))
    told = damaged(world, "DELETE FROM account_entry WHERE reverses = 0 AND kind = 2")
    assert told.count("not its account entry") == 20
