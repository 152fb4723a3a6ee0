"""What is done about accounts: actions, their charges as entries, their signals as events."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from billcore.core.accounts.days import iso
from billcore.core.caller import Caller
from billcore.core.collections.dunning.judging import Verdict
from billcore.core.collections.dunning.looking import Moment, Seen
from billcore.core.collections.dunning.policy import Charge, Signal
from billcore.core.events import canonical
from billcore.core.events.outbox import record_texts
from billcore.core.ledger.account_entries import AccountEntries, Posting, post_account_entries
from billcore.core.ledger.kinds import EntryKind
from billcore.core.store import dunning as rows
from billcore.core.store import providers
from billcore.core.store.columns import of_rows
from billcore.core.store.dunning import ActionRow, StateRow
from billcore.core.store.port import Columns, Kind, Session
from billcore.core.store.providers import Provider

BATCH = "dunning"
"""Of the numbers that are drawn, one for the charges of a transaction."""

SOURCE = "dunning/"
"""What the sources of charges in the general ledger begin with."""


@dataclass(frozen=True, slots=True)
class Act:
    """An action with what it says beside its row. level: its name; text: what the customer reads;
    charge: how it is posted."""

    row: ActionRow
    level: str
    text: str
    charge: Charge


def act(
    session: Session, caller: Caller, provider: Provider, seen: Sequence[Seen], moment: Moment
) -> list[ActionRow]:
    """Does what the judgements of accounts say, in the turn in which they were made; the actions.

    moment.now: when it is recorded, behind all that was known.
    """
    acts = [_act(one, caller.client_id, moment) for one in seen if one.judgement.acts]
    if not acts:
        return []
    acts = _charged(session, caller, provider, acts)
    done = [one.row for one in acts]
    rows.add_actions(session, _columns(done))
    states = [StateRow(*(getattr(one, name) for name in StateRow._fields)) for one in done]
    kinds = dict.fromkeys(StateRow._fields, Kind.INT)
    account_id = np.array([one.account_id for one in done], dtype=np.int64)
    rows.put_states(session, of_rows(kinds, states), account_id)
    _tell(session, provider, acts, moment)
    return done


def _act(seen: Seen, client_id: int, moment: Moment) -> Act:
    """The action of an account, whose charge is not posted yet."""
    found, state, named = seen.judgement, seen.state, seen.policy
    running = state is not None and state.level > 0
    if found.verdict is Verdict.END:
        assert state is not None
        reconnects = state.signal == Signal.CUT_OFF
        signal = Signal.RECONNECT if reconnects else Signal.SETTLED
        told = named.policy.reconnect if named and reconnects else None
        level, text, charge = "", told.text if told else "", told.charge if told else Charge()
    else:
        assert named is not None
        step = named.policy.levels[found.level - 1]
        signal, level, text, charge = step.signal, step.name, step.text, step.charge
    debt = found.debt
    row = ActionRow(
        account_id=seen.account_id,
        action_no=state.action_no + 1 if state else 1,
        episode=(state.episode if state else 0) + (not running),
        level=found.level,
        signal=int(signal),
        day=moment.today,
        debt=debt.debt if found.level else 0,
        overdue=debt.overdue,
        in_flight=seen.owed.in_flight,
        oldest_due_day=debt.oldest,
        about_day=state.about_day if state and running else debt.newest,
        policy=named.name if named else "",
        revision=named.revision if named else 0,
        charge=charge.total,
        tax=charge.taxed,
        account_entry_id=0,
        known_at=moment.known_at,
        client_id=client_id,
        recorded_at=moment.now,
    )
    return Act(row, level, text, charge)


# -- charges


def _charged(
    session: Session, caller: Caller, provider: Provider, acts: Sequence[Act]
) -> list[Act]:
    """The acts with the ids of their charges, which are posted."""
    groups: dict[tuple[str, str], list[int]] = {}
    for at, one in enumerate(acts):
        if one.row.charge:
            groups.setdefault((one.charge.code, one.charge.tax), []).append(at)
    found = list(acts)
    if not groups:
        return found
    batch = providers.draw(session, provider.provider_id, BATCH, 1)
    for (code, tax), chosen in groups.items():
        some = [acts[at] for at in chosen]
        source, now = f"{SOURCE}{batch}/{code}/{tax}", some[0].row.recorded_at
        posting = posting_of(some[0].charge, provider.provider_id, source, caller.client_id, now)
        ids = post_account_entries(session, _entries(some), posting)
        for at, entry_id in zip(chosen, ids.tolist(), strict=True):
            one = acts[at]
            found[at] = Act(
                one.row._replace(account_entry_id=entry_id), one.level, one.text, one.charge
            )
    return found


def posting_of(charge: Charge, provider_id: int, source: str, client_id: int, now: int) -> Posting:
    """Where a charge is posted, and taken back."""
    contra, tax = f"fee_income:{charge.code}", f"tax:{charge.tax}" if charge.tax else "tax"
    return Posting(provider_id, source, client_id, now, contra=contra, tax=tax)


def _entries(acts: Sequence[Act]) -> AccountEntries:
    of = [one.row for one in acts]
    texts = [f"{Signal(one.signal).word.replace('_', ' ')} {one.action_no}" for one in of]
    return AccountEntries(
        account_id=np.array([one.account_id for one in of], dtype=np.int64),
        kind=np.full(len(of), int(EntryKind.FEE)),
        day=np.array([one.day for one in of], dtype=np.int64),
        amount=np.array([one.charge for one in of], dtype=np.int64),
        reference=pa.array(texts, pa.string()),
        reverses=np.zeros(len(of), dtype=np.int64),
        tax=np.array([one.tax for one in of], dtype=np.int64),
    )


# -- rows and events


def _columns(done: Sequence[ActionRow]) -> Columns:
    kinds = {name: Kind.TEXT if name == "policy" else Kind.INT for name in ActionRow._fields}
    return of_rows(kinds, done)


def event_kind(signal: Signal) -> str:
    """The kind of the event of a signal."""
    return f"dunning.{signal.word}"


def _tell(session: Session, provider: Provider, acts: Sequence[Act], moment: Moment) -> None:
    """An event of each action; whom to tell, and where, say account and customer."""
    by_signal: dict[Signal, list[str]] = {}
    for one in acts:
        row = one.row
        told = {
            "account_id": row.account_id,
            "action_no": row.action_no,
            "episode": row.episode,
            "level": row.level,
            "name": one.level,
            "text": one.text,
            "day": row.day,
            "debt": row.debt,
            "overdue": row.overdue,
            "oldest_due_day": row.oldest_due_day,
            "charge": row.charge,
            "tax": row.tax,
            "account_entry_id": row.account_entry_id,
            "policy": row.policy,
            "revision": row.revision,
            "currency": provider.currency,
        }
        by_signal.setdefault(Signal(row.signal), []).append(canonical.text(told))
    for signal, contents in by_signal.items():
        subject = f"dunning {iso(moment.today)}"
        kind = event_kind(signal)
        record_texts(session, provider.provider_id, kind, subject, contents, moment.now)
