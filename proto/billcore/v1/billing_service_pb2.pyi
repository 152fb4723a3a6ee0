from billcore.v1 import common_pb2 as _common_pb2
from billcore.v1 import compare_pb2 as _compare_pb2
from billcore.v1 import corrections_pb2 as _corrections_pb2
from billcore.v1 import export_pb2 as _export_pb2
from billcore.v1 import one_off_pb2 as _one_off_pb2
from billcore.v1 import rating_service_pb2 as _rating_service_pb2
from billcore.v1 import runs_pb2 as _runs_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class BillKind(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    BILL_KIND_UNSPECIFIED: _ClassVar[BillKind]
    BILL_KIND_REGULAR: _ClassVar[BillKind]
    BILL_KIND_FINAL: _ClassVar[BillKind]
    BILL_KIND_ONE_OFF: _ClassVar[BillKind]
    BILL_KIND_CREDIT: _ClassVar[BillKind]
    BILL_KIND_CORRECTION: _ClassVar[BillKind]
BILL_KIND_UNSPECIFIED: BillKind
BILL_KIND_REGULAR: BillKind
BILL_KIND_FINAL: BillKind
BILL_KIND_ONE_OFF: BillKind
BILL_KIND_CREDIT: BillKind
BILL_KIND_CORRECTION: BillKind

class BillOrder(_message.Message):
    __slots__ = ("account_id", "number", "kind", "first_day", "last_day", "issued_day", "stated_days")
    ACCOUNT_ID_FIELD_NUMBER: _ClassVar[int]
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    FIRST_DAY_FIELD_NUMBER: _ClassVar[int]
    LAST_DAY_FIELD_NUMBER: _ClassVar[int]
    ISSUED_DAY_FIELD_NUMBER: _ClassVar[int]
    STATED_DAYS_FIELD_NUMBER: _ClassVar[int]
    account_id: int
    number: str
    kind: BillKind
    first_day: str
    last_day: str
    issued_day: str
    stated_days: _containers.RepeatedCompositeFieldContainer[StatedDays]
    def __init__(self, account_id: _Optional[int] = ..., number: _Optional[str] = ..., kind: _Optional[_Union[BillKind, str]] = ..., first_day: _Optional[str] = ..., last_day: _Optional[str] = ..., issued_day: _Optional[str] = ..., stated_days: _Optional[_Iterable[_Union[StatedDays, _Mapping]]] = ...) -> None: ...

class StatedDays(_message.Message):
    __slots__ = ("agreement_no", "days")
    AGREEMENT_NO_FIELD_NUMBER: _ClassVar[int]
    DAYS_FIELD_NUMBER: _ClassVar[int]
    agreement_no: int
    days: int
    def __init__(self, agreement_no: _Optional[int] = ..., days: _Optional[int] = ...) -> None: ...

class BillHeader(_message.Message):
    __slots__ = ("bill_id", "account_id", "kind", "ordinal", "version", "month", "previous_day", "this_day", "issued_day", "due_day", "currency", "digits", "opening", "total", "closing", "recorded_at", "stands", "cancelled_by", "place_taken_by", "takes_back", "in_place_of")
    BILL_ID_FIELD_NUMBER: _ClassVar[int]
    ACCOUNT_ID_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    ORDINAL_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    MONTH_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_DAY_FIELD_NUMBER: _ClassVar[int]
    THIS_DAY_FIELD_NUMBER: _ClassVar[int]
    ISSUED_DAY_FIELD_NUMBER: _ClassVar[int]
    DUE_DAY_FIELD_NUMBER: _ClassVar[int]
    CURRENCY_FIELD_NUMBER: _ClassVar[int]
    DIGITS_FIELD_NUMBER: _ClassVar[int]
    OPENING_FIELD_NUMBER: _ClassVar[int]
    TOTAL_FIELD_NUMBER: _ClassVar[int]
    CLOSING_FIELD_NUMBER: _ClassVar[int]
    RECORDED_AT_FIELD_NUMBER: _ClassVar[int]
    STANDS_FIELD_NUMBER: _ClassVar[int]
    CANCELLED_BY_FIELD_NUMBER: _ClassVar[int]
    PLACE_TAKEN_BY_FIELD_NUMBER: _ClassVar[int]
    TAKES_BACK_FIELD_NUMBER: _ClassVar[int]
    IN_PLACE_OF_FIELD_NUMBER: _ClassVar[int]
    bill_id: int
    account_id: int
    kind: BillKind
    ordinal: int
    version: int
    month: str
    previous_day: str
    this_day: str
    issued_day: str
    due_day: str
    currency: str
    digits: int
    opening: int
    total: int
    closing: int
    recorded_at: int
    stands: bool
    cancelled_by: int
    place_taken_by: int
    takes_back: int
    in_place_of: int
    def __init__(self, bill_id: _Optional[int] = ..., account_id: _Optional[int] = ..., kind: _Optional[_Union[BillKind, str]] = ..., ordinal: _Optional[int] = ..., version: _Optional[int] = ..., month: _Optional[str] = ..., previous_day: _Optional[str] = ..., this_day: _Optional[str] = ..., issued_day: _Optional[str] = ..., due_day: _Optional[str] = ..., currency: _Optional[str] = ..., digits: _Optional[int] = ..., opening: _Optional[int] = ..., total: _Optional[int] = ..., closing: _Optional[int] = ..., recorded_at: _Optional[int] = ..., stands: _Optional[bool] = ..., cancelled_by: _Optional[int] = ..., place_taken_by: _Optional[int] = ..., takes_back: _Optional[int] = ..., in_place_of: _Optional[int] = ...) -> None: ...

class IssuedBill(_message.Message):
    __slots__ = ("header", "spans", "reference")
    HEADER_FIELD_NUMBER: _ClassVar[int]
    SPANS_FIELD_NUMBER: _ClassVar[int]
    REFERENCE_FIELD_NUMBER: _ClassVar[int]
    header: BillHeader
    spans: _containers.RepeatedCompositeFieldContainer[BillSpan]
    reference: str
    def __init__(self, header: _Optional[_Union[BillHeader, _Mapping]] = ..., spans: _Optional[_Iterable[_Union[BillSpan, _Mapping]]] = ..., reference: _Optional[str] = ...) -> None: ...

class BillSpan(_message.Message):
    __slots__ = ("agreement_no", "plan", "days", "lines", "rated_from")
    AGREEMENT_NO_FIELD_NUMBER: _ClassVar[int]
    PLAN_FIELD_NUMBER: _ClassVar[int]
    DAYS_FIELD_NUMBER: _ClassVar[int]
    LINES_FIELD_NUMBER: _ClassVar[int]
    RATED_FROM_FIELD_NUMBER: _ClassVar[int]
    agreement_no: int
    plan: _common_pb2.Plan
    days: int
    lines: _containers.RepeatedCompositeFieldContainer[BillLine]
    rated_from: _rating_service_pb2.Bill
    def __init__(self, agreement_no: _Optional[int] = ..., plan: _Optional[_Union[_common_pb2.Plan, _Mapping]] = ..., days: _Optional[int] = ..., lines: _Optional[_Iterable[_Union[BillLine, _Mapping]]] = ..., rated_from: _Optional[_Union[_rating_service_pb2.Bill, _Mapping]] = ...) -> None: ...

class BillLine(_message.Message):
    __slots__ = ("name", "labels", "amount", "digits", "unit", "counts")
    class LabelsEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: str
        def __init__(self, key: _Optional[str] = ..., value: _Optional[str] = ...) -> None: ...
    NAME_FIELD_NUMBER: _ClassVar[int]
    LABELS_FIELD_NUMBER: _ClassVar[int]
    AMOUNT_FIELD_NUMBER: _ClassVar[int]
    DIGITS_FIELD_NUMBER: _ClassVar[int]
    UNIT_FIELD_NUMBER: _ClassVar[int]
    COUNTS_FIELD_NUMBER: _ClassVar[int]
    name: str
    labels: _containers.ScalarMap[str, str]
    amount: int
    digits: int
    unit: str
    counts: bool
    def __init__(self, name: _Optional[str] = ..., labels: _Optional[_Mapping[str, str]] = ..., amount: _Optional[int] = ..., digits: _Optional[int] = ..., unit: _Optional[str] = ..., counts: _Optional[bool] = ...) -> None: ...

class BillAccountRequest(_message.Message):
    __slots__ = ("request_id", "order")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    ORDER_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    order: BillOrder
    def __init__(self, request_id: _Optional[str] = ..., order: _Optional[_Union[BillOrder, _Mapping]] = ...) -> None: ...

class BillAccountResponse(_message.Message):
    __slots__ = ("bill",)
    BILL_FIELD_NUMBER: _ClassVar[int]
    bill: IssuedBill
    def __init__(self, bill: _Optional[_Union[IssuedBill, _Mapping]] = ...) -> None: ...

class SimulateBillRequest(_message.Message):
    __slots__ = ("order",)
    ORDER_FIELD_NUMBER: _ClassVar[int]
    order: BillOrder
    def __init__(self, order: _Optional[_Union[BillOrder, _Mapping]] = ...) -> None: ...

class SimulateBillResponse(_message.Message):
    __slots__ = ("bill",)
    BILL_FIELD_NUMBER: _ClassVar[int]
    bill: IssuedBill
    def __init__(self, bill: _Optional[_Union[IssuedBill, _Mapping]] = ...) -> None: ...

class GetBillRequest(_message.Message):
    __slots__ = ("bill_id",)
    BILL_ID_FIELD_NUMBER: _ClassVar[int]
    bill_id: int
    def __init__(self, bill_id: _Optional[int] = ...) -> None: ...

class GetBillResponse(_message.Message):
    __slots__ = ("bill",)
    BILL_FIELD_NUMBER: _ClassVar[int]
    bill: IssuedBill
    def __init__(self, bill: _Optional[_Union[IssuedBill, _Mapping]] = ...) -> None: ...

class ListBillsRequest(_message.Message):
    __slots__ = ("account_id", "number", "page_size", "page_token")
    ACCOUNT_ID_FIELD_NUMBER: _ClassVar[int]
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    account_id: int
    number: str
    page_size: int
    page_token: str
    def __init__(self, account_id: _Optional[int] = ..., number: _Optional[str] = ..., page_size: _Optional[int] = ..., page_token: _Optional[str] = ...) -> None: ...

class ListBillsResponse(_message.Message):
    __slots__ = ("bills", "next_page_token")
    BILLS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    bills: _containers.RepeatedCompositeFieldContainer[BillHeader]
    next_page_token: str
    def __init__(self, bills: _Optional[_Iterable[_Union[BillHeader, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class BillingServiceExplainBillRequest(_message.Message):
    __slots__ = ("bill_id", "language")
    BILL_ID_FIELD_NUMBER: _ClassVar[int]
    LANGUAGE_FIELD_NUMBER: _ClassVar[int]
    bill_id: int
    language: str
    def __init__(self, bill_id: _Optional[int] = ..., language: _Optional[str] = ...) -> None: ...

class BillingServiceExplainBillResponse(_message.Message):
    __slots__ = ("spans", "takes_back")
    SPANS_FIELD_NUMBER: _ClassVar[int]
    TAKES_BACK_FIELD_NUMBER: _ClassVar[int]
    spans: _containers.RepeatedCompositeFieldContainer[ExplainedSpan]
    takes_back: int
    def __init__(self, spans: _Optional[_Iterable[_Union[ExplainedSpan, _Mapping]]] = ..., takes_back: _Optional[int] = ...) -> None: ...

class ExplainedSpan(_message.Message):
    __slots__ = ("agreement_no", "plan", "explanation", "text")
    AGREEMENT_NO_FIELD_NUMBER: _ClassVar[int]
    PLAN_FIELD_NUMBER: _ClassVar[int]
    EXPLANATION_FIELD_NUMBER: _ClassVar[int]
    TEXT_FIELD_NUMBER: _ClassVar[int]
    agreement_no: int
    plan: _common_pb2.Plan
    explanation: _rating_service_pb2.Explanation
    text: str
    def __init__(self, agreement_no: _Optional[int] = ..., plan: _Optional[_Union[_common_pb2.Plan, _Mapping]] = ..., explanation: _Optional[_Union[_rating_service_pb2.Explanation, _Mapping]] = ..., text: _Optional[str] = ...) -> None: ...

class CancelBillResponse(_message.Message):
    __slots__ = ("correction_id", "credit")
    CORRECTION_ID_FIELD_NUMBER: _ClassVar[int]
    CREDIT_FIELD_NUMBER: _ClassVar[int]
    correction_id: int
    credit: IssuedBill
    def __init__(self, correction_id: _Optional[int] = ..., credit: _Optional[_Union[IssuedBill, _Mapping]] = ...) -> None: ...

class RebillBillResponse(_message.Message):
    __slots__ = ("correction_id", "credit", "bill")
    CORRECTION_ID_FIELD_NUMBER: _ClassVar[int]
    CREDIT_FIELD_NUMBER: _ClassVar[int]
    BILL_FIELD_NUMBER: _ClassVar[int]
    correction_id: int
    credit: IssuedBill
    bill: IssuedBill
    def __init__(self, correction_id: _Optional[int] = ..., credit: _Optional[_Union[IssuedBill, _Mapping]] = ..., bill: _Optional[_Union[IssuedBill, _Mapping]] = ...) -> None: ...

class GetBillFamilyResponse(_message.Message):
    __slots__ = ("members", "corrections")
    MEMBERS_FIELD_NUMBER: _ClassVar[int]
    CORRECTIONS_FIELD_NUMBER: _ClassVar[int]
    members: _containers.RepeatedCompositeFieldContainer[FamilyMember]
    corrections: _containers.RepeatedCompositeFieldContainer[_corrections_pb2.Correction]
    def __init__(self, members: _Optional[_Iterable[_Union[FamilyMember, _Mapping]]] = ..., corrections: _Optional[_Iterable[_Union[_corrections_pb2.Correction, _Mapping]]] = ...) -> None: ...

class FamilyMember(_message.Message):
    __slots__ = ("header", "correction_id")
    HEADER_FIELD_NUMBER: _ClassVar[int]
    CORRECTION_ID_FIELD_NUMBER: _ClassVar[int]
    header: BillHeader
    correction_id: int
    def __init__(self, header: _Optional[_Union[BillHeader, _Mapping]] = ..., correction_id: _Optional[int] = ...) -> None: ...

class BillOneOffResponse(_message.Message):
    __slots__ = ("bill",)
    BILL_FIELD_NUMBER: _ClassVar[int]
    bill: IssuedBill
    def __init__(self, bill: _Optional[_Union[IssuedBill, _Mapping]] = ...) -> None: ...

class SimulateOneOffBillResponse(_message.Message):
    __slots__ = ("bill",)
    BILL_FIELD_NUMBER: _ClassVar[int]
    bill: IssuedBill
    def __init__(self, bill: _Optional[_Union[IssuedBill, _Mapping]] = ...) -> None: ...
