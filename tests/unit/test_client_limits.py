"""Calls of a client a second and at a time; what one has used up is another's still."""

import contextvars
from contextlib import ExitStack

import pytest
from google.rpc import error_details_pb2

from billcore.core.caller import Caller
from billcore.server import client_limits
from billcore.server.backend import CALLER
from billcore.server.client_limits import ClientLimits
from billcore.server.refusals import ClientCallsExhausted, ClientCallsOpen
from billcore.server.settings import Settings
from billcore.server.status import rich_status


@pytest.fixture
def clock(monkeypatch):
    """Nanoseconds, which a test moves."""
    told = [0]
    monkeypatch.setattr(client_limits.time, "monotonic_ns", lambda: told[0])
    return told


def call(limits, client_id=1):
    """A call of a client, from its beginning to its end."""

    def begun():
        CALLER.set(Caller(client_id, 1, frozenset()))
        with limits.surround(None):
            pass

    contextvars.copy_context().run(begun)


def test_a_burst_then_so_many_a_second(clock):
    """What it saved up at once, then one whenever its time has come; others have their own."""
    limits = ClientLimits(Settings(client_calls_per_second=10, client_burst_seconds=3))
    for _ in range(30):
        call(limits)
    with pytest.raises(ClientCallsExhausted):
        call(limits)
    call(limits, 2)
    clock[0] += 99_000_000
    with pytest.raises(ClientCallsExhausted) as caught:
        call(limits)
    assert (caught.value.retry_seconds, caught.value.fields["limit_max"]) == (1, "10")
    clock[0] += 1_000_000
    call(limits)


def test_so_many_at_a_time():
    """A stream counts while it is open; a call that fails gives its place back."""
    limits = ClientLimits(Settings(client_calls_max=2))
    with ExitStack() as held:
        held.callback(CALLER.reset, CALLER.set(Caller(1, 1, frozenset())))
        for _ in range(2):
            held.enter_context(limits.surround(None))
        with pytest.raises(ClientCallsOpen, match="2 calls"):
            call(limits)
        call(limits, 2)
    with ExitStack() as held:
        held.callback(CALLER.reset, CALLER.set(Caller(1, 1, frozenset())))
        for _ in range(3):
            with pytest.raises(ZeroDivisionError), limits.surround(None):
                raise ZeroDivisionError
    call(limits)
    assert not limits._open


def test_no_limit_and_no_client():
    """0 is none; a server without a store knows no clients."""
    limits = ClientLimits(Settings(client_calls_per_second=0))
    for _ in range(100_000):
        limits._take(1)
    strict = ClientLimits(Settings(client_calls_per_second=1, client_burst_seconds=1))
    for _ in range(10):
        call(strict, 0)


@pytest.mark.parametrize("error", [ClientCallsExhausted(3, 5_000, 7), ClientCallsOpen(3, 20)])
def test_whose_quota_and_when_again(error):
    """google.rpc: RESOURCE_EXHAUSTED with RetryInfo and QuotaFailure."""
    status = rich_status(error)
    retry, quota = error_details_pb2.RetryInfo(), error_details_pb2.QuotaFailure()
    for detail in status.details:
        for message in (retry, quota):
            if detail.Is(message.DESCRIPTOR):
                detail.Unpack(message)
    assert status.code == 8
    assert retry.retry_delay.seconds == error.retry_seconds > 0
    assert [(v.subject, v.description) for v in quota.violations] == [("client:3", error.message)]
