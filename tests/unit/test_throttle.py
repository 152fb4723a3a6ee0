"""Throttles: a limit holds, whoever waits is let through, what is refused takes nothing."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billcore.core.caller import Caller, Role
from billcore.core.durations import SECOND
from billcore.server.look_ups import CLIENT, NEIGHBOURS, UNKNOWN_COSTS, VISITOR, LookUps
from billcore.server.refusals import LookUpsExhausted
from billcore.server.throttle import Limit, Throttle

NOW = 1_800_000_000 * SECOND


def test_a_burst_then_one_each_time_one_is_over():
    throttle, limit = Throttle(), Limit(3, 30)
    assert [throttle.take({"k": limit}, NOW) for _ in range(3)] == [None] * 3
    assert throttle.take({"k": limit}, NOW).seconds == 10
    assert throttle.take({"k": limit}, NOW + 9 * SECOND + 999_999).seconds == 1
    assert throttle.take({"k": limit}, NOW + 10 * SECOND) is None
    assert throttle.take({"k": limit}, NOW + 10 * SECOND).seconds == 10
    assert throttle.take({"other": limit}, NOW) is None


@given(
    st.integers(1, 9), st.integers(1, 60),
    st.lists(st.integers(0, 20 * SECOND), min_size=1, max_size=60),
)  # fmt: skip
def test_no_window_has_more_than_twice_its_calls(calls, seconds, gaps):
    """At most `calls` at once and as many again in the window; who waits as told is let through."""
    throttle, limit, now, taken = Throttle(), Limit(calls, seconds), NOW, []
    for gap in gaps:
        now += gap
        wait = throttle.take({"k": limit}, now)
        if wait is None:
            taken.append(now)
        else:
            assert 1 <= wait.seconds <= seconds
            later = now + wait.seconds * SECOND
            copy = Throttle()
            copy._empty_at.update(throttle._empty_at)
            assert copy.take({"k": limit}, later) is None
    for begin in taken:
        inside = sum(begin <= at < begin + limit.window for at in taken)
        assert inside <= 2 * calls
    at_once = Counter(taken)
    assert max(at_once.values(), default=0) <= calls


def test_what_is_refused_takes_nothing():
    """Of two buckets one is empty: the other stays as it was."""
    throttle, one, many = Throttle(), Limit(1, 60), Limit(2, 60)
    assert throttle.take({"one": one, "many": many}, NOW) is None
    for _ in range(5):
        assert throttle.take({"one": one, "many": many}, NOW).key == "one"
    assert throttle.take({"many": many}, NOW) is None
    assert throttle.take({"many": many}, NOW).key == "many"


def test_only_so_many_keys_are_remembered():
    throttle = Throttle(keys_max=3)
    for key in "abcd":
        throttle.take({key: Limit(1, 60)}, NOW)
    assert throttle.take({"a": Limit(1, 60)}, NOW) is None  # forgotten
    assert throttle.take({"d": Limit(1, 60)}, NOW) is not None


# -- look-ups


def caller(client=1):
    return Caller(client, 1, frozenset({Role.VISITOR}))


def admitted(ups, wanted, now=NOW, client=1):
    """How many of (visitor, number) are let through before the first that is not, and its wait."""
    for count, (visitor, number) in enumerate(wanted):
        try:
            ups.admit(caller(client), visitor, number, now)
        except LookUpsExhausted as error:
            return count, error.fields["limit"], error.retry_seconds
    return len(wanted), "", 0


def test_a_visitor_looks_up_so_many():
    ups = LookUps()
    numbers = [("v", f"{n}0000") for n in range(40)]
    assert admitted(ups, numbers) == (VISITOR.calls, "visitor", 30)
    assert admitted(ups, [("w", "10000")]) == (1, "", 0)
    assert admitted(ups, [("v", "10000")], client=2) == (1, "", 0)
    assert admitted(ups, [("v", "10000")], NOW + 30 * SECOND) == (1, "", 0)


def test_numbers_that_are_not_known_cost_more():
    ups = LookUps()
    for n in range(4):
        assert admitted(ups, [("v", f"{n}0000")])[0] == 1
        ups.unknown(caller(), "v", NOW)
    assert admitted(ups, [("v", "90000")])[1] == "visitor"
    assert VISITOR.calls == 4 * (1 + UNKNOWN_COSTS)


def test_many_visitors_cannot_walk_through_a_range():
    """Together, at several clients, too; other ranges are not concerned."""
    ups = LookUps()
    walk = [(f"v{n}", f"12{n:03}") for n in range(200)]
    assert admitted(ups, walk)[:2] == (NEIGHBOURS.calls, "neighbours")
    assert admitted(ups, [("x", "12999")], client=2)[1] == "neighbours"
    assert admitted(ups, [("x", "13000")], client=2)[0] == 1


def test_a_client_looks_up_so_many():
    ups = LookUps()
    many = [(f"v{n}", f"{n}000") for n in range(CLIENT.calls + 1)]
    assert admitted(ups, many)[:2] == (CLIENT.calls, "client")


@pytest.mark.parametrize("number", ["", "1", "123"])
def test_short_numbers_are_neighbours(number):
    ups = LookUps()
    wanted = [(f"v{n}", number) for n in range(NEIGHBOURS.calls + 1)]
    assert admitted(ups, wanted)[:2] == (NEIGHBOURS.calls, "neighbours")
