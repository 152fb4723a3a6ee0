"""Correction cases that field work opens: cases stand above it, so that the edge joins the two."""

from dataclasses import dataclass

from billcore.core.accounts import things
from billcore.core.accounts.accounts import ACCOUNTS
from billcore.core.accounts.acting import Write, provider_acting
from billcore.core.accounts.providers import get_provider
from billcore.core.cases.evidence import Given
from billcore.core.cases.kinds import CaseKind, EvidenceKind
from billcore.core.cases.registering import NewCase, register
from billcore.core.collections.field.contents import Visit
from billcore.core.ledger.kinds import EntryKind
from billcore.core.store import field_records, ledger
from billcore.core.store.cases import CaseRow
from billcore.core.store.field_records import ReceiptRow
from billcore.core.store.port import OPEN_DAY
from billcore.server.messages.field import check_dispute

CAME = "field"
"""How a case came that a collector opened."""

EVER = 2**63 - 1


@dataclass(frozen=True, slots=True)
class FieldDisputes:
    """Opens cases for disputed visits."""

    def check(self, told: Visit, place: str) -> None:
        """Raises DeviceRecordInvalid."""
        check_dispute(told, place)

    def open(self, write: Write, account_id: int, kind: str, note: str) -> int:
        """A case that waits for its evidence; its number. note: what the customer says,
        maybe nothing: it stays in the record as it was signed."""
        return _register(write, account_id, CaseKind[kind], (), note.strip()).case_no


def paid_twice(write: Write, row: ReceiptRow, channel: str) -> int:
    """A case of a receipt whose debt was paid otherwise, with its signed record as evidence; its
    number. channel: the collector's."""
    provider_id = provider_acting(write.caller)
    kept = field_records.of_seqs(write.session, provider_id, row.device_no, [row.seq])[row.seq]
    own = Given(
        EvidenceKind.RECEIPT,
        kept.line.encode(),
        "text/plain",
        amount=row.amount,
        trace=str(row.number),
        paid_channel=channel,
    )
    other = _other(write, row)
    evidence = (own, other) if other else (own,)
    why = f"receipt {row.number}: paid elsewhere"
    return _register(write, row.account_id, CaseKind.DOUBLE_PAYMENT, evidence, why).case_no


def _other(write: Write, row: ReceiptRow) -> Given | None:
    """The last other payment of the account, as evidence."""
    entries = ledger.account_entries(write.session, row.account_id, OPEN_DAY, EVER)
    for one in sorted(entries, key=lambda entry: entry.recorded_at, reverse=True):
        if one.kind == EntryKind.PAYMENT and one.amount < 0 and one.entry_id:
            channel, _, reference = one.reference.partition(" ")
            if one.account_entry_id != row.payment_id and reference:
                amount = -one.amount
                kind = EvidenceKind.TOLD
                return Given(kind, amount=amount, trace=reference, paid_channel=channel)
    return None


def _register(
    write: Write, account_id: int, kind: CaseKind, evidence: tuple[Given, ...], reason: str
) -> CaseRow:
    provider_id = provider_acting(write.caller)
    provider = get_provider(write.session, write.caller, provider_id)
    account = things.get(write.session, provider_id, ACCOUNTS, account_id)
    return register(write, provider, NewCase(kind, account, CAME, evidence, reason=reason))
