"""Bills corrected on both stores: cancelled, billed again, re-rated, undone; nothing changes."""

import json
import threading

import numpy as np
import pytest

from billcore.core.accounts.errors import FieldRefused
from billcore.core.billing.corrections import judging
from billcore.core.billing.corrections.credits import Reason
from billcore.core.billing.corrections.errors import (
    BillUncorrectable,
    CorrectionUnknown,
    UndoRefused,
)
from billcore.core.billing.errors import AccountUnbillable, BillUnknown
from billcore.core.billing.openings import openings
from billcore.core.errors import BatchTooLarge
from billcore.core.events import sequencer
from billcore.core.ledger.kinds import BillKind, EntryKind
from billcore.core.store import accounts, providers
from billcore.core.tariff.catalog import Catalog
from billcore.core.tariff.explain.recompute import recompute
from billcore.core.tariff.shelves import Stored
from tests import seed
from tests.corrections_world import WHY, Desk

DAYS = [seed.jalali(printed.day) for printed in seed.PRINTED]
TOTALS = [printed.total for printed in seed.PRINTED]
LATER = DAYS[-1] + 10


@pytest.fixture
def world(books):
    """The company with the five printed bills."""
    found = seed.settle(books)
    for printed in seed.PRINTED:
        day = seed.jalali(printed.day)
        seed.read(found, day, printed.dial)
        seed.bill(found, day, printed.days)
    return found


@pytest.fixture
def desk(world):
    return Desk(world.store, world.caller, LATER, seed.NOW)


@pytest.fixture
def ids(desk, world):
    """The five bills, by day."""
    return [one.bill_id for one in desk.bills(world.account_id)]


def publish(world, text):
    catalog = Catalog(Stored(world.store, lambda: seed.NOW))
    catalog.publish(text, f"again {len(text)}", caller=world.caller)


OWED = 17 + sum(TOTALS)


def owed(span):
    """What a span took as the balance before."""
    return span.rated_from.inputs["previous_balance"]


def used(desk, world):
    """What the standing bills bill, in m3."""
    return [int(one.spans[0].rated_from.inputs["m3"]) for one in desk.standing(world.account_id)]


# -- cancelled


def test_a_cancelled_bill_is_taken_back_line_by_line(world, desk, ids):
    done = desk.cancel(ids[-1])
    note = desk.bill(done.credits[ids[-1]])
    bill = desk.bill(ids[-1])
    assert desk.balance(world.account_id) == OWED - TOTALS[-1]
    assert (note.header.kind, note.header.month) == (BillKind.CREDIT, bill.header.month)
    assert (note.header.total, note.header.issued_day) == (-TOTALS[-1], LATER)
    assert note.header.opening == bill.header.closing
    assert note.header.due_day == LATER
    ((charged,), (credited,)) = bill.spans, note.spans
    assert credited.lines == {name: -amount for name, amount in charged.lines.items()}
    assert credited.rated_from == charged.rated_from
    assert recompute(credited.explanation())["total"] == TOTALS[-1]
    assert (bill.fate.stands, bill.fate.cancelled_by) == (False, note.header.bill_id)
    assert (note.fate.stands, note.fate.takes_back) == (True, ids[-1])
    assert desk.broken() == {}


def test_a_bill_itself_never_changes(world, desk, ids):
    before = desk.bill(ids[-1])
    desk.cancel(ids[-1])
    after = desk.bill(ids[-1])
    assert (after.header, after.spans) == (before.header, before.spans)


def test_what_was_cancelled_can_be_billed_anew(world, desk, ids):
    desk.cancel(ids[-1])
    (again,), made = seed.bill(world, DAYS[-1], at=seed.NOW + seed.SECOND, source="again")
    assert made.drafts.total.tolist() == [TOTALS[-1]]
    assert desk.bill(int(again)).header.version == 1
    assert desk.broken() == {}


@pytest.mark.parametrize("place", range(4))
def test_a_bill_from_which_others_go_on_is_not_cancelled(world, desk, ids, place):
    """The refusal names the last bill of the chain and the day from which to rate again."""
    with pytest.raises(BillUncorrectable) as caught:
        desk.cancel(ids[place])
    assert (caught.value.rule, caught.value.fields["other"]) == ("LATER_BILL", str(ids[-1]))
    assert str(ids[-1]) in caught.value.message
    assert desk.balance(world.account_id) == OWED


def test_what_cannot_be_cancelled(world, desk, ids):
    note = desk.cancel(ids[-1]).credits[ids[-1]]
    for bill, rule in ((ids[-1], "CANCELLED"), (note, "CREDIT_NOTE")):
        with pytest.raises(BillUncorrectable) as caught:
            desk.cancel(bill)
        assert caught.value.rule == rule
    with pytest.raises(BillUncorrectable) as caught:
        desk.cancel(ids[-2], day=DAYS[-2] - 1)
    assert caught.value.rule == "ISSUED_LATER"
    for bill in (0, -1, 5, ids[0] + 1, ids[0] + (1 << 60), 2**63 - 1):
        with pytest.raises(BillUnknown):
            desk.cancel(bill)


def test_numbers_of_a_month_run_out(world, desk, ids, monkeypatch):
    """256 credit notes of an account and month are all; with the next one nothing is written."""
    monkeypatch.setattr(judging, "NUMBERS", 1)
    desk.cancel(ids[-1])
    seed.bill(world, DAYS[-1], at=seed.NOW + seed.SECOND, source="again")
    again = desk.bills(world.account_id)[-1].bill_id
    with pytest.raises(BillUncorrectable) as caught:
        desk.cancel(again)
    assert caught.value.rule == "NUMBERS_EXHAUSTED"
    with pytest.raises(BillUncorrectable):
        desk.cancel(ids[-2])
    monkeypatch.undo()
    desk.cancel(again)
    assert desk.broken() == {}


def test_ordinal_and_version_count_together(world, desk, ids):
    """Seventeen notes of one month: the seventeenth has the next ordinal."""
    correction = desk.cancel(ids[-1]).correction_id
    for _ in range(16):
        correction = desk.undo(correction).correction_id
        correction = desk.undo(correction).correction_id
    notes = [one for one in desk.bills(world.account_id) if one.kind == BillKind.CREDIT]
    assert [(one.ordinal, one.version) for one in notes] == [divmod(n, 16) for n in range(17)]
    assert desk.balance(world.account_id) == OWED - TOTALS[-1]
    assert desk.broken() == {}


# -- reasons


@pytest.mark.parametrize(
    ("why", "field", "word"),
    [
        (Reason("WHIM", "because", ("x",)), "why.reason_code", "CUSTOMER_MOVED"),
        (Reason("", "because", ("x",)), "why.reason_code", "TARIFF"),
        (Reason("TARIFF", " ", ("x",)), "why.reason", "say why"),
        (Reason("TARIFF", "r" * 501, ("x",)), "why.reason", "500"),
        (Reason("TARIFF", "because", ()), "why.evidence", "document"),
        (Reason("TARIFF", "because", ("x", " ")), "why.evidence", "200"),
        (Reason("TARIFF", "because", ("x" * 201,)), "why.evidence", "200"),
        (Reason("TARIFF", "because", ("x",) * 21), "why.evidence", "20"),
    ],
)
def test_a_reason_that_the_policy_does_not_take(world, desk, ids, why, field, word):
    for act in (
        lambda: desk.cancel(ids[-1], why=why),
        lambda: desk.cancel_all([ids[-1]], why=why),
        lambda: desk.rebill(ids[-1], why=why),
        lambda: desk.rerate(world.account_id, DAYS[0], why=why),
        lambda: desk.undo(1, why=why),
    ):
        with pytest.raises(FieldRefused) as caught:
            act()
        assert caught.value.fields["field"] == field
        assert word in caught.value.message


def test_a_provider_has_its_own_reasons(world, desk, ids):
    policies = {**json.loads(seed.POLICIES), "correction_reasons": ["WHIM"],
                "evidence_required": False}  # fmt: skip
    with world.store.write() as session:
        session.run("UPDATE provider SET policies = :text", text=json.dumps(policies))
    with pytest.raises(FieldRefused):
        desk.cancel(ids[-1])
    done = desk.cancel(ids[-1], why=Reason("WHIM", ""))
    (told,) = desk.family(ids[-1]).corrections
    assert (told.correction_id, told.reason_code, told.reason, told.evidence) == (
        done.correction_id, "WHIM", "", "[]",
    )  # fmt: skip


def test_a_day_of_issue_that_cannot_be(world, desk, ids):
    for day in (1, 10**6 * 3):
        with pytest.raises(FieldRefused) as caught:
            desk.cancel(ids[-1], day=day)
        assert caught.value.fields["field"] == "issued_day"


# -- billed again


def test_a_bill_that_comes_to_the_same_stays(world, desk, ids):
    done = desk.rebill(ids[-1])
    assert (done.correction_id, done.changes, done.unchanged) == (0, (), 1)
    assert len(desk.bills(world.account_id)) == 5


def test_a_corrected_reading_is_billed(world, desk, ids):
    """The new bill takes the month and days of the old one, and what was owed before it."""
    desk.correct(world.meter_id, DAYS[-1], 210)
    done = desk.rebill(ids[-1])
    (change,) = done.changes
    old, note, new = (desk.bill(n) for n in (ids[-1], change.credit_id, change.rebill_id))
    assert new.header.kind == BillKind.CORRECTION
    assert (new.header.month, new.header.previous_day, new.header.this_day) == (
        old.header.month, old.header.previous_day, old.header.this_day,
    )  # fmt: skip
    assert new.header.due_day == LATER + 15
    (span,), (before,) = new.spans, old.spans
    assert int(span.rated_from.inputs["m3"]) == 35
    assert (
        span.rated_from.inputs["previous_balance"] == before.rated_from.inputs["previous_balance"]
    )
    assert (note.header.opening, new.header.opening) == (old.header.closing, old.header.opening)
    assert (change.total_before, change.total_after) == (TOTALS[-1], new.header.total)
    assert desk.balance(world.account_id) == OWED - TOTALS[-1] + new.header.total
    assert (old.fate.place_taken_by, new.fate.in_place_of) == (new.header.bill_id, ids[-1])
    assert recompute(span.explanation())["total"] == new.header.total
    again = desk.rebill(new.header.bill_id)
    assert (again.correction_id, again.changes) == (0, ())
    assert desk.broken() == {}


def test_a_payment_meanwhile_is_in_the_openings_but_not_in_the_inputs(world, desk, ids):
    seed.post(world.store, world.caller, world.account_id, EntryKind.PAYMENT, LATER, -5_000, "paid")
    desk.correct(world.meter_id, DAYS[-1], 210)
    (change,) = desk.rebill(ids[-1]).changes
    old, new = desk.bill(ids[-1]), desk.bill(change.rebill_id)
    assert new.header.opening == old.header.opening - 5_000
    (span,), (before,) = new.spans, old.spans
    assert (
        span.rated_from.inputs["previous_balance"] == before.rated_from.inputs["previous_balance"]
    )
    desk.correct(world.meter_id, DAYS[-1], 215)
    (change,) = desk.rebill(change.rebill_id).changes
    (span,) = desk.bill(change.rebill_id).spans
    assert (
        span.rated_from.inputs["previous_balance"] == before.rated_from.inputs["previous_balance"]
    )
    assert desk.broken() == {}


def test_a_tariff_published_since_is_taken(world, desk, ids):
    text = seed.TARIFF.read_text("utf-8")
    publish(world, text.replace("water_rate: 4300", "water_rate: 4400"))
    (change,) = desk.rebill(ids[-1]).changes
    (span,) = desk.bill(change.rebill_id).spans
    assert (span.version, span.lines["water"]) == (2, 45 * 4_400)
    assert desk.broken() == {}


def test_a_version_that_says_the_same_changes_nothing(world, desk, ids):
    text = seed.TARIFF.read_text("utf-8")
    publish(world, text + "\n  # the same\n".replace("\n  ", "\n"))
    publish(world, text.replace("- from: 1396-07-01", "- from: 1396-07-01", 1) + "\n")
    done = desk.rerate(world.account_id, DAYS[0])
    assert (done.correction_id, done.changes) == (0, ())


def test_stated_days_stay_stated(world, desk, ids):
    """The second bill counts 138 days where its dates count 139."""
    desk.correct(world.meter_id, DAYS[1], 131)
    done = desk.rerate(world.account_id, DAYS[1])
    (span,) = desk.bill(done.changes[0].rebill_id).spans
    assert span.days == 138
    assert desk.broken() == {}


def test_a_bill_that_can_no_longer_be_rated(world, desk, ids):
    """Nothing is written where one of the bills cannot be rated."""
    with world.store.write() as session:
        session.run("DELETE FROM reading WHERE day = :day", day=DAYS[-1])
    for act in (lambda: desk.rebill(ids[-1]), lambda: desk.rerate(world.account_id, DAYS[0])):
        with pytest.raises(AccountUnbillable) as caught:
            act()
        assert caught.value.rule == "USAGE_INCOMPLETE"
    assert len(desk.bills(world.account_id)) == 5


def test_an_agreement_that_ended_before(world, desk, ids):
    with world.store.write() as session:
        session.run("UPDATE agreement SET until_day = :day", day=DAYS[-1] - 3)
    with pytest.raises(AccountUnbillable) as caught:
        desk.rebill(ids[-1])
    assert caught.value.rule == "AGREEMENT_ENDED"


def test_only_the_last_bill_is_billed_again(world, desk, ids):
    with pytest.raises(BillUncorrectable) as caught:
        desk.rebill(ids[1])
    assert caught.value.rule == "LATER_BILL"
    assert "rate the account again" in caught.value.message
    for bill in (0, 7, ids[0] + 1):
        with pytest.raises(BillUnknown):
            desk.rebill(bill)


# -- re-rated


def test_only_the_bills_that_differ_are_corrected(world, desk, ids):
    """A reading on the border of two bills: both, and none of the others."""
    desk.correct(world.meter_id, DAYS[1], 133)
    done = desk.rerate(world.account_id, DAYS[1])
    assert [change.bill_id for change in done.changes] == ids[1:3]
    assert done.unchanged == 2
    assert used(desk, world) == [22, 13, 7, 35, 45]
    difference = sum(change.total_after - change.total_before for change in done.changes)
    assert desk.balance(world.account_id) == OWED + difference
    assert desk.broken() == {}


def test_applying_it_again_changes_nothing(world, desk, ids):
    desk.correct(world.meter_id, DAYS[1], 133)
    desk.rerate(world.account_id, DAYS[0])
    count = len(desk.bills(world.account_id))
    again = desk.rerate(world.account_id, DAYS[0])
    assert (again.correction_id, again.changes, again.unchanged) == (0, (), 5)
    assert len(desk.bills(world.account_id)) == count


def test_bills_that_end_before_stay(world, desk, ids):
    desk.correct(world.meter_id, DAYS[1], 133)
    done = desk.rerate(world.account_id, DAYS[1] + 1)
    assert [change.bill_id for change in done.changes] == [ids[2]]
    assert desk.broken() == {}


def test_too_many_periods(world, desk, ids, monkeypatch):
    monkeypatch.setattr("billcore.core.billing.corrections.rerating.PERIODS_MAX", 4)
    with pytest.raises(FieldRefused) as caught:
        desk.rerate(world.account_id, DAYS[0])
    assert caught.value.fields["field"] == "from_day"
    desk.rerate(world.account_id, DAYS[1])


def test_nothing_to_rate(world, desk):
    done = desk.rerate(world.account_id, DAYS[-1] + 1)
    assert (done.correction_id, done.changes, done.unchanged) == (0, (), 0)


def test_a_corrected_bill_is_issued_after_it(world, desk, ids):
    desk.correct(world.meter_id, DAYS[1], 133)
    with pytest.raises(BillUncorrectable) as caught:
        desk.rerate(world.account_id, DAYS[0], day=DAYS[2] - 1)
    assert caught.value.rule == "ISSUED_LATER"


# -- many


def test_many_bills_are_cancelled_and_the_others_told(world, desk, ids):
    """Of an account the last bills go together; each refusal says its place."""
    wanted = [ids[4], ids[0], 7, ids[3], ids[4], ids[2]]
    done = desk.cancel_all(wanted)
    assert set(done.credits) == {ids[4], ids[3], ids[2]}
    assert {place: why.reason for place, why in done.refused.items()} == {
        1: "BILL_UNCORRECTABLE", 2: "BILL_UNKNOWN", 4: "BILL_UNCORRECTABLE",
    }  # fmt: skip
    assert (done.refused[1].rule, done.refused[4].rule) == ("LATER_BILL", "REPEATED")
    assert done.total == -sum(TOTALS[2:])
    assert desk.balance(world.account_id) == OWED - sum(TOTALS[2:])
    openings = [one.opening for one in desk.bills(world.account_id)[5:]]
    assert openings == [OWED, OWED - TOTALS[4], OWED - TOTALS[4] - TOTALS[3]]
    assert desk.broken() == {}
    back = desk.undo(done.correction_id)
    assert [change.total_before for change in back.changes] == [-total for total in TOTALS[2:]]
    assert desk.balance(world.account_id) == OWED
    assert desk.broken() == {}


def test_a_list_without_a_good_bill_writes_nothing(world, desk, ids):
    done = desk.cancel_all([ids[0], 7])
    assert (done.correction_id, done.credits, len(done.refused)) == (0, {}, 2)
    with world.store.read() as reader:
        assert reader.row("SELECT COUNT(*) FROM correction") == (0,)


def test_a_list_that_is_too_long_or_empty(desk, ids):
    with pytest.raises(BatchTooLarge):
        desk.cancel_all([ids[0]] * 10_001)
    with pytest.raises(FieldRefused):
        desk.cancel_all([])


# -- families


def test_a_family_from_any_of_its_documents(world, desk, ids):
    desk.correct(world.meter_id, DAYS[-1], 210)
    first = desk.rebill(ids[-1])
    back = desk.undo(first.correction_id)
    members = desk.family(ids[-1]).members
    assert [one.header.kind for one in members] == [0, 3, 4, 3, 4]
    assert [one.correction_id for one in members] == [
        0, *[first.correction_id] * 2, *[back.correction_id] * 2,
    ]  # fmt: skip
    found = [desk.family(one.header.bill_id) for one in members]
    assert all(one == found[0] for one in found)
    original, *_, last = members
    assert [one.fate.stands for one in members] == [False, True, False, True, True]
    assert original.fate.place_taken_by == last.header.bill_id
    one, other = found[0].corrections
    assert found[0].undone_by == {one.correction_id: other.correction_id}
    assert (other.undoes, one.actor, one.client_id) == (first.correction_id, "clerk", 2)
    assert (one.reason_code, one.reason, one.evidence) == (
        WHY.code, WHY.text, '["photo 17"]',
    )  # fmt: skip
    alone = desk.family(ids[0])
    assert ([one.header.bill_id for one in alone.members], alone.corrections) == ([ids[0]], ())
    with pytest.raises(BillUnknown):
        desk.family(7)


# -- undone


def test_an_undone_correction_repeats_what_there_was(world, desk, ids):
    desk.correct(world.meter_id, DAYS[1], 133)
    done = desk.rerate(world.account_id, DAYS[0])
    before = [desk.bill(one) for one in ids]
    back = desk.undo(done.correction_id)
    after = desk.standing(world.account_id)
    assert [one.spans for one in after] == [one.spans for one in before]
    assert [one.header.total for one in after] == TOTALS
    assert desk.balance(world.account_id) == OWED
    again = desk.undo(back.correction_id)
    assert len(again.changes) == 2
    assert desk.balance(world.account_id) != OWED
    assert desk.broken() == {}


def test_a_correction_is_undone_once(world, desk, ids):
    done = desk.cancel(ids[-1])
    back = desk.undo(done.correction_id)
    with pytest.raises(UndoRefused) as caught:
        desk.undo(done.correction_id)
    assert (caught.value.rule, caught.value.fields["other"]) == ("UNDONE", str(back.correction_id))
    desk.undo(back.correction_id)
    for number in (0, -1, 1, 2**63 - 1):
        with pytest.raises(CorrectionUnknown):
            desk.undo(number)
    assert desk.broken() == {}


def test_what_was_billed_since_keeps_a_correction(world, desk, ids):
    done = desk.cancel(ids[-1])
    seed.bill(world, DAYS[-1], at=seed.NOW + seed.SECOND, source="again")
    newest = desk.bills(world.account_id)[-1]
    with pytest.raises(UndoRefused) as caught:
        desk.undo(done.correction_id)
    assert (caught.value.rule, caught.value.fields["other"]) == (
        "LATER_DOCUMENT", str(newest.bill_id),
    )  # fmt: skip
    desk.cancel(newest.bill_id)
    desk.undo(done.correction_id)
    assert desk.broken() == {}


def test_what_was_corrected_since_keeps_a_correction(world, desk, ids):
    desk.correct(world.meter_id, DAYS[-1], 210)
    first = desk.rebill(ids[-1])
    desk.correct(world.meter_id, DAYS[-1], 211)
    second = desk.rebill(first.changes[0].rebill_id)
    with pytest.raises(UndoRefused) as caught:
        desk.undo(first.correction_id)
    assert caught.value.rule == "LATER_DOCUMENT"
    desk.undo(second.correction_id)
    assert desk.broken() == {}


def test_bills_before_that_were_corrected_since_keep_a_cancellation(world, desk, ids):
    """What would stand again was rated behind a bill that is no longer there."""
    done = desk.cancel(ids[-1])
    desk.correct(world.meter_id, DAYS[-2], 174)
    rerated = desk.rerate(world.account_id, DAYS[-2])
    with pytest.raises(UndoRefused):
        desk.undo(done.correction_id)
    desk.undo(rerated.correction_id)
    desk.undo(done.correction_id)
    assert desk.balance(world.account_id) == OWED
    assert desk.broken() == {}


def test_what_was_undone_since_is_no_obstacle(world, desk, ids):
    """A bill that stands again says what it said: what came before it can be undone too."""
    desk.correct(world.meter_id, DAYS[-1], 210)
    first = desk.rebill(ids[-1])
    gone = desk.cancel(first.changes[0].rebill_id)
    desk.undo(gone.correction_id)
    desk.undo(first.correction_id)
    assert desk.balance(world.account_id) == OWED
    (original,) = {desk.family(one.bill_id).members[0].header.bill_id
                   for one in desk.bills(world.account_id)[4:]}  # fmt: skip
    assert original == ids[-1]
    assert desk.broken() == {}


def test_later_bills_that_did_not_change_do_not_matter(world, desk, ids):
    """What is between bills that stayed as they were can be undone."""
    desk.correct(world.meter_id, DAYS[1], 133)
    done = desk.rerate(world.account_id, DAYS[0])
    assert [change.bill_id for change in done.changes] == ids[1:3]
    desk.undo(done.correction_id)
    assert desk.balance(world.account_id) == OWED
    assert desk.broken() == {}


def test_an_undoing_is_not_dated_before_what_it_takes_back(world, desk, ids):
    done = desk.cancel(ids[-1])
    with pytest.raises(FieldRefused) as caught:
        desk.undo(done.correction_id, day=LATER - 1)
    assert caught.value.fields["field"] == "issued_day"


# -- told


def test_events_alone_rebuild_the_balances(world, desk, ids):
    desk.correct(world.meter_id, DAYS[1], 133)
    desk.undo(desk.rerate(world.account_id, DAYS[0]).correction_id)
    desk.cancel(desk.standing(world.account_id)[-1].header.bill_id)
    with world.store.write() as session:
        while sequencer.number(session, world.caller.provider_id):
            pass
    assert desk.broken() == {}


def test_every_correction_is_audited(world, desk, ids):
    desk.correct(world.meter_id, DAYS[1], 133)
    done = desk.rerate(world.account_id, DAYS[0])
    back = desk.undo(done.correction_id)
    gone = desk.cancel(ids[-1])
    with world.store.read() as reader:
        rows = reader.rows(
            "SELECT action, subject, reason, detail, actor FROM audit_pending"
            " WHERE action IN ('account.rerated', 'correction.undone', 'bill.cancelled')"
        )
    told = {
        action: (subject, reason, json.loads(detail)) for action, subject, reason, detail, _ in rows
    }
    assert {actor for *_, actor in rows} == {"clerk"}
    assert told["account.rerated"][0] == f"account {world.account_id}"
    assert told["correction.undone"][2]["undoes"] == done.correction_id
    assert told["correction.undone"][2]["correction_id"] == back.correction_id
    subject, reason, detail = told["bill.cancelled"]
    assert (subject, reason) == (f"bill {ids[-1]}", WHY.text)
    assert (detail["correction_id"], detail["reason_code"], detail["evidence"]) == (
        gone.correction_id, WHY.code, ["photo 17"],
    )  # fmt: skip


# -- at once


def test_one_of_two_at_once_cancels(world, desk, ids):
    found = []

    def tried():
        try:
            found.append(desk.cancel(ids[-1]).correction_id)
        except BillUncorrectable as why:
            found.append(why.rule)

    threads = [threading.Thread(target=tried) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(map(str, found))[1:] == ["CANCELLED"] * 3
    assert desk.balance(world.account_id) == OWED - TOTALS[-1]
    assert desk.broken() == {}


# -- broken books are found

DAMAGE = [
    ("UPDATE bill SET total = total + 1, closing = closing + 1 WHERE kind = 3", "its total"),
    ("UPDATE bill SET lines = (SELECT lines FROM bill WHERE kind = 0 AND bill_id = :bill)"
     " WHERE kind = 3 AND bill_id = :note", "its total"),
    ("UPDATE bill SET this_day = this_day - 1 WHERE kind = 3", "other days"),
    ("UPDATE bill_correction SET rebill_id = :first", "no correction, or of other days"),
    ("UPDATE bill_correction SET rebill_id = rebill_id + 1", "no document rebill_id"),
    ("UPDATE bill_correction SET credit_id = credit_id + 1", "no document credit_id"),
    ("UPDATE bill_correction SET bill_id = bill_id + 1", "no document bill_id"),
    ("UPDATE bill_correction SET correction_id = correction_id + 1", "not recorded"),
    ("DELETE FROM correction", "not recorded"),
    ("DELETE FROM bill_correction", "takes nothing back"),
]  # fmt: skip


@pytest.mark.parametrize(("damage", "words"), DAMAGE)
def test_broken_books_are_found(world, desk, ids, damage, words):
    desk.correct(world.meter_id, DAYS[-1], 210)
    (change,) = desk.rebill(ids[-1]).changes
    assert desk.broken() == {}
    values = {"bill": ids[0], "first": ids[0], "note": change.credit_id}
    used = {name: value for name, value in values.items() if f":{name}" in damage}
    with world.store.write() as session:
        session.run(damage, **used)
    found = desk.broken()["corrections_undo"]
    assert any(words in one["message"] for one in found), found
    assert all(one["account_id"] == world.account_id for one in found)


def test_a_document_that_takes_two_back_is_found(world, desk, ids):
    done = desk.cancel_all(ids[3:])
    with world.store.write() as session:
        session.run("UPDATE bill_correction SET credit_id = :one", one=done.credits[ids[4]])
    found = desk.broken()["corrections_undo"]
    assert any("another document too" in one["message"] for one in found)


def test_a_bill_in_the_place_of_none_is_found(world, desk, ids):
    desk.correct(world.meter_id, DAYS[-1], 210)
    desk.rebill(ids[-1])
    with world.store.write() as session:
        session.run("UPDATE bill_correction SET rebill_id = 0")
    found = desk.broken()["corrections_undo"]
    assert any("corrects none" in one["message"] for one in found)


# -- accounts that lie anywhere


def test_documents_of_accounts_that_lie_far_apart(world, desk, ids, monkeypatch):
    """Slices and lists of accounts find the same as one range."""
    from billcore.core.store import corrections as rows

    far = np.array([world.account_id, world.account_id + 50_000, world.account_id + 900_000])
    with world.store.read() as reader:
        provider_id = world.caller.provider_id
        whole = rows.documents(reader, provider_id, far)
        owed = openings(reader, far)
        monkeypatch.setattr(rows, "AT_ONCE", 1)
        assert rows.documents(reader, provider_id, far)["bill_id"].tolist() == ids
        assert rows.standing(reader, provider_id, far)["inputs"].to_pylist()
        assert accounts.account(reader, world.account_id) is not None
        assert providers.provider(reader, provider_id) is not None
    assert whole["bill_id"].tolist() == ids
    assert owed.tolist() == [OWED, 0, 0]
