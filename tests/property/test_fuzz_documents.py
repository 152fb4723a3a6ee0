"""No text crashes the loader: it loads, or is refused with located findings."""

import random
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from billcore.core.errors import TariffInvalid
from billcore.core.tariff.language import expression
from billcore.core.tariff.tariff import Tariff
from tests.engines import differences
from tests.random_bills import random_bill
from tests.random_documents import DocumentMaker

TEXTS = [
    p.read_text(encoding="utf-8")
    for p in sorted((Path(__file__).parents[2] / "tariffs").glob("*.yaml"))
]
WORDS = (
    "0 -1 1e9 NaN 1/0 if min( bill. [ ] { } : , ' \" &a *a days season yes no % \x00 \u06f1 - ? ---"
).split()
WORDS += [
    "<<: x",
    "!!float 1",
    "round(1, 0, up)",
    "99999999999999999999999",
    "highest(x)",
    "share(share(kwh))",
    "a" * 300,
    "\t",
    "|\n",
]


def refused_or_usable(text: str) -> None:
    """Loads and rates, or is refused with at least one located finding."""
    try:
        tariff = Tariff.load(text, "fuzz.yaml")
    except TariffInvalid as refusal:
        findings = refusal.findings
    else:
        rng = random.Random(0)
        bills = [random_bill(tariff, rng) for _ in range(3)]
        assert list(differences(tariff, bills)) == []
        return
    assert findings
    assert all(f.line >= 1 and f.column >= 1 and f.rule and f.message for f in findings)


@settings(max_examples=150)
@given(data=st.data())
def test_a_published_document_with_a_broken_spot(data: st.DataObject) -> None:
    text = data.draw(st.sampled_from(TEXTS))
    for _ in range(data.draw(st.integers(1, 3))):
        start = data.draw(st.integers(0, len(text)))
        length = data.draw(st.integers(0, 12))
        text = text[:start] + data.draw(st.sampled_from(WORDS)) + text[start + length :]
    refused_or_usable(text)


@settings(max_examples=60)
@given(seed=st.integers(0, 10**6), swaps=st.integers(1, 4))
def test_a_random_document_with_words_exchanged(seed: int, swaps: int) -> None:
    rng = random.Random(seed)
    words = DocumentMaker(seed).text().split(" ")
    for _ in range(swaps):
        i, j = rng.randrange(len(words)), rng.randrange(len(words))
        words[i], words[j] = words[j], words[i]
    refused_or_usable(" ".join(words))


@settings(max_examples=150)
@given(text=st.text(max_size=200))
def test_any_text(text: str) -> None:
    refused_or_usable(text)


@settings(max_examples=300)
@given(text=st.text(alphabet="abkwhdays.[]()+-*/<>=!%,0123456789 '\"if", max_size=80))
def test_any_formula(text: str) -> None:
    """A formula reads, or is refused at a column inside its text."""
    column = 0
    try:
        expression.parse(text)
    except expression.ExpressionError as error:
        column = error.column
    assert 0 <= column <= len(text)
