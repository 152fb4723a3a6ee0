"""Pages as the bytes of a receipt printer, in the commands of Epson's ESC/POS that all makers have.

Text goes as characters where the code page of its language has every one of them and one character
is one column; else the whole page goes as a picture, one bit a dot. QR codes of a page of text are
drawn by the printer itself.

    ESC @      as it was switched on        ESC a n    0 left, 1 centred
    ESC t n    code page                    ESC E n    1 bold, 0 not
    GS ( k     QR code: model, size, level, store, print
    GS v 0     picture                      GS V 66 n  feed n, cut
"""

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from billcore.core.documents.blocks import Mark, Page, Pair, Qr, Title
from billcore.core.documents.text import as_text

ESC, GS = b"\x1b", b"\x1d"
RESET = ESC + b"@"
LEFT, CENTRED = ESC + b"a\x00", ESC + b"a\x01"
BOLD, PLAIN = ESC + b"E\x01", ESC + b"E\x00"
CUT = GS + b"VB\x03"

CODE_PAGES = {"en": ("cp437", 0), "ru": ("cp866", 17)}
"""Python's name and Epson's number of the code page of a language; of others a picture is sent."""

SUBSTITUTES = str.maketrans(
    {"\u00a0": " ", "–": "-", "—": "-", "«": '"', "»": '"', "³": "3", "’": "'"}
)
"""Signs that code pages lack, and what stands for them."""

BAND_ROWS = 255
"""Rows of a picture that are sent at a time: printers hold little."""

QR_DOTS = 6
"""Dots of a printer to a module: 0.75 mm at 8 dots a millimetre."""

Dots = npt.NDArray[np.bool_]


def as_characters(page: Page, columns: int) -> bytes | None:
    """A page as characters; None: the code page of its language lacks one of them."""
    if page.language not in CODE_PAGES:
        return None
    codec, number = CODE_PAGES[page.language]
    found = RESET + ESC + b"t" + bytes([number])
    try:
        for block in page.blocks:
            found += _block(block, page, columns, codec)
    except UnicodeEncodeError:
        return None
    return found + CUT


def _block(block: object, page: Page, columns: int, codec: str) -> bytes:
    if isinstance(block, Qr):
        caption = block.caption.translate(SUBSTITUTES).encode(codec)
        return CENTRED + qr(block.payload) + b"\n" + caption + b"\n" + LEFT
    told = as_text(Page(page.title, page.language, page.rtl, (block,)), columns)  # type: ignore[arg-type]
    text = told.translate(SUBSTITUTES).encode(codec)
    strong = isinstance(block, Title | Mark) or (isinstance(block, Pair) and block.strong)
    return BOLD + text + PLAIN if strong else text


def qr(payload: str) -> bytes:
    """The commands that draw a QR code of model 2 at level M."""
    data = payload.encode()
    commands = (b"1A2\x00", b"1C" + bytes([QR_DOTS]), b"1E1", b"1P0" + data, b"1Q0")
    return b"".join(GS + b"(k" + len(body).to_bytes(2, "little") + body for body in commands)


def as_picture(dots: Dots) -> bytes:
    """Black dots, rows from the top, as a picture over the whole width of the paper."""
    return RESET + b"".join(_bands(dots)) + CUT


def _bands(dots: Dots) -> Iterator[bytes]:
    packed = np.packbits(dots, axis=1)
    across = packed.shape[1].to_bytes(2, "little")
    for first in range(0, len(packed), BAND_ROWS):
        band = packed[first : first + BAND_ROWS]
        yield GS + b"v0\x00" + across + len(band).to_bytes(2, "little") + band.tobytes()
