"""What cases refuse."""

from collections.abc import Iterable

from billcore.core.accounts.errors import FieldRefused
from billcore.core.cases.states import NEXT, CaseState
from billcore.core.errors import BillcoreError


class CaseFieldInvalid(FieldRefused):
    """A field of a case, or of its evidence, breaks its rule."""

    reason = "CASE_FIELD_INVALID"


class CaseUnknown(BillcoreError):
    """The provider has no case of this number."""

    reason = "CASE_UNKNOWN"

    def __init__(self, case_no: int) -> None:
        super().__init__(f"There is no case {case_no}: list the cases.", case=case_no)


class EvidenceUnknown(BillcoreError):
    """The case has no such piece of evidence, or nothing to look at."""

    reason = "EVIDENCE_UNKNOWN"

    def __init__(self, case_no: int, evidence_no: int) -> None:
        super().__init__(
            f"Case {case_no} has no evidence {evidence_no} with a content: GetCase lists what it "
            "has.",
            case=case_no,
            evidence=evidence_no,
        )


class CaseStateUnfit(BillcoreError):
    """A case is not in a state for this."""

    reason = "CASE_STATE_UNFIT"

    def __init__(self, case_no: int, state: CaseState, what: str) -> None:
        following = ", ".join(sorted(one.name for one in NEXT[state]))
        super().__init__(
            f"Case {case_no} is {state.name}: it cannot be {what} now. From here: {following}.",
            case=case_no,
            state=state.name,
        )


class ClaimTaken(BillcoreError):
    """What the evidence claims has founded another case."""

    reason = "CLAIM_TAKEN"

    def __init__(self, case_no: int, claim: str) -> None:
        super().__init__(
            f"{claim} founds case {case_no} already: add to that, or reopen it.", case=case_no
        )


class EvidenceMissing(BillcoreError):
    """A case lacks what its kind must have."""

    reason = "EVIDENCE_MISSING"

    def __init__(self, case_no: int, needs: Iterable[str]) -> None:
        listed = "; ".join(needs)
        super().__init__(f"Case {case_no} lacks: {listed}.", case=case_no, needs=listed)


class ApprovalNeeded(BillcoreError):
    """A correction of such an amount is approved by another person first."""

    reason = "APPROVAL_NEEDED"

    def __init__(self, case_no: int, amount: int, above: int, why: str) -> None:
        super().__init__(
            f"Case {case_no} moves {amount}, above {above}: {why}",
            case=case_no,
            amount=amount,
            above=above,
        )


class NoticeRunning(BillcoreError):
    """Who loses money was told, and has time until then."""

    reason = "NOTICE_RUNNING"

    def __init__(self, case_no: int, correct_from: int, now: int) -> None:
        super().__init__(
            f"Case {case_no} is corrected from {correct_from} on (microseconds since 1970), it is "
            f"{now}: the account that loses was told and has until then.",
            case=case_no,
            correct_from=correct_from,
        )


class ProposalStale(BillcoreError):
    """What would be posted now is not what was proposed."""

    reason = "PROPOSAL_STALE"

    def __init__(self, case_no: int, proposal_no: int, what: str) -> None:
        super().__init__(
            f"Proposal {proposal_no} of case {case_no} is of another state of the books: {what} "
            "Investigate, and propose again.",
            case=case_no,
            proposal=proposal_no,
        )


class CorrectionUnfit(BillcoreError):
    """The case cannot be corrected in this way; `rule` says why."""

    reason = "CORRECTION_UNFIT"

    def __init__(self, case_no: int, rule: str, message: str) -> None:
        super().__init__(f"Case {case_no}: {message}", case=case_no, rule=rule)


class ReopenRefused(BillcoreError):
    """A case is reopened once, within the days of the policy."""

    reason = "REOPEN_REFUSED"

    def __init__(self, case_no: int, why: str) -> None:
        super().__init__(f"Case {case_no} is not reopened: {why}", case=case_no)
