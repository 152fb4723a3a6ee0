"""Drafts brought up to what was posted since they were made, in the transaction that issues them.

A payment changes what its account's bill opens with, and a bill whose tariff reads the balance is
rated again. After another bill of the account, its own is made again; one that was approved is then
stale, unless it comes to the same. One that nobody approved is to be outsorted again.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from billcore.core.billing.charges import packing
from billcore.core.billing.charges.due import Chosen
from billcore.core.billing.charges.inputs import PREVIOUS_BALANCE
from billcore.core.billing.charges.tariffs import Tariffs
from billcore.core.billing.errors import AccountUnbillable
from billcore.core.billing.issue import Drafts, joined
from billcore.core.billing.make import Made, Order, make
from billcore.core.billing.openings import openings
from billcore.core.ledger.kinds import BILLS
from billcore.core.ordered import search
from billcore.core.rating.batch import Bools, Ints
from billcore.core.store import bills as rows
from billcore.core.store import ledger as ledger_rows
from billcore.core.store.port import Session
from billcore.core.store.providers import Provider

STALE = "STALE"
"""The rule of an account whose bill is no longer what was approved."""


@dataclass(frozen=True, slots=True, eq=False)
class Settled:
    """Drafts as they are to be issued, and accounts that are not to be.

    again: the accounts whose drafts were made again; made: what came of them.
    """

    drafts: Drafts
    refused: Mapping[int, AccountUnbillable] = field(default_factory=dict)
    again: Ints = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    made: Made | None = None


def settled(
    session: Session,
    provider: Provider,
    order: Order,
    drafts: Drafts,
    since: int,
    own: str,
    approved: bool,
) -> Settled:
    """Drafts brought up to now.

    since: the time up to which the drafts know what was posted; own: what the sources of the run
    begin with. approved: a draft may get another opening, but no other total.
    """
    posted, bills = ledger_rows.posted_since(session, provider.provider_id, since, own, BILLS)
    if not posted:
        return Settled(drafts)
    opening = openings(session, drafts.account_id)
    again = (opening != drafts.opening) & _reads_balance(session, drafts)
    if bills:
        found = rows.billed_since(session, provider.provider_id, order.first, order.last, since)
        again |= np.isin(drafts.account_id, found)
    kept = replace(drafts, opening=opening).take(~again)
    if not again.any():
        return Settled(kept)
    before = drafts.take(again)
    made = make(session, provider, replace(order, chosen=_only(order.chosen, before.account_id)))
    refused: dict[int, AccountUnbillable] = dict(made.refused)
    same = np.ones(len(made.drafts), dtype=np.bool_)
    if approved:
        same = _same(before, made.drafts)
        lost = np.setdiff1d(before.account_id, made.drafts.account_id[same])
        for account in lost.tolist():
            why = "something was billed or paid since, so that it comes to another amount."
            refused.setdefault(account, AccountUnbillable(account, STALE, why))
    whole = joined([kept, made.drafts.take(same)])
    return Settled(whole, refused, before.account_id, made)


def _only(chosen: Chosen, accounts: Ints) -> Chosen:
    return replace(chosen, accounts=accounts)


def _same(before: Drafts, now: Drafts) -> Bools:
    """Whether each new draft comes to the total that was approved, for the same days."""
    at = search(before.account_id, now.account_id)
    old = before.take(at)
    found: Bools = (
        (old.total == now.total)
        & (old.previous_day == now.previous_day)
        & (old.this_day == now.this_day)
    )
    return found


def _reads_balance(session: Session, drafts: Drafts) -> Bools:
    """Whether a tariff of each draft takes what the account owed as an input."""
    tariffs, found = Tariffs(session), np.zeros(len(drafts), dtype=np.bool_)
    for part in packing.inputs_parts(drafts.inputs):
        if PREVIOUS_BALANCE in tariffs.one(*part.tariff).document.inputs:
            found[part.bill] = True
    return found
