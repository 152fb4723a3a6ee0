"""Files of rows to load: checked whole first, then cut into chunks.

Goals: a file that cannot be read is refused before anything of it is kept; a line with other
columns than the header, or a cell that is not UTF-8, refuses its own row and keeps its number.
"""

import codecs
import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from billcore.core.loading.kinds import Kind, Unreadable, check_columns
from billcore.core.loading.loads import Chunk
from billcore.server import files
from billcore.server.refusals import TableInvalid

CHUNK_BYTES_MAX = 8 << 20
"""A chunk of longer texts has fewer rows than asked for, so that it is one message."""

LATIN_1 = "latin-1"
READ_BYTES = 1 << 22

SHOWN_MAX = 60
"""Characters of a line that is quoted."""


@dataclass(frozen=True, slots=True)
class LoadFile:
    """A file that can be loaded. digest: SHA-256 of its bytes; utf8: whether all of it is UTF-8."""

    file: Path
    columns: tuple[str, ...]
    rows: int
    digest: bytes
    utf8: bool


@dataclass(frozen=True, slots=True)
class Block:
    """Rows of a file as texts; the cells of unreadable rows, counted from 0 in it, are empty."""

    texts: pa.RecordBatch
    unreadable: list[Unreadable]


def checked(file: Path, kind: Kind) -> LoadFile:
    """Reads a file from top to bottom.

    Raises TableInvalid where it cannot be read, ColumnMissing and ColumnInvalid for its header.
    """
    columns = files.names(file)
    check_columns(kind, columns)
    digest, utf8 = _digest(file)
    rows, last = 0, None
    for block in blocks(file, columns, utf8=utf8):
        rows += block.texts.num_rows
        last = block if block.texts.num_rows else last
    if last is not None:
        _check_end(file, last, rows)
    return LoadFile(file, tuple(columns), rows, digest, utf8)


def chunks(loaded: LoadFile, first_chunk: int, first_row: int, rows: int) -> Iterator[Chunk]:
    """The rows from first_row (from 1) on, in chunks of at most so many rows."""
    number, skip = first_chunk, first_row - 1
    held: list[Block] = []
    for block in blocks(loaded.file, loaded.columns, utf8=loaded.utf8):
        held.append(_sliced(block, skip, block.texts.num_rows))
        skip = max(skip - block.texts.num_rows, 0)
        while sum(b.texts.num_rows for b in held) >= rows:
            chunk, held = _cut(held, number, rows)
            yield chunk
            number += 1
    while sum(b.texts.num_rows for b in held):
        chunk, held = _cut(held, number, rows)
        yield chunk
        number += 1


def blocks(file: Path, columns: Sequence[str], *, utf8: bool) -> Iterator[Block]:
    """The file from top to bottom; utf8: as in LoadFile. Raises TableInvalid."""
    if not files.is_parquet(file):
        yield from _csv_blocks(file, list(columns), utf8)
        return
    for batch in files.batches(file, list(columns)):
        try:
            texts = [files.texts(batch.column(name), file, name) for name in columns]
        except (pa.ArrowInvalid, pa.ArrowNotImplementedError) as error:
            raise TableInvalid(str(file), [f"{file}: {error}"]) from None
        yield Block(pa.RecordBatch.from_arrays(texts, list(columns)), [])


def _digest(file: Path) -> tuple[bytes, bool]:
    """SHA-256 of a file, and whether all of it is UTF-8."""
    digest, decoder = hashlib.sha256(), codecs.getincrementaldecoder("utf-8")()
    utf8 = not files.is_parquet(file)
    with file.open("rb") as stream:
        while part := stream.read(READ_BYTES):
            digest.update(part)
            utf8 = utf8 and _decodes(decoder, part)
    return digest.digest(), utf8 and _decodes(decoder, b"", final=True)


def _decodes(decoder: codecs.IncrementalDecoder, part: bytes, *, final: bool = False) -> bool:
    try:
        decoder.decode(part, final)
    except UnicodeDecodeError:
        return False
    return True


def _csv_blocks(file: Path, columns: list[str], utf8: bool) -> Iterator[Block]:
    """A file with bytes that are no texts is read as LATIN_1, which takes all, and decoded here."""
    broken: list[Unreadable] = []

    def skipped(row: Any) -> str:
        text = row.text if utf8 else row.text.encode(LATIN_1).decode(errors="backslashreplace")
        message = (
            f"the line has {row.actual_columns} columns, the header {row.expected_columns}: "
            f"{text[:SHOWN_MAX]!r}."
        )
        broken.append(Unreadable(row.number - 2, message))  # the header is row 1
        return "skip"

    first, encoding = 0, "utf8" if utf8 else LATIN_1
    for batch in files.batches(file, columns, encoding=encoding, broken=skipped):
        taken = _taken(broken, first, batch.num_rows)
        block = _placed(batch, [u._replace(row=u.row - first) for u in taken])
        first += block.texts.num_rows
        yield block if utf8 else _decoded(block)
    if broken:
        nothing = [pa.array([""] * len(broken), pa.string())] * len(columns)
        rest = [u._replace(row=place) for place, u in enumerate(broken)]
        yield Block(pa.RecordBatch.from_arrays(nothing, columns), rest)


def _taken(broken: list[Unreadable], first: int, good: int) -> list[Unreadable]:
    """The broken rows among and right behind so many good ones from a row on. OUT: broken."""
    count = 0
    while count < len(broken) and broken[count].row <= first + good + count:
        count += 1
    taken = broken[:count]
    del broken[:count]
    return taken


def _placed(batch: pa.RecordBatch, broken: list[Unreadable]) -> Block:
    """A block with empty rows where lines were broken."""
    if broken:
        batch = batch.take(_places(batch.num_rows, [u.row for u in broken]))
    arrays = [pc.fill_null(column, "") for column in batch.columns]
    return Block(pa.RecordBatch.from_arrays(arrays, batch.schema.names), broken)


def _places(good: int, broken: list[int]) -> pa.Array:
    """The good rows in order, null where a broken one stands."""
    is_good = np.ones(good + len(broken), dtype=np.bool_)
    is_good[broken] = False
    return pa.array(np.cumsum(is_good) - 1, mask=~is_good)


def _decoded(block: Block) -> Block:
    """A block of LATIN_1 as the UTF-8 that it was, its other rows unreadable."""
    unreadable = {u.row: u for u in block.unreadable}
    arrays = []
    for name, column in zip(block.texts.schema.names, block.texts.columns, strict=True):
        texts = []
        for row, held in enumerate(column.to_pylist()):
            raw = held.encode(LATIN_1)
            try:
                texts.append(raw.decode())
            except UnicodeDecodeError:
                texts.append("")
                message = f"column {name} is not UTF-8: {raw[:SHOWN_MAX]!r}."
                unreadable.setdefault(row, Unreadable(row, message))
        arrays.append(pa.array(texts, pa.string()))
    texts_of = pa.RecordBatch.from_arrays(arrays, block.texts.schema.names)
    return Block(texts_of, [unreadable[row] for row in sorted(unreadable)])


def _check_end(file: Path, block: Block, rows: int) -> None:
    """A quotation mark that is never closed swallows all rows behind it."""
    end = block.texts.slice(block.texts.num_rows - 1)
    last = block.unreadable[-1] if block.unreadable else None
    swallowed = last is not None and last.row == block.texts.num_rows - 1 and "\\n" in last.message
    if swallowed or any("\n" in column[0].as_py() for column in end.columns):
        fault = f"{file}: row {rows}, the last: a quotation mark is opened and never closed."
        raise TableInvalid(str(file), [fault])


# -- cutting


def _sliced(block: Block, start: int, stop: int) -> Block:
    texts = block.texts.slice(start, max(stop - start, 0))
    inside = [u._replace(row=u.row - start) for u in block.unreadable if start <= u.row < stop]
    return Block(texts, inside)


def _cut(held: list[Block], number: int, rows: int) -> tuple[Chunk, list[Block]]:
    """A chunk of the first rows of blocks, and the others."""
    whole = _joined(held)
    rows = min(rows, whole.texts.num_rows)
    size = whole.texts.slice(0, rows).nbytes
    if size > CHUNK_BYTES_MAX:
        rows = max(rows * CHUNK_BYTES_MAX // size, 1)
    head = _sliced(whole, 0, rows)
    columns = dict(zip(head.texts.schema.names, head.texts.columns, strict=True))
    return Chunk(number, columns, head.unreadable), [_sliced(whole, rows, whole.texts.num_rows)]


def _joined(held: list[Block]) -> Block:
    if len(held) == 1:
        return held[0]
    first, unreadable = 0, []
    for block in held:
        unreadable += [u._replace(row=u.row + first) for u in block.unreadable]
        first += block.texts.num_rows
    table = pa.Table.from_batches([b.texts for b in held]).combine_chunks()
    whole = table.to_batches(max_chunksize=first)
    return Block(whole[0] if whole else held[0].texts, unreadable)
