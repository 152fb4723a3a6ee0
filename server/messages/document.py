"""Documents as messages, and what is asked for of them."""

from billcore.core.accounts.errors import FieldRefused
from billcore.core.documents.facts import (
    Bill,
    Document,
    Money,
    Notice,
    Payer,
    Receipt,
    Seller,
    Statement,
    Supply,
)
from billcore.core.documents.rendering import Format
from billcore.core.enquiries.documents.receipts import Issued, Verdict, Wanted
from billcore.core.store.providers import Provider
from billcore.server.asked import currency
from billcore.server.messages import account as account_messages
from billcore.v1 import document_service_pb2 as pb

LANGUAGE_MAX = 20
NAME_MAX, PHONE_MAX = 100, 40


def form(request: pb.RenderDocumentRequest) -> Format:
    """The format of a request. Raises FieldRefused."""
    if int(request.format) not in [int(one) for one in Format]:
        allowed = ", ".join(one.name for one in Format)
        raise FieldRefused("format", f"{request.format} is no format: ask for one of {allowed}.")
    return Format(request.format)


def language(request: pb.RenderDocumentRequest) -> str:
    """The language tag of a request. Raises FieldRefused."""
    if len(request.language) > LANGUAGE_MAX:
        raise FieldRefused("language", f"a language tag has at most {LANGUAGE_MAX} characters.")
    return request.language


def collector(notice: pb.NoticeWanted) -> tuple[str, str]:
    """Name and phone of who leaves a notice. Raises FieldRefused."""
    told = (
        ("collector_name", notice.collector_name, NAME_MAX),
        ("collector_phone", notice.collector_phone, PHONE_MAX),
    )
    for field, text, most in told:
        if len(text) > most or not text.isprintable():
            raise FieldRefused(
                f"document.notice.{field}", f"it has at most {most} printable characters."
            )
    return notice.collector_name, notice.collector_phone


def document(found: Document) -> pb.GetDocumentResponse:
    match found:
        case Bill():
            return pb.GetDocumentResponse(bill=_bill(found))
        case Notice():
            return pb.GetDocumentResponse(notice=_notice(found))
        case Statement():
            return pb.GetDocumentResponse(statement=_statement(found))
        case Receipt():
            return pb.GetDocumentResponse(receipt=_receipt(found))


def _seller(found: Seller) -> pb.DocumentSeller:
    return pb.DocumentSeller(
        name=found.name, tax_code=found.tax_code, address=found.address, phone=found.phone
    )


def _payer(found: Payer) -> pb.DocumentPayer:
    return pb.DocumentPayer(
        account_id=found.account_id,
        number=found.number,
        name=found.name,
        address=found.address,
        phone=found.phone,
    )


def _money(found: Money) -> pb.DocumentMoney:
    return pb.DocumentMoney(currency=found.currency, digits=found.digits)


def _bill(found: Bill) -> pb.BillDocument:
    codes = found.codes
    return pb.BillDocument(
        seller=_seller(found.seller),
        payer=_payer(found.payer),
        money=_money(found.money),
        bill_id=found.bill_id,
        kind=found.kind,
        issued_day=account_messages.iso(found.issued_day),
        due_day=account_messages.iso(found.due_day),
        supplies=[_supply(one) for one in found.supplies],
        opening=found.opening,
        total=found.total,
        closing=found.closing,
        taxes=found.taxes,
        net=found.net,
        payable=found.payable,
        codes=pb.DocumentPaymentCodes(
            payer_code=codes.payer_code,
            payment_code=codes.payment_code,
            amount=codes.amount,
            qr=codes.qr,
        ),
        reference=found.reference,
        cancelled=found.cancelled,
        instalments=[
            pb.DocumentInstalment(due_day=account_messages.iso(day), open=amount)
            for day, amount in found.instalments
        ],
        deferred=found.deferred,
    )


def _supply(found: Supply) -> pb.DocumentSupply:
    return pb.DocumentSupply(
        agreement_no=found.agreement_no,
        service=found.service,
        place=found.place,
        address=found.address,
        previous_day=account_messages.iso(found.previous_day) if found.days else "",
        this_day=account_messages.iso(found.this_day) if found.days else "",
        days=found.days,
        dials=[
            pb.DocumentDial(
                quantity=dial.quantity,
                unit=dial.unit,
                previous=dial.previous,
                current=dial.current,
                used=dial.used,
                estimated=dial.estimated,
            )
            for dial in found.dials
        ],
        quantities=[
            pb.DocumentQuantity(name=name, used=used, unit=unit)
            for name, used, unit in found.quantities
        ],
        charges=[
            pb.DocumentCharge(
                name=line.name,
                amount=line.amount,
                labels=line.labels,
                is_tax=line.is_tax,
                prices=[
                    pb.DocumentPrice(quantity=one.quantity, unit=one.unit, rate=one.rate)
                    for one in line.prices
                ],
            )
            for line in found.charges
        ],
    )


def _notice(found: Notice) -> pb.NoticeDocument:
    return pb.NoticeDocument(
        bill=_bill(found.bill),
        balance=found.balance,
        payable=found.payable,
        at=found.at,
        collector_name=found.collector_name,
        collector_phone=found.collector_phone,
    )


def _receipt(found: Receipt) -> pb.ReceiptDocument:
    return pb.ReceiptDocument(
        seller=_seller(found.seller),
        payer=_payer(found.payer),
        money=_money(found.money),
        number=found.number,
        copy_no=found.copy_no,
        channel=found.channel,
        reference=found.reference,
        amount=found.amount,
        fee=found.fee,
        paid_at=found.paid_at,
        day=account_messages.iso(found.day),
        balance=found.balance,
        pays=[
            pb.ReceiptPart(
                kind=paid.kind,
                document_id=paid.document_id,
                day=account_messages.iso(paid.day),
                amount=paid.amount,
            )
            for paid in found.pays
        ],
        code=found.code,
        signed=found.signed,
        reversed=found.reversed,
        bills=[_bill(one) for one in found.bills],
    )


def receipt_wanted(request: pb.IssueReceiptRequest) -> Wanted:
    """The payment whose receipt is wanted. Raises FieldRefused."""
    recipient = request.recipient.strip()
    if len(recipient) > NAME_MAX or not recipient.isprintable():
        raise FieldRefused("recipient", f"it has at most {NAME_MAX} printable characters.")
    if request.part_no < 0:
        raise FieldRefused("part_no", "parts count from 1; 0: the payment has none.")
    return Wanted(request.channel, request.reference, request.part_no, recipient)


def issued(found: Issued) -> pb.IssueReceiptResponse:
    row = found.row
    return pb.IssueReceiptResponse(
        number=row.number, copy_no=found.copy_no, account_id=row.account_id, amount=row.amount
    )


def verdict(found: Verdict, provider: Provider) -> pb.VerifyReceiptResponse:
    row = found.row
    if row is None:
        return pb.VerifyReceiptResponse()
    return pb.VerifyReceiptResponse(
        genuine=True,
        number=row.number,
        account_id=row.account_id,
        amount=row.amount,
        paid_at=row.paid_at,
        recorded_at=row.recorded_at,
        reversed=found.reversed,
        copies=found.copies,
        **currency(provider),
    )


def _statement(found: Statement) -> pb.StatementDocumentData:
    return pb.StatementDocumentData(
        seller=_seller(found.seller),
        payer=_payer(found.payer),
        money=_money(found.money),
        first_day=account_messages.iso_if_any(found.first_day),
        last_day=account_messages.iso(found.last_day),
        known_at=found.known_at,
        opening=found.opening,
        closing=found.closing,
        entries=[
            pb.StatementEntry(
                day=account_messages.iso(entry.day),
                kind=entry.kind,
                reference=entry.reference,
                amount=entry.amount,
                balance=entry.balance,
                reversal=entry.reversal,
            )
            for entry in found.entries
        ],
    )


def check_length(found: Statement, most: int) -> None:
    """Raises FieldRefused for more entries than a statement has."""
    if len(found.entries) > most:
        raise FieldRefused(
            "document.statement.first_day",
            f"there are {len(found.entries)} entries, at most {most}: ask fewer days.",
        )
