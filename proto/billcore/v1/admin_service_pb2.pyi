from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class ClientRole(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    CLIENT_ROLE_UNSPECIFIED: _ClassVar[ClientRole]
    CLIENT_ROLE_VIEWER: _ClassVar[ClientRole]
    CLIENT_ROLE_CLERK: _ClassVar[ClientRole]
    CLIENT_ROLE_ANALYST: _ClassVar[ClientRole]
    CLIENT_ROLE_BILLER: _ClassVar[ClientRole]
    CLIENT_ROLE_APPROVER: _ClassVar[ClientRole]
    CLIENT_ROLE_CASHIER: _ClassVar[ClientRole]
    CLIENT_ROLE_ADMIN: _ClassVar[ClientRole]
    CLIENT_ROLE_VISITOR: _ClassVar[ClientRole]
CLIENT_ROLE_UNSPECIFIED: ClientRole
CLIENT_ROLE_VIEWER: ClientRole
CLIENT_ROLE_CLERK: ClientRole
CLIENT_ROLE_ANALYST: ClientRole
CLIENT_ROLE_BILLER: ClientRole
CLIENT_ROLE_APPROVER: ClientRole
CLIENT_ROLE_CASHIER: ClientRole
CLIENT_ROLE_ADMIN: ClientRole
CLIENT_ROLE_VISITOR: ClientRole

class Client(_message.Message):
    __slots__ = ("client_id", "name", "provider", "roles", "enabled", "created_at", "channel", "terminal", "expires_at", "old_key_until")
    CLIENT_ID_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    PROVIDER_FIELD_NUMBER: _ClassVar[int]
    ROLES_FIELD_NUMBER: _ClassVar[int]
    ENABLED_FIELD_NUMBER: _ClassVar[int]
    CREATED_AT_FIELD_NUMBER: _ClassVar[int]
    CHANNEL_FIELD_NUMBER: _ClassVar[int]
    TERMINAL_FIELD_NUMBER: _ClassVar[int]
    EXPIRES_AT_FIELD_NUMBER: _ClassVar[int]
    OLD_KEY_UNTIL_FIELD_NUMBER: _ClassVar[int]
    client_id: int
    name: str
    provider: str
    roles: _containers.RepeatedScalarFieldContainer[ClientRole]
    enabled: bool
    created_at: str
    channel: str
    terminal: str
    expires_at: str
    old_key_until: str
    def __init__(self, client_id: _Optional[int] = ..., name: _Optional[str] = ..., provider: _Optional[str] = ..., roles: _Optional[_Iterable[_Union[ClientRole, str]]] = ..., enabled: _Optional[bool] = ..., created_at: _Optional[str] = ..., channel: _Optional[str] = ..., terminal: _Optional[str] = ..., expires_at: _Optional[str] = ..., old_key_until: _Optional[str] = ...) -> None: ...

class CreateClientRequest(_message.Message):
    __slots__ = ("name", "provider", "roles", "request_id", "channel", "terminal", "expires_at")
    NAME_FIELD_NUMBER: _ClassVar[int]
    PROVIDER_FIELD_NUMBER: _ClassVar[int]
    ROLES_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    CHANNEL_FIELD_NUMBER: _ClassVar[int]
    TERMINAL_FIELD_NUMBER: _ClassVar[int]
    EXPIRES_AT_FIELD_NUMBER: _ClassVar[int]
    name: str
    provider: str
    roles: _containers.RepeatedScalarFieldContainer[ClientRole]
    request_id: str
    channel: str
    terminal: str
    expires_at: str
    def __init__(self, name: _Optional[str] = ..., provider: _Optional[str] = ..., roles: _Optional[_Iterable[_Union[ClientRole, str]]] = ..., request_id: _Optional[str] = ..., channel: _Optional[str] = ..., terminal: _Optional[str] = ..., expires_at: _Optional[str] = ...) -> None: ...

class CreateClientResponse(_message.Message):
    __slots__ = ("client", "key")
    CLIENT_FIELD_NUMBER: _ClassVar[int]
    KEY_FIELD_NUMBER: _ClassVar[int]
    client: Client
    key: str
    def __init__(self, client: _Optional[_Union[Client, _Mapping]] = ..., key: _Optional[str] = ...) -> None: ...

class ListClientsRequest(_message.Message):
    __slots__ = ("page_size", "page_token", "expiring_before")
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    EXPIRING_BEFORE_FIELD_NUMBER: _ClassVar[int]
    page_size: int
    page_token: str
    expiring_before: str
    def __init__(self, page_size: _Optional[int] = ..., page_token: _Optional[str] = ..., expiring_before: _Optional[str] = ...) -> None: ...

class ListClientsResponse(_message.Message):
    __slots__ = ("clients", "next_page_token")
    CLIENTS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    clients: _containers.RepeatedCompositeFieldContainer[Client]
    next_page_token: str
    def __init__(self, clients: _Optional[_Iterable[_Union[Client, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class DisableClientRequest(_message.Message):
    __slots__ = ("client_id", "reason", "request_id")
    CLIENT_ID_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    client_id: int
    reason: str
    request_id: str
    def __init__(self, client_id: _Optional[int] = ..., reason: _Optional[str] = ..., request_id: _Optional[str] = ...) -> None: ...

class DisableClientResponse(_message.Message):
    __slots__ = ("client",)
    CLIENT_FIELD_NUMBER: _ClassVar[int]
    client: Client
    def __init__(self, client: _Optional[_Union[Client, _Mapping]] = ...) -> None: ...

class RotateClientKeyRequest(_message.Message):
    __slots__ = ("client_id", "reason", "request_id", "expires_at", "old_key_until")
    CLIENT_ID_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    EXPIRES_AT_FIELD_NUMBER: _ClassVar[int]
    OLD_KEY_UNTIL_FIELD_NUMBER: _ClassVar[int]
    client_id: int
    reason: str
    request_id: str
    expires_at: str
    old_key_until: str
    def __init__(self, client_id: _Optional[int] = ..., reason: _Optional[str] = ..., request_id: _Optional[str] = ..., expires_at: _Optional[str] = ..., old_key_until: _Optional[str] = ...) -> None: ...

class RotateClientKeyResponse(_message.Message):
    __slots__ = ("client", "key")
    CLIENT_FIELD_NUMBER: _ClassVar[int]
    KEY_FIELD_NUMBER: _ClassVar[int]
    client: Client
    key: str
    def __init__(self, client: _Optional[_Union[Client, _Mapping]] = ..., key: _Optional[str] = ...) -> None: ...

class VerifyRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class VerifyResponse(_message.Message):
    __slots__ = ("checks", "verdict")
    CHECKS_FIELD_NUMBER: _ClassVar[int]
    VERDICT_FIELD_NUMBER: _ClassVar[int]
    checks: int
    verdict: CheckVerdict
    def __init__(self, checks: _Optional[int] = ..., verdict: _Optional[_Union[CheckVerdict, _Mapping]] = ...) -> None: ...

class CheckVerdict(_message.Message):
    __slots__ = ("provider", "check", "microseconds", "findings")
    PROVIDER_FIELD_NUMBER: _ClassVar[int]
    CHECK_FIELD_NUMBER: _ClassVar[int]
    MICROSECONDS_FIELD_NUMBER: _ClassVar[int]
    FINDINGS_FIELD_NUMBER: _ClassVar[int]
    provider: str
    check: str
    microseconds: int
    findings: _containers.RepeatedCompositeFieldContainer[CheckFinding]
    def __init__(self, provider: _Optional[str] = ..., check: _Optional[str] = ..., microseconds: _Optional[int] = ..., findings: _Optional[_Iterable[_Union[CheckFinding, _Mapping]]] = ...) -> None: ...

class CheckFinding(_message.Message):
    __slots__ = ("message", "where")
    class WhereEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: str
        def __init__(self, key: _Optional[str] = ..., value: _Optional[str] = ...) -> None: ...
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    WHERE_FIELD_NUMBER: _ClassVar[int]
    message: str
    where: _containers.ScalarMap[str, str]
    def __init__(self, message: _Optional[str] = ..., where: _Optional[_Mapping[str, str]] = ...) -> None: ...
