"""Late fees of one account, as people ask: what each was charged for and why, what is to come."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from billcore.core.accounts.late_fees import LateFeeRule
from billcore.core.accounts.late_fees_read import rule_of
from billcore.core.collections.late_fees.charged import changes, charged_before
from billcore.core.collections.late_fees.choosing import NONE
from billcore.core.collections.late_fees.compute import (
    Computed,
    Span,
    compute,
    compute_by_policy,
)
from billcore.core.collections.late_fees.debts import Items
from billcore.core.collections.late_fees.fees import Explained
from billcore.core.ledger.balances import NOW
from billcore.core.rating.batch import Ints
from billcore.core.store import late_fees as rows
from billcore.core.store.late_fees import Assessment, Chunk, FeeRow
from billcore.core.store.port import Reader
from billcore.core.store.providers import Provider

EVERY = 2**31 - 1
"""More assessments than there are."""


@dataclass(frozen=True, slots=True)
class ItemFee:
    """A late item of an account with its fee up to a day, in minor units.

    rule: its name, or "": none fits. change: what an assessment would charge now, or credit.
    """

    item_id: int
    due_day: int
    amount: int
    open: int
    rule: str
    fee: int
    change: int
    explained: Explained


@dataclass(frozen=True, slots=True)
class Charge:
    """What an assessment charged or credited, and why: the fee of the item up to the day.

    rule: None where the item was not late any more, or no rule fitted it. explained: as computed
    anew from what was known then; its amount is row.fee.
    """

    row: FeeRow
    assessment: Assessment
    recorded_at: int
    due_day: int
    rule: LateFeeRule | None
    explained: Explained | None


def preview(reader: Reader, provider: Provider, account_id: int, until_day: int) -> list[ItemFee]:
    """The late items of an account and what an assessment up to a day would do, by due day.

    Raises ReferenceRateMissing, LateFeeRuleUnfit.
    """
    found = compute_by_policy(reader, provider, Span(account_id, account_id, until_day, NOW))
    change: dict[int, int] = {}
    differing = changes(found, charged_before(reader, account_id, account_id))
    columns = differing.item_id.tolist(), differing.amount.tolist()
    for item, amount in zip(*columns, strict=True):
        change[item] = change.get(item, 0) + amount
    items = found.debts.items
    told = [
        ItemFee(
            item_id=int(items.item_id[at]),
            due_day=int(items.due_day[at]),
            amount=int(items.amount[at]),
            open=int(items.open[at]),
            rule="" if found.rule[at] == NONE else found.rules[int(found.rule[at])].name,
            fee=int(found.fee[at]),
            change=change.pop(int(items.item_id[at]), 0),
            explained=found.explained(at),
        )
        for at in range(len(items))
    ]
    nothing = Explained.nothing()
    gone = [ItemFee(item, 0, 0, 0, "", 0, amount, nothing) for item, amount in change.items()]
    return told + gone


def charges(
    reader: Reader,
    provider: Provider,
    account_id: int,
    item_id: int = 0,
    after: int = 0,
    most: int = EVERY,
) -> tuple[list[Charge], int]:
    """What assessments charged an account, in their order, each with its explanation; and the
    number of the last assessment told, 0: there are no later ones.

    item_id: of one item, 0: of all; after: of later assessments, `most` of them.
    """
    known = {no: rule_of(text) for no, text in rows.rules(reader, provider.provider_id).items()}
    every = [row for row in rows.fees(reader, account_id)
             if row.assessment_id > after and item_id in (0, row.item_id)]  # fmt: skip
    numbers = list(dict.fromkeys(row.assessment_id for row in every))
    found: list[Charge] = []
    for number in numbers[:most]:
        own = [row for row in every if row.assessment_id == number]
        found += _charges(reader, provider, account_id, own, known)
    return found, numbers[most - 1] if len(numbers) > most else 0


def _charges(
    reader: Reader,
    provider: Provider,
    account_id: int,
    own: Sequence[FeeRow],
    rules: Mapping[int, LateFeeRule],
) -> Iterator[Charge]:
    """The rows of one assessment."""
    number = own[0].assessment_id
    assessment = rows.assessment(reader, provider.provider_id, number)
    chunk = rows.chunk_of(reader, provider.provider_id, number, account_id)
    assert assessment is not None
    assert chunk is not None
    then = as_known(reader, provider, assessment, chunk, own, rules, (account_id, account_id))
    place = {item: at for at, item in enumerate(then.debts.items.item_id.tolist())}
    for row in own:
        at = place.get(row.item_id)
        late = at is not None and row.rule_id
        yield Charge(
            row=row,
            assessment=assessment,
            recorded_at=chunk.recorded_at,
            due_day=0 if at is None else int(then.debts.items.due_day[at]),
            rule=rules.get(row.rule_id),
            explained=then.explained(at) if late and at is not None else None,
        )


def as_known(
    reader: Reader,
    provider: Provider,
    assessment: Assessment,
    chunk: Chunk,
    charged: Sequence[FeeRow],
    rules: Mapping[int, LateFeeRule],
    accounts: tuple[int, int],
) -> Computed:
    """What an assessment computed for the items that it charged, from what was known then.

    charged: its rows of these accounts; the rules are those that the rows keep.
    """
    used = {row.rule_id: None for row in charged if row.rule_id}
    number = {rule_id: at for at, rule_id in enumerate(used)}
    of = {(row.account_id, row.item_id): number.get(row.rule_id, NONE) for row in charged}

    def chooser(items: Items) -> Ints:
        keys = zip(items.account_id.tolist(), items.item_id.tolist(), strict=True)
        return np.array([of.get(key, NONE) for key in keys], dtype=np.int64)

    span = Span(*accounts, assessment.until_day, chunk.known_at)
    return compute(reader, provider, span, [rules[one] for one in used], chooser)
