"""What two runs come to: totals by tariff, class and area, and the accounts that differ most."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from billcore.core.accounts.attributes import Attribute, attributes_of, unknown, value_text
from billcore.core.accounts.checks import ints
from billcore.core.billing.places import last_before
from billcore.core.billing.runs.compare.sides import Bills, Side, ranges, side
from billcore.core.billing.runs.compare.sums import Alone, Groups, Largest, Moves, Pair
from billcore.core.errors import RequestInvalid
from billcore.core.metering.registers import agreement_key
from billcore.core.ordered import places
from billcore.core.rating.batch import Ints
from billcore.core.store import accounts, agreements
from billcore.core.store.port import Reader
from billcore.core.store.providers import Provider

MOVERS = 10
MOVERS_MAX = 1_000
AREA_LENGTH_MAX = 100


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is told. attribute: whose values are the classes, "": none; area_length: so many
    characters of the geographic code are an area, 0: none; movers: so many accounts of a kind."""

    attribute: str = ""
    area_length: int = 0
    movers: int = MOVERS


@dataclass(frozen=True, slots=True, eq=False)
class Comparison:
    """One run and another. classes: "" is where the agreement has no value then.

    rises, falls: the largest first. numbers: of the accounts that are told.
    """

    one: Side
    other: Side
    whole: Pair
    tariffs: Groups
    classes: Groups
    areas: Groups
    rises: Largest
    falls: Largest
    only_one: Alone
    only_other: Alone
    numbers: Mapping[int, str]


def compare(
    reader: Reader, provider: Provider, run_id: int, other_id: int, wanted: Wanted
) -> Comparison:
    """Compares two runs of a provider. Raises RunUnknown, RunStateUnfit, AttributeUnknown,
    RequestInvalid."""
    _check(wanted)
    one, other = side(reader, provider, run_id), side(reader, provider, other_id)
    reading = _Reading(reader, provider.provider_id, wanted, (one, other))
    for first, last in ranges(one, other):
        reading.add(first, last)
    return reading.told()


def _check(wanted: Wanted) -> None:
    for name, value, most in (
        ("area_length", wanted.area_length, AREA_LENGTH_MAX),
        ("movers", wanted.movers, MOVERS_MAX),
    ):
        if not 0 <= value <= most:
            raise RequestInvalid(name, f"{value} is outside 0..{most}.")


class _Reading:
    """The sums so far."""

    def __init__(
        self, reader: Reader, provider_id: int, wanted: Wanted, sides: tuple[Side, Side]
    ) -> None:
        self._reader, self._wanted, self._sides = reader, wanted, sides
        self._attribute = _attribute(reader, provider_id, wanted.attribute)
        self._names: dict[int, str] = {}
        self._whole = Pair()
        self._tariffs, self._classes = Groups("tariff"), Groups("attribute")
        self._areas = Groups("area_length")
        self._rises, self._falls = Largest(wanted.movers, 1), Largest(wanted.movers, -1)
        self._alone = Alone(wanted.movers), Alone(wanted.movers)

    def add(self, first: int, last: int) -> None:
        """Reads a range of accounts."""
        one, other = (side.bills(first, last) for side in self._sides)
        if not len(one) and not len(other):
            return
        sums = self._whole.one, self._whole.other
        for number, bills in enumerate((one, other)):
            sums[number].add(len(bills), int(bills.total.sum()))
            self._add_groups(bills, first, last, number)
        self._add_accounts(one, other)

    def _add_groups(self, bills: Bills, first: int, last: int, number: int) -> None:
        is_other = bool(number)
        tariff_no, group = np.unique(bills.tariff_no, return_inverse=True)
        names = [self._tariff(number, one) for one in tariff_no.tolist()]
        self._tariffs.add(names, group, bills.bill, bills.amount, is_other)
        if self._attribute is not None:
            names, group = _classes(self._reader, self._attribute, bills, first, last)
            self._classes.add(names, group, bills.bill, bills.amount, is_other)
        if self._wanted.area_length:
            names, group = _areas(self._reader, bills, first, last, self._wanted.area_length)
            every = np.arange(len(bills))
            self._areas.add(names, group, every, bills.total, is_other)

    def _tariff(self, number: int, tariff_no: int) -> str:
        """The id of a tariff."""
        if tariff_no not in self._names:
            self._names[tariff_no] = self._sides[number].tariffs.newest(tariff_no)[1].id
        return self._names[tariff_no]

    def _add_accounts(self, one: Bills, other: Bills) -> None:
        both, at, other_at = np.intersect1d(
            one.account_id, other.account_id, assume_unique=True, return_indices=True
        )
        moves = Moves(both, one.total[at], other.total[other_at])
        self._rises.add(moves)
        self._falls.add(moves)
        for bills, alone, found in ((one, self._alone[0], at), (other, self._alone[1], other_at)):
            rest = np.ones(len(bills), dtype=np.bool_)
            rest[found] = False
            alone.add(bills.account_id[rest], bills.total[rest])

    def told(self) -> Comparison:
        """What was found."""
        shown = np.concatenate(
            [
                *(largest.moves.account_id for largest in (self._rises, self._falls)),
                *(alone.account_id for alone in self._alone),
            ]
        )
        numbers = accounts.numbers_of(self._reader, shown)
        texts = numbers["number"]
        assert isinstance(texts, pa.Array)
        return Comparison(
            *self._sides,
            self._whole,
            self._tariffs,
            self._classes,
            self._areas,
            self._rises,
            self._falls,
            *self._alone,
            dict(zip(ints(numbers["account_id"]).tolist(), texts.to_pylist(), strict=True)),
        )


# -- groups


def _attribute(reader: Reader, provider_id: int, name: str) -> Attribute | None:
    if not name:
        return None
    known = attributes_of(reader, provider_id)
    if name not in known:
        raise unknown("attribute", name, known)
    return known[name]


def _classes(
    reader: Reader, attribute: Attribute, bills: Bills, first: int, last: int
) -> tuple[list[str], Ints]:
    """(names, place of each charge's name): the agreement's value on the last day of the bill."""
    steps = agreements.steps_of_attribute(reader, first, last, attribute.attribute_no)
    key = agreement_key(ints(steps["account_id"]), ints(steps["agreement_no"]))
    owner = agreement_key(bills.account_id[bills.bill], bills.agreement_no)
    at = last_before(key, ints(steps["from_day"]), owner, bills.day)
    there = at >= 0
    value = np.zeros(len(owner), dtype=np.int64)
    value[there] = ints(steps["value"])[at[there]]
    values, group = np.unique(value[there], return_inverse=True)
    place = np.full(len(owner), len(values), dtype=np.int64)
    place[there] = group
    return [*(value_text(attribute, one) for one in values.tolist()), ""], place


def _areas(
    reader: Reader, bills: Bills, first: int, last: int, length: int
) -> tuple[list[str], Ints]:
    """(names, place of each bill's name)."""
    found = accounts.areas(reader, first, last, length)
    texts = found["area"]
    assert isinstance(texts, pa.Array)
    encoded = texts.dictionary_encode()
    codes = encoded.indices.to_numpy(zero_copy_only=False).astype(np.int64)
    at, _ = places(ints(found["account_id"]), bills.account_id)
    return encoded.dictionary.to_pylist(), codes[at] if len(codes) else at
