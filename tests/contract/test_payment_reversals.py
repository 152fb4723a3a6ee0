"""Reversals on both stores: a payment is undone whole, once, wherever its money is by then."""

import pytest

from billcore.core.ledger import balances
from billcore.core.ledger.by_hand import reverse_one
from billcore.core.ledger.errors import EntryReversed
from billcore.core.payments.codes import Code, State
from billcore.core.payments.refusals import PaymentConflict, PaymentInvalid, PaymentUnknown
from billcore.core.payments.reversals import PaymentReversed, ReversalKind, ReversalLate
from billcore.core.payments.suspense import SuspenseSettled
from tests import payments_world
from tests.payments_world import DAY, NOW, SECOND, TODAY

DAYS_30 = 30 * 86_400


@pytest.fixture
def world(books):
    return payments_world.found(books)


def test_a_payment_is_undone(world):
    world.owe(300)
    (order,) = world.post(world.told("r1", amount=120)).all()
    done = world.reverse("v1", "r1")
    assert not done.replayed
    assert (done.row.amount, done.row.day, done.row.charged) == (120, TODAY, 0)
    assert done.row.payment_reference == "r1"
    assert world.balance() == 300
    assert world.trial() == {"adjustment": -300, "receivable": 300}
    found = world.status("r1")
    assert (found.state, found.order, found.reversal) == (State.REVERSED, order, done.row)
    assert world.broken() == []


def test_it_counts_from_the_day_that_was_told(world):
    world.post(world.told("r1", amount=120, paid_at=NOW - 5 * DAY))
    world.reverse("v1", "r1", day=TODAY - 2)
    with world.store.read() as reader:
        owed = [balances.balance(reader, world.account(1), TODAY - ago) for ago in (6, 5, 3, 2, 0)]
    assert owed == [0, -120, -120, 0, 0]
    assert world.broken() == []


def test_the_same_reversal_again_has_the_first_answer(world):
    world.post(world.told("r1"))
    first = world.reverse("v1", "r1", day=TODAY - 1)
    for day in (0, TODAY - 1):
        again = world.at(9).reverse("v1", "r1", day=day)
        assert again.replayed
        assert again.row == first.row
    assert world.count("payment_reversal") == 1
    assert world.count("account_entry") == 2
    assert world.broken() == []


@pytest.mark.parametrize(
    ("field", "value"),
    [("payment", "r2"), ("kind", ReversalKind.CHARGEBACK), ("reason", "x"), ("day", TODAY - 1)],
)
def test_another_reversal_under_the_reference_is_refused(world, field, value):
    world.post(world.told("r1"), world.told("r2", 2))
    world.reverse("v1", "r1")
    with pytest.raises(PaymentConflict) as caught:
        world.reverse("v1", **{"payment": "r1", field: value})
    told = {"payment": "payment_reference"}.get(field, field)
    assert caught.value.fields["differs"] == told
    assert world.balance(1) == 0
    assert world.balance(2) == -100
    assert world.broken() == []


def test_a_payment_is_reversed_once(world):
    world.post(world.told("r1"))
    world.reverse("v1", "r1")
    with pytest.raises(PaymentReversed, match="'v1'"):
        world.reverse("v2", "r1")
    assert world.balance() == 0
    assert world.count("payment_reversal") == 1
    assert world.broken() == []


def test_what_is_not_known_is_not_reversed(world):
    world.reserve(world.told("r2"))
    for reference in ("r1", "r2"):
        with pytest.raises(PaymentUnknown, match=reference):
            world.reverse("v1", reference)
    assert world.count("payment_reversal") == world.count("entry") == 0
    assert world.broken() == []


def test_a_refused_reversal_keeps_no_reference(world):
    with pytest.raises(PaymentUnknown):
        world.reverse("v1", "r1")
    world.post(world.told("r1"))
    assert not world.reverse("v1", "r1").replayed


@pytest.mark.parametrize("field", ["reference", "payment", "reason"])
@pytest.mark.parametrize("value", ["", "x" * 501, "a\nb", "a\0b"])
def test_texts_have_their_form(world, field, value):
    world.post(world.told("r1"))
    given = {"reference": "v1", "payment": "r1", field: value}
    with pytest.raises(PaymentInvalid) as caught:
        world.reverse(**given)
    assert caught.value.fields["field"] == {"payment": "payment_reference"}.get(field, field)
    assert world.count("payment_reversal") == 0


def test_a_channel_cancels_in_its_days_only(world):
    """30 by default, to the second; what the payer's bank takes back has no such limit."""
    world.post(world.told("r1"), world.told("r2", 2), world.told("r3", 3))
    (kept,) = {one.recorded_at for one in world.post(world.told("r1")).all()}
    shift = (kept - NOW) // SECOND
    world.at(DAYS_30 + shift).reverse("v1", "r1")
    late = world.at(DAYS_30 + shift + 1)
    with pytest.raises(ReversalLate, match="30"):
        late.reverse("v2", "r2")
    for number, kind in enumerate(list(ReversalKind)[1:2], start=2):
        late.reverse(f"v{number}", "r2", kind=kind)
    late.reverse("v3", "r3", kind=ReversalKind.CHARGEBACK)
    assert late.reverse("v1", "r1").replayed  # an answer has no limit
    assert [world.balance(n) for n in (1, 2, 3)] == [0, 0, 0]
    assert world.broken() == []


def test_the_account_pays_a_fee(world):
    world.post(world.told("r1", amount=120))
    done = world.reverse("v1", "r1", 7, kind=ReversalKind.DISHONOURED)
    assert done.row.charged == 7
    assert world.balance() == 7
    assert world.trial() == {"receivable": 7, "fee_income": -7}
    assert world.broken() == []


def test_nobody_pays_a_fee_for_what_is_in_suspense(world):
    world.post(world.told("r1", "nobody", taken=True))
    done = world.reverse("v1", "r1", 7)
    assert done.row.charged == 0
    assert world.trial() == {}
    found = world.status("r1")
    assert found.state == State.REVERSED
    assert [(move.account_id, move.amount) for move in found.moves] == [(0, 100)]
    assert world.broken() == []


@pytest.mark.parametrize("moved", [(), (30,), (30, 45), (100,), (30, 70)])
def test_money_is_taken_back_from_where_it_went(world, moved):
    (order,) = world.post(world.told("r1", "nobody", taken=True)).all()
    for number, amount in enumerate(moved, start=1):
        world.transfer(order.payment_id, number, amount, f"t{number}")
    assert world.broken() == []
    world.reverse("v1", "r1", day=TODAY)
    assert [world.balance(n) for n in (1, 2)] == [0, 0]
    assert world.trial() == {}
    with pytest.raises(SuspenseSettled):
        world.transfer(order.payment_id, 1, 1, "late")
    assert world.broken() == []


def test_what_was_reversed_is_not_posted_again(world):
    """The reference stands for the payment that was, for ever."""
    first = world.post(world.told("r1")).all()
    world.reverse("v1", "r1")
    again = world.post(world.told("r1"), world.told("r1", amount=99))
    assert again.code.tolist() == [Code.OK_REPLAYED, Code.CONFLICT]
    assert again.all()[:1] == first
    assert world.balance() == 0
    assert world.broken() == []


def test_channels_have_reversals_of_their_own(world):
    """A payment of one channel is not another's to reverse, whatever it is called."""
    bank = world.place("bank").channel.channel_no
    world.post(world.told("r1", channel_no=bank))
    with pytest.raises(PaymentUnknown):
        world.reverse("v1", "r1")
    world.post(world.told("r1", amount=30))
    world.reverse("v1", "r1")
    assert world.balance() == -100
    assert world.trial() == {"receivable": -100, "channel_clearing:bank": 100}
    assert world.broken() == []


def test_a_channels_payment_is_not_undone_by_hand(world):
    """It would leave the channel owing what it gave back; the way is the payment's reversal."""
    (order, lost) = world.post(
        world.told("r1"), world.told("r2", "nobody", taken=True)
    ).all()  # fmt: skip
    world.transfer(lost.payment_id, 2)
    moved = world.status("r2").moves[0].account_entry_id
    for number, entry in ((1, order.payment_id), (2, moved)):
        account_id = world.account(number)
        with pytest.raises(EntryReversed, match="payment"):
            world.write(
                lambda write, a=account_id, e=entry: reverse_one(write, a, e, TODAY, "why", "h1")
            )
    world.reverse("v1", "r1")
    assert world.broken() == []
