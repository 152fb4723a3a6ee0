from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class WriteOffStepKind(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    WRITE_OFF_STEP_KIND_UNSPECIFIED: _ClassVar[WriteOffStepKind]
    WRITE_OFF_STEP_KIND_PROPOSED: _ClassVar[WriteOffStepKind]
    WRITE_OFF_STEP_KIND_WRITTEN_OFF: _ClassVar[WriteOffStepKind]
    WRITE_OFF_STEP_KIND_REJECTED: _ClassVar[WriteOffStepKind]
    WRITE_OFF_STEP_KIND_UNDONE: _ClassVar[WriteOffStepKind]
    WRITE_OFF_STEP_KIND_RECOVERED: _ClassVar[WriteOffStepKind]
    WRITE_OFF_STEP_KIND_TAKEN_BACK: _ClassVar[WriteOffStepKind]
WRITE_OFF_STEP_KIND_UNSPECIFIED: WriteOffStepKind
WRITE_OFF_STEP_KIND_PROPOSED: WriteOffStepKind
WRITE_OFF_STEP_KIND_WRITTEN_OFF: WriteOffStepKind
WRITE_OFF_STEP_KIND_REJECTED: WriteOffStepKind
WRITE_OFF_STEP_KIND_UNDONE: WriteOffStepKind
WRITE_OFF_STEP_KIND_RECOVERED: WriteOffStepKind
WRITE_OFF_STEP_KIND_TAKEN_BACK: WriteOffStepKind

class WriteOff(_message.Message):
    __slots__ = ("account_id", "write_off_no", "state", "total", "recovered", "reason_code", "items", "steps", "currency", "digits")
    ACCOUNT_ID_FIELD_NUMBER: _ClassVar[int]
    WRITE_OFF_NO_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    TOTAL_FIELD_NUMBER: _ClassVar[int]
    RECOVERED_FIELD_NUMBER: _ClassVar[int]
    REASON_CODE_FIELD_NUMBER: _ClassVar[int]
    ITEMS_FIELD_NUMBER: _ClassVar[int]
    STEPS_FIELD_NUMBER: _ClassVar[int]
    CURRENCY_FIELD_NUMBER: _ClassVar[int]
    DIGITS_FIELD_NUMBER: _ClassVar[int]
    account_id: int
    write_off_no: int
    state: WriteOffStepKind
    total: int
    recovered: int
    reason_code: str
    items: _containers.RepeatedCompositeFieldContainer[WriteOffItem]
    steps: _containers.RepeatedCompositeFieldContainer[WriteOffStep]
    currency: str
    digits: int
    def __init__(self, account_id: _Optional[int] = ..., write_off_no: _Optional[int] = ..., state: _Optional[_Union[WriteOffStepKind, str]] = ..., total: _Optional[int] = ..., recovered: _Optional[int] = ..., reason_code: _Optional[str] = ..., items: _Optional[_Iterable[_Union[WriteOffItem, _Mapping]]] = ..., steps: _Optional[_Iterable[_Union[WriteOffStep, _Mapping]]] = ..., currency: _Optional[str] = ..., digits: _Optional[int] = ...) -> None: ...

class WriteOffItem(_message.Message):
    __slots__ = ("item_id", "amount")
    ITEM_ID_FIELD_NUMBER: _ClassVar[int]
    AMOUNT_FIELD_NUMBER: _ClassVar[int]
    item_id: int
    amount: int
    def __init__(self, item_id: _Optional[int] = ..., amount: _Optional[int] = ...) -> None: ...

class WriteOffStep(_message.Message):
    __slots__ = ("kind", "day", "amount", "account_entry_id", "actor", "reason", "recorded_at")
    KIND_FIELD_NUMBER: _ClassVar[int]
    DAY_FIELD_NUMBER: _ClassVar[int]
    AMOUNT_FIELD_NUMBER: _ClassVar[int]
    ACCOUNT_ENTRY_ID_FIELD_NUMBER: _ClassVar[int]
    ACTOR_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    RECORDED_AT_FIELD_NUMBER: _ClassVar[int]
    kind: WriteOffStepKind
    day: str
    amount: int
    account_entry_id: int
    actor: str
    reason: str
    recorded_at: int
    def __init__(self, kind: _Optional[_Union[WriteOffStepKind, str]] = ..., day: _Optional[str] = ..., amount: _Optional[int] = ..., account_entry_id: _Optional[int] = ..., actor: _Optional[str] = ..., reason: _Optional[str] = ..., recorded_at: _Optional[int] = ...) -> None: ...

class ProposeWriteOffRequest(_message.Message):
    __slots__ = ("request_id", "account_id", "number", "item_ids", "reason_code", "reason")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    ACCOUNT_ID_FIELD_NUMBER: _ClassVar[int]
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    ITEM_IDS_FIELD_NUMBER: _ClassVar[int]
    REASON_CODE_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    account_id: int
    number: str
    item_ids: _containers.RepeatedScalarFieldContainer[int]
    reason_code: str
    reason: str
    def __init__(self, request_id: _Optional[str] = ..., account_id: _Optional[int] = ..., number: _Optional[str] = ..., item_ids: _Optional[_Iterable[int]] = ..., reason_code: _Optional[str] = ..., reason: _Optional[str] = ...) -> None: ...

class ProposeWriteOffResponse(_message.Message):
    __slots__ = ("write_off",)
    WRITE_OFF_FIELD_NUMBER: _ClassVar[int]
    write_off: WriteOff
    def __init__(self, write_off: _Optional[_Union[WriteOff, _Mapping]] = ...) -> None: ...

class ApproveWriteOffRequest(_message.Message):
    __slots__ = ("request_id", "account_id", "number", "write_off_no", "reason")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    ACCOUNT_ID_FIELD_NUMBER: _ClassVar[int]
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    WRITE_OFF_NO_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    account_id: int
    number: str
    write_off_no: int
    reason: str
    def __init__(self, request_id: _Optional[str] = ..., account_id: _Optional[int] = ..., number: _Optional[str] = ..., write_off_no: _Optional[int] = ..., reason: _Optional[str] = ...) -> None: ...

class ApproveWriteOffResponse(_message.Message):
    __slots__ = ("write_off",)
    WRITE_OFF_FIELD_NUMBER: _ClassVar[int]
    write_off: WriteOff
    def __init__(self, write_off: _Optional[_Union[WriteOff, _Mapping]] = ...) -> None: ...

class EndWriteOffRequest(_message.Message):
    __slots__ = ("request_id", "account_id", "number", "write_off_no", "reason")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    ACCOUNT_ID_FIELD_NUMBER: _ClassVar[int]
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    WRITE_OFF_NO_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    account_id: int
    number: str
    write_off_no: int
    reason: str
    def __init__(self, request_id: _Optional[str] = ..., account_id: _Optional[int] = ..., number: _Optional[str] = ..., write_off_no: _Optional[int] = ..., reason: _Optional[str] = ...) -> None: ...

class EndWriteOffResponse(_message.Message):
    __slots__ = ("write_off",)
    WRITE_OFF_FIELD_NUMBER: _ClassVar[int]
    write_off: WriteOff
    def __init__(self, write_off: _Optional[_Union[WriteOff, _Mapping]] = ...) -> None: ...

class ListWriteOffsRequest(_message.Message):
    __slots__ = ("account_id", "number")
    ACCOUNT_ID_FIELD_NUMBER: _ClassVar[int]
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    account_id: int
    number: str
    def __init__(self, account_id: _Optional[int] = ..., number: _Optional[str] = ...) -> None: ...

class ListWriteOffsResponse(_message.Message):
    __slots__ = ("write_offs",)
    WRITE_OFFS_FIELD_NUMBER: _ClassVar[int]
    write_offs: _containers.RepeatedCompositeFieldContainer[WriteOff]
    def __init__(self, write_offs: _Optional[_Iterable[_Union[WriteOff, _Mapping]]] = ...) -> None: ...

class RecoverWriteOffsRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class RecoverWriteOffsResponse(_message.Message):
    __slots__ = ("recoveries", "amount")
    RECOVERIES_FIELD_NUMBER: _ClassVar[int]
    AMOUNT_FIELD_NUMBER: _ClassVar[int]
    recoveries: int
    amount: int
    def __init__(self, recoveries: _Optional[int] = ..., amount: _Optional[int] = ...) -> None: ...
