from billcore.v1 import common_pb2 as _common_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class BatchOutput(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    BATCH_OUTPUT_UNSPECIFIED: _ClassVar[BatchOutput]
    BATCH_OUTPUT_TOTAL: _ClassVar[BatchOutput]
    BATCH_OUTPUT_LINES: _ClassVar[BatchOutput]

class ColumnType(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    COLUMN_TYPE_UNSPECIFIED: _ClassVar[ColumnType]
    COLUMN_TYPE_SFIXED32: _ClassVar[ColumnType]
    COLUMN_TYPE_SFIXED64: _ClassVar[ColumnType]
BATCH_OUTPUT_UNSPECIFIED: BatchOutput
BATCH_OUTPUT_TOTAL: BatchOutput
BATCH_OUTPUT_LINES: BatchOutput
COLUMN_TYPE_UNSPECIFIED: ColumnType
COLUMN_TYPE_SFIXED32: ColumnType
COLUMN_TYPE_SFIXED64: ColumnType

class Bill(_message.Message):
    __slots__ = ("previous_date", "this_date", "days", "inputs", "changes", "states")
    PREVIOUS_DATE_FIELD_NUMBER: _ClassVar[int]
    THIS_DATE_FIELD_NUMBER: _ClassVar[int]
    DAYS_FIELD_NUMBER: _ClassVar[int]
    INPUTS_FIELD_NUMBER: _ClassVar[int]
    CHANGES_FIELD_NUMBER: _ClassVar[int]
    STATES_FIELD_NUMBER: _ClassVar[int]
    previous_date: str
    this_date: str
    days: int
    inputs: _containers.RepeatedCompositeFieldContainer[InputValue]
    changes: _containers.RepeatedCompositeFieldContainer[InputChange]
    states: _containers.RepeatedCompositeFieldContainer[StateValue]
    def __init__(self, previous_date: _Optional[str] = ..., this_date: _Optional[str] = ..., days: _Optional[int] = ..., inputs: _Optional[_Iterable[_Union[InputValue, _Mapping]]] = ..., changes: _Optional[_Iterable[_Union[InputChange, _Mapping]]] = ..., states: _Optional[_Iterable[_Union[StateValue, _Mapping]]] = ...) -> None: ...

class InputValue(_message.Message):
    __slots__ = ("name", "number", "choice", "flag", "money")
    NAME_FIELD_NUMBER: _ClassVar[int]
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    CHOICE_FIELD_NUMBER: _ClassVar[int]
    FLAG_FIELD_NUMBER: _ClassVar[int]
    MONEY_FIELD_NUMBER: _ClassVar[int]
    name: str
    number: str
    choice: str
    flag: bool
    money: int
    def __init__(self, name: _Optional[str] = ..., number: _Optional[str] = ..., choice: _Optional[str] = ..., flag: _Optional[bool] = ..., money: _Optional[int] = ...) -> None: ...

class InputChange(_message.Message):
    __slots__ = ("first_day", "input")
    FIRST_DAY_FIELD_NUMBER: _ClassVar[int]
    INPUT_FIELD_NUMBER: _ClassVar[int]
    first_day: str
    input: InputValue
    def __init__(self, first_day: _Optional[str] = ..., input: _Optional[_Union[InputValue, _Mapping]] = ...) -> None: ...

class StateValue(_message.Message):
    __slots__ = ("name", "value", "history")
    NAME_FIELD_NUMBER: _ClassVar[int]
    VALUE_FIELD_NUMBER: _ClassVar[int]
    HISTORY_FIELD_NUMBER: _ClassVar[int]
    name: str
    value: str
    history: _containers.RepeatedCompositeFieldContainer[HistoryValue]
    def __init__(self, name: _Optional[str] = ..., value: _Optional[str] = ..., history: _Optional[_Iterable[_Union[HistoryValue, _Mapping]]] = ...) -> None: ...

class HistoryValue(_message.Message):
    __slots__ = ("month", "value")
    MONTH_FIELD_NUMBER: _ClassVar[int]
    VALUE_FIELD_NUMBER: _ClassVar[int]
    month: int
    value: str
    def __init__(self, month: _Optional[int] = ..., value: _Optional[str] = ...) -> None: ...

class RateBillRequest(_message.Message):
    __slots__ = ("plan", "bill")
    PLAN_FIELD_NUMBER: _ClassVar[int]
    BILL_FIELD_NUMBER: _ClassVar[int]
    plan: _common_pb2.Plan
    bill: Bill
    def __init__(self, plan: _Optional[_Union[_common_pb2.Plan, _Mapping]] = ..., bill: _Optional[_Union[Bill, _Mapping]] = ...) -> None: ...

class RateBillResponse(_message.Message):
    __slots__ = ("plan", "currency", "digits", "lines", "total", "states")
    PLAN_FIELD_NUMBER: _ClassVar[int]
    CURRENCY_FIELD_NUMBER: _ClassVar[int]
    DIGITS_FIELD_NUMBER: _ClassVar[int]
    LINES_FIELD_NUMBER: _ClassVar[int]
    TOTAL_FIELD_NUMBER: _ClassVar[int]
    STATES_FIELD_NUMBER: _ClassVar[int]
    plan: _common_pb2.Plan
    currency: str
    digits: int
    lines: _containers.RepeatedCompositeFieldContainer[LineAmount]
    total: int
    states: _containers.RepeatedCompositeFieldContainer[StateValue]
    def __init__(self, plan: _Optional[_Union[_common_pb2.Plan, _Mapping]] = ..., currency: _Optional[str] = ..., digits: _Optional[int] = ..., lines: _Optional[_Iterable[_Union[LineAmount, _Mapping]]] = ..., total: _Optional[int] = ..., states: _Optional[_Iterable[_Union[StateValue, _Mapping]]] = ...) -> None: ...

class LineAmount(_message.Message):
    __slots__ = ("name", "amount")
    NAME_FIELD_NUMBER: _ClassVar[int]
    AMOUNT_FIELD_NUMBER: _ClassVar[int]
    name: str
    amount: int
    def __init__(self, name: _Optional[str] = ..., amount: _Optional[int] = ...) -> None: ...

class RateBatchRequest(_message.Message):
    __slots__ = ("header", "batch")
    HEADER_FIELD_NUMBER: _ClassVar[int]
    BATCH_FIELD_NUMBER: _ClassVar[int]
    header: BatchHeader
    batch: BatchColumns
    def __init__(self, header: _Optional[_Union[BatchHeader, _Mapping]] = ..., batch: _Optional[_Union[BatchColumns, _Mapping]] = ...) -> None: ...

class BatchHeader(_message.Message):
    __slots__ = ("plans", "output", "columns")
    PLANS_FIELD_NUMBER: _ClassVar[int]
    OUTPUT_FIELD_NUMBER: _ClassVar[int]
    COLUMNS_FIELD_NUMBER: _ClassVar[int]
    plans: _containers.RepeatedCompositeFieldContainer[_common_pb2.Plan]
    output: BatchOutput
    columns: _containers.RepeatedCompositeFieldContainer[BatchColumn]
    def __init__(self, plans: _Optional[_Iterable[_Union[_common_pb2.Plan, _Mapping]]] = ..., output: _Optional[_Union[BatchOutput, str]] = ..., columns: _Optional[_Iterable[_Union[BatchColumn, _Mapping]]] = ...) -> None: ...

class BatchColumn(_message.Message):
    __slots__ = ("name", "type")
    NAME_FIELD_NUMBER: _ClassVar[int]
    TYPE_FIELD_NUMBER: _ClassVar[int]
    name: str
    type: ColumnType
    def __init__(self, name: _Optional[str] = ..., type: _Optional[_Union[ColumnType, str]] = ...) -> None: ...

class BatchColumns(_message.Message):
    __slots__ = ("rows", "plan", "columns")
    ROWS_FIELD_NUMBER: _ClassVar[int]
    PLAN_FIELD_NUMBER: _ClassVar[int]
    COLUMNS_FIELD_NUMBER: _ClassVar[int]
    rows: int
    plan: _containers.RepeatedScalarFieldContainer[int]
    columns: _containers.RepeatedCompositeFieldContainer[ColumnValues]
    def __init__(self, rows: _Optional[int] = ..., plan: _Optional[_Iterable[int]] = ..., columns: _Optional[_Iterable[_Union[ColumnValues, _Mapping]]] = ...) -> None: ...

class ColumnValues(_message.Message):
    __slots__ = ("wide", "narrow")
    WIDE_FIELD_NUMBER: _ClassVar[int]
    NARROW_FIELD_NUMBER: _ClassVar[int]
    wide: _containers.RepeatedScalarFieldContainer[int]
    narrow: _containers.RepeatedScalarFieldContainer[int]
    def __init__(self, wide: _Optional[_Iterable[int]] = ..., narrow: _Optional[_Iterable[int]] = ...) -> None: ...

class RateBatchResponse(_message.Message):
    __slots__ = ("layout", "result")
    LAYOUT_FIELD_NUMBER: _ClassVar[int]
    RESULT_FIELD_NUMBER: _ClassVar[int]
    layout: BatchLayout
    result: BatchResult
    def __init__(self, layout: _Optional[_Union[BatchLayout, _Mapping]] = ..., result: _Optional[_Union[BatchResult, _Mapping]] = ...) -> None: ...

class BatchLayout(_message.Message):
    __slots__ = ("plans", "lines", "states", "currencies", "digits", "rows_max")
    PLANS_FIELD_NUMBER: _ClassVar[int]
    LINES_FIELD_NUMBER: _ClassVar[int]
    STATES_FIELD_NUMBER: _ClassVar[int]
    CURRENCIES_FIELD_NUMBER: _ClassVar[int]
    DIGITS_FIELD_NUMBER: _ClassVar[int]
    ROWS_MAX_FIELD_NUMBER: _ClassVar[int]
    plans: _containers.RepeatedCompositeFieldContainer[_common_pb2.Plan]
    lines: _containers.RepeatedScalarFieldContainer[str]
    states: _containers.RepeatedScalarFieldContainer[str]
    currencies: _containers.RepeatedScalarFieldContainer[str]
    digits: _containers.RepeatedScalarFieldContainer[int]
    rows_max: int
    def __init__(self, plans: _Optional[_Iterable[_Union[_common_pb2.Plan, _Mapping]]] = ..., lines: _Optional[_Iterable[str]] = ..., states: _Optional[_Iterable[str]] = ..., currencies: _Optional[_Iterable[str]] = ..., digits: _Optional[_Iterable[int]] = ..., rows_max: _Optional[int] = ...) -> None: ...

class BatchResult(_message.Message):
    __slots__ = ("sequence", "statuses", "failed", "totals", "lines", "states")
    SEQUENCE_FIELD_NUMBER: _ClassVar[int]
    STATUSES_FIELD_NUMBER: _ClassVar[int]
    FAILED_FIELD_NUMBER: _ClassVar[int]
    TOTALS_FIELD_NUMBER: _ClassVar[int]
    LINES_FIELD_NUMBER: _ClassVar[int]
    STATES_FIELD_NUMBER: _ClassVar[int]
    sequence: int
    statuses: bytes
    failed: int
    totals: _containers.RepeatedScalarFieldContainer[int]
    lines: _containers.RepeatedCompositeFieldContainer[ResultColumn]
    states: _containers.RepeatedCompositeFieldContainer[ResultColumn]
    def __init__(self, sequence: _Optional[int] = ..., statuses: _Optional[bytes] = ..., failed: _Optional[int] = ..., totals: _Optional[_Iterable[int]] = ..., lines: _Optional[_Iterable[_Union[ResultColumn, _Mapping]]] = ..., states: _Optional[_Iterable[_Union[ResultColumn, _Mapping]]] = ...) -> None: ...

class ResultColumn(_message.Message):
    __slots__ = ("values",)
    VALUES_FIELD_NUMBER: _ClassVar[int]
    values: _containers.RepeatedScalarFieldContainer[int]
    def __init__(self, values: _Optional[_Iterable[int]] = ...) -> None: ...

class ExplainBillRequest(_message.Message):
    __slots__ = ("plan", "bill")
    PLAN_FIELD_NUMBER: _ClassVar[int]
    BILL_FIELD_NUMBER: _ClassVar[int]
    plan: _common_pb2.Plan
    bill: Bill
    def __init__(self, plan: _Optional[_Union[_common_pb2.Plan, _Mapping]] = ..., bill: _Optional[_Union[Bill, _Mapping]] = ...) -> None: ...

class ExplainBillResponse(_message.Message):
    __slots__ = ("plan",)
    PLAN_FIELD_NUMBER: _ClassVar[int]
    plan: _common_pb2.Plan
    def __init__(self, plan: _Optional[_Union[_common_pb2.Plan, _Mapping]] = ...) -> None: ...
