"""ReportService: what comes in of what is billed. Each handler: convert, call, convert, return.

A report reads all accounts, so do worklists and cut-offs: of each `reports_max` calls are taken at
a time, more are refused, so that those that wait for their turn never hold all threads.
"""

from collections import OrderedDict
from functools import partial
from threading import Lock

import grpc
import numpy as np

from billcore.core.accounts.checks import ints, texts
from billcore.core.accounts.policies import parse_policies
from billcore.core.collections.analytics import cut_offs, worklist
from billcore.core.collections.analytics.grouping import Asked
from billcore.core.collections.analytics.reading import AsOf, Check
from billcore.core.collections.analytics.report import report
from billcore.core.collections.analytics.worklist import Worklist
from billcore.core.rating.batch import Ints
from billcore.core.store import accounts
from billcore.core.store import cut_offs as rows
from billcore.core.store.port import Reader
from billcore.core.store.providers import Provider
from billcore.server import asked, pages
from billcore.server.backend import Backend, Write
from billcore.server.messages import account as fields
from billcore.server.messages import report as messages
from billcore.server.refusals import ServerDraining
from billcore.server.telemetry import Metrics
from billcore.v1 import report_service_pb2 as pb
from billcore.v1.report_service_pb2_grpc import ReportServiceServicer

Context = grpc.ServicerContext

WORKLISTS_MAX = 4
"""Worklists that are remembered between their pages; one that is forgotten is made again."""

Key = tuple[int, int, int, int, str]
"""Of a worklist: provider, day, known_at, least, policy."""


class ReportService(ReportServiceServicer):
    """The reports of the caller's provider over gRPC."""

    def __init__(self, backend: Backend, metrics: Metrics) -> None:
        self._backend = backend
        self._metrics = metrics
        self._turn = Lock()
        self._worklists: OrderedDict[Key, Worklist] = OrderedDict()

    def GetReport(self, request: pb.GetReportRequest, context: Context) -> pb.GetReportResponse:
        with self._metrics.report("report"), self._backend.store.read() as reader:
            provider = asked.provider(reader)
            moment = asked.moment(reader, self._backend.now())
            wanted = messages.request(request, provider, moment)
            found = report(reader, provider, wanted, partial(_check, context))
            return messages.report(found, wanted, provider)

    # -- warnings

    def ListWarnings(
        self, request: pb.ListWarningsRequest, context: Context
    ) -> pb.ListWarningsResponse:
        size = pages.page_size(request)
        with self._backend.store.read() as reader:
            provider = asked.provider(reader)
            moment = asked.moment(reader, self._backend.now())
            at = messages.place(request, moment, _least(provider))
            day, known_at, least, score, account_id = at
            check = partial(_check, context)
            listed = self._worklist(reader, provider, AsOf(day, known_at), least, check)
            page = listed.behind(score, account_id, size + 1)
            found = worklist.scored(reader, provider, AsOf(day, known_at), page[:size])
            numbers = _numbers(reader, page[:size])
        return pb.ListWarningsResponse(
            warnings=[messages.warning(one, numbers[one.account_id]) for one in found],
            day=fields.iso(day),
            known_at=known_at,
            next_page_token=messages.warnings_token(at, found[-1]) if len(page) > size else "",
            **asked.currency(provider),
        )

    def GetWarning(self, request: pb.GetWarningRequest, context: Context) -> pb.GetWarningResponse:
        with self._backend.store.read() as reader:
            account, provider = asked.account(reader, request), asked.provider(reader)
            at = messages.as_of(request, asked.moment(reader, self._backend.now()))
            wanted = np.array([account.account_id])
            (found,) = worklist.scored(reader, provider, at, wanted)
        told = messages.warning(found, account.number)
        return pb.GetWarningResponse(warning=told, **asked.currency(provider))

    def _worklist(
        self, reader: Reader, provider: Provider, at: AsOf, least: int, check: Check
    ) -> Worklist:
        """The worklist, made once for its pages."""
        policy = parse_policies(provider.policies).text
        key = (provider.provider_id, at.day, at.known_at, least, policy)
        with self._turn:
            found = self._worklists.pop(key, None)
            if found is None:
                with self._metrics.report("warnings"):
                    found = worklist.worklist(reader, provider, at, least, check)
            self._worklists[key] = found
            while len(self._worklists) > WORKLISTS_MAX:
                self._worklists.popitem(last=False)
        return found

    # -- cut-offs

    def FixCutOff(self, request: pb.FixCutOffRequest, context: Context) -> pb.FixCutOffResponse:
        month = messages.month(request.month, "month")
        day = fields.day(request.day, "day")

        by = Asked(request.area_length, request.class_attribute)

        def act(write: Write) -> pb.FixCutOffResponse:
            moment, provider = asked.moment(write.session, write.now), asked.provider(write.session)
            made = cut_offs.begin(write, provider, month, day, moment.today, by)
            return pb.FixCutOffResponse(cut_off=messages.cut_off(made, provider))

        with self._backend.store.read() as reader:
            provider = asked.provider(reader)
            cut_offs.check(reader, provider.provider_id, day, by)
        self._backend.once(request, context, act)
        with self._turn, self._metrics.report("cut_off"):
            store, now = self._backend.store, self._backend.now()
            made = cut_offs.complete(store, provider, month, day, now)
        with self._backend.store.read() as reader:
            told = _with_figures(reader, provider, made)
        return pb.FixCutOffResponse(cut_off=told)

    def GetCutOff(self, request: pb.GetCutOffRequest, context: Context) -> pb.GetCutOffResponse:
        month = messages.month(request.month, "month")
        with self._backend.store.read() as reader:
            provider = asked.provider(reader)
            found = cut_offs.found(reader, provider, month, fields.day(request.day, "day"))
            return pb.GetCutOffResponse(cut_off=_with_figures(reader, provider, found))

    def ListCutOffs(
        self, request: pb.ListCutOffsRequest, context: Context
    ) -> pb.ListCutOffsResponse:
        size, before = pages.page_size(request), messages.before(request)
        with self._backend.store.read() as reader:
            provider = asked.provider(reader)
            found = rows.listed(reader, provider.provider_id, before, size + 1)
        return messages.cut_offs(found, size, provider)


def _check(context: Context) -> None:
    """A report outlives its caller by a part of the accounts at most."""
    if not context.is_active():
        raise ServerDraining


def _least(provider: Provider) -> int:
    """The score of the first band; 1 where there is none."""
    bands = worklist.policy_of(provider).bands
    return bands[0].at_least if bands else 1


def _numbers(reader: Reader, account_id: Ints) -> dict[int, str]:
    """The numbers of accounts."""
    found = accounts.numbers_of(reader, account_id)
    told = zip(ints(found["account_id"]).tolist(), texts(found["number"]), strict=True)
    return dict(told)


def _with_figures(reader: Reader, provider: Provider, found: rows.CutOff) -> pb.CutOff:
    figures = rows.figures(reader, provider.provider_id, found.month, found.day)
    return messages.cut_off(found, provider, figures)
