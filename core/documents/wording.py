"""How documents are worded: a file of labels for each language, numbers, dates and times as it
writes them.

Amounts, codes and dates in a text that runs from right to left stand in isolates of their own
(Unicode Standard Annex 9), so that no neighbour turns them around.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from importlib.resources import files
from typing import Any
from zoneinfo import ZoneInfo

import yaml

from billcore.core.calendar import Calendar
from billcore.core.money import scaled_text

LANGUAGES = ("en", "fa", "ru", "vi", "zh")
"""The languages that documents are worded in; of others, English."""

RLM, LRI, PDI = "\u200f", "\u2066", "\u2069"
MARKS = {ord(mark): None for mark in (RLM, LRI, PDI)}
"""What `str.translate` takes the marks of direction out with."""

GROUP = 3
LATIN = "0123456789"


@lru_cache
def labels(language: str) -> Mapping[str, Any]:
    """The file of a language of LANGUAGES."""
    name = f"{language}.yaml"
    text = files("billcore.core.documents").joinpath("labels", name).read_text("utf-8")
    found: Mapping[str, Any] = yaml.safe_load(text)
    return found


def language_of(*tags: str) -> str:
    """The first of these language tags that documents are worded in: 'zh-Hans' is 'zh'."""
    words = (tag.partition("-")[0] for tag in tags)
    return next((word for word in words if word in LANGUAGES), "en")


@dataclass(frozen=True, slots=True)
class Wording:
    """The words of a document. language: of LANGUAGES; local_digits: whether numbers have the
    digits of the language."""

    language: str
    calendar: Calendar
    time_zone: str
    local_digits: bool = False

    @property
    def rtl(self) -> bool:
        """Whether it is written from right to left."""
        return bool(self._writing["direction"] == "rtl")

    @property
    def colon(self) -> str:
        """What stands behind a label."""
        return str(self._writing["colon"])

    def title(self, name: str) -> str:
        """A title of documents."""
        return str(labels(self.language)["titles"][name])

    def mark(self, name: str, number: int = 0) -> str:
        """A mark of documents, as of copies."""
        text = str(labels(self.language)["marks"][name])
        return text.format(number=self.digits(str(number)))

    def field(self, name: str) -> str:
        """The label of a field."""
        return str(labels(self.language)["fields"][name])

    def kind(self, name: str, reversal: bool = False) -> str:
        """What a document of an account is called."""
        kinds = labels(self.language)["kinds"]
        word = str(kinds.get(name, name.replace("_", " ")))
        return str(kinds["reversal"]).format(kind=word) if reversal else word

    def service(self, name: str) -> str:
        """A service, as the provider calls it where it is none of the common ones."""
        return str(labels(self.language)["services"].get(name, name))

    def unit(self, name: str) -> str:
        """A unit of quantities."""
        return str(labels(self.language)["units"].get(name, name))

    def sign(self, currency: str) -> str:
        """What stands beside amounts of a currency."""
        known = labels(self.language)["currencies"]
        return str(known[currency]["sign"]) if currency in known else currency

    def named(self, named: Mapping[str, str], name: str) -> str:
        """A label that is given by language, else in English, else without one, else a name."""
        found = named.get(self.language) or named.get("en") or named.get("")
        return found or name.replace("_", " ")

    def code(self, text: str) -> str:
        """A text that is read character by character: ids, references, phone numbers."""
        return self.apart(text)

    def number(self, text: str) -> str:
        """An exact decimal text as this language writes numbers."""
        sign, text = ("-", text[1:]) if text.startswith("-") else ("", text)
        whole, _, decimals = text.partition(".")
        head = len(whole) % GROUP or GROUP
        groups = [whole[:head], *(whole[n : n + GROUP] for n in range(head, len(whole), GROUP))]
        joined = str(self._writing["group"]).join(groups)
        point = str(self._writing["decimal"]) if decimals else ""
        return self.apart(self.digits(f"{sign}{joined}{point}{decimals}"))

    def percent(self, text: str) -> str:
        """An exact decimal text of one of a hundred."""
        return f"{self.number(text)}{self._writing['percent']}"

    def amount(self, minor: int, digits: int) -> str:
        """Minor units of a currency."""
        return self.number(scaled_text(minor, digits, digits))

    def money(self, minor: int, digits: int, currency: str) -> str:
        """An amount with its currency."""
        return f"{self.amount(minor, digits)} {self.sign(currency)}"

    def day(self, ordinal: int) -> str:
        """A day in the calendar of the document; '' of none."""
        if not ordinal:
            return ""
        y, m, d = self.calendar.ymd(ordinal)
        return self.apart(self.digits(str(self._writing["date"]).format(y=y, m=m, d=d)))

    def time(self, micros: int) -> str:
        """A time on the clocks of the provider, to the minute."""
        at = datetime.fromtimestamp(micros // 1_000_000, UTC).astimezone(ZoneInfo(self.time_zone))
        clock = self.apart(self.digits(f"{at:%H:%M}"))
        return f"{self.day(at.date().toordinal())} {clock}"

    def digits(self, text: str) -> str:
        """A text with the digits that the document's numbers have."""
        if not self.local_digits:
            return text
        return text.translate(str.maketrans(LATIN, str(self._writing["digits"])))

    def apart(self, text: str) -> str:
        """A text that keeps its own direction whatever stands around it."""
        return f"{LRI}{text}{PDI}" if self.rtl and text else text

    @property
    def _writing(self) -> Mapping[str, Any]:
        writing: Mapping[str, Any] = labels(self.language)["writing"]
        return writing
