"""How golden files kr … vn become bills."""

from collections.abc import Mapping
from datetime import date
from fractions import Fraction

from billcore.core.calendar import Calendar
from billcore.core.tariff.bill import Bill
from tests.golden.harness import Case, Inputs, day, given, take

HOURS_PEAK = range(16, 21)
"""us_ratebook: the peak hours of a weekday."""


def _gimhae(i: Inputs) -> Bill:
    households = Fraction(i.get("households", "1"))
    return Bill(
        inputs=take(i, "m3")
        | {"class": i["class"], "meter": i["meter_mm"], "households": households}
    )


def _kepco_change(i: Inputs) -> Bill:
    """The two prices' days around 1 April 2022."""
    before, after = (int(d) for d in i["days_by_version"])
    change = day("2022-04-01")
    return Bill(inputs=take(i, "kwh"), previous=change - 1 - before, this=change - 1 + after)


def _tnb_domestic(i: Inputs) -> Bill:
    return Bill(
        inputs=take(i, "kwh", months="factor"), previous=day("2019-04-30"), this=day("2019-05-31")
    )


def _cash(i: Inputs) -> Bill:
    return Bill(inputs={f"month_{n}": Fraction(x) for n, x in enumerate(i["sum_of_nets"], 1)})


def _seen(i: Inputs) -> Bill:
    return Bill(
        inputs=take(i, "litres"),
        previous=day("2017-06-14"),
        this=day("2017-06-15"),
        state={"drawn": Fraction(i["before"])},
    )


def _market(i: Inputs) -> Bill:
    return Bill(
        inputs=take(
            i,
            fixed_amount="fixed",
            maintenance_amount="maintenance",
            energy_amount="energy",
            lighting_amount="street_lighting",
            interest_amount="compensatory_interest",
            rural_amount="rural_electrification",
            rounding_before="previous_rounding",
            rounding_now="current_rounding",
        )
    )


def _building(i: Inputs) -> Bill:
    names = {"kwh": "kwh", "m3": "m3", "floor_area": "sqm"}
    numbers = take(i, **{ours: theirs for ours, theirs in names.items() if theirs in i})
    return Bill(inputs=numbers | ({"class": i["class"]} if "class" in i else {}))


OMSK = {
    "0.9": ("street_pump", 1),
    "1.95": ("house", 2),
    "2.44": ("house", 3),
    "2.94": ("house", 4),
    "3.43": ("house", 5),
    "3.93": ("house", 6),
    "5.7": ("bath_higher", 1),
    "3.8": ("bath_lower", 1),
    "2.85": ("no_bath", 1),
}
"""The published norm of a household -> who lives how."""


def _omsk(i: Inputs) -> Bill:
    supply, persons = OMSK[i["norm"]]
    return Bill(inputs={"supply": supply, "persons": Fraction(persons)})


def _zhku(total: str, what: str, *, figures: Mapping[str, str] | None = None, **names: str) -> Case:
    """One service of the receipt; `names`: the document's input <- the case's."""
    return Case(
        document="ru-zhku",
        bill=lambda i: Bill(inputs=take(i, **names)),
        figures=figures or {},
        total=total,
        when=given("what", what),
    )


def _privilege(i: Inputs) -> Bill:
    grounds = [Fraction(p) for p in i["percents"]] + [Fraction(0)]
    area = {"floor_area": Fraction(i["area"])} if "area" in i else {"cold_m3": Fraction("8.5")}
    return Bill(
        inputs=area | take(i, "persons") | {"privilege_a": grounds[0], "privilege_b": grounds[1]}
    )


def _taipower_2012(i: Inputs) -> Bill:
    kwh = {k: Fraction(v) for k, v in i["kwh_by_segment"].items()}
    return Bill(
        inputs={"kwh": kwh["may"]},
        previous=day("2012-04-30"),
        this=day("2012-06-30"),
        changes=(
            (day("2012-06-01"), "kwh", kwh["june_old"]),
            (day("2012-06-11"), "kwh", kwh["june_new"]),
        ),
    )


def _taipower_2021(i: Inputs) -> Bill:
    """Two summer months: June and July."""
    return Bill(inputs=take(i, "kwh"), previous=day("2021-05-31"), this=day("2021-07-31"))


def _goodland(i: Inputs) -> Bill:
    return Bill(inputs=take(i, "kwh", cubic_feet="cf") | {"class": i["class"]})


def _reading_difference(i: Inputs) -> Bill:
    return Bill(inputs={"kwh": Fraction(i["present"]) - Fraction(i["previous"])})


METERS = {'5/8"': Fraction(5, 8), '1"': Fraction(1), '3"': Fraction(3)}


def _budget(i: Inputs) -> Bill:
    names = {"persons": "persons", "et_inches": "et", "irrigated": "sqft"}
    numbers = take(i, "ccf", **{ours: theirs for ours, theirs in names.items() if theirs in i})
    kind = {"irrigation": "irrigation_recycled"}.get(i["class"], i["class"])
    return Bill(inputs=numbers | {"class": kind, "meter_inches": METERS[i["meter"]]})


def _move_in(i: Inputs) -> Bill:
    return Bill(
        inputs=take(i, "period_days", monthly_fee="fee"),
        previous=day("2024-04-01") + int(i["from_day"]) - 2,
        this=day("2024-04-01") + int(i["to_day"]) - 1,
    )


def _monthly(n: int, inputs: Mapping[str, Fraction]) -> Bill:
    """The bill of the n-th calendar month from January 2023 (0)."""
    year, month = 2023 + n // 12, n % 12 + 1
    first = Calendar.GREGORIAN.ordinal(year, month, 1)
    length = Calendar.GREGORIAN.month_length(year, month)
    return Bill(inputs=inputs, previous=first - 1, this=first - 1 + length)


def _billed_demand(i: Inputs) -> list[Bill]:
    """One bill a month; the energy, where a case has it, on the last."""
    inputs = [{"peak_kw": Fraction(p)} for p in i["peaks"]]
    if "kwh" in i:
        inputs[-1]["kwh"] = Fraction(i["kwh"])
    return [_monthly(n, month) for n, month in enumerate(inputs)]


def _ratebook(i: Inputs) -> Bill:
    return Bill(inputs=take(i, "kwh") | {"plan": i["tariff"]}, days=int(i["days"]))


def _ratebook_hours(i: Inputs) -> Bill:
    """Metering's sorting of the hours into registers."""
    start = date.fromisoformat(i["start"]).toordinal()
    days = [date.fromordinal(start + n) for n in range(int(i["days"]))]
    peak = sum(len(HOURS_PEAK) for d in days if d.weekday() < 5)
    hourly = Fraction(i["hourly"])
    return Bill(inputs={"peak_kwh": peak * hourly, "off_kwh": (24 * len(days) - peak) * hourly})


def _seymour(i: Inputs) -> Bill:
    month = {"winter": "01", "summer": "07"}[i["season"]]
    return Bill(
        inputs=take(i, "kwh"), previous=day(f"2024-{month}-01") - 1, this=day(f"2024-{month}-31")
    )


def _seasonal_ratchet(i: Inputs) -> list[Bill]:
    """The bills of two years up to a month of the second."""
    months = 12 + int(i["month"])
    peaks = [*i["previous_year_peaks"], *i["this_year_peaks"]][:months]
    return [_monthly(n, {"peak_kw": Fraction(p)}) for n, p in enumerate(peaks)]


def _hours_of_use(i: Inputs) -> Bill:
    """A summer month, in which the peak itself is billed, with kWh in the open block."""
    demand = Fraction(i["demand"])
    return _monthly(6, {"peak_kw": demand, "kwh": 700 * demand})


def _peaks(i: Inputs) -> Bill:
    peaks = {f"peak_{name[1:]}": Fraction(kw) for name, kw in i["peaks"].items()}
    return Bill(inputs={"schedule": i["schedule"]} | peaks)


def _reactive(i: Inputs) -> Bill:
    return Bill(inputs=take(i, cos_phi="cosphi") | {"energy_amount": Fraction(1_000_000)})


def _evn(i: Inputs) -> Bill:
    return Bill(inputs=take(i, "kwh"), previous=day("2023-11-30"), this=day("2023-12-31"))


def _hanoi(i: Inputs) -> Bill:
    """The two prices' days around 1 October 2015."""
    before, after = int(i["days_old"]), int(i["days_new"])
    change = day("2015-10-01")
    return Bill(
        inputs=take(i, "m3", "households"),
        previous=change - 1 - before,
        this=change - 1 + after,
    )


def _hanoi_figures() -> dict[str, str]:
    """Each price's tiers, sum, percentages and total: segment 0 is the old price."""
    found = {}
    for k, price in enumerate(("old", "new")):
        found[f"{price}_limit"] = f"value.width@{k}"
        found |= {f"{price}_t{n}": f"water.rows[{n}].shown@{k}" for n in range(1, 5)}
        found[f"{price}_sum"] = f"water.parts[{k}].shown"
        found[f"{price}_pct1"] = f"fee.parts[{k}].shown"
        found[f"{price}_pct2"] = f"vat.parts[{k}].shown"
        found[f"{price}_total"] = f"part_total.parts[{k}]"
    return found


def _same(*names: str, **renamed: str) -> dict[str, str]:
    """Published lines that are lines of the document by the same name."""
    return {n: n for n in names} | renamed


MAPPINGS: Mapping[str, tuple[Case, ...]] = {
    "kr_gimhae_water": (
        Case(
            document="kr-gimhae-water",
            bill=_gimhae,
            figures=_same("water", "sewer", "levy", meter="meter_charge"),
        ),
    ),
    "kr_kepco_2022_04_price_change": (
        Case(
            document="kr-kepco-price-change",
            bill=_kepco_change,
            figures=_same("energy", "climate"),
        ),
    ),
    "kr_kepco_residential_low_2016": (
        Case(
            document="kr-kepco-residential-low",
            bill=lambda i: Bill(inputs=take(i, "kwh")),
            figures=_same("base", "energy", "vat", "fund"),
        ),
    ),
    "my_tnb_domestic_A_2014": (
        Case(
            document="my-cash-rounding",
            bill=_cash,
            figures={"net": "net", "cash": "total"},
            when=given("sum_of_nets"),
        ),
        Case(
            document="my-tnb-domestic-a",
            bill=_tnb_domestic,
            figures={
                "t1": "energy[1]",
                "t2": "energy[2]",
                "t3": "energy[3]",
                "gross": "energy",
                "gross_whole_ringgit": "whole_ringgit",
            },
        ),
    ),
    "my_tnb_tou_nem_2025": (
        Case(
            document="my-tnb-tou-nem",
            bill=lambda i: Bill(
                inputs=take(i, peak_kwh="peak", off_kwh="off_peak", export_kwh="export")
            ),
            figures=_same(
                "peak",
                "off_peak",
                "capacity",
                "network",
                "afa",
                "retail",
                "eei",
                "base",
                "service_tax",
                "kwtbb",
                "before_credit",
                cr_peak="-back_energy_peak",
                cr_off_peak="-back_energy_off",
                cr_capacity="-back_capacity",
                cr_network="-back_network",
                cr_eei="-back_eei",
                credit="-credit",
            ),
        ),
    ),
    "ne_seen_water_prepaid": (Case(document="ne-seen-water", bill=_seen),),
    "pe_market_2018_03": (
        Case(document="pe-market", bill=_market, figures=_same("subtotal", "igv")),
    ),
    "ph_building_utilities": (
        Case(
            document="ph-building-utilities",
            bill=_building,
            figures=_same("electric", "water", "dues"),
        ),
    ),
    "ph_meralco_2016_12": (
        Case(
            document="ph-meralco",
            bill=lambda i: Bill(
                inputs=take(i, "kwh", transmission_vatable="transmission_vatable_amount")
            ),
            figures={
                name: f"{name}.shown"
                for name in (
                    "generation",
                    "transmission",
                    "system_loss",
                    "distribution",
                    "metering",
                    "supply",
                    "distribution_subtotal",
                    "lifeline_subsidy",
                    "senior_subsidy",
                    "subtotal",
                    "lft",
                    "vat_generation",
                    "vat_transmission",
                    "vat_distribution",
                    "vat_system_loss",
                    "vat_subsidies",
                    "taxes",
                    "universal",
                    "fit_all",
                )
            },
        ),
    ),
    "ru_omsk_cold_water_norm": (Case(document="ru-omsk-cold-water-norm", bill=_omsk),),
    "ru_zhku_kvartplata_2026": (
        _zhku("cold_water", "cold", cold_m3="m3"),
        _zhku(
            "hot_water",
            "hot",
            hot_m3="m3",
            figures={"carrier": "hot_carrier", "heat": "hot_heat"},
        ),
        _zhku("sewage", "sewage", cold_m3="cold", hot_m3="hot", figures={"m3": "value.sewage_m3"}),
        _zhku("electricity_single", "electricity", kwh="single"),
        _zhku(
            "electricity_day + electricity_night",
            "electricity2",
            day_kwh="day",
            night_kwh="night",
            figures={"day": "electricity_day", "night": "electricity_night"},
        ),
        _zhku("heating", "heating", floor_area="area", figures={"gcal": "value.heating_gcal"}),
        _zhku("maintenance", "maintenance", floor_area="area"),
        _zhku("waste", "waste", persons="persons"),
        Case(
            document="ru-zhku",
            bill=_privilege,
            total="-privilege_maintenance",
            when=given("what", "privilege_area"),
        ),
        Case(
            document="ru-zhku",
            bill=_privilege,
            total="-privilege_water",
            when=given("what", "privilege_use"),
        ),
        Case(
            document="ru-zhku",
            bill=lambda i: Bill(inputs=take(i, "persons") | {"by_norm": Fraction(1)}),
            figures={"m3": "value.cold"},
            when=given("what", "norm"),
        ),
        Case(
            document="ru-recalculation",
            bill=lambda i: Bill(inputs=take(i, roubles="x")),
            figures={"r": "recalculation"},
            when=given("what", "round"),
        ),
    ),
    "tw_taipower_2012_transition": (
        Case(
            document="tw-taipower-2012",
            bill=_taipower_2012,
            figures={
                "may": "energy.parts[0]",
                "june_old": "energy.parts[1]",
                "june_new": "energy.parts[2]",
            },
        ),
    ),
    "tw_taipower_residential_2021_05": (
        Case(
            document="tw-taipower-residential",
            bill=_taipower_2021,
            figures={f"tier{n}": f"tier_{n}.shown" for n in range(1, 4)},
        ),
    ),
    "us_baltimore_units": (
        Case(
            document="us-baltimore-units",
            bill=lambda i: [Bill(inputs={"use": Fraction(u)}) for u in i["use"]],
            figures={"month1": "1:units", "month2": "2:units"},
        ),
    ),
    "us_goodland_ks": (
        Case(
            document="us-goodland-ks",
            bill=_goodland,
            figures=_same("electric", "sewer", "waste", "water_plan", "water"),
        ),
    ),
    "us_johnson_city_electric": (
        Case(
            document="us-johnson-city-electric",
            bill=_reading_difference,
            figures={"kwh": "value.kwh", "energy": "energy"},
        ),
    ),
    "us_maple_grove_sewer": (
        Case(
            document="us-maple-grove-sewer",
            bill=lambda i: Bill(inputs=take(i, "winter_gallons", gallons="current_gallons")),
        ),
    ),
    "us_owrs_water_budget": (
        Case(
            document="us-owrs-water-budget",
            bill=_budget,
            figures=_same(
                "service",
                "commodity",
                "sewer",
                indoor="value.indoor",
                outdoor="value.outdoor",
                budget="value.outdoor",
            ),
        ),
    ),
    "us_prorate_move_in": (
        Case(document="us-prorate-move-in", bill=_move_in, figures={"days": "value.days"}),
    ),
    "us_pseg_gls_example": (
        Case(
            document="us-pseg-gls",
            bill=lambda i: Bill(inputs=take(i, "kwh", "demand_amount")),
            figures=_same("energy", "adjustment"),
        ),
    ),
    "us_ratchet_60_min_50": (
        Case(
            document="us-ratchet-billed",
            bill=_billed_demand,
            figures={
                "floor": "value.floor_kw",
                "billed": "push.billed_before",
                "demand_cost": "demand",
                "energy_cost": "energy",
            },
        ),
    ),
    "us_ratebook_vectors": (
        Case(
            document="us-ratebook-tou",
            bill=_ratebook_hours,
            figures=_same("off_peak", "peak"),
            when=given("hourly"),
        ),
        Case(
            document="us-ratebook",
            bill=_ratebook,
            figures={
                "energy": "energy",
                "fixed": "month + credit_line + daily",
                "floor": "lift",
                "q1": "energy.rows[1].quantity",
                "q2": "energy.rows[2].quantity",
            },
        ),
    ),
    "us_seymour_electric": (
        Case(
            document="us-seymour-electric",
            bill=_seymour,
            figures=_same(
                "power_cost", "subtotal", "tax", **{f"t{n}": f"energy[{n}]" for n in range(1, 5)}
            ),
        ),
    ),
    "us_ssc_ratchet_95_60": (
        Case(
            document="us-ratchet-95-60",
            bill=_hours_of_use,
            figures={f"l{n}": f"energy.rows[{n}].upper" for n in range(1, 4)},
            when=given("demand"),
        ),
        Case(
            document="us-ratchet-95-60",
            bill=_seasonal_ratchet,
            figures={"billing_demand": "billing_demand"},
        ),
    ),
    "us_ssc_tou_demand": (
        Case(document="us-tou-demand", bill=_peaks, figures={"exact": "total.exact"}),
    ),
    "vn_evn_reactive_k": (
        Case(document="vn-evn-reactive", bill=_reactive, figures={"k": "value.k"}),
    ),
    "vn_evn_residential_2023_11": (
        Case(document="vn-evn-residential", bill=_evn, figures=_same("energy", "vat")),
    ),
    "vn_hanoi_water_2015_change": (
        Case(document="vn-hanoi-water", bill=_hanoi, figures=_hanoi_figures()),
    ),
}
