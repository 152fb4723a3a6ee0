"""The table of what can become of a payment, walked: every code, in every protocol's words."""

import re
from pathlib import Path

import grpc
import pytest

from billcore.core.enquiries.payable import Exactness
from billcore.core.errors import BillcoreError
from billcore.core.payments import refusals
from billcore.core.payments.codes import MEANINGS, Code, Retry, State, TargetKind
from billcore.core.payments.reversals import ReversalKind
from billcore.core.store.errors import StoreBusy, StoreUnavailable
from billcore.server.codes import CODES
from billcore.server.status import internal_status
from billcore.v1 import payment_service_pb2 as pb

API = Path(__file__).parents[2] / "docs" / "api.md"

ERRORS: dict[Code, type[BillcoreError]] = {
    kind.code: kind
    for kind in vars(refusals).values()
    if isinstance(kind, type) and issubclass(kind, BillcoreError) and hasattr(kind, "code")
}
"""The error of each code that is one of a payment."""

PASSING = (StoreUnavailable, StoreBusy)
"""Errors of TEMPORARY: not of the payment, but of the moment."""

NO_ERRORS = (Code.OK, Code.OK_REPLAYED, Code.NOTHING_DUE, Code.IN_PROGRESS)
"""What an answer tells."""

OSMP_FATAL = (4, 5, 7, 8, 31, 32, 79, 241, 242, 300)
"""Codes with which a terminal ends a payment."""


def test_every_code_has_a_meaning():
    assert list(MEANINGS) == list(Code)


def test_every_code_is_an_answer_an_error_or_a_fault():
    """And one of them only."""
    found = [*ERRORS, *NO_ERRORS, Code.TEMPORARY, Code.INTERNAL]
    assert sorted(found) == sorted(Code)


@pytest.mark.parametrize("code", Code, ids=lambda c: c.name)
def test_a_code_means_the_status_that_its_error_has(code):
    """The word of gRPC is the one that the edge gives the error; retrying too."""
    meaning = MEANINGS[code]
    if code in NO_ERRORS:
        assert meaning.grpc == "OK"
    elif code is Code.TEMPORARY:
        assert {CODES[kind].name for kind in PASSING} == {meaning.grpc}
        assert (meaning.retry, all(kind.retryable for kind in PASSING)) == (Retry.YES, True)
    elif code is Code.INTERNAL:
        assert internal_status("r").code.name == meaning.grpc
    else:
        assert CODES[ERRORS[code]].name == meaning.grpc
        assert (meaning.retry is Retry.YES) == ERRORS[code].retryable
    assert meaning.grpc in grpc.StatusCode.__members__


@pytest.mark.parametrize("code", Code, ids=lambda c: c.name)
def test_a_code_has_words_of_the_other_protocols(code):
    """Those of the protocols only; a payment ends in OSMP where the same request ends the same."""
    meaning = MEANINGS[code]
    assert meaning.osmp in (0, 1, 90, *OSMP_FATAL)
    assert re.fullmatch(r"|000|200|BFR00[1-9]", meaning.bbps)
    assert meaning.fatal == (meaning.osmp in OSMP_FATAL)
    if meaning.fatal:
        assert meaning.retry is Retry.NO
    if meaning.osmp == 90:
        assert meaning.retry is Retry.ASK


def shown(code: Code) -> tuple[str, ...]:
    """The row of a code in the guide."""
    meaning = MEANINGS[code]
    kind = ERRORS.get(code)
    reason = f"`{kind.reason}`" if kind else ""
    words = meaning.grpc, reason, meaning.retry.value, str(meaning.osmp), meaning.bbps
    return (f"`{code.name}`", str(code.value), *words)


def test_the_guide_has_the_same_table():
    """docs/api.md has a row for each code, in order."""
    pattern = r"^\| (`\w+`) \| (\d+) \| (\w+) \| (`\w+`|) \| (\w+) \| (\d+) \| (\w*) \| .+ \|$"
    rows = re.findall(pattern, API.read_text(encoding="utf-8"), flags=re.MULTILINE)
    assert rows == [shown(code) for code in Code]


@pytest.mark.parametrize(
    ("wire", "core", "prefix"),
    [
        (pb.PaymentCode, Code, "PAYMENT_CODE_"),
        (pb.PaymentState, State, "PAYMENT_STATE_"),
        (pb.TargetKind, TargetKind, "TARGET_KIND_"),
        (pb.ReversalKind, ReversalKind, "REVERSAL_KIND_"),
        (pb.Exactness, Exactness, "EXACTNESS_"),
    ],
    ids=lambda kind: getattr(kind, "__name__", ""),
)
def test_the_numbers_that_travel_are_core_s(wire, core, prefix):
    told = {name.removeprefix(prefix): number for name, number in wire.items() if number}
    assert told == {one.name: one.value for one in core if one.value}
    assert wire.Name(0) == f"{prefix}UNSPECIFIED"
