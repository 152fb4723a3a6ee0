"""Holds: amounts in dispute, for which the clock of late fees stands still until they are released.

Whoever disputes (a case, a clerk) names the hold by its source, which is the account's own: the
same hold again is the same. A dispute that was right ends by a correction of the item; one that was
withdrawn can be released as if it had never been.
"""

from collections.abc import Mapping, Sequence

from billcore.core.accounts.acting import Write, provider_acting, tell
from billcore.core.accounts.errors import FieldRefused
from billcore.core.calendar import DAY_MAX, DAY_MIN
from billcore.core.collections.late_fees.debts import BEARS
from billcore.core.collections.late_fees.errors import HoldConflict, HoldUnknown
from billcore.core.collections.late_fees.slices import Held
from billcore.core.ledger import balances
from billcore.core.ledger.account_entries import AMOUNT_MAX
from billcore.core.ledger.balances import Document, DocumentKind
from billcore.core.ledger.kinds import EntryKind
from billcore.core.ledger.turns import turn_to_bill
from billcore.core.store import late_fees as rows
from billcore.core.store.late_fees import HoldRow
from billcore.core.store.port import OPEN_DAY, Reader

SOURCE_MAX = 100
REASON_MAX = 500


def hold(
    write: Write,
    account_id: int,
    item_id: int,
    amount: int,
    from_day: int,
    source: str,
    reason: str,
) -> HoldRow:
    """Holds an amount of an item, 0: all of it, from a day on until it is released.

    Raises FieldRefused, HoldConflict.
    """
    check_texts(source, reason)
    _check_day("from_day", from_day)
    now = _turn(write, account_id)
    item = _item(write.session, account_id, item_id)
    if not 0 <= amount <= min(item.amount, AMOUNT_MAX):
        raise FieldRefused(
            "amount", f"{amount} is not one of 0..{item.amount}, which is all of it."
        )
    before = _found(write.session, account_id, source)
    if before is not None:
        told = item_id, amount, from_day, OPEN_DAY
        if (before.item_id, before.amount, before.from_day, before.until_day) == told:
            return before
        raise HoldConflict(account_id, source, "it is there, and holds something else or ended.")
    client_id = write.caller.client_id
    row = HoldRow(
        account_id, source, 1, item_id, amount, from_day, OPEN_DAY, reason, client_id, now
    )
    return _kept(write, row, "late_fees.held", reason)


def release(
    write: Write, account_id: int, source: str, until_day: int, reason: str, annul: bool = False
) -> HoldRow:
    """Ends a hold: until_day is its last day; annul: it never was.

    Raises HoldUnknown, HoldConflict, FieldRefused.
    """
    check_texts(source, reason)
    now = _turn(write, account_id)
    before = _found(write.session, account_id, source)
    if before is None:
        raise HoldUnknown(account_id, source)
    last = before.from_day - 1 if annul else until_day
    if before.until_day == last:
        return before
    if before.until_day != OPEN_DAY:
        raise HoldConflict(account_id, source, "it was released with another last day.")
    if not annul:
        _check_day("until_day", last)
        if last < before.from_day:
            raise FieldRefused("until_day", "it is before the hold began; annul it instead.")
    row = before._replace(
        version=before.version + 1,
        until_day=last,
        reason=reason,
        client_id=write.caller.client_id,
        recorded_at=now,
    )
    return _kept(write, row, "late_fees.released", reason)


def held_of(
    reader: Reader, first: int, last: int, known_at: int
) -> Mapping[tuple[int, int], Sequence[Held]]:
    """The holds of items of accounts first..last as known at a time, by account and item."""
    found: dict[tuple[int, int], list[Held]] = {}
    for row in rows.holds(reader, first, last, known_at):
        if row.until_day >= row.from_day:
            held = Held(row.amount or AMOUNT_MAX, row.from_day, row.until_day)
            found.setdefault((row.account_id, row.item_id), []).append(held)
    return found


def _turn(write: Write, account_id: int) -> int:
    """The time to record at: behind whatever was computed for the account without the hold."""
    provider_id = provider_acting(write.caller)
    now = turn_to_bill(write.session, provider_id, account_id, account_id, write.now)
    return max(now, rows.last_hold(write.session, account_id, account_id) + 1)


def _found(reader: Reader, account_id: int, source: str) -> HoldRow | None:
    every = rows.holds(reader, account_id, account_id, balances.NOW)
    return next((row for row in every if row.source == source), None)


def _item(reader: Reader, account_id: int, item_id: int) -> Document:
    """A document that can bear fees. Raises FieldRefused."""
    kinds = {kind for kind in BEARS.values() if kind is not None}
    for one in balances.documents(reader, account_id):
        entry = one.kind is DocumentKind.ENTRY
        bears = one.amount > 0 and not one.undoes
        if one.id == item_id and bears and (not entry or EntryKind(one.kind_no) in kinds):
            return one
    raise FieldRefused("item_id", f"{item_id} is no bill or debt of the account {account_id}.")


def _kept(write: Write, row: HoldRow, action: str, reason: str) -> HoldRow:
    rows.add_hold(write.session, row)
    told = {"source": row.source, "item_id": row.item_id, "amount": row.amount,
            "from_day": row.from_day, "until_day": row.until_day}  # fmt: skip
    subject = f"account {row.account_id}"
    tell(write, provider_acting(write.caller), action, subject, told, reason)
    return row


def check_texts(source: str, reason: str) -> None:
    """Raises FieldRefused unless a source and a reason are texts that are kept."""
    for name, text, most in (("source", source, SOURCE_MAX), ("reason", reason, REASON_MAX)):
        if not 1 <= len(text) <= most or not text.isprintable():
            raise FieldRefused(name, f"it has 1 to {most} printable characters.")


def _check_day(name: str, day: int) -> None:
    if not DAY_MIN <= day <= DAY_MAX:
        raise FieldRefused(name, "it is a day of the years 1800 to 2200.")
