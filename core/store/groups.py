"""Groups of accounts, and from when to when each account is in one."""

from collections.abc import Sequence
from typing import NamedTuple

from billcore.core.store.columns import ints_of
from billcore.core.store.port import Reader, Row, Session

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

COUNT = "SELECT COUNT(*) FROM account_group WHERE provider_id = :provider_id"

UNFIT = """SELECT m.group_no, m.account_id, m.from_day FROM group_member m
LEFT JOIN account_group g ON g.provider_id = m.provider_id AND g.group_no = m.group_no
LEFT JOIN account a ON a.account_id = m.account_id
WHERE m.provider_id = :provider_id AND (g.group_no IS NULL OR a.account_id IS NULL
    OR m.until_day < m.from_day OR (:provider_id <> 0 AND m.account_id >> 28 <> :provider_id))
ORDER BY m.group_no, m.account_id, m.from_day LIMIT :most"""

OVERLAPS = """SELECT m.account_id, m.group_no, o.group_no, o.from_day
FROM group_member m JOIN group_member o
    ON o.provider_id = m.provider_id AND o.account_id = m.account_id
    AND (o.from_day > m.from_day OR (o.from_day = m.from_day AND o.group_no > m.group_no))
    AND o.from_day <= m.until_day
WHERE m.provider_id = :provider_id
ORDER BY m.account_id, m.from_day, o.from_day, o.group_no LIMIT :most"""

MIXED = """SELECT m.group_no, COUNT(DISTINCT p.currency)
FROM group_member m JOIN provider p ON p.provider_id = m.account_id >> 28
WHERE m.provider_id = :provider_id GROUP BY m.group_no
HAVING COUNT(DISTINCT p.currency) > 1 ORDER BY m.group_no LIMIT :most"""

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
    columns = ints_of(Member._fields, members, provider_id=provider_id, group_no=group_no)
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


# -- checked


def count(reader: Reader, provider_id: int) -> int:
    """How many groups an owner has."""
    row = reader.row(COUNT, provider_id=provider_id)
    assert row is not None  # an aggregate has a row
    return int(row[0])


def unfit(reader: Reader, provider_id: int, most: int) -> Sequence[Row]:
    """(group, account, first day) of members without group, account or days, or not the owner's."""
    return reader.rows(UNFIT, provider_id=provider_id, most=most)


def overlaps(reader: Reader, provider_id: int, most: int) -> Sequence[Row]:
    """(account, group, other group, first day there) of accounts that are in two on a day."""
    return reader.rows(OVERLAPS, provider_id=provider_id, most=most)


def mixed(reader: Reader, provider_id: int, most: int) -> Sequence[Row]:
    """(group, how many) of groups whose accounts are billed in several currencies."""
    return reader.rows(MIXED, provider_id=provider_id, most=most)
