"""The groups that figures are told by: areas and classes of accounts, channels of credits.

Goals: a group is a small number an account, read once however often it is asked. An area is the
beginning of the account's geographic code as it is now; a class is the word of an attribute of its
agreements on a day, of the first agreement that has it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from billcore.core.accounts.attributes import AttributeKind, attributes_of
from billcore.core.accounts.checks import ints
from billcore.core.accounts.errors import AttributeUnknown, FieldRefused
from billcore.core.errors import quoted
from billcore.core.ids import COUNT_BITS, owned_id
from billcore.core.ledger.kinds import EntryKind
from billcore.core.ordered import places
from billcore.core.rating.batch import Ints
from billcore.core.store import accounts, agreements, providers
from billcore.core.store import received as rows
from billcore.core.store.channels import Channel
from billcore.core.store.port import Reader

STEP = 65_536
"""Accounts that are read at a time."""

AREA_LENGTH_MAX = 40

GROUPS_MAX = 10_000
"""Figures are told of at most so many groups (FieldRefused)."""

COUNT_MASK = (1 << COUNT_BITS) - 1

NO_CLASS = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """By what accounts are grouped. area_length: so many characters of the geographic code, 0: not
    by area; attribute: the name of the attribute whose words are classes, '': not by class."""

    area_length: int = 0
    attribute: str = ""


@dataclass(frozen=True, slots=True)
class Groups:
    """names: (area, class) of each group, in their order; 0 is of what is no account's, ('', '').

    of: (accounts + 1,) the group of each account by its count.
    """

    names: Sequence[tuple[str, str]]
    of: Ints

    def __call__(self, account_id: Ints) -> Ints:
        """The groups of accounts; of 0, no account, group 0."""
        found: Ints = self.of[account_id & COUNT_MASK]
        return found


def check_groups(found: Groups) -> None:
    """Raises FieldRefused where there are too many to tell."""
    if len(found.names) > GROUPS_MAX:
        count = len(found.names)
        raise FieldRefused(
            "area_length", f"{count} areas and classes are more than {GROUPS_MAX}: take fewer "
            "characters.",
        )  # fmt: skip


def account_ranges(reader: Reader, provider_id: int) -> list[tuple[int, int]]:
    """The first and last id of each part of a provider's accounts, in order."""
    drawn = providers.drawn(reader, provider_id, "account")
    first, last = owned_id(provider_id, 1), (provider_id << COUNT_BITS) + drawn
    return [(at, min(at + STEP - 1, last)) for at in range(first, last + 1, STEP)]


def check_asked(reader: Reader, provider_id: int, asked: Asked) -> tuple[int, tuple[str, ...]]:
    """The number and words of the attribute that is the class. Raises FieldRefused,
    AttributeUnknown."""
    if not 0 <= asked.area_length <= AREA_LENGTH_MAX:
        raise FieldRefused("area_length", f"it is 0 to {AREA_LENGTH_MAX} characters.")
    return _attribute(reader, provider_id, asked.attribute)


def groups(reader: Reader, provider_id: int, asked: Asked, day: int) -> Groups:
    """The groups of a provider's accounts on a day. Raises FieldRefused, AttributeUnknown."""
    number, words = check_asked(reader, provider_id, asked)
    drawn = providers.drawn(reader, provider_id, "account")
    area = np.zeros(drawn + 1, dtype=np.int64)
    word = np.zeros(drawn + 1, dtype=np.int64)
    areas: dict[str, int] = {"": 0}
    for first, last in account_ranges(reader, provider_id):
        if asked.area_length:
            _read_areas(reader, first, last, asked.area_length, areas, area)
        if asked.attribute:
            _read_classes(reader, first, last, number, day, word)
    wide = len(words) + 1
    used, of = np.unique(np.append(0, area[1:] * wide + word[1:]), return_inverse=True)
    named, classes = list(areas), [NO_CLASS, *words]
    names = [(named[code // wide], classes[code % wide]) for code in used.tolist()]
    order = sorted(range(len(names)), key=names.__getitem__)
    rank = np.empty(len(names), dtype=np.int64)
    rank[order] = np.arange(len(names))
    return Groups([names[at] for at in order], rank[of])


def _attribute(reader: Reader, provider_id: int, name: str) -> tuple[int, tuple[str, ...]]:
    """The number and words of the attribute that is the class."""
    if not name:
        return 0, ()
    every = attributes_of(reader, provider_id)
    found = every.get(name)
    if found is None:
        raise AttributeUnknown(
            "class_attribute", f"the provider has no attribute {quoted(name)}.", sorted(every)
        )
    if found.kind is not AttributeKind.CHOICE:
        raise FieldRefused("class_attribute", f"{quoted(name)} is no choice of words.")
    return found.attribute_no, found.words


def _read_areas(
    reader: Reader, first: int, last: int, length: int, areas: dict[str, int], area: Ints
) -> None:
    """OUT: areas has the new ones, area the number of each account's."""
    found = accounts.areas(reader, first, last, length)
    texts = found["area"]
    assert isinstance(texts, pa.Array)
    coded = texts.dictionary_encode()
    numbers = [areas.setdefault(text, len(areas)) for text in coded.dictionary.to_pylist()]
    codes = np.array([*numbers, 0], dtype=np.int64)
    area[ints(found["account_id"]) & COUNT_MASK] = codes[coded.indices.to_numpy()]


def _read_classes(reader: Reader, first: int, last: int, number: int, day: int, word: Ints) -> None:
    """OUT: word has one more than the number of each account's word."""
    steps = agreements.steps_of_attribute(reader, first, last, number)
    begun = ints(steps["from_day"]) <= day
    account, agreement = (ints(steps[name])[begun] for name in ("account_id", "agreement_no"))
    value = ints(steps["value"])[begun]
    if not len(account):
        return
    ends = np.append((account[1:] != account[:-1]) | (agreement[1:] != agreement[:-1]), True)
    account, value = account[ends], value[ends]  # the last step of each agreement that has begun
    _, of_first = np.unique(account, return_index=True)
    word[account[of_first] & COUNT_MASK] = value[of_first] + 1


# -- channels


class Channels:
    """Through which channel the money of credits came: 0 where none is known."""

    def __init__(
        self, reader: Reader, provider_id: int, known: Mapping[int, Channel], known_at: int
    ) -> None:
        self._reader = reader
        self._numbers = {one.channel: number for number, one in known.items()}
        self._moved = rows.moved(reader, provider_id, known_at)
        out = rows.from_suspense(reader, provider_id, known_at)
        entry = np.concatenate(
            [ints(out["account_entry_id"]), ints(self._moved["account_entry_id"])]
        )
        told = ints(self._moved["channel_no"])
        texts = self._moved["reference"]
        assert isinstance(texts, pa.Array)
        channel = np.concatenate(
            [ints(out["channel_no"]), np.where(told != 0, told, self._of_references(texts))]
        )
        order = np.argsort(entry, kind="stable")
        self._entry, self._channel = entry[order], channel[order]

    @property
    def moved(self) -> Ints:
        """The account entries, sorted, that are payments moved from another account."""
        found: Ints = np.sort(ints(self._moved["account_entry_id"]))
        return found

    def of(self, first: int, last: int, credit_id: Ints) -> Ints:
        """The channel of each credit of accounts first..last."""
        told = rows.named(self._reader, first, last, EntryKind.PAYMENT)
        entry, texts = ints(told["account_entry_id"]), told["reference"]
        assert isinstance(texts, pa.Array)
        order = np.argsort(entry)
        found = _looked_up(entry[order], self._of_references(texts)[order], credit_id)
        elsewhere = _looked_up(self._entry, self._channel, credit_id)
        channel: Ints = np.where(elsewhere != 0, elsewhere, found)
        return channel

    def _of_references(self, texts: pa.StringArray) -> Ints:
        """Account entries of payments are called by their channel and its reference."""
        if not len(texts):
            return np.zeros(0, dtype=np.int64)
        coded = pc.list_element(pc.split_pattern(texts, " ", max_splits=1), 0).dictionary_encode()
        numbers = [self._numbers.get(text, 0) for text in coded.dictionary.to_pylist()]
        found: Ints = np.array(numbers, dtype=np.int64)[coded.indices.to_numpy()]
        return found


def _looked_up(keys: Ints, values: Ints, wanted: Ints) -> Ints:
    """The value of each wanted key; 0 where it is none."""
    if not len(keys):
        return np.zeros(len(wanted), dtype=np.int64)
    at, there = places(keys, wanted)
    found: Ints = np.where(there, values[at], 0)
    return found
