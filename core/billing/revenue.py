"""Where bills' amounts go in the general ledger: revenue and taxes by line, rounding, carry."""

from collections.abc import Collection, Mapping

import numpy as np
import pyarrow as pa

from billcore.core.billing.charges import packing
from billcore.core.billing.charges.tariffs import Tariffs
from billcore.core.ledger.chart import RECEIVABLE
from billcore.core.rating.batch import Ints
from billcore.core.rating.columns import line_names
from billcore.core.tariff.language.document import Document
from billcore.core.tariff.tariff import Tariff


def posted(tariffs: Tariffs, lines: pa.BinaryArray, taxes: Collection[str]) -> dict[str, int]:
    """What bills with these packed lines post: minor units by ledger account code, sum 0.

    taxes: the lines, or groups of lines, that are collected for somebody else. Bills that come to
    nothing post 0 to the receivable: every entry has a posting.
    """
    found: dict[str, int] = {}
    for part in packing.lines_parts(lines):
        tariff = tariffs.one(*part.tariff)
        sums = packing.amounts_of(part).sum(axis=0).tolist()
        amounts = dict(zip(line_names(tariff), sums, strict=True))
        for code, amount in ledger_amounts(tariff.document, amounts, taxes).items():
            found[code] = found.get(code, 0) + amount
    return {code: amount for code, amount in found.items() if amount} or {RECEIVABLE: 0}


def ledger_amounts(
    document: Document, lines: Mapping[str, int], taxes: Collection[str]
) -> dict[str, int]:
    """Minor units by ledger account code, sum 0; lines: amounts of one bill, or sums of many.

    What a bill rounds goes to `rounding`; what it carries to the next stays in `rounding_carry`.
    """
    found: dict[str, int] = {}
    for line in document.lines:
        if line.counts and lines[line.id]:
            family = "tax" if line.id in taxes or set(line.groups) & set(taxes) else "revenue"
            found[f"{family}:{line.id}"] = -lines[line.id]
    found["rounding"] = -lines["rounding"]
    found["rounding_carry"] = lines.get("carried_out", 0) - lines.get("carried_in", 0)
    found[RECEIVABLE] = -sum(found.values())
    return {code: amount for code, amount in found.items() if amount}


def part_totals(tariff: Tariff, part: packing.Part) -> Ints:
    """What each row of a part of lines adds to its bill, in minor units."""
    found: Ints = packing.amounts_of(part) @ receivable_weights(tariff)
    return found


def receivable_weights(tariff: Tariff) -> Ints:
    """By which each amount of a bill's lines counts towards what is owed, in their order."""
    names = line_names(tariff)
    weights = [
        ledger_amounts(tariff.document, dict.fromkeys(names, 0) | {name: 1}, ()).get(RECEIVABLE, 0)
        for name in names
    ]
    return np.array(weights, dtype=np.int64)
