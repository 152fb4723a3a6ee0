"""Digits as people type them: those of Persian (U+06F0) and of Arabic (U+0660) are digits too."""

_LATIN = "0123456789"
_TABLE = str.maketrans("۰۱۲۳۴۵۶۷۸۹٠١٢٣٤٥٦٧٨٩", _LATIN * 2)


def latin_digits(text: str) -> str:
    """The text with Persian and Arabic digits as 0 to 9; as many characters as before."""
    return text.translate(_TABLE)


def first_other(text: str) -> int:
    """The position, from 1, of the first character that is none of 0 to 9; 0: there is none."""
    return next((at for at, c in enumerate(text, 1) if c not in _LATIN), 0)
