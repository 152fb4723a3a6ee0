"""Which open debts of an account a plan covers or a write-off gives up: one choice for both.

Items in dispute are left out until that is settled. A deposit is never one of them: it is no debt
for what was delivered, and what is credited to it would count as money that is held.
"""

from collections.abc import Collection, Iterable, Sequence

import numpy as np

from billcore.core.accounts.errors import FieldRefused
from billcore.core.billing.items import account_items
from billcore.core.collections.dunning.owing import disputed
from billcore.core.ledger.balances import NOW, DocumentKind
from billcore.core.ledger.items import OpenItem
from billcore.core.ledger.kinds import EntryKind
from billcore.core.store.port import Reader


def is_of(one: OpenItem, kinds: Collection[EntryKind]) -> bool:
    """Whether an item is an account entry of such a kind."""
    return one.document.kind is DocumentKind.ENTRY and one.document.kind_no in kinds


def chosen(
    reader: Reader,
    account_id: int,
    items: Sequence[int],
    today: int,
    without: Collection[EntryKind] = (),
) -> list[OpenItem]:
    """The items of an account that are named, none: all that are due, by id; without: kinds that
    are not chosen, besides deposits. Raises FieldRefused."""
    kinds = {EntryKind.DEPOSIT, *without}
    every = (one for one in account_items(reader, account_id).open() if one.open > 0)
    allowed = {one.document.id: one for one in every if not is_of(one, kinds)}
    if not items:
        items = [no for no, one in allowed.items() if one.document.due_day <= today]
    if not items or len(set(items)) != len(items):
        raise FieldRefused("item_ids", "name open items, each once; none are due.")
    held = in_dispute(reader, account_id, today)
    for at, number in enumerate(items):
        if number not in allowed:
            words = " or ".join(kind.name for kind in sorted(kinds))
            why = f"{number} is no open debt of the account {account_id}, or one of kind {words}."
            raise FieldRefused(f"item_ids[{at}]", why)
        if number in held:
            raise FieldRefused(f"item_ids[{at}]", f"{number} is in dispute.")
    return [allowed[number] for number in sorted(items)]


def in_dispute(reader: Reader, account_id: int, today: int) -> set[int]:
    """The items of an account of which something is in dispute."""
    every = disputed(reader, np.array([account_id]), today, NOW)
    return {item for (_, item), amount in every.items() if amount}


def stale(reader: Reader, account_id: int, items: Iterable[tuple[int, int]], today: int) -> str:
    """Why (item, amount) are not what is open, and not in dispute, any more; "": they are."""
    still = {one.document.id: one.open for one in account_items(reader, account_id).open()}
    held = in_dispute(reader, account_id, today)
    for number, amount in items:
        left = still.get(number, 0)
        if left != amount:
            return f"of {number} {left} are open, not {amount}."
        if number in held:
            return f"{number} is in dispute."
    return ""
