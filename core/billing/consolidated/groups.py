"""Groups: the accounts of one address or household, each from a day to a day.

A provider's group has the provider's accounts; the house's may have accounts of several providers.
All are billed in one currency, and of an owner's groups an account is in at most one on a day.
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import cache, partial
from typing import Any, NamedTuple

from billcore.core.accounts.accounts import ADDRESS
from billcore.core.accounts.acting import Write, tell
from billcore.core.accounts.checks import Rule, Text, one_row, read
from billcore.core.accounts.days import iso
from billcore.core.accounts.errors import AccountUnknown, FieldRefused, changed_meanwhile
from billcore.core.billing.consolidated.errors import (
    CurrencyMixed,
    GroupUnknown,
    MemberOverlap,
    MemberUnknown,
)
from billcore.core.caller import HOUSE
from billcore.core.errors import BatchTooLarge
from billcore.core.ids import provider_of
from billcore.core.store import accounts, providers
from billcore.core.store import groups as rows
from billcore.core.store.groups import GroupRow, Member, Membership
from billcore.core.store.port import Reader, Value

KIND = "group"
"""Of the numbers that are drawn."""

MEMBERS_MAX = 1_000
"""A group has at most so many members, those that have left it included."""

RULES: tuple[Rule, ...] = (Text("name", least=1, most=200, personal=True), ADDRESS)

CHANGEABLE = tuple(rule.name for rule in RULES)
"""What an update may name."""


class Group(NamedTuple):
    """A group with everybody who was, is or will be in it."""

    row: GroupRow
    members: list[Member]

    def on(self, day: int) -> list[Member]:
        """Who is in it on a day."""
        return [member for member in self.members if member.from_day <= day <= member.until_day]


class Leaving(NamedTuple):
    """An account and its last day in a group."""

    account_id: int
    last_day: int


def create_group(write: Write, values: Mapping[str, Value], members: Sequence[Member]) -> Group:
    """A new group of the provider that the caller acts for, or of the house.

    Raises FieldRefused, AccountUnknown, MemberOverlap, CurrencyMixed, BatchTooLarge.
    """
    owner = write.caller.provider_id
    _check_texts(values)
    number = providers.draw(write.session, owner, KIND, 1)  # others wait here
    row = GroupRow(number, str(values["name"]), str(values["address"]), 1, write.now)
    rows.add(write.session, owner, row)
    _add(write, row, members)
    tell(write, owner, "group.created", subject(number), _told(members, ()))
    return get_group(write.session, owner, number)


def update_group(
    write: Write,
    group_no: int,
    revision: int,
    changes: Mapping[str, Any],
    joining: Sequence[Member],
    leaving: Sequence[Leaving],
    reason: str = "",
) -> Group:
    """Changes texts of a group, ends members and adds others, in this order.

    Raises GroupUnknown, RevisionConflict, MemberUnknown and as `create_group`.
    """
    owner = write.caller.provider_id
    providers.lock(write.session, owner, KIND)
    current = get_group(write.session, owner, group_no).row
    if revision != current.revision:
        raise changed_meanwhile(subject(group_no), revision, current.revision)
    wanted = current._replace(recorded_at=write.now, **changes)
    _check_texts({name: getattr(wanted, name) for name in CHANGEABLE})
    rows.change(write.session, owner, wanted)
    for at, (account_id, last_day) in enumerate(leaving):
        if not rows.end_member(write.session, owner, group_no, account_id, last_day):
            raise MemberUnknown(
                f"leaving[{at}].account_id",
                f"account {account_id} is not in group {group_no} on {iso(last_day)}.",
            )
    _add(write, wanted, joining)
    told = _told(joining, leaving) | {"fields": sorted(changes), "revision": revision + 1}
    tell(write, owner, "group.changed", subject(group_no), told, reason)
    return get_group(write.session, owner, group_no)


def get_group(reader: Reader, owner: int, group_no: int) -> Group:
    """A group of its owner. Raises GroupUnknown."""
    row = rows.find(reader, owner, group_no)
    if row is None:
        raise GroupUnknown(group_no)
    return Group(row, rows.members(reader, owner, group_no))


def subject(group_no: int) -> str:
    """What events and the audit log call it."""
    return f"group {group_no}"


def currency_of(reader: Reader, provider_id: int) -> str:
    """What a provider of members bills in."""
    provider = providers.provider(reader, provider_id)
    assert provider is not None, "it has accounts"
    return provider.currency


def _check_texts(values: Mapping[str, Value]) -> None:
    _, checks = read("groups", RULES, one_row({name: values[name] for name in CHANGEABLE}))
    checks.raise_first()


def _add(write: Write, group: GroupRow, joining: Sequence[Member]) -> None:
    """Adds members, each judged beside those before it."""
    owner, session = write.caller.provider_id, write.session
    there = rows.members(session, owner, group.group_no)
    if len(there) + len(joining) > MEMBERS_MAX:
        raise BatchTooLarge("members", MEMBERS_MAX, len(there) + len(joining))
    billed_in = cache(partial(currency_of, session))
    currency = billed_in(provider_of(there[0].account_id)) if there else ""
    known: dict[int, list[Membership]] = {}
    for at, member in enumerate(joining):
        place, account_id = f"joining[{at}]", member.account_id
        _check_member(session, owner, member, place)
        if account_id not in known:
            known[account_id] = rows.memberships(session, owner, account_id)
        _check_alone(member, known[account_id], place)
        known[account_id].append(Membership(group.group_no, member.from_day, member.until_day))
        own = billed_in(provider_of(account_id))
        currency = currency or own
        if own != currency:
            raise CurrencyMixed(
                f"{place}.account_id",
                f"account {account_id} is billed in {own}, the group in {currency}.",
            )
    rows.add_members(session, owner, group.group_no, joining)


def _check_member(reader: Reader, owner: int, member: Member, place: str) -> None:
    visible = owner in (HOUSE, provider_of(member.account_id))
    if not visible or accounts.account(reader, member.account_id) is None:
        raise AccountUnknown(
            f"{place}.account_id", f"no account {member.account_id} is known here."
        )
    if member.until_day < member.from_day:
        raise FieldRefused(
            f"{place}.last_day", f"{iso(member.until_day)} is before {iso(member.from_day)}."
        )


def _check_alone(member: Member, known: Iterable[Membership], place: str) -> None:
    """known: when the account is in groups of the owner."""
    for other in known:
        if member.from_day <= other.until_day and other.from_day <= member.until_day:
            raise MemberOverlap(
                f"{place}.first_day",
                f"account {member.account_id} is in group {other.group_no} from "
                f"{iso(other.from_day)} to {iso(other.until_day)}: end that first.",
            )


def _told(joining: Sequence[Member], leaving: Sequence[Leaving]) -> dict[str, object]:
    """What an event says of members: ids and days, no names."""
    return {
        "joining": [list(member) for member in joining],
        "leaving": [list(member) for member in leaving],
    }
