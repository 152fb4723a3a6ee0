"""An export as messages: one Arrow IPC stream, cut where a message is full; and read back.

Goals: a message is bounded however large a batch is, and one batch at a time is in memory. Non-
goals: what is exported (`core.billing.runs.export`).
"""

import io
from collections.abc import Iterable, Iterator

import pyarrow as pa

from billcore.core.billing.runs.export import Export
from billcore.v1 import export_pb2 as pb

MESSAGE_BYTES_MAX = 1 << 20
"""Bytes of a message's data; clients take messages of 4 MiB unless they say more."""

_OPTIONS = pa.ipc.IpcWriteOptions(compression="lz4")


def messages(found: Export) -> Iterator[pb.ExportRunResponse]:
    """The bills of a run. Raises RunStateUnfit when it is cancelled meanwhile."""
    for block in _blocks(found):
        for start in range(0, len(block), MESSAGE_BYTES_MAX):
            yield pb.ExportRunResponse(data=block[start : start + MESSAGE_BYTES_MAX])


def _blocks(found: Export) -> Iterator[bytes]:
    """The bytes of the schema with the first batch, of each other batch, and of the end."""
    sink = io.BytesIO()
    with pa.ipc.new_stream(sink, found.schema, options=_OPTIONS) as writer:
        for batch in found.batches():
            writer.write_batch(batch)
            yield _taken(sink)
    yield _taken(sink)


def _taken(sink: io.BytesIO) -> bytes:
    """What has been written. OUT: sink is empty."""
    block = sink.getvalue()
    sink.seek(0)
    sink.truncate()
    return block


# -- the client's half


class Received(io.RawIOBase):
    """The data of messages as a file that is read once, from the beginning."""

    def __init__(self, answers: Iterable[pb.ExportRunResponse]) -> None:
        super().__init__()
        self._answers = iter(answers)
        self._left = memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        if not self._left:
            self._left = memoryview(next(self._answers, pb.ExportRunResponse()).data)
        count = min(len(buffer), len(self._left))
        buffer[:count] = self._left[:count]
        self._left = self._left[count:]
        return count


def opened(answers: Iterable[pb.ExportRunResponse]) -> pa.RecordBatchReader:
    """The bills in the answers, batch by batch. Raises what iterating the answers raises."""
    return pa.ipc.open_stream(pa.PythonFile(io.BufferedReader(Received(answers)), mode="r"))
