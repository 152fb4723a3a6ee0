"""A town whose account is billed for several services, and pays for them through a kiosk."""

import numpy as np

from billcore.core.billing.items import account_items
from billcore.core.billing.parts import bill_parts
from billcore.core.payments.channel_policies import parse_channel_policies
from billcore.core.payments.codes import Code, TargetKind
from billcore.core.payments.intake.place import place
from billcore.core.payments.intake.post import Intake, post
from billcore.core.payments.orders import Told, orders
from billcore.core.store import channels
from billcore.core.store.channels import Channel
from billcore.core.tariff.catalog import Catalog
from billcore.core.tariff.shelves import Stored
from tests import town as towns
from tests.corrections_world import Desk
from tests.town import HEAD, JANUARY, NOW

END = JANUARY + 30
"""The last day of January; the next ones are those of February, of March."""
FEBRUARY, MARCH = END + 28, END + 59

FIXED = (
    HEAD
    + """
versions:
  - from: 2020-01-01
    price: {price}
lines:
  - {{id: fixed, is: price}}
total: {{of: all}}
"""
)

POLICY = """{"allocation": {"default": "%s", "strategies": [
    {"name": "shares", "kind": "pro_rata"},
    {"name": "table", "kind": "priority_table", "services": ["water", "heat"]},
    {"name": "by_law", "kind": "statutory_ru"},
    {"name": "bill", "kind": "exact_document", "rest": "shares"},
    {"name": "newest", "kind": "current_first"}]}}"""


class ServicesTown:
    """A town with an account of several services, and a channel through which it pays."""

    def __init__(self, town):
        self.town = town
        self.paid = 0

    def use(self, strategy):
        with self.town.store.write() as session:
            session.run("UPDATE provider SET policies = :policies WHERE provider_id = :provider_id",
                        policies=POLICY % strategy, provider_id=self.town.provider_id)  # fmt: skip

    def supply(self, **prices):
        """OUT: the account is charged these prices a month, each for a service."""
        catalog = Catalog(Stored(self.town.store, lambda: NOW))
        for service, price in prices.items():
            text = FIXED.format(id=service, service=service, price=price)
            catalog.publish(text, service, caller=self.town.caller)
            self.agree(service, service)

    def agree(self, service, tariff):
        self.town.agree(f"{service}", [(JANUARY, tariff)], [])

    def bill(self, day=END):
        return self.town.bill_one(day).header.bill_id

    def pay(self, amount, direction="", code=Code.OK, target="A1", kind=TargetKind.ACCOUNT,
            taken=False, **more):  # fmt: skip
        """Pays for an account; the id of the payment, or why it was refused."""
        self.paid += 1
        with self.town.store.write() as session:
            at = place(session, self.town.caller, "kiosk")
            channel_no = at.channel.channel_no
            intake = Intake(at.provider_id, self.town.act(session).now, at.time_zone, at.policies,
                            {channel_no: at.channel})  # fmt: skip
            told = Told(channel_no, f"r{self.paid}", kind, target, amount, taken, 2,
                        direction=direction, **more)  # fmt: skip
            found = post(session, intake, orders([told]))
        assert found.code.tolist() == [code]
        return found.orders["payment_id"][0] if code == Code.OK else found.error(0)

    def items(self):
        with self.town.store.read() as reader:
            return account_items(reader, self.town.account_id)

    def open(self):
        """What is open of each bill, by its month."""
        return [item.open for item in self.items().open()]

    def steps(self, payment_id):
        """What a payment paid: (service, amount) of each step."""
        steps = self.items().applied(payment_id).explained.steps
        return [(step.service_name, step.amount) for step in steps]

    def parts(self, bill_id):
        """(service, penalty, amount) of the parts of a bill."""
        with self.town.store.read() as reader:
            ids = np.array([self.town.account_id])
            found = bill_parts(reader, self.town.provider_id, ids)
        at = found.bill_id.tolist().index(bill_id)
        rows = range(found.begin[at], found.begin[at + 1])
        return [
            (found.services[found.service[row]], int(found.penalty[row]), int(found.amount[row]))
            for row in rows
        ]


def settle(store) -> ServicesTown:
    found = towns.settle(store)
    with store.write() as session:
        policies = parse_channel_policies("").text
        channels.add(
            session, Channel(found.provider_id, 1, "kiosk", "kiosk", "Kiosk", 1, policies, 1, 0)
        )
    return ServicesTown(found)


def cancel(town: ServicesTown, bill_id: int) -> int:
    """Cancels a bill; the id of the correction."""
    desk = Desk(town.town.store, town.town.caller, FEBRUARY, NOW + 10**9)
    return desk.cancel(bill_id).correction_id
