"""A day of a channel: its payments in the books and as a file, its report as a file.

Of every thousand payments two are not in the report and one has another amount there; of every
thousand lines two are of payments that we do not have and one is told twice. What must come of it
is known from how it was drawn. Payments are rows of the register of orders: what else a payment
writes is not read when a day is matched.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pyarrow as pa
from pyarrow import csv

from benchmarks.store_engines import CHUNK
from benchmarks.store_world import Act, company, now_of
from billcore.core.caller import Caller
from billcore.core.ids import owned_id
from billcore.core.payments.channels import by_code, create_channel
from billcore.core.payments.codes import Code, State, TargetKind
from billcore.core.payments.intake.post import payment_ids
from billcore.core.reconciliation.breaks import BreakKind
from billcore.core.reconciliation.terms import set_terms
from billcore.core.store import payments as rows
from billcore.core.store.port import Column, Store

CHANNEL = "kiosk"
DAY = datetime(2017, 6, 20, tzinfo=UTC).toordinal()
SECOND = 1_000_000
BEGINS = now_of(DAY - 1) + 1
"""When the day begins, microseconds since 1970."""

MISSING, ALTERED, LATE, TWICE = 2, 1, 2, 1
"""Of a thousand each."""

MILLE = 1_000

Columns = Mapping[str, Column]


@dataclass(frozen=True, slots=True)
class Files:
    """The two sides as files, and what must come of them: breaks by kind."""

    payments: Path
    report: Path
    lines: int
    breaks: Mapping[BreakKind, int]


@dataclass(frozen=True, slots=True)
class Drawn:
    """Payments of a day, as columns. second: of the day; account: a count."""

    reference: pa.StringArray
    amount: np.ndarray
    second: np.ndarray
    account: np.ndarray

    def __len__(self) -> int:
        return len(self.amount)

    def taken(self, chosen: np.ndarray) -> "Drawn":
        """Some of them, in this order."""
        return Drawn(
            self.reference.take(pa.array(chosen)),
            self.amount[chosen],
            self.second[chosen],
            self.account[chosen],
        )

    @property
    def columns(self) -> dict[str, Column]:
        """As a file tells them."""
        at = pa.array(BEGINS + self.second * SECOND, pa.timestamp("us"))
        told = at.cast(pa.timestamp("s"))
        return {
            "reference": self.reference,
            "paid_at": pa.array(told.to_numpy().astype("datetime64[s]").astype(str), pa.string()),
            "target": numbers(self.account),
            "amount": self.amount,
        }


def numbers(account: np.ndarray) -> pa.StringArray:
    """What people call accounts."""
    return pa.array([f"A{one:08}" for one in account.tolist()], pa.string())


def drawn(payments: int, seed: int = 81) -> Drawn:
    """So many payments, in the order in which they came, under references in no order."""
    draw = np.random.default_rng(seed)
    number = draw.permutation(payments) + seed * 10**10
    return Drawn(
        pa.array([str(one) for one in number.tolist()], pa.string()),
        draw.integers(1_000, 1_000_000, payments),
        np.sort(draw.integers(0, 86_400, payments)),
        draw.integers(1, max(payments // 2, 2), payments),
    )


def files(folder: Path, payments: int) -> Files:
    """Writes the day's two files."""
    ours = drawn(payments)
    draw = np.random.default_rng(82)
    fate = draw.integers(0, MILLE, payments)
    told = np.flatnonzero(fate >= MISSING)
    altered = fate[told] < MISSING + ALTERED
    lines = ours.taken(told)
    lines.amount[altered] += 1
    late = drawn(payments * LATE // MILLE, 83)
    again = draw.choice(told[~altered], payments * TWICE // MILLE, replace=False)
    parts = [lines.columns, late.columns, ours.taken(np.sort(again)).columns]
    table = pa.concat_tables([pa.table(part) for part in parts])
    table = table.take(pa.array(draw.permutation(len(table))))
    found = folder / "payments.csv", folder / "report.csv"
    for path, one in zip(found, (pa.table(ours.columns), table), strict=True):
        options = csv.WriteOptions(quoting_style="none")
        csv.write_csv(one, path, options)
    wanted = {
        BreakKind.NOT_IN_REPORT: payments - len(told),
        BreakKind.AMOUNT_DIFF: int(altered.sum()),
        BreakKind.LATE_ARRIVING: len(late),
        BreakKind.DUPLICATE_IN_REPORT: len(again),
    }
    return Files(*found, len(table), {kind: count for kind, count in wanted.items() if count})


def founded(store: Store, payments: int) -> Caller:
    """A company with a channel and its payments of the day."""
    caller = company(store, "hanoi")
    now = now_of(DAY + 1)
    with store.write() as session:
        values = {"channel": CHANNEL, "kind": "kiosk", "name": "Kiosk", "policies": ""}
        act = Act(session, caller, now)
        create_channel(act, values)
        channel = by_code(session, caller.provider_id, CHANNEL)
        set_terms(act, channel, "{}", 0)
    ours = drawn(payments)
    for start in range(0, payments, CHUNK):
        part = ours.taken(np.arange(start, min(start + CHUNK, payments)))
        with store.write() as session:
            rows.add(session, _orders(caller, channel.channel_no, part))
    return caller


def _orders(caller: Caller, channel_no: int, of: Drawn) -> Columns:
    count = len(of)
    provider_id = caller.provider_id
    paid_at = BEGINS + of.second * SECOND
    same = {
        "provider_id": provider_id, "channel_no": channel_no, "fee": 0, "terminal_no": 0,
        "target_kind": TargetKind.ACCOUNT.value, "value_day": 0, "state": State.POSTED.value,
        "code": Code.OK.value, "bill_id": 0, "day": DAY, "client_id": caller.client_id,
    }  # fmt: skip
    columns: dict[str, Column] = {name: np.full(count, value) for name, value in same.items()}
    return columns | {
        "reference": of.reference,
        "target": numbers(of.account),
        "direction": pa.array([""] * count, pa.string()),
        "amount": of.amount,
        "paid_at": paid_at,
        "recorded_at": paid_at + SECOND,
        "payment_id": payment_ids(provider_id, np.full(count, channel_no), of.reference),
        "account_id": owned_id(provider_id, 1) - 1 + of.account,
    }
