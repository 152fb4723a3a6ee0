"""TLS of a real server: proved to clients, asked of clients, renewed while it runs."""

import os
import ssl
import time
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from unittest import mock

import grpc
import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from typer.testing import CliRunner

from billcore.core.errors import SettingsInvalid
from billcore.server import cli, dialing, settings, tls
from billcore.v1 import tariff_service_pb2 as pb
from billcore.v1.tariff_service_pb2_grpc import TariffServiceStub
from tests.api import stored

SECONDS = 20


class Authority:
    """Who vouches for others: certificates and keys as files of a folder."""

    def __init__(self, folder, name="ca"):
        self.folder, self.name = folder, name
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.made = self._signed(name, self.key, self.key, name)
        self.file = folder / f"{name}.pem"
        self.file.write_bytes(self.made.public_bytes(Encoding.PEM))

    def issue(self, name, days=1):
        """A certificate of 127.0.0.1 with its key: (file, file)."""
        key = ec.generate_private_key(ec.SECP256R1())
        made = self._signed(name, key, self.key, self.name, days)
        files = self.folder / f"{name}.crt", self.folder / f"{name}.key"
        secret = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        for file, content in zip(files, (made.public_bytes(Encoding.PEM), secret), strict=True):
            partly = file.with_suffix(".new")
            partly.write_bytes(content)
            os.replace(partly, file)
        return files

    def _signed(self, name, key, by, issuer, days=1):
        now = datetime.now(UTC)
        ends = now + timedelta(days=days)
        names = [x509.IPAddress(ip_address("127.0.0.1")), x509.DNSName("localhost")]
        return (
            x509.CertificateBuilder()
            .subject_name(_named(name))
            .issuer_name(_named(issuer))
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(min(now, ends) - timedelta(hours=1))
            .not_valid_after(ends)
            .add_extension(x509.BasicConstraints(ca=key is by, path_length=None), critical=True)
            .add_extension(x509.SubjectAlternativeName(names), critical=False)
            .sign(by, SHA256())
        )


def _named(name):
    return x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])


@pytest.fixture
def authority(tmp_path):
    return Authority(tmp_path)


@pytest.fixture
def keys(tmp_path):
    return stored.fill(tmp_path)


def listed(app, key, ca, pair=()):
    """A call of the server within TLS."""
    mine = [file.read_bytes() for file in reversed(pair)]
    proof = grpc.ssl_channel_credentials(ca.file.read_bytes(), *mine)
    with grpc.secure_channel(f"127.0.0.1:{app.port}", proof) as channel:
        call = TariffServiceStub(channel).ListTariffs
        metadata = [("authorization", f"Bearer {key}")]
        return call(pb.ListTariffsRequest(), metadata=metadata, timeout=SECONDS)


def serial(app):
    """Of the certificate that the server shows now."""
    shown = ssl.get_server_certificate(("127.0.0.1", app.port), timeout=SECONDS)
    return x509.load_pem_x509_certificate(shown.encode()).serial_number


def test_a_server_proves_itself_and_its_clients_do(tmp_path, keys, authority):
    """With the right authority calls are answered; plain, or by another's, none is."""
    cert, key = authority.issue("server")
    mine = authority.issue("client")
    server = stored.server(tmp_path, tls_cert=cert, tls_key=key, tls_client_ca=authority.file)
    try:
        assert listed(server, keys["north"], authority, mine).tariffs == []
        strange = Authority(tmp_path, "strange")
        for ca, pair in ((strange, mine), (authority, ()), (authority, strange.issue("other"))):
            with pytest.raises(grpc.RpcError) as found:
                listed(server, keys["north"], ca, pair)
            assert found.value.code() is grpc.StatusCode.UNAVAILABLE
        plain = grpc.insecure_channel(f"127.0.0.1:{server.port}")
        with plain as channel, pytest.raises(grpc.RpcError):
            TariffServiceStub(channel).ListTariffs(pb.ListTariffsRequest(), timeout=SECONDS)
    finally:
        server.drain()


def test_commands_speak_tls_where_the_environment_says_so(tmp_path, keys, authority):
    cert, key = authority.issue("server")
    mine = authority.issue("client")
    server = stored.server(tmp_path, tls_cert=cert, tls_key=key, tls_client_ca=authority.file)
    environment = {
        "BILLCORE_ADDRESS": f"127.0.0.1:{server.port}",
        "BILLCORE_KEY": keys["house"],
        dialing.CA_ENV: str(authority.file),
        dialing.CERT_ENV: str(mine[0]),
        dialing.KEY_ENV: str(mine[1]),
    }
    try:
        result = CliRunner().invoke(cli.app, ["client", "list"], env=environment)
        assert result.exit_code == 0, result.output
        assert "analyst" in result.stdout
        without = environment | {dialing.CERT_ENV: ""}
        result = CliRunner().invoke(cli.app, ["client", "list"], env=without)
        assert isinstance(result.exception, SettingsInvalid)
        assert "BILLCORE_CLIENT_CERT" in str(result.exception)
    finally:
        server.drain()


def test_renewed_files_are_used_and_broken_ones_are_not(tmp_path, keys, authority, monkeypatch):
    """From the next connection on, without a restart; what does not fit is told and left."""
    monkeypatch.setattr(tls, "LOOK_SECONDS", 0)
    cert, key = authority.issue("server")
    server = stored.server(tmp_path, tls_cert=cert, tls_key=key)
    try:
        first = serial(server)
        assert serial(server) == first
        authority.issue("server", days=9)
        until = time.monotonic() + SECONDS
        while (second := serial(server)) == first and time.monotonic() < until:
            pass
        assert second != first
        ends = server.metrics.registry.get_sample_value("billcore_tls_certificate_expires_seconds")
        assert ends > time.time() + 8 * 86_400
        log = mock.Mock()
        monkeypatch.setattr(tls, "log", log)
        key.write_text("nonsense")
        assert serial(server) == second
        ((event,), told) = log.error.call_args
        assert (event, "tls_key" in told["why"]) == ("tls_not_renewed", True)
        assert listed(server, keys["north"], authority).tariffs == []
    finally:
        server.drain()


def test_an_expired_certificate_is_told(tmp_path, authority, monkeypatch):
    cert, key = authority.issue("old", days=-1)
    log = mock.Mock()
    monkeypatch.setattr(tls, "log", log)
    tls.Certificates(settings.load(tls_cert=cert, tls_key=key), lambda _: None)
    assert log.warning.call_args.args == ("tls_expired",)


@pytest.mark.parametrize(
    ("given", "setting"),
    [
        ({"tls_cert": "server.crt"}, "tls_key"),
        ({"tls_key": "server.key"}, "tls_cert"),
        ({"tls_client_ca": "ca.pem"}, "tls_client_ca"),
        ({"host": "0.0.0.0", "store": "sqlite:///x.db"}, "host"),
        ({"tls_cert": "server.crt", "tls_key": "other.key"}, "tls_key"),
        ({"tls_cert": "ca.pem", "tls_key": "ca.pem"}, "tls_key"),
        ({"tls_cert": "server.key", "tls_key": "server.key"}, "tls_cert"),
        ({"tls_cert": "none", "tls_key": "server.key"}, "tls_cert"),
        ({"tls_cert": "server.crt", "tls_key": "server.key", "tls_client_ca": "server.key"},
         "tls_client_ca"),
    ],
)  # fmt: skip
def test_settings_that_prove_nothing_are_refused(tmp_path, authority, given, setting):
    authority.issue("server")
    authority.issue("other")
    files = {name: tmp_path / value if name.startswith("tls") else value
             for name, value in given.items()}  # fmt: skip
    with pytest.raises(SettingsInvalid, match=f"'{setting}'"):
        tls.read(settings.load(**files))


def test_a_proxy_may_end_tls():
    """Said so, the server is called in the clear from beyond."""
    found = settings.load(host="0.0.0.0", store="sqlite:///x.db", plain_beyond_loopback=True)
    assert found.tls_cert is None
