"""Splits on both stores: one act at several accounts and providers, all of it or nothing."""

from dataclasses import replace

import pytest

from billcore.core.accounts.policies import Policies
from billcore.core.caller import Caller
from billcore.core.payments.channel_policies import parse_channel_policies
from billcore.core.payments.codes import Code, State, TargetKind
from billcore.core.payments.intake.place import Place, opened
from billcore.core.payments.refusals import (
    AmountLow,
    PaymentConflict,
    PaymentInvalid,
    TargetUnknown,
)
from billcore.core.payments.splits import PARTS_MAX, Act, Part, split
from billcore.core.store import channels as channel_rows
from billcore.core.store.channels import Channel
from tests import payments_world
from tests.payments_world import DAY, NOW, TODAY

POST = 2**14 + 1  # the house's first channel


@pytest.fixture
def world(books):
    found = payments_world.found(books, providers=2)
    with books.write() as session:
        text = parse_channel_policies("").text
        channel = Channel(0, POST, "post", "post_office", "post", 1, text, 1, 0)
        channel_rows.add(session, channel)
    return found


def of(world, provider_id):
    """The books of a provider, or the house's."""
    return replace(world, provider_id=provider_id)


def house(world):
    with world.store.read() as reader:
        return Place(0, "UTC", "", Policies(), opened(channel_rows.find(reader, 0, POST)))


def part(world, count, amount, provider_id=1, place=None, **more):
    target = f"N{count}" if isinstance(count, int) else count
    where = replace(place or world.place(), provider_id=provider_id, time_zone="Asia/Tehran")
    return Part(where, **({"target_kind": TargetKind.ACCOUNT, "target": target,
                           "amount": amount} | more))  # fmt: skip


def act(world, reference, *parts, taken=False, place=None, **more):
    """Posts an act, of the kiosk or as the house's."""
    where = place or world.place()
    caller = world.caller if where.provider_id else Caller(7, 0, frozenset())

    def done(write):
        return split(replace(write, caller=caller), where, Act(reference, parts, taken, **more))

    return world.write(done)


def in_order(world):
    assert world.broken() == of(world, 2).broken() == []


def test_an_act_pays_several_accounts(world):
    made = act(world, "r1", part(world, 1, 100), part(world, 2, 50), part(world, 1, 25))
    assert not made.replayed
    assert (made.order.amount, made.order.state, made.order.account_id) == (175, State.POSTED, 0)
    assert [one.amount for one in made.parts] == [100, 50, 25]
    assert len({one.payment_id for one in made.parts}) == 3
    assert [world.balance(n) for n in (1, 2)] == [-125, -50]
    assert world.trial() == {"receivable": -175, "channel_clearing:kiosk": 175}
    found = world.status("r1")
    assert (found.state, found.parts) == (State.POSTED, made.parts)
    in_order(world)


def test_the_same_act_again_has_the_first_answer(world):
    parts = part(world, 1, 100), part(world, 2, 50)
    first = act(world, "r1", *parts)
    again = act(world.at(1000), "r1", *parts, taken=True)
    assert again.replayed
    assert (again.order, again.parts) == (first.order, first.parts)
    assert world.balance() == -100
    in_order(world)


def test_another_act_under_the_reference_is_refused(world):
    first, second = part(world, 1, 100), part(world, 2, 50)
    act(world, "r1", first, second)
    for parts in (
        (first,),
        (second, first),
        (first, second, second),
        (first, part(world, 2, 51)),
        (first, part(world, 3, 50)),
    ):
        with pytest.raises(PaymentConflict) as caught:
            act(world, "r1", *parts)
        assert caught.value.fields["differs"] == "parts"
    with pytest.raises(PaymentConflict) as caught:
        act(world, "r1", first, second, paid_at=NOW)
    assert caught.value.fields["differs"] == "paid_at"
    assert [world.balance(n) for n in (1, 2)] == [-100, -50]
    in_order(world)


def test_an_act_and_a_payment_are_not_the_same(world):
    """Nor is a reservation."""
    act(world, "r1", part(world, 1, 100))
    assert world.post(world.told("r1")).code.tolist() == [Code.CONFLICT]
    world.post(world.told("r2"))
    world.reserve(world.told("r3"))
    for reference in ("r2", "r3"):
        with pytest.raises(PaymentConflict):
            act(world, reference, part(world, 1, 100))
    with pytest.raises(PaymentConflict):
        world.reserve(world.told("r1"))
    assert world.balance() == -200
    in_order(world)


@pytest.mark.parametrize("count", [0, PARTS_MAX + 1])
def test_an_act_has_some_parts(world, count):
    with pytest.raises(PaymentInvalid, match="100") as caught:
        act(world, "r1", *[part(world, 1, 10)] * count)
    assert caught.value.fields["field"] == "parts"
    assert world.count("payment_order") == 0


def test_the_most_parts(world):
    act(world, "r1", *[part(world, n % 5 + 1, 10 + n) for n in range(PARTS_MAX)])
    assert sum(world.balance(n) for n in range(1, 6)) == -sum(range(10, 10 + PARTS_MAX))
    in_order(world)


@pytest.mark.parametrize(
    ("change", "kind", "field"),
    [
        ({"target": "nobody"}, TargetUnknown, "parts[1].target"),
        ({"amount": 9}, AmountLow, "parts[1].target"),
        ({"amount": 0}, PaymentInvalid, "parts[1].amount"),
        ({"target": ""}, PaymentInvalid, "parts[1].target.text"),
        ({"target_kind": TargetKind.TEXT}, PaymentInvalid, "parts[1].target.kind"),
    ],
)
def test_one_bad_part_takes_all_with_it(world, change, kind, field):
    good = part(world, 1, 100)
    with pytest.raises(kind) as caught:
        act(world, "r1", good, good._replace(**change), good)
    assert caught.value.fields["field"].startswith(field.rpartition(".")[0])
    if kind is PaymentInvalid:
        assert caught.value.fields["field"] == field
    for table in ("payment_order", "payment_part", "entry", "account_entry", "suspense_item"):
        assert world.count(table) == 0
    assert not act(world, "r1", good).replayed  # nothing was kept of it


def test_amounts_too_large_for_the_books_are_refused(world):
    """Together: each is within the limit of one."""
    most = 10**17
    with pytest.raises(PaymentInvalid) as caught:
        act(world, "r1", *[part(world, 1, most)] * PARTS_MAX, taken=True)
    assert caught.value.fields["field"].startswith("parts")
    assert world.count("payment_order") == world.count("entry") == 0


def test_money_that_was_taken_waits_in_suspense(world):
    made = act(world, "r1", part(world, 1, 100), part(world, "nobody", 50), taken=True)
    assert made.order.state == State.POSTED
    assert [one.state for one in made.parts] == [State.POSTED, State.SUSPENDED]
    assert made.parts[1].code == Code.ACCOUNT_NOT_FOUND
    assert world.trial() == {
        "receivable": -100, "suspense": -50, "channel_clearing:kiosk": 150
    }  # fmt: skip
    in_order(world)
    world.transfer(made.parts[1].payment_id, 2)
    assert world.balance(2) == -50
    in_order(world)


def test_nobodys_act_is_in_suspense(world):
    act(world, "r1", part(world, "a", 100), part(world, "b", 50), taken=True)
    assert world.status("r1").state == State.SUSPENDED
    in_order(world)
    made = world.status("r1").parts
    world.transfer(made[0].payment_id, 1, 0, "t1")
    assert world.status("r1").state == State.SUSPENDED
    world.transfer(made[1].payment_id, 2, 0, "t2")
    found = world.status("r1")
    assert found.state == State.TRANSFERRED
    assert [(move.account_id, move.amount) for move in found.moves] == [
        (world.account(1), 100), (world.account(2), 50)
    ]  # fmt: skip
    in_order(world)


@pytest.mark.parametrize("moved", [False, True])
def test_an_act_is_reversed_whole(world, moved):
    made = act(world, "r1", part(world, 1, 100), part(world, 2, 30), part(world, "x", 50),
               taken=True)  # fmt: skip
    if moved:
        world.transfer(made.parts[2].payment_id, 3, 20)
    done = world.reverse("v1", "r1", 5)
    assert (done.row.amount, done.row.charged) == (180, 0)
    assert world.reverse("v1", "r1").replayed
    assert [world.balance(n) for n in (1, 2, 3)] == [0, 0, 0]
    assert world.trial() == {}
    assert world.status("r1").state == State.REVERSED
    in_order(world)


def test_the_house_pays_at_several_providers(world):
    """The order is the house's; each provider's books have their own."""
    where = house(world)
    parts = part(world, 1, 100, 1, where), part(world, 1, 40, 2, where), part(world, 2, 7, 1, where)
    made = act(world, "r1", *parts, place=where, paid_at=NOW - DAY)
    assert made.order.provider_id == 0
    second = of(world, 2)
    assert [world.balance(1), world.balance(2), second.balance(1)] == [-100, -7, -40]
    assert world.trial() == {"receivable": -107, "channel_clearing:post": 107}
    assert second.trial() == {"receivable": -40, "channel_clearing:post": 40}
    assert {one.day for one in made.parts} == {TODAY - 1}
    assert act(world, "r1", *parts, place=where, paid_at=NOW - DAY).replayed
    assert world.status("r1", POST, 1).state == State.UNKNOWN  # it is no payment of the provider
    in_order(world)


def test_a_house_act_takes_suspense_to_its_provider(world):
    where = house(world)
    made = act(world, "r1", part(world, 1, 100, 1, where), part(world, "x", 40, 2, where),
               place=where, taken=True)  # fmt: skip
    second = of(world, 2)
    assert second.trial() == {"suspense": -40, "channel_clearing:post": 40}
    in_order(world)
    second.transfer(made.parts[1].payment_id, 3)
    assert second.balance(3) == -40
    in_order(world)
