"""Where messages go: a sender has one method, `send`, which returns when the message is accepted.

A sender that raises is tried again with the same message, whose `id` never changes: hand it to the
gateway as its idempotency key, for after a crash a message may be sent once more.
"""

import importlib
import json
import sys
from dataclasses import asdict, dataclass
from typing import Protocol


@dataclass(frozen=True)
class Message:
    """A message to somebody. way: "sms" or "email"; to: a phone number or an address."""

    id: str
    way: str
    to: str
    language: str
    title: str
    text: str


class Sender(Protocol):
    """What sends messages."""

    def send(self, message: Message) -> None:
        """Returns when the message is accepted; raises where it is not."""


class Console:
    """Prints each message as a line of JSON."""

    def send(self, message: Message) -> None:
        print(json.dumps(asdict(message), ensure_ascii=False), flush=True)


def named(name: str) -> Sender:
    """The sender of a name: "console", or "module:Class" of your own."""
    if name == "console":
        return Console()
    module, _, kind = name.partition(":")
    sys.path.insert(0, ".")
    made: Sender = getattr(importlib.import_module(module), kind)()
    return made
