"""Deposits asked for, set off, refunded, cancelled; their interest credited. Each in the account's
turn, each move kept with who did it and why."""

import numpy as np
import pyarrow as pa

from billcore.core.accounts.acting import Write, provider_acting, tell
from billcore.core.accounts.errors import FieldRefused
from billcore.core.accounts.policies import parse_policies
from billcore.core.billing.items import account_items
from billcore.core.calendar import Calendar
from billcore.core.collections.deposits.errors import DepositUnfit
from billcore.core.collections.deposits.holding import Deposit, MoveKind, amount_of, deposit_of
from billcore.core.collections.late_fees.reference import series_of
from billcore.core.collections.open_debts import in_dispute
from billcore.core.ledger import journal
from billcore.core.ledger.account_entries import (
    AMOUNT_MAX,
    AccountEntries,
    Posting,
    post_account_entries,
    reverse_account_entry,
)
from billcore.core.ledger.balances import DocumentKind
from billcore.core.ledger.folding import BILL, ENTRY
from billcore.core.ledger.items import OpenItem
from billcore.core.ledger.kinds import EntryKind
from billcore.core.ledger.turns import turn_to_correct
from billcore.core.metering.provider import metering_provider
from billcore.core.store import deposits as rows
from billcore.core.store import reference_rates
from billcore.core.store.deposits import DepositRow, MoveRow
from billcore.core.store.providers import Provider

SOURCE = "deposits/"
"""What the sources of deposits in the general ledger begin with."""


def ask(write: Write, account_id: int, amount: int, due_day: int, reason: str) -> Deposit:
    """Asks an account for a deposit: a debt that is due on a day, 0: today. Raises FieldRefused."""
    now, today = _turn(write, account_id)
    if not 1 <= amount <= AMOUNT_MAX:
        raise FieldRefused("amount", f"{amount} is not one of 1..{AMOUNT_MAX}.")
    if due_day and due_day < today:
        raise FieldRefused("due_day", "it is before today.")
    number = len(rows.deposits(write.session, account_id, account_id)) + 1
    source = f"{SOURCE}{account_id}/{number}"
    day = due_day or today
    told = [(amount, day, "", f"deposit {number}")]
    (entry,) = _post(write, account_id, EntryKind.DEPOSIT, told, source)
    client_id = write.caller.client_id
    rows.add(write.session, DepositRow(account_id, number, amount, day, entry, client_id, now))
    _tell(write, account_id, number, "deposit.asked", amount, reason)
    return deposit_of(write.session, account_id, number)


def cancel(write: Write, account_id: int, deposit_no: int, reason: str) -> Deposit:
    """Asks no more for a deposit of which nothing was paid, and nothing was set off or refunded: a
    payment may have been taken back behind that. Raises DepositUnknown, DepositUnfit."""
    now, today = _turn(write, account_id)
    found = _live(write, account_id, deposit_no)
    if found.paid:
        raise DepositUnfit(deposit_no, "paid", "something of it was paid: refund it.")
    if found.out:
        why = f"{found.out} were set off or refunded, and are to be paid."
        raise DepositUnfit(deposit_no, "out", why)
    entry, day = found.row.account_entry_id, max(found.row.due_day, today)
    posting = _posting(write, f"{SOURCE}{account_id}/{deposit_no}/cancelled")
    undoing = reverse_account_entry(write.session, account_id, entry, day, posting)
    move = _move(write, found, MoveKind.CANCELLED, day, found.row.amount, reason, now)
    return _moved(write, move._replace(account_entry_id=undoing))


def set_off(write: Write, account_id: int, deposit_no: int, amount: int, reason: str) -> Deposit:
    """Pays debts that are due, and not in dispute, from what is held, the oldest first; amount: 0:
    as much as there is.

    Raises DepositUnknown, DepositUnfit.
    """
    now, today = _turn(write, account_id)
    found = _live(write, account_id, deposit_no)
    held = in_dispute(write.session, account_id, today)
    every = account_items(write.session, account_id).open()
    still = [one for one in every if _due(one, today) and one.document.id not in held]
    still.sort(key=lambda one: (one.document.due_day, one.document.recorded_at))
    most = min(found.held, sum(one.open for one in still))
    wanted = amount or most
    if not 0 < wanted <= most:
        due = sum(one.open for one in still)
        why = f"{found.held} are held, and {due} are due and not in dispute."
        raise DepositUnfit(deposit_no, "amount", why)
    left, told = wanted, []
    for one in still:
        part = min(one.open, left)
        left -= part
        if part:
            bill = one.document.kind is DocumentKind.BILL
            direction = f"{BILL if bill else ENTRY}{one.document.id}"
            text = f"deposit {deposit_no} set off: {one.document.id}"
            told.append((-part, today, direction, text))
    move = _move(write, found, MoveKind.SET_OFF, today, wanted, reason, now)
    _post(write, account_id, EntryKind.DEPOSIT, told, _source(move))
    return _moved(write, move)


def refund(write: Write, account_id: int, deposit_no: int, amount: int, reason: str) -> Deposit:
    """Owes the customer what is held: it is to be paid out; amount: 0: all of it.

    Raises DepositUnknown, DepositUnfit.
    """
    now, today = _turn(write, account_id)
    found = _live(write, account_id, deposit_no)
    wanted = amount or found.held
    if not 0 < wanted <= found.held:
        raise DepositUnfit(deposit_no, "amount", f"{found.held} are held.")
    move = _move(write, found, MoveKind.REFUNDED, today, wanted, reason, now)
    entry = journal.Entry(
        provider_id=provider_acting(write.caller),
        source=_source(move),
        day=today,
        kind=int(EntryKind.DEPOSIT),
        amounts={"deposit": wanted, "refund_payable": -wanted},
        client_id=write.caller.client_id,
        recorded_at=now,
    )
    journal.post(write.session, entry)
    return _moved(write, move)


def credit_interest(
    write: Write, provider: Provider, account_id: int, deposit_no: int, until_day: int
) -> Deposit:
    """Credits what a deposit bears up to the end of a day, less what was credited before; the same
    day again nothing. Raises DepositUnknown, FieldRefused, ReferenceRateMissing."""
    now, today = _turn(write, account_id)
    found = deposit_of(write.session, account_id, deposit_no)
    before = max((m.day for m in found.moves if m.kind == MoveKind.INTEREST), default=0)
    if not before <= until_day <= today:
        raise FieldRefused("until_day", "it is after today, or before a day that was credited.")
    known = reference_rates.last_recorded(write.session, provider.provider_id)
    now = max(now, known + 1, max((m.recorded_at for m in found.moves), default=0) + 1)
    rule = parse_policies(provider.policies).deposits.rule
    series = series_of(write.session, provider.provider_id, now - 1)
    interest = amount_of(found, rule, series, Calendar(provider.calendar), until_day)
    change = interest - found.interest
    if not change:
        return found
    move = _move(write, found, MoveKind.INTEREST, until_day, change, "", now)
    move = move._replace(interest=interest, rule=rule.text, known_at=now - 1)
    told = [(-change, until_day, "", f"interest of deposit {deposit_no}, move {move.move_no}")]
    (entry,) = _post(write, account_id, EntryKind.DEPOSIT_INTEREST, told, _source(move))
    return _moved(write, move._replace(account_entry_id=entry))


def _turn(write: Write, account_id: int) -> tuple[int, int]:
    """The time to record at, and today."""
    provider_id = provider_acting(write.caller)
    now = turn_to_correct(write.session, provider_id, np.array([account_id]), write.now)
    return now, metering_provider(write.session, provider_id).today(write.now)


def _live(write: Write, account_id: int, deposit_no: int) -> Deposit:
    found = deposit_of(write.session, account_id, deposit_no)
    if found.cancelled:
        raise DepositUnfit(deposit_no, "cancelled", "it was cancelled.")
    return found


def _due(one: OpenItem, today: int) -> bool:
    document = one.document
    entry = document.kind is DocumentKind.ENTRY
    own = entry and document.kind_no == EntryKind.DEPOSIT
    return one.open > 0 and document.due_day <= today and not own


def _move(
    write: Write, of: Deposit, kind: MoveKind, day: int, amount: int, reason: str, now: int
) -> MoveRow:
    return MoveRow(
        account_id=of.row.account_id,
        deposit_no=of.row.deposit_no,
        move_no=len(of.moves) + 1,
        kind=int(kind),
        day=day,
        amount=amount,
        account_entry_id=0,
        interest=0,
        rule="",
        known_at=0,
        client_id=write.caller.client_id,
        reason=reason,
        recorded_at=now,
    )


def _source(move: MoveRow) -> str:
    return f"{SOURCE}{move.account_id}/{move.deposit_no}/{move.move_no}"


def _post(
    write: Write,
    account_id: int,
    kind: EntryKind,
    told: list[tuple[int, int, str, str]],
    source: str,
) -> list[int]:
    """Posts (amount, day, direction, reference) to an account; the ids."""
    count = len(told)
    amounts, days, directions, references = zip(*told, strict=True)
    entries = AccountEntries(
        account_id=np.full(count, account_id),
        kind=np.full(count, int(kind)),
        day=np.array(days, dtype=np.int64),
        amount=np.array(amounts, dtype=np.int64),
        reference=pa.array(references, pa.string()),
        reverses=np.zeros(count, dtype=np.int64),
        direction=pa.array(directions, pa.string()),
    )
    found: list[int] = post_account_entries(
        write.session, entries, _posting(write, source)
    ).tolist()
    return found


def _posting(write: Write, source: str) -> Posting:
    return Posting(provider_acting(write.caller), source, write.caller.client_id, write.now)


def _moved(write: Write, move: MoveRow) -> Deposit:
    rows.add_move(write.session, move)
    word = MoveKind(move.kind).name.lower()
    number = move.account_id, move.deposit_no
    _tell(write, *number, f"deposit.{word}", move.amount, move.reason)
    return deposit_of(write.session, *number)


def _tell(
    write: Write, account_id: int, deposit_no: int, kind: str, amount: int, reason: str
) -> None:
    told = {"account_id": account_id, "deposit_no": deposit_no, "amount": amount}
    subject = f"account {account_id}"
    tell(write, provider_acting(write.caller), kind, subject, told, reason)
