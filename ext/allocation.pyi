from typing import Any, Final

DEBIT: Final[int]
CREDIT: Final[int]
UNDO: Final[int]

NOWHERE: Final[int]
DOCUMENT: Final[int]
SERVICE: Final[int]
PERIOD: Final[int]
REFERENCE: Final[int]

OLDEST_FIRST: Final[int]
CURRENT_FIRST: Final[int]
PRO_RATA: Final[int]
PRIORITY_TABLE: Final[int]
STATUTORY_RU: Final[int]

IGNORED: Final[int]
NAMES_DOCUMENT: Final[int]
NAMES_PERIOD: Final[int]

FINE: Final[int]
NO_MEMORY: Final[int]
KIND_UNKNOWN: Final[int]
AMOUNT_NEGATIVE: Final[int]
SUM_OVERFLOW: Final[int]
PARTS_OUTSIDE: Final[int]
PART_NEGATIVE: Final[int]
PARTS_SUM: Final[int]
STRATEGY_UNKNOWN: Final[int]
DIRECTION_UNKNOWN: Final[int]
UNDO_OUTSIDE: Final[int]
UNDO_OF_UNDO: Final[int]
UNDO_TWICE: Final[int]
UNDO_AMOUNT: Final[int]

ROWS_MAX: Final[int]
PLAN_WORDS: Final[int]
STEP: Final[list[tuple[str, str]]]

class Steps:
    nbytes: int
    def __buffer__(self, flags: int, /) -> memoryview: ...

# Columns are anything with the buffer protocol: contiguous, int64; undone has bytes.
def fold(
    starts: Any,
    kind: Any,
    amount: Any,
    day: Any,
    *,
    id: Any = None,
    order: Any = None,
    period: Any = None,
    month_key: Any = None,
    strategy: Any = None,
    direction: Any = None,
    target: Any = None,
    part_begin: Any = None,
    part_amount: Any = None,
    service: Any = None,
    penalty: Any = None,
    part_service: Any = None,
    part_penalty: Any = None,
    plans: Any,
    services: Any = None,
    open: Any,
    part_open: Any,
    undone: Any,
) -> tuple[int, int, Steps | bytes]: ...
