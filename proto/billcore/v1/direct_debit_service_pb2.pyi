from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class DebitScheme(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    DEBIT_SCHEME_UNSPECIFIED: _ClassVar[DebitScheme]
    DEBIT_SCHEME_CORE: _ClassVar[DebitScheme]
    DEBIT_SCHEME_B2B: _ClassVar[DebitScheme]
    DEBIT_SCHEME_DOMESTIC: _ClassVar[DebitScheme]

class DebitSequence(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    DEBIT_SEQUENCE_UNSPECIFIED: _ClassVar[DebitSequence]
    DEBIT_SEQUENCE_FRST: _ClassVar[DebitSequence]
    DEBIT_SEQUENCE_RCUR: _ClassVar[DebitSequence]
    DEBIT_SEQUENCE_OOFF: _ClassVar[DebitSequence]
    DEBIT_SEQUENCE_FNAL: _ClassVar[DebitSequence]

class MandateState(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    MANDATE_STATE_UNSPECIFIED: _ClassVar[MandateState]
    MANDATE_STATE_DRAFT: _ClassVar[MandateState]
    MANDATE_STATE_PENDING_BANK: _ClassVar[MandateState]
    MANDATE_STATE_ACTIVE: _ClassVar[MandateState]
    MANDATE_STATE_SUSPENDED: _ClassVar[MandateState]
    MANDATE_STATE_CANCELLED: _ClassVar[MandateState]
    MANDATE_STATE_EXPIRED: _ClassVar[MandateState]

class DebitState(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    DEBIT_STATE_UNSPECIFIED: _ClassVar[DebitState]
    DEBIT_STATE_DUE: _ClassVar[DebitState]
    DEBIT_STATE_NOTIFIED: _ClassVar[DebitState]
    DEBIT_STATE_BATCHED: _ClassVar[DebitState]
    DEBIT_STATE_SUBMITTED: _ClassVar[DebitState]
    DEBIT_STATE_ACCEPTED: _ClassVar[DebitState]
    DEBIT_STATE_REJECTED: _ClassVar[DebitState]
    DEBIT_STATE_COLLECTED: _ClassVar[DebitState]
    DEBIT_STATE_RETURNED: _ClassVar[DebitState]
    DEBIT_STATE_REFUNDED: _ClassVar[DebitState]
    DEBIT_STATE_REVERSED: _ClassVar[DebitState]
    DEBIT_STATE_FINAL: _ClassVar[DebitState]
    DEBIT_STATE_WITHDRAWN: _ClassVar[DebitState]

class DebitBatchState(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    DEBIT_BATCH_STATE_UNSPECIFIED: _ClassVar[DebitBatchState]
    DEBIT_BATCH_STATE_OPEN: _ClassVar[DebitBatchState]
    DEBIT_BATCH_STATE_SEALED: _ClassVar[DebitBatchState]
    DEBIT_BATCH_STATE_SENT: _ClassVar[DebitBatchState]
    DEBIT_BATCH_STATE_ACKED: _ClassVar[DebitBatchState]
    DEBIT_BATCH_STATE_PART: _ClassVar[DebitBatchState]
    DEBIT_BATCH_STATE_REJECTED: _ClassVar[DebitBatchState]
    DEBIT_BATCH_STATE_SETTLED: _ClassVar[DebitBatchState]
    DEBIT_BATCH_STATE_EMPTY: _ClassVar[DebitBatchState]
DEBIT_SCHEME_UNSPECIFIED: DebitScheme
DEBIT_SCHEME_CORE: DebitScheme
DEBIT_SCHEME_B2B: DebitScheme
DEBIT_SCHEME_DOMESTIC: DebitScheme
DEBIT_SEQUENCE_UNSPECIFIED: DebitSequence
DEBIT_SEQUENCE_FRST: DebitSequence
DEBIT_SEQUENCE_RCUR: DebitSequence
DEBIT_SEQUENCE_OOFF: DebitSequence
DEBIT_SEQUENCE_FNAL: DebitSequence
MANDATE_STATE_UNSPECIFIED: MandateState
MANDATE_STATE_DRAFT: MandateState
MANDATE_STATE_PENDING_BANK: MandateState
MANDATE_STATE_ACTIVE: MandateState
MANDATE_STATE_SUSPENDED: MandateState
MANDATE_STATE_CANCELLED: MandateState
MANDATE_STATE_EXPIRED: MandateState
DEBIT_STATE_UNSPECIFIED: DebitState
DEBIT_STATE_DUE: DebitState
DEBIT_STATE_NOTIFIED: DebitState
DEBIT_STATE_BATCHED: DebitState
DEBIT_STATE_SUBMITTED: DebitState
DEBIT_STATE_ACCEPTED: DebitState
DEBIT_STATE_REJECTED: DebitState
DEBIT_STATE_COLLECTED: DebitState
DEBIT_STATE_RETURNED: DebitState
DEBIT_STATE_REFUNDED: DebitState
DEBIT_STATE_REVERSED: DebitState
DEBIT_STATE_FINAL: DebitState
DEBIT_STATE_WITHDRAWN: DebitState
DEBIT_BATCH_STATE_UNSPECIFIED: DebitBatchState
DEBIT_BATCH_STATE_OPEN: DebitBatchState
DEBIT_BATCH_STATE_SEALED: DebitBatchState
DEBIT_BATCH_STATE_SENT: DebitBatchState
DEBIT_BATCH_STATE_ACKED: DebitBatchState
DEBIT_BATCH_STATE_PART: DebitBatchState
DEBIT_BATCH_STATE_REJECTED: DebitBatchState
DEBIT_BATCH_STATE_SETTLED: DebitBatchState
DEBIT_BATCH_STATE_EMPTY: DebitBatchState

class DebitTerms(_message.Message):
    __slots__ = ("channel", "terms", "revision")
    CHANNEL_FIELD_NUMBER: _ClassVar[int]
    TERMS_FIELD_NUMBER: _ClassVar[int]
    REVISION_FIELD_NUMBER: _ClassVar[int]
    channel: str
    terms: str
    revision: int
    def __init__(self, channel: _Optional[str] = ..., terms: _Optional[str] = ..., revision: _Optional[int] = ...) -> None: ...

class GetDebitTermsRequest(_message.Message):
    __slots__ = ("channel",)
    CHANNEL_FIELD_NUMBER: _ClassVar[int]
    channel: str
    def __init__(self, channel: _Optional[str] = ...) -> None: ...

class GetDebitTermsResponse(_message.Message):
    __slots__ = ("terms",)
    TERMS_FIELD_NUMBER: _ClassVar[int]
    terms: DebitTerms
    def __init__(self, terms: _Optional[_Union[DebitTerms, _Mapping]] = ...) -> None: ...

class SetDebitTermsRequest(_message.Message):
    __slots__ = ("request_id", "terms", "reason")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    TERMS_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    terms: DebitTerms
    reason: str
    def __init__(self, request_id: _Optional[str] = ..., terms: _Optional[_Union[DebitTerms, _Mapping]] = ..., reason: _Optional[str] = ...) -> None: ...

class SetDebitTermsResponse(_message.Message):
    __slots__ = ("terms",)
    TERMS_FIELD_NUMBER: _ClassVar[int]
    terms: DebitTerms
    def __init__(self, terms: _Optional[_Union[DebitTerms, _Mapping]] = ...) -> None: ...

class DebitFormat(_message.Message):
    __slots__ = ("format", "definition", "revision")
    FORMAT_FIELD_NUMBER: _ClassVar[int]
    DEFINITION_FIELD_NUMBER: _ClassVar[int]
    REVISION_FIELD_NUMBER: _ClassVar[int]
    format: str
    definition: str
    revision: int
    def __init__(self, format: _Optional[str] = ..., definition: _Optional[str] = ..., revision: _Optional[int] = ...) -> None: ...

class ListDebitFormatsRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class ListDebitFormatsResponse(_message.Message):
    __slots__ = ("formats",)
    FORMATS_FIELD_NUMBER: _ClassVar[int]
    formats: _containers.RepeatedCompositeFieldContainer[DebitFormat]
    def __init__(self, formats: _Optional[_Iterable[_Union[DebitFormat, _Mapping]]] = ...) -> None: ...

class SetDebitFormatRequest(_message.Message):
    __slots__ = ("request_id", "format", "reason")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    FORMAT_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    format: DebitFormat
    reason: str
    def __init__(self, request_id: _Optional[str] = ..., format: _Optional[_Union[DebitFormat, _Mapping]] = ..., reason: _Optional[str] = ...) -> None: ...

class SetDebitFormatResponse(_message.Message):
    __slots__ = ("format",)
    FORMAT_FIELD_NUMBER: _ClassVar[int]
    format: DebitFormat
    def __init__(self, format: _Optional[_Union[DebitFormat, _Mapping]] = ...) -> None: ...

class Debtor(_message.Message):
    __slots__ = ("name", "iban", "bic", "bank_account")
    NAME_FIELD_NUMBER: _ClassVar[int]
    IBAN_FIELD_NUMBER: _ClassVar[int]
    BIC_FIELD_NUMBER: _ClassVar[int]
    BANK_ACCOUNT_FIELD_NUMBER: _ClassVar[int]
    name: str
    iban: str
    bic: str
    bank_account: str
    def __init__(self, name: _Optional[str] = ..., iban: _Optional[str] = ..., bic: _Optional[str] = ..., bank_account: _Optional[str] = ...) -> None: ...

class Mandate(_message.Message):
    __slots__ = ("mandate_no", "umr", "creditor_id", "account_id", "channel", "scheme", "one_off", "signed_day", "amount_max", "state", "version", "recorded_at", "debtor")
    MANDATE_NO_FIELD_NUMBER: _ClassVar[int]
    UMR_FIELD_NUMBER: _ClassVar[int]
    CREDITOR_ID_FIELD_NUMBER: _ClassVar[int]
    ACCOUNT_ID_FIELD_NUMBER: _ClassVar[int]
    CHANNEL_FIELD_NUMBER: _ClassVar[int]
    SCHEME_FIELD_NUMBER: _ClassVar[int]
    ONE_OFF_FIELD_NUMBER: _ClassVar[int]
    SIGNED_DAY_FIELD_NUMBER: _ClassVar[int]
    AMOUNT_MAX_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    RECORDED_AT_FIELD_NUMBER: _ClassVar[int]
    DEBTOR_FIELD_NUMBER: _ClassVar[int]
    mandate_no: int
    umr: str
    creditor_id: str
    account_id: int
    channel: str
    scheme: DebitScheme
    one_off: bool
    signed_day: str
    amount_max: int
    state: MandateState
    version: int
    recorded_at: int
    debtor: Debtor
    def __init__(self, mandate_no: _Optional[int] = ..., umr: _Optional[str] = ..., creditor_id: _Optional[str] = ..., account_id: _Optional[int] = ..., channel: _Optional[str] = ..., scheme: _Optional[_Union[DebitScheme, str]] = ..., one_off: _Optional[bool] = ..., signed_day: _Optional[str] = ..., amount_max: _Optional[int] = ..., state: _Optional[_Union[MandateState, str]] = ..., version: _Optional[int] = ..., recorded_at: _Optional[int] = ..., debtor: _Optional[_Union[Debtor, _Mapping]] = ...) -> None: ...

class MandateVersion(_message.Message):
    __slots__ = ("version", "state", "amount_max", "debtor_version", "reason", "recorded_at")
    VERSION_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    AMOUNT_MAX_FIELD_NUMBER: _ClassVar[int]
    DEBTOR_VERSION_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    RECORDED_AT_FIELD_NUMBER: _ClassVar[int]
    version: int
    state: MandateState
    amount_max: int
    debtor_version: int
    reason: str
    recorded_at: int
    def __init__(self, version: _Optional[int] = ..., state: _Optional[_Union[MandateState, str]] = ..., amount_max: _Optional[int] = ..., debtor_version: _Optional[int] = ..., reason: _Optional[str] = ..., recorded_at: _Optional[int] = ...) -> None: ...

class CreateMandateRequest(_message.Message):
    __slots__ = ("request_id", "account_id", "number", "mandate", "reason")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    ACCOUNT_ID_FIELD_NUMBER: _ClassVar[int]
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    MANDATE_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    account_id: int
    number: str
    mandate: Mandate
    reason: str
    def __init__(self, request_id: _Optional[str] = ..., account_id: _Optional[int] = ..., number: _Optional[str] = ..., mandate: _Optional[_Union[Mandate, _Mapping]] = ..., reason: _Optional[str] = ...) -> None: ...

class CreateMandateResponse(_message.Message):
    __slots__ = ("mandate",)
    MANDATE_FIELD_NUMBER: _ClassVar[int]
    mandate: Mandate
    def __init__(self, mandate: _Optional[_Union[Mandate, _Mapping]] = ...) -> None: ...

class ChangeMandateRequest(_message.Message):
    __slots__ = ("request_id", "mandate", "version", "amount_max", "debtor", "reason")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    MANDATE_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    AMOUNT_MAX_FIELD_NUMBER: _ClassVar[int]
    DEBTOR_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    mandate: str
    version: int
    amount_max: int
    debtor: Debtor
    reason: str
    def __init__(self, request_id: _Optional[str] = ..., mandate: _Optional[str] = ..., version: _Optional[int] = ..., amount_max: _Optional[int] = ..., debtor: _Optional[_Union[Debtor, _Mapping]] = ..., reason: _Optional[str] = ...) -> None: ...

class ChangeMandateResponse(_message.Message):
    __slots__ = ("mandate",)
    MANDATE_FIELD_NUMBER: _ClassVar[int]
    mandate: Mandate
    def __init__(self, mandate: _Optional[_Union[Mandate, _Mapping]] = ...) -> None: ...

class SubmitMandateRequest(_message.Message):
    __slots__ = ("request_id", "mandate", "version", "reason")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    MANDATE_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    mandate: str
    version: int
    reason: str
    def __init__(self, request_id: _Optional[str] = ..., mandate: _Optional[str] = ..., version: _Optional[int] = ..., reason: _Optional[str] = ...) -> None: ...

class SubmitMandateResponse(_message.Message):
    __slots__ = ("mandate",)
    MANDATE_FIELD_NUMBER: _ClassVar[int]
    mandate: Mandate
    def __init__(self, mandate: _Optional[_Union[Mandate, _Mapping]] = ...) -> None: ...

class ActivateMandateRequest(_message.Message):
    __slots__ = ("request_id", "mandate", "version", "reason")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    MANDATE_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    mandate: str
    version: int
    reason: str
    def __init__(self, request_id: _Optional[str] = ..., mandate: _Optional[str] = ..., version: _Optional[int] = ..., reason: _Optional[str] = ...) -> None: ...

class ActivateMandateResponse(_message.Message):
    __slots__ = ("mandate",)
    MANDATE_FIELD_NUMBER: _ClassVar[int]
    mandate: Mandate
    def __init__(self, mandate: _Optional[_Union[Mandate, _Mapping]] = ...) -> None: ...

class SuspendMandateRequest(_message.Message):
    __slots__ = ("request_id", "mandate", "version", "reason")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    MANDATE_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    mandate: str
    version: int
    reason: str
    def __init__(self, request_id: _Optional[str] = ..., mandate: _Optional[str] = ..., version: _Optional[int] = ..., reason: _Optional[str] = ...) -> None: ...

class SuspendMandateResponse(_message.Message):
    __slots__ = ("mandate",)
    MANDATE_FIELD_NUMBER: _ClassVar[int]
    mandate: Mandate
    def __init__(self, mandate: _Optional[_Union[Mandate, _Mapping]] = ...) -> None: ...

class CancelMandateRequest(_message.Message):
    __slots__ = ("request_id", "mandate", "version", "reason")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    MANDATE_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    mandate: str
    version: int
    reason: str
    def __init__(self, request_id: _Optional[str] = ..., mandate: _Optional[str] = ..., version: _Optional[int] = ..., reason: _Optional[str] = ...) -> None: ...

class CancelMandateResponse(_message.Message):
    __slots__ = ("mandate",)
    MANDATE_FIELD_NUMBER: _ClassVar[int]
    mandate: Mandate
    def __init__(self, mandate: _Optional[_Union[Mandate, _Mapping]] = ...) -> None: ...

class GetMandateRequest(_message.Message):
    __slots__ = ("mandate",)
    MANDATE_FIELD_NUMBER: _ClassVar[int]
    mandate: str
    def __init__(self, mandate: _Optional[str] = ...) -> None: ...

class GetMandateResponse(_message.Message):
    __slots__ = ("mandate", "versions", "debits")
    MANDATE_FIELD_NUMBER: _ClassVar[int]
    VERSIONS_FIELD_NUMBER: _ClassVar[int]
    DEBITS_FIELD_NUMBER: _ClassVar[int]
    mandate: Mandate
    versions: _containers.RepeatedCompositeFieldContainer[MandateVersion]
    debits: _containers.RepeatedCompositeFieldContainer[Debit]
    def __init__(self, mandate: _Optional[_Union[Mandate, _Mapping]] = ..., versions: _Optional[_Iterable[_Union[MandateVersion, _Mapping]]] = ..., debits: _Optional[_Iterable[_Union[Debit, _Mapping]]] = ...) -> None: ...

class ListMandatesRequest(_message.Message):
    __slots__ = ("account_id", "state", "page_size", "page_token")
    ACCOUNT_ID_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    account_id: int
    state: MandateState
    page_size: int
    page_token: str
    def __init__(self, account_id: _Optional[int] = ..., state: _Optional[_Union[MandateState, str]] = ..., page_size: _Optional[int] = ..., page_token: _Optional[str] = ...) -> None: ...

class ListMandatesResponse(_message.Message):
    __slots__ = ("mandates", "next_page_token")
    MANDATES_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    mandates: _containers.RepeatedCompositeFieldContainer[Mandate]
    next_page_token: str
    def __init__(self, mandates: _Optional[_Iterable[_Union[Mandate, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class Debit(_message.Message):
    __slots__ = ("debit_no", "end_to_end_id", "mandate_no", "account_id", "channel", "scheme", "collection_day", "state", "amount", "batch_no", "sequence", "code", "day", "collected_day", "contingent_until_day", "retry_of", "attempt", "recorded_at")
    DEBIT_NO_FIELD_NUMBER: _ClassVar[int]
    END_TO_END_ID_FIELD_NUMBER: _ClassVar[int]
    MANDATE_NO_FIELD_NUMBER: _ClassVar[int]
    ACCOUNT_ID_FIELD_NUMBER: _ClassVar[int]
    CHANNEL_FIELD_NUMBER: _ClassVar[int]
    SCHEME_FIELD_NUMBER: _ClassVar[int]
    COLLECTION_DAY_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    AMOUNT_FIELD_NUMBER: _ClassVar[int]
    BATCH_NO_FIELD_NUMBER: _ClassVar[int]
    SEQUENCE_FIELD_NUMBER: _ClassVar[int]
    CODE_FIELD_NUMBER: _ClassVar[int]
    DAY_FIELD_NUMBER: _ClassVar[int]
    COLLECTED_DAY_FIELD_NUMBER: _ClassVar[int]
    CONTINGENT_UNTIL_DAY_FIELD_NUMBER: _ClassVar[int]
    RETRY_OF_FIELD_NUMBER: _ClassVar[int]
    ATTEMPT_FIELD_NUMBER: _ClassVar[int]
    RECORDED_AT_FIELD_NUMBER: _ClassVar[int]
    debit_no: int
    end_to_end_id: str
    mandate_no: int
    account_id: int
    channel: str
    scheme: DebitScheme
    collection_day: str
    state: DebitState
    amount: int
    batch_no: int
    sequence: DebitSequence
    code: str
    day: str
    collected_day: str
    contingent_until_day: str
    retry_of: int
    attempt: int
    recorded_at: int
    def __init__(self, debit_no: _Optional[int] = ..., end_to_end_id: _Optional[str] = ..., mandate_no: _Optional[int] = ..., account_id: _Optional[int] = ..., channel: _Optional[str] = ..., scheme: _Optional[_Union[DebitScheme, str]] = ..., collection_day: _Optional[str] = ..., state: _Optional[_Union[DebitState, str]] = ..., amount: _Optional[int] = ..., batch_no: _Optional[int] = ..., sequence: _Optional[_Union[DebitSequence, str]] = ..., code: _Optional[str] = ..., day: _Optional[str] = ..., collected_day: _Optional[str] = ..., contingent_until_day: _Optional[str] = ..., retry_of: _Optional[int] = ..., attempt: _Optional[int] = ..., recorded_at: _Optional[int] = ...) -> None: ...

class DebitStep(_message.Message):
    __slots__ = ("step_no", "state", "day", "amount", "batch_no", "code", "result_no", "line", "recorded_at")
    STEP_NO_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    DAY_FIELD_NUMBER: _ClassVar[int]
    AMOUNT_FIELD_NUMBER: _ClassVar[int]
    BATCH_NO_FIELD_NUMBER: _ClassVar[int]
    CODE_FIELD_NUMBER: _ClassVar[int]
    RESULT_NO_FIELD_NUMBER: _ClassVar[int]
    LINE_FIELD_NUMBER: _ClassVar[int]
    RECORDED_AT_FIELD_NUMBER: _ClassVar[int]
    step_no: int
    state: DebitState
    day: str
    amount: int
    batch_no: int
    code: str
    result_no: int
    line: int
    recorded_at: int
    def __init__(self, step_no: _Optional[int] = ..., state: _Optional[_Union[DebitState, str]] = ..., day: _Optional[str] = ..., amount: _Optional[int] = ..., batch_no: _Optional[int] = ..., code: _Optional[str] = ..., result_no: _Optional[int] = ..., line: _Optional[int] = ..., recorded_at: _Optional[int] = ...) -> None: ...

class PlanDebitsRequest(_message.Message):
    __slots__ = ("channel", "scheme", "collection_day", "page_token")
    CHANNEL_FIELD_NUMBER: _ClassVar[int]
    SCHEME_FIELD_NUMBER: _ClassVar[int]
    COLLECTION_DAY_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    channel: str
    scheme: DebitScheme
    collection_day: str
    page_token: str
    def __init__(self, channel: _Optional[str] = ..., scheme: _Optional[_Union[DebitScheme, str]] = ..., collection_day: _Optional[str] = ..., page_token: _Optional[str] = ...) -> None: ...

class PlanDebitsResponse(_message.Message):
    __slots__ = ("debits", "amount", "next_page_token")
    DEBITS_FIELD_NUMBER: _ClassVar[int]
    AMOUNT_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    debits: int
    amount: int
    next_page_token: str
    def __init__(self, debits: _Optional[int] = ..., amount: _Optional[int] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class NotifyDebitsRequest(_message.Message):
    __slots__ = ("channel", "day")
    CHANNEL_FIELD_NUMBER: _ClassVar[int]
    DAY_FIELD_NUMBER: _ClassVar[int]
    channel: str
    day: str
    def __init__(self, channel: _Optional[str] = ..., day: _Optional[str] = ...) -> None: ...

class NotifyDebitsResponse(_message.Message):
    __slots__ = ("day", "debits", "withdrawn", "more")
    DAY_FIELD_NUMBER: _ClassVar[int]
    DEBITS_FIELD_NUMBER: _ClassVar[int]
    WITHDRAWN_FIELD_NUMBER: _ClassVar[int]
    MORE_FIELD_NUMBER: _ClassVar[int]
    day: str
    debits: int
    withdrawn: int
    more: bool
    def __init__(self, day: _Optional[str] = ..., debits: _Optional[int] = ..., withdrawn: _Optional[int] = ..., more: _Optional[bool] = ...) -> None: ...

class ReverseDebitRequest(_message.Message):
    __slots__ = ("request_id", "end_to_end_id", "day", "reason")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    END_TO_END_ID_FIELD_NUMBER: _ClassVar[int]
    DAY_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    end_to_end_id: str
    day: str
    reason: str
    def __init__(self, request_id: _Optional[str] = ..., end_to_end_id: _Optional[str] = ..., day: _Optional[str] = ..., reason: _Optional[str] = ...) -> None: ...

class ReverseDebitResponse(_message.Message):
    __slots__ = ("debit",)
    DEBIT_FIELD_NUMBER: _ClassVar[int]
    debit: Debit
    def __init__(self, debit: _Optional[_Union[Debit, _Mapping]] = ...) -> None: ...

class GetDebitRequest(_message.Message):
    __slots__ = ("end_to_end_id",)
    END_TO_END_ID_FIELD_NUMBER: _ClassVar[int]
    end_to_end_id: str
    def __init__(self, end_to_end_id: _Optional[str] = ...) -> None: ...

class GetDebitResponse(_message.Message):
    __slots__ = ("debit", "steps", "batch", "payment_id", "reversal_id", "charged", "unauthorised_until_day", "earlier", "later", "currency", "digits")
    DEBIT_FIELD_NUMBER: _ClassVar[int]
    STEPS_FIELD_NUMBER: _ClassVar[int]
    BATCH_FIELD_NUMBER: _ClassVar[int]
    PAYMENT_ID_FIELD_NUMBER: _ClassVar[int]
    REVERSAL_ID_FIELD_NUMBER: _ClassVar[int]
    CHARGED_FIELD_NUMBER: _ClassVar[int]
    UNAUTHORISED_UNTIL_DAY_FIELD_NUMBER: _ClassVar[int]
    EARLIER_FIELD_NUMBER: _ClassVar[int]
    LATER_FIELD_NUMBER: _ClassVar[int]
    CURRENCY_FIELD_NUMBER: _ClassVar[int]
    DIGITS_FIELD_NUMBER: _ClassVar[int]
    debit: Debit
    steps: _containers.RepeatedCompositeFieldContainer[DebitStep]
    batch: DebitBatch
    payment_id: int
    reversal_id: int
    charged: int
    unauthorised_until_day: str
    earlier: _containers.RepeatedCompositeFieldContainer[Debit]
    later: _containers.RepeatedCompositeFieldContainer[Debit]
    currency: str
    digits: int
    def __init__(self, debit: _Optional[_Union[Debit, _Mapping]] = ..., steps: _Optional[_Iterable[_Union[DebitStep, _Mapping]]] = ..., batch: _Optional[_Union[DebitBatch, _Mapping]] = ..., payment_id: _Optional[int] = ..., reversal_id: _Optional[int] = ..., charged: _Optional[int] = ..., unauthorised_until_day: _Optional[str] = ..., earlier: _Optional[_Iterable[_Union[Debit, _Mapping]]] = ..., later: _Optional[_Iterable[_Union[Debit, _Mapping]]] = ..., currency: _Optional[str] = ..., digits: _Optional[int] = ...) -> None: ...

class ListDebitsRequest(_message.Message):
    __slots__ = ("state", "batch_no", "account_id", "page_size", "page_token")
    STATE_FIELD_NUMBER: _ClassVar[int]
    BATCH_NO_FIELD_NUMBER: _ClassVar[int]
    ACCOUNT_ID_FIELD_NUMBER: _ClassVar[int]
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    state: DebitState
    batch_no: int
    account_id: int
    page_size: int
    page_token: str
    def __init__(self, state: _Optional[_Union[DebitState, str]] = ..., batch_no: _Optional[int] = ..., account_id: _Optional[int] = ..., page_size: _Optional[int] = ..., page_token: _Optional[str] = ...) -> None: ...

class ListDebitsResponse(_message.Message):
    __slots__ = ("debits", "next_page_token")
    DEBITS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    debits: _containers.RepeatedCompositeFieldContainer[Debit]
    next_page_token: str
    def __init__(self, debits: _Optional[_Iterable[_Union[Debit, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class SummariseDebitsRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class SummariseDebitsResponse(_message.Message):
    __slots__ = ("sums", "failures", "contingent", "currency", "digits")
    SUMS_FIELD_NUMBER: _ClassVar[int]
    FAILURES_FIELD_NUMBER: _ClassVar[int]
    CONTINGENT_FIELD_NUMBER: _ClassVar[int]
    CURRENCY_FIELD_NUMBER: _ClassVar[int]
    DIGITS_FIELD_NUMBER: _ClassVar[int]
    sums: _containers.RepeatedCompositeFieldContainer[DebitSum]
    failures: _containers.RepeatedCompositeFieldContainer[DebitFailureSum]
    contingent: int
    currency: str
    digits: int
    def __init__(self, sums: _Optional[_Iterable[_Union[DebitSum, _Mapping]]] = ..., failures: _Optional[_Iterable[_Union[DebitFailureSum, _Mapping]]] = ..., contingent: _Optional[int] = ..., currency: _Optional[str] = ..., digits: _Optional[int] = ...) -> None: ...

class DebitSum(_message.Message):
    __slots__ = ("state", "debits", "amount")
    STATE_FIELD_NUMBER: _ClassVar[int]
    DEBITS_FIELD_NUMBER: _ClassVar[int]
    AMOUNT_FIELD_NUMBER: _ClassVar[int]
    state: DebitState
    debits: int
    amount: int
    def __init__(self, state: _Optional[_Union[DebitState, str]] = ..., debits: _Optional[int] = ..., amount: _Optional[int] = ...) -> None: ...

class DebitFailureSum(_message.Message):
    __slots__ = ("code", "meaning", "debits", "amount")
    CODE_FIELD_NUMBER: _ClassVar[int]
    MEANING_FIELD_NUMBER: _ClassVar[int]
    DEBITS_FIELD_NUMBER: _ClassVar[int]
    AMOUNT_FIELD_NUMBER: _ClassVar[int]
    code: str
    meaning: str
    debits: int
    amount: int
    def __init__(self, code: _Optional[str] = ..., meaning: _Optional[str] = ..., debits: _Optional[int] = ..., amount: _Optional[int] = ...) -> None: ...

class DebitBatch(_message.Message):
    __slots__ = ("batch_no", "channel", "scheme", "collection_day", "message_id", "state", "format", "debits", "amount", "digest", "file_bytes", "sealed_at", "sent_day")
    BATCH_NO_FIELD_NUMBER: _ClassVar[int]
    CHANNEL_FIELD_NUMBER: _ClassVar[int]
    SCHEME_FIELD_NUMBER: _ClassVar[int]
    COLLECTION_DAY_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_ID_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    FORMAT_FIELD_NUMBER: _ClassVar[int]
    DEBITS_FIELD_NUMBER: _ClassVar[int]
    AMOUNT_FIELD_NUMBER: _ClassVar[int]
    DIGEST_FIELD_NUMBER: _ClassVar[int]
    FILE_BYTES_FIELD_NUMBER: _ClassVar[int]
    SEALED_AT_FIELD_NUMBER: _ClassVar[int]
    SENT_DAY_FIELD_NUMBER: _ClassVar[int]
    batch_no: int
    channel: str
    scheme: DebitScheme
    collection_day: str
    message_id: str
    state: DebitBatchState
    format: str
    debits: int
    amount: int
    digest: bytes
    file_bytes: int
    sealed_at: int
    sent_day: str
    def __init__(self, batch_no: _Optional[int] = ..., channel: _Optional[str] = ..., scheme: _Optional[_Union[DebitScheme, str]] = ..., collection_day: _Optional[str] = ..., message_id: _Optional[str] = ..., state: _Optional[_Union[DebitBatchState, str]] = ..., format: _Optional[str] = ..., debits: _Optional[int] = ..., amount: _Optional[int] = ..., digest: _Optional[bytes] = ..., file_bytes: _Optional[int] = ..., sealed_at: _Optional[int] = ..., sent_day: _Optional[str] = ...) -> None: ...

class SealBatchRequest(_message.Message):
    __slots__ = ("channel", "scheme", "collection_day")
    CHANNEL_FIELD_NUMBER: _ClassVar[int]
    SCHEME_FIELD_NUMBER: _ClassVar[int]
    COLLECTION_DAY_FIELD_NUMBER: _ClassVar[int]
    channel: str
    scheme: DebitScheme
    collection_day: str
    def __init__(self, channel: _Optional[str] = ..., scheme: _Optional[_Union[DebitScheme, str]] = ..., collection_day: _Optional[str] = ...) -> None: ...

class SealBatchResponse(_message.Message):
    __slots__ = ("batch", "left")
    BATCH_FIELD_NUMBER: _ClassVar[int]
    LEFT_FIELD_NUMBER: _ClassVar[int]
    batch: DebitBatch
    left: int
    def __init__(self, batch: _Optional[_Union[DebitBatch, _Mapping]] = ..., left: _Optional[int] = ...) -> None: ...

class GetBatchFileRequest(_message.Message):
    __slots__ = ("batch_no",)
    BATCH_NO_FIELD_NUMBER: _ClassVar[int]
    batch_no: int
    def __init__(self, batch_no: _Optional[int] = ...) -> None: ...

class GetBatchFileResponse(_message.Message):
    __slots__ = ("part",)
    PART_FIELD_NUMBER: _ClassVar[int]
    part: bytes
    def __init__(self, part: _Optional[bytes] = ...) -> None: ...

class MarkBatchSentRequest(_message.Message):
    __slots__ = ("request_id", "batch_no", "day", "reason")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    BATCH_NO_FIELD_NUMBER: _ClassVar[int]
    DAY_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    batch_no: int
    day: str
    reason: str
    def __init__(self, request_id: _Optional[str] = ..., batch_no: _Optional[int] = ..., day: _Optional[str] = ..., reason: _Optional[str] = ...) -> None: ...

class MarkBatchSentResponse(_message.Message):
    __slots__ = ("batch",)
    BATCH_FIELD_NUMBER: _ClassVar[int]
    batch: DebitBatch
    def __init__(self, batch: _Optional[_Union[DebitBatch, _Mapping]] = ...) -> None: ...

class ListDebitBatchesRequest(_message.Message):
    __slots__ = ("page_size", "page_token")
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    page_size: int
    page_token: str
    def __init__(self, page_size: _Optional[int] = ..., page_token: _Optional[str] = ...) -> None: ...

class ListDebitBatchesResponse(_message.Message):
    __slots__ = ("batches", "next_page_token")
    BATCHES_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    batches: _containers.RepeatedCompositeFieldContainer[DebitBatch]
    next_page_token: str
    def __init__(self, batches: _Optional[_Iterable[_Union[DebitBatch, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class DebitResultHeader(_message.Message):
    __slots__ = ("name", "channel", "format")
    NAME_FIELD_NUMBER: _ClassVar[int]
    CHANNEL_FIELD_NUMBER: _ClassVar[int]
    FORMAT_FIELD_NUMBER: _ClassVar[int]
    name: str
    channel: str
    format: str
    def __init__(self, name: _Optional[str] = ..., channel: _Optional[str] = ..., format: _Optional[str] = ...) -> None: ...

class ImportDebitResultsRequest(_message.Message):
    __slots__ = ("header", "part")
    HEADER_FIELD_NUMBER: _ClassVar[int]
    PART_FIELD_NUMBER: _ClassVar[int]
    header: DebitResultHeader
    part: bytes
    def __init__(self, header: _Optional[_Union[DebitResultHeader, _Mapping]] = ..., part: _Optional[bytes] = ...) -> None: ...

class ImportDebitResultsResponse(_message.Message):
    __slots__ = ("result", "repeated")
    RESULT_FIELD_NUMBER: _ClassVar[int]
    REPEATED_FIELD_NUMBER: _ClassVar[int]
    result: DebitResult
    repeated: bool
    def __init__(self, result: _Optional[_Union[DebitResult, _Mapping]] = ..., repeated: _Optional[bool] = ...) -> None: ...

class DebitResult(_message.Message):
    __slots__ = ("result_no", "channel", "name", "digest", "format", "lines", "accepted", "rejected", "collected", "returned", "repeated_count", "unknown_count", "unknown", "recorded_at")
    RESULT_NO_FIELD_NUMBER: _ClassVar[int]
    CHANNEL_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    DIGEST_FIELD_NUMBER: _ClassVar[int]
    FORMAT_FIELD_NUMBER: _ClassVar[int]
    LINES_FIELD_NUMBER: _ClassVar[int]
    ACCEPTED_FIELD_NUMBER: _ClassVar[int]
    REJECTED_FIELD_NUMBER: _ClassVar[int]
    COLLECTED_FIELD_NUMBER: _ClassVar[int]
    RETURNED_FIELD_NUMBER: _ClassVar[int]
    REPEATED_COUNT_FIELD_NUMBER: _ClassVar[int]
    UNKNOWN_COUNT_FIELD_NUMBER: _ClassVar[int]
    UNKNOWN_FIELD_NUMBER: _ClassVar[int]
    RECORDED_AT_FIELD_NUMBER: _ClassVar[int]
    result_no: int
    channel: str
    name: str
    digest: bytes
    format: str
    lines: int
    accepted: int
    rejected: int
    collected: int
    returned: int
    repeated_count: int
    unknown_count: int
    unknown: _containers.RepeatedCompositeFieldContainer[UnknownDebit]
    recorded_at: int
    def __init__(self, result_no: _Optional[int] = ..., channel: _Optional[str] = ..., name: _Optional[str] = ..., digest: _Optional[bytes] = ..., format: _Optional[str] = ..., lines: _Optional[int] = ..., accepted: _Optional[int] = ..., rejected: _Optional[int] = ..., collected: _Optional[int] = ..., returned: _Optional[int] = ..., repeated_count: _Optional[int] = ..., unknown_count: _Optional[int] = ..., unknown: _Optional[_Iterable[_Union[UnknownDebit, _Mapping]]] = ..., recorded_at: _Optional[int] = ...) -> None: ...

class UnknownDebit(_message.Message):
    __slots__ = ("line", "end_to_end_id", "amount", "why")
    LINE_FIELD_NUMBER: _ClassVar[int]
    END_TO_END_ID_FIELD_NUMBER: _ClassVar[int]
    AMOUNT_FIELD_NUMBER: _ClassVar[int]
    WHY_FIELD_NUMBER: _ClassVar[int]
    line: int
    end_to_end_id: str
    amount: int
    why: str
    def __init__(self, line: _Optional[int] = ..., end_to_end_id: _Optional[str] = ..., amount: _Optional[int] = ..., why: _Optional[str] = ...) -> None: ...

class ListDebitResultsRequest(_message.Message):
    __slots__ = ("page_size", "page_token")
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    page_size: int
    page_token: str
    def __init__(self, page_size: _Optional[int] = ..., page_token: _Optional[str] = ...) -> None: ...

class ListDebitResultsResponse(_message.Message):
    __slots__ = ("results", "next_page_token")
    RESULTS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    results: _containers.RepeatedCompositeFieldContainer[DebitResult]
    next_page_token: str
    def __init__(self, results: _Optional[_Iterable[_Union[DebitResult, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class SweepMandatesRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class SweepMandatesResponse(_message.Message):
    __slots__ = ("expired", "final", "withdrawn")
    EXPIRED_FIELD_NUMBER: _ClassVar[int]
    FINAL_FIELD_NUMBER: _ClassVar[int]
    WITHDRAWN_FIELD_NUMBER: _ClassVar[int]
    expired: int
    final: int
    withdrawn: int
    def __init__(self, expired: _Optional[int] = ..., final: _Optional[int] = ..., withdrawn: _Optional[int] = ...) -> None: ...
