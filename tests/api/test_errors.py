"""The table from domain errors to statuses: complete, bounded in size, telling whether to retry."""

import importlib
import pkgutil

import grpc
import pytest
from google.rpc import error_details_pb2

import billcore.core
import billcore.server
from billcore.core.errors import (
    BatchTooLarge,
    BillcoreError,
    ColumnMissing,
    Finding,
    RequestInvalid,
    TariffInvalid,
)
from billcore.core.tariff.bill import BillFailed
from billcore.core.tariff.status import Status
from billcore.server.codes import BILL_CODES, CODES
from billcore.server.refusals import ServerDraining, StreamsExhausted
from billcore.server.status import rich_status, wire_status


def every_error() -> list[type[BillcoreError]]:
    """All subclasses of BillcoreError that any module of ours defines."""
    for room in (billcore.core, billcore.server):
        for module in pkgutil.walk_packages(room.__path__, f"{room.__name__}."):
            importlib.import_module(module.name)
    found, open_ends = [], [BillcoreError]
    while open_ends:
        kinds = [
            k for k in open_ends.pop().__subclasses__() if k.__module__.startswith("billcore.")
        ]
        found += kinds
        open_ends += kinds
    return found


@pytest.mark.parametrize("kind", every_error(), ids=lambda k: k.__name__)
def test_every_error_has_its_code(kind):
    """No error of the domain reaches the wire without a code of its own choosing."""
    assert CODES[kind] not in (grpc.StatusCode.UNKNOWN, grpc.StatusCode.INTERNAL)


def test_the_table_has_no_error_that_is_gone():
    """The table names existing errors only."""
    assert set(CODES) <= set(every_error())


def test_every_status_of_a_bill_has_its_code():
    """A failed bill's code follows its status."""
    assert set(BILL_CODES) == set(Status) - {Status.OK}


def test_reasons_are_unique():
    """A reason names one error."""
    reasons = [kind.reason for kind in every_error()]
    assert len(set(reasons)) == len(reasons)


def details(error, kind):
    found = [unpacked(detail, kind) for detail in rich_status(error).details]
    return [message for message in found if message is not None]


def unpacked(detail, kind):
    message = kind()
    return message if detail.Unpack(message) else None


@pytest.mark.parametrize(
    ("error", "field"),
    [
        (RequestInvalid("bill.days", "no"), "bill.days"),
        (ColumnMissing("m3", ["m3"]), "m3"),
        (BatchTooLarge("plans_max", 1, 2), "plans_max"),
        (TariffInvalid([Finding("lines[0]", 3, 5, "f", "RULE", "bad")]), "document.lines[0]"),
        (TariffInvalid([Finding("", 1, 1, "f", "RULE", "bad")]), "document"),
    ],
)
def test_wrong_fields_are_violations(error, field):
    """BadRequest names the field, ErrorInfo the reason and the facts."""
    (bad,) = details(error, error_details_pb2.BadRequest)
    (info,) = details(error, error_details_pb2.ErrorInfo)
    assert [v.field for v in bad.field_violations] == [field]
    assert (info.reason, info.domain, dict(info.metadata)) == (
        error.reason,
        "billcore",
        error.fields,
    )


@pytest.mark.parametrize(
    "error", [ServerDraining(), StreamsExhausted("RateBatch", "streams_max", 3)]
)
def test_what_may_be_tried_again_says_when(error):
    """A retryable error carries RetryInfo."""
    (retry,) = details(error, error_details_pb2.RetryInfo)
    assert retry.retry_delay.seconds >= 1


def test_what_is_wrong_stays_wrong():
    """An error that is not retryable carries no RetryInfo."""
    assert details(BillFailed(Status.OVERFLOW, "no"), error_details_pb2.RetryInfo) == []


def test_details_fit_the_trailers():
    """However much is wrong, the trailers stay far below the 8 KiB that peers take."""
    findings = [Finding("x" * 500, 1, 1, "é" * 900, "RULE", "ж" * 5000) for _ in range(500)]
    status = wire_status(TariffInvalid(findings), "r" * 100)
    size = sum(len(key) + len(value) for key, value in status.trailing_metadata)
    assert size < 5_000
    assert len(status.details.encode()) <= 1_000
    assert details(TariffInvalid(findings), error_details_pb2.BadRequest)
