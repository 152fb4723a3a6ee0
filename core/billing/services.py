"""The services of accounts: what they are, were, or will be charged for."""

import numpy as np
import pyarrow as pa

from billcore.core.accounts.checks import ints
from billcore.core.billing.charges.tariffs import Tariffs
from billcore.core.billing.parts import bill_parts
from billcore.core.ids import account_of_bill
from billcore.core.rating.batch import Ints
from billcore.core.store import agreements
from billcore.core.store.port import Reader


def account_services(reader: Reader, provider_id: int, account_id: Ints) -> dict[int, list[str]]:
    """By account, sorted: the services of its agreements and their tariffs, and of its bills."""
    found: dict[int, set[str]] = {account: set() for account in account_id.tolist()}
    told = agreements.services_of(reader, account_id)
    words, tariffs = told["service"], Tariffs(reader)
    assert isinstance(words, pa.Array)
    columns = ints(told["account_id"]).tolist(), words.to_pylist(), ints(told["tariff_no"]).tolist()
    for account, service, tariff_no in zip(*columns, strict=True):
        if account in found:
            found[account] |= {service, *tariffs.newest(tariff_no)[1].document.services}
    parts = bill_parts(reader, provider_id, account_id)
    of_part = np.repeat(account_of_bill(parts.bill_id), np.diff(parts.begin))
    for account, number in set(zip(of_part.tolist(), parts.service.tolist(), strict=True)):
        found[account].add(parts.services[number])
    return {account: sorted(services - {""}) for account, services in found.items()}
