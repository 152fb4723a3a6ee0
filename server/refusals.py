"""What the edge itself refuses: it is full, or it is leaving. Each of them may be tried again."""

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
