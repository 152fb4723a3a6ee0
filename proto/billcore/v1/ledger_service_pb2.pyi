from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class EntryKind(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    ENTRY_KIND_UNSPECIFIED: _ClassVar[EntryKind]
    ENTRY_KIND_OPENING: _ClassVar[EntryKind]
    ENTRY_KIND_PAYMENT: _ClassVar[EntryKind]
    ENTRY_KIND_ADJUSTMENT: _ClassVar[EntryKind]
    ENTRY_KIND_TRANSFER: _ClassVar[EntryKind]
    ENTRY_KIND_LATE_FEE: _ClassVar[EntryKind]
    ENTRY_KIND_WRITE_OFF: _ClassVar[EntryKind]
    ENTRY_KIND_REFUND: _ClassVar[EntryKind]
    ENTRY_KIND_FEE: _ClassVar[EntryKind]
    ENTRY_KIND_PROVISIONAL: _ClassVar[EntryKind]
    ENTRY_KIND_INSTALMENT: _ClassVar[EntryKind]
    ENTRY_KIND_DEPOSIT: _ClassVar[EntryKind]
    ENTRY_KIND_DEPOSIT_INTEREST: _ClassVar[EntryKind]
    ENTRY_KIND_RECOVERY: _ClassVar[EntryKind]
    ENTRY_KIND_BILLS: _ClassVar[EntryKind]
    ENTRY_KIND_VOUCHERS: _ClassVar[EntryKind]
    ENTRY_KIND_AGENTS: _ClassVar[EntryKind]
    ENTRY_KIND_SETTLEMENTS: _ClassVar[EntryKind]
ENTRY_KIND_UNSPECIFIED: EntryKind
ENTRY_KIND_OPENING: EntryKind
ENTRY_KIND_PAYMENT: EntryKind
ENTRY_KIND_ADJUSTMENT: EntryKind
ENTRY_KIND_TRANSFER: EntryKind
ENTRY_KIND_LATE_FEE: EntryKind
ENTRY_KIND_WRITE_OFF: EntryKind
ENTRY_KIND_REFUND: EntryKind
ENTRY_KIND_FEE: EntryKind
ENTRY_KIND_PROVISIONAL: EntryKind
ENTRY_KIND_INSTALMENT: EntryKind
ENTRY_KIND_DEPOSIT: EntryKind
ENTRY_KIND_DEPOSIT_INTEREST: EntryKind
ENTRY_KIND_RECOVERY: EntryKind
ENTRY_KIND_BILLS: EntryKind
ENTRY_KIND_VOUCHERS: EntryKind
ENTRY_KIND_AGENTS: EntryKind
ENTRY_KIND_SETTLEMENTS: EntryKind

class AccountEntry(_message.Message):
    __slots__ = ("account_entry_id", "account_id", "kind", "day", "amount", "reference", "reverses", "recorded_at")
    ACCOUNT_ENTRY_ID_FIELD_NUMBER: _ClassVar[int]
    ACCOUNT_ID_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    DAY_FIELD_NUMBER: _ClassVar[int]
    AMOUNT_FIELD_NUMBER: _ClassVar[int]
    REFERENCE_FIELD_NUMBER: _ClassVar[int]
    REVERSES_FIELD_NUMBER: _ClassVar[int]
    RECORDED_AT_FIELD_NUMBER: _ClassVar[int]
    account_entry_id: int
    account_id: int
    kind: EntryKind
    day: str
    amount: int
    reference: str
    reverses: int
    recorded_at: int
    def __init__(self, account_entry_id: _Optional[int] = ..., account_id: _Optional[int] = ..., kind: _Optional[_Union[EntryKind, str]] = ..., day: _Optional[str] = ..., amount: _Optional[int] = ..., reference: _Optional[str] = ..., reverses: _Optional[int] = ..., recorded_at: _Optional[int] = ...) -> None: ...

class PostAccountEntryRequest(_message.Message):
    __slots__ = ("request_id", "account_id", "number", "kind", "amount", "day", "reference", "reason")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    ACCOUNT_ID_FIELD_NUMBER: _ClassVar[int]
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    AMOUNT_FIELD_NUMBER: _ClassVar[int]
    DAY_FIELD_NUMBER: _ClassVar[int]
    REFERENCE_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    account_id: int
    number: str
    kind: EntryKind
    amount: int
    day: str
    reference: str
    reason: str
    def __init__(self, request_id: _Optional[str] = ..., account_id: _Optional[int] = ..., number: _Optional[str] = ..., kind: _Optional[_Union[EntryKind, str]] = ..., amount: _Optional[int] = ..., day: _Optional[str] = ..., reference: _Optional[str] = ..., reason: _Optional[str] = ...) -> None: ...

class PostAccountEntryResponse(_message.Message):
    __slots__ = ("entry",)
    ENTRY_FIELD_NUMBER: _ClassVar[int]
    entry: AccountEntry
    def __init__(self, entry: _Optional[_Union[AccountEntry, _Mapping]] = ...) -> None: ...

class ReverseAccountEntryRequest(_message.Message):
    __slots__ = ("request_id", "account_id", "number", "account_entry_id", "day", "reason")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    ACCOUNT_ID_FIELD_NUMBER: _ClassVar[int]
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    ACCOUNT_ENTRY_ID_FIELD_NUMBER: _ClassVar[int]
    DAY_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    account_id: int
    number: str
    account_entry_id: int
    day: str
    reason: str
    def __init__(self, request_id: _Optional[str] = ..., account_id: _Optional[int] = ..., number: _Optional[str] = ..., account_entry_id: _Optional[int] = ..., day: _Optional[str] = ..., reason: _Optional[str] = ...) -> None: ...

class ReverseAccountEntryResponse(_message.Message):
    __slots__ = ("entry",)
    ENTRY_FIELD_NUMBER: _ClassVar[int]
    entry: AccountEntry
    def __init__(self, entry: _Optional[_Union[AccountEntry, _Mapping]] = ...) -> None: ...

class GetTrialBalanceRequest(_message.Message):
    __slots__ = ("day", "known_at")
    DAY_FIELD_NUMBER: _ClassVar[int]
    KNOWN_AT_FIELD_NUMBER: _ClassVar[int]
    day: str
    known_at: int
    def __init__(self, day: _Optional[str] = ..., known_at: _Optional[int] = ...) -> None: ...

class GetTrialBalanceResponse(_message.Message):
    __slots__ = ("day", "known_at", "currency", "digits", "balances")
    DAY_FIELD_NUMBER: _ClassVar[int]
    KNOWN_AT_FIELD_NUMBER: _ClassVar[int]
    CURRENCY_FIELD_NUMBER: _ClassVar[int]
    DIGITS_FIELD_NUMBER: _ClassVar[int]
    BALANCES_FIELD_NUMBER: _ClassVar[int]
    day: str
    known_at: int
    currency: str
    digits: int
    balances: _containers.RepeatedCompositeFieldContainer[LedgerBalance]
    def __init__(self, day: _Optional[str] = ..., known_at: _Optional[int] = ..., currency: _Optional[str] = ..., digits: _Optional[int] = ..., balances: _Optional[_Iterable[_Union[LedgerBalance, _Mapping]]] = ...) -> None: ...

class LedgerBalance(_message.Message):
    __slots__ = ("code", "kind", "balance")
    CODE_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    BALANCE_FIELD_NUMBER: _ClassVar[int]
    code: str
    kind: str
    balance: int
    def __init__(self, code: _Optional[str] = ..., kind: _Optional[str] = ..., balance: _Optional[int] = ...) -> None: ...

class ListEntriesRequest(_message.Message):
    __slots__ = ("first_day", "last_day", "page_size", "page_token")
    FIRST_DAY_FIELD_NUMBER: _ClassVar[int]
    LAST_DAY_FIELD_NUMBER: _ClassVar[int]
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    first_day: str
    last_day: str
    page_size: int
    page_token: str
    def __init__(self, first_day: _Optional[str] = ..., last_day: _Optional[str] = ..., page_size: _Optional[int] = ..., page_token: _Optional[str] = ...) -> None: ...

class ListEntriesResponse(_message.Message):
    __slots__ = ("entries", "next_page_token")
    ENTRIES_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    entries: _containers.RepeatedCompositeFieldContainer[JournalEntry]
    next_page_token: str
    def __init__(self, entries: _Optional[_Iterable[_Union[JournalEntry, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class JournalEntry(_message.Message):
    __slots__ = ("entry_id", "day", "kind", "source", "reverses", "client_id", "recorded_at", "postings")
    ENTRY_ID_FIELD_NUMBER: _ClassVar[int]
    DAY_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    SOURCE_FIELD_NUMBER: _ClassVar[int]
    REVERSES_FIELD_NUMBER: _ClassVar[int]
    CLIENT_ID_FIELD_NUMBER: _ClassVar[int]
    RECORDED_AT_FIELD_NUMBER: _ClassVar[int]
    POSTINGS_FIELD_NUMBER: _ClassVar[int]
    entry_id: int
    day: str
    kind: EntryKind
    source: str
    reverses: int
    client_id: int
    recorded_at: int
    postings: _containers.RepeatedCompositeFieldContainer[JournalPosting]
    def __init__(self, entry_id: _Optional[int] = ..., day: _Optional[str] = ..., kind: _Optional[_Union[EntryKind, str]] = ..., source: _Optional[str] = ..., reverses: _Optional[int] = ..., client_id: _Optional[int] = ..., recorded_at: _Optional[int] = ..., postings: _Optional[_Iterable[_Union[JournalPosting, _Mapping]]] = ...) -> None: ...

class JournalPosting(_message.Message):
    __slots__ = ("code", "amount")
    CODE_FIELD_NUMBER: _ClassVar[int]
    AMOUNT_FIELD_NUMBER: _ClassVar[int]
    code: str
    amount: int
    def __init__(self, code: _Optional[str] = ..., amount: _Optional[int] = ...) -> None: ...
