"""The first screen of a portal, and an account's payments, as messages."""

import re
from collections.abc import Iterable

from billcore.core.enquiries.dashboard import Dashboard
from billcore.core.store.account_payments import NEWEST, Cursor, PaymentRow
from billcore.core.store.cases import CaseRow
from billcore.server import pages
from billcore.server.messages import account as account_messages
from billcore.server.messages import autopay as autopay_messages
from billcore.server.messages import collection as collection_messages
from billcore.server.messages import enquiry as enquiry_messages
from billcore.server.messages import notifications
from billcore.v1 import enquiry_service_pb2 as pb

_CURSOR = re.compile(r"(\d{1,9}):(\d{1,18}):(\d{1,18}\d?)", re.ASCII)


def dashboard(found: Dashboard, summary: pb.GetAccountSummaryResponse) -> pb.GetDashboardResponse:
    """summary: the part of it that GetAccountSummary tells."""
    return pb.GetDashboardResponse(
        summary=summary,
        payable=found.payable,
        open_items=enquiry_messages.items(found.open_items),
        payments=payments(found.payments),
        autopay=autopay_messages.autopay(*found.autopay) if found.autopay else None,
        cases=[_case(one) for one in found.cases],
        holds=[collection_messages.hold(one) for one in found.holds],
        notifications=notifications.preferences(found.notifications),
    )


def _case(row: CaseRow) -> pb.OpenCase:
    return pb.OpenCase(
        case_no=row.case_no,
        kind=row.kind,  # type: ignore[arg-type]
        state=row.state,  # type: ignore[arg-type]
        registered_at=row.registered_at,
        due_at=row.due_at,
    )


# -- payments


def payments(found: Iterable[PaymentRow]) -> list[pb.AccountPayment]:
    return [_payment(one) for one in found]


def _payment(row: PaymentRow) -> pb.AccountPayment:
    return pb.AccountPayment(
        account_entry_id=row.account_entry_id,
        day=account_messages.iso(row.day),
        amount=-row.amount,
        reference=row.reference,
        recorded_at=row.recorded_at,
        reversed_by=row.reversed_by,
        reversed_day=account_messages.iso(row.reversed_day) if row.reversed_by else "",
    )


def behind(request: pb.ListAccountPaymentsRequest, of: str) -> Cursor:
    """Behind which payment a page of the list `of` begins. Raises RequestInvalid."""
    said = pages.after(request, of)
    if not said:
        return NEWEST
    found = _CURSOR.fullmatch(said)
    if found is None or int(found[3]) >= NEWEST.account_entry_id:
        raise pages.bad_token()
    return Cursor(*map(int, found.groups()))


def page_token(of: str, last: PaymentRow) -> str:
    """The cursor behind a payment."""
    return pages.token(of, f"{last.day}:{last.recorded_at}:{last.account_entry_id}")
