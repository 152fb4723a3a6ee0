"""Lists that must agree: the contract with core's enums, its documentation, its own rules."""

import dataclasses
import importlib
import re
from itertools import pairwise
from pathlib import Path

import pytest

from billcore.core.payments.channels import ChannelKind
from billcore.core.tariff.catalog import Catalog
from billcore.core.tariff.explain import explain
from billcore.core.tariff.status import Status
from billcore.server import pages, settings, settings_shown
from billcore.server.assembly import COMPUTING
from billcore.server.codes import BILL_CODES, CODES
from billcore.server.messages import batch as batch_messages
from billcore.server.messages import bill as bill_messages
from billcore.server.processes import Figures
from billcore.server.telemetry import Metrics
from billcore.v1 import channel_service_pb2, common_pb2, rating_service_pb2
from tests.api import stored

ROOT = Path(__file__).parents[2]
PROTOS = sorted((ROOT / "proto").rglob("*.proto"))
API = ROOT / "docs" / "api.md"
OPERATIONS = ROOT / "docs" / "operations.md"
SETTINGS = ROOT / "docs" / "settings.md"
FILES = [
    importlib.import_module(f"billcore.v1.{proto.stem}_pb2")
    for proto in PROTOS
    if proto.stem.endswith("_service")
]


def methods() -> list[str]:
    return [
        f"{service.name}.{method.name}"
        for file in FILES
        for service in file.DESCRIPTOR.services_by_name.values()
        for method in service.methods
    ]


def test_bill_statuses_are_core_statuses():
    """The numbers and names of BillStatus are those of core; OK is the zero."""
    wire = {
        v.name.removeprefix("BILL_STATUS_"): v.number
        for v in common_pb2.BillStatus.DESCRIPTOR.values
    }
    assert wire.pop("UNSPECIFIED") == Status.OK
    assert wire == {s.name: s.value for s in Status if s is not Status.OK}


def test_kinds_of_channels_are_core_s():
    """Every kind of core has its number on the wire, and no other is there."""
    wire = [
        v.name.removeprefix("CHANNEL_KIND_")
        for v in channel_service_pb2.ChannelKind.DESCRIPTOR.values
    ]
    assert wire == ["UNSPECIFIED", *(kind.name for kind in ChannelKind)]


STEPS = {
    explain.Explanation: rating_service_pb2.Explanation,
    explain.SegmentStep: rating_service_pb2.ExplainedSegment,
    explain.FormulaStep: rating_service_pb2.ExplainedFormula,
    explain.TierStep: rating_service_pb2.ExplainedTier,
    explain.MemberStep: rating_service_pb2.ExplainedMember,
    explain.RoundingStep: rating_service_pb2.ExplainedRounding,
    explain.LineStep: rating_service_pb2.ExplainedLine,
    explain.TotalStep: rating_service_pb2.ExplainedTotal,
}


@pytest.mark.parametrize(("step", "message"), STEPS.items())
def test_an_explanation_is_sent_whole(step, message):
    """Every field of core's explanation has its field on the wire."""
    names = [field.name for field in dataclasses.fields(step)]
    assert sorted(names) == sorted(field.name for field in message.DESCRIPTOR.fields)


@pytest.mark.parametrize("proto", PROTOS, ids=lambda p: p.name)
def test_everything_in_the_contract_is_explained(proto):
    """Every message, field, enum value, rpc and service has a comment right above it."""
    lines = proto.read_text(encoding="utf-8").splitlines()
    named = re.compile(r"^\s*(service|enum|rpc|oneof|message (?!\w+Re(quest|sponse) ))|= \d+;$")
    bare = [
        f"{number}: {line.strip()}"
        for number, (above, line) in enumerate(pairwise(lines), start=2)
        if named.search(line) and not above.strip().startswith("//")
    ]
    assert bare == []


LOCAL = {
    "BACKUP_DAMAGED",
    "BACKUP_PROGRAM_FAILED",
    "BACKUP_REFUSED",
    "BILL_FAILED",  # its code is that of the bill's status
    "CLIENTS_EXIST",
    "SCHEMA_MISSING",
    "SCHEMA_UNKNOWN",
    "SERVER_REFUSED",
    "SETTINGS_INVALID",
    "STORE_URL_INVALID",
    "TABLE_INVALID",
}
"""Reasons that only the command line tells."""


def documented(page: Path, pattern: str) -> set[str]:
    return set(re.findall(pattern, page.read_text(encoding="utf-8"), flags=re.MULTILINE))


def test_every_method_is_documented():
    """docs/api.md has a heading for each method, and for no other."""
    assert documented(API, r"^### (\w+\.\w+)$") == set(methods())


def test_every_service_is_served(tmp_path):
    """The services of the contract are those of a server with a store; two of them need none."""
    stored.fill(tmp_path)
    server = stored.server(tmp_path)
    server.drain()
    services = [one for file in FILES for one in file.DESCRIPTOR.services_by_name.values()]
    assert set(server.services) == {service.full_name for service in services}
    assert set(COMPUTING) < set(server.services)


def test_every_reason_is_documented_with_its_code():
    """docs/api.md lists each reason with its code."""
    table = documented(API, r"^\| `([A-Z_]+)` \| ([A-Z_]+)")
    wanted = {(k.reason, code.name) for k, code in CODES.items() if k.reason not in LOCAL}
    assert wanted <= table


def test_every_status_is_documented_with_its_code():
    """docs/api.md lists each status of a bill with its number and its code."""
    table = documented(API, r"^\| (\d+) \| `([A-Z_]+)` \| ([A-Z_]+)")
    assert table == {(str(s.value), s.name, BILL_CODES[s].name) for s in BILL_CODES}


def test_every_limit_is_documented():
    """docs/api.md names the limits of requests with their numbers."""
    text = API.read_text(encoding="utf-8")
    for number in (
        batch_messages.PLANS_MAX,
        batch_messages.ENTRIES_MAX,
        bill_messages.INPUTS_MAX,
        bill_messages.SEGMENTS_MAX,
        pages.PAGE_SIZE_MAX,
        settings.Settings().batch_rows_max,
    ):
        assert f"{number:,}" in text


def test_every_setting_is_documented():
    """docs/settings.md is what `make reference` writes now."""
    assert SETTINGS.read_text("utf-8") == settings_shown.reference()


def test_settings_are_shown_as_a_file_of_settings(tmp_path, monkeypatch):
    """Each with where it comes from; read again they are the same settings."""
    file = tmp_path / "billcore.toml"
    file.write_text('threads = 90\nhost = "localhost"\ntariffs = "."\n', encoding="utf-8")
    monkeypatch.setenv("BILLCORE_STREAMS_MAX", "7")
    found, sources = settings.sourced(file, host="127.0.0.2", port=None)
    text = settings_shown.toml(found, sources)
    rows = re.findall(r"^(?:# )?(\w+) = ?(.*?) +# (.*)$", text, re.MULTILINE)
    assert [name for name, _, _ in rows] == list(settings.Settings.model_fields)
    assert {(name, value, source) for name, value, source in rows if source != "default"} == {
        ("threads", "90", f"file {file}"),
        ("tariffs", '"."', f"file {file}"),
        ("streams_max", "7", "environment"),
        ("host", '"127.0.0.2"', "option"),
    }
    monkeypatch.delenv("BILLCORE_STREAMS_MAX")
    file.write_text(text, encoding="utf-8")
    assert settings.load(file) == found


def test_every_metric_is_documented():
    """docs/operations.md names each metric of ours, and no other."""
    every = [*Metrics().registry.collect(), *Figures().registry.collect()]
    names = {m.name for m in every if m.name.startswith("billcore_")}
    found = documented(OPERATIONS, r"`(billcore_\w+)`")
    assert {name.removesuffix("_total") for name in found} == names


def test_a_catalog_starts_empty():
    """A server without a folder has no tariff."""
    assert Catalog().count() == 0


def test_the_examples_of_the_guide_run(app):
    """The Python of docs/api.md, from top to bottom, against a server."""
    blocks = re.findall(r"^```python\n(.*?)^```", API.read_text("utf-8"), re.MULTILINE | re.DOTALL)
    code = "\n".join(blocks).replace("127.0.0.1:50051", f"127.0.0.1:{app.port}")
    scope: dict[str, object] = {}
    exec(compile(code, str(API), "exec"), scope)
    scope["channel"].close()
