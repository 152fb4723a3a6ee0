"""A stream that is taken as one message: wholly there, or nothing of it."""

import threading
from types import SimpleNamespace

import grpc
import pytest

from billcore.server.gate import OpenGate
from billcore.server.interceptors import Edge


@pytest.mark.parametrize("leaves", [0, 1, 2, 3])
def test_a_caller_who_leaves_amid_a_stream_sent_nothing(leaves):
    """Wherever it is cut: what came is no file that could count."""
    came, kept = [0], []

    def requests():
        for part in (b"first", b"second"):
            if came[0] < leaves:
                yield part
                came[0] += 1

    context = SimpleNamespace(
        is_active=lambda: leaves == 3,
        invocation_metadata=dict,
        set_trailing_metadata=lambda pairs: None,
    )
    handler = SimpleNamespace(
        request_deserializer=bytes.decode,
        stream_unary=lambda sent, context: kept.append(list(sent)),
    )
    answer = Edge([], threading.Event(), OpenGate())._gathering(handler, "/billcore.v1.X/Import")
    if leaves == 3:
        answer(requests(), context)
    else:
        with pytest.raises(grpc.RpcError):
            answer(requests(), context)
    assert kept == [["first", "second"]] * (leaves == 3)
