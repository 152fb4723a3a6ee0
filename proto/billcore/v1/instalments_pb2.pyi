from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class InstalmentPlanState(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    INSTALMENT_PLAN_STATE_UNSPECIFIED: _ClassVar[InstalmentPlanState]
    INSTALMENT_PLAN_STATE_PROPOSED: _ClassVar[InstalmentPlanState]
    INSTALMENT_PLAN_STATE_ACTIVE: _ClassVar[InstalmentPlanState]
    INSTALMENT_PLAN_STATE_COMPLETED: _ClassVar[InstalmentPlanState]
    INSTALMENT_PLAN_STATE_DEFAULTED: _ClassVar[InstalmentPlanState]
    INSTALMENT_PLAN_STATE_CANCELLED: _ClassVar[InstalmentPlanState]
    INSTALMENT_PLAN_STATE_REJECTED: _ClassVar[InstalmentPlanState]
INSTALMENT_PLAN_STATE_UNSPECIFIED: InstalmentPlanState
INSTALMENT_PLAN_STATE_PROPOSED: InstalmentPlanState
INSTALMENT_PLAN_STATE_ACTIVE: InstalmentPlanState
INSTALMENT_PLAN_STATE_COMPLETED: InstalmentPlanState
INSTALMENT_PLAN_STATE_DEFAULTED: InstalmentPlanState
INSTALMENT_PLAN_STATE_CANCELLED: InstalmentPlanState
INSTALMENT_PLAN_STATE_REJECTED: InstalmentPlanState

class InstalmentPlan(_message.Message):
    __slots__ = ("account_id", "plan_no", "state", "total", "open", "items", "instalments", "steps", "currency", "digits")
    ACCOUNT_ID_FIELD_NUMBER: _ClassVar[int]
    PLAN_NO_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    TOTAL_FIELD_NUMBER: _ClassVar[int]
    OPEN_FIELD_NUMBER: _ClassVar[int]
    ITEMS_FIELD_NUMBER: _ClassVar[int]
    INSTALMENTS_FIELD_NUMBER: _ClassVar[int]
    STEPS_FIELD_NUMBER: _ClassVar[int]
    CURRENCY_FIELD_NUMBER: _ClassVar[int]
    DIGITS_FIELD_NUMBER: _ClassVar[int]
    account_id: int
    plan_no: int
    state: InstalmentPlanState
    total: int
    open: int
    items: _containers.RepeatedCompositeFieldContainer[InstalmentItem]
    instalments: _containers.RepeatedCompositeFieldContainer[Instalment]
    steps: _containers.RepeatedCompositeFieldContainer[InstalmentPlanStep]
    currency: str
    digits: int
    def __init__(self, account_id: _Optional[int] = ..., plan_no: _Optional[int] = ..., state: _Optional[_Union[InstalmentPlanState, str]] = ..., total: _Optional[int] = ..., open: _Optional[int] = ..., items: _Optional[_Iterable[_Union[InstalmentItem, _Mapping]]] = ..., instalments: _Optional[_Iterable[_Union[Instalment, _Mapping]]] = ..., steps: _Optional[_Iterable[_Union[InstalmentPlanStep, _Mapping]]] = ..., currency: _Optional[str] = ..., digits: _Optional[int] = ...) -> None: ...

class InstalmentItem(_message.Message):
    __slots__ = ("item_id", "amount")
    ITEM_ID_FIELD_NUMBER: _ClassVar[int]
    AMOUNT_FIELD_NUMBER: _ClassVar[int]
    item_id: int
    amount: int
    def __init__(self, item_id: _Optional[int] = ..., amount: _Optional[int] = ...) -> None: ...

class Instalment(_message.Message):
    __slots__ = ("instalment_no", "due_day", "amount", "open", "account_entry_id")
    INSTALMENT_NO_FIELD_NUMBER: _ClassVar[int]
    DUE_DAY_FIELD_NUMBER: _ClassVar[int]
    AMOUNT_FIELD_NUMBER: _ClassVar[int]
    OPEN_FIELD_NUMBER: _ClassVar[int]
    ACCOUNT_ENTRY_ID_FIELD_NUMBER: _ClassVar[int]
    instalment_no: int
    due_day: str
    amount: int
    open: int
    account_entry_id: int
    def __init__(self, instalment_no: _Optional[int] = ..., due_day: _Optional[str] = ..., amount: _Optional[int] = ..., open: _Optional[int] = ..., account_entry_id: _Optional[int] = ...) -> None: ...

class InstalmentPlanStep(_message.Message):
    __slots__ = ("state", "day", "actor", "reason", "recorded_at")
    STATE_FIELD_NUMBER: _ClassVar[int]
    DAY_FIELD_NUMBER: _ClassVar[int]
    ACTOR_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    RECORDED_AT_FIELD_NUMBER: _ClassVar[int]
    state: InstalmentPlanState
    day: str
    actor: str
    reason: str
    recorded_at: int
    def __init__(self, state: _Optional[_Union[InstalmentPlanState, str]] = ..., day: _Optional[str] = ..., actor: _Optional[str] = ..., reason: _Optional[str] = ..., recorded_at: _Optional[int] = ...) -> None: ...

class ProposedInstalment(_message.Message):
    __slots__ = ("due_day", "amount")
    DUE_DAY_FIELD_NUMBER: _ClassVar[int]
    AMOUNT_FIELD_NUMBER: _ClassVar[int]
    due_day: str
    amount: int
    def __init__(self, due_day: _Optional[str] = ..., amount: _Optional[int] = ...) -> None: ...

class ProposeInstalmentsRequest(_message.Message):
    __slots__ = ("request_id", "account_id", "number", "item_ids", "instalment_count", "first_due_day", "every_days", "instalments", "reason")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    ACCOUNT_ID_FIELD_NUMBER: _ClassVar[int]
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    ITEM_IDS_FIELD_NUMBER: _ClassVar[int]
    INSTALMENT_COUNT_FIELD_NUMBER: _ClassVar[int]
    FIRST_DUE_DAY_FIELD_NUMBER: _ClassVar[int]
    EVERY_DAYS_FIELD_NUMBER: _ClassVar[int]
    INSTALMENTS_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    account_id: int
    number: str
    item_ids: _containers.RepeatedScalarFieldContainer[int]
    instalment_count: int
    first_due_day: str
    every_days: int
    instalments: _containers.RepeatedCompositeFieldContainer[ProposedInstalment]
    reason: str
    def __init__(self, request_id: _Optional[str] = ..., account_id: _Optional[int] = ..., number: _Optional[str] = ..., item_ids: _Optional[_Iterable[int]] = ..., instalment_count: _Optional[int] = ..., first_due_day: _Optional[str] = ..., every_days: _Optional[int] = ..., instalments: _Optional[_Iterable[_Union[ProposedInstalment, _Mapping]]] = ..., reason: _Optional[str] = ...) -> None: ...

class ProposeInstalmentsResponse(_message.Message):
    __slots__ = ("plan",)
    PLAN_FIELD_NUMBER: _ClassVar[int]
    plan: InstalmentPlan
    def __init__(self, plan: _Optional[_Union[InstalmentPlan, _Mapping]] = ...) -> None: ...

class ApproveInstalmentsRequest(_message.Message):
    __slots__ = ("request_id", "account_id", "number", "plan_no", "reason")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    ACCOUNT_ID_FIELD_NUMBER: _ClassVar[int]
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    PLAN_NO_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    account_id: int
    number: str
    plan_no: int
    reason: str
    def __init__(self, request_id: _Optional[str] = ..., account_id: _Optional[int] = ..., number: _Optional[str] = ..., plan_no: _Optional[int] = ..., reason: _Optional[str] = ...) -> None: ...

class ApproveInstalmentsResponse(_message.Message):
    __slots__ = ("plan",)
    PLAN_FIELD_NUMBER: _ClassVar[int]
    plan: InstalmentPlan
    def __init__(self, plan: _Optional[_Union[InstalmentPlan, _Mapping]] = ...) -> None: ...

class EndInstalmentsRequest(_message.Message):
    __slots__ = ("request_id", "account_id", "number", "plan_no", "reason")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    ACCOUNT_ID_FIELD_NUMBER: _ClassVar[int]
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    PLAN_NO_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    account_id: int
    number: str
    plan_no: int
    reason: str
    def __init__(self, request_id: _Optional[str] = ..., account_id: _Optional[int] = ..., number: _Optional[str] = ..., plan_no: _Optional[int] = ..., reason: _Optional[str] = ...) -> None: ...

class EndInstalmentsResponse(_message.Message):
    __slots__ = ("plan",)
    PLAN_FIELD_NUMBER: _ClassVar[int]
    plan: InstalmentPlan
    def __init__(self, plan: _Optional[_Union[InstalmentPlan, _Mapping]] = ...) -> None: ...

class ListInstalmentPlansRequest(_message.Message):
    __slots__ = ("account_id", "number")
    ACCOUNT_ID_FIELD_NUMBER: _ClassVar[int]
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    account_id: int
    number: str
    def __init__(self, account_id: _Optional[int] = ..., number: _Optional[str] = ...) -> None: ...

class ListInstalmentPlansResponse(_message.Message):
    __slots__ = ("plans",)
    PLANS_FIELD_NUMBER: _ClassVar[int]
    plans: _containers.RepeatedCompositeFieldContainer[InstalmentPlan]
    def __init__(self, plans: _Optional[_Iterable[_Union[InstalmentPlan, _Mapping]]] = ...) -> None: ...

class SweepInstalmentsRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class SweepInstalmentsResponse(_message.Message):
    __slots__ = ("completed", "defaulted", "reopened")
    COMPLETED_FIELD_NUMBER: _ClassVar[int]
    DEFAULTED_FIELD_NUMBER: _ClassVar[int]
    REOPENED_FIELD_NUMBER: _ClassVar[int]
    completed: int
    defaulted: int
    reopened: int
    def __init__(self, completed: _Optional[int] = ..., defaulted: _Optional[int] = ..., reopened: _Optional[int] = ...) -> None: ...
