"""What runs refuse."""

from collections.abc import Sequence

from billcore.core.errors import BillcoreError, RequestInvalid


class RunUnknown(BillcoreError):
    """The provider has no run of this number."""

    reason = "RUN_UNKNOWN"

    def __init__(self, run_id: int) -> None:
        super().__init__(f"There is no run {run_id}: list the runs.", run=run_id)


class RunStateUnfit(BillcoreError):
    """The run is not in a state in which this can be done."""

    reason = "RUN_STATE_UNFIT"

    def __init__(self, run_id: int, act: str, state: str, wanted: Sequence[str]) -> None:
        must = f"it must be {' or '.join(wanted)}" if wanted else "it must be of another kind"
        super().__init__(
            f"Run {run_id} is {state}; to {act} it, {must}.",
            run=run_id,
            state=state,
            wanted=", ".join(wanted),
        )


class RunOverlaps(BillcoreError):
    """Another run that is not finished has some of these accounts."""

    reason = "RUN_OVERLAPS"

    def __init__(self, run_id: int, state: str) -> None:
        super().__init__(
            f"Run {run_id} is {state} and has some of these accounts: freeze or cancel it first, "
            "or choose others.",
            run=run_id,
            state=state,
        )


class RunUnfinished(BillcoreError):
    """Chunks of the run's phase are still to do."""

    reason = "RUN_UNFINISHED"

    def __init__(self, run_id: int, phase: str, done: int, chunks: int) -> None:
        super().__init__(
            f"Run {run_id}: {done} of {chunks} chunks of the phase {phase} are done: resume it.",
            run=run_id,
            phase=phase,
            done=done,
            chunks=chunks,
        )


class RunBusy(BillcoreError):
    """A phase of the run has begun and not ended, so that this cannot be done now."""

    reason = "RUN_BUSY"

    def __init__(self, run_id: int, act: str, phase: str) -> None:
        super().__init__(
            f"Run {run_id} is in the middle of the phase {phase}: resume it; then {act} it.",
            run=run_id,
            phase=phase,
        )


class HoldUnknown(BillcoreError):
    """The run holds no bill of the account, or has none of it to hold."""

    reason = "HOLD_UNKNOWN"

    def __init__(self, run_id: int, account_id: int, message: str) -> None:
        super().__init__(
            f"Run {run_id}, account {account_id}: {message}", run=run_id, account=account_id
        )


class RunFinished(BillcoreError):
    """There is nothing to resume."""

    reason = "RUN_FINISHED"

    def __init__(self, run_id: int, state: str) -> None:
        super().__init__(
            f"Run {run_id} is {state}, and all that was begun of it is done.",
            run=run_id,
            state=state,
        )


class ReasonMissing(RequestInvalid):
    """What somebody decides needs a reason."""

    reason = "RUN_REASON_MISSING"

    def __init__(self) -> None:
        super().__init__("reason", "say why: it is kept in the audit log.")
