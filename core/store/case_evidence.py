"""Evidence of correction cases: what was handed in, and what it claims."""

from typing import NamedTuple

from billcore.core.store.cases import Key, insert_of, key_of, select_of
from billcore.core.store.port import Reader, Session


class EvidenceRow(NamedTuple):
    """A row of `case_evidence`, without its case; see the migration."""

    evidence_no: int
    kind: int
    digest: bytes
    media_type: str
    size: int
    taken_at: int
    channel: str
    payer_code: int
    payment_code: int
    amount: int
    paid_at: int
    trace: str
    paid_channel: str
    pan_last4: str
    keep_until: int
    client_id: int
    actor: str
    recorded_at: int

    @property
    def claim(self) -> "Claim":
        """What it claims."""
        return self.payer_code, self.payment_code, self.trace


Claim = tuple[int, int, str]
"""(bill id, payment id, trace); 0 and '': not told."""

ADD = insert_of("case_evidence", EvidenceRow, ("provider_id", "case_no"))

OF_CASE = f"""{select_of("case_evidence", EvidenceRow)} AND case_no = :case_no
ORDER BY evidence_no"""

ADD_CONTENT = """INSERT INTO case_evidence_content (provider_id, case_no, evidence_no, content)
VALUES (:provider_id, :case_no, :evidence_no, :content)"""

CONTENT = """SELECT content FROM case_evidence_content
WHERE provider_id = :provider_id AND case_no = :case_no AND evidence_no = :evidence_no"""

CLAIM = """INSERT INTO case_claim (provider_id, payer_code, payment_code, trace, case_no,
recorded_at) VALUES (:provider_id, :payer_code, :payment_code, :trace, :case_no, :recorded_at)
ON CONFLICT DO NOTHING"""

CLAIMED = """SELECT case_no FROM case_claim WHERE provider_id = :provider_id
AND payer_code = :payer_code AND payment_code = :payment_code AND trace = :trace"""


def add(session: Session, key: Key, row: EvidenceRow, content: bytes) -> None:
    """Adds a piece of evidence with its content."""
    session.run(ADD, **key_of(key), **row._asdict())
    if content:
        session.run(ADD_CONTENT, **key_of(key), evidence_no=row.evidence_no, content=content)


def of_case(reader: Reader, key: Key) -> list[EvidenceRow]:
    """The evidence of a case, in order, without its contents."""
    rows = [EvidenceRow(*row) for row in reader.rows(OF_CASE, **key_of(key))]  # type: ignore[arg-type]
    return [row._replace(digest=bytes(row.digest)) for row in rows]


def content(reader: Reader, key: Key, evidence_no: int) -> bytes | None:
    """What was handed in, or None."""
    row = reader.row(CONTENT, **key_of(key), evidence_no=evidence_no)
    return None if row is None else bytes(row[0])  # type: ignore[arg-type]


def claim(session: Session, key: Key, claimed: Claim, now: int) -> int:
    """The case that a claim founds: this one, or the one that was there before.

    Waits for a transaction that claims the same.
    """
    payer, payment, trace = claimed
    what: dict[str, int] = {"payer_code": payer, "payment_code": payment}
    session.run(CLAIM, **key_of(key), **what, trace=trace, recorded_at=now)
    row = session.row(CLAIMED, provider_id=key[0], **what, trace=trace)
    assert row is not None  # it was there, or is now
    return int(row[0])
