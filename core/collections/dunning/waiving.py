"""Charges of dunning that are waived: taken back as they were posted, with their tax."""

from billcore.core.accounts.acting import Write, provider_acting, tell
from billcore.core.collections.dunning.acting import posting_of
from billcore.core.collections.dunning.errors import DunningChargeUnknown
from billcore.core.collections.dunning.policy import Charge, parse_policy
from billcore.core.ledger.account_entries import reverse_account_entry
from billcore.core.store import dunning as rows
from billcore.core.store.dunning import ActionRow
from billcore.core.store.port import Reader


def waive(
    write: Write, account_id: int, account_entry_id: int, day: int, reason: str, source: str
) -> tuple[ActionRow, int]:
    """Takes a charge back on a day; its action, and the entry that does it.

    source: unique per provider. Raises DunningChargeUnknown, EntryReversed.
    """
    provider_id = provider_acting(write.caller)
    found = rows.action_of(write.session, account_id, account_entry_id)
    if found is None or not account_entry_id:
        raise DunningChargeUnknown(account_id, account_entry_id)
    charge = charge_of(write.session, provider_id, found)
    posting = posting_of(charge, provider_id, source, write.caller.client_id, write.now)
    entry = account_entry_id
    undoing = reverse_account_entry(write.session, account_id, entry, day, posting, found.tax)
    told = {"account_id": account_id, "action_no": found.action_no, "amount": -found.charge}
    subject = f"account entry {account_entry_id}"
    tell(write, provider_id, "dunning.charge_waived", subject, told, reason)
    return found, undoing


def charge_of(reader: Reader, provider_id: int, action: ActionRow) -> Charge:
    """How the charge of an action was posted."""
    text = rows.revision(reader, provider_id, action.policy, action.revision)
    policy = parse_policy(text)
    return policy.levels[action.level - 1].charge if action.level else policy.reconnect.charge
