"""From domain error to wire: code, google.rpc details, bounded in size.

Goals: the details say reason, facts, wrong fields and whether to retry. Non-goals: the table of
codes (`codes`), texts: they come with the error.
"""

from collections.abc import Iterator
from typing import NamedTuple

import grpc
from google.protobuf.any_pb2 import Any
from google.protobuf.duration_pb2 import Duration
from google.protobuf.message import Message
from google.rpc import error_details_pb2, status_pb2  # type: ignore[import-untyped]  # no stubs

from billcore.core import errors
from billcore.core.errors import BillcoreError
from billcore.core.reconciliation.files.errors import DefinitionInvalid
from billcore.server.codes import code_of
from billcore.server.refusals import ClientCallsExhausted, ClientCallsOpen, LookUpsExhausted

DOMAIN = "billcore"
REQUEST_ID_KEY = "x-request-id"

MESSAGE_BYTES_MAX = 1_000
"""A status message is cut to this (non-ASCII bytes travel as three)."""

DETAILS_BYTES_MAX = 4_000
"""Details travel in the trailers, of which peers accept 8 KiB, in base64: the last violations
are left out beyond this."""


class WireStatus(NamedTuple):
    """What gRPC sends; satisfies grpc.Status."""

    code: grpc.StatusCode
    details: str
    trailing_metadata: tuple[tuple[str, str | bytes], ...]


def wire_status(error: BillcoreError, request_id: str) -> WireStatus:
    """The status of an error with its details and the request's id."""
    rich = rich_status(error)
    trailers = ((REQUEST_ID_KEY, request_id), ("grpc-status-details-bin", rich.SerializeToString()))
    return WireStatus(code_of(error), rich.message, trailers)


def internal_status(request_id: str) -> WireStatus:
    """A fault of ours, of which the caller learns only where to look."""
    details = f"Internal error. The server's log has it under the request id {request_id}."
    return WireStatus(grpc.StatusCode.INTERNAL, details, ((REQUEST_ID_KEY, request_id),))


def rich_status(error: BillcoreError) -> status_pb2.Status:
    """google.rpc.Status: ErrorInfo; RetryInfo, QuotaFailure, BadRequest where they apply."""
    number, _ = code_of(error).value
    status = status_pb2.Status(code=number, message=_cut(error.message, MESSAGE_BYTES_MAX))
    _add(status, _info(error))
    if error.retryable:
        _add(status, error_details_pb2.RetryInfo(retry_delay=Duration(seconds=error.retry_seconds)))
    if isinstance(error, ClientCallsExhausted | ClientCallsOpen | LookUpsExhausted):
        _add(status, _quota(error))
    bad = error_details_pb2.BadRequest()
    room = DETAILS_BYTES_MAX - status.ByteSize()
    for violation in _violations(error):
        room -= violation.ByteSize() + 4
        if room < 0:
            break
        bad.field_violations.append(violation)
    if bad.field_violations:
        _add(status, bad)
    return status


def _info(error: BillcoreError) -> error_details_pb2.ErrorInfo:
    facts = {name: _cut(value, 200) for name, value in error.fields.items()}
    return error_details_pb2.ErrorInfo(reason=error.reason, domain=DOMAIN, metadata=facts)


def _quota(error: BillcoreError) -> error_details_pb2.QuotaFailure:
    """Whose quota is used up (a client's, by its number; of look-ups, whichever it is), and how."""
    subject = f"client:{error.fields['client_id']}" if "client_id" in error.fields else "look-ups"
    violation = error_details_pb2.QuotaFailure.Violation(
        subject=subject, description=_cut(error.message, 500)
    )
    return error_details_pb2.QuotaFailure(violations=[violation])


def _violations(error: BillcoreError) -> Iterator[error_details_pb2.BadRequest.FieldViolation]:
    match error:
        case errors.TariffInvalid() | DefinitionInvalid():
            for finding in error.findings:
                path = f"document.{finding.path}" if finding.path else "document"
                yield _violation(path, str(finding), finding.rule)
        case errors.RequestInvalid():
            yield _violation(error.fields["field"], error.message, error.reason)
        case errors.ColumnInvalid() | errors.ColumnMissing() | errors.ColumnUnknown():
            yield _violation(error.fields["column"], error.message, error.reason)
        case errors.BatchTooLarge():
            yield _violation(error.fields["limit"], error.message, error.reason)


def _violation(field: str, text: str, reason: str) -> error_details_pb2.BadRequest.FieldViolation:
    return error_details_pb2.BadRequest.FieldViolation(
        field=_cut(field, 200), description=_cut(text, 500), reason=reason
    )


def _add(status: status_pb2.Status, detail: Message) -> None:
    packed = Any()
    packed.Pack(detail)
    status.details.append(packed)


def _cut(text: str, bytes_max: int) -> str:
    raw = text.encode("utf-8", "replace")
    return text if len(raw) <= bytes_max else raw[: bytes_max - 3].decode("utf-8", "ignore") + "…"
