"""A bill read back: its header, and of each agreement what it charges and what that was rated from.

Nothing but the bill's own packed texts and the tariff versions that they name is read; of a credit
note the inputs are those of the bill that it takes back.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import pyarrow as pa

from billcore.core.billing.charges import packing
from billcore.core.billing.charges.inputs import unpacked
from billcore.core.billing.charges.tariffs import Tariffs
from billcore.core.billing.errors import BillUnknown
from billcore.core.billing.fates import STANDS, Fate, Fates
from billcore.core.billing.issue import Drafts, Issue
from billcore.core.ids import account_of_bill, month_of_bill, provider_of
from billcore.core.ledger.kinds import BillKind
from billcore.core.rating.bills import bill_at
from billcore.core.rating.columns import line_names
from billcore.core.store import bills as rows
from billcore.core.store import corrections, references
from billcore.core.store.bills import BillHeader
from billcore.core.store.port import Reader
from billcore.core.tariff.bill import Bill
from billcore.core.tariff.explain.explain import Explanation, explain
from billcore.core.tariff.tariff import Tariff


@dataclass(frozen=True, slots=True)
class Span:
    """Days of an agreement that one tariff version billed.

    rated_from: the inputs, with the period; lines: amounts by name, in the order of the bill, in
    units of account.
    """

    agreement_no: int
    tariff: Tariff
    version: int
    rated_from: Bill
    lines: Mapping[str, int]

    @property
    def days(self) -> int:
        """The billed days: as stated, else as the dates count them."""
        bill = self.rated_from
        assert bill.previous is not None
        assert bill.this is not None
        return bill.this - bill.previous if bill.days is None else bill.days

    def explanation(self) -> Explanation:
        """Every step from the inputs to the lines."""
        return explain(self.tariff, self.rated_from)


@dataclass(frozen=True, slots=True)
class StoredBill:
    """A bill with its spans, by agreement and day, and what became of it.

    Of a credit note the lines are its own, and what they were rated from is its bill's. reference:
    what a one-off bill stands for, as its caller said; "" of others.
    """

    header: BillHeader
    spans: tuple[Span, ...]
    fate: Fate = STANDS
    reference: str = ""

    @property
    def is_credit(self) -> bool:
        """Whether it takes another bill's amounts back."""
        return self.header.kind == BillKind.CREDIT


def stored_bill(reader: Reader, provider_id: int, bill_id: int) -> StoredBill:
    """A bill of the provider. Raises BillUnknown, PackedInvalid."""
    header = header_of(reader, provider_id, bill_id)
    fate = Fates(corrections.of_account(reader, header.account_id)).of(bill_id)
    lines, inputs = _texts(reader, bill_id)
    if header.kind == BillKind.CREDIT:
        _, inputs = _texts(reader, fate.takes_back)
    reference = references.of_bill(reader, header.account_id, bill_id)
    return StoredBill(header, spans_of(Tariffs(reader), lines, inputs), fate, reference)


def header_of(reader: Reader, provider_id: int, bill_id: int) -> BillHeader:
    """What a bill of the provider says beside its lines. Raises BillUnknown."""
    account_id = account_of_bill(bill_id)
    if provider_of(account_id) != provider_id:
        raise BillUnknown(bill_id)
    found = rows.header(reader, month_of_bill(bill_id), account_id, bill_id)
    if found is None:
        raise BillUnknown(bill_id)
    return found


def _texts(reader: Reader, bill_id: int) -> tuple[pa.BinaryArray, pa.BinaryArray]:
    """The packed lines and inputs of a bill. Raises PackedInvalid where there is no such bill."""
    found = rows.one(reader, month_of_bill(bill_id), account_of_bill(bill_id), bill_id)
    lines, inputs = found["lines"], found["inputs"]
    assert isinstance(lines, pa.Array)
    assert isinstance(inputs, pa.Array)
    if not len(lines):
        raise packing.PackedInvalid
    return lines, inputs


def drafted(reader: Reader, drafts: Drafts, how: Issue) -> StoredBill:
    """The only one of these drafts as the bill that is issued of it; entry_id 0."""
    opening, total = int(drafts.opening[0]), int(drafts.total[0])
    header = BillHeader(
        month=how.month,
        account_id=int(drafts.account_id[0]),
        kind=int(drafts.kind[0]),
        ordinal=int(drafts.ordinal[0]),
        version=int(drafts.version[0]),
        bill_id=int(drafts.bill_ids(how.month)[0]),
        entry_id=0,
        previous_day=int(drafts.previous_day[0]),
        this_day=int(drafts.this_day[0]),
        issued_day=how.issued_day,
        due_day=how.due_day,
        recorded_at=how.recorded_at,
        opening=opening,
        total=total,
        closing=opening + total,
    )
    return StoredBill(header, spans_of(Tariffs(reader), drafts.lines, drafts.inputs))


def spans_of(tariffs: Tariffs, lines: pa.BinaryArray, inputs: pa.BinaryArray) -> tuple[Span, ...]:
    """The spans of the packed texts of one bill. Raises PackedInvalid."""
    charged, rated = list(packing.lines_parts(lines)), list(packing.inputs_parts(inputs))
    if [_key(part) for part in charged] != [_key(part) for part in rated]:
        raise packing.PackedInvalid
    return tuple(_span(tariffs, *parts) for parts in zip(charged, rated, strict=True))


def _key(part: packing.Part) -> tuple[int, ...]:
    return (int(part.field(0)[0]), *part.tariff)


def _span(tariffs: Tariffs, charged: packing.Part, rated: packing.Part) -> Span:
    agreement_no, tariff_no, version = _key(charged)
    tariff = tariffs.one(tariff_no, version)
    columns, changes = unpacked(tariff, rated)
    amounts = packing.amounts_of(charged)[0].tolist()
    return Span(
        agreement_no,
        tariff,
        version,
        bill_at(tariff, columns, 0, changes),
        dict(zip(line_names(tariff), amounts, strict=True)),
    )
