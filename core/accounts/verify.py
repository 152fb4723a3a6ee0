"""What must hold for agreements, checked over everything that is stored of a provider."""

from collections.abc import Iterator

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from billcore.core.accounts import history
from billcore.core.accounts.checks import Bools, Checks, Ints, Table, ints, mask
from billcore.core.accounts.overlaps import overlapping
from billcore.core.ids import id_range
from billcore.core.store import accounts as account_rows
from billcore.core.store import agreements as rows
from billcore.core.store.port import Reader

CHUNK = 50_000
"""Accounts or service points that are checked at a time."""


def check_agreements(reader: Reader, provider_id: int) -> Iterator[dict[str, object]]:
    """Every broken rule of a provider's agreements: rule, account_id, agreement_no, message.

    The packed row equals the history; terms cover the days; all is inside the account's days; no
    two agreements of a service point and service share a day. Holds CHUNK accounts at a time.
    """
    for first, last in _ranges(reader, provider_id):
        agreements = dict(rows.agreements(reader, first, last))
        yield from _history_findings(reader, agreements, first, last)
        yield from _account_findings(reader, agreements, first, last)
    yield from _overlap_findings(reader, provider_id)


def _ranges(reader: Reader, provider_id: int) -> Iterator[tuple[int, int]]:
    """Ranges of ids, as far as accounts are; the last one is open."""
    first, end = id_range(provider_id)
    while True:
        page = account_rows.accounts(reader, first, end, 1)
        if not page:
            return
        first = page[0].account_id
        yield first, min(first + CHUNK - 1, end)
        first += CHUNK - 1


def _history_findings(
    reader: Reader, agreements: Table, first: int, last: int
) -> Iterator[dict[str, object]]:
    count = len(ints(agreements["account_id"]))
    terms, lost_terms = _rowed(agreements, dict(rows.terms(reader, first, last)))
    steps, lost_steps = _rowed(agreements, dict(rows.steps(reader, first, last)))
    checks = Checks(count)
    history.check_terms(agreements, terms, checks)
    history.check_steps(agreements, steps, checks)
    for refusal in checks.refusals:
        yield _finding("agreement_history", agreements, refusal.row, refusal.message)
    packed = history.folded(count, terms, steps)
    differs = (
        (packed.tariff_no != ints(agreements["tariff_no"]))
        | (packed.changed_day != ints(agreements["changed_day"]))
        | ~mask(pc.equal(packed.attributes, agreements["attributes"]))
    )
    for row in np.flatnonzero(differs).tolist():
        message = "tariff_no, attributes or changed_day is not what the history comes to."
        yield _finding("agreement_packed", agreements, row, message)
    for lines in (lost_terms, lost_steps):
        for row in range(len(ints(lines["account_id"]))):
            yield _finding("agreement_missing", lines, row, "a history without its agreement.")


def _account_findings(
    reader: Reader, agreements: Table, first: int, last: int
) -> Iterator[dict[str, object]]:
    lives = account_rows.lives(reader, first, last)
    account = ints(agreements["account_id"])
    places = np.searchsorted(ints(lives["account_id"]), account)
    known = np.append(ints(lives["account_id"]), 0)[places] == account
    opened = np.append(ints(lives["opened_day"]), 0)[places]
    closed = np.append(ints(lives["closed_day"]), 0)[places]
    outside = (ints(agreements["from_day"]) < opened) | (ints(agreements["until_day"]) > closed)
    for row in np.flatnonzero(~known).tolist():
        yield _finding("agreement_account", agreements, row, "its account is not there.")
    for row in np.flatnonzero(known & outside).tolist():
        yield _finding("agreement_account", agreements, row, "it is outside its account's days.")


def _overlap_findings(reader: Reader, provider_id: int) -> Iterator[dict[str, object]]:
    first, end = id_range(provider_id)
    while page := account_rows.points(reader, first, end, 1):
        first = page[0].point_id
        found = dict(rows.at_points(reader, first, min(first + CHUNK - 1, end)))
        place = _places(found)
        for row in np.flatnonzero(
            overlapping(place, ints(found["from_day"]), ints(found["until_day"]))
        ).tolist():
            message = "its service point has agreements of one service that share days."
            yield _finding("agreement_overlap", found, row, message)
        first += CHUNK - 1


def _places(agreements: Table) -> Ints:
    words = agreements["service"]
    assert isinstance(words, pa.Array)
    service = words.dictionary_encode().indices.to_numpy().astype(np.int64)
    point = np.unique(ints(agreements["point_id"]), return_inverse=True)[1]
    found: Ints = point * (int(service.max(initial=0)) + 1) + service
    return found


def _rowed(agreements: Table, lines: Table) -> tuple[Table, Table]:
    """Lines of a history with the rows of their agreements, and the lines that have none."""
    row = _place_of(agreements, lines)
    known: Bools = row >= 0
    found = {name: ints(column)[known] for name, column in lines.items()}
    lost = {name: ints(column)[~known] for name, column in lines.items()}
    return {**found, "row": row[known]}, lost


def _place_of(agreements: Table, lines: Table) -> Ints:
    """Where each line's agreement stands; -1: nowhere. Agreements are sorted by account, number."""
    known, wanted = _keys(agreements, agreements), _keys(agreements, lines)
    at = np.searchsorted(known, wanted)
    found: Ints = np.where(np.append(known, -1)[at] == wanted, at, -1)
    return found


def _keys(agreements: Table, lines: Table) -> Ints:
    """Account and number of lines as one integer, in their order; -2: the account has none."""
    accounts = ints(agreements["account_id"])
    at = np.searchsorted(accounts, ints(lines["account_id"]))
    known = np.append(accounts, -1)[at] == ints(lines["account_id"])
    found: Ints = np.where(known, at << 31 | ints(lines["agreement_no"]), -2)
    return found


def _finding(rule: str, table: Table, row: int, message: str) -> dict[str, object]:
    return {
        "rule": rule,
        "account_id": int(ints(table["account_id"])[row]),
        "agreement_no": int(ints(table["agreement_no"])[row]),
        "message": message,
    }
