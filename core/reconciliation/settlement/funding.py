"""Which credit of a bank pays which settlement: by precedence, the same in any order. Pure.

0. The payment, where it was collected: the line names it (EndToEndId); so do returns.
1. The batch: the credit names it (PmtInfId, EndToEndId). Several credits may pay one batch.
2. The amount, beside the words that the terms know: the earliest settlement, the earliest credit,
   from the settlement's last day on. Without words in the terms only until it is late.
3. The words alone, where in the days from a settlement's last one until it is late one settlement
   and one credit are left: the amounts differ.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from billcore.core.reconciliation.settlement.units import Unit


@dataclass(frozen=True, slots=True)
class Credit:
    """What a bank credited. amount: as booked, minor units; charged: what the bank kept of it;
    words: all that it tells, for people."""

    credit_id: int
    day: int
    amount: int
    charged: int
    batch: str
    end_to_end: str
    words: str

    @property
    def amounts(self) -> tuple[int, ...]:
        """As booked, and as it was paid."""
        return (self.amount, self.amount + self.charged) if self.charged else (self.amount,)


def fund(
    units: Iterable[Unit], credits: Iterable[Credit], named: Mapping[str, int] | None = None
) -> dict[int, int]:
    """The settlement that each credit pays, by their ids; others pay none.

    named: the settlements of end-to-end ids.
    """
    wanted = sorted((one for one in units if one.credited > 0), key=lambda one: one.order)
    left = sorted(credits, key=lambda one: (one.day, one.credit_id))
    told = ((one.credit_id, (named or {}).get(one.end_to_end)) for one in left)
    paid = {credit_id: settlement_id for credit_id, settlement_id in told if settlement_id}
    left = [one for one in left if one.amount > 0]
    paid |= _by_batch(*_rest(wanted, left, paid))
    paid |= _by_amount(*_rest(wanted, left, paid))
    return paid | _by_words(*_rest(wanted, left, paid))


def _rest(
    units: Sequence[Unit], credits: Sequence[Credit], paid: dict[int, int]
) -> tuple[list[Unit], list[Credit]]:
    funded = {paid[one.credit_id] for one in credits if one.credit_id in paid}
    return (
        [one for one in units if one.settlement_id not in funded],
        [one for one in credits if one.credit_id not in paid],
    )


def _by_batch(units: Sequence[Unit], credits: Sequence[Credit]) -> dict[int, int]:
    named: dict[str, int] = {}
    for unit in units:
        if unit.batch:
            named.setdefault(unit.batch, unit.settlement_id)
    found = {}
    for credit in credits:
        settlement_id = named.get(credit.batch) or named.get(credit.end_to_end)
        if settlement_id:
            found[credit.credit_id] = settlement_id
    return found


def _by_amount(units: Sequence[Unit], credits: Sequence[Credit]) -> dict[int, int]:
    of_amount: dict[int, list[Credit]] = defaultdict(list)
    for credit in credits:
        for amount in credit.amounts:
            of_amount[amount].append(credit)
    found: dict[int, int] = {}
    for unit in units:
        for credit in of_amount.get(unit.credited, ()):
            late = not unit.bank_text and credit.day > unit.until_day
            if credit.credit_id in found or credit.day < unit.last_day or late:
                continue
            if _told(unit, credit):
                found[credit.credit_id] = unit.settlement_id
                break
    return found


def _by_words(units: Sequence[Unit], credits: Sequence[Credit]) -> dict[int, int]:
    credits_of: dict[int, list[int]] = defaultdict(list)
    units_of: dict[int, list[int]] = defaultdict(list)
    for unit in units:
        if not unit.bank_text:
            continue
        for credit in credits:
            if unit.last_day <= credit.day <= unit.until_day and _told(unit, credit):
                credits_of[unit.settlement_id].append(credit.credit_id)
                units_of[credit.credit_id].append(unit.settlement_id)
    return {
        own[0]: settlement_id
        for settlement_id, own in credits_of.items()
        if len(own) == 1 and len(units_of[own[0]]) == 1
    }


def _told(unit: Unit, credit: Credit) -> bool:
    return unit.bank_text.casefold() in credit.words.casefold()
