"""Days of a channel on both stores: every line ends in one kind, and what differs is explained."""

import random

import pytest

from billcore.core.payments.codes import TargetKind
from billcore.core.reconciliation.breaks import KINDS, BreakKind, Flag
from billcore.core.reconciliation.checks import days_agree
from billcore.core.reconciliation.computing import BreakState
from tests.payments_world import TODAY
from tests.recon_world import found


@pytest.fixture
def world(books):
    return found(books)


def row(matched, reference):
    """A break by its reference, as a dict."""
    at = matched.breaks["reference"].to_pylist().index(reference)
    return {name: column[at].as_py() if hasattr(column[at], "as_py") else int(column[at])
            for name, column in matched.breaks.items()}  # fmt: skip


def test_a_day_that_agrees(world):
    world.pay("r1", 100)
    world.pay("r2", 50, account=2)
    world.report("a.csv", ("r1", 100), ("r2", 50, "N2"))
    made = world.match()
    assert len(made.breaks["kind"]) == 0
    assert (made.row.ledger_count, made.row.ledger_amount) == (2, 150)
    assert (made.row.report_count, made.row.report_amount) == (2, 150)
    assert (made.row.matched_count, made.row.matched_amount) == (2, 150)
    assert world.broken() == []


def test_every_kind_of_a_day(world):
    """The table of kinds, one line each."""
    for reference, amount in (("same", 10), ("less", 100), ("other", 10), ("ours", 30)):
        world.pay(reference, amount)
    world.pay("undone", 77)
    world.reverse("x1", "undone")
    world.pay("back", 60)
    lines = [
        ("same", 10),
        ("same", 10),
        ("less", 90),
        ("other", 10, "N2"),
        ("theirs", 40),
        ("back", 60),
        ("back", -60),
    ]
    world.report("a.csv", *lines)
    made = world.match(today=TODAY + 2)
    found_ = {
        (reference, flags & Flag.REVERSAL): (kind, ours - theirs)
        for reference, flags, kind, ours, theirs in zip(
            made.breaks["reference"].to_pylist(),
            made.breaks["flags"].tolist(),
            made.breaks["kind"].tolist(),
            made.breaks["ledger_amount"].tolist(),
            made.breaks["report_amount"].tolist(),
            strict=True,
        )
    }
    assert found_ == {
        ("same", 0): (BreakKind.DUPLICATE_IN_REPORT, -10),
        ("less", 0): (BreakKind.AMOUNT_DIFF, 10),
        ("other", 0): (BreakKind.WRONG_ACCOUNT, 0),
        ("theirs", 0): (BreakKind.LATE_ARRIVING, -40),
        ("back", Flag.REVERSAL): (BreakKind.REVERSED_BY_CHANNEL, 60),
        ("ours", 0): (BreakKind.NOT_IN_REPORT, 30),
    }
    assert made.row.cancelled_count == 2  # `undone` and what undid it
    assert (made.row.ledger_amount, made.row.report_amount) == (210, 160)
    assert made.row.break_amount == 50
    assert made.row.matched_count == 2
    assert world.broken() == []


def test_in_transit_until_the_days_are_over(world):
    world.pay("r1", 10)
    assert world.breaks() == {"": BreakKind.IN_TRANSIT}  # of the whole day: there is no report
    assert world.breaks(today=TODAY + 2) == {"": BreakKind.REPORT_MISSING}
    world.report("a.csv", day=TODAY)
    assert world.breaks(today=TODAY + 1) == {"r1": BreakKind.IN_TRANSIT}
    assert world.breaks(today=TODAY + 2) == {"r1": BreakKind.NOT_IN_REPORT}
    assert world.broken() == []


def test_a_payment_that_the_report_of_another_day_tells(world):
    """It belongs to the day of its report, with a flag; to no other day."""
    world.pay("late", 10, seconds=48_000)
    world.report("a.csv", day=TODAY)
    assert world.breaks() == {"late": BreakKind.IN_TRANSIT}
    world.report("b.csv", ("late", 10), day=TODAY + 1)
    made = world.match(TODAY + 1)
    assert (made.row.matched_count, made.row.date_diff_count) == (1, 1)
    again = world.match()
    assert row(again, "late")["state"] == BreakState.RESOLVED
    assert (again.row.ledger_count, again.row.break_count) == (0, 0)
    assert world.broken() == []


def test_a_line_that_the_day_before_told_is_a_duplicate(world):
    world.pay("r1", 10)
    world.report("a.csv", ("r1", 10))
    world.report("b.csv", ("r1", 10), day=TODAY + 1)
    assert world.breaks() == {}
    assert world.breaks(TODAY + 1) == {"r1": BreakKind.DUPLICATE_IN_REPORT}
    assert world.broken() == []


def test_a_line_of_long_ago_is_told_again(world):
    """Also where the days between are more than those that are looked at anyway."""
    world.pay("r1", 10)
    world.report("a.csv", ("r1", 10))
    world.report("b.csv", ("r1", 10), day=TODAY + 30)
    assert world.breaks(TODAY + 30) == {"r1": BreakKind.DUPLICATE_IN_REPORT}


def test_of_lines_with_one_reference_the_one_with_our_amount_counts(world):
    world.pay("r1", 10)
    world.report("a.csv", ("r1", 11), ("r1", 10), ("r1", 12))
    made = world.match()
    kinds = made.breaks["kind"].tolist()
    assert kinds == [BreakKind.DUPLICATE_IN_REPORT] * 2
    assert sorted(made.breaks["report_amount"].tolist()) == [11, 12]


def test_documents_pair_where_references_differ(world):
    """A channel off line: what was paid, amount and day; only where the terms say so."""
    world.pay("ours-1", 10)
    world.pay("ours-2", 10)
    world.pay("ours-3", 20)
    world.report("a.csv", ("theirs-1", 10), ("theirs-2", 10), ("theirs-3", 21))
    assert len(world.breaks()) == 6
    world.terms('{"time_zone": "UTC", "match_documents": true}', revision=1)
    assert world.breaks() == {"ours-3": BreakKind.IN_TRANSIT, "theirs-3": BreakKind.LATE_ARRIVING}


def test_another_account(world):
    """A target that is written otherwise is looked up before it is called another account."""
    world.pay("r1", 10)
    world.report("a.csv", ("r1", 10, "N2"))
    assert world.breaks() == {"r1": BreakKind.WRONG_ACCOUNT}
    assert row(world.match(), "r1")["target"] == "N2"


def test_another_account_of_a_bill(world):
    """Whatever the payment named; a line that names the same account otherwise is no break."""
    bill = world.bill(10, TODAY, count=2)
    world.pay("r1", 10, target_kind=TargetKind.BILL, target=str(bill))
    world.terms('{"time_zone": "UTC", "target_kind": "bill"}', revision=1)
    other = world.bill(10, TODAY, ordinal=1, count=2)
    world.report("a.csv", ("r1", 10, str(other)))
    assert world.breaks() == {}
    third = world.bill(10, TODAY, count=3)
    world.report("a.csv", ("r1", 10, str(third)), replaces=True)
    assert world.breaks() == {"r1": BreakKind.WRONG_ACCOUNT}


def test_matching_again_is_the_same_and_keeps_the_age(world):
    world.pay("r1", 10)
    world.report("a.csv", ("r2", 5))
    first = world.match()
    later = world.at(3_600)
    again = later.match()
    assert again.row.digest == first.row.digest
    assert again.row.match_no == first.row.match_no + 1
    assert row(again, "r1") == row(first, "r1")
    changed = later.match(today=TODAY + 2)
    assert row(changed, "r1")["kind"] == BreakKind.NOT_IN_REPORT
    assert row(changed, "r1")["opened_at"] == world.now
    assert row(changed, "r1")["changed_at"] == later.now
    assert row(changed, "r2") == row(first, "r2")


def test_a_file_makes_days_stale(world):
    world.report("a.csv", ("r1", 10))
    world.match()
    world.report("b.csv", ("r2", 10))
    with world.store.read() as reader:
        assert list(days_agree(reader, 1)) == []
        (stale,) = reader.rows("SELECT stale FROM recon_day")
    assert int(stale[0]) == 1
    world.match()
    assert world.broken() == []
    with world.store.write() as session:
        session.run("UPDATE recon_day SET ledger_amount = ledger_amount + 1")
    with world.store.read() as reader:
        assert len(list(days_agree(reader, 1))) == 1


def test_several_reports_of_a_day(world):
    """Are one; a report that was replaced does not count."""
    world.pay("r1", 10)
    world.pay("r2", 20)
    world.report("a.csv", ("r1", 11))
    world.report("b.csv", ("r2", 20))
    assert world.breaks() == {"r1": BreakKind.AMOUNT_DIFF}
    world.report("a.csv", ("r1", 10), replaces=True)
    assert world.breaks() == {}
    assert world.broken() == []


def test_every_kind_has_a_meaning(world):
    assert set(KINDS) == set(BreakKind)
    assert list(KINDS)[-1] == BreakKind.MATCHED


# -- any mix, in any order


def mixed(rng):
    """(payments, lines, what must come of it) of a day that went wrong in many ways."""
    paid, lines, wanted = [], [], {}
    for number in range(rng.randint(1, 25)):
        reference, amount = f"r{number}", rng.randint(10, 99)
        account = rng.randint(1, 3)
        fate = rng.choice(["fine", "fine", "missing", "late", "altered", "doubled", "other"])
        if fate != "late":
            paid.append((reference, amount, account))
        line = (reference, amount, f"N{account}")
        if fate == "missing":
            wanted[reference] = BreakKind.NOT_IN_REPORT
            continue
        if fate == "altered":
            wanted[reference] = BreakKind.AMOUNT_DIFF
            line = (reference, amount + rng.choice([-1, 1]), f"N{account}")
        if fate == "other":
            wanted[reference] = BreakKind.WRONG_ACCOUNT
            line = (reference, amount, f"N{account % 3 + 1}")
        if fate == "late":
            wanted[reference] = BreakKind.LATE_ARRIVING
        lines.append(line)
        if fate == "doubled":
            wanted[reference] = BreakKind.DUPLICATE_IN_REPORT
            lines.append(line)
    return paid, lines, wanted


@pytest.mark.parametrize("seed", range(4))
def test_any_mix_in_any_order(world, seed):
    """Ends with the right breaks; loading twice changes nothing; files may be cut anyhow."""
    rng = random.Random(seed)
    paid, lines, wanted = mixed(rng)
    rng.shuffle(paid)
    for reference, amount, account in paid:
        world.pay(reference, amount, account, seconds=rng.randint(0, 40_000))
    for attempt in range(2):
        rng.shuffle(lines)
        cut = rng.randint(0, len(lines))
        replaces = {"replaces": bool(attempt)}
        for name, part in (("a.csv", lines[:cut]), ("b.csv", lines[cut:])):
            sent = [*part, (f"only {name} {attempt}", 7)]
            done = world.report(name, *sent, **replaces)
            again = world.report(name, *sent, **replaces)
            assert again.repeated
            assert again.row == done.row
        late = [f"only {name} {attempt}" for name in ("a.csv", "b.csv")]
        expected = wanted | dict.fromkeys(late, BreakKind.LATE_ARRIVING)
        assert world.breaks(today=TODAY + 2) == expected
        assert world.broken() == []
