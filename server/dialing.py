"""Channels of our own commands and adapters to a server: with TLS where the environment says so.

BILLCORE_SERVER_CA names the file (PEM) of who may vouch for the server, or is `system`: the roots
that come with grpc; without it channels are plain. BILLCORE_CLIENT_CERT and BILLCORE_CLIENT_KEY are
the files by which we prove ourselves to a server that asks for it.
"""

import os
from collections.abc import Sequence
from pathlib import Path

import grpc
import grpc.aio

from billcore.core.errors import SettingsInvalid

CA_ENV, CERT_ENV, KEY_ENV = "BILLCORE_SERVER_CA", "BILLCORE_CLIENT_CERT", "BILLCORE_CLIENT_KEY"
DIAL_ENV = (CA_ENV, CERT_ENV, KEY_ENV)

SYSTEM = "system"

Options = Sequence[tuple[str, object]]


def channel(address: str, options: Options = ()) -> grpc.Channel:
    """A channel to a server. Raises SettingsInvalid."""
    found = _credentials()
    if found is None:
        return grpc.insecure_channel(address, options)
    return grpc.secure_channel(address, found, options)


def aio_channel(address: str, options: Options = ()) -> grpc.aio.Channel:
    """The same for an event loop."""
    found = _credentials()
    if found is None:
        return grpc.aio.insecure_channel(address, options)
    return grpc.aio.secure_channel(address, found, options)


def _credentials() -> grpc.ChannelCredentials | None:
    ca, cert, key = (os.environ.get(name, "") for name in DIAL_ENV)
    if bool(cert) != bool(key):
        raise SettingsInvalid(CERT_ENV if key else KEY_ENV, "a certificate needs its key.")
    if not ca:
        if cert:
            raise SettingsInvalid(CA_ENV, "a client's certificate is for TLS: say who may vouch.")
        return None
    return grpc.ssl_channel_credentials(
        None if ca == SYSTEM else _bytes(CA_ENV, ca),
        _bytes(KEY_ENV, key) if key else None,
        _bytes(CERT_ENV, cert) if cert else None,
    )


def _bytes(name: str, file: str) -> bytes:
    try:
        return Path(file).read_bytes()
    except OSError as error:
        raise SettingsInvalid(name, f"{file} cannot be read: {type(error).__name__}.") from None
