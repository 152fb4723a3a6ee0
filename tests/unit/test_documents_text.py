"""Documents as text, in five languages: kept whole, so that every change of a line is seen."""

from dataclasses import replace
from pathlib import Path

import pytest

from billcore.core.documents.blocks import Page, Pair, Rows
from billcore.core.documents.layouts import page
from billcore.core.documents.text import COLUMNS, as_text, width, wrapped
from billcore.core.documents.wording import LANGUAGES, LRI, MARKS, PDI, RLM, labels, language_of
from tests.documents_world import MAKERS, WORDINGS, bill, long_receipt

KEPT = Path(__file__).parent / "data" / "documents"
EVERY = [(kind, language) for kind in MAKERS for language in LANGUAGES]


def made(kind, language, form="text58"):
    return as_text(page(MAKERS[kind](language), WORDINGS[language]), COLUMNS[form])


@pytest.mark.parametrize(("kind", "language"), EVERY)
@pytest.mark.parametrize("form", COLUMNS)
def test_a_document_is_printed_as_it_was(kind, language, form):
    """The kept text, to the byte. A wanted change: delete the file, run once, read what is new."""
    file = KEPT / f"{kind}.{language}.{form}.txt"
    text = made(kind, language, form)
    if not file.exists():
        file.write_text(text, encoding="utf-8")
        pytest.fail(f"{file.name} was not there: it is written now; read it")
    assert text == file.read_text("utf-8")


@pytest.mark.parametrize(("kind", "language"), EVERY)
@pytest.mark.parametrize(("form", "columns"), COLUMNS.items())
def test_no_line_is_wider_than_the_paper(kind, language, form, columns):
    assert max(map(width, made(kind, language, form).splitlines())) <= columns


@pytest.mark.parametrize("columns", [24, 32, 33, 48])
@pytest.mark.parametrize("language", LANGUAGES)
def test_long_words_and_names_are_broken_and_nothing_is_lost(language, columns):
    """A receipt of twelve digits in words, with a reference of a hundred letters."""
    one = replace(long_receipt(language), reference="#" * 100, channel="站点" * 30)
    told = page(one, WORDINGS[language])
    text = as_text(told, columns)
    assert max(map(width, text.splitlines())) <= columns
    letters = "".join(text.split())
    assert letters.count("#") == 100
    assert letters.translate(MARKS).count("站点") == 30


@pytest.mark.parametrize("kind", MAKERS)
def test_every_line_of_persian_says_its_direction_and_isolates_figures(kind):
    """A line begins with a mark of direction; every figure of an amount stands in an isolate."""
    for line in made(kind, "fa").splitlines():
        assert line.startswith(RLM)
        assert line.count(LRI) == line.count(PDI)
    assert f"{LRI}۳۶۲٬۳۴۴{PDI}" in made("receipt", "fa")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_notice_says_twice_that_it_is_no_receipt(language):
    told = page(MAKERS["notice"](language), WORDINGS[language])
    mark = labels(language)["marks"]["not_a_receipt"]
    assert [block.text for block in told.blocks if type(block).__name__ == "Mark"] == [mark, mark]
    assert labels(language)["fields"]["paid"] not in [
        block.label for block in told.blocks if isinstance(block, Pair)
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_copy_is_marked_with_its_number(language):
    told = made_page(long_receipt(language), language)
    marks = [block.text for block in told.blocks if type(block).__name__ == "Mark"]
    assert marks == [
        WORDINGS[language].mark("copy", 2),
        labels(language)["marks"]["cancelled"],
    ]


def made_page(document, language):
    return page(document, WORDINGS[language])


def test_wide_characters_take_two_columns():
    texts = ("电费", "a电", "ệ", "e\u0323\u0302", "می‌شود", f"{LRI}7{PDI}")
    assert [width(text) for text in texts] == [4, 3, 1, 1, 5, 1]


@pytest.mark.parametrize(
    ("text", "columns", "lines"),
    [
        ("第一档电费，每千瓦时", 8, ["第一档电", "费，每千", "瓦时"]),
        ("第一档电，费", 8, ["第一档", "电，费"]),
        ("a long word", 6, ["a long", "word"]),
        ("abcdefghij", 4, ["abcd", "efgh", "ij"]),
        ("", 4, [""]),
    ],
)
def test_texts_are_broken_between_words_or_wide_characters(text, columns, lines):
    assert wrapped(text, columns) == lines


def test_two_numbers_share_a_line_or_have_their_own():
    rows = Rows(("day", "a", "b"), (("1", "12", "13"), ("2", "1234567890", "1")), numbers=2)
    text = as_text(Page("", "en", rtl=False, blocks=(rows,)), 16)
    assert text.splitlines() == [
        "day", "       a       b", "1", "      12      13", "2", "      1234567890",
        "               1",
    ]  # fmt: skip


def test_every_language_has_the_same_keys():
    """No label, format or currency lacks in a file, and none is empty but names of minor units."""

    def keys(tree, path=""):
        for key, value in tree.items():
            if isinstance(value, dict):
                yield from keys(value, f"{path}{key}.")
            else:
                assert isinstance(value, str), f"{path}{key}"
                assert value or "minor" in key or key == "and", f"{path}{key}"
                yield f"{path}{key}"

    known = {language: set(keys(labels(language))) for language in LANGUAGES}
    for language in LANGUAGES:
        assert known[language] == known["en"]


@pytest.mark.parametrize(
    ("tags", "language"),
    [
        (("zh-Hans",), "zh"),
        (("", "fa"), "fa"),
        (("en-GB", "ru"), "en"),
        (("de",), "en"),
        ((), "en"),
    ],
)
def test_documents_are_worded_in_the_first_language_that_is_known(tags, language):
    assert language_of(*tags) == language


def test_a_day_is_written_in_the_calendar_and_digits_of_the_document():
    day = bill("fa").issued_day
    assert [wording.day(day) for wording in WORDINGS.values()] == [
        f"{LRI}۱۳۹۷/۰۷/۳۰{PDI}", "2018-10-22", "22.10.2018", "22/10/2018", "2018-10-22",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("language", "text", "written"),
    [
        ("en", "-1234567.50", "-1,234,567.50"), ("ru", "1234.5", "1\u00a0234,5"),
        ("vi", "362344", "362.344"), ("zh", "999", "999"), ("en", "0", "0"),
        ("fa", "-1234.5", f"{LRI}-۱٬۲۳۴٫۵{PDI}"),
    ],
)  # fmt: skip
def test_numbers_are_grouped_as_the_language_does(language, text, written):
    assert WORDINGS[language].number(text) == written
