"""What the house's channel paid several providers at once, as one of them reconciles it."""

from dataclasses import replace

import pytest

from billcore.core.accounts.policies import Policies
from billcore.core.caller import HOUSE, Caller
from billcore.core.payments.channel_policies import parse_channel_policies
from billcore.core.payments.channels import first_number
from billcore.core.payments.codes import TargetKind
from billcore.core.payments.intake.place import Place, opened
from billcore.core.payments.reversals import Asked, ReversalKind, reverse
from billcore.core.payments.splits import Act, Part, split
from billcore.core.reconciliation.breaks import BreakKind
from billcore.core.reconciliation.computing import BreakState
from billcore.core.reconciliation.matching import match_day
from billcore.core.store import channels as channel_rows
from billcore.core.store import providers as provider_rows
from billcore.core.store.channels import Channel
from tests import payments_world, recon_world
from tests.payments_world import SECOND, TODAY
from tests.recon_world import midnight

POST = first_number(HOUSE)


@pytest.fixture
def world(books):
    made = recon_world.found(books)
    with books.write() as session:
        text = parse_channel_policies("").text
        channel_rows.add(session, Channel(0, POST, "post", "post_office", "post", 1, text, 1, 0))
        provider_rows.add_provider(session, payments_world.provider(2, "p2"))
        payments_world._accounts(session, 2, 5)
    made.terms('{"time_zone": "UTC"}', "post")
    return made


@pytest.fixture
def house(world):
    with world.store.read() as reader:
        return Place(0, "UTC", "", Policies(), opened(channel_rows.find(reader, 0, POST)))


def pay(world, house, reference, *parts):
    """An act: (provider, account, amount) each."""
    at = midnight() + 3_600 * SECOND
    made = tuple(
        Part(
            replace(house, provider_id=owner, time_zone="Asia/Tehran"),
            TargetKind.ACCOUNT,
            f"N{account}",
            amount,
        )
        for owner, account, amount in parts
    )
    caller = Caller(7, 0, frozenset())
    world.write(
        lambda write: split(replace(write, caller=caller), house, Act(reference, made, True, at))
    )


def breaks(world, today=TODAY):
    made = match_day(world.store, world.caller, world.clock, "post", TODAY, today)
    rows = zip(
        made.breaks["reference"].to_pylist(), made.breaks["kind"].tolist(),
        made.breaks["ledger_amount"].tolist(), made.breaks["state"].tolist(), strict=True,
    )  # fmt: skip
    return {reference: (BreakKind(kind), amount) for reference, kind, amount, state in rows
            if state != BreakState.RESOLVED}  # fmt: skip


def report(world, name, *lines):
    sent = recon_world.content(*lines)
    return world.send(name, sent, channel="post", day=TODAY)


def test_the_provider_has_one_line_of_its_parts(world, house):
    """Of an act that pays two of its accounts and another provider's; not the whole of it."""
    pay(world, house, "r1", (1, 1, 100), (1, 2, 50), (2, 1, 25))
    pay(world, house, "r2", (1, 1, 30))
    pay(world, house, "r3", (2, 1, 40))
    assert breaks(world) == {"": (BreakKind.IN_TRANSIT, 180)}
    report(world, "a.csv", ("r1", 150), ("r2", 30))
    assert breaks(world) == {}
    done = world.treat(TODAY, "post")
    assert done.posted == 0
    assert world.broken() == []


def test_what_is_not_told_or_told_as_a_whole(world, house):
    pay(world, house, "r1", (1, 1, 100), (2, 1, 25))
    pay(world, house, "r2", (1, 1, 30))
    report(world, "a.csv", ("r1", 125))
    found = breaks(world, TODAY + 2)
    assert found == {
        "r1": (BreakKind.AMOUNT_DIFF, 100),
        "r2": (BreakKind.NOT_IN_REPORT, 30),
    }
    assert world.broken() == []


def test_an_act_that_the_house_took_back(world, house):
    pay(world, house, "r1", (1, 1, 100), (1, 2, 50), (2, 1, 25))
    asked = Asked("x1", "r1", ReversalKind.CANCELLED, "by mistake", TODAY)
    caller = Caller(7, 0, frozenset())
    world.write(lambda write: reverse(replace(write, caller=caller), house, asked, TODAY))
    report(world, "a.csv")
    assert breaks(world, TODAY + 2) == {}
    report(world, "b.csv", ("r1", 150), ("r1", -150))
    assert breaks(world, TODAY + 2) == {}
    assert world.broken() == []
