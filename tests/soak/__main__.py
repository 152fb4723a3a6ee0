"""A soak: everything at once on PostgreSQL, while workers, servers and the database are ended.

    python -m tests.soak                  # 20 minutes, 20,000 accounts
    python -m tests.soak --minutes 1      # what `make test-system` does

Exit status 0: every error could be sent again, every payment is there once and reconciled, memory
is flat, `verify` finds nothing. Else what was wrong is listed.
"""

import argparse
import sys
import threading
import time
from collections.abc import Callable

from rich.console import Console

from billcore.core import verify
from billcore.core.ledger.kinds import EntryKind
from billcore.core.store.open import open_store
from tests.postgres import Cluster
from tests.soak.figures import GROWTH_MAX, Figures
from tests.soak.line import Line
from tests.soak.machines import Machines, running
from tests.soak.town import Town, settled
from tests.soak.work import (
    Biller,
    Fetcher,
    FilePayer,
    Payer,
    Portal,
    Reader,
    Reconciler,
    Told,
    Worker,
)

WORKERS: tuple[tuple[type[Worker], int], ...] = (
    (Payer, 3), (FilePayer, 1), (Fetcher, 2), (Portal, 3), (Reader, 1), (Biller, 1),
    (Reconciler, 1),
)  # fmt: skip

WARM_SECONDS = 10
"""Before memory counts."""

MINUTES_JUDGED = 5
"""From so many minutes on memory is judged: in fewer, pools and caches still fill."""

PAID = "SELECT reference, amount FROM payment_order"

BOOKED = "SELECT COUNT(*), SUM(-amount) FROM account_entry WHERE kind = :kind"


def main(arguments: list[str] | None = None) -> int:
    options = _parser().parse_args(arguments)
    console = Console() if sys.stdout.isatty() else Console(width=140)
    figures = Figures()
    cluster = Cluster(settings={})
    try:
        url = cluster.url(cluster.create())
        console.print(f"{options.accounts:,} accounts are made")
        town = settled(url, options.accounts)
        told = Told()
        with running(cluster, url, figures) as machines:
            _soaked(machines, town, told, options.minutes * 60, figures, console.print)
        _check(url, town, told, figures)
    finally:
        cluster.remove()
    return _judged(figures, options.minutes, console)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.soak", description=__doc__)
    parser.add_argument("--minutes", type=float, default=20)
    parser.add_argument("--accounts", type=int, default=20_000)
    return parser


def _soaked(
    machines: Machines,
    town: Town,
    told: Told,
    seconds: float,
    figures: Figures,
    say: Callable[[str], None],
) -> None:
    stop = threading.Event()
    workers = [
        kind(
            town,
            Line(machines.server.port, town.key, figures),
            figures,
            told,
            stop,
            f"{kind.__name__}{n}",
        )
        for kind, count in WORKERS
        for n in range(count)
    ]
    threads = [threading.Thread(target=_worked, args=(one, figures)) for one in workers]
    threads.append(threading.Thread(target=_watched, args=(machines, stop, figures)))
    for thread in threads:
        thread.start()
    say(f"{len(workers)} clients work for {seconds:.0f} s")
    _disturbed(machines, stop, seconds, figures)
    stop.set()
    for thread in threads:
        thread.join()
    (reconciler,) = (one for one in workers if isinstance(one, Reconciler))
    if not figures.faults:
        reconciler.settle()
    for one in workers:
        one.line.close()
    if machines.server.stop():
        figures.fault("the server did not end with status 0")


def _worked(worker: Worker, figures: Figures) -> None:
    try:
        worker.work()
    except Exception as error:
        figures.fault(f"{worker.name} ended: {error!r}")


def _watched(machines: Machines, stop: threading.Event, figures: Figures) -> None:
    """Memory of the process that nobody kills, once a second."""
    stop.wait(WARM_SECONDS)
    try:
        while not stop.wait(1):
            figures.memory.append(machines.server.memory())
    except OSError as error:
        figures.fault(f"its memory cannot be read: {error}")


def _disturbed(machines: Machines, stop: threading.Event, seconds: float, figures: Figures) -> None:
    """Ends one thing after the other, each of them within a minute, and rests before the end."""
    acts = (
        machines.kill_worker,
        machines.kill_server,
        machines.kill_worker,
        machines.kill_database,
        machines.restart_database,
    )
    until = time.monotonic() + seconds
    pause = min(seconds, 60) / (len(acts) + 1)
    turn = 0
    while turn < len(acts) or time.monotonic() < until - pause:
        stop.wait(pause * 0.8)
        if figures.faults:
            return
        acts[turn % len(acts)]()
        turn += 1
    stop.wait(max(until - time.monotonic(), pause))


def _check(url: str, town: Town, told: Told, figures: Figures) -> None:
    """Every payment that was answered is in the store once, no other is; `verify` finds nothing."""
    store = open_store(url)
    with store.read() as reader:
        paid = reader.rows(PAID)
        if dict(paid) != told.paid or len(paid) != len(told.paid):
            figures.fault(f"{len(paid)} payments are kept, {len(told.paid)} were answered")
        booked = reader.row(BOOKED, kind=int(EntryKind.PAYMENT))
        wanted = len(told.paid), sum(told.paid.values())
        if tuple(booked or ()) != wanted:
            figures.fault(f"booked {booked}, answered {wanted}")
        found = list(verify.verify(reader, [0, 1]))
    for verdict in found:
        if verdict.broken:
            figures.fault(f"verify: {verdict.check}: {verdict.broken[:2]}")
    figures.happened("checks of verify", len(found))
    figures.happened("payments", len(told.paid))
    store.close()


def _judged(figures: Figures, minutes: float, console: Console) -> int:
    if minutes >= MINUTES_JUDGED and figures.growth() > GROWTH_MAX:
        figures.fault(f"memory grew: {figures.growth():.3f}, allowed is {GROWTH_MAX}")
    console.print(figures.table())
    for line in figures.told():
        console.print(line)
    for fault in figures.faults[:20]:
        console.print(f"FAULT {fault}", style="bold red", markup=False)
    console.print("the soak failed" if figures.faults else "the soak held")
    return int(bool(figures.faults))


if __name__ == "__main__":
    sys.exit(main())
