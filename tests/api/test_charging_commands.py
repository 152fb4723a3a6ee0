"""`billcore bill one-off`, `group` and `consolidate` against a real server."""

import re

import pytest
from typer.testing import CliRunner

from billcore.core.errors import RequestInvalid
from billcore.server import cli
from billcore.server.refusals import ServerRefused
from tests.api.charged import DAY, OPENED, TARIFF, Charged
from tests.api.client import Client


@pytest.fixture(scope="module")
def app(stored_app):
    return stored_app


@pytest.fixture(scope="module")
def accounts(app, keys):
    """A1 and A2 of each provider, by provider."""
    found = {}
    for code in ("north", "south"):
        client = Client(app.port, keys[code])
        client.publish(TARIFF)
        found[code] = Charged(client, code)
        for number in ("A1", "A2"):
            found[code].open_account(number)
    yield found
    for one in found.values():
        one.client.channel.close()


@pytest.fixture
def run(app, keys, accounts):
    """Runs a command against the server with the key of the house; what it prints."""

    def called(*command, key="house"):
        environment = {
            "BILLCORE_ADDRESS": f"127.0.0.1:{app.port}",
            "BILLCORE_KEY": keys[key],
            "COLUMNS": "200",
        }
        result = CliRunner().invoke(cli.app, command, env=environment, catch_exceptions=True)
        if isinstance(result.exception, Exception):
            raise result.exception
        assert result.exit_code == 0, result.output
        return result.output

    return called


CHARGE = ("bill", "one-off", "A1", "--tariff=connection", f"--day={DAY}", "--input=pipe=dn25")


def test_a_charge_is_tried_and_made(run):
    more = ("--input=metres=12.5", "--input=paved=no", "--input=rebate=0.50", "--reference=r 17")
    tried = run(*CHARGE, *more, "--provider=north", "--simulate")
    for figure in ("1,500.00", "1,193.75", "538.65", "3,231.90", "-0.50"):
        assert figure in tried, tried
    assert run(*CHARGE, *more, "--provider=north", "--request-id=c1") == tried
    assert run(*CHARGE, *more, "--provider=north", "--request-id=c1") == tried
    assert f"one-off, r 17, issued {DAY}" in tried
    told = run("statement", "A1", "--provider=north")
    assert "r 17" in told
    assert "one_off" in told


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ("pipe", "NAME=VALUE"),
        ("diameter=5", "NAME=VALUE"),
        ("paved=maybe", "neither yes nor no"),
        ("rebate=0.001", "at most 2 decimals"),
        ("rebate=99999999999999999999", "at most 2 decimals"),
        ("rebate=much", "rebate"),
    ],
)
def test_an_input_that_cannot_be_read(run, wrong, words):
    with pytest.raises(RequestInvalid, match=words):
        run(*CHARGE, f"--input={wrong}", "--provider=north", "--simulate")


def test_what_the_server_refuses(run):
    with pytest.raises(ServerRefused, match="NOT_FOUND"):
        run("bill", "one-off", "A9", "--tariff=connection", "--provider=north")
    with pytest.raises(ServerRefused, match="INVALID_ARGUMENT"):
        run(*CHARGE, "--input=metres=x", "--provider=north")
    with pytest.raises(ServerRefused, match="NOT_FOUND"):
        run("group", "show", "77")
    with pytest.raises(RequestInvalid, match="from which day"):
        run("group", "create", "--name=x", "--join=north:A1")


def test_an_account_to_bill_needs_no_word(run):
    """`bill ACCOUNT` is `bill account ACCOUNT`, wherever its options stand."""
    for command in (
        ("bill", "A1", "--until=2026-01-31"),
        ("bill", "--until=2026-01-31", "A1"),
        ("bill", "account", "A1", "--until=2026-01-31"),
    ):
        with pytest.raises(ServerRefused, match="no agreement of it has days"):
            run(*command, "--provider=north")


def test_a_group_and_its_bill(run, accounts):
    for code in ("north", "south"):
        run("bill", "one-off", "A2", "--tariff=connection", f"--day={DAY}", "--input=pipe=dn15",
            f"--provider={code}")  # fmt: skip
    joining = ("--join=north:A2", "--join=south:A2", f"--from={OPENED}")
    told = run("group", "create", "--name=12 Lime Street", "--to=Attic", *joining)
    group = re.search(r"Group (\d+): 12 Lime Street, Attic", told)[1]
    assert told.count("A2") == 2
    assert "12 Lime Street" in run("group", "list")
    made = run("consolidate", "make", group, f"--day={DAY}")
    assert made.count("960.00") == 8  # billed and owed: two accounts, two providers
    assert made.count("1,920.00") == 2
    number = re.search(r"Consolidated bill (\d+)", made)[1]
    assert run("consolidate", "show", number) == made
    listed = run("consolidate", "list", f"--group={group}")
    assert "1,920.00" in listed
    assert run("consolidate", "list", "--group=99").count("\n") == 1
    account = accounts["south"].accounts["A2"]
    leaving, moved = (f"--leave={account}", f"--last={DAY}"), ("--join=south:A1", f"--from={DAY}")
    changed = run("group", "change", group, "--name=Ms Brown", *leaving, *moved, "--reason=moved")
    assert "Ms Brown, Attic, revision 2" in changed
    assert run("group", "show", group) == changed
    owed = " ".join(run("group", "debts", group).split())
    assert "Ms Brown, USD" in owed
    assert "in all" in owed
    with pytest.raises(ServerRefused, match="no member has a bill"):
        run("consolidate", "make", group, f"--day={DAY}")
    with pytest.raises(ServerRefused, match="update_mask"):
        run("group", "change", group)


def test_what_is_sent_again_is_done_once(run):
    same = "--request-id=again"
    create = ("group", "create", "--name=Court", "--join=north:A1", f"--from={OPENED}", same)
    told = run(*create)
    assert run(*create) == told
    group = re.search(r"Group (\d+):", told)[1]
    change = ("group", "change", group, "--name=Yard", same)
    with pytest.raises(RequestInvalid, match="say which"):
        run(*change)
    changed = run(*change, "--revision=1")
    assert "Yard, revision 2" in changed
    assert run(*change, "--revision=1") == changed
    with pytest.raises(ServerRefused, match="ABORTED"):
        run("group", "change", group, "--name=Mews", "--revision=1")
    run(*CHARGE, "--provider=north")
    made = run("consolidate", "make", group, f"--day={DAY}", same)
    assert run("consolidate", "make", group, f"--day={DAY}", same) == made


def test_a_provider_groups_its_own(run):
    told = run("group", "create", "--name=Yard", "--join=A1", f"--from={OPENED}", key="north")
    assert "north" in told
    with pytest.raises(ServerRefused, match="PERMISSION_DENIED"):
        run("group", "create", "--name=Yard", "--join=south:A1", f"--from={OPENED}", key="north")
