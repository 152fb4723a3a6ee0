from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class ColumnKind(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    COLUMN_KIND_UNSPECIFIED: _ClassVar[ColumnKind]
    COLUMN_KIND_DATE: _ClassVar[ColumnKind]
    COLUMN_KIND_DAYS: _ClassVar[ColumnKind]
    COLUMN_KIND_QUANTITY: _ClassVar[ColumnKind]
    COLUMN_KIND_NUMBER: _ClassVar[ColumnKind]
    COLUMN_KIND_MONEY: _ClassVar[ColumnKind]
    COLUMN_KIND_CHOICE: _ClassVar[ColumnKind]
    COLUMN_KIND_FLAG: _ClassVar[ColumnKind]
    COLUMN_KIND_STATE: _ClassVar[ColumnKind]
    COLUMN_KIND_HISTORY: _ClassVar[ColumnKind]

class BillStatus(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    BILL_STATUS_UNSPECIFIED: _ClassVar[BillStatus]
    BILL_STATUS_OUT_OF_RANGE: _ClassVar[BillStatus]
    BILL_STATUS_OVERFLOW: _ClassVar[BillStatus]
    BILL_STATUS_ABOVE_LAST_ROW: _ClassVar[BillStatus]
    BILL_STATUS_UNKNOWN_CHOICE: _ClassVar[BillStatus]
    BILL_STATUS_NOT_IN_FORCE: _ClassVar[BillStatus]
    BILL_STATUS_BAD_PERIOD: _ClassVar[BillStatus]
    BILL_STATUS_CHANGE_REFUSED: _ClassVar[BillStatus]
    BILL_STATUS_MISSING_KEY: _ClassVar[BillStatus]
    BILL_STATUS_UNREPRESENTABLE: _ClassVar[BillStatus]
    BILL_STATUS_UNKNOWN_PLAN: _ClassVar[BillStatus]
    BILL_STATUS_DIVISION_BY_ZERO: _ClassVar[BillStatus]
COLUMN_KIND_UNSPECIFIED: ColumnKind
COLUMN_KIND_DATE: ColumnKind
COLUMN_KIND_DAYS: ColumnKind
COLUMN_KIND_QUANTITY: ColumnKind
COLUMN_KIND_NUMBER: ColumnKind
COLUMN_KIND_MONEY: ColumnKind
COLUMN_KIND_CHOICE: ColumnKind
COLUMN_KIND_FLAG: ColumnKind
COLUMN_KIND_STATE: ColumnKind
COLUMN_KIND_HISTORY: ColumnKind
BILL_STATUS_UNSPECIFIED: BillStatus
BILL_STATUS_OUT_OF_RANGE: BillStatus
BILL_STATUS_OVERFLOW: BillStatus
BILL_STATUS_ABOVE_LAST_ROW: BillStatus
BILL_STATUS_UNKNOWN_CHOICE: BillStatus
BILL_STATUS_NOT_IN_FORCE: BillStatus
BILL_STATUS_BAD_PERIOD: BillStatus
BILL_STATUS_CHANGE_REFUSED: BillStatus
BILL_STATUS_MISSING_KEY: BillStatus
BILL_STATUS_UNREPRESENTABLE: BillStatus
BILL_STATUS_UNKNOWN_PLAN: BillStatus
BILL_STATUS_DIVISION_BY_ZERO: BillStatus

class Plan(_message.Message):
    __slots__ = ("tariff_id", "version", "hash")
    TARIFF_ID_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    HASH_FIELD_NUMBER: _ClassVar[int]
    tariff_id: str
    version: int
    hash: str
    def __init__(self, tariff_id: _Optional[str] = ..., version: _Optional[int] = ..., hash: _Optional[str] = ...) -> None: ...

class ColumnSpec(_message.Message):
    __slots__ = ("name", "kind", "unit", "decimals", "required", "choices", "min", "max")
    NAME_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    UNIT_FIELD_NUMBER: _ClassVar[int]
    DECIMALS_FIELD_NUMBER: _ClassVar[int]
    REQUIRED_FIELD_NUMBER: _ClassVar[int]
    CHOICES_FIELD_NUMBER: _ClassVar[int]
    MIN_FIELD_NUMBER: _ClassVar[int]
    MAX_FIELD_NUMBER: _ClassVar[int]
    name: str
    kind: ColumnKind
    unit: str
    decimals: int
    required: bool
    choices: _containers.RepeatedScalarFieldContainer[str]
    min: int
    max: int
    def __init__(self, name: _Optional[str] = ..., kind: _Optional[_Union[ColumnKind, str]] = ..., unit: _Optional[str] = ..., decimals: _Optional[int] = ..., required: _Optional[bool] = ..., choices: _Optional[_Iterable[str]] = ..., min: _Optional[int] = ..., max: _Optional[int] = ...) -> None: ...
