"""`billcore event` against a real server: all of it, of an account, behind a place; the keys."""

import json

import pytest
from typer.testing import CliRunner

from billcore.server import cli
from billcore.server.refusals import ServerRefused
from tests.api import stored
from tests.api.client import Client
from tests.api.test_consumers import PUBLIC, settled, signing, until_numbered


@pytest.fixture
def run(tmp_path):
    """Runs a command against a server with four accounts that owe; what it prints."""
    keys, file = stored.fill(tmp_path), signing(tmp_path)
    app = stored.server(tmp_path, signing_keys=file)
    client = Client(app.port, keys["north"])
    settled(client)
    until_numbered(client)
    client.channel.close()

    def called(*command: str) -> str:
        environment = {
            "BILLCORE_ADDRESS": f"127.0.0.1:{app.port}",
            "BILLCORE_KEY": keys["viewer"],
            "COLUMNS": "200",
        }
        result = CliRunner().invoke(cli.app, ["event", *command], env=environment)
        if isinstance(result.exception, Exception):
            raise result.exception
        assert result.exit_code == 0, result.output
        return result.output

    yield called
    app.drain()


def test_events_are_printed_as_lines(run):
    """All of them, some of them, those behind a place, none behind the end."""

    def lines(*options: str) -> list[dict]:
        return [json.loads(line) for line in run("follow", "--once", *options).splitlines()]

    every = lines()
    assert [line["sequence"] for line in every] == list(range(1, len(every) + 1))
    posted = [line for line in every if line["kind"] == "account_entries.posted"]
    assert [line["payload"]["amounts"] for line in posted] == [[50_000 + n] for n in range(4)]
    assert lines("--kind", "account_entries.posted") == posted
    assert lines("--kind", "account_entries.posted", "--account", "A1", "--account", "A3") == [
        posted[1],
        posted[3],
    ]
    assert lines("--subject", every[0]["subject"])[0] == every[0]
    assert lines("--after", str(len(every) - 1)) == every[-1:]
    assert lines("--after", str(len(every))) == []
    with pytest.raises(ServerRefused, match="A9"):
        run("follow", "--once", "--account", "A9")


def test_the_keys_are_listed(run):
    assert " ".join(run("keys").split()).endswith(f"2026 yes {PUBLIC}")
