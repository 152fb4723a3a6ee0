from google.protobuf import field_mask_pb2 as _field_mask_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class ChannelKind(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    CHANNEL_KIND_UNSPECIFIED: _ClassVar[ChannelKind]
    CHANNEL_KIND_BANK_COUNTER: _ClassVar[ChannelKind]
    CHANNEL_KIND_WEB_BANK: _ClassVar[ChannelKind]
    CHANNEL_KIND_DIRECT_DEBIT: _ClassVar[ChannelKind]
    CHANNEL_KIND_POS: _ClassVar[ChannelKind]
    CHANNEL_KIND_KIOSK: _ClassVar[ChannelKind]
    CHANNEL_KIND_WALLET: _ClassVar[ChannelKind]
    CHANNEL_KIND_POST_OFFICE: _ClassVar[ChannelKind]
    CHANNEL_KIND_VOUCHER: _ClassVar[ChannelKind]
    CHANNEL_KIND_AGENT: _ClassVar[ChannelKind]
    CHANNEL_KIND_FIELD_DEVICE: _ClassVar[ChannelKind]
    CHANNEL_KIND_PORTAL: _ClassVar[ChannelKind]
    CHANNEL_KIND_BANK_ACCOUNT: _ClassVar[ChannelKind]
CHANNEL_KIND_UNSPECIFIED: ChannelKind
CHANNEL_KIND_BANK_COUNTER: ChannelKind
CHANNEL_KIND_WEB_BANK: ChannelKind
CHANNEL_KIND_DIRECT_DEBIT: ChannelKind
CHANNEL_KIND_POS: ChannelKind
CHANNEL_KIND_KIOSK: ChannelKind
CHANNEL_KIND_WALLET: ChannelKind
CHANNEL_KIND_POST_OFFICE: ChannelKind
CHANNEL_KIND_VOUCHER: ChannelKind
CHANNEL_KIND_AGENT: ChannelKind
CHANNEL_KIND_FIELD_DEVICE: ChannelKind
CHANNEL_KIND_PORTAL: ChannelKind
CHANNEL_KIND_BANK_ACCOUNT: ChannelKind

class Channel(_message.Message):
    __slots__ = ("provider_id", "channel_no", "channel", "kind", "name", "enabled", "policies", "revision", "recorded_at")
    PROVIDER_ID_FIELD_NUMBER: _ClassVar[int]
    CHANNEL_NO_FIELD_NUMBER: _ClassVar[int]
    CHANNEL_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    ENABLED_FIELD_NUMBER: _ClassVar[int]
    POLICIES_FIELD_NUMBER: _ClassVar[int]
    REVISION_FIELD_NUMBER: _ClassVar[int]
    RECORDED_AT_FIELD_NUMBER: _ClassVar[int]
    provider_id: int
    channel_no: int
    channel: str
    kind: ChannelKind
    name: str
    enabled: bool
    policies: str
    revision: int
    recorded_at: int
    def __init__(self, provider_id: _Optional[int] = ..., channel_no: _Optional[int] = ..., channel: _Optional[str] = ..., kind: _Optional[_Union[ChannelKind, str]] = ..., name: _Optional[str] = ..., enabled: _Optional[bool] = ..., policies: _Optional[str] = ..., revision: _Optional[int] = ..., recorded_at: _Optional[int] = ...) -> None: ...

class Terminal(_message.Message):
    __slots__ = ("channel_no", "channel", "terminal_no", "terminal", "place", "enabled", "revision", "recorded_at")
    CHANNEL_NO_FIELD_NUMBER: _ClassVar[int]
    CHANNEL_FIELD_NUMBER: _ClassVar[int]
    TERMINAL_NO_FIELD_NUMBER: _ClassVar[int]
    TERMINAL_FIELD_NUMBER: _ClassVar[int]
    PLACE_FIELD_NUMBER: _ClassVar[int]
    ENABLED_FIELD_NUMBER: _ClassVar[int]
    REVISION_FIELD_NUMBER: _ClassVar[int]
    RECORDED_AT_FIELD_NUMBER: _ClassVar[int]
    channel_no: int
    channel: str
    terminal_no: int
    terminal: str
    place: str
    enabled: bool
    revision: int
    recorded_at: int
    def __init__(self, channel_no: _Optional[int] = ..., channel: _Optional[str] = ..., terminal_no: _Optional[int] = ..., terminal: _Optional[str] = ..., place: _Optional[str] = ..., enabled: _Optional[bool] = ..., revision: _Optional[int] = ..., recorded_at: _Optional[int] = ...) -> None: ...

class CreateChannelRequest(_message.Message):
    __slots__ = ("request_id", "channel")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    CHANNEL_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    channel: Channel
    def __init__(self, request_id: _Optional[str] = ..., channel: _Optional[_Union[Channel, _Mapping]] = ...) -> None: ...

class CreateChannelResponse(_message.Message):
    __slots__ = ("channel",)
    CHANNEL_FIELD_NUMBER: _ClassVar[int]
    channel: Channel
    def __init__(self, channel: _Optional[_Union[Channel, _Mapping]] = ...) -> None: ...

class GetChannelRequest(_message.Message):
    __slots__ = ("channel_no", "channel")
    CHANNEL_NO_FIELD_NUMBER: _ClassVar[int]
    CHANNEL_FIELD_NUMBER: _ClassVar[int]
    channel_no: int
    channel: str
    def __init__(self, channel_no: _Optional[int] = ..., channel: _Optional[str] = ...) -> None: ...

class GetChannelResponse(_message.Message):
    __slots__ = ("channel",)
    CHANNEL_FIELD_NUMBER: _ClassVar[int]
    channel: Channel
    def __init__(self, channel: _Optional[_Union[Channel, _Mapping]] = ...) -> None: ...

class UpdateChannelRequest(_message.Message):
    __slots__ = ("request_id", "channel", "update_mask", "reason")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    CHANNEL_FIELD_NUMBER: _ClassVar[int]
    UPDATE_MASK_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    channel: Channel
    update_mask: _field_mask_pb2.FieldMask
    reason: str
    def __init__(self, request_id: _Optional[str] = ..., channel: _Optional[_Union[Channel, _Mapping]] = ..., update_mask: _Optional[_Union[_field_mask_pb2.FieldMask, _Mapping]] = ..., reason: _Optional[str] = ...) -> None: ...

class UpdateChannelResponse(_message.Message):
    __slots__ = ("channel",)
    CHANNEL_FIELD_NUMBER: _ClassVar[int]
    channel: Channel
    def __init__(self, channel: _Optional[_Union[Channel, _Mapping]] = ...) -> None: ...

class ListChannelsRequest(_message.Message):
    __slots__ = ("page_size", "page_token")
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    page_size: int
    page_token: str
    def __init__(self, page_size: _Optional[int] = ..., page_token: _Optional[str] = ...) -> None: ...

class ListChannelsResponse(_message.Message):
    __slots__ = ("channels", "next_page_token")
    CHANNELS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    channels: _containers.RepeatedCompositeFieldContainer[Channel]
    next_page_token: str
    def __init__(self, channels: _Optional[_Iterable[_Union[Channel, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class CreateTerminalRequest(_message.Message):
    __slots__ = ("request_id", "terminal")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    TERMINAL_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    terminal: Terminal
    def __init__(self, request_id: _Optional[str] = ..., terminal: _Optional[_Union[Terminal, _Mapping]] = ...) -> None: ...

class CreateTerminalResponse(_message.Message):
    __slots__ = ("terminal",)
    TERMINAL_FIELD_NUMBER: _ClassVar[int]
    terminal: Terminal
    def __init__(self, terminal: _Optional[_Union[Terminal, _Mapping]] = ...) -> None: ...

class UpdateTerminalRequest(_message.Message):
    __slots__ = ("request_id", "terminal", "update_mask", "reason")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    TERMINAL_FIELD_NUMBER: _ClassVar[int]
    UPDATE_MASK_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    terminal: Terminal
    update_mask: _field_mask_pb2.FieldMask
    reason: str
    def __init__(self, request_id: _Optional[str] = ..., terminal: _Optional[_Union[Terminal, _Mapping]] = ..., update_mask: _Optional[_Union[_field_mask_pb2.FieldMask, _Mapping]] = ..., reason: _Optional[str] = ...) -> None: ...

class UpdateTerminalResponse(_message.Message):
    __slots__ = ("terminal",)
    TERMINAL_FIELD_NUMBER: _ClassVar[int]
    terminal: Terminal
    def __init__(self, terminal: _Optional[_Union[Terminal, _Mapping]] = ...) -> None: ...

class ListTerminalsRequest(_message.Message):
    __slots__ = ("channel", "page_size", "page_token")
    CHANNEL_FIELD_NUMBER: _ClassVar[int]
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    channel: str
    page_size: int
    page_token: str
    def __init__(self, channel: _Optional[str] = ..., page_size: _Optional[int] = ..., page_token: _Optional[str] = ...) -> None: ...

class ListTerminalsResponse(_message.Message):
    __slots__ = ("terminals", "next_page_token")
    TERMINALS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    terminals: _containers.RepeatedCompositeFieldContainer[Terminal]
    next_page_token: str
    def __init__(self, terminals: _Optional[_Iterable[_Union[Terminal, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...
