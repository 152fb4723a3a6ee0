"""The accounts that a run has not billed, with what people have decided about them since."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import IntEnum

from billcore.core.billing.runs.chunk import BY_HAND
from billcore.core.billing.runs.order import parsed
from billcore.core.billing.runs.states import state
from billcore.core.store import runs as rows
from billcore.core.store.port import Reader
from billcore.core.store.runs import Decision, ExceptionRow


class Outcome(IntEnum):
    """What became of an account; RELEASED: it was held, and the next pass bills it."""

    REFUSED = 1
    HELD = 2
    RELEASED = 3


ROWS = {
    None: (rows.REFUSED, rows.HELD),
    Outcome.REFUSED: (rows.REFUSED, rows.REFUSED),
    Outcome.HELD: (rows.HELD, rows.HELD),
    Outcome.RELEASED: (rows.HELD, rows.HELD),
}
"""The outcomes of the rows among which an outcome is sought: from, to."""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """An account that was not billed; decision: the last one about it."""

    outcome: Outcome
    row: ExceptionRow
    decision: Decision | None


@dataclass(frozen=True, slots=True)
class Page:
    """Some of a run's; after: the account behind which the next page starts; 0: there is none."""

    items: Sequence[LeftOut] = field(default_factory=tuple)
    after: int = 0


def left_out(
    reader: Reader,
    provider_id: int,
    run_id: int,
    outcome: Outcome | None,
    rule: str,
    after: int,
    size: int,
) -> Page:
    """A page by account; fewer than `size` where decisions leave some out. Raises RunUnknown.

    outcome None: every one; rule "": every one.
    """
    run = provider_id, run_id
    state(reader, *run)
    order = rows.find(reader, *run)
    assert order is not None
    wanted = rows.Wanted(*ROWS[outcome], rule)
    found = rows.filtered(reader, *run, wanted, after, size + 1)
    more = len(found) > size
    upto = found[size - 1].account_id if more else parsed(order.orders).last_account
    decided = _decided(reader, run, after, upto)
    known = {row.account_id: row for row in found[:size]}
    if rule in ("", BY_HAND) and outcome is not Outcome.REFUSED:
        known |= _by_hand(reader, run, known, decided)
    every = [_told(known[account], decided.get(account)) for account in sorted(known)]
    items = [one for one in every if outcome in (None, one.outcome)]
    if len(items) > size:
        items = items[:size]
        return Page(items, items[-1].row.account_id)
    return Page(items, upto if more else 0)


def _decided(reader: Reader, run: tuple[int, int], after: int, upto: int) -> dict[int, Decision]:
    """The last decision on each account behind the first, up to the last."""
    found = rows.decisions(reader, *run, (after + 1, upto))
    return {one.account_id: one for one in found}


def _by_hand(
    reader: Reader,
    run: tuple[int, int],
    known: dict[int, ExceptionRow],
    decided: dict[int, Decision],
) -> dict[int, ExceptionRow]:
    """Bills that somebody holds and that no pass has left out yet."""
    return {
        account: ExceptionRow(account, 0, rows.HELD, 0, BY_HAND, one.reason, 0)
        for account, one in decided.items()
        if one.held and account not in known and not any(_rows(reader, run, account))
    }


def _rows(reader: Reader, run: tuple[int, int], account: int) -> Iterator[ExceptionRow]:
    """What the last pass left out of an account, whatever is wanted."""
    yield from rows.exceptions(reader, *run, (account - 1, account), 1)


def _told(row: ExceptionRow, decision: Decision | None) -> LeftOut:
    if row.outcome == rows.REFUSED:
        return LeftOut(Outcome.REFUSED, row, decision)
    released = decision is not None and not decision.held
    return LeftOut(Outcome.RELEASED if released else Outcome.HELD, row, decision)
