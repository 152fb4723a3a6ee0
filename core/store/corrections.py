"""Corrections: why bills no longer stand, and what stands in their place."""

from typing import NamedTuple

from billcore.core.store.port import Columns, Reader, Session

ADD = """INSERT INTO correction (provider_id, correction_id, source, undoes, reason_code, reason,
evidence, client_id, actor, recorded_at)
VALUES (:provider_id, :correction_id, :source, :undoes, :reason_code, :reason, :evidence,
:client_id, :actor, :recorded_at)"""

FIND = """SELECT correction_id, source, undoes, reason_code, reason, evidence, client_id, actor,
recorded_at FROM correction WHERE provider_id = :provider_id AND correction_id = :correction_id"""

OF_ACCOUNT = """SELECT bill_id, credit_id, rebill_id, correction_id FROM bill_correction
WHERE account_id = :account_id ORDER BY bill_id"""


class Correction(NamedTuple):
    """A row of `correction`. evidence: a JSON list of texts."""

    correction_id: int
    source: str
    undoes: int
    reason_code: str
    reason: str
    evidence: str
    client_id: int
    actor: str
    recorded_at: int


class BillCorrection(NamedTuple):
    """A row of `bill_correction`."""

    bill_id: int
    credit_id: int
    rebill_id: int
    correction_id: int


def add(session: Session, provider_id: int, correction: Correction) -> None:
    """A new correction; StoreConflict when there is one of its source."""
    session.run(ADD, provider_id=provider_id, **correction._asdict())


def find(reader: Reader, provider_id: int, correction_id: int) -> Correction | None:
    """A correction, or None."""
    row = reader.row(FIND, provider_id=provider_id, correction_id=correction_id)
    return None if row is None else Correction(*row)  # type: ignore[arg-type]


def add_bills(session: Session, columns: Columns) -> None:
    """Rows of `bill_correction`; StoreConflict when a bill is cancelled already."""
    session.insert("bill_correction", columns)


def of_account(reader: Reader, account_id: int) -> list[BillCorrection]:
    """What became of the cancelled bills of an account, by bill."""
    rows = reader.rows(OF_ACCOUNT, account_id=account_id)
    return [BillCorrection(*row) for row in rows]  # type: ignore[arg-type]
