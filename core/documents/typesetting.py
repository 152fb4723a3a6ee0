"""Pages as PDF and as dots of a receipt printer, typeset by Typst with the fonts of packages.

Typst comes with pip, shapes and turns Persian, breaks Chinese, and keeps what of the fonts a page
needs; it reads no font of the machine and no network, so the same page is the same bytes anywhere.
One compiler a thread: it keeps what it has read.
"""

import io
import json
import threading
from collections.abc import Mapping
from dataclasses import asdict
from functools import lru_cache
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import typst
from PIL import Image

from billcore.core.documents import codes2d
from billcore.core.documents.blocks import Block, Page, Qr
from billcore.core.documents.escpos import Dots
from billcore.core.documents.wording import MARKS, labels

DOTS_A_MM = 8
DPI = 203.2
"""Of receipt printers, which have 8 dots a millimetre: 384 on paper of 58 mm, 576 on 80 mm."""

A4, ROLL58, ROLL80 = "a4", "roll58", "roll80"
"""Papers: a page, or a roll as wide as receipt printers print: 48 and 72 mm."""

QR_DOTS_MAX = 352
MODULE_DOTS_MAX = 6
MARGIN_MODULES = 8
"""Of a QR code on both sides together."""

DARK = 160
"""Greys below this are printed: thin strokes stay whole."""

FONT_PACKAGES = ("fontpkg_noto_sans", "fontpkg_ibm_plex_sans_arabic", "pylopdf_fonts_zh_cn")
FONTS = {
    "fa": ("IBM Plex Sans Arabic", "Noto Sans", "Noto Sans SC"),
    "zh": ("Noto Sans SC", "Noto Sans", "IBM Plex Sans Arabic"),
}
"""The fonts of a language in the order in which they are asked for a character."""
OTHER_FONTS = ("Noto Sans", "IBM Plex Sans Arabic", "Noto Sans SC")


def as_pdf(page: Page) -> bytes:
    """A page as PDF on A4."""
    return _compiled(page, A4, "pdf")


def as_dots(page: Page, paper: str) -> Dots:
    """A page as black dots, on a roll."""
    picture = _compiled(page, paper, "png")
    with Image.open(io.BytesIO(picture)) as image:
        grey = np.asarray(image.convert("L"))
    return np.asarray(grey < DARK)


def _compiled(page: Page, paper: str, form: str) -> bytes:
    told = json.dumps(_told(page, paper), ensure_ascii=False)
    made = _compiler().compile(
        input=_template(),
        sys_inputs={"page": told},
        format=form,
        ppi=DPI if form == "png" else None,
    )
    assert isinstance(made, bytes)  # a roll is one picture, however long
    return made


def _told(page: Page, paper: str) -> Mapping[str, Any]:
    """What the template is given."""
    return {
        "title": page.title.translate(MARKS),
        "language": page.language,
        "rtl": page.rtl,
        "paper": paper,
        "fonts": FONTS.get(page.language, OTHER_FONTS),
        "page_word": labels(page.language)["fields"]["page"],
        "blocks": [_block(block) for block in page.blocks],
    }


def _block(block: Block) -> Mapping[str, Any]:
    told = {"is": type(block).__name__.lower(), **asdict(block)}
    if isinstance(block, Qr):
        told |= {"svg": codes2d.svg(block.payload), "width": _qr_width(block.payload)}
    return told


def _qr_width(payload: str) -> str:
    """So wide that every module is the same whole number of a printer's dots."""
    modules = len(codes2d.matrix(payload)) + MARGIN_MODULES
    dots = min(QR_DOTS_MAX // modules, MODULE_DOTS_MAX) * modules
    return f"{dots // DOTS_A_MM}.{dots % DOTS_A_MM * 125:03}mm"


@lru_cache(1)
def _template() -> bytes:
    return files("billcore.core.documents").joinpath("page.typ").read_bytes()


@lru_cache(1)
def _font_folders() -> tuple[str, ...]:
    found = []
    for package in FONT_PACKAGES:
        spec = find_spec(package)
        assert spec is not None, package  # it is a dependency
        assert spec.submodule_search_locations is not None
        found.append(str(Path(spec.submodule_search_locations[0])))
    return tuple(found)


_LOCAL = threading.local()


def _compiler() -> Any:
    if not hasattr(_LOCAL, "compiler"):
        _LOCAL.compiler = typst.Compiler(font_paths=list(_font_folders()), ignore_system_fonts=True)
    return _LOCAL.compiler
