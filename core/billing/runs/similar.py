"""What similar accounts used, as a norm a day for those of which nothing else is known.

Similar are the agreements of the same tariff and cycle that the run's first pass billed, among the
8,192 accounts of the same bucket (`ids.BUCKET_BITS`): near enough to be alike, and the same
whatever the chunks, the workers and the order of what is done meanwhile.
"""

from collections.abc import Iterator, Sequence

import numpy as np
import pyarrow as pa

from billcore.core.accounts.checks import ints
from billcore.core.accounts.columns import read_agreements
from billcore.core.billing.charges.due import Unbilled
from billcore.core.billing.charges.tariffs import Tariffs
from billcore.core.billing.charges.used import used
from billcore.core.billing.runs.states import Phase
from billcore.core.calendar import Calendar
from billcore.core.ids import BUCKET_BITS
from billcore.core.metering.estimate import Norms
from billcore.core.metering.exact import Exact, half_up, narrow, power, product
from billcore.core.metering.registers import agreement_key
from billcore.core.ordered import places
from billcore.core.rating.batch import Bools, Ints
from billcore.core.store import bills, runs
from billcore.core.store.port import Reader
from billcore.core.store.runs import Chunk

SIMILAR = "similar"
"""As policies call it, see `accounts.policies.ESTIMATIONS`."""

DECIMALS = 9
"""A norm counts 10^-9 of the unit, a day."""


def peers_of(reader: Reader, provider_id: int, run_id: int) -> list[Chunk]:
    """The chunks of a run's first pass that issued bills: similar accounts are among theirs."""
    chunks = runs.chunks(reader, provider_id, run_id)
    return [c for c in chunks if (c.phase, c.pass_no) == (Phase.FREEZE, 0) and c.entry_id]


def similar(
    reader: Reader,
    peers: Sequence[Chunk],
    month: int,
    found: Unbilled,
    row: Ints,
    register: Ints,
    usable: Bools,
) -> Norms:
    """A norm for each register: what a similar agreement used of its quantity, a day.

    month: the accounting month of the peers' bills. row: of what is unbilled; usable: where the
    usage of an agreement is that of one register.
    """
    norm, known = np.zeros(len(row), dtype=np.int64), np.zeros(len(row), dtype=np.bool_)
    agreement = found.rows[row]
    account = found.agreements.account_id[agreement]
    wanted = np.stack(
        [
            found.agreements.tariff_no[agreement],
            found.agreements.cycle_no[agreement],
            found.counted.installations.quantity_no[register],
        ],
        axis=1,
    )
    bucket = np.where(usable, account >> BUCKET_BITS, -1)
    for number in np.unique(bucket[usable]).tolist():
        mine = np.flatnonzero(bucket == number)
        names = found.counted.installations.quantities
        norm[mine], known[mine] = _norms(reader, peers, month, number, names, wanted[mine])
    count = np.full(len(row), DECIMALS)
    daily = np.ones(len(row), dtype=np.bool_)
    return Norms(norm, count, known.astype(np.int64), daily, Calendar.GREGORIAN)


def _norms(
    reader: Reader,
    peers: Sequence[Chunk],
    month: int,
    bucket: int,
    names: Sequence[str],
    wanted: Ints,
) -> tuple[Ints, Bools]:
    """(norm, is it known) of each wanted (tariff, cycle, quantity), from a bucket's bills."""
    first, last = bucket << BUCKET_BITS, (bucket + 1 << BUCKET_BITS) - 1
    agreements = read_agreements(reader, first, last)
    owner = agreement_key(agreements.account_id, agreements.agreement_no)
    group = np.unique(wanted, axis=0)
    usage = np.zeros(len(group), dtype=object)
    days = np.zeros(len(group), dtype=np.int64)
    for account, inputs in _inputs(reader, peers, month, first, last):
        told = used(Tariffs(reader), inputs, names)
        at, there = places(owner, agreement_key(account[told.bill], told.agreement_no))
        key = np.stack([told.tariff_no, agreements.cycle_no[at], told.quantity], axis=1)[there]
        for number, one in enumerate(group):
            mine = np.flatnonzero(there)[(key == one).all(axis=1)]
            fine = product(told.usage[mine], power(DECIMALS - told.decimals[mine]))
            usage[number] += int(fine.astype(object).sum())
            days[number] += int(told.days[mine].sum())
    tells = (days > 0) & (usage > 0)
    each: Exact = half_up(np.where(tells, usage, 0), np.where(tells, days, 1).astype(object))
    norm, fits = narrow(each)
    _, place = np.unique(np.concatenate([group, wanted]), axis=0, return_inverse=True)
    at = place[len(group) :]
    return norm[at], (tells & fits)[at].astype(np.bool_)


def _inputs(
    reader: Reader, peers: Sequence[Chunk], month: int, first: int, last: int
) -> Iterator[tuple[Ints, pa.BinaryArray]]:
    """(accounts, packed inputs) of the peers' bills of a range of accounts."""
    for peer in peers:
        lo, hi = max(first, peer.first_account), min(last, peer.last_account)
        if lo <= hi:
            found = bills.issued_by(reader, month, lo, hi, peer.entry_id, ("account_id", "inputs"))
            inputs = found["inputs"]
            assert isinstance(inputs, pa.Array)
            yield ints(found["account_id"]), inputs
