"""Agreements with the history of their tariffs and attributes."""

from typing import NamedTuple

from billcore.core.store.chosen import chosen
from billcore.core.store.port import Column, Columns, Ints, Kind, Reader, Session

AGREEMENT = """SELECT account_id, agreement_no, point_id, service, cycle_no, from_day, until_day,
    tariff_no, attributes, changed_day, revision, recorded_at
FROM agreement WHERE account_id = :account_id AND agreement_no = :agreement_no"""

AGREEMENTS_OF = """SELECT account_id, agreement_no, point_id, service, cycle_no, from_day,
    until_day, tariff_no, attributes, changed_day, revision, recorded_at
FROM agreement WHERE account_id = :account_id AND agreement_no > :after
ORDER BY agreement_no LIMIT :limit"""

AGREEMENTS = """SELECT account_id, agreement_no, point_id, service, cycle_no, from_day, until_day,
    tariff_no, attributes, changed_day
FROM agreement WHERE account_id >= :first AND account_id <= :last
ORDER BY account_id, agreement_no"""

BILLED = """SELECT account_id, agreement_no, cycle_no, from_day, until_day, tariff_no, attributes,
    changed_day
FROM agreement WHERE account_id >= :first AND account_id <= :last
ORDER BY account_id, agreement_no"""

TERMS_OF = """SELECT from_day, until_day, tariff_no FROM agreement_term
WHERE account_id = :account_id AND agreement_no = :agreement_no ORDER BY from_day"""

STEPS_OF = """SELECT attribute_no, from_day, value FROM agreement_attribute
WHERE account_id = :account_id AND agreement_no = :agreement_no ORDER BY attribute_no, from_day"""

TERMS = """SELECT account_id, agreement_no, from_day, until_day, tariff_no FROM agreement_term
WHERE account_id >= :first AND account_id <= :last
ORDER BY account_id, agreement_no, from_day"""

STEPS = """SELECT account_id, agreement_no, attribute_no, from_day, value FROM agreement_attribute
WHERE account_id >= :first AND account_id <= :last
ORDER BY account_id, agreement_no, attribute_no, from_day"""

TERMS_SINCE = """SELECT t.account_id AS account_id, t.agreement_no AS agreement_no,
    t.from_day AS from_day, t.until_day AS until_day, t.tariff_no AS tariff_no
FROM agreement a JOIN agreement_term t
    ON t.account_id = a.account_id AND t.agreement_no = a.agreement_no
WHERE a.account_id >= :first AND a.account_id <= :last AND a.changed_day > :day
ORDER BY t.account_id, t.agreement_no, t.from_day"""

STEPS_SINCE = """SELECT s.account_id AS account_id, s.agreement_no AS agreement_no,
    s.attribute_no AS attribute_no, s.from_day AS from_day, s.value AS value
FROM agreement a JOIN agreement_attribute s
    ON s.account_id = a.account_id AND s.agreement_no = a.agreement_no
WHERE a.account_id >= :first AND a.account_id <= :last AND a.changed_day > :day
ORDER BY s.account_id, s.agreement_no, s.attribute_no, s.from_day"""

STEPS_OF_ATTRIBUTE = """SELECT account_id, agreement_no, from_day, value FROM agreement_attribute
WHERE account_id >= :first AND account_id <= :last AND attribute_no = :attribute_no
ORDER BY account_id, agreement_no, from_day"""

SERVICES_OF = """SELECT account_id, agreement_no, service, tariff_no FROM agreement
WHERE account_id :chosen"""

LAST_NUMBERS = """SELECT account_id, MAX(agreement_no) AS last FROM agreement
WHERE account_id >= :first AND account_id <= :last GROUP BY account_id ORDER BY account_id"""

AT_POINTS = """SELECT account_id, agreement_no, point_id, service, from_day, until_day
FROM agreement WHERE point_id >= :first AND point_id <= :last
ORDER BY point_id, from_day, account_id, agreement_no"""

LAST_DAY = """SELECT MAX(until_day) AS last FROM agreement WHERE account_id = :account_id
HAVING COUNT(*) > 0"""

FIRST_DAY = """SELECT MIN(from_day) AS first FROM agreement WHERE account_id = :account_id
HAVING COUNT(*) > 0"""

CHANGE = """UPDATE agreement SET until_day = :until_day, tariff_no = :tariff_no,
    attributes = :attributes, changed_day = :changed_day,
    revision = revision + 1, recorded_at = :recorded_at
WHERE account_id = :account_id AND agreement_no = :agreement_no AND revision = :revision"""

FORGET_TERMS = """DELETE FROM agreement_term
WHERE account_id = :account_id AND agreement_no = :agreement_no"""

FORGET_STEPS = """DELETE FROM agreement_attribute
WHERE account_id = :account_id AND agreement_no = :agreement_no"""


class AgreementRow(NamedTuple):
    """The packed row of an agreement."""

    account_id: int
    agreement_no: int
    point_id: int
    service: str
    cycle_no: int
    from_day: int
    until_day: int
    tariff_no: int
    attributes: bytes
    changed_day: int
    revision: int
    recorded_at: int


class Term(NamedTuple):
    """The tariff of some days, both included."""

    from_day: int
    until_day: int
    tariff_no: int


class Step(NamedTuple):
    """The value of an attribute from a day until its next step."""

    attribute_no: int
    from_day: int
    value: int


def _kinds(*names: str) -> dict[str, Kind]:
    other = {"service": Kind.TEXT, "attributes": Kind.BYTES}
    return {name: other.get(name, Kind.INT) for name in names}


def agreement(reader: Reader, account_id: int, agreement_no: int) -> AgreementRow | None:
    """One agreement's packed row."""
    row = reader.row(AGREEMENT, account_id=account_id, agreement_no=agreement_no)
    return AgreementRow._make(row) if row else None


def agreements_of(reader: Reader, account_id: int, after: int, limit: int) -> list[AgreementRow]:
    """The agreements of an account behind `after`, by number."""
    rows = reader.rows(AGREEMENTS_OF, account_id=account_id, after=after, limit=limit)
    return [AgreementRow._make(row) for row in rows]


def terms_of(reader: Reader, account_id: int, agreement_no: int) -> list[Term]:
    """The terms of an agreement by day."""
    rows = reader.rows(TERMS_OF, account_id=account_id, agreement_no=agreement_no)
    return [Term._make(row) for row in rows]


def steps_of(reader: Reader, account_id: int, agreement_no: int) -> list[Step]:
    """The attributes' values of an agreement by attribute and day."""
    rows = reader.rows(STEPS_OF, account_id=account_id, agreement_no=agreement_no)
    return [Step._make(row) for row in rows]


def agreements(reader: Reader, first: int, last: int) -> Columns:
    """The packed rows of a range of accounts, by account and number."""
    kinds = _kinds(*AgreementRow._fields[:10])
    return reader.fetch(AGREEMENTS, kinds, first=first, last=last)


def billed(reader: Reader, first: int, last: int) -> Columns:
    """As `agreements`, without the columns that no bill depends on."""
    names = (n for n in AgreementRow._fields[:10] if n not in ("point_id", "service"))
    return reader.fetch(BILLED, _kinds(*names), first=first, last=last)


def terms(reader: Reader, first: int, last: int) -> Columns:
    """The terms of a range of accounts, by account, agreement and day."""
    kinds = _kinds("account_id", "agreement_no", *Term._fields)
    return reader.fetch(TERMS, kinds, first=first, last=last)


def steps(reader: Reader, first: int, last: int) -> Columns:
    """The attributes' values of a range of accounts, by account, agreement, attribute and day."""
    kinds = _kinds("account_id", "agreement_no", *Step._fields)
    return reader.fetch(STEPS, kinds, first=first, last=last)


def terms_since(reader: Reader, first: int, last: int, day: int) -> Columns:
    """As `terms`, of the agreements that change after a day."""
    kinds = _kinds("account_id", "agreement_no", *Term._fields)
    return reader.fetch(TERMS_SINCE, kinds, first=first, last=last, day=day)


def steps_since(reader: Reader, first: int, last: int, day: int) -> Columns:
    """As `steps`, of the agreements that change after a day."""
    kinds = _kinds("account_id", "agreement_no", *Step._fields)
    return reader.fetch(STEPS_SINCE, kinds, first=first, last=last, day=day)


def steps_of_attribute(reader: Reader, first: int, last: int, attribute_no: int) -> Columns:
    """The values of one attribute of a range of accounts, by account, agreement and day."""
    kinds = _kinds("account_id", "agreement_no", "from_day", "value")
    return reader.fetch(
        STEPS_OF_ATTRIBUTE, kinds, first=first, last=last, attribute_no=attribute_no
    )


def services_of(reader: Reader, account_id: Ints) -> dict[str, Column]:
    """account_id, agreement_no, service and tariff_no of the agreements of these accounts, and
    maybe of some between them."""
    kinds = _kinds("account_id", "agreement_no", "service", "tariff_no")
    return chosen(reader, SERVICES_OF, kinds, account_id)


def last_numbers(reader: Reader, first: int, last: int) -> Columns:
    """account_id and `last`, its last agreement's number, of a range of accounts."""
    return reader.fetch(LAST_NUMBERS, _kinds("account_id", "last"), first=first, last=last)


def at_points(reader: Reader, first: int, last: int) -> Columns:
    """Whose agreements a range of service points has, and when."""
    names = ("account_id", "agreement_no", "point_id", "service", "from_day", "until_day")
    return reader.fetch(AT_POINTS, _kinds(*names), first=first, last=last)


def days_of(reader: Reader, account_id: int) -> tuple[int, int] | None:
    """The first and last day on which an account has an agreement; None: it has none."""
    first = reader.row(FIRST_DAY, account_id=account_id)
    last = reader.row(LAST_DAY, account_id=account_id)
    return (int(first[0]), int(last[0])) if first and last else None


def add(session: Session, agreements: Columns, terms: Columns, steps: Columns) -> None:
    """Writes new agreements with their history."""
    session.insert("agreement", agreements)
    session.insert("agreement_term", terms)
    session.insert("agreement_attribute", steps)


def change(session: Session, row: AgreementRow, terms: Columns, steps: Columns) -> bool:
    """Writes an agreement's end, packed row and whole history, if it still has this revision."""
    values = row._asdict()
    for fixed in ("point_id", "service", "cycle_no", "from_day"):
        del values[fixed]
    if session.run(CHANGE, **values) != 1:
        return False
    key = {"account_id": row.account_id, "agreement_no": row.agreement_no}
    session.run(FORGET_TERMS, **key)
    session.run(FORGET_STEPS, **key)
    session.insert("agreement_term", terms)
    session.insert("agreement_attribute", steps)
    return True
