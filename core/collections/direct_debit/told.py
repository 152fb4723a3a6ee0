"""What files of results say, in one form whatever the file was."""

from dataclasses import dataclass

from billcore.core.collections.direct_debit.states import Told


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a line says of a debit, or of all debits of a block.

    line: from 1; end_to_end_id: '': of those of `block`, a PmtInfId, or of the message ('');
    amount: minor units, 0: not told; code: of a reason; day: an ordinal, 0: not told.
    count: how many debits a block has, 0: not told.
    """

    line: int
    end_to_end_id: str
    told: Told
    amount: int = 0
    code: str = ""
    day: int = 0
    block: str = ""
    count: int = 0
