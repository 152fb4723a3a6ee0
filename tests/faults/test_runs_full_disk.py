"""No room amid a run: what does not fit leaves nothing; with room again the run is resumed."""

import resource
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from billcore.core.store.errors import StoreFull, StoreUnavailable
from billcore.core.store.open import open_store
from billcore.core.store.port import Store
from tests.faults import month_end
from tests.faults.conftest import FULL
from tests.faults.month_end import PHASES, PROCESSES, Begun, Workers
from tests.faults.test_full_disk import (
    DISK_BYTES,
    FILE_BYTES,
    add_many,
    ballast,
    move_log,
    small_files,
)
from tests.postgres import UNPRIVILEGED, Cluster

pytestmark = pytest.mark.usefixtures("no_orphans")

ROOM_PAGES = 0
"""Some chunks have room in the pages that are there."""

ROOM_BYTES = 256 << 10

SMALL_BYTES = 16 << 20
"""Of the small disk of an SQLite store."""

OTHER = 2
"""Another provider, whose run fills the room."""

SOME = list(PHASES) if FULL else ["straight"]


def is_full(begun: Begun, pool: Workers | None = None) -> None:
    """The run is refused again and again, and what is done stays whole."""
    for _ in range(2):
        with pytest.raises(StoreFull):
            begun.driven(pool, pool.count if pool else 1)
        assert not begun.done
        month_end.check(begun)


# -- SQLite


@pytest.mark.parametrize("phase", SOME)
@pytest.mark.parametrize("workers", [0, 2])
def test_a_full_database(sqlite_url, phase, workers, calm):
    """`max_page_count` is reached."""
    begun = PHASES[phase](month_end.opened(sqlite_url))
    store = begun.world.store
    with store.write() as session:
        (pages,) = session.row("PRAGMA page_count")
        session.rows(f"PRAGMA max_page_count = {pages + ROOM_PAGES}")
    is_full(begun, Workers(workers) if workers else None)
    with store.write() as session:
        session.rows("PRAGMA max_page_count = 1000000")
    assert begun.driven() is begun.end
    assert month_end.told(begun) == calm(phase)
    store.close()


@pytest.mark.parametrize("phase", SOME)
def test_a_file_that_may_not_grow(sqlite_url, phase, calm):
    """RLIMIT_FSIZE in a process of its own: the log cannot take another page."""
    begun = PHASES[phase](month_end.opened(sqlite_url))
    begun.world.store.close()
    given = sqlite_url, begun.world.provider_id, begun.run_id
    child = PROCESSES.Process(target=runs_into_limit, args=given)
    child.start()
    child.join(month_end.WAIT_S_MAX)
    assert child.exitcode == 0
    child.close()
    store = open_store(sqlite_url)
    assert not begun.on(store).done
    month_end.check(begun.on(store))
    assert begun.on(store).driven() is begun.end
    assert month_end.told(begun.on(store)) == calm(phase)
    store.close()


def runs_into_limit(url: str, provider_id: int, run_id: int) -> None:
    """A process: it may not let its files grow by more than ROOM_BYTES."""
    path = Path(url.removeprefix("sqlite:///"))
    store = open_store(url)
    most = path.stat().st_size
    resource.setrlimit(resource.RLIMIT_FSIZE, (most // 8 + ROOM_BYTES // 8, resource.RLIM_INFINITY))
    driver = month_end.Driver(store, url, month_end.at.clock, month_end.threading.Event())
    for _ in range(2):
        with pytest.raises(StoreFull):
            month_end.drive(driver, provider_id, run_id)
    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    store.close()


# -- PostgreSQL


@pytest.mark.parametrize("phase", SOME)
def test_a_server_whose_files_may_not_grow(postgres_server, phase, calm):
    """RLIMIT_FSIZE of the server, until it is started without."""
    begun = PHASES[phase](month_end.opened(postgres_server.url(postgres_server.create())))
    postgres_server.stop()
    with small_files(FILE_BYTES):
        postgres_server.start()
    try:
        chunks_of_others(begun.world.store)
        is_full(begun)
    finally:
        postgres_server.stop()
        postgres_server.start()
    assert begun.driven(Workers(2), 2) is begun.end
    assert month_end.told(begun) == calm(phase)
    begun.world.store.close()


def chunks_of_others(store: Store) -> None:
    """Chunks of another provider's run, until not one more of them has room."""
    done = 0
    for length in (1000, 100, 1):
        rows = 4096
        while rows:
            try:
                add_chunks(store, done, rows, length)
                done += rows
            except StoreFull:
                rows //= 4


def add_chunks(store: Store, first: int, rows: int, length: int) -> None:
    names = ("phase", "pass", "first_account", "last_account", "bills", "held", "refused")
    names += ("total", "entry_id", "micros", "recorded_at")
    columns = {name: np.ones(rows, dtype=np.int64) for name in names}
    own = {"provider_id": np.full(rows, OTHER), "run_id": np.ones(rows, dtype=np.int64)}
    own |= {"chunk": np.arange(first, first + rows), "digest": pa.array([b"x" * length] * rows)}
    with store.write() as session:
        session.insert("run_chunk", columns | own)


# -- small disks: root mounts them


@pytest.fixture
def server() -> Iterator[Cluster]:
    """A durable cluster of a test's own."""
    cluster = Cluster(settings={})
    try:
        yield cluster
    finally:
        cluster.remove()


def mounted(place: Path, size: int) -> None:
    place.mkdir()
    options = f"size={size},mode=0777"
    subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", place], check=True)


@pytest.fixture
def small_disk(server: Cluster) -> Iterator[Path]:
    """A file system of DISK_BYTES in the server's folder."""
    place = server.folder / "small"
    mounted(place, DISK_BYTES)
    yield place
    server.stop()
    subprocess.run(["umount", place], check=True)


@pytest.fixture
def small_folder(tmp_path: Path) -> Iterator[Path]:
    """A file system of SMALL_BYTES."""
    place = tmp_path / "small"
    mounted(place, SMALL_BYTES)
    yield place
    subprocess.run(["umount", place], check=True)


@pytest.mark.system
@pytest.mark.parametrize("phase", PHASES)
@pytest.mark.parametrize("workers", [0, 2])
def test_a_full_disk(small_folder, phase, workers, calm):
    """SQLite's file and log are on it, with room for a few chunks."""
    begun = PHASES[phase](month_end.opened(f"sqlite:///{small_folder / 'store.db'}"))
    rest = small_folder / "rest"
    free = shutil.disk_usage(small_folder).free
    rest.write_bytes(bytes(free - ROOM_BYTES // 4))
    is_full(begun, Workers(workers) if workers else None)
    rest.unlink()
    assert begun.driven() is begun.end
    assert month_end.told(begun) == calm(phase)
    begun.world.store.close()


@pytest.mark.system
@pytest.mark.parametrize("phase", PHASES)
def test_a_full_tablespace(server, small_disk, phase, calm):
    """The tables' disk is full; the log has another."""
    (small_disk / "space").mkdir()
    shutil.chown(small_disk / "space", UNPRIVILEGED)
    (small_disk / "space").chmod(0o700)
    server.execute(f"CREATE TABLESPACE small LOCATION '{small_disk / 'space'}'")
    name = server.create()
    server.execute(f"ALTER DATABASE {name} SET default_tablespace = small")
    begun = PHASES[phase](month_end.opened(server.url(name)))
    ballast(begun.world.store)
    is_full(begun, Workers(2))
    more = f"remount,size={2 * DISK_BYTES}"
    subprocess.run(["mount", "-o", more, small_disk], check=True)
    assert begun.driven() is begun.end
    assert month_end.told(begun) == calm(phase)
    begun.world.store.close()


@pytest.mark.system
def test_a_full_log(server, small_disk, calm):
    """The disk of the server's log is full: the server ends; nothing of the run is lost."""
    begun = PHASES["straight"](month_end.opened(server.url(server.create())))
    move_log(server, small_disk)
    with pytest.raises((StoreUnavailable, StoreFull)):
        add_many(begun.world.store)
    with pytest.raises((StoreUnavailable, StoreFull)):
        begun.driven()
    server.kill()
    (small_disk / "rest").unlink()
    server.start()
    month_end.check(begun)
    assert begun.driven(Workers(2), 2) is begun.end
    assert month_end.told(begun) == calm("straight")
    begun.world.store.close()
