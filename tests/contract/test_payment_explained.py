"""Payments explained on both stores: every unit of money is told, as it is open and free."""

import random
from collections import defaultdict
from dataclasses import replace

import pytest

from billcore.core.accounts.allocation import parse_allocation
from billcore.core.ledger import balances
from billcore.core.ledger.allocation.explain import Cause
from billcore.core.ledger.items import open_items
from billcore.core.payments.codes import State, TargetKind
from billcore.core.payments.explained.explained import explain_payment
from billcore.core.payments.refusals import PaymentUnknown
from billcore.core.payments.splits import Act, Part, split
from tests import payments_world
from tests.payments_world import DAY, NOW, TODAY


@pytest.fixture
def world(books):
    return payments_world.found(books, providers=2)


def explained(world, reference, channel_no=1, provider_id=0):
    owner = provider_id or world.provider_id
    with world.store.read() as reader:
        return explain_payment(reader, owner, channel_no, reference, world.now)


def only(world, reference):
    """How a payment to one account pays."""
    (part,) = explained(world, reference).parts
    (one,) = part.applied
    return one


def paid(one):
    """(what was open, amount, rest) of the steps that stand."""
    return [
        (step.step.open_before, step.step.amount, step.step.rest)
        for step in one.steps
        if step.undone_by is None
    ]


def owing(world, *debts):
    """Account 1 owes (days ago, amount) more, each recorded a second after the other."""
    for second, (ago, amount) in enumerate(debts):
        world.at(second).owe(amount, day=TODAY - ago)
    return world.at(len(debts))


def test_the_oldest_first_and_what_is_left(world):
    later = owing(world, (30, 100), (20, 50), (10, 200))
    later.post(later.told("r1", amount=130))
    later.at(1).post(later.told("r2", amount=500))
    first, second = only(later, "r1"), only(later, "r2")
    assert paid(first) == [(100, 100, 30), (50, 30, 0)]
    assert paid(second) == [(20, 20, 480), (200, 200, 280)]
    assert (first.credit, second.credit) == (0, 280)
    assert [step.document.day for step in first.steps] == [TODAY - 30, TODAY - 20]
    assert all(step.step.cause is Cause.AT_ONCE for step in first.steps)
    assert first.sentence == "Strategy oldest_first: what is due the earliest is paid first."
    assert first.steps[1].sentence == (
        "When it came, it paid 30 IRR of the 50 IRR open of the adjustment 'owed' of 2026-09-01: "
        "of what was open it was due the earliest."
    )
    assert first.credit_sentence == "Nothing is left of it."
    assert second.credit_sentence == "280 IRR is credit of account 'N1', for what comes next."
    (part,) = explained(later, "r2").parts
    assert part.sentence == "500 IRR was credited to account 'N1'."


def test_credit_pays_what_comes_next(world):
    world.post(world.told("r1", amount=130))
    later = world.at(1)
    later.owe(50)
    one = only(later, "r1")
    assert paid(one) == [(50, 50, 80)]
    assert one.steps[0].step.cause is Cause.NEW_ITEM
    assert "When the adjustment 'owed' of 2026-09-21 came, what was free of it paid 50 IRR" in (
        one.steps[0].sentence
    )
    assert "free credit pays what comes next" in one.steps[0].sentence
    assert one.credit == 80


@pytest.mark.parametrize(
    ("policy", "steps", "why"),
    [
        (
            '{"default": "newest", "strategies": [{"name": "newest", "kind": "current_first"}]}',
            [(200, 90, 0)],
            "of what was open it was due the latest",
        ),
        (
            '{"default": "share", "strategies": '
            '[{"name": "share", "kind": "pro_rata", "over": "account"}]}',
            [(100, 30, 60), (200, 60, 0)],
            "it has its share of what was open, 100 IRR of 300 IRR",
        ),
        (
            '{"default": "law", "strategies": [{"name": "law", "kind": "statutory_ru"}]}',
            [(100, 30, 60), (200, 60, 0)],
            "its period was the oldest that was open and not barred",
        ),
        (
            '{"default": "table", "strategies": '
            '[{"name": "table", "kind": "priority_table", "services": ["water"]}]}',
            [(100, 90, 0)],
            "its service was next in the table, and by age",
        ),
    ],
)
def test_every_strategy_says_why(world, policy, steps, why):
    world.allocate(policy)
    later = owing(world, (30, 100), (20, 200))
    later.post(later.told("r1", amount=90))
    one = only(later, "r1")
    assert paid(one) == steps
    assert why in one.steps[0].sentence
    assert one.sentence.startswith(f"Strategy {parse_allocation(policy).default}: ")


def test_the_bill_by_which_it_came_then_by_the_rest(world):
    world.allocate(
        '{"default": "bill_paid", "strategies": '
        '[{"name": "bill_paid", "kind": "exact_document", "rest": "oldest_first"}]}',
    )
    world.owe(100, day=TODAY - 90)
    bill = world.bill(200, TODAY - 20)
    later = world.at(1)
    told = later.told("r1", str(bill), amount=230, target_kind=TargetKind.BILL)
    assert later.post(told).all()[0].bill_id == bill
    one = only(later, "r1")
    assert paid(one) == [(200, 200, 30), (100, 30, 0)]
    assert one.sentence == (
        f"It came by an id of bill {bill}. Strategy bill_paid: the document that it came by is "
        "paid first, then by oldest_first: what is due the earliest is paid first."
    )
    assert one.steps[0].sentence.endswith(
        f"of bill {bill} (one_off, due 2026-09-01): the payment came by its id."
    )
    assert one.steps[1].sentence.endswith("of what was open it was due the earliest.")


def test_the_payers_word_goes_before_the_strategy(world):
    world.owe(100, day=TODAY - 90)
    bill = world.bill(200, TODAY - 20)
    later = world.at(1)
    later.post(later.told("r1", amount=230, direction=f"bill:{bill}"))
    one = only(later, "r1")
    assert paid(one) == [(200, 200, 30), (100, 30, 0)]
    assert one.sentence.startswith(f"The payer wants bill {bill} paid first. Strategy oldest_first")
    assert one.steps[0].sentence.endswith("the payer wanted it paid first.")


@pytest.mark.parametrize(
    ("direction", "words"),
    [("service:water", "the service 'water'"), ("period:1405-05", "the month 1405-05")],
)
def test_a_service_or_a_month_that_has_nothing_open(world, direction, words):
    """Money that was taken pays by policy."""
    world.owe(100)
    later = world.at(1)
    later.post(later.told("r1", amount=30, direction=direction, taken=True))
    one = only(later, "r1")
    assert one.sentence.startswith(f"The payer wants {words} paid first. Strategy oldest_first")
    assert paid(one) == [(100, 30, 0)]


def test_a_payment_that_was_taken_back(world):
    later = owing(world, (30, 100), (20, 50))
    later.post(later.told("r1", amount=130))
    later.at(1).reverse("v1", "r1", charge=7)
    found = explained(later, "r1")
    assert found.status.state is State.REVERSED
    assert found.status.reversal.charged == 7
    one = only(later, "r1")
    assert one.explained.undone
    assert (paid(one), one.credit) == ([], 0)
    assert [step.step.amount for step in one.steps] == [100, 30]
    assert all(step.undone_by.day == TODAY for step in one.steps)
    assert "It was taken back on 2026-09-21 by the payment reversal" in one.steps[0].sentence
    assert one.credit_sentence.startswith("Nothing: the payment is undone")


def test_what_another_payment_left_open_is_paid_by_free_credit(world):
    later = owing(world, (30, 100))
    later.post(later.told("r1", amount=100))
    later.at(1).post(later.told("r2", amount=60))
    later.at(2).reverse("v1", "r1")
    one = only(later, "r2")
    assert paid(one) == [(100, 60, 0)]
    assert one.steps[0].step.cause is Cause.UNDONE
    assert "undid a document, what was free of it paid 60 IRR of the 100 IRR open" in (
        one.steps[0].sentence
    )


def test_money_in_suspense_and_out_of_it(world):
    world.owe(10)
    (order,) = world.post(world.told("r1", "nobody", 100, taken=True, fee=3)).all()
    (part,) = explained(world, "r1").parts
    assert (part.suspended, part.returned, part.applied) == (100, 0, ())
    assert part.sentence == (
        "100 IRR went to suspense, because of the target 'nobody': account not found; of it "
        "100 IRR is there still."
    )
    world.at(1).transfer(order.payment_id, 1, 30, "t1")
    world.at(2).transfer(order.payment_id, 2, 20, "t2")
    (part,) = explained(world, "r1").parts
    assert [(one.number, one.amount, one.credit) for one in part.applied] == [
        ("N1", 30, 20), ("N2", 20, 20)
    ]  # fmt: skip
    assert part.suspended == 50
    world.at(3).reverse("v1", "r1")
    (part,) = explained(world, "r1").parts
    assert [(one.amount, one.credit, one.explained.undone) for one in part.applied] == [
        (30, 0, True), (20, 0, True)
    ]  # fmt: skip
    assert (part.suspended, part.returned) == (0, 50)
    assert "50 IRR was moved to accounts, 50 IRR was given back." in part.sentence
    assert explained(world, "r1").order.fee == 3
    assert world.broken() == []


def test_the_parts_of_an_act(world):
    """One part of provider 1, one of provider 2 by its own strategies, one in suspense."""
    where = world.place()
    other = replace(where, provider_id=2)
    parts = tuple(
        Part(at, TargetKind.ACCOUNT, target, amount)
        for at, target, amount in ((where, "N1", 30), (other, "N2", 40), (other, "nobody", 50))
    )
    world.owe(10)
    world.at(1).write(lambda write: split(write, where, Act("a1", parts, True)))
    found = explained(world, "a1")
    assert [one.part.part_no for one in found.parts] == [1, 2, 3]
    assert [(one.suspended, len(one.applied)) for one in found.parts] == [(0, 1), (0, 1), (50, 0)]
    assert [one.applied[0].credit for one in found.parts[:2]] == [20, 40]
    assert found.currency == "IRR"


@pytest.mark.parametrize("reserved", [False, True])
def test_what_is_no_payment_is_not_explained(world, reserved):
    if reserved:
        world.reserve(world.told("r1"))
    with pytest.raises(PaymentUnknown, match="r1"):
        explained(world, "r1")


@pytest.mark.parametrize("seed", range(6))
def test_explanations_are_what_is_open(world, seed):
    """All explanations of an account, added up, are its open items, whatever happened before."""
    draw = random.Random(seed)
    if seed % 2:
        world.allocate(
            '{"default": "share", "strategies": '
            '[{"name": "share", "kind": "pro_rata", "over": "account"}]}',
        )
    references: list[str] = []
    for second in range(25):
        later = world.at(second)
        match draw.choice("owe pay pay reverse".split()):
            case "owe":
                later.owe(draw.randint(1, 500), day=TODAY - draw.randint(0, 90))
            case "pay":
                references.append(f"r{second}")
                at = NOW - draw.randint(0, 20) * DAY
                later.post(later.told(f"r{second}", amount=draw.randint(10, 700), paid_at=at))
            case "reverse" if references:
                gone = draw.choice(references)
                if world.status(gone).reversal is None:
                    later.reverse(f"v{second}", gone, charge=draw.choice((0, 9)))
    with world.store.read() as reader:
        documents = balances.documents(reader, world.account(1))
    policies = world.place().policies.allocation.strategies
    left = {item.document.id: item.open for item in open_items(documents, policies)}
    settled: dict[int, int] = defaultdict(int)
    for reference in references:
        one = only(world, reference)
        spent = 0
        for step in one.steps:
            if step.undone_by is None:
                settled[step.document.id] += step.step.amount
                spent += step.step.amount
        undone = one.explained.undone
        assert spent + one.credit == (0 if undone else one.amount)
        assert -one.credit == left.get(one.entry.id, 0)
        assert undone == (world.status(reference).state is State.REVERSED)
    for document in documents:
        if document.amount > 0 and not document.undoes:
            assert left.get(document.id, 0) == document.amount - settled[document.id]
    assert world.broken() == []
