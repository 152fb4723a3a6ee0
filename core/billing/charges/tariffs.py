"""Tariffs by the numbers that agreements and bills keep."""

from functools import lru_cache

from billcore.core.store import tariffs as rows
from billcore.core.store.port import Reader
from billcore.core.tariff.tariff import Tariff

KEPT = 1_000
"""Compiled tariffs that a process keeps."""


class Tariffs:
    """The published tariffs as one snapshot has them."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._newest: dict[int, rows.Version | None] = {}

    def newest(self, tariff_no: int) -> tuple[int, Tariff]:
        """The newest version of a tariff, and its number. Raises LookupError."""
        if tariff_no not in self._newest:
            self._newest[tariff_no] = rows.newest(self._reader, tariff_no)
        version = self._newest[tariff_no]
        if version is None:
            raise LookupError(f"tariff {tariff_no} has no version")
        return version.version, self._loaded(version)

    def one(self, tariff_no: int, version: int) -> Tariff:
        """A version of a tariff. Raises LookupError."""
        newest = rows.newest(self._reader, tariff_no)
        if newest is None:
            raise LookupError(f"tariff {tariff_no} has no version")
        return self._loaded(newest._replace(version=version))

    def _loaded(self, version: rows.Version) -> Tariff:
        return _compiled(rows.document(self._reader, version).text)


@lru_cache(KEPT)
def _compiled(text: str) -> Tariff:
    return Tariff.load(text)
