"""Open items: what of an account's documents is not settled, the oldest debt paid first."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from billcore.core.ledger.allocation.documents import signed
from billcore.core.ledger.allocation.kernel import fold
from billcore.core.ledger.balances import Document


@dataclass(frozen=True, slots=True)
class OpenItem:
    """A document and what of its amount is open, in minor units; negative: of a credit."""

    document: Document
    open: int


def open_items(documents: Sequence[Document]) -> list[OpenItem]:
    """The open ones of an account's documents, in their order; their sum is the balance."""
    amount = np.array([document.amount for document in documents], dtype=np.int64)
    day = np.array([document.day for document in documents], dtype=np.int64)
    left = np.sign(amount) * fold(signed(np.zeros_like(amount), day, amount)).open
    every = zip(documents, left.tolist(), strict=True)
    return [OpenItem(document, left) for document, left in every if left]
