"""Where a catalog keeps documents: in memory, or in a store that several processes share.

The catalog decides what is published; a shelf keeps it. A hand is one transaction on a shelf, of
one caller: its provider's documents, its request ids. Non-goals: compiling, who may publish.
"""

from collections import OrderedDict
from collections.abc import Callable, Collection, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from threading import Lock
from typing import Protocol

from billcore.core.caller import HOUSE, Caller
from billcore.core.events.audit import audit
from billcore.core.events.outbox import record
from billcore.core.requests import Answer, once
from billcore.core.store import tariffs as rows
from billcore.core.store.port import OPEN_DAY, Session, Store
from billcore.core.store.tariffs import Version

METHOD = "PublishTariff"
"""What request ids of publications are unique in."""

SYSTEM = Caller(0, HOUSE, frozenset())
"""Publishes the documents of a folder at start, for all providers."""

REQUESTS_MAX = 100_000
"""Request ids that a memory remembers, the newest; a store keeps every one."""


@dataclass(frozen=True, slots=True)
class Text:
    """A document to be kept. content: digest of all it says; hash: of what decides amounts.

    from_day, until_day: the first and last day that it can bill; 1 and OPEN_DAY where it says none.
    """

    tariff: str
    hash: str
    content: str
    text: str
    from_day: int = 1
    until_day: int = OPEN_DAY


class Hand(Protocol):
    """One transaction on a shelf."""

    def once(self, request_id: str, act: Callable[[], bytes]) -> Answer:
        """What `act` answers, or answered to the caller's first request of this id."""

    def count(self) -> int:
        """How many tariffs the shelf has, of all providers."""

    def number(self, tariff: str) -> int:
        """The number of a tariff of the caller's provider; 0: there is none."""

    def add(self, tariff: str) -> int:
        """The number of a new tariff of the caller's provider."""

    def version_of(self, number: int, content: str) -> int:
        """The version that says this; 0: none does."""

    def last_version(self, number: int) -> int:
        """The newest version; 0: there is none."""

    def add_version(self, version: Version, text: Text) -> None:
        """Keeps a document."""


class Shelf(Protocol):
    """Keeps published documents. Transactions come one after the other."""

    def hand(self, caller: Caller) -> AbstractContextManager[Hand]:
        """A transaction of the caller."""

    def unseen(self, seen: Collection[Version]) -> Iterator[tuple[Version, Text]]:
        """The documents that others have put there."""


class Memory:
    """A shelf of this process alone, empty at its start."""

    def __init__(self) -> None:
        self.numbers: dict[tuple[int, str], int] = {}
        self.contents: dict[int, list[str]] = {}
        self.answers: OrderedDict[tuple[int, str], bytes] = OrderedDict()
        self._lock = Lock()

    @contextmanager
    def hand(self, caller: Caller) -> Iterator[Hand]:
        """See Shelf. What was kept stays kept if the block raises."""
        with self._lock:
            yield _MemoryHand(self, caller)

    def unseen(self, seen: Collection[Version]) -> Iterator[tuple[Version, Text]]:  # noqa: ARG002
        """See Shelf. There are no others."""
        return iter(())


class _MemoryHand:
    def __init__(self, shelf: Memory, caller: Caller) -> None:
        self._shelf = shelf
        self._caller = caller

    def once(self, request_id: str, act: Callable[[], bytes]) -> Answer:
        key, answers = (self._caller.client_id, request_id), self._shelf.answers
        if key in answers:
            return Answer(answers[key], replayed=True)
        answers[key] = act()
        if len(answers) > REQUESTS_MAX:
            answers.popitem(last=False)
        return Answer(answers[key], replayed=False)

    def count(self) -> int:
        return len(self._shelf.numbers)

    def number(self, tariff: str) -> int:
        return self._shelf.numbers.get((self._caller.provider_id, tariff), 0)

    def add(self, tariff: str) -> int:
        number = len(self._shelf.numbers) + 1
        self._shelf.numbers[self._caller.provider_id, tariff] = number
        self._shelf.contents[number] = []
        return number

    def version_of(self, number: int, content: str) -> int:
        contents = self._shelf.contents[number]
        return contents.index(content) + 1 if content in contents else 0

    def last_version(self, number: int) -> int:
        return len(self._shelf.contents[number])

    def add_version(self, version: Version, text: Text) -> None:
        self._shelf.contents[version.tariff_no].append(text.content)


class Stored:
    """A shelf in a store. now: microseconds since 1970 in UTC."""

    def __init__(self, store: Store, now: Callable[[], int]) -> None:
        self._store = store
        self._now = now

    @contextmanager
    def hand(self, caller: Caller) -> Iterator[Hand]:
        """See Shelf. Other processes wait to publish until it ends."""
        with self._store.write() as session:
            rows.lock(session)
            yield _StoredHand(session, caller, self._now())

    def unseen(self, seen: Collection[Version]) -> Iterator[tuple[Version, Text]]:
        """See Shelf. Costs a count where there is nothing new."""
        with self._store.read() as reader:
            if rows.count_versions(reader) == len(seen):
                return
            for version in rows.versions(reader):
                if version not in seen:
                    found = rows.document(reader, version)
                    yield version, Text(found.tariff, found.hash, found.content, found.text)


class _StoredHand:
    def __init__(self, session: Session, caller: Caller, now: int) -> None:
        self._session = session
        self._caller = caller
        self._now = now

    def once(self, request_id: str, act: Callable[[], bytes]) -> Answer:
        # The answer names the content, which the catalog compares: its refusal tells both digests.
        return once(self._session, self._caller, METHOD, request_id, b"", self._now, act)

    def count(self) -> int:
        return rows.count_tariffs(self._session)

    def number(self, tariff: str) -> int:
        return rows.number(self._session, self._caller.provider_id, tariff)

    def add(self, tariff: str) -> int:
        return rows.add(self._session, self._caller.provider_id, tariff)

    def version_of(self, number: int, content: str) -> int:
        return rows.version_of(self._session, self._caller.provider_id, number, content)

    def last_version(self, number: int) -> int:
        return rows.last_version(self._session, self._caller.provider_id, number)

    def add_version(self, version: Version, text: Text) -> None:
        row = rows.VersionRow(
            text.hash,
            text.content,
            text.from_day,
            text.until_day,
            text.text,
            self._caller.client_id,
            self._now,
        )
        rows.add_version(self._session, version, row)
        subject = f"tariff {text.tariff}"
        told = {"tariff": text.tariff, "version": version.version, "hash": text.hash}
        audit(self._session, self._caller, "tariff.publish", subject, "", told, self._now)
        provider_id = self._caller.provider_id
        record(self._session, provider_id, "tariff.published", subject, told, self._now)
