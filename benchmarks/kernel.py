"""billcore's own kernel as one of the contenders: same work, same check, same clock."""

import numpy as np

from benchmarks.peers import Peer, Work
from benchmarks.standard import Int64s, Plan, plan_ir
from billcore.core.rating_kernel import KernelProgram, Level, Path, compile_program, levels

__all__ = ["Kernel", "KernelGrouped", "Level", "Path", "levels", "program"]


def program(plan: Plan, itemised: bool = False) -> KernelProgram:
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

    def totals(self) -> Int64s:
        totals: Int64s = self.columns[-1]
        return totals


class KernelGrouped(Peer):
    """A program per plan over columns stored grouped by plan."""

    name = "billcore, grouped"

    def __init__(self, level: Level | None = None) -> None:
        self.level = level

    def prepare(self, work: Work) -> None:
        data = work.data
        self.out = np.zeros(len(data), dtype=np.int64)
        status = np.zeros(len(data), dtype=np.uint8)
        columns = (data.consumption_milli, data.days, data.previous_minor)
        edges = work.starts.tolist()
        self.calls = [
            (program(plan), [c[a:b] for c in columns], [self.out[a:b]], status[a:b])
            for plan, a, b in zip(work.plans, edges, edges[1:], strict=False)
        ]

    def run(self) -> None:
        for compiled, inputs, outputs, status in self.calls:
            compiled.run(inputs, outputs, status, level=self.level)

    def totals(self) -> Int64s:
        return self.out
