from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class Autopay(_message.Message):
    __slots__ = ("account_id", "channel", "remind_days", "amount_max", "enabled", "revision", "recorded_at")
    ACCOUNT_ID_FIELD_NUMBER: _ClassVar[int]
    CHANNEL_FIELD_NUMBER: _ClassVar[int]
    REMIND_DAYS_FIELD_NUMBER: _ClassVar[int]
    AMOUNT_MAX_FIELD_NUMBER: _ClassVar[int]
    ENABLED_FIELD_NUMBER: _ClassVar[int]
    REVISION_FIELD_NUMBER: _ClassVar[int]
    RECORDED_AT_FIELD_NUMBER: _ClassVar[int]
    account_id: int
    channel: str
    remind_days: int
    amount_max: int
    enabled: bool
    revision: int
    recorded_at: int
    def __init__(self, account_id: _Optional[int] = ..., channel: _Optional[str] = ..., remind_days: _Optional[int] = ..., amount_max: _Optional[int] = ..., enabled: _Optional[bool] = ..., revision: _Optional[int] = ..., recorded_at: _Optional[int] = ...) -> None: ...

class AutopayReminder(_message.Message):
    __slots__ = ("bill_id", "channel", "day", "due_day", "amount", "open", "recorded_at")
    BILL_ID_FIELD_NUMBER: _ClassVar[int]
    CHANNEL_FIELD_NUMBER: _ClassVar[int]
    DAY_FIELD_NUMBER: _ClassVar[int]
    DUE_DAY_FIELD_NUMBER: _ClassVar[int]
    AMOUNT_FIELD_NUMBER: _ClassVar[int]
    OPEN_FIELD_NUMBER: _ClassVar[int]
    RECORDED_AT_FIELD_NUMBER: _ClassVar[int]
    bill_id: int
    channel: str
    day: str
    due_day: str
    amount: int
    open: int
    recorded_at: int
    def __init__(self, bill_id: _Optional[int] = ..., channel: _Optional[str] = ..., day: _Optional[str] = ..., due_day: _Optional[str] = ..., amount: _Optional[int] = ..., open: _Optional[int] = ..., recorded_at: _Optional[int] = ...) -> None: ...

class SetAutopayRequest(_message.Message):
    __slots__ = ("request_id", "account_id", "number", "autopay", "reason")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    ACCOUNT_ID_FIELD_NUMBER: _ClassVar[int]
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    AUTOPAY_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    account_id: int
    number: str
    autopay: Autopay
    reason: str
    def __init__(self, request_id: _Optional[str] = ..., account_id: _Optional[int] = ..., number: _Optional[str] = ..., autopay: _Optional[_Union[Autopay, _Mapping]] = ..., reason: _Optional[str] = ...) -> None: ...

class SetAutopayResponse(_message.Message):
    __slots__ = ("autopay",)
    AUTOPAY_FIELD_NUMBER: _ClassVar[int]
    autopay: Autopay
    def __init__(self, autopay: _Optional[_Union[Autopay, _Mapping]] = ...) -> None: ...

class GetAutopayRequest(_message.Message):
    __slots__ = ("account_id", "number")
    ACCOUNT_ID_FIELD_NUMBER: _ClassVar[int]
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    account_id: int
    number: str
    def __init__(self, account_id: _Optional[int] = ..., number: _Optional[str] = ...) -> None: ...

class GetAutopayResponse(_message.Message):
    __slots__ = ("autopay", "reminders", "currency", "digits")
    AUTOPAY_FIELD_NUMBER: _ClassVar[int]
    REMINDERS_FIELD_NUMBER: _ClassVar[int]
    CURRENCY_FIELD_NUMBER: _ClassVar[int]
    DIGITS_FIELD_NUMBER: _ClassVar[int]
    autopay: Autopay
    reminders: _containers.RepeatedCompositeFieldContainer[AutopayReminder]
    currency: str
    digits: int
    def __init__(self, autopay: _Optional[_Union[Autopay, _Mapping]] = ..., reminders: _Optional[_Iterable[_Union[AutopayReminder, _Mapping]]] = ..., currency: _Optional[str] = ..., digits: _Optional[int] = ...) -> None: ...

class EndAutopayRequest(_message.Message):
    __slots__ = ("request_id", "account_id", "number", "revision", "reason")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    ACCOUNT_ID_FIELD_NUMBER: _ClassVar[int]
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    REVISION_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    account_id: int
    number: str
    revision: int
    reason: str
    def __init__(self, request_id: _Optional[str] = ..., account_id: _Optional[int] = ..., number: _Optional[str] = ..., revision: _Optional[int] = ..., reason: _Optional[str] = ...) -> None: ...

class EndAutopayResponse(_message.Message):
    __slots__ = ("autopay",)
    AUTOPAY_FIELD_NUMBER: _ClassVar[int]
    autopay: Autopay
    def __init__(self, autopay: _Optional[_Union[Autopay, _Mapping]] = ...) -> None: ...

class RemindAutopayRequest(_message.Message):
    __slots__ = ("day", "page_token")
    DAY_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    day: str
    page_token: str
    def __init__(self, day: _Optional[str] = ..., page_token: _Optional[str] = ...) -> None: ...

class RemindAutopayResponse(_message.Message):
    __slots__ = ("day", "reminders", "next_page_token")
    DAY_FIELD_NUMBER: _ClassVar[int]
    REMINDERS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    day: str
    reminders: int
    next_page_token: str
    def __init__(self, day: _Optional[str] = ..., reminders: _Optional[int] = ..., next_page_token: _Optional[str] = ...) -> None: ...
