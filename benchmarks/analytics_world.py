"""A company's books for analytics: accounts in areas and classes, months of bills, what paid them.

Bills fall due in the order in which they are recorded and all money pays the oldest first, so that
windows of SQL can say the same. Rows of bills, account entries and payment orders are written as
they lie; what else a posting writes is not read by analytics.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
import pyarrow as pa

from benchmarks.store_engines import CHUNK
from benchmarks.store_world import DAY_MICROSECONDS, Act, company, now_of
from billcore.core.accounts import attributes
from billcore.core.caller import Caller
from billcore.core.ids import bill_id, owned_id
from billcore.core.ledger.kinds import BILLS as LEDGER_BILLS
from billcore.core.ledger.kinds import BillKind, EntryKind
from billcore.core.payments.channels import create_channel
from billcore.core.payments.codes import Code, State, TargetKind
from billcore.core.payments.intake.post import payment_ids
from billcore.core.store import bills as bill_rows
from billcore.core.store import payments as payment_rows
from billcore.core.store import providers
from billcore.core.store.port import OPEN_DAY, Column, Session, Store
from billcore.core.store.providers import Provider

YEAR = 2017
MONTHS = 3
AREAS = 20
CLASSES = ("home", "shop", "works")
CHANNELS = {
    "pos_fixed": "pos",
    "bank": "bank_counter",
    "debit": "direct_debit",
    "kiosk": "kiosk",
}
SHARES = (0.6, 0.2, 0.1, 0.1)
FIRST_MONTH = (YEAR - 1900) * 12
LAST_DAY = date(YEAR, MONTHS + 3, 1).toordinal()

KINDS = np.array([EntryKind.PAYMENT, EntryKind.ADJUSTMENT, EntryKind.WRITE_OFF])

Columns = dict[str, Column]


@dataclass(frozen=True, slots=True)
class Drawn:
    """Accounts first..first+len-1 by their counts, and their documents, as columns.

    bill_account, bill_month (from 0), total; paid_account, kind, channel (from 0), amount,
    paid_day: of what pays, by account, in the order of recording where days are the same.
    """

    first: int
    area: np.ndarray
    word: np.ndarray
    bill_account: np.ndarray
    bill_month: np.ndarray
    total: np.ndarray
    paid_account: np.ndarray
    kind: np.ndarray
    channel: np.ndarray
    amount: np.ndarray
    paid_day: np.ndarray


def issued(month: np.ndarray | int) -> np.ndarray:
    """The day on which bills of a month, from 0, are issued; they are due 15 days later."""
    starts = [date(YEAR, 1 + at, 1).toordinal() for at in range(1, MONTHS + 1)]
    return np.array(starts)[month] + 4


def drawn(first: int, count: int, seed: int = 47) -> Drawn:
    """The accounts first..first+count-1 with their documents."""
    draw = np.random.default_rng([seed, first])
    account, month = (one.ravel() for one in np.indices((count, MONTHS)))
    billed = draw.random(len(account)) < 0.97
    account, month = account[billed] + first, month[billed]
    total = draw.integers(1_000, 100_000, len(account))
    pays = draw.random(len(account)) < 0.88
    kind = draw.choice(KINDS, int(pays.sum()), p=(0.97, 0.02, 0.01))
    part = draw.choice((100, 50, 110), len(kind), p=(0.9, 0.07, 0.03))
    return Drawn(
        first=first,
        area=draw.integers(0, AREAS, count),
        word=draw.integers(0, len(CLASSES), count),
        bill_account=account,
        bill_month=month,
        total=total,
        paid_account=account[pays],
        kind=kind,
        channel=draw.choice(len(CHANNELS), len(kind), p=SHARES),
        amount=total[pays] * part // 100,
        paid_day=issued(month[pays]) + draw.integers(0, 60, len(kind)),
    )


def chunks(accounts: int, seed: int = 47) -> Iterator[Drawn]:
    """All accounts, in parts."""
    for first in range(1, accounts + 1, CHUNK):
        yield drawn(first, min(CHUNK, accounts - first + 1), seed)


def founded(store: Store, accounts: int, seed: int = 47) -> tuple[Caller, Provider]:
    """A company with such books."""
    caller = company(store, "arrears")
    with store.write() as session:
        act = Act(session, caller, now_of(1))
        attributes.create_attribute(act, "customer_class", "choice", "", 0, CLASSES)
        for code, kind in CHANNELS.items():
            values = {"channel": code, "kind": kind, "name": code, "policies": ""}
            create_channel(act, values)
        number = attributes.attributes_of(session, caller.provider_id)["customer_class"]
        providers.draw(session, caller.provider_id, "account", accounts)
    with store.write() as session:
        session.insert("entry", _entry(caller))
    for part in chunks(accounts, seed):
        with store.write() as session:
            _write(session, caller, part, number.attribute_no)
    with store.read() as reader:
        provider = providers.provider(reader, caller.provider_id)
    assert provider is not None
    return caller, provider


def _entry(caller: Caller) -> Columns:
    """The last entry of the general ledger, behind all of the sub-ledger's."""
    values = {
        "provider_id": caller.provider_id, "entry_id": 1, "day": LAST_DAY, "kind": LEDGER_BILLS,
        "reverses": 0, "client_id": caller.client_id, "recorded_at": now_of(LAST_DAY),
    }  # fmt: skip
    return {**_same(1, values), "source": pa.array(["drawn"], pa.string())}


def _write(session: Session, caller: Caller, part: Drawn, attribute_no: int) -> None:
    accounts = _accounts(caller.provider_id, part)
    session.insert("account", accounts)
    count = len(part.area)
    numbers = {"number": accounts["number"], "id": accounts["account_id"]}
    numbers |= {"kind": pa.array(["account"] * count, pa.string())}
    providers.take_numbers(session, numbers | _same(count, {"provider_id": caller.provider_id}))
    session.insert("agreement_attribute", _classes(caller.provider_id, part, attribute_no))
    for month in range(MONTHS):
        columns = _bills(caller.provider_id, part, month)
        bill_rows.add(session, caller.provider_id, FIRST_MONTH + month, columns)
    orders, entries = _credits(caller, part)
    payment_rows.add(session, orders)
    session.insert("account_entry", entries)


def _same(count: int, values: Mapping[str, int]) -> Columns:
    return {name: np.full(count, value) for name, value in values.items()}


def _texts(count: int, *names: str) -> Columns:
    return {name: pa.array([""] * count, pa.string()) for name in names}


def _accounts(provider_id: int, part: Drawn) -> Columns:
    count = len(part.area)
    numbers = range(part.first, part.first + count)
    codes = [f"{area:02}.{n}" for area, n in zip(part.area.tolist(), numbers, strict=True)]
    lives = {"customer_id": 1, "opened_day": 1, "closed_day": OPEN_DAY}
    return {
        "account_id": owned_id(provider_id, part.first) + np.arange(count),
        "number": pa.array([f"A{n:08}" for n in numbers]),
        "geographic_code": pa.array(codes),
        **_same(count, lives | {"revision": 1, "recorded_at": 0}),
        **_texts(count, "name", "address", "phone", "email", "language"),
    }


def _classes(provider_id: int, part: Drawn, attribute_no: int) -> Columns:
    count = len(part.area)
    same = {"agreement_no": 1, "attribute_no": attribute_no, "from_day": 1}
    account = owned_id(provider_id, part.first) + np.arange(count)
    return {"account_id": account, "value": part.word, **_same(count, same)}


def _bills(provider_id: int, part: Drawn, month: int) -> Columns:
    mine = part.bill_month == month
    account = owned_id(provider_id, 1) - 1 + part.bill_account[mine]
    day, count = int(issued(month)), len(account)
    same = dict.fromkeys(bill_rows.INTS, 0) | {
        "month": FIRST_MONTH + month, "kind": int(BillKind.REGULAR), "issued_day": day,
        "due_day": day + 15, "recorded_at": now_of(day),
    }  # fmt: skip
    ids = account - account[:1]
    base = bill_id(int(account[0]), FIRST_MONTH + month, BillKind.REGULAR, 0, 0)
    blobs = {name: pa.array([b""] * count, pa.binary()) for name in bill_rows.BLOBS}
    own = {"account_id": account, "bill_id": base + (ids << 23), "total": part.total[mine]}
    return {**_same(count, same), **blobs, **own}


def _credits(caller: Caller, part: Drawn) -> tuple[Columns, Columns]:
    """Payment orders, and the account entries of all credits."""
    provider_id, count = caller.provider_id, len(part.amount)
    account = owned_id(provider_id, 1) - 1 + part.paid_account
    reference = pa.array([f"{part.first}-{n}" for n in range(count)])
    number = payment_ids(provider_id, part.channel + 1, reference)
    codes = list(CHANNELS)
    told = zip(part.channel.tolist(), reference.to_pylist(), strict=True)
    called = [f"{codes[channel]} {text}" for channel, text in told]
    recorded_at = now_of(0) + part.paid_day * DAY_MICROSECONDS + 1 + np.arange(count)
    entries: Columns = {
        "account_id": account,
        "account_entry_id": number,
        "kind": part.kind,
        "day": part.paid_day,
        "amount": -part.amount,
        "reference": pa.array(called),
        "recorded_at": recorded_at,
        **_same(count, {"entry_id": 1, "reverses": 0, "strategy": 0}),
        **_texts(count, "direction"),
    }
    paid = np.flatnonzero(part.kind == EntryKind.PAYMENT)
    same = {
        "provider_id": provider_id, "target_kind": TargetKind.ACCOUNT.value, "fee": 0,
        "terminal_no": 0, "paid_at": 0, "value_day": 0, "state": State.POSTED.value,
        "code": Code.OK.value, "bill_id": 0, "client_id": caller.client_id,
    }  # fmt: skip
    orders: Columns = {
        **_same(len(paid), same),
        **_texts(len(paid), "direction", "target"),
        "channel_no": part.channel[paid] + 1,
        "reference": reference.take(pa.array(paid)),
        "amount": part.amount[paid],
        "payment_id": number[paid],
        "account_id": account[paid],
        "day": part.paid_day[paid],
        "recorded_at": recorded_at[paid],
    }
    return orders, entries


# -- as tables for others


def exported(parts: Iterator[Drawn]) -> tuple[pa.Table, pa.Table, pa.Table]:
    """accounts (account, area, class), bills (account, month, due_day, total), credits (account,
    number, kind, channel, amount, day): what the books hold, as another program would get it."""
    every = list(parts)
    whole = {
        name: np.concatenate([getattr(part, name) for part in every])
        for name in Drawn.__dataclass_fields__
        if name != "first"
    }
    account = np.arange(1, len(whole["area"]) + 1)
    areas = pa.array([f"{area:02}" for area in range(AREAS)]).take(pa.array(whole["area"]))
    words = pa.array(CLASSES).take(pa.array(whole["word"]))
    channels = pa.array([*CHANNELS]).take(pa.array(whole["channel"]))
    month = whole["bill_month"]
    return (
        pa.table({"account": account, "area": areas, "class": words}),
        pa.table(
            {
                "account": whole["bill_account"],
                "month": month,
                "issued_day": issued(month),
                "due_day": issued(month) + 15,
                "total": whole["total"],
            }
        ),
        pa.table(
            {
                "account": whole["paid_account"],
                "number": np.arange(len(whole["amount"])),
                "kind": whole["kind"],
                "channel": channels,
                "amount": whole["amount"],
                "day": whole["paid_day"],
            }
        ),
    )
