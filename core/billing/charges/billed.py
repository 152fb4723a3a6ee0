"""How far agreements are billed, and what their last bills hand on.

An account with one agreement is billed as far as its last bill. Of several, each can have a cycle
of its own: the last bill of each is looked for among all that stand.
"""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from billcore.core.accounts.checks import ints
from billcore.core.accounts.columns import AgreementColumns
from billcore.core.billing.charges import handed, packing
from billcore.core.billing.charges.handed import HandedOn
from billcore.core.billing.last_bills import LastBills, greatest, texts_of
from billcore.core.ids import account_of_bill
from billcore.core.metering.registers import agreement_key
from billcore.core.rating.batch import Bools, Ints
from billcore.core.store import bills as rows
from billcore.core.store.port import Reader


@dataclass(frozen=True, slots=True, eq=False)
class Billed:
    """until: of each agreement the last day that is billed, or 0; handed: what they hand on."""

    until: Ints
    handed: HandedOn


def billed_until(
    reader: Reader, provider_id: int, agreements: AgreementColumns, last: LastBills
) -> Billed:
    """last: the last bills of the agreements' accounts."""
    account = agreements.account_id
    place = np.searchsorted(last.account_id, account)
    several = np.bincount(place, minlength=len(last.account_id)) > 1
    found = Billed(last.this_day[place], {})
    many = set(last.account_id[several].tolist())
    for owner, text in last.carried.items():
        if owner not in many:
            of = handed.read(text).items()
            found.handed.update({(owner, agreement): one for agreement, one in of})
    if several.any():
        _each(reader, provider_id, agreements, several[place], found)
    return found


def _each(
    reader: Reader, provider_id: int, agreements: AgreementColumns, several: Bools, found: Billed
) -> None:
    """The same of agreements whose account has several. OUT: found."""
    key = agreement_key(agreements.account_id, agreements.agreement_no)
    bills = rows.rated_from(reader, provider_id, agreements.account_id[several])
    bill_id, inputs, carried = ints(bills["bill_id"]), bills["inputs"], bills["carried"]
    assert isinstance(inputs, pa.Array)
    assert isinstance(carried, pa.Array)
    found.until[several] = 0
    parts = list(packing.inputs_parts(inputs))
    if not parts:
        return
    bill = np.concatenate([part.bill for part in parts])
    number = np.concatenate([part.field(0) for part in parts])
    this = np.concatenate([packing.period_of(part).this for part in parts])
    at, there = places(key, agreement_key(account_of_bill(bill_id[bill]), number))
    there[there] = several[at[there]]
    at, bill, this = at[there], bill[there], this[there]
    last = greatest(at, this, bill_id[bill])
    at, bill = at[last], bill[last]
    found.until[at] = this[last]
    texts = texts_of(np.arange(len(bill_id)), carried)
    for row, one in zip(at.tolist(), bill.tolist(), strict=True):
        owner = int(agreements.account_id[row]), int(agreements.agreement_no[row])
        told = handed.read(texts.get(one, b"")).get(owner[1])
        if told is not None:
            found.handed[owner] = told


def places(keys: Ints, wanted: Ints) -> tuple[Ints, Bools]:
    """Where each wanted key stands in the sorted keys, and whether it does."""
    at = np.searchsorted(keys, wanted)
    there = at < len(keys)
    there[there] = keys[at[there]] == wanted[there]
    return at, there
