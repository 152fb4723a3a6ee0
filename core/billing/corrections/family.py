"""The family of a bill: the original, its credit notes, the bills in its place, and the reasons."""

from collections.abc import Mapping
from dataclasses import dataclass

from billcore.core.billing.fates import Fate, Fates
from billcore.core.billing.stored import header_of
from billcore.core.ids import month_of_bill
from billcore.core.store import bills, corrections
from billcore.core.store.bills import BillHeader
from billcore.core.store.corrections import Correction
from billcore.core.store.port import Reader


@dataclass(frozen=True, slots=True)
class Member:
    """A document of the family. correction_id: what issued it, 0: it is the original."""

    header: BillHeader
    fate: Fate
    correction_id: int


@dataclass(frozen=True, slots=True)
class Family:
    """members: in the order in which they were issued; corrections: alike.

    undone_by: by correction, the one that undoes it.
    """

    members: tuple[Member, ...]
    corrections: tuple[Correction, ...]
    undone_by: Mapping[int, int]


def family(reader: Reader, provider_id: int, bill_id: int) -> Family:
    """The family of a bill of the provider, whichever of its documents it is. Raises
    BillUnknown."""
    account_id = header_of(reader, provider_id, bill_id).account_id
    fates = Fates(corrections.of_account(reader, account_id))
    headers = [
        bills.header(reader, month_of_bill(one), account_id, one) for one in fates.family(bill_id)
    ]
    members = [
        Member(one, fates.of(one.bill_id), fates.issued_by(one.bill_id))
        for one in headers
        if one is not None
    ]
    members.sort(key=lambda member: (member.header.recorded_at, member.header.bill_id))
    numbers = dict.fromkeys(one.correction_id for one in members if one.correction_id)
    found = [corrections.find(reader, provider_id, number) for number in numbers]
    undone = {number: corrections.undone_by(reader, provider_id, number) for number in numbers}
    return Family(
        tuple(members),
        tuple(one for one in found if one is not None),
        {number: other for number, other in undone.items() if other},
    )
