"""Clients and their keys on both engines."""

import hashlib

import pytest

from billcore.core import clients
from billcore.core.caller import HOUSE, Caller, Role
from billcore.core.clients import (
    ClientConflict,
    ClientsExist,
    ClientUnknown,
    KeyInvalid,
    ProviderForbidden,
)
from billcore.core.errors import RequestInvalid
from billcore.core.store import events as rows

HOUSE_ADMIN = Caller(1, HOUSE, frozenset([Role.ADMIN]), "mahin")
ADMIN = Caller(2, 5, frozenset([Role.ADMIN]))


def create(store, name="portal", provider=5, roles=(Role.VIEWER,), caller=HOUSE_ADMIN):
    with store.write() as session:
        return clients.create(session, caller, name, provider, roles, 100)


def verified(store, key):
    with store.read() as reader:
        return clients.verified(reader, key)


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
