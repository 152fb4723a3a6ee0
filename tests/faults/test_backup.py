"""Backups beside writers, killed ones, damaged ones; what is restored is the same store."""

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable
from itertools import count
from pathlib import Path

import pytest
from typer.testing import CliRunner

from billcore.core.backup import restoring
from billcore.core.backup.errors import BackupDamaged, BackupProgramFailed, BackupRefused
from billcore.core.backup.making import make
from billcore.core.backup.manifest import NAME, Manifest
from billcore.core.store.contents import shapes
from billcore.core.store.errors import SchemaMissing, SchemaUnknown
from billcore.core.store.migrate import check_schema, migrate, migrations
from billcore.core.store.open import open_store
from billcore.core.store.port import Store
from billcore.server.cli import app as commands
from tests.faults import company
from tests.faults.conftest import Child
from tests.postgres import find_programs

NOW = 1_700_000_000_000_000
MONTHS = 5


def said(what: str) -> None:
    """Nobody listens."""


def backed_up(url: str, folder: Path) -> Manifest:
    return make(url, folder, NOW, 2, said)


def restored(folder: Path, url: str) -> Manifest:
    return restoring.restore(folder, url, 2, said)


@pytest.fixture(autouse=True)
def programs(monkeypatch: pytest.MonkeyPatch) -> None:
    """The client programs of the PostgreSQL that the tests have."""
    monkeypatch.setenv("PATH", f"{find_programs()}:{os.environ['PATH']}")


@pytest.fixture
def fresh(url, tmp_path, request) -> Callable[[], str]:
    """URLs of the same engine where nothing is."""
    numbers = count(1)
    if url.startswith("sqlite"):
        return lambda: f"sqlite:///{tmp_path / f'new-{next(numbers)}.db'}"
    cluster = request.getfixturevalue("postgres_cluster")
    return lambda: cluster.url(cluster.create())


def rows_of(store: Store) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table."""
    with store.read() as reader:
        return {
            shape.name: sorted(reader.rows(f"SELECT {', '.join(shape.kinds)} FROM {shape.name}"))
            for shape in shapes(reader, store.shared)
        }


def test_a_backup_beside_a_writer_is_of_one_moment(settled, fresh, start, answers_of, tmp_path):
    """While a process posts, reads, bills and numbers: what is restored breaks no invariant, goes
    on where the moment was, and answers all requests as ever; at rest every row comes back."""
    requests = company.whole_plan(5, MONTHS)
    child = start("-m", "tests.faults.client", settled, "5", str(MONTHS))
    for _ in range(10):
        assert child.stdout.readline()
    made = backed_up(settled, tmp_path / "beside")
    assert child.stdout.readline(), "the writer did not go on"
    child.communicate()
    url = fresh()
    assert restored(tmp_path / "beside", url) == made
    store = open_store(url)
    check_schema(store)
    assert company.broken(store) == {}
    answers = {request.number: company.do(store, request) for request in requests}
    assert 0 < sum(answer.replayed for answer in answers.values()) < len(requests)
    found = {number: answer.content for number, answer in answers.items()}
    assert found == answers_of(requests)
    company.check(store, requests, found)
    store.close()
    at_rest = backed_up(settled, tmp_path / "at rest")
    assert at_rest.digest != made.digest
    url = fresh()
    restored(tmp_path / "at rest", url)
    stores = open_store(settled), open_store(url)
    assert rows_of(stores[0]) == rows_of(stores[1])
    for store in stores:
        store.close()
    assert backed_up(url, tmp_path / "again").digest == at_rest.digest


def test_a_killed_backup_is_none(settled, fresh, start, tmp_path):
    """kill -9 amid a backup: nothing has its name, what is left cannot be restored, and the next
    backup there clears it away."""
    folder, part = tmp_path / "b", tmp_path / ".b.part"
    command = ["-m", "billcore.server.cli", "backup", str(folder), f"--store={settled}"]
    for stage in ("ing", "reading"):  # as soon as it writes, and later
        until = time.monotonic() + 60
        while not killed_amid(start(*command, stderr=subprocess.PIPE), stage, folder):
            assert time.monotonic() < until
        assert part.is_dir()
        with pytest.raises(BackupDamaged, match=NAME):
            restored(part, fresh())
    until = time.monotonic() + 30
    while not folder.exists():  # a pg_dump that nobody waits for may write still
        assert time.monotonic() < until
        try:
            backed_up(settled, folder)
        except BackupRefused:
            time.sleep(0.05)
    assert not part.exists()
    restored(folder, fresh())


def killed_amid(child: Child, stage: str, folder: Path) -> bool:
    """Whether a backup was killed once it told a stage; not one that ended first, whose folder is
    taken away, nor one that a pg_dump of a killed one still keeps out."""
    told = [""]
    while stage not in told[-1]:
        told.append(child.stderr.readline())
        if not told[-1]:
            break
    child.kill()
    status = child.wait()
    if folder.exists():
        assert status in (0, -signal.SIGKILL)
        shutil.rmtree(folder)
        return False
    if status == -signal.SIGKILL:
        return True
    assert "is writing" in " ".join("".join(told).split()), told
    return False


def test_a_store_that_is_in_use_is_not_restored_over(settled, fresh, tmp_path):
    """Nor is a folder taken twice, nor a backup of the other engine."""
    folder = tmp_path / "b"
    backed_up(settled, folder)
    with pytest.raises(BackupRefused, match="is there already"):
        backed_up(settled, folder)
    store = open_store(settled)
    before = rows_of(store)
    store.close()
    with pytest.raises(BackupRefused):
        restored(folder, settled)
    store = open_store(settled)
    assert rows_of(store) == before
    store.close()
    other = "postgresql:///none" if settled.startswith("sqlite") else f"sqlite:///{tmp_path}/n.db"
    with pytest.raises(BackupRefused, match="is of "):
        restored(folder, other)


def test_what_comes_back_changed_is_no_store(settled, fresh, tmp_path, monkeypatch):
    """A restore whose rows are not those of the manifest leaves nothing that could be served."""
    backed_up(settled, tmp_path / "b")
    url = fresh()
    with monkeypatch.context() as patched:
        patched.setattr(restoring, "_compare", damaged)
        with pytest.raises(BackupDamaged):
            restored(tmp_path / "b", url)
    if url.startswith("sqlite"):
        left = {one.name for one in tmp_path.iterdir() if one.name.startswith("new-")}
        assert left == {"new-1.db.lock"}
        restored(tmp_path / "b", url)
        return
    store = open_store(url)
    for act in (check_schema, lambda store: migrate(store, NOW)):
        with pytest.raises(SchemaUnknown, match="restore"):
            act(store)
    store.close()
    with pytest.raises(BackupRefused, match="empty database"):
        restored(tmp_path / "b", url)


def damaged(folder: Path, *_: object) -> None:
    raise BackupDamaged(folder, "as a test wants it.")


@pytest.fixture
def url_of_file(sqlite_url: str) -> str:
    """A small store of SQLite that nobody has open."""
    store = open_store(sqlite_url)
    migrate(store, NOW, migrations()[:3])
    store.close()
    return sqlite_url


def test_damaged_backups_are_refused(url_of_file, tmp_path):
    """A bit, an end, a file, a line of the manifest: each is told with its place."""
    whole = tmp_path / "whole"
    assert len(backed_up(url_of_file, whole).migrations) == 3  # also of a store to be migrated
    target = f"sqlite:///{tmp_path / 'new.db'}"

    def refused(damage: Callable[[Path], object], told: str) -> None:
        broken = tmp_path / "broken"
        shutil.copytree(whole, broken)
        damage(broken)
        with pytest.raises(BackupDamaged, match=told):
            restored(broken, target)
        assert not (tmp_path / "new.db").exists()
        shutil.rmtree(broken)

    def flip(folder: Path) -> None:
        content = bytearray((folder / "store.db").read_bytes())
        content[len(content) // 2] ^= 1
        (folder / "store.db").write_bytes(content)

    def edit(old: str, new: str) -> Callable[[Path], object]:
        text = (whole / NAME).read_text("utf-8")
        assert old in text
        return lambda folder: (folder / NAME).write_text(text.replace(old, new, 1), "utf-8")

    refused(flip, "store.db was changed")
    refused(lambda folder: os.truncate(folder / "store.db", 4096), "has 4096 bytes")
    refused(lambda folder: (folder / "store.db").unlink(), "store.db is missing")
    refused(lambda folder: (folder / "more").touch(), "more is not of the backup")
    refused(lambda folder: (folder / NAME).unlink(), "was not ended")
    refused(edit('"rows": 3', '"rows": 4'), "checksum does not fit")
    refused(edit('"format": 1', '"format": 2'), "its format is 2")
    refused(lambda folder: os.truncate(folder / NAME, 500), "cannot be read")


def test_backups_of_no_store_are_refused(url_of_file, tmp_path):
    """A file that is not there, an empty one; both leave no folder."""
    with pytest.raises(BackupRefused, match="is not there"):
        backed_up(f"sqlite:///{tmp_path / 'nothing.db'}", tmp_path / "b")
    open_store(f"sqlite:///{tmp_path / 'empty.db'}").close()
    with pytest.raises(SchemaMissing):
        backed_up(f"sqlite:///{tmp_path / 'empty.db'}", tmp_path / "b")
    assert not list(tmp_path.glob("*b*/"))


@pytest.mark.parametrize(("script", "told"), [("", "not on the path"), ("echo p 9.6", "is older")])
def test_programs_that_are_missing_or_old_are_told(
    script, told, postgres_url, tmp_path, monkeypatch
):
    """The name of the program, and what to install."""
    store = open_store(postgres_url)
    migrate(store, NOW, migrations()[:1])
    store.close()
    place = tmp_path / "bin"
    place.mkdir()
    if script:
        (place / "pg_dump").write_text(f"#!/bin/sh\n{script}\n")
        (place / "pg_dump").chmod(0o755)
    monkeypatch.setenv("PATH", f"{place}:/bin" if script else str(place))
    with pytest.raises(BackupProgramFailed, match=f"pg_dump.*{told}"):
        backed_up(postgres_url, tmp_path / "b")
    assert not (tmp_path / "b").exists()


def test_a_file_that_is_there_is_left_alone(sqlite_url, tmp_path):
    """Neither a store nor what another restore is writing; what is restored is its owner's."""
    open_store(sqlite_url).close()
    made = open_store(sqlite_url)
    migrate(made, NOW)
    made.close()
    backed_up(sqlite_url, tmp_path / "b")
    new, part = tmp_path / "new.db", tmp_path / "new.db.part"
    for there in (new, part):
        there.write_text("of another")
        with pytest.raises(BackupRefused, match=f"{there.name} is there already"):
            restored(tmp_path / "b", f"sqlite:///{new}")
        assert there.read_text() == "of another"
        assert [one for one in (new, part) if one.exists()] == [there]
        there.unlink()
    restored(tmp_path / "b", f"sqlite:///{new}")
    first = Path(sqlite_url.removeprefix("sqlite:///"))
    assert [one.stat().st_mode & 0o777 for one in (first, new)] == [0o600, 0o600]


def test_the_commands_tell_digests_and_verify(sqlite_url, tmp_path):
    """The same digest out and in, the books verified; a URL with a password is refused."""
    run = CliRunner().invoke
    assert run(commands, ["init", f"--store={sqlite_url}"]).exit_code == 0
    made = run(commands, ["backup", str(tmp_path / "b"), f"--store={sqlite_url}"])
    new = f"sqlite:///{tmp_path / 'new.db'}"
    back = run(commands, ["restore", str(tmp_path / "b"), f"--store={new}"])
    assert (made.exit_code, back.exit_code) == (0, 0)
    digest = made.stdout.splitlines()[-1]
    assert digest.startswith("digest ")
    assert digest in back.stdout.splitlines()
    assert " ".join("the house payments_agree".split()) in " ".join(back.stdout.split())
    secret = run(commands, ["backup", str(tmp_path / "c"), "--store=postgresql://u:secret@h/b"])
    assert secret.exit_code != 0
    assert "secret" not in secret.output
