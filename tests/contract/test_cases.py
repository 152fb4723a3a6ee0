"""The case matrix on both stores: every kind × found, not found, foreign, consumed × undone.

A row: what happened to the money, and where the case of each kind ends that may tell of it.
"""

import threading
from functools import partial

import pytest

from billcore.core.accounts import things
from billcore.core.accounts.accounts import ACCOUNTS
from billcore.core.cases.errors import (
    ApprovalNeeded,
    CaseFieldInvalid,
    CaseStateUnfit,
    CaseUnknown,
    ClaimTaken,
    CorrectionUnfit,
    EvidenceMissing,
    NoticeRunning,
    ProposalStale,
    ReopenRefused,
)
from billcore.core.cases.facts import FactKind
from billcore.core.cases.kinds import CaseKind, EvidenceKind
from billcore.core.cases.plans import StepKind
from billcore.core.cases.registering import NewCase, register
from billcore.core.cases.states import CaseState
from billcore.core.collections.instalments import plans
from billcore.core.collections.instalments.plans import Terms
from billcore.core.collections.late_fees import assessments
from billcore.core.identifiers.iran import BillId, PaymentId, parse_bill_id
from billcore.core.ledger.by_hand import reverse_one
from billcore.core.payments.reversals import Asked, ReversalKind, reverse
from billcore.core.store.again import again
from tests.cases_world import Slip, found
from tests.payments_world import DAY, TODAY, Acting

K, S = CaseKind, CaseState


@pytest.fixture
def office(books):
    return found(books)


def foreign() -> Slip:
    """What is printed on a bill of a company that nobody knows."""

    bill = BillId(12_345, "999", 3)
    return Slip(int(bill.text), int(PaymentId(bill, 200_000, 5, 6).text), 200_000)


# -- what happened to the money; what the customer hands in


def late(office):
    """Bill 1 was paid after bill 2 was issued, which asks for both."""
    first = office.bill(200_000, TODAY - 60)
    office.bill(500_000, TODAY - 20)
    at = office.pay("R1", first, days_ago=5)
    return [told(office, first, "R1", at)]


def at_another(office, spend=0):
    """Bill 2 of another account was paid in the place of the own one, which may spend it."""
    office.bill(200_000, TODAY - 60)
    theirs = office.bill(200_000, TODAY - 60, count=2)
    office.pay("OWN", "N2", 200_000, days_ago=6)
    at = office.pay("R1", theirs, days_ago=5)
    if spend:
        office.bill(spend, TODAY - 1, count=2)
    return [told(office, theirs, "R1", at)]


def in_suspense(office, trace="R1"):
    """Ids that fit and that nobody issued: the money is no account's."""
    slip = office.bill(200_000, TODAY - 60)

    bill = parse_bill_id(str(slip.payer_code))
    wrong = Slip(slip.payer_code, int(PaymentId(bill, 300_000, 1, 99).text), 300_000)
    at = office.pay(trace, wrong, days_ago=5)
    return [told(office, wrong, trace, at)]


def past_bill(office):
    """Bill 1 was paid, and paid again in the place of bill 2."""
    first = office.bill(200_000, TODAY - 60)
    office.pay("R0", first, days_ago=50)
    office.bill(500_000, TODAY - 20)
    at = office.pay("R1", first, days_ago=5)
    return [told(office, first, "R1", at)]


def twice(office, spend=0):
    """The bill was paid twice."""
    slip = office.bill(200_000, TODAY - 60)
    office.pay("R0", slip, days_ago=6)
    at = office.pay("R1", slip, days_ago=5)
    if spend:
        office.bill(spend, TODAY - 1)
    return [told(office, slip, "R0", at), told(office, slip, "R1", at)]


def nowhere(office, days_ago=5):
    """Nothing was paid."""
    slip = office.bill(200_000, TODAY - 60)
    return [
        told(office, slip, trace, office.now - days_ago * DAY) for trace in ("GONE", "GONE TOO")
    ]


def elsewhere(office):
    """Another organisation was paid."""
    office.bill(200_000, TODAY - 60)
    return [told(office, foreign(), trace, office.now - 5 * DAY) for trace in ("GONE", "GONE TOO")]


def reversed_(office):
    """It was paid, and the channel took it back."""

    slip = office.bill(200_000, TODAY - 60)
    at = office.pay("R1", slip, days_ago=5)
    place = office.world.place("bank")
    asked = Asked("X1", "R1", ReversalKind.CHARGEBACK, "disputed")
    office.write(lambda write: reverse(write, place, asked, TODAY))
    return [told(office, slip, "R1", at), told(office, slip, "R2", at)]


def told(office, slip, trace, paid_at):
    """The turnover of an account: it has all that any kind must have."""
    return office.stub(
        slip,
        kind=EvidenceKind.TURNOVER,
        trace=trace,
        paid_at=paid_at,
        paid_channel="bank",
        content=f"%PDF-1.4 {trace}".encode(),
        media_type="application/pdf",
    )


EVERY = list(CaseKind)
SINGLE = [kind for kind in CaseKind if kind is not K.DOUBLE_PAYMENT]

FOUND = [
    # what happened        kinds that tell of it    where it ends              steps
    (late,                 SINGLE, S.FOUND_LATE,             ["REISSUE"]),
    (at_another,           SINGLE, S.FOUND_OTHER_SUBSCRIBER, ["TRANSFER"]),
    (partial(at_another, spend=300_000), SINGLE, S.FOUND_OTHER_SUBSCRIBER,
     ["TRANSFER", "REISSUE"]),
    (in_suspense,          SINGLE, S.FOUND_SUSPENSE,         ["SUSPENSE_TRANSFER"]),
    (past_bill,            SINGLE, S.FOUND_PAST_BILL,        ["REISSUE"]),
    (twice,                EVERY,  S.FOUND_DOUBLE,           []),
    (partial(twice, spend=500_000), EVERY, S.FOUND_DOUBLE,   []),
]  # fmt: skip

LOST = [
    (nowhere,   [one for one in EVERY if one is not K.DEBITED_NOT_RECEIVED], S.NOT_FOUND),
    (nowhere,   [K.DEBITED_NOT_RECEIVED], S.SENT_TO_FINANCE),
    (partial(nowhere, days_ago=1), EVERY, S.CHECKING),
    (elsewhere, EVERY, S.NOT_OURS),
    (reversed_, [K.LATE_PAYMENT, K.PAST_BILL_ID], S.NOT_FOUND),
    (reversed_, [K.DEBITED_NOT_RECEIVED], S.SENT_TO_FINANCE),
]  # fmt: skip


def rows(table):
    return [
        pytest.param(kind, *(one for one in row if one is not row[1]), id=f"{kind.name}-{number}")
        for number, row in enumerate(table)
        for kind in row[1]
    ]


def test_a_bill_issued_again_asks_for_no_instalment_that_is_due_later(office):
    """900 in three parts, two of them due later than the bills; a bill paid behind the next one."""
    office.bill(900_000, TODAY - 60)
    account, terms = office.world.account(1), Terms(3, TODAY + 10, 30, ())
    office.write(lambda w: plans.propose(w, office.provider(), account, (), terms, "in parts"))
    office.write(lambda w: plans.approve(w, office.provider(), account, 1, "fine"), "Reza")
    first, second = office.bill(200_000, TODAY), office.bill(500_000, TODAY)
    assert (first.amount, second.amount) == (500_000, 1_000_000)
    office.pay("R1", first, 200_000)
    number = office.register(K.LATE_PAYMENT, told(office, first, "R1", office.now)).case_no
    assert office.state(number) is S.FOUND_LATE
    office.corrected(number)
    (step,) = office.plan(number).steps
    assert (step.asked_before, step.asked_after) == (1_000_000, 800_000)
    (posted,) = office.posted(number)
    assert office.slip(posted.rebill_id).amount == 800_000
    assert not office.broken()


@pytest.mark.parametrize(("kind", "happened", "outcome", "steps"), rows(FOUND))
def test_found_corrected_and_undone(office, kind, happened, outcome, steps):
    """Wherever the money is it comes to the account, and goes back, and the books balance."""
    evidence = happened(office)
    pieces = evidence if kind is K.DOUBLE_PAYMENT else evidence[-1:]
    if outcome is S.FOUND_DOUBLE:
        pieces = evidence
    number = office.register(kind, *pieces).case_no
    assert office.state(number) is outcome
    before = [office.balance(one) for one in (1, 2)]
    office.corrected(number)
    plan = office.plan(number)
    assert [one.kind.name for one in plan.steps] == steps
    assert [one.kind for one in office.posted(number)] == [one.kind for one in plan.steps]
    assert office.state(number) is S.CORRECTED
    after = {one.account_id: one.after for one in plan.balances}
    for count in (1, 2):
        account = office.world.account(count)
        assert office.balance(count) == after.get(account, before[count - 1])
    for step, posted in zip(plan.steps, office.posted(number), strict=True):
        if step.kind is StepKind.REISSUE:
            assert office.slip(posted.rebill_id).amount == step.asked_after
            assert posted.code_after not in (0, posted.code_before)
    assert not office.broken()
    if plan.steps:
        office.undo(number)
        assert office.state(number) is S.CHECKING
        assert [office.balance(one) for one in (1, 2)] == before
        assert all(one.undone_at for one in office.posted(number))
        codes = [one.code_after for one in office.posted(number) if one.code_after]
        assert not codes or office.slip(office.newest().bill_id).payment_code not in codes
        assert not office.broken()
        office.investigate(number)
        assert office.state(number) is outcome
        office.corrected(number)
    else:
        with pytest.raises(CorrectionUnfit, match="nothing that was posted"):
            office.undo(number)
    office.notify(number)
    office.close(number)
    assert {one.until_day for one in office.holds()} != {2**31 - 1}
    assert not office.broken()


@pytest.mark.parametrize(("kind", "happened", "outcome"), rows(LOST))
def test_not_found(office, kind, happened, outcome):
    """What is not here is not corrected: nothing is posted, and the case says why."""
    number = office.register(kind, *happened(office)).case_no
    trial = office.world.trial()
    assert office.state(number) is outcome
    assert office.facts(number)
    with pytest.raises((CaseStateUnfit, CorrectionUnfit)):
        office.propose(number)
    if outcome in (S.NOT_FOUND, S.NOT_OURS):
        office.notify(number)
        office.close(number)
        (told,) = office.events("case.notified")
        assert (told["outcome"], told["amount"]) == (outcome.name, 0)
    else:
        office.reject(number)
    assert office.world.trial() == trial
    (hold,) = office.holds()
    assert hold.until_day == hold.from_day - 1, "the clock of late fees never stood"
    assert not office.broken()


# -- money


def test_the_losing_subscriber_is_told_first(office):
    """What it has spent becomes its debt, of the day of the correction, after its notice."""
    evidence = at_another(office, spend=300_000)
    number = office.register(K.WRONG_ID_SUBSCRIBER, *evidence).case_no
    office.propose(number)
    (notice,) = office.events("case.notice")
    loser = office.world.account(2)
    assert (notice["account_id"], notice["amount"], notice["side"]) == (loser, 200_000, "losing")
    office.approve(number)
    with pytest.raises(NoticeRunning):
        office.correct(number)
    office.wait(days=3)
    office.correct(number)
    assert (office.balance(1), office.balance(2)) == (0, 300_000)
    office.notify(number)
    told = {one["side"]: one for one in office.events("case.notified")}
    assert told["customer"]["account_id"] == office.world.account(1)
    assert told["losing"]["account_id"] == loser
    again = next(one for one in office.posted(number) if one.kind == StepKind.REISSUE)
    assert told["losing"]["payment_code"] == again.code_after
    facts = {one.what: one for one in office.facts(number)}
    assert facts[FactKind.PAYMENT].number == "**", "the other account's number is not shown"


def assess(office, day):
    """(charged, credited) of an assessment of late fees, by chunk."""
    made = office.write(lambda w: assessments.begin(w, day, day, 0, 0))
    *_, last = assessments.drive(
        office.world.store, office.world.caller, made.assessment_id, lambda: office.now
    )
    return [(one.charged, one.credited) for one in last.chunks]


def test_a_notice_runs_once(office):
    """Proposed again since the books changed, it goes on; of a greater loss it begins anew."""
    number = office.register(K.WRONG_ID_SUBSCRIBER, *at_another(office, spend=300_000)).case_no
    office.propose(number)
    office.wait(days=2)
    office.pay("LATER", "N2", 50_000)
    office.investigate(number)
    office.propose(number)
    assert len(office.events("case.notice")) == 1
    office.approve(number)
    office.wait(days=1)
    office.correct(number)
    assert office.balance(2) == 250_000
    office.undo(number)
    office.investigate(number)
    office.propose(number)
    assert len(office.events("case.notice")) == 2, "what was posted has had its notice"
    office.approve(number)
    with pytest.raises(NoticeRunning):
        office.correct(number)


def test_late_fees_stand_still_while_a_case_is_open(office):
    """Its days bear nothing; rejected, they do as if there had been no case."""
    office.bill(200_000, TODAY - 20)  # due TODAY - 5
    slip = office.slips[1][0]
    evidence = told(office, slip, "GONE", office.now - 5 * DAY)
    number = office.register(K.DEBITED_NOT_RECEIVED, evidence).case_no
    assert office.state(number) is S.SENT_TO_FINANCE
    office.wait(days=10)
    assert assess(office, TODAY + 10) == [(800, 0)]  # of the four days before the case
    office.reject(number)
    assert assess(office, TODAY + 10) == [(2_200, 0)]  # of fifteen in all
    assert not office.broken()


def test_late_fees_of_a_case_that_was_right(office):
    """The days of the dispute bear nothing for ever; the days behind it do again."""
    office.bill(200_000, TODAY - 20)
    office.bill(100_000, TODAY - 10)
    slip = office.slips[1][0]
    at = office.pay("R1", slip, amount=50_000, days_ago=1)
    number = office.register(K.LATE_PAYMENT, told(office, slip, "R1", at)).case_no
    office.wait(days=3)
    office.corrected(number)
    (hold,) = office.holds()
    assert (hold.from_day, hold.until_day) == (TODAY, TODAY + 3)
    assert not office.broken()


def test_a_provider_without_payment_ids(office):
    """Bills are issued again for what is owed; there are no ids to tell."""
    with office.world.store.write() as session:
        session.run("UPDATE provider SET policies = '{}'")
    office.bill(200_000, TODAY - 60)
    office.bill(500_400, TODAY - 20)
    at = office.pay("R1", "N1", 200_000, days_ago=3)
    piece = office.stub(trace="R1", paid_at=at)
    number = office.register(K.LATE_PAYMENT, piece).case_no
    assert office.state(number) is S.FOUND_LATE
    office.corrected(number)
    (posted,) = office.posted(number)
    assert (posted.code_before, posted.code_after) == (0, 0)
    assert office.newest().closing == 500_400 == office.balance()
    office.notify(number)
    (said,) = office.events("case.notified")
    assert said["payment_code"] == 0
    assert not office.broken()


def test_money_made_in_time_and_received_late_is_in_time(office):
    """The transfer pays on the day on which the customer paid, so no late fee is left."""

    office.bill(200_000, TODAY - 20)  # due TODAY - 5
    theirs = office.bill(200_000, TODAY - 20, count=2)
    office.pay("OWN", "N2", 200_000, days_ago=7)
    at = office.pay("R1", theirs, days_ago=6)

    assert assess(office, TODAY) == [(1_000, 0)]  # five days of 200,000 at 1 in 1,000
    number = office.register(K.WRONG_ID_SUBSCRIBER, told(office, theirs, "R1", at)).case_no
    office.corrected(number)
    assert assess(office, TODAY) == [(0, -1_000)]
    assert office.balance() == 0
    assert not office.broken()


def test_what_was_paid_twice_is_paid_back(office):
    number = office.register(K.DOUBLE_PAYMENT, *twice(office)).case_no
    office.corrected(number, refund=True)
    assert office.balance() == 0
    assert office.world.trial()["refund_payable"] == -200_000
    assert not office.broken()
    office.undo(number)
    assert office.balance() == -200_000
    assert "refund_payable" not in office.world.trial()
    assert not office.broken()


def test_what_was_spent_is_not_paid_back(office):
    number = office.register(K.DOUBLE_PAYMENT, *twice(office, spend=500_000)).case_no
    with pytest.raises(CorrectionUnfit, match="of 200000 paid twice 0 is free"):
        office.propose(number, refund=True)


def test_only_what_was_paid_twice_is_paid_back(office):
    number = office.register(K.LATE_PAYMENT, *late(office)).case_no
    with pytest.raises(CorrectionUnfit, match="only what was paid twice"):
        office.propose(number, refund=True)


def test_a_channel_that_takes_back_moved_money(office):
    """Both legs go with it: who lost owes nothing, who got it owes again."""

    number = office.register(K.WRONG_ID_SUBSCRIBER, *at_another(office)).case_no
    office.corrected(number)
    assert (office.balance(1), office.balance(2)) == (0, 0)
    place = office.world.place("bank")
    asked = Asked("X1", "R1", ReversalKind.CHARGEBACK, "disputed")
    office.write(lambda write: reverse(write, place, asked, TODAY))
    assert (office.balance(1), office.balance(2)) == (200_000, 0)
    assert not office.broken()
    office.undo(number)
    assert (office.balance(1), office.balance(2)) == (200_000, 0), "it was back already"
    assert all(one.undone_at for one in office.posted(number))
    assert not office.broken()


def test_nobody_takes_back_one_side_by_hand(office):
    """What a case posted is undone by the case alone."""
    from billcore.core.ledger.errors import EntryReversed

    number = office.register(K.WRONG_ID_SUBSCRIBER, *at_another(office)).case_no
    office.corrected(number)
    posted = office.posted(number)[0]
    account, entry = posted.account_id, posted.account_entry_id
    with pytest.raises(EntryReversed, match="undo the case"):
        office.write(lambda w: reverse_one(w, account, entry, TODAY, "why", "by hand"))


def test_provisional_credit_until_the_money_is_there(office):
    """It is given while finance looks, and taken back by the correction when the money came."""
    office.policy(provisional_credit=True)
    evidence = nowhere(office)[:1]
    number = office.register(K.DEBITED_NOT_RECEIVED, *evidence).case_no
    assert office.state(number) is S.SENT_TO_FINANCE
    (letter,) = office.events("case.letter")
    assert (letter["letter"], letter["trace"], letter["amount"]) == ("1/1", "GONE", 200_000)
    office.corrected(number, provisional=True)
    assert office.state(number) is S.SENT_TO_FINANCE
    assert office.balance() == 0
    assert office.world.trial()["provisional_credit"] == 200_000
    with pytest.raises(CorrectionUnfit, match="has provisional credit already"):
        office.propose(number, provisional=True)
    assert office.sweep().moved == 0
    office.pay("GONE", office.slips[1][0], days_ago=5)
    assert office.sweep().moved == 1
    assert office.state(number) is S.FOUND_LATE
    office.corrected(number)
    assert office.balance() == 0
    assert "provisional_credit" not in office.world.trial()
    assert not office.broken()
    office.undo(number)
    assert office.balance() == -200_000
    assert office.world.trial()["provisional_credit"] == 200_000
    assert not office.broken()


def test_provisional_credit_is_undone(office):
    """The case waits for the money again; late fees stand still as before."""
    office.policy(provisional_credit=True)
    number = office.register(K.DEBITED_NOT_RECEIVED, nowhere(office)[0]).case_no
    office.corrected(number, provisional=True)
    office.undo(number)
    assert office.balance() == 200_000
    (hold,) = office.holds()
    assert hold.until_day == 2**31 - 1
    assert office.sweep().moved == 1
    assert office.state(number) is S.SENT_TO_FINANCE
    office.reject(number)
    assert not office.broken()


def test_provisional_credit_goes_with_a_case_that_is_rejected(office):
    office.policy(provisional_credit=True)
    number = office.register(K.DEBITED_NOT_RECEIVED, nowhere(office)[0]).case_no
    office.corrected(number, provisional=True)
    office.reject(number)
    assert office.balance() == 200_000
    assert "provisional_credit" not in office.world.trial()
    assert not office.broken()


def test_no_provisional_credit_against_the_policy(office):
    number = office.register(K.DEBITED_NOT_RECEIVED, nowhere(office)[0]).case_no
    with pytest.raises(CorrectionUnfit, match="policy gives no provisional credit"):
        office.propose(number, provisional=True)


def test_a_late_line_closes_the_question(office):
    """The channel's report tells the trace; reconciliation posts it; the next sweep finds it."""
    slip = office.bill(200_000, TODAY - 60)
    at = office.now - DAY
    piece = office.stub(
        slip, kind=EvidenceKind.TURNOVER, trace="T9", paid_at=at, paid_channel="kiosk"
    )
    number = office.register(K.DEBITED_NOT_RECEIVED, piece).case_no
    assert office.state(number) is S.CHECKING
    assert office.case(number).waits_until == TODAY + 1
    day = TODAY - 1
    office.world.report("r.csv", ("T9", 200_000, "N1", -20 * 3_600), day=day)
    assert office.sweep().moved == 0
    assert [one.what for one in office.facts(number)][-1] is FactKind.WAITS
    office.investigate(number)
    assert FactKind.REPORT_LINE in {one.what for one in office.facts(number)}
    office.world.match(day=day, today=TODAY)
    assert office.world.treat(day=day).posted == 1
    assert office.sweep().moved == 1
    assert office.state(number) is S.FOUND_LATE
    assert office.balance() == 0


def test_a_way_that_is_over_goes_to_finance(office):
    number = office.register(K.DEBITED_NOT_RECEIVED, nowhere(office, days_ago=1)[0]).case_no
    assert office.state(number) is S.CHECKING
    office.wait(days=3)
    assert office.sweep().moved == 1
    assert office.state(number) is S.SENT_TO_FINANCE
    assert office.case(number).letter == f"{number}/1"


# -- who may, and in what order


def test_another_person_approves(office):
    number = office.register(K.WRONG_ID_SUBSCRIBER, *at_another(office)).case_no
    office.propose(number)
    with pytest.raises(ApprovalNeeded, match="another person approves it first"):
        office.correct(number)
    with pytest.raises(ApprovalNeeded, match="another person than who proposed"):
        office.approve(number, actor="Maryam")
    office.approve(number)
    assert office.approve(number).approver == "Reza"
    office.correct(number)


def test_below_the_limit_nobody_approves(office):
    office.policy(approval_above=200_000)
    number = office.register(K.WRONG_ID_SUBSCRIBER, *at_another(office)).case_no
    office.propose(number)
    office.correct(number)
    assert office.state(number) is S.CORRECTED


def test_money_of_others_does_not_move_on_words(office):
    """Who knows a trace alone gets nothing; a stub must be handed in."""
    at_another(office)
    told_alone = office.stub(kind=EvidenceKind.TOLD, trace="R1")
    number = office.register(K.LATE_PAYMENT, told_alone).case_no
    assert office.state(number) is S.FOUND_OTHER_SUBSCRIBER
    with pytest.raises(CorrectionUnfit, match="moves on one of PRINT_OUT, RECEIPT, STUB"):
        office.propose(number)
    office.evidence(number, office.stub(office.slips[2][0]))
    office.corrected(number)
    assert office.balance() == 0


def test_a_proposal_of_other_books_is_stale(office):
    """Money that moved meanwhile is not moved on: nothing is posted."""
    number = office.register(K.WRONG_ID_SUBSCRIBER, *at_another(office)).case_no
    office.propose(number)
    office.approve(number)
    office.pay("LATER", "N1", 1_000)
    before = office.world.trial()
    with pytest.raises(ProposalStale, match="owed 200000, now 199000"):
        office.correct(number)
    assert office.world.trial() == before
    office.investigate(number)
    office.corrected(number)
    assert office.balance() == -1_000


def test_one_payment_is_moved_once(office):
    """Two cases of one payment: the second finds nothing left of it."""
    evidence = at_another(office)[0]
    number = office.register(K.WRONG_ID_SUBSCRIBER, evidence).case_no
    other = office.stub(office.slips[2][0])
    second = office.register(K.WRONG_ID_SUBSCRIBER, other, count=3).case_no
    assert office.state(second) is S.FOUND_OTHER_SUBSCRIBER
    office.corrected(number)
    office.investigate(second)
    assert FactKind.MOVED in {one.what for one in office.facts(second)}
    assert not office.broken()


def test_the_same_stub_founds_one_case(office):
    """Whoever hands it in second is told the first one's number."""
    evidence = late(office)
    first = office.register(K.LATE_PAYMENT, *evidence).case_no
    with pytest.raises(ClaimTaken, match=f"founds case {first} already") as found_:
        office.register(K.PAST_BILL_ID, *evidence, count=2)
    assert found_.value.fields["case"] == str(first)
    assert office.case(first + 1) is None


def test_the_same_stub_at_the_same_time(office):
    """Four people hand it in at once: one case, and three who are told its number."""
    evidence = late(office)
    provider, store = office.provider(), office.world.store
    ended: list[object] = []
    begin = threading.Barrier(4)

    def hand_in(count):
        def act(session):
            account = things.get(session, 1, ACCOUNTS, office.world.account(count))
            new = NewCase(K.PAST_BILL_ID, account, "web", evidence)
            write = Acting(session, office.world.caller, office.now)
            return register(write, provider, new).case_no

        begin.wait()
        try:
            ended.append(again(store, act, tries=20))
        except ClaimTaken as error:
            ended.append(error)

    threads = [threading.Thread(target=hand_in, args=(count,)) for count in range(1, 5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    (number,) = (one for one in ended if isinstance(one, int))
    others = [one for one in ended if isinstance(one, ClaimTaken)]
    assert [one.fields["case"] for one in others] == [str(number)] * 3
    assert office.world.count("correction_case") == 1
    assert not office.broken()


def test_a_case_waits_for_evidence(office):
    """Its clock stands still meanwhile; with the evidence it is investigated at once."""
    evidence = late(office)[0]
    number = office.register(K.PAST_BILL_ID, office.stub(kind=EvidenceKind.TOLD)).case_no
    assert office.state(number) is S.EVIDENCE_NEEDED
    due = office.case(number).due_at
    with pytest.raises(EvidenceMissing, match="stub or turnover; bill id and payment id"):
        office.investigate(number)
    office.wait(hours=30)
    assert office.sweep().warned == 0
    office.evidence(number, evidence)
    assert office.state(number) is S.FOUND_LATE
    assert office.case(number).due_at > due + 30 * 3_600_000_000
    office.evidence(number, evidence)
    assert len(office.pieces(number)) == 2, "the same again is the same"


def test_the_clock_does_not_stand_still_against_the_policy(office):
    office.policy(evidence_pauses=False)
    number = office.register(K.PAST_BILL_ID).case_no
    office.wait(hours=30)
    assert office.sweep().warned == 3
    assert office.case(number).warned == 100


def test_warnings_come_once(office):
    """At 50, 80 and 100 %; a second sweep, and a stopped clock, warn of nothing."""
    number = office.register(K.LATE_PAYMENT, *late(office)).case_no
    for hours, percent in ((12, [50]), (8, [50, 80]), (4, [50, 80, 100]), (50, [50, 80, 100])):
        office.wait(hours=hours)
        office.sweep()
        office.sweep()
        assert [one["percent"] for one in office.events("case.warned")] == percent
    office.corrected(number)
    assert office.case(number).stopped_at
    assert office.sweep().warned == 0


def test_a_case_is_reopened_once(office):
    number = office.register(K.LATE_PAYMENT, *late(office)).case_no
    office.withdraw(number)
    office.reopen(number)
    assert office.state(number) is S.REOPENED
    office.investigate(number)
    assert office.state(number) is S.FOUND_LATE
    office.withdraw(number)
    with pytest.raises(ReopenRefused, match="reopened once already"):
        office.reopen(number)
    assert not office.broken()


def test_a_case_is_not_reopened_late(office):
    number = office.register(K.LATE_PAYMENT, *late(office)).case_no
    office.withdraw(number)
    office.wait(days=31)
    with pytest.raises(ReopenRefused, match="more than 30 days ago"):
        office.reopen(number)


def test_a_closed_correction_is_undone_when_the_case_is_reopened(office):
    number = office.register(K.WRONG_ID_SUBSCRIBER, *at_another(office)).case_no
    office.corrected(number)
    office.notify(number)
    office.close(number)
    with pytest.raises(CaseStateUnfit):
        office.undo(number)
    office.reopen(number)
    office.undo(number)
    assert office.balance() == 200_000
    office.reject(number)
    assert not office.broken()


def test_a_correction_is_undone_behind_a_later_bill(office):
    """The bill since is issued again, if it asks for another amount than is owed."""
    number = office.register(K.LATE_PAYMENT, *late(office)).case_no
    office.corrected(number)
    office.bill(100_000, TODAY)
    office.undo(number)
    assert office.slip(office.newest().bill_id).amount == 600_000
    assert not office.broken()


def test_what_is_not_there(office):
    for act in (office.investigate, office.propose, office.correct, office.undo, office.close):
        with pytest.raises(CaseUnknown):
            act(99)


@pytest.mark.parametrize(
    ("field", "changed"),
    [
        ("evidence[0].content",     {"content": b""}),
        ("evidence[0].content",     {"content": b"\xff\xd8\xff" + bytes(5 << 20)}),
        ("evidence[0].content",     {"content": b"GIF89a"}),
        ("evidence[0].media_type",  {"media_type": "image/gif"}),
        ("evidence[0].payer_code",  {"payer_code": "12a"}),
        ("evidence[0].payment_code", {"payment_code": "12345"}),
        ("evidence[0].amount",      {"amount": -1}),
        ("evidence[0].paid_at",     {"paid_at": -1}),
        ("evidence[0].trace",       {"trace": "R" * 101}),
        ("evidence[0].pan_last4",   {"pan_last4": "12345"}),
    ],
)  # fmt: skip
def test_bad_evidence_founds_nothing(office, field, changed):
    """It is refused with its place, and nothing of the case is there."""
    with pytest.raises(CaseFieldInvalid) as found_:
        office.register(K.LATE_PAYMENT, office.stub(**changed))
    assert found_.value.fields["field"] == field
    assert office.world.count("correction_case") == 0
    assert office.world.count("case_evidence_content") == 0
