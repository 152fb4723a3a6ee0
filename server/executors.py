"""Where the chunks of runs are done: processes of this server, or the Dask cluster of its settings.

Goals: a server connects to no place but those of its own settings, whatever a caller names: what a
scheduler answers is unpickled here, and what it is sent is code to its workers
(docs/decisions/0026-scale-out.md). Non-goals: starting or watching schedulers and workers.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import NamedTuple

from billcore.core.accounts.errors import FieldRefused
from billcore.core.billing.runs.drive import Pool, Workers
from billcore.core.billing.runs.order import CHUNK_ACCOUNTS, CHUNK_ACCOUNTS_FAR
from billcore.server import workers
from billcore.server.executor_names import PROCESSES, address


class Crew(NamedTuple):
    """The workers of one driving. pool: makes their executor, None: the driving thread does the
    work; workers: how many chunks they do at a time."""

    pool: Pool | None
    workers: Workers


@dataclass(frozen=True, slots=True)
class Executors:
    """What a server's runs may be driven by. configured: the one of its settings; count: of
    processes."""

    configured: str = PROCESSES
    count: int = 1

    @property
    def chunk_accounts(self) -> int:
        """Accounts of a chunk where the order says none."""
        return CHUNK_ACCOUNTS if self.configured == PROCESSES else CHUNK_ACCOUNTS_FAR

    @property
    def allowed(self) -> Sequence[str]:
        """What a caller may name."""
        return tuple(dict.fromkeys((PROCESSES, self.configured)))

    def chosen(self, name: str) -> str:
        """The executor that a caller names; "": the configured one. Raises FieldRefused."""
        if name and name not in self.allowed:
            raise FieldRefused(
                "executor",
                f"{name[:80]!r} is none of this server's: it connects to no other place than its "
                "setting `run_executor`.",
                self.allowed,
            )
        return name or self.configured

    def crew(self, name: str) -> Crew:
        """The workers of one driving."""
        if name == PROCESSES:
            return Crew(workers.pool(self.count), partial(max, self.count, 1))
        from billcore.server.cluster import Cluster  # Dask is slow to import, and may be missing

        cluster = Cluster(address(name))
        return Crew(cluster.pool, cluster.workers)
