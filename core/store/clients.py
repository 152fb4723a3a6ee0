"""Clients: who may call, by the hash of a key's secret."""

from typing import NamedTuple

from billcore.core.store.port import Reader, Session

ADD = """INSERT INTO client (client_id, provider_id, name, roles, key_hash, enabled, recorded_at,
    channel)
VALUES (:client_id, :provider_id, :name, :roles, :key_hash, :enabled, :recorded_at, :channel)"""

FIND = """SELECT client_id, provider_id, name, roles, key_hash, enabled, recorded_at, channel
FROM client WHERE client_id = :client_id"""

NAMED = "SELECT client_id FROM client WHERE name = :name"

LIST = """SELECT client_id, provider_id, name, roles, key_hash, enabled, recorded_at, channel
FROM client WHERE client_id > :after AND (:provider_id = 0 OR provider_id = :provider_id)
ORDER BY client_id LIMIT :most"""

SET_ENABLED = "UPDATE client SET enabled = :enabled WHERE client_id = :client_id"

SET_KEY = "UPDATE client SET key_hash = :key_hash WHERE client_id = :client_id"


class ClientRow(NamedTuple):
    """A client as it is stored; roles: words in order; enabled: 1 or 0; channel: a code or ''."""

    client_id: int
    provider_id: int
    name: str
    roles: str
    key_hash: bytes
    enabled: int
    recorded_at: int
    channel: str


def add(session: Session, client: ClientRow) -> None:
    """Inserts a client. Raises StoreConflict where its name is taken."""
    session.run(ADD, **client._asdict())


def find(reader: Reader, client_id: int) -> ClientRow | None:
    """The client with this number."""
    row = reader.row(FIND, client_id=client_id)
    return ClientRow._make(row) if row else None


def is_named(reader: Reader, name: str) -> bool:
    """Whether a client has this name."""
    return reader.row(NAMED, name=name) is not None


def listed(reader: Reader, provider_id: int, after: int, most: int) -> list[ClientRow]:
    """The clients of a provider, of every provider for 0, behind a number, in order."""
    found = reader.rows(LIST, provider_id=provider_id, after=after, most=most)
    return [ClientRow._make(row) for row in found]


def set_enabled(session: Session, client_id: int, *, enabled: bool) -> None:
    """Lets a client call, or no longer."""
    session.run(SET_ENABLED, client_id=client_id, enabled=int(enabled))


def set_key(session: Session, client_id: int, key_hash: bytes) -> None:
    """Gives a client another key; the one before is good no more."""
    session.run(SET_KEY, client_id=client_id, key_hash=key_hash)
