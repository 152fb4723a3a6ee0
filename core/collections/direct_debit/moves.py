"""Debits from state to state: the one place that writes steps, for one debit and for thousands."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from billcore.core.accounts.checks import Ints, ints
from billcore.core.collections.direct_debit.errors import DebitStateUnfit
from billcore.core.collections.direct_debit.states import DEBIT_FROM, DebitState
from billcore.core.store import debits as rows
from billcore.core.store import providers
from billcore.core.store.debits import DebitRow
from billcore.core.store.errors import StoreConflict
from billcore.core.store.port import Columns, Session

KIND = "debit move"
"""Of the numbers that are drawn."""


@dataclass(frozen=True, slots=True)
class By:
    """Who moves debits, when (microseconds since 1970), and which file told it (0: none)."""

    provider_id: int
    client_id: int
    now: int
    result_no: int = 0


@dataclass(frozen=True, slots=True)
class To:
    """Where debits go: a column, or one value for all; None: as it is.

    day: on which it was so (an ordinal); line: of the file that told it.
    """

    state: DebitState
    day: Ints | int
    amount: Ints | int | None = None
    batch_no: int | None = None
    sequence: Ints | int | None = None
    code: list[str] | str | None = None
    until_day: Ints | int | None = None
    line: Ints | int = 0


def move(session: Session, by: By, debits: Columns, to: To) -> None:
    """Moves debits on, all of them or none.

    debits: as they were read. Raises DebitStateUnfit, and StoreConflict where another transaction
    moved one of them since.
    """
    count = len(debits["debit_no"])
    if not count:
        return
    _check(debits, to.state)
    was = ints(debits["state"])
    _write(session, by, debits, to, was, ints(debits["step_no"]) + 1)


def begin(session: Session, by: By, debits: Columns) -> None:
    """Adds new debits with their first step."""
    count = len(debits["debit_no"])
    if not count:
        return
    rows.add(session, by.provider_id, debits)
    first = To(DebitState.DUE, ints(debits["day"]))
    columns = _steps(by, debits, first, np.zeros(count, dtype=np.int64), ints(debits["step_no"]))
    move_no = providers.draw(session, by.provider_id, KIND, 1)
    rows.add_steps(session, {**columns, "move_no": np.full(count, move_no)})


def move_rows(session: Session, by: By, debits: list[DebitRow], to: To) -> None:
    """As `move`, of rows."""
    move(session, by, rows.columns_of(debits), to)


def _check(debits: Columns, state: DebitState) -> None:
    allowed = DEBIT_FROM[state]
    unfit = np.flatnonzero(~np.isin(ints(debits["state"]), allowed))
    if unfit.size:
        at = int(unfit[0])
        was = DebitState(int(ints(debits["state"])[at])).name
        name = debits["end_to_end_id"][at].as_py()
        raise DebitStateUnfit(name, was, " or ".join(one.name for one in allowed))


def _write(session: Session, by: By, debits: Columns, to: To, was: Ints, step_no: Ints) -> None:
    count = len(was)
    move_no = providers.draw(session, by.provider_id, KIND, 1)
    columns = _steps(by, debits, to, was, step_no)
    rows.add_steps(session, {**columns, "move_no": np.full(count, move_no)})
    if rows.move(session, by.provider_id, move_no) != count:
        raise StoreConflict("debit", "another transaction moved some of them.")


def _steps(by: By, debits: Columns, to: To, was: Ints, step_no: Ints) -> dict[str, object]:
    count = len(was)

    def numbers(name: str, given: Ints | int | None) -> Ints:
        if given is None:
            return ints(debits[name])
        return np.full(count, given) if isinstance(given, int) else given

    code = debits["code"] if to.code is None else to.code
    if isinstance(code, str):
        code = [code] * count
    return {
        "provider_id": np.full(count, by.provider_id),
        "debit_no": ints(debits["debit_no"]),
        "step_no": step_no,
        "was": was,
        "state": np.full(count, to.state.value),
        "day": numbers("day", to.day),
        "amount": numbers("amount", to.amount),
        "batch_no": numbers("batch_no", to.batch_no),
        "sequence": numbers("sequence", to.sequence),
        "code": pa.array(code, pa.string()) if isinstance(code, list) else code,
        "until_day": numbers("until_day", to.until_day),
        "result_no": np.full(count, by.result_no),
        "line": numbers("line", to.line),
        "client_id": np.full(count, by.client_id),
        "recorded_at": np.full(count, by.now),
    }
