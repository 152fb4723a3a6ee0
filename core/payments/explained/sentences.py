"""Why a payment's money went where it went, a sentence a step, as a clerk reads it out.

What is said is read off the steps of the fold (`ledger.allocation.explain`): nothing is decided
here.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from billcore.core.accounts.allocation import Strategy, StrategyKind
from billcore.core.accounts.days import iso
from billcore.core.errors import quoted
from billcore.core.ledger.allocation.documents import Direction
from billcore.core.ledger.allocation.explain import Cause, Explained, Step
from billcore.core.ledger.balances import Document, DocumentKind
from billcore.core.ledger.folding import BILL, DOCUMENT, PERIOD, SERVICE
from billcore.core.money import scaled_text
from billcore.core.payments.codes import Code

ORDERS = {
    StrategyKind.OLDEST_FIRST: "what is due the earliest is paid first",
    StrategyKind.CURRENT_FIRST: "what is due the latest is paid first",
    StrategyKind.PRO_RATA: "what is open is paid in proportion",
    StrategyKind.PRIORITY_TABLE: "services are paid in the order of a table, then by age",
    StrategyKind.STATUTORY_RU: "principal is paid before penalty, the period that is named first, "
    "then from the oldest that is not barred",
}
"""What a strategy does; EXACT_DOCUMENT hands on to another one."""

TURNS = {
    StrategyKind.OLDEST_FIRST: "of what was open it was due the earliest",
    StrategyKind.CURRENT_FIRST: "of what was open it was due the latest",
    StrategyKind.PRO_RATA: "it has its share of what was open",
    StrategyKind.PRIORITY_TABLE: "its service was next in the table, and by age",
    StrategyKind.STATUTORY_RU: "its period was the oldest that was open and not barred",
}
"""Why it was the turn of an item that nothing directed the payment to."""


@dataclass(frozen=True, slots=True)
class Money:
    """How amounts are said."""

    currency: str
    digits: int

    def said(self, amount: int) -> str:
        """Minor units with their currency: 120.50 USD."""
        return f"{scaled_text(amount, self.digits)} {self.currency}"


@dataclass(frozen=True, slots=True)
class Told:
    """A step with its documents: what was paid, what was recorded then, what took it back."""

    step: Step
    document: Document
    at: Document
    undone_by: Document | None


def posted(money: Money, number: str, amount: int, moved: int = 0) -> str:
    """Where the money of a posted payment went; moved: so much of it to another account."""
    credited = f"{money.said(amount)} was credited to account {quoted(number)}."
    if not moved:
        return credited
    return f"{credited} {money.said(moved)} of it was moved to the account that was meant."


def suspended(money: Money, target: str, code: int, amount: int, left: int, returned: int) -> str:
    """Where the money of a payment went that was no account's."""
    why = Code(code).name.lower().replace("_", " ")
    moved = amount - left - returned
    parts = [
        f"{money.said(part)} {what}"
        for part, what in (
            (moved, "was moved to accounts"),
            (returned, "was given back"),
            (left, "is there still"),
        )
        if part
    ]
    return (
        f"{money.said(amount)} went to suspense, because of the target {quoted(target)}: {why}; "
        f"of it {', '.join(parts)}."
    )


def rule(explained: Explained, direction: str, strategies: Sequence[Strategy]) -> str:
    """By which rule a payment pays: what its payer said, then the strategy."""
    by = explained.strategy
    said = _said(direction, by)
    if by.kind is StrategyKind.EXACT_DOCUMENT:
        rest = _rest(by, strategies)
        order = f"the document that it came by is paid first, then by {rest.name}: "
        return f"{said}Strategy {by.name}: {order}{ORDERS[rest.kind]}."
    return f"{said}Strategy {by.name}: {ORDERS[by.kind]}."


def _said(direction: str, by: Strategy) -> str:
    if direction.startswith(BILL):
        return f"The payer wants bill {direction.removeprefix(BILL)} paid first. "
    if direction.startswith(DOCUMENT):
        named = f"It came by an id of bill {direction.removeprefix(DOCUMENT)}"
        asks = by.kind in (StrategyKind.EXACT_DOCUMENT, StrategyKind.STATUTORY_RU)
        return f"{named}. " if asks else f"{named}, for which the strategy does not ask. "
    if direction.startswith(SERVICE):
        service = quoted(direction.removeprefix(SERVICE))
        return f"The payer wants the service {service} paid first. "
    if direction.startswith(PERIOD):
        return f"The payer wants the month {direction.removeprefix(PERIOD)} paid first. "
    return ""


def step(money: Money, told: Told, by: Strategy, strategies: Sequence[Strategy]) -> str:
    """What a step paid, when and why, and what took it back."""
    one = told.step
    paid = f"{money.said(one.amount)} of the {money.said(one.open_before)} open{_part(told)}"
    sentence = (
        f"{_when(told)} {paid} of {_named(told.document)}: {_why(money, one, by, strategies)}."
    )
    if told.undone_by is None:
        return sentence
    return f"{sentence} It was taken back on {iso(told.undone_by.day)} by {_named(told.undone_by)}."


def left(money: Money, explained: Explained, number: str) -> str:
    """What of a payment is free."""
    if explained.undone:
        return "Nothing: the payment is undone, and what it had paid is open again."
    if not explained.free:
        return "Nothing is left of it."
    return (
        f"{money.said(explained.free)} is credit of account {quoted(number)}, for what comes next."
    )


def _part(told: Told) -> str:
    """What of a bill was paid: " for water", " as a penalty for water"."""
    one = told.step
    penalty = " as a penalty" if one.penalty and told.document.kind is DocumentKind.BILL else ""
    return penalty + (f" for {one.service_name}" if one.service_name else "")


def _when(told: Told) -> str:
    match told.step.cause:
        case Cause.AT_ONCE:
            return "When it came, it paid"
        case Cause.NEW_ITEM:
            return f"When {_named(told.at)} came, what was free of it paid"
        case Cause.UNDONE:
            return f"When {_named(told.at)} undid a document, what was free of it paid"


def _why(money: Money, one: Step, by: Strategy, strategies: Sequence[Strategy]) -> str:
    kind = (_rest(by, strategies) if by.kind is StrategyKind.EXACT_DOCUMENT else by).kind
    match one.reason:
        case Direction.DOCUMENT:
            why = "the payer wanted it paid first"
        case Direction.SERVICE:
            why = "the payer wanted its service paid first"
        case Direction.PERIOD:
            why = "the payer wanted its period paid first"
        case Direction.REFERENCE if by.kind is StrategyKind.STATUTORY_RU:
            why = "the payment came by an id of its period"
        case Direction.REFERENCE:
            why = "the payment came by its id"
        case Direction.NOWHERE if one.cause is Cause.NEW_ITEM:
            why = "free credit pays what comes next, the earliest credit first"
        case Direction.NOWHERE:
            why = TURNS[kind]
    if not one.divided_over:
        return why
    return f"{why}, {money.said(one.open_before)} of {money.said(one.divided_over)}"


def _rest(by: Strategy, strategies: Sequence[Strategy]) -> Strategy:
    return next(one for one in strategies if one.name == by.rest)


def _named(document: Document) -> str:
    """A document as people find it in a statement."""
    if document.kind is DocumentKind.BILL:
        return f"bill {document.id} ({document.what}, due {iso(document.due_day)})"
    of = f" {quoted(document.reference)}" if document.reference else ""
    return f"the {document.what.replace('_', ' ')}{of} of {iso(document.day)}"
