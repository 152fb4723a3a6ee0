"""Requests of every method of the contract, filled by the names of their fields."""

import importlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import grpc
from google.protobuf.descriptor import FieldDescriptor, MethodDescriptor
from google.protobuf.message import Message
from google.protobuf.message_factory import GetMessageClass

from tests.api.client import Client

PROTOS = Path(__file__).parents[2] / "proto" / "billcore" / "v1"

DEPTH = 4
"""Messages within messages are filled so deep."""

ANSWERS_MAX = 3
"""So many answers of a stream are read."""

SECONDS = 20
FOLLOWING = {"StreamEvents": 0.3, "WatchRun": 0.3}
"""Streams that do not end by themselves are left after so long."""


class Method(NamedTuple):
    """A method of the contract; name: as the table of roles has it."""

    name: str
    descriptor: MethodDescriptor


class Ended(NamedTuple):
    """How a call ended: its code, its answers, and all that its status says."""

    code: grpc.StatusCode
    answers: list[Message]
    told: str


def methods() -> Iterator[Method]:
    """All of the contract."""
    for proto in sorted(PROTOS.glob("*_service.proto")):
        module = importlib.import_module(f"billcore.v1.{proto.stem}_pb2")
        for service in module.DESCRIPTOR.services_by_name.values():
            for one in service.methods:
                yield Method(f"{service.name}/{one.name}", one)


def names(descriptor: Any, depth: int = DEPTH) -> set[str]:
    """The names of the fields of a message and of those within it."""
    found = {field.name for field in descriptor.fields}
    if depth:
        for field in descriptor.fields:
            if field.message_type is not None:
                found |= names(field.message_type, depth - 1)
    return found


def filled(descriptor: Any, values: Mapping[str, object], depth: int = DEPTH) -> Message:
    """A message whose fields have the values of their names, where these fit; enums their first.

    A name may say whose it is: "Customer.name" goes before "name".
    """
    message = GetMessageClass(descriptor)()
    for field in descriptor.fields:
        value = _value(field, values, depth)
        if value is None:
            continue
        if field.is_repeated:
            if field.message_type is None or not field.message_type.GetOptions().map_entry:
                getattr(message, field.name).append(value)
        elif field.message_type is not None:
            getattr(message, field.name).CopyFrom(value)
        else:
            setattr(message, field.name, value)
    return message


def _value(field: FieldDescriptor, values: Mapping[str, object], depth: int) -> object:
    if field.message_type is not None:
        of_ours = field.message_type.full_name.startswith("billcore.")
        return filled(field.message_type, values, depth - 1) if of_ours and depth else None
    if field.enum_type is not None:
        return 1
    own = f"{field.containing_type.name}.{field.name}"
    for value in _given(values.get(own, values.get(field.name))):
        kind = str if field.type == FieldDescriptor.TYPE_STRING else int
        if field.type != FieldDescriptor.TYPE_BYTES and type(value) is kind:
            return value
    return None


def _given(value: object) -> tuple[object, ...]:
    return value if isinstance(value, tuple) else (value,)


def called(client: Client, method: Method, request: Message) -> Ended:
    """A call with one request, which a stream of requests has as its only one."""
    one = method.descriptor
    kind = ("stream" if one.client_streaming else "unary") + (
        "_stream" if one.server_streaming else "_unary"
    )
    call = getattr(client.channel, kind)(
        f"/billcore.v1.{method.name}",
        request_serializer=lambda message: message.SerializeToString(),
        response_deserializer=GetMessageClass(one.output_type).FromString,
    )
    sent = iter([request]) if one.client_streaming else request
    answers: list[Message] = []
    try:
        answer = call(sent, timeout=FOLLOWING.get(one.name, SECONDS))
        if one.server_streaming:
            for told in answer:
                answers.append(told)
                if len(answers) == ANSWERS_MAX:
                    answer.cancel()
                    break
        else:
            answers.append(answer)
    except grpc.RpcError as error:
        trailing = [(key, value) for key, value in error.trailing_metadata() or ()]
        return Ended(error.code(), answers, f"{error.details()} {trailing}")
    return Ended(grpc.StatusCode.OK, answers, "")
