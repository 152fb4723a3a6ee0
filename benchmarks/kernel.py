"""billcore's own kernel as one of the contenders: same work, same check, same clock."""

import numpy as np

from benchmarks import standard
from benchmarks.peers import UNWRITTEN, Peer, Work
from benchmarks.standard import Int64s, plan_ir
from billcore.core.rating_kernel import (
    KernelProgram,
    Level,
    Path,
    Plan,
    PlanSet,
    compile_program,
    levels,
    run_mixed,
)
from billcore.ext.rating import memory_only

__all__ = ["ExtMemoryOnly", "Kernel", "KernelMixed", "Level", "Path", "levels", "program"]


def program(plan: standard.Plan, itemised: bool = False) -> KernelProgram:
    return compile_program(plan_ir(plan), None if itemised else ["total"])


class Kernel(Peer):
    """One plan, total only or itemised, at one dispatch level, on one or more threads."""

    name = "billcore"

    def __init__(
        self,
        level: Level | None = None,
        path: Path = Path.AUTO,
        threads: int = 1,
        columns: Int64s | None = None,
    ) -> None:
        self.level, self.path, self.threads = level, path, threads
        self._columns = columns

    def prepare(self, work: Work) -> None:
        data = work.data
        self.program = program(work.plans[0], work.itemised)
        self.inputs = (data.consumption_milli, data.days, data.previous_minor)
        self.status = np.zeros(len(data), dtype=np.uint8)
        if self._columns is None:
            self._columns = np.zeros((work.lines + 1, len(data)), dtype=np.int64)
        self.columns = self._columns

    def run(self) -> None:
        self.program.run(
            self.inputs,
            list(self.columns),
            self.status,
            threads=self.threads,
            level=self.level,
            path=self.path,
        )

    def forget(self) -> None:
        self.columns.fill(UNWRITTEN)

    def totals(self) -> Int64s:
        totals: Int64s = self.columns[-1]
        return totals


class KernelMixed(Peer):
    """A set of plans over rows in any order: stored by plan, or mixed."""

    name = "billcore, plans"

    def __init__(self, level: Level | None = None) -> None:
        self.level = level

    def prepare(self, work: Work) -> None:
        data = work.data
        places = {"consumption": 0, "days": 1, "previous": 2}
        plans = [Plan(program(plan), places, {"total": 0}) for plan in work.plans]
        self.plans = PlanSet(plans, 3, 1)
        self.plan_ids = data.plan
        self.inputs = (data.consumption_milli, data.days, data.previous_minor)
        self.out = np.full(len(data), UNWRITTEN, dtype=np.int64)
        self.status = np.zeros(len(data), dtype=np.uint8)

    def run(self) -> None:
        run_mixed(self.plans, self.plan_ids, self.inputs, [self.out], self.status, level=self.level)

    def totals(self) -> Int64s:
        return self.out


class ExtMemoryOnly(Kernel):
    """The extension's kernel that only moves the same columns, with ordinary stores: the bound."""

    name = "memory only"
    exact = False
    bound = True

    def run(self) -> None:
        memory_only(self.inputs, list(self.columns))
