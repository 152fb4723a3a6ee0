"""Definitions of files, documents by name: those that are shipped, and a provider's own, which go
first."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Any, Generic, Protocol, TypeVar

from billcore.core.accounts.acting import Write
from billcore.core.accounts.keeping import keep
from billcore.core.errors import BillcoreError
from billcore.core.store.kept import Kept
from billcore.core.store.port import Reader


class Definition(Protocol):
    """A checked document: its name, and its text as it was read."""

    @property
    def format(self) -> str:
        """The name."""

    @property
    def text(self) -> str:
        """The text."""


D = TypeVar("D", bound=Definition)


@dataclass(frozen=True, slots=True)
class Known(Generic[D]):
    """A definition that a provider can use; revision 0: a shipped one."""

    definition: D
    revision: int


@dataclass(frozen=True, slots=True)
class Definitions(Generic[D]):
    """All definitions of a kind. kind: its words, as in `report format`; read: makes one of its
    text, and of the name that findings call its file; unknown: the error of a name, beside those
    that are known; package, folder: where shipped ones are; table: where providers' are.
    """

    kind: str
    read: Callable[..., D]
    unknown: Callable[[str, list[str]], BillcoreError]
    package: str
    folder: str
    table: Kept[str]

    def shipped(self) -> Mapping[str, D]:
        """The definitions that come with billcore, by name."""
        found: Mapping[str, D] = _shipped(self.read, self.package, self.folder)
        return found

    def find(self, reader: Reader, provider_id: int, name: str) -> D:
        """The provider's own definition of a name, else the shipped one. Raises what `unknown`
        makes."""
        text, _ = self.table.one(reader, provider_id, name)
        if text:
            return self.read(text, name)
        found = self.shipped().get(name)
        if found is None:
            known = [one.definition.format for one in self.every(reader, provider_id)]
            raise self.unknown(name, known)
        return found

    def every(self, reader: Reader, provider_id: int) -> list[Known[D]]:
        """Every definition that a provider can use, by name."""
        found = {name: Known(one, 0) for name, one in self.shipped().items()}
        for name, (text, revision) in self.table.every(reader, provider_id).items():
            found[name] = Known(self.read(text, name), revision)
        return [found[name] for name in sorted(found)]

    def set(self, write: Write, text: str, revision: int, reason: str = "") -> Known[D]:
        """Keeps a definition whose revision the caller has seen; 0: none of its name was kept.

        Raises what `read` does, RevisionConflict.
        """
        made = self.read(text)
        event, subject = f"{self.kind.replace(' ', '_')}.set", f"{self.kind} {made.format}"
        keep(write, self.table, made.format, text, revision, event, subject, reason)
        return Known(made, revision + 1)


@lru_cache
def _shipped(read: Callable[..., Any], package: str, folder: str) -> dict[str, Any]:
    found = {}
    room = resources.files(package).joinpath(folder)
    for one in sorted(room.iterdir(), key=lambda entry: entry.name):
        if one.name.endswith(".yaml"):
            made = read(one.read_text("utf-8"), one.name)
            found[made.format] = made
    return found
