from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class DepositMoveKind(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    DEPOSIT_MOVE_KIND_UNSPECIFIED: _ClassVar[DepositMoveKind]
    DEPOSIT_MOVE_KIND_SET_OFF: _ClassVar[DepositMoveKind]
    DEPOSIT_MOVE_KIND_REFUNDED: _ClassVar[DepositMoveKind]
    DEPOSIT_MOVE_KIND_INTEREST: _ClassVar[DepositMoveKind]
    DEPOSIT_MOVE_KIND_CANCELLED: _ClassVar[DepositMoveKind]
DEPOSIT_MOVE_KIND_UNSPECIFIED: DepositMoveKind
DEPOSIT_MOVE_KIND_SET_OFF: DepositMoveKind
DEPOSIT_MOVE_KIND_REFUNDED: DepositMoveKind
DEPOSIT_MOVE_KIND_INTEREST: DepositMoveKind
DEPOSIT_MOVE_KIND_CANCELLED: DepositMoveKind

class Deposit(_message.Message):
    __slots__ = ("account_id", "deposit_no", "amount", "due_day", "account_entry_id", "paid", "held", "interest", "moves", "currency", "digits")
    ACCOUNT_ID_FIELD_NUMBER: _ClassVar[int]
    DEPOSIT_NO_FIELD_NUMBER: _ClassVar[int]
    AMOUNT_FIELD_NUMBER: _ClassVar[int]
    DUE_DAY_FIELD_NUMBER: _ClassVar[int]
    ACCOUNT_ENTRY_ID_FIELD_NUMBER: _ClassVar[int]
    PAID_FIELD_NUMBER: _ClassVar[int]
    HELD_FIELD_NUMBER: _ClassVar[int]
    INTEREST_FIELD_NUMBER: _ClassVar[int]
    MOVES_FIELD_NUMBER: _ClassVar[int]
    CURRENCY_FIELD_NUMBER: _ClassVar[int]
    DIGITS_FIELD_NUMBER: _ClassVar[int]
    account_id: int
    deposit_no: int
    amount: int
    due_day: str
    account_entry_id: int
    paid: int
    held: int
    interest: int
    moves: _containers.RepeatedCompositeFieldContainer[DepositMove]
    currency: str
    digits: int
    def __init__(self, account_id: _Optional[int] = ..., deposit_no: _Optional[int] = ..., amount: _Optional[int] = ..., due_day: _Optional[str] = ..., account_entry_id: _Optional[int] = ..., paid: _Optional[int] = ..., held: _Optional[int] = ..., interest: _Optional[int] = ..., moves: _Optional[_Iterable[_Union[DepositMove, _Mapping]]] = ..., currency: _Optional[str] = ..., digits: _Optional[int] = ...) -> None: ...

class DepositMove(_message.Message):
    __slots__ = ("kind", "day", "amount", "reason", "recorded_at")
    KIND_FIELD_NUMBER: _ClassVar[int]
    DAY_FIELD_NUMBER: _ClassVar[int]
    AMOUNT_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    RECORDED_AT_FIELD_NUMBER: _ClassVar[int]
    kind: DepositMoveKind
    day: str
    amount: int
    reason: str
    recorded_at: int
    def __init__(self, kind: _Optional[_Union[DepositMoveKind, str]] = ..., day: _Optional[str] = ..., amount: _Optional[int] = ..., reason: _Optional[str] = ..., recorded_at: _Optional[int] = ...) -> None: ...

class AskDepositRequest(_message.Message):
    __slots__ = ("request_id", "account_id", "number", "amount", "due_day", "reason")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    ACCOUNT_ID_FIELD_NUMBER: _ClassVar[int]
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    AMOUNT_FIELD_NUMBER: _ClassVar[int]
    DUE_DAY_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    account_id: int
    number: str
    amount: int
    due_day: str
    reason: str
    def __init__(self, request_id: _Optional[str] = ..., account_id: _Optional[int] = ..., number: _Optional[str] = ..., amount: _Optional[int] = ..., due_day: _Optional[str] = ..., reason: _Optional[str] = ...) -> None: ...

class AskDepositResponse(_message.Message):
    __slots__ = ("deposit",)
    DEPOSIT_FIELD_NUMBER: _ClassVar[int]
    deposit: Deposit
    def __init__(self, deposit: _Optional[_Union[Deposit, _Mapping]] = ...) -> None: ...

class MoveDepositRequest(_message.Message):
    __slots__ = ("request_id", "account_id", "number", "deposit_no", "kind", "amount", "reason")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    ACCOUNT_ID_FIELD_NUMBER: _ClassVar[int]
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    DEPOSIT_NO_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    AMOUNT_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    account_id: int
    number: str
    deposit_no: int
    kind: DepositMoveKind
    amount: int
    reason: str
    def __init__(self, request_id: _Optional[str] = ..., account_id: _Optional[int] = ..., number: _Optional[str] = ..., deposit_no: _Optional[int] = ..., kind: _Optional[_Union[DepositMoveKind, str]] = ..., amount: _Optional[int] = ..., reason: _Optional[str] = ...) -> None: ...

class MoveDepositResponse(_message.Message):
    __slots__ = ("deposit",)
    DEPOSIT_FIELD_NUMBER: _ClassVar[int]
    deposit: Deposit
    def __init__(self, deposit: _Optional[_Union[Deposit, _Mapping]] = ...) -> None: ...

class CreditDepositInterestRequest(_message.Message):
    __slots__ = ("request_id", "account_id", "number", "deposit_no", "until_day")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    ACCOUNT_ID_FIELD_NUMBER: _ClassVar[int]
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    DEPOSIT_NO_FIELD_NUMBER: _ClassVar[int]
    UNTIL_DAY_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    account_id: int
    number: str
    deposit_no: int
    until_day: str
    def __init__(self, request_id: _Optional[str] = ..., account_id: _Optional[int] = ..., number: _Optional[str] = ..., deposit_no: _Optional[int] = ..., until_day: _Optional[str] = ...) -> None: ...

class CreditDepositInterestResponse(_message.Message):
    __slots__ = ("deposit", "exact")
    DEPOSIT_FIELD_NUMBER: _ClassVar[int]
    EXACT_FIELD_NUMBER: _ClassVar[int]
    deposit: Deposit
    exact: str
    def __init__(self, deposit: _Optional[_Union[Deposit, _Mapping]] = ..., exact: _Optional[str] = ...) -> None: ...

class ListDepositsRequest(_message.Message):
    __slots__ = ("account_id", "number")
    ACCOUNT_ID_FIELD_NUMBER: _ClassVar[int]
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    account_id: int
    number: str
    def __init__(self, account_id: _Optional[int] = ..., number: _Optional[str] = ...) -> None: ...

class ListDepositsResponse(_message.Message):
    __slots__ = ("deposits",)
    DEPOSITS_FIELD_NUMBER: _ClassVar[int]
    deposits: _containers.RepeatedCompositeFieldContainer[Deposit]
    def __init__(self, deposits: _Optional[_Iterable[_Union[Deposit, _Mapping]]] = ...) -> None: ...
