"""The published tariffs of this process: an id has versions 1, 2, …, none ever changes.

Goals: publishing is atomic and idempotent (by content and by request id), reading never
waits for a compilation, a folder of documents is taken whole or not at all.
Non-goals: durability (a store may keep the texts), who may publish.
"""

import hashlib
import json
from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Lock

from billcore.core.errors import (
    BillcoreError,
    Finding,
    RequestInvalid,
    TariffConflict,
    TariffInvalid,
    TariffUnknown,
    TariffVersionUnknown,
)
from billcore.core.tariff.language import source
from billcore.core.tariff.tariff import Tariff

TARIFFS_MAX = 10_000
"""A catalog holds at most this many tariffs (CatalogFull, limit tariffs_max)."""

VERSIONS_MAX = 1_000
"""A tariff has at most this many versions (CatalogFull, limit versions_max)."""

REQUESTS_MAX = 100_000
"""Request ids remembered, the newest; an older one is new again."""

REQUEST_ID_MAX = 100
"""A request id has 1 to this many characters (RequestInvalid)."""

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
    leaves out what decides no amount.
    """

    tariff: Tariff
    version: int
    content: str


@dataclass(frozen=True, slots=True)
class Publication:
    """What a publish call answers; created: this call made the version."""

    published: Published
    created: bool


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


class Catalog:
    """Tariffs by id and version; every method may be called from any thread."""

    def __init__(self, tariffs_max: int = TARIFFS_MAX, versions_max: int = VERSIONS_MAX) -> None:
        self._tariffs_max = tariffs_max
        self._versions_max = versions_max
        self._versions: dict[str, tuple[Published, ...]] = {}
        self._requests: OrderedDict[str, Published] = OrderedDict()
        self._lock = Lock()

    def publish(self, text: str, request_id: str, file: str = "<document>") -> Publication:
        """The document as the next version of its tariff, or the version that has its content.

        The same request id with other content is refused (TariffConflict).
        """
        _check_request_id(request_id)
        tariff, content = Tariff.load(text, file), content_digest(text)
        with self._lock:
            self._check_replay(request_id, tariff, content)
            publication = self._publish(tariff, content)
            self._remember(request_id, publication.published)
            return publication

    def publish_folder(self, folder: Path) -> tuple[Published, ...]:
        """Every document of a folder, or none: TariffInvalid holds the findings of all files."""
        loaded = _loaded(sorted(p for p in folder.iterdir() if p.suffix in SUFFIXES))
        _check_ids(loaded)
        with self._lock:
            return tuple(
                self._publish(tariff, content_digest(tariff.text)).published for _, tariff in loaded
            )

    def get(self, tariff_id: str, version: int = 0, digest: str = "") -> Published:
        """The newest version; or the numbered one; or the newest one with this hash."""
        known = self._known(tariff_id)
        fitting = [
            p for p in known if version in (0, p.version) and digest.lower() in ("", p.tariff.hash)
        ]
        if not fitting:
            wanted = ", hash ".join([str(version or "any")] + [digest] * bool(digest))
            raise TariffVersionUnknown(tariff_id, wanted, [str(p.version) for p in known])
        return fitting[-1]

    def tariffs(self, after: str, limit: int) -> Page:
        """The newest versions of the tariffs behind the id `after`, in order of their ids."""
        versions = self._versions
        ids = sorted(versions)
        start = bisect_right(ids, after)
        return Page(
            tuple(versions[i][-1] for i in ids[start : start + limit]), len(ids) > start + limit
        )

    def versions(self, tariff_id: str, after: int, limit: int) -> Page:
        """The versions of a tariff above the number `after`, oldest first."""
        rest = self._known(tariff_id)[max(after, 0) :]
        return Page(rest[:limit], len(rest) > limit)

    def count(self) -> int:
        """How many tariffs there are."""
        return len(self._versions)

    def _known(self, tariff_id: str) -> tuple[Published, ...]:
        if tariff_id not in self._versions:
            raise TariffUnknown(tariff_id)
        return self._versions[tariff_id]

    # -- the caller holds the lock

    def _check_replay(self, request_id: str, tariff: Tariff, content: str) -> None:
        earlier = self._requests.get(request_id)
        if earlier is not None and earlier.content != content:
            raise TariffConflict(tariff.id, f"request {request_id}", earlier.content, content)

    def _publish(self, tariff: Tariff, content: str) -> Publication:
        known = self._versions.get(tariff.id, ())
        for published in known:
            if published.content == content:
                return Publication(published, created=False)
        self._check_room(known)
        published = Published(tariff, len(known) + 1, content)
        # A new dictionary: readers hold no lock and never see one change under them.
        self._versions = {**self._versions, tariff.id: (*known, published)}
        return Publication(published, created=True)

    def _check_room(self, known: Sequence[Published]) -> None:
        if not known and len(self._versions) >= self._tariffs_max:
            raise CatalogFull("tariffs_max", self._tariffs_max)
        if len(known) >= self._versions_max:
            raise CatalogFull("versions_max", self._versions_max)

    def _remember(self, request_id: str, published: Published) -> None:
        self._requests[request_id] = published
        if len(self._requests) > REQUESTS_MAX:
            self._requests.popitem(last=False)


def examine(text: str, file: str = "<document>") -> Verdict:
    """The document checked as publishing would check it; kept nowhere."""
    try:
        tariff = Tariff.load(text, file)
    except TariffInvalid as error:
        return Verdict(error.findings, None)
    return Verdict((), Published(tariff, 0, content_digest(text)))


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
