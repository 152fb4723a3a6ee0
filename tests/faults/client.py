"""A client process that is killed: sends every request of the plan in order, and tells each answer.

python -m tests.faults.client URL CHANCE MONTHS
"""

import hashlib
import sys
from collections import Counter

from billcore.core.store.open import open_store
from billcore.core.store.port import Store
from tests.faults import company

ROUND = 5
"""After so many requests some events and audit rows are numbered, too few to catch up."""


def main() -> None:
    url, chance, months = sys.argv[1:]
    store = open_store(url)
    print("open", flush=True)
    send_all(store, company.whole_plan(int(chance), int(months)))
    store.close()


def send_all(store: Store, requests: list[company.Request]) -> None:
    """Sends requests; what is new must show in the balances at once."""
    owed = Counter(company.OPENING)
    for place, request in enumerate(requests):
        answer = company.do(store, request)
        owed.update(company.amounts_of(answer.content))
        if not answer.replayed:
            with store.read() as reader:
                found = company.balances_of(reader)
            assert found == {account: owed[account] for account in company.ACCOUNT_IDS}
        told = "again" if answer.replayed else "new"
        print(request.number, told, hashlib.sha256(answer.content).hexdigest(), flush=True)
        if place % ROUND == 0:
            company.number_some(store, ROUND)


if __name__ == "__main__":
    main()
