"""Every published bill through the kernel: each posted figure as the reference has it."""

from functools import lru_cache

import pytest

from billcore.core import rating_kernel
from billcore.core.rating_kernel import Level, Path
from billcore.core.tariff.bill import Bill, cut
from billcore.core.tariff.tariff import Tariff, variant
from tests.engines import differences
from tests.golden.harness import TARIFFS, Run, rated
from tests.golden.test_features import feature_runs
from tests.golden.test_golden import runs

RUNS = [*runs(), *feature_runs()]
EXECUTORS = [(Path.WIDE, None), *((Path.AUTO, level) for level in rating_kernel.levels())]


@lru_cache
def loaded(name: str) -> Tariff:
    path = TARIFFS / f"{name}.yaml"
    return Tariff.load(path.read_text(encoding="utf-8"), path.name)


@pytest.mark.parametrize(("path", "level"), EXECUTORS)
@pytest.mark.parametrize("run", RUNS, ids=lambda run: run.golden.id)
def test_published_bill_through_the_kernel(run: Run, path: Path, level: Level | None) -> None:
    tariff = loaded(run.document.id)
    for figures in rated(run):
        assert list(differences(tariff, [figures.bill], level=level, path=path)) == []


def test_the_fast_path_takes_the_everyday_bills() -> None:
    """Of the published bills, most run as vector programs; the rest say why not by their shape."""
    fast = [run.golden.id for run in RUNS if _is_fast(run)]
    assert len(fast) >= len(RUNS) * 6 // 10, f"{len(fast)} of {len(RUNS)}"


def _is_fast(run: Run) -> bool:
    tariff = loaded(run.document.id)
    return all(_native(tariff, figures.bill) for figures in rated(run))


def _native(tariff: Tariff, bill: Bill) -> bool:
    shape = tuple(variant(tariff.document, bill, s) for s in cut(tariff.document, bill))
    return tariff.program(shape, ("total",)).native.path == "fast"
