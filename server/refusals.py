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


class ExecutorUnreachable(BillcoreError):
    """The scheduler of a cluster, or all its workers, are gone."""

    reason = "EXECUTOR_UNREACHABLE"
    retryable = True

    def __init__(self, executor: str, why: str) -> None:
        super().__init__(
            f"{executor}: {why} What was done is kept: start the scheduler and its workers, then "
            "resume the run, there or with the executor `processes`.",
            executor=executor,
        )


class WorkerUnfit(BillcoreError):
    """A worker of a cluster does not run what this server runs."""

    reason = "WORKER_UNFIT"

    def __init__(self, worker: str, why: str) -> None:
        super().__init__(
            f"The worker {worker} did nothing: {why} Install the same wheel of billcore and its "
            "extra `scale` on the server and on every worker, restart the workers, then resume the "
            "run.",
            worker=worker,
        )


class LookUpsExhausted(BillcoreError):
    """So many accounts were looked up that it could be to find numbers out."""

    reason = "LOOK_UPS_EXHAUSTED"
    retryable = True

    def __init__(self, limit: str, seconds: int) -> None:
        super().__init__(
            f"Too many accounts were looked up ({limit}): try again in {seconds} seconds.",
            limit=limit,
            seconds=seconds,
        )
        self.retry_seconds = seconds


class ClientCallsExhausted(BillcoreError):
    """A client calls more often than this server lets one."""

    reason = "CLIENT_CALLS_EXHAUSTED"
    retryable = True

    def __init__(self, client_id: int, limit_max: int, seconds: int) -> None:
        super().__init__(
            f"This client calls more than {limit_max:,} times a second: try again in {seconds} "
            "seconds, and call less often.",
            limit="client_calls_per_second",
            limit_max=limit_max,
            client_id=client_id,
        )
        self.retry_seconds = seconds


class ClientCallsOpen(BillcoreError):
    """As many calls of a client are under way as this server lets one have."""

    reason = "CLIENT_CALLS_OPEN"
    retryable = True

    def __init__(self, client_id: int, limit_max: int) -> None:
        super().__init__(
            f"{limit_max:,} calls of this client are under way, the most that it may have at a "
            "time, streams included: try again when one has ended.",
            limit="client_calls_max",
            limit_max=limit_max,
            client_id=client_id,
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
