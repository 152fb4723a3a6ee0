"""Groups of accounts, and from when to when each account is in one."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from billcore.core.store.port import Reader, Session

_GROUP = "provider_id = :provider_id AND group_no = :group_no"

FIND = f"""SELECT group_no, name, address, revision, recorded_at
FROM account_group WHERE {_GROUP}"""  # noqa: S608 - our own words

LISTED = """SELECT group_no, name, address, revision, recorded_at FROM account_group
WHERE provider_id = :provider_id AND group_no > :after ORDER BY group_no LIMIT :most"""

ADD = """INSERT INTO account_group (provider_id, group_no, name, address, revision, recorded_at)
VALUES (:provider_id, :group_no, :name, :address, :revision, :recorded_at)"""

CHANGE = f"""UPDATE account_group SET name = :name, address = :address,
    revision = revision + 1, recorded_at = :recorded_at
WHERE {_GROUP} AND revision = :revision"""  # noqa: S608 - our own words

MEMBERS = f"""SELECT account_id, from_day, until_day FROM group_member
WHERE {_GROUP} ORDER BY account_id, from_day"""  # noqa: S608 - our own words

MEMBERSHIPS = """SELECT group_no, from_day, until_day FROM group_member
WHERE provider_id = :provider_id AND account_id = :account_id ORDER BY from_day"""

END_MEMBER = f"""UPDATE group_member SET until_day = :until_day
WHERE {_GROUP} AND account_id = :account_id
AND from_day <= :until_day AND until_day >= :until_day"""  # noqa: S608 - our own words


class GroupRow(NamedTuple):
    """A row of `account_group`."""

    group_no: int
    name: str
    address: str
    revision: int
    recorded_at: int


class Member(NamedTuple):
    """A row of `group_member`."""

    account_id: int
    from_day: int
    until_day: int


class Membership(NamedTuple):
    """In which group an account is, and when."""

    group_no: int
    from_day: int
    until_day: int


def add(session: Session, provider_id: int, group: GroupRow) -> None:
    """A new group."""
    session.run(ADD, provider_id=provider_id, **group._asdict())


def change(session: Session, provider_id: int, group: GroupRow) -> bool:
    """Writes what may change, if the group still has this revision."""
    return session.run(CHANGE, provider_id=provider_id, **group._asdict()) == 1


def find(reader: Reader, provider_id: int, group_no: int) -> GroupRow | None:
    """A group of an owner, or None."""
    row = reader.row(FIND, provider_id=provider_id, group_no=group_no)
    return None if row is None else GroupRow(*row)  # type: ignore[arg-type]


def listed(reader: Reader, provider_id: int, after: int, most: int) -> list[GroupRow]:
    """The groups of an owner behind a number, in order."""
    rows = reader.rows(LISTED, provider_id=provider_id, after=after, most=most)
    return [GroupRow(*row) for row in rows]  # type: ignore[arg-type]


def add_members(
    session: Session, provider_id: int, group_no: int, members: Sequence[Member]
) -> None:
    """New members of a group."""
    table = np.array(members, dtype=np.int64).reshape(-1, len(Member._fields))
    same = {"provider_id": provider_id, "group_no": group_no}
    columns = {name: np.full(len(members), value) for name, value in same.items()}
    columns |= {name: table[:, at].copy() for at, name in enumerate(Member._fields)}
    session.insert("group_member", columns)


def end_member(
    session: Session, provider_id: int, group_no: int, account_id: int, until_day: int
) -> bool:
    """Makes a day on which an account is in a group its last there; whether it is."""
    key = {"provider_id": provider_id, "group_no": group_no, "account_id": account_id}
    return session.run(END_MEMBER, **key, until_day=until_day) == 1


def members(reader: Reader, provider_id: int, group_no: int) -> list[Member]:
    """Everybody who was, is or will be in a group, by account and day."""
    rows = reader.rows(MEMBERS, provider_id=provider_id, group_no=group_no)
    return [Member(*row) for row in rows]  # type: ignore[arg-type]


def memberships(reader: Reader, provider_id: int, account_id: int) -> list[Membership]:
    """In which groups of an owner an account is, by day."""
    rows = reader.rows(MEMBERSHIPS, provider_id=provider_id, account_id=account_id)
    return [Membership(*row) for row in rows]  # type: ignore[arg-type]
