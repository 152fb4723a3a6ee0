"""Amounts in files: plain decimals of the provider's currency, as integers of minor units."""

from collections.abc import Callable

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from billcore.core.accounts.attributes import scaled
from billcore.core.accounts.checks import Bools, Checks, Ints
from billcore.core.accounts.errors import FieldRefused
from billcore.core.errors import quoted
from billcore.core.ledger.account_entries import AMOUNT_MAX
from billcore.core.money import minor_digits


def amounts(
    currency: str,
    name: str,
    texts: pa.StringArray,
    is_wrong: Callable[[Ints], Bools],
    rule: str,
    checks: Checks,
) -> Ints:
    """Minor units. is_wrong: which values break a rule of the column; rule: it in words.

    OUT: checks refuse the rows that hold no such amount.
    """
    digits = minor_digits(currency)
    values, bad = scaled(pc.utf8_trim_whitespace(texts), digits)
    checks.refuse(
        bad | is_wrong(values) | (np.abs(values) > AMOUNT_MAX),
        FieldRefused,
        name,
        lambda row: (
            f"{quoted(texts[row].as_py())} is not an amount of {currency}: a plain decimal "
            f"with at most {digits} decimals, {rule}, below {AMOUNT_MAX // 10**digits}."
        ),
    )
    return values
