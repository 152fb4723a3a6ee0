"""Transactions that others' transactions came into the way of are done again."""

from collections.abc import Callable
from typing import TypeVar

from billcore.core.store.errors import StoreBusy, StoreConflict

T = TypeVar("T")

TRIES = 5
"""So often."""


def again(act: Callable[[], T]) -> T:
    """What comes of an act that is a transaction of its own and may be done twice.

    Raises StoreBusy or StoreConflict when it came to nothing TRIES times.
    """
    for _ in range(TRIES - 1):
        try:
            return act()
        except (StoreBusy, StoreConflict):
            continue
    return act()
