"""TLS of the server's port: certificates in files, renewed without a restart.

Goals: a pair of files that was replaced is used from the next handshake on; a replacement that does
not fit leaves the one in use, and is told in the log. Non-goals: getting certificates, revocation.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from threading import Lock

import grpc
import structlog
from cryptography import x509
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from billcore.core.errors import SettingsInvalid
from billcore.server.settings import Settings

LOOK_SECONDS = 1.0
"""Files are looked at for changes at most so often."""

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Pair:
    """A certificate with those that vouch for it, its key, and who may vouch for clients ('':
    clients need none); PEM. expires: seconds since 1970."""

    chain: bytes
    key: bytes
    client_ca: bytes
    expires: int

    def __repr__(self) -> str:
        return f"Pair(expires={self.expires})"

    @property
    def configuration(self) -> grpc.ServerCertificateConfiguration:
        """As grpc takes it."""
        return grpc.ssl_server_certificate_configuration(
            [(self.key, self.chain)], self.client_ca or None
        )


class Certificates:
    """What a server proves itself with, as its files have it now; safe for threads.

    expires: told the end of each certificate that comes into use. Raises SettingsInvalid with the
    setting where the files cannot be used.
    """

    def __init__(self, settings: Settings, expires: Callable[[float], None]) -> None:
        self._settings = settings
        self._expires = expires
        self._lock = Lock()
        self._seen = self._stamps()
        self._looked = time.monotonic()
        self._pair = read(settings)
        self._used(self._pair)

    def credentials(self) -> grpc.ServerCredentials:
        """For a port; with `tls_client_ca` clients prove themselves too."""
        return grpc.dynamic_ssl_server_credentials(
            self._pair.configuration,
            self._changed,  # type: ignore[arg-type]  # None: as before
            require_client_authentication=bool(self._pair.client_ca),
        )

    def _changed(self) -> grpc.ServerCertificateConfiguration | None:
        """Called before a handshake; None: as before."""
        with self._lock:
            if time.monotonic() - self._looked < LOOK_SECONDS:
                return None
            self._looked, stamps = time.monotonic(), self._stamps()
            if stamps == self._seen:
                return None
            self._seen = stamps
            try:
                self._pair = read(self._settings)
            except SettingsInvalid as error:
                log.error("tls_not_renewed", why=error.message)
                return None
            self._used(self._pair)
            log.info("tls_renewed", expires=self._pair.expires)
            return self._pair.configuration

    def _used(self, pair: Pair) -> None:
        self._expires(pair.expires)
        if pair.expires < time.time():
            log.warning("tls_expired", expires=pair.expires)

    def _stamps(self) -> list[tuple[int, int]]:
        found = []
        for file in (self._settings.tls_cert, self._settings.tls_key, self._settings.tls_client_ca):
            try:
                stat = file.stat() if file else None
            except OSError:
                stat = None
            found.append((stat.st_mtime_ns, stat.st_ino) if stat else (0, 0))
        return found


def read(settings: Settings) -> Pair:
    """The files of a server's settings, which fit each other. Raises SettingsInvalid."""
    chain, key = _bytes(settings, "tls_cert"), _bytes(settings, "tls_key")
    try:
        certificate = x509.load_pem_x509_certificates(chain)[0]
    except ValueError as error:
        raise SettingsInvalid("tls_cert", f"it has no certificate in PEM: {error}.") from None
    try:
        secret = load_pem_private_key(key, None)
    except (ValueError, TypeError):
        why = "it has no private key in PEM without a password."
        raise SettingsInvalid("tls_key", why) from None
    if secret.public_key() != certificate.public_key():
        raise SettingsInvalid("tls_key", "it is not the key of the certificate of `tls_cert`.")
    client_ca = b""
    if settings.tls_client_ca is not None:
        client_ca = _bytes(settings, "tls_client_ca")
        try:
            x509.load_pem_x509_certificates(client_ca)
        except ValueError as error:
            why = f"it has no certificate in PEM: {error}."
            raise SettingsInvalid("tls_client_ca", why) from None
    return Pair(chain, key, client_ca, int(certificate.not_valid_after_utc.timestamp()))


def _bytes(settings: Settings, setting: str) -> bytes:
    file: Path = getattr(settings, setting)
    try:
        return file.read_bytes()
    except OSError as error:
        why = f"{file} cannot be read: {type(error).__name__}."
        raise SettingsInvalid(setting, why) from None
