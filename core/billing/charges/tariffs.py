"""Tariffs by the numbers that agreements and bills keep."""

from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType

from billcore.core.store import tariffs as rows
from billcore.core.store.port import Reader
from billcore.core.tariff.tariff import Tariff

PROPOSED = 0
"""The version of a document that is not published."""

KEPT = 1_000
"""Compiled tariffs that a process keeps."""


class Tariffs:
    """The published tariffs as one snapshot has them.

    proposed: documents that are tried in the place of the published ones, by tariff number; their
    version is PROPOSED.
    """

    def __init__(self, reader: Reader, proposed: Mapping[int, str] = MappingProxyType({})) -> None:
        self._reader = reader
        self._proposed = proposed
        self._newest: dict[int, rows.Version | None] = {}

    def newest(self, tariff_no: int) -> tuple[int, Tariff]:
        """The newest version of a tariff, and its number. Raises LookupError."""
        if tariff_no in self._proposed:
            return PROPOSED, _compiled(self._proposed[tariff_no])
        if tariff_no not in self._newest:
            self._newest[tariff_no] = rows.newest(self._reader, tariff_no)
        version = self._newest[tariff_no]
        if version is None:
            raise LookupError(f"tariff {tariff_no} has no version")
        return version.version, self._loaded(version)

    def one(self, tariff_no: int, version: int) -> Tariff:
        """A version of a tariff. Raises LookupError."""
        if version == PROPOSED:
            return _compiled(self._proposed[tariff_no])
        newest = rows.newest(self._reader, tariff_no)
        if newest is None:
            raise LookupError(f"tariff {tariff_no} has no version")
        return self._loaded(newest._replace(version=version))

    def _loaded(self, version: rows.Version) -> Tariff:
        return _compiled(rows.document(self._reader, version).text)


@lru_cache(KEPT)
def _compiled(text: str) -> Tariff:
    return Tariff.load(text)
