"""Rules that look at what is new: the account, its tariff."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from billcore.core.accounts.checks import ints
from billcore.core.accounts.days import iso
from billcore.core.billing.charges import packing
from billcore.core.billing.charges.tariffs import PROPOSED, Tariffs
from billcore.core.billing.last_bills import last_inputs
from billcore.core.billing.runs.outsort.case import NOTHING, Case, Holds
from billcore.core.metering.registers import agreement_key
from billcore.core.rating.batch import Ints
from billcore.core.store.port import Column


def new_customer(case: Case) -> Holds:
    """The first bill of an account; one that was cancelled is none."""
    if not case.policy.new_customer:
        return NOTHING
    last = case.made.found.last
    new = ~np.isin(case.drafts.account_id, last.account_id[last.bill_id > 0])
    return Holds.where(new, lambda _: "it is the account's first bill.")


def tariff_changed(case: Case) -> Holds:
    """Bills of another tariff or version than the bill before, or within whose days one begins."""
    if not case.policy.tariff_changed:
        return NOTHING
    last, tariffs = last_inputs(case.reader, case.made.found.last), case.tariffs
    now = _parts(case.drafts.inputs, case.drafts.account_id)
    before = _before(_parts(last["inputs"], ints(last["account_id"])), now)
    changed = (before.tariff_no >= 0) & (
        (now.tariff_no != before.tariff_no) | (now.version != before.version)
    )
    begins = _begins(tariffs, now)
    row = np.flatnonzero(changed | (begins > 0))

    def why(one: int) -> str:
        whose, name = f"agreement {now.agreement_no[one]}", _name(tariffs, now, one)
        if changed[one]:
            since = iso(int(now.previous_day[one]) + 1)
            old = _name(tariffs, before, one)
            return f"{whose} is billed by {name} from {since} on, before that by {old}."
        return f"{whose} is billed by {name}, which changes on {iso(int(begins[one]))}."

    return Holds.told_by(row, now.bill[row], why)


@dataclass(frozen=True, slots=True, eq=False)
class _Parts:
    """Agreements' spans on bills, by agreement and day. bill: the place of the bill."""

    bill: Ints
    key: Ints
    agreement_no: Ints
    tariff_no: Ints
    version: Ints
    previous_day: Ints
    this_day: Ints


@dataclass(frozen=True, slots=True, eq=False)
class _Before:
    """The tariff of the span before; tariff_no -1: there is none."""

    tariff_no: Ints
    version: Ints


def _parts(inputs: Column, account_id: Ints) -> _Parts:
    assert isinstance(inputs, pa.Array)
    empty = np.zeros(0, dtype=np.int64)
    found = [(empty,) * 7]
    for part in packing.inputs_parts(inputs):
        period, agreement = packing.period_of(part), part.field(0)
        key = agreement_key(account_id[part.bill], agreement)
        same = (part.bill, key, agreement, part.field(1), part.field(2))
        found.append((*same, period.previous, period.this))
    columns = [np.concatenate(column) for column in zip(*found, strict=True)]
    order = np.lexsort((columns[-1], columns[1]))
    return _Parts(*(column[order] for column in columns))


def _before(last: _Parts, now: _Parts) -> _Before:
    """Of each span now, the one before: on the same bill, else the last one of the last bill."""
    place = np.searchsorted(last.key, now.key, "right") - 1
    there = place >= 0
    there[there] = last.key[place[there]] == now.key[there]
    follows = np.zeros(len(now.key), dtype=np.bool_)
    follows[1:] = now.key[1:] == now.key[:-1]

    def told(name: str) -> Ints:
        found = np.full(len(now.key), -1, dtype=np.int64)
        found[there] = getattr(last, name)[place[there]]
        found[follows] = getattr(now, name)[np.flatnonzero(follows) - 1]
        return found

    return _Before(told("tariff_no"), told("version"))


def _begins(tariffs: Tariffs, now: _Parts) -> Ints:
    """The first day within each span on which a version of its document begins; 0: none does."""
    found = np.zeros(len(now.key), dtype=np.int64)
    pairs = np.unique(np.stack([now.tariff_no, now.version], axis=1), axis=0)
    for tariff_no, version in pairs.tolist():
        later = tariffs.one(tariff_no, version).document.versions[1:]
        starts = np.array([one.start for one in later] + [np.iinfo(np.int64).max])
        row = np.flatnonzero((now.tariff_no == tariff_no) & (now.version == version))
        first = starts[np.searchsorted(starts, now.previous_day[row], "right")]
        found[row] = np.where(first <= now.this_day[row], first, 0)
    return found


def _name(tariffs: Tariffs, of: _Parts | _Before, row: int) -> str:
    """As people say it."""
    tariff_no, version = int(of.tariff_no[row]), int(of.version[row])
    name = tariffs.one(tariff_no, version).id
    return f"{name} as proposed" if version == PROPOSED else f"{name} version {version}"
