"""Look-ups of accounts as messages."""

from billcore.core.accounts.errors import FieldRefused
from billcore.core.enquiries.masked import MaskedAccount
from billcore.core.store.providers import Provider
from billcore.server.asked import currency
from billcore.server.messages import account as account_messages
from billcore.v1 import enquiry_service_pb2 as pb

NUMBER_MAX = 40
VISITOR_MAX = 100


def check(request: pb.LookUpAccountRequest) -> None:
    """Raises FieldRefused for what is no number, or no visitor."""
    if not 1 <= len(request.number) <= NUMBER_MAX:
        raise FieldRefused("number", f"it has 1 to {NUMBER_MAX} characters.")
    if len(request.visitor) > VISITOR_MAX:
        raise FieldRefused("visitor", f"it has at most {VISITOR_MAX} characters.")


def look_up(found: MaskedAccount, provider: Provider) -> pb.LookUpAccountResponse:
    return pb.LookUpAccountResponse(
        number=found.number,
        masked_name=found.name,
        masked_address=found.address,
        previous=found.previous,
        last_bill=found.last_bill,
        balance=found.balance,
        payable=found.payable,
        due_day=account_messages.iso_if_any(found.due_day),
        **currency(provider),
    )
