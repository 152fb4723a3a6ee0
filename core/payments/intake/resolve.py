"""Whose a payment is: targets of many payments looked up together.

Goals: a handful of statements for a batch, whatever its kinds; what cannot be found is a code, not
an error. Non-goals: what a scanned text is (`identifiers`), whether the payment is taken (`post`).
"""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from billcore.core.accounts.checks import Bools, Ints, ints
from billcore.core.accounts.numbers import resolved
from billcore.core.accounts.policies import PaymentIds
from billcore.core.identifiers import bulk
from billcore.core.identifiers.digits import latin_digits
from billcore.core.ids import BILL_BITS, COUNT_BITS, MONTH_AT, MONTH_MAX
from billcore.core.ordered import places
from billcore.core.payments.codes import Code, TargetKind
from billcore.core.payments.intake.form import is_number
from billcore.core.payments.orders import Orders
from billcore.core.store import accounts as account_rows
from billcore.core.store import bills, issued
from billcore.core.store.columns import picked
from billcore.core.store.port import Reader


@dataclass(frozen=True, slots=True)
class Found:
    """What targets name, by row. account_id, bill_id: 0: none; code: OK, or why it is not payable.

    fixed: the only amount that the document takes; 0: any.
    """

    account_id: Ints
    bill_id: Ints
    code: Ints
    fixed: Ints


def resolve(
    reader: Reader, provider_id: int, own: PaymentIds, orders: Orders, formed: Bools, today: int
) -> Found:
    """What the targets of a provider's payments name.

    own: which payment ids the provider issues; formed: the rows to look at; today: an ordinal.
    """
    count = len(orders)
    nothing = np.zeros(count, dtype=np.int64)
    found = Found(nothing, nothing.copy(), np.full(count, Code.OK.value), nothing.copy())
    _accounts(reader, provider_id, orders, formed, found)
    _bills(reader, provider_id, orders, formed, found)
    _documents(reader, provider_id, own.company, orders, formed, found)
    _lives(reader, provider_id, found, today)
    return found


def _accounts(
    reader: Reader, provider_id: int, orders: Orders, formed: Bools, found: Found
) -> None:
    rows = np.flatnonzero(formed & (orders.target_kind == TargetKind.ACCOUNT))
    if rows.size:
        numbers = picked(orders.target, rows)
        found.account_id[rows] = resolved(reader, provider_id, "account", numbers)
        found.code[rows[found.account_id[rows] == 0]] = Code.ACCOUNT_NOT_FOUND


def _bills(reader: Reader, provider_id: int, orders: Orders, formed: Bools, found: Found) -> None:
    rows = np.flatnonzero(formed & (orders.target_kind == TargetKind.BILL))
    if not rows.size:
        return
    texts = picked(orders.target, rows).to_pylist()
    good = np.array([is_number(text) for text in texts], dtype=np.bool_)
    found.code[rows[~good]] = Code.ACCOUNT_FORMAT
    rows = rows[good]
    numbers = [int(text) for text, fits in zip(texts, good.tolist(), strict=True) if fits]
    bill_id = np.array(numbers, dtype=np.int64)
    named = bill_id >> BILL_BITS >> COUNT_BITS == provider_id
    known, stands = standing(reader, bill_id, named)
    found.code[rows[~known]] = Code.ACCOUNT_NOT_FOUND
    found.account_id[rows[known]] = bill_id[known] >> BILL_BITS
    found.bill_id[rows[known]] = bill_id[known]
    found.code[rows[known & ~stands]] = Code.BILL_NOT_PAYABLE


def standing(reader: Reader, bill_id: Ints, named: Bools) -> tuple[Bools, Bools]:
    """Which of these bills there are, and which of them no credit note cancels."""
    known = np.zeros(len(bill_id), dtype=np.bool_)
    stands = np.zeros(len(bill_id), dtype=np.bool_)
    month = bill_id >> MONTH_AT & MONTH_MAX
    for one in np.unique(month[named]).tolist():
        rows = np.flatnonzero(named & (month == one))
        told = bills.standing(reader, one, bill_id[rows] >> BILL_BITS)
        at, there = places(ints(told["bill_id"]), bill_id[rows])
        known[rows] = there
        stands[rows[there]] = ints(told["stands"])[at[there]] != 0
    return known, stands


def _documents(
    reader: Reader, provider_id: int, company: int, orders: Orders, formed: Bools, found: Found
) -> None:
    """Pairs of bill id and payment id. Their check digits prove nothing: one in ten wrong pairs has
    right ones, so the pair must be one that was issued."""
    rows = np.flatnonzero(formed & (orders.target_kind == TargetKind.DOCUMENT))
    if not rows.size:
        return
    payer, payment, good = _pairs(orders.target.take(pa.array(rows)))
    good &= bulk.pair_faults(payer, payment) == 0
    found.code[rows[~good]] = Code.ACCOUNT_FORMAT
    foreign = good & (payer // COMPANY_AT % 1000 != company)
    found.code[rows[foreign]] = Code.FOREIGN
    own = np.flatnonzero(good & ~foreign)
    if own.size:
        _issued(reader, provider_id, found, rows[own], payer[own], payment[own])


COMPANY_AT = 100
"""Below the company in a bill id: the service and the check digit."""

FILE_AT = 100_000
"""Below the file number in a bill id: company, service and check digit."""


def _pairs(texts: pa.StringArray) -> tuple[Ints, Ints, Bools]:
    """(bill id, payment id, whether a text is such a pair) of texts in the two forms."""
    bare = pc.replace_substring_regex(latin(texts), r"[\s-]", "")
    pairs = pc.replace_substring_regex(bare, r"^([0-9]{13})([0-9]{13})$", r"\1/\2")
    known = pc.extract_regex(pairs, r"^(?P<payer>[0-9]{6,13})/(?P<payment>[0-9]{6,13})$")
    payer, payment = (
        pc.fill_null(part.cast(pa.int64()), 0).to_numpy(zero_copy_only=False)
        for part in known.flatten()
    )
    return payer, payment, np.asarray(pc.is_valid(known))


def _issued(
    reader: Reader, provider_id: int, found: Found, rows: Ints, payer: Ints, payment: Ints
) -> None:
    """Looks right pairs of ours up among those that were issued; of several the newest counts."""
    account_id = provider_id << COUNT_BITS | payer // FILE_AT
    told = issued.of_accounts(reader, account_id)
    keys = np.stack(
        [ints(told["account_id"]), ints(told["payer_code"]), ints(told["payment_code"])]
    )
    names, which = np.unique(
        np.concatenate([keys, np.stack([account_id, payer, payment])], axis=1),
        axis=1,
        return_inverse=True,
    )
    known, wanted = which[: keys.shape[1]], which[keys.shape[1] :]
    newest = np.full(names.shape[1], -1, dtype=np.int64)
    newest[known] = np.arange(keys.shape[1])  # the last of equal ones stays: the highest bill id
    at = newest[wanted]
    there = at >= 0
    found.code[rows[~there]] = Code.ACCOUNT_NOT_FOUND
    rows, at = rows[there], at[there]
    found.account_id[rows] = account_id[there]
    found.bill_id[rows] = ints(told["bill_id"])[at]
    found.fixed[rows] = ints(told["amount"])[at]


def _lives(reader: Reader, provider_id: int, found: Found, today: int) -> None:
    """Accounts that are not open yet, or closed and owe nothing, take nothing."""
    rows = np.flatnonzero(found.account_id)
    if not rows.size:
        return
    account_id = found.account_id[rows]
    lives = account_rows.lives_of(reader, account_id)
    at, _ = places(ints(lives["account_id"]), account_id)
    early = ints(lives["opened_day"])[at] > today
    late = ints(lives["closed_day"])[at] < today
    found.code[rows[early]] = Code.ACCOUNT_INACTIVE
    for row in rows[late].tolist():
        owner = int(found.account_id[row])
        owed = ints(bills.balances(reader, provider_id, owner, owner)["balance"])
        if not (owed > 0).any():
            found.code[row] = Code.ACCOUNT_CLOSED


def latin(texts: pa.StringArray) -> pa.StringArray:
    """Texts with Latin digits in the place of Persian and Arabic ones."""
    if pc.all(pc.string_is_ascii(texts)).as_py():
        return texts
    return pa.array([latin_digits(text) for text in texts.to_pylist()], pa.string())
