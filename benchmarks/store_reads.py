"""What is read again and again: determinants of all accounts, balance and statement of one.

Determinants are compared with the readings that were given, and timed against fetching the same
rows without making anything of them. Balances are single calls, alone, each in a snapshot of its
own; beside them stands a snapshot that reads one row by its key.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from statistics import median, quantiles

import numpy as np
import pyarrow as pa

from benchmarks.race import NotExact
from benchmarks.report import Table
from benchmarks.store_limits import bills
from benchmarks.store_world import LOADS, Chunk, Town, company, day_of, readings_given
from benchmarks.timing import Timings, collector_off
from billcore.core.accounts.columns import read_agreements
from billcore.core.ids import BILL_BITS, bill_id, owned_id
from billcore.core.ledger.account_entries import AccountEntries, Posting, post_account_entries
from billcore.core.ledger.balances import balance, statement
from billcore.core.ledger.kinds import EntryKind
from billcore.core.metering.determinants import Agreements, Determinants, determinants
from billcore.core.metering.readings import month_of
from billcore.core.store import accounts as account_rows
from billcore.core.store import agreements as agreement_rows
from billcore.core.store import bills as bill_rows
from billcore.core.store import meters as meter_rows
from billcore.core.store import readings as reading_rows
from billcore.core.store.port import OPEN_DAY, Reader

LAST = 11
"""The month whose readings close the determinants."""

DOCUMENTS = 24
HOMES = 500
CALLS = 2_000
FIRST_MONTH = 1380
"""The accounting month of the first of the bills."""

OURS, FETCHED = "read_agreements and determinants", "fetch of the same rows"


def determined(towns: Sequence[Town]) -> Table:
    """The determinants of every chunk, one after the other."""
    shown, bars = [], {}
    for town in towns:
        timings = _determinants(town)
        for name in timings.seconds:
            label = f"{town.engine.name}, {name}"
            bars[label] = timings.ns(name)
            times = timings.ratio(name, FETCHED)
            shown.append([label, f"{bars[label]:,.0f}", f"{times:.2f}"])
    title = f"Determinants of {towns[0].accounts:,} accounts, ns per account"
    note = "Processor time of client and server; medians of the chunks."
    return Table(title, ("read", "ns/account", "÷ fetch"), shown, note, bars)


def _determinants(town: Town) -> Timings:
    seconds: dict[str, list[float]] = {OURS: [], FETCHED: []}
    jobs: dict[str, Callable[[Reader, int, int], object]] = {OURS: _ours, FETCHED: _fetched}
    clock = town.engine.clock
    ranges = list(town.ranges())
    for name, job in jobs.items():
        with town.store.read() as reader:
            found = job(reader, *ranges[0])
        if name == OURS:
            _check_usage(found, Chunk(town, *ranges[0]))
    with collector_off():
        for turn, (first, last) in enumerate(ranges):
            for name in (OURS, FETCHED) if turn % 2 else (FETCHED, OURS):
                start = clock()
                with town.store.read() as reader:
                    found = jobs[name](reader, first, last)
                seconds[name].append(max(clock() - start, 1e-9) / (last - first + 1))
                if name == OURS:
                    _check_usage(found, Chunk(town, first, last))
    return Timings({name: tuple(each) for name, each in seconds.items()})


def _window() -> tuple[int, int]:
    return day_of(LAST) - 19, day_of(LAST) + 11


def _ours(reader: Reader, first: int, last: int) -> Determinants:
    every = read_agreements(reader, first, last)
    previous = np.full(len(every.account_id), day_of(LAST - 1))
    asked = Agreements(every.account_id, every.agreement_no, previous, every.until_day)
    return determinants(reader, first, last, asked, _window())


def _fetched(reader: Reader, first: int, last: int) -> None:
    agreement_rows.billed(reader, first, last)
    meter_rows.of_accounts(reader, first, last)
    reading_rows.decisions_range(reader, first, last)
    for month in month_of(np.array([day_of(LAST), day_of(LAST - 1)])).tolist():
        reading_rows.borders_of_range(reader, month, first, last)


def _check_usage(found: object, chunk: Chunk) -> None:
    """Raises NotExact unless the usage is the distance between the last two given dials."""
    assert isinstance(found, Determinants)
    dials = [readings_given(chunk.of_month(month))["value"] for month in (LAST - 1, LAST)]
    if not np.array_equal(found.usage.usage, dials[1] - dials[0]):
        raise NotExact("determinants: a usage is not the distance of the given readings")


# -- one account


def single(towns: Sequence[Town]) -> Table:
    """Balances and statements of accounts with DOCUMENTS bills and as many payments."""
    shown = []
    for town in towns:
        for name, seconds in _single(town).items():
            p99 = quantiles(seconds, n=100)[98]
            shown.append(
                [
                    f"{town.engine.name}, {name}",
                    f"{median(seconds) * 1e6:,.0f}",
                    f"{p99 * 1e6:,.0f}",
                ]
            )
    title = f"One account with {DOCUMENTS} bills and {DOCUMENTS} payments, µs"
    note = f"Wall time of {CALLS:,} calls one after the other, each in a snapshot of its own."
    return Table(title, ("call", "p50", "p99"), shown, note)


def _single(town: Town) -> dict[str, list[float]]:
    homes = replace(town, caller=company(town.store, "homes"), accounts=HOMES)
    owed = _filled(homes)
    first_day, customer = _day(DOCUMENTS // 2), owned_id(town.provider_id, 1)
    jobs: dict[str, Callable[[Reader, int], object]] = {
        "one row by its key": lambda reader, _: account_rows.customer(reader, customer),
        "balance": lambda reader, account: balance(reader, account),
        "statement of a year": lambda reader, account: statement(
            reader, account, first_day, OPEN_DAY
        ),
    }
    seconds: dict[str, list[float]] = {name: [] for name in jobs}
    accounts = list(owed)
    with town.store.read() as reader:
        for account, amount in owed.items():
            told = statement(reader, account, first_day, OPEN_DAY)
            if balance(reader, account) != amount or told.closing != amount:
                raise NotExact(f"the balance of {account} is not {amount}")
            if len(told.documents) != DOCUMENTS:
                raise NotExact(f"the statement of {account} has {len(told.documents)} documents")
    with collector_off():
        for call in range(CALLS):
            for name, job in jobs.items():
                start = time.perf_counter()
                with town.store.read() as reader:
                    job(reader, accounts[call * 7 % len(accounts)])
                seconds[name].append(time.perf_counter() - start)
    return seconds


def _day(number: int) -> int:
    """The day of issue of the number-th bill; its payment comes ten days later."""
    return 735_600 + 30 * number


def _filled(homes: Town) -> dict[int, int]:
    """Writes accounts and their documents; what each account owes."""
    provider_id, client_id = homes.provider_id, homes.caller.client_id
    chunk = Chunk(homes, owned_id(provider_id, 1), owned_id(provider_id, HOMES))
    for kind in ("customers", "accounts"):
        with homes.store.write() as session:
            LOADS[kind].load(chunk, session, LOADS[kind].given(chunk))
    accounts = chunk.ids
    owed = np.zeros(HOMES, dtype=np.int64)
    for number in range(DOCUMENTS):
        month, day = FIRST_MONTH + number, _day(number)
        columns = dict(bills(HOMES)) | {"account_id": accounts, "opening": owed.copy()}
        columns["bill_id"] = (accounts << BILL_BITS) | bill_id(0, month, 0, 0, 0)
        columns["closing"] = columns["opening"] + columns["total"]
        columns |= {"month": np.full(HOMES, month), "issued_day": np.full(HOMES, day)}
        paid = np.asarray(columns["total"]) - accounts % 100
        entries = AccountEntries(
            account_id=accounts,
            kind=np.full(HOMES, int(EntryKind.PAYMENT)),
            day=np.full(HOMES, day + 10),
            amount=-paid,
            reference=pa.array([f"payment {number}"] * HOMES),
            reverses=np.zeros(HOMES, dtype=np.int64),
        )
        with homes.store.write() as session:
            bill_rows.add(session, provider_id, month, columns)
            source = f"payments {number}"
            post_account_entries(session, entries, Posting(provider_id, source, client_id, day))
        owed += np.asarray(columns["total"]) - paid
    return dict(zip(accounts.tolist(), owed.tolist(), strict=True))
