"""Bytes of a file as plain UTF-8 text with one kind of line end; what cannot be read is refused."""

import codecs

from billcore.core.reconciliation.files.errors import FileBroken

FILE_BYTES_MAX = 512 * 2**20
"""A file has at most so many bytes."""


def check_size(content: bytes, file: str) -> None:
    """Raises FileBroken for a file that is empty or beyond FILE_BYTES_MAX."""
    if not content:
        raise FileBroken(file, 0, "content", "the file is empty.")
    if len(content) > FILE_BYTES_MAX:
        message = f"{len(content)} bytes are more than {FILE_BYTES_MAX}: split it."
        raise FileBroken(file, 0, "content", message)


def decoded(content: bytes, encoding: str, file: str) -> bytes:
    """The text in UTF-8 without byte order mark; CR LF and a lone CR end a line as LF does."""
    check_size(content, file)
    content = content.removeprefix(codecs.BOM_UTF8)
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        line = _line(content[: error.start])
        byte = content[error.start : error.start + 1].hex()
        message = f"the byte 0x{byte} at {error.start} is no character of {encoding}."
        raise FileBroken(file, line, "encoding", message) from None
    plain = text.encode("utf-8", "surrogatepass")
    if 0 in plain:
        line = _line(plain[: plain.index(0)])
        raise FileBroken(file, line, "encoding", f"a NUL stands in it: it is not {encoding}.")
    return plain.replace(b"\r\n", b"\n").replace(b"\r", b"\n")


def _line(before: bytes) -> int:
    """The line, from 1, that begins behind these bytes."""
    return before.replace(b"\r\n", b"\n").replace(b"\r", b"\n").count(b"\n") + 1
