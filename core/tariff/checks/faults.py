"""Faults inside formulas, and the findings of a document that they become."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from billcore.core.errors import Finding
from billcore.core.tariff.language.source import Place


class Fault(Exception):
    """A fault at a 0-based column of a formula's text; `at` says which formula."""

    def __init__(
        self, rule: str, message: str, column: int = 0, allowed: Iterable[str] = ()
    ) -> None:
        super().__init__(message)
        self.rule = rule
        self.column = column
        self.allowed = tuple(allowed)
        self.place: Place | None = None

    def at(self, place: Place) -> "Fault":
        """The fault of the formula at `place`, unless an inner one is to blame already."""
        if self.place is None:
            self.place = place
        return self


@contextmanager
def blaming(place: Place) -> Iterator[None]:
    """Faults inside are those of the formula at `place`."""
    try:
        yield
    except Fault as fault:
        raise fault.at(place) from None


class Findings:
    """What is wrong with a document, as far as it has been read.

    remark: behind every message, of the version that is being read.
    """

    def __init__(self) -> None:
        self.found: list[Finding] = []
        self.remark = ""

    def refuse(self, place: Place, rule: str, message: str, allowed: Iterable[str] = ()) -> None:
        self.found.append(place.finding(rule, message + self.remark, tuple(allowed)))

    @contextmanager
    def noting(self, place: Place) -> Iterator[None]:
        """A fault inside becomes a finding at its formula, or else at `place`."""
        try:
            yield
        except Fault as fault:
            at = (fault.place or place).moved(fault.column)
            self.refuse(at, fault.rule, str(fault), fault.allowed)
