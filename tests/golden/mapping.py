"""How golden files ae … jp become bills; `mapping_k_to_z` holds the rest."""

from collections.abc import Mapping
from fractions import Fraction

from billcore.core.calendar import Calendar
from billcore.core.tariff.bill import Bill, GivenSegment
from tests.golden.harness import Case, Inputs, day, given, take

JULY_2012 = {"previous": day("2012-06-30"), "this": day("2012-07-31")}
SEIC = {"previous": day("2009-10-19"), "this": day("2010-03-10")}
"""The page counts the first day of its period and not the last."""

DEWA = {
    "0": {"previous": day("2020-10-31"), "this": day("2020-11-30")},
    "1": {"previous": day("2020-11-30"), "this": day("2020-12-31")},
}
BSES = {"previous": day("2022-06-24"), "this": day("2022-07-24")}
PVPC = {"previous": day("2020-02-17"), "this": day("2020-03-18")}
TOWNS = {"Shahrekord": "shahrekord", "other towns": "other"}


def _waterlink(inputs: Inputs) -> Bill:
    return Bill(
        inputs=take(inputs, "m3"),
        segments=[
            GivenSegment(
                day(f"{s['year']}-06-30"),
                int(s["days"]),
                take(s, households="we", persons="dom"),
            )
            for s in inputs["segments"]
        ],
    )


def _mehrab(inputs: Inputs) -> Bill:
    """By the dates where they give the days that were billed, else by those days."""
    amounts = take(inputs, "m3")
    if "previous_balance" in inputs:
        amounts |= take(inputs, "previous_balance")
    days = [int(d) for d in inputs["days_by_version"]]
    if "from" not in inputs:
        versions = [day("1396-06-31", Calendar.JALALI), day("1396-07-01", Calendar.JALALI)]
        segments = [GivenSegment(d, n) for d, n in zip(versions, days, strict=True) if n]
        return Bill(inputs=amounts, segments=segments)
    previous, this = (day(inputs[k], Calendar.JALALI) for k in ("from", "to"))
    billed = None if this - previous == sum(days) else sum(days)
    return Bill(inputs=amounts, previous=previous, this=this, days=billed)


def _chb_above(inputs: Inputs) -> Bill:
    """Any quantity above the bound shows the constant of the formula there."""
    m3 = Fraction(inputs["above"]) + 1
    return Bill(inputs={"m3": m3, "town": TOWNS[inputs["town"]]}, days=30)


def _chb_amount(inputs: Inputs) -> Bill:
    return Bill(inputs=take(inputs, "m3") | {"town": TOWNS[inputs["town"]]})


def _meter_change(inputs: Inputs) -> Bill:
    first, second = inputs["part1"], inputs["part2"]
    return Bill(
        inputs=take(
            first, first_diff="register_diff", first_multiplier="multiplier", first_days="days"
        )
        | take(second, "pt", "ct", peak_diff="peak", valley_diff="valley")
        | take(second, total_diff="total", reactive_diff="reactive")
    )


def _pvpc(inputs: Inputs) -> Bill:
    amounts = {f"kwh_{p.lower()}": Fraction(q) for p, q in inputs["kwh"].items()}
    for kind in ("rate", "amount"):
        costs = inputs.get(f"energy_cost_{kind}", {})
        amounts |= {f"cost_{kind}_{p.lower()}": Fraction(c) for p, c in costs.items()}
    return Bill(inputs=amounts | take(inputs, "kw") | {"plan": inputs["plan"]}, **PVPC)


def _stadtwerke(inputs: Inputs) -> Bill:
    nets = {service: Fraction(net) for service, net in inputs["net"].items()}
    return Bill(inputs=nets | take(inputs, paid_net="advance_net", paid_vat="advance_vat"))


MAPPINGS: Mapping[str, tuple[Case, ...]] = {
    "ae_dewa_residential_2020": (
        Case(
            document="ae-dewa-residential",
            bill=lambda i: Bill(inputs=take(i, "kwh", gallons="ig"), **DEWA[i["version"]]),
            figures={
                "electricity": "electricity",
                "water": "water",
                "fuel_electricity": "fuel_electricity",
                "fuel_water": "fuel_water",
            },
        ),
    ),
    "au_origin_ergon_2026": (
        Case(
            document="au-origin-ergon",
            bill=lambda i: Bill(
                inputs={f"{period}_kwh": Fraction(q) for period, q in i["kwh"].items()},
                days=int(i["days"]),
            ),
            figures={
                "supply": "supply",
                "peak": "peak",
                "day": "day",
                "night": "night",
                "controlled": "controlled",
                "unrounded": "total.exact",
            },
        ),
    ),
    "be_waterlink_2019_2021": (
        Case(document="be-waterlink", bill=_waterlink, figures={"excl_vat": "excl_vat.shown"}),
    ),
    "bn_des_electricity": (
        Case(
            document="bn-des-electricity",
            bill=lambda i: Bill(inputs=take(i, "kwh")),
            when=given("kwh"),
        ),
        Case(
            document="bn-des-electricity-prepaid",
            bill=lambda i: Bill(inputs=take(i, "credit", "used")),
            figures={"kwh_bought": "kwh_bought.shown"},
        ),
    ),
    "br_cpfl_residential_2017": (
        Case(
            document="br-cpfl-residential",
            bill=lambda i: Bill(inputs=take(i, "kwh", flag_amount="flag")),
            figures={
                "tusd": "tusd",
                "te": "te",
                "base": "base",
                "pis": "pis",
                "cofins": "cofins",
                "icms": "icms",
            },
        ),
    ),
    "ch_seic_2009_2010": (
        Case(
            document="ch-seic",
            bill=lambda i: Bill(inputs=take(i, "kwh"), **SEIC),
            figures={"kwh_2009": "kwh_old", "kwh_2010": "kwh_new"},
        ),
    ),
    "cn_pf_correction": (
        Case(
            document="cn-pf-correction",
            bill=lambda i: Bill(
                inputs=take(i, "active", "reactive_old", "reactive_new", issued="bill")
            ),
            figures={
                "pf_old": "value.pf_old",
                "pf_new": "value.pf_new",
                "corrected": "corrected",
                "back_bill": "total",
            },
        ),
    ),
    "cn_step_summer_260_600": (
        Case(
            document="cn-step-residential",
            bill=lambda i: Bill(inputs=take(i, "kwh"), **JULY_2012),
            figures={"t1": "energy[1]", "t2": "energy[2]", "t3": "energy[3]"},
        ),
    ),
    "cn_tou_pf_meter_change": (
        Case(
            document="cn-tou-pf-meter-change",
            bill=_meter_change,
            figures={
                "loss_kwh": "value.loss_kwh",
                "part1": "first_part",
                "peak": "peak",
                "valley": "valley",
                "flat": "flat",
                "pf_adjust": "pf_adjust",
            },
        ),
    ),
    "de_stadtwerke_invoices": (
        Case(
            document="de-stadtwerke-instalment",
            bill=lambda i: Bill(inputs=take(i, gross="instalment") | {"supply": i["service"]}),
            figures={"inst_net": "net", "inst_vat": "vat"},
            when=given("instalment"),
        ),
        Case(
            document="de-stadtwerke-invoice",
            bill=_stadtwerke,
            figures={
                "vat_electricity": "vat_electricity",
                "vat_gas": "vat_gas",
                "vat_water": "vat_water",
                "vat_sewage": "vat_sewage",
                "gross_electricity": "gross_electricity",
                "gross_gas": "gross_gas",
                "gross_water": "gross_water",
                "gross_sewage": "gross_sewage",
                "net_sum": "net_sum",
                "vat_sum": "vat_sum",
                "gross_sum": "gross_sum",
                "advance_gross": "advance_gross",
                "balance_net": "balance_net",
                "balance_vat": "balance_vat",
            },
        ),
    ),
    "eg_household_2026_08": (
        Case(document="eg-household", bill=lambda i: Bill(inputs=take(i, kwh_read="kwh"))),
    ),
    "es_pvpc_2020": (
        Case(
            document="es-pvpc",
            bill=_pvpc,
            figures={
                "power_access": "power_access",
                "power_margin": "power_margin",
                "access_P1": "access_p1",
                "access_P2": "access_p2",
                "cost_P1": "cost_p1",
                "cost_P2": "cost_p2",
                "tax": "tax",
                "rent": "rent",
                "vat_main": "vat_main",
                "vat_rent": "vat_rent",
            },
        ),
    ),
    "id_pln_prepaid_token": (
        Case(
            document="id-pln-prepaid",
            bill=lambda i: Bill(inputs=take(i, "amount") | {"power": i["class"]}),
            figures={"ppj": "ppj", "net": "energy", "kwh": "kwh"},
        ),
    ),
    "in_bses_domestic_2022": (
        Case(
            document="in-bses-domestic",
            bill=lambda i: Bill(inputs=take(i, "units", "kw"), **BSES),
            figures={
                "fixed": "fixed",
                "u1": "energy.rows[1].quantity",
                "u2": "energy.rows[2].quantity",
                "u3": "energy.rows[3].quantity",
                "e1": "energy[1]",
                "e2": "energy[2]",
                "e3": "energy[3]",
                "p1": "ppac_energy[1]",
                "p2": "ppac_energy[2]",
                "p3": "ppac_energy[3]",
                "ppac_energy": "ppac_energy",
                "surcharge": "surcharge",
                "tax": "tax",
                "pension": "pension",
            },
        ),
    ),
    "in_kseb_domestic_2019": (
        Case(
            document="in-kseb-domestic",
            bill=lambda i: Bill(inputs=take(i, units="two_month_units")),
            figures={"energy": "energy"},
            when=given("energy_only_doubled_slabs"),
        ),
        Case(
            document="in-kseb-domestic",
            bill=lambda i: Bill(inputs=take(i, units="two_month_units")),
            figures={
                "energy": "energy.parts[0]",
                "duty": "duty.parts[0]",
                "rent": "rent.parts[0]",
                "rent_tax": "rent_tax.parts[0]",
                "rent_cess": "rent_cess.parts[0]",
                "fuel": "fuel.parts[0]",
                "fixed": "fixed.parts[0]",
                "month": "gross.parts[0]",
                "subsidy": "-subsidy.parts[0]",
                "month_net": "net.parts[0]",
                "two_months": "net",
            },
        ),
    ),
    "ir_chb_water_linear": (
        Case(
            document="ir-chb-water",
            bill=_chb_above,
            figures={"deduction": "deduction"},
            when=given("above"),
        ),
        Case(document="ir-chb-water-linear", bill=_chb_amount, figures={"amount": "water"}),
    ),
    "ir_mehrab_water_1395_1397": (
        Case(
            document="ir-mehrab-water",
            bill=_mehrab,
            figures={
                "water": "water",
                "subscription": "subscription",
                "services": "services",
                "levy": "levy",
                "vat": "vat",
                "balance_due": "balance_due",
            },
        ),
    ),
    "jp_city_water_13mm_two_month": (
        Case(
            document="jp-city-water",
            bill=lambda i: Bill(inputs=take(i, "m3")),
            figures={"base": "base", "usage": "usage"},
        ),
    ),
    "jp_shikigun_water": (
        Case(
            document="jp-shikigun-water",
            bill=lambda i: Bill(inputs=take(i, m3="two_month_m3") | {"town": i["town"]}),
            figures={
                "m1_subtotal": "base.parts[0] + usage.parts[0]",
                "m1_total": "gross.parts[0]",
                "m2_subtotal": "base.parts[1] + usage.parts[1]",
                "m2_total": "gross.parts[1]",
            },
        ),
    ),
    "jp_tepco_juryo_b_2019": (
        Case(
            document="jp-tepco-juryo-b",
            bill=lambda i: Bill(inputs=take(i, kwh_read="kwh") | {"ampere": i["ampere"]}),
        ),
    ),
}
