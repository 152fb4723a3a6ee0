"""What dunning refuses."""

from billcore.core.errors import BillcoreError


class DunningPolicyUnfit(BillcoreError):
    """A dunning policy names an attribute, or a word of it, that the provider has not."""

    reason = "DUNNING_POLICY_UNFIT"

    def __init__(self, policy: str, message: str) -> None:
        super().__init__(f"Dunning policy {policy!r}: {message}", policy=policy)


class DunningPauseUnknown(BillcoreError):
    """The account has no pause of dunning from this source."""

    reason = "DUNNING_PAUSE_UNKNOWN"

    def __init__(self, account_id: int, source: str) -> None:
        super().__init__(
            f"Account {account_id} has no pause of dunning from {source!r}.",
            account_id=account_id,
            source=source,
        )


class DunningPauseConflict(BillcoreError):
    """The source pauses the account in another way already, or the pause was ended."""

    reason = "DUNNING_PAUSE_CONFLICT"

    def __init__(self, account_id: int, source: str, message: str) -> None:
        super().__init__(
            f"The pause of account {account_id} from {source!r}: {message}",
            account_id=account_id,
            source=source,
        )


class DunningChargeUnknown(BillcoreError):
    """The account entry is no charge of dunning."""

    reason = "DUNNING_CHARGE_UNKNOWN"

    def __init__(self, account_id: int, account_entry_id: int) -> None:
        super().__init__(
            f"Account {account_id} has no charge {account_entry_id} of dunning.",
            account_id=account_id,
            account_entry_id=account_entry_id,
        )
