"""One-off charges as core has them.

Goals: an input that the tariff does not have, or not so, is refused with its path. Non-goals: rules
of one-off bills, which core has; the bills as messages (`billing`).
"""

from billcore.core.billing.one_off import Charge
from billcore.core.store.accounts import Account
from billcore.core.tariff.catalog import Catalog, Published
from billcore.server.asked import Moment
from billcore.server.backend import CALLER
from billcore.server.messages import bill as bill_messages
from billcore.server.messages import tariff as tariff_messages
from billcore.v1 import one_off_pb2 as pb


def published(order: pb.OneOffOrder, catalog: Catalog) -> Published:
    """The tariff version that an order names, of the caller's provider or the house.

    Looked up before the transaction of the bill: it may read what another server has published.
    Raises RequestInvalid, TariffUnknown, TariffVersionUnknown.
    """
    wanted = tariff_messages.plan_key(order.plan, "order.plan")
    return catalog.get(*wanted, provider_id=CALLER.get().provider_id)


def charge(order: pb.OneOffOrder, account: Account, of: Published, moment: Moment) -> Charge:
    """The charge that an order wants. Raises FieldRefused, RequestInvalid, ColumnUnknown,
    BatchTooLarge."""
    return Charge(
        account_id=account.account_id,
        published=of,
        day=moment.day(order.day, "order.day"),
        inputs=bill_messages.input_values(order.inputs, of.tariff.document, "order.inputs"),
        agreement_no=order.agreement_no,
        reference=order.reference,
    )
