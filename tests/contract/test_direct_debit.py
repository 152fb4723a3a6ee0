"""Direct debit on both stores: from the mandate to the end of the refund window, and back."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier

import pytest
from sepaxml.validation import try_valid_xml

from billcore.core.accounts.errors import RevisionConflict
from billcore.core.collections.direct_debit import mandates, sealing
from billcore.core.collections.direct_debit.bank_details import BankDetails
from billcore.core.collections.direct_debit.errors import (
    DebitBatchStateUnfit,
    DebitDayInvalid,
    DebitFieldInvalid,
    DebitsMissing,
    DebitStateUnfit,
    DebitTermsMissing,
    MandateConflict,
    MandateStateUnfit,
    MandateUnknown,
)
from billcore.core.collections.direct_debit.states import (
    BatchState,
    DebitState,
    MandateState,
    Scheme,
    Sequence,
)
from billcore.core.payments.autopay.agreed import agreed
from billcore.core.reconciliation.files.errors import FileBroken
from billcore.core.store import mandates as mandate_rows
from tests import debit_world
from tests.debit_world import (
    BANK,
    COLLECTION,
    IBANS,
    back,
    block,
    camt054,
    credit,
    pain002,
    weekday,
)
from tests.payments_world import TODAY


@pytest.fixture
def world(books):
    return debit_world.found(books)


# -- mandates


def test_a_mandate_lives_from_draft_to_its_end(world):
    umr = world.mandate(active=False)
    assert umr == "BC1-M1"
    assert world.go(umr, MandateState.ACTIVE).version == 2
    assert world.go(umr, MandateState.SUSPENDED).state == MandateState.SUSPENDED
    assert world.go("#1", MandateState.ACTIVE).state == MandateState.ACTIVE
    assert world.go(umr, MandateState.CANCELLED).version == 5
    with pytest.raises(MandateStateUnfit, match="CANCELLED; this needs one that is DRAFT"):
        world.go(umr, MandateState.ACTIVE)
    with world.store.read() as reader:
        versions = mandate_rows.versions(reader, 1, 1)
    assert [one.state for one in versions] == [1, 3, 4, 3, 5]
    assert not world.broken()


def test_a_business_mandate_is_confirmed_by_its_bank_first(world):
    umr = world.mandate(scheme=Scheme.B2B, active=False)
    with pytest.raises(MandateStateUnfit, match="DRAFT; this needs one that is PENDING_BANK"):
        world.go(umr, MandateState.ACTIVE)
    world.go(umr, MandateState.PENDING_BANK)
    assert world.go(umr, MandateState.ACTIVE).state == MandateState.ACTIVE


def test_one_mandate_of_an_account_is_active_at_a_channel(world):
    world.mandate()
    second = world.mandate(active=False)
    with pytest.raises(MandateConflict, match="BC1-M1 of the account is active"):
        world.go(second, MandateState.ACTIVE)
    world.go("BC1-M1", MandateState.SUSPENDED)
    world.go(second, MandateState.ACTIVE)
    with pytest.raises(MandateConflict):
        world.go("BC1-M1", MandateState.ACTIVE)


def test_a_reference_is_given_once(world):
    world.mandate(umr="WATER-2026/1")
    with pytest.raises(MandateConflict, match="WATER-2026/1 already"):
        world.mandate(2, umr="WATER-2026/1")
    with pytest.raises(MandateUnknown):
        world.go("WATER-2026/2", MandateState.ACTIVE)


@pytest.mark.parametrize(
    ("field", "given"),
    [
        ("umr", {"umr": "with space"}),
        ("umr", {"umr": "x" * 36}),
        ("signed_day", {"signed_day": TODAY + 1}),
        ("amount_max", {"amount_max": -1}),
        ("debtor.name", {"debtor": BankDetails("", IBANS[0])}),
        ("debtor.name", {"debtor": BankDetails("🚰", IBANS[0])}),
        ("debtor.iban", {"debtor": BankDetails("Ada")}),
        ("debtor.iban", {"debtor": BankDetails("Ada", "DE88370400440532013000")}),
        ("debtor.bic", {"debtor": BankDetails("Ada", IBANS[0], "NOBIC")}),
        ("debtor.bank_account", {"debtor": BankDetails("Ada", IBANS[0], bank_account="1")}),
    ],
)
def test_a_wrong_mandate_is_refused_with_its_field(world, field, given):
    with pytest.raises(DebitFieldInvalid) as refused:
        world.mandate(active=False, **given)
    assert refused.value.fields["field"] == field
    account = given.get("debtor", BankDetails("")).iban
    assert not account or account not in refused.value.message
    assert world.world.count("mandate") == 0


def test_a_change_names_the_version_that_it_changes(world):
    umr = world.mandate(active=False)

    def change(**more):
        return world.write(lambda write: mandates.change(write, umr, **more))

    assert change(version=1, amount_max=5_000).version == 2
    with pytest.raises(RevisionConflict):
        change(version=1, amount_max=6_000)
    details = BankDetails("Ada", "de89 3704 0044 0532 0130 00")
    change(version=2, debtor=details)
    with world.store.read() as reader:
        kept = mandate_rows.debtor(reader, 1, 1)
    assert (kept.iban, kept.debtor_version) == (IBANS[0], 2)
    assert IBANS[0] not in repr(kept) + repr(details)
    assert not world.broken()


def test_the_account_of_a_used_mandate_stays(world):
    world.submitted(1_000)
    details = BankDetails("Ada", IBANS[0])
    with pytest.raises(DebitFieldInvalid, match="sign a new one"):
        world.write(lambda w: mandates.change(w, "BC1-M1", 2, debtor=details))


def test_a_mandate_that_nobody_used_expires(world):
    """36 months behind the last collection, and not a day earlier."""
    world.submitted(1_000)
    world.mandate(2)
    signed = date.fromordinal(TODAY - 10)
    world.on(signed.replace(year=signed.year + 3).toordinal())
    assert world.sweep().expired == 0
    world.days += 1
    assert world.sweep().expired == 1
    assert world.mandate_row("BC1-M2").state == MandateState.EXPIRED
    used = date.fromordinal(COLLECTION)
    world.on(used.replace(year=used.year + 3).toordinal())
    assert world.sweep().expired == 0
    world.days += 1
    assert world.sweep().expired == 1
    assert world.sweep().expired == 0
    assert not world.broken()


# -- planning


def test_debits_are_planned_once_and_announced_once(world):
    world.payer(1, 1_000)
    world.payer(2, 2_500)
    world.payer(3)  # owes nothing
    world.mandate(4)  # nobody agreed that it is paid automatically
    world.owe(4, 100)
    assert (world.plan(), world.plan()) == (2, 0)
    assert world.notify() == (2, 0)
    assert world.notify() == (0, 0)
    told = world.events("debit.announced")
    assert [(one["umr"], one["amount"]) for one in told] == [("BC1-M1", 1_000), ("BC1-M2", 2_500)]
    assert {one["collection_day"] for one in told} == {COLLECTION}
    assert world.states() == ["NOTIFIED", "NOTIFIED"]
    assert not world.broken()


def test_only_what_is_due_by_then_is_fetched(world):
    world.payer(1, 1_000)
    world.owe(1, 700, day=COLLECTION)
    world.owe(1, 300, day=COLLECTION + 1)
    world.plan()
    assert world.every()[0].planned == 1_700


@pytest.mark.parametrize(("mandate", "agreement", "fetched"), [(600, 0, 600), (900, 400, 400)])
def test_caps_of_mandate_and_agreement_hold(world, mandate, agreement, fetched):
    world.mandate(amount_max=mandate)
    world.agree(most=agreement)
    world.owe(1, 1_000)
    world.plan()
    world.notify()
    world.seal()
    assert [one.amount for one in world.every()] == [fetched]


def test_a_credit_is_used_before_money_is_fetched(world):
    world.payer(1, 1_000)
    world.world.post(world.world.told("paid", 1, 1_400))
    world.owe(1, 500)
    world.plan()
    assert [one.planned for one in world.every()] == [100]


def test_a_day_is_as_far_ahead_as_payers_are_told(world):
    world.payer(1, 1_000)
    for day in (COLLECTION - 1, TODAY + 101):
        with pytest.raises(DebitDayInvalid, match="payers are told 14 days before"):
            world.plan(day)
    world.plan()
    world.on(TODAY + 1)
    assert world.notify() == (0, 1)
    assert world.states() == ["WITHDRAWN"]
    assert world.plan(COLLECTION + 1) == 1
    assert not world.broken()


def test_two_collection_days_do_not_fetch_the_same_money(world):
    world.payer(1, 1_000)
    world.plan(COLLECTION)
    assert world.plan(COLLECTION + 3) == 0
    world.owe(1, 200)
    assert world.plan(COLLECTION + 3) == 1
    assert [one.planned for one in world.every()] == [1_000, 200]


def test_terms_that_lack_a_creditor_collect_nothing(world):
    world.payer(1, 1_000)
    world.terms(creditor={})
    with pytest.raises(DebitTermsMissing, match=r"creditor\.id"):
        world.plan()
    with pytest.raises(DebitTermsMissing, match="format"):
        world.plan(scheme=Scheme.DOMESTIC)


# -- batches


def test_a_sealed_batch_is_a_file_that_never_changes(world):
    world.payer(1, 1_000)
    world.payer(2, 2_500)
    world.plan()
    world.notify()
    batch = world.seal()
    assert (batch.state, batch.debits, batch.amount) == (BatchState.SEALED, 2, 3_500)
    content = world.file(1)
    try_valid_xml(content, "pain.008.001.08")
    assert b"<NbOfTxs>2</NbOfTxs><CtrlSum>35.00</CtrlSum>" in content
    assert IBANS[1].encode() in content
    world.owe(1, 9)
    assert world.file(1) == content
    with pytest.raises(DebitsMissing):
        world.seal()
    assert world.sent(1).state == BatchState.SENT
    with pytest.raises(DebitBatchStateUnfit, match="SENT; this needs one that is SEALED"):
        world.sent(1)
    assert not world.broken()


def test_the_amount_is_what_is_open_at_sealing(world):
    world.payer(1, 1_000)
    world.payer(2, 500)
    world.payer(3, 700)
    world.plan()
    world.notify()
    world.world.post(world.world.told("a", 1, 400), world.world.told("b", 2, 500))
    world.go("BC1-M3", MandateState.SUSPENDED)
    batch = world.seal()
    assert (batch.debits, batch.amount) == (1, 600)
    assert [(one.amount, one.code) for one in world.every()] == [
        (600, ""),
        (0, "PAID"),
        (0, "MANDATE"),
    ]
    assert not world.broken()


def test_a_batch_of_which_nothing_is_owed_is_empty(world):
    world.payer(1, 1_000)
    world.plan()
    world.notify()
    world.world.post(world.world.told("a", 1, 1_000))
    assert world.seal().state == BatchState.EMPTY
    with pytest.raises(DebitBatchStateUnfit):
        world.file(1)
    assert not world.broken()


def test_money_that_comes_otherwise_after_sealing_is_a_credit(world):
    debit = world.submitted(1_000)[0]
    world.world.post(world.world.told("kiosk", 1, 1_000))
    world.on(COLLECTION)
    world.results(camt054(credit(debit)))
    assert world.world.balance(1) == -1_000
    assert not world.broken()


def test_a_batch_has_no_more_debits_than_the_terms_say(world):
    world.terms(batch_debits_max=2)
    for count in range(1, 6):
        world.payer(count, 100 * count)
    world.plan()
    world.notify()
    assert [world.seal().debits for _ in range(3)] == [2, 2, 1]
    with pytest.raises(DebitsMissing):
        world.seal()
    assert not world.broken()


def test_sealing_that_was_cut_off_goes_on(world, monkeypatch):
    for count in range(1, 4):
        world.payer(count, 100 * count)
    world.plan()
    world.notify()
    monkeypatch.setattr(sealing, "CHUNK", 2)

    def killed(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as broken:
        broken.setattr(sealing, "batch_file", killed)
        with pytest.raises(KeyboardInterrupt):
            world.seal()
    assert world.batch(1).state == BatchState.OPEN
    assert not world.broken()
    world.payer(4, 400)
    world.plan()
    world.notify()
    batch = world.seal()
    assert (batch.batch_no, batch.debits, batch.amount) == (1, 4, 1_000)
    assert not world.broken()


def test_who_seals_at_once_seals_one_batch(world, monkeypatch):
    """Two processes gather into the same batch; each debit is in it once."""
    monkeypatch.setattr(sealing, "CHUNK", 1)
    for count in range(1, 6):
        world.payer(count, 100 * count)
    world.plan()
    world.notify()
    start = Barrier(2)

    def seal(_):
        start.wait()
        try:
            return world.seal()
        except DebitsMissing:  # the other one was faster
            return None

    with ThreadPoolExecutor(2) as threads:
        found = [one for one in threads.map(seal, range(2)) if one]
    assert {(one.batch_no, one.debits, one.amount) for one in found} == {(1, 5, 1_500)}
    assert world.states() == ["BATCHED"] * 5
    assert not world.broken()


def test_who_imports_at_once_posts_once(world):
    debits = world.submitted(1_000, 2_500)
    world.on(COLLECTION)
    content = camt054(*(credit(one) for one in debits))
    start = Barrier(2)

    def read(_):
        start.wait()
        return world.results(content)

    with ThreadPoolExecutor(2) as threads:
        found = list(threads.map(read, range(2)))
    assert sorted(one.repeated for one in found) == [False, True]
    assert world.world.count("payment_order") == 2
    assert not world.broken()


def test_the_bank_has_its_lead(world):
    world.payer(1, 1_000)
    world.plan()
    world.notify()
    world.on(COLLECTION)
    with pytest.raises(DebitDayInvalid, match="too late"):
        world.seal()


def test_sequence_types_say_which_debit_it_is(world):
    """First, then recurrent; the only one of a one-off mandate; the last of a closed account."""
    (first,) = world.collected(1_000)
    assert first.sequence == Sequence.FRST
    world.payer(2, 100, one_off=True)
    world.owe(1, 300)
    world.payer(3, 200)
    with world.store.write() as session:
        closed = {"day": COLLECTION + 1, "account": world.world.account(3)}
        session.run("UPDATE account SET closed_day = :day WHERE account_id = :account", **closed)
    day = COLLECTION + 21
    world.plan(day)
    world.notify(day - 14)
    world.seal(day)
    found = {one.mandate_no: one.sequence for one in world.of_batch(2)}
    assert found == {1: Sequence.RCUR, 2: Sequence.OOFF, 3: Sequence.FNAL}
    try_valid_xml(world.file(2), "pain.008.001.08")
    world.owe(2, 50)
    assert world.plan(day + 7) == 0  # a one-off mandate is used


# -- what the bank says


def test_a_bank_takes_some_of_a_file(world):
    first, second = world.submitted(1_000, 2_500)
    done = world.results(pain002("BC1-B1", (first.end_to_end_id, "RJCT", "AC04"), group="PART"))
    row = done.row
    assert (row.accepted, row.rejected, row.format) == (1, 1, "pain.002")
    assert world.states() == ["REJECTED", "ACCEPTED"]
    assert world.batch(1).state == BatchState.PART
    assert world.mandate_row("BC1-M1").state == MandateState.SUSPENDED
    (told,) = world.events("debit.failed")
    assert (told["code"], told["action"], told["state"]) == ("AC04", "suspend", "REJECTED")
    assert world.debit(second.end_to_end_id).state == DebitState.ACCEPTED
    assert not world.broken()


def test_a_file_that_is_rejected_says_nothing_of_its_payers(world):
    world.submitted(1_000, 2_500)
    done = world.results(pain002("BC1-B1", group="RJCT"))
    assert (done.row.rejected, done.failures) == (2, ())
    assert world.batch(1).state == BatchState.REJECTED
    assert world.mandate_row("BC1-M1").state == MandateState.ACTIVE
    world.on(TODAY + 1)
    assert world.plan(COLLECTION + 1) == 2
    assert not world.broken()


def test_what_was_told_twice_counts_once(world):
    (debit,) = world.submitted(1_000)
    world.on(COLLECTION)
    content = camt054(credit(debit))
    first = world.results(content)
    again = world.results(content)
    assert (first.repeated, again.repeated) == (False, True)
    assert first.row == again.row
    other = world.results(camt054(credit(debit)) + "\n")
    assert (other.repeated, other.row.repeated, other.row.collected) == (False, 1, 0)
    assert world.world.balance(1) == 0
    assert world.world.count("payment_order") == 1
    assert world.batch(1).state == BatchState.SETTLED
    assert not world.broken()


def test_a_block_that_is_booked_at_once_collects_all_of_it(world):
    first, _ = world.submitted(1_000, 2_500)
    world.results(pain002("BC1-B1", (first.end_to_end_id, "RJCT", "MS02"), group="PART"))
    world.on(COLLECTION)
    with pytest.raises(FileBroken, match="come to 2500"):
        world.results(camt054(block("BC1-B1-FRST", 2, 3_500)))
    done = world.results(camt054(block("BC1-B1-FRST", 1, 2_500)))
    assert done.row.collected == 1
    assert world.states() == ["REJECTED", "COLLECTED"]
    assert not world.broken()


def test_a_return_opens_the_items_again_and_charges_the_fee(world):
    """Only what a bank returned is charged; the debt stands from its own due day."""
    (debit,) = world.collected(1_000)
    assert (debit.state, world.world.balance(1)) == (DebitState.COLLECTED, 0)
    assert debit.until_day == COLLECTION + 56
    world.days += 2
    done = world.results(camt054(back(debit, "AC04", world.today)))
    assert (done.row.returned, done.failures) == (1, (("AC04", 1),))
    assert world.states() == ["RETURNED"]
    assert world.world.balance(1) == 1_350
    assert world.world.trial()["receivable"] == 1_350
    assert world.mandate_row("BC1-M1").state == MandateState.SUSPENDED
    assert world.steps(debit.end_to_end_id)[-2:] == ["COLLECTED", "RETURNED"]
    assert not world.broken()


def test_a_return_before_its_credit_tells_both(world):
    (debit,) = world.submitted(1_000)
    world.on(COLLECTION + 1)
    done = world.results(camt054(back(debit, "MS02", world.today)))
    assert (done.row.collected, done.row.returned) == (1, 1)
    late = world.results(camt054(credit(debit)))
    assert (late.row.collected, late.row.repeated) == (0, 1)
    assert world.world.balance(1) == 1_350
    assert not world.broken()


def test_a_refund_ends_the_agreement_and_costs_nothing(world):
    (debit,) = world.collected(1_000)
    world.days += 20
    world.results(camt054(back(debit, "MD06", world.today)))
    assert world.states() == ["REFUNDED"]
    assert world.world.balance(1) == 1_000
    with world.store.read() as reader:
        assert not agreed(reader, world.world.account(1)).enabled
    assert world.mandate_row("BC1-M1").state == MandateState.ACTIVE
    assert world.plan(world.today + 14) == 0
    assert not world.broken()


def test_money_is_contingent_until_the_window_closes(world):
    (debit,) = world.collected(1_000)
    world.on(debit.until_day)
    assert world.sweep().final == 0
    world.days += 1
    assert (world.sweep().final, world.sweep().final) == (1, 0)
    assert world.states() == ["FINAL"]
    world.days += 100
    world.results(camt054(back(debit, "MD01", world.today)))
    assert world.states() == ["REFUNDED"]
    assert world.mandate_row("BC1-M1").state == MandateState.CANCELLED
    assert not world.events("debit.failed")[-1]["beyond_all_windows"]
    assert not world.broken()


def test_the_creditor_s_own_undo(world):
    (debit,) = world.collected(1_000)
    made = world.reverse(debit.end_to_end_id)
    assert (made.state, world.world.balance(1)) == (DebitState.REVERSED, 1_000)
    assert world.mandate_row("BC1-M1").state == MandateState.ACTIVE
    with pytest.raises(DebitStateUnfit, match="REVERSED; this needs one that is COLLECTED"):
        world.reverse(debit.end_to_end_id)
    world.days += 1
    done = world.results(camt054(back(debit, "", world.today)))
    assert (done.row.returned, done.row.repeated) == (0, 1)
    assert not world.broken()


# -- retries


def test_a_debit_without_money_is_tried_again_under_a_new_id(world):
    (debit,) = world.collected(1_000)
    world.days += 1
    world.results(camt054(back(debit, "AM04", world.today)))
    first, second = world.every()
    assert (second.retry_of, second.attempt) == (first.debit_no, 2)
    assert second.end_to_end_id != first.end_to_end_id
    assert second.collection_day >= COLLECTION + 5
    assert weekday(second.collection_day) != weekday(COLLECTION)
    world.on(second.collection_day - 1)
    assert world.notify() == (1, 0)
    batch = world.seal(second.collection_day)
    assert batch.amount == 1_350  # the fee of the return is owed by now
    world.sent(batch.batch_no)
    assert world.of_batch(batch.batch_no)[0].sequence == Sequence.RCUR
    world.on(second.collection_day)
    world.results(camt054(credit(world.debit(second.end_to_end_id))))
    assert world.world.balance(1) == 0
    assert not world.broken()


def test_a_debit_is_tried_again_twice_at_most(world):
    (debit,) = world.collected(1_000)
    for tries in (2, 3, 3):
        world.days += 1
        world.results(camt054(back(debit, "AM04", world.today)))
        assert len(world.every()) == tries
        if len(world.every()) == debit.debit_no:
            break
        debit = world.every()[-1]
        world.on(debit.collection_day - 1)
        world.notify()
        world.sent(world.seal(debit.collection_day).batch_no)
        world.on(debit.collection_day)
        debit = world.debit(debit.end_to_end_id)
        world.results(camt054(credit(debit)))
        debit = world.debit(debit.end_to_end_id)
    assert world.events("debit.failed")[-1]["action"] == "check"
    assert world.mandate_row("BC1-M1").state == MandateState.ACTIVE
    assert not world.broken()


def test_a_retry_yields_to_what_is_due_before_it(world):
    (debit,) = world.collected(1_000)
    world.owe(1, 100, day=COLLECTION + 4)
    world.days += 1
    world.results(camt054(back(debit, "AM04", world.today)))
    assert len(world.every()) == 1
    assert world.plan(world.today + 14) == 1


def test_who_may_not_be_debited_is_not_tried_again(world):
    (debit,) = world.collected(1_000)
    world.go("BC1-M1", MandateState.SUSPENDED)
    world.days += 1
    world.results(camt054(back(debit, "AM04", world.today)))
    assert len(world.every()) == 1


# -- files that are wrong


@pytest.mark.parametrize(
    ("field", "content"),
    [
        ("amount", lambda debit: camt054(credit(debit, amount=999))),
        ("account", lambda debit: camt054(credit(debit), account=IBANS[0])),
        ("message_id", lambda _: pain002("BC1-B9", group="ACCP")),
        ("TxSts", lambda debit: pain002("BC1-B1", (debit.end_to_end_id, "WHAT", ""))),
        ("XML", lambda debit: pain002("BC1-B1", (debit.end_to_end_id, "RJCT", "AM04"))[:-9]),
        ("DOCTYPE", lambda _: "<!DOCTYPE x [<!ENTITY a 'b'>]><x/>"),
        ("content", lambda _: ""),
    ],
)
def test_a_broken_file_changes_nothing(world, field, content):
    first, second = world.submitted(1_000, 2_500)
    world.on(COLLECTION)
    before = world.every(), world.world.count("event_pending"), world.world.count("payment_order")
    with pytest.raises(FileBroken) as refused:
        world.results(content(second))
    assert refused.value.field == field
    after = world.every(), world.world.count("event_pending"), world.world.count("payment_order")
    assert before == after
    assert world.world.count("debit_result") == 0
    assert first.state == DebitState.SUBMITTED


def test_what_fits_no_debit_is_listed(world):
    (debit,) = world.submitted(1_000)
    world.payer(2, 500)
    world.plan()
    world.notify()
    world.seal()  # the bank has not got this one
    early = world.every()[-1]
    stranger = debit._replace(end_to_end_id="BC1-D99")
    other = debit._replace(end_to_end_id="SALARY-4711")
    world.on(COLLECTION)
    entries = credit(stranger), credit(early), credit(other), credit(debit)
    done = world.results(camt054(*entries))
    assert (done.row.collected, done.row.unknown) == (1, 2)
    told = [(one.end_to_end_id, one.code) for one in world.unknown(done.row.result_no)]
    assert sorted(told) == [("BC1-D2", "BATCHED"), ("BC1-D99", "UNKNOWN")]
    assert not world.broken()


def test_a_statement_s_own_business_is_left_alone(world):
    done = world.results(camt054(block("KIOSK 1", 3, 500)))
    assert done.row.line_count == 0


# -- the domestic pair


def domestic(world):
    world.terms(creditor={"id": "", "name": "水务"}, format="bank-link")
    for count, name in ((1, "张伟"), (2, "王芳")):
        details = BankDetails(name, bank_account=f"622200{count}")
        world.payer(count, 1_000 * count, scheme=Scheme.DOMESTIC, debtor=details)
    world.plan(scheme=Scheme.DOMESTIC)
    world.notify()
    batch = world.seal(scheme=Scheme.DOMESTIC)
    world.sent(batch.batch_no)
    return batch


def answer(*told, message="BC1-B1", day="20261005", count=None):
    """A bank's answer: (end-to-end id, amount, code)."""
    paid = [amount for _, amount, code in told if code == "0000"]
    total = sum(amount for _, amount, _ in told)
    head = f"R{message:<20}{day}{len(told) if count is None else count:08}{total:016}"
    lines = [f"{head}{len(paid):08}{sum(paid):016}"]
    lines += [f"D{name:<20}{amount:014}{code}" for name, amount, code in told]
    return "".join(line + "\r\n" for line in lines)


def test_a_domestic_pair_from_file_to_file(world):
    batch = domestic(world)
    content = world.file(batch.batch_no)
    lines = content.split(b"\r\n")
    assert [len(one) for one in lines] == [73, 149, 149, 0]
    assert "张伟".encode("gb18030") in lines[1]
    assert lines[0].endswith(b"20261005" + b"00000002" + b"0000000000003000")
    world.on(COLLECTION)
    done = world.results(answer(("BC1-D1", 1_000, "0000"), ("BC1-D2", 2_000, "0001")))
    assert (done.row.format, done.row.collected, done.row.rejected) == ("bank-link", 1, 1)
    assert world.states() == ["COLLECTED", "REJECTED", "DUE"]
    assert world.world.balance(1) == 0
    assert world.batch(1).state == BatchState.SETTLED
    assert not world.broken()


def test_a_domestic_bank_may_take_what_there_is(world):
    domestic(world)
    world.on(COLLECTION)
    world.results(answer(("BC1-D1", 400, "0000")))
    assert world.debit("BC1-D1").amount == 400
    assert world.world.balance(1) == 600
    assert not world.broken()


@pytest.mark.parametrize(
    ("field", "content"),
    [
        ("count", answer(("BC1-D1", 1_000, "0000"), count=2)),
        ("code", answer(("BC1-D1", 1_000, "7777"))),
        ("amount", answer(("BC1-D1", 1_001, "0000"))),
        ("line", answer(("BC1-D1", 1_000, "00000"))),
        ("day", answer(("BC1-D1", 1_000, "0000"), day="20261305")),
        ("line_end", answer(("BC1-D1", 1_000, "0000"))[:-1]),
        ("message_id", answer(("BC1-D1", 1_000, "0000"), message="BC1-B7")),
    ],
)
def test_a_broken_domestic_answer_changes_nothing(world, field, content):
    domestic(world)
    world.on(COLLECTION)
    with pytest.raises(FileBroken) as refused:
        world.results(content)
    assert refused.value.field == field
    assert world.states() == ["SUBMITTED", "SUBMITTED"]
    assert world.world.count("payment_order") == 0


# -- verify


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE debit SET amount = amount + 1 WHERE debit_no = 1",
        "UPDATE debit SET state = 11 WHERE debit_no = 1",
        "UPDATE debit SET batch_no = 9 WHERE debit_no = 1",
        "UPDATE debit SET retry_of = 1, attempt = 2 WHERE debit_no = 2",
        "UPDATE debit_step SET was = 1 WHERE state = 7",
        "DELETE FROM debit_step WHERE state = 2",
        "DELETE FROM payment_order",
        "UPDATE debit_batch SET amount = amount + 1",
        "UPDATE debit_batch SET debits = debits + 1",
        "DELETE FROM debit_batch_part",
        "DELETE FROM mandate_debtor",
        "UPDATE mandate SET state = 6 WHERE mandate_no = 1",
        "UPDATE mandate_version SET state = 6 WHERE version = 1",
    ],
)
def test_verify_finds_damage(world, damage):
    world.collected(1_000, 2_500)
    assert not world.broken()
    with world.store.write() as session:
        assert session.run(damage)
    assert {name for name, _ in world.broken()} & {
        "debits_agree",
        "debit_batches_agree",
        "mandates_agree",
    }


def test_accounts_of_payers_stand_in_one_table(world):
    """Neither steps nor events nor the audit log tell who is debited."""
    world.collected(1_000)
    with world.store.read() as reader:
        tables = [
            name
            for name in ("mandate", "mandate_version", "debit", "debit_step", "debit_batch")
            for row in reader.rows(f"SELECT * FROM {name}")
            if IBANS[1] in map(str, row) or "Ada Payer 1" in map(str, row)
        ]
        texts = [str(row) for row in reader.rows("SELECT payload FROM event_pending")]
        texts += [str(row) for row in reader.rows("SELECT detail FROM audit")]
    assert not tables
    assert not [one for one in texts if IBANS[1] in one or "Payer" in one]
    assert BANK not in str(texts)
