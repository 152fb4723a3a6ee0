"""Keeping a file: whole or not at all, once, whatever is killed in the middle.

A file is its content (SHA-256) beside its channel, name and sequence number. Its lines are kept
in chunks, a transaction each; it counts from the last one on. The same content again changes
nothing; another content under the same name is refused unless it says that it replaces.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from functools import partial

import numpy as np

from billcore.core.caller import Caller
from billcore.core.errors import quoted
from billcore.core.events.audit import audit
from billcore.core.events.outbox import record
from billcore.core.reconciliation.errors import FileConflict
from billcore.core.store import channel_files as rows
from billcore.core.store import providers
from billcore.core.store import recon as recon_rows
from billcore.core.store.again import again
from billcore.core.store.channel_files import FileRow
from billcore.core.store.port import Column, Columns, Session, Store

KIND = "channel_file"
"""Of the numbers that are drawn."""

CHUNK_LINES = 100_000
"""So many lines are kept in one transaction."""

SAID = ("format", "definition", "day", "line_count", "amount")
"""What is read out of a content; another definition may read it otherwise."""


class FileKind(IntEnum):
    """Who tells; the numbers are stored."""

    REPORT = 1
    STATEMENT = 2


class FileState(IntEnum):
    """Whether a file counts; the numbers are stored."""

    LOADING = 1
    COMPLETE = 2
    REPLACED = 3


@dataclass(frozen=True, slots=True)
class Asked:
    """A file as its sender names it. sequence_no: 0 where it has none; replaces: what has its name
    and number."""

    name: str
    sequence_no: int = 0
    replaces: bool = False


@dataclass(frozen=True, slots=True)
class Imported:
    """A file that counts; repeated: it did before."""

    row: FileRow
    repeated: bool


@dataclass(frozen=True, slots=True)
class Parts:
    """What is kept of a file: the row that it is to have, its lines, and rows beside them.

    reach: days so many before and behind its own may match otherwise with it.
    check: raises what refuses it, before anything is kept.
    """

    row: FileRow
    table: str
    lines: Columns
    beside: Mapping[str, Columns]
    reach: int
    check: Callable[[Session, FileRow], None] = field(default=lambda session, row: None)  # noqa: ARG005


Clock = Callable[[], int]
"""Microseconds since 1970 in UTC."""


def keep(store: Store, caller: Caller, now: Clock, asked: Asked, parts: Parts) -> Imported:
    """Keeps a file in as many transactions as it takes, going on where an earlier call ended."""
    row = again(store, lambda session: _begin(session, asked, parts))
    if row.state == FileState.COMPLETE:
        return Imported(row, repeated=True)
    while row.state == FileState.LOADING:
        act = partial(_chunk, caller=caller, now=now, number=row.file_no, parts=parts)
        row = again(store, act)
    if row.state == FileState.REPLACED:
        raise _replaced(row)
    return Imported(row, repeated=False)


def identity(row: FileRow) -> rows.Identity:
    """What a file is known by."""
    return rows.Identity(row.provider_id, row.channel_no, row.name, row.sequence_no, row.digest)


def _begin(session: Session, asked: Asked, parts: Parts) -> FileRow:
    """The row of a file, which is there from now on."""
    wanted = parts.row
    key = wanted.provider_id, wanted.channel_no
    providers.lock(session, wanted.provider_id, KIND)
    there = rows.of_digest(session, identity(wanted))
    if there is not None:
        return _resumed(session, there, parts)
    parts.check(session, wanted)
    last = rows.named(session, *key, wanted.name, wanted.sequence_no)
    if last is not None and last.state == FileState.LOADING:  # it never counted
        rows.begin_again(session, last._replace(line_count=0, amount=0))
        rows.change_state(session, last, FileState.REPLACED)
    elif last is not None and last.state == FileState.COMPLETE and not asked.replaces:
        raise FileConflict(
            wanted.name,
            last.file_no,
            f"file {last.file_no} has the name {quoted(wanted.name)} and other content: give this "
            "one another name or number, or say that it replaces.",
        )
    version = last.version + 1 if last else 1
    number = providers.draw(session, wanted.provider_id, KIND, 1)
    made = wanted._replace(file_no=number, version=version)
    rows.add(session, made)
    return made


def _resumed(session: Session, there: FileRow, parts: Parts) -> FileRow:
    """The row of a file that came before: it counts, or some of its lines are kept."""
    if there.state == FileState.REPLACED:
        raise _replaced(there)
    wanted = parts.row
    read = {name: getattr(wanted, name) for name in SAID}
    if there.state == FileState.LOADING and there._replace(**read) != there:
        there = there._replace(**read)._replace(loaded=0)
        rows.begin_again(session, there)
    return there


def _replaced(row: FileRow) -> FileConflict:
    return FileConflict(
        row.name,
        row.file_no,
        f"this content is that of file {row.file_no}, which another one replaced: it does not "
        "count any more.",
    )


def _chunk(session: Session, caller: Caller, now: Clock, number: int, parts: Parts) -> FileRow:
    """Keeps the next lines; the row after that."""
    row = rows.find(session, parts.row.provider_id, number)
    assert row is not None, "files are never deleted"
    if row.state != FileState.LOADING:
        return row
    if row._replace(**{name: getattr(parts.row, name) for name in SAID}) != row:
        message = f"file {number} is being read in another way, by another definition or day."
        raise FileConflict(row.name, number, message)
    until = min(row.loaded + CHUNK_LINES, row.line_count)
    if not rows.advance(session, row, until):
        return row  # another process did; the next look shows it
    if not row.loaded and parts.beside:
        providers.lock(session, row.provider_id, KIND)
        parts.check(session, row)  # again: nobody kept the same since
        for table, columns in parts.beside.items():
            rows.add_lines(session, table, _of_file(row, columns, 0, len(columns["statement_no"])))
    rows.add_lines(session, parts.table, _of_file(row, parts.lines, row.loaded, until))
    if until < row.line_count:
        return row._replace(loaded=until)
    return _complete(session, caller, now(), row._replace(loaded=until), parts.reach)


def _of_file(row: FileRow, columns: Columns, start: int, stop: int) -> Columns:
    """Some rows of a table, with the key of their file."""
    count = stop - start
    key: dict[str, Column] = {
        "provider_id": np.full(count, row.provider_id),
        "file_no": np.full(count, row.file_no),
    }
    return key | {name: column[start:stop] for name, column in columns.items()}


def _complete(session: Session, caller: Caller, now: int, row: FileRow, reach: int) -> FileRow:
    """Lets a file count, in the place of one that it replaces."""
    rows.change_state(session, row, FileState.COMPLETE)
    key = row.provider_id, row.channel_no, row.name, row.sequence_no
    before = rows.counting(session, *key, row.version, FileState.COMPLETE)
    replaced = 0
    if before is not None and rows.change_state(session, before, FileState.REPLACED):
        replaced = before.file_no
        _make_stale(session, before, reach)
    _make_stale(session, row, reach)
    told = {
        "kind": FileKind(row.kind).name.lower(),
        "channel_no": row.channel_no,
        "day": row.day,
        "lines": row.line_count,
        "amount": row.amount,
        "replaces": replaced,
    }
    subject = f"file {row.file_no}"
    record(session, row.provider_id, "channel_file.imported", subject, told, now)
    audit(session, caller, "channel_file.imported", subject, "", told | {"name": row.name}, now)
    return row._replace(state=FileState.COMPLETE)


def _make_stale(session: Session, row: FileRow, reach: int) -> None:
    """Days that were matched without a report, or with one that does not count any more."""
    if row.kind == FileKind.REPORT:
        key = row.provider_id, row.channel_no
        recon_rows.make_stale(session, key, row.day - reach, row.day + reach)
