"""Late fees, reference rates and holds as messages, and back."""

from collections.abc import Sequence
from fractions import Fraction

from billcore.core.accounts.errors import FieldRefused
from billcore.core.collections.late_fees.assessments import Progress
from billcore.core.collections.late_fees.fees import Explained, FeeLine
from billcore.core.collections.late_fees.reference import GivenRate
from billcore.core.collections.late_fees.shown import Charge, ItemFee
from billcore.core.store.late_fees import HoldRow
from billcore.core.store.port import OPEN_DAY
from billcore.core.store.providers import Provider
from billcore.core.store.reference_rates import RateRow
from billcore.server import pages
from billcore.server.asked import currency
from billcore.server.messages import account as fields
from billcore.v1 import collection_service_pb2 as pb

RATES = "reference_rate"

Place = tuple[str, int, int]
"""Behind the version of a rate: series, from_day, version."""


def assessment(found: Progress, provider: Provider) -> pb.LateFeeAssessment:
    chunks = found.chunks
    return pb.LateFeeAssessment(
        assessment_id=found.assessment.assessment_id,
        until_day=fields.iso(found.assessment.until_day),
        chunks=found.assessment.chunks,
        chunks_done=len(chunks),
        items=sum(chunk.items for chunk in chunks),
        charges=sum(chunk.charges for chunk in chunks),
        charged=sum(chunk.charged for chunk in chunks),
        credits=sum(chunk.credits for chunk in chunks),
        credited=sum(chunk.credited for chunk in chunks),
        recorded_at=found.assessment.recorded_at,
        **currency(provider),
    )


def fee(found: Charge) -> pb.LateFee:
    row = found.row
    return pb.LateFee(
        item_id=row.item_id,
        due_day=fields.iso_if_any(found.due_day),
        account_entry_id=row.account_entry_id,
        credits=row.credits,
        amount=row.amount,
        fee=row.fee,
        debt=row.debt,
        assessment_id=row.assessment_id,
        until_day=fields.iso(found.assessment.until_day),
        recorded_at=found.recorded_at,
        rule=found.rule.text if found.rule else "",
        exact=_exact(found.explained),
        lines=_lines(found.explained),
    )


def item(found: ItemFee) -> pb.LateItem:
    return pb.LateItem(
        item_id=found.item_id,
        due_day=fields.iso_if_any(found.due_day),
        amount=found.amount,
        open=found.open,
        rule=found.rule,
        fee=found.fee,
        change=found.change,
        exact=_exact(found.explained),
        lines=_lines(found.explained),
    )


def _exact(found: Explained | None) -> str:
    return str(found.exact) if found else "0"


def _lines(found: Explained | None) -> list[pb.LateFeeLine]:
    return [_line(one) for one in found.lines] if found else []


def _line(found: FeeLine) -> pb.LateFeeLine:
    return pb.LateFeeLine(
        debt=found.debt,
        due_day=fields.iso(found.due_day),
        paid_day=fields.iso(found.paid_day),
        first_day=fields.iso(found.first_day),
        last_day=fields.iso(found.last_day),
        days=found.days,
        band=found.band,
        steps=found.steps,
        rate_per_million=found.rate_per_million,
        factor=str(Fraction(found.rate_per_million) * found.part),
        source_day=fields.iso_if_any(found.source_day),
        amount=str(found.amount),
    )


# -- rates


def given_rate(told: pb.ReferenceRate) -> GivenRate:
    """A rate as it is told. Raises FieldRefused."""
    return GivenRate(
        series=told.series,
        from_day=fields.day(told.from_day, "rate.from_day"),
        per_million=told.per_million,
        source=told.source,
        source_day=fields.day(told.source_day, "rate.source_day"),
    )


def rate(found: RateRow) -> pb.ReferenceRate:
    return pb.ReferenceRate(
        series=found.series,
        from_day=fields.iso(found.from_day),
        per_million=found.per_million,
        source=found.source,
        source_day=fields.iso(found.source_day),
        version=found.version,
        recorded_at=found.recorded_at,
    )


def after(request: pb.ListReferenceRatesRequest) -> Place:
    """Behind which rate the page begins. Raises RequestInvalid."""
    said = pages.after(request, RATES)
    if not said:
        return "", 0, 0
    parts = said.split("/")
    numbers = [int(part) for part in parts[1:] if part.isascii() and part.isdigit()]
    if len(parts) != 3 or len(numbers) != 2 or max(numbers) > OPEN_DAY:
        raise pages.bad_token()
    return parts[0], numbers[0], numbers[1]


def rates(found: Sequence[RateRow], size: int) -> pb.ListReferenceRatesResponse:
    """A page of `size` rates, of one more where there is another page."""
    page, token = found[:size], ""
    if len(found) > size:
        last = page[-1]
        token = pages.token(RATES, f"{last.series}/{last.from_day}/{last.version}")
    return pb.ListReferenceRatesResponse(rates=[rate(one) for one in page], next_page_token=token)


# -- holds


def hold(found: HoldRow) -> pb.LateFeeHold:
    return pb.LateFeeHold(
        account_id=found.account_id,
        source=found.source,
        item_id=found.item_id,
        amount=found.amount,
        from_day=fields.iso(found.from_day),
        until_day=fields.iso(found.until_day),
        reason=found.reason,
        version=found.version,
        recorded_at=found.recorded_at,
    )


def check_annulled(request: pb.ReleaseLateFeesRequest) -> None:
    """Raises FieldRefused for a last day of a hold that is to have none."""
    if request.annul and request.until_day:
        raise FieldRefused("until_day", "a hold that is annulled has no last day.")
