"""pain.008 (customer direct debit initiation) of ISO 20022, as SEPA has it, by `sepaxml`.

Goals: the same debits and time have the same bytes; money is integers throughout (`sepaxml` takes
cents). Its limits, which are ours: the service level is SEPA; AmdmntInd is never set, so a mandate
that was used keeps its account; amounts have two decimals, as euros do.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from billcore.core.collections.direct_debit.states import Scheme
from billcore.core.collections.direct_debit.states import Sequence as Seq
from billcore.core.collections.direct_debit.terms import Creditor
from billcore.core.durations import SECOND

AMOUNT_MAX = 99_999_999_999
"""Cents: an instructed amount of SEPA is at most 999,999,999.99 (EPC130-08)."""

SPECIMENS = 5
"""So many transactions of each block are validated against the schema when a file is sealed; all of
them have the same elements, and the values of each were checked when they were taken in."""


@dataclass(frozen=True, slots=True)
class Transaction:
    """A debit as a file has it. amount: cents; signed_day: an ordinal; bic: '' where not told."""

    end_to_end_id: str
    amount: int
    sequence: Seq
    umr: str
    signed_day: int
    name: str
    iban: str
    bic: str
    text: str


@dataclass(frozen=True, slots=True)
class Header:
    """What a file says of itself. day: of collection; made_at: microseconds since 1970 in UTC."""

    message_id: str
    version: str
    creditor: Creditor
    scheme: Scheme
    day: int
    made_at: int


def latin(text: str) -> str:
    """A text in the letters that a file has; others are spelled in them, or left out."""
    from text_unidecode import unidecode

    return str(unidecode(text)).strip()


def block_id(message_id: str, sequence: Seq) -> str:
    """The PmtInfId of a file's debits of a sequence type."""
    return f"{message_id}-{sequence.name}"


def block_of(text: str) -> tuple[str, Seq] | None:
    """The message and sequence type of a PmtInfId that we wrote."""
    message_id, _, word = text.rpartition("-")
    return (message_id, Seq[word]) if message_id and word in Seq.__members__ else None


def write(header: Header, transactions: Sequence[Transaction]) -> bytes:
    """The bytes of a file, of at least one transaction. Some of it is validated."""
    validate(header, specimens(transactions))
    return _written(header, transactions)


def specimens(transactions: Sequence[Transaction]) -> list[Transaction]:
    """The first SPECIMENS of each sequence type."""
    found: list[Transaction] = []
    counts = dict.fromkeys(Seq, 0)
    for one in transactions:
        if counts[one.sequence] < SPECIMENS:
            counts[one.sequence] += 1
            found.append(one)
    return found


def validate(header: Header, transactions: Sequence[Transaction]) -> None:
    """Compares a file of these transactions with the schema of its version."""
    from sepaxml.validation import try_valid_xml

    try_valid_xml(_written(header, transactions), header.version)


def _written(header: Header, transactions: Sequence[Transaction]) -> bytes:
    file = _file(header)
    for one in transactions:
        file.add_payment(_payment(header, one))
    content: bytes = file.export(validate=False)
    return content


def _payment(header: Header, one: Transaction) -> dict[str, Any]:
    assert 0 < one.amount <= AMOUNT_MAX, "sealing capped it"
    told = {
        "name": one.name,
        "IBAN": one.iban,
        "amount": one.amount,
        "type": one.sequence.name,
        "collection_date": date.fromordinal(header.day),
        "mandate_id": one.umr,
        "mandate_date": date.fromordinal(one.signed_day),
        "description": one.text,
        "endtoend_id": one.end_to_end_id,
    }
    return told | ({"BIC": one.bic} if one.bic else {})


def _file(header: Header) -> Any:
    from sepaxml import SepaDD  # loads an XML schema library

    class File(SepaDD):  # type: ignore[misc] # sepaxml has no types
        """sepaxml draws ids and asks the clock; these are ours."""

        def _create_header(self) -> None:
            self.msg_id = header.message_id
            super()._create_header()
            made = datetime.fromtimestamp(header.made_at // SECOND, UTC)
            self._xml.find(".//CreDtTm").text = made.strftime("%Y-%m-%dT%H:%M:%S")

        def _finalize_batch(self) -> None:
            super()._finalize_batch()
            for block in self._xml.iter("PmtInf"):
                sequence = Seq[block.findtext("PmtTpInf/SeqTp")]
                block.find("PmtInfId").text = block_id(header.message_id, sequence)

    creditor = header.creditor
    config = {
        "name": creditor.name,
        "IBAN": creditor.iban,
        "batch": True,
        "creditor_id": creditor.id,
        "currency": "EUR",
        "instrument": header.scheme.name,
    }
    return File(config | ({"BIC": creditor.bic} if creditor.bic else {}), header.version)
