"""Tariffs, plans and pages as messages, and back.

Goals: a value that its field cannot hold is refused with the field's path. Non-goals: rules of
tariffs, which core has.
"""

from datetime import date

from billcore.core.errors import Finding, RequestInvalid
from billcore.core.rating import rate as rating
from billcore.core.tariff.catalog import Page, Publication, Published, Verdict
from billcore.core.tariff.language.document import Document
from billcore.core.tariff.tariff import Tariff
from billcore.server import pages
from billcore.server.wire import EPOCH
from billcore.v1 import common_pb2, tariff_service_pb2

FINDINGS_MAX = 1_000


# -- plans and pages


def plan_key(plan: common_pb2.Plan, field: str) -> tuple[str, int, str]:
    """(tariff id, version or 0, hash or "") of a plan."""
    if not plan.tariff_id:
        raise RequestInvalid(f"{field}.tariff_id", "name the tariff that shall rate.")
    if plan.version < 0:
        raise RequestInvalid(f"{field}.version", "versions count from 1; 0 is the newest.")
    return plan.tariff_id, plan.version, plan.hash


def plan(published: Published) -> common_pb2.Plan:
    return common_pb2.Plan(
        tariff_id=published.tariff.id, version=published.version, hash=published.tariff.hash
    )


def page(request: pages.PageRequest) -> tuple[str, int]:
    """(the id behind which the page starts, its size)."""
    return pages.after(request, "t"), pages.page_size(request)


def version_page(request: tariff_service_pb2.ListTariffVersionsRequest) -> tuple[int, int]:
    """(the version behind which the page starts, its size)."""
    return pages.after_number(request, f"v/{request.tariff_id}"), pages.page_size(request)


# -- tariffs


def verdict(verdict: Verdict) -> tariff_service_pb2.ValidateTariffResponse:
    findings = [_finding(f) for f in verdict.findings[:FINDINGS_MAX]]
    if verdict.published is None:
        return tariff_service_pb2.ValidateTariffResponse(findings=findings)
    return tariff_service_pb2.ValidateTariffResponse(
        tariff=version(verdict.published),
        columns=columns(verdict.published.tariff),
        lines=lines(verdict.published.tariff),
    )


def _finding(finding: Finding) -> tariff_service_pb2.TariffFinding:
    return tariff_service_pb2.TariffFinding(
        path=finding.path,
        line=finding.line,
        column=finding.column,
        rule=finding.rule,
        message=finding.message,
        allowed=finding.allowed,
    )


def publication(publication: Publication) -> tariff_service_pb2.PublishTariffResponse:
    return tariff_service_pb2.PublishTariffResponse(
        tariff=version(publication.published), created=publication.created
    )


def tariff(published: Published) -> tariff_service_pb2.GetTariffResponse:
    return tariff_service_pb2.GetTariffResponse(
        tariff=version(published),
        document=published.tariff.text,
        columns=columns(published.tariff),
        lines=lines(published.tariff),
        states=list(published.tariff.document.states),
    )


def tariffs(page: Page) -> tariff_service_pb2.ListTariffsResponse:
    token = pages.token("t", page.items[-1].tariff.id) if page.more else ""
    return tariff_service_pb2.ListTariffsResponse(
        tariffs=[version(p) for p in page.items], next_page_token=token
    )


def versions(page: Page) -> tariff_service_pb2.ListTariffVersionsResponse:
    last = page.items[-1] if page.more else None
    return tariff_service_pb2.ListTariffVersionsResponse(
        versions=[version(p) for p in page.items],
        next_page_token=pages.token(f"v/{last.tariff.id}", str(last.version)) if last else "",
    )


def version(published: Published) -> tariff_service_pb2.TariffVersion:
    document = published.tariff.document
    return tariff_service_pb2.TariffVersion(
        tariff_id=document.id,
        version=published.version,
        hash=document.hash,
        currency=document.currency,
        digits=document.digits,
        first_day=_iso(document.versions[0].start),
        last_day=_iso(document.versions[-1].end),
    )


def _iso(day: int | None) -> str:
    return "" if day is None else date.fromordinal(day).isoformat()


def columns(tariff: Tariff) -> list[common_pb2.ColumnSpec]:
    return [_column(spec) for spec in rating.columns_of(tariff)]


def _column(spec: rating.ColumnSpec) -> common_pb2.ColumnSpec:
    shift = EPOCH if spec.kind == "date" else 0
    return common_pb2.ColumnSpec(
        name=spec.name,
        kind=f"COLUMN_KIND_{spec.kind.upper()}",
        unit=spec.unit,
        decimals=spec.decimals,
        required=spec.required,
        choices=spec.choices,
        min=spec.lo - shift,
        max=spec.hi - shift,
    )


def lines(tariff: Tariff) -> list[tariff_service_pb2.TariffLine]:
    return [line(tariff.document, name) for name in rating.line_names(tariff)]


def line(document: Document, name: str) -> tariff_service_pb2.TariffLine:
    line = document.line(name.partition("[")[0])
    if line is None:  # rounding, carried_in, carried_out
        return tariff_service_pb2.TariffLine(name=name, digits=document.digits)
    return tariff_service_pb2.TariffLine(
        name=name,
        labels=line.label if line.id == name else {},
        digits=document.line_digits(line),
        unit=line.unit,
    )
