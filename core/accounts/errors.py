"""What master data refuses: the reason of a row of a bulk load, the error of a unary call.

Each takes the field (its path in a request, its column in a load) and a message that says the
value, the rule and what to do.
"""

from collections.abc import Sequence

from billcore.core.errors import RequestInvalid


class FieldRefused(RequestInvalid):
    """A value breaks the rule of its field."""

    reason = "FIELD_REFUSED"

    def __init__(self, field: str, message: str, allowed: Sequence[str] = ()) -> None:
        super().__init__(field, message, allowed)
        self.detail = self.message.removeprefix(f"Field {field!r}: ")


class PolicyInvalid(FieldRefused):
    """Policies of a provider or channel are not what billcore knows; the field is the place."""

    reason = "POLICY_INVALID"


class AlreadyTaken(FieldRefused):
    """A number, code or name that must be unique stands for something else."""

    reason = "ALREADY_TAKEN"


class ProviderUnknown(FieldRefused):
    """The caller can see no provider of this number."""

    reason = "PROVIDER_UNKNOWN"


class ProviderNeeded(FieldRefused):
    """The caller belongs to the house; this can only be done for a provider."""

    reason = "PROVIDER_NEEDED"


class HouseNeeded(FieldRefused):
    """The caller belongs to a provider; only the house may do this."""

    reason = "HOUSE_NEEDED"


class CustomerUnknown(FieldRefused):
    """The provider has no such customer."""

    reason = "CUSTOMER_UNKNOWN"


class AccountUnknown(FieldRefused):
    """The provider has no such account."""

    reason = "ACCOUNT_UNKNOWN"


class ServicePointUnknown(FieldRefused):
    """The provider has no such service point."""

    reason = "SERVICE_POINT_UNKNOWN"


class CycleUnknown(FieldRefused):
    """The provider has no such cycle."""

    reason = "CYCLE_UNKNOWN"


class AttributeUnknown(FieldRefused):
    """The provider has no attribute of this name."""

    reason = "ATTRIBUTE_UNKNOWN"


class AttributeMisfit(FieldRefused):
    """An attribute is not what the tariff's input of the same name is: another kind or unit."""

    reason = "ATTRIBUTE_MISFIT"


class AgreementUnknown(FieldRefused):
    """The account has no such agreement."""

    reason = "AGREEMENT_UNKNOWN"


class AgreementTariffUnknown(FieldRefused):
    """Neither the provider nor the house has published the tariff of an agreement."""

    reason = "AGREEMENT_TARIFF_UNKNOWN"


class AgreementUncovered(FieldRefused):
    """An agreement has no tariff for some of its days, or two."""

    reason = "AGREEMENT_UNCOVERED"


class AgreementOverlap(FieldRefused):
    """Two agreements of one service point and service share days."""

    reason = "AGREEMENT_OVERLAP"


class AgreementOutside(FieldRefused):
    """Days lie outside those of the account or of the agreement."""

    reason = "AGREEMENT_OUTSIDE"


class AccountInUse(FieldRefused):
    """An account cannot be closed while it has agreements of later days."""

    reason = "ACCOUNT_IN_USE"


class RevisionConflict(FieldRefused):
    """Somebody has changed it since the caller read it."""

    reason = "REVISION_CONFLICT"


class IdsExhausted(FieldRefused):
    """A provider has drawn all the ids of a kind."""

    reason = "IDS_EXHAUSTED"


def changed_meanwhile(what: str, given: int, current: int) -> RevisionConflict:
    """The refusal of a write whose revision is not the current one."""
    return RevisionConflict(
        "revision",
        f"you have revision {given} of {what}, it is at {current}: read it again and decide anew.",
    )
