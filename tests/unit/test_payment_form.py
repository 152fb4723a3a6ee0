"""The form of what payments are told with."""

from billcore.core.ids import PROVIDERS_MAX, bill_id, owned_id
from billcore.core.payments.intake.form import is_number

LAST = str(2**63 - 1)


def test_numbers_of_64_bits():
    """Ids of bills of every provider: of most they have nineteen digits."""
    bill = bill_id(owned_id(PROVIDERS_MAX, 1), 1, 0, 0, 0)
    assert len(str(bill)) == 19
    assert all(map(is_number, ["0", "7", "000000000000000017", str(bill), LAST]))
    wrong = ["", "-1", "1a", " 1", "\u0661", str(int(LAST) + 1), "9" * 19, "0" * 20]
    assert not any(map(is_number, wrong))
