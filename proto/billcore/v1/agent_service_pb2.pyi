from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class CashKind(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    CASH_KIND_UNSPECIFIED: _ClassVar[CashKind]
    CASH_KIND_PAYMENT: _ClassVar[CashKind]
    CASH_KIND_REVERSAL: _ClassVar[CashKind]
    CASH_KIND_SALE: _ClassVar[CashKind]
    CASH_KIND_HAND_OVER: _ClassVar[CashKind]
    CASH_KIND_SHORT_OVER: _ClassVar[CashKind]
CASH_KIND_UNSPECIFIED: CashKind
CASH_KIND_PAYMENT: CashKind
CASH_KIND_REVERSAL: CashKind
CASH_KIND_SALE: CashKind
CASH_KIND_HAND_OVER: CashKind
CASH_KIND_SHORT_OVER: CashKind

class Agent(_message.Message):
    __slots__ = ("channel", "name", "float_limit", "commission_fixed", "commission_per_10000", "held", "shift_no", "is_open", "revision", "recorded_at")
    CHANNEL_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    FLOAT_LIMIT_FIELD_NUMBER: _ClassVar[int]
    COMMISSION_FIXED_FIELD_NUMBER: _ClassVar[int]
    COMMISSION_PER_10000_FIELD_NUMBER: _ClassVar[int]
    HELD_FIELD_NUMBER: _ClassVar[int]
    SHIFT_NO_FIELD_NUMBER: _ClassVar[int]
    IS_OPEN_FIELD_NUMBER: _ClassVar[int]
    REVISION_FIELD_NUMBER: _ClassVar[int]
    RECORDED_AT_FIELD_NUMBER: _ClassVar[int]
    channel: str
    name: str
    float_limit: int
    commission_fixed: int
    commission_per_10000: int
    held: int
    shift_no: int
    is_open: bool
    revision: int
    recorded_at: int
    def __init__(self, channel: _Optional[str] = ..., name: _Optional[str] = ..., float_limit: _Optional[int] = ..., commission_fixed: _Optional[int] = ..., commission_per_10000: _Optional[int] = ..., held: _Optional[int] = ..., shift_no: _Optional[int] = ..., is_open: _Optional[bool] = ..., revision: _Optional[int] = ..., recorded_at: _Optional[int] = ...) -> None: ...

class CreateAgentRequest(_message.Message):
    __slots__ = ("request_id", "agent")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    AGENT_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    agent: Agent
    def __init__(self, request_id: _Optional[str] = ..., agent: _Optional[_Union[Agent, _Mapping]] = ...) -> None: ...

class CreateAgentResponse(_message.Message):
    __slots__ = ("agent",)
    AGENT_FIELD_NUMBER: _ClassVar[int]
    agent: Agent
    def __init__(self, agent: _Optional[_Union[Agent, _Mapping]] = ...) -> None: ...

class UpdateAgentRequest(_message.Message):
    __slots__ = ("request_id", "agent", "reason")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    AGENT_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    agent: Agent
    reason: str
    def __init__(self, request_id: _Optional[str] = ..., agent: _Optional[_Union[Agent, _Mapping]] = ..., reason: _Optional[str] = ...) -> None: ...

class UpdateAgentResponse(_message.Message):
    __slots__ = ("agent",)
    AGENT_FIELD_NUMBER: _ClassVar[int]
    agent: Agent
    def __init__(self, agent: _Optional[_Union[Agent, _Mapping]] = ...) -> None: ...

class GetAgentRequest(_message.Message):
    __slots__ = ("channel",)
    CHANNEL_FIELD_NUMBER: _ClassVar[int]
    channel: str
    def __init__(self, channel: _Optional[str] = ...) -> None: ...

class GetAgentResponse(_message.Message):
    __slots__ = ("agent",)
    AGENT_FIELD_NUMBER: _ClassVar[int]
    agent: Agent
    def __init__(self, agent: _Optional[_Union[Agent, _Mapping]] = ...) -> None: ...

class ListAgentsRequest(_message.Message):
    __slots__ = ("page_size", "page_token")
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    page_size: int
    page_token: str
    def __init__(self, page_size: _Optional[int] = ..., page_token: _Optional[str] = ...) -> None: ...

class ListAgentsResponse(_message.Message):
    __slots__ = ("agents", "next_page_token")
    AGENTS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    agents: _containers.RepeatedCompositeFieldContainer[Agent]
    next_page_token: str
    def __init__(self, agents: _Optional[_Iterable[_Union[Agent, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class OpenShiftRequest(_message.Message):
    __slots__ = ("request_id", "channel")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    CHANNEL_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    channel: str
    def __init__(self, request_id: _Optional[str] = ..., channel: _Optional[str] = ...) -> None: ...

class OpenShiftResponse(_message.Message):
    __slots__ = ("shift",)
    SHIFT_FIELD_NUMBER: _ClassVar[int]
    shift: Shift
    def __init__(self, shift: _Optional[_Union[Shift, _Mapping]] = ...) -> None: ...

class Shift(_message.Message):
    __slots__ = ("shift_no", "opened_at", "opened_by", "closed_at", "closed_by", "expected", "counted")
    SHIFT_NO_FIELD_NUMBER: _ClassVar[int]
    OPENED_AT_FIELD_NUMBER: _ClassVar[int]
    OPENED_BY_FIELD_NUMBER: _ClassVar[int]
    CLOSED_AT_FIELD_NUMBER: _ClassVar[int]
    CLOSED_BY_FIELD_NUMBER: _ClassVar[int]
    EXPECTED_FIELD_NUMBER: _ClassVar[int]
    COUNTED_FIELD_NUMBER: _ClassVar[int]
    shift_no: int
    opened_at: int
    opened_by: int
    closed_at: int
    closed_by: int
    expected: int
    counted: int
    def __init__(self, shift_no: _Optional[int] = ..., opened_at: _Optional[int] = ..., opened_by: _Optional[int] = ..., closed_at: _Optional[int] = ..., closed_by: _Optional[int] = ..., expected: _Optional[int] = ..., counted: _Optional[int] = ...) -> None: ...

class CashSum(_message.Message):
    __slots__ = ("kind", "times", "amount", "commission")
    KIND_FIELD_NUMBER: _ClassVar[int]
    TIMES_FIELD_NUMBER: _ClassVar[int]
    AMOUNT_FIELD_NUMBER: _ClassVar[int]
    COMMISSION_FIELD_NUMBER: _ClassVar[int]
    kind: CashKind
    times: int
    amount: int
    commission: int
    def __init__(self, kind: _Optional[_Union[CashKind, str]] = ..., times: _Optional[int] = ..., amount: _Optional[int] = ..., commission: _Optional[int] = ...) -> None: ...

class HandOverCashRequest(_message.Message):
    __slots__ = ("request_id", "channel", "amount")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    CHANNEL_FIELD_NUMBER: _ClassVar[int]
    AMOUNT_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    channel: str
    amount: int
    def __init__(self, request_id: _Optional[str] = ..., channel: _Optional[str] = ..., amount: _Optional[int] = ...) -> None: ...

class HandOverCashResponse(_message.Message):
    __slots__ = ("agent",)
    AGENT_FIELD_NUMBER: _ClassVar[int]
    agent: Agent
    def __init__(self, agent: _Optional[_Union[Agent, _Mapping]] = ...) -> None: ...

class CloseShiftRequest(_message.Message):
    __slots__ = ("request_id", "channel", "counted")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    CHANNEL_FIELD_NUMBER: _ClassVar[int]
    COUNTED_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    channel: str
    counted: int
    def __init__(self, request_id: _Optional[str] = ..., channel: _Optional[str] = ..., counted: _Optional[int] = ...) -> None: ...

class CloseShiftResponse(_message.Message):
    __slots__ = ("shift", "sums")
    SHIFT_FIELD_NUMBER: _ClassVar[int]
    SUMS_FIELD_NUMBER: _ClassVar[int]
    shift: Shift
    sums: _containers.RepeatedCompositeFieldContainer[CashSum]
    def __init__(self, shift: _Optional[_Union[Shift, _Mapping]] = ..., sums: _Optional[_Iterable[_Union[CashSum, _Mapping]]] = ...) -> None: ...

class GetShiftRequest(_message.Message):
    __slots__ = ("channel", "shift_no")
    CHANNEL_FIELD_NUMBER: _ClassVar[int]
    SHIFT_NO_FIELD_NUMBER: _ClassVar[int]
    channel: str
    shift_no: int
    def __init__(self, channel: _Optional[str] = ..., shift_no: _Optional[int] = ...) -> None: ...

class GetShiftResponse(_message.Message):
    __slots__ = ("shift", "sums")
    SHIFT_FIELD_NUMBER: _ClassVar[int]
    SUMS_FIELD_NUMBER: _ClassVar[int]
    shift: Shift
    sums: _containers.RepeatedCompositeFieldContainer[CashSum]
    def __init__(self, shift: _Optional[_Union[Shift, _Mapping]] = ..., sums: _Optional[_Iterable[_Union[CashSum, _Mapping]]] = ...) -> None: ...

class ListShiftsRequest(_message.Message):
    __slots__ = ("channel", "page_size", "page_token")
    CHANNEL_FIELD_NUMBER: _ClassVar[int]
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    channel: str
    page_size: int
    page_token: str
    def __init__(self, channel: _Optional[str] = ..., page_size: _Optional[int] = ..., page_token: _Optional[str] = ...) -> None: ...

class ListShiftsResponse(_message.Message):
    __slots__ = ("shifts", "next_page_token")
    SHIFTS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    shifts: _containers.RepeatedCompositeFieldContainer[Shift]
    next_page_token: str
    def __init__(self, shifts: _Optional[_Iterable[_Union[Shift, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...
