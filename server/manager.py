"""What a service manager is told, by systemd's protocol: datagrams to the socket that it names.

Goals: a unit of `Type=notify` is started when callers are taken, and stopping while it drains.
"""

import os
import socket
from contextlib import suppress

SOCKET_ENV = "NOTIFY_SOCKET"


class Manager:
    """The manager that started this process; who is started by it in turn tells nothing."""

    def __init__(self) -> None:
        place = os.environ.pop(SOCKET_ENV, "")
        self._address = f"\0{place[1:]}" if place.startswith("@") else place

    def ready(self) -> None:
        """Callers are taken."""
        self._tell(b"READY=1")

    def stopping(self) -> None:
        """None is taken any more."""
        self._tell(b"STOPPING=1")

    def _tell(self, state: bytes) -> None:
        if not self._address:
            return
        # A manager that does not listen is no reason to end.
        with suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as told:
            told.sendto(state, self._address)
