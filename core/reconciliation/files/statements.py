"""The formats of bank statements by name, and which one a file is."""

from collections.abc import Callable

from billcore.core.reconciliation.files.camt import read_camt
from billcore.core.reconciliation.files.errors import FileBroken
from billcore.core.reconciliation.files.lines import Statement
from billcore.core.reconciliation.files.swift import FORMAT, read_mt940

STATEMENT_FORMATS: dict[str, Callable[[bytes, str], list[Statement]]] = {
    "camt": read_camt,
    FORMAT: read_mt940,
}


def read_statements(content: bytes, file: str, format_name: str = "") -> list[Statement]:
    """The statements of a file; without a format by how it begins. Raises FileBroken."""
    name = format_name or _format_of(content)
    read = STATEMENT_FORMATS.get(name)
    if read is None:
        message = f"{name!r} is no format of statements."
        raise FileBroken(file, 0, "format", message, list(STATEMENT_FORMATS))
    return read(content, file)


def _format_of(content: bytes) -> str:
    begins = content[:200].lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").replace(b"\0", b"")
    return "camt" if begins.startswith(b"<") else FORMAT
