"""JSON with one spelling: the text that events carry and that the audit chain hashes.

Keys are sorted, nothing is spaced, texts keep their script. Whole numbers only: money is minor
units, and a binary float has no business here.
"""

import json
from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

_COMMA = pa.scalar(",")
"""Made once: for every text that it takes as an argument, Arrow looks for pandas on all paths."""


def text(content: Mapping[str, object] | Sequence[object]) -> str:
    """The canonical JSON of texts, integers, flags, lists and mappings of them.

    Raises TypeError for a float, a None or any other kind: a fault of the caller.
    """
    _check(content)
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


FEW = 128
"""So many rows are spelled faster one by one than as columns."""


def tables(
    same: Mapping[str, object], columns: Mapping[str, npt.NDArray[np.signedinteger]], most: int
) -> list[str]:
    """The texts of mappings that have `same`, and the columns' next integers as lists, at most so
    many. Columns have one length, and other names than `same`. Many rows take no step each."""
    rows = len(next(iter(columns.values())))
    if 0 < rows <= min(FEW, most):
        return [text({**same, **{name: column.tolist() for name, column in columns.items()}})]
    ends = pa.array([*range(0, rows, most), rows], pa.int32())
    spelled = {name: [text({name: value})[1:-1]] * (len(ends) - 1) for name, value in same.items()}
    for name, column in columns.items():
        lists = pa.ListArray.from_arrays(ends, pa.array(column).cast(pa.string()))
        joined = pc.binary_join(lists, _COMMA).to_pylist()
        spelled[name] = [f"{text([name])[1:-1]}:[{one}]" for one in joined]
    ordered = (spelled[name] for name in sorted(spelled))
    return ["{" + ",".join(parts) + "}" for parts in zip(*ordered, strict=True)]


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
