"""pg_dump and pg_restore: found on the path, new enough, called without a password.

They connect as we do: libpq takes the password from PGPASSWORD or ~/.pgpass, and asks nobody.
"""

import re
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

from billcore.core.backup.errors import BackupProgramFailed

DUMP, RESTORE = "pg_dump", "pg_restore"

LIST = "toc.list"
"""What of a dump is restored first, in a file beside nothing else."""

LAST_WORDS = 2_000
"""So many characters of what a program said at its end are told."""


class Program:
    """A program that runs until `done`; one that is left is ended."""

    def __init__(self, name: str, arguments: Sequence[object], keep: Sequence[int] = ()) -> None:
        self._name = name
        command = [_found(name), *map(str, arguments)]
        self._process = subprocess.Popen(  # noqa: S603 - the program of this name on the path
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            pass_fds=keep,
        )

    def done(self) -> None:
        """Waits for its end. Raises BackupProgramFailed."""
        _, said = self._process.communicate()
        if self._process.returncode:
            told = said.strip()[-LAST_WORDS:] or f"it ended with {self._process.returncode}"
            raise BackupProgramFailed(self._name, told)

    def end(self) -> None:
        """Ends it, if it runs still."""
        if self._process.poll() is None:
            self._process.terminate()
            self._process.communicate()


def check_version(name: str, least: int, of: str) -> str:
    """The version of a program, which is not older than `least`, a major version of `of`."""
    told = _said(name, "--version").strip()
    found = re.search(r"(\d+)[.\d]*", told)
    if found is None:
        raise BackupProgramFailed(name, f"its version cannot be read: {told!r}.")
    if int(found[1]) < least:
        why = f"{told} is older than {of}, version {least}: install the client programs of that."
        raise BackupProgramFailed(name, why)
    return found[0]


def dump(url: str, snapshot: str, folder: Path, jobs: int, keep: Sequence[int]) -> Program:
    """Writes the database as it is in an exported snapshot into a new folder.

    keep: descriptors that stay open as long as the program runs.
    """
    arguments = (
        "--format=directory",
        f"--file={folder}",
        f"--jobs={jobs}",
        "--compress=1",
        f"--snapshot={snapshot}",
        "--no-owner",
        "--no-privileges",
        "--no-password",
        f"--dbname={url}",
    )
    return Program(DUMP, arguments, keep)


def listed(folder: Path, but: str) -> str:
    """What a dump holds, as `pg_restore --use-list` takes it, without the rows of a table."""
    left_out = re.compile(rf"^\d+;.* TABLE DATA \S+ {but} ")
    lines = _said(RESTORE, "--list", str(folder)).splitlines()
    return "\n".join(line for line in lines if not left_out.match(line)) + "\n"


def restore(url: str, folder: Path, jobs: int, *more: object) -> None:
    """Restores a dump into a database; `more` says what of it. Raises BackupProgramFailed."""
    arguments = (
        "--exit-on-error",
        "--no-owner",
        "--no-privileges",
        "--no-password",
        f"--jobs={jobs}",
        *more,
        f"--dbname={url}",
        folder,
    )
    program = Program(RESTORE, arguments)
    try:
        program.done()
    finally:
        program.end()


def _said(name: str, *arguments: str) -> str:
    command = [_found(name), *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        raise BackupProgramFailed(name, done.stderr.strip()[-LAST_WORDS:])
    return done.stdout


def _found(name: str) -> str:
    place = shutil.which(name)
    if place is None:
        why = "it is not on the path: install PostgreSQL's client programs (postgresql-client)."
        raise BackupProgramFailed(name, why)
    return place
