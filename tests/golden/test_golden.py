"""Every published bill, to the last digit, through the reference evaluator."""

from collections.abc import Mapping

import pytest

from tests.golden import mapping, mapping_k_to_z
from tests.golden.harness import Case, Golden, Run, differences, golden_files, rated, run_of
from tests.golden.not_tariffs import NOT_TARIFFS

MAPPINGS: Mapping[str, tuple[Case, ...]] = {**mapping.MAPPINGS, **mapping_k_to_z.MAPPINGS}
FILES, CASES = 49, 270
GOLDENS = [golden for file in golden_files().values() for golden in file]


def is_tariff(golden: Golden) -> bool:
    return (golden.file, golden.name) not in NOT_TARIFFS


def runs() -> list[Run]:
    """Every golden case that a tariff states, for any engine."""
    return [run_of(golden, MAPPINGS[golden.file]) for golden in GOLDENS if is_tariff(golden)]


@pytest.mark.parametrize("golden", list(filter(is_tariff, GOLDENS)), ids=lambda golden: golden.id)
def test_published_bill(golden: Golden) -> None:
    assert not list(differences(run_of(golden, MAPPINGS[golden.file])))


def test_no_case_is_lost() -> None:
    assert len(golden_files()) == FILES
    assert len(GOLDENS) == len({(g.file, g.name) for g in GOLDENS}) == CASES
    assert len(runs()) + len(NOT_TARIFFS) == CASES


def test_every_case_checks_something() -> None:
    assert all(golden.lines or golden.total is not None for golden in GOLDENS)
    assert all(run.figures for run in runs())


def test_not_tariffs_are_cases() -> None:
    assert NOT_TARIFFS.keys() <= {(g.file, g.name) for g in GOLDENS}
    assert {owner for owner, _ in NOT_TARIFFS.values()} <= {
        "collections",
        "ledger",
        "metering",
        "payments",
    }


def test_every_mapping_is_used() -> None:
    """No mapping is dead: each takes a case."""
    assert not mapping.MAPPINGS.keys() & mapping_k_to_z.MAPPINGS.keys()
    assert MAPPINGS.keys() <= golden_files().keys()
    for file, cases in MAPPINGS.items():
        inputs = [golden.inputs for golden in filter(is_tariff, golden_files()[file])]
        taken = {next(n for n, case in enumerate(cases) if case.when(i)) for i in inputs}
        assert taken == set(range(len(cases))), file


def test_books_balance() -> None:
    """Counted lines, the generated rounding line and the carries are the total."""
    for run in runs():
        for figures in rated(run):
            bill = figures.rated
            counted = sum(line.posted for line in bill.lines.values() if line.line.counts)
            around = bill.rounding_posted + bill.carried_in - bill.carried_out
            assert counted + around == bill.total_posted, run.golden.id
