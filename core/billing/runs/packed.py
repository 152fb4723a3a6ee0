"""The bills that the rate phase made of a chunk, as bytes: an Arrow stream, compressed."""

from dataclasses import fields

import numpy as np
import pyarrow as pa

from billcore.core.billing.issue import Drafts

_OPTIONS = pa.ipc.IpcWriteOptions(compression="lz4")
_TEXTS = ("lines", "inputs", "carried")
_SINCE = b"since"


def packed(drafts: Drafts, since: int) -> bytes:
    """Drafts as bytes, with the time up to which they know what was posted."""
    names = [field.name for field in fields(Drafts)]
    batch = pa.record_batch([pa.array(getattr(drafts, name)) for name in names], names=names)
    schema = batch.schema.with_metadata({_SINCE: str(since)})
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, schema, options=_OPTIONS) as writer:
        writer.write_batch(batch.replace_schema_metadata(schema.metadata))
    return bytes(sink.getvalue())


def unpacked(content: bytes) -> tuple[Drafts, int]:
    """The other way of `packed`."""
    with pa.ipc.open_stream(content) as reader:
        (batch,) = reader
        since = int(reader.schema.metadata[_SINCE])
    columns = {}
    for field in fields(Drafts):
        column = batch.column(field.name)
        texts = field.name in _TEXTS
        columns[field.name] = column if texts else np.asarray(column, dtype=np.int64)
    return Drafts(**columns), since
