"""The published tariffs: an id has versions 1, 2, …, none ever changes.

Goals: publishing is atomic and idempotent (by content and by request id), reading never waits for
a compilation, a folder of documents is taken whole or not at all; what another process publishes
on the same shelf is found when it is asked for. A provider sees its own tariffs and the house's;
of one id its own. Non-goals: durability (`shelves`), who may publish.
"""

import hashlib
import json
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path
from threading import Lock

from billcore.core.caller import HOUSE, Caller
from billcore.core.errors import (
    BillcoreError,
    Finding,
    RequestInvalid,
    TariffConflict,
    TariffInvalid,
    TariffUnknown,
    TariffVersionUnknown,
)
from billcore.core.events import canonical
from billcore.core.requests import REQUEST_ID_MAX
from billcore.core.store.port import OPEN_DAY
from billcore.core.store.tariffs import Version
from billcore.core.tariff.language import source
from billcore.core.tariff.shelves import SYSTEM, Hand, Memory, Shelf, Text
from billcore.core.tariff.tariff import TEXTS_KEPT, Tariff

TARIFFS_MAX = 10_000
"""A catalog holds at most this many tariffs (CatalogFull, limit tariffs_max)."""

VERSIONS_MAX = 1_000
"""A tariff has at most this many versions (CatalogFull, limit versions_max)."""

SUFFIXES = (".yaml", ".yml", ".json")
"""A folder's files with these endings are its documents."""


class CatalogFull(BillcoreError):
    """The catalog holds as many tariffs, or a tariff as many versions, as it may."""

    reason = "CATALOG_FULL"

    def __init__(self, limit: str, limit_max: int) -> None:
        message = f"The catalog is full: {limit} is {limit_max}. Publish elsewhere or ask for more."
        super().__init__(message, limit=limit, limit_max=limit_max)


@dataclass(frozen=True, slots=True)
class Published:
    """A version of a tariff, counted from 1; 0 is a document that is only checked.

    `content` is a digest of all that the document says, labels included; `tariff.hash`
    leaves out what decides no amount. `number` names the tariff in stored agreements (0: checked
    only), `provider_id` is whose it is.
    """

    tariff: Tariff
    version: int
    content: str
    number: int = 0
    provider_id: int = HOUSE


@dataclass(frozen=True, slots=True)
class Publication:
    """What a publish call answers; created: this call made the version.

    replayed: the request id was used before, for the same content.
    """

    published: Published
    created: bool
    replayed: bool = False


@dataclass(frozen=True, slots=True)
class Verdict:
    """A checked document: its findings, or (there are none) what it would be published as."""

    findings: tuple[Finding, ...]
    published: Published | None


@dataclass(frozen=True, slots=True)
class Page:
    """Some of a list; more: there are others behind the last item."""

    items: tuple[Published, ...]
    more: bool


@dataclass(frozen=True, slots=True)
class Kept:
    """Where a document is kept; created: it was not there before."""

    provider_id: int
    number: int
    version: int
    content: str
    created: bool

    def encoded(self) -> bytes:
        """As a request's first answer."""
        return canonical.text(asdict(self)).encode()

    @staticmethod
    def decoded(answer: bytes) -> "Kept":
        """The opposite of `encoded`."""
        return Kept(**json.loads(answer))


class Catalog:
    """Tariffs by id and version; every method may be called from any thread."""

    def __init__(
        self,
        shelf: Shelf | None = None,
        tariffs_max: int = TARIFFS_MAX,
        versions_max: int = VERSIONS_MAX,
    ) -> None:
        self._shelf = Memory() if shelf is None else shelf
        self._tariffs_max = tariffs_max
        self._versions_max = versions_max
        self._versions: dict[tuple[int, str], tuple[Published, ...]] = {}
        self._seen: set[Version] = set()
        self._lock = Lock()

    def refresh(self) -> int:
        """Takes in what others have put on the shelf; how many versions."""
        with self._lock:
            return self._refresh()

    def publish(
        self, text: str, request_id: str, file: str = "<document>", caller: Caller = SYSTEM
    ) -> Publication:
        """The document as the next version of its tariff, or the version that has its content.

        It is the caller's provider's. The same request id with other content is refused
        (TariffConflict).
        """
        _check_request_id(request_id)
        tariff = Tariff.load(text, file)
        said = _text(tariff)
        with self._shelf.hand(caller) as hand:
            answer = hand.once(request_id, lambda: self._keep(hand, caller, said).encoded())
            kept = Kept.decoded(answer.content)
            if kept.content != said.content:
                key = f"request {request_id}"
                raise TariffConflict(tariff.id, key, kept.content, said.content)
        created = kept.created and not answer.replayed
        return Publication(self._placed(kept, tariff, created), created, answer.replayed)

    def publish_folder(self, folder: Path) -> tuple[Published, ...]:
        """Every document of a folder, or none: TariffInvalid holds the findings of all files.

        They are the house's.
        """
        loaded = _loaded(sorted(p for p in folder.iterdir() if p.suffix in SUFFIXES))
        _check_ids(loaded)
        with self._shelf.hand(SYSTEM) as hand:
            kept = [self._keep(hand, SYSTEM, _text(tariff)) for _, tariff in loaded]
        return tuple(
            self._placed(one, tariff, one.created)
            for one, (_, tariff) in zip(kept, loaded, strict=True)
        )

    def get(
        self, tariff_id: str, version: int = 0, digest: str = "", provider_id: int = HOUSE
    ) -> Published:
        """The newest version; or the numbered one; or the newest one with this hash."""
        known = self._known(provider_id, tariff_id)
        found = _fitting(known, version, digest)
        if found is None and self.refresh():
            known = self._known(provider_id, tariff_id)
            found = _fitting(known, version, digest)
        if found is None:
            wanted = ", hash ".join([str(version or "any")] + [digest] * bool(digest))
            raise TariffVersionUnknown(tariff_id, wanted, [str(p.version) for p in known])
        return found

    def tariffs(self, after: str, limit: int, provider_id: int = HOUSE) -> Page:
        """The newest versions of the tariffs behind the id `after`, in order of their ids."""
        versions = self._versions
        owners = {name: owner for owner, name in sorted(versions) if owner in (HOUSE, provider_id)}
        ids = sorted(owners)
        start = bisect_right(ids, after)
        return Page(
            tuple(versions[owners[i], i][-1] for i in ids[start : start + limit]),
            len(ids) > start + limit,
        )

    def versions(self, tariff_id: str, after: int, limit: int, provider_id: int = HOUSE) -> Page:
        """The versions of a tariff above the number `after`, oldest first."""
        rest = tuple(p for p in self._known(provider_id, tariff_id) if p.version > after)
        return Page(rest[:limit], len(rest) > limit)

    def count(self) -> int:
        """How many tariffs there are."""
        return len(self._versions)

    def _known(self, provider_id: int, tariff_id: str) -> tuple[Published, ...]:
        known = self._visible(provider_id, tariff_id)
        if not known and self.refresh():
            known = self._visible(provider_id, tariff_id)
        if not known:
            raise TariffUnknown(tariff_id)
        return known

    def _visible(self, provider_id: int, tariff_id: str) -> tuple[Published, ...]:
        """The provider's own tariff stands before the house's of the same id."""
        versions = self._versions
        own = versions.get((provider_id, tariff_id), ())
        return own or versions.get((HOUSE, tariff_id), ())

    # -- in a transaction of the shelf

    def _keep(self, hand: Hand, caller: Caller, said: Text) -> Kept:
        number = hand.number(said.tariff)
        version = hand.version_of(number, said.content) if number else 0
        if version:
            return Kept(caller.provider_id, number, version, said.content, created=False)
        last = hand.last_version(number) if number else 0
        self._check_room(hand, number, last)
        number = number or hand.add(said.tariff)
        hand.add_version(Version(caller.provider_id, number, last + 1), said)
        return Kept(caller.provider_id, number, last + 1, said.content, created=True)

    def _check_room(self, hand: Hand, number: int, last: int) -> None:
        if not number and hand.count() >= self._tariffs_max:
            raise CatalogFull("tariffs_max", self._tariffs_max)
        if last >= self._versions_max:
            raise CatalogFull("versions_max", self._versions_max)

    # -- in the place where readers look; never in a transaction, which may wait for another's

    def _placed(self, kept: Kept, tariff: Tariff, created: bool) -> Published:
        """The kept version in its place; tariff: what says the same; created: just now."""
        version = Version(kept.provider_id, kept.number, kept.version)
        with self._lock:
            if created and version not in self._seen:
                self._place(version, tariff, kept.content)
            self._refresh()
            if version not in self._seen:  # another thread keeps it in memory just now
                self._place(version, tariff, kept.content)
            known = self._versions[kept.provider_id, tariff.id]
        return next(p for p in known if p.version == kept.version)

    # -- the caller holds the lock

    def _refresh(self) -> int:
        found = 0
        for version, text in self._shelf.unseen(self._seen):
            name = f"<{text.tariff} version {version.version}>"
            self._place(version, Tariff.load(text.text, name), text.content)
            found += 1
        return found

    def _place(self, version: Version, tariff: Tariff, content: str) -> None:
        published = Published(
            tariff, version.version, content, version.tariff_no, version.provider_id
        )
        key = version.provider_id, tariff.id
        known = (*self._versions.get(key, ()), published)
        # A new dictionary: readers hold no lock and never see one change under them.
        self._versions = {**self._versions, key: tuple(sorted(known, key=lambda p: p.version))}
        self._seen.add(version)


def _fitting(known: Sequence[Published], version: int, digest: str) -> Published | None:
    fitting = (
        p for p in known if version in (0, p.version) and digest.lower() in ("", p.tariff.hash)
    )
    return max(fitting, key=lambda p: p.version, default=None)


def _text(tariff: Tariff) -> Text:
    first, last = tariff.document.versions[0].start, tariff.document.versions[-1].end
    return Text(
        tariff.id,
        tariff.hash,
        content_digest(tariff.text),
        tariff.text,
        1 if first is None else first,
        OPEN_DAY if last is None else last,
    )


def examine(text: str, file: str = "<document>") -> Verdict:
    """The document checked as publishing would check it; kept nowhere."""
    try:
        tariff = Tariff.load(text, file)
    except TariffInvalid as error:
        return Verdict(error.findings, None)
    return Verdict((), Published(tariff, 0, content_digest(text)))


@lru_cache(TEXTS_KEPT)
def content_digest(text: str) -> str:
    """SHA-256 (hex) of all that a document says; comments, layout and key order do not count."""
    said = json.dumps(_said(source.parse(text)), ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(said.encode()).hexdigest()


def _said(node: source.Node) -> object:
    match node:
        case source.Scalar(text=text):
            return " ".join(text.split())
        case source.Sequence():
            return [_said(item) for item in node]
    return {key: _said(value) for key, value in sorted(node.items.items())}


def _loaded(files: Iterable[Path]) -> list[tuple[Path, Tariff]]:
    loaded: list[tuple[Path, Tariff]] = []
    findings: list[Finding] = []
    for file in files:
        try:
            loaded.append((file, Tariff.load(read_document(file), str(file))))
        except TariffInvalid as error:
            findings += error.findings
    if findings:
        raise TariffInvalid(findings)
    return loaded


def read_document(file: Path) -> str:
    """A document's text. Raises TariffInvalid if the file is not UTF-8."""
    try:
        return file.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        before = error.object[: error.start]
        line, column = before.count(b"\n") + 1, error.start - before.rfind(b"\n")
        message = f"Byte {error.start} is not UTF-8: save the document as UTF-8."
        raise TariffInvalid([Finding("", line, column, str(file), "ENCODING", message)]) from None


def _check_ids(loaded: Sequence[tuple[Path, Tariff]]) -> None:
    """Two files of a folder never hold one tariff: which would be the newer?"""
    first: dict[str, tuple[Path, Tariff]] = {}
    for file, tariff in loaded:
        if tariff.id in first:
            other, known = first[tariff.id]
            key = f"file {other.name}, {file.name}"
            raise TariffConflict(tariff.id, key, known.hash, tariff.hash)
        first[tariff.id] = file, tariff


def _check_request_id(request_id: str) -> None:
    if not 1 <= len(request_id) <= REQUEST_ID_MAX or not request_id.isprintable():
        raise RequestInvalid(
            "request_id",
            f"give this call a name of its own, 1 to {REQUEST_ID_MAX} printable characters; "
            "send it again when you repeat the call.",
        )
