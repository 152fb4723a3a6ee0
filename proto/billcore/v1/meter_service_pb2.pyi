from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class ReadingSource(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    READING_SOURCE_UNSPECIFIED: _ClassVar[ReadingSource]
    READING_SOURCE_OFFICER: _ClassVar[ReadingSource]
    READING_SOURCE_CUSTOMER: _ClassVar[ReadingSource]
    READING_SOURCE_FILE: _ClassVar[ReadingSource]
    READING_SOURCE_DEVICE: _ClassVar[ReadingSource]
    READING_SOURCE_ESTIMATE: _ClassVar[ReadingSource]

class ReadingStatus(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    READING_STATUS_UNSPECIFIED: _ClassVar[ReadingStatus]
    READING_STATUS_ACCEPTED: _ClassVar[ReadingStatus]
    READING_STATUS_ESTIMATED: _ClassVar[ReadingStatus]
    READING_STATUS_HELD: _ClassVar[ReadingStatus]
    READING_STATUS_REJECTED: _ClassVar[ReadingStatus]

class ReadingFinding(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    READING_FINDING_UNSPECIFIED: _ClassVar[ReadingFinding]
    READING_FINDING_BACKWARDS: _ClassVar[ReadingFinding]
    READING_FINDING_ROLLOVER: _ClassVar[ReadingFinding]
    READING_FINDING_DUPLICATE: _ClassVar[ReadingFinding]
    READING_FINDING_CONFLICT: _ClassVar[ReadingFinding]
    READING_FINDING_IMPLAUSIBLE_HIGH: _ClassVar[ReadingFinding]
    READING_FINDING_IMPLAUSIBLE_LOW: _ClassVar[ReadingFinding]
    READING_FINDING_IMPLAUSIBLE_ZERO: _ClassVar[ReadingFinding]
    READING_FINDING_OUT_OF_WINDOW: _ClassVar[ReadingFinding]
    READING_FINDING_NOT_OPTED_IN: _ClassVar[ReadingFinding]
    READING_FINDING_FUTURE: _ClassVar[ReadingFinding]
    READING_FINDING_UNKNOWN_METER: _ClassVar[ReadingFinding]
    READING_FINDING_NOT_INSTALLED: _ClassVar[ReadingFinding]
    READING_FINDING_TOO_MANY_DIGITS: _ClassVar[ReadingFinding]
    READING_FINDING_BEFORE_BILLED: _ClassVar[ReadingFinding]
    READING_FINDING_CORRECTION: _ClassVar[ReadingFinding]

class EstimationMethod(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    ESTIMATION_METHOD_UNSPECIFIED: _ClassVar[EstimationMethod]
    ESTIMATION_METHOD_RECENT: _ClassVar[EstimationMethod]
    ESTIMATION_METHOD_LAST_YEAR: _ClassVar[EstimationMethod]
    ESTIMATION_METHOD_NORM: _ClassVar[EstimationMethod]
    ESTIMATION_METHOD_ZERO: _ClassVar[EstimationMethod]

class UsageFlag(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    USAGE_FLAG_UNSPECIFIED: _ClassVar[UsageFlag]
    USAGE_FLAG_NEGATIVE: _ClassVar[UsageFlag]
    USAGE_FLAG_ROLLED_OVER: _ClassVar[UsageFlag]
    USAGE_FLAG_EXCHANGED: _ClassVar[UsageFlag]
    USAGE_FLAG_MULTIPLIER_CHANGED: _ClassVar[UsageFlag]
    USAGE_FLAG_OPENING_ESTIMATED: _ClassVar[UsageFlag]
    USAGE_FLAG_CLOSING_ESTIMATED: _ClassVar[UsageFlag]
    USAGE_FLAG_OPENING_MISSING: _ClassVar[UsageFlag]
    USAGE_FLAG_CLOSING_MISSING: _ClassVar[UsageFlag]
    USAGE_FLAG_SHARED: _ClassVar[UsageFlag]
    USAGE_FLAG_INCOMPLETE: _ClassVar[UsageFlag]
    USAGE_FLAG_OVERFLOW: _ClassVar[UsageFlag]
READING_SOURCE_UNSPECIFIED: ReadingSource
READING_SOURCE_OFFICER: ReadingSource
READING_SOURCE_CUSTOMER: ReadingSource
READING_SOURCE_FILE: ReadingSource
READING_SOURCE_DEVICE: ReadingSource
READING_SOURCE_ESTIMATE: ReadingSource
READING_STATUS_UNSPECIFIED: ReadingStatus
READING_STATUS_ACCEPTED: ReadingStatus
READING_STATUS_ESTIMATED: ReadingStatus
READING_STATUS_HELD: ReadingStatus
READING_STATUS_REJECTED: ReadingStatus
READING_FINDING_UNSPECIFIED: ReadingFinding
READING_FINDING_BACKWARDS: ReadingFinding
READING_FINDING_ROLLOVER: ReadingFinding
READING_FINDING_DUPLICATE: ReadingFinding
READING_FINDING_CONFLICT: ReadingFinding
READING_FINDING_IMPLAUSIBLE_HIGH: ReadingFinding
READING_FINDING_IMPLAUSIBLE_LOW: ReadingFinding
READING_FINDING_IMPLAUSIBLE_ZERO: ReadingFinding
READING_FINDING_OUT_OF_WINDOW: ReadingFinding
READING_FINDING_NOT_OPTED_IN: ReadingFinding
READING_FINDING_FUTURE: ReadingFinding
READING_FINDING_UNKNOWN_METER: ReadingFinding
READING_FINDING_NOT_INSTALLED: ReadingFinding
READING_FINDING_TOO_MANY_DIGITS: ReadingFinding
READING_FINDING_BEFORE_BILLED: ReadingFinding
READING_FINDING_CORRECTION: ReadingFinding
ESTIMATION_METHOD_UNSPECIFIED: EstimationMethod
ESTIMATION_METHOD_RECENT: EstimationMethod
ESTIMATION_METHOD_LAST_YEAR: EstimationMethod
ESTIMATION_METHOD_NORM: EstimationMethod
ESTIMATION_METHOD_ZERO: EstimationMethod
USAGE_FLAG_UNSPECIFIED: UsageFlag
USAGE_FLAG_NEGATIVE: UsageFlag
USAGE_FLAG_ROLLED_OVER: UsageFlag
USAGE_FLAG_EXCHANGED: UsageFlag
USAGE_FLAG_MULTIPLIER_CHANGED: UsageFlag
USAGE_FLAG_OPENING_ESTIMATED: UsageFlag
USAGE_FLAG_CLOSING_ESTIMATED: UsageFlag
USAGE_FLAG_OPENING_MISSING: UsageFlag
USAGE_FLAG_CLOSING_MISSING: UsageFlag
USAGE_FLAG_SHARED: UsageFlag
USAGE_FLAG_INCOMPLETE: UsageFlag
USAGE_FLAG_OVERFLOW: UsageFlag

class Register(_message.Message):
    __slots__ = ("register_no", "quantity", "unit", "digits", "decimals")
    REGISTER_NO_FIELD_NUMBER: _ClassVar[int]
    QUANTITY_FIELD_NUMBER: _ClassVar[int]
    UNIT_FIELD_NUMBER: _ClassVar[int]
    DIGITS_FIELD_NUMBER: _ClassVar[int]
    DECIMALS_FIELD_NUMBER: _ClassVar[int]
    register_no: int
    quantity: str
    unit: str
    digits: int
    decimals: int
    def __init__(self, register_no: _Optional[int] = ..., quantity: _Optional[str] = ..., unit: _Optional[str] = ..., digits: _Optional[int] = ..., decimals: _Optional[int] = ...) -> None: ...

class Dial(_message.Message):
    __slots__ = ("register_no", "value")
    REGISTER_NO_FIELD_NUMBER: _ClassVar[int]
    VALUE_FIELD_NUMBER: _ClassVar[int]
    register_no: int
    value: str
    def __init__(self, register_no: _Optional[int] = ..., value: _Optional[str] = ...) -> None: ...

class Installation(_message.Message):
    __slots__ = ("account_id", "agreement_no", "register_no", "from_day", "until_day", "multiplier", "share_before", "share", "share_of")
    ACCOUNT_ID_FIELD_NUMBER: _ClassVar[int]
    AGREEMENT_NO_FIELD_NUMBER: _ClassVar[int]
    REGISTER_NO_FIELD_NUMBER: _ClassVar[int]
    FROM_DAY_FIELD_NUMBER: _ClassVar[int]
    UNTIL_DAY_FIELD_NUMBER: _ClassVar[int]
    MULTIPLIER_FIELD_NUMBER: _ClassVar[int]
    SHARE_BEFORE_FIELD_NUMBER: _ClassVar[int]
    SHARE_FIELD_NUMBER: _ClassVar[int]
    SHARE_OF_FIELD_NUMBER: _ClassVar[int]
    account_id: int
    agreement_no: int
    register_no: int
    from_day: str
    until_day: str
    multiplier: str
    share_before: int
    share: int
    share_of: int
    def __init__(self, account_id: _Optional[int] = ..., agreement_no: _Optional[int] = ..., register_no: _Optional[int] = ..., from_day: _Optional[str] = ..., until_day: _Optional[str] = ..., multiplier: _Optional[str] = ..., share_before: _Optional[int] = ..., share: _Optional[int] = ..., share_of: _Optional[int] = ...) -> None: ...

class CreateMeterRequest(_message.Message):
    __slots__ = ("request_id", "serial", "model", "registers")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    SERIAL_FIELD_NUMBER: _ClassVar[int]
    MODEL_FIELD_NUMBER: _ClassVar[int]
    REGISTERS_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    serial: str
    model: str
    registers: _containers.RepeatedCompositeFieldContainer[Register]
    def __init__(self, request_id: _Optional[str] = ..., serial: _Optional[str] = ..., model: _Optional[str] = ..., registers: _Optional[_Iterable[_Union[Register, _Mapping]]] = ...) -> None: ...

class CreateMeterResponse(_message.Message):
    __slots__ = ("meter_id",)
    METER_ID_FIELD_NUMBER: _ClassVar[int]
    meter_id: int
    def __init__(self, meter_id: _Optional[int] = ...) -> None: ...

class GetMeterRequest(_message.Message):
    __slots__ = ("meter_id",)
    METER_ID_FIELD_NUMBER: _ClassVar[int]
    meter_id: int
    def __init__(self, meter_id: _Optional[int] = ...) -> None: ...

class GetMeterResponse(_message.Message):
    __slots__ = ("meter_id", "serial", "model", "revision", "registers", "installations")
    METER_ID_FIELD_NUMBER: _ClassVar[int]
    SERIAL_FIELD_NUMBER: _ClassVar[int]
    MODEL_FIELD_NUMBER: _ClassVar[int]
    REVISION_FIELD_NUMBER: _ClassVar[int]
    REGISTERS_FIELD_NUMBER: _ClassVar[int]
    INSTALLATIONS_FIELD_NUMBER: _ClassVar[int]
    meter_id: int
    serial: str
    model: str
    revision: int
    registers: _containers.RepeatedCompositeFieldContainer[Register]
    installations: _containers.RepeatedCompositeFieldContainer[Installation]
    def __init__(self, meter_id: _Optional[int] = ..., serial: _Optional[str] = ..., model: _Optional[str] = ..., revision: _Optional[int] = ..., registers: _Optional[_Iterable[_Union[Register, _Mapping]]] = ..., installations: _Optional[_Iterable[_Union[Installation, _Mapping]]] = ...) -> None: ...

class InstallMeterRequest(_message.Message):
    __slots__ = ("request_id", "meter_id", "account_id", "agreement_no", "day", "opening", "multiplier", "share_before", "share", "share_of", "accept_reason")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    METER_ID_FIELD_NUMBER: _ClassVar[int]
    ACCOUNT_ID_FIELD_NUMBER: _ClassVar[int]
    AGREEMENT_NO_FIELD_NUMBER: _ClassVar[int]
    DAY_FIELD_NUMBER: _ClassVar[int]
    OPENING_FIELD_NUMBER: _ClassVar[int]
    MULTIPLIER_FIELD_NUMBER: _ClassVar[int]
    SHARE_BEFORE_FIELD_NUMBER: _ClassVar[int]
    SHARE_FIELD_NUMBER: _ClassVar[int]
    SHARE_OF_FIELD_NUMBER: _ClassVar[int]
    ACCEPT_REASON_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    meter_id: int
    account_id: int
    agreement_no: int
    day: str
    opening: _containers.RepeatedCompositeFieldContainer[Dial]
    multiplier: str
    share_before: int
    share: int
    share_of: int
    accept_reason: str
    def __init__(self, request_id: _Optional[str] = ..., meter_id: _Optional[int] = ..., account_id: _Optional[int] = ..., agreement_no: _Optional[int] = ..., day: _Optional[str] = ..., opening: _Optional[_Iterable[_Union[Dial, _Mapping]]] = ..., multiplier: _Optional[str] = ..., share_before: _Optional[int] = ..., share: _Optional[int] = ..., share_of: _Optional[int] = ..., accept_reason: _Optional[str] = ...) -> None: ...

class InstallMeterResponse(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class RemoveMeterRequest(_message.Message):
    __slots__ = ("request_id", "meter_id", "day", "closing", "account_id", "accept_reason")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    METER_ID_FIELD_NUMBER: _ClassVar[int]
    DAY_FIELD_NUMBER: _ClassVar[int]
    CLOSING_FIELD_NUMBER: _ClassVar[int]
    ACCOUNT_ID_FIELD_NUMBER: _ClassVar[int]
    ACCEPT_REASON_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    meter_id: int
    day: str
    closing: _containers.RepeatedCompositeFieldContainer[Dial]
    account_id: int
    accept_reason: str
    def __init__(self, request_id: _Optional[str] = ..., meter_id: _Optional[int] = ..., day: _Optional[str] = ..., closing: _Optional[_Iterable[_Union[Dial, _Mapping]]] = ..., account_id: _Optional[int] = ..., accept_reason: _Optional[str] = ...) -> None: ...

class RemoveMeterResponse(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class ExchangeMeterRequest(_message.Message):
    __slots__ = ("request_id", "old_meter_id", "new_meter_id", "day", "closing", "opening", "multiplier", "accept_reason")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    OLD_METER_ID_FIELD_NUMBER: _ClassVar[int]
    NEW_METER_ID_FIELD_NUMBER: _ClassVar[int]
    DAY_FIELD_NUMBER: _ClassVar[int]
    CLOSING_FIELD_NUMBER: _ClassVar[int]
    OPENING_FIELD_NUMBER: _ClassVar[int]
    MULTIPLIER_FIELD_NUMBER: _ClassVar[int]
    ACCEPT_REASON_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    old_meter_id: int
    new_meter_id: int
    day: str
    closing: _containers.RepeatedCompositeFieldContainer[Dial]
    opening: _containers.RepeatedCompositeFieldContainer[Dial]
    multiplier: str
    accept_reason: str
    def __init__(self, request_id: _Optional[str] = ..., old_meter_id: _Optional[int] = ..., new_meter_id: _Optional[int] = ..., day: _Optional[str] = ..., closing: _Optional[_Iterable[_Union[Dial, _Mapping]]] = ..., opening: _Optional[_Iterable[_Union[Dial, _Mapping]]] = ..., multiplier: _Optional[str] = ..., accept_reason: _Optional[str] = ...) -> None: ...

class ExchangeMeterResponse(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class ChangeMultiplierRequest(_message.Message):
    __slots__ = ("request_id", "meter_id", "register_no", "day", "multiplier", "value", "accept_reason")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    METER_ID_FIELD_NUMBER: _ClassVar[int]
    REGISTER_NO_FIELD_NUMBER: _ClassVar[int]
    DAY_FIELD_NUMBER: _ClassVar[int]
    MULTIPLIER_FIELD_NUMBER: _ClassVar[int]
    VALUE_FIELD_NUMBER: _ClassVar[int]
    ACCEPT_REASON_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    meter_id: int
    register_no: int
    day: str
    multiplier: str
    value: str
    accept_reason: str
    def __init__(self, request_id: _Optional[str] = ..., meter_id: _Optional[int] = ..., register_no: _Optional[int] = ..., day: _Optional[str] = ..., multiplier: _Optional[str] = ..., value: _Optional[str] = ..., accept_reason: _Optional[str] = ...) -> None: ...

class ChangeMultiplierResponse(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class SubmitReadingsRequest(_message.Message):
    __slots__ = ("request_id", "readings")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    READINGS_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    readings: _containers.RepeatedCompositeFieldContainer[NewReading]
    def __init__(self, request_id: _Optional[str] = ..., readings: _Optional[_Iterable[_Union[NewReading, _Mapping]]] = ...) -> None: ...

class NewReading(_message.Message):
    __slots__ = ("account_id", "meter_id", "register_no", "day", "value", "source")
    ACCOUNT_ID_FIELD_NUMBER: _ClassVar[int]
    METER_ID_FIELD_NUMBER: _ClassVar[int]
    REGISTER_NO_FIELD_NUMBER: _ClassVar[int]
    DAY_FIELD_NUMBER: _ClassVar[int]
    VALUE_FIELD_NUMBER: _ClassVar[int]
    SOURCE_FIELD_NUMBER: _ClassVar[int]
    account_id: int
    meter_id: int
    register_no: int
    day: str
    value: str
    source: ReadingSource
    def __init__(self, account_id: _Optional[int] = ..., meter_id: _Optional[int] = ..., register_no: _Optional[int] = ..., day: _Optional[str] = ..., value: _Optional[str] = ..., source: _Optional[_Union[ReadingSource, str]] = ...) -> None: ...

class SubmitReadingsResponse(_message.Message):
    __slots__ = ("results",)
    RESULTS_FIELD_NUMBER: _ClassVar[int]
    results: _containers.RepeatedCompositeFieldContainer[ReadingResult]
    def __init__(self, results: _Optional[_Iterable[_Union[ReadingResult, _Mapping]]] = ...) -> None: ...

class ReadingResult(_message.Message):
    __slots__ = ("status", "findings", "version", "message")
    STATUS_FIELD_NUMBER: _ClassVar[int]
    FINDINGS_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    status: ReadingStatus
    findings: _containers.RepeatedScalarFieldContainer[ReadingFinding]
    version: int
    message: str
    def __init__(self, status: _Optional[_Union[ReadingStatus, str]] = ..., findings: _Optional[_Iterable[_Union[ReadingFinding, str]]] = ..., version: _Optional[int] = ..., message: _Optional[str] = ...) -> None: ...

class DecideReadingRequest(_message.Message):
    __slots__ = ("request_id", "account_id", "meter_id", "register_no", "day", "version", "accept", "reason")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    ACCOUNT_ID_FIELD_NUMBER: _ClassVar[int]
    METER_ID_FIELD_NUMBER: _ClassVar[int]
    REGISTER_NO_FIELD_NUMBER: _ClassVar[int]
    DAY_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    ACCEPT_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    account_id: int
    meter_id: int
    register_no: int
    day: str
    version: int
    accept: bool
    reason: str
    def __init__(self, request_id: _Optional[str] = ..., account_id: _Optional[int] = ..., meter_id: _Optional[int] = ..., register_no: _Optional[int] = ..., day: _Optional[str] = ..., version: _Optional[int] = ..., accept: _Optional[bool] = ..., reason: _Optional[str] = ...) -> None: ...

class DecideReadingResponse(_message.Message):
    __slots__ = ("status", "version")
    STATUS_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    status: ReadingStatus
    version: int
    def __init__(self, status: _Optional[_Union[ReadingStatus, str]] = ..., version: _Optional[int] = ...) -> None: ...

class CorrectReadingRequest(_message.Message):
    __slots__ = ("request_id", "reading", "reason")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    READING_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    reading: NewReading
    reason: str
    def __init__(self, request_id: _Optional[str] = ..., reading: _Optional[_Union[NewReading, _Mapping]] = ..., reason: _Optional[str] = ...) -> None: ...

class CorrectReadingResponse(_message.Message):
    __slots__ = ("result",)
    RESULT_FIELD_NUMBER: _ClassVar[int]
    result: ReadingResult
    def __init__(self, result: _Optional[_Union[ReadingResult, _Mapping]] = ...) -> None: ...

class EstimateReadingRequest(_message.Message):
    __slots__ = ("request_id", "account_id", "meter_id", "register_no", "day", "method", "norm", "norm_daily", "persons")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    ACCOUNT_ID_FIELD_NUMBER: _ClassVar[int]
    METER_ID_FIELD_NUMBER: _ClassVar[int]
    REGISTER_NO_FIELD_NUMBER: _ClassVar[int]
    DAY_FIELD_NUMBER: _ClassVar[int]
    METHOD_FIELD_NUMBER: _ClassVar[int]
    NORM_FIELD_NUMBER: _ClassVar[int]
    NORM_DAILY_FIELD_NUMBER: _ClassVar[int]
    PERSONS_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    account_id: int
    meter_id: int
    register_no: int
    day: str
    method: EstimationMethod
    norm: str
    norm_daily: bool
    persons: int
    def __init__(self, request_id: _Optional[str] = ..., account_id: _Optional[int] = ..., meter_id: _Optional[int] = ..., register_no: _Optional[int] = ..., day: _Optional[str] = ..., method: _Optional[_Union[EstimationMethod, str]] = ..., norm: _Optional[str] = ..., norm_daily: _Optional[bool] = ..., persons: _Optional[int] = ...) -> None: ...

class EstimateReadingResponse(_message.Message):
    __slots__ = ("result", "value", "method", "chain")
    RESULT_FIELD_NUMBER: _ClassVar[int]
    VALUE_FIELD_NUMBER: _ClassVar[int]
    METHOD_FIELD_NUMBER: _ClassVar[int]
    CHAIN_FIELD_NUMBER: _ClassVar[int]
    result: ReadingResult
    value: str
    method: EstimationMethod
    chain: int
    def __init__(self, result: _Optional[_Union[ReadingResult, _Mapping]] = ..., value: _Optional[str] = ..., method: _Optional[_Union[EstimationMethod, str]] = ..., chain: _Optional[int] = ...) -> None: ...

class ListReadingsRequest(_message.Message):
    __slots__ = ("account_id", "meter_id", "register_no", "first_day", "last_day", "page_size", "page_token")
    ACCOUNT_ID_FIELD_NUMBER: _ClassVar[int]
    METER_ID_FIELD_NUMBER: _ClassVar[int]
    REGISTER_NO_FIELD_NUMBER: _ClassVar[int]
    FIRST_DAY_FIELD_NUMBER: _ClassVar[int]
    LAST_DAY_FIELD_NUMBER: _ClassVar[int]
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    account_id: int
    meter_id: int
    register_no: int
    first_day: str
    last_day: str
    page_size: int
    page_token: str
    def __init__(self, account_id: _Optional[int] = ..., meter_id: _Optional[int] = ..., register_no: _Optional[int] = ..., first_day: _Optional[str] = ..., last_day: _Optional[str] = ..., page_size: _Optional[int] = ..., page_token: _Optional[str] = ...) -> None: ...

class ListReadingsResponse(_message.Message):
    __slots__ = ("readings", "next_page_token")
    READINGS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    readings: _containers.RepeatedCompositeFieldContainer[Reading]
    next_page_token: str
    def __init__(self, readings: _Optional[_Iterable[_Union[Reading, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class Reading(_message.Message):
    __slots__ = ("account_id", "agreement_no", "meter_id", "register_no", "place", "address", "day", "version", "value", "unit", "quantity", "source", "status", "findings", "counts", "usage", "days")
    ACCOUNT_ID_FIELD_NUMBER: _ClassVar[int]
    AGREEMENT_NO_FIELD_NUMBER: _ClassVar[int]
    METER_ID_FIELD_NUMBER: _ClassVar[int]
    REGISTER_NO_FIELD_NUMBER: _ClassVar[int]
    PLACE_FIELD_NUMBER: _ClassVar[int]
    ADDRESS_FIELD_NUMBER: _ClassVar[int]
    DAY_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    VALUE_FIELD_NUMBER: _ClassVar[int]
    UNIT_FIELD_NUMBER: _ClassVar[int]
    QUANTITY_FIELD_NUMBER: _ClassVar[int]
    SOURCE_FIELD_NUMBER: _ClassVar[int]
    STATUS_FIELD_NUMBER: _ClassVar[int]
    FINDINGS_FIELD_NUMBER: _ClassVar[int]
    COUNTS_FIELD_NUMBER: _ClassVar[int]
    USAGE_FIELD_NUMBER: _ClassVar[int]
    DAYS_FIELD_NUMBER: _ClassVar[int]
    account_id: int
    agreement_no: int
    meter_id: int
    register_no: int
    place: str
    address: str
    day: str
    version: int
    value: str
    unit: str
    quantity: str
    source: ReadingSource
    status: ReadingStatus
    findings: _containers.RepeatedScalarFieldContainer[ReadingFinding]
    counts: bool
    usage: str
    days: int
    def __init__(self, account_id: _Optional[int] = ..., agreement_no: _Optional[int] = ..., meter_id: _Optional[int] = ..., register_no: _Optional[int] = ..., place: _Optional[str] = ..., address: _Optional[str] = ..., day: _Optional[str] = ..., version: _Optional[int] = ..., value: _Optional[str] = ..., unit: _Optional[str] = ..., quantity: _Optional[str] = ..., source: _Optional[_Union[ReadingSource, str]] = ..., status: _Optional[_Union[ReadingStatus, str]] = ..., findings: _Optional[_Iterable[_Union[ReadingFinding, str]]] = ..., counts: _Optional[bool] = ..., usage: _Optional[str] = ..., days: _Optional[int] = ...) -> None: ...

class GetUsageRequest(_message.Message):
    __slots__ = ("account_id", "agreement_no", "previous_day", "this_day")
    ACCOUNT_ID_FIELD_NUMBER: _ClassVar[int]
    AGREEMENT_NO_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_DAY_FIELD_NUMBER: _ClassVar[int]
    THIS_DAY_FIELD_NUMBER: _ClassVar[int]
    account_id: int
    agreement_no: int
    previous_day: str
    this_day: str
    def __init__(self, account_id: _Optional[int] = ..., agreement_no: _Optional[int] = ..., previous_day: _Optional[str] = ..., this_day: _Optional[str] = ...) -> None: ...

class GetUsageResponse(_message.Message):
    __slots__ = ("usages",)
    USAGES_FIELD_NUMBER: _ClassVar[int]
    usages: _containers.RepeatedCompositeFieldContainer[Usage]
    def __init__(self, usages: _Optional[_Iterable[_Union[Usage, _Mapping]]] = ...) -> None: ...

class Usage(_message.Message):
    __slots__ = ("quantity", "usage", "flags")
    QUANTITY_FIELD_NUMBER: _ClassVar[int]
    USAGE_FIELD_NUMBER: _ClassVar[int]
    FLAGS_FIELD_NUMBER: _ClassVar[int]
    quantity: str
    usage: str
    flags: _containers.RepeatedScalarFieldContainer[UsageFlag]
    def __init__(self, quantity: _Optional[str] = ..., usage: _Optional[str] = ..., flags: _Optional[_Iterable[_Union[UsageFlag, str]]] = ...) -> None: ...
