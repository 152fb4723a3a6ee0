"""Consolidated bills: which bills of a group were shown together, and what its accounts owed."""

from collections.abc import Sequence
from typing import NamedTuple

from billcore.core.store.columns import ints_of
from billcore.core.store.port import Column, Kind, Reader, Row, Session

_COLUMNS = """consolidated_no, group_no, day, name, address, currency, total, owed, client_id,
recorded_at"""

_KEY = "provider_id = :provider_id AND consolidated_no = :consolidated_no"

ADD = f"""INSERT INTO consolidated_bill (provider_id, {_COLUMNS})
VALUES (:provider_id, :consolidated_no, :group_no, :day, :name, :address, :currency, :total, :owed,
:client_id, :recorded_at)"""  # noqa: S608 - our own words

FIND = f"""SELECT {_COLUMNS} FROM consolidated_bill
WHERE {_KEY}"""  # noqa: S608 - our own words

LISTED = f"""SELECT {_COLUMNS} FROM consolidated_bill
WHERE provider_id = :provider_id AND consolidated_no > :after
ORDER BY consolidated_no LIMIT :most"""  # noqa: S608 - our own words

OF_GROUP = f"""SELECT {_COLUMNS} FROM consolidated_bill
WHERE provider_id = :provider_id AND group_no = :group_no AND consolidated_no > :after
ORDER BY consolidated_no LIMIT :most"""  # noqa: S608 - our own words

LAST_DAY = """SELECT COALESCE(MAX(day), 0) FROM consolidated_bill
WHERE provider_id = :provider_id AND group_no = :group_no"""

ITEMS = f"""SELECT account_id, bill_id, total, owed, known_at FROM consolidated_item
WHERE {_KEY} ORDER BY account_id"""  # noqa: S608 - our own words

NAMING = """SELECT consolidated_no FROM consolidated_item
WHERE provider_id = :provider_id AND account_id = :account_id AND bill_id = :bill_id"""

OWNERS = """SELECT DISTINCT account_id >> 28 FROM consolidated_item
WHERE provider_id = :provider_id ORDER BY 1"""

OF_ACCOUNTS = """SELECT i.account_id, i.consolidated_no, i.bill_id, i.total, i.owed, i.known_at,
    c.day
FROM consolidated_item i JOIN consolidated_bill c
    ON c.provider_id = i.provider_id AND c.consolidated_no = i.consolidated_no
WHERE i.provider_id = :provider_id AND i.account_id BETWEEN :lo AND :hi
ORDER BY i.account_id, i.consolidated_no"""

WRONG_SUMS = """SELECT c.consolidated_no, c.total, c.owed,
    CAST(COALESCE(SUM(i.total), 0) AS BIGINT), CAST(COALESCE(SUM(i.owed), 0) AS BIGINT)
FROM consolidated_bill c LEFT JOIN consolidated_item i
    ON i.provider_id = c.provider_id AND i.consolidated_no = c.consolidated_no
WHERE c.provider_id = :provider_id GROUP BY c.consolidated_no, c.total, c.owed
HAVING c.total <> COALESCE(SUM(i.total), 0) OR c.owed <> COALESCE(SUM(i.owed), 0)
    OR COALESCE(MAX(i.bill_id), 0) = 0
ORDER BY c.consolidated_no LIMIT :most"""

ORPHANS = """SELECT i.consolidated_no, i.account_id FROM consolidated_item i
LEFT JOIN consolidated_bill c
    ON c.provider_id = i.provider_id AND c.consolidated_no = i.consolidated_no
WHERE i.provider_id = :provider_id AND c.consolidated_no IS NULL
ORDER BY i.consolidated_no, i.account_id LIMIT :most"""

COUNT = "SELECT COUNT(*) FROM consolidated_bill WHERE provider_id = :provider_id"

GROUPLESS = """SELECT c.consolidated_no, c.group_no FROM consolidated_bill c
LEFT JOIN account_group g ON g.provider_id = c.provider_id AND g.group_no = c.group_no
WHERE c.provider_id = :provider_id AND g.group_no IS NULL ORDER BY c.consolidated_no LIMIT :most"""

NAMED_TWICE = """SELECT account_id, bill_id, COUNT(*) FROM consolidated_item
WHERE provider_id = :provider_id AND bill_id <> 0 GROUP BY account_id, bill_id
HAVING COUNT(*) > 1 ORDER BY account_id, bill_id LIMIT :most"""


class ConsolidatedRow(NamedTuple):
    """A row of `consolidated_bill`."""

    consolidated_no: int
    group_no: int
    day: int
    name: str
    address: str
    currency: str
    total: int
    owed: int
    client_id: int
    recorded_at: int


class Item(NamedTuple):
    """A row of `consolidated_item`: a member; bill_id 0: it has no new bill."""

    account_id: int
    bill_id: int
    total: int
    owed: int
    known_at: int


def add(session: Session, provider_id: int, row: ConsolidatedRow, items: Sequence[Item]) -> None:
    """A new consolidated bill with its items."""
    session.run(ADD, provider_id=provider_id, **row._asdict())
    own = {"provider_id": provider_id, "consolidated_no": row.consolidated_no}
    session.insert("consolidated_item", ints_of(Item._fields, items, **own))


def find(reader: Reader, provider_id: int, consolidated_no: int) -> ConsolidatedRow | None:
    """A consolidated bill of an owner, or None."""
    row = reader.row(FIND, provider_id=provider_id, consolidated_no=consolidated_no)
    return None if row is None else ConsolidatedRow(*row)  # type: ignore[arg-type]


def listed(
    reader: Reader, provider_id: int, group_no: int, after: int, most: int
) -> list[ConsolidatedRow]:
    """The consolidated bills behind a number, in order; group_no 0: of every group."""
    page = {"provider_id": provider_id, "after": after, "most": most}
    rows = (
        reader.rows(OF_GROUP, group_no=group_no, **page)
        if group_no
        else reader.rows(LISTED, **page)
    )
    return [ConsolidatedRow(*row) for row in rows]  # type: ignore[arg-type]


def last_day(reader: Reader, provider_id: int, group_no: int) -> int:
    """The day of the newest consolidated bill of a group; 0: it has none."""
    row = reader.row(LAST_DAY, provider_id=provider_id, group_no=group_no)
    assert row is not None  # an aggregate has a row
    return int(row[0])


def items(reader: Reader, provider_id: int, consolidated_no: int) -> list[Item]:
    """The members of a consolidated bill, by account."""
    rows = reader.rows(ITEMS, provider_id=provider_id, consolidated_no=consolidated_no)
    return [Item(*row) for row in rows]  # type: ignore[arg-type]


def is_named(reader: Reader, provider_id: int, account_id: int, bill_id: int) -> bool:
    """Whether a consolidated bill of the owner names the bill."""
    key = {"provider_id": provider_id, "account_id": account_id, "bill_id": bill_id}
    return reader.row(NAMING, **key) is not None


# -- checked


def owners(reader: Reader, provider_id: int) -> list[int]:
    """The providers whose accounts are in consolidated bills of an owner."""
    return [int(owner) for (owner,) in reader.rows(OWNERS, provider_id=provider_id)]


def of_accounts(reader: Reader, provider_id: int, lo: int, hi: int) -> dict[str, Column]:
    """Every item of a range of accounts with the day of its consolidated bill; all int64."""
    names = ("account_id", "consolidated_no", "bill_id", "total", "owed", "known_at", "day")
    kinds = dict.fromkeys(names, Kind.INT)
    return reader.fetch(OF_ACCOUNTS, kinds, provider_id=provider_id, lo=lo, hi=hi)


def count(reader: Reader, provider_id: int) -> int:
    """How many consolidated bills an owner has."""
    row = reader.row(COUNT, provider_id=provider_id)
    assert row is not None  # an aggregate has a row
    return int(row[0])


def groupless(reader: Reader, provider_id: int, most: int) -> Sequence[Row]:
    """(number, group) of consolidated bills whose group is not there."""
    return reader.rows(GROUPLESS, provider_id=provider_id, most=most)


def wrong_sums(reader: Reader, provider_id: int, most: int) -> Sequence[Row]:
    """(number, total, owed, sums of its items) where they differ, or no bill is named."""
    return reader.rows(WRONG_SUMS, provider_id=provider_id, most=most)


def orphans(reader: Reader, provider_id: int, most: int) -> Sequence[Row]:
    """(number, account) of items without a consolidated bill."""
    return reader.rows(ORPHANS, provider_id=provider_id, most=most)


def named_twice(reader: Reader, provider_id: int, most: int) -> Sequence[Row]:
    """(account, bill, how often) of bills that several consolidated bills name."""
    return reader.rows(NAMED_TWICE, provider_id=provider_id, most=most)
