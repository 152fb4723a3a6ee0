"""A correction as a whole: its reason, its documents, its line in the audit log."""

from collections.abc import Mapping
from dataclasses import dataclass

from billcore.core.accounts.acting import Write
from billcore.core.accounts.policies import Policies
from billcore.core.billing.corrections.credits import correction_id, record_correction
from billcore.core.billing.corrections.exchange import Exchange, Exchanged, exchange
from billcore.core.billing.corrections.wanted import Wanted
from billcore.core.billing.issue import Issue
from billcore.core.billing.payment_ids import payment_ids_of
from billcore.core.events.audit import audit
from billcore.core.store.port import Session
from billcore.core.store.providers import Provider


@dataclass(frozen=True, slots=True)
class Correction:
    """What is corrected together, in the turn of its accounts.

    now: the time of its first document; undoes: the correction that it undoes, or 0.
    """

    write: Write
    provider: Provider
    policies: Policies
    wanted: Wanted
    now: int
    undoes: int = 0

    @property
    def session(self) -> Session:
        """The transaction."""
        return self.write.session

    @property
    def correction_id(self) -> int:
        """Computed from what asks for it."""
        return correction_id(self.provider.provider_id, self.wanted.source)

    @property
    def how(self) -> Issue:
        """How its first document is issued; the month is the document's."""
        return Issue(
            provider_id=self.provider.provider_id,
            month=0,
            issued_day=self.wanted.issued_day,
            due_day=self.wanted.issued_day,
            taxes=self.policies.taxes,
            source=self.wanted.source,
            client_id=self.write.caller.client_id,
            recorded_at=self.now,
            payment_ids=payment_ids_of(self.policies, self.provider.calendar),
        )


def corrected(
    correction: Correction,
    what: Exchange,
    action: str,
    subject: str,
    detail: Mapping[str, object],
) -> Exchanged:
    """Records the reason, issues the documents, writes the audit log's line."""
    session, caller, why = correction.session, correction.write.caller, correction.wanted.why
    record_correction(
        session, caller, correction.wanted.source, why, correction.now, correction.undoes
    )
    found = exchange(session, what, correction.how, correction.policies, correction.correction_id)
    told = {
        **detail,
        "correction_id": correction.correction_id,
        "reason_code": why.code,
        "evidence": list(why.evidence),
        "documents": len(what.taken) + len(what.at),
    }
    audit(session, caller, action, subject, why.text, told, correction.write.now)
    return found
