"""How reports write days, times and their first and last lines: forms that a clerk can read.

A form of a time is letters for digits (T is itself): `YYYY-MM-DD`, `DD.MM.YYYY hh:mm:ss`. A form of
a line is its words with places: `Total: {count} {sum}`; space in it stands for any space.
"""

import re
from dataclasses import dataclass

from billcore.core.errors import TextInvalid

PARTS = ("YYYY", "YY", "MM", "DD", "hh", "mm", "ss")

PLACES = {"count": r"[0-9]+", "sum": r"-?[0-9][0-9., '\u00a0]*", "text": r".*?"}
"""What a form of a line may have places for: how many lines there are, what they come to, and
anything."""

_PLACE = re.compile(r"\{([^{}]*)\}")


@dataclass(frozen=True, slots=True)
class TimeForm:
    """A form of fixed width. parts: (which, where it begins, how long it is)."""

    text: str
    parts: tuple[tuple[str, int, int], ...]

    @property
    def shape(self) -> str:
        """What it looks like: two forms of one shape cannot be told apart."""
        signs = list(self.text)
        for _, at, length in self.parts:
            signs[at : at + length] = "0" * length
        return "".join(signs)

    @property
    def pattern(self) -> str:
        """A regular expression of its texts."""
        return "^" + re.escape(self.shape).replace("0", "[0-9]") + "$"

    def has(self, *parts: str) -> bool:
        """Whether it tells all of these."""
        return set(parts) <= {name for name, _, _ in self.parts}


def time_form(text: str) -> TimeForm:
    """A form of a day, a time or both. Raises TextInvalid."""
    parts = []
    for word in re.finditer(r"Y+|M+|D+|h+|m+|s+|[A-SU-Za-z]", text):
        if word.group() not in PARTS:
            message = f"{word.group()!r} is no part of a time."
            raise TextInvalid(message, text=text, rule="form", allowed=PARTS)
        parts.append((word.group(), word.start(), len(word.group())))
    names = [name for name, _, _ in parts]
    told = set(names)
    if len(told) < len(names) or {"YYYY", "YY"} <= told or re.search(r"[0-9]", text):
        raise TextInvalid("each part stands once, beside signs.", text=text, rule="form")
    days, times = told & {"YYYY", "YY", "MM", "DD"}, told & {"hh", "mm", "ss"}
    if len(days) not in (0, 3) or (times and not {"hh", "mm"} <= times) or not told:
        raise TextInvalid(
            "a form tells a day, as YYYY-MM-DD, a time, as hh:mm:ss, or both.",
            text=text,
            rule="form",
        )
    return TimeForm(text, tuple(parts))


@dataclass(frozen=True, slots=True)
class LineForm:
    """A form of a line before or behind the payments."""

    text: str
    regex: re.Pattern[str]

    def read(self, line: str) -> dict[str, str] | None:
        """What stands in its places, or None where the line is another."""
        found = self.regex.fullmatch(line.strip())
        return found.groupdict() if found else None


def line_form(text: str) -> LineForm:
    """A form of a line. Raises TextInvalid."""
    parts, end, seen = [], 0, set()
    for place in _PLACE.finditer(text):
        name = place.group(1)
        if name not in PLACES:
            message = f"there is no place {{{name}}}."
            allowed = [f"{{{known}}}" for known in PLACES]
            raise TextInvalid(message, text=text, rule="form", allowed=allowed)
        if name in seen:
            raise TextInvalid(f"{{{name}}} stands twice.", text=text, rule="form")
        parts.append(_words(text[end : place.start()]))
        parts.append(f"(?:{PLACES[name]})" if name == "text" else f"(?P<{name}>{PLACES[name]})")
        seen.add(name)
        end = place.end()
    parts.append(_words(text[end:]))
    return LineForm(text, re.compile("".join(parts)))


def _words(text: str) -> str:
    """Words as they are, any space where there is some."""
    return r"\s+".join(re.escape(word) for word in re.split(r"\s+", text))
