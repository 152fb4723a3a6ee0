"""The manifest of a backup: what it holds, of which store, and the proof that it is whole.

It is the last file that is written, with a checksum of its own; a folder without it is no backup.
"""

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from billcore.core.backup.digest import Contents, Tables
from billcore.core.backup.errors import BackupDamaged
from billcore.core.store.migrate import Migration

NAME = "manifest.json"
FORMAT = 1
"""Of the manifest and the files beside it; a later one is refused."""

SQLITE, POSTGRES = "sqlite", "postgresql"

BLOCK_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class File:
    """A file of a backup by its path in the folder; sha256 in hex."""

    path: str
    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Applied:
    """A migration that the store had."""

    number: int
    name: str
    checksum: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """made_at: microseconds since 1970 in UTC; digest: of all tables, in hex."""

    format: int
    billcore: str
    engine: str
    engine_version: str
    made_at: int
    store: str
    migrations: tuple[Applied, ...]
    tables: Tables
    digest: str
    files: tuple[File, ...]

    @property
    def rows(self) -> int:
        """Of all tables."""
        return sum(one.rows for one in self.tables.values())

    @property
    def bytes(self) -> int:
        """Of all files."""
        return sum(one.bytes for one in self.files)


def applied(migrations: Sequence[Migration]) -> tuple[Applied, ...]:
    """As the manifest keeps them."""
    return tuple(Applied(one.number, one.name, one.checksum) for one in migrations)


def written(manifest: Manifest) -> str:
    """The text of a manifest, with its checksum."""
    told = asdict(manifest)
    return json.dumps({**told, "checksum": _checksum(told)}, indent=1, ensure_ascii=False) + "\n"


def read(folder: Path) -> Manifest:
    """The manifest of a backup. Raises BackupDamaged."""
    try:
        told: dict[str, Any] = json.loads(Path(folder, NAME).read_text(encoding="utf-8"))
        checksum = told.pop("checksum")
        if told["format"] != FORMAT:
            why = f"its format is {told['format']!r}, this billcore reads {FORMAT}."
            raise BackupDamaged(folder, why)
        if checksum != _checksum(told):
            raise BackupDamaged(folder, f"{NAME} was changed: its checksum does not fit.")
        return _manifest(told)
    except FileNotFoundError:
        raise BackupDamaged(folder, f"it has no {NAME}, so it is none or was not ended.") from None
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        why = f"{NAME} cannot be read: {type(error).__name__}: {error}."
        raise BackupDamaged(folder, why) from None


def check_files(folder: Path, manifest: Manifest) -> None:
    """Raises BackupDamaged unless every file is there as it was written, and no other."""
    there = {str(one.relative_to(folder)) for one in folder.rglob("*") if one.is_file()}
    for file in manifest.files:
        if file.path not in there:
            raise BackupDamaged(folder, f"{file.path} is missing.")
        size = Path(folder, file.path).stat().st_size
        if size != file.bytes:
            raise BackupDamaged(folder, f"{file.path} has {size} bytes, not {file.bytes}.")
        if sha256(Path(folder, file.path)) != file.sha256:
            raise BackupDamaged(folder, f"{file.path} was changed: its SHA-256 does not fit.")
    strange = sorted(there - {file.path for file in manifest.files} - {NAME})
    if strange:
        raise BackupDamaged(folder, f"{strange[0]} is not of the backup.")


def files(folder: Path) -> Iterator[File]:
    """Every file below a folder, by path."""
    for one in sorted(folder.rglob("*")):
        if one.is_file():
            yield File(str(one.relative_to(folder)), one.stat().st_size, sha256(one))


def sha256(file: Path) -> str:
    """Of a file's bytes, in hex."""
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _checksum(told: dict[str, Any]) -> str:
    text = json.dumps(told, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def _manifest(told: dict[str, Any]) -> Manifest:
    tables = {name: Contents(**one) for name, one in told["tables"].items()}
    return Manifest(
        **{
            **told,
            "migrations": tuple(Applied(**one) for one in told["migrations"]),
            "tables": tables,
            "files": tuple(File(**one) for one in told["files"]),
        }
    )
