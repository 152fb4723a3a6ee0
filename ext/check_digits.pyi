from typing import Any, Final

FAULTS: Final[tuple[tuple[str, str], ...]]

# Columns are anything with the buffer protocol: contiguous, int64; faults are uint16.
def make_bill_ids(file_no: Any, company: int, service: int, bill_id: Any, faults: Any) -> None: ...
def make_payment_ids(
    bill_id: Any,
    amount: Any,
    year_digit: Any,
    period: Any,
    services: int,
    companies: Any,
    payment_id: Any,
    faults: Any,
) -> None: ...
def check_pairs(
    bill_id: Any, payment_id: Any, services: int, companies: Any, faults: Any
) -> None: ...
def check_bills(bill_id: Any, services: int, companies: Any, faults: Any) -> None: ...
