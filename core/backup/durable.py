"""Files and folders whose names and bytes outlast a power cut."""

import os
from pathlib import Path


def flush_file(file: Path) -> None:
    """The bytes of a file are on the disk."""
    with file.open("rb") as stream:
        os.fsync(stream.fileno())


def flush_folder(folder: Path) -> None:
    """The names in a folder are on the disk."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def flush_tree(folder: Path) -> None:
    """All of a folder is on the disk."""
    for one in folder.rglob("*"):
        if one.is_file():
            flush_file(one)
        else:
            flush_folder(one)
    flush_folder(folder)
