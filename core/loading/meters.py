"""Meters with where they hang, in bulk: a row is a register of a meter at work for an agreement.

A meter is made by the first good row of its serial, and its other registers are rows of their own,
in the same chunk or a later one. What a whole column can tell is asked of whole columns.
"""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from billcore.core.accounts.accounts import ACCOUNTS
from billcore.core.accounts.bulk import known_ids
from billcore.core.accounts.checks import (
    Checks,
    Day,
    Loaded,
    Number,
    Rule,
    Table,
    Text,
    constant,
    ints,
    only,
    read,
)
from billcore.core.accounts.days import iso
from billcore.core.accounts.errors import (
    AccountUnknown,
    AgreementOutside,
    AgreementUnknown,
    AlreadyTaken,
    FieldRefused,
)
from billcore.core.accounts.numbers import registered, resolved
from billcore.core.errors import quoted
from billcore.core.loading.entries import repeated_keys
from billcore.core.loading.readings import dials
from billcore.core.loading.values import decimal_parts
from billcore.core.loading.work import Work
from billcore.core.metering.decide import settle
from billcore.core.metering.exact import Bools, Ints, power
from billcore.core.metering.findings import Source
from billcore.core.metering.meters import (
    DIGITS_MAX,
    MULTIPLIER_DECIMALS_MAX,
    PRODUCT_DIGITS_MAX,
    TEXT_MAX,
)
from billcore.core.metering.provider import MeteringProvider, metering_provider
from billcore.core.metering.record import NewReadings
from billcore.core.metering.registers import AGREEMENT_BITS, REGISTER_MAX, agreement_key, gather
from billcore.core.store import loads as load_rows
from billcore.core.store import meters as rows
from billcore.core.store import providers as provider_rows
from billcore.core.store.port import OPEN_DAY, Columns

RULES: tuple[Rule, ...] = (
    Text("serial", least=1, most=TEXT_MAX),
    Text("model", most=TEXT_MAX),
    Text("account", least=1, most=40),
    Number("agreement_no", 1, (1 << AGREEMENT_BITS) - 1, default=1),
    Number("register_no", 1, REGISTER_MAX, default=1),
    Text("quantity", least=1, most=TEXT_MAX),
    Text("unit", least=1, most=TEXT_MAX),
    Number("digits", 1, DIGITS_MAX),
    Number("decimals", 0, DIGITS_MAX, default=0),
    Text("multiplier", most=40),
    Day("from_day"),
    Text("opening", least=1, most=40),
)

OPENING = "opening reading of a load"
"""Why a doubtful opening reading counts: there is no other."""

PLACE = ("account_id", "agreement_no", "from_day", "multiplier", "multiplier_decimals")
"""What the registers of a meter share, beside its model."""


@dataclass(frozen=True, slots=True)
class Meters:
    """The serials of a table. code: of each row, its place among them; known: their ids, or 0."""

    code: Ints
    serials: pa.StringArray
    known: Ints


def load_meters(work: Work, columns: Columns) -> Loaded:
    """Adds registers of meters at agreements: columns of RULES; the ids are the meters'.

    opening: the dial on `from_day`, in the unit of the register; multiplier: '' is 1. A serial that
    is known takes further registers only, at the agreement and since the day of its others.
    """
    provider = metering_provider(work.session, work.provider_id)
    table, checks = read("meters", RULES, columns)
    _check_dials(table, checks)
    _check_multipliers(table, checks)
    _check_days(table, provider.today(work.now), checks)
    _check_agreements(work, table, checks)
    provider_rows.lock(work.session, work.provider_id, "meter")
    meters = _meters(work, table)
    _check_alike(table, meters, checks)
    _check_known(work, table, meters, checks)
    ids = _added(work, table, meters, checks)
    if checks.good.any():
        _install(work, provider, only({**table, "meter_id": ids}, checks.good))
    return work.tell("meters", Loaded(ids, checks.refusals))


# -- rules of rows


def _check_dials(table: Table, checks: Checks) -> None:
    """OUT: table gets `value` and `scale`, the opening readings; checks refuse bad ones."""
    digits, decimals = ints(table["digits"]), ints(table["decimals"])
    checks.refuse(
        decimals > digits,
        FieldRefused,
        "decimals",
        lambda row: (
            f"{decimals[row]} of the dial's {digits[row]} digits cannot lie behind a point."
        ),
    )
    texts = table["opening"]
    value, scale = dials(texts, "opening", checks)
    whole = value // power(scale).astype(np.int64)
    shown = np.maximum(np.where(checks.good, digits - decimals, 0), 0)
    checks.refuse(
        (scale > decimals) | (whole >= power(shown).astype(np.int64)),
        FieldRefused,
        "opening",
        lambda row: (
            f"a dial of {digits[row]} digits, {decimals[row]} behind the point, cannot "
            f"show {quoted(texts[row].as_py())}."
        ),
    )
    table |= {"value": value, "scale": scale}


def _check_multipliers(table: Table, checks: Checks) -> None:
    """OUT: table gets `multiplier` and `multiplier_decimals`; checks refuse bad ones."""
    texts = table["multiplier"]
    encoded = pa.array(texts).dictionary_encode()  # a few different ones
    words, codes = encoded.dictionary, encoded.indices.to_numpy()
    parts = decimal_parts(pc.if_else(pc.equal(words, ""), "1", words))
    value, decimals, bad = (part[codes] for part in parts)
    room = np.clip(PRODUCT_DIGITS_MAX - ints(table["digits"]), 0, PRODUCT_DIGITS_MAX)
    checks.refuse(
        bad | (value == 0) | (value >= power(room).astype(np.int64)),
        FieldRefused,
        "multiplier",
        lambda row: (
            f"{quoted(texts[row].as_py())} is not a multiplier: a plain decimal above 0 "
            f"with at most {MULTIPLIER_DECIMALS_MAX} decimals, with the dial at most "
            f"{PRODUCT_DIGITS_MAX} digits."
        ),
    )
    table |= {"multiplier": value, "multiplier_decimals": decimals}


def _check_days(table: Table, today: int, checks: Checks) -> None:
    day = ints(table["from_day"])
    checks.refuse(
        day > today,
        FieldRefused,
        "from_day",
        lambda row: f"{iso(day[row])} has not come yet; an opening reading was read.",
    )


def _check_agreements(work: Work, table: Table, checks: Checks) -> None:
    """OUT: table gets `account_id`; checks refuse rows without an agreement on their day."""
    account = known_ids(
        work.session,
        work.provider_id,
        ACCOUNTS,
        table.pop("account"),
        "account",
        AccountUnknown,
        checks,
    )
    table["account_id"] = account
    number, day = ints(table["agreement_no"]), ints(table["from_day"])
    found = load_rows.agreement_days(work.session, account[checks.good])
    keys = agreement_key(ints(found["account_id"]), ints(found["agreement_no"]))
    order = np.argsort(keys)
    wanted = agreement_key(account, number)
    at = np.searchsorted(keys[order], wanted)
    place = gather(order, np.where(at < len(order), at, -1), -1)
    same = gather(keys, place, -1) == wanted
    checks.refuse(
        ~same,
        AgreementUnknown,
        "agreement_no",
        lambda row: f"the account has no agreement {number[row]}.",
    )
    first, last = (gather(ints(found[name]), place) for name in ("from_day", "until_day"))
    checks.refuse(
        (day < first - 1) | (day > last),
        AgreementOutside,
        "from_day",
        lambda row: (
            f"{iso(day[row])} is outside the agreement's days, {iso(int(first[row]))} to "
            f"{iso(int(last[row]))}; a first reading may be a day earlier."
        ),
    )


# -- rules of meters


def _meters(work: Work, table: Table) -> Meters:
    encoded = pa.array(table["serial"]).dictionary_encode()
    serials = encoded.dictionary
    known = resolved(work.session, work.provider_id, "meter", serials)
    return Meters(encoded.indices.to_numpy().astype(np.int64), serials, known)


def _check_alike(table: Table, meters: Meters, checks: Checks) -> None:
    """Refuses rows that differ from the first good row of their meter, or repeat a register."""
    good = np.flatnonzero(checks.good)
    head = np.zeros(len(meters.serials), dtype=np.int64)
    head[meters.code[good][::-1]] = good[::-1]
    first = head[meters.code]
    model = pa.array(table["model"]).dictionary_encode().indices.to_numpy()
    shared = {"model": model, **{name: ints(table[name]) for name in PLACE}}
    for name, column in shared.items():
        checks.refuse(
            column != column[first],
            FieldRefused,
            name.removesuffix("_id").removesuffix("_decimals"),
            lambda _: "it differs from that of an earlier register of the same meter.",
        )
    good = np.flatnonzero(checks.good)
    register = ints(table["register_no"])
    bad = np.zeros(len(register), dtype=np.bool_)
    bad[good] = repeated_keys(np.stack([meters.code[good], register[good]]))
    checks.refuse(
        bad,
        AlreadyTaken,
        "register_no",
        lambda row: f"register {register[row]} of this meter stands in an earlier row.",
    )


def _check_known(work: Work, table: Table, meters: Meters, checks: Checks) -> None:
    """Refuses rows of meters that are known with the register, or hang otherwise."""
    meter = meters.known[meters.code]
    asked = np.unique(meter[checks.good & (meter > 0)])
    if not asked.size:
        return
    for meter_id in asked.tolist():
        rows.touch(work.session, meter_id, work.now)
    register = ints(table["register_no"])
    there = rows.known_registers(work.session, asked)
    checks.refuse(
        np.isin(_register_keys(meter, register), _keys_of(there)),
        AlreadyTaken,
        "serial",
        lambda row: f"register {register[row]} of this meter is known already.",
    )
    checks.refuse(
        (meter > 0) & ~_hang_alike(work, table, meter, asked),
        AlreadyTaken,
        "serial",
        lambda _: (
            "a meter of this serial is known, and does not hang there since this day with "
            "this multiplier: install it by MeterService."
        ),
    )


def _register_keys(meter: Ints, register: Ints) -> Ints:
    return meter << 7 | register


def _keys_of(table: Columns) -> Ints:
    return _register_keys(ints(table["meter_id"]), ints(table["register_no"]))


def _hang_alike(work: Work, table: Table, meter: Ints, asked: Ints) -> Bools:
    """Of each row, whether its meter hangs at its place, and nowhere else."""
    placed = rows.of_meters(work.session, asked)
    mine = np.stack([meter, *(ints(table[name]) for name in PLACE)])
    theirs = np.stack([ints(placed[name]) for name in ("meter_id", *PLACE)])
    at_work = ints(placed["until_day"]) == OPEN_DAY
    at_work &= ints(placed["share"]) == ints(placed["share_of"])
    here = repeated_keys(np.concatenate([theirs[:, at_work], mine], axis=1))[at_work.sum() :]
    meters_elsewhere = ints(placed["meter_id"])[~at_work]
    found: Bools = here & ~np.isin(meter, meters_elsewhere)
    return found


# -- writing


def _added(work: Work, table: Table, meters: Meters, checks: Checks) -> Ints:
    """The ids of the meters of good rows, 0 of others; new meters are written.

    OUT: checks refuse the rows of serials that another writer took meanwhile.
    """
    wanted = np.zeros(len(meters.serials), dtype=np.bool_)
    wanted[meters.code[checks.good]] = True
    fresh = Checks(len(meters.serials))
    fresh.good = wanted & (meters.known == 0)
    new = registered(work.session, work.provider_id, "meter", meters.serials, fresh)
    ids = np.where(wanted, np.where(meters.known > 0, meters.known, new), 0)
    first = np.zeros(len(ids), dtype=np.int64)
    good = np.flatnonzero(checks.good)
    first[meters.code[good][::-1]] = good[::-1]
    _write_meters(work, meters.serials, table["model"].take(pa.array(first)), new)
    found = np.where(checks.good, ids[meters.code], 0)
    checks.refuse(
        found == 0,
        AlreadyTaken,
        "serial",
        lambda row: f"another meter has the serial {quoted(table['serial'][row].as_py())}.",
    )
    return found


def _write_meters(work: Work, serials: pa.StringArray, models: pa.StringArray, ids: Ints) -> None:
    made = np.flatnonzero(ids)
    if made.size:
        columns = {
            "meter_id": ids[made],
            "serial": serials.take(pa.array(made)),
            "model": models.take(pa.array(made)),
            "revision": constant(1, made.size),
            "recorded_at": constant(work.now, made.size),
        }
        rows.add_many(work.session, columns)


def _install(work: Work, provider: MeteringProvider, table: Table) -> None:
    """Writes registers, installations and opening readings of checked rows."""
    count = len(ints(table["meter_id"]))
    register = ("meter_id", "register_no", "quantity", "unit", "digits", "decimals")
    rows.add_registers(work.session, {name: table[name] for name in register})
    of_both = ("meter_id", "register_no", "quantity", "digits", "decimals", *PLACE)
    ends = {"until_day": constant(OPEN_DAY, count), "share_before": constant(0, count)}
    whole = {"share": constant(1, count), "share_of": constant(1, count)}
    rows.install(work.session, {**{name: table[name] for name in of_both}, **ends, **whole})
    given = NewReadings(
        account_id=ints(table["account_id"]),
        meter_id=ints(table["meter_id"]),
        register_no=ints(table["register_no"]),
        day=ints(table["from_day"]),
        value=ints(table["value"]),
        decimals=ints(table["scale"]),
        source=np.full(count, int(Source.OFFICER)),
    )
    settle(work.session, work.caller, provider, given, OPENING, work.now)
