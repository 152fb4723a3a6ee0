"""Random tariff documents: valid ones for the engines, broken ones for the loader."""

import random

ROUNDINGS = [
    "0.01 half_up",
    "0.01 half_even",
    "1 down",
    "0.05 half_up",
    "0.01 half_down",
    "1 up",
    "10 floor",
    "0.1 ceiling",
    "1 half_ceiling",
    "100 half_up",
]

ALL_NAMES = (
    "share(level * 1 + kept * 1 + big * 1 + fee + tax + rate + area * 1 + persons * 1 + extra * 1 "
    "+ bands[bill.kwh].due + if(senior, 1, 2)) + used * 1 + months + night * 1"
)
"""A formula that uses whatever a random document names, so that nothing is unused."""


INPUTS = """\
  area: {kind: number, unit: m2, decimals: 2, max: 5000}
  class: {kind: choice, oneof: [home, shop]}
  senior: {kind: flag}
  extra: {kind: money, min: -1000, max: 1000}"""

EVERYTHING = f"""\
  - {{id: all_tables, tiers: {{of: bill.kwh, by: slabs, split: money}}, info: yes}}
  - {{id: all_classes, tiers: {{of: bill.kwh, by: 'byclass[class]', split: money}}, info: yes}}
  - {{id: all_names, is: '{ALL_NAMES}', info: yes}}"""

DATES = ("2020-01-01", "2020-07-01", "2021-03-15")
SPLITS = ("days", "1 half_up last", "1 down first")
TOTALS = ("1 half_up", "5 down", "0.05 half_up", "100 up")
CONDITIONS = ("senior", "class == home", "persons > 3", "bill.kwh <= 200")
WHENS = ("bill.kwh > 100", "class == shop", "not senior", "persons >= 2")


class DocumentMaker:
    """One random document, as YAML text. Most load; the checker refuses some."""

    def __init__(self, seed: int) -> None:
        self.rng = random.Random(seed)
        self.multi = self.rng.random() < 0.6

    def text(self) -> str:
        rng = self.rng
        versions = rng.randint(2, 3) if self.multi else 1
        parts = [
            "tariff: random",
            "currency: " + rng.choice(["USD", "IRR", "KWD"]),
            "calendar: gregorian",
            "inputs:",
            *self.inputs(),
        ]
        if rng.random() < 0.5:
            parts.append(f"rounding: {{line: {rng.choice(ROUNDINGS)}}}")
        parts.append("versions:")
        for n in range(versions):
            parts += self.version(n)
        parts += ["values:", *self.value_lines(), "lines:", *self.line_texts()]
        parts.append(f"total: {{of: all, round: {rng.choice(TOTALS)}}}")
        return "\n".join(parts) + "\n"

    def inputs(self) -> list[str]:
        rng = self.rng
        decimals, split = rng.choice("023"), rng.choice(SPLITS)
        per = ", per: segment" if self.multi and rng.random() < 0.4 else ""
        return [
            f"  kwh: {{kind: quantity, unit: kWh, decimals: {decimals}, max: 20000}}",
            "  night: {kind: quantity, unit: kWh, decimals: 0, min: -500, max: 20000, "
            f"split: {split}}}",
            f"  persons: {{kind: number, decimals: 0, min: 1, max: 20{per}}}",
            INPUTS,
        ]

    def version(self, n: int) -> list[str]:
        rng = self.rng
        found = [f"  - from: {DATES[n]}"]
        if n == 0 or rng.random() < 0.7:
            found.append(f"    rate: {self.decimal(3, 4)}")
            found.append(f"    slabs: {self.table()}")
        if n == 0 or rng.random() < 0.5:
            found.append(f"    fee: {self.decimal(50, 2)}")
            found.append(f"    tax: {rng.randint(1, 2500)}/ 10000")
            found.append(f"    byclass: {{home: {self.table()}, shop: {self.table()}}}")
            found.append(
                "    bands: [{upto: 100, due: 1.5}, {below: 5000.5, due: 3}, {due: 10.25}]"
            )
        return found

    def decimal(self, most: int, decimals: int) -> str:
        return f"{self.rng.randint(0, most)}.{self.rng.randint(0, 10**decimals - 1):0{decimals}}"

    def table(self) -> str:
        rng = self.rng
        bound, rows = 0, []
        for _ in range(rng.randint(0, 4)):
            bound += rng.randint(1, 400)
            mark = rng.choice(["upto", "upto", "below"])
            shown = rng.choice([*["{0}"] * 3, "'{0} * persons'", "'area - {0}'"])
            rows.append(
                f"{{{mark}: {shown.format(bound)}, rate: {self.decimal(3, 4)}{self.row_mark()}}}"
            )
        rows.append(f"{{rate: {self.decimal(3, 4)}{self.row_mark()}}}")
        return "[" + ", ".join(rows) + "]"

    def row_mark(self) -> str:
        chance = self.rng.random()
        if chance < 0.06:
            return ", reprice: yes"
        return f", base: {self.decimal(30, 2)}" if chance < 0.1 else ""

    # -- formulas: a part adds up over segments, a whole is the same in all

    def value_lines(self) -> list[str]:
        rng = self.rng
        used, level, kept = self.part(2), self.whole(2), self.whole(1)
        mode = rng.choice(["half_up", "down", "ceiling"])
        most, small, large = rng.randint(0, 500), self.whole(1), self.whole(1)
        return [
            f"  used: {used}",
            f"  level: {level}",
            "  months: days / 30",
            f"  kept: round({kept}, 0.5, {mode})",
            f"  big: if(bill.kwh > {most}, {small}, {large})",
        ]

    def part(self, depth: int) -> str:
        rng = self.rng
        leaves = ["kwh", "days", "night", "share(bill.kwh)", "0"]
        if depth == 0:
            return rng.choice(leaves)
        return rng.choice(
            [
                f"({self.part(depth - 1)} + {self.part(depth - 1)})",
                f"max({self.part(depth - 1)}, {self.part(0)})",
                f"min({self.part(depth - 1)}, {self.part(0)} * {rng.randint(1, 9)})",
                f"{self.part(depth - 1)} * {self.level_leaf()}",
                f"{self.part(depth - 1)} / {rng.randint(2, 9)}",
                f"if({rng.choice(CONDITIONS)}, {self.part(0)}, {self.part(0)})",
                rng.choice(leaves),
            ]
        )

    def level_leaf(self) -> str:
        return self.rng.choice(["rate", "persons", "3", "0.125", "bands[bill.kwh].due"])

    def whole(self, depth: int) -> str:
        rng = self.rng
        leaves = ["bill.kwh", "area", "7.5", "bill.days", "extra", "max(bill.night, 0)"]
        if depth == 0:
            return rng.choice(leaves)
        return rng.choice(
            [
                f"({self.whole(depth - 1)} - {rng.randint(0, 99)})",
                f"abs({self.whole(depth - 1)})",
                f"{self.whole(0)} / {self.divisor()}",
                f"floor({self.whole(depth - 1)})",
                f"{self.whole(0)} * {rng.randint(1, 5)}.5",
                rng.choice(leaves),
            ]
        )

    def divisor(self) -> str:
        return "3" if self.multi else self.rng.choice(["4", "(persons + 1)", "bill.days"])

    # -- lines

    def line_texts(self) -> list[str]:
        rng = self.rng
        chosen = rng.sample(self.forms(), rng.randint(2, 5))
        found = [self.line(f"l{n}", form, n) for n, form in enumerate(chosen)]
        names = [f"l{n}" for n in range(len(chosen))]
        of = ", ".join(rng.sample(names, rng.randint(1, len(names))))
        found.append(self.percent("pct", "7.25%", of, ["whole", "exact"]))
        if rng.random() < 0.5:
            found.append(self.percent("taxed", "tax", of, ["whole", "parts"]))
        if rng.random() < 0.4:
            found.append(f"  - {{id: least, at_least: {{least: {rng.randint(0, 300)}, of: all}}}}")
        found.append("  - {id: sub, sum: all, round: none}")
        if rng.random() < 0.5:
            found.append("  - {id: odd, is: sub * 0.013 + exact(pct), info: yes}")
        return [*found, EVERYTHING]

    def forms(self) -> list[str]:
        rng = self.rng
        by = rng.choice(["slabs", "'byclass[class]'"])
        part = self.part(1)
        fee = "days * fee" if rng.random() < 0.5 else "'share(fee * area)'"
        bounds = rng.choice(["", ", bounds: 1 half_up", ", bounds: 1 down"])
        split = rng.choice(["money", "fill 1 half_up"])
        return [
            f"is: '{part} * rate'",
            f"is: {fee}",
            f"tiers: {{of: kwh, by: {by}, scale: months{bounds}}}",
            f"tiers: {{of: bill.kwh, by: {by}, split: {split}}}",
            "tiers: {of: kwh, by: slabs, scale: months, whole: yes}",
            "is: used * 0.01",
            "is: 'share(level * 0.1 + kept + big)'",
            "is: extra",
        ]

    def percent(self, name: str, rate: str, of: str, bases: list[str]) -> str:
        basis = self.rng.choice(bases)
        return f"  - {{id: {name}, percent: {{rate: {rate}, of: [{of}], basis: {basis}}}}}"

    def line(self, name: str, form: str, n: int) -> str:
        rng = self.rng
        extras = []
        if rng.random() < 0.3:
            extras.append(f"round: {rng.choice(ROUNDINGS)}")
        if rng.random() < 0.15:
            extras.append(f"round_parts: {rng.choice(ROUNDINGS)}")
        elif "tiers: {of: kwh" in form and rng.random() < 0.3:
            extras.append(f"each: {rng.choice(ROUNDINGS)}")
        if rng.random() < 0.2:
            extras.append(f"show: {rng.choice(ROUNDINGS)}")
        if rng.random() < 0.2:
            extras.append(f"when: {rng.choice(WHENS)}")
        if n and rng.random() < 0.1:
            extras.append("from: 2020-05-10")
        return "  - {" + ", ".join([f"id: {name}", form, *extras]) + "}"
