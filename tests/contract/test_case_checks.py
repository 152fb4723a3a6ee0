"""`cases_agree` and what `payments_agree` says of moves, on both stores: each kind of damage."""

import pytest

from billcore.core.cases.kinds import CaseKind
from billcore.core.cases.states import CaseState
from billcore.core.payments.explained.explained import explain_payment
from billcore.core.payments.reversals import Asked, ReversalKind, reverse
from billcore.core.store import cases as rows
from billcore.core.store.cases import Wanted
from tests.cases_world import found
from tests.contract.test_cases import at_another, in_suspense
from tests.payments_world import TODAY


@pytest.fixture
def office(books):
    """Case 1 is corrected by a transfer, 2 put back, 3 found, 4 waits for evidence."""
    made = found(books)
    made.register(CaseKind.WRONG_ID_SUBSCRIBER, *at_another(made))
    made.corrected(1)
    made.register(CaseKind.LATE_PAYMENT, made.stub(trace="S1"), count=3)
    slip = in_suspense(made, "R2")
    made.register(CaseKind.PAST_BILL_ID, *slip, count=4)
    made.corrected(3)
    made.undo(3)
    made.register(CaseKind.PAST_BILL_ID, count=5)
    return made


def damaged(office, *statements):
    with office.world.store.write() as session:
        for statement in statements:
            assert session.run(statement) > 0, statement
    return " ".join(f"{name}: {one['message']}" for name, one in office.broken())


def test_all_is_well(office):
    assert office.broken() == []


ENTRY = "SELECT other_entry_id FROM case_correction WHERE case_no = 1 AND correction_no = 1"


@pytest.mark.parametrize(
    ("statement", "told"),
    [
        ("UPDATE correction_case SET state = 15 WHERE case_no = 1",
         "the last one says 13"),
        ("DELETE FROM case_event WHERE case_no = 1 AND event_no = 2",
         "does not begin where the one before ended"),
        ("UPDATE case_event SET from_state = 15 WHERE case_no = 1 AND event_no = 2",
         "The state 3 does not follow 15"),
        (f"DELETE FROM account_entry WHERE account_entry_id = ({ENTRY})",
         "has not its entries of its amount"),
        ("UPDATE case_correction SET amount = amount + 1 WHERE case_no = 1",
         "has not its entries of its amount"),
        ("UPDATE case_correction SET undone_entry_id = 17 WHERE case_no = 3",
         "called undone, and nothing undoes it"),
        ("DELETE FROM case_claim WHERE case_no = 1",
         "claims does not found its case"),
        ("UPDATE case_claim SET case_no = 4 WHERE case_no = 1",
         "No evidence of the case claims"),
        ("UPDATE late_fee_hold SET until_day = 2147483647 WHERE source = 'case 1/1'",
         "Late fees are held beyond the case"),
        ("UPDATE payment_move SET amount = amount - 1",
         "has not its two transfers"),
        ("UPDATE payment_move SET payment_id = 17",
         "of the payment's 0 is moved"),
        ("DELETE FROM suspense_move WHERE amount < 0",
         "The move has not its item and account entry"),
        ("UPDATE suspense_move SET account_entry_id = 17 WHERE amount < 0",
         "The move has not its item and account entry"),
    ],
)  # fmt: skip
def test_damage_is_found(office, statement, told):
    assert told in damaged(office, statement)


def test_lists(office):
    """By state, kind, account and clock, page by page, on both stores."""
    provider_id, accounts = office.world.provider_id, office.world.account

    def numbers(after=0, most=10, **wanted):
        with office.world.store.read() as reader:
            every = rows.listed(reader, provider_id, Wanted(**wanted), after, most)
        return [one.case_no for one in every]

    assert numbers() == [1, 2, 3, 4]
    assert numbers(after=1, most=2) == [2, 3]
    assert numbers(state=int(CaseState.CORRECTED)) == [1]
    assert numbers(kind=int(CaseKind.PAST_BILL_ID)) == [3, 4]
    assert numbers(account_id=accounts(3)) == [2]
    assert numbers(overdue=office.now) == []
    assert numbers(overdue=office.now + 25 * 3_600_000_000) == [2, 3]
    with office.world.store.read() as reader:
        found_ = rows.counts(reader, office.now + 25 * 3_600_000_000)
        assert rows.providers(reader) == [provider_id]
    assert {CaseState(state).name: (count, late_) for state, count, late_, _ in found_} == {
        "CORRECTED": (1, 0), "NOT_FOUND": (1, 1), "CHECKING": (1, 1), "EVIDENCE_NEEDED": (1, 0),
    }  # fmt: skip


def test_a_payment_that_was_moved_is_explained(office):
    with office.world.store.read() as reader:
        told = explain_payment(reader, office.world.provider_id, 2, "R1", office.now)
    sentences = " ".join(one.sentence for one in told.parts)
    assert "of it was moved to the account that was meant." in sentences


def test_what_is_reversed_behind_a_transfer_put_back(office):
    """Money that was put back into suspense is given back from there."""
    place = office.world.place("bank")
    with office.world.store.read() as reader:
        sql = "SELECT reference FROM suspense_item"
        (reference,) = reader.row(sql)
    asked = Asked("X9", reference, ReversalKind.RETURNED, "returned")
    office.write(lambda write: reverse(write, place, asked, TODAY))
    assert "suspense" not in office.world.trial()
    assert office.broken() == []
