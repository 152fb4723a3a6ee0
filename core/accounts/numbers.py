"""Ids are drawn in blocks; the numbers that people see are unique per provider and kind."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from billcore.core.accounts.checks import Bools, Checks, Ints, constant, ints, repeated
from billcore.core.accounts.errors import AlreadyTaken, IdsExhausted
from billcore.core.ids import COUNT_MAX, owned_id
from billcore.core.store import accounts as account_rows
from billcore.core.store import providers as rows
from billcore.core.store.port import Columns, Reader, Session

LISTED = 32
FEW = 512
"""Up to so many numbers are looked up as values of their own, or one by one among those that are
found; more are matched as columns."""

SPARSE = 8
"""Where only one of so many of the provider's numbers is asked for, each is looked up."""

SPREAD = 4
"""Files mostly have the order in which things were added: if the ids of the first and last of n
numbers are less than SPREAD * n apart, the others are sought between them first."""


def drawn_ids(session: Session, provider_id: int, kind: str, count: int) -> Ints:
    """`count` new ids of a kind, one after the other. Raises IdsExhausted."""
    last = rows.draw(session, provider_id, kind, count)
    if last > COUNT_MAX:
        raise IdsExhausted(
            kind, f"a provider has at most {COUNT_MAX}; {last - count} are drawn, {count} asked."
        )
    first = owned_id(provider_id, last - count + 1)
    return np.arange(first, first + count, dtype=np.int64)


def registered(
    session: Session, provider_id: int, kind: str, numbers: pa.StringArray, checks: Checks
) -> Ints:
    """New ids of the good rows, their numbers registered; 0 of refused rows.

    OUT: checks refuse rows whose number stands in an earlier good row or is registered already
    (AlreadyTaken); the ids that were drawn for the latter are never used.
    """
    _refuse_repeated(numbers, checks)
    good = np.flatnonzero(checks.good)
    ids = np.zeros(len(numbers), dtype=np.int64)
    if not good.size:
        return ids
    new = drawn_ids(session, provider_id, kind, good.size)
    columns = {
        "provider_id": constant(provider_id, good.size),
        "kind": constant(kind, good.size),
        "number": numbers.take(pa.array(good)),
        "id": new,
    }
    ids[good] = new
    if rows.take_numbers(session, columns) < good.size:
        kept = rows.numbered(session, provider_id, kind, int(new[0]), int(new[-1]))
        lost = checks.good & ~np.isin(ids, kept)
        checks.refuse(lost, AlreadyTaken, "number", lambda row: _taken(kind, numbers, row))
        ids[lost] = 0
    return ids


def resolved(reader: Reader, provider_id: int, kind: str, numbers: pa.StringArray) -> Ints:
    """The ids that numbers stand for; 0: nothing of this provider."""
    if len(numbers) <= FEW:
        return _looked_up(reader, provider_id, kind, numbers)
    encoded = numbers.dictionary_encode()
    ids = _ids_of(reader, provider_id, kind, encoded.dictionary)
    found: Ints = ids[encoded.indices.to_numpy()]
    return found


def _ids_of(reader: Reader, provider_id: int, kind: str, numbers: pa.StringArray) -> Ints:
    """The ids of different numbers; 0: nothing. Looks near those of the first and the last."""
    if len(numbers) <= FEW:
        return _looked_up(reader, provider_id, kind, numbers)
    ends = _looked_up(reader, provider_id, kind, numbers.take(pa.array([0, len(numbers) - 1])))
    first, last = int(ends.min()), int(ends.max())
    if first and last - first < SPREAD * len(numbers):
        ids = _matched(numbers, account_rows.numbers(reader, kind, first, last))
        if ids.all():
            return ids
    if len(numbers) * SPARSE < rows.drawn(reader, provider_id, kind):
        return _matched(numbers, rows.ids_among(reader, provider_id, kind, numbers))
    return _matched(numbers, rows.numbers(reader, provider_id, kind))


def _looked_up(reader: Reader, provider_id: int, kind: str, numbers: pa.StringArray) -> Ints:
    texts = numbers.to_pylist()
    if len(texts) <= LISTED:
        known = rows.ids(reader, provider_id, kind, texts)
    else:
        found = rows.ids_among(reader, provider_id, kind, numbers)
        names: pa.StringArray = found["number"]
        known = dict(zip(names.to_pylist(), ints(found["id"]).tolist(), strict=True))
    return np.array([known.get(text, 0) for text in texts], dtype=np.int64)


def _matched(numbers: pa.StringArray, known: Columns) -> Ints:
    """The ids that a table of `number` and `id` has for numbers; 0: none."""
    places = pc.fill_null(pc.index_in(numbers, known["number"]), len(known["id"]))
    found: Ints = np.append(ints(known["id"]), 0)[places.to_numpy(zero_copy_only=False)]
    return found


def _refuse_repeated(numbers: pa.StringArray, checks: Checks) -> None:
    good = np.flatnonzero(checks.good)
    bad: Bools = np.zeros(len(numbers), dtype=np.bool_)
    bad[good[repeated(numbers.take(pa.array(good)))]] = True
    checks.refuse(
        bad,
        AlreadyTaken,
        "number",
        lambda row: f"{numbers[row].as_py()!r} stands in an earlier row of the same table.",
    )


def _taken(kind: str, numbers: pa.StringArray, row: int) -> str:
    return f"another {kind} of this provider has the number {numbers[row].as_py()!r}."
