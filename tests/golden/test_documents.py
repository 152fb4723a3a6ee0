"""Every document of `tariffs/`: it loads, it checks, it says what it is and where it is from."""

import re
from pathlib import Path

import pytest

from tests.golden.harness import TARIFFS, tariff
from tests.golden.test_golden import MAPPINGS

DOCUMENTS = sorted(TARIFFS.glob("*.yaml"))
SOURCE = re.compile(r"^# Source: \S", re.MULTILINE)


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.stem)
class TestDocument:
    def test_loads_and_checks_under_its_name(self, path: Path) -> None:
        document, analysis = tariff(path.stem)
        assert document.id == path.stem
        assert analysis.lines.keys() == {line.id for line in document.lines}

    def test_names_its_source(self, path: Path) -> None:
        text = path.read_text(encoding="utf-8")
        assert SOURCE.search(text[: text.index("\ntariff: ")])

    def test_says_who_and_what(self, path: Path) -> None:
        document, _ = tariff(path.stem)
        assert document.label
        assert document.services
        assert all(line.label for line in document.lines)


def test_every_tariff_has_a_published_bill() -> None:
    """Only the examples of `test_features` are our own."""
    published = {case.document for cases in MAPPINGS.values() for case in cases}
    assert published == {p.stem for p in DOCUMENTS if not p.stem.startswith("feature-")}


def test_every_file_is_a_document() -> None:
    assert {p.suffix for p in TARIFFS.iterdir() if p.is_file()} <= {".yaml", ".md", ".py"}
