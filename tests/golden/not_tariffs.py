"""Golden cases that no tariff states: billing rules around tariffs, and the module of each.

(golden file, case) -> (module that owns the rule, the rule). The owner's tests take the
expected figures from `cases/`; until then `test_golden` counts them here.
"""

from collections.abc import Mapping

_RU = "ru_zhku_kvartplata_2026"
_PH = "ph_building_penalty"

_PENALTY = ("collections", "penalty by bands of days, fractions of the key rate, rounded once")
_ORDER = (
    "payments",
    "order of paying: oldest principal first, penalties after, the rest an advance",
)
_BALANCE = ("ledger", "balance of charges and payments")
_SPLIT = ("collections", "an amount in equal parts, the spare minor units in the first parts")
_ROLL_OVER = ("metering", "a register that passed its capacity")
_COMPOUND = ("collections", "late penalty of each month, compounding over the unpaid months")

NOT_TARIFFS: Mapping[tuple[str, str], tuple[str, str]] = {
    (_RU, "penalty 1000, 40 days"): _PENALTY,
    (_RU, "penalty 3000, 40 days"): _PENALTY,
    (_RU, "penalty 1000, 30 days (grace)"): _PENALTY,
    (_RU, "penalty 3000, 100 days (both bands)"): _PENALTY,
    (_RU, "payment 500 over two debts"): _ORDER,
    (_RU, "payment 820, penalties last"): _ORDER,
    (_RU, "payment 500 over a debt of 400"): _ORDER,
    (_RU, "balance after overpayment"): _BALANCE,
    (_RU, "balance of two months"): _BALANCE,
    (_RU, "100 in three parts"): _SPLIT,
    (_RU, "0.05 in three parts"): _SPLIT,
    (_RU, "meter roll-over, five digits"): _ROLL_OVER,
    (_RU, "meter roll-over, four digits"): _ROLL_OVER,
    **{(_PH, f"penalty after {n} unpaid months"): _COMPOUND for n in range(1, 10)},
    (_PH, "penalty after 10 unpaid months, to the centavo"): _COMPOUND,
}
