"""QR codes (ISO/IEC 18004) of payloads as matrices and pictures."""

import segno


def matrix(payload: str) -> tuple[tuple[bool, ...], ...]:
    """The modules of a code at level M, dark ones true, with no margin."""
    made = segno.make_qr(payload, error="m", boost_error=False)
    return tuple(tuple(bool(module) for module in row) for row in made.matrix)


def svg(payload: str) -> str:
    """The code as a picture of one unit a module, with the margin of four modules it needs."""
    made = segno.make_qr(payload, error="m", boost_error=False)
    return str(made.svg_inline(border=4, omitsize=True, svgclass=None, lineclass=None))
