"""What field work refuses."""

from collections.abc import Sequence

from billcore.core.errors import BillcoreError, RequestInvalid


class FieldWorkInvalid(RequestInvalid):
    """A field of a request about collectors, routes or devices breaks its rule."""

    reason = "FIELD_WORK_INVALID"


class DeviceRecordInvalid(RequestInvalid):
    """A record is not written in the canonical form, or its signature is not the device's."""

    reason = "DEVICE_RECORD_INVALID"

    def __init__(self, place: str, detail: str, allowed: Sequence[str] = ()) -> None:
        super().__init__(place, detail, allowed)


class CollectorUnknown(BillcoreError):
    """Nobody has set what goes for the collector of the channel."""

    reason = "COLLECTOR_UNKNOWN"

    def __init__(self, channel: str) -> None:
        super().__init__(f"The channel {channel!r} has no collector: set one.", channel=channel)


class DeviceUnknown(BillcoreError):
    """The collector has no such device."""

    reason = "DEVICE_UNKNOWN"

    def __init__(self, channel: str, device_no: int) -> None:
        super().__init__(
            f"The collector {channel!r} has no device {device_no}: list them.",
            channel=channel,
            device_no=device_no,
        )


class DeviceUnfit(BillcoreError):
    """The device is locked, retired or still in use, where it should not be."""

    reason = "DEVICE_UNFIT"


class RouteUnknown(BillcoreError):
    """The provider has no such route."""

    reason = "ROUTE_UNKNOWN"

    def __init__(self, route: str) -> None:
        super().__init__(f"No route is called {route!r}: list them, or set it.", route=route)


class AssignmentUnknown(BillcoreError):
    """No such assignment was made."""

    reason = "ASSIGNMENT_UNKNOWN"

    def __init__(self, assignment_no: int) -> None:
        super().__init__(
            f"There is no assignment {assignment_no}: list them.", assignment_no=assignment_no
        )


class AssignmentUnfit(BillcoreError):
    """The assignment has ended, or the account is none of its visits."""

    reason = "ASSIGNMENT_UNFIT"


class HandInUnknown(BillcoreError):
    """The device has no such hand-in, or its record waits for earlier ones."""

    reason = "HAND_IN_UNKNOWN"

    def __init__(self, device_no: int, seq: int, missing: int) -> None:
        why = f": record {missing} is missing, synchronise the device." if missing else "."
        super().__init__(
            f"Device {device_no} has no hand-in {seq}{why}", device_no=device_no, seq=seq
        )


class HandInUnfit(BillcoreError):
    """The hand-in was confirmed already, an earlier one was not, or cash is counted beside it."""

    reason = "HAND_IN_UNFIT"


class ConflictUnknown(BillcoreError):
    """No receipt of that number is in conflict."""

    reason = "CONFLICT_UNKNOWN"

    def __init__(self, number: int) -> None:
        super().__init__(f"No conflict of receipt {number} is known: list them.", number=number)


class ConflictSettled(BillcoreError):
    """The conflict was settled already, in another way."""

    reason = "CONFLICT_SETTLED"


class QuarantineFull(BillcoreError):
    """So many records of the device wait for missing ones that no more are kept."""

    reason = "QUARANTINE_FULL"
    retryable = True

    def __init__(self, device_no: int, most: int, missing: int) -> None:
        super().__init__(
            f"Device {device_no} has {most} records that wait for record {missing}: send it first.",
            device_no=device_no,
            missing=missing,
        )
