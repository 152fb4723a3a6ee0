"""Ports that processes listen on together, or one alone."""

import socket

from billcore.core.errors import SettingsInvalid


def reserved(host: str, port: int, shared: bool) -> socket.socket:
    """A socket that keeps a port, 0: a free one, for processes of this user; it takes no calls.

    shared: others may listen there already. Raises SettingsInvalid where the port is taken.
    """
    try:
        kind, _, _, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        if not shared and port:
            with socket.socket(kind, socket.SOCK_STREAM) as alone:
                alone.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                alone.bind(address)  # refused where somebody listens
        held = socket.socket(kind, socket.SOCK_STREAM)
        held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # past ended connections
        held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        held.bind(address)
    except OSError:
        raise taken(host, port) from None
    return held


def taken(host: str, port: int) -> SettingsInvalid:
    """Nobody can listen there."""
    return SettingsInvalid("port", f"cannot listen on {host}:{port}: it is taken or not ours.")
