from billcore.v1 import document_service_pb2 as _document_service_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class DeviceState(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    DEVICE_STATE_UNSPECIFIED: _ClassVar[DeviceState]
    DEVICE_STATE_ACTIVE: _ClassVar[DeviceState]
    DEVICE_STATE_LOCKED: _ClassVar[DeviceState]
    DEVICE_STATE_RETIRED: _ClassVar[DeviceState]

class ShiftPhase(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    SHIFT_PHASE_UNSPECIFIED: _ClassVar[ShiftPhase]
    SHIFT_PHASE_NONE: _ClassVar[ShiftPhase]
    SHIFT_PHASE_OPEN: _ClassVar[ShiftPhase]
    SHIFT_PHASE_COUNTED: _ClassVar[ShiftPhase]

class VisitState(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    VISIT_STATE_UNSPECIFIED: _ClassVar[VisitState]
    VISIT_STATE_ASSIGNED: _ClassVar[VisitState]
    VISIT_STATE_CONTACTED: _ClassVar[VisitState]
    VISIT_STATE_DATA_CONFIRMED: _ClassVar[VisitState]
    VISIT_STATE_NOTICE_PRINTED: _ClassVar[VisitState]
    VISIT_STATE_PAID: _ClassVar[VisitState]
    VISIT_STATE_DEFERRED: _ClassVar[VisitState]
    VISIT_STATE_ABSENT: _ClassVar[VisitState]
    VISIT_STATE_REVISIT: _ClassVar[VisitState]
    VISIT_STATE_HANDED_OVER: _ClassVar[VisitState]
    VISIT_STATE_DISPUTED: _ClassVar[VisitState]

class RecordKind(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    RECORD_KIND_UNSPECIFIED: _ClassVar[RecordKind]
    RECORD_KIND_START: _ClassVar[RecordKind]
    RECORD_KIND_NOTICE: _ClassVar[RecordKind]
    RECORD_KIND_RECEIPT: _ClassVar[RecordKind]
    RECORD_KIND_VOID: _ClassVar[RecordKind]
    RECORD_KIND_REPRINT: _ClassVar[RecordKind]
    RECORD_KIND_VISIT: _ClassVar[RecordKind]
    RECORD_KIND_HAND_IN: _ClassVar[RecordKind]
    RECORD_KIND_ZERO: _ClassVar[RecordKind]
    RECORD_KIND_CLOSE: _ClassVar[RecordKind]

class RecordState(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    RECORD_STATE_UNSPECIFIED: _ClassVar[RecordState]
    RECORD_STATE_TAKEN: _ClassVar[RecordState]
    RECORD_STATE_WAITING: _ClassVar[RecordState]
    RECORD_STATE_FORKED: _ClassVar[RecordState]

class RecordFlag(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    RECORD_FLAG_UNSPECIFIED: _ClassVar[RecordFlag]
    RECORD_FLAG_CLOCK_BACK: _ClassVar[RecordFlag]
    RECORD_FLAG_CLOCK_OFF: _ClassVar[RecordFlag]
    RECORD_FLAG_OFFLINE_LONG: _ClassVar[RecordFlag]
    RECORD_FLAG_SNAPSHOT_OLD: _ClassVar[RecordFlag]
    RECORD_FLAG_FLOAT_EXCEEDED: _ClassVar[RecordFlag]
    RECORD_FLAG_CASH_EXCEEDED: _ClassVar[RecordFlag]
    RECORD_FLAG_OFF_ROUTE: _ClassVar[RecordFlag]
    RECORD_FLAG_VISIT_UNFIT: _ClassVar[RecordFlag]
    RECORD_FLAG_SUSPENDED: _ClassVar[RecordFlag]
    RECORD_FLAG_PAID_ELSEWHERE: _ClassVar[RecordFlag]
    RECORD_FLAG_TRANSFER_UNKNOWN: _ClassVar[RecordFlag]
    RECORD_FLAG_SHIFT_OVERDUE: _ClassVar[RecordFlag]
    RECORD_FLAG_HAND_IN_OPEN: _ClassVar[RecordFlag]
    RECORD_FLAG_UNDONE_BEFORE: _ClassVar[RecordFlag]
    RECORD_FLAG_VOID_LATE: _ClassVar[RecordFlag]

class ConflictState(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    CONFLICT_STATE_UNSPECIFIED: _ClassVar[ConflictState]
    CONFLICT_STATE_OPEN: _ClassVar[ConflictState]
    CONFLICT_STATE_KEPT: _ClassVar[ConflictState]
    CONFLICT_STATE_REFUND: _ClassVar[ConflictState]
    CONFLICT_STATE_VOIDED: _ClassVar[ConflictState]
DEVICE_STATE_UNSPECIFIED: DeviceState
DEVICE_STATE_ACTIVE: DeviceState
DEVICE_STATE_LOCKED: DeviceState
DEVICE_STATE_RETIRED: DeviceState
SHIFT_PHASE_UNSPECIFIED: ShiftPhase
SHIFT_PHASE_NONE: ShiftPhase
SHIFT_PHASE_OPEN: ShiftPhase
SHIFT_PHASE_COUNTED: ShiftPhase
VISIT_STATE_UNSPECIFIED: VisitState
VISIT_STATE_ASSIGNED: VisitState
VISIT_STATE_CONTACTED: VisitState
VISIT_STATE_DATA_CONFIRMED: VisitState
VISIT_STATE_NOTICE_PRINTED: VisitState
VISIT_STATE_PAID: VisitState
VISIT_STATE_DEFERRED: VisitState
VISIT_STATE_ABSENT: VisitState
VISIT_STATE_REVISIT: VisitState
VISIT_STATE_HANDED_OVER: VisitState
VISIT_STATE_DISPUTED: VisitState
RECORD_KIND_UNSPECIFIED: RecordKind
RECORD_KIND_START: RecordKind
RECORD_KIND_NOTICE: RecordKind
RECORD_KIND_RECEIPT: RecordKind
RECORD_KIND_VOID: RecordKind
RECORD_KIND_REPRINT: RecordKind
RECORD_KIND_VISIT: RecordKind
RECORD_KIND_HAND_IN: RecordKind
RECORD_KIND_ZERO: RecordKind
RECORD_KIND_CLOSE: RecordKind
RECORD_STATE_UNSPECIFIED: RecordState
RECORD_STATE_TAKEN: RecordState
RECORD_STATE_WAITING: RecordState
RECORD_STATE_FORKED: RecordState
RECORD_FLAG_UNSPECIFIED: RecordFlag
RECORD_FLAG_CLOCK_BACK: RecordFlag
RECORD_FLAG_CLOCK_OFF: RecordFlag
RECORD_FLAG_OFFLINE_LONG: RecordFlag
RECORD_FLAG_SNAPSHOT_OLD: RecordFlag
RECORD_FLAG_FLOAT_EXCEEDED: RecordFlag
RECORD_FLAG_CASH_EXCEEDED: RecordFlag
RECORD_FLAG_OFF_ROUTE: RecordFlag
RECORD_FLAG_VISIT_UNFIT: RecordFlag
RECORD_FLAG_SUSPENDED: RecordFlag
RECORD_FLAG_PAID_ELSEWHERE: RecordFlag
RECORD_FLAG_TRANSFER_UNKNOWN: RecordFlag
RECORD_FLAG_SHIFT_OVERDUE: RecordFlag
RECORD_FLAG_HAND_IN_OPEN: RecordFlag
RECORD_FLAG_UNDONE_BEFORE: RecordFlag
RECORD_FLAG_VOID_LATE: RecordFlag
CONFLICT_STATE_UNSPECIFIED: ConflictState
CONFLICT_STATE_OPEN: ConflictState
CONFLICT_STATE_KEPT: ConflictState
CONFLICT_STATE_REFUND: ConflictState
CONFLICT_STATE_VOIDED: ConflictState

class Collector(_message.Message):
    __slots__ = ("channel", "phone", "warn_percent", "cash_max", "offline_minutes_max", "snapshot_minutes_max", "grace_minutes", "revision", "recorded_at", "name", "float_limit", "held")
    CHANNEL_FIELD_NUMBER: _ClassVar[int]
    PHONE_FIELD_NUMBER: _ClassVar[int]
    WARN_PERCENT_FIELD_NUMBER: _ClassVar[int]
    CASH_MAX_FIELD_NUMBER: _ClassVar[int]
    OFFLINE_MINUTES_MAX_FIELD_NUMBER: _ClassVar[int]
    SNAPSHOT_MINUTES_MAX_FIELD_NUMBER: _ClassVar[int]
    GRACE_MINUTES_FIELD_NUMBER: _ClassVar[int]
    REVISION_FIELD_NUMBER: _ClassVar[int]
    RECORDED_AT_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    FLOAT_LIMIT_FIELD_NUMBER: _ClassVar[int]
    HELD_FIELD_NUMBER: _ClassVar[int]
    channel: str
    phone: str
    warn_percent: int
    cash_max: int
    offline_minutes_max: int
    snapshot_minutes_max: int
    grace_minutes: int
    revision: int
    recorded_at: int
    name: str
    float_limit: int
    held: int
    def __init__(self, channel: _Optional[str] = ..., phone: _Optional[str] = ..., warn_percent: _Optional[int] = ..., cash_max: _Optional[int] = ..., offline_minutes_max: _Optional[int] = ..., snapshot_minutes_max: _Optional[int] = ..., grace_minutes: _Optional[int] = ..., revision: _Optional[int] = ..., recorded_at: _Optional[int] = ..., name: _Optional[str] = ..., float_limit: _Optional[int] = ..., held: _Optional[int] = ...) -> None: ...

class Route(_message.Message):
    __slots__ = ("route", "name", "area", "accounts", "revision", "recorded_at", "stops")
    ROUTE_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    AREA_FIELD_NUMBER: _ClassVar[int]
    ACCOUNTS_FIELD_NUMBER: _ClassVar[int]
    REVISION_FIELD_NUMBER: _ClassVar[int]
    RECORDED_AT_FIELD_NUMBER: _ClassVar[int]
    STOPS_FIELD_NUMBER: _ClassVar[int]
    route: str
    name: str
    area: str
    accounts: _containers.RepeatedScalarFieldContainer[str]
    revision: int
    recorded_at: int
    stops: int
    def __init__(self, route: _Optional[str] = ..., name: _Optional[str] = ..., area: _Optional[str] = ..., accounts: _Optional[_Iterable[str]] = ..., revision: _Optional[int] = ..., recorded_at: _Optional[int] = ..., stops: _Optional[int] = ...) -> None: ...

class Assignment(_message.Message):
    __slots__ = ("assignment_no", "route", "channel", "first_day", "last_day", "ended_at", "recorded_at")
    ASSIGNMENT_NO_FIELD_NUMBER: _ClassVar[int]
    ROUTE_FIELD_NUMBER: _ClassVar[int]
    CHANNEL_FIELD_NUMBER: _ClassVar[int]
    FIRST_DAY_FIELD_NUMBER: _ClassVar[int]
    LAST_DAY_FIELD_NUMBER: _ClassVar[int]
    ENDED_AT_FIELD_NUMBER: _ClassVar[int]
    RECORDED_AT_FIELD_NUMBER: _ClassVar[int]
    assignment_no: int
    route: str
    channel: str
    first_day: str
    last_day: str
    ended_at: int
    recorded_at: int
    def __init__(self, assignment_no: _Optional[int] = ..., route: _Optional[str] = ..., channel: _Optional[str] = ..., first_day: _Optional[str] = ..., last_day: _Optional[str] = ..., ended_at: _Optional[int] = ..., recorded_at: _Optional[int] = ...) -> None: ...

class Visit(_message.Message):
    __slots__ = ("assignment_no", "account_id", "place", "state", "visits", "appointment_at", "case_no", "note", "device_no", "seq", "changed_at")
    ASSIGNMENT_NO_FIELD_NUMBER: _ClassVar[int]
    ACCOUNT_ID_FIELD_NUMBER: _ClassVar[int]
    PLACE_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    VISITS_FIELD_NUMBER: _ClassVar[int]
    APPOINTMENT_AT_FIELD_NUMBER: _ClassVar[int]
    CASE_NO_FIELD_NUMBER: _ClassVar[int]
    NOTE_FIELD_NUMBER: _ClassVar[int]
    DEVICE_NO_FIELD_NUMBER: _ClassVar[int]
    SEQ_FIELD_NUMBER: _ClassVar[int]
    CHANGED_AT_FIELD_NUMBER: _ClassVar[int]
    assignment_no: int
    account_id: int
    place: int
    state: VisitState
    visits: int
    appointment_at: int
    case_no: int
    note: str
    device_no: int
    seq: int
    changed_at: int
    def __init__(self, assignment_no: _Optional[int] = ..., account_id: _Optional[int] = ..., place: _Optional[int] = ..., state: _Optional[_Union[VisitState, str]] = ..., visits: _Optional[int] = ..., appointment_at: _Optional[int] = ..., case_no: _Optional[int] = ..., note: _Optional[str] = ..., device_no: _Optional[int] = ..., seq: _Optional[int] = ..., changed_at: _Optional[int] = ...) -> None: ...

class Device(_message.Message):
    __slots__ = ("device_no", "channel", "name", "public_key", "state", "why", "seq", "hash", "missing", "next_number", "last_number", "phase", "total", "receipts", "voids", "registered_at", "changed_at")
    DEVICE_NO_FIELD_NUMBER: _ClassVar[int]
    CHANNEL_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    PUBLIC_KEY_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    WHY_FIELD_NUMBER: _ClassVar[int]
    SEQ_FIELD_NUMBER: _ClassVar[int]
    HASH_FIELD_NUMBER: _ClassVar[int]
    MISSING_FIELD_NUMBER: _ClassVar[int]
    NEXT_NUMBER_FIELD_NUMBER: _ClassVar[int]
    LAST_NUMBER_FIELD_NUMBER: _ClassVar[int]
    PHASE_FIELD_NUMBER: _ClassVar[int]
    TOTAL_FIELD_NUMBER: _ClassVar[int]
    RECEIPTS_FIELD_NUMBER: _ClassVar[int]
    VOIDS_FIELD_NUMBER: _ClassVar[int]
    REGISTERED_AT_FIELD_NUMBER: _ClassVar[int]
    CHANGED_AT_FIELD_NUMBER: _ClassVar[int]
    device_no: int
    channel: str
    name: str
    public_key: bytes
    state: DeviceState
    why: str
    seq: int
    hash: bytes
    missing: int
    next_number: int
    last_number: int
    phase: ShiftPhase
    total: int
    receipts: int
    voids: int
    registered_at: int
    changed_at: int
    def __init__(self, device_no: _Optional[int] = ..., channel: _Optional[str] = ..., name: _Optional[str] = ..., public_key: _Optional[bytes] = ..., state: _Optional[_Union[DeviceState, str]] = ..., why: _Optional[str] = ..., seq: _Optional[int] = ..., hash: _Optional[bytes] = ..., missing: _Optional[int] = ..., next_number: _Optional[int] = ..., last_number: _Optional[int] = ..., phase: _Optional[_Union[ShiftPhase, str]] = ..., total: _Optional[int] = ..., receipts: _Optional[int] = ..., voids: _Optional[int] = ..., registered_at: _Optional[int] = ..., changed_at: _Optional[int] = ...) -> None: ...

class DeviceRecord(_message.Message):
    __slots__ = ("line", "signature")
    LINE_FIELD_NUMBER: _ClassVar[int]
    SIGNATURE_FIELD_NUMBER: _ClassVar[int]
    line: str
    signature: bytes
    def __init__(self, line: _Optional[str] = ..., signature: _Optional[bytes] = ...) -> None: ...

class RecordAnswer(_message.Message):
    __slots__ = ("seq", "hash", "state", "flags", "payment_id", "surplus", "case_no")
    SEQ_FIELD_NUMBER: _ClassVar[int]
    HASH_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    FLAGS_FIELD_NUMBER: _ClassVar[int]
    PAYMENT_ID_FIELD_NUMBER: _ClassVar[int]
    SURPLUS_FIELD_NUMBER: _ClassVar[int]
    CASE_NO_FIELD_NUMBER: _ClassVar[int]
    seq: int
    hash: bytes
    state: RecordState
    flags: _containers.RepeatedScalarFieldContainer[RecordFlag]
    payment_id: int
    surplus: int
    case_no: int
    def __init__(self, seq: _Optional[int] = ..., hash: _Optional[bytes] = ..., state: _Optional[_Union[RecordState, str]] = ..., flags: _Optional[_Iterable[_Union[RecordFlag, str]]] = ..., payment_id: _Optional[int] = ..., surplus: _Optional[int] = ..., case_no: _Optional[int] = ...) -> None: ...

class KeptRecord(_message.Message):
    __slots__ = ("kind", "record", "answer", "received_at", "taken_at")
    KIND_FIELD_NUMBER: _ClassVar[int]
    RECORD_FIELD_NUMBER: _ClassVar[int]
    ANSWER_FIELD_NUMBER: _ClassVar[int]
    RECEIVED_AT_FIELD_NUMBER: _ClassVar[int]
    TAKEN_AT_FIELD_NUMBER: _ClassVar[int]
    kind: RecordKind
    record: DeviceRecord
    answer: RecordAnswer
    received_at: int
    taken_at: int
    def __init__(self, kind: _Optional[_Union[RecordKind, str]] = ..., record: _Optional[_Union[DeviceRecord, _Mapping]] = ..., answer: _Optional[_Union[RecordAnswer, _Mapping]] = ..., received_at: _Optional[int] = ..., taken_at: _Optional[int] = ...) -> None: ...

class Fork(_message.Message):
    __slots__ = ("seq", "record", "received_at")
    SEQ_FIELD_NUMBER: _ClassVar[int]
    RECORD_FIELD_NUMBER: _ClassVar[int]
    RECEIVED_AT_FIELD_NUMBER: _ClassVar[int]
    seq: int
    record: DeviceRecord
    received_at: int
    def __init__(self, seq: _Optional[int] = ..., record: _Optional[_Union[DeviceRecord, _Mapping]] = ..., received_at: _Optional[int] = ...) -> None: ...

class HandIn(_message.Message):
    __slots__ = ("device_no", "seq", "channel", "total", "receipts", "voids", "denominations", "declared", "counted", "shift_no", "confirmed_at", "recorded_at")
    DEVICE_NO_FIELD_NUMBER: _ClassVar[int]
    SEQ_FIELD_NUMBER: _ClassVar[int]
    CHANNEL_FIELD_NUMBER: _ClassVar[int]
    TOTAL_FIELD_NUMBER: _ClassVar[int]
    RECEIPTS_FIELD_NUMBER: _ClassVar[int]
    VOIDS_FIELD_NUMBER: _ClassVar[int]
    DENOMINATIONS_FIELD_NUMBER: _ClassVar[int]
    DECLARED_FIELD_NUMBER: _ClassVar[int]
    COUNTED_FIELD_NUMBER: _ClassVar[int]
    SHIFT_NO_FIELD_NUMBER: _ClassVar[int]
    CONFIRMED_AT_FIELD_NUMBER: _ClassVar[int]
    RECORDED_AT_FIELD_NUMBER: _ClassVar[int]
    device_no: int
    seq: int
    channel: str
    total: int
    receipts: int
    voids: int
    denominations: str
    declared: int
    counted: int
    shift_no: int
    confirmed_at: int
    recorded_at: int
    def __init__(self, device_no: _Optional[int] = ..., seq: _Optional[int] = ..., channel: _Optional[str] = ..., total: _Optional[int] = ..., receipts: _Optional[int] = ..., voids: _Optional[int] = ..., denominations: _Optional[str] = ..., declared: _Optional[int] = ..., counted: _Optional[int] = ..., shift_no: _Optional[int] = ..., confirmed_at: _Optional[int] = ..., recorded_at: _Optional[int] = ...) -> None: ...

class Conflict(_message.Message):
    __slots__ = ("number", "device_no", "seq", "account_id", "amount", "debt", "surplus", "payment_id", "state", "case_no", "recorded_at")
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    DEVICE_NO_FIELD_NUMBER: _ClassVar[int]
    SEQ_FIELD_NUMBER: _ClassVar[int]
    ACCOUNT_ID_FIELD_NUMBER: _ClassVar[int]
    AMOUNT_FIELD_NUMBER: _ClassVar[int]
    DEBT_FIELD_NUMBER: _ClassVar[int]
    SURPLUS_FIELD_NUMBER: _ClassVar[int]
    PAYMENT_ID_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    CASE_NO_FIELD_NUMBER: _ClassVar[int]
    RECORDED_AT_FIELD_NUMBER: _ClassVar[int]
    number: int
    device_no: int
    seq: int
    account_id: int
    amount: int
    debt: int
    surplus: int
    payment_id: int
    state: ConflictState
    case_no: int
    recorded_at: int
    def __init__(self, number: _Optional[int] = ..., device_no: _Optional[int] = ..., seq: _Optional[int] = ..., account_id: _Optional[int] = ..., amount: _Optional[int] = ..., debt: _Optional[int] = ..., surplus: _Optional[int] = ..., payment_id: _Optional[int] = ..., state: _Optional[_Union[ConflictState, str]] = ..., case_no: _Optional[int] = ..., recorded_at: _Optional[int] = ...) -> None: ...

class StopDocument(_message.Message):
    __slots__ = ("document_id", "what", "is_bill", "day", "due_day", "amount", "open", "reference")
    DOCUMENT_ID_FIELD_NUMBER: _ClassVar[int]
    WHAT_FIELD_NUMBER: _ClassVar[int]
    IS_BILL_FIELD_NUMBER: _ClassVar[int]
    DAY_FIELD_NUMBER: _ClassVar[int]
    DUE_DAY_FIELD_NUMBER: _ClassVar[int]
    AMOUNT_FIELD_NUMBER: _ClassVar[int]
    OPEN_FIELD_NUMBER: _ClassVar[int]
    REFERENCE_FIELD_NUMBER: _ClassVar[int]
    document_id: int
    what: str
    is_bill: bool
    day: str
    due_day: str
    amount: int
    open: int
    reference: str
    def __init__(self, document_id: _Optional[int] = ..., what: _Optional[str] = ..., is_bill: _Optional[bool] = ..., day: _Optional[str] = ..., due_day: _Optional[str] = ..., amount: _Optional[int] = ..., open: _Optional[int] = ..., reference: _Optional[str] = ...) -> None: ...

class Stop(_message.Message):
    __slots__ = ("visit", "route", "number", "name", "address", "geographic_code", "phone", "language", "balance", "payable", "documents", "before", "notice")
    VISIT_FIELD_NUMBER: _ClassVar[int]
    ROUTE_FIELD_NUMBER: _ClassVar[int]
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    ADDRESS_FIELD_NUMBER: _ClassVar[int]
    GEOGRAPHIC_CODE_FIELD_NUMBER: _ClassVar[int]
    PHONE_FIELD_NUMBER: _ClassVar[int]
    LANGUAGE_FIELD_NUMBER: _ClassVar[int]
    BALANCE_FIELD_NUMBER: _ClassVar[int]
    PAYABLE_FIELD_NUMBER: _ClassVar[int]
    DOCUMENTS_FIELD_NUMBER: _ClassVar[int]
    BEFORE_FIELD_NUMBER: _ClassVar[int]
    NOTICE_FIELD_NUMBER: _ClassVar[int]
    visit: Visit
    route: str
    number: str
    name: str
    address: str
    geographic_code: str
    phone: str
    language: str
    balance: int
    payable: int
    documents: _containers.RepeatedCompositeFieldContainer[StopDocument]
    before: _containers.RepeatedCompositeFieldContainer[Visit]
    notice: bytes
    def __init__(self, visit: _Optional[_Union[Visit, _Mapping]] = ..., route: _Optional[str] = ..., number: _Optional[str] = ..., name: _Optional[str] = ..., address: _Optional[str] = ..., geographic_code: _Optional[str] = ..., phone: _Optional[str] = ..., language: _Optional[str] = ..., balance: _Optional[int] = ..., payable: _Optional[int] = ..., documents: _Optional[_Iterable[_Union[StopDocument, _Mapping]]] = ..., before: _Optional[_Iterable[_Union[Visit, _Mapping]]] = ..., notice: _Optional[bytes] = ...) -> None: ...

class SetCollectorRequest(_message.Message):
    __slots__ = ("request_id", "collector", "reason")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    COLLECTOR_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    collector: Collector
    reason: str
    def __init__(self, request_id: _Optional[str] = ..., collector: _Optional[_Union[Collector, _Mapping]] = ..., reason: _Optional[str] = ...) -> None: ...

class SetCollectorResponse(_message.Message):
    __slots__ = ("collector",)
    COLLECTOR_FIELD_NUMBER: _ClassVar[int]
    collector: Collector
    def __init__(self, collector: _Optional[_Union[Collector, _Mapping]] = ...) -> None: ...

class GetCollectorRequest(_message.Message):
    __slots__ = ("channel",)
    CHANNEL_FIELD_NUMBER: _ClassVar[int]
    channel: str
    def __init__(self, channel: _Optional[str] = ...) -> None: ...

class GetCollectorResponse(_message.Message):
    __slots__ = ("collector", "currency", "digits")
    COLLECTOR_FIELD_NUMBER: _ClassVar[int]
    CURRENCY_FIELD_NUMBER: _ClassVar[int]
    DIGITS_FIELD_NUMBER: _ClassVar[int]
    collector: Collector
    currency: str
    digits: int
    def __init__(self, collector: _Optional[_Union[Collector, _Mapping]] = ..., currency: _Optional[str] = ..., digits: _Optional[int] = ...) -> None: ...

class ListCollectorsRequest(_message.Message):
    __slots__ = ("page_size", "page_token")
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    page_size: int
    page_token: str
    def __init__(self, page_size: _Optional[int] = ..., page_token: _Optional[str] = ...) -> None: ...

class ListCollectorsResponse(_message.Message):
    __slots__ = ("collectors", "next_page_token")
    COLLECTORS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    collectors: _containers.RepeatedCompositeFieldContainer[Collector]
    next_page_token: str
    def __init__(self, collectors: _Optional[_Iterable[_Union[Collector, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class SetRouteRequest(_message.Message):
    __slots__ = ("request_id", "route", "reason")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    ROUTE_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    route: Route
    reason: str
    def __init__(self, request_id: _Optional[str] = ..., route: _Optional[_Union[Route, _Mapping]] = ..., reason: _Optional[str] = ...) -> None: ...

class SetRouteResponse(_message.Message):
    __slots__ = ("route",)
    ROUTE_FIELD_NUMBER: _ClassVar[int]
    route: Route
    def __init__(self, route: _Optional[_Union[Route, _Mapping]] = ...) -> None: ...

class GetRouteRequest(_message.Message):
    __slots__ = ("route",)
    ROUTE_FIELD_NUMBER: _ClassVar[int]
    route: str
    def __init__(self, route: _Optional[str] = ...) -> None: ...

class GetRouteResponse(_message.Message):
    __slots__ = ("route",)
    ROUTE_FIELD_NUMBER: _ClassVar[int]
    route: Route
    def __init__(self, route: _Optional[_Union[Route, _Mapping]] = ...) -> None: ...

class ListRoutesRequest(_message.Message):
    __slots__ = ("page_size", "page_token")
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    page_size: int
    page_token: str
    def __init__(self, page_size: _Optional[int] = ..., page_token: _Optional[str] = ...) -> None: ...

class ListRoutesResponse(_message.Message):
    __slots__ = ("routes", "next_page_token")
    ROUTES_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    routes: _containers.RepeatedCompositeFieldContainer[Route]
    next_page_token: str
    def __init__(self, routes: _Optional[_Iterable[_Union[Route, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class AssignRouteRequest(_message.Message):
    __slots__ = ("request_id", "route", "channel", "first_day", "last_day")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    ROUTE_FIELD_NUMBER: _ClassVar[int]
    CHANNEL_FIELD_NUMBER: _ClassVar[int]
    FIRST_DAY_FIELD_NUMBER: _ClassVar[int]
    LAST_DAY_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    route: str
    channel: str
    first_day: str
    last_day: str
    def __init__(self, request_id: _Optional[str] = ..., route: _Optional[str] = ..., channel: _Optional[str] = ..., first_day: _Optional[str] = ..., last_day: _Optional[str] = ...) -> None: ...

class AssignRouteResponse(_message.Message):
    __slots__ = ("assignment",)
    ASSIGNMENT_FIELD_NUMBER: _ClassVar[int]
    assignment: Assignment
    def __init__(self, assignment: _Optional[_Union[Assignment, _Mapping]] = ...) -> None: ...

class EndAssignmentRequest(_message.Message):
    __slots__ = ("request_id", "assignment_no", "reason")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    ASSIGNMENT_NO_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    assignment_no: int
    reason: str
    def __init__(self, request_id: _Optional[str] = ..., assignment_no: _Optional[int] = ..., reason: _Optional[str] = ...) -> None: ...

class EndAssignmentResponse(_message.Message):
    __slots__ = ("assignment",)
    ASSIGNMENT_FIELD_NUMBER: _ClassVar[int]
    assignment: Assignment
    def __init__(self, assignment: _Optional[_Union[Assignment, _Mapping]] = ...) -> None: ...

class ListAssignmentsRequest(_message.Message):
    __slots__ = ("channel", "page_size", "page_token")
    CHANNEL_FIELD_NUMBER: _ClassVar[int]
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    channel: str
    page_size: int
    page_token: str
    def __init__(self, channel: _Optional[str] = ..., page_size: _Optional[int] = ..., page_token: _Optional[str] = ...) -> None: ...

class ListAssignmentsResponse(_message.Message):
    __slots__ = ("assignments", "next_page_token")
    ASSIGNMENTS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    assignments: _containers.RepeatedCompositeFieldContainer[Assignment]
    next_page_token: str
    def __init__(self, assignments: _Optional[_Iterable[_Union[Assignment, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class ListVisitsRequest(_message.Message):
    __slots__ = ("assignment_no", "page_size", "page_token")
    ASSIGNMENT_NO_FIELD_NUMBER: _ClassVar[int]
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    assignment_no: int
    page_size: int
    page_token: str
    def __init__(self, assignment_no: _Optional[int] = ..., page_size: _Optional[int] = ..., page_token: _Optional[str] = ...) -> None: ...

class ListVisitsResponse(_message.Message):
    __slots__ = ("visits", "next_page_token")
    VISITS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    visits: _containers.RepeatedCompositeFieldContainer[Visit]
    next_page_token: str
    def __init__(self, visits: _Optional[_Iterable[_Union[Visit, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class RegisterDeviceRequest(_message.Message):
    __slots__ = ("request_id", "channel", "name", "public_key")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    CHANNEL_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    PUBLIC_KEY_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    channel: str
    name: str
    public_key: bytes
    def __init__(self, request_id: _Optional[str] = ..., channel: _Optional[str] = ..., name: _Optional[str] = ..., public_key: _Optional[bytes] = ...) -> None: ...

class RegisterDeviceResponse(_message.Message):
    __slots__ = ("device",)
    DEVICE_FIELD_NUMBER: _ClassVar[int]
    device: Device
    def __init__(self, device: _Optional[_Union[Device, _Mapping]] = ...) -> None: ...

class LockDeviceRequest(_message.Message):
    __slots__ = ("request_id", "channel", "device_no", "reason")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    CHANNEL_FIELD_NUMBER: _ClassVar[int]
    DEVICE_NO_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    channel: str
    device_no: int
    reason: str
    def __init__(self, request_id: _Optional[str] = ..., channel: _Optional[str] = ..., device_no: _Optional[int] = ..., reason: _Optional[str] = ...) -> None: ...

class LockDeviceResponse(_message.Message):
    __slots__ = ("device",)
    DEVICE_FIELD_NUMBER: _ClassVar[int]
    device: Device
    def __init__(self, device: _Optional[_Union[Device, _Mapping]] = ...) -> None: ...

class RetireDeviceRequest(_message.Message):
    __slots__ = ("request_id", "channel", "device_no", "reason")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    CHANNEL_FIELD_NUMBER: _ClassVar[int]
    DEVICE_NO_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    channel: str
    device_no: int
    reason: str
    def __init__(self, request_id: _Optional[str] = ..., channel: _Optional[str] = ..., device_no: _Optional[int] = ..., reason: _Optional[str] = ...) -> None: ...

class RetireDeviceResponse(_message.Message):
    __slots__ = ("device",)
    DEVICE_FIELD_NUMBER: _ClassVar[int]
    device: Device
    def __init__(self, device: _Optional[_Union[Device, _Mapping]] = ...) -> None: ...

class GetDeviceRequest(_message.Message):
    __slots__ = ("channel", "device_no")
    CHANNEL_FIELD_NUMBER: _ClassVar[int]
    DEVICE_NO_FIELD_NUMBER: _ClassVar[int]
    channel: str
    device_no: int
    def __init__(self, channel: _Optional[str] = ..., device_no: _Optional[int] = ...) -> None: ...

class GetDeviceResponse(_message.Message):
    __slots__ = ("device", "currency", "digits")
    DEVICE_FIELD_NUMBER: _ClassVar[int]
    CURRENCY_FIELD_NUMBER: _ClassVar[int]
    DIGITS_FIELD_NUMBER: _ClassVar[int]
    device: Device
    currency: str
    digits: int
    def __init__(self, device: _Optional[_Union[Device, _Mapping]] = ..., currency: _Optional[str] = ..., digits: _Optional[int] = ...) -> None: ...

class ListDevicesRequest(_message.Message):
    __slots__ = ("channel", "page_size", "page_token")
    CHANNEL_FIELD_NUMBER: _ClassVar[int]
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    channel: str
    page_size: int
    page_token: str
    def __init__(self, channel: _Optional[str] = ..., page_size: _Optional[int] = ..., page_token: _Optional[str] = ...) -> None: ...

class ListDevicesResponse(_message.Message):
    __slots__ = ("devices", "next_page_token")
    DEVICES_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    devices: _containers.RepeatedCompositeFieldContainer[Device]
    next_page_token: str
    def __init__(self, devices: _Optional[_Iterable[_Union[Device, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class AllotReceiptsRequest(_message.Message):
    __slots__ = ("request_id", "channel", "device_no", "ahead")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    CHANNEL_FIELD_NUMBER: _ClassVar[int]
    DEVICE_NO_FIELD_NUMBER: _ClassVar[int]
    AHEAD_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    channel: str
    device_no: int
    ahead: int
    def __init__(self, request_id: _Optional[str] = ..., channel: _Optional[str] = ..., device_no: _Optional[int] = ..., ahead: _Optional[int] = ...) -> None: ...

class AllotReceiptsResponse(_message.Message):
    __slots__ = ("first_number", "last_number")
    FIRST_NUMBER_FIELD_NUMBER: _ClassVar[int]
    LAST_NUMBER_FIELD_NUMBER: _ClassVar[int]
    first_number: int
    last_number: int
    def __init__(self, first_number: _Optional[int] = ..., last_number: _Optional[int] = ...) -> None: ...

class GetRouteSnapshotRequest(_message.Message):
    __slots__ = ("channel", "device_no", "page_size", "page_token", "notice_format")
    CHANNEL_FIELD_NUMBER: _ClassVar[int]
    DEVICE_NO_FIELD_NUMBER: _ClassVar[int]
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    NOTICE_FORMAT_FIELD_NUMBER: _ClassVar[int]
    channel: str
    device_no: int
    page_size: int
    page_token: str
    notice_format: _document_service_pb2.DocumentFormat
    def __init__(self, channel: _Optional[str] = ..., device_no: _Optional[int] = ..., page_size: _Optional[int] = ..., page_token: _Optional[str] = ..., notice_format: _Optional[_Union[_document_service_pb2.DocumentFormat, str]] = ...) -> None: ...

class GetRouteSnapshotResponse(_message.Message):
    __slots__ = ("stops", "seen_at", "server_time", "device", "collector", "provider_id", "provider", "currency", "digits", "next_page_token")
    STOPS_FIELD_NUMBER: _ClassVar[int]
    SEEN_AT_FIELD_NUMBER: _ClassVar[int]
    SERVER_TIME_FIELD_NUMBER: _ClassVar[int]
    DEVICE_FIELD_NUMBER: _ClassVar[int]
    COLLECTOR_FIELD_NUMBER: _ClassVar[int]
    PROVIDER_ID_FIELD_NUMBER: _ClassVar[int]
    PROVIDER_FIELD_NUMBER: _ClassVar[int]
    CURRENCY_FIELD_NUMBER: _ClassVar[int]
    DIGITS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    stops: _containers.RepeatedCompositeFieldContainer[Stop]
    seen_at: int
    server_time: int
    device: Device
    collector: Collector
    provider_id: int
    provider: str
    currency: str
    digits: int
    next_page_token: str
    def __init__(self, stops: _Optional[_Iterable[_Union[Stop, _Mapping]]] = ..., seen_at: _Optional[int] = ..., server_time: _Optional[int] = ..., device: _Optional[_Union[Device, _Mapping]] = ..., collector: _Optional[_Union[Collector, _Mapping]] = ..., provider_id: _Optional[int] = ..., provider: _Optional[str] = ..., currency: _Optional[str] = ..., digits: _Optional[int] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class SyncRecordsRequest(_message.Message):
    __slots__ = ("channel", "device_no", "records")
    CHANNEL_FIELD_NUMBER: _ClassVar[int]
    DEVICE_NO_FIELD_NUMBER: _ClassVar[int]
    RECORDS_FIELD_NUMBER: _ClassVar[int]
    channel: str
    device_no: int
    records: _containers.RepeatedCompositeFieldContainer[DeviceRecord]
    def __init__(self, channel: _Optional[str] = ..., device_no: _Optional[int] = ..., records: _Optional[_Iterable[_Union[DeviceRecord, _Mapping]]] = ...) -> None: ...

class SyncRecordsResponse(_message.Message):
    __slots__ = ("answers", "device", "server_time")
    ANSWERS_FIELD_NUMBER: _ClassVar[int]
    DEVICE_FIELD_NUMBER: _ClassVar[int]
    SERVER_TIME_FIELD_NUMBER: _ClassVar[int]
    answers: _containers.RepeatedCompositeFieldContainer[RecordAnswer]
    device: Device
    server_time: int
    def __init__(self, answers: _Optional[_Iterable[_Union[RecordAnswer, _Mapping]]] = ..., device: _Optional[_Union[Device, _Mapping]] = ..., server_time: _Optional[int] = ...) -> None: ...

class ListRecordsRequest(_message.Message):
    __slots__ = ("channel", "device_no", "page_size", "page_token")
    CHANNEL_FIELD_NUMBER: _ClassVar[int]
    DEVICE_NO_FIELD_NUMBER: _ClassVar[int]
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    channel: str
    device_no: int
    page_size: int
    page_token: str
    def __init__(self, channel: _Optional[str] = ..., device_no: _Optional[int] = ..., page_size: _Optional[int] = ..., page_token: _Optional[str] = ...) -> None: ...

class ListRecordsResponse(_message.Message):
    __slots__ = ("records", "next_page_token")
    RECORDS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    records: _containers.RepeatedCompositeFieldContainer[KeptRecord]
    next_page_token: str
    def __init__(self, records: _Optional[_Iterable[_Union[KeptRecord, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class ListForksRequest(_message.Message):
    __slots__ = ("channel", "device_no")
    CHANNEL_FIELD_NUMBER: _ClassVar[int]
    DEVICE_NO_FIELD_NUMBER: _ClassVar[int]
    channel: str
    device_no: int
    def __init__(self, channel: _Optional[str] = ..., device_no: _Optional[int] = ...) -> None: ...

class ListForksResponse(_message.Message):
    __slots__ = ("forks",)
    FORKS_FIELD_NUMBER: _ClassVar[int]
    forks: _containers.RepeatedCompositeFieldContainer[Fork]
    def __init__(self, forks: _Optional[_Iterable[_Union[Fork, _Mapping]]] = ...) -> None: ...

class ListHandInsRequest(_message.Message):
    __slots__ = ("open", "page_size", "page_token")
    OPEN_FIELD_NUMBER: _ClassVar[int]
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    open: bool
    page_size: int
    page_token: str
    def __init__(self, open: _Optional[bool] = ..., page_size: _Optional[int] = ..., page_token: _Optional[str] = ...) -> None: ...

class ListHandInsResponse(_message.Message):
    __slots__ = ("hand_ins", "currency", "digits", "next_page_token")
    HAND_INS_FIELD_NUMBER: _ClassVar[int]
    CURRENCY_FIELD_NUMBER: _ClassVar[int]
    DIGITS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    hand_ins: _containers.RepeatedCompositeFieldContainer[HandIn]
    currency: str
    digits: int
    next_page_token: str
    def __init__(self, hand_ins: _Optional[_Iterable[_Union[HandIn, _Mapping]]] = ..., currency: _Optional[str] = ..., digits: _Optional[int] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class ConfirmHandInRequest(_message.Message):
    __slots__ = ("request_id", "channel", "device_no", "seq", "counted")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    CHANNEL_FIELD_NUMBER: _ClassVar[int]
    DEVICE_NO_FIELD_NUMBER: _ClassVar[int]
    SEQ_FIELD_NUMBER: _ClassVar[int]
    COUNTED_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    channel: str
    device_no: int
    seq: int
    counted: int
    def __init__(self, request_id: _Optional[str] = ..., channel: _Optional[str] = ..., device_no: _Optional[int] = ..., seq: _Optional[int] = ..., counted: _Optional[int] = ...) -> None: ...

class ConfirmHandInResponse(_message.Message):
    __slots__ = ("hand_in", "currency", "digits")
    HAND_IN_FIELD_NUMBER: _ClassVar[int]
    CURRENCY_FIELD_NUMBER: _ClassVar[int]
    DIGITS_FIELD_NUMBER: _ClassVar[int]
    hand_in: HandIn
    currency: str
    digits: int
    def __init__(self, hand_in: _Optional[_Union[HandIn, _Mapping]] = ..., currency: _Optional[str] = ..., digits: _Optional[int] = ...) -> None: ...

class ListConflictsRequest(_message.Message):
    __slots__ = ("open", "page_size", "page_token")
    OPEN_FIELD_NUMBER: _ClassVar[int]
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    open: bool
    page_size: int
    page_token: str
    def __init__(self, open: _Optional[bool] = ..., page_size: _Optional[int] = ..., page_token: _Optional[str] = ...) -> None: ...

class ListConflictsResponse(_message.Message):
    __slots__ = ("conflicts", "currency", "digits", "next_page_token")
    CONFLICTS_FIELD_NUMBER: _ClassVar[int]
    CURRENCY_FIELD_NUMBER: _ClassVar[int]
    DIGITS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    conflicts: _containers.RepeatedCompositeFieldContainer[Conflict]
    currency: str
    digits: int
    next_page_token: str
    def __init__(self, conflicts: _Optional[_Iterable[_Union[Conflict, _Mapping]]] = ..., currency: _Optional[str] = ..., digits: _Optional[int] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class SettleConflictRequest(_message.Message):
    __slots__ = ("request_id", "number", "how", "reason")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    HOW_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    number: int
    how: ConflictState
    reason: str
    def __init__(self, request_id: _Optional[str] = ..., number: _Optional[int] = ..., how: _Optional[_Union[ConflictState, str]] = ..., reason: _Optional[str] = ...) -> None: ...

class SettleConflictResponse(_message.Message):
    __slots__ = ("conflict", "currency", "digits")
    CONFLICT_FIELD_NUMBER: _ClassVar[int]
    CURRENCY_FIELD_NUMBER: _ClassVar[int]
    DIGITS_FIELD_NUMBER: _ClassVar[int]
    conflict: Conflict
    currency: str
    digits: int
    def __init__(self, conflict: _Optional[_Union[Conflict, _Mapping]] = ..., currency: _Optional[str] = ..., digits: _Optional[int] = ...) -> None: ...
