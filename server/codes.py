"""The table from domain error to gRPC code; a test walks all subclasses of BillcoreError."""

import grpc

from billcore.core import client_errors as clients
from billcore.core import errors, requests
from billcore.core.accounts import errors as accounts
from billcore.core.backup import errors as backup
from billcore.core.billing import errors as billing
from billcore.core.billing.charges.packing import PackedInvalid
from billcore.core.billing.charges.rated import TariffUnfit
from billcore.core.billing.consolidated import errors as consolidated
from billcore.core.billing.corrections import errors as corrections
from billcore.core.billing.runs import errors as runs
from billcore.core.billing.runs.drive import WorkersLost
from billcore.core.cases import errors as cases
from billcore.core.collections.analytics import errors as analytics
from billcore.core.collections.deposits import errors as deposits
from billcore.core.collections.direct_debit import errors as debits
from billcore.core.collections.dunning import errors as dunning
from billcore.core.collections.field import errors as field
from billcore.core.collections.instalments import errors as instalments
from billcore.core.collections.late_fees import errors as late_fees
from billcore.core.collections.write_offs import errors as write_offs
from billcore.core.enquiries.documents import errors as receipts
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
from billcore.core.payments.moving import PaymentMoved
from billcore.core.payments.reservations import ReservationEnded
from billcore.core.payments.reversals import PaymentReversed, ReversalLate
from billcore.core.payments.suspense import SuspenseSettled, SuspenseUnknown
from billcore.core.payments.vouchers import errors as vouchers
from billcore.core.reconciliation import errors as reconciliation
from billcore.core.reconciliation.files import errors as files
from billcore.core.store import errors as store
from billcore.core.tariff.bill import BillFailed
from billcore.core.tariff.catalog import CatalogFull
from billcore.core.tariff.status import Status
from billcore.server.refusals import (
    ClientCallsExhausted,
    ClientCallsOpen,
    ExecutorUnreachable,
    LookUpsExhausted,
    ServerDraining,
    ServerRefused,
    StreamsExhausted,
    TableInvalid,
    WorkerUnfit,
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
        late_fees.LateFeeDayInvalid,
        debits.DebitFieldInvalid,
        debits.DebitDayInvalid,
        debits.DebitFormatInvalid,
        files.FileBroken,
        files.DefinitionInvalid,
        files.ReportFormatInvalid,
        reconciliation.ReconciliationFieldInvalid,
        cases.CaseFieldInvalid,
        field.FieldWorkInvalid,
        field.DeviceRecordInvalid,
    ),
    Code.UNAUTHENTICATED: (clients.KeyMissing, clients.KeyInvalid),
    Code.PERMISSION_DENIED: (
        clients.RoleMissing,
        clients.TerminalScope,
        clients.ProviderForbidden,
        accounts.HouseNeeded,
        payments.ChannelForbidden,
        payments.TerminalForbidden,
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
        analytics.CutOffUnknown,
        corrections.CorrectionUnknown,
        refusals.TargetUnknown,
        refusals.PaymentUnknown,
        SuspenseUnknown,
        AutopayUnknown,
        payments.ChannelUnknown,
        vouchers.VoucherUnknown,
        receipts.ReceiptUnknown,
        agents.AgentUnknown,
        agents.AgentShiftUnknown,
        vouchers.VoucherBatchUnknown,
        late_fees.AssessmentUnknown,
        debits.MandateUnknown,
        debits.DebitUnknown,
        debits.DebitBatchUnknown,
        debits.DebitFormatUnknown,
        late_fees.HoldUnknown,
        dunning.DunningPauseUnknown,
        dunning.DunningChargeUnknown,
        instalments.PlanUnknown,
        deposits.DepositUnknown,
        write_offs.WriteOffUnknown,
        payments.TerminalUnknown,
        reconciliation.FileUnknown,
        reconciliation.ReportFormatUnknown,
        reconciliation.DayUnknown,
        reconciliation.BreakUnknown,
        cases.CaseUnknown,
        cases.EvidenceUnknown,
        field.CollectorUnknown,
        field.DeviceUnknown,
        field.RouteUnknown,
        field.AssignmentUnknown,
        field.HandInUnknown,
        field.ConflictUnknown,
    ),
    Code.ALREADY_EXISTS: (
        analytics.CutOffFixed,
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
        late_fees.HoldConflict,
        dunning.DunningPauseConflict,
        instalments.PlanConflict,
        debits.MandateConflict,
        reconciliation.FileConflict,
        cases.ClaimTaken,
    ),
    Code.FAILED_PRECONDITION: (
        errors.SettingsInvalid,
        WorkerUnfit,
        BillFailed,
        store.SchemaMissing,
        backup.BackupRefused,
        backup.BackupProgramFailed,
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
        receipts.ReceiptKeyMissing,
        receipts.ReceiptUnfit,
        payments.TerminalDisabled,
        late_fees.ReferenceRateMissing,
        debits.MandateStateUnfit,
        debits.DebitStateUnfit,
        debits.DebitBatchStateUnfit,
        debits.DebitTermsMissing,
        debits.DebitsMissing,
        late_fees.LateFeeRuleUnfit,
        dunning.DunningPolicyUnfit,
        instalments.PlanStateUnfit,
        deposits.DepositUnfit,
        write_offs.WriteOffUnfit,
        write_offs.WriteOffApprovalNeeded,
        instalments.PlanStale,
        instalments.PlanApprovalNeeded,
        late_fees.AssessmentOvertaken,
        reconciliation.BankAccountUnset,
        reconciliation.DayUnfit,
        PaymentMoved,
        cases.CaseStateUnfit,
        cases.EvidenceMissing,
        cases.ApprovalNeeded,
        cases.NoticeRunning,
        cases.ProposalStale,
        cases.CorrectionUnfit,
        cases.ReopenRefused,
        field.DeviceUnfit,
        field.AssignmentUnfit,
        field.HandInUnfit,
        field.ConflictSettled,
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
        LookUpsExhausted,
        ClientCallsExhausted,
        ClientCallsOpen,
        store.StoreFull,
        accounts.IdsExhausted,
        metering.ReadingVersionsExhausted,
        refusals.QueueFull,
        vouchers.VoucherLocked,
        field.QuarantineFull,
        receipts.ReceiptLocked,
    ),
    Code.UNAVAILABLE: (
        ServerDraining,
        ServerRefused,
        agents.AgentShut,
        store.StoreUnavailable,
        store.StoreBusy,
        reconciliation.DayBusy,
        WorkersLost,
        ExecutorUnreachable,
    ),
    Code.DATA_LOSS: (
        store.StoreCorrupt,
        backup.BackupDamaged,
        PackedInvalid,
        reconciliation.MatchUnbalanced,
    ),
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
