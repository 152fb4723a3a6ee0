"""What `billcore verify` finds: a broken invariant at one place of the books."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from billcore.core.store.port import Reader

MOST = 20
"""A check tells at most this many findings of a kind; one is enough to look."""

Broken = dict[str, object]
"""A place where an invariant does not hold: `message`, and the keys of the place."""

Check = Callable[[Reader, int], Iterator[Broken]]
"""Looks at the books of a provider in one snapshot; yields what is broken."""


def broken(message: str, **where: object) -> Broken:
    """A finding at these keys."""
    return {"message": message, **where}


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a check found at a provider; empty: the invariant holds."""

    provider_id: int
    check: str
    broken: tuple[Broken, ...]
