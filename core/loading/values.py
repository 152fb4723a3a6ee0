"""Texts of a load to values: each different text is read once; what cannot be read refuses its row.

Columns that come as integers are values already. Rules of values are those of the kinds.
"""

import re
from collections.abc import Callable, Sequence
from functools import partial

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from billcore.core.accounts.checks import Checks, Day, Number, Rule, Table, mask
from billcore.core.accounts.errors import FieldRefused
from billcore.core.calendar import Calendar
from billcore.core.errors import TextInvalid, quoted
from billcore.core.metering.exact import Bools, Ints
from billcore.core.store.port import Columns

PART_DIGITS_MAX = 9
"""Digits behind the point of a dial or a multiplier."""

DIGITS_MAX = 18
"""Digits of a dial or a multiplier."""

_WHOLE = re.compile(r"-?[0-9]{1,18}")


def typed(rules: Sequence[Rule], columns: Columns, checks: Checks) -> Table:
    """The columns, with integers where the rules want numbers and days.

    Days are ISO Gregorian texts; an empty text takes the rule's default. OUT: checks refuse the
    rows with texts that cannot be read or stored.
    """
    by_name = {rule.name: rule for rule in rules}
    found: Table = {}
    for name, column in columns.items():
        rule = by_name.get(name)
        if isinstance(column, pa.StringArray):
            _check_storable(name, column, checks)
            if isinstance(rule, Day | Number):
                column = mapped(name, column, partial(_value, rule), checks)
        found[name] = column
    return found


def mapped(name: str, texts: pa.StringArray, parse: Callable[[str], int], checks: Checks) -> Ints:
    """What `parse` makes of each text, 0 of one for which it raises TextInvalid.

    OUT: checks refuse the rows of those.
    """
    encoded = texts.dictionary_encode()
    words = encoded.dictionary.to_pylist()
    values = np.zeros(len(words), dtype=np.int64)
    faults: dict[int, str] = {}
    for place, word in enumerate(words):
        try:
            values[place] = parse(word.strip())
        except TextInvalid as error:
            faults[place] = error.message
    codes = encoded.indices.to_numpy(zero_copy_only=False)
    if faults:
        bad = np.isin(codes, list(faults))
        checks.refuse(bad, FieldRefused, name, lambda row: faults[int(codes[row])])
    found: Ints = values[codes] if len(words) else np.zeros(len(texts), dtype=np.int64)
    return found


def decimal_parts(texts: pa.StringArray) -> tuple[Ints, Ints, Bools]:
    """Plain decimals, not negative, as (value, decimals, which are none): 12.50 is (125, 1).

    At most DIGITS_MAX digits, PART_DIGITS_MAX of them behind the point, zeros at its end aside.
    """
    plain = pc.utf8_trim_whitespace(texts)
    good = pc.match_substring_regex(plain, r"^[0-9]+(\.[0-9]+)?$")
    plain = pc.if_else(good, plain, "0")
    plain = pc.replace_substring_regex(plain, r"^0+([0-9])", r"\1")
    plain = pc.replace_substring_regex(plain, r"(\.[0-9]*?)0+$", r"\1")
    plain = pc.replace_substring_regex(plain, r"\.$", "")
    point, length = _ints(pc.find_substring(plain, ".")), _ints(pc.utf8_length(plain))
    decimals = np.where(point < 0, 0, length - point - 1)
    fits = mask(good) & (length - (point >= 0) <= DIGITS_MAX) & (decimals <= PART_DIGITS_MAX)
    digits = pc.replace_substring(pc.if_else(pa.array(fits), plain, "0"), ".", "")
    value = digits.cast(pa.int64()).to_numpy()
    return value, np.where(fits, decimals, 0), ~fits


def _ints(column: pa.Array) -> Ints:
    found: npt.NDArray[np.int64] = column.to_numpy().astype(np.int64)
    return found


def _check_storable(name: str, texts: pa.StringArray, checks: Checks) -> None:
    """No store holds the character 0, and no lookup can ask for it."""
    bad = pc.match_substring(texts, "\0")
    if pc.any(bad).as_py():
        checks.refuse(mask(bad), FieldRefused, name, lambda _: "it has the character 0.")


def _value(rule: Day | Number, text: str) -> int:
    if not text:
        if rule.default is None:
            raise TextInvalid("it is empty.", text=text, rule="empty")
        return rule.default
    if isinstance(rule, Day):
        return Calendar.GREGORIAN.parse(text)
    if not _WHOLE.fullmatch(text):
        raise TextInvalid(f"{quoted(text)} is not a whole number.", text=text, rule="number")
    return int(text)
