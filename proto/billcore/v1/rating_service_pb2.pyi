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
    __slots__ = ("previous_date", "this_date", "days", "inputs", "changes", "states", "segments")
    PREVIOUS_DATE_FIELD_NUMBER: _ClassVar[int]
    THIS_DATE_FIELD_NUMBER: _ClassVar[int]
    DAYS_FIELD_NUMBER: _ClassVar[int]
    INPUTS_FIELD_NUMBER: _ClassVar[int]
    CHANGES_FIELD_NUMBER: _ClassVar[int]
    STATES_FIELD_NUMBER: _ClassVar[int]
    SEGMENTS_FIELD_NUMBER: _ClassVar[int]
    previous_date: str
    this_date: str
    days: int
    inputs: _containers.RepeatedCompositeFieldContainer[InputValue]
    changes: _containers.RepeatedCompositeFieldContainer[InputChange]
    states: _containers.RepeatedCompositeFieldContainer[StateValue]
    segments: _containers.RepeatedCompositeFieldContainer[BillSegment]
    def __init__(self, previous_date: _Optional[str] = ..., this_date: _Optional[str] = ..., days: _Optional[int] = ..., inputs: _Optional[_Iterable[_Union[InputValue, _Mapping]]] = ..., changes: _Optional[_Iterable[_Union[InputChange, _Mapping]]] = ..., states: _Optional[_Iterable[_Union[StateValue, _Mapping]]] = ..., segments: _Optional[_Iterable[_Union[BillSegment, _Mapping]]] = ...) -> None: ...

class BillSegment(_message.Message):
    __slots__ = ("day", "days", "inputs")
    DAY_FIELD_NUMBER: _ClassVar[int]
    DAYS_FIELD_NUMBER: _ClassVar[int]
    INPUTS_FIELD_NUMBER: _ClassVar[int]
    day: str
    days: int
    inputs: _containers.RepeatedCompositeFieldContainer[InputValue]
    def __init__(self, day: _Optional[str] = ..., days: _Optional[int] = ..., inputs: _Optional[_Iterable[_Union[InputValue, _Mapping]]] = ...) -> None: ...

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
    __slots__ = ("plans", "output", "columns", "segment_columns")
    PLANS_FIELD_NUMBER: _ClassVar[int]
    OUTPUT_FIELD_NUMBER: _ClassVar[int]
    COLUMNS_FIELD_NUMBER: _ClassVar[int]
    SEGMENT_COLUMNS_FIELD_NUMBER: _ClassVar[int]
    plans: _containers.RepeatedCompositeFieldContainer[_common_pb2.Plan]
    output: BatchOutput
    columns: _containers.RepeatedCompositeFieldContainer[BatchColumn]
    segment_columns: _containers.RepeatedCompositeFieldContainer[BatchColumn]
    def __init__(self, plans: _Optional[_Iterable[_Union[_common_pb2.Plan, _Mapping]]] = ..., output: _Optional[_Union[BatchOutput, str]] = ..., columns: _Optional[_Iterable[_Union[BatchColumn, _Mapping]]] = ..., segment_columns: _Optional[_Iterable[_Union[BatchColumn, _Mapping]]] = ...) -> None: ...

class BatchColumn(_message.Message):
    __slots__ = ("name", "type", "entries")
    NAME_FIELD_NUMBER: _ClassVar[int]
    TYPE_FIELD_NUMBER: _ClassVar[int]
    ENTRIES_FIELD_NUMBER: _ClassVar[int]
    name: str
    type: ColumnType
    entries: int
    def __init__(self, name: _Optional[str] = ..., type: _Optional[_Union[ColumnType, str]] = ..., entries: _Optional[int] = ...) -> None: ...

class BatchColumns(_message.Message):
    __slots__ = ("rows", "plan", "columns", "changes", "segments")
    ROWS_FIELD_NUMBER: _ClassVar[int]
    PLAN_FIELD_NUMBER: _ClassVar[int]
    COLUMNS_FIELD_NUMBER: _ClassVar[int]
    CHANGES_FIELD_NUMBER: _ClassVar[int]
    SEGMENTS_FIELD_NUMBER: _ClassVar[int]
    rows: int
    plan: _containers.RepeatedScalarFieldContainer[int]
    columns: _containers.RepeatedCompositeFieldContainer[ColumnValues]
    changes: BatchChanges
    segments: BatchSegments
    def __init__(self, rows: _Optional[int] = ..., plan: _Optional[_Iterable[int]] = ..., columns: _Optional[_Iterable[_Union[ColumnValues, _Mapping]]] = ..., changes: _Optional[_Union[BatchChanges, _Mapping]] = ..., segments: _Optional[_Union[BatchSegments, _Mapping]] = ...) -> None: ...

class BatchChanges(_message.Message):
    __slots__ = ("rows", "first_days", "columns", "values")
    ROWS_FIELD_NUMBER: _ClassVar[int]
    FIRST_DAYS_FIELD_NUMBER: _ClassVar[int]
    COLUMNS_FIELD_NUMBER: _ClassVar[int]
    VALUES_FIELD_NUMBER: _ClassVar[int]
    rows: _containers.RepeatedScalarFieldContainer[int]
    first_days: _containers.RepeatedScalarFieldContainer[int]
    columns: _containers.RepeatedScalarFieldContainer[int]
    values: _containers.RepeatedScalarFieldContainer[int]
    def __init__(self, rows: _Optional[_Iterable[int]] = ..., first_days: _Optional[_Iterable[int]] = ..., columns: _Optional[_Iterable[int]] = ..., values: _Optional[_Iterable[int]] = ...) -> None: ...

class BatchSegments(_message.Message):
    __slots__ = ("rows", "days", "billed_days", "columns")
    ROWS_FIELD_NUMBER: _ClassVar[int]
    DAYS_FIELD_NUMBER: _ClassVar[int]
    BILLED_DAYS_FIELD_NUMBER: _ClassVar[int]
    COLUMNS_FIELD_NUMBER: _ClassVar[int]
    rows: _containers.RepeatedScalarFieldContainer[int]
    days: _containers.RepeatedScalarFieldContainer[int]
    billed_days: _containers.RepeatedScalarFieldContainer[int]
    columns: _containers.RepeatedCompositeFieldContainer[ColumnValues]
    def __init__(self, rows: _Optional[_Iterable[int]] = ..., days: _Optional[_Iterable[int]] = ..., billed_days: _Optional[_Iterable[int]] = ..., columns: _Optional[_Iterable[_Union[ColumnValues, _Mapping]]] = ...) -> None: ...

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
    __slots__ = ("plan", "bill", "language")
    PLAN_FIELD_NUMBER: _ClassVar[int]
    BILL_FIELD_NUMBER: _ClassVar[int]
    LANGUAGE_FIELD_NUMBER: _ClassVar[int]
    plan: _common_pb2.Plan
    bill: Bill
    language: str
    def __init__(self, plan: _Optional[_Union[_common_pb2.Plan, _Mapping]] = ..., bill: _Optional[_Union[Bill, _Mapping]] = ..., language: _Optional[str] = ...) -> None: ...

class ExplainBillResponse(_message.Message):
    __slots__ = ("plan", "explanation", "text")
    PLAN_FIELD_NUMBER: _ClassVar[int]
    EXPLANATION_FIELD_NUMBER: _ClassVar[int]
    TEXT_FIELD_NUMBER: _ClassVar[int]
    plan: _common_pb2.Plan
    explanation: Explanation
    text: str
    def __init__(self, plan: _Optional[_Union[_common_pb2.Plan, _Mapping]] = ..., explanation: _Optional[_Union[Explanation, _Mapping]] = ..., text: _Optional[str] = ...) -> None: ...

class Explanation(_message.Message):
    __slots__ = ("tariff", "hash", "currency", "digits", "period", "inputs", "state", "segments", "values", "lines", "total")
    class PeriodEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: str
        def __init__(self, key: _Optional[str] = ..., value: _Optional[str] = ...) -> None: ...
    class InputsEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: str
        def __init__(self, key: _Optional[str] = ..., value: _Optional[str] = ...) -> None: ...
    class StateEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: str
        def __init__(self, key: _Optional[str] = ..., value: _Optional[str] = ...) -> None: ...
    TARIFF_FIELD_NUMBER: _ClassVar[int]
    HASH_FIELD_NUMBER: _ClassVar[int]
    CURRENCY_FIELD_NUMBER: _ClassVar[int]
    DIGITS_FIELD_NUMBER: _ClassVar[int]
    PERIOD_FIELD_NUMBER: _ClassVar[int]
    INPUTS_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    SEGMENTS_FIELD_NUMBER: _ClassVar[int]
    VALUES_FIELD_NUMBER: _ClassVar[int]
    LINES_FIELD_NUMBER: _ClassVar[int]
    TOTAL_FIELD_NUMBER: _ClassVar[int]
    tariff: str
    hash: str
    currency: str
    digits: int
    period: _containers.ScalarMap[str, str]
    inputs: _containers.ScalarMap[str, str]
    state: _containers.ScalarMap[str, str]
    segments: _containers.RepeatedCompositeFieldContainer[ExplainedSegment]
    values: _containers.RepeatedCompositeFieldContainer[ExplainedFormula]
    lines: _containers.RepeatedCompositeFieldContainer[ExplainedLine]
    total: ExplainedTotal
    def __init__(self, tariff: _Optional[str] = ..., hash: _Optional[str] = ..., currency: _Optional[str] = ..., digits: _Optional[int] = ..., period: _Optional[_Mapping[str, str]] = ..., inputs: _Optional[_Mapping[str, str]] = ..., state: _Optional[_Mapping[str, str]] = ..., segments: _Optional[_Iterable[_Union[ExplainedSegment, _Mapping]]] = ..., values: _Optional[_Iterable[_Union[ExplainedFormula, _Mapping]]] = ..., lines: _Optional[_Iterable[_Union[ExplainedLine, _Mapping]]] = ..., total: _Optional[_Union[ExplainedTotal, _Mapping]] = ...) -> None: ...

class ExplainedSegment(_message.Message):
    __slots__ = ("number", "until", "days", "share", "version_from", "season", "attributes")
    class AttributesEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: str
        def __init__(self, key: _Optional[str] = ..., value: _Optional[str] = ...) -> None: ...
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    UNTIL_FIELD_NUMBER: _ClassVar[int]
    DAYS_FIELD_NUMBER: _ClassVar[int]
    SHARE_FIELD_NUMBER: _ClassVar[int]
    VERSION_FROM_FIELD_NUMBER: _ClassVar[int]
    SEASON_FIELD_NUMBER: _ClassVar[int]
    ATTRIBUTES_FIELD_NUMBER: _ClassVar[int]
    number: int
    until: str
    days: str
    share: str
    version_from: str
    season: str
    attributes: _containers.ScalarMap[str, str]
    def __init__(self, number: _Optional[int] = ..., until: _Optional[str] = ..., days: _Optional[str] = ..., share: _Optional[str] = ..., version_from: _Optional[str] = ..., season: _Optional[str] = ..., attributes: _Optional[_Mapping[str, str]] = ...) -> None: ...

class ExplainedFormula(_message.Message):
    __slots__ = ("segment", "name", "formula", "written", "names", "value", "roundings")
    class NamesEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: str
        def __init__(self, key: _Optional[str] = ..., value: _Optional[str] = ...) -> None: ...
    SEGMENT_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    FORMULA_FIELD_NUMBER: _ClassVar[int]
    WRITTEN_FIELD_NUMBER: _ClassVar[int]
    NAMES_FIELD_NUMBER: _ClassVar[int]
    VALUE_FIELD_NUMBER: _ClassVar[int]
    ROUNDINGS_FIELD_NUMBER: _ClassVar[int]
    segment: int
    name: str
    formula: str
    written: str
    names: _containers.ScalarMap[str, str]
    value: str
    roundings: _containers.RepeatedCompositeFieldContainer[ExplainedRounding]
    def __init__(self, segment: _Optional[int] = ..., name: _Optional[str] = ..., formula: _Optional[str] = ..., written: _Optional[str] = ..., names: _Optional[_Mapping[str, str]] = ..., value: _Optional[str] = ..., roundings: _Optional[_Iterable[_Union[ExplainedRounding, _Mapping]]] = ...) -> None: ...

class ExplainedTier(_message.Message):
    __slots__ = ("segment", "row", "lower", "upper", "quantity", "rate", "base", "amount")
    SEGMENT_FIELD_NUMBER: _ClassVar[int]
    ROW_FIELD_NUMBER: _ClassVar[int]
    LOWER_FIELD_NUMBER: _ClassVar[int]
    UPPER_FIELD_NUMBER: _ClassVar[int]
    QUANTITY_FIELD_NUMBER: _ClassVar[int]
    RATE_FIELD_NUMBER: _ClassVar[int]
    BASE_FIELD_NUMBER: _ClassVar[int]
    AMOUNT_FIELD_NUMBER: _ClassVar[int]
    segment: int
    row: int
    lower: str
    upper: str
    quantity: str
    rate: str
    base: str
    amount: str
    def __init__(self, segment: _Optional[int] = ..., row: _Optional[int] = ..., lower: _Optional[str] = ..., upper: _Optional[str] = ..., quantity: _Optional[str] = ..., rate: _Optional[str] = ..., base: _Optional[str] = ..., amount: _Optional[str] = ...) -> None: ...

class ExplainedMember(_message.Message):
    __slots__ = ("line", "segment", "amount")
    LINE_FIELD_NUMBER: _ClassVar[int]
    SEGMENT_FIELD_NUMBER: _ClassVar[int]
    AMOUNT_FIELD_NUMBER: _ClassVar[int]
    line: str
    segment: int
    amount: str
    def __init__(self, line: _Optional[str] = ..., segment: _Optional[int] = ..., amount: _Optional[str] = ...) -> None: ...

class ExplainedRounding(_message.Message):
    __slots__ = ("stage", "unit", "mode", "before", "after")
    STAGE_FIELD_NUMBER: _ClassVar[int]
    UNIT_FIELD_NUMBER: _ClassVar[int]
    MODE_FIELD_NUMBER: _ClassVar[int]
    BEFORE_FIELD_NUMBER: _ClassVar[int]
    AFTER_FIELD_NUMBER: _ClassVar[int]
    stage: str
    unit: str
    mode: str
    before: str
    after: str
    def __init__(self, stage: _Optional[str] = ..., unit: _Optional[str] = ..., mode: _Optional[str] = ..., before: _Optional[str] = ..., after: _Optional[str] = ...) -> None: ...

class ExplainedLine(_message.Message):
    __slots__ = ("id", "label", "form", "present", "counts", "formulas", "tiers", "shares", "rates", "basis", "members", "sub_lines", "roundings", "exact", "amount", "shown", "posted", "digits", "unit")
    class LabelEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: str
        def __init__(self, key: _Optional[str] = ..., value: _Optional[str] = ...) -> None: ...
    ID_FIELD_NUMBER: _ClassVar[int]
    LABEL_FIELD_NUMBER: _ClassVar[int]
    FORM_FIELD_NUMBER: _ClassVar[int]
    PRESENT_FIELD_NUMBER: _ClassVar[int]
    COUNTS_FIELD_NUMBER: _ClassVar[int]
    FORMULAS_FIELD_NUMBER: _ClassVar[int]
    TIERS_FIELD_NUMBER: _ClassVar[int]
    SHARES_FIELD_NUMBER: _ClassVar[int]
    RATES_FIELD_NUMBER: _ClassVar[int]
    BASIS_FIELD_NUMBER: _ClassVar[int]
    MEMBERS_FIELD_NUMBER: _ClassVar[int]
    SUB_LINES_FIELD_NUMBER: _ClassVar[int]
    ROUNDINGS_FIELD_NUMBER: _ClassVar[int]
    EXACT_FIELD_NUMBER: _ClassVar[int]
    AMOUNT_FIELD_NUMBER: _ClassVar[int]
    SHOWN_FIELD_NUMBER: _ClassVar[int]
    POSTED_FIELD_NUMBER: _ClassVar[int]
    DIGITS_FIELD_NUMBER: _ClassVar[int]
    UNIT_FIELD_NUMBER: _ClassVar[int]
    id: str
    label: _containers.ScalarMap[str, str]
    form: str
    present: bool
    counts: bool
    formulas: _containers.RepeatedCompositeFieldContainer[ExplainedFormula]
    tiers: _containers.RepeatedCompositeFieldContainer[ExplainedTier]
    shares: _containers.RepeatedScalarFieldContainer[str]
    rates: _containers.RepeatedScalarFieldContainer[str]
    basis: str
    members: _containers.RepeatedCompositeFieldContainer[ExplainedMember]
    sub_lines: _containers.RepeatedScalarFieldContainer[str]
    roundings: _containers.RepeatedCompositeFieldContainer[ExplainedRounding]
    exact: str
    amount: str
    shown: str
    posted: int
    digits: int
    unit: str
    def __init__(self, id: _Optional[str] = ..., label: _Optional[_Mapping[str, str]] = ..., form: _Optional[str] = ..., present: _Optional[bool] = ..., counts: _Optional[bool] = ..., formulas: _Optional[_Iterable[_Union[ExplainedFormula, _Mapping]]] = ..., tiers: _Optional[_Iterable[_Union[ExplainedTier, _Mapping]]] = ..., shares: _Optional[_Iterable[str]] = ..., rates: _Optional[_Iterable[str]] = ..., basis: _Optional[str] = ..., members: _Optional[_Iterable[_Union[ExplainedMember, _Mapping]]] = ..., sub_lines: _Optional[_Iterable[str]] = ..., roundings: _Optional[_Iterable[_Union[ExplainedRounding, _Mapping]]] = ..., exact: _Optional[str] = ..., amount: _Optional[str] = ..., shown: _Optional[str] = ..., posted: _Optional[int] = ..., digits: _Optional[int] = ..., unit: _Optional[str] = ...) -> None: ...

class ExplainedTotal(_message.Message):
    __slots__ = ("basis", "members", "formula", "at_least", "at_most", "exact", "carried_in", "carried_out", "roundings", "rounding_line", "total", "posted")
    BASIS_FIELD_NUMBER: _ClassVar[int]
    MEMBERS_FIELD_NUMBER: _ClassVar[int]
    FORMULA_FIELD_NUMBER: _ClassVar[int]
    AT_LEAST_FIELD_NUMBER: _ClassVar[int]
    AT_MOST_FIELD_NUMBER: _ClassVar[int]
    EXACT_FIELD_NUMBER: _ClassVar[int]
    CARRIED_IN_FIELD_NUMBER: _ClassVar[int]
    CARRIED_OUT_FIELD_NUMBER: _ClassVar[int]
    ROUNDINGS_FIELD_NUMBER: _ClassVar[int]
    ROUNDING_LINE_FIELD_NUMBER: _ClassVar[int]
    TOTAL_FIELD_NUMBER: _ClassVar[int]
    POSTED_FIELD_NUMBER: _ClassVar[int]
    basis: str
    members: _containers.RepeatedCompositeFieldContainer[ExplainedMember]
    formula: _containers.RepeatedCompositeFieldContainer[ExplainedFormula]
    at_least: _containers.RepeatedCompositeFieldContainer[ExplainedFormula]
    at_most: _containers.RepeatedCompositeFieldContainer[ExplainedFormula]
    exact: str
    carried_in: int
    carried_out: int
    roundings: _containers.RepeatedCompositeFieldContainer[ExplainedRounding]
    rounding_line: int
    total: str
    posted: int
    def __init__(self, basis: _Optional[str] = ..., members: _Optional[_Iterable[_Union[ExplainedMember, _Mapping]]] = ..., formula: _Optional[_Iterable[_Union[ExplainedFormula, _Mapping]]] = ..., at_least: _Optional[_Iterable[_Union[ExplainedFormula, _Mapping]]] = ..., at_most: _Optional[_Iterable[_Union[ExplainedFormula, _Mapping]]] = ..., exact: _Optional[str] = ..., carried_in: _Optional[int] = ..., carried_out: _Optional[int] = ..., roundings: _Optional[_Iterable[_Union[ExplainedRounding, _Mapping]]] = ..., rounding_line: _Optional[int] = ..., total: _Optional[str] = ..., posted: _Optional[int] = ...) -> None: ...
