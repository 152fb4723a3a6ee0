"""What direct debit refuses."""

from collections.abc import Sequence

from billcore.core.errors import BillcoreError, RequestInvalid
from billcore.core.reconciliation.files.errors import DefinitionInvalid


class DebitFieldInvalid(RequestInvalid):
    """A field of a request about direct debit breaks its rule."""

    reason = "DEBIT_FIELD_INVALID"


class MandateUnknown(BillcoreError):
    """The provider has no such mandate."""

    reason = "MANDATE_UNKNOWN"

    def __init__(self, mandate: str) -> None:
        super().__init__(f"No mandate {mandate!r} is known here: list them.", mandate=mandate)


class MandateConflict(BillcoreError):
    """The reference is another mandate's, or another one of the account is active."""

    reason = "MANDATE_CONFLICT"

    def __init__(self, mandate: str, message: str) -> None:
        super().__init__(message, mandate=mandate)


class MandateStateUnfit(BillcoreError):
    """A mandate is not in the state that this needs."""

    reason = "MANDATE_STATE_UNFIT"

    def __init__(self, mandate: str, state: str, needed: str) -> None:
        super().__init__(
            f"Mandate {mandate} is {state}; this needs one that is {needed}.",
            mandate=mandate,
            state=state,
            needed=needed,
        )


class DebitTermsMissing(BillcoreError):
    """The channel has no creditor, or no format: nothing can be collected through it."""

    reason = "DEBIT_TERMS_MISSING"

    def __init__(self, channel: str, what: str) -> None:
        super().__init__(
            f"The terms of direct debit through {channel!r} lack {what}: set them.",
            channel=channel,
            lacks=what,
        )


class DebitDayInvalid(BillcoreError):
    """Nothing can be collected on that day, or not by now."""

    reason = "DEBIT_DAY_INVALID"

    def __init__(self, day: str, message: str) -> None:
        super().__init__(message, day=day)


class DebitUnknown(BillcoreError):
    """The provider has no such debit."""

    reason = "DEBIT_UNKNOWN"

    def __init__(self, debit: str) -> None:
        super().__init__(f"No debit {debit!r} is known here: list them.", debit=debit)


class DebitStateUnfit(BillcoreError):
    """A debit is not in the state that this needs."""

    reason = "DEBIT_STATE_UNFIT"

    def __init__(self, debit: str, state: str, needed: str) -> None:
        super().__init__(
            f"Debit {debit} is {state}; this needs one that is {needed}.",
            debit=debit,
            state=state,
            needed=needed,
        )


class DebitsMissing(BillcoreError):
    """No debit of the channel, scheme and day waits to be sealed."""

    reason = "DEBITS_MISSING"

    def __init__(self, day: str) -> None:
        super().__init__(
            f"No debit of {day} was announced and waits: plan them, then notify.", day=day
        )


class DebitBatchUnknown(BillcoreError):
    """The provider has no such batch."""

    reason = "DEBIT_BATCH_UNKNOWN"

    def __init__(self, batch_no: int) -> None:
        super().__init__(f"No batch {batch_no} of debits is known here: list them.", batch=batch_no)


class DebitBatchStateUnfit(BillcoreError):
    """A batch is not in the state that this needs."""

    reason = "DEBIT_BATCH_STATE_UNFIT"

    def __init__(self, batch_no: int, state: str, needed: str) -> None:
        super().__init__(
            f"Batch {batch_no} is {state}; this needs one that is {needed}.",
            batch=batch_no,
            state=state,
            needed=needed,
        )


class DebitFormatUnknown(BillcoreError):
    """No pair of files of this name is shipped or kept."""

    reason = "DEBIT_FORMAT_UNKNOWN"

    def __init__(self, name: str, known: Sequence[str]) -> None:
        super().__init__(
            f"No format {name!r} of debits is defined here. Allowed: {', '.join(known)}.",
            format=name,
        )


class DebitFormatInvalid(DefinitionInvalid):
    """The definition of a pair of files is refused."""

    reason = "DEBIT_FORMAT_INVALID"
