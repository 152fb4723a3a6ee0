"""Readings in bulk: what `record` does with a batch, its rows named by serials."""

import numpy as np
import pyarrow as pa

from billcore.core.accounts.checks import (
    Checks,
    Day,
    Loaded,
    Number,
    Refusal,
    Rule,
    Text,
    ints,
    read,
)
from billcore.core.accounts.errors import FieldRefused
from billcore.core.accounts.numbers import resolved
from billcore.core.billing.charges.billed import are_billed
from billcore.core.errors import TextInvalid, quoted
from billcore.core.loading.values import DIGITS_MAX, PART_DIGITS_MAX, decimal_parts, mapped
from billcore.core.loading.work import Work
from billcore.core.metering.exact import Bools, Ints
from billcore.core.metering.findings import REFUSED, Finding, Source, Status
from billcore.core.metering.meters import TEXT_MAX
from billcore.core.metering.provider import metering_provider
from billcore.core.metering.record import NewReadings, Results, record
from billcore.core.metering.registers import REGISTER_MAX
from billcore.core.store.port import Columns

SOURCES = {source.name.lower(): source for source in Source if source is not Source.ESTIMATE}

RULES: tuple[Rule, ...] = (
    Text("serial", least=1, most=TEXT_MAX),
    Number("register_no", 1, REGISTER_MAX, default=1),
    Day("day"),
    Text("dial", least=1, most=40),
    Text("source", most=20),
)

FIELDS = {
    Finding.UNKNOWN_METER: "serial",
    Finding.NOT_INSTALLED: "day",
    Finding.FUTURE: "day",
    Finding.BEFORE_BILLED: "day",
    Finding.OUT_OF_WINDOW: "day",
    Finding.NOT_OPTED_IN: "source",
}
"""Which column a finding is about; `dial` of the others."""


def load_readings(work: Work, columns: Columns) -> Loaded:
    """Records readings: columns of RULES. dial: in the unit of its register; source: '' is file.

    A reading is written for every account that shares its meter. One that is held counts as
    kept; one that is known already changes nothing. A rejected reading is refused, its reason the
    name of a Finding.
    """
    table, checks = read("readings", RULES, columns)
    value, decimals = dials(table["dial"], "dial", checks)
    source = mapped("source", table["source"], _source, checks)
    good = np.flatnonzero(checks.good)
    meter = np.zeros(len(checks.good), dtype=np.int64)
    serials = table["serial"].take(pa.array(good))
    meter[good] = resolved(work.session, work.provider_id, "meter", serials)
    given = NewReadings(
        np.zeros_like(good),
        meter[good],
        ints(table["register_no"])[good],
        ints(table["day"])[good],
        value[good],
        decimals[good],
        source[good],
    )
    provider = metering_provider(work.session, work.provider_id)
    results = record(work.session, work.caller, provider, given, work.now, are_billed)
    rejected = _rejected(results, good)
    return Loaded(meter, tuple(sorted((*checks.refusals, *rejected))))


def dials(texts: pa.StringArray, name: str, checks: Checks) -> tuple[Ints, Ints]:
    """(value, decimals) of dials. OUT: checks refuse the rows whose text is none."""
    value, decimals, bad = decimal_parts(texts)
    refuse_dials(texts, bad, name, checks)
    return value, decimals


def refuse_dials(texts: pa.StringArray, bad: Bools, name: str, checks: Checks) -> None:
    """Refuses the rows of a mask, whose text is no plain decimal."""
    checks.refuse(
        bad,
        FieldRefused,
        name,
        lambda row: (
            f"{quoted(texts[row].as_py())} is not a plain decimal of at most {DIGITS_MAX} "
            f"digits, {PART_DIGITS_MAX} behind the point, as 1234.5."
        ),
    )


def _source(word: str) -> int:
    if word and word not in SOURCES:
        raise TextInvalid(
            f"{quoted(word)} is not a source.", text=word, rule="source", allowed=list(SOURCES)
        )
    return SOURCES[word or "file"]


def _rejected(results: Results, rows: Ints) -> list[Refusal]:
    """The refusals of the readings of these rows that are rejected."""
    found = []
    for place in np.flatnonzero(results.status == Status.REJECTED).tolist():
        findings = Finding(int(results.findings[place]))
        first = next(iter(findings & REFUSED or findings))
        field = FIELDS.get(first, "dial")
        message = f"{results.message(place)}."
        found.append(Refusal(int(rows[place]), field, str(first.name), message))
    return found
