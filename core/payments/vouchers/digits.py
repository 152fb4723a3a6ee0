"""Check digits of serials and secrets: the algorithm of Damm.

It catches every wrong digit and every swap of neighbours (H. M. Damm, "Total anti-symmetrische
Quasigruppen", Marburg 2004), with ten digits and no letter.
"""

TABLE = (
    (0, 3, 1, 7, 5, 9, 8, 6, 4, 2),
    (7, 0, 9, 2, 1, 5, 4, 8, 6, 3),
    (4, 2, 0, 6, 8, 7, 1, 3, 5, 9),
    (1, 7, 5, 0, 9, 8, 3, 4, 2, 6),
    (6, 1, 2, 3, 0, 4, 5, 9, 7, 8),
    (3, 6, 7, 4, 2, 0, 9, 5, 8, 1),
    (5, 8, 6, 9, 7, 2, 0, 1, 3, 4),
    (8, 9, 4, 5, 3, 6, 2, 0, 1, 7),
    (9, 4, 3, 8, 6, 1, 7, 2, 0, 5),
    (2, 5, 8, 1, 4, 3, 6, 7, 9, 0),
)
"""A totally anti-symmetric quasigroup of order 10 with zeros on its diagonal."""


def check_digit(digits: str) -> str:
    """The digit to put behind these."""
    return str(_interim(digits))


def is_checked(digits: str) -> bool:
    """Whether the last digit is right for those before it."""
    return _interim(digits) == 0


def _interim(digits: str) -> int:
    interim = 0
    for digit in digits:
        interim = TABLE[interim][int(digit)]
    return interim
