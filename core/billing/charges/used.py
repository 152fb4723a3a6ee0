"""What agreements used, as the packed inputs of their bills have it."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from billcore.core.billing.charges import packing
from billcore.core.billing.charges.inputs import unpacked
from billcore.core.billing.charges.tariffs import Tariffs
from billcore.core.rating.batch import Ints
from billcore.core.rating.columns import columns_of


@dataclass(frozen=True, slots=True, eq=False)
class Used:
    """A row a bill, agreement, span and quantity: usage x 10^-decimals, in so many days.

    bill: the place of the bill; quantity: the place in the names that were asked for. days: as the
    dates count them.
    """

    bill: Ints
    agreement_no: Ints
    tariff_no: Ints
    quantity: Ints
    usage: Ints
    decimals: Ints
    days: Ints


def used(tariffs: Tariffs, inputs: pa.BinaryArray, names: Sequence[str]) -> Used:
    """What bills with these packed inputs have of the quantities of these names."""
    found: list[tuple[Ints, ...]] = [(np.zeros(0, dtype=np.int64),) * 7]
    for part in packing.inputs_parts(inputs):
        tariff = tariffs.one(*part.tariff)
        columns, _ = unpacked(tariff, part)
        days = columns["this"] - columns["previous"]
        for spec in columns_of(tariff):
            if spec.kind == "quantity" and spec.name in names:
                numbers = (part.tariff[0], names.index(spec.name), spec.decimals)
                tariff_no, quantity, decimals = (_same(n, len(part.bill)) for n in numbers)
                whose = (part.bill, part.field(0), tariff_no, quantity)
                found.append((*whose, _wide(columns[spec.name]), decimals, _wide(days)))
    return Used(*(np.concatenate(column) for column in zip(*found, strict=True)))


def _same(number: int, count: int) -> Ints:
    return np.full(count, number, dtype=np.int64)


def _wide(column: npt.NDArray[np.integer]) -> Ints:
    return column.astype(np.int64)
