"""The bills of days of one account that stand, with what they charged and were rated from."""

from billcore.core.store.bills import RATED, STANDS
from billcore.core.store.port import Column, Kind, Reader

_OF_ACCOUNT = f"""FROM bill_month m
JOIN bill b ON b.month = m.month AND b.account_id = :account_id
WHERE m.provider_id = :account_id >> 28 AND {RATED} AND {STANDS}"""

OF_DAYS = f"""SELECT b.lines, b.inputs {_OF_ACCOUNT}
AND b.this_day >= :first_day AND b.previous_day < :last_day
ORDER BY b.previous_day, b.bill_id"""

LAST_DAY = f"SELECT COALESCE(MAX(b.this_day), 0) {_OF_ACCOUNT}"


def of_days(reader: Reader, account_id: int, first_day: int, last_day: int) -> dict[str, Column]:
    """The packed lines and inputs of the bills that bill a day of these."""
    kinds = {"lines": Kind.BYTES, "inputs": Kind.BYTES}
    values = {"account_id": account_id, "first_day": first_day, "last_day": last_day}
    return reader.fetch(OF_DAYS, kinds, **values)


def last_day(reader: Reader, account_id: int) -> int:
    """The last day that is billed; 0: none is."""
    row = reader.row(LAST_DAY, account_id=account_id)
    assert row is not None  # an aggregate has a row
    return int(row[0])
