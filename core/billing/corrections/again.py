"""A bill's days rated again: its agreements, from what the store knows of them now.

Readings, attributes, tariffs and their newest versions are today's. What stays is what the bill was
about: the days of each agreement, those that were stated, and what the account owed when its days
were billed first.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from billcore.core.accounts.attributes import attributes_of
from billcore.core.accounts.checks import Table, ints
from billcore.core.accounts.columns import changes, read_agreements
from billcore.core.accounts.days import iso
from billcore.core.billing.charges import handed, packing
from billcore.core.billing.charges.due import (
    Due,
    Refusals,
    Spans,
    as_periods,
    cut_spans,
    refuse_unread,
)
from billcore.core.billing.charges.parts import parts_of
from billcore.core.billing.charges.rated import Terms, rated
from billcore.core.billing.charges.tariffs import Tariffs
from billcore.core.billing.issue import Drafts
from billcore.core.billing.last_bills import NOBODY
from billcore.core.billing.stored import Span, spans_of
from billcore.core.ledger.kinds import BillKind
from billcore.core.metering.readings import (
    Timeline,
    decided,
    joined,
    month_of,
    readings_of,
    timeline,
)
from billcore.core.metering.registers import Installations, installations_of
from billcore.core.metering.usage import parts_of as metered_parts
from billcore.core.metering.usage import usage
from billcore.core.money import minor_digits
from billcore.core.rating.batch import Ints
from billcore.core.store import meters as meter_rows
from billcore.core.store import readings as reading_rows
from billcore.core.store.port import Reader
from billcore.core.store.providers import Provider


@dataclass(frozen=True, slots=True)
class Billed:
    """What a bill billed of an agreement: its days (previous, this], and how many if stated."""

    previous: int
    this: int
    stated: int


def billed(inputs: pa.BinaryArray) -> dict[int, Billed]:
    """What one bill billed, by agreement."""
    found: dict[int, Billed] = {}
    for part in packing.inputs_parts(inputs):
        number, period = int(part.field(0)[0]), packing.period_of(part)
        one = Billed(*(int(column[0]) for column in (period.previous, period.this, period.days)))
        same = found.get(number, one)
        found[number] = Billed(
            min(one.previous, same.previous), max(one.this, same.this), one.stated or same.stated
        )
    return found


def borders(inputs: pa.BinaryArray) -> set[tuple[int, int]]:
    """The agreements of one bill, each with the days on which its meters must have been read."""
    found: set[tuple[int, int]] = set()
    for part in packing.inputs_parts(inputs):
        number, period = int(part.field(0)[0]), packing.period_of(part)
        found |= {(number, int(period.previous[0])), (number, int(period.this[0]))}
    return found


def rated_again(
    reader: Reader, provider: Provider, bill: Table, carried: bytes, opening: int
) -> Drafts:
    """The bill in the place of one (a table of one row), not numbered, opening with 0.

    carried: what the bill before hands on; opening: what the account owed when the days were billed
    first, for tariffs that ask for it. Raises AccountUnbillable.
    """
    account = int(ints(bill["account_id"])[0])
    inputs = bill["inputs"]
    assert isinstance(inputs, pa.Array)
    days = billed(inputs)
    found = _due(reader, account, days, carried, opening)
    terms = Terms(
        provider.currency,
        minor_digits(provider.currency),
        attributes_of(reader, provider.provider_id),
        {(account, number): one.stated for number, one in days.items() if one.stated},
    )
    batches, handed_on = rated(found, Tariffs(reader), terms)
    for refusal in found.refusals.by_account.values():
        raise refusal
    parts = [parts_of(batch, found.spans, np.array([account])) for batch in batches]
    text = handed.written({number: one for (_, number), one in handed_on.items()})
    zero = np.zeros(1, dtype=np.int64)
    return Drafts(
        account_id=np.array([account]),
        kind=np.array([int(BillKind.CORRECTION)]),
        ordinal=zero,
        version=zero,
        previous_day=np.array([min(one.previous for one in days.values())]),
        this_day=np.array([max(one.this for one in days.values())]),
        opening=zero,
        total=np.array([sum(int(part.totals.sum()) for part in parts)]),
        lines=packing.joined([part.lines for part in parts], 1),
        inputs=packing.joined([one for part in parts for one in part.inputs], 1),
        carried=pa.array([text], pa.binary()),
    )


def _due(
    reader: Reader, account: int, days: Mapping[int, Billed], carried: bytes, opening: int
) -> Due:
    """What these days of agreements are billed from."""
    agreements = read_agreements(reader, account, account)
    number = np.array(sorted(days), dtype=np.int64)
    row = np.searchsorted(agreements.agreement_no, number)
    previous = np.array([days[one].previous for one in number.tolist()], dtype=np.int64)
    this = np.array([days[one].this for one in number.tolist()], dtype=np.int64)
    before = agreements.from_day - 1
    before[row] = previous
    refusals = Refusals()
    for at in np.flatnonzero(agreements.until_day[row] < this).tolist():
        refusals.add(
            account,
            "AGREEMENT_ENDED",
            f"it ends {iso(agreements.until_day[row][at])} and was billed up to {iso(this[at])}: "
            "cancel the bill, and bill the account anew.",
            int(number[at]),
        )
    changing = agreements.changed_day[row] > previous + 1
    history = changes(reader, account, account, int(previous.min()) + 1)
    spans = cut_spans(agreements, row, (previous, this), history.terms, changing)
    installations = installations_of(meter_rows.of_accounts(reader, account, account))
    counted = usage(
        installations, _readings(reader, account, installations, spans), as_periods(spans)
    )
    refuse_unread(agreements, spans, counted, refusals)
    return Due(
        agreements,
        spans,
        counted,
        installations.quantities,
        history.steps,
        np.isin(spans.agreement, row[changing]),
        {(account, agreement): one for agreement, one in handed.read(carried).items()},
        np.full(len(spans), opening, dtype=np.int64),
        last=NOBODY,
        billed=before,
        refusals=refusals,
    )


def _readings(reader: Reader, account: int, installations: Installations, spans: Spans) -> Timeline:
    """The readings on the border days of spans, and where meters change inside them."""
    nothing = timeline(joined([]), installations)
    parts = metered_parts(installations, nothing, as_periods(spans))
    months = np.unique(month_of(np.concatenate([parts.opening_day, parts.closing_day])))
    whose: Ints = np.array([account])
    decisions = reading_rows.decisions(reader, whose)
    tables = [
        decided(readings_of(reading_rows.of_month(reader, month, whose)), decisions)
        for month in months.tolist()
    ]
    return timeline(joined(tables), installations)


# -- whether it is the same


def same_bill(tariffs: Tariffs, bill: Table, draft: Drafts) -> bool:
    """Whether a draft says what a bill (a table of one row) says: lines, inputs, what it hands on.

    A newer version of a tariff that says the same is no difference.
    """
    if int(ints(bill["total"])[0]) != int(draft.total[0]):
        return False
    lines, inputs, carried = bill["lines"], bill["inputs"], bill["carried"]
    assert isinstance(lines, pa.Array)
    assert isinstance(inputs, pa.Array)
    assert isinstance(carried, pa.Array)
    if handed.read(carried[0].as_py()) != handed.read(draft.carried[0].as_py()):
        return False
    old, new = spans_of(tariffs, lines, inputs), spans_of(tariffs, draft.lines, draft.inputs)
    return len(old) == len(new) and all(map(_same_span, old, new))


def _same_span(one: Span, other: Span) -> bool:
    old, new = one.rated_from, other.rated_from
    return (
        (one.agreement_no, one.tariff.id) == (other.agreement_no, other.tariff.id)
        and (old.previous, old.this, old.days) == (new.previous, new.this, new.days)
        and _shared(old.inputs, new.inputs)
        and _shared(old.state, new.state)
        and list(old.changes) == list(new.changes)
        and _amounts(one) == _amounts(other)
    )


def _shared(old: Mapping[str, object], new: Mapping[str, object]) -> bool:
    """Whether what both name is the same: another version may ask for more or less."""
    return all(old[name] == new[name] for name in old.keys() & new.keys())


def _amounts(span: Span) -> dict[str, int]:
    return {name: amount for name, amount in span.lines.items() if amount}
