"""Clients that know only the contract: a generic one, one from the protos, one of yesterday."""

import base64
import json
import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import grpc
import pytest
from google.protobuf import descriptor_pb2, descriptor_pool, message_factory
from google.protobuf.json_format import MessageToDict
from grpc_reflection.v1alpha.proto_reflection_descriptor_database import (
    ProtoReflectionDescriptorDatabase,
)
from grpc_tools import protoc

from tests.api import recording
from tests.api.documents import WATER
from tests.api.recording import refused, served

ROOT = Path(__file__).parents[2]
PROTO = ROOT / "proto"
BASELINE = PROTO / "baseline.binpb"
RECORDINGS = sorted((Path(__file__).parent / "recorded").glob("*.json"))


@pytest.fixture
def server(tmp_path):
    """The port of a server on a new store, and the key of the house."""
    with served(tmp_path) as found:
        yield found


@pytest.fixture(scope="module")
def baseline() -> descriptor_pool.DescriptorPool:
    """The contract that clients may have been made from."""
    image = descriptor_pb2.FileDescriptorSet.FromString(BASELINE.read_bytes())
    pool = descriptor_pool.DescriptorPool()
    for file in image.file:
        pool.Add(file)
    return pool


def methods(pool: descriptor_pool.DescriptorPool) -> dict[str, tuple[type, type]]:
    """Request and answer of every method of the contract, by its path."""
    made = message_factory.GetMessageClass
    services = [pool.FindServiceByName(name) for name in SERVICES]
    return {
        f"/{service.full_name}/{method.name}": (made(method.input_type), made(method.output_type))
        for service in services
        for method in service.methods
    }


SERVICES = sorted(
    f"billcore.v1.{service.name}"
    for file in descriptor_pb2.FileDescriptorSet.FromString(BASELINE.read_bytes()).file
    if file.package == "billcore.v1"
    for service in file.service
)


# -- a client of yesterday


@pytest.mark.parametrize("file", RECORDINGS, ids=lambda file: file.stem)
def test_recorded_requests_are_answered_as_they_were(server, baseline, file):
    """Bytes that an old client sent, sent again; its own contract reads what it read then."""
    steps = json.loads(file.read_text(encoding="utf-8"))
    known, (port, key) = methods(baseline), server
    with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
        for number, step in enumerate(steps):
            path, place = step["method"], f"{number}: {step['method']}"
            assert known[path], "the recording is older than the baseline"
            metadata = [("authorization", f"Bearer {key}")]
            metadata += [("x-billcore-provider", step["provider"])] * bool(step["provider"])
            call = channel.unary_unary(path, None, known[path][1].FromString)
            told = answered(call, base64.b64decode(step["request"]), metadata)
            assert missing({name: step[name] for name in step if name in KEPT}, told) == [], place


KEPT = ("answer", "code", "reason")
"""What a step has of an answer or of a refusal."""


def answered(call, request: bytes, metadata) -> dict[str, object]:
    """What a server answers, as a recording has it."""
    try:
        return {"answer": MessageToDict(call(request, metadata=metadata, timeout=60))}
    except grpc.RpcError as error:
        return refused(error)


def missing(wanted: object, found: object, path: str = "") -> list[str]:
    """Where an answer has not what it had; what is new is nobody's loss."""
    match wanted:
        case dict() if isinstance(found, dict):
            return [
                fault
                for name, value in wanted.items()
                for fault in missing(value, found.get(name), f"{path}.{name}")
            ]
        case list() if isinstance(found, list) and len(wanted) == len(found):
            pairs = enumerate(zip(wanted, found, strict=True))
            return [fault for at, pair in pairs for fault in missing(*pair, f"{path}[{at}]")]
    return [] if wanted in (None, found) else [f"{path}: {found!r}, it was {wanted!r}"]


def test_recordings_have_calls_of_every_service():
    steps = [step for file in RECORDINGS for step in json.loads(file.read_text(encoding="utf-8"))]
    called = {step["method"].split("/")[1] for step in steps}
    assert called == set(SERVICES)
    assert missing({"a": [1, {"b": "x"}]}, {"a": [1, {"b": "y"}]}) == [".a[1].b: 'y', it was 'x'"]
    assert missing({"a": [1]}, {"a": [1, 2]}) != []
    assert recording.common({"a": 1, "b": [2, 3]}, {"a": 1, "b": [2, 4]}) == {
        "a": 1,
        "b": [2, None],
    }


# -- a generic client


def test_a_generic_client_learns_the_contract_from_the_server(server, baseline):
    """By reflection alone: services, messages, a call; nothing of the baseline has gone."""
    port, key = server
    with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
        database = ProtoReflectionDescriptorDatabase(channel)
        served_now = {name for name in database.get_services() if name.startswith("billcore.")}
        assert served_now == set(SERVICES)
        pool = descriptor_pool.DescriptorPool(database)
        learnt = methods(pool)
        assert set(learnt) >= set(methods(baseline))
        path = "/billcore.v1.AccountService/ListProviders"
        asks, answers = learnt[path]
        call = channel.unary_unary(path, asks.SerializeToString, answers.FromString)
        found = call(asks(page_size=1), metadata=[("authorization", f"Bearer {key}")], timeout=60)
        assert [one.code for one in found.providers] == ["north"]
        assert found.next_page_token


# -- a client that is made from the protos


def test_a_client_from_the_protos_alone(server, tmp_path):
    """Made by protoc in an empty folder, run by a Python that has no billcore."""
    port, key = server
    protos, made = tmp_path / "protos", tmp_path / "made"
    shutil.copytree(PROTO, protos, ignore=lambda _, names: [n for n in names if "_pb2" in n])
    made.mkdir()
    files = [str(file) for file in sorted(protos.rglob("*.proto"))]
    wellknown = Path(protoc.__file__).parent / "_proto"
    made_by = [f"--{kind}_out={made}" for kind in ("python", "grpc_python")]
    assert protoc.main(["protoc", f"-I{protos}", f"-I{wellknown}", *made_by, *files]) == 0
    program = shutil.copy(Path(__file__).parent / "generated_client.py", tmp_path)
    paths = os.pathsep.join([str(made), sysconfig.get_paths()["purelib"]])
    run = subprocess.run(
        [sys.executable, "-S", str(program), str(port), key, WATER],
        capture_output=True,
        text=True,
        timeout=120,
        env={**os.environ, "PYTHONPATH": paths},
        cwd=tmp_path,
    )
    assert run.returncode == 0, run.stderr
    found = json.loads(run.stdout)
    assert found.pop("checks") > 10
    assert found == {
        "alone": True,
        "created": [True, False],  # the second is answered that it is there
        "total": 3425,
        "totals": [3425, 3425],
        "providers": ["north", "south"],
        "findings": 0,
        "refused": ["UNAUTHENTICATED", "KEY_MISSING"],
    }
