from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class CaseKind(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    CASE_KIND_UNSPECIFIED: _ClassVar[CaseKind]
    CASE_KIND_LATE_PAYMENT: _ClassVar[CaseKind]
    CASE_KIND_DEBITED_NOT_RECEIVED: _ClassVar[CaseKind]
    CASE_KIND_WRONG_ID_SUBSCRIBER: _ClassVar[CaseKind]
    CASE_KIND_WRONG_ID_ORGANISATION: _ClassVar[CaseKind]
    CASE_KIND_PAST_BILL_ID: _ClassVar[CaseKind]
    CASE_KIND_DOUBLE_PAYMENT: _ClassVar[CaseKind]

class CaseState(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    CASE_STATE_UNSPECIFIED: _ClassVar[CaseState]
    CASE_STATE_REGISTERED: _ClassVar[CaseState]
    CASE_STATE_EVIDENCE_NEEDED: _ClassVar[CaseState]
    CASE_STATE_CHECKING: _ClassVar[CaseState]
    CASE_STATE_FOUND_LATE: _ClassVar[CaseState]
    CASE_STATE_FOUND_OTHER_SUBSCRIBER: _ClassVar[CaseState]
    CASE_STATE_FOUND_PAST_BILL: _ClassVar[CaseState]
    CASE_STATE_FOUND_DOUBLE: _ClassVar[CaseState]
    CASE_STATE_FOUND_SUSPENSE: _ClassVar[CaseState]
    CASE_STATE_SENT_TO_FINANCE: _ClassVar[CaseState]
    CASE_STATE_NOT_OURS: _ClassVar[CaseState]
    CASE_STATE_NOT_FOUND: _ClassVar[CaseState]
    CASE_STATE_CORRECTION_PROPOSED: _ClassVar[CaseState]
    CASE_STATE_CORRECTED: _ClassVar[CaseState]
    CASE_STATE_NOTIFIED: _ClassVar[CaseState]
    CASE_STATE_CLOSED: _ClassVar[CaseState]
    CASE_STATE_REJECTED: _ClassVar[CaseState]
    CASE_STATE_WITHDRAWN: _ClassVar[CaseState]
    CASE_STATE_REOPENED: _ClassVar[CaseState]

class EvidenceKind(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    EVIDENCE_KIND_UNSPECIFIED: _ClassVar[EvidenceKind]
    EVIDENCE_KIND_RECEIPT: _ClassVar[EvidenceKind]
    EVIDENCE_KIND_STUB: _ClassVar[EvidenceKind]
    EVIDENCE_KIND_PRINT_OUT: _ClassVar[EvidenceKind]
    EVIDENCE_KIND_TURNOVER: _ClassVar[EvidenceKind]
    EVIDENCE_KIND_BILL: _ClassVar[EvidenceKind]
    EVIDENCE_KIND_TOLD: _ClassVar[EvidenceKind]
    EVIDENCE_KIND_OTHER: _ClassVar[EvidenceKind]

class CorrectionStepKind(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    CORRECTION_STEP_KIND_UNSPECIFIED: _ClassVar[CorrectionStepKind]
    CORRECTION_STEP_KIND_TRANSFER: _ClassVar[CorrectionStepKind]
    CORRECTION_STEP_KIND_SUSPENSE_TRANSFER: _ClassVar[CorrectionStepKind]
    CORRECTION_STEP_KIND_REISSUE: _ClassVar[CorrectionStepKind]
    CORRECTION_STEP_KIND_REFUND: _ClassVar[CorrectionStepKind]
    CORRECTION_STEP_KIND_PROVISIONAL_CREDIT: _ClassVar[CorrectionStepKind]
    CORRECTION_STEP_KIND_PROVISIONAL_BACK: _ClassVar[CorrectionStepKind]
CASE_KIND_UNSPECIFIED: CaseKind
CASE_KIND_LATE_PAYMENT: CaseKind
CASE_KIND_DEBITED_NOT_RECEIVED: CaseKind
CASE_KIND_WRONG_ID_SUBSCRIBER: CaseKind
CASE_KIND_WRONG_ID_ORGANISATION: CaseKind
CASE_KIND_PAST_BILL_ID: CaseKind
CASE_KIND_DOUBLE_PAYMENT: CaseKind
CASE_STATE_UNSPECIFIED: CaseState
CASE_STATE_REGISTERED: CaseState
CASE_STATE_EVIDENCE_NEEDED: CaseState
CASE_STATE_CHECKING: CaseState
CASE_STATE_FOUND_LATE: CaseState
CASE_STATE_FOUND_OTHER_SUBSCRIBER: CaseState
CASE_STATE_FOUND_PAST_BILL: CaseState
CASE_STATE_FOUND_DOUBLE: CaseState
CASE_STATE_FOUND_SUSPENSE: CaseState
CASE_STATE_SENT_TO_FINANCE: CaseState
CASE_STATE_NOT_OURS: CaseState
CASE_STATE_NOT_FOUND: CaseState
CASE_STATE_CORRECTION_PROPOSED: CaseState
CASE_STATE_CORRECTED: CaseState
CASE_STATE_NOTIFIED: CaseState
CASE_STATE_CLOSED: CaseState
CASE_STATE_REJECTED: CaseState
CASE_STATE_WITHDRAWN: CaseState
CASE_STATE_REOPENED: CaseState
EVIDENCE_KIND_UNSPECIFIED: EvidenceKind
EVIDENCE_KIND_RECEIPT: EvidenceKind
EVIDENCE_KIND_STUB: EvidenceKind
EVIDENCE_KIND_PRINT_OUT: EvidenceKind
EVIDENCE_KIND_TURNOVER: EvidenceKind
EVIDENCE_KIND_BILL: EvidenceKind
EVIDENCE_KIND_TOLD: EvidenceKind
EVIDENCE_KIND_OTHER: EvidenceKind
CORRECTION_STEP_KIND_UNSPECIFIED: CorrectionStepKind
CORRECTION_STEP_KIND_TRANSFER: CorrectionStepKind
CORRECTION_STEP_KIND_SUSPENSE_TRANSFER: CorrectionStepKind
CORRECTION_STEP_KIND_REISSUE: CorrectionStepKind
CORRECTION_STEP_KIND_REFUND: CorrectionStepKind
CORRECTION_STEP_KIND_PROVISIONAL_CREDIT: CorrectionStepKind
CORRECTION_STEP_KIND_PROVISIONAL_BACK: CorrectionStepKind

class Evidence(_message.Message):
    __slots__ = ("kind", "media_type", "content", "taken_at", "channel", "payer_code", "payment_code", "amount", "paid_at", "trace", "paid_channel", "pan_last4", "evidence_no", "sha256", "size", "keep_until", "uploaded_by", "recorded_at")
    KIND_FIELD_NUMBER: _ClassVar[int]
    MEDIA_TYPE_FIELD_NUMBER: _ClassVar[int]
    CONTENT_FIELD_NUMBER: _ClassVar[int]
    TAKEN_AT_FIELD_NUMBER: _ClassVar[int]
    CHANNEL_FIELD_NUMBER: _ClassVar[int]
    PAYER_CODE_FIELD_NUMBER: _ClassVar[int]
    PAYMENT_CODE_FIELD_NUMBER: _ClassVar[int]
    AMOUNT_FIELD_NUMBER: _ClassVar[int]
    PAID_AT_FIELD_NUMBER: _ClassVar[int]
    TRACE_FIELD_NUMBER: _ClassVar[int]
    PAID_CHANNEL_FIELD_NUMBER: _ClassVar[int]
    PAN_LAST4_FIELD_NUMBER: _ClassVar[int]
    EVIDENCE_NO_FIELD_NUMBER: _ClassVar[int]
    SHA256_FIELD_NUMBER: _ClassVar[int]
    SIZE_FIELD_NUMBER: _ClassVar[int]
    KEEP_UNTIL_FIELD_NUMBER: _ClassVar[int]
    UPLOADED_BY_FIELD_NUMBER: _ClassVar[int]
    RECORDED_AT_FIELD_NUMBER: _ClassVar[int]
    kind: EvidenceKind
    media_type: str
    content: bytes
    taken_at: int
    channel: str
    payer_code: str
    payment_code: str
    amount: int
    paid_at: int
    trace: str
    paid_channel: str
    pan_last4: str
    evidence_no: int
    sha256: str
    size: int
    keep_until: str
    uploaded_by: str
    recorded_at: int
    def __init__(self, kind: _Optional[_Union[EvidenceKind, str]] = ..., media_type: _Optional[str] = ..., content: _Optional[bytes] = ..., taken_at: _Optional[int] = ..., channel: _Optional[str] = ..., payer_code: _Optional[str] = ..., payment_code: _Optional[str] = ..., amount: _Optional[int] = ..., paid_at: _Optional[int] = ..., trace: _Optional[str] = ..., paid_channel: _Optional[str] = ..., pan_last4: _Optional[str] = ..., evidence_no: _Optional[int] = ..., sha256: _Optional[str] = ..., size: _Optional[int] = ..., keep_until: _Optional[str] = ..., uploaded_by: _Optional[str] = ..., recorded_at: _Optional[int] = ...) -> None: ...

class Case(_message.Message):
    __slots__ = ("case_no", "kind", "account_id", "number", "channel", "state", "needs", "waits_until", "letter", "held_item_id", "registered_at", "due_at", "paused_at", "stopped_at", "percent", "overdue", "round", "timeline", "evidence", "findings", "proposals", "corrections", "currency", "digits")
    CASE_NO_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    ACCOUNT_ID_FIELD_NUMBER: _ClassVar[int]
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    CHANNEL_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    NEEDS_FIELD_NUMBER: _ClassVar[int]
    WAITS_UNTIL_FIELD_NUMBER: _ClassVar[int]
    LETTER_FIELD_NUMBER: _ClassVar[int]
    HELD_ITEM_ID_FIELD_NUMBER: _ClassVar[int]
    REGISTERED_AT_FIELD_NUMBER: _ClassVar[int]
    DUE_AT_FIELD_NUMBER: _ClassVar[int]
    PAUSED_AT_FIELD_NUMBER: _ClassVar[int]
    STOPPED_AT_FIELD_NUMBER: _ClassVar[int]
    PERCENT_FIELD_NUMBER: _ClassVar[int]
    OVERDUE_FIELD_NUMBER: _ClassVar[int]
    ROUND_FIELD_NUMBER: _ClassVar[int]
    TIMELINE_FIELD_NUMBER: _ClassVar[int]
    EVIDENCE_FIELD_NUMBER: _ClassVar[int]
    FINDINGS_FIELD_NUMBER: _ClassVar[int]
    PROPOSALS_FIELD_NUMBER: _ClassVar[int]
    CORRECTIONS_FIELD_NUMBER: _ClassVar[int]
    CURRENCY_FIELD_NUMBER: _ClassVar[int]
    DIGITS_FIELD_NUMBER: _ClassVar[int]
    case_no: int
    kind: CaseKind
    account_id: int
    number: str
    channel: str
    state: CaseState
    needs: _containers.RepeatedScalarFieldContainer[str]
    waits_until: str
    letter: str
    held_item_id: int
    registered_at: int
    due_at: int
    paused_at: int
    stopped_at: int
    percent: int
    overdue: bool
    round: int
    timeline: _containers.RepeatedCompositeFieldContainer[CaseEvent]
    evidence: _containers.RepeatedCompositeFieldContainer[Evidence]
    findings: _containers.RepeatedCompositeFieldContainer[CaseFinding]
    proposals: _containers.RepeatedCompositeFieldContainer[CorrectionProposal]
    corrections: _containers.RepeatedCompositeFieldContainer[PostedCorrection]
    currency: str
    digits: int
    def __init__(self, case_no: _Optional[int] = ..., kind: _Optional[_Union[CaseKind, str]] = ..., account_id: _Optional[int] = ..., number: _Optional[str] = ..., channel: _Optional[str] = ..., state: _Optional[_Union[CaseState, str]] = ..., needs: _Optional[_Iterable[str]] = ..., waits_until: _Optional[str] = ..., letter: _Optional[str] = ..., held_item_id: _Optional[int] = ..., registered_at: _Optional[int] = ..., due_at: _Optional[int] = ..., paused_at: _Optional[int] = ..., stopped_at: _Optional[int] = ..., percent: _Optional[int] = ..., overdue: _Optional[bool] = ..., round: _Optional[int] = ..., timeline: _Optional[_Iterable[_Union[CaseEvent, _Mapping]]] = ..., evidence: _Optional[_Iterable[_Union[Evidence, _Mapping]]] = ..., findings: _Optional[_Iterable[_Union[CaseFinding, _Mapping]]] = ..., proposals: _Optional[_Iterable[_Union[CorrectionProposal, _Mapping]]] = ..., corrections: _Optional[_Iterable[_Union[PostedCorrection, _Mapping]]] = ..., currency: _Optional[str] = ..., digits: _Optional[int] = ...) -> None: ...

class CaseEvent(_message.Message):
    __slots__ = ("to", "reason", "actor", "recorded_at")
    FROM_FIELD_NUMBER: _ClassVar[int]
    TO_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    ACTOR_FIELD_NUMBER: _ClassVar[int]
    RECORDED_AT_FIELD_NUMBER: _ClassVar[int]
    to: CaseState
    reason: str
    actor: str
    recorded_at: int
    def __init__(self, to: _Optional[_Union[CaseState, str]] = ..., reason: _Optional[str] = ..., actor: _Optional[str] = ..., recorded_at: _Optional[int] = ..., **kwargs) -> None: ...

class CaseFinding(_message.Message):
    __slots__ = ("outcome", "waits_until", "facts", "recorded_at")
    OUTCOME_FIELD_NUMBER: _ClassVar[int]
    WAITS_UNTIL_FIELD_NUMBER: _ClassVar[int]
    FACTS_FIELD_NUMBER: _ClassVar[int]
    RECORDED_AT_FIELD_NUMBER: _ClassVar[int]
    outcome: CaseState
    waits_until: str
    facts: _containers.RepeatedCompositeFieldContainer[CaseFact]
    recorded_at: int
    def __init__(self, outcome: _Optional[_Union[CaseState, str]] = ..., waits_until: _Optional[str] = ..., facts: _Optional[_Iterable[_Union[CaseFact, _Mapping]]] = ..., recorded_at: _Optional[int] = ...) -> None: ...

class CaseFact(_message.Message):
    __slots__ = ("what", "channel", "reference", "payment_id", "account_id", "number", "amount", "day", "paid_at", "bill_id", "payer_code", "payment_code", "matched", "text")
    WHAT_FIELD_NUMBER: _ClassVar[int]
    CHANNEL_FIELD_NUMBER: _ClassVar[int]
    REFERENCE_FIELD_NUMBER: _ClassVar[int]
    PAYMENT_ID_FIELD_NUMBER: _ClassVar[int]
    ACCOUNT_ID_FIELD_NUMBER: _ClassVar[int]
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    AMOUNT_FIELD_NUMBER: _ClassVar[int]
    DAY_FIELD_NUMBER: _ClassVar[int]
    PAID_AT_FIELD_NUMBER: _ClassVar[int]
    BILL_ID_FIELD_NUMBER: _ClassVar[int]
    PAYER_CODE_FIELD_NUMBER: _ClassVar[int]
    PAYMENT_CODE_FIELD_NUMBER: _ClassVar[int]
    MATCHED_FIELD_NUMBER: _ClassVar[int]
    TEXT_FIELD_NUMBER: _ClassVar[int]
    what: str
    channel: str
    reference: str
    payment_id: int
    account_id: int
    number: str
    amount: int
    day: str
    paid_at: int
    bill_id: int
    payer_code: str
    payment_code: str
    matched: str
    text: str
    def __init__(self, what: _Optional[str] = ..., channel: _Optional[str] = ..., reference: _Optional[str] = ..., payment_id: _Optional[int] = ..., account_id: _Optional[int] = ..., number: _Optional[str] = ..., amount: _Optional[int] = ..., day: _Optional[str] = ..., paid_at: _Optional[int] = ..., bill_id: _Optional[int] = ..., payer_code: _Optional[str] = ..., payment_code: _Optional[str] = ..., matched: _Optional[str] = ..., text: _Optional[str] = ...) -> None: ...

class CorrectionProposal(_message.Message):
    __slots__ = ("proposal_no", "steps", "balances", "amount", "correct_from", "reason_code", "refund", "provisional", "proposed_by", "recorded_at", "approved_by", "approved_at")
    PROPOSAL_NO_FIELD_NUMBER: _ClassVar[int]
    STEPS_FIELD_NUMBER: _ClassVar[int]
    BALANCES_FIELD_NUMBER: _ClassVar[int]
    AMOUNT_FIELD_NUMBER: _ClassVar[int]
    CORRECT_FROM_FIELD_NUMBER: _ClassVar[int]
    REASON_CODE_FIELD_NUMBER: _ClassVar[int]
    REFUND_FIELD_NUMBER: _ClassVar[int]
    PROVISIONAL_FIELD_NUMBER: _ClassVar[int]
    PROPOSED_BY_FIELD_NUMBER: _ClassVar[int]
    RECORDED_AT_FIELD_NUMBER: _ClassVar[int]
    APPROVED_BY_FIELD_NUMBER: _ClassVar[int]
    APPROVED_AT_FIELD_NUMBER: _ClassVar[int]
    proposal_no: int
    steps: _containers.RepeatedCompositeFieldContainer[CorrectionStep]
    balances: _containers.RepeatedCompositeFieldContainer[AccountBalance]
    amount: int
    correct_from: int
    reason_code: str
    refund: bool
    provisional: bool
    proposed_by: str
    recorded_at: int
    approved_by: str
    approved_at: int
    def __init__(self, proposal_no: _Optional[int] = ..., steps: _Optional[_Iterable[_Union[CorrectionStep, _Mapping]]] = ..., balances: _Optional[_Iterable[_Union[AccountBalance, _Mapping]]] = ..., amount: _Optional[int] = ..., correct_from: _Optional[int] = ..., reason_code: _Optional[str] = ..., refund: _Optional[bool] = ..., provisional: _Optional[bool] = ..., proposed_by: _Optional[str] = ..., recorded_at: _Optional[int] = ..., approved_by: _Optional[str] = ..., approved_at: _Optional[int] = ...) -> None: ...

class CorrectionStep(_message.Message):
    __slots__ = ("kind", "account_id", "amount", "other_account_id", "payment_id", "reference", "bill_id", "asked_before", "asked_after")
    KIND_FIELD_NUMBER: _ClassVar[int]
    ACCOUNT_ID_FIELD_NUMBER: _ClassVar[int]
    AMOUNT_FIELD_NUMBER: _ClassVar[int]
    OTHER_ACCOUNT_ID_FIELD_NUMBER: _ClassVar[int]
    PAYMENT_ID_FIELD_NUMBER: _ClassVar[int]
    REFERENCE_FIELD_NUMBER: _ClassVar[int]
    BILL_ID_FIELD_NUMBER: _ClassVar[int]
    ASKED_BEFORE_FIELD_NUMBER: _ClassVar[int]
    ASKED_AFTER_FIELD_NUMBER: _ClassVar[int]
    kind: CorrectionStepKind
    account_id: int
    amount: int
    other_account_id: int
    payment_id: int
    reference: str
    bill_id: int
    asked_before: int
    asked_after: int
    def __init__(self, kind: _Optional[_Union[CorrectionStepKind, str]] = ..., account_id: _Optional[int] = ..., amount: _Optional[int] = ..., other_account_id: _Optional[int] = ..., payment_id: _Optional[int] = ..., reference: _Optional[str] = ..., bill_id: _Optional[int] = ..., asked_before: _Optional[int] = ..., asked_after: _Optional[int] = ...) -> None: ...

class AccountBalance(_message.Message):
    __slots__ = ("account_id", "before", "after", "consumed")
    ACCOUNT_ID_FIELD_NUMBER: _ClassVar[int]
    BEFORE_FIELD_NUMBER: _ClassVar[int]
    AFTER_FIELD_NUMBER: _ClassVar[int]
    CONSUMED_FIELD_NUMBER: _ClassVar[int]
    account_id: int
    before: int
    after: int
    consumed: int
    def __init__(self, account_id: _Optional[int] = ..., before: _Optional[int] = ..., after: _Optional[int] = ..., consumed: _Optional[int] = ...) -> None: ...

class PostedCorrection(_message.Message):
    __slots__ = ("correction_no", "kind", "account_id", "account_entry_id", "other_account_id", "other_entry_id", "amount", "payment_id", "correction_id", "bill_id", "rebill_id", "payment_code_before", "payment_code_after", "recorded_at", "undone_at")
    CORRECTION_NO_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    ACCOUNT_ID_FIELD_NUMBER: _ClassVar[int]
    ACCOUNT_ENTRY_ID_FIELD_NUMBER: _ClassVar[int]
    OTHER_ACCOUNT_ID_FIELD_NUMBER: _ClassVar[int]
    OTHER_ENTRY_ID_FIELD_NUMBER: _ClassVar[int]
    AMOUNT_FIELD_NUMBER: _ClassVar[int]
    PAYMENT_ID_FIELD_NUMBER: _ClassVar[int]
    CORRECTION_ID_FIELD_NUMBER: _ClassVar[int]
    BILL_ID_FIELD_NUMBER: _ClassVar[int]
    REBILL_ID_FIELD_NUMBER: _ClassVar[int]
    PAYMENT_CODE_BEFORE_FIELD_NUMBER: _ClassVar[int]
    PAYMENT_CODE_AFTER_FIELD_NUMBER: _ClassVar[int]
    RECORDED_AT_FIELD_NUMBER: _ClassVar[int]
    UNDONE_AT_FIELD_NUMBER: _ClassVar[int]
    correction_no: int
    kind: CorrectionStepKind
    account_id: int
    account_entry_id: int
    other_account_id: int
    other_entry_id: int
    amount: int
    payment_id: int
    correction_id: int
    bill_id: int
    rebill_id: int
    payment_code_before: str
    payment_code_after: str
    recorded_at: int
    undone_at: int
    def __init__(self, correction_no: _Optional[int] = ..., kind: _Optional[_Union[CorrectionStepKind, str]] = ..., account_id: _Optional[int] = ..., account_entry_id: _Optional[int] = ..., other_account_id: _Optional[int] = ..., other_entry_id: _Optional[int] = ..., amount: _Optional[int] = ..., payment_id: _Optional[int] = ..., correction_id: _Optional[int] = ..., bill_id: _Optional[int] = ..., rebill_id: _Optional[int] = ..., payment_code_before: _Optional[str] = ..., payment_code_after: _Optional[str] = ..., recorded_at: _Optional[int] = ..., undone_at: _Optional[int] = ...) -> None: ...

class RegisterCaseRequest(_message.Message):
    __slots__ = ("request_id", "kind", "account_id", "number", "channel", "evidence", "disputed_item_id", "disputed_amount", "reason")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    ACCOUNT_ID_FIELD_NUMBER: _ClassVar[int]
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    CHANNEL_FIELD_NUMBER: _ClassVar[int]
    EVIDENCE_FIELD_NUMBER: _ClassVar[int]
    DISPUTED_ITEM_ID_FIELD_NUMBER: _ClassVar[int]
    DISPUTED_AMOUNT_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    kind: CaseKind
    account_id: int
    number: str
    channel: str
    evidence: _containers.RepeatedCompositeFieldContainer[Evidence]
    disputed_item_id: int
    disputed_amount: int
    reason: str
    def __init__(self, request_id: _Optional[str] = ..., kind: _Optional[_Union[CaseKind, str]] = ..., account_id: _Optional[int] = ..., number: _Optional[str] = ..., channel: _Optional[str] = ..., evidence: _Optional[_Iterable[_Union[Evidence, _Mapping]]] = ..., disputed_item_id: _Optional[int] = ..., disputed_amount: _Optional[int] = ..., reason: _Optional[str] = ...) -> None: ...

class RegisterCaseResponse(_message.Message):
    __slots__ = ("case",)
    CASE_FIELD_NUMBER: _ClassVar[int]
    case: Case
    def __init__(self, case: _Optional[_Union[Case, _Mapping]] = ...) -> None: ...

class AddEvidenceRequest(_message.Message):
    __slots__ = ("request_id", "case_no", "evidence")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    CASE_NO_FIELD_NUMBER: _ClassVar[int]
    EVIDENCE_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    case_no: int
    evidence: _containers.RepeatedCompositeFieldContainer[Evidence]
    def __init__(self, request_id: _Optional[str] = ..., case_no: _Optional[int] = ..., evidence: _Optional[_Iterable[_Union[Evidence, _Mapping]]] = ...) -> None: ...

class AddEvidenceResponse(_message.Message):
    __slots__ = ("case",)
    CASE_FIELD_NUMBER: _ClassVar[int]
    case: Case
    def __init__(self, case: _Optional[_Union[Case, _Mapping]] = ...) -> None: ...

class GetEvidenceRequest(_message.Message):
    __slots__ = ("case_no", "evidence_no")
    CASE_NO_FIELD_NUMBER: _ClassVar[int]
    EVIDENCE_NO_FIELD_NUMBER: _ClassVar[int]
    case_no: int
    evidence_no: int
    def __init__(self, case_no: _Optional[int] = ..., evidence_no: _Optional[int] = ...) -> None: ...

class GetEvidenceResponse(_message.Message):
    __slots__ = ("evidence",)
    EVIDENCE_FIELD_NUMBER: _ClassVar[int]
    evidence: Evidence
    def __init__(self, evidence: _Optional[_Union[Evidence, _Mapping]] = ...) -> None: ...

class GetCaseRequest(_message.Message):
    __slots__ = ("case_no",)
    CASE_NO_FIELD_NUMBER: _ClassVar[int]
    case_no: int
    def __init__(self, case_no: _Optional[int] = ...) -> None: ...

class GetCaseResponse(_message.Message):
    __slots__ = ("case",)
    CASE_FIELD_NUMBER: _ClassVar[int]
    case: Case
    def __init__(self, case: _Optional[_Union[Case, _Mapping]] = ...) -> None: ...

class ListCasesRequest(_message.Message):
    __slots__ = ("state", "kind", "account_id", "number", "overdue", "page_size", "page_token")
    STATE_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    ACCOUNT_ID_FIELD_NUMBER: _ClassVar[int]
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    OVERDUE_FIELD_NUMBER: _ClassVar[int]
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    state: CaseState
    kind: CaseKind
    account_id: int
    number: str
    overdue: bool
    page_size: int
    page_token: str
    def __init__(self, state: _Optional[_Union[CaseState, str]] = ..., kind: _Optional[_Union[CaseKind, str]] = ..., account_id: _Optional[int] = ..., number: _Optional[str] = ..., overdue: _Optional[bool] = ..., page_size: _Optional[int] = ..., page_token: _Optional[str] = ...) -> None: ...

class ListCasesResponse(_message.Message):
    __slots__ = ("cases", "next_page_token")
    CASES_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    cases: _containers.RepeatedCompositeFieldContainer[Case]
    next_page_token: str
    def __init__(self, cases: _Optional[_Iterable[_Union[Case, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class InvestigateCaseRequest(_message.Message):
    __slots__ = ("request_id", "case_no")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    CASE_NO_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    case_no: int
    def __init__(self, request_id: _Optional[str] = ..., case_no: _Optional[int] = ...) -> None: ...

class InvestigateCaseResponse(_message.Message):
    __slots__ = ("case",)
    CASE_FIELD_NUMBER: _ClassVar[int]
    case: Case
    def __init__(self, case: _Optional[_Union[Case, _Mapping]] = ...) -> None: ...

class ProposeCorrectionRequest(_message.Message):
    __slots__ = ("request_id", "case_no", "reason", "reason_code", "refund", "provisional")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    CASE_NO_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    REASON_CODE_FIELD_NUMBER: _ClassVar[int]
    REFUND_FIELD_NUMBER: _ClassVar[int]
    PROVISIONAL_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    case_no: int
    reason: str
    reason_code: str
    refund: bool
    provisional: bool
    def __init__(self, request_id: _Optional[str] = ..., case_no: _Optional[int] = ..., reason: _Optional[str] = ..., reason_code: _Optional[str] = ..., refund: _Optional[bool] = ..., provisional: _Optional[bool] = ...) -> None: ...

class ProposeCorrectionResponse(_message.Message):
    __slots__ = ("case",)
    CASE_FIELD_NUMBER: _ClassVar[int]
    case: Case
    def __init__(self, case: _Optional[_Union[Case, _Mapping]] = ...) -> None: ...

class ApproveCorrectionRequest(_message.Message):
    __slots__ = ("request_id", "case_no", "reason")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    CASE_NO_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    case_no: int
    reason: str
    def __init__(self, request_id: _Optional[str] = ..., case_no: _Optional[int] = ..., reason: _Optional[str] = ...) -> None: ...

class ApproveCorrectionResponse(_message.Message):
    __slots__ = ("case",)
    CASE_FIELD_NUMBER: _ClassVar[int]
    case: Case
    def __init__(self, case: _Optional[_Union[Case, _Mapping]] = ...) -> None: ...

class CorrectCaseRequest(_message.Message):
    __slots__ = ("request_id", "case_no", "reason")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    CASE_NO_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    case_no: int
    reason: str
    def __init__(self, request_id: _Optional[str] = ..., case_no: _Optional[int] = ..., reason: _Optional[str] = ...) -> None: ...

class CorrectCaseResponse(_message.Message):
    __slots__ = ("case",)
    CASE_FIELD_NUMBER: _ClassVar[int]
    case: Case
    def __init__(self, case: _Optional[_Union[Case, _Mapping]] = ...) -> None: ...

class NotifyCaseRequest(_message.Message):
    __slots__ = ("request_id", "case_no")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    CASE_NO_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    case_no: int
    def __init__(self, request_id: _Optional[str] = ..., case_no: _Optional[int] = ...) -> None: ...

class NotifyCaseResponse(_message.Message):
    __slots__ = ("case",)
    CASE_FIELD_NUMBER: _ClassVar[int]
    case: Case
    def __init__(self, case: _Optional[_Union[Case, _Mapping]] = ...) -> None: ...

class CloseCaseRequest(_message.Message):
    __slots__ = ("request_id", "case_no")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    CASE_NO_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    case_no: int
    def __init__(self, request_id: _Optional[str] = ..., case_no: _Optional[int] = ...) -> None: ...

class CloseCaseResponse(_message.Message):
    __slots__ = ("case",)
    CASE_FIELD_NUMBER: _ClassVar[int]
    case: Case
    def __init__(self, case: _Optional[_Union[Case, _Mapping]] = ...) -> None: ...

class WithdrawCaseRequest(_message.Message):
    __slots__ = ("request_id", "case_no", "reason")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    CASE_NO_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    case_no: int
    reason: str
    def __init__(self, request_id: _Optional[str] = ..., case_no: _Optional[int] = ..., reason: _Optional[str] = ...) -> None: ...

class WithdrawCaseResponse(_message.Message):
    __slots__ = ("case",)
    CASE_FIELD_NUMBER: _ClassVar[int]
    case: Case
    def __init__(self, case: _Optional[_Union[Case, _Mapping]] = ...) -> None: ...

class RejectCaseRequest(_message.Message):
    __slots__ = ("request_id", "case_no", "reason")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    CASE_NO_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    case_no: int
    reason: str
    def __init__(self, request_id: _Optional[str] = ..., case_no: _Optional[int] = ..., reason: _Optional[str] = ...) -> None: ...

class RejectCaseResponse(_message.Message):
    __slots__ = ("case",)
    CASE_FIELD_NUMBER: _ClassVar[int]
    case: Case
    def __init__(self, case: _Optional[_Union[Case, _Mapping]] = ...) -> None: ...

class ReopenCaseRequest(_message.Message):
    __slots__ = ("request_id", "case_no", "reason")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    CASE_NO_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    case_no: int
    reason: str
    def __init__(self, request_id: _Optional[str] = ..., case_no: _Optional[int] = ..., reason: _Optional[str] = ...) -> None: ...

class ReopenCaseResponse(_message.Message):
    __slots__ = ("case",)
    CASE_FIELD_NUMBER: _ClassVar[int]
    case: Case
    def __init__(self, case: _Optional[_Union[Case, _Mapping]] = ...) -> None: ...

class UndoCaseCorrectionRequest(_message.Message):
    __slots__ = ("request_id", "case_no", "reason")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    CASE_NO_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    case_no: int
    reason: str
    def __init__(self, request_id: _Optional[str] = ..., case_no: _Optional[int] = ..., reason: _Optional[str] = ...) -> None: ...

class UndoCaseCorrectionResponse(_message.Message):
    __slots__ = ("case",)
    CASE_FIELD_NUMBER: _ClassVar[int]
    case: Case
    def __init__(self, case: _Optional[_Union[Case, _Mapping]] = ...) -> None: ...

class SweepCasesRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class SweepCasesResponse(_message.Message):
    __slots__ = ("looked", "warned", "moved")
    LOOKED_FIELD_NUMBER: _ClassVar[int]
    WARNED_FIELD_NUMBER: _ClassVar[int]
    MOVED_FIELD_NUMBER: _ClassVar[int]
    looked: int
    warned: int
    moved: int
    def __init__(self, looked: _Optional[int] = ..., warned: _Optional[int] = ..., moved: _Optional[int] = ...) -> None: ...
