"""The server of the grpc suite: the real one, and in the same process an echo on its own port.

Prints {"rating": port, "echo": port} when both serve, and ends when its input ends. The first
message of an echo stream is a number: 0, every later message comes back; else every later
message is answered by that many bytes.
"""

import json
import os
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import grpc

from billcore.server import settings, telemetry
from billcore.server.app import App

ECHO = "/benchmarks.Echo/Stream"


class EchoHandler(grpc.GenericRpcHandler):
    """One method, bytes to bytes; nothing is parsed."""

    def service(
        self, details: grpc.HandlerCallDetails
    ) -> "grpc.RpcMethodHandler[bytes, bytes] | None":
        if details.method != ECHO:
            return None
        return grpc.stream_stream_rpc_method_handler(_echo)


def _echo(requests: Iterator[bytes], context: grpc.ServicerContext) -> Iterator[bytes]:  # noqa: ARG001
    answer = os.urandom(int(next(requests)))
    for request in requests:
        yield answer or request


def main() -> None:
    telemetry.start_logs("info")
    app = App(settings.load(port=0, metrics_port=0))
    app.start()
    options = [
        ("grpc.max_receive_message_length", app.settings.message_bytes_max),
        ("grpc.max_send_message_length", -1),
    ]
    echo = grpc.server(ThreadPoolExecutor(4), [EchoHandler()], options=options)
    port = echo.add_insecure_port("127.0.0.1:0")
    echo.start()
    print(json.dumps({"rating": app.port, "echo": port}), flush=True)
    sys.stdin.read()
    echo.stop(0).wait()
    app.drain()


if __name__ == "__main__":
    main()
