from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class DocumentFormat(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    DOCUMENT_FORMAT_UNSPECIFIED: _ClassVar[DocumentFormat]
    DOCUMENT_FORMAT_TEXT_58: _ClassVar[DocumentFormat]
    DOCUMENT_FORMAT_TEXT_80: _ClassVar[DocumentFormat]
    DOCUMENT_FORMAT_ESCPOS_58: _ClassVar[DocumentFormat]
    DOCUMENT_FORMAT_ESCPOS_80: _ClassVar[DocumentFormat]
    DOCUMENT_FORMAT_PDF: _ClassVar[DocumentFormat]
DOCUMENT_FORMAT_UNSPECIFIED: DocumentFormat
DOCUMENT_FORMAT_TEXT_58: DocumentFormat
DOCUMENT_FORMAT_TEXT_80: DocumentFormat
DOCUMENT_FORMAT_ESCPOS_58: DocumentFormat
DOCUMENT_FORMAT_ESCPOS_80: DocumentFormat
DOCUMENT_FORMAT_PDF: DocumentFormat

class DocumentWanted(_message.Message):
    __slots__ = ("bill_id", "notice", "statement", "receipt")
    BILL_ID_FIELD_NUMBER: _ClassVar[int]
    NOTICE_FIELD_NUMBER: _ClassVar[int]
    STATEMENT_FIELD_NUMBER: _ClassVar[int]
    RECEIPT_FIELD_NUMBER: _ClassVar[int]
    bill_id: int
    notice: NoticeWanted
    statement: StatementWanted
    receipt: ReceiptWanted
    def __init__(self, bill_id: _Optional[int] = ..., notice: _Optional[_Union[NoticeWanted, _Mapping]] = ..., statement: _Optional[_Union[StatementWanted, _Mapping]] = ..., receipt: _Optional[_Union[ReceiptWanted, _Mapping]] = ...) -> None: ...

class ReceiptWanted(_message.Message):
    __slots__ = ("number", "copy_no")
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    COPY_NO_FIELD_NUMBER: _ClassVar[int]
    number: int
    copy_no: int
    def __init__(self, number: _Optional[int] = ..., copy_no: _Optional[int] = ...) -> None: ...

class NoticeWanted(_message.Message):
    __slots__ = ("bill_id", "collector_name", "collector_phone")
    BILL_ID_FIELD_NUMBER: _ClassVar[int]
    COLLECTOR_NAME_FIELD_NUMBER: _ClassVar[int]
    COLLECTOR_PHONE_FIELD_NUMBER: _ClassVar[int]
    bill_id: int
    collector_name: str
    collector_phone: str
    def __init__(self, bill_id: _Optional[int] = ..., collector_name: _Optional[str] = ..., collector_phone: _Optional[str] = ...) -> None: ...

class StatementWanted(_message.Message):
    __slots__ = ("account_id", "number", "first_day", "last_day", "known_at")
    ACCOUNT_ID_FIELD_NUMBER: _ClassVar[int]
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    FIRST_DAY_FIELD_NUMBER: _ClassVar[int]
    LAST_DAY_FIELD_NUMBER: _ClassVar[int]
    KNOWN_AT_FIELD_NUMBER: _ClassVar[int]
    account_id: int
    number: str
    first_day: str
    last_day: str
    known_at: int
    def __init__(self, account_id: _Optional[int] = ..., number: _Optional[str] = ..., first_day: _Optional[str] = ..., last_day: _Optional[str] = ..., known_at: _Optional[int] = ...) -> None: ...

class GetDocumentRequest(_message.Message):
    __slots__ = ("document",)
    DOCUMENT_FIELD_NUMBER: _ClassVar[int]
    document: DocumentWanted
    def __init__(self, document: _Optional[_Union[DocumentWanted, _Mapping]] = ...) -> None: ...

class GetDocumentResponse(_message.Message):
    __slots__ = ("bill", "notice", "statement", "receipt")
    BILL_FIELD_NUMBER: _ClassVar[int]
    NOTICE_FIELD_NUMBER: _ClassVar[int]
    STATEMENT_FIELD_NUMBER: _ClassVar[int]
    RECEIPT_FIELD_NUMBER: _ClassVar[int]
    bill: BillDocument
    notice: NoticeDocument
    statement: StatementDocumentData
    receipt: ReceiptDocument
    def __init__(self, bill: _Optional[_Union[BillDocument, _Mapping]] = ..., notice: _Optional[_Union[NoticeDocument, _Mapping]] = ..., statement: _Optional[_Union[StatementDocumentData, _Mapping]] = ..., receipt: _Optional[_Union[ReceiptDocument, _Mapping]] = ...) -> None: ...

class IssueReceiptRequest(_message.Message):
    __slots__ = ("request_id", "channel", "reference", "part_no", "recipient")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    CHANNEL_FIELD_NUMBER: _ClassVar[int]
    REFERENCE_FIELD_NUMBER: _ClassVar[int]
    PART_NO_FIELD_NUMBER: _ClassVar[int]
    RECIPIENT_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    channel: str
    reference: str
    part_no: int
    recipient: str
    def __init__(self, request_id: _Optional[str] = ..., channel: _Optional[str] = ..., reference: _Optional[str] = ..., part_no: _Optional[int] = ..., recipient: _Optional[str] = ...) -> None: ...

class IssueReceiptResponse(_message.Message):
    __slots__ = ("number", "copy_no", "account_id", "amount")
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    COPY_NO_FIELD_NUMBER: _ClassVar[int]
    ACCOUNT_ID_FIELD_NUMBER: _ClassVar[int]
    AMOUNT_FIELD_NUMBER: _ClassVar[int]
    number: int
    copy_no: int
    account_id: int
    amount: int
    def __init__(self, number: _Optional[int] = ..., copy_no: _Optional[int] = ..., account_id: _Optional[int] = ..., amount: _Optional[int] = ...) -> None: ...

class VerifyReceiptRequest(_message.Message):
    __slots__ = ("code", "signed")
    CODE_FIELD_NUMBER: _ClassVar[int]
    SIGNED_FIELD_NUMBER: _ClassVar[int]
    code: ReceiptCode
    signed: str
    def __init__(self, code: _Optional[_Union[ReceiptCode, _Mapping]] = ..., signed: _Optional[str] = ...) -> None: ...

class ReceiptCode(_message.Message):
    __slots__ = ("number", "code")
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    CODE_FIELD_NUMBER: _ClassVar[int]
    number: int
    code: str
    def __init__(self, number: _Optional[int] = ..., code: _Optional[str] = ...) -> None: ...

class VerifyReceiptResponse(_message.Message):
    __slots__ = ("genuine", "number", "account_id", "amount", "currency", "digits", "paid_at", "recorded_at", "reversed", "copies")
    GENUINE_FIELD_NUMBER: _ClassVar[int]
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    ACCOUNT_ID_FIELD_NUMBER: _ClassVar[int]
    AMOUNT_FIELD_NUMBER: _ClassVar[int]
    CURRENCY_FIELD_NUMBER: _ClassVar[int]
    DIGITS_FIELD_NUMBER: _ClassVar[int]
    PAID_AT_FIELD_NUMBER: _ClassVar[int]
    RECORDED_AT_FIELD_NUMBER: _ClassVar[int]
    REVERSED_FIELD_NUMBER: _ClassVar[int]
    COPIES_FIELD_NUMBER: _ClassVar[int]
    genuine: bool
    number: int
    account_id: int
    amount: int
    currency: str
    digits: int
    paid_at: int
    recorded_at: int
    reversed: bool
    copies: int
    def __init__(self, genuine: _Optional[bool] = ..., number: _Optional[int] = ..., account_id: _Optional[int] = ..., amount: _Optional[int] = ..., currency: _Optional[str] = ..., digits: _Optional[int] = ..., paid_at: _Optional[int] = ..., recorded_at: _Optional[int] = ..., reversed: _Optional[bool] = ..., copies: _Optional[int] = ...) -> None: ...

class GetReceiptKeysRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class GetReceiptKeysResponse(_message.Message):
    __slots__ = ("keys",)
    KEYS_FIELD_NUMBER: _ClassVar[int]
    keys: _containers.RepeatedCompositeFieldContainer[ReceiptKey]
    def __init__(self, keys: _Optional[_Iterable[_Union[ReceiptKey, _Mapping]]] = ...) -> None: ...

class ReceiptKey(_message.Message):
    __slots__ = ("key_id", "public_key")
    KEY_ID_FIELD_NUMBER: _ClassVar[int]
    PUBLIC_KEY_FIELD_NUMBER: _ClassVar[int]
    key_id: str
    public_key: bytes
    def __init__(self, key_id: _Optional[str] = ..., public_key: _Optional[bytes] = ...) -> None: ...

class ReceiptPart(_message.Message):
    __slots__ = ("kind", "document_id", "day", "amount")
    KIND_FIELD_NUMBER: _ClassVar[int]
    DOCUMENT_ID_FIELD_NUMBER: _ClassVar[int]
    DAY_FIELD_NUMBER: _ClassVar[int]
    AMOUNT_FIELD_NUMBER: _ClassVar[int]
    kind: str
    document_id: int
    day: str
    amount: int
    def __init__(self, kind: _Optional[str] = ..., document_id: _Optional[int] = ..., day: _Optional[str] = ..., amount: _Optional[int] = ...) -> None: ...

class ReceiptDocument(_message.Message):
    __slots__ = ("seller", "payer", "money", "number", "copy_no", "channel", "reference", "amount", "fee", "paid_at", "day", "balance", "pays", "code", "signed", "reversed", "bills")
    SELLER_FIELD_NUMBER: _ClassVar[int]
    PAYER_FIELD_NUMBER: _ClassVar[int]
    MONEY_FIELD_NUMBER: _ClassVar[int]
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    COPY_NO_FIELD_NUMBER: _ClassVar[int]
    CHANNEL_FIELD_NUMBER: _ClassVar[int]
    REFERENCE_FIELD_NUMBER: _ClassVar[int]
    AMOUNT_FIELD_NUMBER: _ClassVar[int]
    FEE_FIELD_NUMBER: _ClassVar[int]
    PAID_AT_FIELD_NUMBER: _ClassVar[int]
    DAY_FIELD_NUMBER: _ClassVar[int]
    BALANCE_FIELD_NUMBER: _ClassVar[int]
    PAYS_FIELD_NUMBER: _ClassVar[int]
    CODE_FIELD_NUMBER: _ClassVar[int]
    SIGNED_FIELD_NUMBER: _ClassVar[int]
    REVERSED_FIELD_NUMBER: _ClassVar[int]
    BILLS_FIELD_NUMBER: _ClassVar[int]
    seller: DocumentSeller
    payer: DocumentPayer
    money: DocumentMoney
    number: int
    copy_no: int
    channel: str
    reference: str
    amount: int
    fee: int
    paid_at: int
    day: str
    balance: int
    pays: _containers.RepeatedCompositeFieldContainer[ReceiptPart]
    code: str
    signed: str
    reversed: bool
    bills: _containers.RepeatedCompositeFieldContainer[BillDocument]
    def __init__(self, seller: _Optional[_Union[DocumentSeller, _Mapping]] = ..., payer: _Optional[_Union[DocumentPayer, _Mapping]] = ..., money: _Optional[_Union[DocumentMoney, _Mapping]] = ..., number: _Optional[int] = ..., copy_no: _Optional[int] = ..., channel: _Optional[str] = ..., reference: _Optional[str] = ..., amount: _Optional[int] = ..., fee: _Optional[int] = ..., paid_at: _Optional[int] = ..., day: _Optional[str] = ..., balance: _Optional[int] = ..., pays: _Optional[_Iterable[_Union[ReceiptPart, _Mapping]]] = ..., code: _Optional[str] = ..., signed: _Optional[str] = ..., reversed: _Optional[bool] = ..., bills: _Optional[_Iterable[_Union[BillDocument, _Mapping]]] = ...) -> None: ...

class RenderDocumentRequest(_message.Message):
    __slots__ = ("document", "format", "language")
    DOCUMENT_FIELD_NUMBER: _ClassVar[int]
    FORMAT_FIELD_NUMBER: _ClassVar[int]
    LANGUAGE_FIELD_NUMBER: _ClassVar[int]
    document: DocumentWanted
    format: DocumentFormat
    language: str
    def __init__(self, document: _Optional[_Union[DocumentWanted, _Mapping]] = ..., format: _Optional[_Union[DocumentFormat, str]] = ..., language: _Optional[str] = ...) -> None: ...

class RenderDocumentResponse(_message.Message):
    __slots__ = ("content", "media_type", "language")
    CONTENT_FIELD_NUMBER: _ClassVar[int]
    MEDIA_TYPE_FIELD_NUMBER: _ClassVar[int]
    LANGUAGE_FIELD_NUMBER: _ClassVar[int]
    content: bytes
    media_type: str
    language: str
    def __init__(self, content: _Optional[bytes] = ..., media_type: _Optional[str] = ..., language: _Optional[str] = ...) -> None: ...

class DocumentSeller(_message.Message):
    __slots__ = ("name", "tax_code", "address", "phone")
    NAME_FIELD_NUMBER: _ClassVar[int]
    TAX_CODE_FIELD_NUMBER: _ClassVar[int]
    ADDRESS_FIELD_NUMBER: _ClassVar[int]
    PHONE_FIELD_NUMBER: _ClassVar[int]
    name: str
    tax_code: str
    address: str
    phone: str
    def __init__(self, name: _Optional[str] = ..., tax_code: _Optional[str] = ..., address: _Optional[str] = ..., phone: _Optional[str] = ...) -> None: ...

class DocumentPayer(_message.Message):
    __slots__ = ("account_id", "number", "name", "address", "phone")
    ACCOUNT_ID_FIELD_NUMBER: _ClassVar[int]
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    ADDRESS_FIELD_NUMBER: _ClassVar[int]
    PHONE_FIELD_NUMBER: _ClassVar[int]
    account_id: int
    number: str
    name: str
    address: str
    phone: str
    def __init__(self, account_id: _Optional[int] = ..., number: _Optional[str] = ..., name: _Optional[str] = ..., address: _Optional[str] = ..., phone: _Optional[str] = ...) -> None: ...

class DocumentMoney(_message.Message):
    __slots__ = ("currency", "digits")
    CURRENCY_FIELD_NUMBER: _ClassVar[int]
    DIGITS_FIELD_NUMBER: _ClassVar[int]
    currency: str
    digits: int
    def __init__(self, currency: _Optional[str] = ..., digits: _Optional[int] = ...) -> None: ...

class DocumentDial(_message.Message):
    __slots__ = ("quantity", "unit", "previous", "current", "used", "estimated")
    QUANTITY_FIELD_NUMBER: _ClassVar[int]
    UNIT_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_FIELD_NUMBER: _ClassVar[int]
    CURRENT_FIELD_NUMBER: _ClassVar[int]
    USED_FIELD_NUMBER: _ClassVar[int]
    ESTIMATED_FIELD_NUMBER: _ClassVar[int]
    quantity: str
    unit: str
    previous: str
    current: str
    used: str
    estimated: bool
    def __init__(self, quantity: _Optional[str] = ..., unit: _Optional[str] = ..., previous: _Optional[str] = ..., current: _Optional[str] = ..., used: _Optional[str] = ..., estimated: _Optional[bool] = ...) -> None: ...

class DocumentQuantity(_message.Message):
    __slots__ = ("name", "used", "unit")
    NAME_FIELD_NUMBER: _ClassVar[int]
    USED_FIELD_NUMBER: _ClassVar[int]
    UNIT_FIELD_NUMBER: _ClassVar[int]
    name: str
    used: str
    unit: str
    def __init__(self, name: _Optional[str] = ..., used: _Optional[str] = ..., unit: _Optional[str] = ...) -> None: ...

class DocumentCharge(_message.Message):
    __slots__ = ("name", "amount", "labels", "is_tax", "prices")
    class LabelsEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: str
        def __init__(self, key: _Optional[str] = ..., value: _Optional[str] = ...) -> None: ...
    NAME_FIELD_NUMBER: _ClassVar[int]
    AMOUNT_FIELD_NUMBER: _ClassVar[int]
    LABELS_FIELD_NUMBER: _ClassVar[int]
    IS_TAX_FIELD_NUMBER: _ClassVar[int]
    PRICES_FIELD_NUMBER: _ClassVar[int]
    name: str
    amount: int
    labels: _containers.ScalarMap[str, str]
    is_tax: bool
    prices: _containers.RepeatedCompositeFieldContainer[DocumentPrice]
    def __init__(self, name: _Optional[str] = ..., amount: _Optional[int] = ..., labels: _Optional[_Mapping[str, str]] = ..., is_tax: _Optional[bool] = ..., prices: _Optional[_Iterable[_Union[DocumentPrice, _Mapping]]] = ...) -> None: ...

class DocumentPrice(_message.Message):
    __slots__ = ("quantity", "unit", "rate")
    QUANTITY_FIELD_NUMBER: _ClassVar[int]
    UNIT_FIELD_NUMBER: _ClassVar[int]
    RATE_FIELD_NUMBER: _ClassVar[int]
    quantity: str
    unit: str
    rate: str
    def __init__(self, quantity: _Optional[str] = ..., unit: _Optional[str] = ..., rate: _Optional[str] = ...) -> None: ...

class DocumentSupply(_message.Message):
    __slots__ = ("agreement_no", "service", "place", "address", "previous_day", "this_day", "days", "dials", "quantities", "charges")
    AGREEMENT_NO_FIELD_NUMBER: _ClassVar[int]
    SERVICE_FIELD_NUMBER: _ClassVar[int]
    PLACE_FIELD_NUMBER: _ClassVar[int]
    ADDRESS_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_DAY_FIELD_NUMBER: _ClassVar[int]
    THIS_DAY_FIELD_NUMBER: _ClassVar[int]
    DAYS_FIELD_NUMBER: _ClassVar[int]
    DIALS_FIELD_NUMBER: _ClassVar[int]
    QUANTITIES_FIELD_NUMBER: _ClassVar[int]
    CHARGES_FIELD_NUMBER: _ClassVar[int]
    agreement_no: int
    service: str
    place: str
    address: str
    previous_day: str
    this_day: str
    days: int
    dials: _containers.RepeatedCompositeFieldContainer[DocumentDial]
    quantities: _containers.RepeatedCompositeFieldContainer[DocumentQuantity]
    charges: _containers.RepeatedCompositeFieldContainer[DocumentCharge]
    def __init__(self, agreement_no: _Optional[int] = ..., service: _Optional[str] = ..., place: _Optional[str] = ..., address: _Optional[str] = ..., previous_day: _Optional[str] = ..., this_day: _Optional[str] = ..., days: _Optional[int] = ..., dials: _Optional[_Iterable[_Union[DocumentDial, _Mapping]]] = ..., quantities: _Optional[_Iterable[_Union[DocumentQuantity, _Mapping]]] = ..., charges: _Optional[_Iterable[_Union[DocumentCharge, _Mapping]]] = ...) -> None: ...

class DocumentPaymentCodes(_message.Message):
    __slots__ = ("payer_code", "payment_code", "amount", "qr")
    PAYER_CODE_FIELD_NUMBER: _ClassVar[int]
    PAYMENT_CODE_FIELD_NUMBER: _ClassVar[int]
    AMOUNT_FIELD_NUMBER: _ClassVar[int]
    QR_FIELD_NUMBER: _ClassVar[int]
    payer_code: str
    payment_code: str
    amount: int
    qr: str
    def __init__(self, payer_code: _Optional[str] = ..., payment_code: _Optional[str] = ..., amount: _Optional[int] = ..., qr: _Optional[str] = ...) -> None: ...

class BillDocument(_message.Message):
    __slots__ = ("seller", "payer", "money", "bill_id", "kind", "issued_day", "due_day", "supplies", "opening", "total", "closing", "taxes", "net", "payable", "codes", "reference", "cancelled", "instalments", "deferred")
    SELLER_FIELD_NUMBER: _ClassVar[int]
    PAYER_FIELD_NUMBER: _ClassVar[int]
    MONEY_FIELD_NUMBER: _ClassVar[int]
    BILL_ID_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    ISSUED_DAY_FIELD_NUMBER: _ClassVar[int]
    DUE_DAY_FIELD_NUMBER: _ClassVar[int]
    SUPPLIES_FIELD_NUMBER: _ClassVar[int]
    OPENING_FIELD_NUMBER: _ClassVar[int]
    TOTAL_FIELD_NUMBER: _ClassVar[int]
    CLOSING_FIELD_NUMBER: _ClassVar[int]
    TAXES_FIELD_NUMBER: _ClassVar[int]
    NET_FIELD_NUMBER: _ClassVar[int]
    PAYABLE_FIELD_NUMBER: _ClassVar[int]
    CODES_FIELD_NUMBER: _ClassVar[int]
    REFERENCE_FIELD_NUMBER: _ClassVar[int]
    CANCELLED_FIELD_NUMBER: _ClassVar[int]
    INSTALMENTS_FIELD_NUMBER: _ClassVar[int]
    DEFERRED_FIELD_NUMBER: _ClassVar[int]
    seller: DocumentSeller
    payer: DocumentPayer
    money: DocumentMoney
    bill_id: int
    kind: str
    issued_day: str
    due_day: str
    supplies: _containers.RepeatedCompositeFieldContainer[DocumentSupply]
    opening: int
    total: int
    closing: int
    taxes: int
    net: int
    payable: int
    codes: DocumentPaymentCodes
    reference: str
    cancelled: bool
    instalments: _containers.RepeatedCompositeFieldContainer[DocumentInstalment]
    deferred: int
    def __init__(self, seller: _Optional[_Union[DocumentSeller, _Mapping]] = ..., payer: _Optional[_Union[DocumentPayer, _Mapping]] = ..., money: _Optional[_Union[DocumentMoney, _Mapping]] = ..., bill_id: _Optional[int] = ..., kind: _Optional[str] = ..., issued_day: _Optional[str] = ..., due_day: _Optional[str] = ..., supplies: _Optional[_Iterable[_Union[DocumentSupply, _Mapping]]] = ..., opening: _Optional[int] = ..., total: _Optional[int] = ..., closing: _Optional[int] = ..., taxes: _Optional[int] = ..., net: _Optional[int] = ..., payable: _Optional[int] = ..., codes: _Optional[_Union[DocumentPaymentCodes, _Mapping]] = ..., reference: _Optional[str] = ..., cancelled: _Optional[bool] = ..., instalments: _Optional[_Iterable[_Union[DocumentInstalment, _Mapping]]] = ..., deferred: _Optional[int] = ...) -> None: ...

class DocumentInstalment(_message.Message):
    __slots__ = ("due_day", "open")
    DUE_DAY_FIELD_NUMBER: _ClassVar[int]
    OPEN_FIELD_NUMBER: _ClassVar[int]
    due_day: str
    open: int
    def __init__(self, due_day: _Optional[str] = ..., open: _Optional[int] = ...) -> None: ...

class NoticeDocument(_message.Message):
    __slots__ = ("bill", "balance", "payable", "at", "collector_name", "collector_phone")
    BILL_FIELD_NUMBER: _ClassVar[int]
    BALANCE_FIELD_NUMBER: _ClassVar[int]
    PAYABLE_FIELD_NUMBER: _ClassVar[int]
    AT_FIELD_NUMBER: _ClassVar[int]
    COLLECTOR_NAME_FIELD_NUMBER: _ClassVar[int]
    COLLECTOR_PHONE_FIELD_NUMBER: _ClassVar[int]
    bill: BillDocument
    balance: int
    payable: int
    at: int
    collector_name: str
    collector_phone: str
    def __init__(self, bill: _Optional[_Union[BillDocument, _Mapping]] = ..., balance: _Optional[int] = ..., payable: _Optional[int] = ..., at: _Optional[int] = ..., collector_name: _Optional[str] = ..., collector_phone: _Optional[str] = ...) -> None: ...

class StatementEntry(_message.Message):
    __slots__ = ("day", "kind", "reference", "amount", "balance", "reversal")
    DAY_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    REFERENCE_FIELD_NUMBER: _ClassVar[int]
    AMOUNT_FIELD_NUMBER: _ClassVar[int]
    BALANCE_FIELD_NUMBER: _ClassVar[int]
    REVERSAL_FIELD_NUMBER: _ClassVar[int]
    day: str
    kind: str
    reference: str
    amount: int
    balance: int
    reversal: bool
    def __init__(self, day: _Optional[str] = ..., kind: _Optional[str] = ..., reference: _Optional[str] = ..., amount: _Optional[int] = ..., balance: _Optional[int] = ..., reversal: _Optional[bool] = ...) -> None: ...

class StatementDocumentData(_message.Message):
    __slots__ = ("seller", "payer", "money", "first_day", "last_day", "known_at", "opening", "closing", "entries")
    SELLER_FIELD_NUMBER: _ClassVar[int]
    PAYER_FIELD_NUMBER: _ClassVar[int]
    MONEY_FIELD_NUMBER: _ClassVar[int]
    FIRST_DAY_FIELD_NUMBER: _ClassVar[int]
    LAST_DAY_FIELD_NUMBER: _ClassVar[int]
    KNOWN_AT_FIELD_NUMBER: _ClassVar[int]
    OPENING_FIELD_NUMBER: _ClassVar[int]
    CLOSING_FIELD_NUMBER: _ClassVar[int]
    ENTRIES_FIELD_NUMBER: _ClassVar[int]
    seller: DocumentSeller
    payer: DocumentPayer
    money: DocumentMoney
    first_day: str
    last_day: str
    known_at: int
    opening: int
    closing: int
    entries: _containers.RepeatedCompositeFieldContainer[StatementEntry]
    def __init__(self, seller: _Optional[_Union[DocumentSeller, _Mapping]] = ..., payer: _Optional[_Union[DocumentPayer, _Mapping]] = ..., money: _Optional[_Union[DocumentMoney, _Mapping]] = ..., first_day: _Optional[str] = ..., last_day: _Optional[str] = ..., known_at: _Optional[int] = ..., opening: _Optional[int] = ..., closing: _Optional[int] = ..., entries: _Optional[_Iterable[_Union[StatementEntry, _Mapping]]] = ...) -> None: ...
