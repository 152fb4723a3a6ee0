"""Master data as messages, and back. Fields have the names of core's columns; days are ISO texts.

Goals: a day, a mask or a reason that its field cannot hold is refused with the field. Non-goals:
rules of master data, which core has.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any, TypeVar

from google.protobuf.field_mask_pb2 import FieldMask

from billcore.core.accounts.adding import GivenStep, GivenTerm
from billcore.core.accounts.agreements import Agreement
from billcore.core.accounts.attributes import Attribute, value_text
from billcore.core.accounts.checks import Rule
from billcore.core.accounts.errors import FieldRefused
from billcore.core.calendar import Calendar
from billcore.core.errors import TextInvalid
from billcore.core.store.port import OPEN_DAY, Value
from billcore.core.store.providers import Cycle
from billcore.server import pages
from billcore.v1 import account_service_pb2 as pb

REASON_MAX = 500
"""The reason of a write has at most this many characters."""

LINES_MAX = 1_000
"""An agreement in a request has at most this many terms, and as many attributes."""

T = TypeVar("T")


# -- requests


def day(text: str, field: str) -> int:
    """The ordinal of an ISO day. Raises FieldRefused."""
    if not text:
        raise FieldRefused(field, "give a day, as 2024-02-29.")
    try:
        return Calendar.GREGORIAN.parse(text)
    except TextInvalid as error:
        raise FieldRefused(field, error.message) from None


def last_day(text: str, field: str) -> int:
    """As `day`; an empty text is the open end."""
    return day(text, field) if text else OPEN_DAY


def values(message: Any, names: Sequence[str]) -> dict[str, Value]:
    """Fields of a message as core's columns have them."""
    return {name: _value(message, name) for name in names}


def _value(message: Any, name: str) -> Value:
    given: Value = getattr(message, name)
    if not name.endswith("_day"):
        return given
    open_end = name in ("closed_day", "until_day")
    return last_day(str(given), name) if open_end else day(str(given), name)


def named(rules: Sequence[Rule]) -> tuple[str, ...]:
    """The names of columns with rules."""
    return tuple(rule.name for rule in rules)


def changes(message: Any, mask: FieldMask, changeable: Sequence[str]) -> dict[str, Value]:
    """The fields that an update names. Raises FieldRefused for none, and for others."""
    if not mask.paths:
        raise FieldRefused("update_mask", "name the fields to change.", changeable)
    for path in mask.paths:
        if path not in changeable:
            raise FieldRefused("update_mask", f"{path[:40]!r} cannot be changed.", changeable)
    return values(message, mask.paths)


def reason(request: Any) -> str:
    """Why, as the caller says."""
    if len(request.reason) > REASON_MAX:
        raise FieldRefused("reason", f"it has at most {REASON_MAX} characters.")
    said: str = request.reason
    return said


def terms(agreement: pb.Agreement) -> list[GivenTerm]:
    """The terms of an agreement that is to be added; its own days where they tell none."""
    _check_count(agreement.terms, "terms")
    return [
        GivenTerm(
            day(term.from_day or agreement.from_day, f"terms[{n}].from_day"),
            last_day(term.until_day or agreement.until_day, f"terms[{n}].until_day"),
            term.tariff_id,
        )
        for n, term in enumerate(agreement.terms)
    ]


def steps(given: Sequence[pb.AgreementAttribute], first_day: str) -> list[GivenStep]:
    """Attributes with their values; first_day: of the agreement, where they tell no day."""
    _check_count(given, "attributes")
    return [step(one, first_day, f"attributes[{n}]") for n, one in enumerate(given)]


def step(given: pb.AgreementAttribute, first_day: str, field: str) -> GivenStep:
    """One attribute's value from a day."""
    from_day = day(given.from_day or first_day, f"{field}.from_day")
    return GivenStep(given.name, from_day, given.value)


def _check_count(lines: Sequence[object], field: str) -> None:
    if len(lines) > LINES_MAX:
        raise FieldRefused(field, f"{len(lines)} are given, at most {LINES_MAX} are allowed.")


# -- answers


def of(kind: type[T], record: Any) -> T:
    """A message of core's record, whose fields have the same names."""
    return kind(**{name: _shown(name, value) for name, value in record._asdict().items()})


def _shown(name: str, value: Value) -> Value:
    return iso(int(value)) if name.endswith("_day") else value


def iso(ordinal: int) -> str:
    """The ISO text of a day; the open end is empty."""
    return "" if ordinal == OPEN_DAY else date.fromordinal(ordinal).isoformat()


def iso_if_any(ordinal: int) -> str:
    """The ISO text of a day; 0, which is none, is empty."""
    return iso(ordinal) if ordinal else ""


def attribute(found: Attribute) -> pb.Attribute:
    return pb.Attribute(
        attribute_no=found.attribute_no,
        name=found.name,
        kind=found.kind.value,
        unit=found.unit,
        decimals=found.decimals,
        words=found.words,
    )


class Names:
    """What the numbers of a provider's cycles, tariffs and attributes stand for."""

    def __init__(
        self,
        cycles: Sequence[Cycle],
        tariffs: Sequence[tuple[int, int, str]],
        attributes: Sequence[Attribute],
    ) -> None:
        self.cycles = {cycle.cycle_no: cycle.cycle for cycle in cycles}
        self.tariffs = {number: name for _, number, name in tariffs}
        self.attributes = {a.attribute_no: a for a in attributes}


def agreement(found: Agreement, names: Names) -> pb.Agreement:
    row = found.row
    return pb.Agreement(
        account_id=row.account_id,
        agreement_no=row.agreement_no,
        point_id=row.point_id,
        service=row.service,
        cycle=names.cycles[row.cycle_no],
        from_day=iso(row.from_day),
        until_day=iso(row.until_day),
        terms=[
            pb.AgreementTerm(
                from_day=iso(term.from_day),
                until_day=iso(term.until_day),
                tariff_id=names.tariffs[term.tariff_no],
            )
            for term in found.terms
        ],
        attributes=[
            pb.AgreementAttribute(
                name=names.attributes[step.attribute_no].name,
                from_day=iso(step.from_day),
                value=value_text(names.attributes[step.attribute_no], step.value),
            )
            for step in found.steps
        ],
        revision=row.revision,
        recorded_at=row.recorded_at,
    )


def cut(items: list[T], size: int, of: str, last: str) -> tuple[list[T], str]:
    """(the items of a page of `size`, its next token), from one item more where there is one.

    last: the name of the field that the token names.
    """
    if len(items) <= size:
        return items, ""
    return items[:size], pages.token(of, str(getattr(items[size - 1], last)))
