"""Three sides on both stores: any mix of lines and credits that are missing, doubled, altered or
late, in any order, ends with the right breaks; the sums of all sides are explained."""

import random
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import ROUND_HALF_UP, Decimal

import pytest

from billcore.core.reconciliation.breaks import BreakKind
from billcore.core.reconciliation.computing import BreakState
from tests.payments_world import SECOND, TODAY
from tests.recon_world import Credit, found, midnight

FIRST = TODAY - 30
DAYS = 4
TERMS = '{"fees": {"fixed": 1, "per_10000": 150, "least": 2}, "bank_text": "KIOSK AG"}'

FATES = ("fine", "fine", "fine", "missing", "late", "altered", "doubled")
PAID = ("paid", "paid", "late", "never", "short")


@dataclass
class Day:
    """What happened on a day: payments, lines, which breaks, and what the bank should have."""

    day: int
    batch: str
    payments: list[tuple[str, int]] = field(default_factory=list)
    lines: list[tuple[str, int]] = field(default_factory=list)
    wanted: dict[str, BreakKind] = field(default_factory=dict)
    gross: int = 0
    fee: int = 0
    paid: str = "paid"

    @property
    def net(self) -> int:
        return self.gross - self.fee


def fee_of(amount: int) -> int:
    """By the terms, in another arithmetic."""
    share = (Decimal(amount) * 150 / 10_000).quantize(Decimal(1), ROUND_HALF_UP)
    return max(1 + int(share), 2)


def drawn(rng, number):
    """A day; its amounts are apart from those of other days, so that its net is its own."""
    made = Day(FIRST + number, rng.choice(["", f"B{number}"]))
    for count in range(rng.randint(1, 8)):
        reference, amount = f"d{number}r{count}", rng.randint(50, 90) * 10**number
        fate = rng.choice(FATES)
        told = amount + rng.choice([-1, 1]) if fate == "altered" else amount
        if fate != "late":
            made.payments.append((reference, amount))
        if fate != "missing":
            made.lines += [(reference, told)] * (2 if fate == "doubled" else 1)
            made.gross += told
            made.fee += fee_of(told)
        kind = {
            "missing": BreakKind.NOT_IN_REPORT,
            "late": BreakKind.LATE_ARRIVING,
            "altered": BreakKind.AMOUNT_DIFF,
            "doubled": BreakKind.DUPLICATE_IN_REPORT,
        }.get(fate)
        if kind:
            made.wanted[reference] = kind
    # What names its batch may differ; what is known by its amount does not.
    made.paid = rng.choice(PAID if made.batch else PAID[:-1]) if made.lines else "never"
    return made


def credits_of(rng, day):
    """What the bank credits of a day, in one sum or, of a batch, in two."""
    if day.paid == "never" or day.net <= 0:
        return []
    at = day.day + 1 + (7 if day.paid == "late" else rng.randint(0, 1))
    amount = day.net - (rng.randint(1, 5) if day.paid == "short" else 0)
    told = {"batch": day.batch, "text": "" if day.batch else "from KIOSK AG"}
    if day.batch and amount > 2 and rng.random() < 0.5:
        part = rng.randint(1, amount - 1)
        return [Credit(part, at, **told), Credit(amount - part, at + 1, **told)]
    return [Credit(amount, at, **told)]


def report(world, day, name, lines):
    """A part of a day's report, twice: the second time changes nothing."""
    head = "reference,paid_at,target,amount,batch"
    at = midnight() // SECOND + (day.day - TODAY) * 86_400 + 3_600
    time = f"{datetime.fromtimestamp(at, UTC):%Y-%m-%dT%H:%M:%S}"
    rows = [f"{reference},{time},N1,{amount},{day.batch}" for reference, amount in lines]
    sent = "\n".join([head, *rows, ""]).encode()
    done = world.send(f"{day.day} {name}", sent, day=day.day)
    assert world.send(f"{day.day} {name}", sent, day=day.day).row == done.row


def statement(world, name, credits):
    done = world.bank(name, *credits)
    assert world.bank(name, *credits).row == done.row


def acts(rng, world, days, credits):
    """All files, each cut anyhow, and people who match and treat meanwhile, in any order."""
    made = []
    for day in days:
        lines = [*day.lines]
        rng.shuffle(lines)
        cut = rng.randint(0, len(lines))
        for name, part in (("a", lines[:cut]), ("b", lines[cut:])):
            made.append(lambda day=day, name=name, part=part: report(world, day, name, part))
        made.append(lambda day=day: world.match(day.day))
    rng.shuffle(credits)
    for start in range(0, len(credits), 2):
        part = credits[start : start + 2]
        made.append(lambda start=start, part=part: statement(world, f"s{start}", part))
    for credit in rng.sample(credits, min(3, len(credits))):
        made.append(lambda day=credit.day: world.bank_day(day))
        made.append(lambda day=credit.day: world.treat(day, "main"))
    rng.shuffle(made)
    return made


def stands(matched):
    """(kind, what it differs by) of the breaks that stand, counted."""
    found_ = matched.breaks
    names = ("kind", "ledger_amount", "report_amount", "state")
    rows = zip(*(found_[name].tolist() for name in names), strict=True)
    return Counter((kind, a - b) for kind, a, b, state in rows if state != BreakState.RESOLVED)


@pytest.mark.parametrize("seed", range(6))
def test_any_mix_of_three_sides_in_any_order(books, seed):
    rng = random.Random(seed)
    world = found(books)
    world.settle_terms(TERMS)
    days = [drawn(rng, number) for number in range(DAYS)]
    unknown = [
        Credit(rng.randint(1, 9), FIRST + rng.randint(0, 9), rng.choice(["Ada", "Bob"]))
        for _ in range(rng.randint(0, 3))
    ]
    credits = [one for day in days for one in credits_of(rng, day)]
    for day in days:
        for reference, amount in day.payments:
            world.pay(reference, amount, seconds=3_600 + (day.day - TODAY) * 86_400)
    for act in acts(rng, world, days, credits + unknown):
        act()

    # The books and the reports.
    for day in days:
        breaks = world.breaks(day.day)
        assert {name: kind for name, kind in breaks.items() if name} == day.wanted
        made = world.match(day.day)
        row = made.row
        assert row.ledger_amount == sum(amount for _, amount in day.payments)
        assert row.report_amount == sum(amount for _, amount in day.lines)
        assert row.ledger_amount == row.report_amount + sum(
            difference * count for (_, difference), count in stands(made).items()
        )

    # The reports and the bank.
    funded = [day for day in days if day.paid != "never" and day.net > 0]
    every = range(FIRST, FIRST + 30)
    for day in every:
        world.bank_day(day)
        world.treat(day, "main")
    matched = {day: world.bank_day(day) for day in every}
    assert sum(one.row.report_amount for one in matched.values()) == sum(
        one.amount for one in credits + unknown
    )
    wanted = Counter(
        (BreakKind.REPORTED_UNFUNDED, day.net) for day in days if day not in funded and day.net > 0
    )
    short = Counter(
        (BreakKind.FEE_DIFF, day.net - sum(c.amount for c in credits if c.batch == day.batch))
        for day in days
        if day.paid == "short" and day in funded
    )
    total = Counter()
    for one in matched.values():
        total += stands(one)
        assert one.row.ledger_amount == one.row.report_amount + one.row.break_amount
    assert total == wanted + short
    explained = sum(difference * count for (_, difference), count in total.items())
    expected = sum(day.net for day in days if day.net > 0) + sum(one.amount for one in unknown)
    assert expected == sum(one.amount for one in credits + unknown) + explained

    # The ledger.
    trial = world.trial()
    fees = sum(day.fee for day in funded)
    assert trial.get("bank:main", 0) == sum(one.amount for one in credits + unknown)
    assert trial.get("channel_fees:kiosk", 0) == fees
    assert trial.get("suspense", 0) == -sum(one.amount for one in unknown)
    paid = sum(amount for day in days for _, amount in day.payments)
    clearing = paid - fees - sum(one.amount for one in credits)
    assert trial.get("channel_clearing:kiosk", 0) == clearing
    assert world.broken() == []

    # Once more, nothing changes.
    before = {day: one.row.digest for day, one in matched.items()}
    assert {day: world.bank_day(day).row.digest for day in every} == before
    assert world.trial() == trial
