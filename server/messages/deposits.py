"""Deposits as messages, and back."""

from typing import Any

from billcore.core.accounts.errors import FieldRefused
from billcore.core.collections.deposits.holding import Deposit, MoveKind
from billcore.core.store.deposits import MoveRow
from billcore.core.store.providers import Provider
from billcore.server.asked import currency
from billcore.server.messages import account as fields
from billcore.v1 import deposits_pb2 as pb

BY_HAND = (MoveKind.SET_OFF, MoveKind.REFUNDED, MoveKind.CANCELLED)


def kind(request: pb.MoveDepositRequest) -> MoveKind:
    """What is to become of a deposit. Raises FieldRefused."""
    if request.kind not in [one.value for one in BY_HAND]:
        allowed = [f"DEPOSIT_MOVE_KIND_{one.name}" for one in BY_HAND]
        raise FieldRefused("kind", f"{request.kind} is no move of a deposit.", allowed)
    found = MoveKind(request.kind)
    if found is MoveKind.CANCELLED and request.amount:
        raise FieldRefused("amount", "a deposit is cancelled whole.")
    return found


def deposit(found: Deposit, provider: Provider) -> pb.Deposit:
    return pb.Deposit(
        account_id=found.row.account_id,
        deposit_no=found.row.deposit_no,
        amount=found.row.amount,
        due_day=fields.iso(found.row.due_day),
        account_entry_id=found.row.account_entry_id,
        paid=found.held + found.out,
        held=found.held,
        interest=found.interest,
        moves=[_move(one) for one in found.moves],
        **currency(provider),
    )


def _move(found: MoveRow) -> pb.DepositMove:
    told: Any = found.kind
    return pb.DepositMove(
        kind=told,
        day=fields.iso(found.day),
        amount=found.amount,
        reason=found.reason,
        recorded_at=found.recorded_at,
    )
