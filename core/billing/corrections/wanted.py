"""What every correction is asked with: why, on which day; and the rules of both."""

from collections.abc import Iterable
from dataclasses import dataclass

from billcore.core.accounts.days import iso
from billcore.core.accounts.errors import FieldRefused
from billcore.core.accounts.policies import Policies, parse_policies
from billcore.core.billing.corrections.credits import Reason
from billcore.core.calendar import Calendar
from billcore.core.ids import FIRST_YEAR, MONTH_MAX
from billcore.core.store.providers import Provider

REASON_MAX = 500
"""A reason in words has at most this many characters."""

EVIDENCE_MAX = 20
"""A correction refers to at most so many pieces of evidence."""

REFERENCE_MAX = 200
"""A reference to evidence has 1 to this many characters."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """issued_day: of the documents, an ordinal. source: what asks, unique per provider."""

    why: Reason
    issued_day: int
    source: str


def check(provider: Provider, wanted: Wanted) -> Policies:
    """The provider's policies. Raises FieldRefused for a reason or day that they do not allow."""
    policies = parse_policies(provider.policies)
    _check_reason(policies, wanted.why)
    calendar, first = Calendar(provider.calendar), FIRST_YEAR[provider.calendar]
    last = first + MONTH_MAX // 12
    if not calendar.new_year(first) <= wanted.issued_day < calendar.new_year(last + 1):
        raise FieldRefused(
            "issued_day", f"{iso(wanted.issued_day)} is in no year of {first} to {last}."
        )
    return policies


def _check_reason(policies: Policies, why: Reason) -> None:
    if why.code not in policies.correction_reasons:
        raise FieldRefused(
            "why.reason_code",
            f"{why.code[:40]!r} is no reason for corrections here.",
            policies.correction_reasons,
        )
    if len(why.text) > REASON_MAX:
        raise FieldRefused("why.reason", f"it has at most {REASON_MAX} characters.")
    if len(why.evidence) > EVIDENCE_MAX:
        raise FieldRefused(
            "why.evidence", f"{len(why.evidence)} are given, at most {EVIDENCE_MAX}."
        )
    if any(not 1 <= len(one.strip()) <= len(one) <= REFERENCE_MAX for one in why.evidence):
        raise FieldRefused("why.evidence", f"a reference has 1 to {REFERENCE_MAX} characters.")
    if policies.evidence_required and not why.text.strip():
        raise FieldRefused("why.reason", "say why: the provider's policy asks for it.")
    if policies.evidence_required and not why.evidence:
        raise FieldRefused(
            "why.evidence", "name at least one document: the provider's policy asks for it."
        )


def check_not_before(wanted: Wanted, issued: Iterable[int]) -> None:
    """Raises FieldRefused for documents that would be older than those that they correct."""
    last = max(issued, default=0)
    if wanted.issued_day < last:
        raise FieldRefused(
            "issued_day", f"what is corrected was issued on {iso(last)}: that day or later."
        )
