"""Documents in the formats that they are handed over in."""

from enum import IntEnum

from billcore.core.documents import escpos
from billcore.core.documents.facts import Document
from billcore.core.documents.layouts import page
from billcore.core.documents.text import COLUMNS, as_text
from billcore.core.documents.typesetting import ROLL58, ROLL80, as_dots, as_pdf
from billcore.core.documents.wording import Wording


class Format(IntEnum):
    """What a document is rendered as; the numbers travel."""

    TEXT_58 = 1
    TEXT_80 = 2
    ESCPOS_58 = 3
    ESCPOS_80 = 4
    PDF = 5

    @property
    def media_type(self) -> str:
        """As of RFC 6838."""
        if self is Format.PDF:
            return "application/pdf"
        if self in (Format.TEXT_58, Format.TEXT_80):
            return "text/plain; charset=utf-8"
        return "application/vnd.escpos"

    @property
    def suffix(self) -> str:
        """What the name of a file ends with."""
        return {Format.PDF: ".pdf", Format.TEXT_58: ".58.txt", Format.TEXT_80: ".80.txt",
                Format.ESCPOS_58: ".58.bin", Format.ESCPOS_80: ".80.bin"}[self]  # fmt: skip


_ROLLS = {Format.ESCPOS_58: ("text58", ROLL58), Format.ESCPOS_80: ("text80", ROLL80)}


def rendered(document: Document, wording: Wording, form: Format) -> bytes:
    """A document in the words of a language, in a format."""
    told = page(document, wording)
    match form:
        case Format.PDF:
            return as_pdf(told)
        case Format.TEXT_58:
            return as_text(told, COLUMNS["text58"]).encode()
        case Format.TEXT_80:
            return as_text(told, COLUMNS["text80"]).encode()
    columns, roll = _ROLLS[form]
    characters = escpos.as_characters(told, COLUMNS[columns])
    return escpos.as_picture(as_dots(told, roll)) if characters is None else characters
