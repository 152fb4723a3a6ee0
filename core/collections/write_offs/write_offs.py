"""Write-offs: proposed, approved and posted, undone, recovered. Each in the account's turn."""

from collections.abc import Callable, Iterator, Sequence

import numpy as np
import pyarrow as pa

from billcore.core.accounts.acting import Acting, Write, provider_acting, same_person, tell
from billcore.core.accounts.collecting import WriteOffPolicy
from billcore.core.accounts.errors import FieldRefused
from billcore.core.accounts.policies import parse_policies
from billcore.core.billing.items import folded_items
from billcore.core.caller import Caller
from billcore.core.collections.open_debts import chosen, stale
from billcore.core.collections.write_offs.errors import WriteOffApprovalNeeded, WriteOffUnfit
from billcore.core.collections.write_offs.reading import (
    FOLLOWING,
    StepKind,
    WriteOff,
    entries_of,
    find,
    of_accounts,
    reference_of,
)
from billcore.core.ids import id_range, provider_of
from billcore.core.ledger.account_entries import (
    AccountEntries,
    Posting,
    post_account_entries,
    reverse_account_entry,
)
from billcore.core.ledger.balances import DocumentKind
from billcore.core.ledger.folding import BILL, ENTRY
from billcore.core.ledger.kinds import EntryKind
from billcore.core.ledger.turns import turn_to_correct
from billcore.core.metering.provider import metering_provider
from billcore.core.store import providers
from billcore.core.store import write_offs as rows
from billcore.core.store.again import again
from billcore.core.store.port import Reader, Session, Store
from billcore.core.store.providers import Provider
from billcore.core.store.write_offs import ItemRow, StepRow, WriteOffRow

MONEY = (EntryKind.PAYMENT, EntryKind.TRANSFER)
"""What is taken for what was written off: payments, and those moved from another account."""


def propose(
    write: Write, account_id: int, items: Sequence[int], reason_code: str, reason: str
) -> WriteOff:
    """Proposes to give up all that is open of some items of an account; none: of all that is due.

    Raises FieldRefused.
    """
    now, today = _turn(write, account_id)
    if not 1 <= len(reason_code) <= 40 or not reason_code.isascii() or not reason_code.isupper():
        raise FieldRefused("reason_code", "give a code, as INSOLVENCY.")
    given_up = _given_up(write.session, account_id, items, today)
    number = len(rows.write_offs(write.session, account_id, account_id)) + 1
    caller, total = write.caller, sum(one.amount for one in given_up)
    row = WriteOffRow(account_id, number, total, reason_code, caller.client_id, caller.actor, now)
    rows.add(write.session, row, given_up)
    found = WriteOff(row, tuple(given_up), ())
    return _go(write, found, StepKind.PROPOSED, today, 0, reason, now)


def approve(
    write: Write, provider: Provider, account_id: int, write_off_no: int, reason: str
) -> WriteOff:
    """Approves a write-off and posts it: a credit for each item.

    Raises WriteOffUnknown, WriteOffUnfit, WriteOffApprovalNeeded.
    """
    now, today = _turn(write, account_id)
    found = find(write.session, account_id, write_off_no)
    _check(found, StepKind.WRITTEN_OFF)
    above, row = policy_of(provider).approval_above, found.row
    if row.total > above and same_person(write.caller, row.client_id, row.actor):
        raise WriteOffApprovalNeeded(write_off_no, row.total, above)
    given_up = [(one.item_id, one.amount) for one in found.items]
    why = stale(write.session, account_id, given_up, today)
    if why:
        raise WriteOffUnfit(write_off_no, "stale", f"{why} Reject it, and propose anew.")
    told = [
        (-one.amount, f"{BILL if one.is_bill else ENTRY}{one.item_id}", reference_of(one))
        for one in found.items
    ]
    _post(write, account_id, EntryKind.WRITE_OFF, today, told, found.source)
    return _go(write, found, StepKind.WRITTEN_OFF, today, row.total, reason, now)


def end(write: Write, account_id: int, write_off_no: int, reason: str) -> WriteOff:
    """Rejects a write-off that was proposed; undoes one that was posted, and of which nothing was
    recovered: its items are open again from their own due days.

    Raises WriteOffUnknown, WriteOffUnfit.
    """
    now, today = _turn(write, account_id)
    found = find(write.session, account_id, write_off_no)
    if found.state is StepKind.PROPOSED:
        return _go(write, found, StepKind.REJECTED, today, 0, reason, now)
    _check(found, StepKind.UNDONE)
    if found.recovered:
        why = f"{found.recovered} of it were recovered."
        raise WriteOffUnfit(write_off_no, "recovered", why)
    for number, entry in enumerate(entries_of(found), start=1):
        posting = _posting(write, f"{found.source}/back/{number}")
        reverse_account_entry(write.session, account_id, entry, today, posting)
    return _go(write, found, StepKind.UNDONE, today, -found.row.total, reason, now)


def recover(store: Store, caller: Caller, clock: Callable[[], int]) -> Iterator[StepRow]:
    """Takes money that pays nothing else for what was written off, the oldest first, of all
    accounts of the caller's provider, nothing where the policy says so; and takes recoveries back,
    the latest first, whose money is gone. The same again does nothing."""
    provider_id = provider_acting(caller)
    with store.read() as reader:
        provider = providers.provider(reader, provider_id)
        assert provider is not None
        every = of_accounts(reader, *id_range(provider_id))
        accounts = sorted({one.row.account_id for one in every if one.lost or one.recovered})
        wanted = [one for one in accounts if _spare(reader, one)]
    takes = policy_of(provider).recover
    for account_id in wanted:

        def act(session: Session, account_id: int = account_id) -> list[StepRow]:
            write = Acting(session, caller, clock())
            done = _take_back(write, account_id)
            return [*done, *_recover(write, account_id)] if takes else done

        yield from again(store, act)


def _take_back(write: Acting, account_id: int) -> list[StepRow]:
    """Takes recoveries back until money pays all that stand: what paid them is gone."""
    now, today = _turn(write, account_id)
    done: list[StepRow] = []
    while _spare(write.session, account_id) < 0:
        every = of_accounts(write.session, account_id, account_id)
        standing = [(step, found) for found in every for step in found.recoveries]
        if not standing:
            break
        last, found = max(standing, key=lambda one: (one[0].recorded_at, one[0].write_off_no))
        posting = _posting(write, f"{found.source}/{len(found.steps) + 1}")
        entry = last.account_entry_id
        reverse_account_entry(write.session, account_id, entry, today, posting)
        after = _go(write, found, StepKind.TAKEN_BACK, today, -last.amount, "", now, entry)
        done.append(after.steps[-1])
    return done


def _recover(write: Acting, account_id: int) -> list[StepRow]:
    now, today = _turn(write, account_id)
    free, done = _spare(write.session, account_id), []
    for found in of_accounts(write.session, account_id, account_id):
        amount = min(free, found.lost)
        if amount <= 0:
            continue
        free -= amount
        number = found.steps[-1].step_no + 1
        told = [(amount, "", f"recovery {number} of write-off {found.row.write_off_no}")]
        source = f"{found.source}/{number}"
        (entry,) = _post(write, account_id, EntryKind.RECOVERY, today, told, source)
        after = _go(write, found, StepKind.RECOVERED, today, amount, "", now, entry)
        done.append(after.steps[-1])
    return done


def policy_of(provider: Provider) -> WriteOffPolicy:
    """The provider's policy of write-offs."""
    return parse_policies(provider.policies).write_offs


def _turn(write: Write, account_id: int) -> tuple[int, int]:
    """The time to record at, and today."""
    provider_id = provider_acting(write.caller)
    now = turn_to_correct(write.session, provider_id, np.array([account_id]), write.now)
    return now, metering_provider(write.session, provider_id).today(write.now)


def _spare(reader: Reader, account_id: int) -> int:
    """Money of an account that pays nothing, less what of its recoveries no money pays; below 0:
    so much was recovered of which the money is gone."""
    folded = folded_items(reader, provider_of(account_id), np.array([account_id]))
    rows, found = folded.rows, folded.found
    money = (rows.is_entry == 1) & (rows.amount < 0) & np.isin(rows.kind, MONEY)
    recovery = (rows.is_entry == 1) & (rows.amount > 0) & (rows.kind == EntryKind.RECOVERY)
    other = recovery[found.item] & ~money[found.credit]
    unpaid = found.open[recovery].sum() + found.amount[other].sum()
    return int(found.open[money].sum() - unpaid)


def _given_up(reader: Reader, account_id: int, items: Sequence[int], today: int) -> list[ItemRow]:
    """All that is open of items. Raises FieldRefused."""
    return [
        ItemRow(one.document.id, int(one.document.kind is DocumentKind.BILL), one.open)
        for one in chosen(reader, account_id, items, today)
    ]


def _check(found: WriteOff, wanted: StepKind) -> None:
    if wanted not in FOLLOWING[found.state]:
        why = f"it is {found.state.name}."
        raise WriteOffUnfit(found.row.write_off_no, found.state.name.lower(), why)


def _post(
    write: Write,
    account_id: int,
    kind: EntryKind,
    day: int,
    told: Sequence[tuple[int, str, str]],
    source: str,
) -> list[int]:
    """Posts (amount, direction, reference) to an account; the ids."""
    count = len(told)
    amounts, directions, references = zip(*told, strict=True)
    entries = AccountEntries(
        account_id=np.full(count, account_id),
        kind=np.full(count, int(kind)),
        day=np.full(count, day),
        amount=np.array(amounts, dtype=np.int64),
        reference=pa.array(references, pa.string()),
        reverses=np.zeros(count, dtype=np.int64),
        direction=pa.array(directions, pa.string()),
    )
    posting = _posting(write, source)
    found: list[int] = post_account_entries(write.session, entries, posting).tolist()
    return found


def _posting(write: Write, source: str) -> Posting:
    return Posting(provider_acting(write.caller), source, write.caller.client_id, write.now)


def _go(
    write: Write,
    found: WriteOff,
    kind: StepKind,
    today: int,
    amount: int,
    reason: str,
    now: int,
    entry: int = 0,
) -> WriteOff:
    """The write-off behind its next step, which is kept and told."""
    row, caller = found.row, write.caller
    step = StepRow(
        account_id=row.account_id,
        write_off_no=row.write_off_no,
        step_no=len(found.steps) + 1,
        kind=int(kind),
        day=today,
        amount=amount,
        account_entry_id=entry,
        client_id=caller.client_id,
        actor=caller.actor,
        reason=reason,
        recorded_at=now,
    )
    rows.add_step(write.session, step)
    told = {
        "account_id": row.account_id,
        "write_off_no": row.write_off_no,
        "reason_code": row.reason_code,
        "total": row.total,
        "amount": amount,
    }
    subject, event = f"account {row.account_id}", f"write_off.{kind.name.lower()}"
    tell(write, provider_acting(caller), event, subject, told, reason)
    return found._replace(steps=(*found.steps, step))
