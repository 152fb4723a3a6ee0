"""The invariant of deposits: the ledger owes what they say, and interest comes out again."""

from collections.abc import Iterator

from billcore.core.accounts.late_fees_read import rule_of
from billcore.core.calendar import Calendar
from billcore.core.collections.deposits.holding import OUTS, MoveKind, amount_of, deposit_of
from billcore.core.collections.late_fees.reference import series_of
from billcore.core.findings import Broken, broken
from billcore.core.ids import id_range
from billcore.core.ledger.balances import NOW
from billcore.core.store import deposits as rows
from billcore.core.store import ledger, providers
from billcore.core.store.port import OPEN_DAY, Reader

AGAIN = 500
"""The interest of so many moves is computed anew."""


def deposits_agree(reader: Reader, provider_id: int) -> Iterator[Broken]:
    """The ledger account `deposit` holds what was asked for and neither cancelled, set off nor
    refunded, `deposit_interest` what was credited; entries are as deposits say; the last interest
    comes to the same again from what was known then; nothing went out of a cancelled deposit."""
    span = id_range(provider_id)
    balance = {
        str(code): int(amount)
        for code, _, amount in ledger.trial_balance(reader, provider_id, OPEN_DAY, NOW)
    }
    every, moves = rows.deposits(reader, *span), rows.moves(reader, *span)
    owed = sum(one.amount for one in every)
    owed -= sum(one.amount for one in moves if one.kind != MoveKind.INTEREST)
    credited = sum(one.amount for one in moves if one.kind == MoveKind.INTEREST)
    for code, wanted in (("deposit", -owed), ("deposit_interest", credited)):
        if balance.get(code, 0) != wanted:
            told = f"The ledger account holds {balance.get(code, 0)}; deposits come to {wanted}."
            yield broken(told, ledger_account=code)
    for row in every:
        found = ledger.account_entry(reader, row.account_id, row.account_entry_id)
        if found is None or found.amount != row.amount:
            yield broken(
                "The deposit is not an account entry of its amount.",
                account_id=row.account_id,
                deposit_no=row.deposit_no,
            )
    outs = {(m.account_id, m.deposit_no) for m in moves if m.kind in OUTS}
    for move in moves:
        if move.kind == MoveKind.CANCELLED and (move.account_id, move.deposit_no) in outs:
            yield broken(
                "The deposit was cancelled, though money of it went out.",
                account_id=move.account_id,
                deposit_no=move.deposit_no,
            )
    yield from _again(reader, provider_id)


def _again(reader: Reader, provider_id: int) -> Iterator[Broken]:
    provider = providers.provider(reader, provider_id)
    assert provider is not None
    moves = [m for m in rows.moves(reader, *id_range(provider_id)) if m.kind == MoveKind.INTEREST]
    for move in sorted(moves, key=lambda one: -one.recorded_at)[:AGAIN]:
        of = deposit_of(reader, move.account_id, move.deposit_no, move.known_at)
        series = series_of(reader, provider_id, move.known_at)
        calendar = Calendar(provider.calendar)
        interest = amount_of(of, rule_of(move.rule), series, calendar, move.day)
        if interest != move.interest:
            yield broken(
                f"The deposit bore {move.interest}; what was known then comes to {interest}.",
                account_id=move.account_id,
                deposit_no=move.deposit_no,
                move_no=move.move_no,
            )
