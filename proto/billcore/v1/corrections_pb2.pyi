from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class CorrectionReason(_message.Message):
    __slots__ = ("reason_code", "reason", "evidence")
    REASON_CODE_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    EVIDENCE_FIELD_NUMBER: _ClassVar[int]
    reason_code: str
    reason: str
    evidence: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, reason_code: _Optional[str] = ..., reason: _Optional[str] = ..., evidence: _Optional[_Iterable[str]] = ...) -> None: ...

class Correction(_message.Message):
    __slots__ = ("correction_id", "why", "client_id", "actor", "recorded_at", "undoes", "undone_by")
    CORRECTION_ID_FIELD_NUMBER: _ClassVar[int]
    WHY_FIELD_NUMBER: _ClassVar[int]
    CLIENT_ID_FIELD_NUMBER: _ClassVar[int]
    ACTOR_FIELD_NUMBER: _ClassVar[int]
    RECORDED_AT_FIELD_NUMBER: _ClassVar[int]
    UNDOES_FIELD_NUMBER: _ClassVar[int]
    UNDONE_BY_FIELD_NUMBER: _ClassVar[int]
    correction_id: int
    why: CorrectionReason
    client_id: int
    actor: str
    recorded_at: int
    undoes: int
    undone_by: int
    def __init__(self, correction_id: _Optional[int] = ..., why: _Optional[_Union[CorrectionReason, _Mapping]] = ..., client_id: _Optional[int] = ..., actor: _Optional[str] = ..., recorded_at: _Optional[int] = ..., undoes: _Optional[int] = ..., undone_by: _Optional[int] = ...) -> None: ...

class CorrectedDocument(_message.Message):
    __slots__ = ("bill_id", "taken_back_by", "place_taken_by", "previous_day", "this_day", "total_before", "total_after")
    BILL_ID_FIELD_NUMBER: _ClassVar[int]
    TAKEN_BACK_BY_FIELD_NUMBER: _ClassVar[int]
    PLACE_TAKEN_BY_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_DAY_FIELD_NUMBER: _ClassVar[int]
    THIS_DAY_FIELD_NUMBER: _ClassVar[int]
    TOTAL_BEFORE_FIELD_NUMBER: _ClassVar[int]
    TOTAL_AFTER_FIELD_NUMBER: _ClassVar[int]
    bill_id: int
    taken_back_by: int
    place_taken_by: int
    previous_day: str
    this_day: str
    total_before: int
    total_after: int
    def __init__(self, bill_id: _Optional[int] = ..., taken_back_by: _Optional[int] = ..., place_taken_by: _Optional[int] = ..., previous_day: _Optional[str] = ..., this_day: _Optional[str] = ..., total_before: _Optional[int] = ..., total_after: _Optional[int] = ...) -> None: ...

class CancelBillRequest(_message.Message):
    __slots__ = ("request_id", "bill_id", "why", "issued_day")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    BILL_ID_FIELD_NUMBER: _ClassVar[int]
    WHY_FIELD_NUMBER: _ClassVar[int]
    ISSUED_DAY_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    bill_id: int
    why: CorrectionReason
    issued_day: str
    def __init__(self, request_id: _Optional[str] = ..., bill_id: _Optional[int] = ..., why: _Optional[_Union[CorrectionReason, _Mapping]] = ..., issued_day: _Optional[str] = ...) -> None: ...

class CancelBillsRequest(_message.Message):
    __slots__ = ("request_id", "bill_ids", "why", "issued_day")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    BILL_IDS_FIELD_NUMBER: _ClassVar[int]
    WHY_FIELD_NUMBER: _ClassVar[int]
    ISSUED_DAY_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    bill_ids: _containers.RepeatedScalarFieldContainer[int]
    why: CorrectionReason
    issued_day: str
    def __init__(self, request_id: _Optional[str] = ..., bill_ids: _Optional[_Iterable[int]] = ..., why: _Optional[_Union[CorrectionReason, _Mapping]] = ..., issued_day: _Optional[str] = ...) -> None: ...

class CancelBillsResponse(_message.Message):
    __slots__ = ("correction_id", "results", "cancelled", "total", "currency", "digits")
    CORRECTION_ID_FIELD_NUMBER: _ClassVar[int]
    RESULTS_FIELD_NUMBER: _ClassVar[int]
    CANCELLED_FIELD_NUMBER: _ClassVar[int]
    TOTAL_FIELD_NUMBER: _ClassVar[int]
    CURRENCY_FIELD_NUMBER: _ClassVar[int]
    DIGITS_FIELD_NUMBER: _ClassVar[int]
    correction_id: int
    results: _containers.RepeatedCompositeFieldContainer[CancelledBill]
    cancelled: int
    total: int
    currency: str
    digits: int
    def __init__(self, correction_id: _Optional[int] = ..., results: _Optional[_Iterable[_Union[CancelledBill, _Mapping]]] = ..., cancelled: _Optional[int] = ..., total: _Optional[int] = ..., currency: _Optional[str] = ..., digits: _Optional[int] = ...) -> None: ...

class CancelledBill(_message.Message):
    __slots__ = ("bill_id", "credit_id", "refusal", "rule", "message")
    BILL_ID_FIELD_NUMBER: _ClassVar[int]
    CREDIT_ID_FIELD_NUMBER: _ClassVar[int]
    REFUSAL_FIELD_NUMBER: _ClassVar[int]
    RULE_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    bill_id: int
    credit_id: int
    refusal: str
    rule: str
    message: str
    def __init__(self, bill_id: _Optional[int] = ..., credit_id: _Optional[int] = ..., refusal: _Optional[str] = ..., rule: _Optional[str] = ..., message: _Optional[str] = ...) -> None: ...

class RebillBillRequest(_message.Message):
    __slots__ = ("request_id", "bill_id", "why", "issued_day")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    BILL_ID_FIELD_NUMBER: _ClassVar[int]
    WHY_FIELD_NUMBER: _ClassVar[int]
    ISSUED_DAY_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    bill_id: int
    why: CorrectionReason
    issued_day: str
    def __init__(self, request_id: _Optional[str] = ..., bill_id: _Optional[int] = ..., why: _Optional[_Union[CorrectionReason, _Mapping]] = ..., issued_day: _Optional[str] = ...) -> None: ...

class RerateAccountRequest(_message.Message):
    __slots__ = ("request_id", "account_id", "number", "from_day", "why", "issued_day", "re_estimate")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    ACCOUNT_ID_FIELD_NUMBER: _ClassVar[int]
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    FROM_DAY_FIELD_NUMBER: _ClassVar[int]
    WHY_FIELD_NUMBER: _ClassVar[int]
    ISSUED_DAY_FIELD_NUMBER: _ClassVar[int]
    RE_ESTIMATE_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    account_id: int
    number: str
    from_day: str
    why: CorrectionReason
    issued_day: str
    re_estimate: bool
    def __init__(self, request_id: _Optional[str] = ..., account_id: _Optional[int] = ..., number: _Optional[str] = ..., from_day: _Optional[str] = ..., why: _Optional[_Union[CorrectionReason, _Mapping]] = ..., issued_day: _Optional[str] = ..., re_estimate: _Optional[bool] = ...) -> None: ...

class RerateAccountResponse(_message.Message):
    __slots__ = ("correction_id", "corrected", "unchanged", "readings", "currency", "digits")
    CORRECTION_ID_FIELD_NUMBER: _ClassVar[int]
    CORRECTED_FIELD_NUMBER: _ClassVar[int]
    UNCHANGED_FIELD_NUMBER: _ClassVar[int]
    READINGS_FIELD_NUMBER: _ClassVar[int]
    CURRENCY_FIELD_NUMBER: _ClassVar[int]
    DIGITS_FIELD_NUMBER: _ClassVar[int]
    correction_id: int
    corrected: _containers.RepeatedCompositeFieldContainer[CorrectedDocument]
    unchanged: int
    readings: _containers.RepeatedCompositeFieldContainer[ReestimatedReading]
    currency: str
    digits: int
    def __init__(self, correction_id: _Optional[int] = ..., corrected: _Optional[_Iterable[_Union[CorrectedDocument, _Mapping]]] = ..., unchanged: _Optional[int] = ..., readings: _Optional[_Iterable[_Union[ReestimatedReading, _Mapping]]] = ..., currency: _Optional[str] = ..., digits: _Optional[int] = ...) -> None: ...

class ReestimatedReading(_message.Message):
    __slots__ = ("account_id", "meter_id", "register_no", "day", "version", "value", "value_before")
    ACCOUNT_ID_FIELD_NUMBER: _ClassVar[int]
    METER_ID_FIELD_NUMBER: _ClassVar[int]
    REGISTER_NO_FIELD_NUMBER: _ClassVar[int]
    DAY_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    VALUE_FIELD_NUMBER: _ClassVar[int]
    VALUE_BEFORE_FIELD_NUMBER: _ClassVar[int]
    account_id: int
    meter_id: int
    register_no: int
    day: str
    version: int
    value: str
    value_before: str
    def __init__(self, account_id: _Optional[int] = ..., meter_id: _Optional[int] = ..., register_no: _Optional[int] = ..., day: _Optional[str] = ..., version: _Optional[int] = ..., value: _Optional[str] = ..., value_before: _Optional[str] = ...) -> None: ...

class UndoCorrectionRequest(_message.Message):
    __slots__ = ("request_id", "correction_id", "why", "issued_day")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    CORRECTION_ID_FIELD_NUMBER: _ClassVar[int]
    WHY_FIELD_NUMBER: _ClassVar[int]
    ISSUED_DAY_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    correction_id: int
    why: CorrectionReason
    issued_day: str
    def __init__(self, request_id: _Optional[str] = ..., correction_id: _Optional[int] = ..., why: _Optional[_Union[CorrectionReason, _Mapping]] = ..., issued_day: _Optional[str] = ...) -> None: ...

class UndoCorrectionResponse(_message.Message):
    __slots__ = ("correction_id", "corrected", "readings", "currency", "digits")
    CORRECTION_ID_FIELD_NUMBER: _ClassVar[int]
    CORRECTED_FIELD_NUMBER: _ClassVar[int]
    READINGS_FIELD_NUMBER: _ClassVar[int]
    CURRENCY_FIELD_NUMBER: _ClassVar[int]
    DIGITS_FIELD_NUMBER: _ClassVar[int]
    correction_id: int
    corrected: _containers.RepeatedCompositeFieldContainer[CorrectedDocument]
    readings: int
    currency: str
    digits: int
    def __init__(self, correction_id: _Optional[int] = ..., corrected: _Optional[_Iterable[_Union[CorrectedDocument, _Mapping]]] = ..., readings: _Optional[int] = ..., currency: _Optional[str] = ..., digits: _Optional[int] = ...) -> None: ...

class GetBillFamilyRequest(_message.Message):
    __slots__ = ("bill_id",)
    BILL_ID_FIELD_NUMBER: _ClassVar[int]
    bill_id: int
    def __init__(self, bill_id: _Optional[int] = ...) -> None: ...
