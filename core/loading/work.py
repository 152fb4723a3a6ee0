"""What the kinds of loads act with, and how they tell what they did."""

from dataclasses import dataclass

from billcore.core.accounts.checks import Loaded
from billcore.core.caller import Caller
from billcore.core.events.outbox import record
from billcore.core.store.port import Session


@dataclass(frozen=True, slots=True)
class Work:
    """A chunk being done. source: what it is, unique per provider; now: microseconds since 1970."""

    session: Session
    caller: Caller
    source: str
    now: int

    @property
    def provider_id(self) -> int:
        """The provider for which the rows are loaded."""
        return self.caller.provider_id

    def tell(self, kind: str, loaded: Loaded) -> Loaded:
        """Writes the event of a chunk, if it kept anything; what is loaded."""
        if loaded.accepted:
            told = {"accepted": loaded.accepted, "refused": len(loaded.refusals)}
            record(self.session, self.provider_id, f"{kind}.loaded", self.source, told, self.now)
        return loaded
