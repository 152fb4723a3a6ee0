"""Why a bill cannot be corrected, or a correction not be undone."""

from billcore.core.errors import BillcoreError


class BillUncorrectable(BillcoreError):
    """A bill cannot be cancelled or billed again; `rule` says why."""

    reason = "BILL_UNCORRECTABLE"

    def __init__(self, bill: int, rule: str, message: str, other: int | None = None) -> None:
        super().__init__(f"Bill {bill}: {message}", bill=bill, rule=rule, other=other)
        self.rule = rule


class CorrectionUnknown(BillcoreError):
    """The provider has no correction of this number."""

    reason = "CORRECTION_UNKNOWN"

    def __init__(self, correction: int) -> None:
        super().__init__(
            f"There is no correction {correction}: the family of a bill names those of it.",
            correction=correction,
        )


class UndoRefused(BillcoreError):
    """A correction cannot be undone; `rule` says why."""

    reason = "UNDO_REFUSED"

    def __init__(self, correction: int, rule: str, message: str, other: int | None = None) -> None:
        super().__init__(
            f"Correction {correction}: {message}", correction=correction, rule=rule, other=other
        )
        self.rule = rule
