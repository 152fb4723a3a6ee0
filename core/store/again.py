"""A transaction done again where another one came into its way."""

from collections.abc import Callable
from typing import TypeVar

from billcore.core.store.errors import StoreBusy, StoreConflict
from billcore.core.store.port import Session, Store

TRIES = 5
"""So often a transaction is tried."""

T = TypeVar("T")


def again(store: Store, act: Callable[[Session], T], tries: int = TRIES) -> T:
    """The result of a transaction, the first or a later try.

    act: must do the same however often it is called. Raises StoreBusy and StoreConflict after the
    last try, whatever else at once.
    """
    for _ in range(tries - 1):
        try:
            with store.write() as session:
                return act(session)
        except (StoreBusy, StoreConflict):
            continue
    with store.write() as session:
        return act(session)
