"""What became of a payment's money: which documents it paid in which order, what is left, and why.

Nothing of it is stored: it is computed from the register of payments and the documents of the
accounts, by the fold that allocates (`billing.items`), so that it cannot differ from what is open.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from billcore.core.accounts import things
from billcore.core.accounts.accounts import ACCOUNTS
from billcore.core.accounts.allocation import Strategy
from billcore.core.billing.items import account_items
from billcore.core.ledger.allocation.explain import Explained, Step
from billcore.core.ledger.balances import Document
from billcore.core.ledger.items import Applied
from billcore.core.money import minor_digits
from billcore.core.payments.codes import State
from billcore.core.payments.explained import sentences
from billcore.core.payments.explained.sentences import Money
from billcore.core.payments.moving import moves_standing
from billcore.core.payments.refusals import PaymentUnknown
from billcore.core.payments.status import Status, status
from billcore.core.payments.suspense import standing_moves
from billcore.core.store import payment_moves
from billcore.core.store import payments as rows
from billcore.core.store import providers as provider_rows
from billcore.core.store.payments import MoveRow, OrderRow, PartRow
from billcore.core.store.port import Reader


@dataclass(frozen=True, slots=True)
class AppliedStep:
    """A credit pays a part of a document. at: the document whose recording made it; undone_by: the
    one that took the step back, or None; sentence: what and why."""

    step: Step
    document: Document
    at: Document
    undone_by: Document | None
    sentence: str


@dataclass(frozen=True, slots=True)
class AppliedPayment:
    """Money of a payment at one account: the entry that credits it, and how that pays.

    sentence: by which rule it pays; credit: minor units that are free now, as its sentence says.
    """

    account_id: int
    number: str
    entry: Document
    explained: Explained
    steps: tuple[AppliedStep, ...]
    sentence: str
    credit_sentence: str

    @property
    def amount(self) -> int:
        """What the account was credited, in minor units."""
        return self.explained.amount

    @property
    def credit(self) -> int:
        """What of it is free, in minor units; 0 where it is undone."""
        return self.explained.free


@dataclass(frozen=True, slots=True)
class ExplainedPart:
    """A payment, alone or one of an act. part: None: the order itself.

    sentence: where its money went when it came; applied: to each account that got of it, in order;
    suspended: what is still in suspense; returned: what was given back from there. Minor units.
    """

    part: PartRow | None
    sentence: str
    applied: tuple[AppliedPayment, ...]
    suspended: int
    returned: int


@dataclass(frozen=True, slots=True)
class ExplainedPayment:
    """Where a payment is, and of each payment of its order what its money did."""

    status: Status
    order: OrderRow
    parts: tuple[ExplainedPart, ...]
    currency: str


def explain_payment(
    reader: Reader, provider_id: int, channel_no: int, reference: str, now: int
) -> ExplainedPayment:
    """What became of a payment's money, as of all that is recorded.

    now: microseconds since 1970 in UTC. Raises PaymentUnknown, also of what is only reserved.
    """
    found = status(reader, provider_id, channel_no, reference, now)
    order = found.order
    if order is None:
        raise PaymentUnknown(reference)
    books = _Books(reader)
    if found.parts:
        parts = [books.part(_Said.of_part(one), one) for one in found.parts]
    else:
        parts = [books.part(_Said.of_order(order), None)]
    owner = found.parts[0].part_provider_id if found.parts else provider_id
    return ExplainedPayment(found, order, tuple(parts), books.money(owner).currency)


@dataclass(frozen=True, slots=True)
class _Said:
    """What orders and parts have in common."""

    provider_id: int
    payment_id: int
    account_id: int
    amount: int
    state: int
    code: int
    target: str

    @classmethod
    def of_order(cls, order: OrderRow) -> "_Said":
        return cls(
            order.provider_id, order.payment_id, order.account_id, order.amount, order.state,
            order.code, order.target,
        )  # fmt: skip

    @classmethod
    def of_part(cls, part: PartRow) -> "_Said":
        return cls(
            part.part_provider_id, part.payment_id, part.account_id, part.amount, part.state,
            part.code, part.target,
        )  # fmt: skip


class _Books:
    """The books of a payment's providers, in whose money each is told."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._known: dict[int, Money] = {}

    def money(self, provider_id: int) -> Money:
        """A provider's, looked up once."""
        if provider_id not in self._known:
            found = provider_rows.provider(self._reader, provider_id)
            assert found is not None  # a payment was posted there
            self._known[provider_id] = Money(found.currency, minor_digits(found.currency))
        return self._known[provider_id]

    def part(self, said: _Said, part: PartRow | None) -> ExplainedPart:
        """What the money of a payment did."""
        money = self.money(said.provider_id)
        if said.state == State.POSTED:
            one = self._applied(said.provider_id, said.account_id, said.payment_id)
            moved = payment_moves.moves(self._reader, said.provider_id, said.payment_id)
            away = sum(move.amount for move in moves_standing(moved))
            sentence = sentences.posted(money, one.number, said.amount, away)
            return ExplainedPart(part, sentence, (one,), 0, 0)
        moves = standing_moves(rows.moves(self._reader, said.provider_id, said.payment_id))
        left = said.amount - sum(move.amount for move in moves)
        returned = sum(move.amount for move in moves if not move.account_id)
        sentence = sentences.suspended(money, said.target, said.code, said.amount, left, returned)
        return ExplainedPart(part, sentence, tuple(self._moved(said, moves)), left, returned)

    def _moved(self, said: _Said, moves: Sequence[MoveRow]) -> Iterator[AppliedPayment]:
        for move in moves:
            if move.account_id:
                yield self._applied(said.provider_id, move.account_id, move.account_entry_id)

    def _applied(self, provider_id: int, account_id: int, entry_id: int) -> AppliedPayment:
        money, items = self.money(provider_id), account_items(self._reader, account_id)
        found, by = items.applied(entry_id), items.strategies
        explained = found.explained
        steps = [_step(one, found, money, by) for one in explained.steps]
        account = things.get(self._reader, provider_id, ACCOUNTS, account_id)
        return AppliedPayment(
            account_id=account_id,
            number=account.number,
            entry=found.entry,
            explained=explained,
            steps=tuple(steps),
            sentence=sentences.rule(explained, found.direction, by),
            credit_sentence=sentences.left(money, explained, account.number),
        )


def _step(step: Step, found: Applied, money: Money, by: Sequence[Strategy]) -> AppliedStep:
    every = found.documents
    undone_by = None if step.undone_at is None else every[step.undone_at]
    document, made = every[step.item], every[step.at]
    told = sentences.Told(step, document, made, undone_by)
    sentence = sentences.step(money, told, found.explained.strategy, by)
    return AppliedStep(step, document, made, undone_by, sentence)
