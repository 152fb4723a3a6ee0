"""What tariffs can ask beyond the golden bills, in figures that a clerk can check by hand.

A table states bills of one document: inputs left of the bar, figures (selectors of `harness`)
right of it; the comment after a row is the arithmetic. `from` and `to` are the first and last
billed day in the document's calendar, `changes` new values of attributes from the n-th billed
day on, `state.x` what the bill before left; `energy.q2@1` is the quantity of row 2 in segment 1.
In a series every row is the next bill of the same customer.
"""

import re
from collections.abc import Iterator
from fractions import Fraction

import pytest

from billcore.core.tariff.bill import Bill, Number
from billcore.core.tariff.language.document import Document
from tests.golden.harness import TARIFFS, Golden, Run, differences, rated, tariff

TABLES = {
    "feature-slabs-graduated": """
        m3 | total
         9 |     9
        10 |    10
        25 |    45   # 10·1 + 10·2 + 5·3
        30 |    60   # 10·1 + 10·2 + 10·3
        35 |    80   # 60 + 5·4
        50 |   140   # 60 + 20·4
    """,
    "feature-slabs-volume": """
        m3 | total
        10 |    10   # the bound belongs to the lower slab
        11 |    22   # 11·2
        25 |    75   # 25·3
        30 |    90   # 30·3
        35 |   140   # 35·4
        50 |   200   # 50·4
    """,
    "feature-table-by-total": """
        kwh | subscription energy total
          0 |            5      0     5
        100 |            5    100   105   # first table: 100·1
        101 |            7    203   210   # second: 100·2 + 1·3
        300 |            7    800   807   # second: 100·2 + 200·3
        301 |            9   1004  1013   # third: 200·3 + 101·4
        500 |            9   1900  1909   # third: 200·3 + 200·4 + 100·5
        501 |           12   3006  3018   # fourth: 501·6
    """,
    # energy 101·1335.5 = 134 885.5, demand 5·9870, transit 101·87.3 = 8817.3; VAT on five lines:
    # 134 886 + 49 350 + 8817 + 12 000 + 5000 = 210 053, 9 % = 18 904.77; levies on energy alone:
    # 10 % = 13 488.6 cut, 3 % = 4046.58 half up. Total 210 053 + 18 905 + 13 488 + 4047.
    "feature-vat-and-levies": """
        kwh contract_kw | energy demand transit power_levy city_levy   vat  total
        101           5 | 134886  49350    8817      13488      4047 18905 246493
          0           0 |      0      0       0          0         0  1530  18530   # 9 % of 17 000
    """,
    "feature-limit-per-person": """
        m3 persons | total
        12       1 | 25500   # 5·1000 + 5·2500 + 2·4000
        12       2 | 15000   # 10·1000 + 2·2500
        12       3 | 12000   # 12·1000
    """,
    # 30 m³ over 15 + 5 + 10 days of April: 15, 5 and 10 m³ (a limit is 5 m³ × persons × days / 30).
    #   2 persons, 15 days: limits 5 and 10: 5·1000 + 5·2500 + 5·4000           = 37 500
    #   4 persons,  5 days: limits 10/3 and 20/3: 10/3·1000 + 5/3·2500          =  7 500
    #   4 persons, 10 days: limits 20/3 and 40/3: 20/3·1000 + 10/3·2500         = 15 000
    # Area: 100·80·15/30 + 100·80·5/30 + 100·110·10/30 = 4000 + 1333⅓ + 3666⅔  =  9 000
    # Without a change: 10·1000 + 10·2500 + 10·4000; a cut at which nothing changes costs nothing.
    "feature-attributes-change": """
        m3 persons area from       to         changes                  | water area_fee total
        30       2   80 2024-04-01 2024-04-30 16:persons=4,21:area=110 | 60000     9000 69000
        30       2   80 2024-04-01 2024-04-30 -                        | 75000     8000 83000
        30       2   80 2024-04-01 2024-04-30 16:persons=2             | 75000     8000 83000
    """,
    # 401 kWh over 11 days of May and 20 of June: 401·11/31 = 142.3, so 142 and 259 kWh.
    #   May:  100, 200, 101 kWh · 11/31 = 35.48, 70.97 -> 35, 71, rest 36: 35 + 142 + 144 = 321
    #   June: 150, 200, 51 kWh · 20/31 = 96.77, 129.03 -> 97, 129, rest 33: 97 + 258 + 132 = 487
    "feature-season-fill": """
        kwh from       to         | energy.q1@0 energy.q2@0 energy.q3@0 energy.parts[0] total
        401 2024-05-21 2024-06-20 |          35          71          36             321   808

        kwh from       to         | energy.q1@1 energy.q2@1 energy.q3@1 energy.parts[1] total
        401 2024-05-21 2024-06-20 |          97         129          33             487   808
    """,
    # 0.51081 / (1 − 1.03 % − 4.75 % − 25 %) = 0.51081 / 0.6922 = 0.737951…, so 0.73795.
    "feature-gross-up-rate": """
          kwh | value.gross_rate   total
          400 |          0.73795  295.18   # 295.180
        12345 |          0.73795 9109.99   # 9109.992…; unrounded rates give 9110.01
    """,
    "feature-minimum-bill": """
        kwh | energy lift  tax total
          0 |      0    5 1.00    20   # 0 + 5 lifted to 10; with tax 11; the bill is at least 20
        100 |     12    0 1.70    20   # 17 + 1.70 = 18.70
        500 |     60    0 6.50 71.50
    """,
    # The tax inside 210 000 is 210 000·5/105 = 10 000, and 200 000 buy, after
    #     0 kWh: 100·1000 + 50·2000;   90 kWh: 10·1000 + 95·2000;   150 kWh: 50·2000 + 25·4000
    # and in a new month as after 0. Inside 105 007 it is 5000.3; 100 007 buy 100 + 7/2000, cut.
    "feature-prepaid-inverse": """
          paid state.used from       to         |   tax value.bought state.used  total
        210000          0 2024-03-15 2024-03-15 | 10000          150        150 210000
        210000         90 2024-03-15 2024-03-15 | 10000          105        195 210000
        210000        150 2024-03-15 2024-03-15 | 10000           75        225 210000
        210000        150 2024-04-01 2024-04-01 | 10000          150        150 210000
        105007          0 2024-03-15 2024-03-15 |  5000          100        100 105007
    """,
    # Demand of a month of 30 days: 60 kW 50·8 + 10·6 = 460, 40 kW 40·8 = 320; 460·31/30 = 475.33.
    "feature-tou-demand": """
        peak_kwh mid_kwh low_kwh peak_kw days | energy_peak energy_mid energy_low demand  total
             100      50     200      60   30 |          30         10         20    460 520.00
             100      50     200      60   31 |          30         10         20 475.33 535.33
               0       0       0      40   15 |           0          0          0    160 160.00
    """,
    "feature-power-factor": """
        kwh kvarh | value.cos_phi adjustment  total
        300   400 |          0.60      30000 330000   # 3-4-5: 300/500; 10 %
        400   300 |          0.80      12000 412000   # 400/500; 0.80 is not below 0.80: 3 %
        120    50 |          0.92          0 120000   # 120/130 = 0.923
        240    70 |          0.96      -2400 237600   # 240/250; -1 %
        100     0 |          1.00      -1000  99000
    """,
    # 31 m³ in 31 days: 16 warm days to 31 Shahrivar, 15 cool ones from 1 Mehr; 16 and 15 m³.
    #   warm: limits 8/3 and 16/3: 8/3·1000 + 8/3·2000 + 32/3·4000 = 50 666⅔; 20 % = 10 133⅓
    #   cool: limits 5/2 and 5:    2500 + 5000 + 40 000             = 47 500
    "feature-seasonal-water": """
        m3 from       to         | water warm_extra  total
        31 1403-06-16 1403-07-15 | 98167      10133 108300
        12 1403-07-01 1403-07-30 | 23000          0  23000   # 5·1000 + 5·2000 + 2·4000
        12 1403-06-01 1403-06-30 | 23000       4600  27600   # 20 % of it more
    """,
    # 300 kWh: 10 days of Esfand 1402 (a year of 29 days in Esfand) and 20 of Farvardin.
    "feature-tax-change": """
        kwh from       to         | energy vat total
        300 1402-12-20 1403-01-20 |   3000 290  3290   # 1000·9 % + 2000·10 %
        300 1403-01-01 1403-01-30 |   3000 300  3300
    """,
    "feature-dated-line": """
        kwh from       to         | energy levy total
         31 2024-03-01 2024-03-31 |   6.20 0.45  6.65   # 15 kWh · 0.03
         20 2024-02-20 2024-03-10 |   4.00 0.30  4.30   # 10 of 20 days
         31 2024-05-01 2024-05-31 |   6.20 0.00  6.20
    """,
    "feature-change-last": """
        kwh from       to         | total
        100 2023-12-20 2024-01-18 |   300   # nothing of it at the price of 2
        100 2023-12-01 2023-12-31 |   200
    """,
}

SERIES = {
    "feature-ratchet-billed": """
        peak_kw from       to         | push.billed_before total
            100 2024-01-01 2024-01-31 |                100  1000
             50 2024-02-01 2024-02-29 |                 80   800   # 80 % of 100
             50 2024-03-01 2024-03-31 |                 80   800
             50 2024-04-01 2024-04-30 |                 80   800   # 100 is the third bill back
             50 2024-05-01 2024-05-31 |                 64   640   # 80 % of the 80 billed
    """,
    # Peaks of Khordad to Bahman 1402; a summer peak (1000 in Tir) binds at 95 % for 11 months.
    "feature-ratchet-months": """
        peak_kw from       to         | value.billed_kw   total
            400 1402-03-01 1402-03-31 |             400  800000
           1000 1402-04-01 1402-04-31 |            1000 2000000
            900 1402-05-01 1402-05-31 |             950 1900000   # 95 % of 1000
            500 1402-09-01 1402-09-30 |             950 1900000
           1200 1402-10-01 1402-10-30 |            1200 2400000
            100 1402-11-01 1402-11-30 |             950 1900000   # 60 % of 1200 is 720
    """,
    # Twelve months from March 2023; the average of December, January and February is
    # (5.0 + 4.2 + 4.4) / 3 = 4.533 -> 4.5. It binds once eleven months are known.
    "feature-winter-average": """
        gallons from       to         | value.average value.billed sewer total
            6.0 2023-03-01 2023-03-31 |           0.0          6.0 36.90 48.90
            7.0 2023-04-01 2023-04-30 |           0.0          7.0 43.05 55.05
            8.0 2023-05-01 2023-05-31 |           0.0          8.0 49.20 61.20
            9.0 2023-06-01 2023-06-30 |           0.0          9.0 55.35 67.35
            9.5 2023-07-01 2023-07-31 |           0.0          9.5 58.43 70.43   # 58.425, a half
            9.0 2023-08-01 2023-08-31 |           0.0          9.0 55.35 67.35
            8.0 2023-09-01 2023-09-30 |           0.0          8.0 49.20 61.20
            7.0 2023-10-01 2023-10-31 |           0.0          7.0 43.05 55.05
            6.0 2023-11-01 2023-11-30 |           0.0          6.0 36.90 48.90
            5.0 2023-12-01 2023-12-31 |           0.0          5.0 30.75 42.75
            4.2 2024-01-01 2024-01-31 |           1.7          4.2 25.83 37.83   # 5 / 3
            4.4 2024-02-01 2024-02-29 |           3.1          3.1 19.07 31.07   # 9.2 / 3; 19.065
            6.5 2024-03-01 2024-03-31 |           4.5          4.5 27.68 39.68   # 27.675, a half
    """,
    "feature-carry": """
        m3 | water carried.in total carried.out
        10 | 12340          0 12000         340
         5 |  6170        340  6000         510   # 6170 + 340 = 6510
         8 |  9872        510 10000         382   # 9872 + 510 = 10382
         0 |     0        382     0         382   # 28 000 paid + 382 = 28 382 = 23·1234
    """,
    # 1403 is a leap year: Esfand has 30 days. Bill 2: 10 days before 1 Farvardin, 20 after.
    "feature-yearly-limit": """
        kwh from       to         | energy state.used
        950 1403-01-01 1403-12-20 |   1900        950
        300 1403-12-21 1404-01-20 |    850        200   # 50·2 + 50·7, then 200·2 from zero
        900 1404-01-21 1404-12-29 |   2300       1100   # 800·2 + 100·7
    """,
    "feature-net-metering": """
        import_kwh export_kwh | value.billed_kwh energy total state.banked
               300        400 |                0      0     5          100
               250         50 |              100     20    25            0   # 250 - 50 - 100
               100          0 |              100     20    25            0
    """,
}


def _rows(tables: str) -> Iterator[tuple[dict[str, str], dict[str, str]]]:
    """The rows of tables with an empty line between: (inputs, figures by full selector)."""
    for table in tables.split("\n\n"):
        lines = [text for line in table.splitlines() if (text := line.partition("#")[0].strip())]
        left, right = (side.split() for side in lines[0].split("|"))
        selectors = [re.sub(r"\.q(\d)", r".rows[\1].quantity", name) for name in right]
        for line in lines[1:]:
            inputs, figures = (side.split() for side in line.split("|"))
            yield (
                dict(zip(left, inputs, strict=True)),
                dict(zip(selectors, figures, strict=True)),
            )


def _changes(text: str, previous: int) -> Iterator[tuple[int, str, Number]]:
    """'16:persons=4,…' as changes of attributes."""
    for change in text.split(",") if text != "-" else ():
        nth, name, value = re.split("[:=]", change)
        yield previous + int(nth), name, Fraction(value)


def _bill(document: Document, cells: dict[str, str]) -> Bill:
    first, last = (cells.get(k) for k in ("from", "to"))
    previous = document.calendar.parse(first) - 1 if first else None
    return Bill(
        inputs={k: Fraction(v) for k, v in cells.items() if k in document.inputs},
        previous=previous,
        this=document.calendar.parse(last) if last else None,
        days=int(cells["days"]) if "days" in cells else None,
        changes=tuple(_changes(cells.get("changes", "-"), previous or 0)),
        state={k[6:]: Fraction(v) for k, v in cells.items() if k.startswith("state.")},
    )


def _run(name: str, rows: list[tuple[dict[str, str], dict[str, str]]], title: str) -> Run:
    """Rows as consecutive bills of one customer."""
    document, analysis = tariff(name)
    figures = tuple(
        (f"bill {n}", f"{n}:{selector}", Fraction(value))
        for n, (_, expected) in enumerate(rows, 1)
        for selector, value in expected.items()
    )
    golden = Golden(file=name, name=title, inputs={}, lines={}, total=None)
    bills = tuple(_bill(document, inputs) for inputs, _ in rows)
    return Run(golden, document, analysis, bills, figures)


def feature_runs() -> list[Run]:
    """Every row of the tables and every series, for any engine."""
    single = [
        _run(name, [row], " ".join(row[0].values()))
        for name, table in TABLES.items()
        for row in _rows(table)
    ]
    return single + [_run(name, list(_rows(table)), "series") for name, table in SERIES.items()]


@pytest.mark.parametrize("run", feature_runs(), ids=lambda run: run.golden.id)
def test_feature(run: Run) -> None:
    assert not list(differences(run))


@pytest.mark.parametrize("run", feature_runs(), ids=lambda run: run.golden.id)
def test_books_balance(run: Run) -> None:
    """Counted lines, the generated rounding line and the carries are the total."""
    for figures in rated(run):
        bill = figures.rated
        counted = sum(line.posted for line in bill.lines.values() if line.line.counts)
        around = bill.rounding_posted + bill.carried_in - bill.carried_out
        assert counted + around == bill.total_posted


def test_every_feature_document_has_a_table() -> None:
    assert TABLES.keys() | SERIES.keys() == {p.stem for p in TARIFFS.glob("feature-*.yaml")}
