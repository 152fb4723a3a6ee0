"""Where a bill's amounts go in the general ledger: revenue and taxes by line, rounding, carry."""

from collections.abc import Collection, Mapping

from billcore.core.ledger.chart import RECEIVABLE
from billcore.core.tariff.language.document import Document


def ledger_amounts(
    document: Document, lines: Mapping[str, int], total: int, taxes: Collection[str]
) -> dict[str, int]:
    """Minor units by ledger account code, sum 0; amounts of lines and total of one or many bills.

    taxes: the lines, or groups of lines, that are collected for somebody else. What a bill rounds
    goes to `rounding`; what it carries to the next bill stays in `rounding_carry`.
    """
    found: dict[str, int] = {RECEIVABLE: total}
    for line in document.lines:
        if line.counts and lines[line.id]:
            family = "tax" if line.id in taxes or set(line.groups) & set(taxes) else "revenue"
            found[f"{family}:{line.id}"] = -lines[line.id]
    found["rounding"] = -lines["rounding"]
    found["rounding_carry"] = lines.get("carried_out", 0) - lines.get("carried_in", 0)
    return {code: amount for code, amount in found.items() if amount}


def added(parts: Collection[Mapping[str, int]]) -> dict[str, int]:
    """Amounts of several parts by code."""
    found: dict[str, int] = {}
    for part in parts:
        for code, amount in part.items():
            found[code] = found.get(code, 0) + amount
    return {code: amount for code, amount in found.items() if amount}
