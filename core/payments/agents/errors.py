"""What agents refuse."""

from billcore.core.errors import BillcoreError, RequestInvalid
from billcore.core.payments.codes import Code


class AgentFieldInvalid(RequestInvalid):
    """A field of a request about agents breaks its rule."""

    reason = "AGENT_FIELD_INVALID"


class AgentUnknown(BillcoreError):
    """The channel has no agent here."""

    reason = "AGENT_UNKNOWN"

    def __init__(self, channel: str) -> None:
        super().__init__(f"The channel {channel!r} has no agent here: create it.", channel=channel)


class AgentShiftUnknown(BillcoreError):
    """The agent had no such shift."""

    reason = "AGENT_SHIFT_UNKNOWN"

    def __init__(self, channel: str, shift_no: int) -> None:
        super().__init__(
            f"The agent {channel!r} had no shift {shift_no}: list them.",
            channel=channel,
            shift_no=shift_no,
        )


class AgentShiftUnfit(BillcoreError):
    """A shift is open, or none is, where it should be the other way round."""

    reason = "AGENT_SHIFT_UNFIT"


class AgentShut(BillcoreError):
    """The agent takes nothing now: no shift of it is open, or nobody has created it here."""

    reason = "AGENT_SHUT"
    code = Code.TEMPORARY
    retryable = True


class AgentLimit(BillcoreError):
    """The agent would hold more cash than it may."""

    reason = "AGENT_LIMIT"
    code = Code.AMOUNT_HIGH
