from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class ReportSection(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    REPORT_SECTION_UNSPECIFIED: _ClassVar[ReportSection]
    REPORT_SECTION_COLLECTION: _ClassVar[ReportSection]
    REPORT_SECTION_AGEING: _ClassVar[ReportSection]
    REPORT_SECTION_RECEIPTS: _ClassVar[ReportSection]
    REPORT_SECTION_WARNINGS: _ClassVar[ReportSection]

class ReportDimension(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    REPORT_DIMENSION_UNSPECIFIED: _ClassVar[ReportDimension]
    REPORT_DIMENSION_AREA: _ClassVar[ReportDimension]
    REPORT_DIMENSION_CLASS: _ClassVar[ReportDimension]
    REPORT_DIMENSION_CHANNEL: _ClassVar[ReportDimension]
    REPORT_DIMENSION_TERMINAL: _ClassVar[ReportDimension]
    REPORT_DIMENSION_DAY: _ClassVar[ReportDimension]
    REPORT_DIMENSION_MONTH: _ClassVar[ReportDimension]
REPORT_SECTION_UNSPECIFIED: ReportSection
REPORT_SECTION_COLLECTION: ReportSection
REPORT_SECTION_AGEING: ReportSection
REPORT_SECTION_RECEIPTS: ReportSection
REPORT_SECTION_WARNINGS: ReportSection
REPORT_DIMENSION_UNSPECIFIED: ReportDimension
REPORT_DIMENSION_AREA: ReportDimension
REPORT_DIMENSION_CLASS: ReportDimension
REPORT_DIMENSION_CHANNEL: ReportDimension
REPORT_DIMENSION_TERMINAL: ReportDimension
REPORT_DIMENSION_DAY: ReportDimension
REPORT_DIMENSION_MONTH: ReportDimension

class GetReportRequest(_message.Message):
    __slots__ = ("sections", "day", "known_at", "from_month", "until_month", "from_day", "by", "area_length", "class_attribute", "ages")
    SECTIONS_FIELD_NUMBER: _ClassVar[int]
    DAY_FIELD_NUMBER: _ClassVar[int]
    KNOWN_AT_FIELD_NUMBER: _ClassVar[int]
    FROM_MONTH_FIELD_NUMBER: _ClassVar[int]
    UNTIL_MONTH_FIELD_NUMBER: _ClassVar[int]
    FROM_DAY_FIELD_NUMBER: _ClassVar[int]
    BY_FIELD_NUMBER: _ClassVar[int]
    AREA_LENGTH_FIELD_NUMBER: _ClassVar[int]
    CLASS_ATTRIBUTE_FIELD_NUMBER: _ClassVar[int]
    AGES_FIELD_NUMBER: _ClassVar[int]
    sections: _containers.RepeatedScalarFieldContainer[ReportSection]
    day: str
    known_at: int
    from_month: str
    until_month: str
    from_day: str
    by: _containers.RepeatedScalarFieldContainer[ReportDimension]
    area_length: int
    class_attribute: str
    ages: _containers.RepeatedScalarFieldContainer[int]
    def __init__(self, sections: _Optional[_Iterable[_Union[ReportSection, str]]] = ..., day: _Optional[str] = ..., known_at: _Optional[int] = ..., from_month: _Optional[str] = ..., until_month: _Optional[str] = ..., from_day: _Optional[str] = ..., by: _Optional[_Iterable[_Union[ReportDimension, str]]] = ..., area_length: _Optional[int] = ..., class_attribute: _Optional[str] = ..., ages: _Optional[_Iterable[int]] = ...) -> None: ...

class GetReportResponse(_message.Message):
    __slots__ = ("day", "known_at", "currency", "digits", "collection", "collection_by_channel", "ageing", "receipts", "warnings")
    DAY_FIELD_NUMBER: _ClassVar[int]
    KNOWN_AT_FIELD_NUMBER: _ClassVar[int]
    CURRENCY_FIELD_NUMBER: _ClassVar[int]
    DIGITS_FIELD_NUMBER: _ClassVar[int]
    COLLECTION_FIELD_NUMBER: _ClassVar[int]
    COLLECTION_BY_CHANNEL_FIELD_NUMBER: _ClassVar[int]
    AGEING_FIELD_NUMBER: _ClassVar[int]
    RECEIPTS_FIELD_NUMBER: _ClassVar[int]
    WARNINGS_FIELD_NUMBER: _ClassVar[int]
    day: str
    known_at: int
    currency: str
    digits: int
    collection: _containers.RepeatedCompositeFieldContainer[CollectionFigure]
    collection_by_channel: _containers.RepeatedCompositeFieldContainer[ChannelFigure]
    ageing: _containers.RepeatedCompositeFieldContainer[AgeingFigure]
    receipts: _containers.RepeatedCompositeFieldContainer[ReceiptFigure]
    warnings: _containers.RepeatedCompositeFieldContainer[WarningFigure]
    def __init__(self, day: _Optional[str] = ..., known_at: _Optional[int] = ..., currency: _Optional[str] = ..., digits: _Optional[int] = ..., collection: _Optional[_Iterable[_Union[CollectionFigure, _Mapping]]] = ..., collection_by_channel: _Optional[_Iterable[_Union[ChannelFigure, _Mapping]]] = ..., ageing: _Optional[_Iterable[_Union[AgeingFigure, _Mapping]]] = ..., receipts: _Optional[_Iterable[_Union[ReceiptFigure, _Mapping]]] = ..., warnings: _Optional[_Iterable[_Union[WarningFigure, _Mapping]]] = ...) -> None: ...

class CollectionFigure(_message.Message):
    __slots__ = ("month", "area", "account_class", "bills", "settled", "billed", "received", "transferred", "written_off", "credited", "open", "rate")
    MONTH_FIELD_NUMBER: _ClassVar[int]
    AREA_FIELD_NUMBER: _ClassVar[int]
    ACCOUNT_CLASS_FIELD_NUMBER: _ClassVar[int]
    BILLS_FIELD_NUMBER: _ClassVar[int]
    SETTLED_FIELD_NUMBER: _ClassVar[int]
    BILLED_FIELD_NUMBER: _ClassVar[int]
    RECEIVED_FIELD_NUMBER: _ClassVar[int]
    TRANSFERRED_FIELD_NUMBER: _ClassVar[int]
    WRITTEN_OFF_FIELD_NUMBER: _ClassVar[int]
    CREDITED_FIELD_NUMBER: _ClassVar[int]
    OPEN_FIELD_NUMBER: _ClassVar[int]
    RATE_FIELD_NUMBER: _ClassVar[int]
    month: str
    area: str
    account_class: str
    bills: int
    settled: int
    billed: int
    received: int
    transferred: int
    written_off: int
    credited: int
    open: int
    rate: int
    def __init__(self, month: _Optional[str] = ..., area: _Optional[str] = ..., account_class: _Optional[str] = ..., bills: _Optional[int] = ..., settled: _Optional[int] = ..., billed: _Optional[int] = ..., received: _Optional[int] = ..., transferred: _Optional[int] = ..., written_off: _Optional[int] = ..., credited: _Optional[int] = ..., open: _Optional[int] = ..., rate: _Optional[int] = ...) -> None: ...

class ChannelFigure(_message.Message):
    __slots__ = ("month", "area", "account_class", "channel", "received", "rate")
    MONTH_FIELD_NUMBER: _ClassVar[int]
    AREA_FIELD_NUMBER: _ClassVar[int]
    ACCOUNT_CLASS_FIELD_NUMBER: _ClassVar[int]
    CHANNEL_FIELD_NUMBER: _ClassVar[int]
    RECEIVED_FIELD_NUMBER: _ClassVar[int]
    RATE_FIELD_NUMBER: _ClassVar[int]
    month: str
    area: str
    account_class: str
    channel: str
    received: int
    rate: int
    def __init__(self, month: _Optional[str] = ..., area: _Optional[str] = ..., account_class: _Optional[str] = ..., channel: _Optional[str] = ..., received: _Optional[int] = ..., rate: _Optional[int] = ...) -> None: ...

class AgeingFigure(_message.Message):
    __slots__ = ("from_days", "until_days", "area", "account_class", "accounts", "items", "amount", "late_fees")
    FROM_DAYS_FIELD_NUMBER: _ClassVar[int]
    UNTIL_DAYS_FIELD_NUMBER: _ClassVar[int]
    AREA_FIELD_NUMBER: _ClassVar[int]
    ACCOUNT_CLASS_FIELD_NUMBER: _ClassVar[int]
    ACCOUNTS_FIELD_NUMBER: _ClassVar[int]
    ITEMS_FIELD_NUMBER: _ClassVar[int]
    AMOUNT_FIELD_NUMBER: _ClassVar[int]
    LATE_FEES_FIELD_NUMBER: _ClassVar[int]
    from_days: int
    until_days: int
    area: str
    account_class: str
    accounts: int
    items: int
    amount: int
    late_fees: int
    def __init__(self, from_days: _Optional[int] = ..., until_days: _Optional[int] = ..., area: _Optional[str] = ..., account_class: _Optional[str] = ..., accounts: _Optional[int] = ..., items: _Optional[int] = ..., amount: _Optional[int] = ..., late_fees: _Optional[int] = ...) -> None: ...

class ReceiptFigure(_message.Message):
    __slots__ = ("area", "account_class", "channel", "channel_kind", "channel_name", "terminal_no", "day", "month", "payments", "amount", "fees", "reversals", "reversed_amount", "net", "share_of_payments", "share_of_amount")
    AREA_FIELD_NUMBER: _ClassVar[int]
    ACCOUNT_CLASS_FIELD_NUMBER: _ClassVar[int]
    CHANNEL_FIELD_NUMBER: _ClassVar[int]
    CHANNEL_KIND_FIELD_NUMBER: _ClassVar[int]
    CHANNEL_NAME_FIELD_NUMBER: _ClassVar[int]
    TERMINAL_NO_FIELD_NUMBER: _ClassVar[int]
    DAY_FIELD_NUMBER: _ClassVar[int]
    MONTH_FIELD_NUMBER: _ClassVar[int]
    PAYMENTS_FIELD_NUMBER: _ClassVar[int]
    AMOUNT_FIELD_NUMBER: _ClassVar[int]
    FEES_FIELD_NUMBER: _ClassVar[int]
    REVERSALS_FIELD_NUMBER: _ClassVar[int]
    REVERSED_AMOUNT_FIELD_NUMBER: _ClassVar[int]
    NET_FIELD_NUMBER: _ClassVar[int]
    SHARE_OF_PAYMENTS_FIELD_NUMBER: _ClassVar[int]
    SHARE_OF_AMOUNT_FIELD_NUMBER: _ClassVar[int]
    area: str
    account_class: str
    channel: str
    channel_kind: str
    channel_name: str
    terminal_no: int
    day: str
    month: str
    payments: int
    amount: int
    fees: int
    reversals: int
    reversed_amount: int
    net: int
    share_of_payments: int
    share_of_amount: int
    def __init__(self, area: _Optional[str] = ..., account_class: _Optional[str] = ..., channel: _Optional[str] = ..., channel_kind: _Optional[str] = ..., channel_name: _Optional[str] = ..., terminal_no: _Optional[int] = ..., day: _Optional[str] = ..., month: _Optional[str] = ..., payments: _Optional[int] = ..., amount: _Optional[int] = ..., fees: _Optional[int] = ..., reversals: _Optional[int] = ..., reversed_amount: _Optional[int] = ..., net: _Optional[int] = ..., share_of_payments: _Optional[int] = ..., share_of_amount: _Optional[int] = ...) -> None: ...

class WarningFigure(_message.Message):
    __slots__ = ("band", "area", "account_class", "accounts", "arrears")
    BAND_FIELD_NUMBER: _ClassVar[int]
    AREA_FIELD_NUMBER: _ClassVar[int]
    ACCOUNT_CLASS_FIELD_NUMBER: _ClassVar[int]
    ACCOUNTS_FIELD_NUMBER: _ClassVar[int]
    ARREARS_FIELD_NUMBER: _ClassVar[int]
    band: str
    area: str
    account_class: str
    accounts: int
    arrears: int
    def __init__(self, band: _Optional[str] = ..., area: _Optional[str] = ..., account_class: _Optional[str] = ..., accounts: _Optional[int] = ..., arrears: _Optional[int] = ...) -> None: ...

class ListWarningsRequest(_message.Message):
    __slots__ = ("day", "known_at", "least", "page_size", "page_token")
    DAY_FIELD_NUMBER: _ClassVar[int]
    KNOWN_AT_FIELD_NUMBER: _ClassVar[int]
    LEAST_FIELD_NUMBER: _ClassVar[int]
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    day: str
    known_at: int
    least: int
    page_size: int
    page_token: str
    def __init__(self, day: _Optional[str] = ..., known_at: _Optional[int] = ..., least: _Optional[int] = ..., page_size: _Optional[int] = ..., page_token: _Optional[str] = ...) -> None: ...

class ListWarningsResponse(_message.Message):
    __slots__ = ("warnings", "currency", "digits", "day", "known_at", "next_page_token")
    WARNINGS_FIELD_NUMBER: _ClassVar[int]
    CURRENCY_FIELD_NUMBER: _ClassVar[int]
    DIGITS_FIELD_NUMBER: _ClassVar[int]
    DAY_FIELD_NUMBER: _ClassVar[int]
    KNOWN_AT_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    warnings: _containers.RepeatedCompositeFieldContainer[Warning]
    currency: str
    digits: int
    day: str
    known_at: int
    next_page_token: str
    def __init__(self, warnings: _Optional[_Iterable[_Union[Warning, _Mapping]]] = ..., currency: _Optional[str] = ..., digits: _Optional[int] = ..., day: _Optional[str] = ..., known_at: _Optional[int] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class Warning(_message.Message):
    __slots__ = ("account_id", "number", "score", "band", "arrears", "reasons")
    ACCOUNT_ID_FIELD_NUMBER: _ClassVar[int]
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    SCORE_FIELD_NUMBER: _ClassVar[int]
    BAND_FIELD_NUMBER: _ClassVar[int]
    ARREARS_FIELD_NUMBER: _ClassVar[int]
    REASONS_FIELD_NUMBER: _ClassVar[int]
    account_id: int
    number: str
    score: int
    band: str
    arrears: int
    reasons: _containers.RepeatedCompositeFieldContainer[WarningReason]
    def __init__(self, account_id: _Optional[int] = ..., number: _Optional[str] = ..., score: _Optional[int] = ..., band: _Optional[str] = ..., arrears: _Optional[int] = ..., reasons: _Optional[_Iterable[_Union[WarningReason, _Mapping]]] = ...) -> None: ...

class WarningReason(_message.Message):
    __slots__ = ("feature", "value", "at_least", "points")
    FEATURE_FIELD_NUMBER: _ClassVar[int]
    VALUE_FIELD_NUMBER: _ClassVar[int]
    AT_LEAST_FIELD_NUMBER: _ClassVar[int]
    POINTS_FIELD_NUMBER: _ClassVar[int]
    feature: str
    value: int
    at_least: int
    points: int
    def __init__(self, feature: _Optional[str] = ..., value: _Optional[int] = ..., at_least: _Optional[int] = ..., points: _Optional[int] = ...) -> None: ...

class GetWarningRequest(_message.Message):
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

class GetWarningResponse(_message.Message):
    __slots__ = ("warning", "currency", "digits")
    WARNING_FIELD_NUMBER: _ClassVar[int]
    CURRENCY_FIELD_NUMBER: _ClassVar[int]
    DIGITS_FIELD_NUMBER: _ClassVar[int]
    warning: Warning
    currency: str
    digits: int
    def __init__(self, warning: _Optional[_Union[Warning, _Mapping]] = ..., currency: _Optional[str] = ..., digits: _Optional[int] = ...) -> None: ...

class FixCutOffRequest(_message.Message):
    __slots__ = ("request_id", "month", "day", "area_length", "class_attribute")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    MONTH_FIELD_NUMBER: _ClassVar[int]
    DAY_FIELD_NUMBER: _ClassVar[int]
    AREA_LENGTH_FIELD_NUMBER: _ClassVar[int]
    CLASS_ATTRIBUTE_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    month: str
    day: str
    area_length: int
    class_attribute: str
    def __init__(self, request_id: _Optional[str] = ..., month: _Optional[str] = ..., day: _Optional[str] = ..., area_length: _Optional[int] = ..., class_attribute: _Optional[str] = ...) -> None: ...

class FixCutOffResponse(_message.Message):
    __slots__ = ("cut_off",)
    CUT_OFF_FIELD_NUMBER: _ClassVar[int]
    cut_off: CutOff
    def __init__(self, cut_off: _Optional[_Union[CutOff, _Mapping]] = ...) -> None: ...

class GetCutOffRequest(_message.Message):
    __slots__ = ("month", "day")
    MONTH_FIELD_NUMBER: _ClassVar[int]
    DAY_FIELD_NUMBER: _ClassVar[int]
    month: str
    day: str
    def __init__(self, month: _Optional[str] = ..., day: _Optional[str] = ...) -> None: ...

class GetCutOffResponse(_message.Message):
    __slots__ = ("cut_off",)
    CUT_OFF_FIELD_NUMBER: _ClassVar[int]
    cut_off: CutOff
    def __init__(self, cut_off: _Optional[_Union[CutOff, _Mapping]] = ...) -> None: ...

class ListCutOffsRequest(_message.Message):
    __slots__ = ("page_size", "page_token")
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    page_size: int
    page_token: str
    def __init__(self, page_size: _Optional[int] = ..., page_token: _Optional[str] = ...) -> None: ...

class ListCutOffsResponse(_message.Message):
    __slots__ = ("cut_offs", "next_page_token")
    CUT_OFFS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    cut_offs: _containers.RepeatedCompositeFieldContainer[CutOff]
    next_page_token: str
    def __init__(self, cut_offs: _Optional[_Iterable[_Union[CutOff, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class CutOff(_message.Message):
    __slots__ = ("month", "day", "known_at", "area_length", "class_attribute", "complete", "recorded_at", "currency", "digits", "figures")
    MONTH_FIELD_NUMBER: _ClassVar[int]
    DAY_FIELD_NUMBER: _ClassVar[int]
    KNOWN_AT_FIELD_NUMBER: _ClassVar[int]
    AREA_LENGTH_FIELD_NUMBER: _ClassVar[int]
    CLASS_ATTRIBUTE_FIELD_NUMBER: _ClassVar[int]
    COMPLETE_FIELD_NUMBER: _ClassVar[int]
    RECORDED_AT_FIELD_NUMBER: _ClassVar[int]
    CURRENCY_FIELD_NUMBER: _ClassVar[int]
    DIGITS_FIELD_NUMBER: _ClassVar[int]
    FIGURES_FIELD_NUMBER: _ClassVar[int]
    month: str
    day: str
    known_at: int
    area_length: int
    class_attribute: str
    complete: bool
    recorded_at: int
    currency: str
    digits: int
    figures: _containers.RepeatedCompositeFieldContainer[CollectionFigure]
    def __init__(self, month: _Optional[str] = ..., day: _Optional[str] = ..., known_at: _Optional[int] = ..., area_length: _Optional[int] = ..., class_attribute: _Optional[str] = ..., complete: _Optional[bool] = ..., recorded_at: _Optional[int] = ..., currency: _Optional[str] = ..., digits: _Optional[int] = ..., figures: _Optional[_Iterable[_Union[CollectionFigure, _Mapping]]] = ...) -> None: ...
