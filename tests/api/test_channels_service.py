"""Channels, terminals and clients of a channel on a real server, by calls and by commands."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from google.protobuf.field_mask_pb2 import FieldMask
from typer.testing import CliRunner

from billcore.core.caller import HOUSE, Caller, Role
from billcore.core.errors import RequestInvalid
from billcore.core.payments import channels
from billcore.core.payments.errors import ChannelForbidden
from billcore.server import cli
from billcore.server.gate import KeyGate
from billcore.server.refusals import ServerRefused
from billcore.v1 import admin_service_pb2
from billcore.v1 import channel_service_pb2 as pb
from tests.api.client import Client, refused


@pytest.fixture(scope="module")
def app(stored_app):
    return stored_app


@pytest.fixture
def call(app, keys):
    """A client by the name of its key, and metadata."""
    opened = []

    def client(name: str = "", key: str = "", **metadata: str) -> Client:
        opened.append(Client(app.port, key or keys[name], **metadata))
        return opened[-1]

    yield client
    for one in opened:
        one.channel.close()


@pytest.fixture
def run(app, keys):
    """Runs a command against the server with a key; what it prints."""

    def called(*command, key="house", status=0):
        environment = {
            "BILLCORE_ADDRESS": f"127.0.0.1:{app.port}",
            "BILLCORE_KEY": keys[key],
            "COLUMNS": "200",
        }
        result = CliRunner().invoke(cli.app, command, env=environment, catch_exceptions=True)
        if isinstance(result.exception, Exception):
            raise result.exception
        assert result.exit_code == status, result.output
        return result.output

    return called


def created(client, code, request_id="", kind="CHANNEL_KIND_KIOSK", **more):
    given = pb.Channel(channel=code, kind=kind, name=f"Channel {code}", **more)
    return client.channels.CreateChannel(
        pb.CreateChannelRequest(request_id=request_id or f"create {code}", channel=given)
    ).channel


def listed(client, size=0):
    """The codes of every channel that a client sees, page by page."""
    found, request = [], pb.ListChannelsRequest(page_size=size)
    while True:
        page = client.channels.ListChannels(request)
        found += [one.channel for one in page.channels]
        if not page.next_page_token:
            return found
        request.page_token = page.next_page_token


def test_a_channel_is_made_found_changed_and_listed(call):
    """Policies come back in full; the same write again gets its first answer."""
    north = call("north")
    made = created(north, "kiosk", policies='{"late_days": 3}', kind="CHANNEL_KIND_POS")
    assert (made.provider_id, made.channel_no, made.enabled, made.revision) == (1, 1, True, 1)
    assert pb.ChannelKind.Name(made.kind) == "CHANNEL_KIND_POS"
    policies = json.loads(made.policies)
    assert (policies["late_days"], policies["convenience_fee"]["fixed"]) == (3, 0)
    again = created(north, "kiosk", policies='{"late_days": 3}', kind="CHANNEL_KIND_POS")
    assert again == made
    for wanted in ({"channel": "kiosk"}, {"channel_no": 1}):
        found = north.channels.GetChannel(pb.GetChannelRequest(**wanted)).channel
        assert found == made
    request = pb.UpdateChannelRequest(
        request_id="update kiosk",
        channel=pb.Channel(channel="kiosk", revision=1, name="Kiosks", enabled=False),
        update_mask=FieldMask(paths=["name", "enabled"]),
    )
    changed = north.channels.UpdateChannel(request).channel
    assert (changed.name, changed.enabled, changed.revision) == ("Kiosks", False, 2)
    assert changed.policies == made.policies
    assert north.channels.UpdateChannel(request).channel == changed
    request.request_id = "update kiosk twice"
    with refused("ABORTED", "REVISION_CONFLICT"):
        north.channels.UpdateChannel(request)


def test_the_house_s_channels_serve_every_provider(call):
    """Made by the house that names no provider; changed by nobody else."""
    house, north, south = call("house"), call("north"), call("south")
    shared = created(house, "post")
    assert (shared.provider_id, shared.channel_no) == (HOUSE, 2**14 + 1)
    named = call("house", x_billcore_provider="south")
    own = created(named, "till")
    assert (own.provider_id, own.channel_no) == (2, 1)
    for client in (north, south, named):
        request = pb.GetChannelRequest(channel="post")
        assert client.channels.GetChannel(request).channel == shared
    assert (listed(south), listed(house)) == (["till", "post"], ["post"])
    with refused("NOT_FOUND", "CHANNEL_UNKNOWN"):
        north.channels.GetChannel(pb.GetChannelRequest(channel="till"))
    with refused("NOT_FOUND", "CHANNEL_UNKNOWN"):
        house.channels.GetChannel(pb.GetChannelRequest(channel="till"))
    for client in (north, named):
        request = pb.UpdateChannelRequest(
            request_id="of the house",
            channel=pb.Channel(channel="post", revision=1),
            update_mask=FieldMask(paths=["enabled"]),
        )
        with refused("PERMISSION_DENIED", "HOUSE_NEEDED"):
            client.channels.UpdateChannel(request)
    for client, code in ((north, "post"), (house, "till")):
        with refused("ALREADY_EXISTS", "ALREADY_TAKEN"):
            created(client, code, f"taken {code}")


def test_pages_miss_and_repeat_nothing_while_channels_are_added(call):
    """A provider's own channels stand before the house's, whenever they are made."""
    south = call("south")
    before = listed(south, 1)
    assert before == listed(south)
    page = south.channels.ListChannels(pb.ListChannelsRequest(page_size=1))
    created(south, "later")
    rest = pb.ListChannelsRequest(page_size=1000, page_token=page.next_page_token)
    after = [one.channel for one in south.channels.ListChannels(rest).channels]
    assert [page.channels[0].channel, *after] == listed(south)
    with refused("INVALID_ARGUMENT", "REQUEST_INVALID"):
        south.channels.ListTerminals(
            pb.ListTerminalsRequest(channel="later", page_token=page.next_page_token)
        )


def test_terminals_through_their_life(call):
    north = call("north")
    created(north, "hall")
    for code in ("B", "A"):
        given = pb.Terminal(channel="hall", terminal=code, place="Hall")
        made = north.channels.CreateTerminal(
            pb.CreateTerminalRequest(request_id=f"terminal {code}", terminal=given)
        ).terminal
        assert (made.channel, made.enabled, made.revision) == ("hall", True, 1)
    assert (made.terminal_no, made.terminal) == (2, "A")
    with refused("ALREADY_EXISTS", "ALREADY_TAKEN"):
        north.channels.CreateTerminal(
            pb.CreateTerminalRequest(request_id="terminal A again", terminal=given)
        )
    changed = north.channels.UpdateTerminal(
        pb.UpdateTerminalRequest(
            request_id="terminal off",
            terminal=pb.Terminal(channel="hall", terminal="A", revision=1),
            update_mask=FieldMask(paths=["enabled", "place"]),
        )
    ).terminal
    assert (changed.enabled, changed.place, changed.revision) == (False, "", 2)
    request = pb.ListTerminalsRequest(channel="hall", page_size=1)
    first = north.channels.ListTerminals(request)
    request.page_token = first.next_page_token
    second = north.channels.ListTerminals(request)
    assert [t.terminal for t in (*first.terminals, *second.terminals)] == ["B", "A"]
    assert second.next_page_token == ""
    with refused("NOT_FOUND", "CHANNEL_UNKNOWN"):
        call("south").channels.ListTerminals(pb.ListTerminalsRequest(channel="hall"))


WRONG = (
    ("CreateChannel", {"channel": {"channel": "x", "name": "X"}}, "kind"),
    ("CreateChannel", {"channel": {"channel": "x", "name": "X", "kind": 77}}, "kind"),
    ("CreateChannel", {"channel": {"channel": "X", "name": "X", "kind": 1}}, "channel"),
    ("CreateChannel", {"channel": {"channel": "x", "kind": 1}}, "name"),
    ("CreateChannel", {"channel": {"channel": "x", "name": "X", "kind": 1,
                                   "policies": '{"late_days": -1}'}}, "policies.late_days"),
    ("GetChannel", {}, "by"),
    ("UpdateChannel", {"channel": {"channel": "x"}}, "update_mask"),
    ("UpdateChannel", {"channel": {"channel": "x"}, "update_mask": FieldMask(paths=["kind"])},
     "update_mask"),
    ("UpdateChannel", {"update_mask": FieldMask(paths=["name"]), "reason": "x" * 501}, "reason"),
    ("ListChannels", {"page_token": "x"}, "page_token"),
    ("CreateTerminal", {"terminal": {"channel": "x", "terminal": "a b"}}, "terminal"),
    ("UpdateTerminal", {"update_mask": FieldMask(paths=["terminal"])}, "update_mask"),
)  # fmt: skip


@pytest.mark.parametrize(("method", "fields", "place"), WRONG)
def test_what_is_wrong_is_told_with_its_field(call, method, fields, place):
    request = getattr(pb, f"{method}Request")(**fields)
    if "request_id" in request.DESCRIPTOR.fields_by_name:
        request.request_id = "wrong"
    with refused("INVALID_ARGUMENT") as found:
        getattr(call("south").channels, method)(request)
    assert found[0].facts["field"] == place


def test_who_may_keep_and_who_may_ask(call):
    """Viewers ask, admins keep; a clerk does neither."""
    assert "post" in listed(call("viewer"))
    with refused("PERMISSION_DENIED", "ROLE_MISSING"):
        created(call("viewer"), "mine")
    with refused("PERMISSION_DENIED", "ROLE_MISSING"):
        listed(call("clerk"))


# -- clients of a channel


def client_of(caller, name, channel, *roles, **more):
    request = admin_service_pb2.CreateClientRequest(
        name=name, channel=channel, roles=roles, request_id=name, **more
    )
    return caller.admin.CreateClient(request)


def test_a_client_of_a_channel_posts_for_it_alone(app, call):
    """The key brings its channel into every call; lists tell it."""
    made = client_of(
        call("north"), "hall tills", "hall", "CLIENT_ROLE_CASHIER", "CLIENT_ROLE_VIEWER"
    )
    assert made.client.channel == "hall"
    metadata = {"authorization": f"Bearer {made.key}"}
    caller = KeyGate(app.store).caller("ChannelService/ListChannels", metadata)
    assert caller == Caller(
        made.client.client_id, 1, frozenset([Role.CASHIER, Role.VIEWER]), "", "hall"
    )
    channels.check_channel(caller, "hall")
    with pytest.raises(ChannelForbidden):
        channels.check_channel(caller, "post")
    assert "hall" in listed(call(key=made.key))
    request = admin_service_pb2.ListClientsRequest(page_size=1000)
    told = call("north").admin.ListClients(request).clients
    assert {one.name: one.channel for one in told if one.channel} == {"hall tills": "hall"}


def test_a_client_s_channel_and_roles_fit(call):
    with refused("INVALID_ARGUMENT", "REQUEST_INVALID") as found:
        client_of(call("north"), "x1", "hall", "CLIENT_ROLE_CASHIER", "CLIENT_ROLE_ADMIN")
    assert found[0].facts["field"] == "roles"
    for caller, more in (("south", {}), ("house", {}), ("house", {"provider": "south"})):
        with refused("INVALID_ARGUMENT", "REQUEST_INVALID") as found:
            client_of(call(caller), "x2", "hall", "CLIENT_ROLE_CASHIER", **more)
        assert found[0].facts["field"] == "channel"
    assert client_of(call("house"), "x3", "post", "CLIENT_ROLE_CASHIER").client.channel == "post"


# -- commands


def test_channels_and_terminals_by_commands(run, tmp_path):
    """Made, listed with revisions, changed; the same again changes nothing."""
    file = tmp_path / "policies.json"
    file.write_text('{"amount_min": 5, "money_taken": true}', encoding="utf-8")
    order = ("channel", "create", "wallet", "--kind=wallet", "--name=Purse", f"--policies={file}")
    told = run(*order, "--provider=north", "--request-id=w1")
    assert "wallet, Purse, of the provider, enabled, revision 1" in told
    assert '"amount_min":5' in told
    assert run(*order, "--provider=north", "--request-id=w1") == told
    assert "of the house" in run("channel", "create", "visa", "--kind=pos", "--name=Visa")
    lines = run("channel", "list", "--provider=north").splitlines()
    (line,) = [one for one in lines if one.strip().startswith("wallet")]
    assert line.split() == ["wallet", "wallet", "Purse", "the", "provider", "yes", "1"]
    assert any("visa" in one and "the house" in one for one in lines)
    change = ("channel", "update", "wallet", "--revision=1", "--disable", "--reason=over")
    told = run(*change, "--provider=north", "--name=Wallet")
    assert "wallet, Wallet, of the provider, disabled, revision 2" in told
    assert '"amount_min":5' in told
    told = run("channel", "update", "wallet", "--revision=2", "--enable", f"--policies={file}",
               "--provider=north")  # fmt: skip
    assert "enabled, revision 3" in told
    with pytest.raises(ServerRefused, match="ABORTED"):
        run(*change, "--provider=north")
    with pytest.raises(ServerRefused, match="update_mask"):
        run("channel", "update", "wallet", "--revision=3", "--provider=north")
    with pytest.raises(RequestInvalid, match="nowhere"):
        run(*order[:-1], "--policies=/nowhere")
    made = run("terminal", "create", "wallet", "W-1", "--place=Bazaar", "--provider=north")
    assert made == "Terminal 1 of wallet: W-1, Bazaar, enabled, revision 1\n"
    run("terminal", "update", "wallet", "W-1", "--revision=1", "--disable", "--provider=north")
    told = run(
        "terminal", "update", "wallet", "W-1", "--revision=2", "--place=", "--provider=north"
    )
    assert told == "Terminal 1 of wallet: W-1, disabled, revision 3\n"
    (line,) = [one for one in run("terminal", "list", "wallet", "--provider=north").splitlines()
               if "W-1" in one]  # fmt: skip
    assert line.split() == ["W-1", "no", "3"]


def test_a_client_of_a_channel_by_command(run):
    key = run("client", "create", "purse", "--role=cashier", "--channel=wallet",
              "--provider=north")  # fmt: skip
    assert "bck_" in key
    (line,) = [one for one in run("client", "list", "--provider=north").splitlines()
               if " purse " in one]  # fmt: skip
    assert "wallet" in line
    with pytest.raises(ServerRefused, match="cashier, viewer"):
        run("client", "create", "t2", "--role=admin", "--channel=wallet", "--provider=north")


def test_a_client_of_a_terminal_whose_key_ends_by_command(run):
    """Made, listed among those that end, given another key beside the old one for a while."""
    run("terminal", "create", "wallet", "W-7", "--provider=north")
    run("client", "create", "till", "--role=cashier", "--channel=wallet", "--terminal=W-7",
        f"--expires={hence(20)}", "--provider=north")  # fmt: skip
    assert run("client", "list", "--ending-in=18", "--provider=north").count("\n") == 1
    _, line = run("client", "list", "--ending-in=21", "--provider=north").splitlines()
    number, name, *rest = line.split()
    assert (name, rest[3], rest[5]) == ("till", "W-7", hence(20).replace("+00:00", "Z"))
    run("client", "rotate", number, "--expires=never", f"--old-until={hence(2)}")
    assert run("client", "list", "--ending-in=21", "--provider=north").count("\n") == 1
    with pytest.raises(ServerRefused, match="write 2024"):
        run("client", "rotate", number, "--expires=tomorrow")
    with pytest.raises(ServerRefused, match="is no terminal of 'wallet'"):
        run("client", "create", "t3", "--role=cashier", "--channel=wallet", "--terminal=W-8",
            "--provider=north")  # fmt: skip


def hence(days):
    """The end of a day so many days from now."""
    moment = datetime.now(UTC).replace(hour=23, minute=59, second=59, microsecond=1)
    return (moment + timedelta(days=days - 1)).isoformat(timespec="microseconds")


def test_verify_looks_at_channels(run):
    """Of the house and of every provider; they hold after all of the above."""
    lines = [line for line in run("verify").splitlines() if "channels" in line]
    assert len(lines) == 3
    assert all(" ok" in line for line in lines)
