"""What the tests of a server with a store share: a store with two providers and keys."""

from pathlib import Path

from billcore.core import clients
from billcore.core.caller import HOUSE, Caller, Role
from billcore.core.store import providers
from billcore.core.store.providers import Provider
from billcore.server import settings
from billcore.server.app import App
from tests.stores import migrated

PROVIDERS = {"north": 1, "south": 2}

KEYS = {
    # name: provider, roles
    "house": (HOUSE, tuple(Role)),
    "north": (1, tuple(Role)),
    "south": (2, tuple(Role)),
    "viewer": (1, (Role.VIEWER,)),
    "analyst": (1, (Role.ANALYST,)),
    "clerk": (1, (Role.CLERK,)),
}


def url(folder: Path) -> str:
    return f"sqlite:///{folder / 'billcore.db'}"


def fill(folder: Path) -> dict[str, str]:
    """Makes the store of SQLite; the keys by the names of their clients."""
    return fill_at(url(folder))


def fill_at(place: str) -> dict[str, str]:
    """Makes the store of a URL; the keys by the names of their clients."""
    store = migrated(place)
    nobody = Caller(0, HOUSE, frozenset())
    with store.write() as session:
        for code, number in PROVIDERS.items():
            assert providers.draw(session, HOUSE, "provider", 1) == number
            row = Provider(number, code, code, "UTC", "USD", "gregorian", "en", "{}", 1, 0)
            providers.add_provider(session, row)
        made = {
            name: clients.create(session, nobody, name, provider, roles, 0).key
            for name, (provider, roles) in KEYS.items()
        }
    store.close()
    return made


def server(folder: Path, **more: object) -> App:
    """A server on the store of SQLite, started."""
    return server_at(url(folder), **more)


def server_at(place: str, **more: object) -> App:
    """A server on the store of a URL, started."""
    values = {"port": 0, "metrics_port": 0, "drain_seconds": 1, "event_streams_max": 2} | more
    found = App(settings.load(store=place, **values))
    found.start()
    return found
