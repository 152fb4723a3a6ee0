"""Open items: what of an account's documents is not settled, the oldest debt paid first."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from billcore.core.ledger.allocation import oldest_first, open_amounts
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
    found = oldest_first(np.zeros_like(amount), day, np.arange(len(amount)), amount)
    every = zip(documents, open_amounts(amount, found).tolist(), strict=True)
    return [OpenItem(document, left) for document, left in every if left]
