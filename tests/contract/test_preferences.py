"""Notification preferences on both stores: versions, what is refused, what verify says."""

import json
import threading

import pytest

from billcore.core.accounts.errors import AccountUnknown, FieldRefused, RevisionConflict
from billcore.core.accounts.preferences import (
    NotificationChannel,
    NotificationEvent,
    preferences_fit,
    preferences_of,
    set_preferences,
)
from billcore.core.events import sequencer
from billcore.core.store import events as event_rows
from billcore.core.store.open import open_store
from tests import seed

SMS, EMAIL, NONE = NotificationChannel.SMS, NotificationChannel.EMAIL, NotificationChannel.NONE
ISSUED, DUE = NotificationEvent.BILL_ISSUED, NotificationEvent.BILL_DUE


@pytest.fixture
def world(books):
    """Account 1421, whose customer has a phone number and no other address."""
    found = seed.settle(books)
    with books.write() as session:
        session.run("UPDATE customer SET phone = '0913'")
    return found


def wish(world, channel=SMS, events=(ISSUED,), version=0, language="fa", at=seed.NOW, account=0):
    with world.store.write() as session:
        act = seed.Act(session, world.caller, at)
        number = account or world.account_id
        return set_preferences(act, number, channel, language, events, version, "asked for it")


def known(world, at=2**63 - 1):
    with world.store.read() as reader:
        return preferences_of(reader, world.account_id, at)


def broken(world):
    with world.store.read() as reader:
        return list(preferences_fit(reader, world.caller.provider_id))


def test_who_never_said_is_told_nothing(world):
    found = known(world)
    assert (found.version, found.channel, found.events) == (0, NONE, ())
    assert not any(found.wants(event) for event in NotificationEvent)


def test_every_version_is_kept(world):
    first = wish(world, events=[DUE, ISSUED])
    second = wish(world, NONE, [], 1, "", seed.NOW + 5)
    third = wish(world, SMS, list(NotificationEvent), 2, "en-GB", seed.NOW + 9)
    assert [first.version, second.version, third.version] == [1, 2, 3]
    assert first.events == (ISSUED, DUE)
    assert known(world) == third
    assert known(world, seed.NOW + 8) == second
    assert known(world, seed.NOW) == first
    assert known(world, seed.NOW - 1).version == 0
    assert first.wants(DUE)
    assert not first.wants(NotificationEvent.CASE_CHANGED)
    assert not second.wants(DUE)
    assert all(third.wants(event) for event in NotificationEvent)
    assert broken(world) == []


def test_it_is_told_without_personal_data(world):
    wish(world)
    with world.store.write() as session:
        sequencer.number(session, world.caller.provider_id)
    with world.store.read() as reader:
        events = event_rows.events(reader, world.caller.provider_id, 0, 100)
    (told,) = [one for one in events if one.kind == "notifications.set"]
    assert told.subject == f"account {world.account_id}"
    assert json.loads(told.payload) == {"channel": "sms", "events": ["bill_issued"], "version": 1}


@pytest.mark.parametrize(
    ("change", "kind", "words"),
    [
        ({"channel": 0}, FieldRefused, "sms"),
        ({"channel": 4}, FieldRefused, "email"),
        ({"channel": EMAIL}, FieldRefused, "nor its customer has"),
        ({"events": ()}, FieldRefused, "say of what"),
        ({"events": [0]}, FieldRefused, "bill_issued"),
        ({"events": [ISSUED, 7]}, FieldRefused, "7 is no event"),
        ({"language": "Persian"}, FieldRefused, "language"),
        ({"version": 1}, RevisionConflict, "it is at 0"),
        ({"account": 1 << 28 | 99}, AccountUnknown, "account"),
    ],
)
def test_what_is_refused_changes_nothing(world, change, kind, words):
    with pytest.raises(kind, match=words):
        wish(world, **change)
    assert known(world).version == 0


def test_a_version_is_replaced_once(world):
    wish(world)
    wish(world, version=1)
    for version in (0, 1, 3):
        with pytest.raises(RevisionConflict, match="it is at 2"):
            wish(world, version=version)


def test_several_at_once(url, world):
    """Of those that replace the same version one does."""
    stores = [open_store(url) for _ in range(4)] if world.store.shared else [world.store] * 4
    done, start = [], threading.Barrier(4)

    def run(store):
        start.wait()
        try:
            with store.write() as session:
                act = seed.Act(session, world.caller, seed.NOW)
                set_preferences(act, world.account_id, SMS, "", [ISSUED], 0)
            done.append(True)
        except RevisionConflict:
            done.append(False)

    threads = [threading.Thread(target=run, args=(store,)) for store in stores]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if world.store.shared:
        for store in stores:
            store.close()
    assert sorted(done) == [False, False, False, True]
    assert known(world).version == 1


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE notification_preference SET version = 5 WHERE version = 2",
        "DELETE FROM notification_preference WHERE version = 1",
        "UPDATE notification_preference SET channel = 9",
        "UPDATE notification_preference SET events = 128",
        "DELETE FROM account",
    ],
)
def test_verify_finds_damage(world, damage):
    wish(world)
    wish(world, version=1)
    assert broken(world) == []
    with world.store.write() as session:
        session.run(damage)
    assert [one["account_id"] for one in broken(world)] == [world.account_id]
