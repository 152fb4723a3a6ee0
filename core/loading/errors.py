"""What loading refuses as a whole; single rows are refused by the rules of their kinds."""

from billcore.core.errors import BillcoreError


class LoadUnknown(BillcoreError):
    """The provider has no such load."""

    reason = "LOAD_UNKNOWN"

    def __init__(self, load_id: int) -> None:
        super().__init__(f"No load has the id {load_id} here.", load_id=load_id)


class LoadConflict(BillcoreError):
    """The load, or one of its chunks, is known with other content."""

    reason = "LOAD_CONFLICT"

    def __init__(self, load_id: int, message: str) -> None:
        super().__init__(f"Load {load_id}: {message}", load_id=load_id)


class LoadOutOfOrder(BillcoreError):
    """A chunk comes before the one in front of it, or after the end of its load."""

    reason = "LOAD_OUT_OF_ORDER"

    def __init__(self, load_id: int, chunk: int, message: str) -> None:
        super().__init__(f"Load {load_id}, chunk {chunk}: {message}", load_id=load_id, chunk=chunk)
