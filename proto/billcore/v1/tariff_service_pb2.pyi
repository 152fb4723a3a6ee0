from billcore.v1 import common_pb2 as _common_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class ValidateTariffRequest(_message.Message):
    __slots__ = ("document",)
    DOCUMENT_FIELD_NUMBER: _ClassVar[int]
    document: str
    def __init__(self, document: _Optional[str] = ...) -> None: ...

class ValidateTariffResponse(_message.Message):
    __slots__ = ("findings", "tariff", "columns", "lines")
    FINDINGS_FIELD_NUMBER: _ClassVar[int]
    TARIFF_FIELD_NUMBER: _ClassVar[int]
    COLUMNS_FIELD_NUMBER: _ClassVar[int]
    LINES_FIELD_NUMBER: _ClassVar[int]
    findings: _containers.RepeatedCompositeFieldContainer[TariffFinding]
    tariff: TariffVersion
    columns: _containers.RepeatedCompositeFieldContainer[_common_pb2.ColumnSpec]
    lines: _containers.RepeatedCompositeFieldContainer[TariffLine]
    def __init__(self, findings: _Optional[_Iterable[_Union[TariffFinding, _Mapping]]] = ..., tariff: _Optional[_Union[TariffVersion, _Mapping]] = ..., columns: _Optional[_Iterable[_Union[_common_pb2.ColumnSpec, _Mapping]]] = ..., lines: _Optional[_Iterable[_Union[TariffLine, _Mapping]]] = ...) -> None: ...

class TariffFinding(_message.Message):
    __slots__ = ("path", "line", "column", "rule", "message", "allowed")
    PATH_FIELD_NUMBER: _ClassVar[int]
    LINE_FIELD_NUMBER: _ClassVar[int]
    COLUMN_FIELD_NUMBER: _ClassVar[int]
    RULE_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    ALLOWED_FIELD_NUMBER: _ClassVar[int]
    path: str
    line: int
    column: int
    rule: str
    message: str
    allowed: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, path: _Optional[str] = ..., line: _Optional[int] = ..., column: _Optional[int] = ..., rule: _Optional[str] = ..., message: _Optional[str] = ..., allowed: _Optional[_Iterable[str]] = ...) -> None: ...

class TariffVersion(_message.Message):
    __slots__ = ("tariff_id", "version", "hash", "currency", "digits", "first_day", "last_day")
    TARIFF_ID_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    HASH_FIELD_NUMBER: _ClassVar[int]
    CURRENCY_FIELD_NUMBER: _ClassVar[int]
    DIGITS_FIELD_NUMBER: _ClassVar[int]
    FIRST_DAY_FIELD_NUMBER: _ClassVar[int]
    LAST_DAY_FIELD_NUMBER: _ClassVar[int]
    tariff_id: str
    version: int
    hash: str
    currency: str
    digits: int
    first_day: str
    last_day: str
    def __init__(self, tariff_id: _Optional[str] = ..., version: _Optional[int] = ..., hash: _Optional[str] = ..., currency: _Optional[str] = ..., digits: _Optional[int] = ..., first_day: _Optional[str] = ..., last_day: _Optional[str] = ...) -> None: ...

class TariffLine(_message.Message):
    __slots__ = ("name", "labels", "digits", "unit")
    class LabelsEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: str
        def __init__(self, key: _Optional[str] = ..., value: _Optional[str] = ...) -> None: ...
    NAME_FIELD_NUMBER: _ClassVar[int]
    LABELS_FIELD_NUMBER: _ClassVar[int]
    DIGITS_FIELD_NUMBER: _ClassVar[int]
    UNIT_FIELD_NUMBER: _ClassVar[int]
    name: str
    labels: _containers.ScalarMap[str, str]
    digits: int
    unit: str
    def __init__(self, name: _Optional[str] = ..., labels: _Optional[_Mapping[str, str]] = ..., digits: _Optional[int] = ..., unit: _Optional[str] = ...) -> None: ...

class PublishTariffRequest(_message.Message):
    __slots__ = ("document", "request_id")
    DOCUMENT_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    document: str
    request_id: str
    def __init__(self, document: _Optional[str] = ..., request_id: _Optional[str] = ...) -> None: ...

class PublishTariffResponse(_message.Message):
    __slots__ = ("tariff", "created")
    TARIFF_FIELD_NUMBER: _ClassVar[int]
    CREATED_FIELD_NUMBER: _ClassVar[int]
    tariff: TariffVersion
    created: bool
    def __init__(self, tariff: _Optional[_Union[TariffVersion, _Mapping]] = ..., created: _Optional[bool] = ...) -> None: ...

class GetTariffRequest(_message.Message):
    __slots__ = ("plan",)
    PLAN_FIELD_NUMBER: _ClassVar[int]
    plan: _common_pb2.Plan
    def __init__(self, plan: _Optional[_Union[_common_pb2.Plan, _Mapping]] = ...) -> None: ...

class GetTariffResponse(_message.Message):
    __slots__ = ("tariff", "document", "columns", "lines", "states")
    TARIFF_FIELD_NUMBER: _ClassVar[int]
    DOCUMENT_FIELD_NUMBER: _ClassVar[int]
    COLUMNS_FIELD_NUMBER: _ClassVar[int]
    LINES_FIELD_NUMBER: _ClassVar[int]
    STATES_FIELD_NUMBER: _ClassVar[int]
    tariff: TariffVersion
    document: str
    columns: _containers.RepeatedCompositeFieldContainer[_common_pb2.ColumnSpec]
    lines: _containers.RepeatedCompositeFieldContainer[TariffLine]
    states: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, tariff: _Optional[_Union[TariffVersion, _Mapping]] = ..., document: _Optional[str] = ..., columns: _Optional[_Iterable[_Union[_common_pb2.ColumnSpec, _Mapping]]] = ..., lines: _Optional[_Iterable[_Union[TariffLine, _Mapping]]] = ..., states: _Optional[_Iterable[str]] = ...) -> None: ...

class ListTariffsRequest(_message.Message):
    __slots__ = ("page_size", "page_token")
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    page_size: int
    page_token: str
    def __init__(self, page_size: _Optional[int] = ..., page_token: _Optional[str] = ...) -> None: ...

class ListTariffsResponse(_message.Message):
    __slots__ = ("tariffs", "next_page_token")
    TARIFFS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    tariffs: _containers.RepeatedCompositeFieldContainer[TariffVersion]
    next_page_token: str
    def __init__(self, tariffs: _Optional[_Iterable[_Union[TariffVersion, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class ListTariffVersionsRequest(_message.Message):
    __slots__ = ("tariff_id", "page_size", "page_token")
    TARIFF_ID_FIELD_NUMBER: _ClassVar[int]
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    tariff_id: str
    page_size: int
    page_token: str
    def __init__(self, tariff_id: _Optional[str] = ..., page_size: _Optional[int] = ..., page_token: _Optional[str] = ...) -> None: ...

class ListTariffVersionsResponse(_message.Message):
    __slots__ = ("versions", "next_page_token")
    VERSIONS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    versions: _containers.RepeatedCompositeFieldContainer[TariffVersion]
    next_page_token: str
    def __init__(self, versions: _Optional[_Iterable[_Union[TariffVersion, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...
