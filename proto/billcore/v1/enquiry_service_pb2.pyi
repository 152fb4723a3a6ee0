from billcore.v1 import billing_service_pb2 as _billing_service_pb2
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
    __slots__ = ("agreement_no", "service", "place", "address", "geographic_code", "tariff_id", "attributes", "until_day", "readings")
    class AttributesEntry(_message.Message):
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
    agreement_no: int
    service: str
    place: str
    address: str
    geographic_code: str
    tariff_id: str
    attributes: _containers.ScalarMap[str, str]
    until_day: str
    readings: _containers.RepeatedCompositeFieldContainer[LastReading]
    def __init__(self, agreement_no: _Optional[int] = ..., service: _Optional[str] = ..., place: _Optional[str] = ..., address: _Optional[str] = ..., geographic_code: _Optional[str] = ..., tariff_id: _Optional[str] = ..., attributes: _Optional[_Mapping[str, str]] = ..., until_day: _Optional[str] = ..., readings: _Optional[_Iterable[_Union[LastReading, _Mapping]]] = ...) -> None: ...

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
