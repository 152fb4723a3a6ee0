"""Lists of payments as messages, and their cursors."""

import re

from billcore.core.payments.intake.place import Place
from billcore.core.payments.lists import Listed, Page
from billcore.core.store.payment_lists import Cursor, OfSpan
from billcore.server import pages
from billcore.server.messages import payment as messages
from billcore.v1 import payment_service_pb2 as pb

_CURSOR = re.compile(r"(\d{1,7}):(\d{1,18}):(.{1,100})", re.ASCII | re.DOTALL)


def behind(request: pb.ListPaymentsRequest, span: OfSpan) -> Cursor:
    """Behind which payment a page begins. Raises RequestInvalid."""
    said = pages.after(request, _list(span))
    if not said:
        return Cursor()
    found = _CURSOR.fullmatch(said)
    if found is None:
        raise pages.bad_token()
    day, recorded_at, reference = found.groups()
    return Cursor(int(day), int(recorded_at), reference)


def _list(span: OfSpan) -> str:
    """What a cursor belongs to: another span is another list."""
    return f"payments/{span.provider_id}/{span.channel_no}/{span.paid_from}/{span.paid_until}"


def listed(found: Page, span: OfSpan, place: Place) -> pb.ListPaymentsResponse:
    """A page of payments."""
    more = ""
    if found.behind is not None:
        more = pages.token(_list(span), ":".join(map(str, found.behind)))
    return pb.ListPaymentsResponse(
        payments=[_listed(one, place.channel.channel) for one in found.payments],
        next_page_token=more,
        count=found.count,
        amount=found.amount,
        **messages.currency(place),
    )


def _listed(one: Listed, channel: str) -> pb.ListedPayment:
    return pb.ListedPayment(
        payment=messages.payment(one.order, channel),
        parts=[messages.part(one.order, part, channel) for part in one.parts],
        reversal=None if one.reversal is None else messages.reversal(one.reversal),
    )
