from billcore.v1 import deposits_pb2 as _deposits_pb2
from billcore.v1 import dunning_pb2 as _dunning_pb2
from billcore.v1 import instalments_pb2 as _instalments_pb2
from billcore.v1 import write_offs_pb2 as _write_offs_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class AssessLateFeesRequest(_message.Message):
    __slots__ = ("request_id", "until_day", "account_id", "number", "chunk_accounts")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    UNTIL_DAY_FIELD_NUMBER: _ClassVar[int]
    ACCOUNT_ID_FIELD_NUMBER: _ClassVar[int]
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    CHUNK_ACCOUNTS_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    until_day: str
    account_id: int
    number: str
    chunk_accounts: int
    def __init__(self, request_id: _Optional[str] = ..., until_day: _Optional[str] = ..., account_id: _Optional[int] = ..., number: _Optional[str] = ..., chunk_accounts: _Optional[int] = ...) -> None: ...

class AssessLateFeesResponse(_message.Message):
    __slots__ = ("assessment",)
    ASSESSMENT_FIELD_NUMBER: _ClassVar[int]
    assessment: LateFeeAssessment
    def __init__(self, assessment: _Optional[_Union[LateFeeAssessment, _Mapping]] = ...) -> None: ...

class LateFeeAssessment(_message.Message):
    __slots__ = ("assessment_id", "until_day", "chunks", "chunks_done", "items", "charges", "charged", "credits", "credited", "recorded_at", "currency", "digits")
    ASSESSMENT_ID_FIELD_NUMBER: _ClassVar[int]
    UNTIL_DAY_FIELD_NUMBER: _ClassVar[int]
    CHUNKS_FIELD_NUMBER: _ClassVar[int]
    CHUNKS_DONE_FIELD_NUMBER: _ClassVar[int]
    ITEMS_FIELD_NUMBER: _ClassVar[int]
    CHARGES_FIELD_NUMBER: _ClassVar[int]
    CHARGED_FIELD_NUMBER: _ClassVar[int]
    CREDITS_FIELD_NUMBER: _ClassVar[int]
    CREDITED_FIELD_NUMBER: _ClassVar[int]
    RECORDED_AT_FIELD_NUMBER: _ClassVar[int]
    CURRENCY_FIELD_NUMBER: _ClassVar[int]
    DIGITS_FIELD_NUMBER: _ClassVar[int]
    assessment_id: int
    until_day: str
    chunks: int
    chunks_done: int
    items: int
    charges: int
    charged: int
    credits: int
    credited: int
    recorded_at: int
    currency: str
    digits: int
    def __init__(self, assessment_id: _Optional[int] = ..., until_day: _Optional[str] = ..., chunks: _Optional[int] = ..., chunks_done: _Optional[int] = ..., items: _Optional[int] = ..., charges: _Optional[int] = ..., charged: _Optional[int] = ..., credits: _Optional[int] = ..., credited: _Optional[int] = ..., recorded_at: _Optional[int] = ..., currency: _Optional[str] = ..., digits: _Optional[int] = ...) -> None: ...

class ListLateFeeAssessmentsRequest(_message.Message):
    __slots__ = ("page_size", "page_token")
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    page_size: int
    page_token: str
    def __init__(self, page_size: _Optional[int] = ..., page_token: _Optional[str] = ...) -> None: ...

class ListLateFeeAssessmentsResponse(_message.Message):
    __slots__ = ("assessments", "next_page_token")
    ASSESSMENTS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    assessments: _containers.RepeatedCompositeFieldContainer[LateFeeAssessment]
    next_page_token: str
    def __init__(self, assessments: _Optional[_Iterable[_Union[LateFeeAssessment, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class GetLateFeesRequest(_message.Message):
    __slots__ = ("account_id", "number", "item_id", "page_size", "page_token")
    ACCOUNT_ID_FIELD_NUMBER: _ClassVar[int]
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    ITEM_ID_FIELD_NUMBER: _ClassVar[int]
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    account_id: int
    number: str
    item_id: int
    page_size: int
    page_token: str
    def __init__(self, account_id: _Optional[int] = ..., number: _Optional[str] = ..., item_id: _Optional[int] = ..., page_size: _Optional[int] = ..., page_token: _Optional[str] = ...) -> None: ...

class GetLateFeesResponse(_message.Message):
    __slots__ = ("account_id", "fees", "currency", "digits", "next_page_token")
    ACCOUNT_ID_FIELD_NUMBER: _ClassVar[int]
    FEES_FIELD_NUMBER: _ClassVar[int]
    CURRENCY_FIELD_NUMBER: _ClassVar[int]
    DIGITS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    account_id: int
    fees: _containers.RepeatedCompositeFieldContainer[LateFee]
    currency: str
    digits: int
    next_page_token: str
    def __init__(self, account_id: _Optional[int] = ..., fees: _Optional[_Iterable[_Union[LateFee, _Mapping]]] = ..., currency: _Optional[str] = ..., digits: _Optional[int] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class LateFee(_message.Message):
    __slots__ = ("item_id", "due_day", "account_entry_id", "credits", "amount", "fee", "debt", "assessment_id", "until_day", "recorded_at", "rule", "exact", "lines")
    ITEM_ID_FIELD_NUMBER: _ClassVar[int]
    DUE_DAY_FIELD_NUMBER: _ClassVar[int]
    ACCOUNT_ENTRY_ID_FIELD_NUMBER: _ClassVar[int]
    CREDITS_FIELD_NUMBER: _ClassVar[int]
    AMOUNT_FIELD_NUMBER: _ClassVar[int]
    FEE_FIELD_NUMBER: _ClassVar[int]
    DEBT_FIELD_NUMBER: _ClassVar[int]
    ASSESSMENT_ID_FIELD_NUMBER: _ClassVar[int]
    UNTIL_DAY_FIELD_NUMBER: _ClassVar[int]
    RECORDED_AT_FIELD_NUMBER: _ClassVar[int]
    RULE_FIELD_NUMBER: _ClassVar[int]
    EXACT_FIELD_NUMBER: _ClassVar[int]
    LINES_FIELD_NUMBER: _ClassVar[int]
    item_id: int
    due_day: str
    account_entry_id: int
    credits: int
    amount: int
    fee: int
    debt: int
    assessment_id: int
    until_day: str
    recorded_at: int
    rule: str
    exact: str
    lines: _containers.RepeatedCompositeFieldContainer[LateFeeLine]
    def __init__(self, item_id: _Optional[int] = ..., due_day: _Optional[str] = ..., account_entry_id: _Optional[int] = ..., credits: _Optional[int] = ..., amount: _Optional[int] = ..., fee: _Optional[int] = ..., debt: _Optional[int] = ..., assessment_id: _Optional[int] = ..., until_day: _Optional[str] = ..., recorded_at: _Optional[int] = ..., rule: _Optional[str] = ..., exact: _Optional[str] = ..., lines: _Optional[_Iterable[_Union[LateFeeLine, _Mapping]]] = ...) -> None: ...

class LateFeeLine(_message.Message):
    __slots__ = ("debt", "due_day", "paid_day", "first_day", "last_day", "days", "band", "steps", "rate_per_million", "factor", "source_day", "amount")
    DEBT_FIELD_NUMBER: _ClassVar[int]
    DUE_DAY_FIELD_NUMBER: _ClassVar[int]
    PAID_DAY_FIELD_NUMBER: _ClassVar[int]
    FIRST_DAY_FIELD_NUMBER: _ClassVar[int]
    LAST_DAY_FIELD_NUMBER: _ClassVar[int]
    DAYS_FIELD_NUMBER: _ClassVar[int]
    BAND_FIELD_NUMBER: _ClassVar[int]
    STEPS_FIELD_NUMBER: _ClassVar[int]
    RATE_PER_MILLION_FIELD_NUMBER: _ClassVar[int]
    FACTOR_FIELD_NUMBER: _ClassVar[int]
    SOURCE_DAY_FIELD_NUMBER: _ClassVar[int]
    AMOUNT_FIELD_NUMBER: _ClassVar[int]
    debt: int
    due_day: str
    paid_day: str
    first_day: str
    last_day: str
    days: int
    band: int
    steps: int
    rate_per_million: int
    factor: str
    source_day: str
    amount: str
    def __init__(self, debt: _Optional[int] = ..., due_day: _Optional[str] = ..., paid_day: _Optional[str] = ..., first_day: _Optional[str] = ..., last_day: _Optional[str] = ..., days: _Optional[int] = ..., band: _Optional[int] = ..., steps: _Optional[int] = ..., rate_per_million: _Optional[int] = ..., factor: _Optional[str] = ..., source_day: _Optional[str] = ..., amount: _Optional[str] = ...) -> None: ...

class PreviewLateFeesRequest(_message.Message):
    __slots__ = ("account_id", "number", "until_day")
    ACCOUNT_ID_FIELD_NUMBER: _ClassVar[int]
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    UNTIL_DAY_FIELD_NUMBER: _ClassVar[int]
    account_id: int
    number: str
    until_day: str
    def __init__(self, account_id: _Optional[int] = ..., number: _Optional[str] = ..., until_day: _Optional[str] = ...) -> None: ...

class PreviewLateFeesResponse(_message.Message):
    __slots__ = ("account_id", "until_day", "items", "change", "currency", "digits")
    ACCOUNT_ID_FIELD_NUMBER: _ClassVar[int]
    UNTIL_DAY_FIELD_NUMBER: _ClassVar[int]
    ITEMS_FIELD_NUMBER: _ClassVar[int]
    CHANGE_FIELD_NUMBER: _ClassVar[int]
    CURRENCY_FIELD_NUMBER: _ClassVar[int]
    DIGITS_FIELD_NUMBER: _ClassVar[int]
    account_id: int
    until_day: str
    items: _containers.RepeatedCompositeFieldContainer[LateItem]
    change: int
    currency: str
    digits: int
    def __init__(self, account_id: _Optional[int] = ..., until_day: _Optional[str] = ..., items: _Optional[_Iterable[_Union[LateItem, _Mapping]]] = ..., change: _Optional[int] = ..., currency: _Optional[str] = ..., digits: _Optional[int] = ...) -> None: ...

class LateItem(_message.Message):
    __slots__ = ("item_id", "due_day", "amount", "open", "rule", "fee", "change", "exact", "lines")
    ITEM_ID_FIELD_NUMBER: _ClassVar[int]
    DUE_DAY_FIELD_NUMBER: _ClassVar[int]
    AMOUNT_FIELD_NUMBER: _ClassVar[int]
    OPEN_FIELD_NUMBER: _ClassVar[int]
    RULE_FIELD_NUMBER: _ClassVar[int]
    FEE_FIELD_NUMBER: _ClassVar[int]
    CHANGE_FIELD_NUMBER: _ClassVar[int]
    EXACT_FIELD_NUMBER: _ClassVar[int]
    LINES_FIELD_NUMBER: _ClassVar[int]
    item_id: int
    due_day: str
    amount: int
    open: int
    rule: str
    fee: int
    change: int
    exact: str
    lines: _containers.RepeatedCompositeFieldContainer[LateFeeLine]
    def __init__(self, item_id: _Optional[int] = ..., due_day: _Optional[str] = ..., amount: _Optional[int] = ..., open: _Optional[int] = ..., rule: _Optional[str] = ..., fee: _Optional[int] = ..., change: _Optional[int] = ..., exact: _Optional[str] = ..., lines: _Optional[_Iterable[_Union[LateFeeLine, _Mapping]]] = ...) -> None: ...

class ReferenceRate(_message.Message):
    __slots__ = ("series", "from_day", "per_million", "source", "source_day", "version", "recorded_at")
    SERIES_FIELD_NUMBER: _ClassVar[int]
    FROM_DAY_FIELD_NUMBER: _ClassVar[int]
    PER_MILLION_FIELD_NUMBER: _ClassVar[int]
    SOURCE_FIELD_NUMBER: _ClassVar[int]
    SOURCE_DAY_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    RECORDED_AT_FIELD_NUMBER: _ClassVar[int]
    series: str
    from_day: str
    per_million: int
    source: str
    source_day: str
    version: int
    recorded_at: int
    def __init__(self, series: _Optional[str] = ..., from_day: _Optional[str] = ..., per_million: _Optional[int] = ..., source: _Optional[str] = ..., source_day: _Optional[str] = ..., version: _Optional[int] = ..., recorded_at: _Optional[int] = ...) -> None: ...

class SetReferenceRateRequest(_message.Message):
    __slots__ = ("request_id", "rate", "reason")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    RATE_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    rate: ReferenceRate
    reason: str
    def __init__(self, request_id: _Optional[str] = ..., rate: _Optional[_Union[ReferenceRate, _Mapping]] = ..., reason: _Optional[str] = ...) -> None: ...

class SetReferenceRateResponse(_message.Message):
    __slots__ = ("rate",)
    RATE_FIELD_NUMBER: _ClassVar[int]
    rate: ReferenceRate
    def __init__(self, rate: _Optional[_Union[ReferenceRate, _Mapping]] = ...) -> None: ...

class ListReferenceRatesRequest(_message.Message):
    __slots__ = ("page_size", "page_token")
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    page_size: int
    page_token: str
    def __init__(self, page_size: _Optional[int] = ..., page_token: _Optional[str] = ...) -> None: ...

class ListReferenceRatesResponse(_message.Message):
    __slots__ = ("rates", "next_page_token")
    RATES_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    rates: _containers.RepeatedCompositeFieldContainer[ReferenceRate]
    next_page_token: str
    def __init__(self, rates: _Optional[_Iterable[_Union[ReferenceRate, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class HoldLateFeesRequest(_message.Message):
    __slots__ = ("request_id", "account_id", "number", "item_id", "amount", "from_day", "source", "reason")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    ACCOUNT_ID_FIELD_NUMBER: _ClassVar[int]
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    ITEM_ID_FIELD_NUMBER: _ClassVar[int]
    AMOUNT_FIELD_NUMBER: _ClassVar[int]
    FROM_DAY_FIELD_NUMBER: _ClassVar[int]
    SOURCE_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    account_id: int
    number: str
    item_id: int
    amount: int
    from_day: str
    source: str
    reason: str
    def __init__(self, request_id: _Optional[str] = ..., account_id: _Optional[int] = ..., number: _Optional[str] = ..., item_id: _Optional[int] = ..., amount: _Optional[int] = ..., from_day: _Optional[str] = ..., source: _Optional[str] = ..., reason: _Optional[str] = ...) -> None: ...

class HoldLateFeesResponse(_message.Message):
    __slots__ = ("hold",)
    HOLD_FIELD_NUMBER: _ClassVar[int]
    hold: LateFeeHold
    def __init__(self, hold: _Optional[_Union[LateFeeHold, _Mapping]] = ...) -> None: ...

class LateFeeHold(_message.Message):
    __slots__ = ("account_id", "source", "item_id", "amount", "from_day", "until_day", "reason", "version", "recorded_at")
    ACCOUNT_ID_FIELD_NUMBER: _ClassVar[int]
    SOURCE_FIELD_NUMBER: _ClassVar[int]
    ITEM_ID_FIELD_NUMBER: _ClassVar[int]
    AMOUNT_FIELD_NUMBER: _ClassVar[int]
    FROM_DAY_FIELD_NUMBER: _ClassVar[int]
    UNTIL_DAY_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    RECORDED_AT_FIELD_NUMBER: _ClassVar[int]
    account_id: int
    source: str
    item_id: int
    amount: int
    from_day: str
    until_day: str
    reason: str
    version: int
    recorded_at: int
    def __init__(self, account_id: _Optional[int] = ..., source: _Optional[str] = ..., item_id: _Optional[int] = ..., amount: _Optional[int] = ..., from_day: _Optional[str] = ..., until_day: _Optional[str] = ..., reason: _Optional[str] = ..., version: _Optional[int] = ..., recorded_at: _Optional[int] = ...) -> None: ...

class ReleaseLateFeesRequest(_message.Message):
    __slots__ = ("request_id", "account_id", "number", "source", "until_day", "annul", "reason")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    ACCOUNT_ID_FIELD_NUMBER: _ClassVar[int]
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    SOURCE_FIELD_NUMBER: _ClassVar[int]
    UNTIL_DAY_FIELD_NUMBER: _ClassVar[int]
    ANNUL_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    account_id: int
    number: str
    source: str
    until_day: str
    annul: bool
    reason: str
    def __init__(self, request_id: _Optional[str] = ..., account_id: _Optional[int] = ..., number: _Optional[str] = ..., source: _Optional[str] = ..., until_day: _Optional[str] = ..., annul: _Optional[bool] = ..., reason: _Optional[str] = ...) -> None: ...

class ReleaseLateFeesResponse(_message.Message):
    __slots__ = ("hold",)
    HOLD_FIELD_NUMBER: _ClassVar[int]
    hold: LateFeeHold
    def __init__(self, hold: _Optional[_Union[LateFeeHold, _Mapping]] = ...) -> None: ...

class ListLateFeeHoldsRequest(_message.Message):
    __slots__ = ("account_id", "number")
    ACCOUNT_ID_FIELD_NUMBER: _ClassVar[int]
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    account_id: int
    number: str
    def __init__(self, account_id: _Optional[int] = ..., number: _Optional[str] = ...) -> None: ...

class ListLateFeeHoldsResponse(_message.Message):
    __slots__ = ("holds",)
    HOLDS_FIELD_NUMBER: _ClassVar[int]
    holds: _containers.RepeatedCompositeFieldContainer[LateFeeHold]
    def __init__(self, holds: _Optional[_Iterable[_Union[LateFeeHold, _Mapping]]] = ...) -> None: ...
