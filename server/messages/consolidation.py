"""Groups and consolidated bills as messages, and back.

Goals: a day, account or provider that its field cannot hold is refused with the field's path.
Non-goals: rules of groups, which core has.
"""

from collections.abc import Sequence

from billcore.core.accounts import things
from billcore.core.accounts.accounts import ACCOUNTS
from billcore.core.accounts.errors import FieldRefused
from billcore.core.billing.consolidated.consolidate import Consolidated, ProviderSum
from billcore.core.billing.consolidated.groups import CHANGEABLE, MEMBERS_MAX, Group, Leaving
from billcore.core.billing.items import account_items
from billcore.core.caller import HOUSE
from billcore.core.client_errors import ProviderForbidden
from billcore.core.errors import BatchTooLarge
from billcore.core.ids import month_of_bill, provider_of
from billcore.core.money import minor_digits
from billcore.core.store import accounts, bills, providers
from billcore.core.store.consolidated import ConsolidatedRow, Item
from billcore.core.store.groups import Member
from billcore.core.store.port import Reader, Value
from billcore.core.store.providers import Provider
from billcore.server import asked
from billcore.server.backend import CALLER
from billcore.server.messages import account as account_messages
from billcore.v1 import consolidation_service_pb2 as pb

# -- requests


def joining(reader: Reader, given: Sequence[pb.JoiningMember]) -> list[Member]:
    """Who is to join. Raises FieldRefused, AccountUnknown, ProviderForbidden, BatchTooLarge."""
    _check_count("joining", len(given))
    return [_member(reader, one, f"joining[{at}]") for at, one in enumerate(given)]


def leaving(given: Sequence[pb.LeavingMember]) -> list[Leaving]:
    """Who leaves. Raises FieldRefused, BatchTooLarge."""
    _check_count("leaving", len(given))
    return [
        Leaving(one.account_id, account_messages.day(one.last_day, f"leaving[{at}].last_day"))
        for at, one in enumerate(given)
    ]


def changes(request: pb.UpdateGroupRequest) -> dict[str, Value]:
    """The texts that an update names. Raises FieldRefused for others, and for no change at all."""
    if not (request.update_mask.paths or request.leaving or request.joining):
        raise FieldRefused("update_mask", "name what changes, or who leaves or joins.", CHANGEABLE)
    if not request.update_mask.paths:
        return {}
    return account_messages.changes(request.group, request.update_mask, CHANGEABLE)


def day(reader: Reader, request: pb.ConsolidateBillsRequest, now: int) -> int:
    """The day of a consolidated bill. Raises FieldRefused."""
    if not request.day and CALLER.get().provider_id == HOUSE:
        raise FieldRefused("day", "the house has no time zone: name a day, as 2024-02-29.")
    if request.day:
        return account_messages.day(request.day, "day")
    return asked.moment(reader, now).today


def _check_count(field: str, count: int) -> None:
    if count > MEMBERS_MAX:
        raise BatchTooLarge(field, MEMBERS_MAX, count)


def _member(reader: Reader, given: pb.JoiningMember, field: str) -> Member:
    return Member(
        _account(reader, given, field),
        account_messages.day(given.first_day, f"{field}.first_day"),
        account_messages.last_day(given.last_day, f"{field}.last_day"),
    )


def _account(reader: Reader, given: pb.JoiningMember, field: str) -> int:
    match given.WhichOneof("by"):
        case "account_id":
            return given.account_id
        case "number":
            owner = _owner(reader, given.provider, field)
            return things.by_number(reader, owner, ACCOUNTS, given.number).account_id
    raise FieldRefused(f"{field}.by", "name the account by its id or number.")


def _owner(reader: Reader, code: str, field: str) -> int:
    """Whose number is meant."""
    acting = CALLER.get().provider_id
    if not code and acting == HOUSE:
        raise FieldRefused(f"{field}.provider", "name the provider whose number it is.")
    named = providers.provider_of_code(reader, code) if code else acting
    if not named or acting not in (HOUSE, named):
        raise ProviderForbidden(code)
    return named


# -- answers


class _Names:
    """Numbers of accounts and codes of providers, each provider read once."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._providers: dict[int, Provider] = {}

    def provider(self, provider_id: int) -> Provider:
        if provider_id not in self._providers:
            found = providers.provider(self._reader, provider_id)
            assert found is not None, "it has accounts"
            self._providers[provider_id] = found
        return self._providers[provider_id]

    def of(self, account_id: int) -> dict[str, str]:
        """The fields that name an account."""
        account = accounts.account(self._reader, account_id)
        assert account is not None, "members are accounts"
        return {"number": account.number, "provider": self.provider(provider_of(account_id)).code}


def group(reader: Reader, found: Group) -> pb.Group:
    names = _Names(reader)
    told = account_messages.of(pb.Group, found.row)
    told.members.extend(
        pb.GroupMember(
            account_id=member.account_id,
            first_day=account_messages.iso(member.from_day),
            last_day=account_messages.iso(member.until_day),
            **names.of(member.account_id),
        )
        for member in found.members
    )
    return told


def bill(reader: Reader, found: Consolidated) -> pb.ConsolidatedBill:
    names = _Names(reader)
    return pb.ConsolidatedBill(
        header=header(found.row),
        members=[_item(reader, item, names, found.row.day) for item in found.items],
        providers=[_sum(one, names) for one in found.by_provider],
    )


def header(row: ConsolidatedRow) -> pb.ConsolidatedBillHeader:
    return pb.ConsolidatedBillHeader(
        consolidated_no=row.consolidated_no,
        group_no=row.group_no,
        day=account_messages.iso(row.day),
        name=row.name,
        address=row.address,
        currency=row.currency,
        digits=minor_digits(row.currency),
        total=row.total,
        owed=row.owed,
        recorded_at=row.recorded_at,
    )


def _item(reader: Reader, item: Item, names: _Names, day: int) -> pb.ConsolidatedMember:
    told = pb.ConsolidatedMember(
        account_id=item.account_id,
        bill_id=item.bill_id,
        total=item.total,
        owed=item.owed,
        late_fees=account_items(reader, item.account_id, day, item.known_at).late_fees,
        **names.of(item.account_id),
    )
    if item.bill_id:
        month = month_of_bill(item.bill_id)
        of = bills.header(reader, month, item.account_id, item.bill_id)
        assert of is not None, "bills are never deleted"
        told.issued_day = account_messages.iso(of.issued_day)
        told.due_day = account_messages.iso(of.due_day)
    return told


def _sum(one: ProviderSum, names: _Names) -> pb.ProviderSum:
    provider = names.provider(one.provider_id)
    return pb.ProviderSum(
        provider=provider.code, name=provider.name, total=one.total, owed=one.owed
    )
