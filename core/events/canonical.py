"""JSON with one spelling: the text that events carry and that the audit chain hashes.

Keys are sorted, nothing is spaced, texts keep their script. Whole numbers only: money is minor
units, and a binary float has no business here.
"""

import json
from collections.abc import Mapping, Sequence


def text(content: Mapping[str, object] | Sequence[object]) -> str:
    """The canonical JSON of texts, integers, flags, lists and mappings of them.

    Raises TypeError for a float, a None or any other kind: a fault of the caller.
    """
    _check(content)
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _check(node: object) -> None:
    match node:
        case str() | int():
            return
        case Mapping():
            for key, value in node.items():
                if not isinstance(key, str):
                    raise TypeError(f"an event has texts as keys, not {key!r}")
                _check(value)
        case list() | tuple():
            if {*map(type, node)} <= {int, str}:
                return  # columns of many numbers are told
            for item in node:
                _check(item)
        case _:
            raise TypeError(f"an event holds no {type(node).__name__}: {node!r}")
