"""Migrations that are killed, that run twice at once, and stores that are not ours to migrate."""

import signal
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from subprocess import PIPE

import pytest

from billcore.core.store.errors import SchemaMissing, SchemaUnknown, StoreUnavailable
from billcore.core.store.migrate import Migration, check_schema, migrate, migrations
from billcore.core.store.open import open_store
from tests.faults import upgrade
from tests.faults.upgrade import COUNT, KNOWN

PAUSE_S_MAX = 0.03
LINE_S_MAX = 60


@pytest.fixture
def kills(full):
    return 30 if full else 3


# -- killed


def test_a_killed_migration_leaves_whole_steps(url, start, chance, kills):
    """kill -9 amid a migration: those that were told are there, and the next call does the rest."""
    done = 0
    for kill in range(kills):
        child = start("-m", "tests.faults.upgrade", url)
        told = hear(child, done, done + chance.randint(0, (COUNT - 1) // kills))
        time.sleep(chance.uniform(0, PAUSE_S_MAX))
        child.kill()
        told += [int(line) for line in child.communicate()[0].split("\n") if line.isdigit()]
        assert child.returncode == -signal.SIGKILL
        store = open_store(url)
        done = upgrade.have(store)
        assert done in (told[-1], told[-1] + 1), kill
        store.close()
    store = open_store(url)
    if done < COUNT:
        with pytest.raises(SchemaMissing):
            check_schema(store, KNOWN)
    assert migrate(store, 0, KNOWN) == KNOWN[done:]
    check_schema(store, KNOWN)
    assert upgrade.have(store) == COUNT
    store.close()


def hear(child, done: int, until: int) -> list[int]:
    """The migrations that a child tells, up to one; the first number is what was there."""
    assert child.stdout.readline() == "open\n"
    told = [done]
    while told[-1] < until:
        told.append(int(child.stdout.readline()))
    return told


def test_a_killed_server_leaves_whole_steps(postgres_server, kills, chance):
    """kill -9 of PostgreSQL amid a migration; the same call, repeated, ends well."""
    store = open_store(postgres_server.url(postgres_server.create()))
    told, cuts = [], []
    with ThreadPoolExecutor(1) as thread:
        moving = thread.submit(migrate_until_done, store, told, cuts)
        for kill in range(kills):
            wait_for(lambda: moving.done() or len(told) > kill * (COUNT - 4) // kills)  # noqa: B023
            time.sleep(chance.uniform(0, PAUSE_S_MAX))
            postgres_server.kill()
            postgres_server.start()
        moving.result(LINE_S_MAX)
    assert cuts
    assert upgrade.have(store) == COUNT
    assert sorted(set(told)) == told
    check_schema(store, KNOWN)
    store.close()


def migrate_until_done(store, told, cuts):
    while True:
        try:
            migrate(store, 0, KNOWN, lambda done: told.append(done.number))
            return
        except StoreUnavailable as error:
            cuts.append(error)
            time.sleep(0.02)


def wait_for(happened):
    until = time.monotonic() + LINE_S_MAX
    while not happened():
        assert time.monotonic() < until
        time.sleep(0.002)


# -- two at once


def test_two_processes_migrate_a_database(postgres_url, start):
    """Both end well; each step is applied by one of them."""
    children = [start("-m", "tests.faults.upgrade", postgres_url) for _ in range(2)]
    said = [child.communicate()[0].split() for child in children]
    assert [child.returncode for child in children] == [0, 0]
    told = [int(number) for words in said for number in words if number != "open"]
    assert sorted(told) == list(range(1, COUNT + 1))
    store = open_store(postgres_url)
    assert upgrade.have(store) == COUNT
    store.close()


def test_threads_migrate_a_store(url):
    """Both end well, on either engine."""
    store = open_store(url)
    together = threading.Barrier(2)

    def move():
        together.wait()
        return migrate(store, 0, KNOWN)

    with ThreadPoolExecutor(2) as threads:
        moves = [threads.submit(move) for _ in range(2)]
        found = [step.number for moved in moves for step in moved.result()]
    assert sorted(found) == list(range(1, COUNT + 1))
    assert upgrade.have(store) == COUNT
    store.close()


def test_a_second_process_is_told_who_has_the_file(sqlite_url, start):
    """SQLite has one owner: the second ends with its number, and may come again."""
    first = start("-m", "tests.faults.upgrade", sqlite_url, "wait", stdin=PIPE)
    assert first.stdout.readline() == "open\n"
    second = start("-m", "tests.faults.upgrade", sqlite_url, stderr=PIPE)
    said = second.communicate()[1]
    assert second.returncode == 1
    assert f"process {first.pid} has " in said
    assert first.communicate("go\n")[0].split()[-1] == str(COUNT)
    assert first.returncode == 0
    again = start("-m", "tests.faults.upgrade", sqlite_url)
    assert again.communicate()[0] == "open\n"
    assert again.returncode == 0


# -- not ours


def newer(store):
    """A step that this billcore does not know."""
    more = "CREATE TABLE beyond (id INTEGER NOT NULL PRIMARY KEY)"
    beyond = Migration(len(migrations()) + 1, "beyond", (more,))
    migrate(store, 0, (*migrations(), beyond))
    return f"it has migration {beyond.number} (beyond). This billcore knows the migrations up to"


def altered(store):
    """A step whose statements were changed after its release."""
    *first, last = migrations()
    more = "CREATE TABLE extra (id INTEGER NOT NULL PRIMARY KEY)"
    changed = replace(last, statements=(*last.statements, more))
    migrate(store, 0, (*first, changed))
    return f"its migration {last.number} ({last.name}) is not ours."


def foreign(store):
    """A database of somebody else."""
    with store.write() as session:
        session.define("CREATE TABLE invoice (id INTEGER NOT NULL PRIMARY KEY)")
    return "it holds other tables (invoice): choose an empty database."


STRANGERS = [newer, altered, foreign]


@pytest.mark.parametrize("stranger", STRANGERS)
def test_a_stranger_is_refused(url, stranger):
    """By check and by migrate, and it is left as it is."""
    store = open_store(url)
    words = stranger(store)
    before = tables(store)
    for act in (check_schema, lambda store: migrate(store, 0)):
        with pytest.raises(SchemaUnknown) as caught:
            act(store)
        assert words in caught.value.message
    assert tables(store) == before
    store.close()


def tables(store):
    with store.write() as session:
        return session.tables()


def test_no_server_serves_a_stranger(sqlite_url, postgres_url, start):
    """`billcore serve` ends with status 2 and says why."""
    command = ("-m", "billcore.server.cli", "serve", "--port=0", "--metrics-port=0", "--store")
    servers = []
    for url, stranger in ((sqlite_url, newer), (postgres_url, altered)):
        store = open_store(url)
        words = stranger(store)
        store.close()
        servers.append((start(*command, url, stderr=PIPE), words))
    for server, words in servers:
        said = server.communicate(timeout=LINE_S_MAX)[1]
        assert server.returncode == 2, said
        assert f"error: The store's schema is not known: {words}" in said
        assert "Traceback" not in said
