"""DocumentService: what customers are handed. Each handler: convert, call, convert, return."""

import grpc

from billcore.core.accounts.errors import FieldRefused
from billcore.core.caller import Role
from billcore.core.client_errors import RoleMissing
from billcore.core.documents.facts import Document, Notice
from billcore.core.documents.rendering import rendered
from billcore.core.documents.verification import ReceiptKeys
from billcore.core.enquiries.documents import bills, parties, receipts, statements
from billcore.core.store.port import Reader
from billcore.server import asked
from billcore.server.backend import CALLER, Backend, Write
from billcore.server.messages import document as messages
from billcore.server.messages import enquiry as enquiry_messages
from billcore.v1 import document_service_pb2 as pb
from billcore.v1.document_service_pb2_grpc import DocumentServiceServicer

Context = grpc.ServicerContext


class DocumentService(DocumentServiceServicer):
    """The documents of the caller's provider over gRPC."""

    def __init__(self, backend: Backend, keys: ReceiptKeys) -> None:
        self._backend = backend
        self._keys = keys

    def GetDocument(
        self, request: pb.GetDocumentRequest, context: Context
    ) -> pb.GetDocumentResponse:
        with self._backend.store.read() as reader:
            found = self._found(reader, request.document)
        return messages.document(found)

    def RenderDocument(
        self, request: pb.RenderDocumentRequest, context: Context
    ) -> pb.RenderDocumentResponse:
        form, language = messages.form(request), messages.language(request)
        _check_right(request.document)
        with self._backend.store.read() as reader:
            found = self._found(reader, request.document)
            account_id = (found.bill if isinstance(found, Notice) else found).payer.account_id
            wording = parties.wording(reader, asked.provider(reader), account_id, language)
        content = rendered(found, wording, form)
        return pb.RenderDocumentResponse(
            content=content, media_type=form.media_type, language=wording.language
        )

    def IssueReceipt(self, request: pb.IssueReceiptRequest, context: Context) -> bytes:
        def act(write: Write) -> pb.IssueReceiptResponse:
            wanted = messages.receipt_wanted(request)
            provider = asked.provider(write.session)
            return messages.issued(receipts.issue(write, provider, self._keys, wanted))

        return self._backend.once(request, context, act)

    def VerifyReceipt(
        self, request: pb.VerifyReceiptRequest, context: Context
    ) -> pb.VerifyReceiptResponse:
        match request.WhichOneof("by"):
            case "code":
                number, code = request.code.number, request.code.code
                with self._backend.store.write() as session:
                    write = Write(session, CALLER.get(), self._backend.now())
                    provider = asked.provider(session)
                    found = receipts.verify_code(write, provider, self._keys, number, code)
            case "signed":
                with self._backend.store.read() as reader:
                    provider = asked.provider(reader)
                    found = receipts.verify_signed(reader, provider, self._keys, request.signed)
            case _:
                raise FieldRefused("by", "give number and code, or what the QR code says.")
        return messages.verdict(found, provider)

    def GetReceiptKeys(
        self, request: pb.GetReceiptKeysRequest, context: Context
    ) -> pb.GetReceiptKeysResponse:
        told = [
            pb.ReceiptKey(key_id=key_id, public_key=key.public)
            for key_id, key in self._keys.keys.items()
        ]
        return pb.GetReceiptKeysResponse(keys=told)

    def _found(self, reader: Reader, wanted: pb.DocumentWanted) -> Document:
        """The document of a request. Raises FieldRefused and what refuses it."""
        provider, now = asked.provider(reader), self._backend.now()
        match wanted.WhichOneof("of"):
            case "bill_id":
                return bills.bill(reader, CALLER.get(), provider, wanted.bill_id)
            case "notice":
                notice = wanted.notice
                collector = messages.collector(notice)
                return bills.notice(reader, CALLER.get(), provider, notice.bill_id, now, collector)
            case "statement":
                return self._statement(reader, wanted.statement)
            case "receipt":
                number, copy_no = wanted.receipt.number, wanted.receipt.copy_no
                return receipts.receipt(
                    reader, CALLER.get(), provider, self._keys, number, copy_no, now
                )
        raise FieldRefused("document", "say which: a bill, a notice, a statement or a receipt.")

    def _statement(self, reader: Reader, wanted: pb.StatementWanted) -> Document:
        account, moment = asked.account(reader, wanted), asked.moment(reader, self._backend.now())
        first, last = enquiry_messages.days(wanted, moment)
        found = statements.statement(
            reader,
            asked.provider(reader),
            account.account_id,
            first,
            last,
            moment.known_at(wanted.known_at),
        )
        messages.check_length(found, enquiry_messages.DOCUMENTS_MAX)
        return found


def _check_right(wanted: pb.DocumentWanted) -> None:
    """Who may not see accounts hands out receipts, of the own channel if it has one, and at a
    counter notices: other documents tell who lives where. Raises RoleMissing."""
    caller, which = CALLER.get(), wanted.WhichOneof("of")
    if Role.VIEWER in caller.roles or which == "receipt":
        return
    if which != "notice" or caller.channel:
        raise RoleMissing("DocumentService/RenderDocument", Role.VIEWER, caller.roles)
