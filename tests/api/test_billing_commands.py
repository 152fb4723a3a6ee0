"""`billcore bill`, `statement` and `verify` against a real server, and on a store without one."""

import pytest
from typer.testing import CliRunner

from billcore.core.errors import RequestInvalid
from billcore.core.store.open import open_store
from billcore.server import cli
from billcore.server.commands.amounts import shown
from billcore.server.refusals import ServerRefused
from tests import seed
from tests.api import stored, waterworks
from tests.api.client import Client
from tests.api.waterworks import iso

FIRST = seed.PRINTED[0]


@pytest.fixture(scope="module")
def app(stored_app):
    return stored_app


@pytest.fixture(scope="module")
def works(app, keys):
    """The water company with the first reading of account 1421."""
    house = Client(app.port, keys["house"])
    waterworks.founded(house)
    house.channel.close()
    client = Client(app.port, keys["house"], x_billcore_provider=waterworks.CODE)
    found = waterworks.furnished(waterworks.Waterworks(client))
    found.read(found.meter_id, iso(FIRST.day), FIRST.dial)
    yield found
    client.channel.close()


@pytest.fixture
def run(app, keys):
    """Runs a command against the server; what it prints, and its exit status."""

    def called(*command, status=0):
        environment = {
            "BILLCORE_ADDRESS": f"127.0.0.1:{app.port}",
            "BILLCORE_KEY": keys["house"],
            "COLUMNS": "200",
        }
        result = CliRunner().invoke(cli.app, command, env=environment, catch_exceptions=True)
        if isinstance(result.exception, Exception):
            raise result.exception
        assert result.exit_code == status, result.output
        return result.output

    return called


def test_a_bill_is_tried_made_and_told_in_a_statement(works, run):
    order = ("bill", "1421", f"--until={iso(FIRST.day)}", f"--issued={iso(FIRST.day)}")
    more = ("--days=1=253", "--language=fa", f"--provider={waterworks.CODE}")
    tried = run(*order, *more, "--simulate")
    for figure in ("79,200", "40,172", "729,792", "17", "729,809"):
        assert figure in tried
    assert run(*order, *more, "--request-id=b1") == tried
    assert run(*order, *more, "--request-id=b1") == tried
    told = run("statement", "1421", f"--provider={waterworks.CODE}")
    assert "taken over" in told
    assert told.count("729,792") == 2  # its amount, and what of it is open
    assert "729,809" in told
    later = run(
        "statement", "1421", f"--from={iso(FIRST.day, later=1)}", f"--provider={waterworks.CODE}"
    )
    assert "before" in later


def test_what_the_server_refuses(works, run):
    with pytest.raises(ServerRefused, match="FAILED_PRECONDITION"):
        run("bill", "1421", "--until=2030-01-01", f"--provider={waterworks.CODE}")
    with pytest.raises(ServerRefused, match="NOT_FOUND"):
        run("statement", "nobody", f"--provider={waterworks.CODE}")
    with pytest.raises(RequestInvalid, match="AGREEMENT=DAYS"):
        run("bill", "1421", "--until=2030-01-01", "--days=x")


def test_verify_through_the_server(works, run):
    told = run("verify")
    assert "the house" in told
    assert "events_rebuild_balances" in told
    assert told.count(" ok") > 20
    alone = run("verify", f"--provider={waterworks.CODE}")
    assert "north" not in alone


def test_verify_on_a_store_that_nobody_has(tmp_path):
    stored.fill(tmp_path)
    environment = {"COLUMNS": "200", "BILLCORE_ADDRESS": "127.0.0.1:1"}  # the store goes before
    command = ["verify", f"--store={stored.url(tmp_path)}"]
    result = CliRunner().invoke(cli.app, command, env=environment)
    assert (result.exit_code, "books_agree" in result.output) == (0, True), result.output
    store = open_store(stored.url(tmp_path))
    with store.write() as session:
        session.run(
            "INSERT INTO entry (provider_id, entry_id, day, kind, source, reverses, client_id,"
            " recorded_at) VALUES (1, 5, 700000, 3, 'by hand', 0, 0, 0)"
        )
    store.close()
    result = CliRunner().invoke(cli.app, [*command, "--provider=north"], env=environment)
    assert result.exit_code == 1
    told = " ".join(result.output.split())  # long cells are folded
    assert "there are none" in told
    assert "by hand" in told


@pytest.mark.parametrize(
    ("amount", "digits", "text"),
    [(0, 0, "0"), (1_234_567, 0, "1,234,567"), (-123_456, 2, "-1,234.56"), (5, 3, "0.005")],
)
def test_amounts_as_people_read_them(amount, digits, text):
    assert shown(amount, digits) == text
