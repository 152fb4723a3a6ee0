"""Clients and their keys on both engines."""

import hashlib

import pytest

from billcore.core import clients
from billcore.core.caller import HOUSE, Caller, Role
from billcore.core.client_errors import (
    ClientConflict,
    ClientsExist,
    ClientUnknown,
    KeyInvalid,
    ProviderForbidden,
)
from billcore.core.durations import DAY
from billcore.core.errors import RequestInvalid
from billcore.core.store import events as rows

HOUSE_ADMIN = Caller(1, HOUSE, frozenset([Role.ADMIN]), "mahin")
ADMIN = Caller(2, 5, frozenset([Role.ADMIN]))


def create(store, name="portal", provider=5, roles=(Role.VIEWER,), caller=HOUSE_ADMIN):
    with store.write() as session:
        return clients.create(session, caller, name, provider, roles, 100)


def verified(store, key, now=1_000):
    with store.read() as reader:
        return clients.verified(reader, key, now)


def test_a_key_opens_and_is_not_kept(books):
    """Number and 43 characters; the store has SHA-256 of the secret and nothing of the key."""
    made = create(books, roles=(Role.VIEWER, Role.CLERK))
    assert clients.KEY.fullmatch(made.key)
    assert verified(books, made.key) == made.client
    assert made.client.roles == {Role.VIEWER, Role.CLERK}
    secret = made.key.split("_", 2)[2]
    with books.read() as reader:
        (row,) = reader.rows("SELECT key_hash FROM client")
    assert bytes(row[0]) == hashlib.sha256(secret.encode()).digest()
    assert secret not in repr(made)


@pytest.mark.parametrize(
    "wrong",
    [
        lambda key: key[:-1] + ("A" if key[-1] != "A" else "B"),
        lambda key: key.replace("bck_1_", "bck_2_"),
        lambda key: key.replace("bck_1_", "bck_999999999_"),
        lambda key: key.replace("bck_1_", "bck_0_"),
        lambda key: key + "x",
        lambda key: "",
        lambda key: "bck_1_" + "é" * 43,
    ],
)
def test_another_key_does_not(books, wrong):
    """Whatever is wrong, the refusal is the same."""
    key = create(books).key
    with pytest.raises(KeyInvalid):
        verified(books, wrong(key))


def test_a_rotated_or_disabled_key_is_good_no_more(books):
    """A new key lets a disabled client in again."""
    old = create(books).key
    with books.write() as session:
        new = clients.rotate(session, HOUSE_ADMIN, 1, "leaked", 200).key
    with pytest.raises(KeyInvalid):
        verified(books, old)
    assert verified(books, new).enabled
    with books.write() as session:
        assert not clients.disable(session, HOUSE_ADMIN, 1, "left", 300).enabled
    with pytest.raises(KeyInvalid):
        verified(books, new)
    with books.write() as session:
        newest = clients.rotate(session, HOUSE_ADMIN, 1, "back", 400).key
    assert verified(books, newest).enabled


def test_a_provider_s_admin_stays_at_home(books):
    """It makes, sees and disables its own provider's clients; others do not exist for it."""
    create(books, "other", provider=6)
    own = create(books, "own", caller=ADMIN).client
    with pytest.raises(ProviderForbidden):
        create(books, "foreign", provider=6, caller=ADMIN)
    with books.read() as reader:
        assert clients.listed(reader, 5, 0, 9) == [own]
        assert [c.name for c in clients.listed(reader, HOUSE, 0, 9)] == ["other", "own"]
    for act in (clients.disable, clients.rotate):
        with pytest.raises(ClientUnknown), books.write() as session:
            act(session, ADMIN, 1, "", 1)


def test_what_a_client_must_have(books):
    """A name of its own and a role."""
    create(books)
    with pytest.raises(ClientConflict):
        create(books)
    for name, roles in (("", [Role.VIEWER]), ("x" * 101, [Role.VIEWER]), ("a\tb", [Role.VIEWER])):
        with pytest.raises(RequestInvalid):
            create(books, name, roles=roles)
    with pytest.raises(RequestInvalid):
        create(books, "none", roles=[])


def test_the_first_client_is_made_once(books):
    """An admin of the house."""
    with books.write() as session:
        new = clients.first(session, "admin", 1)
    assert (new.client.provider_id, new.client.roles) == (HOUSE, {Role.ADMIN})
    with pytest.raises(ClientsExist), books.write() as session:
        clients.first(session, "again", 1)


def test_administration_is_audited_without_keys(books):
    """Who did what to which client and why; no secret in any row."""
    key = create(books).key
    with books.write() as session:
        clients.disable(session, HOUSE_ADMIN, 1, "left us", 200)
    with books.read() as reader:
        found = rows.pending_audits(reader, HOUSE, 9)
    assert [(r.action, r.subject, r.reason, r.actor) for r in found] == [
        ("client.create", "client 1", "", "mahin"),
        ("client.disable", "client 1", "left us", "mahin"),
    ]
    assert key.split("_", 2)[2] not in str(found)


def rotate(store, now, **more):
    with store.write() as session:
        return clients.rotate(session, HOUSE_ADMIN, 1, "", now, **more)


def cause(store, key, now) -> tuple[str, int]:
    """Why a key is refused, and whose it is."""
    with pytest.raises(KeyInvalid) as caught:
        verified(store, key, now)
    assert caught.value.message == KeyInvalid().message
    return caught.value.cause, caught.value.client_id


def test_a_key_ends_at_its_moment(books):
    """Then it is refused as any other, and only we know why; it never ends in the past."""
    with pytest.raises(RequestInvalid, match="past"):
        ending(books, 100)
    made = ending(books, 500)
    assert verified(books, made.key, 499) == made.client
    assert cause(books, made.key, 500) == ("KEY_EXPIRED", 1)
    assert cause(books, "bck_1_" + "A" * 43, 500) == ("KEY_INVALID", 0)
    with books.write() as session:
        clients.disable(session, HOUSE_ADMIN, 1, "", 300)
    assert cause(books, made.key, 400) == ("CLIENT_DISABLED", 1)


def ending(store, expires_at, name="ending"):
    with store.write() as session:
        scope = clients.Scope(expires_at=expires_at)
        return clients.create(session, HOUSE_ADMIN, name, 5, [Role.VIEWER], 100, scope)


def test_the_end_stays_until_another_is_told(books):
    """A rotation moves it only where it says so, and must where it has passed."""
    ending(books, 500)
    assert rotate(books, 200).client.expires_at == 500
    with pytest.raises(RequestInvalid, match="expired"):
        rotate(books, 500)
    assert rotate(books, 500, expires_at=900).client.expires_at == 900
    assert rotate(books, 500, expires_at=clients.NEVER).client.expires_at == clients.NEVER
    with pytest.raises(RequestInvalid, match="past"):
        rotate(books, 500, expires_at=500)


def test_two_keys_overlap_until_a_moment(books):
    """The one before is good until then, the one before that no more; a replaced key never outlives
    its own end, and what is refused already does not come back."""
    old = ending(books, 10_000).key
    new = rotate(books, 200, old_until=300)
    assert new.client.replaced_until == 300
    assert verified(books, old, 299) == verified(books, new.key, 299)
    assert cause(books, old, 300) == ("KEY_REPLACED", 1)
    newest = rotate(books, 250, expires_at=50_000, old_until=20_000)
    assert newest.client.replaced_until == 10_000
    assert cause(books, old, 260) == ("KEY_INVALID", 0)
    assert verified(books, new.key, 9_999).client_id == 1
    for until in (250, 250 + clients.OVERLAP_DAYS_MAX * DAY + 1):
        with pytest.raises(RequestInvalid, match="moment"):
            rotate(books, 250, old_until=until)
    with books.write() as session:
        clients.disable(session, HOUSE_ADMIN, 1, "", 300)
    for key in (new.key, newest.key):
        assert cause(books, key, 310) == ("CLIENT_DISABLED", 1)
    with pytest.raises(RequestInvalid, match="stays so"):
        rotate(books, 320, old_until=400)
    rotate(books, 320)
    assert cause(books, newest.key, 330) == ("KEY_REPLACED", 1)


def test_clients_whose_keys_end_are_listed(books):
    """Enabled ones, by the moment that is asked for, those that have ended too."""
    for number, end in enumerate((clients.NEVER, 500, 600, 700), start=1):
        ending(books, end, f"c{number}")
    with books.write() as session:
        clients.disable(session, HOUSE_ADMIN, 2, "", 200)
    with books.read() as reader:
        found = clients.listed(reader, 5, 0, 9, ending_before=700)
        assert clients.listed(reader, 6, 0, 9, ending_before=700) == []
    assert [(one.client_id, one.has_expired(600)) for one in found] == [(3, True)]
