"""What the edge itself refuses: it is full, it is leaving, a file cannot be read."""

from collections.abc import Sequence

from billcore.core.errors import BillcoreError


class StreamsExhausted(BillcoreError):
    """As many streams are open as this server allows."""

    reason = "STREAMS_EXHAUSTED"
    retryable = True

    def __init__(self, streams_max: int) -> None:
        super().__init__(
            f"{streams_max} RateBatch streams are open, the most that this server takes: try "
            "again when one has ended, or send its batches through fewer streams.",
            limit="streams_max",
            limit_max=streams_max,
        )


class ServerDraining(BillcoreError):
    """The server is stopping; what it answered stays answered."""

    reason = "SERVER_DRAINING"
    retryable = True

    def __init__(self) -> None:
        super().__init__(
            "This server is stopping. What was answered is done: open a new stream and send the "
            "batches after the last sequence that you have."
        )


class TableInvalid(BillcoreError):
    """A file of bills cannot be read; `faults` say where, the first of them."""

    reason = "TABLE_INVALID"

    def __init__(self, file: str, faults: Sequence[str]) -> None:
        super().__init__("\n".join(faults), file=file, faults=len(faults))
