from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class TargetKind(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    TARGET_KIND_UNSPECIFIED: _ClassVar[TargetKind]
    TARGET_KIND_ACCOUNT: _ClassVar[TargetKind]
    TARGET_KIND_BILL: _ClassVar[TargetKind]
    TARGET_KIND_DOCUMENT: _ClassVar[TargetKind]
    TARGET_KIND_TEXT: _ClassVar[TargetKind]

class PaymentCode(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    PAYMENT_CODE_UNSPECIFIED: _ClassVar[PaymentCode]
    PAYMENT_CODE_OK: _ClassVar[PaymentCode]
    PAYMENT_CODE_OK_REPLAYED: _ClassVar[PaymentCode]
    PAYMENT_CODE_TEMPORARY: _ClassVar[PaymentCode]
    PAYMENT_CODE_ACCOUNT_FORMAT: _ClassVar[PaymentCode]
    PAYMENT_CODE_ACCOUNT_NOT_FOUND: _ClassVar[PaymentCode]
    PAYMENT_CODE_NOTHING_DUE: _ClassVar[PaymentCode]
    PAYMENT_CODE_BILL_NOT_PAYABLE: _ClassVar[PaymentCode]
    PAYMENT_CODE_ACCOUNT_INACTIVE: _ClassVar[PaymentCode]
    PAYMENT_CODE_ACCOUNT_CLOSED: _ClassVar[PaymentCode]
    PAYMENT_CODE_AMOUNT_LOW: _ClassVar[PaymentCode]
    PAYMENT_CODE_AMOUNT_HIGH: _ClassVar[PaymentCode]
    PAYMENT_CODE_AMOUNT_NOT_EXACT: _ClassVar[PaymentCode]
    PAYMENT_CODE_IN_PROGRESS: _ClassVar[PaymentCode]
    PAYMENT_CODE_CONFLICT: _ClassVar[PaymentCode]
    PAYMENT_CODE_INTERNAL: _ClassVar[PaymentCode]
    PAYMENT_CODE_FOREIGN: _ClassVar[PaymentCode]
    PAYMENT_CODE_INVALID: _ClassVar[PaymentCode]

class PaymentState(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    PAYMENT_STATE_UNSPECIFIED: _ClassVar[PaymentState]
    PAYMENT_STATE_UNKNOWN: _ClassVar[PaymentState]
    PAYMENT_STATE_RESERVED: _ClassVar[PaymentState]
    PAYMENT_STATE_RELEASED: _ClassVar[PaymentState]
    PAYMENT_STATE_EXPIRED: _ClassVar[PaymentState]
    PAYMENT_STATE_IN_PROGRESS: _ClassVar[PaymentState]
    PAYMENT_STATE_POSTED: _ClassVar[PaymentState]
    PAYMENT_STATE_SUSPENDED: _ClassVar[PaymentState]
    PAYMENT_STATE_TRANSFERRED: _ClassVar[PaymentState]
    PAYMENT_STATE_REVERSED: _ClassVar[PaymentState]

class Exactness(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    EXACTNESS_UNSPECIFIED: _ClassVar[Exactness]
    EXACTNESS_EXACT: _ClassVar[Exactness]
    EXACTNESS_AT_LEAST: _ClassVar[Exactness]
    EXACTNESS_AT_MOST: _ClassVar[Exactness]
    EXACTNESS_ANY: _ClassVar[Exactness]

class ReversalKind(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    REVERSAL_KIND_UNSPECIFIED: _ClassVar[ReversalKind]
    REVERSAL_KIND_CANCELLED: _ClassVar[ReversalKind]
    REVERSAL_KIND_DISHONOURED: _ClassVar[ReversalKind]
    REVERSAL_KIND_CHARGEBACK: _ClassVar[ReversalKind]
    REVERSAL_KIND_RETURNED: _ClassVar[ReversalKind]

class AppliedCause(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    APPLIED_CAUSE_UNSPECIFIED: _ClassVar[AppliedCause]
    APPLIED_CAUSE_AT_ONCE: _ClassVar[AppliedCause]
    APPLIED_CAUSE_NEW_ITEM: _ClassVar[AppliedCause]
    APPLIED_CAUSE_UNDONE: _ClassVar[AppliedCause]
TARGET_KIND_UNSPECIFIED: TargetKind
TARGET_KIND_ACCOUNT: TargetKind
TARGET_KIND_BILL: TargetKind
TARGET_KIND_DOCUMENT: TargetKind
TARGET_KIND_TEXT: TargetKind
PAYMENT_CODE_UNSPECIFIED: PaymentCode
PAYMENT_CODE_OK: PaymentCode
PAYMENT_CODE_OK_REPLAYED: PaymentCode
PAYMENT_CODE_TEMPORARY: PaymentCode
PAYMENT_CODE_ACCOUNT_FORMAT: PaymentCode
PAYMENT_CODE_ACCOUNT_NOT_FOUND: PaymentCode
PAYMENT_CODE_NOTHING_DUE: PaymentCode
PAYMENT_CODE_BILL_NOT_PAYABLE: PaymentCode
PAYMENT_CODE_ACCOUNT_INACTIVE: PaymentCode
PAYMENT_CODE_ACCOUNT_CLOSED: PaymentCode
PAYMENT_CODE_AMOUNT_LOW: PaymentCode
PAYMENT_CODE_AMOUNT_HIGH: PaymentCode
PAYMENT_CODE_AMOUNT_NOT_EXACT: PaymentCode
PAYMENT_CODE_IN_PROGRESS: PaymentCode
PAYMENT_CODE_CONFLICT: PaymentCode
PAYMENT_CODE_INTERNAL: PaymentCode
PAYMENT_CODE_FOREIGN: PaymentCode
PAYMENT_CODE_INVALID: PaymentCode
PAYMENT_STATE_UNSPECIFIED: PaymentState
PAYMENT_STATE_UNKNOWN: PaymentState
PAYMENT_STATE_RESERVED: PaymentState
PAYMENT_STATE_RELEASED: PaymentState
PAYMENT_STATE_EXPIRED: PaymentState
PAYMENT_STATE_IN_PROGRESS: PaymentState
PAYMENT_STATE_POSTED: PaymentState
PAYMENT_STATE_SUSPENDED: PaymentState
PAYMENT_STATE_TRANSFERRED: PaymentState
PAYMENT_STATE_REVERSED: PaymentState
EXACTNESS_UNSPECIFIED: Exactness
EXACTNESS_EXACT: Exactness
EXACTNESS_AT_LEAST: Exactness
EXACTNESS_AT_MOST: Exactness
EXACTNESS_ANY: Exactness
REVERSAL_KIND_UNSPECIFIED: ReversalKind
REVERSAL_KIND_CANCELLED: ReversalKind
REVERSAL_KIND_DISHONOURED: ReversalKind
REVERSAL_KIND_CHARGEBACK: ReversalKind
REVERSAL_KIND_RETURNED: ReversalKind
APPLIED_CAUSE_UNSPECIFIED: AppliedCause
APPLIED_CAUSE_AT_ONCE: AppliedCause
APPLIED_CAUSE_NEW_ITEM: AppliedCause
APPLIED_CAUSE_UNDONE: AppliedCause

class Target(_message.Message):
    __slots__ = ("kind", "text")
    KIND_FIELD_NUMBER: _ClassVar[int]
    TEXT_FIELD_NUMBER: _ClassVar[int]
    kind: TargetKind
    text: str
    def __init__(self, kind: _Optional[_Union[TargetKind, str]] = ..., text: _Optional[str] = ...) -> None: ...

class FetchBillRequest(_message.Message):
    __slots__ = ("channel", "target")
    CHANNEL_FIELD_NUMBER: _ClassVar[int]
    TARGET_FIELD_NUMBER: _ClassVar[int]
    channel: str
    target: Target
    def __init__(self, channel: _Optional[str] = ..., target: _Optional[_Union[Target, _Mapping]] = ...) -> None: ...

class FetchBillResponse(_message.Message):
    __slots__ = ("code", "currency", "digits", "recognised", "accounts")
    CODE_FIELD_NUMBER: _ClassVar[int]
    CURRENCY_FIELD_NUMBER: _ClassVar[int]
    DIGITS_FIELD_NUMBER: _ClassVar[int]
    RECOGNISED_FIELD_NUMBER: _ClassVar[int]
    ACCOUNTS_FIELD_NUMBER: _ClassVar[int]
    code: PaymentCode
    currency: str
    digits: int
    recognised: TargetKind
    accounts: _containers.RepeatedCompositeFieldContainer[PayableAccount]
    def __init__(self, code: _Optional[_Union[PaymentCode, str]] = ..., currency: _Optional[str] = ..., digits: _Optional[int] = ..., recognised: _Optional[_Union[TargetKind, str]] = ..., accounts: _Optional[_Iterable[_Union[PayableAccount, _Mapping]]] = ...) -> None: ...

class PayableAccount(_message.Message):
    __slots__ = ("number", "name", "address", "code", "balance", "payable", "least", "most", "exactness", "documents", "fee")
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    ADDRESS_FIELD_NUMBER: _ClassVar[int]
    CODE_FIELD_NUMBER: _ClassVar[int]
    BALANCE_FIELD_NUMBER: _ClassVar[int]
    PAYABLE_FIELD_NUMBER: _ClassVar[int]
    LEAST_FIELD_NUMBER: _ClassVar[int]
    MOST_FIELD_NUMBER: _ClassVar[int]
    EXACTNESS_FIELD_NUMBER: _ClassVar[int]
    DOCUMENTS_FIELD_NUMBER: _ClassVar[int]
    FEE_FIELD_NUMBER: _ClassVar[int]
    number: str
    name: str
    address: str
    code: PaymentCode
    balance: int
    payable: int
    least: int
    most: int
    exactness: Exactness
    documents: _containers.RepeatedCompositeFieldContainer[PayableDocument]
    fee: int
    def __init__(self, number: _Optional[str] = ..., name: _Optional[str] = ..., address: _Optional[str] = ..., code: _Optional[_Union[PaymentCode, str]] = ..., balance: _Optional[int] = ..., payable: _Optional[int] = ..., least: _Optional[int] = ..., most: _Optional[int] = ..., exactness: _Optional[_Union[Exactness, str]] = ..., documents: _Optional[_Iterable[_Union[PayableDocument, _Mapping]]] = ..., fee: _Optional[int] = ...) -> None: ...

class PayableDocument(_message.Message):
    __slots__ = ("bill_id", "what", "day", "due_day", "amount", "open", "exactness", "payer_id", "payment_id", "asked")
    BILL_ID_FIELD_NUMBER: _ClassVar[int]
    WHAT_FIELD_NUMBER: _ClassVar[int]
    DAY_FIELD_NUMBER: _ClassVar[int]
    DUE_DAY_FIELD_NUMBER: _ClassVar[int]
    AMOUNT_FIELD_NUMBER: _ClassVar[int]
    OPEN_FIELD_NUMBER: _ClassVar[int]
    EXACTNESS_FIELD_NUMBER: _ClassVar[int]
    PAYER_ID_FIELD_NUMBER: _ClassVar[int]
    PAYMENT_ID_FIELD_NUMBER: _ClassVar[int]
    ASKED_FIELD_NUMBER: _ClassVar[int]
    bill_id: int
    what: str
    day: str
    due_day: str
    amount: int
    open: int
    exactness: Exactness
    payer_id: str
    payment_id: str
    asked: int
    def __init__(self, bill_id: _Optional[int] = ..., what: _Optional[str] = ..., day: _Optional[str] = ..., due_day: _Optional[str] = ..., amount: _Optional[int] = ..., open: _Optional[int] = ..., exactness: _Optional[_Union[Exactness, str]] = ..., payer_id: _Optional[str] = ..., payment_id: _Optional[str] = ..., asked: _Optional[int] = ...) -> None: ...

class PostPaymentRequest(_message.Message):
    __slots__ = ("channel", "reference", "target", "amount", "money_taken", "paid_at", "value_day", "terminal", "fee", "direction", "currency")
    CHANNEL_FIELD_NUMBER: _ClassVar[int]
    REFERENCE_FIELD_NUMBER: _ClassVar[int]
    TARGET_FIELD_NUMBER: _ClassVar[int]
    AMOUNT_FIELD_NUMBER: _ClassVar[int]
    MONEY_TAKEN_FIELD_NUMBER: _ClassVar[int]
    PAID_AT_FIELD_NUMBER: _ClassVar[int]
    VALUE_DAY_FIELD_NUMBER: _ClassVar[int]
    TERMINAL_FIELD_NUMBER: _ClassVar[int]
    FEE_FIELD_NUMBER: _ClassVar[int]
    DIRECTION_FIELD_NUMBER: _ClassVar[int]
    CURRENCY_FIELD_NUMBER: _ClassVar[int]
    channel: str
    reference: str
    target: Target
    amount: int
    money_taken: bool
    paid_at: int
    value_day: str
    terminal: str
    fee: int
    direction: Direction
    currency: str
    def __init__(self, channel: _Optional[str] = ..., reference: _Optional[str] = ..., target: _Optional[_Union[Target, _Mapping]] = ..., amount: _Optional[int] = ..., money_taken: _Optional[bool] = ..., paid_at: _Optional[int] = ..., value_day: _Optional[str] = ..., terminal: _Optional[str] = ..., fee: _Optional[int] = ..., direction: _Optional[_Union[Direction, _Mapping]] = ..., currency: _Optional[str] = ...) -> None: ...

class Direction(_message.Message):
    __slots__ = ("bill_id", "service", "period")
    BILL_ID_FIELD_NUMBER: _ClassVar[int]
    SERVICE_FIELD_NUMBER: _ClassVar[int]
    PERIOD_FIELD_NUMBER: _ClassVar[int]
    bill_id: int
    service: str
    period: str
    def __init__(self, bill_id: _Optional[int] = ..., service: _Optional[str] = ..., period: _Optional[str] = ...) -> None: ...

class PostPaymentResponse(_message.Message):
    __slots__ = ("payment", "currency", "digits")
    PAYMENT_FIELD_NUMBER: _ClassVar[int]
    CURRENCY_FIELD_NUMBER: _ClassVar[int]
    DIGITS_FIELD_NUMBER: _ClassVar[int]
    payment: Payment
    currency: str
    digits: int
    def __init__(self, payment: _Optional[_Union[Payment, _Mapping]] = ..., currency: _Optional[str] = ..., digits: _Optional[int] = ...) -> None: ...

class Payment(_message.Message):
    __slots__ = ("payment_id", "channel", "reference", "state", "code", "account_id", "bill_id", "amount", "fee", "day", "value_day", "paid_at", "recorded_at", "target")
    PAYMENT_ID_FIELD_NUMBER: _ClassVar[int]
    CHANNEL_FIELD_NUMBER: _ClassVar[int]
    REFERENCE_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    CODE_FIELD_NUMBER: _ClassVar[int]
    ACCOUNT_ID_FIELD_NUMBER: _ClassVar[int]
    BILL_ID_FIELD_NUMBER: _ClassVar[int]
    AMOUNT_FIELD_NUMBER: _ClassVar[int]
    FEE_FIELD_NUMBER: _ClassVar[int]
    DAY_FIELD_NUMBER: _ClassVar[int]
    VALUE_DAY_FIELD_NUMBER: _ClassVar[int]
    PAID_AT_FIELD_NUMBER: _ClassVar[int]
    RECORDED_AT_FIELD_NUMBER: _ClassVar[int]
    TARGET_FIELD_NUMBER: _ClassVar[int]
    payment_id: int
    channel: str
    reference: str
    state: PaymentState
    code: PaymentCode
    account_id: int
    bill_id: int
    amount: int
    fee: int
    day: str
    value_day: str
    paid_at: int
    recorded_at: int
    target: Target
    def __init__(self, payment_id: _Optional[int] = ..., channel: _Optional[str] = ..., reference: _Optional[str] = ..., state: _Optional[_Union[PaymentState, str]] = ..., code: _Optional[_Union[PaymentCode, str]] = ..., account_id: _Optional[int] = ..., bill_id: _Optional[int] = ..., amount: _Optional[int] = ..., fee: _Optional[int] = ..., day: _Optional[str] = ..., value_day: _Optional[str] = ..., paid_at: _Optional[int] = ..., recorded_at: _Optional[int] = ..., target: _Optional[_Union[Target, _Mapping]] = ...) -> None: ...

class PostPaymentsRequest(_message.Message):
    __slots__ = ("header", "batch")
    HEADER_FIELD_NUMBER: _ClassVar[int]
    BATCH_FIELD_NUMBER: _ClassVar[int]
    header: PaymentsHeader
    batch: PaymentsBatch
    def __init__(self, header: _Optional[_Union[PaymentsHeader, _Mapping]] = ..., batch: _Optional[_Union[PaymentsBatch, _Mapping]] = ...) -> None: ...

class PaymentsHeader(_message.Message):
    __slots__ = ("channel", "money_taken", "terminal")
    CHANNEL_FIELD_NUMBER: _ClassVar[int]
    MONEY_TAKEN_FIELD_NUMBER: _ClassVar[int]
    TERMINAL_FIELD_NUMBER: _ClassVar[int]
    channel: str
    money_taken: bool
    terminal: str
    def __init__(self, channel: _Optional[str] = ..., money_taken: _Optional[bool] = ..., terminal: _Optional[str] = ...) -> None: ...

class PaymentsBatch(_message.Message):
    __slots__ = ("rows", "references", "reference_ends", "target_kinds", "targets", "target_ends", "amounts", "paid_at", "fees", "directions", "direction_ends", "value_days")
    ROWS_FIELD_NUMBER: _ClassVar[int]
    REFERENCES_FIELD_NUMBER: _ClassVar[int]
    REFERENCE_ENDS_FIELD_NUMBER: _ClassVar[int]
    TARGET_KINDS_FIELD_NUMBER: _ClassVar[int]
    TARGETS_FIELD_NUMBER: _ClassVar[int]
    TARGET_ENDS_FIELD_NUMBER: _ClassVar[int]
    AMOUNTS_FIELD_NUMBER: _ClassVar[int]
    PAID_AT_FIELD_NUMBER: _ClassVar[int]
    FEES_FIELD_NUMBER: _ClassVar[int]
    DIRECTIONS_FIELD_NUMBER: _ClassVar[int]
    DIRECTION_ENDS_FIELD_NUMBER: _ClassVar[int]
    VALUE_DAYS_FIELD_NUMBER: _ClassVar[int]
    rows: int
    references: bytes
    reference_ends: _containers.RepeatedScalarFieldContainer[int]
    target_kinds: _containers.RepeatedScalarFieldContainer[TargetKind]
    targets: bytes
    target_ends: _containers.RepeatedScalarFieldContainer[int]
    amounts: _containers.RepeatedScalarFieldContainer[int]
    paid_at: _containers.RepeatedScalarFieldContainer[int]
    fees: _containers.RepeatedScalarFieldContainer[int]
    directions: bytes
    direction_ends: _containers.RepeatedScalarFieldContainer[int]
    value_days: _containers.RepeatedScalarFieldContainer[int]
    def __init__(self, rows: _Optional[int] = ..., references: _Optional[bytes] = ..., reference_ends: _Optional[_Iterable[int]] = ..., target_kinds: _Optional[_Iterable[_Union[TargetKind, str]]] = ..., targets: _Optional[bytes] = ..., target_ends: _Optional[_Iterable[int]] = ..., amounts: _Optional[_Iterable[int]] = ..., paid_at: _Optional[_Iterable[int]] = ..., fees: _Optional[_Iterable[int]] = ..., directions: _Optional[bytes] = ..., direction_ends: _Optional[_Iterable[int]] = ..., value_days: _Optional[_Iterable[int]] = ...) -> None: ...

class PostPaymentsResponse(_message.Message):
    __slots__ = ("opened", "posted")
    OPENED_FIELD_NUMBER: _ClassVar[int]
    POSTED_FIELD_NUMBER: _ClassVar[int]
    opened: PaymentsOpened
    posted: PaymentsPosted
    def __init__(self, opened: _Optional[_Union[PaymentsOpened, _Mapping]] = ..., posted: _Optional[_Union[PaymentsPosted, _Mapping]] = ...) -> None: ...

class PaymentsOpened(_message.Message):
    __slots__ = ("rows_max",)
    ROWS_MAX_FIELD_NUMBER: _ClassVar[int]
    rows_max: int
    def __init__(self, rows_max: _Optional[int] = ...) -> None: ...

class PaymentsPosted(_message.Message):
    __slots__ = ("codes", "states", "payment_ids", "account_ids", "recorded_at", "refused")
    CODES_FIELD_NUMBER: _ClassVar[int]
    STATES_FIELD_NUMBER: _ClassVar[int]
    PAYMENT_IDS_FIELD_NUMBER: _ClassVar[int]
    ACCOUNT_IDS_FIELD_NUMBER: _ClassVar[int]
    RECORDED_AT_FIELD_NUMBER: _ClassVar[int]
    REFUSED_FIELD_NUMBER: _ClassVar[int]
    codes: bytes
    states: bytes
    payment_ids: _containers.RepeatedScalarFieldContainer[int]
    account_ids: _containers.RepeatedScalarFieldContainer[int]
    recorded_at: int
    refused: _containers.RepeatedCompositeFieldContainer[PaymentRefused]
    def __init__(self, codes: _Optional[bytes] = ..., states: _Optional[bytes] = ..., payment_ids: _Optional[_Iterable[int]] = ..., account_ids: _Optional[_Iterable[int]] = ..., recorded_at: _Optional[int] = ..., refused: _Optional[_Iterable[_Union[PaymentRefused, _Mapping]]] = ...) -> None: ...

class PaymentRefused(_message.Message):
    __slots__ = ("row", "code", "message")
    ROW_FIELD_NUMBER: _ClassVar[int]
    CODE_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    row: int
    code: PaymentCode
    message: str
    def __init__(self, row: _Optional[int] = ..., code: _Optional[_Union[PaymentCode, str]] = ..., message: _Optional[str] = ...) -> None: ...

class GetPaymentStatusRequest(_message.Message):
    __slots__ = ("channel", "reference")
    CHANNEL_FIELD_NUMBER: _ClassVar[int]
    REFERENCE_FIELD_NUMBER: _ClassVar[int]
    channel: str
    reference: str
    def __init__(self, channel: _Optional[str] = ..., reference: _Optional[str] = ...) -> None: ...

class GetPaymentStatusResponse(_message.Message):
    __slots__ = ("state", "payment", "reversal", "reservation", "moves", "parts", "currency", "digits")
    STATE_FIELD_NUMBER: _ClassVar[int]
    PAYMENT_FIELD_NUMBER: _ClassVar[int]
    REVERSAL_FIELD_NUMBER: _ClassVar[int]
    RESERVATION_FIELD_NUMBER: _ClassVar[int]
    MOVES_FIELD_NUMBER: _ClassVar[int]
    PARTS_FIELD_NUMBER: _ClassVar[int]
    CURRENCY_FIELD_NUMBER: _ClassVar[int]
    DIGITS_FIELD_NUMBER: _ClassVar[int]
    state: PaymentState
    payment: Payment
    reversal: Reversal
    reservation: Reservation
    moves: _containers.RepeatedCompositeFieldContainer[SuspenseMove]
    parts: _containers.RepeatedCompositeFieldContainer[Payment]
    currency: str
    digits: int
    def __init__(self, state: _Optional[_Union[PaymentState, str]] = ..., payment: _Optional[_Union[Payment, _Mapping]] = ..., reversal: _Optional[_Union[Reversal, _Mapping]] = ..., reservation: _Optional[_Union[Reservation, _Mapping]] = ..., moves: _Optional[_Iterable[_Union[SuspenseMove, _Mapping]]] = ..., parts: _Optional[_Iterable[_Union[Payment, _Mapping]]] = ..., currency: _Optional[str] = ..., digits: _Optional[int] = ...) -> None: ...

class ListPaymentsRequest(_message.Message):
    __slots__ = ("channel", "paid_from", "paid_until", "page_size", "page_token")
    CHANNEL_FIELD_NUMBER: _ClassVar[int]
    PAID_FROM_FIELD_NUMBER: _ClassVar[int]
    PAID_UNTIL_FIELD_NUMBER: _ClassVar[int]
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    channel: str
    paid_from: int
    paid_until: int
    page_size: int
    page_token: str
    def __init__(self, channel: _Optional[str] = ..., paid_from: _Optional[int] = ..., paid_until: _Optional[int] = ..., page_size: _Optional[int] = ..., page_token: _Optional[str] = ...) -> None: ...

class ListPaymentsResponse(_message.Message):
    __slots__ = ("payments", "next_page_token", "count", "amount", "currency", "digits")
    PAYMENTS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    COUNT_FIELD_NUMBER: _ClassVar[int]
    AMOUNT_FIELD_NUMBER: _ClassVar[int]
    CURRENCY_FIELD_NUMBER: _ClassVar[int]
    DIGITS_FIELD_NUMBER: _ClassVar[int]
    payments: _containers.RepeatedCompositeFieldContainer[ListedPayment]
    next_page_token: str
    count: int
    amount: int
    currency: str
    digits: int
    def __init__(self, payments: _Optional[_Iterable[_Union[ListedPayment, _Mapping]]] = ..., next_page_token: _Optional[str] = ..., count: _Optional[int] = ..., amount: _Optional[int] = ..., currency: _Optional[str] = ..., digits: _Optional[int] = ...) -> None: ...

class ListedPayment(_message.Message):
    __slots__ = ("payment", "parts", "reversal")
    PAYMENT_FIELD_NUMBER: _ClassVar[int]
    PARTS_FIELD_NUMBER: _ClassVar[int]
    REVERSAL_FIELD_NUMBER: _ClassVar[int]
    payment: Payment
    parts: _containers.RepeatedCompositeFieldContainer[Payment]
    reversal: Reversal
    def __init__(self, payment: _Optional[_Union[Payment, _Mapping]] = ..., parts: _Optional[_Iterable[_Union[Payment, _Mapping]]] = ..., reversal: _Optional[_Union[Reversal, _Mapping]] = ...) -> None: ...

class ExplainPaymentRequest(_message.Message):
    __slots__ = ("channel", "reference")
    CHANNEL_FIELD_NUMBER: _ClassVar[int]
    REFERENCE_FIELD_NUMBER: _ClassVar[int]
    channel: str
    reference: str
    def __init__(self, channel: _Optional[str] = ..., reference: _Optional[str] = ...) -> None: ...

class ExplainPaymentResponse(_message.Message):
    __slots__ = ("state", "payments", "fee", "reversal", "currency", "digits")
    STATE_FIELD_NUMBER: _ClassVar[int]
    PAYMENTS_FIELD_NUMBER: _ClassVar[int]
    FEE_FIELD_NUMBER: _ClassVar[int]
    REVERSAL_FIELD_NUMBER: _ClassVar[int]
    CURRENCY_FIELD_NUMBER: _ClassVar[int]
    DIGITS_FIELD_NUMBER: _ClassVar[int]
    state: PaymentState
    payments: _containers.RepeatedCompositeFieldContainer[ExplainedPayment]
    fee: int
    reversal: Reversal
    currency: str
    digits: int
    def __init__(self, state: _Optional[_Union[PaymentState, str]] = ..., payments: _Optional[_Iterable[_Union[ExplainedPayment, _Mapping]]] = ..., fee: _Optional[int] = ..., reversal: _Optional[_Union[Reversal, _Mapping]] = ..., currency: _Optional[str] = ..., digits: _Optional[int] = ...) -> None: ...

class ExplainedPayment(_message.Message):
    __slots__ = ("payment", "sentence", "applied", "suspended", "returned")
    PAYMENT_FIELD_NUMBER: _ClassVar[int]
    SENTENCE_FIELD_NUMBER: _ClassVar[int]
    APPLIED_FIELD_NUMBER: _ClassVar[int]
    SUSPENDED_FIELD_NUMBER: _ClassVar[int]
    RETURNED_FIELD_NUMBER: _ClassVar[int]
    payment: Payment
    sentence: str
    applied: _containers.RepeatedCompositeFieldContainer[AppliedPayment]
    suspended: int
    returned: int
    def __init__(self, payment: _Optional[_Union[Payment, _Mapping]] = ..., sentence: _Optional[str] = ..., applied: _Optional[_Iterable[_Union[AppliedPayment, _Mapping]]] = ..., suspended: _Optional[int] = ..., returned: _Optional[int] = ...) -> None: ...

class AppliedPayment(_message.Message):
    __slots__ = ("account_id", "number", "account_entry_id", "amount", "day", "strategy", "direction", "referred_bill_id", "sentence", "steps", "credit", "credit_sentence", "undone")
    ACCOUNT_ID_FIELD_NUMBER: _ClassVar[int]
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    ACCOUNT_ENTRY_ID_FIELD_NUMBER: _ClassVar[int]
    AMOUNT_FIELD_NUMBER: _ClassVar[int]
    DAY_FIELD_NUMBER: _ClassVar[int]
    STRATEGY_FIELD_NUMBER: _ClassVar[int]
    DIRECTION_FIELD_NUMBER: _ClassVar[int]
    REFERRED_BILL_ID_FIELD_NUMBER: _ClassVar[int]
    SENTENCE_FIELD_NUMBER: _ClassVar[int]
    STEPS_FIELD_NUMBER: _ClassVar[int]
    CREDIT_FIELD_NUMBER: _ClassVar[int]
    CREDIT_SENTENCE_FIELD_NUMBER: _ClassVar[int]
    UNDONE_FIELD_NUMBER: _ClassVar[int]
    account_id: int
    number: str
    account_entry_id: int
    amount: int
    day: str
    strategy: str
    direction: Direction
    referred_bill_id: int
    sentence: str
    steps: _containers.RepeatedCompositeFieldContainer[AppliedStep]
    credit: int
    credit_sentence: str
    undone: bool
    def __init__(self, account_id: _Optional[int] = ..., number: _Optional[str] = ..., account_entry_id: _Optional[int] = ..., amount: _Optional[int] = ..., day: _Optional[str] = ..., strategy: _Optional[str] = ..., direction: _Optional[_Union[Direction, _Mapping]] = ..., referred_bill_id: _Optional[int] = ..., sentence: _Optional[str] = ..., steps: _Optional[_Iterable[_Union[AppliedStep, _Mapping]]] = ..., credit: _Optional[int] = ..., credit_sentence: _Optional[str] = ..., undone: _Optional[bool] = ...) -> None: ...

class AppliedStep(_message.Message):
    __slots__ = ("bill_id", "account_entry_id", "what", "due_day", "cause", "open_before", "divided_over", "amount", "rest", "undone_day", "sentence", "service", "penalty")
    BILL_ID_FIELD_NUMBER: _ClassVar[int]
    ACCOUNT_ENTRY_ID_FIELD_NUMBER: _ClassVar[int]
    WHAT_FIELD_NUMBER: _ClassVar[int]
    DUE_DAY_FIELD_NUMBER: _ClassVar[int]
    CAUSE_FIELD_NUMBER: _ClassVar[int]
    OPEN_BEFORE_FIELD_NUMBER: _ClassVar[int]
    DIVIDED_OVER_FIELD_NUMBER: _ClassVar[int]
    AMOUNT_FIELD_NUMBER: _ClassVar[int]
    REST_FIELD_NUMBER: _ClassVar[int]
    UNDONE_DAY_FIELD_NUMBER: _ClassVar[int]
    SENTENCE_FIELD_NUMBER: _ClassVar[int]
    SERVICE_FIELD_NUMBER: _ClassVar[int]
    PENALTY_FIELD_NUMBER: _ClassVar[int]
    bill_id: int
    account_entry_id: int
    what: str
    due_day: str
    cause: AppliedCause
    open_before: int
    divided_over: int
    amount: int
    rest: int
    undone_day: str
    sentence: str
    service: str
    penalty: bool
    def __init__(self, bill_id: _Optional[int] = ..., account_entry_id: _Optional[int] = ..., what: _Optional[str] = ..., due_day: _Optional[str] = ..., cause: _Optional[_Union[AppliedCause, str]] = ..., open_before: _Optional[int] = ..., divided_over: _Optional[int] = ..., amount: _Optional[int] = ..., rest: _Optional[int] = ..., undone_day: _Optional[str] = ..., sentence: _Optional[str] = ..., service: _Optional[str] = ..., penalty: _Optional[bool] = ...) -> None: ...

class ReversePaymentRequest(_message.Message):
    __slots__ = ("channel", "reference", "payment_reference", "kind", "reason", "day")
    CHANNEL_FIELD_NUMBER: _ClassVar[int]
    REFERENCE_FIELD_NUMBER: _ClassVar[int]
    PAYMENT_REFERENCE_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    DAY_FIELD_NUMBER: _ClassVar[int]
    channel: str
    reference: str
    payment_reference: str
    kind: ReversalKind
    reason: str
    day: str
    def __init__(self, channel: _Optional[str] = ..., reference: _Optional[str] = ..., payment_reference: _Optional[str] = ..., kind: _Optional[_Union[ReversalKind, str]] = ..., reason: _Optional[str] = ..., day: _Optional[str] = ...) -> None: ...

class ReversePaymentResponse(_message.Message):
    __slots__ = ("reversal", "currency", "digits")
    REVERSAL_FIELD_NUMBER: _ClassVar[int]
    CURRENCY_FIELD_NUMBER: _ClassVar[int]
    DIGITS_FIELD_NUMBER: _ClassVar[int]
    reversal: Reversal
    currency: str
    digits: int
    def __init__(self, reversal: _Optional[_Union[Reversal, _Mapping]] = ..., currency: _Optional[str] = ..., digits: _Optional[int] = ...) -> None: ...

class Reversal(_message.Message):
    __slots__ = ("reversal_id", "reference", "kind", "reason", "day", "amount", "charged", "recorded_at")
    REVERSAL_ID_FIELD_NUMBER: _ClassVar[int]
    REFERENCE_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    DAY_FIELD_NUMBER: _ClassVar[int]
    AMOUNT_FIELD_NUMBER: _ClassVar[int]
    CHARGED_FIELD_NUMBER: _ClassVar[int]
    RECORDED_AT_FIELD_NUMBER: _ClassVar[int]
    reversal_id: int
    reference: str
    kind: ReversalKind
    reason: str
    day: str
    amount: int
    charged: int
    recorded_at: int
    def __init__(self, reversal_id: _Optional[int] = ..., reference: _Optional[str] = ..., kind: _Optional[_Union[ReversalKind, str]] = ..., reason: _Optional[str] = ..., day: _Optional[str] = ..., amount: _Optional[int] = ..., charged: _Optional[int] = ..., recorded_at: _Optional[int] = ...) -> None: ...

class ReservePaymentRequest(_message.Message):
    __slots__ = ("channel", "reference", "target", "amount", "seconds", "terminal", "fee")
    CHANNEL_FIELD_NUMBER: _ClassVar[int]
    REFERENCE_FIELD_NUMBER: _ClassVar[int]
    TARGET_FIELD_NUMBER: _ClassVar[int]
    AMOUNT_FIELD_NUMBER: _ClassVar[int]
    SECONDS_FIELD_NUMBER: _ClassVar[int]
    TERMINAL_FIELD_NUMBER: _ClassVar[int]
    FEE_FIELD_NUMBER: _ClassVar[int]
    channel: str
    reference: str
    target: Target
    amount: int
    seconds: int
    terminal: str
    fee: int
    def __init__(self, channel: _Optional[str] = ..., reference: _Optional[str] = ..., target: _Optional[_Union[Target, _Mapping]] = ..., amount: _Optional[int] = ..., seconds: _Optional[int] = ..., terminal: _Optional[str] = ..., fee: _Optional[int] = ...) -> None: ...

class ReservePaymentResponse(_message.Message):
    __slots__ = ("reservation", "currency", "digits")
    RESERVATION_FIELD_NUMBER: _ClassVar[int]
    CURRENCY_FIELD_NUMBER: _ClassVar[int]
    DIGITS_FIELD_NUMBER: _ClassVar[int]
    reservation: Reservation
    currency: str
    digits: int
    def __init__(self, reservation: _Optional[_Union[Reservation, _Mapping]] = ..., currency: _Optional[str] = ..., digits: _Optional[int] = ...) -> None: ...

class Reservation(_message.Message):
    __slots__ = ("account_id", "bill_id", "amount", "expires_at", "recorded_at")
    ACCOUNT_ID_FIELD_NUMBER: _ClassVar[int]
    BILL_ID_FIELD_NUMBER: _ClassVar[int]
    AMOUNT_FIELD_NUMBER: _ClassVar[int]
    EXPIRES_AT_FIELD_NUMBER: _ClassVar[int]
    RECORDED_AT_FIELD_NUMBER: _ClassVar[int]
    account_id: int
    bill_id: int
    amount: int
    expires_at: int
    recorded_at: int
    def __init__(self, account_id: _Optional[int] = ..., bill_id: _Optional[int] = ..., amount: _Optional[int] = ..., expires_at: _Optional[int] = ..., recorded_at: _Optional[int] = ...) -> None: ...

class ConfirmPaymentRequest(_message.Message):
    __slots__ = ("channel", "reference", "money_taken", "paid_at")
    CHANNEL_FIELD_NUMBER: _ClassVar[int]
    REFERENCE_FIELD_NUMBER: _ClassVar[int]
    MONEY_TAKEN_FIELD_NUMBER: _ClassVar[int]
    PAID_AT_FIELD_NUMBER: _ClassVar[int]
    channel: str
    reference: str
    money_taken: bool
    paid_at: int
    def __init__(self, channel: _Optional[str] = ..., reference: _Optional[str] = ..., money_taken: _Optional[bool] = ..., paid_at: _Optional[int] = ...) -> None: ...

class ConfirmPaymentResponse(_message.Message):
    __slots__ = ("payment", "currency", "digits")
    PAYMENT_FIELD_NUMBER: _ClassVar[int]
    CURRENCY_FIELD_NUMBER: _ClassVar[int]
    DIGITS_FIELD_NUMBER: _ClassVar[int]
    payment: Payment
    currency: str
    digits: int
    def __init__(self, payment: _Optional[_Union[Payment, _Mapping]] = ..., currency: _Optional[str] = ..., digits: _Optional[int] = ...) -> None: ...

class ReleasePaymentRequest(_message.Message):
    __slots__ = ("channel", "reference")
    CHANNEL_FIELD_NUMBER: _ClassVar[int]
    REFERENCE_FIELD_NUMBER: _ClassVar[int]
    channel: str
    reference: str
    def __init__(self, channel: _Optional[str] = ..., reference: _Optional[str] = ...) -> None: ...

class ReleasePaymentResponse(_message.Message):
    __slots__ = ("state",)
    STATE_FIELD_NUMBER: _ClassVar[int]
    state: PaymentState
    def __init__(self, state: _Optional[_Union[PaymentState, str]] = ...) -> None: ...

class SplitPaymentRequest(_message.Message):
    __slots__ = ("channel", "reference", "parts", "money_taken", "paid_at", "terminal")
    CHANNEL_FIELD_NUMBER: _ClassVar[int]
    REFERENCE_FIELD_NUMBER: _ClassVar[int]
    PARTS_FIELD_NUMBER: _ClassVar[int]
    MONEY_TAKEN_FIELD_NUMBER: _ClassVar[int]
    PAID_AT_FIELD_NUMBER: _ClassVar[int]
    TERMINAL_FIELD_NUMBER: _ClassVar[int]
    channel: str
    reference: str
    parts: _containers.RepeatedCompositeFieldContainer[SplitPart]
    money_taken: bool
    paid_at: int
    terminal: str
    def __init__(self, channel: _Optional[str] = ..., reference: _Optional[str] = ..., parts: _Optional[_Iterable[_Union[SplitPart, _Mapping]]] = ..., money_taken: _Optional[bool] = ..., paid_at: _Optional[int] = ..., terminal: _Optional[str] = ...) -> None: ...

class SplitPart(_message.Message):
    __slots__ = ("provider", "target", "amount")
    PROVIDER_FIELD_NUMBER: _ClassVar[int]
    TARGET_FIELD_NUMBER: _ClassVar[int]
    AMOUNT_FIELD_NUMBER: _ClassVar[int]
    provider: str
    target: Target
    amount: int
    def __init__(self, provider: _Optional[str] = ..., target: _Optional[_Union[Target, _Mapping]] = ..., amount: _Optional[int] = ...) -> None: ...

class SplitPaymentResponse(_message.Message):
    __slots__ = ("payments", "currency", "digits")
    PAYMENTS_FIELD_NUMBER: _ClassVar[int]
    CURRENCY_FIELD_NUMBER: _ClassVar[int]
    DIGITS_FIELD_NUMBER: _ClassVar[int]
    payments: _containers.RepeatedCompositeFieldContainer[Payment]
    currency: str
    digits: int
    def __init__(self, payments: _Optional[_Iterable[_Union[Payment, _Mapping]]] = ..., currency: _Optional[str] = ..., digits: _Optional[int] = ...) -> None: ...

class ListSuspenseRequest(_message.Message):
    __slots__ = ("settled", "page_size", "page_token")
    SETTLED_FIELD_NUMBER: _ClassVar[int]
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    settled: bool
    page_size: int
    page_token: str
    def __init__(self, settled: _Optional[bool] = ..., page_size: _Optional[int] = ..., page_token: _Optional[str] = ...) -> None: ...

class ListSuspenseResponse(_message.Message):
    __slots__ = ("items", "next_page_token", "open", "currency", "digits")
    ITEMS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    OPEN_FIELD_NUMBER: _ClassVar[int]
    CURRENCY_FIELD_NUMBER: _ClassVar[int]
    DIGITS_FIELD_NUMBER: _ClassVar[int]
    items: _containers.RepeatedCompositeFieldContainer[SuspenseItem]
    next_page_token: str
    open: int
    currency: str
    digits: int
    def __init__(self, items: _Optional[_Iterable[_Union[SuspenseItem, _Mapping]]] = ..., next_page_token: _Optional[str] = ..., open: _Optional[int] = ..., currency: _Optional[str] = ..., digits: _Optional[int] = ...) -> None: ...

class SuspenseItem(_message.Message):
    __slots__ = ("payment_id", "channel", "reference", "target", "code", "amount", "open", "paid_at", "recorded_at", "moves")
    PAYMENT_ID_FIELD_NUMBER: _ClassVar[int]
    CHANNEL_FIELD_NUMBER: _ClassVar[int]
    REFERENCE_FIELD_NUMBER: _ClassVar[int]
    TARGET_FIELD_NUMBER: _ClassVar[int]
    CODE_FIELD_NUMBER: _ClassVar[int]
    AMOUNT_FIELD_NUMBER: _ClassVar[int]
    OPEN_FIELD_NUMBER: _ClassVar[int]
    PAID_AT_FIELD_NUMBER: _ClassVar[int]
    RECORDED_AT_FIELD_NUMBER: _ClassVar[int]
    MOVES_FIELD_NUMBER: _ClassVar[int]
    payment_id: int
    channel: str
    reference: str
    target: Target
    code: PaymentCode
    amount: int
    open: int
    paid_at: int
    recorded_at: int
    moves: _containers.RepeatedCompositeFieldContainer[SuspenseMove]
    def __init__(self, payment_id: _Optional[int] = ..., channel: _Optional[str] = ..., reference: _Optional[str] = ..., target: _Optional[_Union[Target, _Mapping]] = ..., code: _Optional[_Union[PaymentCode, str]] = ..., amount: _Optional[int] = ..., open: _Optional[int] = ..., paid_at: _Optional[int] = ..., recorded_at: _Optional[int] = ..., moves: _Optional[_Iterable[_Union[SuspenseMove, _Mapping]]] = ...) -> None: ...

class SuspenseMove(_message.Message):
    __slots__ = ("account_id", "account_entry_id", "amount", "day", "recorded_at")
    ACCOUNT_ID_FIELD_NUMBER: _ClassVar[int]
    ACCOUNT_ENTRY_ID_FIELD_NUMBER: _ClassVar[int]
    AMOUNT_FIELD_NUMBER: _ClassVar[int]
    DAY_FIELD_NUMBER: _ClassVar[int]
    RECORDED_AT_FIELD_NUMBER: _ClassVar[int]
    account_id: int
    account_entry_id: int
    amount: int
    day: str
    recorded_at: int
    def __init__(self, account_id: _Optional[int] = ..., account_entry_id: _Optional[int] = ..., amount: _Optional[int] = ..., day: _Optional[str] = ..., recorded_at: _Optional[int] = ...) -> None: ...

class TransferSuspenseRequest(_message.Message):
    __slots__ = ("request_id", "payment_id", "number", "amount", "reason")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    PAYMENT_ID_FIELD_NUMBER: _ClassVar[int]
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    AMOUNT_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    payment_id: int
    number: str
    amount: int
    reason: str
    def __init__(self, request_id: _Optional[str] = ..., payment_id: _Optional[int] = ..., number: _Optional[str] = ..., amount: _Optional[int] = ..., reason: _Optional[str] = ...) -> None: ...

class TransferSuspenseResponse(_message.Message):
    __slots__ = ("item", "currency", "digits")
    ITEM_FIELD_NUMBER: _ClassVar[int]
    CURRENCY_FIELD_NUMBER: _ClassVar[int]
    DIGITS_FIELD_NUMBER: _ClassVar[int]
    item: SuspenseItem
    currency: str
    digits: int
    def __init__(self, item: _Optional[_Union[SuspenseItem, _Mapping]] = ..., currency: _Optional[str] = ..., digits: _Optional[int] = ...) -> None: ...
