"""What every test of the contract gets: a fresh, empty store of each engine."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from billcore.core.store.migrate import migrate
from billcore.core.store.open import open_store
from billcore.core.store.port import Store
from tests.postgres import postgres_cluster, postgres_server, postgres_url  # noqa: F401 - fixtures

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
def sqlite_url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'store.db'}"


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
    """A store with billcore's schema and no rows."""
    migrate(empty, 0)
    return empty
