"""A kiosk network for the tests of its adapter: the adapter's process, requests to it."""

import http.client
import json
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path
from threading import Thread
from typing import NamedTuple
from urllib.parse import urlencode
from xml.etree import ElementTree

from billcore.server.adapters.osmp import serving
from billcore.server.adapters.osmp import settings as settings_of
from tests.api.conftest import Process

PATH = "/osmp"


class Reply(NamedTuple):
    """What an HTTP request is answered."""

    status: int
    body: bytes
    media_type: str

    @property
    def xml(self) -> ElementTree.Element:
        assert (self.status, self.media_type) == (200, "text/xml; charset=utf-8"), self
        return ElementTree.fromstring(self.body)

    def __getattr__(self, name: str) -> str:
        """The text of an element of the answer; '' without it."""
        return self.xml.findtext(name) or ""

    @property
    def fields(self) -> dict[str, str]:
        """What the kiosk shows, by label; every field is one that is shown."""
        found = list(self.xml.find("fields") or ())
        assert [one.tag for one in found] == [f"field{n}" for n in range(1, len(found) + 1)]
        assert {one.get("type") for one in found} <= {"disp"}
        return {one.get("name", ""): one.text or "" for one in found}


class Network:
    """Sends requests to an adapter on a port of this machine."""

    port: int

    def get(self, path: str = PATH, **headers: str) -> Reply:
        """The answer to GET."""
        return self.send("GET", path, b"", headers)

    def post(self, body: bytes | str, path: str = PATH, **headers: str) -> Reply:
        """The answer to POST, of a url-encoded body where nothing else is said."""
        data = body.encode() if isinstance(body, str) else body
        form = {"content-type": "application/x-www-form-urlencoded"}
        named = {name.replace("_", "-"): text for name, text in headers.items()}
        return self.send("POST", path, data, form | named)

    def send(self, method: str, path: str, body: bytes, headers: dict[str, str]) -> Reply:
        """The answer to a request as it is."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        with closing(connection):
            connection.request(method, path, body or None, headers)
            answer = connection.getresponse()
            return Reply(answer.status, answer.read(), answer.headers.get("content-type", ""))

    def ask(self, command: str, **parameters: object) -> Reply:
        """The answer to a command, by GET."""
        return self.get(f"{PATH}?{urlencode({'command': command} | parameters)}")


def given(address: str, **settings: object) -> dict[str, object]:
    """The settings of an adapter of the tests."""
    needed = {"address": address, "channel": "kiosk", "currency": "USD", "time_zone": "UTC"}
    return needed | {"port": 0, "metrics_port": 0, "answer_seconds": 10} | settings


class Adapter(Network):
    """An adapter in a thread of the tests' process."""

    def __init__(self, address: str, key: str, **settings: object) -> None:
        self._adapter = serving.Adapter(settings_of.load(None, **given(address, **settings)), key)
        self.port, self.metrics_port = self._adapter.port, self._adapter.metrics_port
        self._thread = Thread(target=self._adapter.run, daemon=True)
        self._thread.start()

    def end(self) -> None:
        """Lets it answer what it was asked, and ends it."""
        self._adapter.leave()
        self._thread.join(timeout=60)
        assert not self._thread.is_alive()


class AdapterProcess(Process, Network):
    """An adapter started by the command line, its settings in a file."""

    def __init__(self, folder: Path, address: str, key: str, **settings: object) -> None:
        self.config = written(folder, address, **settings)
        super().__init__("adapter", "osmp", f"--config={self.config}", BILLCORE_KEY=key)


def written(folder: Path, address: str, **settings: object) -> Path:
    """A file of settings."""
    file = folder / "kiosk.toml"
    file.write_text("".join(toml(given(address, **settings))), encoding="utf-8")
    return file


def toml(values: dict[str, object]) -> Iterable[str]:
    """Settings as a file has them; tables last."""
    tables = {name: value for name, value in values.items() if isinstance(value, dict)}
    for name, value in values.items():
        if name not in tables:
            yield f"{name} = {json.dumps(value)}\n"
    for name, table in tables.items():
        yield f"[{name}]\n"
        yield from (f'"{key}" = {json.dumps(value)}\n' for key, value in table.items())
