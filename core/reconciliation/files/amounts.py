"""Amounts as files write them, as integers of minor units: nothing is rounded."""

import re
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from billcore.core.accounts.attributes import scaled
from billcore.core.accounts.checks import Bools, Ints

AMOUNT_MAX = 10**14
"""A line is of at most so many minor units: a file sums to what 64 bits hold."""

_PLAIN = re.compile(r"([0-9]{1,15})(?:\.([0-9]{1,9}))?", re.ASCII)
"""What most files write: digits, and decimals behind a point."""

_SPACES = " \u00a0\u202f"


@dataclass(frozen=True, slots=True)
class AmountForm:
    """How amounts are written. decimals: at most so many that are not 0."""

    decimal_mark: str
    thousands_mark: str
    decimals: int

    @property
    def told(self) -> str:
        """The form in words."""
        least = f", at most {self.decimals} decimals behind {self.decimal_mark!r}"
        return f"digits{least if self.decimals else ''}, below {AMOUNT_MAX // 10**self.decimals}"

    def one(self, text: str) -> int | None:
        """Minor units of one text; None: it is no amount of this form.

        As `read`, which costs as much for one text as for a thousand.
        """
        found = _PLAIN.fullmatch(text) if self.decimal_mark == "." else None
        if found is not None:
            decimals = found.group(2) or ""
            if len(decimals) <= self.decimals:
                value = int(found.group(1) + decimals.ljust(self.decimals, "0"))
                return value if value <= AMOUNT_MAX else None
        values, bad = self.read(pa.array([text], pa.string()))
        return None if bad[0] else int(values[0])

    def read(self, texts: pa.StringArray) -> tuple[Ints, Bools]:
        """Minor units, and which texts are no amounts of this form."""
        plain = pc.utf8_trim_whitespace(texts)
        bad = np.zeros(len(plain), dtype=np.bool_)
        if self.thousands_mark:
            marks = _SPACES if self.thousands_mark == " " else self.thousands_mark
            for mark in marks:
                plain = pc.replace_substring(plain, mark, "")
        if self.decimal_mark != ".":
            bad |= np.asarray(pc.match_substring(plain, "."))
            plain = pc.replace_substring(plain, self.decimal_mark, ".")
        plain = pc.replace_substring_regex(plain, r"^\+", "")
        values, odd = scaled(plain, self.decimals)
        return values, bad | odd | (np.abs(values) > AMOUNT_MAX)
