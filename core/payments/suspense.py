"""Money that is no account's: the worklist, and the way out of it.

A payment whose target nobody knows keeps its money in the ledger account `suspense`, that of
another organisation in `suspense_foreign`. It leaves by a transfer to an account, which credits it
on the day on which the payer paid, or by the reversal of the payment; a transfer that was wrong is
put back. What is open in all is the
balance of the ledger account (`suspense_agrees`).
"""

from collections.abc import Iterator, Sequence

import numpy as np
import pyarrow as pa

from billcore.core.accounts.acting import Write, provider_acting
from billcore.core.accounts.policies import parse_policies
from billcore.core.accounts.providers import get_provider
from billcore.core.errors import BillcoreError
from billcore.core.events.audit import audit
from billcore.core.findings import Broken, broken
from billcore.core.ledger.account_entries import (
    AccountEntries,
    Posting,
    post_account_entries,
    reverse_account_entry,
)
from billcore.core.ledger.kinds import EntryKind
from billcore.core.payments.intake.books import FOREIGN, SUSPENSE
from billcore.core.payments.refusals import PaymentInvalid
from billcore.core.store import ledger as ledger_rows
from billcore.core.store import payments as rows
from billcore.core.store.accounts import Account
from billcore.core.store.payments import MoveRow, SuspenseRow
from billcore.core.store.port import OPEN_DAY, Reader

EVER = 2**63 - 1


class SuspenseUnknown(BillcoreError):
    """The provider has no such item in suspense."""

    reason = "SUSPENSE_UNKNOWN"

    def __init__(self, payment_id: int) -> None:
        super().__init__(
            f"No payment {payment_id} was put into suspense here: list the worklist.",
            payment_id=payment_id,
        )


class SuspenseSettled(BillcoreError):
    """Less of an item is open than is to be moved."""

    reason = "SUSPENSE_SETTLED"

    def __init__(self, payment_id: int, wanted: int, left: int) -> None:
        super().__init__(
            f"Of payment {payment_id} {left} is in suspense, not {wanted}.",
            payment_id=payment_id,
            wanted=wanted,
            open=left,
        )


def transfer(
    write: Write, payment_id: int, account: Account, amount: int, reason: str, source: str
) -> SuspenseRow:
    """Moves money from suspense to an account; the item after that.

    amount: minor units, 0: all that is open; source: unique per provider. Raises SuspenseUnknown,
    SuspenseSettled, PaymentInvalid.

    It pays as any payment of the provider that is posted now, and first what its payer said.
    """
    provider_id = provider_acting(write.caller)
    rows.lock_item(write.session, provider_id, payment_id)
    item = found(write.session, provider_id, payment_id)
    wanted = amount or item.open
    if wanted < 0:
        raise PaymentInvalid("amount", f"{wanted} is below 0; 0 is all that is open.")
    if not item.open or wanted > item.open:
        raise SuspenseSettled(payment_id, wanted, item.open)
    entries = AccountEntries(
        account_id=np.array([account.account_id]),
        kind=np.array([int(EntryKind.PAYMENT)]),
        day=np.array([item.day]),
        amount=np.array([-wanted]),
        reference=pa.array([f"transfer of {item.reference}"]),
        reverses=np.array([0]),
    )
    provider = get_provider(write.session, write.caller, provider_id)
    posting = Posting(
        provider_id,
        source,
        write.caller.client_id,
        write.now,
        item.ledger,
        strategy=parse_policies(provider.policies).allocation.default_number,
        direction=_direction(write.session, item),
    )
    (entry,) = post_account_entries(write.session, entries, posting).tolist()
    add_move(write, item, account.account_id, entry, wanted)
    detail = {"payment_id": payment_id, "account_id": account.account_id, "amount": wanted}
    subject = f"payment {payment_id}"
    audit(write.session, write.caller, "suspense.transferred", subject, reason, detail, write.now)
    return found(write.session, provider_id, payment_id)


def put_back(write: Write, payment_id: int, move_no: int, day: int, reason: str) -> SuspenseRow:
    """Undoes a transfer on a day: the money is in suspense again; the item after that.

    Raises SuspenseUnknown, EntryReversed: it was put back, or taken back with its payment.
    """
    provider_id = provider_acting(write.caller)
    rows.lock_item(write.session, provider_id, payment_id)
    item = found(write.session, provider_id, payment_id)
    every = rows.moves(write.session, provider_id, payment_id)
    move = next(one for one in every if one.move_no == move_no)
    source = f"suspense put back/{payment_id}/{move_no}"
    client_id, now = write.caller.client_id, write.now
    posting = Posting(provider_id, source, client_id, now, item.ledger)
    account_id, entry_id = move.account_id, move.account_entry_id
    undoing = reverse_account_entry(write.session, account_id, entry_id, day, posting)
    add_move(write, item, account_id, undoing, -move.amount, day)
    detail = {"payment_id": payment_id, "account_id": account_id, "amount": move.amount}
    subject = f"payment {payment_id}"
    audit(write.session, write.caller, "suspense.put_back", subject, reason, detail, now)
    return found(write.session, provider_id, payment_id)


def standing_moves(moves: Sequence[MoveRow]) -> list[MoveRow]:
    """The moves of an item out of suspense that were not put back."""
    kept: list[MoveRow] = []
    for move in moves:
        if move.amount > 0:
            kept.append(move)
            continue
        pair = move.account_id, -move.amount
        at = next(n for n, one in enumerate(kept) if (one.account_id, one.amount) == pair)
        del kept[at]
    return kept


def _direction(reader: Reader, item: SuspenseRow) -> str:
    """What the payer of an item wants paid; of an act that pays several accounts nothing."""
    order = rows.one(reader, item.order_provider_id, item.channel_no, item.reference)
    return order.direction if order is not None and not item.part_no else ""


def found(reader: Reader, provider_id: int, payment_id: int) -> SuspenseRow:
    """An item. Raises SuspenseUnknown."""
    item = rows.suspense_item(reader, provider_id, payment_id)
    if item is None:
        raise SuspenseUnknown(payment_id)
    return item


def add_move(
    write: Write,
    item: SuspenseRow,
    account_id: int,
    account_entry_id: int,
    amount: int,
    day: int = 0,
) -> None:
    """Writes that money left suspense; account_id 0: back to the channel. amount below 0: it came
    back from the account. day: of the entry, 0: that of the payment."""
    before = rows.moves(write.session, item.provider_id, item.payment_id)
    posted = ledger_rows.account_entry(write.session, account_id, account_entry_id)
    move = MoveRow(
        move_no=len(before) + 1,
        account_id=account_id,
        account_entry_id=account_entry_id,
        amount=amount,
        day=day or item.day,
        entry_id=posted.entry_id if posted else 0,
        client_id=write.caller.client_id,
        recorded_at=write.now,
    )
    rows.add_move(write.session, item.provider_id, item.payment_id, move)


def suspense_agrees(reader: Reader, provider_id: int) -> Iterator[Broken]:
    """The balance of each ledger account of suspense is what its items have open."""
    balances = {
        str(code): int(balance)
        for code, _, balance in ledger_rows.trial_balance(reader, provider_id, OPEN_DAY, EVER)
    }
    items = rows.open_by_ledger(reader, provider_id)
    for ledger in (SUSPENSE, FOREIGN):
        held, listed = -balances.get(ledger, 0), items.get(ledger, 0)
        if held != listed:
            yield broken(f"The ledger account {ledger} holds {held}, its items {listed}.")
