"""A process that assesses late fees and is killed: does what is left of an assessment, and tells
each chunk.

python -m tests.faults.assessor URL ASSESSMENT
"""

import sys
import time

from billcore.core.caller import Caller, Role
from billcore.core.collections.late_fees import assessments
from billcore.core.store.open import open_store

PAUSE_S = 0.01
"""Between chunks, so that a kill meets them unfinished."""

CALLER = Caller(7, 1, frozenset(Role), "Maryam")
NOW = 1_790_001_000 * 1_000_000


def main() -> None:
    url, number = sys.argv[1:]
    store = open_store(url)
    for found in assessments.drive(store, CALLER, int(number), lambda: NOW):
        print(len(found.chunks), flush=True)
        time.sleep(PAUSE_S)
    store.close()


if __name__ == "__main__":
    main()
