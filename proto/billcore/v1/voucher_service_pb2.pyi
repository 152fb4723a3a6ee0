from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class VoucherState(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    VOUCHER_STATE_UNSPECIFIED: _ClassVar[VoucherState]
    VOUCHER_STATE_MADE: _ClassVar[VoucherState]
    VOUCHER_STATE_SHIPPED: _ClassVar[VoucherState]
    VOUCHER_STATE_SOLD: _ClassVar[VoucherState]
    VOUCHER_STATE_REDEEMED: _ClassVar[VoucherState]
    VOUCHER_STATE_EXPIRED: _ClassVar[VoucherState]
    VOUCHER_STATE_BLOCKED: _ClassVar[VoucherState]
VOUCHER_STATE_UNSPECIFIED: VoucherState
VOUCHER_STATE_MADE: VoucherState
VOUCHER_STATE_SHIPPED: VoucherState
VOUCHER_STATE_SOLD: VoucherState
VOUCHER_STATE_REDEEMED: VoucherState
VOUCHER_STATE_EXPIRED: VoucherState
VOUCHER_STATE_BLOCKED: VoucherState

class VoucherBatch(_message.Message):
    __slots__ = ("batch_no", "first_serial", "last_serial", "vouchers", "face_value", "valid_until", "grace_days", "key_id", "recorded_at")
    BATCH_NO_FIELD_NUMBER: _ClassVar[int]
    FIRST_SERIAL_FIELD_NUMBER: _ClassVar[int]
    LAST_SERIAL_FIELD_NUMBER: _ClassVar[int]
    VOUCHERS_FIELD_NUMBER: _ClassVar[int]
    FACE_VALUE_FIELD_NUMBER: _ClassVar[int]
    VALID_UNTIL_FIELD_NUMBER: _ClassVar[int]
    GRACE_DAYS_FIELD_NUMBER: _ClassVar[int]
    KEY_ID_FIELD_NUMBER: _ClassVar[int]
    RECORDED_AT_FIELD_NUMBER: _ClassVar[int]
    batch_no: int
    first_serial: str
    last_serial: str
    vouchers: int
    face_value: int
    valid_until: str
    grace_days: int
    key_id: str
    recorded_at: int
    def __init__(self, batch_no: _Optional[int] = ..., first_serial: _Optional[str] = ..., last_serial: _Optional[str] = ..., vouchers: _Optional[int] = ..., face_value: _Optional[int] = ..., valid_until: _Optional[str] = ..., grace_days: _Optional[int] = ..., key_id: _Optional[str] = ..., recorded_at: _Optional[int] = ...) -> None: ...

class VoucherRange(_message.Message):
    __slots__ = ("batch_no", "first_serial", "last_serial")
    BATCH_NO_FIELD_NUMBER: _ClassVar[int]
    FIRST_SERIAL_FIELD_NUMBER: _ClassVar[int]
    LAST_SERIAL_FIELD_NUMBER: _ClassVar[int]
    batch_no: int
    first_serial: str
    last_serial: str
    def __init__(self, batch_no: _Optional[int] = ..., first_serial: _Optional[str] = ..., last_serial: _Optional[str] = ...) -> None: ...

class MakeVouchersRequest(_message.Message):
    __slots__ = ("request_id", "vouchers", "face_value", "valid_until", "grace_days")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    VOUCHERS_FIELD_NUMBER: _ClassVar[int]
    FACE_VALUE_FIELD_NUMBER: _ClassVar[int]
    VALID_UNTIL_FIELD_NUMBER: _ClassVar[int]
    GRACE_DAYS_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    vouchers: int
    face_value: int
    valid_until: str
    grace_days: int
    def __init__(self, request_id: _Optional[str] = ..., vouchers: _Optional[int] = ..., face_value: _Optional[int] = ..., valid_until: _Optional[str] = ..., grace_days: _Optional[int] = ...) -> None: ...

class MakeVouchersResponse(_message.Message):
    __slots__ = ("batch", "secrets")
    BATCH_FIELD_NUMBER: _ClassVar[int]
    SECRETS_FIELD_NUMBER: _ClassVar[int]
    batch: VoucherBatch
    secrets: VoucherSecrets
    def __init__(self, batch: _Optional[_Union[VoucherBatch, _Mapping]] = ..., secrets: _Optional[_Union[VoucherSecrets, _Mapping]] = ...) -> None: ...

class VoucherSecrets(_message.Message):
    __slots__ = ("serials", "secrets")
    SERIALS_FIELD_NUMBER: _ClassVar[int]
    SECRETS_FIELD_NUMBER: _ClassVar[int]
    serials: _containers.RepeatedScalarFieldContainer[str]
    secrets: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, serials: _Optional[_Iterable[str]] = ..., secrets: _Optional[_Iterable[str]] = ...) -> None: ...

class ShipVouchersRequest(_message.Message):
    __slots__ = ("request_id", "range")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    RANGE_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    range: VoucherRange
    def __init__(self, request_id: _Optional[str] = ..., range: _Optional[_Union[VoucherRange, _Mapping]] = ...) -> None: ...

class ShipVouchersResponse(_message.Message):
    __slots__ = ("vouchers",)
    VOUCHERS_FIELD_NUMBER: _ClassVar[int]
    vouchers: int
    def __init__(self, vouchers: _Optional[int] = ...) -> None: ...

class SellVouchersRequest(_message.Message):
    __slots__ = ("channel", "reference", "range")
    CHANNEL_FIELD_NUMBER: _ClassVar[int]
    REFERENCE_FIELD_NUMBER: _ClassVar[int]
    RANGE_FIELD_NUMBER: _ClassVar[int]
    channel: str
    reference: str
    range: VoucherRange
    def __init__(self, channel: _Optional[str] = ..., reference: _Optional[str] = ..., range: _Optional[_Union[VoucherRange, _Mapping]] = ...) -> None: ...

class SellVouchersResponse(_message.Message):
    __slots__ = ("sale",)
    SALE_FIELD_NUMBER: _ClassVar[int]
    sale: VoucherSale
    def __init__(self, sale: _Optional[_Union[VoucherSale, _Mapping]] = ...) -> None: ...

class VoucherSale(_message.Message):
    __slots__ = ("channel", "reference", "first_serial", "last_serial", "amount", "day", "recorded_at")
    CHANNEL_FIELD_NUMBER: _ClassVar[int]
    REFERENCE_FIELD_NUMBER: _ClassVar[int]
    FIRST_SERIAL_FIELD_NUMBER: _ClassVar[int]
    LAST_SERIAL_FIELD_NUMBER: _ClassVar[int]
    AMOUNT_FIELD_NUMBER: _ClassVar[int]
    DAY_FIELD_NUMBER: _ClassVar[int]
    RECORDED_AT_FIELD_NUMBER: _ClassVar[int]
    channel: str
    reference: str
    first_serial: str
    last_serial: str
    amount: int
    day: str
    recorded_at: int
    def __init__(self, channel: _Optional[str] = ..., reference: _Optional[str] = ..., first_serial: _Optional[str] = ..., last_serial: _Optional[str] = ..., amount: _Optional[int] = ..., day: _Optional[str] = ..., recorded_at: _Optional[int] = ...) -> None: ...

class RedeemVoucherRequest(_message.Message):
    __slots__ = ("channel", "reference", "serial", "secret", "number", "terminal")
    CHANNEL_FIELD_NUMBER: _ClassVar[int]
    REFERENCE_FIELD_NUMBER: _ClassVar[int]
    SERIAL_FIELD_NUMBER: _ClassVar[int]
    SECRET_FIELD_NUMBER: _ClassVar[int]
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    TERMINAL_FIELD_NUMBER: _ClassVar[int]
    channel: str
    reference: str
    serial: str
    secret: str
    number: str
    terminal: str
    def __init__(self, channel: _Optional[str] = ..., reference: _Optional[str] = ..., serial: _Optional[str] = ..., secret: _Optional[str] = ..., number: _Optional[str] = ..., terminal: _Optional[str] = ...) -> None: ...

class RedeemVoucherResponse(_message.Message):
    __slots__ = ("payment_id", "account_id", "amount", "day", "recorded_at")
    PAYMENT_ID_FIELD_NUMBER: _ClassVar[int]
    ACCOUNT_ID_FIELD_NUMBER: _ClassVar[int]
    AMOUNT_FIELD_NUMBER: _ClassVar[int]
    DAY_FIELD_NUMBER: _ClassVar[int]
    RECORDED_AT_FIELD_NUMBER: _ClassVar[int]
    payment_id: int
    account_id: int
    amount: int
    day: str
    recorded_at: int
    def __init__(self, payment_id: _Optional[int] = ..., account_id: _Optional[int] = ..., amount: _Optional[int] = ..., day: _Optional[str] = ..., recorded_at: _Optional[int] = ...) -> None: ...

class BlockVouchersRequest(_message.Message):
    __slots__ = ("request_id", "range", "reason")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    RANGE_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    range: VoucherRange
    reason: str
    def __init__(self, request_id: _Optional[str] = ..., range: _Optional[_Union[VoucherRange, _Mapping]] = ..., reason: _Optional[str] = ...) -> None: ...

class BlockVouchersResponse(_message.Message):
    __slots__ = ("vouchers",)
    VOUCHERS_FIELD_NUMBER: _ClassVar[int]
    vouchers: int
    def __init__(self, vouchers: _Optional[int] = ...) -> None: ...

class UnblockVouchersRequest(_message.Message):
    __slots__ = ("request_id", "range", "reason")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    RANGE_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    range: VoucherRange
    reason: str
    def __init__(self, request_id: _Optional[str] = ..., range: _Optional[_Union[VoucherRange, _Mapping]] = ..., reason: _Optional[str] = ...) -> None: ...

class UnblockVouchersResponse(_message.Message):
    __slots__ = ("vouchers",)
    VOUCHERS_FIELD_NUMBER: _ClassVar[int]
    vouchers: int
    def __init__(self, vouchers: _Optional[int] = ...) -> None: ...

class ExpireVouchersRequest(_message.Message):
    __slots__ = ("request_id",)
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    def __init__(self, request_id: _Optional[str] = ...) -> None: ...

class ExpireVouchersResponse(_message.Message):
    __slots__ = ("vouchers", "forfeited")
    VOUCHERS_FIELD_NUMBER: _ClassVar[int]
    FORFEITED_FIELD_NUMBER: _ClassVar[int]
    vouchers: int
    forfeited: int
    def __init__(self, vouchers: _Optional[int] = ..., forfeited: _Optional[int] = ...) -> None: ...

class GetVoucherRequest(_message.Message):
    __slots__ = ("serial",)
    SERIAL_FIELD_NUMBER: _ClassVar[int]
    serial: str
    def __init__(self, serial: _Optional[str] = ...) -> None: ...

class GetVoucherResponse(_message.Message):
    __slots__ = ("voucher",)
    VOUCHER_FIELD_NUMBER: _ClassVar[int]
    voucher: Voucher
    def __init__(self, voucher: _Optional[_Union[Voucher, _Mapping]] = ...) -> None: ...

class Voucher(_message.Message):
    __slots__ = ("serial", "batch_no", "state", "was", "face_value", "valid_until", "sale", "account_id", "payment_id")
    SERIAL_FIELD_NUMBER: _ClassVar[int]
    BATCH_NO_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    WAS_FIELD_NUMBER: _ClassVar[int]
    FACE_VALUE_FIELD_NUMBER: _ClassVar[int]
    VALID_UNTIL_FIELD_NUMBER: _ClassVar[int]
    SALE_FIELD_NUMBER: _ClassVar[int]
    ACCOUNT_ID_FIELD_NUMBER: _ClassVar[int]
    PAYMENT_ID_FIELD_NUMBER: _ClassVar[int]
    serial: str
    batch_no: int
    state: VoucherState
    was: VoucherState
    face_value: int
    valid_until: str
    sale: VoucherSale
    account_id: int
    payment_id: int
    def __init__(self, serial: _Optional[str] = ..., batch_no: _Optional[int] = ..., state: _Optional[_Union[VoucherState, str]] = ..., was: _Optional[_Union[VoucherState, str]] = ..., face_value: _Optional[int] = ..., valid_until: _Optional[str] = ..., sale: _Optional[_Union[VoucherSale, _Mapping]] = ..., account_id: _Optional[int] = ..., payment_id: _Optional[int] = ...) -> None: ...

class GetVoucherBatchRequest(_message.Message):
    __slots__ = ("batch_no",)
    BATCH_NO_FIELD_NUMBER: _ClassVar[int]
    batch_no: int
    def __init__(self, batch_no: _Optional[int] = ...) -> None: ...

class GetVoucherBatchResponse(_message.Message):
    __slots__ = ("batch", "counts", "liable", "forfeited")
    BATCH_FIELD_NUMBER: _ClassVar[int]
    COUNTS_FIELD_NUMBER: _ClassVar[int]
    LIABLE_FIELD_NUMBER: _ClassVar[int]
    FORFEITED_FIELD_NUMBER: _ClassVar[int]
    batch: VoucherBatch
    counts: _containers.RepeatedCompositeFieldContainer[VoucherCount]
    liable: int
    forfeited: int
    def __init__(self, batch: _Optional[_Union[VoucherBatch, _Mapping]] = ..., counts: _Optional[_Iterable[_Union[VoucherCount, _Mapping]]] = ..., liable: _Optional[int] = ..., forfeited: _Optional[int] = ...) -> None: ...

class VoucherCount(_message.Message):
    __slots__ = ("state", "vouchers")
    STATE_FIELD_NUMBER: _ClassVar[int]
    VOUCHERS_FIELD_NUMBER: _ClassVar[int]
    state: VoucherState
    vouchers: int
    def __init__(self, state: _Optional[_Union[VoucherState, str]] = ..., vouchers: _Optional[int] = ...) -> None: ...

class ListVoucherBatchesRequest(_message.Message):
    __slots__ = ("page_size", "page_token")
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    page_size: int
    page_token: str
    def __init__(self, page_size: _Optional[int] = ..., page_token: _Optional[str] = ...) -> None: ...

class ListVoucherBatchesResponse(_message.Message):
    __slots__ = ("batches", "next_page_token")
    BATCHES_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    batches: _containers.RepeatedCompositeFieldContainer[VoucherBatch]
    next_page_token: str
    def __init__(self, batches: _Optional[_Iterable[_Union[VoucherBatch, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...
