from billcore.v1 import common_pb2 as _common_pb2
from billcore.v1 import rating_service_pb2 as _rating_service_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class OneOffOrder(_message.Message):
    __slots__ = ("account_id", "number", "plan", "inputs", "day", "agreement_no", "reference")
    ACCOUNT_ID_FIELD_NUMBER: _ClassVar[int]
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    PLAN_FIELD_NUMBER: _ClassVar[int]
    INPUTS_FIELD_NUMBER: _ClassVar[int]
    DAY_FIELD_NUMBER: _ClassVar[int]
    AGREEMENT_NO_FIELD_NUMBER: _ClassVar[int]
    REFERENCE_FIELD_NUMBER: _ClassVar[int]
    account_id: int
    number: str
    plan: _common_pb2.Plan
    inputs: _containers.RepeatedCompositeFieldContainer[_rating_service_pb2.InputValue]
    day: str
    agreement_no: int
    reference: str
    def __init__(self, account_id: _Optional[int] = ..., number: _Optional[str] = ..., plan: _Optional[_Union[_common_pb2.Plan, _Mapping]] = ..., inputs: _Optional[_Iterable[_Union[_rating_service_pb2.InputValue, _Mapping]]] = ..., day: _Optional[str] = ..., agreement_no: _Optional[int] = ..., reference: _Optional[str] = ...) -> None: ...

class BillOneOffRequest(_message.Message):
    __slots__ = ("request_id", "order")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    ORDER_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    order: OneOffOrder
    def __init__(self, request_id: _Optional[str] = ..., order: _Optional[_Union[OneOffOrder, _Mapping]] = ...) -> None: ...

class SimulateOneOffBillRequest(_message.Message):
    __slots__ = ("order",)
    ORDER_FIELD_NUMBER: _ClassVar[int]
    order: OneOffOrder
    def __init__(self, order: _Optional[_Union[OneOffOrder, _Mapping]] = ...) -> None: ...
