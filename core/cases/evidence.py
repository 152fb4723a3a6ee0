"""Evidence: what is handed in, checked, kept apart from the books, and what it claims."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from billcore.core.accounts.acting import Write
from billcore.core.cases.errors import CaseFieldInvalid, ClaimTaken
from billcore.core.cases.kinds import NEEDS, CaseKind, EvidenceKind, Need
from billcore.core.identifiers.digits import latin_digits
from billcore.core.ledger.account_entries import AMOUNT_MAX
from billcore.core.store import case_evidence as rows
from billcore.core.store.case_evidence import EvidenceRow
from billcore.core.store.cases import Key

CONTENT_MAX = 5 << 20
"""Bytes of one piece of evidence."""

EVIDENCE_MAX = 50
"""Pieces of evidence of one case."""

TRACE_MAX = 100
WORD_MAX = 40
CODE_DIGITS = range(6, 14)
"""A bill id, and a payment id, has so many digits."""

TIME_MAX = 253_370_764_800 * 1_000_000
"""The year 9999 begins."""

MAGIC: Mapping[str, Sequence[bytes]] = {
    "image/jpeg": (b"\xff\xd8\xff",),
    "image/png": (b"\x89PNG\r\n\x1a\n",),
    "image/tiff": (b"II*\x00", b"MM\x00*"),
    "application/pdf": (b"%PDF-",),
    "text/plain": (b"",),
    "text/csv": (b"",),
}
"""The media types that are taken, and how their contents begin."""


@dataclass(frozen=True, slots=True)
class Given:
    """What is handed in. taken_at, paid_at: microseconds since 1970 in UTC, 0: not told.

    channel: how it came; payer_code, payment_code: the bill id and payment id on it, as written,
    '': none; amount: minor units, 0: none; trace: the bank's reference (RRN); paid_channel: the
    code of the channel through which it was paid; pan_last4: of the card.
    """

    kind: EvidenceKind
    content: bytes = b""
    media_type: str = ""
    taken_at: int = 0
    channel: str = ""
    payer_code: str = ""
    payment_code: str = ""
    amount: int = 0
    paid_at: int = 0
    trace: str = ""
    paid_channel: str = ""
    pan_last4: str = ""


def checked(given: Given, place: str) -> tuple[int, int]:
    """The bill id and payment id of what is handed in, 0: none. Raises CaseFieldInvalid.

    place: its path in the request, as 'evidence[0]'.
    """
    _check_content(given, place)
    for name, text, most in (
        ("channel", given.channel, WORD_MAX),
        ("paid_channel", given.paid_channel, WORD_MAX),
        ("trace", given.trace, TRACE_MAX),
    ):
        if len(text) > most or not (text.isprintable()) or text != text.strip():
            raise CaseFieldInvalid(
                f"{place}.{name}", f"it has at most {most} printable characters, none blank around."
            )
    if not 0 <= given.amount <= AMOUNT_MAX:
        raise CaseFieldInvalid(f"{place}.amount", f"it is 0 to {AMOUNT_MAX} minor units.")
    for name, time in (("taken_at", given.taken_at), ("paid_at", given.paid_at)):
        if not 0 <= time < TIME_MAX:
            raise CaseFieldInvalid(
                f"{place}.{name}", f"it counts microseconds since 1970, below {TIME_MAX}."
            )
    last4 = given.pan_last4
    if last4 and not (len(last4) == 4 and last4.isascii() and last4.isdigit()):
        raise CaseFieldInvalid(
            f"{place}.pan_last4", "it is the last four digits of the card, no more of it."
        )
    return (
        _code(given.payer_code, f"{place}.payer_code"),
        _code(given.payment_code, f"{place}.payment_code"),
    )


def _check_content(given: Given, place: str) -> None:
    if given.kind is EvidenceKind.TOLD:
        if given.content or given.media_type:
            raise CaseFieldInvalid(f"{place}.content", "what is only told has none.")
        return
    if given.media_type not in MAGIC:
        raise CaseFieldInvalid(
            f"{place}.media_type", f"{given.media_type[:40]!r} is not taken.", list(MAGIC)
        )
    if not 1 <= len(given.content) <= CONTENT_MAX:
        raise CaseFieldInvalid(
            f"{place}.content", f"it has {len(given.content)} bytes, 1 to {CONTENT_MAX} are taken."
        )
    if not given.content.startswith(tuple(MAGIC[given.media_type])):
        raise CaseFieldInvalid(f"{place}.content", f"it does not begin as {given.media_type} does.")


def _code(text: str, place: str) -> int:
    digits = latin_digits(text.strip())
    if not digits:
        return 0
    if not (digits.isascii() and digits.isdigit() and len(digits) in CODE_DIGITS):
        raise CaseFieldInvalid(place, f"{text[:40]!r} is no id of 6 to 13 digits.")
    return int(digits)


def add(write: Write, key: Key, given: Given, place: str, keep_until: int) -> EvidenceRow:
    """Keeps a piece of evidence and its claim; the same again is the one that is there.

    Raises CaseFieldInvalid, ClaimTaken.
    """
    payer_code, payment_code = checked(given, place)
    before = rows.of_case(write.session, key)
    row = EvidenceRow(
        evidence_no=len(before) + 1,
        kind=int(given.kind),
        digest=hashlib.sha256(given.content).digest(),
        media_type=given.media_type,
        size=len(given.content),
        taken_at=given.taken_at,
        channel=given.channel,
        payer_code=payer_code,
        payment_code=payment_code,
        amount=given.amount,
        paid_at=given.paid_at,
        trace=given.trace,
        paid_channel=given.paid_channel,
        pan_last4=given.pan_last4,
        keep_until=keep_until,
        client_id=write.caller.client_id,
        actor=write.caller.actor,
        recorded_at=write.now,
    )
    for one in before:
        if _said(one) == _said(row):
            return one
    if len(before) >= EVIDENCE_MAX:
        raise CaseFieldInvalid(place, f"the case has {EVIDENCE_MAX} pieces, the most it takes.")
    if any(row.claim):
        founded = rows.claim(write.session, key, row.claim, write.now)
        if founded != key[1]:
            raise ClaimTaken(founded, _claim_words(row))
    rows.add(write.session, key, row, given.content)
    return row


def _said(row: EvidenceRow) -> tuple[object, ...]:
    """What a piece of evidence is, but for when and by whom it was handed in."""
    return (
        row.kind, row.digest, row.claim, row.amount, row.paid_at, row.paid_channel, row.pan_last4,
    )  # fmt: skip


def _claim_words(row: EvidenceRow) -> str:
    named = {"Bill id": row.payer_code, "payment id": row.payment_code, "trace": row.trace}
    return ", ".join(f"{name} {one}" for name, one in named.items() if one)


def lacking(kind: CaseKind, evidence: Sequence[EvidenceRow]) -> tuple[Need, ...]:
    """What a case of a kind must have, and has not."""
    return tuple(need for need in NEEDS[kind] if need not in set(_has(evidence)))


def _has(evidence: Sequence[EvidenceRow]) -> Iterator[Need]:
    kinds = {one.kind for one in evidence}
    traces = {(one.paid_channel, one.trace) for one in evidence if one.trace}
    ids = any(one.payer_code and one.payment_code for one in evidence)
    if traces or ids:
        yield Need.TRACE_OR_IDS
    if traces:
        yield Need.TRACE
    if len(traces) > 1:
        yield Need.TWO_TRACES
    if ids:
        yield Need.IDS
    if any(one.paid_at for one in evidence):
        yield Need.PAID_AT
    if any(one.amount for one in evidence):
        yield Need.AMOUNT
    if kinds & {EvidenceKind.STUB, EvidenceKind.TURNOVER}:
        yield Need.STUB
    if EvidenceKind.TURNOVER in kinds:
        yield Need.TURNOVER
