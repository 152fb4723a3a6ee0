"""A server in a process of its own, and a channel to it."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Thread
from typing import IO

import grpc

START_SECONDS = 60

BILLCORE = (sys.executable, "-m", "billcore.server.cli")
"""The command line of this installation."""

OPTIONS = [("grpc.max_receive_message_length", 16 << 20)]
"""A client takes answers of 4 MiB unless it says otherwise; an itemised batch is larger."""


@dataclass(frozen=True)
class Server:
    """A server that runs, and a channel to it."""

    port: int
    channel: grpc.Channel


def initialised(url: str) -> str:
    """Makes a store; the key of its first client."""
    made = subprocess.run(  # noqa: S603 - our own
        [*BILLCORE, "init", "--store", url], check=True, capture_output=True, text=True
    )
    (key,) = (word for word in made.stdout.split() if word.startswith("bck_"))
    return key


@contextmanager
def connected(*options: str) -> Iterator[Server]:
    """A server that is started with these options and stopped at the end, and a channel to it."""
    with server(*options) as port, grpc.insecure_channel(f"127.0.0.1:{port}", OPTIONS) as channel:
        grpc.channel_ready_future(channel).result(START_SECONDS)
        yield Server(port, channel)


@contextmanager
def server(*options: str) -> Iterator[int]:
    """A server of its own on free loopback ports; its port."""
    process = subprocess.Popen(  # noqa: S603 - our own
        [*BILLCORE, "serve", "--port=0", "--metrics-port=0", *options],
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield _port(process)
    finally:
        process.terminate()
        process.wait()


def _port(process: "subprocess.Popen[str]") -> int:
    """The port from the server's log, which says when it serves."""
    assert process.stderr is not None
    for line in process.stderr:
        event = json.loads(line) if line.startswith("{") else {"event": line}
        if event["event"] == "serving":
            # The rest of the log is read and dropped, so that the server never waits for us.
            Thread(target=_drop, args=(process.stderr,), daemon=True).start()
            return int(event["port"])
    raise SystemExit("the server did not start")


def _drop(log: IO[str]) -> None:
    with log:
        log.read()
