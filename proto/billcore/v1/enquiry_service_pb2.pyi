from billcore.v1 import autopay_service_pb2 as _autopay_service_pb2
from billcore.v1 import billing_service_pb2 as _billing_service_pb2
from billcore.v1 import case_service_pb2 as _case_service_pb2
from billcore.v1 import collection_service_pb2 as _collection_service_pb2
from billcore.v1 import notifications_pb2 as _notifications_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class DocumentKind(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    DOCUMENT_KIND_UNSPECIFIED: _ClassVar[DocumentKind]
    DOCUMENT_KIND_BILL: _ClassVar[DocumentKind]
    DOCUMENT_KIND_ENTRY: _ClassVar[DocumentKind]
DOCUMENT_KIND_UNSPECIFIED: DocumentKind
DOCUMENT_KIND_BILL: DocumentKind
DOCUMENT_KIND_ENTRY: DocumentKind

class GetBalanceRequest(_message.Message):
    __slots__ = ("account_id", "number", "day", "known_at")
    ACCOUNT_ID_FIELD_NUMBER: _ClassVar[int]
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    DAY_FIELD_NUMBER: _ClassVar[int]
    KNOWN_AT_FIELD_NUMBER: _ClassVar[int]
    account_id: int
    number: str
    day: str
    known_at: int
    def __init__(self, account_id: _Optional[int] = ..., number: _Optional[str] = ..., day: _Optional[str] = ..., known_at: _Optional[int] = ...) -> None: ...

class GetBalanceResponse(_message.Message):
    __slots__ = ("account_id", "day", "known_at", "currency", "digits", "balance")
    ACCOUNT_ID_FIELD_NUMBER: _ClassVar[int]
    DAY_FIELD_NUMBER: _ClassVar[int]
    KNOWN_AT_FIELD_NUMBER: _ClassVar[int]
    CURRENCY_FIELD_NUMBER: _ClassVar[int]
    DIGITS_FIELD_NUMBER: _ClassVar[int]
    BALANCE_FIELD_NUMBER: _ClassVar[int]
    account_id: int
    day: str
    known_at: int
    currency: str
    digits: int
    balance: int
    def __init__(self, account_id: _Optional[int] = ..., day: _Optional[str] = ..., known_at: _Optional[int] = ..., currency: _Optional[str] = ..., digits: _Optional[int] = ..., balance: _Optional[int] = ...) -> None: ...

class GetStatementRequest(_message.Message):
    __slots__ = ("account_id", "number", "first_day", "last_day", "known_at")
    ACCOUNT_ID_FIELD_NUMBER: _ClassVar[int]
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    FIRST_DAY_FIELD_NUMBER: _ClassVar[int]
    LAST_DAY_FIELD_NUMBER: _ClassVar[int]
    KNOWN_AT_FIELD_NUMBER: _ClassVar[int]
    account_id: int
    number: str
    first_day: str
    last_day: str
    known_at: int
    def __init__(self, account_id: _Optional[int] = ..., number: _Optional[str] = ..., first_day: _Optional[str] = ..., last_day: _Optional[str] = ..., known_at: _Optional[int] = ...) -> None: ...

class GetStatementResponse(_message.Message):
    __slots__ = ("account_id", "number", "first_day", "last_day", "known_at", "currency", "digits", "opening", "closing", "documents", "open_items")
    ACCOUNT_ID_FIELD_NUMBER: _ClassVar[int]
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    FIRST_DAY_FIELD_NUMBER: _ClassVar[int]
    LAST_DAY_FIELD_NUMBER: _ClassVar[int]
    KNOWN_AT_FIELD_NUMBER: _ClassVar[int]
    CURRENCY_FIELD_NUMBER: _ClassVar[int]
    DIGITS_FIELD_NUMBER: _ClassVar[int]
    OPENING_FIELD_NUMBER: _ClassVar[int]
    CLOSING_FIELD_NUMBER: _ClassVar[int]
    DOCUMENTS_FIELD_NUMBER: _ClassVar[int]
    OPEN_ITEMS_FIELD_NUMBER: _ClassVar[int]
    account_id: int
    number: str
    first_day: str
    last_day: str
    known_at: int
    currency: str
    digits: int
    opening: int
    closing: int
    documents: _containers.RepeatedCompositeFieldContainer[StatementDocument]
    open_items: _containers.RepeatedCompositeFieldContainer[OpenItem]
    def __init__(self, account_id: _Optional[int] = ..., number: _Optional[str] = ..., first_day: _Optional[str] = ..., last_day: _Optional[str] = ..., known_at: _Optional[int] = ..., currency: _Optional[str] = ..., digits: _Optional[int] = ..., opening: _Optional[int] = ..., closing: _Optional[int] = ..., documents: _Optional[_Iterable[_Union[StatementDocument, _Mapping]]] = ..., open_items: _Optional[_Iterable[_Union[OpenItem, _Mapping]]] = ...) -> None: ...

class StatementDocument(_message.Message):
    __slots__ = ("kind", "id", "what", "day", "amount", "balance", "reference", "reverses", "due_day", "recorded_at")
    KIND_FIELD_NUMBER: _ClassVar[int]
    ID_FIELD_NUMBER: _ClassVar[int]
    WHAT_FIELD_NUMBER: _ClassVar[int]
    DAY_FIELD_NUMBER: _ClassVar[int]
    AMOUNT_FIELD_NUMBER: _ClassVar[int]
    BALANCE_FIELD_NUMBER: _ClassVar[int]
    REFERENCE_FIELD_NUMBER: _ClassVar[int]
    REVERSES_FIELD_NUMBER: _ClassVar[int]
    DUE_DAY_FIELD_NUMBER: _ClassVar[int]
    RECORDED_AT_FIELD_NUMBER: _ClassVar[int]
    kind: DocumentKind
    id: int
    what: str
    day: str
    amount: int
    balance: int
    reference: str
    reverses: int
    due_day: str
    recorded_at: int
    def __init__(self, kind: _Optional[_Union[DocumentKind, str]] = ..., id: _Optional[int] = ..., what: _Optional[str] = ..., day: _Optional[str] = ..., amount: _Optional[int] = ..., balance: _Optional[int] = ..., reference: _Optional[str] = ..., reverses: _Optional[int] = ..., due_day: _Optional[str] = ..., recorded_at: _Optional[int] = ...) -> None: ...

class OpenItem(_message.Message):
    __slots__ = ("kind", "id", "what", "day", "due_day", "amount", "open")
    KIND_FIELD_NUMBER: _ClassVar[int]
    ID_FIELD_NUMBER: _ClassVar[int]
    WHAT_FIELD_NUMBER: _ClassVar[int]
    DAY_FIELD_NUMBER: _ClassVar[int]
    DUE_DAY_FIELD_NUMBER: _ClassVar[int]
    AMOUNT_FIELD_NUMBER: _ClassVar[int]
    OPEN_FIELD_NUMBER: _ClassVar[int]
    kind: DocumentKind
    id: int
    what: str
    day: str
    due_day: str
    amount: int
    open: int
    def __init__(self, kind: _Optional[_Union[DocumentKind, str]] = ..., id: _Optional[int] = ..., what: _Optional[str] = ..., day: _Optional[str] = ..., due_day: _Optional[str] = ..., amount: _Optional[int] = ..., open: _Optional[int] = ...) -> None: ...

class GetAccountSummaryRequest(_message.Message):
    __slots__ = ("account_id", "number")
    ACCOUNT_ID_FIELD_NUMBER: _ClassVar[int]
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    account_id: int
    number: str
    def __init__(self, account_id: _Optional[int] = ..., number: _Optional[str] = ...) -> None: ...

class GetAccountSummaryResponse(_message.Message):
    __slots__ = ("account_id", "number", "customer_name", "geographic_code", "opened_day", "closed_day", "currency", "digits", "balance", "overdue", "due_day", "last_bill", "supplies")
    ACCOUNT_ID_FIELD_NUMBER: _ClassVar[int]
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    CUSTOMER_NAME_FIELD_NUMBER: _ClassVar[int]
    GEOGRAPHIC_CODE_FIELD_NUMBER: _ClassVar[int]
    OPENED_DAY_FIELD_NUMBER: _ClassVar[int]
    CLOSED_DAY_FIELD_NUMBER: _ClassVar[int]
    CURRENCY_FIELD_NUMBER: _ClassVar[int]
    DIGITS_FIELD_NUMBER: _ClassVar[int]
    BALANCE_FIELD_NUMBER: _ClassVar[int]
    OVERDUE_FIELD_NUMBER: _ClassVar[int]
    DUE_DAY_FIELD_NUMBER: _ClassVar[int]
    LAST_BILL_FIELD_NUMBER: _ClassVar[int]
    SUPPLIES_FIELD_NUMBER: _ClassVar[int]
    account_id: int
    number: str
    customer_name: str
    geographic_code: str
    opened_day: str
    closed_day: str
    currency: str
    digits: int
    balance: int
    overdue: int
    due_day: str
    last_bill: _billing_service_pb2.BillHeader
    supplies: _containers.RepeatedCompositeFieldContainer[Supply]
    def __init__(self, account_id: _Optional[int] = ..., number: _Optional[str] = ..., customer_name: _Optional[str] = ..., geographic_code: _Optional[str] = ..., opened_day: _Optional[str] = ..., closed_day: _Optional[str] = ..., currency: _Optional[str] = ..., digits: _Optional[int] = ..., balance: _Optional[int] = ..., overdue: _Optional[int] = ..., due_day: _Optional[str] = ..., last_bill: _Optional[_Union[_billing_service_pb2.BillHeader, _Mapping]] = ..., supplies: _Optional[_Iterable[_Union[Supply, _Mapping]]] = ...) -> None: ...

class Supply(_message.Message):
    __slots__ = ("agreement_no", "service", "place", "address", "geographic_code", "tariff_id", "attributes", "until_day", "readings", "tariff_labels")
    class AttributesEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: str
        def __init__(self, key: _Optional[str] = ..., value: _Optional[str] = ...) -> None: ...
    class TariffLabelsEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: str
        def __init__(self, key: _Optional[str] = ..., value: _Optional[str] = ...) -> None: ...
    AGREEMENT_NO_FIELD_NUMBER: _ClassVar[int]
    SERVICE_FIELD_NUMBER: _ClassVar[int]
    PLACE_FIELD_NUMBER: _ClassVar[int]
    ADDRESS_FIELD_NUMBER: _ClassVar[int]
    GEOGRAPHIC_CODE_FIELD_NUMBER: _ClassVar[int]
    TARIFF_ID_FIELD_NUMBER: _ClassVar[int]
    ATTRIBUTES_FIELD_NUMBER: _ClassVar[int]
    UNTIL_DAY_FIELD_NUMBER: _ClassVar[int]
    READINGS_FIELD_NUMBER: _ClassVar[int]
    TARIFF_LABELS_FIELD_NUMBER: _ClassVar[int]
    agreement_no: int
    service: str
    place: str
    address: str
    geographic_code: str
    tariff_id: str
    attributes: _containers.ScalarMap[str, str]
    until_day: str
    readings: _containers.RepeatedCompositeFieldContainer[LastReading]
    tariff_labels: _containers.ScalarMap[str, str]
    def __init__(self, agreement_no: _Optional[int] = ..., service: _Optional[str] = ..., place: _Optional[str] = ..., address: _Optional[str] = ..., geographic_code: _Optional[str] = ..., tariff_id: _Optional[str] = ..., attributes: _Optional[_Mapping[str, str]] = ..., until_day: _Optional[str] = ..., readings: _Optional[_Iterable[_Union[LastReading, _Mapping]]] = ..., tariff_labels: _Optional[_Mapping[str, str]] = ...) -> None: ...

class LastReading(_message.Message):
    __slots__ = ("quantity", "unit", "day", "value", "estimated", "usage", "days", "average_use")
    QUANTITY_FIELD_NUMBER: _ClassVar[int]
    UNIT_FIELD_NUMBER: _ClassVar[int]
    DAY_FIELD_NUMBER: _ClassVar[int]
    VALUE_FIELD_NUMBER: _ClassVar[int]
    ESTIMATED_FIELD_NUMBER: _ClassVar[int]
    USAGE_FIELD_NUMBER: _ClassVar[int]
    DAYS_FIELD_NUMBER: _ClassVar[int]
    AVERAGE_USE_FIELD_NUMBER: _ClassVar[int]
    quantity: str
    unit: str
    day: str
    value: str
    estimated: bool
    usage: str
    days: int
    average_use: str
    def __init__(self, quantity: _Optional[str] = ..., unit: _Optional[str] = ..., day: _Optional[str] = ..., value: _Optional[str] = ..., estimated: _Optional[bool] = ..., usage: _Optional[str] = ..., days: _Optional[int] = ..., average_use: _Optional[str] = ...) -> None: ...

class GetDashboardRequest(_message.Message):
    __slots__ = ("account_id", "number")
    ACCOUNT_ID_FIELD_NUMBER: _ClassVar[int]
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    account_id: int
    number: str
    def __init__(self, account_id: _Optional[int] = ..., number: _Optional[str] = ...) -> None: ...

class GetDashboardResponse(_message.Message):
    __slots__ = ("summary", "payable", "open_items", "payments", "autopay", "cases", "holds", "notifications")
    SUMMARY_FIELD_NUMBER: _ClassVar[int]
    PAYABLE_FIELD_NUMBER: _ClassVar[int]
    OPEN_ITEMS_FIELD_NUMBER: _ClassVar[int]
    PAYMENTS_FIELD_NUMBER: _ClassVar[int]
    AUTOPAY_FIELD_NUMBER: _ClassVar[int]
    CASES_FIELD_NUMBER: _ClassVar[int]
    HOLDS_FIELD_NUMBER: _ClassVar[int]
    NOTIFICATIONS_FIELD_NUMBER: _ClassVar[int]
    summary: GetAccountSummaryResponse
    payable: int
    open_items: _containers.RepeatedCompositeFieldContainer[OpenItem]
    payments: _containers.RepeatedCompositeFieldContainer[AccountPayment]
    autopay: _autopay_service_pb2.Autopay
    cases: _containers.RepeatedCompositeFieldContainer[OpenCase]
    holds: _containers.RepeatedCompositeFieldContainer[_collection_service_pb2.LateFeeHold]
    notifications: _notifications_pb2.NotificationPreferences
    def __init__(self, summary: _Optional[_Union[GetAccountSummaryResponse, _Mapping]] = ..., payable: _Optional[int] = ..., open_items: _Optional[_Iterable[_Union[OpenItem, _Mapping]]] = ..., payments: _Optional[_Iterable[_Union[AccountPayment, _Mapping]]] = ..., autopay: _Optional[_Union[_autopay_service_pb2.Autopay, _Mapping]] = ..., cases: _Optional[_Iterable[_Union[OpenCase, _Mapping]]] = ..., holds: _Optional[_Iterable[_Union[_collection_service_pb2.LateFeeHold, _Mapping]]] = ..., notifications: _Optional[_Union[_notifications_pb2.NotificationPreferences, _Mapping]] = ...) -> None: ...

class OpenCase(_message.Message):
    __slots__ = ("case_no", "kind", "state", "registered_at", "due_at")
    CASE_NO_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    REGISTERED_AT_FIELD_NUMBER: _ClassVar[int]
    DUE_AT_FIELD_NUMBER: _ClassVar[int]
    case_no: int
    kind: _case_service_pb2.CaseKind
    state: _case_service_pb2.CaseState
    registered_at: int
    due_at: int
    def __init__(self, case_no: _Optional[int] = ..., kind: _Optional[_Union[_case_service_pb2.CaseKind, str]] = ..., state: _Optional[_Union[_case_service_pb2.CaseState, str]] = ..., registered_at: _Optional[int] = ..., due_at: _Optional[int] = ...) -> None: ...

class AccountPayment(_message.Message):
    __slots__ = ("account_entry_id", "day", "amount", "reference", "recorded_at", "reversed_by", "reversed_day")
    ACCOUNT_ENTRY_ID_FIELD_NUMBER: _ClassVar[int]
    DAY_FIELD_NUMBER: _ClassVar[int]
    AMOUNT_FIELD_NUMBER: _ClassVar[int]
    REFERENCE_FIELD_NUMBER: _ClassVar[int]
    RECORDED_AT_FIELD_NUMBER: _ClassVar[int]
    REVERSED_BY_FIELD_NUMBER: _ClassVar[int]
    REVERSED_DAY_FIELD_NUMBER: _ClassVar[int]
    account_entry_id: int
    day: str
    amount: int
    reference: str
    recorded_at: int
    reversed_by: int
    reversed_day: str
    def __init__(self, account_entry_id: _Optional[int] = ..., day: _Optional[str] = ..., amount: _Optional[int] = ..., reference: _Optional[str] = ..., recorded_at: _Optional[int] = ..., reversed_by: _Optional[int] = ..., reversed_day: _Optional[str] = ...) -> None: ...

class ListAccountPaymentsRequest(_message.Message):
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

class ListAccountPaymentsResponse(_message.Message):
    __slots__ = ("payments", "next_page_token", "currency", "digits")
    PAYMENTS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    CURRENCY_FIELD_NUMBER: _ClassVar[int]
    DIGITS_FIELD_NUMBER: _ClassVar[int]
    payments: _containers.RepeatedCompositeFieldContainer[AccountPayment]
    next_page_token: str
    currency: str
    digits: int
    def __init__(self, payments: _Optional[_Iterable[_Union[AccountPayment, _Mapping]]] = ..., next_page_token: _Optional[str] = ..., currency: _Optional[str] = ..., digits: _Optional[int] = ...) -> None: ...

class GetConsumptionRequest(_message.Message):
    __slots__ = ("account_id", "number", "first_month", "last_month")
    ACCOUNT_ID_FIELD_NUMBER: _ClassVar[int]
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    FIRST_MONTH_FIELD_NUMBER: _ClassVar[int]
    LAST_MONTH_FIELD_NUMBER: _ClassVar[int]
    account_id: int
    number: str
    first_month: str
    last_month: str
    def __init__(self, account_id: _Optional[int] = ..., number: _Optional[str] = ..., first_month: _Optional[str] = ..., last_month: _Optional[str] = ...) -> None: ...

class GetConsumptionResponse(_message.Message):
    __slots__ = ("account_id", "number", "first_month", "last_month", "currency", "digits", "series")
    ACCOUNT_ID_FIELD_NUMBER: _ClassVar[int]
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    FIRST_MONTH_FIELD_NUMBER: _ClassVar[int]
    LAST_MONTH_FIELD_NUMBER: _ClassVar[int]
    CURRENCY_FIELD_NUMBER: _ClassVar[int]
    DIGITS_FIELD_NUMBER: _ClassVar[int]
    SERIES_FIELD_NUMBER: _ClassVar[int]
    account_id: int
    number: str
    first_month: str
    last_month: str
    currency: str
    digits: int
    series: _containers.RepeatedCompositeFieldContainer[ConsumptionSeries]
    def __init__(self, account_id: _Optional[int] = ..., number: _Optional[str] = ..., first_month: _Optional[str] = ..., last_month: _Optional[str] = ..., currency: _Optional[str] = ..., digits: _Optional[int] = ..., series: _Optional[_Iterable[_Union[ConsumptionSeries, _Mapping]]] = ...) -> None: ...

class ConsumptionSeries(_message.Message):
    __slots__ = ("agreement_no", "service", "quantity", "unit", "months")
    AGREEMENT_NO_FIELD_NUMBER: _ClassVar[int]
    SERVICE_FIELD_NUMBER: _ClassVar[int]
    QUANTITY_FIELD_NUMBER: _ClassVar[int]
    UNIT_FIELD_NUMBER: _ClassVar[int]
    MONTHS_FIELD_NUMBER: _ClassVar[int]
    agreement_no: int
    service: str
    quantity: str
    unit: str
    months: _containers.RepeatedCompositeFieldContainer[ConsumptionMonth]
    def __init__(self, agreement_no: _Optional[int] = ..., service: _Optional[str] = ..., quantity: _Optional[str] = ..., unit: _Optional[str] = ..., months: _Optional[_Iterable[_Union[ConsumptionMonth, _Mapping]]] = ...) -> None: ...

class ConsumptionMonth(_message.Message):
    __slots__ = ("month", "first_day", "last_day", "days", "usage", "amount", "by_norm")
    MONTH_FIELD_NUMBER: _ClassVar[int]
    FIRST_DAY_FIELD_NUMBER: _ClassVar[int]
    LAST_DAY_FIELD_NUMBER: _ClassVar[int]
    DAYS_FIELD_NUMBER: _ClassVar[int]
    USAGE_FIELD_NUMBER: _ClassVar[int]
    AMOUNT_FIELD_NUMBER: _ClassVar[int]
    BY_NORM_FIELD_NUMBER: _ClassVar[int]
    month: str
    first_day: str
    last_day: str
    days: int
    usage: str
    amount: int
    by_norm: UsageByNorm
    def __init__(self, month: _Optional[str] = ..., first_day: _Optional[str] = ..., last_day: _Optional[str] = ..., days: _Optional[int] = ..., usage: _Optional[str] = ..., amount: _Optional[int] = ..., by_norm: _Optional[_Union[UsageByNorm, _Mapping]] = ...) -> None: ...

class UsageByNorm(_message.Message):
    __slots__ = ("usage", "saved_usage", "amount", "saving")
    USAGE_FIELD_NUMBER: _ClassVar[int]
    SAVED_USAGE_FIELD_NUMBER: _ClassVar[int]
    AMOUNT_FIELD_NUMBER: _ClassVar[int]
    SAVING_FIELD_NUMBER: _ClassVar[int]
    usage: str
    saved_usage: str
    amount: int
    saving: int
    def __init__(self, usage: _Optional[str] = ..., saved_usage: _Optional[str] = ..., amount: _Optional[int] = ..., saving: _Optional[int] = ...) -> None: ...

class LookUpAccountRequest(_message.Message):
    __slots__ = ("number", "visitor")
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    VISITOR_FIELD_NUMBER: _ClassVar[int]
    number: str
    visitor: str
    def __init__(self, number: _Optional[str] = ..., visitor: _Optional[str] = ...) -> None: ...

class LookUpAccountResponse(_message.Message):
    __slots__ = ("number", "masked_name", "masked_address", "currency", "digits", "previous", "last_bill", "balance", "payable", "due_day")
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    MASKED_NAME_FIELD_NUMBER: _ClassVar[int]
    MASKED_ADDRESS_FIELD_NUMBER: _ClassVar[int]
    CURRENCY_FIELD_NUMBER: _ClassVar[int]
    DIGITS_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_FIELD_NUMBER: _ClassVar[int]
    LAST_BILL_FIELD_NUMBER: _ClassVar[int]
    BALANCE_FIELD_NUMBER: _ClassVar[int]
    PAYABLE_FIELD_NUMBER: _ClassVar[int]
    DUE_DAY_FIELD_NUMBER: _ClassVar[int]
    number: str
    masked_name: str
    masked_address: str
    currency: str
    digits: int
    previous: int
    last_bill: int
    balance: int
    payable: int
    due_day: str
    def __init__(self, number: _Optional[str] = ..., masked_name: _Optional[str] = ..., masked_address: _Optional[str] = ..., currency: _Optional[str] = ..., digits: _Optional[int] = ..., previous: _Optional[int] = ..., last_bill: _Optional[int] = ..., balance: _Optional[int] = ..., payable: _Optional[int] = ..., due_day: _Optional[str] = ...) -> None: ...

class ListAccountBillsRequest(_message.Message):
    __slots__ = ("account_id", "number", "language", "page_size", "page_token")
    ACCOUNT_ID_FIELD_NUMBER: _ClassVar[int]
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    LANGUAGE_FIELD_NUMBER: _ClassVar[int]
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    account_id: int
    number: str
    language: str
    page_size: int
    page_token: str
    def __init__(self, account_id: _Optional[int] = ..., number: _Optional[str] = ..., language: _Optional[str] = ..., page_size: _Optional[int] = ..., page_token: _Optional[str] = ...) -> None: ...

class ListAccountBillsResponse(_message.Message):
    __slots__ = ("bills", "next_page_token", "language")
    BILLS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    LANGUAGE_FIELD_NUMBER: _ClassVar[int]
    bills: _containers.RepeatedCompositeFieldContainer[AccountBill]
    next_page_token: str
    language: str
    def __init__(self, bills: _Optional[_Iterable[_Union[AccountBill, _Mapping]]] = ..., next_page_token: _Optional[str] = ..., language: _Optional[str] = ...) -> None: ...

class AccountBill(_message.Message):
    __slots__ = ("header", "open", "reference", "spans")
    HEADER_FIELD_NUMBER: _ClassVar[int]
    OPEN_FIELD_NUMBER: _ClassVar[int]
    REFERENCE_FIELD_NUMBER: _ClassVar[int]
    SPANS_FIELD_NUMBER: _ClassVar[int]
    header: _billing_service_pb2.BillHeader
    open: int
    reference: str
    spans: _containers.RepeatedCompositeFieldContainer[AccountBillSpan]
    def __init__(self, header: _Optional[_Union[_billing_service_pb2.BillHeader, _Mapping]] = ..., open: _Optional[int] = ..., reference: _Optional[str] = ..., spans: _Optional[_Iterable[_Union[AccountBillSpan, _Mapping]]] = ...) -> None: ...

class AccountBillSpan(_message.Message):
    __slots__ = ("agreement_no", "tariff", "previous_day", "this_day", "days", "usages", "lines")
    AGREEMENT_NO_FIELD_NUMBER: _ClassVar[int]
    TARIFF_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_DAY_FIELD_NUMBER: _ClassVar[int]
    THIS_DAY_FIELD_NUMBER: _ClassVar[int]
    DAYS_FIELD_NUMBER: _ClassVar[int]
    USAGES_FIELD_NUMBER: _ClassVar[int]
    LINES_FIELD_NUMBER: _ClassVar[int]
    agreement_no: int
    tariff: str
    previous_day: str
    this_day: str
    days: int
    usages: _containers.RepeatedCompositeFieldContainer[BilledUsage]
    lines: _containers.RepeatedCompositeFieldContainer[NamedLine]
    def __init__(self, agreement_no: _Optional[int] = ..., tariff: _Optional[str] = ..., previous_day: _Optional[str] = ..., this_day: _Optional[str] = ..., days: _Optional[int] = ..., usages: _Optional[_Iterable[_Union[BilledUsage, _Mapping]]] = ..., lines: _Optional[_Iterable[_Union[NamedLine, _Mapping]]] = ...) -> None: ...

class BilledUsage(_message.Message):
    __slots__ = ("quantity", "unit", "usage", "average_use", "opening", "closing")
    QUANTITY_FIELD_NUMBER: _ClassVar[int]
    UNIT_FIELD_NUMBER: _ClassVar[int]
    USAGE_FIELD_NUMBER: _ClassVar[int]
    AVERAGE_USE_FIELD_NUMBER: _ClassVar[int]
    OPENING_FIELD_NUMBER: _ClassVar[int]
    CLOSING_FIELD_NUMBER: _ClassVar[int]
    quantity: str
    unit: str
    usage: str
    average_use: str
    opening: _containers.RepeatedCompositeFieldContainer[BilledDial]
    closing: _containers.RepeatedCompositeFieldContainer[BilledDial]
    def __init__(self, quantity: _Optional[str] = ..., unit: _Optional[str] = ..., usage: _Optional[str] = ..., average_use: _Optional[str] = ..., opening: _Optional[_Iterable[_Union[BilledDial, _Mapping]]] = ..., closing: _Optional[_Iterable[_Union[BilledDial, _Mapping]]] = ...) -> None: ...

class BilledDial(_message.Message):
    __slots__ = ("meter_id", "register_no", "value", "estimated")
    METER_ID_FIELD_NUMBER: _ClassVar[int]
    REGISTER_NO_FIELD_NUMBER: _ClassVar[int]
    VALUE_FIELD_NUMBER: _ClassVar[int]
    ESTIMATED_FIELD_NUMBER: _ClassVar[int]
    meter_id: int
    register_no: int
    value: str
    estimated: bool
    def __init__(self, meter_id: _Optional[int] = ..., register_no: _Optional[int] = ..., value: _Optional[str] = ..., estimated: _Optional[bool] = ...) -> None: ...

class NamedLine(_message.Message):
    __slots__ = ("name", "label", "amount", "digits", "unit", "counts")
    NAME_FIELD_NUMBER: _ClassVar[int]
    LABEL_FIELD_NUMBER: _ClassVar[int]
    AMOUNT_FIELD_NUMBER: _ClassVar[int]
    DIGITS_FIELD_NUMBER: _ClassVar[int]
    UNIT_FIELD_NUMBER: _ClassVar[int]
    COUNTS_FIELD_NUMBER: _ClassVar[int]
    name: str
    label: str
    amount: int
    digits: int
    unit: str
    counts: bool
    def __init__(self, name: _Optional[str] = ..., label: _Optional[str] = ..., amount: _Optional[int] = ..., digits: _Optional[int] = ..., unit: _Optional[str] = ..., counts: _Optional[bool] = ...) -> None: ...
