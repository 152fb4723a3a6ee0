from billcore.v1 import enquiry_service_pb2 as _enquiry_service_pb2
from google.protobuf import field_mask_pb2 as _field_mask_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class Group(_message.Message):
    __slots__ = ("group_no", "name", "address", "members", "revision", "recorded_at")
    GROUP_NO_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    ADDRESS_FIELD_NUMBER: _ClassVar[int]
    MEMBERS_FIELD_NUMBER: _ClassVar[int]
    REVISION_FIELD_NUMBER: _ClassVar[int]
    RECORDED_AT_FIELD_NUMBER: _ClassVar[int]
    group_no: int
    name: str
    address: str
    members: _containers.RepeatedCompositeFieldContainer[GroupMember]
    revision: int
    recorded_at: int
    def __init__(self, group_no: _Optional[int] = ..., name: _Optional[str] = ..., address: _Optional[str] = ..., members: _Optional[_Iterable[_Union[GroupMember, _Mapping]]] = ..., revision: _Optional[int] = ..., recorded_at: _Optional[int] = ...) -> None: ...

class GroupMember(_message.Message):
    __slots__ = ("account_id", "number", "provider", "first_day", "last_day")
    ACCOUNT_ID_FIELD_NUMBER: _ClassVar[int]
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    PROVIDER_FIELD_NUMBER: _ClassVar[int]
    FIRST_DAY_FIELD_NUMBER: _ClassVar[int]
    LAST_DAY_FIELD_NUMBER: _ClassVar[int]
    account_id: int
    number: str
    provider: str
    first_day: str
    last_day: str
    def __init__(self, account_id: _Optional[int] = ..., number: _Optional[str] = ..., provider: _Optional[str] = ..., first_day: _Optional[str] = ..., last_day: _Optional[str] = ...) -> None: ...

class JoiningMember(_message.Message):
    __slots__ = ("account_id", "number", "provider", "first_day", "last_day")
    ACCOUNT_ID_FIELD_NUMBER: _ClassVar[int]
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    PROVIDER_FIELD_NUMBER: _ClassVar[int]
    FIRST_DAY_FIELD_NUMBER: _ClassVar[int]
    LAST_DAY_FIELD_NUMBER: _ClassVar[int]
    account_id: int
    number: str
    provider: str
    first_day: str
    last_day: str
    def __init__(self, account_id: _Optional[int] = ..., number: _Optional[str] = ..., provider: _Optional[str] = ..., first_day: _Optional[str] = ..., last_day: _Optional[str] = ...) -> None: ...

class LeavingMember(_message.Message):
    __slots__ = ("account_id", "last_day")
    ACCOUNT_ID_FIELD_NUMBER: _ClassVar[int]
    LAST_DAY_FIELD_NUMBER: _ClassVar[int]
    account_id: int
    last_day: str
    def __init__(self, account_id: _Optional[int] = ..., last_day: _Optional[str] = ...) -> None: ...

class ConsolidatedBillHeader(_message.Message):
    __slots__ = ("consolidated_no", "group_no", "day", "name", "address", "currency", "digits", "total", "owed", "recorded_at")
    CONSOLIDATED_NO_FIELD_NUMBER: _ClassVar[int]
    GROUP_NO_FIELD_NUMBER: _ClassVar[int]
    DAY_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    ADDRESS_FIELD_NUMBER: _ClassVar[int]
    CURRENCY_FIELD_NUMBER: _ClassVar[int]
    DIGITS_FIELD_NUMBER: _ClassVar[int]
    TOTAL_FIELD_NUMBER: _ClassVar[int]
    OWED_FIELD_NUMBER: _ClassVar[int]
    RECORDED_AT_FIELD_NUMBER: _ClassVar[int]
    consolidated_no: int
    group_no: int
    day: str
    name: str
    address: str
    currency: str
    digits: int
    total: int
    owed: int
    recorded_at: int
    def __init__(self, consolidated_no: _Optional[int] = ..., group_no: _Optional[int] = ..., day: _Optional[str] = ..., name: _Optional[str] = ..., address: _Optional[str] = ..., currency: _Optional[str] = ..., digits: _Optional[int] = ..., total: _Optional[int] = ..., owed: _Optional[int] = ..., recorded_at: _Optional[int] = ...) -> None: ...

class ConsolidatedMember(_message.Message):
    __slots__ = ("account_id", "number", "provider", "bill_id", "issued_day", "due_day", "total", "owed", "late_fees")
    ACCOUNT_ID_FIELD_NUMBER: _ClassVar[int]
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    PROVIDER_FIELD_NUMBER: _ClassVar[int]
    BILL_ID_FIELD_NUMBER: _ClassVar[int]
    ISSUED_DAY_FIELD_NUMBER: _ClassVar[int]
    DUE_DAY_FIELD_NUMBER: _ClassVar[int]
    TOTAL_FIELD_NUMBER: _ClassVar[int]
    OWED_FIELD_NUMBER: _ClassVar[int]
    LATE_FEES_FIELD_NUMBER: _ClassVar[int]
    account_id: int
    number: str
    provider: str
    bill_id: int
    issued_day: str
    due_day: str
    total: int
    owed: int
    late_fees: int
    def __init__(self, account_id: _Optional[int] = ..., number: _Optional[str] = ..., provider: _Optional[str] = ..., bill_id: _Optional[int] = ..., issued_day: _Optional[str] = ..., due_day: _Optional[str] = ..., total: _Optional[int] = ..., owed: _Optional[int] = ..., late_fees: _Optional[int] = ...) -> None: ...

class ProviderSum(_message.Message):
    __slots__ = ("provider", "name", "total", "owed")
    PROVIDER_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    TOTAL_FIELD_NUMBER: _ClassVar[int]
    OWED_FIELD_NUMBER: _ClassVar[int]
    provider: str
    name: str
    total: int
    owed: int
    def __init__(self, provider: _Optional[str] = ..., name: _Optional[str] = ..., total: _Optional[int] = ..., owed: _Optional[int] = ...) -> None: ...

class ConsolidatedBill(_message.Message):
    __slots__ = ("header", "members", "providers")
    HEADER_FIELD_NUMBER: _ClassVar[int]
    MEMBERS_FIELD_NUMBER: _ClassVar[int]
    PROVIDERS_FIELD_NUMBER: _ClassVar[int]
    header: ConsolidatedBillHeader
    members: _containers.RepeatedCompositeFieldContainer[ConsolidatedMember]
    providers: _containers.RepeatedCompositeFieldContainer[ProviderSum]
    def __init__(self, header: _Optional[_Union[ConsolidatedBillHeader, _Mapping]] = ..., members: _Optional[_Iterable[_Union[ConsolidatedMember, _Mapping]]] = ..., providers: _Optional[_Iterable[_Union[ProviderSum, _Mapping]]] = ...) -> None: ...

class CreateGroupRequest(_message.Message):
    __slots__ = ("request_id", "group", "joining")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    GROUP_FIELD_NUMBER: _ClassVar[int]
    JOINING_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    group: Group
    joining: _containers.RepeatedCompositeFieldContainer[JoiningMember]
    def __init__(self, request_id: _Optional[str] = ..., group: _Optional[_Union[Group, _Mapping]] = ..., joining: _Optional[_Iterable[_Union[JoiningMember, _Mapping]]] = ...) -> None: ...

class CreateGroupResponse(_message.Message):
    __slots__ = ("group",)
    GROUP_FIELD_NUMBER: _ClassVar[int]
    group: Group
    def __init__(self, group: _Optional[_Union[Group, _Mapping]] = ...) -> None: ...

class UpdateGroupRequest(_message.Message):
    __slots__ = ("request_id", "group", "update_mask", "leaving", "joining", "reason")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    GROUP_FIELD_NUMBER: _ClassVar[int]
    UPDATE_MASK_FIELD_NUMBER: _ClassVar[int]
    LEAVING_FIELD_NUMBER: _ClassVar[int]
    JOINING_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    group: Group
    update_mask: _field_mask_pb2.FieldMask
    leaving: _containers.RepeatedCompositeFieldContainer[LeavingMember]
    joining: _containers.RepeatedCompositeFieldContainer[JoiningMember]
    reason: str
    def __init__(self, request_id: _Optional[str] = ..., group: _Optional[_Union[Group, _Mapping]] = ..., update_mask: _Optional[_Union[_field_mask_pb2.FieldMask, _Mapping]] = ..., leaving: _Optional[_Iterable[_Union[LeavingMember, _Mapping]]] = ..., joining: _Optional[_Iterable[_Union[JoiningMember, _Mapping]]] = ..., reason: _Optional[str] = ...) -> None: ...

class UpdateGroupResponse(_message.Message):
    __slots__ = ("group",)
    GROUP_FIELD_NUMBER: _ClassVar[int]
    group: Group
    def __init__(self, group: _Optional[_Union[Group, _Mapping]] = ...) -> None: ...

class GetGroupRequest(_message.Message):
    __slots__ = ("group_no",)
    GROUP_NO_FIELD_NUMBER: _ClassVar[int]
    group_no: int
    def __init__(self, group_no: _Optional[int] = ...) -> None: ...

class GetGroupResponse(_message.Message):
    __slots__ = ("group",)
    GROUP_FIELD_NUMBER: _ClassVar[int]
    group: Group
    def __init__(self, group: _Optional[_Union[Group, _Mapping]] = ...) -> None: ...

class ListGroupsRequest(_message.Message):
    __slots__ = ("page_size", "page_token")
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    page_size: int
    page_token: str
    def __init__(self, page_size: _Optional[int] = ..., page_token: _Optional[str] = ...) -> None: ...

class ListGroupsResponse(_message.Message):
    __slots__ = ("groups", "next_page_token")
    GROUPS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    groups: _containers.RepeatedCompositeFieldContainer[Group]
    next_page_token: str
    def __init__(self, groups: _Optional[_Iterable[_Union[Group, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class ConsolidateBillsRequest(_message.Message):
    __slots__ = ("request_id", "group_no", "day")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    GROUP_NO_FIELD_NUMBER: _ClassVar[int]
    DAY_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    group_no: int
    day: str
    def __init__(self, request_id: _Optional[str] = ..., group_no: _Optional[int] = ..., day: _Optional[str] = ...) -> None: ...

class ConsolidateBillsResponse(_message.Message):
    __slots__ = ("bill",)
    BILL_FIELD_NUMBER: _ClassVar[int]
    bill: ConsolidatedBill
    def __init__(self, bill: _Optional[_Union[ConsolidatedBill, _Mapping]] = ...) -> None: ...

class GetConsolidatedBillRequest(_message.Message):
    __slots__ = ("consolidated_no",)
    CONSOLIDATED_NO_FIELD_NUMBER: _ClassVar[int]
    consolidated_no: int
    def __init__(self, consolidated_no: _Optional[int] = ...) -> None: ...

class GetConsolidatedBillResponse(_message.Message):
    __slots__ = ("bill",)
    BILL_FIELD_NUMBER: _ClassVar[int]
    bill: ConsolidatedBill
    def __init__(self, bill: _Optional[_Union[ConsolidatedBill, _Mapping]] = ...) -> None: ...

class ListConsolidatedBillsRequest(_message.Message):
    __slots__ = ("group_no", "page_size", "page_token")
    GROUP_NO_FIELD_NUMBER: _ClassVar[int]
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    group_no: int
    page_size: int
    page_token: str
    def __init__(self, group_no: _Optional[int] = ..., page_size: _Optional[int] = ..., page_token: _Optional[str] = ...) -> None: ...

class ListConsolidatedBillsResponse(_message.Message):
    __slots__ = ("bills", "next_page_token")
    BILLS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    bills: _containers.RepeatedCompositeFieldContainer[ConsolidatedBillHeader]
    next_page_token: str
    def __init__(self, bills: _Optional[_Iterable[_Union[ConsolidatedBillHeader, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class GetGroupDebtsRequest(_message.Message):
    __slots__ = ("group_no",)
    GROUP_NO_FIELD_NUMBER: _ClassVar[int]
    group_no: int
    def __init__(self, group_no: _Optional[int] = ...) -> None: ...

class GetGroupDebtsResponse(_message.Message):
    __slots__ = ("group_no", "name", "currency", "digits", "balance", "payable", "providers")
    GROUP_NO_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    CURRENCY_FIELD_NUMBER: _ClassVar[int]
    DIGITS_FIELD_NUMBER: _ClassVar[int]
    BALANCE_FIELD_NUMBER: _ClassVar[int]
    PAYABLE_FIELD_NUMBER: _ClassVar[int]
    PROVIDERS_FIELD_NUMBER: _ClassVar[int]
    group_no: int
    name: str
    currency: str
    digits: int
    balance: int
    payable: int
    providers: _containers.RepeatedCompositeFieldContainer[ProviderDebts]
    def __init__(self, group_no: _Optional[int] = ..., name: _Optional[str] = ..., currency: _Optional[str] = ..., digits: _Optional[int] = ..., balance: _Optional[int] = ..., payable: _Optional[int] = ..., providers: _Optional[_Iterable[_Union[ProviderDebts, _Mapping]]] = ...) -> None: ...

class ProviderDebts(_message.Message):
    __slots__ = ("provider", "name", "balance", "payable", "accounts")
    PROVIDER_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    BALANCE_FIELD_NUMBER: _ClassVar[int]
    PAYABLE_FIELD_NUMBER: _ClassVar[int]
    ACCOUNTS_FIELD_NUMBER: _ClassVar[int]
    provider: str
    name: str
    balance: int
    payable: int
    accounts: _containers.RepeatedCompositeFieldContainer[AccountDebts]
    def __init__(self, provider: _Optional[str] = ..., name: _Optional[str] = ..., balance: _Optional[int] = ..., payable: _Optional[int] = ..., accounts: _Optional[_Iterable[_Union[AccountDebts, _Mapping]]] = ...) -> None: ...

class AccountDebts(_message.Message):
    __slots__ = ("account_id", "number", "services", "balance", "overdue", "due_day", "payable", "open_items")
    ACCOUNT_ID_FIELD_NUMBER: _ClassVar[int]
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    SERVICES_FIELD_NUMBER: _ClassVar[int]
    BALANCE_FIELD_NUMBER: _ClassVar[int]
    OVERDUE_FIELD_NUMBER: _ClassVar[int]
    DUE_DAY_FIELD_NUMBER: _ClassVar[int]
    PAYABLE_FIELD_NUMBER: _ClassVar[int]
    OPEN_ITEMS_FIELD_NUMBER: _ClassVar[int]
    account_id: int
    number: str
    services: _containers.RepeatedScalarFieldContainer[str]
    balance: int
    overdue: int
    due_day: str
    payable: int
    open_items: _containers.RepeatedCompositeFieldContainer[_enquiry_service_pb2.OpenItem]
    def __init__(self, account_id: _Optional[int] = ..., number: _Optional[str] = ..., services: _Optional[_Iterable[str]] = ..., balance: _Optional[int] = ..., overdue: _Optional[int] = ..., due_day: _Optional[str] = ..., payable: _Optional[int] = ..., open_items: _Optional[_Iterable[_Union[_enquiry_service_pb2.OpenItem, _Mapping]]] = ...) -> None: ...
