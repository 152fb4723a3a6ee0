"""MeterService on both engines: every call, its refusals, and nothing of other providers."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from google.protobuf.message import Message

from billcore.core.errors import BatchTooLarge, BillcoreError, RequestInvalid
from billcore.core.metering.errors import EstimateImpossible, MeterUnknown, ReadingUnknown
from billcore.core.metering.findings import Finding, Source, Status
from billcore.core.metering.usage import UsageFlag
from billcore.core.store.port import Store
from billcore.server.backend import CALLER, Backend
from billcore.server.services.meter import MeterService
from billcore.v1 import meter_service_pb2 as pb
from tests.metering_world import CLERK, NOW, account, open_provider

ACCOUNT = account(1)
METER = 7 << 28 | 1


class Context:
    """Takes trailers; nothing else is asked of it."""

    def trailing_metadata(self) -> None:
        return None

    def set_trailing_metadata(self, trailing: Any) -> None:
        self.trailing = trailing


class Caller:
    """Calls handlers as an interceptor lets them be called."""

    def __init__(self, store: Store) -> None:
        self.service = MeterService(Backend(store, lambda: NOW))
        self.count = 0

    def __call__(self, method: str, /, **fields: Any) -> Any:
        request = getattr(pb, f"{method}Request")(**fields)
        if "request_id" in request.DESCRIPTOR.fields_by_name and not request.request_id:
            self.count += 1
            request.request_id = f"r{self.count}"
        answer = getattr(self.service, method)(request, Context())
        if isinstance(answer, Message):
            return answer
        return getattr(pb, f"{method}Response").FromString(answer)


@pytest.fixture
def call(books: Store) -> Iterator[Caller]:
    """Meter 1 at account 1 since 2023-01-01 at 1.5 m3, read at 31.5 on 2023-02-01."""
    with books.write() as session:
        open_provider(session, 2)
    token = CALLER.set(CLERK)
    caller = Caller(books)
    register = pb.Register(register_no=1, quantity="m3", unit="m3", digits=6, decimals=1)
    made = caller("CreateMeter", serial="A1", model="M", registers=[register])
    assert made.meter_id == METER
    install(caller)
    submit(caller, "2023-02-01", "31.5")
    yield caller
    CALLER.reset(token)


def install(call: Caller, meter: int = METER, **fields: Any) -> None:
    given = {"day": "2023-01-01", "opening": [pb.Dial(register_no=1, value="1.5")]} | fields
    call("InstallMeter", meter_id=meter, account_id=ACCOUNT, agreement_no=1, **given)


def reading(day: str, value: str, **fields: Any) -> pb.NewReading:
    given = {"account_id": ACCOUNT, "meter_id": METER, "register_no": 1, "source": 1} | fields
    return pb.NewReading(day=day, value=value, **given)


def submit(call: Caller, day: str, value: str, **fields: Any) -> pb.ReadingResult:
    return call("SubmitReadings", readings=[reading(day, value, **fields)]).results[0]


KEY = {"account_id": ACCOUNT, "meter_id": METER, "register_no": 1}


def test_a_meter_and_its_places(call: Caller) -> None:
    found = call("GetMeter", meter_id=METER)
    assert (found.serial, found.registers[0].decimals) == ("A1", 1)
    place = found.installations[0]
    assert (place.account_id, place.from_day, place.until_day) == (ACCOUNT, "2023-01-01", "")
    assert (place.multiplier, place.share, place.share_of) == ("1", 1, 1)


def test_usage_and_history(call: Caller) -> None:
    dates = {"previous_day": "2023-01-01", "this_day": "2023-02-01"}
    found = call("GetUsage", account_id=ACCOUNT, agreement_no=1, **dates)
    assert [(u.quantity, u.usage, list(u.flags)) for u in found.usages] == [("m3", "30.0", [])]
    late = call(
        "GetUsage", account_id=ACCOUNT, agreement_no=1, **dates | {"this_day": "2023-02-02"}
    )
    assert [(u.usage, list(u.flags)) for u in late.usages] == [
        ("", [pb.USAGE_FLAG_CLOSING_MISSING])
    ]
    first = call("ListReadings", account_id=ACCOUNT, page_size=1)
    last = call("ListReadings", account_id=ACCOUNT, page_token=first.next_page_token)
    shown = [(r.day, r.value, r.usage, r.days) for r in (*first.readings, *last.readings)]
    assert shown == [("2023-02-01", "31.5", "30.0", 31), ("2023-01-01", "1.5", "", 0)]
    assert (last.next_page_token, last.readings[0].address) == ("", "1 High Street")


def test_decide_correct_and_estimate(call: Caller) -> None:
    held = submit(call, "2023-03-01", "200")
    assert held.status == pb.READING_STATUS_HELD
    assert list(held.findings) == [pb.READING_FINDING_IMPLAUSIBLE_HIGH]
    told = call("DecideReading", **KEY, day="2023-03-01", accept=False, reason="seen")
    assert (told.status, told.version) == (pb.READING_STATUS_REJECTED, 1)
    right = call("CorrectReading", reading=reading("2023-03-01", "60.0"), reason="seen").result
    assert (right.status, right.version) == (pb.READING_STATUS_ACCEPTED, 2)
    # 58.5 in 59 days, 31 more: 30.737…
    told = call("EstimateReading", **KEY, day="2023-04-01")
    assert (told.value, told.method, told.chain) == ("90.7", pb.ESTIMATION_METHOD_RECENT, 1)
    with pytest.raises(EstimateImpossible):
        call("EstimateReading", **KEY, day="2023-05-01", method=pb.ESTIMATION_METHOD_NORM)


def test_exchange_multiplier_and_removal(call: Caller) -> None:
    register = pb.Register(register_no=1, quantity="m3", unit="m3", digits=6, decimals=1)
    new = call("CreateMeter", serial="B2", registers=[register]).meter_id
    dial = [pb.Dial(register_no=1, value="60")]
    call(
        "ExchangeMeter",
        old_meter_id=METER,
        new_meter_id=new,
        day="2023-03-01",
        closing=dial,
        opening=[pb.Dial(register_no=1, value="0.0")],
        multiplier="1.5",
    )
    args = {"meter_id": new, "register_no": 1, "day": "2023-04-01"}
    call("ChangeMultiplier", **args, multiplier="3", value="20")
    last = [pb.Dial(register_no=1, value="30")]
    call("RemoveMeter", meter_id=new, day="2023-05-01", closing=last)
    dates = {"previous_day": "2023-02-01", "this_day": "2023-05-01"}
    found = call("GetUsage", account_id=ACCOUNT, agreement_no=1, **dates).usages[0]
    assert found.usage == "88.50"  # 28.5 + 20 x 1.5 + 10 x 3
    assert list(found.flags) == [pb.USAGE_FLAG_EXCHANGED, pb.USAGE_FLAG_MULTIPLIER_CHANGED]


def test_a_repeated_request_answers_the_same(call: Caller) -> None:
    given = {"request_id": "x", "readings": [reading("2023-03-01", "61.5")]}
    first, second = (call("SubmitReadings", **given) for _ in range(2))
    assert first == second
    assert list(first.results[0].findings) == []


def test_another_providers_things_are_unknown(call: Caller) -> None:
    CALLER.set(replace(CLERK, provider_id=8))
    with pytest.raises(MeterUnknown):
        call("GetMeter", meter_id=METER)
    with pytest.raises(ReadingUnknown):
        call("DecideReading", **KEY, day="2023-02-01", accept=False, reason="x")
    days = {"previous_day": "2023-01-01", "this_day": "2023-02-01"}
    assert not call("GetUsage", account_id=ACCOUNT, agreement_no=1, **days).usages


# method, fields -> field or reason
BAD = [
    ("SubmitReadings", {"readings": []}, "readings"),
    ("SubmitReadings", {"readings": [reading("2023-02-30", "1")]}, "readings[0].day"),
    ("SubmitReadings", {"readings": [reading("2023-02-03", "1e3")]}, "readings[0].value"),
    ("SubmitReadings", {"readings": [reading("2023-02-03", "-1")]}, "readings[0].value"),
    ("SubmitReadings", {"readings": [reading("2023-02-03", "1", source=0)]}, "readings[0].source"),
    ("CreateMeter", {"serial": ""}, "serial"),
    ("CreateMeter", {"serial": "C"}, "registers"),
    ("ListReadings", {"page_token": "bm8="}, "page_token"),
    ("CorrectReading", {"reading": reading("2023-02-01", "1", account_id=0)}, "reading.account_id"),
]


@pytest.mark.parametrize(("method", "fields", "field"), BAD)
def test_a_wrong_field_is_named(call: Caller, method: str, fields: Any, field: str) -> None:
    with pytest.raises(RequestInvalid) as caught:
        call(method, **fields)
    assert caught.value.fields["field"] == field


def test_a_message_has_a_thousand_readings_at_most(call: Caller) -> None:
    with pytest.raises(BatchTooLarge):
        call("SubmitReadings", readings=[reading("2023-03-01", "1")] * 1001)


def test_errors_are_of_the_domain(call: Caller) -> None:
    """In use; an agreement that is not there; readings after the removal."""
    for fields in ({"day": "2023-03-01"}, {"share": 2, "share_of": 1}):
        with pytest.raises(BillcoreError):
            install(call, **fields)
    with pytest.raises(BillcoreError):
        call(
            "RemoveMeter",
            meter_id=METER,
            day="2023-01-15",
            closing=[pb.Dial(register_no=1, value="10")],
        )


@pytest.mark.parametrize(
    ("ours", "theirs", "prefix"),
    [
        (Finding, pb.ReadingFinding, "READING_FINDING_"),
        (Source, pb.ReadingSource, "READING_SOURCE_"),
        (Status, pb.ReadingStatus, "READING_STATUS_"),
        (UsageFlag, pb.UsageFlag, "USAGE_FLAG_"),
    ],
)
def test_the_contract_names_every_kind(ours: Any, theirs: Any, prefix: str) -> None:
    assert [f"{prefix}{one.name}" for one in ours] == theirs.keys()[1:]
