"""The invariant of cut-offs: what was fixed comes out again from what was known then."""

from collections.abc import Iterator

from billcore.core.accounts.days import iso
from billcore.core.collections.analytics.cut_offs import computed, total
from billcore.core.findings import MOST, Broken, broken
from billcore.core.store import cut_offs as rows
from billcore.core.store.cut_offs import Figure
from billcore.core.store.port import Reader

AGAIN = 3
"""So many of the last cut-offs are computed anew."""


def cut_offs_agree(reader: Reader, provider_id: int) -> Iterator[Broken]:
    """The parts of every figure are its whole, each is of a complete cut-off; and the last cut-offs
    come to the same again."""
    for month, day, area, word in rows.unbalanced(reader, provider_id, MOST):
        message = "What was received, left and else became of the bills is not what was billed."
        yield broken(message, month=month, day=day, area=area, account_class=word)
    for month, day, area, word in rows.orphans(reader, provider_id, MOST):
        message = "The figure is of no complete cut-off."
        yield broken(message, month=month, day=day, area=area, account_class=word)
    for cut_off in rows.newest(reader, provider_id, AGAIN):
        kept = total(rows.figures(reader, provider_id, cut_off.month, cut_off.day))
        _, collected = computed(reader, provider_id, cut_off)
        names = Figure._fields[2:]
        sums = [sum(getattr(one, name) for one in collected) for name in names]
        for name, was, comes in zip(names, kept[2:], sums, strict=True):
            if was != comes:
                yield broken(
                    f"{name} was fixed as {was}; what was known then comes to {comes}.",
                    month=cut_off.month,
                    day=iso(cut_off.day),
                )
