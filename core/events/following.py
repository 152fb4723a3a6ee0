"""Events behind a number, those that a consumer wants, and how far it has thereby read.

A filter loses nothing: `through` moves over what was passed over, never over what was not looked
at, so a consumer resumes behind it whatever it wanted before.
"""

import json
import re
from collections.abc import Iterator, Sequence
from itertools import accumulate
from typing import NamedTuple

from billcore.core.errors import RequestInvalid
from billcore.core.store import events as rows
from billcore.core.store.events import Wanted
from billcore.core.store.port import Reader

WANTED_MAX = 50
"""Values of each list of a filter."""

TEXT_MAX = 200
"""Characters of a kind or subject that is wanted."""

LOOKED_AT = 10_000
"""So many events are looked at in one go, however few of them are wanted."""

PAGE_BYTES = 2 << 20
"""A page tells payloads of about so many characters at most, and one event at least: clients take
messages of 4 MiB unless they say more."""

_ACCOUNT = re.compile(r"(?:^|of )account (\d+)$")


class Page(NamedTuple):
    """Some events. through: everything up to it was looked at; last: the end of the log."""

    events: list[rows.Event]
    through: int
    last: int


def page(reader: Reader, provider_id: int, wanted: Wanted, after: int, most: int) -> Page:
    """At most so many of the next events behind a number that are wanted, oldest first.

    Looks at LOOKED_AT events at most: without events, `through` may still be below `last`. A number
    beyond the end of the log finds nothing and stays where it is.
    """
    last = rows.last_number(reader, provider_id, rows.EVENT)
    end = min(last, after + LOOKED_AT)
    if end <= after:
        return Page([], after, last)
    found = rows.wanted(reader, provider_id, wanted, after, end, most)
    told = _within(found, PAGE_BYTES)
    if len(told) < len(found) or len(found) == most:
        end = told[-1].sequence
    return Page([event for event in told if is_about(event, wanted.account_ids)], end, last)


def _within(found: Sequence[rows.Event], most: int) -> list[rows.Event]:
    """The first ones whose payloads come to so many characters, at least one where there is one."""
    sizes = accumulate(len(event.payload) for event in found)
    every = zip(found, sizes, strict=True)
    return [event for event, size in every if size <= most or event is found[0]]


def checked(wanted: Wanted) -> Wanted:
    """What is wanted. Raises RequestInvalid."""
    for name, values in wanted._asdict().items():
        if len(values) > WANTED_MAX:
            raise RequestInvalid(
                f"filter.{name}", f"it has {len(values)} values, at most {WANTED_MAX} are taken."
            )
    for name, texts in ("kinds", wanted.kinds), ("subjects", wanted.subjects):
        for place, text in enumerate(texts):
            if not 1 <= len(text) <= TEXT_MAX:
                raise RequestInvalid(f"filter.{name}[{place}]", f"1 to {TEXT_MAX} characters.")
    for place, account_id in enumerate(wanted.account_ids):
        if account_id < 1:
            raise RequestInvalid(f"filter.account_ids[{place}]", "ids of accounts are above 0.")
    return wanted


def is_about(event: rows.Event, account_ids: Sequence[int]) -> bool:
    """Whether an event names one of the accounts; none given: it is."""
    return not account_ids or not {*account_ids}.isdisjoint(accounts_of(event))


def accounts_of(event: rows.Event) -> Iterator[int]:
    """The accounts that an event names: in its subject ("account 7", "agreement 1 of account 7"),
    and in its payload by `account_id` or `account_ids`."""
    if found := _ACCOUNT.search(event.subject):
        yield int(found[1])
    yield from _named(json.loads(event.payload))


def _named(node: object) -> Iterator[int]:
    match node:
        case dict():
            for name, value in node.items():
                if name == "account_id":
                    yield int(value)
                elif name == "account_ids":
                    yield from map(int, value)
                else:
                    yield from _named(value)
        case list() if node and isinstance(node[0], dict | list):
            for one in node:
                yield from _named(one)
