"""Documents as PDF and as bytes of receipt printers: what is in them; they never differ."""

import hashlib
import json
import subprocess
import sys
import warnings
from dataclasses import replace

import numpy as np
import pypdfium2
import pytest

from billcore.core.documents import codes2d, escpos
from billcore.core.documents.blocks import Page, Pair, Qr
from billcore.core.documents.layouts import page
from billcore.core.documents.typesetting import ROLL58, ROLL80, as_dots, as_pdf
from billcore.core.documents.wording import LANGUAGES
from tests.documents_world import MAKERS, WORDINGS, bill, receipt, statement


def laid_out(kind, language):
    return page(MAKERS[kind](language), WORDINGS[language])


def extracted(pdf):
    """The text of every page."""
    document = pypdfium2.PdfDocument(pdf)
    return "\n".join(one.get_textpage().get_text_range() for one in document)


READ = {
    "en": ("Ann O'Neill", "Solar credit", "-2.50", "45.77 USD"),
    "fa": ("۳۶۲", "٬۳۴۴", "۱۳۹۷/۰۸/۱۵", "7748317800142"),
    "ru": ("Иванов Пётр Сергеевич", "Холодное водоснабжение", "1\u00a0540,38 руб."),
    "vi": ("Nguyễn Thị Hồng Đào", "107,3 kWh × 1.869,6", "320.017 đ"),
    "zh": ("滨江供电公司", "第一档电费", "164.88 元"),
}
"""What is found in the text of a bill; figures are those of `documents_world`."""


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_text_of_a_pdf_is_what_the_bill_says(language):
    """Readers, searches and screen readers get the characters, not only shapes."""
    text = extracted(as_pdf(laid_out("bill", language))).replace("\r\n", "\n")
    for told in READ[language]:
        assert told in text or told.replace("\u00a0", " ") in text, told


def test_persian_words_can_be_extracted():
    """Letters come back as letters, not as the shapes that they are joined in."""
    text = extracted(as_pdf(laid_out("bill", "fa")))
    for word in ("مریم", "کریمی", "آبونمان"):
        assert word in text or word[::-1] in text
    assert not any("\ufb50" <= letter <= "\ufeff" for letter in text)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", MAKERS)
def test_no_glyph_lacks(kind, language):
    """Every character that is printed has a glyph in the fonts that come along."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        pdf = as_pdf(laid_out(kind, language))
    assert len(pdf) < 100_000  # of fonts of ten megabytes it has what it prints


def test_the_same_page_is_the_same_bytes_in_another_process():
    code = (
        "import hashlib, json\n"
        "from billcore.core.documents.layouts import page\n"
        "from billcore.core.documents.typesetting import as_pdf\n"
        "from tests.documents_world import MAKERS, WORDINGS\n"
        "told = {l: hashlib.sha256(as_pdf(page(MAKERS['receipt'](l), w))).hexdigest()\n"
        "        for l, w in WORDINGS.items()}\n"
        "print(json.dumps(told))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    here = {
        language: hashlib.sha256(as_pdf(laid_out("receipt", language))).hexdigest()
        for language in WORDINGS
    }
    assert json.loads(done.stdout) == here


def test_a_long_statement_goes_over_pages_that_are_numbered():
    one = statement("en")
    long = replace(one, entries=one.entries * 40)
    pdf = as_pdf(page(long, WORDINGS["en"]))
    pages = pypdfium2.PdfDocument(pdf)
    assert len(pages) > 2
    text = pages[1].get_textpage().get_text_range()
    assert f"Page 2 / {len(pages)}" in text
    assert "Balance" in text  # the head of the table stands on every page


# -- receipt printers


@pytest.mark.parametrize(("paper", "dots"), [(ROLL58, 384), (ROLL80, 576)])
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_roll_is_as_wide_as_its_printer(language, paper, dots):
    picture = as_dots(laid_out("receipt", language), paper)
    assert picture.shape[1] == dots
    assert 0.01 < picture.mean() < 0.4  # it is printed on, and not black


@pytest.mark.parametrize("payload", ["https://pay.example/1", "R1/K26/1/128/" + "A" * 150])
def test_a_code_on_a_roll_is_the_code_module_by_module(payload):
    """Every module is the same whole number of dots, so that no printer smears it."""
    picture = as_dots(Page("", "en", rtl=False, blocks=(Qr(payload, ""),)), ROLL58)
    rows, columns = np.nonzero(picture)
    cut = picture[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1]
    modules = np.array(codes2d.matrix(payload))
    size, rest = divmod(cut.shape[0], len(modules))
    assert (size >= 5, rest, cut.shape[0]) == (True, 0, cut.shape[1])
    assert (cut == np.kron(modules, np.ones((size, size), dtype=bool))).all()


def test_russian_and_english_go_as_characters_and_the_rest_as_pictures():
    told = {one: escpos.as_characters(laid_out("receipt", one), 32) for one in LANGUAGES}
    assert {one for one, data in told.items() if data is None} == {"fa", "vi", "zh"}
    assert told["ru"].startswith(b"\x1b@\x1bt\x11")
    assert "Квитанция".upper().encode("cp866") in told["ru"]
    assert "Иванов Пётр Сергеевич".encode("cp866") in told["ru"]
    assert told["en"].endswith(escpos.CUT)


def test_a_name_that_a_code_page_lacks_makes_the_page_a_picture():
    one = bill("en")
    strange = replace(one, payer=replace(one.payer, name="مریم"))
    assert escpos.as_characters(page(one, WORDINGS["en"]), 32)
    assert escpos.as_characters(page(strange, WORDINGS["en"]), 32) is None


def test_a_printer_is_given_the_code_itself():
    """GS ( k: the stored data are the payload with three bytes before it, counted in its head."""
    payload = receipt("en").signed
    data = escpos.as_characters(laid_out("receipt", "en"), 32)
    head = b"\x1d(k" + (len(payload) + 3).to_bytes(2, "little") + b"1P0"
    assert head + payload.encode() in data
    assert data.index(head) < data.index(b"\x1d(k\x03\x001Q0")


def test_a_picture_is_sent_in_bands_that_give_it_back():
    dots = np.random.default_rng(7).random((600, 384)) < 0.2
    data = escpos.as_picture(dots)
    assert data.startswith(escpos.RESET)
    at, found = len(escpos.RESET), []
    while data[at : at + 4] == b"\x1dv0\x00":
        across = int.from_bytes(data[at + 4 : at + 6], "little")
        rows = int.from_bytes(data[at + 6 : at + 8], "little")
        body = np.frombuffer(data[at + 8 : at + 8 + across * rows], dtype=np.uint8)
        found.append(np.unpackbits(body.reshape(rows, across), axis=1))
        at += 8 + across * rows
    assert data[at:] == escpos.CUT
    assert (np.concatenate(found) == dots).all()


def test_strong_values_are_bold_on_characters():
    told = Page("", "en", rtl=False, blocks=(Pair("To pay", "1", strong=True), Pair("a", "b")))
    data = escpos.as_characters(told, 8)
    assert data == b"\x1b@\x1bt\x00\x1bE\x01To pay 1\n\x1bE\x00a      b\n" + escpos.CUT
