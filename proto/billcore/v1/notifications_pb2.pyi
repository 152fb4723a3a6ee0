from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class NotificationChannel(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    NOTIFICATION_CHANNEL_UNSPECIFIED: _ClassVar[NotificationChannel]
    NOTIFICATION_CHANNEL_NONE: _ClassVar[NotificationChannel]
    NOTIFICATION_CHANNEL_SMS: _ClassVar[NotificationChannel]
    NOTIFICATION_CHANNEL_EMAIL: _ClassVar[NotificationChannel]

class NotificationEvent(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    NOTIFICATION_EVENT_UNSPECIFIED: _ClassVar[NotificationEvent]
    NOTIFICATION_EVENT_BILL_ISSUED: _ClassVar[NotificationEvent]
    NOTIFICATION_EVENT_BILL_DUE: _ClassVar[NotificationEvent]
    NOTIFICATION_EVENT_PAYMENT_RECEIVED: _ClassVar[NotificationEvent]
    NOTIFICATION_EVENT_PAYMENT_REVERSED: _ClassVar[NotificationEvent]
    NOTIFICATION_EVENT_LATE_FEE_CHARGED: _ClassVar[NotificationEvent]
    NOTIFICATION_EVENT_CASE_CHANGED: _ClassVar[NotificationEvent]
NOTIFICATION_CHANNEL_UNSPECIFIED: NotificationChannel
NOTIFICATION_CHANNEL_NONE: NotificationChannel
NOTIFICATION_CHANNEL_SMS: NotificationChannel
NOTIFICATION_CHANNEL_EMAIL: NotificationChannel
NOTIFICATION_EVENT_UNSPECIFIED: NotificationEvent
NOTIFICATION_EVENT_BILL_ISSUED: NotificationEvent
NOTIFICATION_EVENT_BILL_DUE: NotificationEvent
NOTIFICATION_EVENT_PAYMENT_RECEIVED: NotificationEvent
NOTIFICATION_EVENT_PAYMENT_REVERSED: NotificationEvent
NOTIFICATION_EVENT_LATE_FEE_CHARGED: NotificationEvent
NOTIFICATION_EVENT_CASE_CHANGED: NotificationEvent

class NotificationPreferences(_message.Message):
    __slots__ = ("channel", "language", "events", "version", "recorded_at")
    CHANNEL_FIELD_NUMBER: _ClassVar[int]
    LANGUAGE_FIELD_NUMBER: _ClassVar[int]
    EVENTS_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    RECORDED_AT_FIELD_NUMBER: _ClassVar[int]
    channel: NotificationChannel
    language: str
    events: _containers.RepeatedScalarFieldContainer[NotificationEvent]
    version: int
    recorded_at: int
    def __init__(self, channel: _Optional[_Union[NotificationChannel, str]] = ..., language: _Optional[str] = ..., events: _Optional[_Iterable[_Union[NotificationEvent, str]]] = ..., version: _Optional[int] = ..., recorded_at: _Optional[int] = ...) -> None: ...

class SetNotificationPreferencesRequest(_message.Message):
    __slots__ = ("request_id", "account_id", "number", "preferences", "reason")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    ACCOUNT_ID_FIELD_NUMBER: _ClassVar[int]
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    PREFERENCES_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    account_id: int
    number: str
    preferences: NotificationPreferences
    reason: str
    def __init__(self, request_id: _Optional[str] = ..., account_id: _Optional[int] = ..., number: _Optional[str] = ..., preferences: _Optional[_Union[NotificationPreferences, _Mapping]] = ..., reason: _Optional[str] = ...) -> None: ...

class SetNotificationPreferencesResponse(_message.Message):
    __slots__ = ("preferences",)
    PREFERENCES_FIELD_NUMBER: _ClassVar[int]
    preferences: NotificationPreferences
    def __init__(self, preferences: _Optional[_Union[NotificationPreferences, _Mapping]] = ...) -> None: ...

class GetNotificationPreferencesRequest(_message.Message):
    __slots__ = ("account_id", "number", "known_at")
    ACCOUNT_ID_FIELD_NUMBER: _ClassVar[int]
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    KNOWN_AT_FIELD_NUMBER: _ClassVar[int]
    account_id: int
    number: str
    known_at: int
    def __init__(self, account_id: _Optional[int] = ..., number: _Optional[str] = ..., known_at: _Optional[int] = ...) -> None: ...

class GetNotificationPreferencesResponse(_message.Message):
    __slots__ = ("preferences",)
    PREFERENCES_FIELD_NUMBER: _ClassVar[int]
    preferences: NotificationPreferences
    def __init__(self, preferences: _Optional[_Union[NotificationPreferences, _Mapping]] = ...) -> None: ...
