"""Dunning of one account as a plain model: lists and loops, rules as the page tells them.

It shares nothing with `core/collections/dunning/`.
"""

from dataclasses import dataclass, field
from datetime import date


@dataclass
class Model:
    """policy: as POLICY of `tests/dunning_world.py`. items: [due day, open, counts, held]."""

    policy: dict
    items: list[list] = field(default_factory=list)
    free: int = 0
    level: int = 0
    last: int = 0
    about: int = 0

    def debt(self, due: int, amount: int, counts: bool = True) -> None:
        used = min(self.free, amount)
        self.free -= used
        self.items.append([due, amount - used, counts, 0])

    def pay(self, amount: int) -> None:
        for item in sorted(self.items, key=lambda one: one[0]):  # of one day in their order
            used = min(amount, item[1])
            item[1] -= used
            amount -= used
        self.free += amount

    def hold(self, place: int, amount: int) -> None:
        self.items[place][3] += amount

    def sweep(self, today: int, paused: bool) -> str:
        """The signal of a sweep, or ''."""
        late = [one for one in self.items if one[2] and one[0] < today and one[1] > 0]
        cut = self.level == len(self.policy["levels"])
        mine = sum(one[1] for one in late if cut or one[0] <= self.about)
        if self.level and mine == 0:
            self.level = 0
            if cut and self.policy["reconnect"]["charge"]["amount"]:
                self.debt(today, self.policy["reconnect"]["charge"]["amount"], counts=False)
            return "reconnect" if cut else "settled"
        asked = [(one[0], one[1] - min(one[1], one[3])) for one in late]
        asked = [one for one in asked if one[1]]
        if not asked or cut or paused or (self.level and min(asked)[0] > self.about):
            return ""
        level = self.policy["levels"][self.level]
        if today - min(asked)[0] < level["after_days"]:
            return ""
        if self.level and today - self.last < level.get("wait_days", 1):
            return ""
        if sum(amount for _, amount in asked) < level.get("minimum", 1):
            return ""
        if date.fromordinal(today).isoweekday() not in level.get("weekdays", range(1, 8)):
            return ""
        if not self.level:
            self.about = max(asked)[0]
        self.level, self.last = self.level + 1, today
        charge = level.get("charge")
        if charge:
            tax = (charge["amount"] * charge["tax_per_million"] * 2 + 10**6) // (2 * 10**6)
            self.debt(today, charge["amount"] + tax, counts=False)
        return level["signal"]
