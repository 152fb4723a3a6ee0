"""What a channel pays at once: the days of a cycle, or a batch that its lines name. Pure."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from billcore.core.ids import computed_id
from billcore.core.reconciliation.terms import Terms
from billcore.core.store.settlements import ReportedRow


@dataclass(frozen=True, slots=True)
class Unit:
    """A settlement as the reports tell it.

    first_day, last_day: of a cycle, its own; of a batch, those of its lines. due_day: the bank
    should have it then; until_day: at the latest. gross: minor units, without duplicates; fee: what
    the channel keeps of it by its terms. bank_text: words in what the bank tells of its credits.
    returned: what was credited of it and is not in gross any more, for it was returned.
    """

    settlement_id: int
    channel_no: int
    batch: str
    first_day: int
    last_day: int
    due_day: int
    until_day: int
    line_count: int
    gross: int
    fee: int
    bank_text: str
    returned: int = 0

    @property
    def net(self) -> int:
        """What the bank should have, minor units."""
        return self.gross - self.fee

    @property
    def credited(self) -> int:
        """What the bank should have credited, before anything was returned."""
        return self.net + self.returned

    @property
    def order(self) -> tuple[int, int, int, int]:
        """Of several that fit, the first is paid first."""
        return self.due_day, self.channel_no, self.first_day, self.settlement_id


def units(
    provider_id: int,
    channel_no: int,
    terms: Terms,
    reported: Sequence[ReportedRow],
    returned: Mapping[int, int] | None = None,
) -> list[Unit]:
    """The settlements of a channel, in the order in which they are due.

    returned: by day, what of it is not in `reported` any more, for it was returned.
    """
    found: dict[tuple[int, str], list[ReportedRow]] = defaultdict(list)
    for row in reported:
        found[0 if row.batch else cycle(terms, row.day)[0], row.batch].append(row)
    made = [
        _unit(provider_id, channel_no, terms, batch, rows, returned or {})
        for (_, batch), rows in sorted(found.items())
    ]
    return sorted(made, key=lambda one: one.order)


def cycle(terms: Terms, day: int) -> tuple[int, int]:
    """The first and last day of the cycle that a day is in; weeks begin on Mondays."""
    first = (day - 1) // terms.cycle_days * terms.cycle_days + 1  # day 1 was a Monday
    return first, first + terms.cycle_days - 1


def _unit(
    provider_id: int,
    channel_no: int,
    terms: Terms,
    batch: str,
    rows: Sequence[ReportedRow],
    returned: Mapping[int, int],
) -> Unit:
    first, last = min(row.day for row in rows), max(row.day for row in rows)
    if not batch:
        first, last = cycle(terms, first)
    key = provider_id, channel_no, batch, 0 if batch else first
    due = last + terms.settlement_days
    return Unit(
        settlement_id=computed_id("settlement", *key),
        channel_no=channel_no,
        batch=batch,
        first_day=first,
        last_day=last,
        due_day=due,
        until_day=due + terms.unfunded_days,
        line_count=sum(row.line_count for row in rows),
        gross=sum(row.amount for row in rows),
        fee=sum(row.fee for row in rows),
        bank_text=terms.bank_text,
        returned=sum(returned.get(row.day, 0) for row in rows),
    )
