"""What is due, rated: the spans of each tariff as one batch, an agreement's one after another."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from billcore.core.accounts.attributes import Attribute
from billcore.core.accounts.days import iso
from billcore.core.accounts.errors import AttributeMisfit
from billcore.core.billing.charges.due import Due
from billcore.core.billing.charges.handed import NOTHING, Handed, HandedOn, keeps
from billcore.core.billing.charges.inputs import Inputs, inputs_of
from billcore.core.billing.charges.tariffs import Tariffs
from billcore.core.errors import BillcoreError, ColumnMissing
from billcore.core.ordered import distinct, search
from billcore.core.rating.batch import Ints
from billcore.core.rating.bills import bill_at
from billcore.core.rating.rate import RatedColumns, rate
from billcore.core.tariff.language.document import Document
from billcore.core.tariff.reference.evaluation import failure
from billcore.core.tariff.status import Status
from billcore.core.tariff.tariff import Tariff


class TariffUnfit(BillcoreError):
    """A tariff cannot bill this provider's accounts."""

    reason = "TARIFF_UNFIT"

    def __init__(self, tariff: str, message: str) -> None:
        super().__init__(f"Tariff {tariff}: {message}", tariff=tariff)


@dataclass(frozen=True, slots=True)
class Terms:
    """How a provider's accounts are billed. currency: of the provider; decimals: its minor unit's.

    days: billed days that are stated, by account and agreement.
    """

    currency: str
    decimals: int
    attributes: Mapping[str, Attribute]
    days: Mapping[tuple[int, int], int]


@dataclass(frozen=True, slots=True, eq=False)
class Batch:
    """The spans of one tariff version that were rated together; failed rows are refused in Due."""

    tariff_no: int
    version: int
    tariff: Tariff
    inputs: Inputs
    rated: RatedColumns

    @property
    def rows(self) -> Ints:
        """The spans, in the order of the columns."""
        return self.inputs.rows


def rated(due: Due, tariffs: Tariffs, terms: Terms) -> tuple[list[Batch], HandedOn]:
    """The batches, and what each agreement hands on. Refuses accounts in `due.refusals`."""
    handed_on = dict(due.handed)
    batches = []
    for rows in _rounds(due):
        numbers = due.spans.tariff_no[rows]
        for tariff_no in distinct(numbers).tolist():
            mine = rows[numbers == tariff_no]
            batch = _batch(due, tariffs, terms, mine, tariff_no, handed_on)
            if batch is not None:
                batches.append(batch)
                _hand_on(due, batch, handed_on)
    return batches, handed_on


def _rounds(due: Due) -> Iterator[Ints]:
    """The first spans of all agreements, then the second ones, which take what those hand on."""
    agreement = due.spans.agreement
    place = np.arange(len(agreement)) - search(agreement, agreement)
    for number in range(int(place.max(initial=-1)) + 1):
        yield np.flatnonzero(place == number)


def _batch(
    due: Due, tariffs: Tariffs, terms: Terms, rows: Ints, tariff_no: int, handed_on: HandedOn
) -> Batch | None:
    """The rated spans of a tariff; None where all of them are refused."""
    try:
        version, tariff = tariffs.newest(tariff_no)
        check_money(tariff, terms.currency, terms.decimals)
        taken = _taken(due, rows, tariff_no, tariff.document, handed_on)
        inputs = inputs_of(due, rows, tariff, terms.attributes, taken, terms.days)
        batch = Batch(tariff_no, version, tariff, inputs, _rate(tariff, inputs))
    except (AttributeMisfit, ColumnMissing, TariffUnfit) as error:
        for account, agreement in _keys(due, rows):
            due.refusals.add(account, error.reason, error.message, agreement)
        return None
    _refuse_failed(due, batch)
    return batch


def _taken(
    due: Due, rows: Ints, tariff_no: int, document: Document, handed_on: HandedOn
) -> Sequence[Handed]:
    """What each span takes from the bill before; none of a tariff that takes nothing."""
    if not keeps(document):
        return ()
    return [handed_on.get(key, NOTHING).to(tariff_no, document) for key in _keys(due, rows)]


def _rate(tariff: Tariff, inputs: Inputs) -> RatedColumns:
    return rate(tariff, inputs.columns, changes=inputs.changes)


def check_money(tariff: Tariff, currency: str, decimals: int) -> None:
    """Raises TariffUnfit unless a tariff counts what a provider's ledger keeps."""
    document = tariff.document
    if document.currency != currency:
        raise TariffUnfit(tariff.id, f"it counts {document.currency}, not {currency}.")
    if document.digits != decimals:
        raise TariffUnfit(
            tariff.id,
            f"it counts amounts with {document.digits} decimals; the ledger keeps {decimals} "
            f"of {currency}.",
        )


def _keys(due: Due, rows: Ints) -> list[tuple[int, int]]:
    """(account, agreement) of spans."""
    spans = due.spans
    pairs = zip(spans.account_id[rows].tolist(), spans.agreement_no[rows].tolist(), strict=True)
    return list(pairs)


def _refuse_failed(due: Due, batch: Batch) -> None:
    document, analysis = batch.tariff.document, batch.tariff.analysis
    for at in np.flatnonzero(batch.rated.status).tolist():
        span = int(batch.rows[at])
        status = Status(int(batch.rated.status[at]))
        bill = bill_at(batch.tariff, batch.inputs.columns, at, batch.inputs.changes)
        why = failure(document, analysis, bill, status)
        due.refusals.add(
            int(due.spans.account_id[span]),
            status.name,
            f"{why.message} (up to {iso(due.spans.this_day[span])})",
            int(due.spans.agreement_no[span]),
        )


def _hand_on(due: Due, batch: Batch, handed_on: HandedOn) -> None:
    document = batch.tariff.document
    if not handed_on and not keeps(document):
        return
    keys = _keys(due, batch.rows)
    if not keeps(document) and handed_on.keys().isdisjoint(keys):
        return
    left = batch.rated.lines.get("carried_out")
    for at, key in enumerate(keys):
        states = {name: int(column[at]) for name, column in batch.rated.state.items()}
        month = document.calendar.ymd(int(due.spans.this_day[batch.rows[at]]))[1]
        taken = handed_on.get(key, NOTHING).to(batch.tariff_no, document)
        remainder = 0 if left is None else int(left[at])
        handed_on[key] = taken.after(document, states, month, remainder)
