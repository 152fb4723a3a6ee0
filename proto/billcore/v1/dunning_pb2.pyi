from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class DunningSignal(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    DUNNING_SIGNAL_UNSPECIFIED: _ClassVar[DunningSignal]
    DUNNING_SIGNAL_REMINDER: _ClassVar[DunningSignal]
    DUNNING_SIGNAL_NOTICE: _ClassVar[DunningSignal]
    DUNNING_SIGNAL_CUT_OFF_WARNING: _ClassVar[DunningSignal]
    DUNNING_SIGNAL_CUT_OFF: _ClassVar[DunningSignal]
    DUNNING_SIGNAL_RECONNECT: _ClassVar[DunningSignal]
    DUNNING_SIGNAL_SETTLED: _ClassVar[DunningSignal]

class DunningVerdict(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    DUNNING_VERDICT_UNSPECIFIED: _ClassVar[DunningVerdict]
    DUNNING_VERDICT_ACT: _ClassVar[DunningVerdict]
    DUNNING_VERDICT_END: _ClassVar[DunningVerdict]
    DUNNING_VERDICT_NOTHING_OVERDUE: _ClassVar[DunningVerdict]
    DUNNING_VERDICT_COVERED: _ClassVar[DunningVerdict]
    DUNNING_VERDICT_NO_POLICY: _ClassVar[DunningVerdict]
    DUNNING_VERDICT_PAUSED: _ClassVar[DunningVerdict]
    DUNNING_VERDICT_LAST_LEVEL: _ClassVar[DunningVerdict]
    DUNNING_VERDICT_NOT_LATE_ENOUGH: _ClassVar[DunningVerdict]
    DUNNING_VERDICT_WAITING: _ClassVar[DunningVerdict]
    DUNNING_VERDICT_BELOW_MINIMUM: _ClassVar[DunningVerdict]
    DUNNING_VERDICT_WRONG_WEEKDAY: _ClassVar[DunningVerdict]

class DunningItemState(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    DUNNING_ITEM_STATE_UNSPECIFIED: _ClassVar[DunningItemState]
    DUNNING_ITEM_STATE_DEBT: _ClassVar[DunningItemState]
    DUNNING_ITEM_STATE_DISPUTED: _ClassVar[DunningItemState]
    DUNNING_ITEM_STATE_COVERED: _ClassVar[DunningItemState]
    DUNNING_ITEM_STATE_NOT_DUE: _ClassVar[DunningItemState]
    DUNNING_ITEM_STATE_NOT_COUNTED: _ClassVar[DunningItemState]
DUNNING_SIGNAL_UNSPECIFIED: DunningSignal
DUNNING_SIGNAL_REMINDER: DunningSignal
DUNNING_SIGNAL_NOTICE: DunningSignal
DUNNING_SIGNAL_CUT_OFF_WARNING: DunningSignal
DUNNING_SIGNAL_CUT_OFF: DunningSignal
DUNNING_SIGNAL_RECONNECT: DunningSignal
DUNNING_SIGNAL_SETTLED: DunningSignal
DUNNING_VERDICT_UNSPECIFIED: DunningVerdict
DUNNING_VERDICT_ACT: DunningVerdict
DUNNING_VERDICT_END: DunningVerdict
DUNNING_VERDICT_NOTHING_OVERDUE: DunningVerdict
DUNNING_VERDICT_COVERED: DunningVerdict
DUNNING_VERDICT_NO_POLICY: DunningVerdict
DUNNING_VERDICT_PAUSED: DunningVerdict
DUNNING_VERDICT_LAST_LEVEL: DunningVerdict
DUNNING_VERDICT_NOT_LATE_ENOUGH: DunningVerdict
DUNNING_VERDICT_WAITING: DunningVerdict
DUNNING_VERDICT_BELOW_MINIMUM: DunningVerdict
DUNNING_VERDICT_WRONG_WEEKDAY: DunningVerdict
DUNNING_ITEM_STATE_UNSPECIFIED: DunningItemState
DUNNING_ITEM_STATE_DEBT: DunningItemState
DUNNING_ITEM_STATE_DISPUTED: DunningItemState
DUNNING_ITEM_STATE_COVERED: DunningItemState
DUNNING_ITEM_STATE_NOT_DUE: DunningItemState
DUNNING_ITEM_STATE_NOT_COUNTED: DunningItemState

class DunningPolicy(_message.Message):
    __slots__ = ("name", "definition", "revision")
    NAME_FIELD_NUMBER: _ClassVar[int]
    DEFINITION_FIELD_NUMBER: _ClassVar[int]
    REVISION_FIELD_NUMBER: _ClassVar[int]
    name: str
    definition: str
    revision: int
    def __init__(self, name: _Optional[str] = ..., definition: _Optional[str] = ..., revision: _Optional[int] = ...) -> None: ...

class SetDunningPolicyRequest(_message.Message):
    __slots__ = ("request_id", "policy", "reason")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    POLICY_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    policy: DunningPolicy
    reason: str
    def __init__(self, request_id: _Optional[str] = ..., policy: _Optional[_Union[DunningPolicy, _Mapping]] = ..., reason: _Optional[str] = ...) -> None: ...

class SetDunningPolicyResponse(_message.Message):
    __slots__ = ("policy",)
    POLICY_FIELD_NUMBER: _ClassVar[int]
    policy: DunningPolicy
    def __init__(self, policy: _Optional[_Union[DunningPolicy, _Mapping]] = ...) -> None: ...

class ListDunningPoliciesRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class ListDunningPoliciesResponse(_message.Message):
    __slots__ = ("policies",)
    POLICIES_FIELD_NUMBER: _ClassVar[int]
    policies: _containers.RepeatedCompositeFieldContainer[DunningPolicy]
    def __init__(self, policies: _Optional[_Iterable[_Union[DunningPolicy, _Mapping]]] = ...) -> None: ...

class SweepDunningRequest(_message.Message):
    __slots__ = ("page_token",)
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    page_token: str
    def __init__(self, page_token: _Optional[str] = ...) -> None: ...

class SweepDunningResponse(_message.Message):
    __slots__ = ("day", "accounts", "counts", "next_page_token")
    DAY_FIELD_NUMBER: _ClassVar[int]
    ACCOUNTS_FIELD_NUMBER: _ClassVar[int]
    COUNTS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    day: str
    accounts: int
    counts: _containers.RepeatedCompositeFieldContainer[DunningCount]
    next_page_token: str
    def __init__(self, day: _Optional[str] = ..., accounts: _Optional[int] = ..., counts: _Optional[_Iterable[_Union[DunningCount, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class DunningCount(_message.Message):
    __slots__ = ("signal", "accounts", "debt", "charged")
    SIGNAL_FIELD_NUMBER: _ClassVar[int]
    ACCOUNTS_FIELD_NUMBER: _ClassVar[int]
    DEBT_FIELD_NUMBER: _ClassVar[int]
    CHARGED_FIELD_NUMBER: _ClassVar[int]
    signal: DunningSignal
    accounts: int
    debt: int
    charged: int
    def __init__(self, signal: _Optional[_Union[DunningSignal, str]] = ..., accounts: _Optional[int] = ..., debt: _Optional[int] = ..., charged: _Optional[int] = ...) -> None: ...

class ExplainDunningRequest(_message.Message):
    __slots__ = ("account_id", "number", "day")
    ACCOUNT_ID_FIELD_NUMBER: _ClassVar[int]
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    DAY_FIELD_NUMBER: _ClassVar[int]
    account_id: int
    number: str
    day: str
    def __init__(self, account_id: _Optional[int] = ..., number: _Optional[str] = ..., day: _Optional[str] = ...) -> None: ...

class ExplainDunningResponse(_message.Message):
    __slots__ = ("account_id", "day", "verdict", "not_before", "overdue", "debt", "oldest_due_day", "in_flight", "policy", "episode", "level", "next_level", "pause", "items", "currency", "digits")
    ACCOUNT_ID_FIELD_NUMBER: _ClassVar[int]
    DAY_FIELD_NUMBER: _ClassVar[int]
    VERDICT_FIELD_NUMBER: _ClassVar[int]
    NOT_BEFORE_FIELD_NUMBER: _ClassVar[int]
    OVERDUE_FIELD_NUMBER: _ClassVar[int]
    DEBT_FIELD_NUMBER: _ClassVar[int]
    OLDEST_DUE_DAY_FIELD_NUMBER: _ClassVar[int]
    IN_FLIGHT_FIELD_NUMBER: _ClassVar[int]
    POLICY_FIELD_NUMBER: _ClassVar[int]
    EPISODE_FIELD_NUMBER: _ClassVar[int]
    LEVEL_FIELD_NUMBER: _ClassVar[int]
    NEXT_LEVEL_FIELD_NUMBER: _ClassVar[int]
    PAUSE_FIELD_NUMBER: _ClassVar[int]
    ITEMS_FIELD_NUMBER: _ClassVar[int]
    CURRENCY_FIELD_NUMBER: _ClassVar[int]
    DIGITS_FIELD_NUMBER: _ClassVar[int]
    account_id: int
    day: str
    verdict: DunningVerdict
    not_before: str
    overdue: int
    debt: int
    oldest_due_day: str
    in_flight: int
    policy: DunningPolicy
    episode: int
    level: int
    next_level: int
    pause: DunningPause
    items: _containers.RepeatedCompositeFieldContainer[DunningItem]
    currency: str
    digits: int
    def __init__(self, account_id: _Optional[int] = ..., day: _Optional[str] = ..., verdict: _Optional[_Union[DunningVerdict, str]] = ..., not_before: _Optional[str] = ..., overdue: _Optional[int] = ..., debt: _Optional[int] = ..., oldest_due_day: _Optional[str] = ..., in_flight: _Optional[int] = ..., policy: _Optional[_Union[DunningPolicy, _Mapping]] = ..., episode: _Optional[int] = ..., level: _Optional[int] = ..., next_level: _Optional[int] = ..., pause: _Optional[_Union[DunningPause, _Mapping]] = ..., items: _Optional[_Iterable[_Union[DunningItem, _Mapping]]] = ..., currency: _Optional[str] = ..., digits: _Optional[int] = ...) -> None: ...

class DunningItem(_message.Message):
    __slots__ = ("item_id", "due_day", "open", "held", "debt", "state")
    ITEM_ID_FIELD_NUMBER: _ClassVar[int]
    DUE_DAY_FIELD_NUMBER: _ClassVar[int]
    OPEN_FIELD_NUMBER: _ClassVar[int]
    HELD_FIELD_NUMBER: _ClassVar[int]
    DEBT_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    item_id: int
    due_day: str
    open: int
    held: int
    debt: int
    state: DunningItemState
    def __init__(self, item_id: _Optional[int] = ..., due_day: _Optional[str] = ..., open: _Optional[int] = ..., held: _Optional[int] = ..., debt: _Optional[int] = ..., state: _Optional[_Union[DunningItemState, str]] = ...) -> None: ...

class ListDunningActionsRequest(_message.Message):
    __slots__ = ("account_id", "number", "page_size", "page_token")
    ACCOUNT_ID_FIELD_NUMBER: _ClassVar[int]
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    account_id: int
    number: str
    page_size: int
    page_token: str
    def __init__(self, account_id: _Optional[int] = ..., number: _Optional[str] = ..., page_size: _Optional[int] = ..., page_token: _Optional[str] = ...) -> None: ...

class ListDunningActionsResponse(_message.Message):
    __slots__ = ("actions", "currency", "digits", "next_page_token")
    ACTIONS_FIELD_NUMBER: _ClassVar[int]
    CURRENCY_FIELD_NUMBER: _ClassVar[int]
    DIGITS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    actions: _containers.RepeatedCompositeFieldContainer[DunningAction]
    currency: str
    digits: int
    next_page_token: str
    def __init__(self, actions: _Optional[_Iterable[_Union[DunningAction, _Mapping]]] = ..., currency: _Optional[str] = ..., digits: _Optional[int] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class DunningAction(_message.Message):
    __slots__ = ("action_no", "episode", "level", "signal", "day", "debt", "overdue", "oldest_due_day", "about_day", "policy", "revision", "charge", "tax", "account_entry_id", "recorded_at")
    ACTION_NO_FIELD_NUMBER: _ClassVar[int]
    EPISODE_FIELD_NUMBER: _ClassVar[int]
    LEVEL_FIELD_NUMBER: _ClassVar[int]
    SIGNAL_FIELD_NUMBER: _ClassVar[int]
    DAY_FIELD_NUMBER: _ClassVar[int]
    DEBT_FIELD_NUMBER: _ClassVar[int]
    OVERDUE_FIELD_NUMBER: _ClassVar[int]
    OLDEST_DUE_DAY_FIELD_NUMBER: _ClassVar[int]
    ABOUT_DAY_FIELD_NUMBER: _ClassVar[int]
    POLICY_FIELD_NUMBER: _ClassVar[int]
    REVISION_FIELD_NUMBER: _ClassVar[int]
    CHARGE_FIELD_NUMBER: _ClassVar[int]
    TAX_FIELD_NUMBER: _ClassVar[int]
    ACCOUNT_ENTRY_ID_FIELD_NUMBER: _ClassVar[int]
    RECORDED_AT_FIELD_NUMBER: _ClassVar[int]
    action_no: int
    episode: int
    level: int
    signal: DunningSignal
    day: str
    debt: int
    overdue: int
    oldest_due_day: str
    about_day: str
    policy: str
    revision: int
    charge: int
    tax: int
    account_entry_id: int
    recorded_at: int
    def __init__(self, action_no: _Optional[int] = ..., episode: _Optional[int] = ..., level: _Optional[int] = ..., signal: _Optional[_Union[DunningSignal, str]] = ..., day: _Optional[str] = ..., debt: _Optional[int] = ..., overdue: _Optional[int] = ..., oldest_due_day: _Optional[str] = ..., about_day: _Optional[str] = ..., policy: _Optional[str] = ..., revision: _Optional[int] = ..., charge: _Optional[int] = ..., tax: _Optional[int] = ..., account_entry_id: _Optional[int] = ..., recorded_at: _Optional[int] = ...) -> None: ...

class PauseDunningRequest(_message.Message):
    __slots__ = ("request_id", "account_id", "number", "reason_code", "from_day", "until_day", "source", "reason")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    ACCOUNT_ID_FIELD_NUMBER: _ClassVar[int]
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    REASON_CODE_FIELD_NUMBER: _ClassVar[int]
    FROM_DAY_FIELD_NUMBER: _ClassVar[int]
    UNTIL_DAY_FIELD_NUMBER: _ClassVar[int]
    SOURCE_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    account_id: int
    number: str
    reason_code: str
    from_day: str
    until_day: str
    source: str
    reason: str
    def __init__(self, request_id: _Optional[str] = ..., account_id: _Optional[int] = ..., number: _Optional[str] = ..., reason_code: _Optional[str] = ..., from_day: _Optional[str] = ..., until_day: _Optional[str] = ..., source: _Optional[str] = ..., reason: _Optional[str] = ...) -> None: ...

class PauseDunningResponse(_message.Message):
    __slots__ = ("pause",)
    PAUSE_FIELD_NUMBER: _ClassVar[int]
    pause: DunningPause
    def __init__(self, pause: _Optional[_Union[DunningPause, _Mapping]] = ...) -> None: ...

class ResumeDunningRequest(_message.Message):
    __slots__ = ("request_id", "account_id", "number", "source", "until_day", "reason")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    ACCOUNT_ID_FIELD_NUMBER: _ClassVar[int]
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    SOURCE_FIELD_NUMBER: _ClassVar[int]
    UNTIL_DAY_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    account_id: int
    number: str
    source: str
    until_day: str
    reason: str
    def __init__(self, request_id: _Optional[str] = ..., account_id: _Optional[int] = ..., number: _Optional[str] = ..., source: _Optional[str] = ..., until_day: _Optional[str] = ..., reason: _Optional[str] = ...) -> None: ...

class ResumeDunningResponse(_message.Message):
    __slots__ = ("pause",)
    PAUSE_FIELD_NUMBER: _ClassVar[int]
    pause: DunningPause
    def __init__(self, pause: _Optional[_Union[DunningPause, _Mapping]] = ...) -> None: ...

class DunningPause(_message.Message):
    __slots__ = ("account_id", "source", "reason_code", "from_day", "until_day", "reason", "version", "recorded_at")
    ACCOUNT_ID_FIELD_NUMBER: _ClassVar[int]
    SOURCE_FIELD_NUMBER: _ClassVar[int]
    REASON_CODE_FIELD_NUMBER: _ClassVar[int]
    FROM_DAY_FIELD_NUMBER: _ClassVar[int]
    UNTIL_DAY_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    RECORDED_AT_FIELD_NUMBER: _ClassVar[int]
    account_id: int
    source: str
    reason_code: str
    from_day: str
    until_day: str
    reason: str
    version: int
    recorded_at: int
    def __init__(self, account_id: _Optional[int] = ..., source: _Optional[str] = ..., reason_code: _Optional[str] = ..., from_day: _Optional[str] = ..., until_day: _Optional[str] = ..., reason: _Optional[str] = ..., version: _Optional[int] = ..., recorded_at: _Optional[int] = ...) -> None: ...

class ListDunningPausesRequest(_message.Message):
    __slots__ = ("account_id", "number")
    ACCOUNT_ID_FIELD_NUMBER: _ClassVar[int]
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    account_id: int
    number: str
    def __init__(self, account_id: _Optional[int] = ..., number: _Optional[str] = ...) -> None: ...

class ListDunningPausesResponse(_message.Message):
    __slots__ = ("pauses",)
    PAUSES_FIELD_NUMBER: _ClassVar[int]
    pauses: _containers.RepeatedCompositeFieldContainer[DunningPause]
    def __init__(self, pauses: _Optional[_Iterable[_Union[DunningPause, _Mapping]]] = ...) -> None: ...

class WaiveDunningChargeRequest(_message.Message):
    __slots__ = ("request_id", "account_id", "number", "account_entry_id", "day", "reason")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    ACCOUNT_ID_FIELD_NUMBER: _ClassVar[int]
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    ACCOUNT_ENTRY_ID_FIELD_NUMBER: _ClassVar[int]
    DAY_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    account_id: int
    number: str
    account_entry_id: int
    day: str
    reason: str
    def __init__(self, request_id: _Optional[str] = ..., account_id: _Optional[int] = ..., number: _Optional[str] = ..., account_entry_id: _Optional[int] = ..., day: _Optional[str] = ..., reason: _Optional[str] = ...) -> None: ...

class WaiveDunningChargeResponse(_message.Message):
    __slots__ = ("action", "account_entry_id")
    ACTION_FIELD_NUMBER: _ClassVar[int]
    ACCOUNT_ENTRY_ID_FIELD_NUMBER: _ClassVar[int]
    action: DunningAction
    account_entry_id: int
    def __init__(self, action: _Optional[_Union[DunningAction, _Mapping]] = ..., account_entry_id: _Optional[int] = ...) -> None: ...
