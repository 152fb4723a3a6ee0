"""Corrections of a company's bills as the tests make them: on the seed's company, or a town."""

import numpy as np

from billcore.core import verify
from billcore.core.billing.corrections import cancelling, rerating, undoing
from billcore.core.billing.corrections.credits import Reason
from billcore.core.billing.corrections.family import family
from billcore.core.billing.corrections.wanted import Wanted
from billcore.core.billing.stored import stored_bill
from billcore.core.ledger import balances
from billcore.core.metering import decide
from billcore.core.metering.findings import Source
from billcore.core.metering.provider import metering_provider
from billcore.core.metering.record import new_readings, record
from billcore.core.store import bills, providers
from tests.seed import Act

WHY = Reason("METER_READING", "the dial was misread", ("photo 17",))


class Desk:
    """Corrects bills of a company. day: the day of issue; at: the clock, which stands still."""

    def __init__(self, store, caller, day, at):
        self.store, self.caller, self.day, self.at = store, caller, day, at
        self._sources = 0

    def wanted(self, why=WHY, day=None):
        self._sources += 1
        return Wanted(why, self.day if day is None else day, f"test/{self._sources}")

    def _do(self, act, *given, why=WHY, day=None, **more):
        with self.store.write() as session:
            provider = providers.provider(session, self.caller.provider_id)
            write = Act(session, self.caller, self.at)
            return act(write, provider, *given, self.wanted(why, day), **more)

    def cancel(self, bill_id, **how):
        return self._do(cancelling.cancel_bill, bill_id, **how)

    def cancel_all(self, bill_ids, **how):
        return self._do(cancelling.cancel_bills, bill_ids, **how)

    def rebill(self, bill_id, **how):
        return self._do(rerating.rebill, bill_id, **how)

    def rerate(self, account_id, from_day, **how):
        return self._do(rerating.rerate, account_id, from_day, **how)

    def undo(self, correction_id, **how):
        return self._do(undoing.undo, correction_id, **how)

    # -- readings

    def correct(self, meter_id, day, dial, account_id=0):
        """A clerk corrects the reading of a day."""
        with self.store.write() as session:
            provider = metering_provider(session, self.caller.provider_id)
            given = _reading(meter_id, day, dial, Source.OFFICER, account_id)
            decide.correct(session, self.caller, provider, given, "misread", self.at)

    def read(self, meter_id, day, dial, source=Source.OFFICER, account_id=0):
        """A reading; (status, findings)."""
        with self.store.write() as session:
            provider = metering_provider(session, self.caller.provider_id)
            given = _reading(meter_id, day, dial, source, account_id)
            results = record(session, self.caller, provider, given, self.at)
            return int(results.status[0]), int(results.findings[0])

    # -- what there is

    def bill(self, bill_id):
        with self.store.read() as reader:
            return stored_bill(reader, self.caller.provider_id, bill_id)

    def bills(self, account_id):
        """Every document of an account, in the order of issue."""
        with self.store.read() as reader:
            found = bills.headers(reader, account_id, 0, 10_000)
        return sorted(found, key=lambda one: one.recorded_at)

    def standing(self, account_id):
        """The bills of an account that stand, in the order of their days."""
        found = [self.bill(one.bill_id) for one in self.bills(account_id) if one.kind != 3]
        kept = [one for one in found if one.fate.stands]
        return sorted(kept, key=lambda one: (one.header.this_day, one.header.recorded_at))

    def family(self, bill_id):
        with self.store.read() as reader:
            return family(reader, self.caller.provider_id, bill_id)

    def balance(self, account_id):
        with self.store.read() as reader:
            return balances.balance(reader, account_id)

    def broken(self):
        """What verify finds, by check; empty: everything holds."""
        with self.store.read() as reader:
            found = list(verify.verify(reader, [self.caller.provider_id]))
        return {verdict.check: verdict.broken for verdict in found if verdict.broken}


def _reading(meter_id, day, dial, source, account_id):
    columns = {"meter_id": meter_id, "register_no": 1, "day": day, "value": dial,
               "source": int(source), "account_id": account_id}  # fmt: skip
    return new_readings({name: np.array([value]) for name, value in columns.items()})
