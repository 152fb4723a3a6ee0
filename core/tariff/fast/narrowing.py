"""Limits of the inputs inside which a program's values fit a smaller register.

Goals: one search for every executor: start from the declared limits, and where a value
does not fit, halve the input that reaches furthest among those it depends on. Non-goals:
what fitting means (the caller says), optimal limits.
"""

from collections.abc import Callable, Iterable, Sequence

from billcore.core.tariff.ir import Range

PRACTICAL_SIZE_MIN = 1 << 16
"""An input is not narrowed below this size: the program would be useless."""


def narrowed(
    n_values: int,
    reads: Sequence[tuple[int, Iterable[int]]],
    fits: Callable[[int, Sequence[Range]], bool],
    inputs: Sequence[Range],
) -> tuple[Range, ...] | None:
    """The widest limits found with `fits(i, limits)` for every value i; None: there are none.

    `reads[i]` is (an input or -1, earlier values). `fits` is asked in order, and again
    from a value's first dependence on an input that was halved.
    """
    limits = list(inputs)
    depends = _dependence(reads)
    i = 0
    while i < n_values:
        if fits(i, limits):
            i += 1
            continue
        j = _widest(limits, depends[i])
        if j is None:
            return None
        limits[j] = halved(limits[j])
        i = next(n for n, inputs_read in enumerate(depends) if j in inputs_read)
    return tuple(limits)


def _dependence(reads: Sequence[tuple[int, Iterable[int]]]) -> list[frozenset[int]]:
    """The inputs that each value depends on."""
    depends: list[frozenset[int]] = []
    for own, operands in reads:
        of_operands = frozenset[int]().union(*(depends[n] for n in operands))
        depends.append(of_operands | {own} if own >= 0 else of_operands)
    return depends


def _widest(limits: Sequence[Range], candidates: frozenset[int]) -> int | None:
    """The input that reaches furthest of those that may still be halved."""
    able = [j for j in candidates if limits[j][1] - limits[j][0] >= 2 * PRACTICAL_SIZE_MIN]
    return max(able, key=lambda j: (max(-limits[j][0], limits[j][1]), -j), default=None)


def halved(limit: Range) -> Range:
    """About half of an interval: the end further from 0 comes nearer."""
    lo, hi = limit
    if lo > 0:
        return lo, lo + (hi - lo) // 2
    if hi < 0:
        return hi - (hi - lo) // 2, hi
    furthest = max(-lo, hi) // 2
    return max(lo, -furthest), min(hi, furthest)
