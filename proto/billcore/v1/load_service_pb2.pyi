from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class LoadKind(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    LOAD_KIND_UNSPECIFIED: _ClassVar[LoadKind]
    LOAD_KIND_CUSTOMERS: _ClassVar[LoadKind]
    LOAD_KIND_POINTS: _ClassVar[LoadKind]
    LOAD_KIND_ACCOUNTS: _ClassVar[LoadKind]
    LOAD_KIND_AGREEMENTS: _ClassVar[LoadKind]
    LOAD_KIND_METERS: _ClassVar[LoadKind]
    LOAD_KIND_READINGS: _ClassVar[LoadKind]
    LOAD_KIND_ENTRIES: _ClassVar[LoadKind]
    LOAD_KIND_PAYMENTS: _ClassVar[LoadKind]

class LoadColumnType(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    LOAD_COLUMN_TYPE_UNSPECIFIED: _ClassVar[LoadColumnType]
    LOAD_COLUMN_TYPE_TEXT: _ClassVar[LoadColumnType]
    LOAD_COLUMN_TYPE_PACKED_TEXT: _ClassVar[LoadColumnType]
    LOAD_COLUMN_TYPE_SFIXED64: _ClassVar[LoadColumnType]
LOAD_KIND_UNSPECIFIED: LoadKind
LOAD_KIND_CUSTOMERS: LoadKind
LOAD_KIND_POINTS: LoadKind
LOAD_KIND_ACCOUNTS: LoadKind
LOAD_KIND_AGREEMENTS: LoadKind
LOAD_KIND_METERS: LoadKind
LOAD_KIND_READINGS: LoadKind
LOAD_KIND_ENTRIES: LoadKind
LOAD_KIND_PAYMENTS: LoadKind
LOAD_COLUMN_TYPE_UNSPECIFIED: LoadColumnType
LOAD_COLUMN_TYPE_TEXT: LoadColumnType
LOAD_COLUMN_TYPE_PACKED_TEXT: LoadColumnType
LOAD_COLUMN_TYPE_SFIXED64: LoadColumnType

class LoadRequest(_message.Message):
    __slots__ = ("header", "batch")
    HEADER_FIELD_NUMBER: _ClassVar[int]
    BATCH_FIELD_NUMBER: _ClassVar[int]
    header: LoadHeader
    batch: LoadBatch
    def __init__(self, header: _Optional[_Union[LoadHeader, _Mapping]] = ..., batch: _Optional[_Union[LoadBatch, _Mapping]] = ...) -> None: ...

class LoadHeader(_message.Message):
    __slots__ = ("kind", "digest", "request_id", "name", "columns", "dry_run")
    KIND_FIELD_NUMBER: _ClassVar[int]
    DIGEST_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    COLUMNS_FIELD_NUMBER: _ClassVar[int]
    DRY_RUN_FIELD_NUMBER: _ClassVar[int]
    kind: LoadKind
    digest: bytes
    request_id: str
    name: str
    columns: _containers.RepeatedCompositeFieldContainer[LoadColumn]
    dry_run: bool
    def __init__(self, kind: _Optional[_Union[LoadKind, str]] = ..., digest: _Optional[bytes] = ..., request_id: _Optional[str] = ..., name: _Optional[str] = ..., columns: _Optional[_Iterable[_Union[LoadColumn, _Mapping]]] = ..., dry_run: _Optional[bool] = ...) -> None: ...

class LoadColumn(_message.Message):
    __slots__ = ("name", "type")
    NAME_FIELD_NUMBER: _ClassVar[int]
    TYPE_FIELD_NUMBER: _ClassVar[int]
    name: str
    type: LoadColumnType
    def __init__(self, name: _Optional[str] = ..., type: _Optional[_Union[LoadColumnType, str]] = ...) -> None: ...

class LoadBatch(_message.Message):
    __slots__ = ("chunk", "rows", "columns", "unreadable")
    CHUNK_FIELD_NUMBER: _ClassVar[int]
    ROWS_FIELD_NUMBER: _ClassVar[int]
    COLUMNS_FIELD_NUMBER: _ClassVar[int]
    UNREADABLE_FIELD_NUMBER: _ClassVar[int]
    chunk: int
    rows: int
    columns: _containers.RepeatedCompositeFieldContainer[LoadValues]
    unreadable: _containers.RepeatedCompositeFieldContainer[UnreadableRow]
    def __init__(self, chunk: _Optional[int] = ..., rows: _Optional[int] = ..., columns: _Optional[_Iterable[_Union[LoadValues, _Mapping]]] = ..., unreadable: _Optional[_Iterable[_Union[UnreadableRow, _Mapping]]] = ...) -> None: ...

class LoadValues(_message.Message):
    __slots__ = ("texts", "data", "ends", "numbers")
    TEXTS_FIELD_NUMBER: _ClassVar[int]
    DATA_FIELD_NUMBER: _ClassVar[int]
    ENDS_FIELD_NUMBER: _ClassVar[int]
    NUMBERS_FIELD_NUMBER: _ClassVar[int]
    texts: _containers.RepeatedScalarFieldContainer[str]
    data: bytes
    ends: _containers.RepeatedScalarFieldContainer[int]
    numbers: _containers.RepeatedScalarFieldContainer[int]
    def __init__(self, texts: _Optional[_Iterable[str]] = ..., data: _Optional[bytes] = ..., ends: _Optional[_Iterable[int]] = ..., numbers: _Optional[_Iterable[int]] = ...) -> None: ...

class UnreadableRow(_message.Message):
    __slots__ = ("row", "message")
    ROW_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    row: int
    message: str
    def __init__(self, row: _Optional[int] = ..., message: _Optional[str] = ...) -> None: ...

class LoadResponse(_message.Message):
    __slots__ = ("opened", "batch")
    OPENED_FIELD_NUMBER: _ClassVar[int]
    BATCH_FIELD_NUMBER: _ClassVar[int]
    opened: OpenedLoad
    batch: LoadedBatch
    def __init__(self, opened: _Optional[_Union[OpenedLoad, _Mapping]] = ..., batch: _Optional[_Union[LoadedBatch, _Mapping]] = ...) -> None: ...

class OpenedLoad(_message.Message):
    __slots__ = ("load", "rows_max")
    LOAD_FIELD_NUMBER: _ClassVar[int]
    ROWS_MAX_FIELD_NUMBER: _ClassVar[int]
    load: LoadState
    rows_max: int
    def __init__(self, load: _Optional[_Union[LoadState, _Mapping]] = ..., rows_max: _Optional[int] = ...) -> None: ...

class LoadedBatch(_message.Message):
    __slots__ = ("chunk", "first_row", "rows", "accepted", "refused", "repeated")
    CHUNK_FIELD_NUMBER: _ClassVar[int]
    FIRST_ROW_FIELD_NUMBER: _ClassVar[int]
    ROWS_FIELD_NUMBER: _ClassVar[int]
    ACCEPTED_FIELD_NUMBER: _ClassVar[int]
    REFUSED_FIELD_NUMBER: _ClassVar[int]
    REPEATED_FIELD_NUMBER: _ClassVar[int]
    chunk: int
    first_row: int
    rows: int
    accepted: int
    refused: _containers.RepeatedCompositeFieldContainer[RefusedRow]
    repeated: bool
    def __init__(self, chunk: _Optional[int] = ..., first_row: _Optional[int] = ..., rows: _Optional[int] = ..., accepted: _Optional[int] = ..., refused: _Optional[_Iterable[_Union[RefusedRow, _Mapping]]] = ..., repeated: _Optional[bool] = ...) -> None: ...

class RefusedRow(_message.Message):
    __slots__ = ("row", "field", "reason", "message")
    ROW_FIELD_NUMBER: _ClassVar[int]
    FIELD_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    row: int
    field: str
    reason: str
    message: str
    def __init__(self, row: _Optional[int] = ..., field: _Optional[str] = ..., reason: _Optional[str] = ..., message: _Optional[str] = ...) -> None: ...

class LoadState(_message.Message):
    __slots__ = ("load_id", "kind", "source", "next_chunk", "next_row", "accepted", "refused", "complete", "opened_at")
    LOAD_ID_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    SOURCE_FIELD_NUMBER: _ClassVar[int]
    NEXT_CHUNK_FIELD_NUMBER: _ClassVar[int]
    NEXT_ROW_FIELD_NUMBER: _ClassVar[int]
    ACCEPTED_FIELD_NUMBER: _ClassVar[int]
    REFUSED_FIELD_NUMBER: _ClassVar[int]
    COMPLETE_FIELD_NUMBER: _ClassVar[int]
    OPENED_AT_FIELD_NUMBER: _ClassVar[int]
    load_id: int
    kind: LoadKind
    source: str
    next_chunk: int
    next_row: int
    accepted: int
    refused: int
    complete: bool
    opened_at: str
    def __init__(self, load_id: _Optional[int] = ..., kind: _Optional[_Union[LoadKind, str]] = ..., source: _Optional[str] = ..., next_chunk: _Optional[int] = ..., next_row: _Optional[int] = ..., accepted: _Optional[int] = ..., refused: _Optional[int] = ..., complete: _Optional[bool] = ..., opened_at: _Optional[str] = ...) -> None: ...

class GetLoadRequest(_message.Message):
    __slots__ = ("load_id",)
    LOAD_ID_FIELD_NUMBER: _ClassVar[int]
    load_id: int
    def __init__(self, load_id: _Optional[int] = ...) -> None: ...

class GetLoadResponse(_message.Message):
    __slots__ = ("load",)
    LOAD_FIELD_NUMBER: _ClassVar[int]
    load: LoadState
    def __init__(self, load: _Optional[_Union[LoadState, _Mapping]] = ...) -> None: ...

class ListRefusalsRequest(_message.Message):
    __slots__ = ("load_id", "page_size", "page_token")
    LOAD_ID_FIELD_NUMBER: _ClassVar[int]
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    load_id: int
    page_size: int
    page_token: str
    def __init__(self, load_id: _Optional[int] = ..., page_size: _Optional[int] = ..., page_token: _Optional[str] = ...) -> None: ...

class ListRefusalsResponse(_message.Message):
    __slots__ = ("refusals", "next_page_token")
    REFUSALS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    refusals: _containers.RepeatedCompositeFieldContainer[RefusedRow]
    next_page_token: str
    def __init__(self, refusals: _Optional[_Iterable[_Union[RefusedRow, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...
