"""What metering refuses."""

from billcore.core.errors import BillcoreError


class MeterProviderUnknown(BillcoreError):
    """No provider has this number."""

    reason = "METER_PROVIDER_UNKNOWN"

    def __init__(self, provider_id: int) -> None:
        super().__init__(
            f"No provider has the number {provider_id}: act for one that has meters.",
            provider_id=provider_id,
        )


class MeterUnknown(BillcoreError):
    """The provider has no such meter."""

    reason = "METER_UNKNOWN"

    def __init__(self, meter_id: int) -> None:
        super().__init__(f"No meter has the id {meter_id} here.", meter_id=meter_id)


class RegisterUnknown(BillcoreError):
    """The meter has no such register."""

    reason = "REGISTER_UNKNOWN"

    def __init__(self, meter_id: int, register_no: int) -> None:
        super().__init__(
            f"Meter {meter_id} has no register {register_no} for this: GetMeter lists them.",
            meter_id=meter_id,
            register_no=register_no,
        )


class MeterExists(BillcoreError):
    """Another meter of the provider has the serial."""

    reason = "METER_EXISTS"

    def __init__(self, serial: str, meter_id: int) -> None:
        super().__init__(
            f"Serial {serial!r} is that of meter {meter_id}: install that one.",
            serial=serial,
            meter_id=meter_id,
        )


class InstallationInvalid(BillcoreError):
    """A meter cannot be installed, removed, exchanged or changed like this."""

    reason = "INSTALLATION_INVALID"

    def __init__(self, meter_id: int, message: str, *, rule: str) -> None:
        super().__init__(f"Meter {meter_id}: {message}", meter_id=meter_id, rule=rule)
        self.rule = rule


class InstallationAgreementUnknown(BillcoreError):
    """The provider has no such agreement, or not on that day."""

    reason = "INSTALLATION_AGREEMENT_UNKNOWN"

    def __init__(self, account_id: int, agreement_no: int) -> None:
        super().__init__(
            f"Account {account_id} has no agreement {agreement_no} here on this day.",
            account_id=account_id,
            agreement_no=agreement_no,
        )


class ReadingRefused(BillcoreError):
    """A reading that must be accepted at once, at an exchange or as a correction, is doubtful."""

    reason = "READING_REFUSED"

    def __init__(self, meter_id: int, register_no: int, message: str) -> None:
        super().__init__(
            f"The reading of meter {meter_id}, register {register_no}, cannot be kept: {message}. "
            "Read the dial again; where the value is right, say so by `accept_reason`.",
            meter_id=meter_id,
            register_no=register_no,
        )


class ReadingUnknown(BillcoreError):
    """The register has no such reading."""

    reason = "READING_UNKNOWN"

    def __init__(self, account_id: int, meter_id: int, register_no: int, day: str) -> None:
        super().__init__(
            f"Register {register_no} of meter {meter_id} has no such reading on {day} for account "
            f"{account_id}: ListReadings has them all.",
            account_id=account_id,
            meter_id=meter_id,
            register_no=register_no,
            day=day,
        )


class ReadingVersionsExhausted(BillcoreError):
    """A day of a register has as many versions as can be."""

    reason = "READING_VERSIONS_EXHAUSTED"

    def __init__(self, meter_id: int, version_max: int) -> None:
        super().__init__(
            f"A day of meter {meter_id} has {version_max} versions of its reading, as many as "
            "can be: decide on one of them.",
            meter_id=meter_id,
            version_max=version_max,
        )


class EstimateImpossible(BillcoreError):
    """Nothing that the policy may use tells how much was used."""

    reason = "ESTIMATE_IMPOSSIBLE"

    def __init__(self, meter_id: int, register_no: int, message: str) -> None:
        super().__init__(
            f"Register {register_no} of meter {meter_id} cannot be estimated: {message}",
            meter_id=meter_id,
            register_no=register_no,
        )


class ReasonMissing(BillcoreError):
    """A decision of a person needs a reason."""

    reason = "REASON_MISSING"

    def __init__(self) -> None:
        super().__init__("A decision on a reading needs a reason of 1 to 500 characters.")


class SplitInvalid(BillcoreError):
    """A whole cannot be split by these weights."""

    reason = "SPLIT_INVALID"

    def __init__(self, whole: int) -> None:
        super().__init__(
            f"{whole} cannot be split: no weight may be negative, one must be positive, and each "
            "part must fit 64 bits.",
            whole=whole,
        )
