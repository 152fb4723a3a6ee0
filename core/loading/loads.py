"""Loads: opened by what they load, done chunk by chunk, resumed, ended, asked about.

Chunks are done in their order: a chunk begins behind the row where the one before it ended. So it
does not matter who sends them, in how many attempts, nor how large they are.
"""

import hashlib
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa

from billcore.core.accounts.acting import provider_acting
from billcore.core.accounts.checks import Refusal, constant
from billcore.core.caller import Caller
from billcore.core.errors import BatchTooLarge, RequestInvalid
from billcore.core.events.audit import audit
from billcore.core.events.outbox import record
from billcore.core.ids import computed_id
from billcore.core.loading.errors import LoadConflict, LoadOutOfOrder, LoadUnknown
from billcore.core.loading.kinds import Unreadable, keep, kind_of
from billcore.core.loading.work import Work
from billcore.core.requests import check_request_id
from billcore.core.store import loads as rows
from billcore.core.store.columns import text_parts
from billcore.core.store.loads import ChunkKey, Refused
from billcore.core.store.port import Column, Columns, Reader, Session, Store

CHUNK_ROWS = 50_000
"""Rows that are done in one transaction, where nothing else is asked for."""

CHUNK_ROWS_MAX = 200_000

DIGEST_BYTES = 32
NAME_MAX = 200

EVERY_ROW = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Source:
    """What is loaded: a file, by the digest of its content, or a stream, by the client's request.

    digest: SHA-256 of a file; of a stream of what its header says; name: for people.
    """

    kind: str
    digest: bytes
    request_id: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class State:
    """How far a load is. next_row counts from 1; recorded_at: microseconds since 1970 in UTC."""

    load_id: int
    kind: str
    source: str
    recorded_at: int
    next_chunk: int
    next_row: int
    accepted: int
    complete: bool

    @property
    def refused(self) -> int:
        """Rows that are done and not accepted."""
        return self.next_row - 1 - self.accepted


@dataclass(frozen=True, slots=True)
class Chunk:
    """Rows of a load as columns of one length; number: from 1. One without rows ends the load.

    unreadable: rows that are refused unseen, whatever stands in their columns.
    """

    number: int
    columns: Columns
    unreadable: Sequence[Unreadable] = field(default=())

    def __len__(self) -> int:
        return len(next(iter(self.columns.values()), ()))


@dataclass(frozen=True, slots=True)
class Done:
    """What became of a chunk. refused: rows counted from 1 in the load; repeated: it was done."""

    chunk: int
    first_row: int
    row_count: int
    accepted: int
    refused: tuple[Refused, ...]
    repeated: bool = False


class _Undone(Exception):
    """Ends the transaction of a trial."""


def open_load(session: Session, caller: Caller, source: Source, now: int) -> State:
    """The load of a source, begun now or before; now: microseconds since 1970 in UTC.

    Raises RequestInvalid, ProviderNeeded, and LoadConflict where the request loads something else.
    """
    provider_id = provider_acting(caller)
    _check_source(source)
    load_id = _load_id(caller, source)
    name = f"request {source.request_id}" if source.request_id else f"file {source.name}".strip()
    load = rows.Load(source.kind, name, source.digest, caller.client_id, now)
    if rows.add(session, provider_id, load_id, load):
        told = {"kind": source.kind, "source": name}
        audit(session, caller, "load.open", f"load {load_id}", "", told, now)
    stored = _found(session, provider_id, load_id)
    if (stored.kind, stored.digest) != (source.kind, source.digest):
        message = f"request {source.request_id!r} loads something else: a new load needs a new id."
        raise LoadConflict(load_id, message)
    return _state(session, provider_id, load_id, stored)


def _check_source(source: Source) -> None:
    kind_of(source.kind)
    if len(source.digest) != DIGEST_BYTES:
        raise RequestInvalid("digest", f"it is a SHA-256 of {DIGEST_BYTES} bytes.")
    if source.request_id:
        check_request_id(source.request_id)
        if not source.request_id.isprintable():
            raise RequestInvalid("request_id", "it has printable characters.")
    if len(source.name) > NAME_MAX or not source.name.isprintable():
        raise RequestInvalid("name", f"it has at most {NAME_MAX} printable characters.")


def _load_id(caller: Caller, source: Source) -> int:
    if source.request_id:
        named = "stream", caller.client_id, source.request_id
        return computed_id("load", caller.provider_id, *named)
    return computed_id("load", caller.provider_id, "file", source.kind, source.digest)


def load_chunk(session: Session, caller: Caller, load_id: int, chunk: Chunk, now: int) -> Done:
    """Does a chunk, or says what became of it when it was done.

    The transaction of the session is the chunk's own. Raises LoadUnknown, LoadConflict,
    LoadOutOfOrder, BatchTooLarge, ColumnMissing, ColumnInvalid: then nothing of it is kept.
    """
    _check_rows(chunk)
    key = ChunkKey(provider_acting(caller), load_id, chunk.number)
    digest = content_digest(chunk)
    if not rows.claim(session, key, len(chunk), digest, now):
        return _repeated(session, key, digest)
    load = _found(session, key.provider_id, load_id)
    first_row = _first_row(session, key)
    work = Work(session, caller, f"load {load_id}, chunk {chunk.number}", now)
    if not len(chunk):
        _tell_end(work, load_id)
        refusals: list[Refusal] = []
    else:
        refusals = keep(kind_of(load.kind), work, chunk.columns, chunk.unreadable)
    done = _done(chunk, first_row, refusals)
    _write_refused(session, key, done.refused)
    rows.finish(session, key, first_row, done.accepted)
    return done


def try_chunk(
    store: Store, caller: Caller, kind: str, chunk: Chunk, first_row: int, now: int
) -> Done:
    """What would become of a chunk of new rows; nothing is kept. Raises as `load_chunk`."""
    provider_acting(caller)
    _check_rows(chunk)
    refusals: list[Refusal] = []
    with suppress(_Undone), store.write() as session:
        work = Work(session, caller, f"trial, chunk {chunk.number}", now)
        if len(chunk):
            refusals = keep(kind_of(kind), work, chunk.columns, chunk.unreadable)
        raise _Undone
    return _done(chunk, first_row, refusals)


def get_load(reader: Reader, caller: Caller, load_id: int) -> State:
    """How far a load is. Raises LoadUnknown, of another provider's load as of none."""
    provider_id = provider_acting(caller)
    return _state(reader, provider_id, load_id, _found(reader, provider_id, load_id))


def refusals(reader: Reader, caller: Caller, load_id: int, after: int, most: int) -> list[Refused]:
    """Up to `most` refused rows of a load behind the row `after`. Raises LoadUnknown."""
    provider_id = provider_acting(caller)
    _found(reader, provider_id, load_id)
    return rows.refused(reader, provider_id, load_id, after, EVERY_ROW, most)


def content_digest(chunk: Chunk) -> bytes:
    """SHA-256 of all that a chunk says."""
    digest = hashlib.sha256()
    for name, column in chunk.columns.items():
        digest.update(f"{len(name)}:{name}".encode())
        _add_column(digest, column)
    digest.update(repr([tuple(u) for u in chunk.unreadable]).encode())
    return digest.digest()


def _add_column(digest: "hashlib._Hash", column: Column) -> None:
    if isinstance(column, np.ndarray):
        digest.update(b"int64")
        digest.update(np.ascontiguousarray(column, dtype="<i8").data)
        return
    offsets, data = text_parts(column)
    digest.update(b"text")
    digest.update(np.diff(offsets).astype("<i4").data)
    digest.update(data[offsets[0] : offsets[-1]].data)


def _check_rows(chunk: Chunk) -> None:
    if len(chunk) > CHUNK_ROWS_MAX:
        raise BatchTooLarge("chunk_rows_max", CHUNK_ROWS_MAX, len(chunk))
    if not 1 <= chunk.number < 2**31:
        raise RequestInvalid("chunk", f"{chunk.number} is not a chunk: they count from 1.")


def _found(reader: Reader, provider_id: int, load_id: int) -> rows.Load:
    load = rows.find(reader, provider_id, load_id)
    if load is None:
        raise LoadUnknown(load_id)
    return load


def _state(reader: Reader, provider_id: int, load_id: int, load: rows.Load) -> State:
    sums = rows.totals(reader, provider_id, load_id)
    return State(
        load_id=load_id,
        kind=load.kind,
        source=load.source,
        recorded_at=load.recorded_at,
        next_chunk=sums.chunks + 1,
        next_row=sums.rows + 1,
        accepted=sums.accepted,
        complete=not sums.least,
    )


def _first_row(session: Session, key: ChunkKey) -> int:
    """The row, from 1, at which a chunk begins that was claimed just now."""
    if key.chunk == 1:
        return 1
    before = rows.chunk(session, key._replace(chunk=key.chunk - 1))
    if before is None:
        message = f"chunk {key.chunk - 1} is not done: chunks are done in their order."
        raise LoadOutOfOrder(key.load_id, key.chunk, message)
    if not before.row_count:
        message = f"the load ended with chunk {key.chunk - 1}: load more rows by a new load."
        raise LoadOutOfOrder(key.load_id, key.chunk, message)
    return before.first_row + before.row_count


def _repeated(session: Session, key: ChunkKey, digest: bytes) -> Done:
    stored = rows.chunk(session, key)
    if stored is None or stored.digest != digest:
        raise LoadConflict(
            key.load_id,
            f"chunk {key.chunk} is done with other rows: open the load again and go on behind its "
            "last chunk; other content needs a load of its own.",
        )
    last = stored.first_row + stored.row_count - 1
    most = max(stored.row_count, 1)
    found = rows.refused(session, key.provider_id, key.load_id, stored.first_row - 1, last, most)
    counts = stored.first_row, stored.row_count, stored.accepted
    return Done(key.chunk, *counts, tuple(found), repeated=True)


def _done(chunk: Chunk, first_row: int, refusals: Sequence[Refusal]) -> Done:
    refused = tuple(
        Refused(first_row + r.row, r.field, r.reason, r.message.replace("\0", "")) for r in refusals
    )
    return Done(chunk.number, first_row, len(chunk), len(chunk) - len(refused), refused)


def _write_refused(session: Session, key: ChunkKey, refused: Sequence[Refused]) -> None:
    if refused:
        row_no, *texts = zip(*refused, strict=True)
        names = Refused._fields[1:]
        columns = {name: pa.array(t, pa.string()) for name, t in zip(names, texts, strict=True)}
        count = len(refused)
        rows.refuse(
            session,
            {
                "provider_id": constant(key.provider_id, count),
                "load_id": constant(key.load_id, count),
                "row_no": np.array(row_no, dtype=np.int64),
                **columns,
            },
        )


def _tell_end(work: Work, load_id: int) -> None:
    """Tells that a load is complete, with its counts."""
    sums = rows.totals(work.session, work.provider_id, load_id)
    told = {"accepted": sums.accepted, "refused": sums.rows - sums.accepted}
    record(work.session, work.provider_id, "load.ended", f"load {load_id}", told, work.now)
