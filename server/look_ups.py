"""Who may look up how many accounts: enumeration of numbers is slowed down on three sides.

- A visitor, as the client names who asks: a person looks a few accounts up, and mistypes some.
- The neighbours of a number, whoever asks: many visitors cannot walk through a range together.
- A client, all its visitors together.
"""

from collections.abc import Hashable

from billcore.core.caller import Caller
from billcore.server.refusals import LookUpsExhausted
from billcore.server.throttle import Limit, Throttle

VISITOR = Limit(20, 600)
NEIGHBOURS = Limit(100, 600)
CLIENT = Limit(6_000, 600)

NEIGHBOURS_LAST = 3
"""Numbers that differ in so many of their last characters only are neighbours."""

UNKNOWN_COSTS = 4
"""A number that is not known counts so many times more, for its visitor."""


class LookUps:
    """The look-ups of this process."""

    def __init__(self) -> None:
        self._throttle = Throttle()

    def admit(self, caller: Caller, visitor: str, number: str, now: int) -> None:
        """Lets a look-up through. Raises LookUpsExhausted.

        now: microseconds since 1970 in UTC.
        """
        wanted: dict[Hashable, Limit] = {
            _visitor(caller, visitor): VISITOR,
            ("neighbours", caller.provider_id, number[:-NEIGHBOURS_LAST]): NEIGHBOURS,
            ("client", caller.client_id): CLIENT,
        }
        wait = self._throttle.take(wanted, now)
        if wait is not None:
            assert isinstance(wait.key, tuple)
            raise LookUpsExhausted(str(wait.key[0]), wait.seconds)

    def unknown(self, caller: Caller, visitor: str, now: int) -> None:
        """Counts a number that is not known."""
        self._throttle.charge({_visitor(caller, visitor): VISITOR}, now, UNKNOWN_COSTS)


def _visitor(caller: Caller, visitor: str) -> Hashable:
    return "visitor", caller.client_id, visitor
