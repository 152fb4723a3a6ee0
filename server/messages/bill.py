"""One bill as messages, and back.

Goals: a value that its field cannot hold is refused with the field's path. Non-goals: rules of
tariffs, which core has; columns (`wire`).
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from fractions import Fraction
from typing import Any, TypeVar

from google.protobuf import json_format

from billcore.core.calendar import Calendar
from billcore.core.errors import BatchTooLarge, ColumnUnknown, RequestInvalid, TextInvalid
from billcore.core.money import exact_text, parse_decimal, scaled_text
from billcore.core.rating.bills import RatedBill
from billcore.core.tariff.bill import Bill, GivenSegment, History, Number
from billcore.core.tariff.catalog import Published
from billcore.core.tariff.explain.explain import Explanation
from billcore.core.tariff.explain.text import as_text
from billcore.core.tariff.language.document import Document, InputSpec, Kind
from billcore.core.tariff.tariff import Tariff
from billcore.server.messages import tariff as tariff_messages
from billcore.v1 import rating_service_pb2

INPUTS_MAX = 1_000
SEGMENTS_MAX = 400
HISTORY_MAX = 120

T = TypeVar("T")

_VALUE_FIELDS = {
    Kind.QUANTITY: "number",
    Kind.NUMBER: "number",
    Kind.CHOICE: "choice",
    Kind.FLAG: "flag",
    Kind.MONEY: "money",
}


def bill(message: rating_service_pb2.Bill, tariff: Tariff) -> Bill:
    """The bill of a message, its values checked against what the tariff's inputs can hold."""
    document = tariff.document
    _check_count("bill.inputs", len(message.inputs), INPUTS_MAX)
    _check_count("bill.changes", len(message.changes), INPUTS_MAX)
    _check_count("bill.states", len(message.states), INPUTS_MAX)
    _check_count("bill.segments", len(message.segments), SEGMENTS_MAX)
    previous, this = _period(message)
    return Bill(
        inputs=input_values(message.inputs, document, "bill.inputs"),
        previous=previous,
        this=this,
        days=_billed_days(message.days),
        changes=[
            _change(change, document, f"bill.changes[{n}]")
            for n, change in enumerate(message.changes)
        ],
        segments=[
            _segment(segment, document, f"bill.segments[{n}]")
            for n, segment in enumerate(message.segments)
        ],
        state=_states(message.states, document),
    )


def _check_count(field: str, given: int, count_max: int) -> None:
    if given > count_max:
        raise BatchTooLarge(field, count_max, given)


def _period(message: rating_service_pb2.Bill) -> tuple[int | None, int | None]:
    if bool(message.previous_date) != bool(message.this_date):
        missing = "this_date" if message.previous_date else "previous_date"
        raise RequestInvalid(f"bill.{missing}", "give the days of both readings, or of neither.")
    if not message.previous_date:
        return None, None
    return (
        _day(message.previous_date, "bill.previous_date"),
        _day(message.this_date, "bill.this_date"),
    )


def _day(text: str, field: str) -> int:
    return _read(text, field, Calendar.GREGORIAN.parse)


def _read(text: str, field: str, parse: Callable[[str], T]) -> T:
    try:
        return parse(text)
    except TextInvalid as error:
        raise RequestInvalid(field, error.detail, error.allowed) from None


def _billed_days(days: int) -> int | None:
    if days < 0:
        raise RequestInvalid("bill.days", "billed days cannot be negative; 0: by the dates.")
    return days or None


def input_values(
    values: Iterable[rating_service_pb2.InputValue], document: Document, field: str
) -> dict[str, Number]:
    found: dict[str, Number] = {}
    for n, value in enumerate(values):
        if value.name in found:
            raise RequestInvalid(f"{field}[{n}].name", f"{value.name!r} is given twice.")
        found[value.name] = _input(value, document, f"{field}[{n}]")
    return found


def _input(value: rating_service_pb2.InputValue, document: Document, field: str) -> Number:
    spec = document.inputs.get(value.name)
    if spec is None:
        raise ColumnUnknown(value.name, list(document.inputs))
    wanted = _VALUE_FIELDS[spec.kind]
    given = value.WhichOneof("value")
    if given != wanted:
        raise RequestInvalid(
            f"{field}.{given or 'value'}", f"{spec.name!r} is a {spec.kind}: set {wanted!r}."
        )
    return _value(value, spec, document, field)


def _value(
    value: rating_service_pb2.InputValue, spec: InputSpec, document: Document, field: str
) -> Number:
    match spec.kind:
        case Kind.CHOICE:
            return _choice(value.choice, spec, f"{field}.choice")
        case Kind.FLAG:
            return Fraction(value.flag)
        case Kind.MONEY:
            return Fraction(value.money, 10**document.digits)
    return _read(value.number, f"{field}.number", parse_decimal)


def _choice(word: str, spec: InputSpec, field: str) -> str:
    if word not in spec.oneof:
        raise RequestInvalid(field, f"{word!r} is not a choice of {spec.name!r}.", spec.oneof)
    return word


def _change(
    change: rating_service_pb2.InputChange, document: Document, field: str
) -> tuple[int, str, Number]:
    value = _input(change.input, document, f"{field}.input")
    _check_per_segment(change.input.name, document, f"{field}.input.name")
    return _day(change.first_day, f"{field}.first_day"), change.input.name, value


def _segment(
    segment: rating_service_pb2.BillSegment, document: Document, field: str
) -> GivenSegment:
    _check_count(f"{field}.inputs", len(segment.inputs), INPUTS_MAX)
    inputs = input_values(segment.inputs, document, f"{field}.inputs")
    for n, name in enumerate(inputs):
        _check_per_segment(name, document, f"{field}.inputs[{n}].name")
    return GivenSegment(_day(segment.day, f"{field}.day"), segment.days, inputs)


def _check_per_segment(name: str, document: Document, field: str) -> None:
    able = [n for n, spec in document.inputs.items() if spec.per_segment]
    if name not in able:
        raise RequestInvalid(field, f"{name!r} belongs to the whole bill and cannot change.", able)


def _states(
    states: Iterable[rating_service_pb2.StateValue], document: Document
) -> dict[str, Fraction | History]:
    found: dict[str, Fraction | History] = {}
    for n, state in enumerate(states):
        field = f"bill.states[{n}]"
        if state.name in found:
            raise RequestInvalid(f"{field}.name", f"{state.name!r} is given twice.")
        found[state.name] = _state(state, document, field)
    return found


def _state(
    state: rating_service_pb2.StateValue, document: Document, field: str
) -> Fraction | History:
    known = [*document.states, *([document.total.carry] if document.total.carry else [])]
    if state.name not in known:
        raise ColumnUnknown(state.name, known)
    spec = document.states.get(state.name)
    if spec is None or spec.history is None:
        return _read(state.value, f"{field}.value", parse_decimal)
    _check_count(f"{field}.history", len(state.history), HISTORY_MAX)
    return tuple(_entry(entry, f"{field}.history[{n}]") for n, entry in enumerate(state.history))


def _entry(entry: rating_service_pb2.HistoryValue, field: str) -> tuple[int, Fraction]:
    if not 1 <= entry.month <= 12:
        raise RequestInvalid(f"{field}.month", f"{entry.month} is not a month: give 1 to 12.")
    return entry.month, _read(entry.value, f"{field}.value", parse_decimal)


def rated_bill(published: Published, rated: RatedBill) -> rating_service_pb2.RateBillResponse:
    document = published.tariff.document
    return rating_service_pb2.RateBillResponse(
        plan=tariff_messages.plan(published),
        currency=document.currency,
        digits=document.digits,
        lines=[
            rating_service_pb2.LineAmount(name=name, amount=amount)
            for name, amount in rated.lines.items()
        ],
        total=rated.total,
        states=_states_out(document, rated),
    )


def _states_out(document: Document, rated: RatedBill) -> Sequence[rating_service_pb2.StateValue]:
    found = [
        _state_out(name, value, document.states[name].decimals)
        for name, value in rated.state.items()
    ]
    if document.total.carry is not None:
        carried = rated.lines["carried_out"]
        found.append(_state_out(document.total.carry, carried, document.digits))
    return found


def _state_out(name: str, value: int, decimals: int) -> rating_service_pb2.StateValue:
    text = scaled_text(value, decimals)
    return rating_service_pb2.StateValue(name=name, value=text)


def explained(
    published: Published, explanation: Explanation, language: str
) -> rating_service_pb2.ExplainBillResponse:
    return rating_service_pb2.ExplainBillResponse(
        plan=tariff_messages.plan(published),
        explanation=steps(explanation),
        text=as_text(explanation, language or "en"),
    )


def steps(explanation: Explanation) -> rating_service_pb2.Explanation:
    return json_format.ParseDict(
        explanation.as_dict(), rating_service_pb2.Explanation(), ignore_unknown_fields=True
    )


# -- a bill back as a message


def told(bill: Bill, document: Document) -> rating_service_pb2.Bill:
    """The message that `bill` reads as this bill; it has no segments."""
    return rating_service_pb2.Bill(
        previous_date=_iso(bill.previous),
        this_date=_iso(bill.this),
        days=bill.days or 0,
        inputs=[_input_out(document, name, value) for name, value in bill.inputs.items()],
        changes=[
            rating_service_pb2.InputChange(
                first_day=_iso(day), input=_input_out(document, name, value)
            )
            for day, name, value in bill.changes
        ],
        states=[_given_state(name, value) for name, value in bill.state.items()],
    )


def _iso(day: int | None) -> str:
    return "" if day is None else date.fromordinal(day).isoformat()


def _input_out(document: Document, name: str, value: Number) -> rating_service_pb2.InputValue:
    field = _VALUE_FIELDS[document.inputs[name].kind]
    return rating_service_pb2.InputValue(name=name, **{field: _shown(field, value, document)})


def _shown(field: str, value: Number, document: Document) -> Any:
    if isinstance(value, str):
        return value
    match field:
        case "flag":
            return bool(value)
        case "money":
            return int(value * 10**document.digits)
    return exact_text(value)


def _given_state(name: str, value: Fraction | History) -> rating_service_pb2.StateValue:
    if isinstance(value, Fraction):
        return rating_service_pb2.StateValue(name=name, value=exact_text(value))
    history = [
        rating_service_pb2.HistoryValue(month=month, value=exact_text(one)) for month, one in value
    ]
    return rating_service_pb2.StateValue(name=name, history=history)
