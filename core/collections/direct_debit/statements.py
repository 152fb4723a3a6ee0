"""What bank statements and notifications say of debits: collected, one by one or in a block, and
taken back. Lines of others' business are left to reconciliation.
"""

from collections.abc import Iterator

from billcore.core.accounts.checks import ints, texts
from billcore.core.collections.direct_debit.pain002 import NO_REASON
from billcore.core.collections.direct_debit.pain008 import block_of
from billcore.core.collections.direct_debit.states import Told
from billcore.core.collections.direct_debit.told import Outcome
from billcore.core.errors import quoted
from billcore.core.reconciliation.files.errors import FileBroken
from billcore.core.reconciliation.files.lines import LineKind, Statement
from billcore.core.reconciliation.files.statements import read_statements


def read_outcomes(
    content: bytes, file: str, account: str, currency: str
) -> tuple[str, list[Outcome]]:
    """(format, outcomes) of a bank's file. account: that of the creditor, '': any.

    Raises FileBroken, for statements of another account or currency, too.
    """
    statements = read_statements(content, file)
    found: list[Outcome] = []
    for one in statements:
        if account and one.account != account:
            message = f"the statement is of {quoted(one.account)}, not the creditor's account."
            raise FileBroken(file, 0, "account", message)
        if one.currency != currency:
            raise FileBroken(file, 0, "currency", f"it is in {one.currency}.", [currency])
        found += _outcomes(one)
    return statements[0].format, found


def _outcomes(of: Statement) -> Iterator[Outcome]:
    lines = of.lines
    numbers = [ints(lines[name]).tolist() for name in ("line", "kind", "amount", "day", "count")]
    words = [texts(lines[name]) for name in ("end_to_end", "batch", "return_code")]
    for line, kind, amount, day, count, name, batch, code in zip(*numbers, *words, strict=True):
        back = kind == LineKind.CREDIT_REVERSED or (kind == LineKind.DEBIT and bool(code))
        if back and name:
            yield Outcome(line, name, Told.RETURNED, abs(amount), code or NO_REASON, day)
        elif kind == LineKind.CREDIT and name and not code:
            yield Outcome(line, name, Told.COLLECTED, amount, "", day)
        elif kind == LineKind.CREDIT and not name and block_of(batch) is not None:
            yield Outcome(line, "", Told.COLLECTED, amount, "", day, batch, count)
