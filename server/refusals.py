"""What the edge itself refuses: it is full, it is leaving, a file cannot be read."""

from collections.abc import Sequence

from billcore.core.errors import BillcoreError


class StreamsExhausted(BillcoreError):
    """As many streams of a method are open as this server allows."""

    reason = "STREAMS_EXHAUSTED"
    retryable = True

    def __init__(self, method: str, limit: str, limit_max: int) -> None:
        name = method.rpartition("/")[2]
        super().__init__(
            f"{limit_max} {name} streams are open, the most that this server takes: try "
            "again when one has ended, or use fewer streams.",
            limit=limit,
            limit_max=limit_max,
        )


class ServerDraining(BillcoreError):
    """The server is stopping; what it answered stays answered."""

    reason = "SERVER_DRAINING"
    retryable = True

    def __init__(self) -> None:
        super().__init__(
            "This server is stopping. What was answered is done: open a new stream and go on after "
            "the last sequence that you have."
        )


class TableInvalid(BillcoreError):
    """A file of bills cannot be read; `faults` say where, the first of them."""

    reason = "TABLE_INVALID"

    def __init__(self, file: str, faults: Sequence[str]) -> None:
        super().__init__("\n".join(faults), file=file, faults=len(faults))


class ServerRefused(BillcoreError):
    """A server answered a command of ours with an error, or not at all."""

    reason = "SERVER_REFUSED"

    def __init__(self, address: str, code: str, message: str) -> None:
        super().__init__(f"Server {address}: {code}: {message}", address=address, code=code)
