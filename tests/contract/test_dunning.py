"""Dunning on both stores: what a sweep does, and leaves alone; what verify finds."""

import json
from contextlib import suppress
from threading import Event

import pytest

from billcore.core.accounts.errors import FieldRefused, RevisionConflict
from billcore.core.collections.dunning.checks import dunning_agrees
from billcore.core.collections.dunning.errors import (
    DunningChargeUnknown,
    DunningPauseConflict,
    DunningPauseUnknown,
    DunningPolicyUnfit,
)
from billcore.core.collections.dunning.explaining import Counts
from billcore.core.collections.dunning.judging import Verdict
from billcore.core.ledger.by_hand import reverse_one
from billcore.core.ledger.errors import EntryReversed
from billcore.core.ledger.kinds import EntryKind
from billcore.server import background_dunning
from billcore.server.telemetry import Metrics
from tests import dunning_world
from tests.dunning_world import POLICY


@pytest.fixture
def desk(books):
    return dunning_world.found(books)


@pytest.fixture(autouse=True)
def verified(desk):
    """Whatever a test did, the books verify."""
    yield
    # Some agreements here are rows without terms, made for one attribute.
    assert [one for one in desk.world.broken() if one[0] != "agreements"] == []


def test_an_account_goes_from_level_to_level_and_is_reconnected_when_it_pays(desk):
    """Due on 1 March: reminded on the 4th, noticed on the 11th with 10.90, warned on the 21st, cut
    off on the 22nd; each once, whatever is swept; paid, it is reconnected for 50.00."""
    desk.post(100_000, "2026-03-01")
    said = {}
    for number in range(1, 29):
        on = f"2026-03-{number:02}"
        for again in desk.sweep(on), desk.sweep(on):
            said |= {(on, signal): debt for _, signal, debt in again}
    assert said == {
        ("2026-03-04", "reminder"): 100_000,
        ("2026-03-11", "notice"): 100_000,
        ("2026-03-21", "cut_off_warning"): 100_000,
        ("2026-03-22", "cut_off"): 100_000,
    }
    trial = desk.world.trial()
    assert (trial["fee_income:notice"], trial["tax:vat"]) == (-1_000, -90)
    assert desk.world.balance() == 101_090
    desk.pay(100_000, "2026-03-28")
    assert desk.settle("2026-03-28") == [(1, "reconnect", 0)]
    assert desk.settle("2026-03-28") == desk.sweep("2026-03-28") == []
    assert desk.world.trial()["fee_income:reconnection"] == -5_000
    assert [(one.episode, one.level, one.charge) for one in desk.actions()] == [
        (1, 1, 0), (1, 2, 1_090), (1, 3, 0), (1, 4, 0), (1, 0, 5_000),
    ]  # fmt: skip


def test_a_new_debt_begins_anew(desk):
    """What fell due meanwhile is no part of the episode; paid, that one is settled."""
    desk.post(100_000, "2026-03-01")
    desk.post(40_000, "2026-03-05")
    assert desk.sweep("2026-03-04") == [(1, "reminder", 100_000)]
    assert desk.sweep("2026-03-15") == [(1, "notice", 140_000)]
    desk.pay(100_000, "2026-03-15")
    assert desk.sweep("2026-03-16") == [(1, "settled", 0)]
    assert desk.sweep("2026-03-16") == [(1, "reminder", 40_000)]
    assert [one.episode for one in desk.actions()] == [1, 1, 1, 2]


def test_who_is_cut_off_is_reconnected_when_nothing_is_overdue(desk):
    desk.post(100_000, "2026-03-01")
    for on in ("2026-03-04", "2026-03-11", "2026-03-21", "2026-03-22"):
        assert len(desk.sweep(on)) == 1
    desk.post(40_000, "2026-03-25")
    desk.pay(100_000, "2026-03-26")
    assert desk.sweep("2026-03-27") == []
    assert desk.explain("2026-03-27").judgement.verdict is Verdict.LAST_LEVEL
    desk.pay(41_090, "2026-03-28")  # the notice, too, which is older
    assert desk.sweep("2026-03-28") == [(1, "reconnect", 0)]


def test_a_payment_taken_back_begins_an_episode(desk):
    desk.post(100_000, "2026-03-01")
    desk.sweep("2026-03-04")
    payment = desk.pay(100_000, "2026-03-05")
    assert desk.sweep("2026-03-05") == [(1, "settled", 0)]
    desk.undo(payment, "2026-03-08")
    assert desk.sweep("2026-03-08") == [(1, "reminder", 100_000)]


def test_what_is_in_dispute_is_not_dunned(desk):
    """60,000 of 100,000 disputed: the rest is; all of it: nothing is, and the episode waits."""
    item = desk.post(100_000, "2026-03-01")
    desk.hold(item, 60_000, "2026-03-02")
    assert desk.sweep("2026-03-04") == [(1, "reminder", 40_000)]
    desk.hold(item, 0, "2026-03-05", source="case 2")
    assert desk.sweep("2026-03-20") == []
    told = desk.explain("2026-03-20")
    assert told.judgement.verdict is Verdict.COVERED
    assert [(one.open, one.debt, one.counts) for one in told.items] == [
        (100_000, 0, Counts.DISPUTED)
    ]
    desk.release("2026-03-20", source="case 2")
    assert desk.sweep("2026-03-21") == [(1, "notice", 40_000)]


def test_an_episode_in_dispute_is_not_carried_on_by_a_newer_debt(desk):
    """Nobody reminded of the second debt: while the first is in dispute nothing is done."""
    first = desk.post(100_000, "2026-03-01")
    desk.post(40_000, "2026-03-05")
    assert desk.sweep("2026-03-04") == [(1, "reminder", 100_000)]
    desk.hold(first, 0, "2026-03-06")
    assert desk.sweep("2026-03-20") == []
    told = desk.explain("2026-03-20").judgement
    assert (told.verdict, told.debt.debt) == (Verdict.COVERED, 40_000)
    desk.pay(100_000, "2026-03-20")
    assert desk.sweep("2026-03-20") == [(1, "settled", 0)]
    assert desk.sweep("2026-03-20") == [(1, "reminder", 40_000)]


def test_what_is_announced_or_below_the_minimum_is_not_dunned(desk):
    """A reserved payment is on its way; 499 is too little; a fee is no debt here."""
    desk.post(100_000, "2026-03-01")
    desk.post(499, "2026-03-01", count=2)
    desk.post(100_000, "2026-03-01", EntryKind.FEE, count=3)
    world = desk.world
    late = dunning_world.moment("2026-03-04T07:59:00")
    at = world.at((late - world.now) // dunning_world.SECOND)
    at.reserve(at.told("r1", 1, 100_000))
    assert desk.sweep("2026-03-04") == []
    assert [desk.explain("2026-03-04", n).judgement.verdict for n in (1, 2, 3)] == [
        Verdict.COVERED, Verdict.BELOW_MINIMUM, Verdict.NOTHING_OVERDUE,
    ]  # fmt: skip
    assert desk.explain("2026-03-04", 3).items[0].counts is Counts.NOT_COUNTED
    assert desk.sweep("2026-03-06") == [(1, "reminder", 100_000)]  # it was not confirmed


def test_pauses(desk):
    """At most so many days as the reason has; ended earlier; no episode is kept open by one."""
    desk.post(100_000, "2026-03-01")
    assert desk.sweep("2026-03-04") == [(1, "reminder", 100_000)]
    kept = desk.pause("2026-03-10")
    assert kept == desk.pause("2026-03-10")
    assert kept.until_day - kept.from_day == 13
    assert desk.sweep("2026-03-12") == []
    told = desk.explain("2026-03-12")
    assert (told.judgement.verdict, told.judgement.until) == (
        Verdict.PAUSED, dunning_world.day("2026-03-24"),
    )  # fmt: skip
    with pytest.raises(DunningPauseConflict):
        desk.pause("2026-03-11")
    with pytest.raises(FieldRefused, match="1 to 14 days"):
        desk.pause("2026-03-10", "2026-03-24", source="p2")
    with pytest.raises(FieldRefused, match="PROMISE"):
        desk.pause("2026-03-10", code="HOLIDAY", source="p2")
    with pytest.raises(DunningPauseUnknown):
        desk.resume("2026-03-12", source="nobody")
    assert desk.resume("2026-03-12").version == 2
    assert desk.sweep("2026-03-13") == [(1, "notice", 100_000)]
    desk.pause("2026-03-14", source="p2")
    desk.pay(100_000, "2026-03-15")
    assert desk.sweep("2026-03-15") == [(1, "settled", 0)]


def test_policies_by_class(desk):
    """By rank; what fits no policy is left alone; one that names what is not there is refused."""
    reminder = {"name": "r", "signal": "reminder", "after_days": 1}
    only = {"customers": ["organisation"], "rank": 1, "levels": [reminder]}
    desk.dunning(only, name="firms")
    with desk.world.store.write() as session:
        session.run("UPDATE account SET customer_id = 2 WHERE account_id = :id",
                    id=desk.world.account(2))  # fmt: skip
        session.run(
            "INSERT INTO customer (customer_id, kind, name, number, phone, email, address, "
            "language, revision, recorded_at) "
            "VALUES (2, 'organisation', 'n', 'C2', '', '', '', '', 1, 0)"
        )
    for count in (1, 2):
        desk.post(100_000, "2026-03-01", count=count)
    assert desk.sweep("2026-03-02") == [(2, "reminder", 100_000)]
    desk.dunning({"customers": ["person"], "levels": [reminder]}, revision=1)
    assert desk.sweep("2026-03-20") == []
    assert desk.explain("2026-03-20").judgement.verdict is Verdict.NO_POLICY
    with pytest.raises(RevisionConflict):
        desk.dunning(revision=1)
    when = {"attribute": "debtor", "words": ["resident"]}
    with pytest.raises(DunningPolicyUnfit, match="no attribute 'debtor'"):
        desk.dunning({"when": when, "levels": [reminder], "rank": 0}, name="homes")
    with pytest.raises(FieldRefused):
        desk.dunning(name="Homes!")


def test_the_providers_behind_one_that_fails_are_swept(desk, monkeypatch):
    """A policy that does not fit, an error of ours: neither stops the provider behind it."""
    done = []

    def swept(store, caller, *given):
        done.append(caller.provider_id)
        if caller.provider_id == 1:
            raise DunningPolicyUnfit("all", "no attribute 'debtor' is known here.")
        if caller.provider_id == 2:
            raise ZeroDivisionError
        return []

    for name in ("sweep", "sweep_plans", "recover"):
        monkeypatch.setattr(background_dunning, name, swept)
    for of in (background_dunning.rows, background_dunning.instalments):
        monkeypatch.setattr(of, "owners", lambda reader: [1, 2, 3])
    monkeypatch.setattr(background_dunning.write_offs, "owners", lambda reader: [1, 2, 3])
    provider = desk.world.caller.provider_id
    own = background_dunning.metering_provider
    known = lambda reader, one: own(reader, provider)  # noqa: E731
    monkeypatch.setattr(background_dunning, "metering_provider", known)
    given = desk.world.store, lambda: desk.clock("2026-03-04"), Metrics(), Event()
    background_dunning.Dunning(*given).sweep_due()
    assert done == [1, 2, 3]
    background_dunning.Instalments(*given).sweep_due()
    assert done == [1, 2, 3] * 3


def test_a_charge_is_waived_with_its_tax(desk):
    """Taken back as it was posted; not by hand, not twice, and not what is no charge."""
    debt = desk.post(100_000, "2026-03-01")
    desk.sweep("2026-03-04")
    desk.sweep("2026-03-11")
    fee = desk.actions()[-1].account_entry_id
    account = desk.world.account(1)
    with pytest.raises(EntryReversed, match="waive"):
        desk.write(lambda w: reverse_one(w, account, fee, 739_700, "why", "s"))
    desk.waive(fee, "2026-03-12")
    assert desk.world.balance() == 100_000
    assert {"fee_income:notice", "tax:vat"}.isdisjoint(desk.world.trial())
    with pytest.raises(EntryReversed):
        desk.waive(fee, "2026-03-12")
    for entry in (debt, 0):
        with pytest.raises(DunningChargeUnknown):
            desk.waive(entry, "2026-03-12")


def test_signals_are_events(desk):
    desk.post(100_000, "2026-03-01")
    desk.sweep("2026-03-04")
    desk.sweep("2026-03-11")
    with desk.world.store.read() as reader:
        told = reader.rows("SELECT kind, payload FROM event_pending WHERE kind LIKE 'dunning.%'")
    by_kind = {str(kind): json.loads(str(payload)) for kind, payload in told}
    assert by_kind.keys() == {"dunning.policy_set", "dunning.reminder", "dunning.notice"}
    notice = by_kind["dunning.notice"]
    assert (notice["account_id"], notice["debt"], notice["charge"], notice["tax"]) == (
        desk.world.account(1), 100_000, 1_090, 90,
    )  # fmt: skip
    assert by_kind["dunning.reminder"]["text"] == "first_reminder"


DAMAGES = [
    ("UPDATE dunning SET level = 1", "as its last action left it"),
    ("DELETE FROM dunning_action WHERE action_no = 2", "not the action that it is said"),
    ("DELETE FROM dunning_action WHERE action_no = 1", "does not follow"),
    ("UPDATE dunning_action SET charge = charge + 1 WHERE charge > 0", "entry of its amount"),
    ("UPDATE dunning_action SET account_entry_id = 0, charge = 0", "no action says so"),
    ("UPDATE dunning_action SET debt = debt - 1", "what was known then comes to 100000"),
    ("UPDATE account_entry SET amount = 90000 WHERE amount = 100000", "then comes to 90000"),
    ("DELETE FROM dunning_policy_revision", "is lost"),
]


def test_damage_is_found(desk):
    """Each kind of damage is found, and found by what it is."""
    desk.post(100_000, "2026-03-01")
    desk.sweep("2026-03-04")
    desk.sweep("2026-03-11")
    for damage, says in DAMAGES:
        found = ""
        with suppress(_Undo), desk.world.store.write() as session:
            assert session.run(damage) > 0
            found = " ".join(str(one["message"]) for one in dunning_agrees(session, 1))
            raise _Undo
        assert says in found


class _Undo(Exception):
    """Ends a transaction that is not to be kept."""


def test_policies_are_kept_whole():
    """The canonical text says the same."""
    from billcore.core.collections.dunning.policy import parse_policy

    made = parse_policy(json.dumps(POLICY))
    assert parse_policy(made.json) == made
