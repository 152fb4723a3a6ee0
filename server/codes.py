"""The table from domain error to gRPC code; a test walks all subclasses of BillcoreError."""

import grpc

from billcore.core import clients, errors, requests
from billcore.core.accounts import errors as accounts
from billcore.core.billing import errors as billing
from billcore.core.billing.charges.packing import PackedInvalid
from billcore.core.billing.charges.rated import TariffUnfit
from billcore.core.billing.consolidated import errors as consolidated
from billcore.core.billing.corrections import errors as corrections
from billcore.core.billing.runs import errors as runs
from billcore.core.billing.runs.drive import WorkersLost
from billcore.core.errors import BillcoreError
from billcore.core.identifiers.faults import IdentifierInvalid
from billcore.core.ledger import errors as ledger
from billcore.core.loading import errors as loading
from billcore.core.loading.kinds import RowUnreadable
from billcore.core.metering import errors as metering
from billcore.core.payments import errors as payments
from billcore.core.payments import refusals
from billcore.core.payments.agents import errors as agents
from billcore.core.payments.autopay.errors import AutopayUnknown
from billcore.core.payments.reservations import ReservationEnded
from billcore.core.payments.reversals import PaymentReversed, ReversalLate
from billcore.core.payments.suspense import SuspenseSettled, SuspenseUnknown
from billcore.core.payments.vouchers import errors as vouchers
from billcore.core.store import errors as store
from billcore.core.tariff.bill import BillFailed
from billcore.core.tariff.catalog import CatalogFull
from billcore.core.tariff.status import Status
from billcore.server.refusals import (
    ServerDraining,
    ServerRefused,
    StreamsExhausted,
    TableInvalid,
)

Code = grpc.StatusCode

KINDS: dict[grpc.StatusCode, tuple[type[BillcoreError], ...]] = {
    Code.INVALID_ARGUMENT: (
        errors.TextInvalid,
        errors.MoneyInvalid,
        errors.DateInvalid,
        errors.PeriodInvalid,
        errors.TariffInvalid,
        errors.ColumnInvalid,
        errors.ColumnMissing,
        errors.ColumnUnknown,
        errors.BatchTooLarge,
        errors.RequestInvalid,
        TableInvalid,
        clients.ProviderNotNamed,
        store.StoreValueInvalid,
        store.StoreUrlInvalid,
        accounts.FieldRefused,
        accounts.PolicyInvalid,
        accounts.ProviderNeeded,
        metering.InstallationInvalid,
        metering.ReasonMissing,
        metering.SplitInvalid,
        ledger.AmountInvalid,
        IdentifierInvalid,
        runs.ReasonMissing,
        RowUnreadable,
        refusals.TargetInvalid,
        refusals.PaymentInvalid,
        payments.ChannelMisfit,
        vouchers.VoucherFieldInvalid,
        agents.AgentFieldInvalid,
    ),
    Code.UNAUTHENTICATED: (clients.KeyMissing, clients.KeyInvalid),
    Code.PERMISSION_DENIED: (
        clients.RoleMissing,
        clients.ProviderForbidden,
        accounts.HouseNeeded,
        payments.ChannelForbidden,
        vouchers.VoucherRefused,
    ),
    Code.NOT_FOUND: (
        errors.TariffUnknown,
        errors.TariffVersionUnknown,
        clients.ClientUnknown,
        accounts.ProviderUnknown,
        accounts.CustomerUnknown,
        accounts.AccountUnknown,
        accounts.ServicePointUnknown,
        accounts.CycleUnknown,
        accounts.AttributeUnknown,
        accounts.AgreementUnknown,
        accounts.AgreementTariffUnknown,
        metering.MeterProviderUnknown,
        metering.MeterUnknown,
        metering.RegisterUnknown,
        metering.InstallationAgreementUnknown,
        metering.ReadingUnknown,
        ledger.EntryUnknown,
        loading.LoadUnknown,
        billing.BillUnknown,
        consolidated.GroupUnknown,
        consolidated.ConsolidatedBillUnknown,
        consolidated.MemberUnknown,
        runs.RunUnknown,
        corrections.CorrectionUnknown,
        refusals.TargetUnknown,
        refusals.PaymentUnknown,
        SuspenseUnknown,
        AutopayUnknown,
        payments.ChannelUnknown,
        vouchers.VoucherUnknown,
        agents.AgentUnknown,
        agents.AgentShiftUnknown,
        vouchers.VoucherBatchUnknown,
        payments.TerminalUnknown,
    ),
    Code.ALREADY_EXISTS: (
        errors.TariffConflict,
        requests.RequestConflict,
        clients.ClientConflict,
        clients.ClientsExist,
        store.StoreConflict,
        accounts.AlreadyTaken,
        metering.MeterExists,
        ledger.EntryExists,
        loading.LoadConflict,
        billing.BillExists,
        refusals.PaymentConflict,
    ),
    Code.FAILED_PRECONDITION: (
        errors.SettingsInvalid,
        BillFailed,
        store.SchemaMissing,
        store.SchemaUnknown,
        accounts.AttributeMisfit,
        accounts.AgreementUncovered,
        accounts.AgreementOverlap,
        accounts.AgreementOutside,
        accounts.AccountInUse,
        metering.ReadingRefused,
        metering.EstimateImpossible,
        ledger.EntryUnbalanced,
        ledger.EntryReversed,
        loading.LoadOutOfOrder,
        billing.AccountUnbillable,
        corrections.BillUncorrectable,
        corrections.UndoRefused,
        TariffUnfit,
        consolidated.MemberOverlap,
        consolidated.CurrencyMixed,
        consolidated.NothingToConsolidate,
        runs.RunStateUnfit,
        runs.RunOverlaps,
        runs.RunUnfinished,
        runs.RunBusy,
        runs.RunFinished,
        runs.HoldUnknown,
        refusals.TargetForeign,
        refusals.BillNotPayable,
        refusals.AccountInactive,
        refusals.AccountClosed,
        ReservationEnded,
        PaymentReversed,
        ReversalLate,
        SuspenseSettled,
        payments.ChannelDisabled,
        vouchers.VoucherStateUnfit,
        agents.AgentShiftUnfit,
        vouchers.VoucherExpired,
        vouchers.VoucherKeyMissing,
        payments.TerminalDisabled,
    ),
    Code.OUT_OF_RANGE: (
        refusals.AmountLow,
        refusals.AmountHigh,
        refusals.AmountNotExact,
        agents.AgentLimit,
    ),
    Code.ABORTED: (accounts.RevisionConflict,),
    Code.RESOURCE_EXHAUSTED: (
        CatalogFull,
        StreamsExhausted,
        store.StoreFull,
        accounts.IdsExhausted,
        metering.ReadingVersionsExhausted,
        refusals.QueueFull,
        vouchers.VoucherLocked,
    ),
    Code.UNAVAILABLE: (
        ServerDraining,
        ServerRefused,
        agents.AgentShut,
        store.StoreUnavailable,
        store.StoreBusy,
        WorkersLost,
    ),
    Code.DATA_LOSS: (store.StoreCorrupt, PackedInvalid),
}
"""The errors of each code."""

CODES: dict[type[BillcoreError], grpc.StatusCode] = {
    kind: code for code, kinds in KINDS.items() for kind in kinds
}
"""The code of each error; of a failed bill its status says it (BILL_CODES)."""

BILL_CODES: dict[Status, grpc.StatusCode] = {
    Status.OUT_OF_RANGE: Code.INVALID_ARGUMENT,
    Status.OVERFLOW: Code.OUT_OF_RANGE,
    Status.ABOVE_LAST_ROW: Code.OUT_OF_RANGE,
    Status.UNKNOWN_CHOICE: Code.INVALID_ARGUMENT,
    Status.NOT_IN_FORCE: Code.FAILED_PRECONDITION,
    Status.BAD_PERIOD: Code.INVALID_ARGUMENT,
    Status.CHANGE_REFUSED: Code.FAILED_PRECONDITION,
    Status.MISSING_KEY: Code.FAILED_PRECONDITION,
    Status.UNREPRESENTABLE: Code.INVALID_ARGUMENT,
    Status.UNKNOWN_PLAN: Code.INVALID_ARGUMENT,
    Status.DIVISION_BY_ZERO: Code.INVALID_ARGUMENT,
}
"""The code of a single bill that failed, by its status."""


def code_of(error: BillcoreError) -> grpc.StatusCode:
    """The code of an error: by its class, of a failed bill by its status."""
    if isinstance(error, BillFailed):
        return BILL_CODES[error.status]
    return CODES[type(error)]
