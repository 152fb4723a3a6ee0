"""Customers, service points and accounts."""

from collections.abc import Sequence
from typing import NamedTuple

from billcore.core.store.chosen import chosen, ranged
from billcore.core.store.listed import lists
from billcore.core.store.port import Column, Columns, Ints, Kind, Reader, Session

CUSTOMER = """SELECT customer_id, kind, name, number, phone, email, address, language,
    revision, recorded_at
FROM customer WHERE customer_id = :id"""

CUSTOMERS = """SELECT customer_id, kind, name, number, phone, email, address, language,
    revision, recorded_at
FROM customer WHERE customer_id > :after AND customer_id <= :last
ORDER BY customer_id LIMIT :limit"""

CHANGE_CUSTOMER = """UPDATE customer SET kind = :kind, name = :name, phone = :phone,
    email = :email, address = :address, language = :language,
    revision = revision + 1, recorded_at = :recorded_at
WHERE customer_id = :customer_id AND revision = :revision"""

POINT = """SELECT point_id, number, service, address, geographic_code, revision, recorded_at
FROM service_point WHERE point_id = :id"""

POINTS = """SELECT point_id, number, service, address, geographic_code, revision, recorded_at
FROM service_point WHERE point_id > :after AND point_id <= :last
ORDER BY point_id LIMIT :limit"""

CHANGE_POINT = """UPDATE service_point SET service = :service, address = :address,
    geographic_code = :geographic_code, revision = revision + 1, recorded_at = :recorded_at
WHERE point_id = :point_id AND revision = :revision"""

ACCOUNT = """SELECT account_id, number, customer_id, name, geographic_code, address, phone, email,
    language, opened_day, closed_day, revision, recorded_at
FROM account WHERE account_id = :id"""

ACCOUNTS = """SELECT account_id, number, customer_id, name, geographic_code, address, phone, email,
    language, opened_day, closed_day, revision, recorded_at
FROM account WHERE account_id > :after AND account_id <= :last
ORDER BY account_id LIMIT :limit"""

ACCOUNTS_OF_CUSTOMER = """SELECT account_id, number, customer_id, name, geographic_code, address,
    phone, email, language, opened_day, closed_day, revision, recorded_at
FROM account WHERE customer_id = :customer_id AND account_id > :after
ORDER BY account_id LIMIT :limit"""

CHANGE_ACCOUNT = """UPDATE account SET customer_id = :customer_id, name = :name,
    geographic_code = :geographic_code, address = :address, phone = :phone, email = :email,
    language = :language, opened_day = :opened_day, closed_day = :closed_day,
    revision = revision + 1, recorded_at = :recorded_at
WHERE account_id = :account_id AND revision = :revision"""

KNOWN = "SELECT account_id FROM account WHERE account_id :chosen"

LIVES = """SELECT account_id, opened_day, closed_day FROM account
WHERE account_id :chosen ORDER BY account_id"""

OF_PHONE = """SELECT account_id FROM account WHERE phone IN (:written) AND phone <> ''
AND account_id BETWEEN :first AND :last ORDER BY account_id LIMIT :most"""

AREAS = """SELECT account_id, SUBSTR(geographic_code, 1, CAST(:length AS INTEGER)) AS area
FROM account WHERE account_id >= :first AND account_id <= :last ORDER BY account_id"""

NUMBERS_RANGE = "SELECT account_id, number FROM account WHERE account_id :chosen"

SERVICES = """SELECT point_id, service FROM service_point
WHERE point_id >= :first AND point_id <= :last ORDER BY point_id"""


NUMBERS = {
    "customer": """SELECT number, customer_id AS id FROM customer
WHERE customer_id >= :first AND customer_id <= :last""",
    "service_point": """SELECT number, point_id AS id FROM service_point
WHERE point_id >= :first AND point_id <= :last""",
    "account": """SELECT number, account_id AS id FROM account
WHERE account_id >= :first AND account_id <= :last""",
    "meter": """SELECT serial AS number, meter_id AS id FROM meter
WHERE meter_id >= :first AND meter_id <= :last""",
}


class Customer(NamedTuple):
    """Who has accounts."""

    customer_id: int
    kind: str
    name: str
    number: str
    phone: str
    email: str
    address: str
    language: str
    revision: int
    recorded_at: int


class ServicePoint(NamedTuple):
    """A place that is supplied."""

    point_id: int
    number: str
    service: str
    address: str
    geographic_code: str
    revision: int
    recorded_at: int


class Account(NamedTuple):
    """A customer's contract account; from opened_day through closed_day."""

    account_id: int
    number: str
    customer_id: int
    name: str
    geographic_code: str
    address: str
    phone: str
    email: str
    language: str
    opened_day: int
    closed_day: int
    revision: int
    recorded_at: int


def customer(reader: Reader, customer_id: int) -> Customer | None:
    """A customer by its id."""
    row = reader.row(CUSTOMER, id=customer_id)
    return Customer._make(row) if row else None


def customers(reader: Reader, after: int, last: int, limit: int) -> list[Customer]:
    """The customers behind `after` up to `last`, by id."""
    rows = reader.rows(CUSTOMERS, after=after, last=last, limit=limit)
    return [Customer._make(row) for row in rows]


def change_customer(session: Session, customer: Customer) -> bool:
    """Writes what may change, if the customer still has this revision."""
    values = customer._asdict()
    del values["number"]
    return session.run(CHANGE_CUSTOMER, **values) == 1


def point(reader: Reader, point_id: int) -> ServicePoint | None:
    """A service point by its id."""
    row = reader.row(POINT, id=point_id)
    return ServicePoint._make(row) if row else None


def points(reader: Reader, after: int, last: int, limit: int) -> list[ServicePoint]:
    """The service points behind `after` up to `last`, by id."""
    rows = reader.rows(POINTS, after=after, last=last, limit=limit)
    return [ServicePoint._make(row) for row in rows]


def change_point(session: Session, point: ServicePoint) -> bool:
    """Writes what may change, if the service point still has this revision."""
    values = point._asdict()
    del values["number"]
    return session.run(CHANGE_POINT, **values) == 1


def account(reader: Reader, account_id: int) -> Account | None:
    """An account by its id."""
    row = reader.row(ACCOUNT, id=account_id)
    return Account._make(row) if row else None


def accounts(reader: Reader, after: int, last: int, limit: int) -> list[Account]:
    """The accounts behind `after` up to `last`, by id."""
    rows = reader.rows(ACCOUNTS, after=after, last=last, limit=limit)
    return [Account._make(row) for row in rows]


def accounts_of(reader: Reader, customer_id: int, after: int, limit: int) -> list[Account]:
    """The accounts of a customer behind `after`, by id."""
    rows = reader.rows(ACCOUNTS_OF_CUSTOMER, customer_id=customer_id, after=after, limit=limit)
    return [Account._make(row) for row in rows]


def change_account(session: Session, account: Account) -> bool:
    """Writes what may change, if the account still has this revision."""
    values = account._asdict()
    del values["number"]
    return session.run(CHANGE_ACCOUNT, **values) == 1


def known(reader: Reader, account_id: Ints) -> Column:
    """Those of these accounts that are there (and maybe some between them)."""
    return chosen(reader, KNOWN, {"account_id": Kind.INT}, account_id)["account_id"]


def of_phone(reader: Reader, written: Sequence[str], first: int, last: int, most: int) -> list[int]:
    """The accounts of a range whose phone number is written in one of these ways."""
    found = [
        int(account_id)
        for sql, listed in lists(OF_PHONE, ":written", written)
        for (account_id,) in reader.rows(sql, first=first, last=last, most=most, **listed)
    ]
    return sorted(found)[:most]


def lives_of(reader: Reader, account_id: Ints) -> dict[str, Column]:
    """account_id (sorted), opened_day, closed_day of these accounts, and maybe some between."""
    kinds = dict.fromkeys(("account_id", "opened_day", "closed_day"), Kind.INT)
    return chosen(reader, LIVES, kinds, account_id)


def numbers(reader: Reader, kind: str, first: int, last: int) -> Columns:
    """`number` and `id` of a range of things of a kind."""
    kinds = {"number": Kind.TEXT, "id": Kind.INT}
    return reader.fetch(NUMBERS[kind], kinds, first=first, last=last)


def numbers_of(reader: Reader, account_id: Ints) -> Columns:
    """account_id and number of these accounts (and maybe of some between them)."""
    kinds = {"account_id": Kind.INT, "number": Kind.TEXT}
    return chosen(reader, NUMBERS_RANGE, kinds, account_id)


def areas(reader: Reader, first: int, last: int, length: int) -> Columns:
    """account_id and `area`, so many characters of the geographic code, of a range of accounts."""
    kinds = {"account_id": Kind.INT, "area": Kind.TEXT}
    return reader.fetch(AREAS, kinds, first=first, last=last, length=length)


def lives(reader: Reader, first: int, last: int) -> Columns:
    """account_id, opened_day and closed_day of a range of accounts, by id."""
    kinds = dict.fromkeys(("account_id", "opened_day", "closed_day"), Kind.INT)
    return ranged(reader, LIVES, kinds, first, last)


def services(reader: Reader, first: int, last: int) -> Columns:
    """point_id and service of a range of service points, by id."""
    kinds = {"point_id": Kind.INT, "service": Kind.TEXT}
    return reader.fetch(SERVICES, kinds, first=first, last=last)
