"""The services of a server: which there are, what each is given, how many of its streams are open.

Goals: a new service is a line here. A service is added by the function that
its contract generated, which its class leads to, so nothing about it is told twice.
"""

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from threading import Event

import grpc

from billcore.core.documents.verification import ReceiptKeys
from billcore.core.payments.intake.writer import Writer
from billcore.core.payments.vouchers.secret import Keys
from billcore.core.signatures import Signer
from billcore.server.backend import Backend
from billcore.server.following import Followers
from billcore.server.gate import Gate
from billcore.server.interceptors import Surrounding, limited
from billcore.server.running import Keeper
from billcore.server.services import (
    billing,
    collection,
    direct_debit,
    event,
    load,
    payment,
    reconciliation,
    report,
)
from billcore.server.services.account import AccountService
from billcore.server.services.admin import AdminService
from billcore.server.services.agent import AgentService
from billcore.server.services.autopay import AutopayService
from billcore.server.services.case import CaseService
from billcore.server.services.channel import ChannelService
from billcore.server.services.consolidation import ConsolidationService
from billcore.server.services.document import DocumentService
from billcore.server.services.enquiry import EnquiryService
from billcore.server.services.field import FieldService
from billcore.server.services.ledger import LedgerService
from billcore.server.services.meter import MeterService
from billcore.server.services.rating import RatingService
from billcore.server.services.tariff import TariffService
from billcore.server.services.voucher import VoucherService
from billcore.server.settings import Settings
from billcore.server.streams import STREAMS
from billcore.server.telemetry import Metrics

CONTRACT = "billcore.v1"
"""The package of the contract, and that of the modules that it generated."""


@dataclass(frozen=True, slots=True)
class Parts:
    """What services of a server with a store are given. leaving: set when it drains."""

    backend: Backend
    keeper: Keeper
    writer: Writer
    gate: Gate
    metrics: Metrics
    leaving: Event
    voucher_keys: Keys
    receipt_keys: ReceiptKeys
    signer: Signer
    followers: Followers


def storing(parts: Parts) -> Iterator[object]:
    """The services of a server with a store, beside those that only compute."""
    backend, metrics = parts.backend, parts.metrics
    gate, leaving = parts.gate, parts.leaving
    yield AccountService(backend)
    yield MeterService(backend)
    yield load.LoadService(backend)
    yield billing.BillingService(backend, parts.keeper, gate, leaving)
    yield ConsolidationService(backend)
    yield LedgerService(backend)
    yield EnquiryService(backend)
    yield DocumentService(backend, parts.receipt_keys)
    yield payment.PaymentService(backend, parts.writer)
    yield VoucherService(backend, parts.voucher_keys, metrics)
    yield AgentService(backend)
    yield AutopayService(backend)
    yield collection.CollectionService(backend, gate, leaving, metrics)
    yield report.ReportService(backend, metrics)
    yield direct_debit.DirectDebitService(backend, metrics)
    yield FieldService(backend, metrics)
    yield ChannelService(backend)
    yield reconciliation.ReconciliationService(backend, metrics)
    yield CaseService(backend, metrics)
    yield AdminService(backend)
    yield event.EventService(backend, gate, leaving, parts.signer, parts.followers)


def add(servicer: object, server: grpc.Server) -> str:
    """Adds a service to a server; its full name."""
    base = _contract_of(type(servicer))
    getattr(sys.modules[base.__module__], f"add_{base.__name__}_to_server")(servicer, server)
    return f"{CONTRACT}.{base.__name__.removesuffix('Servicer')}"


def _contract_of(kind: type) -> type:
    return next(base for base in kind.__mro__ if base.__module__.startswith(f"{CONTRACT}."))


COMPUTING = tuple(f"{CONTRACT}.{kind.__name__}" for kind in (TariffService, RatingService))
"""The full names of the services that every server has."""


def limits(settings: Settings, metrics: Metrics) -> Iterator[Surrounding]:
    """What counts the open streams of each method and refuses one too many."""
    for one in STREAMS:
        most: int = getattr(settings, one.setting)
        yield limited(one.method, one.setting, most, getattr(metrics, one.gauge))
