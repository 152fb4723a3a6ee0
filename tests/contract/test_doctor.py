"""The doctor on both stores: nothing to say of a healthy one, and what it says of each ailment."""

import json
import re
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
from typer.testing import CliRunner

from billcore.core import checkup as core
from billcore.core import clients
from billcore.core.billing.runs.states import Phase
from billcore.core.caller import HOUSE, Caller, Role
from billcore.core.checkup import Level
from billcore.core.durations import DAY, HOUR, MINUTE
from billcore.core.errors import SettingsInvalid
from billcore.core.events.outbox import record
from billcore.core.store import vitals
from billcore.core.store.migrate import migrations
from billcore.server import cli, tls
from billcore.server.commands import doctor as command
from tests import recon_world
from tests import runs_world as at
from tests.payments_world import NOW, TODAY
from tests.stores import migrated

ENDS = int(datetime(2026, 9, 30, tzinfo=UTC).timestamp())


def checkup(store, now=NOW):
    """What the doctor finds in a store, by check; a test's PostgreSQL is fast and unsafe."""
    with store.read() as reader:
        found = {one.check: one for one in core.checkup(reader, store.url, now)}
    assert all(bool(one.remedy) == (one.level is not Level.OK) for one in found.values())
    if "database clock" in found:
        found.pop("database clock")
        assert found.pop("durability").level is Level.WARN  # full_page_writes, told last
    return found


def ill(store, now=NOW):
    """The checks that are not ok, with how bad they are."""
    found = checkup(store, now).values()
    return {one.check: one.level.value for one in found if one.level is not Level.OK}


def test_a_healthy_store(books):
    found = checkup(books)
    assert {one.level for one in found.values()} == {Level.OK}
    assert next(iter(found)) == "store"
    assert {"schema", "clock", "events", "runs", "suspense", "breaks", "cases", "unposted"} <= {
        *found
    }


def test_its_schema(books):
    """One that lacks, one that is not ours: nothing behind it is looked at."""
    with books.write() as session:
        session.run("DELETE FROM schema_migration WHERE number = :last", last=len(migrations()))
    found = checkup(books)
    assert ill(books) == {"schema": "fail"}
    assert "billcore migrate" in found["schema"].remedy
    assert "runs" not in found
    with books.write() as session:
        session.run("UPDATE schema_migration SET checksum = 'x' WHERE number = 3")
    assert "is not ours" in checkup(books)["schema"].what


def test_keys_that_end(books):
    """Soon, or they have: who has them is told."""
    nobody = Caller(0, HOUSE, frozenset())
    with books.write() as session:
        for days, name in ((0, "kiosk"), (3, "bank"), (90, "portal")):
            when = NOW + days * DAY if days else NOW - DAY
            scope = clients.Scope(expires_at=when)
            clients.create(session, nobody, name, HOUSE, [Role.VIEWER], NOW - 2 * DAY, scope)
    found = checkup(books)["client keys"]
    assert found.level is Level.WARN
    assert found.what.endswith("(1): kiosk, bank.")


def test_an_empty_database(empty):
    found = checkup(empty)["schema"]
    assert (found.level, "billcore init" in found.remedy) == (Level.FAIL, True)


def test_events_and_the_clock(books):
    """Events that nobody numbers; a clock that went backwards, behind what was recorded."""
    with books.write() as session:
        record(session, 1, "kind", "subject", {}, NOW)
    assert ill(books, NOW + 50 * 1_000_000) == {}
    assert ill(books, NOW + 3 * MINUTE) == {"events": "warn"}
    assert "3 minutes" in checkup(books, NOW + 3 * MINUTE)["events"].what
    assert ill(books, NOW - 5 * 1_000_000) == {"clock": "warn"}
    assert ill(books, NOW - HOUR - HOUR) == {"clock": "fail"}
    assert "2 hours behind" in checkup(books, NOW - HOUR - HOUR)["clock"].what


def test_money_that_is_old(books):
    """In suspense, in breaks; as time goes by."""
    world = recon_world.found(books)
    world.post(world.told("lost", "nobody", taken=True))
    world.pay("r1", 10)
    world.report("a.csv", ("r1", 10), ("r9", 5), day=TODAY)
    world.match(TODAY)
    with books.write() as session:
        session.run("DELETE FROM event_pending")
        session.run("DELETE FROM audit_pending")
    assert ill(books, NOW + 2 * DAY) == {}
    assert ill(books, NOW + 7 * DAY) == {"suspense": "warn", "breaks": "warn"}
    assert checkup(books, NOW + 7 * DAY)["suspense"].what.endswith("the oldest for 7 days.")


def test_cases_and_devices(books):
    """A case whose clock ran out; a record of a device that misses the one before it."""
    with books.write() as session:
        insert(session, "correction_case", case_no=1, state=1, due_at=NOW)
        insert(session, "field_device", device_no=1, seq=4)
        insert(session, "field_record", device_no=1, seq=4, state=1, received_at=NOW)
        insert(session, "field_record", device_no=1, seq=6, state=2, received_at=NOW)
    assert ill(books, NOW + HOUR) == {"cases": "warn"}
    assert ill(books, NOW + 3 * DAY) == {"cases": "warn", "unposted": "warn"}
    assert checkup(books, NOW + 3 * DAY)["unposted"].what.startswith("1 records")


def test_runs_that_stand_still(books):
    world = at.settle(books, accounts=4, months=2)
    run_id = at.create(world, at.order(world, 1))
    with books.write() as session:
        session.run("DELETE FROM event_pending")
        session.run("DELETE FROM audit_pending")
    assert "runs" not in ill(books, at.START + DAY)
    at.begin(world, run_id, Phase.RATE)
    assert checkup(books, at.START + MINUTE)["runs"].what == "1 under way"
    found = checkup(books, at.START + DAY)["runs"]
    assert found.level is Level.WARN
    assert "run 1 of provider 1 (rate)" in found.what


@pytest.mark.parametrize(
    ("engine", "levels"),
    [
        (("PostgreSQL", {}), []),
        (("PostgreSQL", {"fsync": "off"}), ["fail"]),
        (
            ("PostgreSQL", {"synchronous_commit": "off", "full_page_writes": "off"}),
            ["fail", "warn"],
        ),
        (("PostgreSQL", {"max_connections": "20"}), ["warn"]),
        (("SQLite", {"journal_mode": "wal"}), []),
        (("SQLite", {"journal_mode": "delete"}), ["warn"]),
    ],
)
def test_settings_that_commits_rest_on(engine, levels):
    name, changed = engine
    safe = {
        "fsync": "on",
        "full_page_writes": "on",
        "synchronous_commit": "on",
        "max_connections": "100",
    }
    found = list(core._settings(vitals.Engine(name, "1", safe | changed)))
    assert [one.level.value for one in found] == (levels or ["ok"])


@pytest.mark.parametrize(("free", "level"), [(3 << 30, "ok"), (1 << 30, "warn"), (1 << 20, "fail")])
def test_room(free, level):
    (found,) = core._room(vitals.Room({"database": 5 << 20}, {"store": free}))
    assert (found.level.value, found.what[:15]) == (level, "database 5 MiB;")


# -- the command, and the files of a server


def test_a_server_is_looked_at_beside_it(tmp_path, monkeypatch):
    """As a table and as JSON; keys that others may read, and a certificate that ends, fail."""
    url = f"sqlite:///{tmp_path / 'store.db'}"
    keys = tmp_path / "voucher.keys"
    keys.write_text(f"2026 {'ab' * 32}\n")
    config = tmp_path / "billcore.toml"
    files = {"store": url, "voucher_keys": keys, "tls_cert": "c.pem", "tls_key": keys}
    config.write_text("".join(f'{name} = "{value}"\n' for name, value in files.items()))
    keys.chmod(0o600)
    monkeypatch.setattr(tls, "read", lambda _: SimpleNamespace(expires=ENDS))
    owner = migrated(url)  # as a server has it
    try:
        monkeypatch.setattr(command, "now", lambda: (ENDS - 20 * 86_400) * 1_000_000)
        told = run("--config", config)
        assert told.exit_code == 0, told.output
        for words in ("store ok SQLite", "certificate ok 20 days are left", "clock ok"):
            assert words in " ".join(told.output.split())
        monkeypatch.setattr(command, "now", lambda: (ENDS - 3 * 86_400) * 1_000_000)
        assert states(run("--config", config, "--json"))["certificate"] == "warn"
        monkeypatch.setattr(command, "now", lambda: (ENDS + 86_400) * 1_000_000)
        keys.chmod(0o604)
        told = run("--config", config, "--json")
        assert told.exit_code == 1
        found = states(told)
        assert {one for one, state in found.items() if state == "fail"} == {
            "certificate",
            "voucher_keys",
            "tls_key",
        }
        keys.chmod(0o640)
        assert states(run("--config", config, "--json"))["voucher_keys"] == "warn"
        keys.write_text("2026 short\n")
        told = run("--config", config, "--json")
        assert states(told)["voucher_keys"] == "fail"
        assert "line 1" in told.output
    finally:
        owner.close()


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("sqlite:////nowhere/at/all.db", "There is no file"),
        ("postgresql://nobody@127.0.0.1:1/none", "is not available"),
    ],
)
def test_a_store_that_is_not_there(url, words):
    told = run("--store", url)
    assert told.exit_code == 1
    assert words in " ".join(told.output.split())


def test_it_wants_a_store():
    with pytest.raises(SettingsInvalid, match="store"):
        run("--json", catch_exceptions=False)


def run(*options, **more):
    return CliRunner().invoke(cli.app, ["doctor", *map(str, options)], **more)


def states(told):
    found = json.loads(told.output)
    assert found["ok"] == (told.exit_code == 0)
    return {one["check"]: one["state"] for one in found["checks"]}


def insert(session, table, **given):
    """A row of provider 1; what is not given is 0 or empty."""
    (text,) = (
        statement
        for migration in migrations()
        for statement in migration.statements
        if statement.startswith(f"CREATE TABLE {table} (")
    )
    empty = {"TEXT": "", "BYTEA": b""}
    columns = re.findall(r"^    (\w+) (BIGINT|INTEGER|SMALLINT|TEXT|BYTEA)\b", text, re.MULTILINE)
    values = {name: empty.get(kind, 0) for name, kind in columns} | {"provider_id": 1} | given
    marks = ", ".join(f":{name}" for name in values)
    session.run(f"INSERT INTO {table} ({', '.join(values)}) VALUES ({marks})", **values)
