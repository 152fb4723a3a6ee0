"""Which accounts something is for: those with an agreement for a service, or with an attribute's
word, on a day."""

from collections.abc import Callable, Mapping

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from billcore.core.accounts.attributes import FLAGS, Attribute, AttributeKind, attributes_of
from billcore.core.accounts.checks import ints
from billcore.core.accounts.late_fees import When
from billcore.core.errors import BillcoreError
from billcore.core.rating.batch import Ints
from billcore.core.store import agreements as rows
from billcore.core.store.port import Reader

Bools = npt.NDArray[np.bool_]

Unfit = Callable[[str], BillcoreError]
"""The error of who asks for an attribute, or a word of it, that the provider has not."""


def check_known(attributes: Mapping[str, Attribute], when: When, unfit: Unfit) -> list[int]:
    """The values that the words of a condition stand for. Raises what `unfit` makes where the
    provider has not the attribute, or a word of it."""
    if not when.attribute:
        return []
    attribute = attributes.get(when.attribute)
    if attribute is None:
        known = ", ".join(attributes) or "none"
        raise unfit(f"no attribute {when.attribute!r} is known here, but {known}.")
    return _numbers(when, attribute, unfit)


class Agreements:
    """The agreements of accounts on days, a day each: those that are in force then, or else on the
    last day, before it, on which any was.

    account_id, day: columns of one length; an account may stand in several rows.
    """

    def __init__(self, reader: Reader, provider_id: int, account_id: Ints, day: Ints) -> None:
        self._reader = reader
        self._span = int(account_id.min()), int(account_id.max())
        self._attributes = attributes_of(reader, provider_id)
        self._rows = len(account_id)
        found = rows.agreements(reader, *self._span)
        self._service = found["service"]
        account = ints(found["account_id"])
        self._key = account, ints(found["agreement_no"])
        first, until = ints(found["from_day"]), ints(found["until_day"])
        begin = np.searchsorted(account, account_id)
        count = np.searchsorted(account, account_id, side="right") - begin
        row = np.repeat(np.arange(len(account_id)), count)
        offset = np.cumsum(count) - count
        agreement = np.arange(len(row)) - np.repeat(offset - begin, count)
        day = day[row]
        in_force = (first[agreement] <= day) & (until[agreement] >= day)
        covered = np.zeros(len(account_id), dtype=np.bool_)
        covered[row[in_force]] = True
        nearest = np.zeros(len(account_id), dtype=np.int64)
        ended = until[agreement] < day
        np.maximum.at(nearest, row[ended], until[agreement][ended])
        day = np.where(covered[row], day, nearest[row])
        in_force = (first[agreement] <= day) & (until[agreement] >= day)
        self._row, self._agreement, self._day = row[in_force], agreement[in_force], day[in_force]

    def fit(self, when: When, unfit: Unfit) -> Bools:
        """Which rows have such an agreement. Raises what `unfit` makes."""
        fits = np.ones(len(self._row), dtype=np.bool_)
        if when.services:
            assert isinstance(self._service, pa.StringArray)
            wanted = pa.array(when.services, pa.string())
            among = pc.is_in(self._service, wanted).to_numpy(zero_copy_only=False)
            fits &= among[self._agreement]
        if when.attribute:
            fits &= self._has(when, unfit)
        found = np.zeros(self._rows, dtype=np.bool_)
        found[self._row[fits]] = True
        return found

    def _has(self, when: When, unfit: Unfit) -> Bools:
        """Which agreements have one of the words of the attribute on their day."""
        numbers = check_known(self._attributes, when, unfit)
        number = self._attributes[when.attribute].attribute_no
        steps = rows.steps_of_attribute(self._reader, *self._span, number)
        place = {
            key: at for at, key in enumerate(zip(*(c.tolist() for c in self._key), strict=True))
        }
        keys = zip(
            ints(steps["account_id"]).tolist(), ints(steps["agreement_no"]).tolist(), strict=True
        )
        of = np.array([place[key] for key in keys], dtype=np.int64)
        since = (of << 32) + ints(steps["from_day"])
        at = np.searchsorted(since, (self._agreement << 32) + self._day, side="right") - 1
        inside = np.flatnonzero(at >= 0)
        inside = inside[of[at[inside]] == self._agreement[inside]]
        found = np.zeros(len(at), dtype=np.bool_)
        found[inside] = np.isin(ints(steps["value"])[at[inside]], numbers)
        return found


def _numbers(when: When, attribute: Attribute, unfit: Unfit) -> list[int]:
    """The values that the words stand for."""
    known = {word: number for number, word in enumerate(attribute.words)}
    if attribute.kind is AttributeKind.FLAG:
        known = FLAGS
    for word in when.words:
        if word not in known:
            allowed = ", ".join(known) or "no words: it is a number"
            why = f"{word!r} is no word of the attribute {attribute.name!r}, which has {allowed}."
            raise unfit(why)
    return [known[word] for word in when.words]
