"""Channels, terminals and the scope of clients, on both stores."""

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

import pytest

from billcore.core import clients
from billcore.core.accounts import providers
from billcore.core.accounts.errors import (
    AlreadyTaken,
    FieldRefused,
    HouseNeeded,
    IdsExhausted,
    PolicyInvalid,
    RevisionConflict,
)
from billcore.core.caller import HOUSE, Caller, Role
from billcore.core.errors import RequestInvalid
from billcore.core.payments import channels, terminals
from billcore.core.payments.channel_checks import check_channels
from billcore.core.payments.channels import CHANNELS_MAX, ChannelKind
from billcore.core.payments.errors import (
    ChannelDisabled,
    ChannelForbidden,
    ChannelUnknown,
    TerminalDisabled,
    TerminalForbidden,
    TerminalUnknown,
)
from billcore.core.payments.intake.place import asked_place, check_terminal, place
from billcore.core.store import events as event_rows
from billcore.core.store import providers as provider_rows
from billcore.core.store.migrate import migrate, migrations
from billcore.core.store.port import Session
from billcore.core.verify import verify
from tests.contract.test_accounts import WATER

NOW = 1_700_000_000_000_000
HOUSE_ADMIN = Caller(1, HOUSE, frozenset([Role.ADMIN]), "mahin")


@dataclass(frozen=True)
class Act:
    session: Session
    caller: Caller
    now: int = NOW


@pytest.fixture
def session(books):
    with books.write() as found:
        yield found


@pytest.fixture
def house(session):
    return Act(session, HOUSE_ADMIN)


def provider(house, code):
    made = providers.create_provider(house, {**WATER, "code": code})
    return Act(house.session, Caller(2, made.provider_id, frozenset([Role.ADMIN])))


@pytest.fixture
def water(house):
    return provider(house, "water")


@pytest.fixture
def gas(water, house):
    return provider(house, "gas")


def channel(act, code="counter", kind=ChannelKind.BANK_COUNTER, **more):
    values = {"channel": code, "kind": str(kind), "name": "Counters", "policies": "", **more}
    return channels.create_channel(act, values)


def terminal(act, code="T-1", of="counter", place=""):
    return terminals.create_terminal(act, of, {"terminal": code, "place": place})


def codes(act, after=0, limit=99):
    found = channels.list_channels(act.session, act.caller.provider_id, after, limit)
    return [one.channel for one in found]


def found(act, code="counter"):
    return channels.by_code(act.session, act.caller.provider_id, code)


def findings(act):
    return [one["message"] for one in check_channels(act.session, act.caller.provider_id)]


# -- channels


def test_a_provider_s_channels_and_the_house_s_have_numbers_of_their_own(house, water, gas):
    """Dense from 1, the house's behind all that a provider can have; each sees its own and those
    of the house, by number."""
    assert channel(house, "post").channel_no == CHANNELS_MAX + 1
    assert [channel(water, code).channel_no for code in ("b", "a")] == [1, 2]
    assert channel(gas, "a").channel_no == 1
    assert channel(house, "visa").channel_no == CHANNELS_MAX + 2
    assert codes(water) == ["b", "a", "post", "visa"]
    assert codes(gas) == ["a", "post", "visa"]
    assert codes(house) == ["post", "visa"]
    assert codes(water, 1, 2) == ["a", "post"]
    assert found(water, "a") != found(gas, "a")
    assert found(water, "post") == found(gas, "post") == found(house, "post")
    by_number = channels.get_channel(water.session, water.caller.provider_id, CHANNELS_MAX + 2)
    assert by_number.channel == "visa"
    for act, unknown in ((house, 1), (gas, 2), (water, 3), (water, 0)):
        with pytest.raises(ChannelUnknown):
            channels.get_channel(act.session, act.caller.provider_id, unknown)
    for act, unknown in ((house, "a"), (gas, "b"), (water, ""), (water, "x" * 10_000)):
        with pytest.raises(ChannelUnknown):
            found(act, unknown)


def test_a_code_means_one_channel_wherever_it_is_seen(house, water, gas):
    """Neither a provider's and the house's, nor twice a provider's; two providers may share one."""
    channel(house, "post")
    channel(water, "counter")
    channel(gas, "counter")
    for act, code in ((water, "post"), (gas, "post"), (house, "counter"), (water, "counter"),
                      (house, "post")):  # fmt: skip
        with pytest.raises(AlreadyTaken):
            channel(act, code)
    assert channel(water, "kiosk").channel_no == 2


def test_what_is_left_out_of_the_policies_is_stored_as_its_default(water):
    made = channel(water, policies='{"late_days": 3}')
    assert (made.enabled, made.revision, made.recorded_at) == (1, 1, NOW)
    policies = channels.policies_of(made)
    assert (policies.late_days, policies.reversal_days) == (3, 30)
    assert made.policies == policies.text
    assert found(water) == made


@pytest.mark.parametrize(
    ("field", "value", "error"),
    [
        ("channel", "", FieldRefused),
        ("channel", "Counter", FieldRefused),
        ("channel", "x" * 41, FieldRefused),
        ("kind", "counter", FieldRefused),
        ("kind", "", FieldRefused),
        ("name", "", FieldRefused),
        ("name", "a\tb", FieldRefused),
        ("policies", '{"late": 1}', PolicyInvalid),
    ],
)
def test_a_wrong_channel_is_refused_with_the_field(water, field, value, error):
    """Each rule of a channel names its field; nothing is drawn for it."""
    values = {"channel": "counter", "kind": "pos", "name": "C", "policies": "", field: value}
    with pytest.raises(error) as caught:
        channels.create_channel(water, values)
    assert caught.value.fields["field"].startswith(field)
    assert codes(water) == []


def test_a_channel_is_changed_once_a_revision(water):
    """Name, policies and whether it takes payments; a second writer is refused."""
    channel(water)
    changed = channels.change_channel(
        water, "counter", {"enabled": False, "policies": '{"money_taken": true}'}, 1, "moved"
    )
    assert (changed.enabled, changed.name, changed.revision) == (0, "Counters", 2)
    assert channels.policies_of(changed).money_taken
    assert found(water) == changed
    with pytest.raises(RevisionConflict):
        channels.change_channel(water, "counter", {"name": "X"}, 1)
    with pytest.raises(FieldRefused):
        channels.change_channel(water, "counter", {"name": ""}, 2)
    with pytest.raises(PolicyInvalid):
        channels.change_channel(water, "counter", {"policies": "["}, 2)
    with pytest.raises(ChannelUnknown):
        channels.change_channel(water, "till", {"name": "X"}, 1)
    assert found(water) == changed


def test_the_house_s_channels_are_the_house_s_to_change(house, water):
    """A provider uses them, and sees their terminals."""
    channel(house, "post")
    till = terminal(house, of="post")
    with pytest.raises(HouseNeeded):
        channels.change_channel(water, "post", {"name": "X"}, 1)
    with pytest.raises(HouseNeeded):
        terminal(water, "T-2", of="post")
    with pytest.raises(HouseNeeded):
        terminals.change_terminal(water, "post", "T-1", {"place": "X"}, 1)
    assert terminals.list_terminals(water.session, found(water, "post"), 0, 9) == [till]
    assert channels.change_channel(house, "post", {"name": "Post"}, 1).revision == 2


def test_something_new_needs_a_channel_that_is_enabled(house, water):
    channel(house, "post")
    provider_id = water.caller.provider_id
    assert channels.enabled_channel(water.session, provider_id, "post").channel == "post"
    channels.change_channel(house, "post", {"enabled": False}, 1)
    with pytest.raises(ChannelDisabled):
        channels.enabled_channel(water.session, provider_id, "post")
    with pytest.raises(ChannelUnknown):
        channels.enabled_channel(water.session, provider_id, "till")


def test_there_are_as_many_channels_as_numbers(water, house):
    """The next one would have the number of the house's first."""
    for act in (water, house):
        provider_rows.draw(act.session, act.caller.provider_id, channels.KIND, CHANNELS_MAX - 1)
    assert channel(water, "last").channel_no == CHANNELS_MAX
    assert channel(house, "end").channel_no == 2 * CHANNELS_MAX
    for act in (water, house):
        with pytest.raises(IdsExhausted):
            channel(act, "more")


def test_writers_at_once_never_share_a_code(books):
    """The house and two providers want the same code: those that got it see one channel each."""
    with books.write() as session:
        house = Act(session, HOUSE_ADMIN)
        callers = [HOUSE_ADMIN, *(provider(house, code).caller for code in ("one", "two"))]
    start = threading.Barrier(len(callers))

    def make(caller):
        start.wait()
        try:
            with books.write() as session:
                return channel(Act(session, caller)).provider_id
        except AlreadyTaken:
            return None

    with ThreadPoolExecutor(len(callers)) as pool:
        made = [one for one in pool.map(make, callers) if one is not None]
    assert made == [HOUSE] or (HOUSE not in made and len(made) == 2)
    with books.read() as reader:
        for caller in callers:
            assert list(check_channels(reader, caller.provider_id)) == []


# -- terminals


def test_terminals_are_numbered_within_their_channel(water, gas):
    """A code is a channel's; listed by number, a page at a time."""
    channel(water)
    channel(water, "kiosk")
    channel(gas)
    assert [terminal(water, code).terminal_no for code in ("B", "A", "06821147")] == [1, 2, 3]
    assert terminal(water, "A", of="kiosk").terminal_no == 1
    assert terminal(gas, "A", place="Main street").place == "Main street"
    with pytest.raises(AlreadyTaken):
        terminal(water, "A")
    counter = found(water)
    page = terminals.list_terminals(water.session, counter, 0, 2)
    more = terminals.list_terminals(water.session, counter, page[-1].terminal_no, 9)
    assert [one.terminal for one in (*page, *more)] == ["B", "A", "06821147"]
    assert terminals.by_code(water.session, counter, "A").terminal_no == 2
    with pytest.raises(TerminalUnknown):
        terminals.by_code(water.session, counter, "C")
    with pytest.raises(ChannelUnknown):
        terminal(water, of="till")
    with pytest.raises(ChannelUnknown):
        terminal(gas, of="kiosk")


@pytest.mark.parametrize(
    ("code", "place", "field"),
    [("", "", "terminal"), ("a b", "", "terminal"), ("x" * 41, "", "terminal"),
     ("-1", "", "terminal"), ("T", "x" * 201, "place"), ("T", "a\nb", "place")],
)  # fmt: skip
def test_a_wrong_terminal_is_refused_with_the_field(water, code, place, field):
    channel(water)
    with pytest.raises(FieldRefused) as caught:
        terminal(water, code, place=place)
    assert caught.value.fields["field"] == field


def test_a_terminal_is_changed_once_a_revision(water):
    channel(water)
    terminal(water)
    changed = terminals.change_terminal(
        water, "counter", "T-1", {"place": "Hall", "enabled": False}, 1
    )
    assert (changed.place, changed.enabled, changed.revision) == ("Hall", 0, 2)
    assert terminals.by_code(water.session, found(water), "T-1") == changed
    with pytest.raises(RevisionConflict):
        terminals.change_terminal(water, "counter", "T-1", {"enabled": True}, 1)
    with pytest.raises(TerminalUnknown):
        terminals.change_terminal(water, "counter", "T-2", {"enabled": True}, 1)
    with pytest.raises(FieldRefused):
        terminals.change_terminal(water, "counter", "T-1", {"place": " x"}, 2)


def test_something_new_names_a_terminal_where_the_channel_asks_for_one(water):
    """None is none; an unknown or disabled one is refused in any case."""
    channel(water, "strict", policies='{"terminal_required": true}')
    channel(water, "free")
    for code in ("strict", "free"):
        terminal(water, "on", of=code)
        terminal(water, "off", of=code)
        terminals.change_terminal(water, code, "off", {"enabled": False}, 1)
    assert terminals.enabled_terminal(water.session, found(water, "free"), "") is None
    with pytest.raises(FieldRefused, match="asks for a terminal"):
        terminals.enabled_terminal(water.session, found(water, "strict"), "")
    for code in ("strict", "free"):
        owner = found(water, code)
        assert terminals.enabled_terminal(water.session, owner, "on").terminal_no == 1
        with pytest.raises(TerminalDisabled):
            terminals.enabled_terminal(water.session, owner, "off")
        with pytest.raises(TerminalUnknown):
            terminals.enabled_terminal(water.session, owner, "none")


# -- clients of a channel


def client(act, channel, name="till", provider_id=None, roles=(Role.CASHIER, Role.VIEWER)):
    owner = act.caller.provider_id if provider_id is None else provider_id
    return clients.create(act.session, act.caller, name, owner, roles, NOW, clients.Scope(channel))


def test_a_client_of_a_channel_is_read_back_with_it(house, water):
    """From its key, in lists, after its key is rotated; the channel may be the house's."""
    channel(water)
    channel(house, "post")
    made = client(water, "counter")
    assert clients.verified(water.session, made.key, NOW) == made.client
    assert made.client.channel == "counter"
    assert client(water, "post", "two", roles=[Role.CASHIER]).client.channel == "post"
    assert client(house, "post", "three").client.channel == "post"
    assert client(house, "counter", "four", water.caller.provider_id).client.channel == "counter"
    assert client(water, "", "five", roles=list(Role)).client.channel == ""
    rotated = clients.rotate(water.session, water.caller, made.client.client_id, "", NOW)
    assert clients.verified(water.session, rotated.key, NOW).channel == "counter"
    listed = clients.listed(water.session, water.caller.provider_id, 0, 9)
    assert [one.channel for one in listed] == ["counter", "post", "counter", ""]
    assert [findings(act) for act in (house, water)] == [[], []]


@pytest.mark.parametrize("role", sorted(set(Role) - clients.CHANNEL_ROLES))
def test_a_client_of_a_channel_does_nothing_else(water, role):
    """It takes payments and asks."""
    channel(water)
    with pytest.raises(RequestInvalid, match="cashier, viewer") as caught:
        client(water, "counter", roles=[Role.CASHIER, role])
    assert caught.value.fields["field"] == "roles"


def test_a_client_s_channel_is_one_of_its_provider_or_the_house(house, water, gas):
    """A client of the house acts for every provider, so its channel is the house's."""
    channel(water)
    for act, code in ((gas, "counter"), (house, "counter"), (water, "till")):
        with pytest.raises(RequestInvalid) as caught:
            client(act, code)
        assert caught.value.fields["field"] == "channel"


def test_who_may_post_for_a_channel():
    """A client of none for any, a client of one for that one."""
    channels.check_channel(Caller(1, 1, frozenset()), "counter")
    till = Caller(1, 1, frozenset(), "", "counter")
    channels.check_channel(till, "counter")
    for other in ("post", "", "counter2"):
        with pytest.raises(ChannelForbidden):
            channels.check_channel(till, other)


# -- told and verified


def test_what_is_done_is_told(house, water):
    """Events of the owner and its audit log: codes and fields, no places."""
    channel(house, "post")
    channel(water)
    terminal(water, place="Main street")
    channels.change_channel(water, "counter", {"enabled": False}, 1, "closed for good")
    terminals.change_terminal(water, "counter", "T-1", {"place": "Hall"}, 1)
    client(water, "counter")
    told = event_rows.pending_events(water.session, water.caller.provider_id, 99)
    kinds = ["channel.created", "terminal.created", "channel.changed", "terminal.changed"]
    assert sorted(e.kind for e in told) == sorted(["provider.created", *kinds])
    audits = event_rows.pending_audits(water.session, water.caller.provider_id, 99)
    assert {(a.action, a.subject, a.reason) for a in audits} >= {
        ("channel.created", "channel 1", ""),
        ("terminal.created", "terminal 1/1", ""),
        ("channel.changed", "channel 1", "closed for good"),
        ("terminal.changed", "terminal 1/1", ""),
    }
    assert "Main street" not in str((told, audits))
    assert [e.kind for e in event_rows.pending_events(house.session, HOUSE, 99)] == [
        "channel.created"
    ]
    (made,) = [a for a in audits if a.action == "client.create"]
    assert '"channel":"counter"' in str(made)


DAMAGES = (
    ("DELETE FROM channel WHERE channel = 'kiosk' AND provider_id <> 0", "no channel"),
    ("UPDATE terminal SET channel_no = 7 WHERE channel_no = 1", "no channel"),
    ("UPDATE channel SET channel_no = 9 WHERE channel = 'kiosk'", "next channel is 2"),
    ("UPDATE channel SET policies = '{\"a\": 1}' WHERE channel = 'counter'", "policies"),
    ("UPDATE channel SET policies = '{}' WHERE channel = 'counter'", "not canonical"),
    ("UPDATE channel SET channel = 'counter' WHERE provider_id = 0", "The house has"),
    ("UPDATE client SET channel = 'till' WHERE name = 'till'", "'till' is not known"),
    ("UPDATE client SET roles = 'admin cashier' WHERE name = 'till'", "roles admin"),
)


@pytest.mark.parametrize(("damage", "words"), DAMAGES)
def test_what_is_damaged_is_found(house, water, damage, words):
    """Each rule of the check, at the provider; `verify` runs it."""
    channel(house, "post")
    for code in ("counter", "kiosk"):
        channel(water, code)
    terminal(water)
    terminal(water, of="kiosk")
    client(water, "counter")
    assert [findings(act) for act in (house, water)] == [[], []]
    water.session.run(damage)
    assert any(words in message for message in findings(water)), findings(water)
    broken = {v.check for v in verify(water.session, [water.caller.provider_id]) if v.broken}
    assert "channels" in broken


def test_what_is_damaged_at_the_house_is_found(house, water):
    """Its channels' numbers and its clients."""
    channel(house, "post")
    client(house, "post")
    channel(water)
    house.session.run("UPDATE client SET channel = 'counter'")
    house.session.run("UPDATE channel SET channel_no = 1 WHERE provider_id = 0")
    words = f"next channel is {CHANNELS_MAX + 1}"
    messages = findings(house)
    assert len(messages) == 2
    assert words in messages[0]
    assert "'counter' is not known" in messages[1]
    assert findings(water) == []


def test_clients_of_an_older_store_are_of_no_channel(empty):
    """The migration leaves who could call before as they were."""
    at = [one.name for one in migrations()].index("channels")
    migrate(empty, 0, migrations()[:at])
    with empty.write() as session:
        session.run(
            "INSERT INTO client (client_id, provider_id, name, roles, key_hash, enabled,"
            " recorded_at) VALUES (1, 0, 'desk', 'cashier', :key_hash, 1, 5)",
            key_hash=bytes(32),
        )
    migrate(empty, 0)
    with empty.read() as reader:
        (found,) = clients.listed(reader, HOUSE, 0, 9)
    assert (found.name, found.channel, found.recorded_at) == ("desk", "", 5)


# -- clients of a terminal


def till(act, code, channel="counter"):
    scope = clients.Scope(channel, code)
    owner = act.caller.provider_id
    return clients.create(
        act.session, act.caller, f"of {channel} {code}", owner, [Role.CASHIER], NOW, scope
    )


def test_a_client_s_terminal_is_one_of_its_channel(water):
    """It is read back from its key; `verify` finds one whose terminal is lost."""
    channel(water)
    channel(water, "other")
    terminal(water, "K-1")
    made = till(water, "K-1")
    assert clients.verified(water.session, made.key, NOW).terminal == "K-1"
    assert findings(water) == []
    for code, of in (("K-2", "counter"), ("K-1", "other"), ("K-1", "")):
        with pytest.raises(RequestInvalid) as caught:
            till(water, code, of)
        assert caught.value.fields["field"] == "terminal"
    water.session.run("UPDATE client SET terminal = 'K-9' WHERE terminal = 'K-1'")
    assert "Its terminal 'K-9' is not known." in str(findings(water))


def test_a_replaced_key_has_its_client(house, water):
    channel(water)
    made = client(water, "counter").client
    clients.rotate(water.session, water.caller, made.client_id, "", NOW)
    assert findings(house) == []
    water.session.run("UPDATE replaced_key SET client_id = 9999")
    assert "A replaced key has no client." in str(findings(house))


def test_a_client_of_a_terminal_posts_at_it_alone(water):
    """Not at another, and not at none."""
    channel(water)
    for code in ("K-1", "K-2"):
        terminal(water, code)
    own = replace(water.caller, channel="counter", terminal="K-1")
    assert place(water.session, own, "counter", "K-1").terminal_no == 1
    for code in ("K-2", "K-9", ""):
        with pytest.raises(TerminalForbidden):
            place(water.session, own, "counter", code)
    assert place(water.session, water.caller, "counter", "K-2").terminal_no == 2
    asked = asked_place(water.session, own, "counter")
    check_terminal(own, asked, 1)
    for number in (0, 2):
        with pytest.raises(TerminalForbidden):
            check_terminal(own, asked, number)
        check_terminal(water.caller, asked_place(water.session, water.caller, "counter"), number)
