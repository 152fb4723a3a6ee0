"""The table of a kiosk's results, walked: every code of core, every status, every reason."""

import re
from pathlib import Path

import grpc
import grpc.aio
import pytest
from google.protobuf.any_pb2 import Any as Packed
from google.rpc import error_details_pb2, status_pb2

from billcore.core.payments import errors, refusals
from billcore.core.payments.agents.errors import AgentLimit, AgentShut
from billcore.core.payments.codes import MEANINGS, Code
from billcore.core.payments.reversals import PaymentReversed, ReversalLate
from billcore.server.adapters.osmp import outcomes
from billcore.server.codes import CODES

PAGE = Path(__file__).parents[2] / "docs" / "kiosks.md"

ASK_AGAIN = (1, 90)

ERRORS = {
    one.reason: one
    for room in (errors, refusals)
    for one in vars(room).values()
    if isinstance(one, type) and hasattr(one, "reason") and one.__module__ == room.__name__
} | {one.reason: one for one in (AgentLimit, AgentShut, PaymentReversed, ReversalLate)}
"""What a channel's call may be refused for, by reason."""


def refused(status: grpc.StatusCode, reason: str = "", number: int | None = None):
    """A refused call, with the server's details if there is a reason."""
    trailers = grpc.aio.Metadata()
    if reason:
        told = status_pb2.Status(code=status.value[0] if number is None else number, message="m")
        for detail in (error_details_pb2.RetryInfo(), error_details_pb2.ErrorInfo(reason=reason)):
            packed = Packed()
            packed.Pack(detail)
            told.details.append(packed)
        trailers.add("grpc-status-details-bin", told.SerializeToString())
    return grpc.aio.AioRpcError(status, grpc.aio.Metadata(), trailers, "m")


@pytest.mark.parametrize("code", Code, ids=lambda code: code.name)
def test_every_code_has_a_result_and_words_for_it(code):
    """Fatal or not; 0 is an answer that the payment stands or may be made."""
    result = outcomes.result(code)
    assert MEANINGS[code].fatal == (result not in (0, *ASK_AGAIN))
    assert outcomes.COMMENTS[code]
    assert list(outcomes.COMMENTS) == list(Code)


@pytest.mark.parametrize("status", grpc.StatusCode, ids=lambda status: status.name)
def test_a_status_alone_ends_a_payment_only_by_the_server_s_word(status):
    """A connection that is lost, a key that is rotated: nothing that says anything of a payment."""
    if status is grpc.StatusCode.OK:
        assert status not in outcomes.STATUSES
        return
    code = outcomes.code_of(refused(status))
    assert code is outcomes.STATUSES[status]
    told = {"INVALID_ARGUMENT", "ALREADY_EXISTS", "FAILED_PRECONDITION", "OUT_OF_RANGE",
            "INTERNAL", "DATA_LOSS"}  # fmt: skip
    assert MEANINGS[code].fatal == (status.name in told)
    assert (outcomes.result(code) == 90) == (status.name == "DEADLINE_EXCEEDED")


@pytest.mark.parametrize("reason", ERRORS)
def test_a_reason_that_a_call_can_have(reason):
    """Core's own code where it has one; with the status that the edge gives it."""
    error = ERRORS[reason]
    call = refused(CODES[error], reason)
    code = outcomes.code_of(call)
    if hasattr(error, "code"):
        assert code is error.code
    assert outcomes.reason_of(call) == reason
    ours = ("CHANNEL_UNKNOWN", "CHANNEL_FORBIDDEN", "TERMINAL_FORBIDDEN")
    assert outcomes.is_ours(call) == (reason in ours)
    if reason in ours:
        assert outcomes.result(code) == 1


@pytest.mark.parametrize(
    ("status", "reason", "result"),
    [
        ("UNAVAILABLE", "STORE_BUSY", 1),
        ("UNAVAILABLE", "", 1),
        ("DEADLINE_EXCEEDED", "", 90),
        ("RESOURCE_EXHAUSTED", "PAYMENT_QUEUE_FULL", 1),
        ("UNAUTHENTICATED", "KEY_INVALID", 1),
        ("NOT_FOUND", "PROVIDER_UNKNOWN", 1),
        ("NOT_FOUND", "TERMINAL_UNKNOWN", 31),
        ("FAILED_PRECONDITION", "CHANNEL_DISABLED", 7),
        ("FAILED_PRECONDITION", "ACCOUNT_CLOSED", 79),
        ("FAILED_PRECONDITION", "FOREIGN", 5),
        ("OUT_OF_RANGE", "AMOUNT_LOW", 241),
        ("OUT_OF_RANGE", "AGENT_LIMIT", 242),
        ("ALREADY_EXISTS", "PAYMENT_CONFLICT", 300),
        ("INTERNAL", "", 300),
    ],
)
def test_what_a_kiosk_is_told(status, reason, result):
    code = outcomes.code_of(refused(grpc.StatusCode[status], reason))
    assert outcomes.result(code) == result


def test_details_that_do_not_fit_their_status_are_left_alone():
    """Somebody between us and the server; the status is what counts."""
    call = refused(grpc.StatusCode.UNAVAILABLE, "ACCOUNT_NOT_FOUND", number=5)
    assert (outcomes.reason_of(call), outcomes.code_of(call)) == ("", Code.TEMPORARY)


def test_the_guide_has_the_same_results():
    """docs/kiosks.md has a row for each code, in order: its result, and whether it is fatal."""
    rows = re.findall(
        r"^\| `(\w+)` \| (\d+) \| (yes|no|–) \| ", PAGE.read_text(encoding="utf-8"), re.MULTILINE
    )
    wanted = []
    for code, meaning in MEANINGS.items():
        fatal = ("yes" if meaning.fatal else "no") if meaning.osmp else "–"
        wanted.append((code.name, str(meaning.osmp), fatal))
    assert rows == wanted
