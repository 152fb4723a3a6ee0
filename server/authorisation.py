"""Which role each method needs: one table, checked at one place (`interceptors.authenticated`).

A role implies no other: a biller who also asks is a viewer too. A test walks every method of the
contract, so none is missing and none is open by mistake.
"""

from collections.abc import Collection

from billcore.core.caller import Role

ROLES: dict[str, Role] = {
    "TariffService/ValidateTariff": Role.VIEWER,
    "TariffService/PublishTariff": Role.ANALYST,
    "TariffService/GetTariff": Role.VIEWER,
    "TariffService/ListTariffs": Role.VIEWER,
    "TariffService/ListTariffVersions": Role.VIEWER,
    "RatingService/RateBill": Role.VIEWER,
    "RatingService/ExplainBill": Role.VIEWER,
    "RatingService/RateBatch": Role.VIEWER,
    "AccountService/CreateProvider": Role.ADMIN,
    "AccountService/GetProvider": Role.VIEWER,
    "AccountService/UpdateProvider": Role.ADMIN,
    "AccountService/ListProviders": Role.VIEWER,
    "AccountService/CreateCustomer": Role.CLERK,
    "AccountService/GetCustomer": Role.VIEWER,
    "AccountService/UpdateCustomer": Role.CLERK,
    "AccountService/ListCustomers": Role.VIEWER,
    "AccountService/CreateServicePoint": Role.CLERK,
    "AccountService/GetServicePoint": Role.VIEWER,
    "AccountService/UpdateServicePoint": Role.CLERK,
    "AccountService/ListServicePoints": Role.VIEWER,
    "AccountService/CreateAccount": Role.CLERK,
    "AccountService/GetAccount": Role.VIEWER,
    "AccountService/UpdateAccount": Role.CLERK,
    "AccountService/ListAccounts": Role.VIEWER,
    "AccountService/CloseAccount": Role.CLERK,
    "AccountService/CreateCycle": Role.CLERK,
    "AccountService/ListCycles": Role.VIEWER,
    "AccountService/CreateAttribute": Role.CLERK,
    "AccountService/AddAttributeWords": Role.CLERK,
    "AccountService/ListAttributes": Role.VIEWER,
    "AccountService/CreateAgreement": Role.CLERK,
    "AccountService/GetAgreement": Role.VIEWER,
    "AccountService/ListAgreements": Role.VIEWER,
    "AccountService/ChangeAgreementTariff": Role.CLERK,
    "AccountService/ChangeAgreementAttribute": Role.CLERK,
    "AccountService/EndAgreement": Role.CLERK,
    "AccountService/MoveAgreement": Role.CLERK,
    "MeterService/CreateMeter": Role.CLERK,
    "MeterService/GetMeter": Role.VIEWER,
    "MeterService/InstallMeter": Role.CLERK,
    "MeterService/RemoveMeter": Role.CLERK,
    "MeterService/ExchangeMeter": Role.CLERK,
    "MeterService/ChangeMultiplier": Role.CLERK,
    "MeterService/SubmitReadings": Role.CLERK,
    "MeterService/DecideReading": Role.CLERK,
    "MeterService/CorrectReading": Role.CLERK,
    "MeterService/EstimateReading": Role.CLERK,
    "MeterService/ListReadings": Role.VIEWER,
    "MeterService/GetUsage": Role.VIEWER,
    "BillingService/BillAccount": Role.BILLER,
    "BillingService/SimulateBill": Role.VIEWER,
    "BillingService/GetBill": Role.VIEWER,
    "BillingService/ListBills": Role.VIEWER,
    "BillingService/ExplainBill": Role.VIEWER,
    "BillingService/CreateRun": Role.BILLER,  # straight against the policy also APPROVER
    "BillingService/GetRun": Role.VIEWER,
    "BillingService/ListRuns": Role.VIEWER,
    "BillingService/StartRun": Role.BILLER,
    "BillingService/WatchRun": Role.VIEWER,
    "BillingService/ListRunExceptions": Role.VIEWER,
    "BillingService/ReleaseBill": Role.APPROVER,
    "BillingService/HoldBill": Role.APPROVER,
    "BillingService/ApproveRun": Role.APPROVER,
    "BillingService/FreezeRun": Role.APPROVER,
    "BillingService/SupplementRun": Role.APPROVER,
    "BillingService/PublishRun": Role.APPROVER,
    "BillingService/CancelRun": Role.APPROVER,
    "BillingService/ReverseRun": Role.APPROVER,
    "BillingService/ResumeRun": Role.BILLER,
    "BillingService/CancelBill": Role.APPROVER,
    "BillingService/CancelBills": Role.APPROVER,
    "BillingService/RebillBill": Role.APPROVER,
    "BillingService/RerateAccount": Role.APPROVER,
    "BillingService/UndoCorrection": Role.APPROVER,
    "BillingService/GetBillFamily": Role.VIEWER,
    "BillingService/BillOneOff": Role.BILLER,
    "BillingService/SimulateOneOffBill": Role.VIEWER,
    "BillingService/ExportRun": Role.VIEWER,
    "BillingService/CompareRuns": Role.VIEWER,
    "ConsolidationService/CreateGroup": Role.CLERK,
    "ConsolidationService/UpdateGroup": Role.CLERK,
    "ConsolidationService/GetGroup": Role.VIEWER,
    "ConsolidationService/ListGroups": Role.VIEWER,
    "ConsolidationService/ConsolidateBills": Role.BILLER,
    "ConsolidationService/GetConsolidatedBill": Role.VIEWER,
    "ConsolidationService/ListConsolidatedBills": Role.VIEWER,
    "LedgerService/PostAccountEntry": Role.APPROVER,
    "LedgerService/ReverseAccountEntry": Role.APPROVER,
    "LedgerService/GetTrialBalance": Role.VIEWER,
    "LedgerService/ListEntries": Role.VIEWER,
    "PaymentService/FetchBill": Role.CASHIER,
    "PaymentService/PostPayment": Role.CASHIER,
    "PaymentService/PostPayments": Role.CASHIER,
    "PaymentService/GetPaymentStatus": Role.CASHIER,
    "PaymentService/ListPayments": Role.VIEWER,
    "PaymentService/ExplainPayment": Role.VIEWER,
    "PaymentService/ReversePayment": Role.CASHIER,
    "PaymentService/ReservePayment": Role.CASHIER,
    "PaymentService/ConfirmPayment": Role.CASHIER,
    "PaymentService/ReleasePayment": Role.CASHIER,
    "PaymentService/SplitPayment": Role.CASHIER,
    "PaymentService/ListSuspense": Role.VIEWER,
    "PaymentService/TransferSuspense": Role.APPROVER,
    "VoucherService/MakeVouchers": Role.APPROVER,
    "VoucherService/ShipVouchers": Role.CLERK,
    "VoucherService/SellVouchers": Role.CASHIER,
    "VoucherService/RedeemVoucher": Role.CASHIER,
    "VoucherService/BlockVouchers": Role.APPROVER,
    "VoucherService/UnblockVouchers": Role.APPROVER,
    "VoucherService/ExpireVouchers": Role.APPROVER,
    "VoucherService/GetVoucher": Role.VIEWER,
    "VoucherService/GetVoucherBatch": Role.VIEWER,
    "VoucherService/ListVoucherBatches": Role.VIEWER,
    "AgentService/CreateAgent": Role.ADMIN,
    "AgentService/UpdateAgent": Role.ADMIN,
    "AgentService/GetAgent": Role.VIEWER,
    "AgentService/ListAgents": Role.VIEWER,
    "AgentService/OpenShift": Role.CASHIER,
    "AgentService/HandOverCash": Role.APPROVER,
    "AgentService/CloseShift": Role.APPROVER,
    "AgentService/GetShift": Role.VIEWER,
    "AgentService/ListShifts": Role.VIEWER,
    "AutopayService/SetAutopay": Role.CLERK,
    "AutopayService/GetAutopay": Role.VIEWER,
    "AutopayService/EndAutopay": Role.CLERK,
    "AutopayService/RemindAutopay": Role.CLERK,
    "EnquiryService/GetBalance": Role.VIEWER,
    "EnquiryService/GetStatement": Role.VIEWER,
    "EnquiryService/GetAccountSummary": Role.VIEWER,
    "ChannelService/CreateChannel": Role.ADMIN,
    "ChannelService/GetChannel": Role.VIEWER,
    "ChannelService/UpdateChannel": Role.ADMIN,
    "ChannelService/ListChannels": Role.VIEWER,
    "ChannelService/CreateTerminal": Role.ADMIN,
    "ChannelService/UpdateTerminal": Role.ADMIN,
    "ChannelService/ListTerminals": Role.VIEWER,
    "AdminService/CreateClient": Role.ADMIN,
    "AdminService/ListClients": Role.ADMIN,
    "AdminService/DisableClient": Role.ADMIN,
    "AdminService/RotateClientKey": Role.ADMIN,
    "AdminService/Verify": Role.ADMIN,
    "LoadService/Load": Role.CLERK,  # other kinds, other roles: see core/loading/kinds.py, ALSO
    "LoadService/GetLoad": Role.CLERK,
    "LoadService/ListRefusals": Role.CLERK,
    "EventService/ListEvents": Role.VIEWER,
    "EventService/StreamEvents": Role.VIEWER,
    "EventService/ListAudit": Role.ADMIN,
}
"""Method, without the package, to the role that it needs."""

ALSO: dict[str, Role] = {
    "LoadService/Load": Role.CASHIER,
    "LoadService/GetLoad": Role.CASHIER,
    "LoadService/ListRefusals": Role.CASHIER,
    "PaymentService/ListPayments": Role.CASHIER,
    "AutopayService/SetAutopay": Role.CASHIER,
    "AutopayService/EndAutopay": Role.CASHIER,
}
"""Methods that another role opens as well: a cashier loads what the kind of load allows it, sees a
channel's payments, and agrees automatic payment through the channel of its own."""

OF_ONE_PROVIDER = frozenset(
    {
        "AccountService",
        "MeterService",
        "LoadService",
        "BillingService",
        "LedgerService",
        "EnquiryService",
        "PaymentService",
        "VoucherService",
        "AgentService",
        "AutopayService",
    }
)
"""Services whose data is a provider's: a client of the house names the one it acts for. (Not
ConsolidationService: the house has groups of its own, over several providers.)"""

OF_ANYBODY = frozenset(
    f"PaymentService/{name}"
    for name in ("SplitPayment", "GetPaymentStatus", "ExplainPayment", "ReversePayment")
)
"""Their methods that the house may also call for itself: of its acts that pay several providers."""

OF_PROVIDERS = frozenset(
    f"AccountService/{name}"
    for name in ("CreateProvider", "GetProvider", "UpdateProvider", "ListProviders")
)
"""Their methods that are about providers themselves."""


def may_call(method: str, roles: Collection[Role]) -> bool:
    """Whether a client of these roles may call a method."""
    return ROLES[method] in roles or ALSO.get(method) in roles


def acts_for_one(method: str) -> bool:
    """Whether a call of the method must be for one provider."""
    of_one = method.partition("/")[0] in OF_ONE_PROVIDER
    return of_one and method not in OF_PROVIDERS | OF_ANYBODY
