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


def agreed_services(reader: Reader, account_id: Ints) -> dict[int, set[str]]:
    """By account the services of its agreements."""
    found: dict[int, set[str]] = {account: set() for account in account_id.tolist()}
    for account, service, _ in _agreements(reader, account_id):
        if account in found:
            found[account].add(service)
    return found


def account_services(reader: Reader, provider_id: int, account_id: Ints) -> dict[int, set[str]]:
    """By account the services of its agreements and of their tariffs, and those of its bills."""
    found: dict[int, set[str]] = {account: set() for account in account_id.tolist()}
    tariffs = Tariffs(reader)
    for account, service, tariff_no in _agreements(reader, account_id):
        if account in found:
            found[account] |= {service, *_declared(tariffs, tariff_no)}
    parts = bill_parts(reader, provider_id, account_id)
    of_part = np.repeat(account_of_bill(parts.bill_id), np.diff(parts.begin))
    for account, number in set(zip(of_part.tolist(), parts.service.tolist(), strict=True)):
        found[account].add(parts.services[number])
    return {account: services - {""} for account, services in found.items()}


def _declared(tariffs: Tariffs, tariff_no: int) -> tuple[str, ...]:
    """The services of a tariff; none of one that has no version yet."""
    try:
        return tariffs.newest(tariff_no)[1].document.services
    except LookupError:
        return ()


def _agreements(reader: Reader, account_id: Ints) -> list[tuple[int, str, int]]:
    """(account, service, tariff number) of the agreements of these accounts, and maybe of some
    between them."""
    told = agreements.services_of(reader, account_id)
    words = told["service"]
    assert isinstance(words, pa.Array)
    columns = ints(told["account_id"]).tolist(), words.to_pylist(), ints(told["tariff_no"]).tolist()
    return list(zip(*columns, strict=True))
