"""PostgreSQL brought back to a moment, as docs/operations.md says: base backup and archived log."""

import shutil
import time
from collections.abc import Callable, Iterator

import pytest

from billcore.core.store.migrate import check_schema
from billcore.core.store.open import open_store
from tests.faults import company
from tests.postgres import Cluster
from tests.stores import migrated

pytestmark = pytest.mark.system

ARCHIVE = (
    "test ! -f ../archive/%f && cp %p ../archive/%f.part && mv ../archive/%f.part ../archive/%f"
)
MONTHS = 3


def until(true: Callable[[], bool]) -> None:
    end = time.monotonic() + 60
    while not true():
        assert time.monotonic() < end
        time.sleep(0.1)


@pytest.fixture
def archived() -> Iterator[Cluster]:
    """A cluster whose log is archived beside its data."""
    cluster = Cluster({"archive_mode": "on", "archive_command": ARCHIVE})
    place = cluster.folder / "archive"
    place.mkdir()
    shutil.chown(place, (cluster.folder / "data").owner())
    yield cluster
    cluster.remove()


@pytest.fixture
def empty_machine() -> Iterator[Cluster]:
    cluster = Cluster({})
    cluster.stop()
    shutil.rmtree(cluster.folder / "data")
    yield cluster
    cluster.remove()


def test_books_come_back_as_of_a_moment(archived, empty_machine):
    """What was answered before it is there and nothing later; every invariant holds; what is sent
    again is done once."""
    name = archived.create()
    url = archived.url(name)
    store = migrated(url)
    company.settle(store)
    plan = company.whole_plan(5, MONTHS)
    third = len(plan) // 3
    for request in plan[:third]:
        company.do(store, request)
    archived._run(
        "pg_basebackup", "-D", archived.folder / "base", "-h", archived.folder, "-U", "billcore",
        "--checkpoint=fast", "--wal-method=stream",
    )  # fmt: skip
    for request in plan[third : 2 * third]:
        company.do(store, request)
    ((moment,),) = archived.execute("SELECT clock_timestamp()::text")
    time.sleep(0.01)
    for request in plan[2 * third :]:
        company.do(store, request)
    store.close()
    ((last,),) = archived.execute("SELECT pg_walfile_name(pg_switch_wal())")
    until(lambda: (archived.folder / "archive" / str(last)).exists())
    archived.kill()

    data = empty_machine.folder / "data"
    shutil.copytree(archived.folder / "base", data)
    (data / "recovery.signal").touch()
    with (data / "postgresql.auto.conf").open("a", encoding="utf-8") as settings:
        settings.write(
            f"restore_command = 'cp {archived.folder}/archive/%f %p'\n"
            f"recovery_target_time = '{moment}'\n"
            "recovery_target_action = promote\n"
        )
    owner = (archived.folder / "data").owner()
    for one in (data, *data.rglob("*")):
        shutil.chown(one, owner)
    empty_machine.start()
    until(lambda: empty_machine.execute("SELECT pg_is_in_recovery()") == [(False,)])

    store = open_store(empty_machine.url(name))
    check_schema(store)
    assert company.broken(store) == {}
    replayed = [company.do(store, request).replayed for request in plan]
    assert replayed == [True] * (2 * third) + [False] * (len(plan) - 2 * third)
    assert company.broken(store) == {}
    store.close()
