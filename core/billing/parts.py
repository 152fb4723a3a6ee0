"""What bills consist of: parts that payments are divided over, by service.

A part of a bill is all that it charges for one service, penalties apart. The service of a line is

- the one of the tariff's services (its key `service`) that the line, or a group of it, is called;
- else that of the agreement for which the line was charged;
- else, of a charge that is about no agreement, the tariff's service, if it has just one.

What is left has no service. A line of the group `penalty` is a penalty. What a bill rounds and
carries belongs to the service of the agreement whose lines are rounded.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import numpy as np
import pyarrow as pa

from billcore.core.accounts.allocation import Strategy, StrategyKind
from billcore.core.accounts.checks import ints
from billcore.core.billing.charges import packing
from billcore.core.billing.charges.tariffs import KEPT, Tariffs
from billcore.core.billing.revenue import receivable_weights
from billcore.core.ids import account_of_bill
from billcore.core.ledger.allocation.documents import Documents, Kind, Parts
from billcore.core.ledger.allocation.kernel import fold
from billcore.core.ledger.folding import NO_NAME, BillParts
from billcore.core.metering.registers import agreement_key
from billcore.core.ordered import places
from billcore.core.rating.batch import Ints
from billcore.core.rating.columns import line_names
from billcore.core.store import agreements, bills
from billcore.core.store.port import Reader
from billcore.core.tariff.language.document import Line
from billcore.core.tariff.tariff import Tariff

PENALTY = "penalty"
"""The group of lines that are penalties."""

_PRO_RATA = Strategy("pro_rata", StrategyKind.PRO_RATA)


@dataclass(frozen=True, slots=True)
class Charges:
    """What bills charge, columns of one length in any order. bill: from 0; order: of the charge
    within its bill; service, penalty: see `Parts`; amount: minor units, of either sign."""

    bill: Ints
    order: Ints
    service: Ints
    penalty: Ints
    amount: Ints


def parts_of_charges(charges: Charges, count: int) -> Parts:
    """The parts of bills 0..count-1: each above 0; those of a bill sum to its charges.

    1. What a bill charges for one service is summed, penalties apart.
    2. A sum below 0 (a discount, a recalculation) is taken off the service's other sum.
    3. What is below 0 still is taken off all other parts of the bill in proportion to them, by
       largest remainders, of equal ones the earlier part.

    The parts of a bill stand in the order in which its services come first, a service's penalty
    behind the rest of it. A bill whose charges sum to 0 or less has no parts.
    """
    width = int(charges.service.max(initial=0)) + 1
    keys, which = np.unique(charges.bill * width + charges.service, return_inverse=True)
    bill, service = np.divmod(keys, width)
    sums = np.zeros((len(bill), 2), dtype=np.int64)
    np.add.at(sums, (which, charges.penalty), charges.amount)
    first = np.full(len(bill), np.iinfo(np.int64).max)
    np.minimum.at(first, which, charges.order)
    short = np.zeros(count, dtype=np.int64)
    np.add.at(short, bill, _netted(sums))
    order = np.lexsort((first, bill))
    amount = sums[order].ravel()
    some = np.flatnonzero(amount)
    bill, service = np.repeat(bill[order], 2)[some], np.repeat(service[order], 2)[some]
    parts = Parts(_begins(bill, count), amount[some], service, some % 2)
    return _taken_off(parts, bill, short) if short.any() else parts


def _netted(sums: Ints) -> Ints:
    """What each service falls short of 0. OUT: sums, of its principal and penalty, are not below
    0."""
    low = sums.min(axis=1) < 0
    whole = sums[low].sum(axis=1)
    larger = sums[low].argmax(axis=1)
    sums[low] = 0
    sums[low, larger] = np.maximum(whole, 0)
    short = np.zeros(len(sums), dtype=np.int64)
    short[low] = np.maximum(-whole, 0)
    return short


def _taken_off(parts: Parts, bill: Ints, short: Ints) -> Parts:
    """The parts with what bills fall short taken off them, pro rata: as if it were paid."""
    count, total = len(short), np.zeros(len(short), dtype=np.int64)
    np.add.at(total, bill, parts.amount)
    begin = np.empty(2 * count + 1, dtype=np.int64)  # of each bill an item and a credit
    begin[0::2], begin[1::2] = parts.begin, parts.begin[1:]
    kind = np.tile([Kind.DEBIT.value, Kind.CREDIT.value], count)
    left = fold(
        Documents(
            account=np.repeat(np.arange(count), 2),
            kind=kind,
            amount=np.stack([total, short]).T.ravel(),
            day=np.zeros_like(kind),
            strategy=(kind == Kind.CREDIT).astype(np.int64),
            parts=Parts(begin, parts.amount, parts.service, parts.penalty),
        ),
        (Strategy("", StrategyKind.OLDEST_FIRST), _PRO_RATA),
    ).part_open
    some = np.flatnonzero(left)
    assert parts.service is not None
    assert parts.penalty is not None
    return Parts(_begins(bill[some], count), left[some], parts.service[some], parts.penalty[some])


def _begins(bill: Ints, count: int) -> Ints:
    """Where the parts of each bill begin, by the sorted bills of parts."""
    found: Ints = np.searchsorted(bill, np.arange(count + 1)).astype(np.int64)
    return found


# -- from what bills keep


def bill_parts(reader: Reader, provider_id: int, account_id: Ints) -> BillParts:
    """The parts of all bills of these accounts that ask for money. Raises PackedInvalid."""
    if not len(account_id):
        return _EMPTY
    found = bills.lines_of(reader, provider_id, account_id)
    bill_id, total, lines = ints(found["bill_id"]), ints(found["total"]), found["lines"]
    assert isinstance(lines, pa.Array)
    if not len(bill_id):
        return _EMPTY
    asked = np.flatnonzero(np.isin(account_of_bill(bill_id), account_id))
    order = asked[np.argsort(bill_id[asked])]
    bill_id, total, lines = bill_id[order], total[order], lines.take(pa.array(order))
    services = _Services(reader, account_id)
    charges = _charges(Tariffs(reader), services, bill_id, lines)
    sums = np.zeros(len(bill_id), dtype=np.int64)
    np.add.at(sums, charges.bill, charges.amount)
    if (sums != total).any():
        raise packing.PackedInvalid
    parts = parts_of_charges(charges, len(bill_id))
    assert parts.service is not None
    assert parts.penalty is not None
    names = tuple(services.numbers)
    return BillParts(bill_id, parts.begin, parts.amount, parts.service, parts.penalty, names)


_NOTHING = np.zeros(0, dtype=np.int64)
_EMPTY = BillParts(
    _NOTHING, np.zeros(1, dtype=np.int64), _NOTHING, _NOTHING, _NOTHING, services=NO_NAME
)


class _Services:
    """The services of agreements of some accounts. numbers: of services, by name."""

    def __init__(self, reader: Reader, account_id: Ints) -> None:
        found = agreements.services_of(reader, account_id)
        key = agreement_key(ints(found["account_id"]), ints(found["agreement_no"]))
        words = found["service"]
        assert isinstance(words, pa.Array)
        self.numbers = {name: number for number, name in enumerate(NO_NAME)}
        coded = words.dictionary_encode()
        known = [self.number(name) for name in coded.dictionary.to_pylist()]
        order = np.argsort(key)
        self._key = key[order]
        self._service = np.array(known, dtype=np.int64)[coded.indices.to_numpy()][order]

    def number(self, name: str) -> int:
        """The number of a service, a new one where it has none."""
        return self.numbers.setdefault(name, len(self.numbers))

    def of(self, account_id: Ints, agreement_no: Ints) -> Ints:
        """The services of agreements; 0: there is no such agreement."""
        if not len(self._key):
            return np.zeros(len(account_id), dtype=np.int64)
        at, there = places(self._key, agreement_key(account_id, agreement_no))
        return np.where(there, self._service[at], 0)


class _Class(NamedTuple):
    """Lines of a tariff that go together. service: as the tariff has it, None: the agreement's.

    at: the place of the first; weights: by which each amount of the tariff's lines counts.
    """

    service: str | None
    penalty: bool
    at: int
    weights: Ints


LINES_MAX = 1 << 20
"""More lines than a tariff has."""


def _charges(
    tariffs: Tariffs, services: _Services, bill_id: Ints, lines: pa.BinaryArray
) -> Charges:
    parts = [
        part
        for packed in packing.lines_parts(lines)
        for part in _part_charges(tariffs, services, bill_id, packed)
    ]
    return Charges(*(np.concatenate(columns) for columns in zip(*parts, strict=True)))


def _part_charges(
    tariffs: Tariffs, services: _Services, bill_id: Ints, packed: packing.Part
) -> Iterator[tuple[Ints, ...]]:
    """The columns of Charges of some agreements that one tariff version charged."""
    tariff, amounts = tariffs.one(*packed.tariff), packing.amounts_of(packed)
    number = packed.field(0)
    own = services.of(account_of_bill(bill_id[packed.bill]), number)
    if len(tariff.document.services) == 1 and not number.all():
        own = np.where(number, own, services.number(tariff.document.services[0]))
    for one in _classes(tariff):
        service = own
        if one.service is not None:
            service = np.full(len(number), services.number(one.service))
        penalty = np.full(len(number), int(one.penalty))
        order = number * LINES_MAX + one.at
        yield packed.bill, order, service, penalty, amounts @ one.weights


@lru_cache(KEPT)
def _classes(tariff: Tariff) -> tuple[_Class, ...]:
    """The lines of a tariff by service and penalty; what is rounded and carried with the lines of
    the agreement's service."""
    names, weights = line_names(tariff), receivable_weights(tariff)
    places_of = {name: at for at, name in enumerate(names)}
    members: dict[tuple[str | None, bool], list[int]] = {}
    rest = set(range(len(names)))
    for line in tariff.document.lines:
        at = places_of[line.id]
        rest.discard(at)
        if line.counts:
            key = _service(tariff, line), PENALTY in line.groups
            members.setdefault(key, []).append(at)
    members.setdefault((None, False), []).extend(sorted(rest))
    return tuple(_class(*key, ats, weights) for key, ats in members.items())


def _service(tariff: Tariff, line: Line) -> str | None:
    called = {line.id, *line.groups}
    return next((name for name in tariff.document.services if name in called), None)


def _class(service: str | None, penalty: bool, members: list[int], weights: Ints) -> _Class:
    own = np.zeros_like(weights)
    own[members] = weights[members]
    return _Class(service, penalty, min(members), own)
