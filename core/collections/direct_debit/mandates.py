"""Mandates: made, changed, and moved from state to state; every version is kept."""

import re
from dataclasses import dataclass

from billcore.core.accounts.acting import Write, provider_acting, tell
from billcore.core.accounts.errors import changed_meanwhile
from billcore.core.calendar import DAY_MIN
from billcore.core.collections.direct_debit.bank_details import (
    BANK_ACCOUNT,
    NAME_MAX,
    BankDetails,
    bic_fault,
    cleaned,
    iban_fault,
    plain_iban,
)
from billcore.core.collections.direct_debit.errors import (
    DebitFieldInvalid,
    MandateConflict,
    MandateStateUnfit,
    MandateUnknown,
)
from billcore.core.collections.direct_debit.pain008 import latin
from billcore.core.collections.direct_debit.states import (
    CONFIRMED,
    MANDATE_FROM,
    MandateState,
    Scheme,
)
from billcore.core.collections.direct_debit.terms import check_kind, terms_of
from billcore.core.payments.channel_policies import AMOUNT_MAX
from billcore.core.payments.channels import check_channel, enabled_channel, get_channel
from billcore.core.store import mandates as rows
from billcore.core.store import providers
from billcore.core.store.channels import Channel
from billcore.core.store.errors import StoreConflict
from billcore.core.store.mandates import DebtorRow, MandateRow, VersionRow
from billcore.core.store.port import Reader

KIND = "mandate"
"""Of the numbers that are drawn."""

UMR = re.compile(r"[A-Za-z0-9+?/:().,'-]{1,35}")
"""A mandate reference as SEPA's files carry it (EPC217-08, Latin characters without spaces)."""

UMR_FORM = "1 to 35 Latin letters, digits and +?/:().,'-"


@dataclass(frozen=True, slots=True)
class Asked:
    """A mandate to make. umr: '': one of our own; amount_max: minor units of one debit, 0: no
    limit; signed_day: an ordinal."""

    account_id: int
    channel: str
    umr: str
    scheme: Scheme
    one_off: bool
    signed_day: int
    amount_max: int
    debtor: BankDetails


def create(write: Write, asked: Asked, today: int, reason: str = "") -> MandateRow:
    """A new mandate, a draft. Raises DebitFieldInvalid, MandateConflict, ChannelUnknown,
    ChannelForbidden, ChannelDisabled, ChannelMisfit."""
    provider_id = provider_acting(write.caller)
    channel = _channel(write, asked.channel)
    debtor = checked_debtor(asked.scheme, asked.debtor)
    _check_amount(asked.amount_max)
    if not DAY_MIN <= asked.signed_day <= today:
        raise DebitFieldInvalid("signed_day", "a mandate was signed today or before.")
    if asked.umr and not UMR.fullmatch(asked.umr):
        raise DebitFieldInvalid("umr", f"it has {UMR_FORM}.")
    number = providers.draw(write.session, provider_id, KIND, 1)  # one mandate at a time
    creditor = terms_of(write.session, provider_id, channel)[0].creditor.id
    umr = asked.umr or f"BC{provider_id}-M{number}"
    if rows.taken(write.session, provider_id, creditor, umr):
        raise MandateConflict(umr, f"the creditor has a mandate {umr} already: give it another.")
    row = MandateRow(
        mandate_no=number,
        creditor_id=creditor,
        umr=umr,
        account_id=asked.account_id,
        channel_no=channel.channel_no,
        scheme=asked.scheme,
        one_off=int(asked.one_off),
        signed_day=asked.signed_day,
        amount_max=asked.amount_max,
        state=MandateState.DRAFT,
        version=1,
        recorded_at=write.now,
    )
    rows.add(write.session, provider_id, row)
    _keep_debtor(write, row, debtor, 1)
    _keep_version(write, row, 1, reason)
    _tell(write, row, "mandate.created", reason)
    return row


def change(
    write: Write,
    mandate: str,
    version: int,
    amount_max: int | None = None,
    debtor: BankDetails | None = None,
    reason: str = "",
) -> MandateRow:
    """Changes the cap, and whose account is debited, of the version that the caller has seen.

    The account of a mandate that was used cannot be changed: banks want an amendment, which the
    writer of files has not; a new mandate is signed. Raises MandateUnknown, MandateStateUnfit,
    RevisionConflict, DebitFieldInvalid.
    """
    provider_id = provider_acting(write.caller)
    row = found(write.session, provider_id, mandate)
    check_channel(write.caller, _code(write.session, provider_id, row))
    live = [one for one in MandateState if MandateState.CANCELLED in _next(one)]
    if row.state not in live:
        raise MandateStateUnfit(row.umr, _word(row.state), " or ".join(one.name for one in live))
    wanted = row
    if amount_max is not None:
        _check_amount(amount_max)
        wanted = wanted._replace(amount_max=amount_max)
    debtor_version = rows.debtor(write.session, provider_id, row.mandate_no).debtor_version
    if debtor is not None:
        if rows.is_used(write.session, provider_id, row.mandate_no):
            message = "a debit used this mandate: cancel it and sign a new one."
            raise DebitFieldInvalid("debtor", message)
        debtor = checked_debtor(Scheme(row.scheme), debtor)
        debtor_version += 1
    _change(write, wanted, row.version if version == row.version else version)
    if debtor is not None:
        _keep_debtor(write, row, debtor, debtor_version)
    made = wanted._replace(version=row.version + 1)
    _keep_version(write, made, debtor_version, reason)
    _tell(write, made, "mandate.changed", reason)
    return made


def go(
    write: Write, mandate: str, state: MandateState, version: int, reason: str = ""
) -> MandateRow:
    """Moves a mandate of a version to a state (0: of any version).

    Raises MandateUnknown, MandateStateUnfit, MandateConflict, RevisionConflict, ChannelForbidden.
    """
    provider_id = provider_acting(write.caller)
    row = found(write.session, provider_id, mandate)
    check_channel(write.caller, _code(write.session, provider_id, row))
    return move(write, row, state, version or row.version, reason)


def move(
    write: Write, row: MandateRow, state: MandateState, version: int, reason: str
) -> MandateRow:
    """As `go`, of a mandate that was read."""
    provider_id = provider_acting(write.caller)
    allowed = MANDATE_FROM[state]
    if state is MandateState.ACTIVE and row.scheme in CONFIRMED:
        allowed = tuple(one for one in allowed if one is not MandateState.DRAFT)
    if row.state not in allowed:
        needed = " or ".join(one.name for one in allowed)
        raise MandateStateUnfit(row.umr, _word(row.state), needed)
    if state is MandateState.ACTIVE:
        _check_alone(write, provider_id, row)
    wanted = row._replace(state=state, recorded_at=write.now)
    try:
        _change(write, wanted, version)
    except StoreConflict:  # the index of active mandates: another transaction was first
        raise _other(row, "another one") from None
    made = wanted._replace(version=row.version + 1)
    debtor_version = rows.debtor(write.session, provider_id, row.mandate_no).debtor_version
    _keep_version(write, made, debtor_version, reason)
    _tell(write, made, f"mandate.{state.name.lower()}", reason)
    return made


def found(reader: Reader, provider_id: int, mandate: str) -> MandateRow:
    """The mandate of a number ('#3') or reference. Raises MandateUnknown."""
    if re.fullmatch(r"#[0-9]{1,9}", mandate):
        row = rows.find(reader, provider_id, int(mandate[1:]))
        if row is not None:
            return row
    every = rows.by_umr(reader, provider_id, mandate)
    if len(every) != 1:  # two creditors of one provider may have given the same
        raise MandateUnknown(mandate)
    return every[0]


def subject(row: MandateRow) -> str:
    """What events and the audit log call it."""
    return f"mandate {row.mandate_no}"


def checked_debtor(scheme: Scheme, given: BankDetails) -> BankDetails:
    """The details as they are kept. Raises DebitFieldInvalid with the field."""
    name, iban = cleaned(given.name), plain_iban(given.iban)
    bic, bank_account = given.bic.strip().upper(), given.bank_account.strip()
    if not 1 <= len(name) <= NAME_MAX or not name.isprintable():
        raise DebitFieldInvalid("debtor.name", f"it has 1 to {NAME_MAX} printable characters.")
    domestic = scheme is Scheme.DOMESTIC
    if domestic and (iban or bic):
        raise DebitFieldInvalid("debtor.iban", "the scheme has bank_account alone.")
    if domestic and not BANK_ACCOUNT.fullmatch(bank_account):
        message = "it has 1 to 34 letters, digits, / and -."
        raise DebitFieldInvalid("debtor.bank_account", message)
    if not domestic and bank_account:
        raise DebitFieldInvalid("debtor.bank_account", "the scheme has an IBAN, not this.")
    if not domestic:
        if not latin(name):
            message = "nothing of it can be written in the letters of SEPA's files."
            raise DebitFieldInvalid("debtor.name", message)
        if not iban:
            raise DebitFieldInvalid("debtor.iban", "the scheme has one.")
        for field, fault in (("iban", iban_fault(iban)), ("bic", bic_fault(bic))):
            if fault:
                raise DebitFieldInvalid(f"debtor.{field}", fault)
    return BankDetails(name, iban, bic, bank_account)


def _channel(write: Write, code: str) -> Channel:
    check_channel(write.caller, code)
    channel = enabled_channel(write.session, provider_acting(write.caller), code)
    check_kind(channel)
    return channel


def _code(reader: Reader, provider_id: int, row: MandateRow) -> str:
    return get_channel(reader, provider_id, row.channel_no).channel


def _check_amount(amount: int) -> None:
    if not 0 <= amount <= AMOUNT_MAX:
        raise DebitFieldInvalid("amount_max", f"{amount} is not from 0 to {AMOUNT_MAX}.")


def _next(state: MandateState) -> list[MandateState]:
    return [one for one, before in MANDATE_FROM.items() if state in before]


def _word(state: int) -> str:
    return MandateState(state).name


def _check_alone(write: Write, provider_id: int, row: MandateRow) -> None:
    other = rows.active(write.session, provider_id, row.account_id, row.channel_no)
    if other is not None:
        raise _other(row, other.umr)


def _other(row: MandateRow, umr: str) -> MandateConflict:
    return MandateConflict(
        row.umr, f"mandate {umr} of the account is active at the channel: suspend or cancel it."
    )


def _change(write: Write, wanted: MandateRow, version: int) -> None:
    provider_id = provider_acting(write.caller)
    told = wanted._replace(version=version, recorded_at=write.now)
    if not rows.change(write.session, provider_id, told):
        now = rows.find(write.session, provider_id, wanted.mandate_no)
        raise changed_meanwhile(subject(wanted), version, now.version if now else 0)


def _keep_debtor(write: Write, row: MandateRow, debtor: BankDetails, version: int) -> None:
    kept = DebtorRow(*debtor, version)
    provider_id = provider_acting(write.caller)
    rows.add_debtor(write.session, provider_id, row.mandate_no, kept, write.now)


def _keep_version(write: Write, row: MandateRow, debtor_version: int, reason: str) -> None:
    kept = VersionRow(
        row.version, row.state, row.amount_max, debtor_version, reason, write.caller.client_id,
        write.now,
    )  # fmt: skip
    rows.add_version(write.session, provider_acting(write.caller), row.mandate_no, kept)


def _tell(write: Write, row: MandateRow, kind: str, reason: str) -> None:
    told = {
        "account_id": row.account_id,
        "umr": row.umr,
        "state": _word(row.state),
        "version": row.version,
        "amount_max": row.amount_max,
    }
    tell(write, provider_acting(write.caller), kind, subject(row), told, reason)
