"""Accounts at banks: whether they can be right, and what of them is shown.

Check digits, lengths and structures of countries are those of the IBAN registry, which `schwifty`
carries. Nothing here is told in a log: answers have masks.
"""

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

NAME_MAX = 70
"""Characters of a debtor's name (ISO 20022 Nm in SEPA)."""

BANK_ACCOUNT = re.compile(r"[0-9A-Za-z/-]{1,34}")
"""A domestic account: no format of countries is known here."""

SHOWN = 4
"""So many of the last characters of an account are shown."""


class BankDetails(NamedTuple):
    """Who is debited where. iban and bic, or bank_account; the others are ''."""

    name: str
    iban: str = ""
    bic: str = ""
    bank_account: str = ""

    def __repr__(self) -> str:  # a traceback or a log shows no account
        return f"BankDetails({masked(self.iban or self.bank_account)!r})"


def plain_iban(text: str) -> str:
    """An IBAN without spaces, in capitals."""
    return "".join(text.split()).upper()


@lru_cache(maxsize=1)
def _banks() -> tuple[type, type, type[Exception]]:
    from schwifty import BIC, IBAN  # its registry is slow to load
    from schwifty.exceptions import SchwiftyException

    return IBAN, BIC, SchwiftyException


def iban_fault(iban: str) -> str:
    """What is wrong with an IBAN; '': nothing, or it is not told."""
    if not iban:
        return ""
    kind, _, refused = _banks()
    if not re.fullmatch(r"[A-Z0-9]{5,34}", iban):
        return "it is no IBAN: two letters, two digits, then digits and letters."
    try:
        kind(iban)
    except refused as error:
        return f"it is no IBAN: {_words(error)}."
    return ""


def bic_fault(bic: str) -> str:
    """What is wrong with a BIC; '': nothing, or it is not told."""
    if not bic:
        return ""
    _, kind, refused = _banks()
    try:
        kind(bic)
    except refused as error:
        return f"it is no BIC: {_words(error)}."
    return ""


def masked(account: str) -> str:
    """As much of an account as tells it from its owner's others."""
    if not account:
        return ""
    head = account[:2] if account[:2].isalpha() else ""
    return f"{head}…{account[-SHOWN:]}" if len(account) > 2 * SHOWN else "…"


def cleaned(name: str) -> str:
    """A name without surplus spaces, in one form of Unicode."""
    return " ".join(unicodedata.normalize("NFC", name).split())


def _words(error: Exception) -> str:
    """Which rule, without what was given: that is a person's account."""
    return re.sub(r"(?<!^)(?=[A-Z])", " ", type(error).__name__).lower()
