"""Which executors of runs a server of some settings may use, and which a caller may name."""

import pytest

from billcore.core.accounts.errors import FieldRefused
from billcore.core.errors import SettingsInvalid
from billcore.server.executor_names import address, check_executor
from billcore.server.executors import Executors

STORE = "postgresql://billcore@db.example/billcore"
NEAR = "postgresql://billcore@localhost/billcore"
SOCKET = "postgresql://billcore@/billcore?host=/run/postgresql"
FAR = "dask://10.0.0.5:8786"


@pytest.mark.parametrize(
    "executor",
    [
        "", "dask", "tcp://10.0.0.5:8786", "dask://10.0.0.5", "dask://:8786", "dask://10.0.0.5:0",
        "dask://10.0.0.5:99999", "dask://user@10.0.0.5:8786", "dask://10.0.0.5:8786/x", "dask://[::1",
    ],
)  # fmt: skip
def test_what_names_no_executor(executor):
    with pytest.raises(SettingsInvalid, match="run_executor"):
        check_executor(executor, STORE)


@pytest.mark.parametrize(
    ("executor", "store", "why"),
    [
        (FAR, None, "only PostgreSQL"),
        (FAR, "sqlite:///books.db", "only PostgreSQL"),
        (FAR, NEAR, "the same everywhere"),
        (FAR, SOCKET, "the same everywhere"),
        (FAR, "postgresql://billcore@/billcore", "the same everywhere"),
    ],
)
def test_a_store_that_workers_do_not_reach(executor, store, why):
    with pytest.raises(SettingsInvalid, match=why):
        check_executor(executor, store)


@pytest.mark.parametrize(
    ("executor", "store"),
    [
        (FAR, STORE),
        ("dask+tls://scheduler.example:8786", STORE),
        ("dask://127.0.0.1:8786", SOCKET),
        ("dask://[::1]:8786", NEAR),
        ("processes", "sqlite:///books.db"),
        ("processes", None),
    ],
)
def test_what_fits(executor, store):
    check_executor(executor, store)


def test_addresses_are_what_dask_takes():
    assert address(FAR) == "tcp://10.0.0.5:8786"
    assert address("dask+tls://[::1]:8786") == "tls://[::1]:8786"


def test_a_caller_names_what_the_settings_name():
    """Nothing else: a server that went where a caller says would be sent anywhere."""
    executors = Executors(FAR, 4)
    assert executors.chosen("") == executors.chosen(FAR) == FAR
    assert executors.chosen("processes") == "processes"
    for other in ("dask://10.0.0.6:8786", "dask+tls://10.0.0.5:8786", FAR + "/", "x" * 1_000):
        with pytest.raises(FieldRefused, match="executor"):
            executors.chosen(other)
    assert Executors().allowed == ("processes",)
    assert (Executors().chunk_accounts, executors.chunk_accounts) == (49_152, 204_800)
