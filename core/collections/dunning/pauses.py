"""Pauses: days on which nothing is done about an account, for a reason that its policy knows.

Who pauses (a case, a clerk, a promise to pay) names the pause by its source, which is the account's
own: the same pause again is the same. A pause stops levels; it does not stop the end of an episode.
"""

import numpy as np

from billcore.core.accounts.acting import Write, provider_acting, tell
from billcore.core.accounts.errors import FieldRefused
from billcore.core.collections.dunning.errors import DunningPauseConflict, DunningPauseUnknown
from billcore.core.collections.dunning.policies import NONE, choose, policies
from billcore.core.collections.late_fees.holds import check_texts
from billcore.core.ledger.turns import turn_to_correct
from billcore.core.store import dunning as rows
from billcore.core.store.dunning import PauseRow
from billcore.core.store.port import Reader


def pause(
    write: Write,
    account_id: int,
    reason_code: str,
    from_day: int,
    until_day: int,
    source: str,
    reason: str,
) -> PauseRow:
    """Pauses an account from a day on; until_day: the last day, 0: as long as the policy allows.

    Raises FieldRefused, DunningPauseConflict, DunningPolicyUnfit.
    """
    check_texts(source, reason)
    now = _turn(write, account_id)
    most = _most(write, account_id, reason_code, from_day)
    last = until_day or from_day + most - 1
    if not from_day <= last <= from_day + most - 1:
        raise FieldRefused("until_day", f"for {reason_code} a pause is of 1 to {most} days.")
    before = find(write.session, account_id, source)
    if before is not None:
        if (before.reason_code, before.from_day, before.until_day) == (
            reason_code, from_day, last,
        ):  # fmt: skip
            return before
        raise DunningPauseConflict(account_id, source, "it is there, with other days or reason.")
    client_id = write.caller.client_id
    row = PauseRow(account_id, source, 1, reason_code, from_day, last, reason, client_id, now)
    return _kept(write, row, "dunning.paused", reason)


def resume(write: Write, account_id: int, source: str, until_day: int, reason: str) -> PauseRow:
    """Ends a pause earlier; until_day: its last day, before its first: it never was.

    Raises DunningPauseUnknown, DunningPauseConflict, FieldRefused.
    """
    check_texts(source, reason)
    now = _turn(write, account_id)
    before = find(write.session, account_id, source)
    if before is None:
        raise DunningPauseUnknown(account_id, source)
    last = max(until_day, before.from_day - 1)
    if last == before.until_day:
        return before
    if last > before.until_day:
        raise DunningPauseConflict(account_id, source, "it ends before that: pause it anew.")
    row = before._replace(
        version=before.version + 1,
        until_day=last,
        reason=reason,
        client_id=write.caller.client_id,
        recorded_at=now,
    )
    return _kept(write, row, "dunning.resumed", reason)


def find(reader: Reader, account_id: int, source: str) -> PauseRow | None:
    """The pause of an account from a source, or None."""
    every = rows.pauses(reader, np.array([account_id]))
    return next((one for one in every if one.source == source), None)


def _turn(write: Write, account_id: int) -> int:
    """The time to record at: no sweep decides about the account meanwhile."""
    provider_id = provider_acting(write.caller)
    return turn_to_correct(write.session, provider_id, np.array([account_id]), write.now)


def _most(write: Write, account_id: int, reason_code: str, day: int) -> int:
    """For how many days at most an account is paused for a reason. Raises FieldRefused."""
    provider_id = provider_acting(write.caller)
    every = policies(write.session, provider_id)
    (place,) = choose(write.session, provider_id, every, np.array([account_id]), day).tolist()
    if place == NONE:
        raise FieldRefused("by", f"account {account_id} has no dunning policy: nothing to pause.")
    known = dict(every[place].policy.pauses)
    if reason_code not in known:
        why = f"{reason_code[:40]!r} is no reason of the policy {every[place].name}."
        raise FieldRefused("reason_code", why, list(known))
    most: int = known[reason_code]
    return most


def _kept(write: Write, row: PauseRow, action: str, reason: str) -> PauseRow:
    rows.add_pause(write.session, row)
    told = {"source": row.source, "reason_code": row.reason_code, "from_day": row.from_day,
            "until_day": row.until_day}  # fmt: skip
    subject = f"account {row.account_id}"
    tell(write, provider_acting(write.caller), action, subject, told, reason)
    return row
