from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class BreakKind(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    BREAK_KIND_UNSPECIFIED: _ClassVar[BreakKind]
    BREAK_KIND_MATCHED: _ClassVar[BreakKind]
    BREAK_KIND_IN_TRANSIT: _ClassVar[BreakKind]
    BREAK_KIND_LATE_ARRIVING: _ClassVar[BreakKind]
    BREAK_KIND_NOT_IN_REPORT: _ClassVar[BreakKind]
    BREAK_KIND_REPORTED_UNFUNDED: _ClassVar[BreakKind]
    BREAK_KIND_UNKNOWN_CREDIT: _ClassVar[BreakKind]
    BREAK_KIND_AMOUNT_DIFF: _ClassVar[BreakKind]
    BREAK_KIND_DUPLICATE_IN_REPORT: _ClassVar[BreakKind]
    BREAK_KIND_WRONG_ACCOUNT: _ClassVar[BreakKind]
    BREAK_KIND_FEE_DIFF: _ClassVar[BreakKind]
    BREAK_KIND_REVERSED_BY_CHANNEL: _ClassVar[BreakKind]
    BREAK_KIND_REPORT_MISSING: _ClassVar[BreakKind]

class BreakState(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    BREAK_STATE_UNSPECIFIED: _ClassVar[BreakState]
    BREAK_STATE_OPEN: _ClassVar[BreakState]
    BREAK_STATE_ACCEPTED: _ClassVar[BreakState]
    BREAK_STATE_RESOLVED: _ClassVar[BreakState]

class BreakDecision(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    BREAK_DECISION_UNSPECIFIED: _ClassVar[BreakDecision]
    BREAK_DECISION_ACCEPT: _ClassVar[BreakDecision]
    BREAK_DECISION_REOPEN: _ClassVar[BreakDecision]
    BREAK_DECISION_ADJUST: _ClassVar[BreakDecision]

class DayState(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    DAY_STATE_UNSPECIFIED: _ClassVar[DayState]
    DAY_STATE_OPEN: _ClassVar[DayState]
    DAY_STATE_CLOSED: _ClassVar[DayState]

class FileState(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    FILE_STATE_UNSPECIFIED: _ClassVar[FileState]
    FILE_STATE_LOADING: _ClassVar[FileState]
    FILE_STATE_COMPLETE: _ClassVar[FileState]
    FILE_STATE_REPLACED: _ClassVar[FileState]

class PaymentStage(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    PAYMENT_STAGE_UNSPECIFIED: _ClassVar[PaymentStage]
    PAYMENT_STAGE_ACCEPTED: _ClassVar[PaymentStage]
    PAYMENT_STAGE_REPORTED: _ClassVar[PaymentStage]
    PAYMENT_STAGE_SETTLED: _ClassVar[PaymentStage]
BREAK_KIND_UNSPECIFIED: BreakKind
BREAK_KIND_MATCHED: BreakKind
BREAK_KIND_IN_TRANSIT: BreakKind
BREAK_KIND_LATE_ARRIVING: BreakKind
BREAK_KIND_NOT_IN_REPORT: BreakKind
BREAK_KIND_REPORTED_UNFUNDED: BreakKind
BREAK_KIND_UNKNOWN_CREDIT: BreakKind
BREAK_KIND_AMOUNT_DIFF: BreakKind
BREAK_KIND_DUPLICATE_IN_REPORT: BreakKind
BREAK_KIND_WRONG_ACCOUNT: BreakKind
BREAK_KIND_FEE_DIFF: BreakKind
BREAK_KIND_REVERSED_BY_CHANNEL: BreakKind
BREAK_KIND_REPORT_MISSING: BreakKind
BREAK_STATE_UNSPECIFIED: BreakState
BREAK_STATE_OPEN: BreakState
BREAK_STATE_ACCEPTED: BreakState
BREAK_STATE_RESOLVED: BreakState
BREAK_DECISION_UNSPECIFIED: BreakDecision
BREAK_DECISION_ACCEPT: BreakDecision
BREAK_DECISION_REOPEN: BreakDecision
BREAK_DECISION_ADJUST: BreakDecision
DAY_STATE_UNSPECIFIED: DayState
DAY_STATE_OPEN: DayState
DAY_STATE_CLOSED: DayState
FILE_STATE_UNSPECIFIED: FileState
FILE_STATE_LOADING: FileState
FILE_STATE_COMPLETE: FileState
FILE_STATE_REPLACED: FileState
PAYMENT_STAGE_UNSPECIFIED: PaymentStage
PAYMENT_STAGE_ACCEPTED: PaymentStage
PAYMENT_STAGE_REPORTED: PaymentStage
PAYMENT_STAGE_SETTLED: PaymentStage

class FileHeader(_message.Message):
    __slots__ = ("name", "sequence_no", "replaces", "channel", "format", "day")
    NAME_FIELD_NUMBER: _ClassVar[int]
    SEQUENCE_NO_FIELD_NUMBER: _ClassVar[int]
    REPLACES_FIELD_NUMBER: _ClassVar[int]
    CHANNEL_FIELD_NUMBER: _ClassVar[int]
    FORMAT_FIELD_NUMBER: _ClassVar[int]
    DAY_FIELD_NUMBER: _ClassVar[int]
    name: str
    sequence_no: int
    replaces: bool
    channel: str
    format: str
    day: str
    def __init__(self, name: _Optional[str] = ..., sequence_no: _Optional[int] = ..., replaces: _Optional[bool] = ..., channel: _Optional[str] = ..., format: _Optional[str] = ..., day: _Optional[str] = ...) -> None: ...

class ImportChannelReportRequest(_message.Message):
    __slots__ = ("header", "part")
    HEADER_FIELD_NUMBER: _ClassVar[int]
    PART_FIELD_NUMBER: _ClassVar[int]
    header: FileHeader
    part: bytes
    def __init__(self, header: _Optional[_Union[FileHeader, _Mapping]] = ..., part: _Optional[bytes] = ...) -> None: ...

class ImportChannelReportResponse(_message.Message):
    __slots__ = ("file", "repeated")
    FILE_FIELD_NUMBER: _ClassVar[int]
    REPEATED_FIELD_NUMBER: _ClassVar[int]
    file: ChannelFile
    repeated: bool
    def __init__(self, file: _Optional[_Union[ChannelFile, _Mapping]] = ..., repeated: _Optional[bool] = ...) -> None: ...

class ImportStatementRequest(_message.Message):
    __slots__ = ("header", "part")
    HEADER_FIELD_NUMBER: _ClassVar[int]
    PART_FIELD_NUMBER: _ClassVar[int]
    header: FileHeader
    part: bytes
    def __init__(self, header: _Optional[_Union[FileHeader, _Mapping]] = ..., part: _Optional[bytes] = ...) -> None: ...

class ImportStatementResponse(_message.Message):
    __slots__ = ("file", "repeated")
    FILE_FIELD_NUMBER: _ClassVar[int]
    REPEATED_FIELD_NUMBER: _ClassVar[int]
    file: ChannelFile
    repeated: bool
    def __init__(self, file: _Optional[_Union[ChannelFile, _Mapping]] = ..., repeated: _Optional[bool] = ...) -> None: ...

class ChannelFile(_message.Message):
    __slots__ = ("file_no", "channel", "name", "sequence_no", "version", "digest", "format", "day", "lines", "amount", "state", "recorded_at")
    FILE_NO_FIELD_NUMBER: _ClassVar[int]
    CHANNEL_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    SEQUENCE_NO_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    DIGEST_FIELD_NUMBER: _ClassVar[int]
    FORMAT_FIELD_NUMBER: _ClassVar[int]
    DAY_FIELD_NUMBER: _ClassVar[int]
    LINES_FIELD_NUMBER: _ClassVar[int]
    AMOUNT_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    RECORDED_AT_FIELD_NUMBER: _ClassVar[int]
    file_no: int
    channel: str
    name: str
    sequence_no: int
    version: int
    digest: bytes
    format: str
    day: str
    lines: int
    amount: int
    state: FileState
    recorded_at: int
    def __init__(self, file_no: _Optional[int] = ..., channel: _Optional[str] = ..., name: _Optional[str] = ..., sequence_no: _Optional[int] = ..., version: _Optional[int] = ..., digest: _Optional[bytes] = ..., format: _Optional[str] = ..., day: _Optional[str] = ..., lines: _Optional[int] = ..., amount: _Optional[int] = ..., state: _Optional[_Union[FileState, str]] = ..., recorded_at: _Optional[int] = ...) -> None: ...

class ListFilesRequest(_message.Message):
    __slots__ = ("channel", "page_size", "page_token")
    CHANNEL_FIELD_NUMBER: _ClassVar[int]
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    channel: str
    page_size: int
    page_token: str
    def __init__(self, channel: _Optional[str] = ..., page_size: _Optional[int] = ..., page_token: _Optional[str] = ...) -> None: ...

class ListFilesResponse(_message.Message):
    __slots__ = ("files", "next_page_token")
    FILES_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    files: _containers.RepeatedCompositeFieldContainer[ChannelFile]
    next_page_token: str
    def __init__(self, files: _Optional[_Iterable[_Union[ChannelFile, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class ChannelTerms(_message.Message):
    __slots__ = ("channel", "terms", "revision")
    CHANNEL_FIELD_NUMBER: _ClassVar[int]
    TERMS_FIELD_NUMBER: _ClassVar[int]
    REVISION_FIELD_NUMBER: _ClassVar[int]
    channel: str
    terms: str
    revision: int
    def __init__(self, channel: _Optional[str] = ..., terms: _Optional[str] = ..., revision: _Optional[int] = ...) -> None: ...

class GetTermsRequest(_message.Message):
    __slots__ = ("channel",)
    CHANNEL_FIELD_NUMBER: _ClassVar[int]
    channel: str
    def __init__(self, channel: _Optional[str] = ...) -> None: ...

class GetTermsResponse(_message.Message):
    __slots__ = ("terms",)
    TERMS_FIELD_NUMBER: _ClassVar[int]
    terms: ChannelTerms
    def __init__(self, terms: _Optional[_Union[ChannelTerms, _Mapping]] = ...) -> None: ...

class SetTermsRequest(_message.Message):
    __slots__ = ("request_id", "terms", "reason")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    TERMS_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    terms: ChannelTerms
    reason: str
    def __init__(self, request_id: _Optional[str] = ..., terms: _Optional[_Union[ChannelTerms, _Mapping]] = ..., reason: _Optional[str] = ...) -> None: ...

class SetTermsResponse(_message.Message):
    __slots__ = ("terms",)
    TERMS_FIELD_NUMBER: _ClassVar[int]
    terms: ChannelTerms
    def __init__(self, terms: _Optional[_Union[ChannelTerms, _Mapping]] = ...) -> None: ...

class ReportFormat(_message.Message):
    __slots__ = ("format", "definition", "revision")
    FORMAT_FIELD_NUMBER: _ClassVar[int]
    DEFINITION_FIELD_NUMBER: _ClassVar[int]
    REVISION_FIELD_NUMBER: _ClassVar[int]
    format: str
    definition: str
    revision: int
    def __init__(self, format: _Optional[str] = ..., definition: _Optional[str] = ..., revision: _Optional[int] = ...) -> None: ...

class ListReportFormatsRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class ListReportFormatsResponse(_message.Message):
    __slots__ = ("formats",)
    FORMATS_FIELD_NUMBER: _ClassVar[int]
    formats: _containers.RepeatedCompositeFieldContainer[ReportFormat]
    def __init__(self, formats: _Optional[_Iterable[_Union[ReportFormat, _Mapping]]] = ...) -> None: ...

class SetReportFormatRequest(_message.Message):
    __slots__ = ("request_id", "format", "reason")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    FORMAT_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    format: ReportFormat
    reason: str
    def __init__(self, request_id: _Optional[str] = ..., format: _Optional[_Union[ReportFormat, _Mapping]] = ..., reason: _Optional[str] = ...) -> None: ...

class SetReportFormatResponse(_message.Message):
    __slots__ = ("format",)
    FORMAT_FIELD_NUMBER: _ClassVar[int]
    format: ReportFormat
    def __init__(self, format: _Optional[_Union[ReportFormat, _Mapping]] = ...) -> None: ...

class ReconciliationDay(_message.Message):
    __slots__ = ("channel", "day", "state", "stale", "match_no", "files", "ledger_count", "ledger_amount", "report_count", "report_amount", "matched_count", "matched_amount", "cancelled_count", "date_diff_count", "break_count", "break_amount", "matched_at", "closed_at", "rest")
    CHANNEL_FIELD_NUMBER: _ClassVar[int]
    DAY_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    STALE_FIELD_NUMBER: _ClassVar[int]
    MATCH_NO_FIELD_NUMBER: _ClassVar[int]
    FILES_FIELD_NUMBER: _ClassVar[int]
    LEDGER_COUNT_FIELD_NUMBER: _ClassVar[int]
    LEDGER_AMOUNT_FIELD_NUMBER: _ClassVar[int]
    REPORT_COUNT_FIELD_NUMBER: _ClassVar[int]
    REPORT_AMOUNT_FIELD_NUMBER: _ClassVar[int]
    MATCHED_COUNT_FIELD_NUMBER: _ClassVar[int]
    MATCHED_AMOUNT_FIELD_NUMBER: _ClassVar[int]
    CANCELLED_COUNT_FIELD_NUMBER: _ClassVar[int]
    DATE_DIFF_COUNT_FIELD_NUMBER: _ClassVar[int]
    BREAK_COUNT_FIELD_NUMBER: _ClassVar[int]
    BREAK_AMOUNT_FIELD_NUMBER: _ClassVar[int]
    MATCHED_AT_FIELD_NUMBER: _ClassVar[int]
    CLOSED_AT_FIELD_NUMBER: _ClassVar[int]
    REST_FIELD_NUMBER: _ClassVar[int]
    channel: str
    day: str
    state: DayState
    stale: bool
    match_no: int
    files: int
    ledger_count: int
    ledger_amount: int
    report_count: int
    report_amount: int
    matched_count: int
    matched_amount: int
    cancelled_count: int
    date_diff_count: int
    break_count: int
    break_amount: int
    matched_at: int
    closed_at: int
    rest: BreakKind
    def __init__(self, channel: _Optional[str] = ..., day: _Optional[str] = ..., state: _Optional[_Union[DayState, str]] = ..., stale: _Optional[bool] = ..., match_no: _Optional[int] = ..., files: _Optional[int] = ..., ledger_count: _Optional[int] = ..., ledger_amount: _Optional[int] = ..., report_count: _Optional[int] = ..., report_amount: _Optional[int] = ..., matched_count: _Optional[int] = ..., matched_amount: _Optional[int] = ..., cancelled_count: _Optional[int] = ..., date_diff_count: _Optional[int] = ..., break_count: _Optional[int] = ..., break_amount: _Optional[int] = ..., matched_at: _Optional[int] = ..., closed_at: _Optional[int] = ..., rest: _Optional[_Union[BreakKind, str]] = ...) -> None: ...

class MatchDayRequest(_message.Message):
    __slots__ = ("channel", "day")
    CHANNEL_FIELD_NUMBER: _ClassVar[int]
    DAY_FIELD_NUMBER: _ClassVar[int]
    channel: str
    day: str
    def __init__(self, channel: _Optional[str] = ..., day: _Optional[str] = ...) -> None: ...

class MatchDayResponse(_message.Message):
    __slots__ = ("day",)
    DAY_FIELD_NUMBER: _ClassVar[int]
    day: ReconciliationDay
    def __init__(self, day: _Optional[_Union[ReconciliationDay, _Mapping]] = ...) -> None: ...

class TreatDayRequest(_message.Message):
    __slots__ = ("channel", "day")
    CHANNEL_FIELD_NUMBER: _ClassVar[int]
    DAY_FIELD_NUMBER: _ClassVar[int]
    channel: str
    day: str
    def __init__(self, channel: _Optional[str] = ..., day: _Optional[str] = ...) -> None: ...

class TreatDayResponse(_message.Message):
    __slots__ = ("posted", "reversed", "refused_count", "refused", "adjusted")
    POSTED_FIELD_NUMBER: _ClassVar[int]
    REVERSED_FIELD_NUMBER: _ClassVar[int]
    REFUSED_COUNT_FIELD_NUMBER: _ClassVar[int]
    REFUSED_FIELD_NUMBER: _ClassVar[int]
    ADJUSTED_FIELD_NUMBER: _ClassVar[int]
    posted: int
    reversed: int
    refused_count: int
    refused: _containers.RepeatedCompositeFieldContainer[UntreatedBreak]
    adjusted: int
    def __init__(self, posted: _Optional[int] = ..., reversed: _Optional[int] = ..., refused_count: _Optional[int] = ..., refused: _Optional[_Iterable[_Union[UntreatedBreak, _Mapping]]] = ..., adjusted: _Optional[int] = ...) -> None: ...

class UntreatedBreak(_message.Message):
    __slots__ = ("break_id", "reference", "reason", "message")
    BREAK_ID_FIELD_NUMBER: _ClassVar[int]
    REFERENCE_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    break_id: int
    reference: str
    reason: str
    message: str
    def __init__(self, break_id: _Optional[int] = ..., reference: _Optional[str] = ..., reason: _Optional[str] = ..., message: _Optional[str] = ...) -> None: ...

class CloseDayRequest(_message.Message):
    __slots__ = ("channel", "day")
    CHANNEL_FIELD_NUMBER: _ClassVar[int]
    DAY_FIELD_NUMBER: _ClassVar[int]
    channel: str
    day: str
    def __init__(self, channel: _Optional[str] = ..., day: _Optional[str] = ...) -> None: ...

class CloseDayResponse(_message.Message):
    __slots__ = ("day",)
    DAY_FIELD_NUMBER: _ClassVar[int]
    day: ReconciliationDay
    def __init__(self, day: _Optional[_Union[ReconciliationDay, _Mapping]] = ...) -> None: ...

class ReopenDayRequest(_message.Message):
    __slots__ = ("request_id", "channel", "day", "reason")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    CHANNEL_FIELD_NUMBER: _ClassVar[int]
    DAY_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    channel: str
    day: str
    reason: str
    def __init__(self, request_id: _Optional[str] = ..., channel: _Optional[str] = ..., day: _Optional[str] = ..., reason: _Optional[str] = ...) -> None: ...

class ReopenDayResponse(_message.Message):
    __slots__ = ("day",)
    DAY_FIELD_NUMBER: _ClassVar[int]
    day: ReconciliationDay
    def __init__(self, day: _Optional[_Union[ReconciliationDay, _Mapping]] = ...) -> None: ...

class ListDaysRequest(_message.Message):
    __slots__ = ("channel", "after_day", "page_size", "page_token")
    CHANNEL_FIELD_NUMBER: _ClassVar[int]
    AFTER_DAY_FIELD_NUMBER: _ClassVar[int]
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    channel: str
    after_day: str
    page_size: int
    page_token: str
    def __init__(self, channel: _Optional[str] = ..., after_day: _Optional[str] = ..., page_size: _Optional[int] = ..., page_token: _Optional[str] = ...) -> None: ...

class ListDaysResponse(_message.Message):
    __slots__ = ("days", "next_page_token")
    DAYS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    days: _containers.RepeatedCompositeFieldContainer[ReconciliationDay]
    next_page_token: str
    def __init__(self, days: _Optional[_Iterable[_Union[ReconciliationDay, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class Break(_message.Message):
    __slots__ = ("break_id", "channel", "day", "kind", "state", "reversal", "date_diff", "paired", "payment_id", "reference", "target", "account_id", "file_no", "line", "ledger_amount", "report_amount", "treatment", "owner", "opened_at", "changed_at", "paid_twice")
    BREAK_ID_FIELD_NUMBER: _ClassVar[int]
    CHANNEL_FIELD_NUMBER: _ClassVar[int]
    DAY_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    REVERSAL_FIELD_NUMBER: _ClassVar[int]
    DATE_DIFF_FIELD_NUMBER: _ClassVar[int]
    PAIRED_FIELD_NUMBER: _ClassVar[int]
    PAYMENT_ID_FIELD_NUMBER: _ClassVar[int]
    REFERENCE_FIELD_NUMBER: _ClassVar[int]
    TARGET_FIELD_NUMBER: _ClassVar[int]
    ACCOUNT_ID_FIELD_NUMBER: _ClassVar[int]
    FILE_NO_FIELD_NUMBER: _ClassVar[int]
    LINE_FIELD_NUMBER: _ClassVar[int]
    LEDGER_AMOUNT_FIELD_NUMBER: _ClassVar[int]
    REPORT_AMOUNT_FIELD_NUMBER: _ClassVar[int]
    TREATMENT_FIELD_NUMBER: _ClassVar[int]
    OWNER_FIELD_NUMBER: _ClassVar[int]
    OPENED_AT_FIELD_NUMBER: _ClassVar[int]
    CHANGED_AT_FIELD_NUMBER: _ClassVar[int]
    PAID_TWICE_FIELD_NUMBER: _ClassVar[int]
    break_id: int
    channel: str
    day: str
    kind: BreakKind
    state: BreakState
    reversal: bool
    date_diff: bool
    paired: bool
    payment_id: int
    reference: str
    target: str
    account_id: int
    file_no: int
    line: int
    ledger_amount: int
    report_amount: int
    treatment: str
    owner: str
    opened_at: int
    changed_at: int
    paid_twice: bool
    def __init__(self, break_id: _Optional[int] = ..., channel: _Optional[str] = ..., day: _Optional[str] = ..., kind: _Optional[_Union[BreakKind, str]] = ..., state: _Optional[_Union[BreakState, str]] = ..., reversal: _Optional[bool] = ..., date_diff: _Optional[bool] = ..., paired: _Optional[bool] = ..., payment_id: _Optional[int] = ..., reference: _Optional[str] = ..., target: _Optional[str] = ..., account_id: _Optional[int] = ..., file_no: _Optional[int] = ..., line: _Optional[int] = ..., ledger_amount: _Optional[int] = ..., report_amount: _Optional[int] = ..., treatment: _Optional[str] = ..., owner: _Optional[str] = ..., opened_at: _Optional[int] = ..., changed_at: _Optional[int] = ..., paid_twice: _Optional[bool] = ...) -> None: ...

class ListBreaksRequest(_message.Message):
    __slots__ = ("channel", "day", "resolved", "page_size", "page_token")
    CHANNEL_FIELD_NUMBER: _ClassVar[int]
    DAY_FIELD_NUMBER: _ClassVar[int]
    RESOLVED_FIELD_NUMBER: _ClassVar[int]
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    channel: str
    day: str
    resolved: bool
    page_size: int
    page_token: str
    def __init__(self, channel: _Optional[str] = ..., day: _Optional[str] = ..., resolved: _Optional[bool] = ..., page_size: _Optional[int] = ..., page_token: _Optional[str] = ...) -> None: ...

class ListBreaksResponse(_message.Message):
    __slots__ = ("breaks", "next_page_token")
    BREAKS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    breaks: _containers.RepeatedCompositeFieldContainer[Break]
    next_page_token: str
    def __init__(self, breaks: _Optional[_Iterable[_Union[Break, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class DecideBreakRequest(_message.Message):
    __slots__ = ("request_id", "channel", "day", "break_id", "decision", "reason")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    CHANNEL_FIELD_NUMBER: _ClassVar[int]
    DAY_FIELD_NUMBER: _ClassVar[int]
    BREAK_ID_FIELD_NUMBER: _ClassVar[int]
    DECISION_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    channel: str
    day: str
    break_id: int
    decision: BreakDecision
    reason: str
    def __init__(self, request_id: _Optional[str] = ..., channel: _Optional[str] = ..., day: _Optional[str] = ..., break_id: _Optional[int] = ..., decision: _Optional[_Union[BreakDecision, str]] = ..., reason: _Optional[str] = ...) -> None: ...

class DecideBreakResponse(_message.Message):
    __slots__ = ("decided",)
    DECIDED_FIELD_NUMBER: _ClassVar[int]
    decided: Break
    def __init__(self, decided: _Optional[_Union[Break, _Mapping]] = ...) -> None: ...

class SummariseBreaksRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class SummariseBreaksResponse(_message.Message):
    __slots__ = ("groups",)
    GROUPS_FIELD_NUMBER: _ClassVar[int]
    groups: _containers.RepeatedCompositeFieldContainer[BreakGroup]
    def __init__(self, groups: _Optional[_Iterable[_Union[BreakGroup, _Mapping]]] = ...) -> None: ...

class BreakGroup(_message.Message):
    __slots__ = ("channel", "kind", "owner", "age_days", "count", "amount")
    CHANNEL_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    OWNER_FIELD_NUMBER: _ClassVar[int]
    AGE_DAYS_FIELD_NUMBER: _ClassVar[int]
    COUNT_FIELD_NUMBER: _ClassVar[int]
    AMOUNT_FIELD_NUMBER: _ClassVar[int]
    channel: str
    kind: BreakKind
    owner: str
    age_days: int
    count: int
    amount: int
    def __init__(self, channel: _Optional[str] = ..., kind: _Optional[_Union[BreakKind, str]] = ..., owner: _Optional[str] = ..., age_days: _Optional[int] = ..., count: _Optional[int] = ..., amount: _Optional[int] = ...) -> None: ...

class Settlement(_message.Message):
    __slots__ = ("settlement_id", "channel", "bank", "batch", "first_day", "last_day", "due_day", "lines", "gross", "fee", "paid", "charged", "credit_day", "kind", "changed_at")
    SETTLEMENT_ID_FIELD_NUMBER: _ClassVar[int]
    CHANNEL_FIELD_NUMBER: _ClassVar[int]
    BANK_FIELD_NUMBER: _ClassVar[int]
    BATCH_FIELD_NUMBER: _ClassVar[int]
    FIRST_DAY_FIELD_NUMBER: _ClassVar[int]
    LAST_DAY_FIELD_NUMBER: _ClassVar[int]
    DUE_DAY_FIELD_NUMBER: _ClassVar[int]
    LINES_FIELD_NUMBER: _ClassVar[int]
    GROSS_FIELD_NUMBER: _ClassVar[int]
    FEE_FIELD_NUMBER: _ClassVar[int]
    PAID_FIELD_NUMBER: _ClassVar[int]
    CHARGED_FIELD_NUMBER: _ClassVar[int]
    CREDIT_DAY_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    CHANGED_AT_FIELD_NUMBER: _ClassVar[int]
    settlement_id: int
    channel: str
    bank: str
    batch: str
    first_day: str
    last_day: str
    due_day: str
    lines: int
    gross: int
    fee: int
    paid: int
    charged: int
    credit_day: str
    kind: BreakKind
    changed_at: int
    def __init__(self, settlement_id: _Optional[int] = ..., channel: _Optional[str] = ..., bank: _Optional[str] = ..., batch: _Optional[str] = ..., first_day: _Optional[str] = ..., last_day: _Optional[str] = ..., due_day: _Optional[str] = ..., lines: _Optional[int] = ..., gross: _Optional[int] = ..., fee: _Optional[int] = ..., paid: _Optional[int] = ..., charged: _Optional[int] = ..., credit_day: _Optional[str] = ..., kind: _Optional[_Union[BreakKind, str]] = ..., changed_at: _Optional[int] = ...) -> None: ...

class ListSettlementsRequest(_message.Message):
    __slots__ = ("channel", "since", "open", "page_size", "page_token")
    CHANNEL_FIELD_NUMBER: _ClassVar[int]
    SINCE_FIELD_NUMBER: _ClassVar[int]
    OPEN_FIELD_NUMBER: _ClassVar[int]
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    channel: str
    since: str
    open: bool
    page_size: int
    page_token: str
    def __init__(self, channel: _Optional[str] = ..., since: _Optional[str] = ..., open: _Optional[bool] = ..., page_size: _Optional[int] = ..., page_token: _Optional[str] = ...) -> None: ...

class ListSettlementsResponse(_message.Message):
    __slots__ = ("settlements", "next_page_token")
    SETTLEMENTS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    settlements: _containers.RepeatedCompositeFieldContainer[Settlement]
    next_page_token: str
    def __init__(self, settlements: _Optional[_Iterable[_Union[Settlement, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class BankEntry(_message.Message):
    __slots__ = ("file_no", "line", "format", "day", "value_day", "amount", "charged", "reference", "end_to_end", "batch", "payer", "text", "return_code", "settlement_id", "payment_id", "payment_reference")
    FILE_NO_FIELD_NUMBER: _ClassVar[int]
    LINE_FIELD_NUMBER: _ClassVar[int]
    FORMAT_FIELD_NUMBER: _ClassVar[int]
    DAY_FIELD_NUMBER: _ClassVar[int]
    VALUE_DAY_FIELD_NUMBER: _ClassVar[int]
    AMOUNT_FIELD_NUMBER: _ClassVar[int]
    CHARGED_FIELD_NUMBER: _ClassVar[int]
    REFERENCE_FIELD_NUMBER: _ClassVar[int]
    END_TO_END_FIELD_NUMBER: _ClassVar[int]
    BATCH_FIELD_NUMBER: _ClassVar[int]
    PAYER_FIELD_NUMBER: _ClassVar[int]
    TEXT_FIELD_NUMBER: _ClassVar[int]
    RETURN_CODE_FIELD_NUMBER: _ClassVar[int]
    SETTLEMENT_ID_FIELD_NUMBER: _ClassVar[int]
    PAYMENT_ID_FIELD_NUMBER: _ClassVar[int]
    PAYMENT_REFERENCE_FIELD_NUMBER: _ClassVar[int]
    file_no: int
    line: int
    format: str
    day: str
    value_day: str
    amount: int
    charged: int
    reference: str
    end_to_end: str
    batch: str
    payer: str
    text: str
    return_code: str
    settlement_id: int
    payment_id: int
    payment_reference: str
    def __init__(self, file_no: _Optional[int] = ..., line: _Optional[int] = ..., format: _Optional[str] = ..., day: _Optional[str] = ..., value_day: _Optional[str] = ..., amount: _Optional[int] = ..., charged: _Optional[int] = ..., reference: _Optional[str] = ..., end_to_end: _Optional[str] = ..., batch: _Optional[str] = ..., payer: _Optional[str] = ..., text: _Optional[str] = ..., return_code: _Optional[str] = ..., settlement_id: _Optional[int] = ..., payment_id: _Optional[int] = ..., payment_reference: _Optional[str] = ...) -> None: ...

class ListBankEntriesRequest(_message.Message):
    __slots__ = ("channel", "from_day", "until_day", "least", "most", "text", "unknown", "returned", "page_size", "page_token")
    CHANNEL_FIELD_NUMBER: _ClassVar[int]
    FROM_DAY_FIELD_NUMBER: _ClassVar[int]
    UNTIL_DAY_FIELD_NUMBER: _ClassVar[int]
    LEAST_FIELD_NUMBER: _ClassVar[int]
    MOST_FIELD_NUMBER: _ClassVar[int]
    TEXT_FIELD_NUMBER: _ClassVar[int]
    UNKNOWN_FIELD_NUMBER: _ClassVar[int]
    RETURNED_FIELD_NUMBER: _ClassVar[int]
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    channel: str
    from_day: str
    until_day: str
    least: int
    most: int
    text: str
    unknown: bool
    returned: bool
    page_size: int
    page_token: str
    def __init__(self, channel: _Optional[str] = ..., from_day: _Optional[str] = ..., until_day: _Optional[str] = ..., least: _Optional[int] = ..., most: _Optional[int] = ..., text: _Optional[str] = ..., unknown: _Optional[bool] = ..., returned: _Optional[bool] = ..., page_size: _Optional[int] = ..., page_token: _Optional[str] = ...) -> None: ...

class ListBankEntriesResponse(_message.Message):
    __slots__ = ("entries", "next_page_token")
    ENTRIES_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    entries: _containers.RepeatedCompositeFieldContainer[BankEntry]
    next_page_token: str
    def __init__(self, entries: _Optional[_Iterable[_Union[BankEntry, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class TracePaymentRequest(_message.Message):
    __slots__ = ("channel", "reference")
    CHANNEL_FIELD_NUMBER: _ClassVar[int]
    REFERENCE_FIELD_NUMBER: _ClassVar[int]
    channel: str
    reference: str
    def __init__(self, channel: _Optional[str] = ..., reference: _Optional[str] = ...) -> None: ...

class TracePaymentResponse(_message.Message):
    __slots__ = ("payment_id", "stage", "file_no", "line", "day", "kind", "settlement")
    PAYMENT_ID_FIELD_NUMBER: _ClassVar[int]
    STAGE_FIELD_NUMBER: _ClassVar[int]
    FILE_NO_FIELD_NUMBER: _ClassVar[int]
    LINE_FIELD_NUMBER: _ClassVar[int]
    DAY_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    SETTLEMENT_FIELD_NUMBER: _ClassVar[int]
    payment_id: int
    stage: PaymentStage
    file_no: int
    line: int
    day: str
    kind: BreakKind
    settlement: Settlement
    def __init__(self, payment_id: _Optional[int] = ..., stage: _Optional[_Union[PaymentStage, str]] = ..., file_no: _Optional[int] = ..., line: _Optional[int] = ..., day: _Optional[str] = ..., kind: _Optional[_Union[BreakKind, str]] = ..., settlement: _Optional[_Union[Settlement, _Mapping]] = ...) -> None: ...

class SweepReportsRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class SweepReportsResponse(_message.Message):
    __slots__ = ("missing",)
    MISSING_FIELD_NUMBER: _ClassVar[int]
    missing: _containers.RepeatedCompositeFieldContainer[MissingReport]
    def __init__(self, missing: _Optional[_Iterable[_Union[MissingReport, _Mapping]]] = ...) -> None: ...

class MissingReport(_message.Message):
    __slots__ = ("channel", "day", "due_at", "raised_at")
    CHANNEL_FIELD_NUMBER: _ClassVar[int]
    DAY_FIELD_NUMBER: _ClassVar[int]
    DUE_AT_FIELD_NUMBER: _ClassVar[int]
    RAISED_AT_FIELD_NUMBER: _ClassVar[int]
    channel: str
    day: str
    due_at: int
    raised_at: int
    def __init__(self, channel: _Optional[str] = ..., day: _Optional[str] = ..., due_at: _Optional[int] = ..., raised_at: _Optional[int] = ...) -> None: ...
