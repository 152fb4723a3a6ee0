from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class CompareRunsRequest(_message.Message):
    __slots__ = ("run_id", "other_run_id", "attribute", "area_length", "movers")
    RUN_ID_FIELD_NUMBER: _ClassVar[int]
    OTHER_RUN_ID_FIELD_NUMBER: _ClassVar[int]
    ATTRIBUTE_FIELD_NUMBER: _ClassVar[int]
    AREA_LENGTH_FIELD_NUMBER: _ClassVar[int]
    MOVERS_FIELD_NUMBER: _ClassVar[int]
    run_id: int
    other_run_id: int
    attribute: str
    area_length: int
    movers: int
    def __init__(self, run_id: _Optional[int] = ..., other_run_id: _Optional[int] = ..., attribute: _Optional[str] = ..., area_length: _Optional[int] = ..., movers: _Optional[int] = ...) -> None: ...

class CompareRunsResponse(_message.Message):
    __slots__ = ("run", "other_run", "currency", "digits", "whole", "tariffs", "classes", "areas", "rises", "falls", "only_run", "only_other_run")
    RUN_FIELD_NUMBER: _ClassVar[int]
    OTHER_RUN_FIELD_NUMBER: _ClassVar[int]
    CURRENCY_FIELD_NUMBER: _ClassVar[int]
    DIGITS_FIELD_NUMBER: _ClassVar[int]
    WHOLE_FIELD_NUMBER: _ClassVar[int]
    TARIFFS_FIELD_NUMBER: _ClassVar[int]
    CLASSES_FIELD_NUMBER: _ClassVar[int]
    AREAS_FIELD_NUMBER: _ClassVar[int]
    RISES_FIELD_NUMBER: _ClassVar[int]
    FALLS_FIELD_NUMBER: _ClassVar[int]
    ONLY_RUN_FIELD_NUMBER: _ClassVar[int]
    ONLY_OTHER_RUN_FIELD_NUMBER: _ClassVar[int]
    run: ComparedRun
    other_run: ComparedRun
    currency: str
    digits: int
    whole: Compared
    tariffs: _containers.RepeatedCompositeFieldContainer[ComparedGroup]
    classes: _containers.RepeatedCompositeFieldContainer[ComparedGroup]
    areas: _containers.RepeatedCompositeFieldContainer[ComparedGroup]
    rises: _containers.RepeatedCompositeFieldContainer[ComparedAccount]
    falls: _containers.RepeatedCompositeFieldContainer[ComparedAccount]
    only_run: ComparedAlone
    only_other_run: ComparedAlone
    def __init__(self, run: _Optional[_Union[ComparedRun, _Mapping]] = ..., other_run: _Optional[_Union[ComparedRun, _Mapping]] = ..., currency: _Optional[str] = ..., digits: _Optional[int] = ..., whole: _Optional[_Union[Compared, _Mapping]] = ..., tariffs: _Optional[_Iterable[_Union[ComparedGroup, _Mapping]]] = ..., classes: _Optional[_Iterable[_Union[ComparedGroup, _Mapping]]] = ..., areas: _Optional[_Iterable[_Union[ComparedGroup, _Mapping]]] = ..., rises: _Optional[_Iterable[_Union[ComparedAccount, _Mapping]]] = ..., falls: _Optional[_Iterable[_Union[ComparedAccount, _Mapping]]] = ..., only_run: _Optional[_Union[ComparedAlone, _Mapping]] = ..., only_other_run: _Optional[_Union[ComparedAlone, _Mapping]] = ...) -> None: ...

class ComparedRun(_message.Message):
    __slots__ = ("run_id", "issued", "simulated")
    RUN_ID_FIELD_NUMBER: _ClassVar[int]
    ISSUED_FIELD_NUMBER: _ClassVar[int]
    SIMULATED_FIELD_NUMBER: _ClassVar[int]
    run_id: int
    issued: bool
    simulated: bool
    def __init__(self, run_id: _Optional[int] = ..., issued: _Optional[bool] = ..., simulated: _Optional[bool] = ...) -> None: ...

class Compared(_message.Message):
    __slots__ = ("bills", "other_bills", "total", "other_total", "difference", "per_mille")
    BILLS_FIELD_NUMBER: _ClassVar[int]
    OTHER_BILLS_FIELD_NUMBER: _ClassVar[int]
    TOTAL_FIELD_NUMBER: _ClassVar[int]
    OTHER_TOTAL_FIELD_NUMBER: _ClassVar[int]
    DIFFERENCE_FIELD_NUMBER: _ClassVar[int]
    PER_MILLE_FIELD_NUMBER: _ClassVar[int]
    bills: int
    other_bills: int
    total: int
    other_total: int
    difference: int
    per_mille: int
    def __init__(self, bills: _Optional[int] = ..., other_bills: _Optional[int] = ..., total: _Optional[int] = ..., other_total: _Optional[int] = ..., difference: _Optional[int] = ..., per_mille: _Optional[int] = ...) -> None: ...

class ComparedGroup(_message.Message):
    __slots__ = ("name", "compared")
    NAME_FIELD_NUMBER: _ClassVar[int]
    COMPARED_FIELD_NUMBER: _ClassVar[int]
    name: str
    compared: Compared
    def __init__(self, name: _Optional[str] = ..., compared: _Optional[_Union[Compared, _Mapping]] = ...) -> None: ...

class ComparedAccount(_message.Message):
    __slots__ = ("account_id", "number", "total", "other_total", "difference")
    ACCOUNT_ID_FIELD_NUMBER: _ClassVar[int]
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    TOTAL_FIELD_NUMBER: _ClassVar[int]
    OTHER_TOTAL_FIELD_NUMBER: _ClassVar[int]
    DIFFERENCE_FIELD_NUMBER: _ClassVar[int]
    account_id: int
    number: str
    total: int
    other_total: int
    difference: int
    def __init__(self, account_id: _Optional[int] = ..., number: _Optional[str] = ..., total: _Optional[int] = ..., other_total: _Optional[int] = ..., difference: _Optional[int] = ...) -> None: ...

class ComparedAlone(_message.Message):
    __slots__ = ("accounts", "total", "first")
    ACCOUNTS_FIELD_NUMBER: _ClassVar[int]
    TOTAL_FIELD_NUMBER: _ClassVar[int]
    FIRST_FIELD_NUMBER: _ClassVar[int]
    accounts: int
    total: int
    first: _containers.RepeatedCompositeFieldContainer[ComparedAccount]
    def __init__(self, accounts: _Optional[int] = ..., total: _Optional[int] = ..., first: _Optional[_Iterable[_Union[ComparedAccount, _Mapping]]] = ...) -> None: ...
