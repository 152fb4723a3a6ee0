"""Statements with a list of values: few of them, whatever the length of the list."""

from collections.abc import Iterator, Sequence

from billcore.core.store.port import Value

LISTED = 128
"""A list has this many values at most."""


def lists(sql: str, mark: str, values: Sequence[Value]) -> Iterator[tuple[str, dict[str, Value]]]:
    """A statement for each part of a list, with its values; `mark` stands for the list in `sql`.

    A short list repeats its last value up to a power of two, so that there are few statements.
    """
    for start in range(0, len(values), LISTED):
        part = list(values[start : start + LISTED])
        size = 1 << (len(part) - 1).bit_length()
        part += part[-1:] * (size - len(part))
        names = {f"listed{place}": value for place, value in enumerate(part)}
        yield sql.replace(mark, ", ".join(f":{name}" for name in names)), names
