"""Programs that tests start: the environment and the ports that they get."""

import os
import socket


def environment() -> dict[str, str]:
    """That of this process, without what sets billcore."""
    return {name: value for name, value in os.environ.items() if not name.startswith("BILLCORE_")}


def free_port() -> int:
    """One that nobody listens on now."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])
