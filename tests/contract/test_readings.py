"""Readings on both engines: judged, kept, decided, corrected, estimated."""

import numpy as np
import pytest

from billcore.core.calendar import Calendar
from billcore.core.metering.decide import ReadingKey, correct, decide
from billcore.core.metering.determinants import Agreements, determinants
from billcore.core.metering.errors import (
    InstallationInvalid,
    MeterExists,
    ReadingRefused,
    ReadingUnknown,
    ReasonMissing,
)
from billcore.core.metering.estimate import Norms, Targets, record_estimates
from billcore.core.metering.exact import Bools, Ints
from billcore.core.metering.findings import Finding, Source, Status
from billcore.core.metering.listing import Wanted, listing
from billcore.core.metering.meters import Multiplier, Share, change_multiplier, exchange, remove
from billcore.core.metering.policy import Method
from billcore.core.metering.provider import metering_provider
from billcore.core.metering.record import record
from billcore.core.metering.usage import UsageFlag
from billcore.core.metering.verify import check_readings
from billcore.core.store.meters import Register
from billcore.core.store.port import OPEN_DAY, Reader, Session, Store
from tests.metering_world import (
    CLERK,
    NOW,
    PROVIDER,
    account,
    day,
    desk,
    given,
    hang,
    ints,
    new_meter,
    open_provider,
    provider,
    submit,
)

FIRST = [("2023-02-01", 120), ("2023-03-01", 130), ("2023-04-01", 140), ("2023-05-01", 150)]


@pytest.fixture
def metered(books: Store) -> Store:
    """Account 1 with meter 1 since 2023-01-01 at 110, read every month until May at 150."""
    with books.write() as session:
        open_provider(session, 4)
        meter = new_meter(session, "A1")
        hang(session, meter, "2023-01-01", 110)
        results = submit(session, *((meter, on, value) for on, value in FIRST))
        assert results.status.tolist() == [Status.ACCEPTED] * 4
    return books


METER = 7 << 28 | 1

# day, value, source -> status, findings
JUDGED = [
    ("2023-06-01", 160, Source.OFFICER, Status.ACCEPTED, 0),
    ("2023-06-01", 149, Source.OFFICER, Status.HELD, Finding.BACKWARDS),
    ("2023-06-01", 300, Source.OFFICER, Status.HELD, Finding.IMPLAUSIBLE_HIGH),
    ("2023-06-01", 151, Source.OFFICER, Status.HELD, Finding.IMPLAUSIBLE_LOW),
    ("2023-06-01", 150, Source.OFFICER, Status.ACCEPTED, Finding.IMPLAUSIBLE_ZERO),
    ("2023-05-01", 150, Source.OFFICER, Status.ACCEPTED, Finding.DUPLICATE),
    ("2023-05-01", 152, Source.OFFICER, Status.HELD, Finding.CONFLICT),
    ("2023-04-15", 145, Source.OFFICER, Status.ACCEPTED, 0),
    ("2023-04-20", 151, Source.OFFICER, Status.HELD, Finding.BACKWARDS),
    ("2023-06-01", 100_000, Source.OFFICER, Status.REJECTED, Finding.TOO_MANY_DIGITS),
    ("2023-06-01", -1, Source.OFFICER, Status.REJECTED, Finding.TOO_MANY_DIGITS),
    ("2023-11-15", 200, Source.OFFICER, Status.REJECTED, Finding.FUTURE),
    ("2022-12-31", 100, Source.OFFICER, Status.REJECTED, Finding.NOT_INSTALLED),
    ("2023-06-01", 160, Source.CUSTOMER, Status.REJECTED, Finding.OUT_OF_WINDOW),
    ("2023-11-12", 212, Source.CUSTOMER, Status.ACCEPTED, 0),
]


@pytest.mark.parametrize(("on", "value", "source", "status", "findings"), JUDGED)
def test_a_reading_is_judged(
    metered: Store, on: str, value: int, source: Source, status: Status, findings: Finding
) -> None:
    with metered.write() as session:
        stored = metering_provider(session, PROVIDER)
        found = submit(session, (METER, on, value), source=source, who=stored)
        again = submit(session, (METER, on, value), source=source, who=stored)
    assert (Status(found.status[0]), Finding(int(found.findings[0]))) == (status, findings)
    assert again.status[0] == status
    assert again.version[0] == found.version[0]
    assert bool(found.message(0)) == bool(found.findings[0])


def test_a_reading_sent_again_writes_no_row(metered: Store) -> None:
    with metered.write() as session:
        before = session.row("SELECT COUNT(*) FROM reading")
        for _ in range(2):
            submit(session, *((METER, on, value) for on, value in FIRST))
        assert session.row("SELECT COUNT(*) FROM reading") == before


def test_unknown_meters_and_those_of_others_are_refused(metered: Store) -> None:
    with metered.write() as session:
        other = 8 << 28 | 1
        found = submit(session, (METER + 5, "2023-06-01", 1), (other, "2023-06-01", 1))
    assert found.findings.tolist() == [Finding.UNKNOWN_METER] * 2
    assert found.version.tolist() == [0, 0]


def test_a_batch_is_as_if_sent_one_by_one(metered: Store) -> None:
    rows = [(METER, "2023-06-01", 160), (METER, "2023-08-01", 158), (METER, "2023-07-01", 170)]
    with metered.write() as session:
        found = submit(session, *rows)
    assert found.status.tolist() == [Status.ACCEPTED, Status.HELD, Status.ACCEPTED]


def test_a_rollover_is_accepted_when_plausible(books: Store) -> None:
    with books.write() as session:
        open_provider(session)
        meter = new_meter(session, "A1")
        hang(session, meter, "2023-01-01", 99_900)
        found = submit(session, (meter, "2023-02-01", 20))
        assert found.status[0] == Status.ACCEPTED
        assert found.findings[0] == Finding.ROLLOVER
        far = submit(session, (meter, "2023-03-01", 19), (meter, "2023-04-01", 70_000))
        assert far.status.tolist() == [Status.HELD, Status.HELD]


def test_people_decide_with_a_reason(metered: Store) -> None:
    key = ReadingKey(account(1), METER, 1, day("2023-06-01"))
    with metered.write() as session:
        submit(session, (METER, "2023-06-01", 300))
        with pytest.raises(ReasonMissing):
            decide(session, CLERK, key, Status.ACCEPTED, " ", NOW)
        for _ in range(2):
            found = decide(session, CLERK, key, Status.ACCEPTED, "a burst pipe", NOW)
        assert found.status.tolist() == [Status.ACCEPTED]
        assert session.rows("SELECT status, reason FROM reading_decision") == [
            (Status.ACCEPTED, "a burst pipe")
        ]
        assert submit(session, (METER, "2023-07-01", 290)).status[0] == Status.HELD
        decide(session, CLERK, key, Status.REJECTED, "the photo shows 160", NOW)
        with pytest.raises(ReadingUnknown):
            decide(session, CLERK, key._replace(day=key.day + 1), Status.ACCEPTED, "x", NOW)
        with pytest.raises(ReadingUnknown):
            decide(session, CLERK, key._replace(account_id=8 << 28 | 1), Status.ACCEPTED, "x", NOW)
    with metered.read() as reader:
        assert list(check_readings(reader, PROVIDER)) == []


def test_a_correction_is_the_next_version(metered: Store) -> None:
    with metered.write() as session:
        row = given((METER, "2023-05-01", 145))
        first = correct(session, CLERK, provider(), row, "misread", NOW)
        again = correct(session, CLERK, provider(), row, "misread", NOW)
        assert (first.status[0], first.version[0]) == (Status.ACCEPTED, 2)
        assert (again.status[0], again.version[0]) == (Status.ACCEPTED, 2)
        with pytest.raises(ReadingUnknown):
            correct(session, CLERK, provider(), given((METER, "2023-05-02", 1)), "x", NOW)
        entries, more = listing(
            session,
            CLERK,
            Wanted(account(1), 0, 0, day("2023-04-01"), day("2023-12-01")),
            None,
            10,
        )
    assert [(e.value, e.version, e.counts, e.usage, e.days) for e in entries] == [
        (145, 2, True, 5, 30),
        (150, 1, False, 0, 0),
        (140, 1, True, 10, 31),
    ]
    assert (more, entries[0].place, entries[0].unit) == (False, "P0", "m3")


def test_pages_of_readings_miss_nothing(metered: Store) -> None:
    with metered.read() as reader:
        wanted, after, found = Wanted(account(1), METER, 1, 1, day("2023-12-01")), None, []
        for _ in range(3):
            page, more = listing(reader, CLERK, wanted, after, 2)
            found += [entry.value for entry in page]
            after = page[-1].position
        assert (found, more) == ([150, 140, 130, 120, 110], False)
        stranger = wanted._replace(account_id=8 << 28 | 1)
        assert listing(reader, CLERK, stranger, None, 2) == ([], False)


def closing(session: Session, window: tuple[str, str], previous: str, of: int = 1):
    agreements = Agreements(ints(account(of)), ints(1), ints(day(previous)), ints(OPEN_DAY))
    days = day(window[0]), day(window[1])
    return determinants(session, account(1), account(4), agreements, days)


def exchanged(store: Store, value: int) -> int:
    """The meter that replaced meter 1, which showed this value."""
    with store.write() as session:
        new = new_meter(session, "B2")
        days = METER, new, day("2023-05-20")
        exchange(desk(session), *days, {1: (value, 0)}, {1: (3, 0)}, Multiplier(20))
    return new


def test_an_exchange_is_atomic_and_bills_both_meters(metered: Store) -> None:
    with pytest.raises(ReadingRefused):
        exchanged(metered, 100)
    new = exchanged(metered, 157)
    with metered.write() as session:
        assert submit(session, (new, "2023-06-01", 4)).status[0] == Status.HELD
        assert submit(session, (METER, "2023-06-01", 160)).findings[0] == Finding.NOT_INSTALLED
    with metered.write() as session:
        key = ReadingKey(account(1), new, 1, day("2023-06-01"))
        decide(session, CLERK, key, Status.ACCEPTED, "seen", NOW)
        found = closing(session, ("2023-05-25", "2023-06-05"), "2023-05-01")
        assert found.usage.usage.tolist() == [7 + 20]
        assert found.usage.flags.tolist() == [UsageFlag.EXCHANGED]
        assert found.periods.this_day.tolist() == [day("2023-06-01")]


def test_a_new_multiplier_holds_from_a_reading_on(metered: Store) -> None:
    with metered.write() as session:
        with pytest.raises(InstallationInvalid):
            change_multiplier(desk(session), METER, 1, day("2023-05-10"), Multiplier(5), None)
        change_multiplier(desk(session), METER, 1, day("2023-05-01"), Multiplier(15, 1), None)
        submit(session, (METER, "2023-06-01", 160))
        found = closing(session, ("2023-06-01", "2023-06-30"), "2023-04-01")
    assert (found.usage.usage.tolist(), found.usage.decimals.tolist()) == ([250], [1])
    assert found.usage.flags.tolist() == [UsageFlag.MULTIPLIER_CHANGED]


# what is done to the stored rows -> the rules that are broken then
DAMAGED = [
    ("UPDATE reading SET version = 2 WHERE day = :day", ["reading_versions"]),
    ("UPDATE installation SET from_day = :day", ["reading_outside"] * 2),
    ("UPDATE reading SET register_no = 2 WHERE day = :day", ["reading_outside"]),
    ("UPDATE installation SET share = 2, share_of = 3", ["share_short"]),
]


@pytest.mark.parametrize(("statement", "rules"), DAMAGED)
def test_verify_finds_damaged_rows(metered: Store, statement: str, rules: list[str]) -> None:
    names = {name: day("2023-03-01") for name in ("day",) if f":{name}" in statement}
    with metered.write() as session:
        session.run(statement, **names)
        assert [f["rule"] for f in check_readings(session, PROVIDER)] == rules


def test_verify_wants_dense_versions(metered: Store) -> None:
    """A corrected reading is well; one whose second version is missing is not."""
    with metered.write() as session:
        for value in (131, 132):
            correct(session, CLERK, provider(), given((METER, "2023-03-01", value)), "misread", NOW)
        assert list(check_readings(session, PROVIDER)) == []
        session.run("UPDATE reading SET version = 7 WHERE version = 2")
        found = list(check_readings(session, PROVIDER))
    assert [f["rule"] for f in found] == ["reading_versions", "decision_orphaned"]
    assert {f["day"] for f in found} == {day("2023-03-01")}


def test_a_shared_meter_is_read_for_all(books: Store) -> None:
    with books.write() as session:
        open_provider(session, 3)
        meter = new_meter(session, "S1")
        for n in (1, 2, 3):
            hang(session, meter, "2023-01-01", 100, of=n, share=Share(n - 1, 1, 3))
        with pytest.raises(InstallationInvalid):
            hang(session, meter, "2023-01-01", 100, of=3, share=Share(1, 1, 3))
        assert submit(session, (meter, "2023-02-01", 110), of=0).status[0] == Status.ACCEPTED
        assert session.row("SELECT COUNT(*) FROM reading") == (6,)
        assert list(check_readings(session, PROVIDER)) == []
        agreements = Agreements(
            ints(account(1), account(2), account(3)),
            ints(1, 1, 1),
            np.full(3, day("2023-01-01")),
            np.full(3, OPEN_DAY),
        )
        days = day("2023-02-01"), day("2023-02-28")
        found = determinants(session, account(1), account(3), agreements, days)
        assert found.usage.usage.tolist() == [3, 3, 4]
        remove(desk(session), meter, day("2023-03-01"), {1: (120, 0)}, account(3))
        assert [f["rule"] for f in check_readings(session, PROVIDER)] == ["share_short"]


def test_a_missing_reading_is_flagged_then_estimated(metered: Store) -> None:
    with metered.write() as session:
        found = closing(session, ("2023-06-01", "2023-06-30"), "2023-05-01")
        assert found.periods.this_day.tolist() == [day("2023-05-01")]
        target = Targets(ints(account(1)), ints(METER), ints(1), ints(day("2023-06-30")))
        # 40 m3 in 120 days, 60 days more: 20
        told = record_estimates(session, CLERK, provider(), target, NOW)
        assert (told.estimates.value[0], told.chain[0]) == (170, 1)
        assert told.methods[told.estimates.method[0]] is Method.RECENT
        assert told.results.status[0] == Status.ESTIMATED
        found = closing(session, ("2023-06-01", "2023-06-30"), "2023-05-01")
        assert found.usage.usage.tolist() == [20]
        assert found.usage.flags.tolist() == [UsageFlag.CLOSING_ESTIMATED]
        later = Targets(ints(account(1)), ints(METER), ints(1), ints(day("2023-07-31")))
        norm = Norms(ints(693), ints(2), ints(3), np.array([False]), Calendar.GREGORIAN)
        told = record_estimates(
            session, CLERK, provider(), later, NOW, [Method.NORM], norm
        )  # 6.93 x 3 x (0 + 31/31 months) = 20.79
        assert (told.estimates.value[0], told.chain[0]) == (191, 2)
        assert submit(session, (METER, "2023-08-31", 180)).status[0] == Status.ACCEPTED
        found = closing(session, ("2023-08-01", "2023-08-31"), "2023-07-31")
        assert found.usage.usage.tolist() == [-11]
        wanted = UsageFlag.NEGATIVE | UsageFlag.OPENING_ESTIMATED
        assert found.usage.flags.tolist() == [wanted]


def test_a_serial_is_one_meter(metered: Store) -> None:
    with metered.write() as session, pytest.raises(MeterExists):
        new_meter(session, "A1", Register(1, "kwh", "kWh", 6, 1))


def test_a_decision_on_a_shared_meter_is_for_all(books: Store) -> None:
    with books.write() as session:
        open_provider(session, 2)
        meter = new_meter(session, "S1")
        for n in (1, 2):
            hang(session, meter, "2023-01-01", 100, of=n, share=Share(n - 1, 1, 2))
        assert submit(session, (meter, "2023-02-01", 90)).status[0] == Status.HELD
        key = ReadingKey(account(2), meter, 1, day("2023-02-01"))
        found = decide(session, CLERK, key, Status.REJECTED, "a wrong meter", NOW)
        assert found.account_id.tolist() == [account(2), account(1)]
        assert session.row("SELECT COUNT(*) FROM reading_decision") == (2,)


def test_an_estimate_as_last_year_goes_on_through_an_exchange(books: Store) -> None:
    with books.write() as session:
        open_provider(session)
        old, new = new_meter(session, "A1"), new_meter(session, "B2")
        hang(session, old, "2022-01-01", 0)
        for on, value in (("2022-07-01", 10), ("2022-08-01", 41), ("2023-01-01", 50)):
            key = ReadingKey(account(1), old, 1, day(on))
            if submit(session, (old, on, value)).status[0] == Status.HELD:
                decide(session, CLERK, key, Status.ACCEPTED, "summer", NOW)
        days = old, new, day("2023-07-01")
        reason = desk(session, "seen")
        exchange(reason, *days, {1: (60, 0)}, {1: (7, 0)}, Multiplier(2))
        target = Targets(ints(account(1)), ints(new), ints(1), ints(day("2023-08-01")))
        told = record_estimates(session, CLERK, provider(), target, NOW, [Method.LAST_YEAR])
        # 31 m3 in the July before; the new dial counts 2 m3: 15.5 of it, rounded up
        assert told.estimates.value[0] == 7 + 16


def test_rejected_readings_may_come_again_when_they_are_right(metered: Store) -> None:
    """A customer's reading outside the window is kept as rejected; the officer's own counts."""
    with metered.write() as session:
        stored = metering_provider(session, PROVIDER)
        row = (METER, "2023-06-01", 160)
        first = submit(session, row, source=Source.CUSTOMER, who=stored)
        second = submit(session, row, source=Source.OFFICER, who=stored)
        third = submit(session, row, source=Source.CUSTOMER, who=stored)
    assert (first.status[0], first.version[0]) == (Status.REJECTED, 1)
    assert (second.status[0], second.version[0]) == (Status.ACCEPTED, 2)
    assert (third.status[0], third.version[0]) == (Status.ACCEPTED, 2)


def _billed_to_15_june(reader: Reader, account_id: Ints, agreement_no: Ints, days: Ints) -> Bools:
    assert (account_id.tolist(), agreement_no.tolist()) == ([account(1)] * 2, [1, 1])
    return days <= day("2023-06-15")


def test_days_that_are_billed_are_not_changed_unseen(metered: Store) -> None:
    with metered.write() as session:
        rows = given((METER, "2023-06-01", 160), (METER, "2023-06-16", 165))
        found = record(session, CLERK, provider(), rows, NOW, _billed_to_15_june)
    assert found.status.tolist() == [Status.HELD, Status.ACCEPTED]
    assert found.findings.tolist() == [Finding.BEFORE_BILLED, 0]


@pytest.mark.parametrize("seed", range(6))
def test_a_batch_in_any_cut_is_the_same(books: Store, seed: int) -> None:
    """Readings of several registers, sent at once or day by day, end as the same rows."""
    random = np.random.default_rng(seed)
    days = [f"2023-{month:02}-01" for month in range(2, 11)]
    steps = random.choice(
        [0, 1, 10, 11, 12, 90, -5], size=(3, len(days)), p=[0.1] * 3 + [0.2] * 2 + [0.2, 0.1]
    )
    dials = 99_950 + steps.cumsum(axis=1)
    with books.write() as session:
        open_provider(session, 3)
        meters = [new_meter(session, f"M{n}") for n in range(3)]
        for n, meter in enumerate(meters):
            hang(session, meter, "2023-01-01", 99_950, of=n + 1)
        rows = [
            (meters[n], on, int(dials[n, at]) % 100_000)
            for at, on in enumerate(days)
            for n in range(3)
        ]
        for row in rows:
            submit(session, row, of=0)
        one_by_one = session.rows(ROWS)
        session.run("DELETE FROM reading WHERE day > :day", day=day("2023-01-01"))
        submit(session, *(rows[n] for n in random.permutation(len(rows))), of=0)
        assert session.rows(ROWS) == one_by_one


ROWS = """SELECT account_id, meter_id, day, version, value, status, findings FROM reading
ORDER BY account_id, meter_id, day, version"""
