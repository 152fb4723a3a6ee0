"""The documents suite: bills as text, for receipt printers and as PDF, in every language.

Bills of the payments suite's company are read from the books, worded and rendered, one after the
other, by one thread. Peers in the same run: reading alone, and an empty page typeset by the same
library, which no PDF can be faster than.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import TypeVar

from benchmarks.payments_world import JUDGED, Payers, billed, bills
from benchmarks.race import NotExact
from benchmarks.report import Section, Table
from benchmarks.store_engines import Engine, engines
from benchmarks.timing import collector_off
from billcore.core.calendar import Calendar
from billcore.core.documents.blocks import Page
from billcore.core.documents.facts import Bill
from billcore.core.documents.rendering import Format, rendered
from billcore.core.documents.typesetting import as_pdf
from billcore.core.documents.wording import LANGUAGES, Wording
from billcore.core.enquiries.documents import bills as documents
from billcore.core.ids import owned_id
from billcore.core.store import providers

SUITE = "documents"
ROWS = (1_000,)
"""Bills."""

ROUNDS_MAX = 5

BYTES_MIN = 300
"""Of a bill in any format."""

T = TypeVar("T")
TEXTS = (Format.TEXT_58, Format.TEXT_80)
EMPTY = Page(title="", language="en", rtl=False, blocks=())

REMARKS = (
    "One thread, wall time; a server renders in each of its threads.",
    "A bill has one supply, two parts of a period, what was owed before, and no payment code.",
)

Say = Callable[[str], None]


@dataclass
class Rates:
    """Seconds of a document each: reading by store, rendering by language and format."""

    reading: dict[str, list[float]] = field(default_factory=dict)
    rendering: dict[tuple[str, Format], list[float]] = field(default_factory=dict)
    empty: list[float] = field(default_factory=list)
    """A page with nothing on it, as PDF."""


def run(rows: Sequence[int] = ROWS, rounds: int = 9, say: Say = print) -> Section:
    """The suite with each of these numbers of bills."""
    tables: list[Table] = []
    for count in rows:
        found = measured(count, min(rounds, ROUNDS_MAX), say)
        tables.append(_told(count, found))
    return Section(SUITE, tables, [], REMARKS)


def measured(count: int, rounds: int, say: Say) -> Rates:
    """Read from both stores, rendered from what the last one told."""
    found, told = Rates(), list[Bill]()
    with engines() as pair:
        for engine in pair:
            told = _read(engine, count, rounds, found, say)
    _rendered(told, rounds, found, say)
    return found


def _rendered(told: Sequence[Bill], rounds: int, found: Rates, say: Say) -> None:
    some = told[: max(len(told) // 10, 1)]
    with collector_off():
        for _ in range(rounds):
            say(f"{SUITE}: rendering")
            found.empty.append(_each(lambda _: as_pdf(EMPTY), some))
            for language in LANGUAGES:
                for form in Format:
                    _render(told if form in TEXTS else some, language, form, found)


def _read(engine: Engine, count: int, rounds: int, found: Rates, say: Say) -> list[Bill]:
    """The newer bills of a company of a store, read one by one."""
    say(f"{SUITE}: {engine.name}")
    payers = billed(engine, count, say)
    ids, told = _ids(payers), list[Bill]()
    town = payers.town
    with town.store.read() as reader:
        provider = providers.provider(reader, town.provider_id)
        assert provider is not None
        for _ in range(rounds):
            told.clear()
            seconds = _each(
                lambda bill_id: told.append(documents.bill(reader, town.caller, provider, bill_id)),
                ids,
            )
            found.reading.setdefault(engine.name, []).append(seconds)
    town.store.close()
    return told


def _ids(payers: Payers) -> list[int]:
    town = payers.town
    first, last = owned_id(town.provider_id, 1), owned_id(town.provider_id, town.accounts)
    with town.store.read() as reader:
        ids: list[int] = bills(reader, town, JUDGED, first, last)["bill_id"].tolist()
    return ids


def _render(told: Sequence[Bill], language: str, form: Format, found: Rates) -> None:
    """Raises NotExact where a bill has nothing to show, or is no document of its format."""
    wording = Wording(language, Calendar.GREGORIAN, "UTC")
    sizes = list[int]()
    seconds = _each(lambda bill: sizes.append(len(rendered(bill, wording, form))), told)
    if min(sizes) < BYTES_MIN:
        raise NotExact(f"{form.name} in {language}: a bill of {min(sizes)} bytes")
    found.rendering.setdefault((language, form), []).append(seconds)


def _each(act: Callable[[T], object], given: Sequence[T]) -> float:
    """Seconds of one, of all one after the other."""
    start = time.perf_counter()
    for one in given:
        act(one)
    return (time.perf_counter() - start) / len(given)


# -- told


def _told(count: int, found: Rates) -> Table:
    empty = median(found.empty)
    shown, bars = [], {}
    for name, some in found.reading.items():
        each = median(some)
        shown.append([f"read from {name}", f"{each * 1e3:.2f}", f"{1 / each:,.0f}", ""])
    for form in Format:
        for language in LANGUAGES:
            each = median(found.rendering[language, form])
            over = f"{each / empty:.2f}" if form is Format.PDF else ""
            bars[f"{form.name}, {language}"] = 1 / each
            shown.append(
                [f"{form.name}, {language}", f"{each * 1e3:.2f}", f"{1 / each:,.0f}", over]
            )
    shown.append(["an empty page as PDF", f"{empty * 1e3:.2f}", f"{1 / empty:,.0f}", "1.00"])
    note = f"Medians of {len(found.empty)} rounds; texts of {count:,} bills, others of a tenth."
    headings = ("", "ms", "documents/s", "÷ empty page")
    return Table("Bills rendered a second", headings, shown, note, bars)
