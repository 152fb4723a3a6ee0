"""The kernel equals the exact reference, bill by bill and line by line."""

import random
from collections import Counter
from fractions import Fraction
from pathlib import Path as FilePath

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from billcore.core import rating_kernel
from billcore.core.errors import TariffInvalid
from billcore.core.rating_kernel import Level, Path
from billcore.core.tariff.bill import Bill, BillFailed
from billcore.core.tariff.explain.explain import explain
from billcore.core.tariff.explain.recompute import recompute
from billcore.core.tariff.tariff import Tariff
from tests.engines import differences, expected
from tests.random_bills import random_bill
from tests.random_documents import DocumentMaker

DOCUMENTS = sorted((FilePath(__file__).parents[2] / "tariffs").glob("*.yaml"))
EXECUTORS = [(Path.WIDE, None), *((Path.AUTO, level) for level in rating_kernel.levels())]
BILLS = 40


@pytest.fixture(scope="module", params=DOCUMENTS, ids=lambda p: p.stem)
def tariff(request: pytest.FixtureRequest) -> Tariff:
    return Tariff.load(request.param.read_text(), request.param.name)


@pytest.mark.parametrize(("path", "level"), EXECUTORS)
def test_every_document_rates_as_the_reference(
    tariff: Tariff, path: Path, level: Level | None
) -> None:
    """Random bills of a published tariff: every line, the total and the state are equal."""
    rng = random.Random(tariff.id)
    bills = [random_bill(tariff, rng) for _ in range(BILLS)]
    assert list(differences(tariff, bills, level=level, path=path)) == []


def test_an_explanation_bills_itself(tariff: Tariff) -> None:
    """The numbers of an explanation, and nothing else, give the same posted amounts."""
    rng = random.Random(tariff.id)
    for _ in range(10):
        bill = random_bill(tariff, rng)
        try:
            explanation = explain(tariff, bill)
        except BillFailed:
            continue
        again, want = recompute(explanation), expected(tariff, bill).columns
        assert again == {name: want[name] for name in again}


@pytest.mark.parametrize(("path", "level"), EXECUTORS)
def test_an_input_that_can_be_one_number_only(path: Path, level: Level | None) -> None:
    """Nothing is computed of it, and another number is refused all the same."""
    tariff = Tariff.load("""\
tariff: fixed-input
currency: USD
inputs:
  kwh: {kind: quantity, unit: kWh, decimals: 0, max: 100}
  none: {kind: number, decimals: 0, min: 0, max: 0}
  one: {kind: quantity, unit: kWh, decimals: 0, min: 1, max: 1}
versions:
  - from: 2024-01-01
lines:
  - {id: energy, is: kwh + kwh * none + one}
total: {of: all}
""")
    start = tariff.document.versions[0].start
    given = [(5, 0, 1), (5, 1, 1), (5, 0, 0), (0, 0, 1)]
    bills = [
        Bill({"kwh": Fraction(a), "none": Fraction(b), "one": Fraction(c)}, start, start + 30)
        for a, b, c in given
    ]
    assert list(differences(tariff, bills, level=level, path=path)) == []
    totals = [expected(tariff, bill).columns.get("total") for bill in bills]
    assert totals == [600, None, None, 100]


@settings(max_examples=60)
@given(seed=st.integers(0, 10**9))
def test_random_documents_rate_as_the_reference(seed: int) -> None:
    """A document that loads rates equally on every executor; one that does not says where."""
    tariff = _loaded(DocumentMaker(seed).text())
    if isinstance(tariff, TariffInvalid):
        assert all(f.line > 0 and f.message for f in tariff.findings)
        return
    rng = random.Random(seed)
    bills = [random_bill(tariff, rng) for _ in range(12)]
    for path, level in EXECUTORS:
        assert list(differences(tariff, bills, level=level, path=path)) == []


def test_most_random_documents_load() -> None:
    """The generator makes real tariffs: the property above cannot pass by refusing all."""
    loaded = [_loaded(DocumentMaker(seed).text()) for seed in range(60)]
    assert sum(isinstance(tariff, Tariff) for tariff in loaded) >= 25


def _loaded(text: str) -> Tariff | TariffInvalid:
    try:
        return Tariff.load(text)
    except TariffInvalid as error:
        return error


def test_random_bills_hit_the_keys_of_maps() -> None:
    """A number that selects from a map of decimals is mostly one of its keys, each of them."""
    (document,) = [p for p in DOCUMENTS if p.stem == "us-owrs-water-budget"]
    tariff = Tariff.load(document.read_text(encoding="utf-8"))
    rng = random.Random(1)
    drawn = Counter(random_bill(tariff, rng).inputs["meter_inches"] for _ in range(300))
    keys = [Fraction(5, 8), Fraction(1), Fraction(3)]
    assert sum(drawn[key] for key in keys) > 150
    assert min(drawn[key] for key in keys) > 30
