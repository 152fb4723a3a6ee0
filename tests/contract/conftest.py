"""What every test of the contract gets: a fresh, empty store of each engine."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from billcore.core.store.open import open_store
from billcore.core.store.port import Store
from tests.stores import migrated

ENGINES = ("sqlite", "postgres")

TABLES = (
    """CREATE TABLE thing (
        id BIGINT NOT NULL PRIMARY KEY,
        small SMALLINT NOT NULL,
        word INTEGER NOT NULL,
        name TEXT NOT NULL,
        data BYTEA NOT NULL
    )""",
    """CREATE TABLE pair (
        a INTEGER NOT NULL,
        b BIGINT NOT NULL,
        code TEXT NOT NULL,
        PRIMARY KEY (a, b),
        UNIQUE (code)
    )""",
    "CREATE INDEX pair_b ON pair (b)",
    """CREATE TABLE monthly (
        month INTEGER NOT NULL,
        id BIGINT NOT NULL,
        amount BIGINT NOT NULL,
        PRIMARY KEY (month, id)
    ) PARTITION BY LIST (month)""",
)


@pytest.fixture
def sqlite_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of a fresh store, as `postgres_url`."""
    found = f"sqlite:///{tmp_path / 'store.db'}"
    if "books" in request.fixturenames:
        migrated(found).close()
    return found


@pytest.fixture(params=ENGINES)
def url(request: pytest.FixtureRequest) -> str:
    """The URL of an empty database."""
    return str(request.getfixturevalue(f"{request.param}_url"))


@pytest.fixture
def empty(url: str) -> Iterator[Store]:
    """A store without tables."""
    store = open_store(url)
    yield store
    store.close()


@pytest.fixture
def store(empty: Store) -> Store:
    """A store with TABLES."""
    with empty.write() as session:
        for statement in TABLES:
            session.define(statement)
    return empty


@pytest.fixture
def books(empty: Store) -> Store:
    """A store with billcore's schema and no rows; its database came with it."""
    return empty
