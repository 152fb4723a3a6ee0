"""A record on its way into the books."""

from dataclasses import dataclass

from billcore.core.collections.field.chain import Signed
from billcore.core.collections.field.records import Record
from billcore.core.collections.field.shift import Flag


@dataclass(slots=True)
class Taken:
    """A record that takes effect. start_seq: of its shift; the rest is what came of it."""

    signed: Signed
    flags: Flag
    start_seq: int
    payment_id: int = 0
    surplus: int = 0
    case_no: int = 0
    account_id: int = 0

    @property
    def record(self) -> Record:
        """What it says."""
        return self.signed.record
