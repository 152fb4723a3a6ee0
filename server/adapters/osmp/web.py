"""The HTTP of an adapter: who may call, how much is read, what is answered.

Goals: what is no request of the protocol gets an HTTP status and costs nothing; every other gets an
answer of the protocol with status 200. Accounts and sums stay out of the log.
"""

import asyncio
import time
import uuid
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from ipaddress import ip_address

import structlog
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from billcore.core.payments.codes import Code
from billcore.server.adapters.osmp import answers
from billcore.server.adapters.osmp import form as forms
from billcore.server.adapters.osmp.answers import Answer
from billcore.server.adapters.osmp.calls import Calls
from billcore.server.adapters.osmp.form import Unfit
from billcore.server.adapters.osmp.kiosk import Asked, Kiosk
from billcore.server.adapters.osmp.metrics import Metrics
from billcore.server.adapters.osmp.settings import Settings

URL_ENCODED = "application/x-www-form-urlencoded"

NOT_KEPT = {"cache-control": "no-store"}

BODY_SECONDS = 10
"""A body that takes longer to come is given up."""

log = structlog.get_logger()


class NotOurs(Exception):
    """A request that the protocol does not have. status: of HTTP."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


class Web:
    """The application of one adapter; `app` is what an HTTP server runs."""

    def __init__(
        self, settings: Settings, key: str, metrics: Metrics, started: Callable[[], None]
    ) -> None:
        self._settings = settings
        self._key = key
        self._metrics = metrics
        self._started = started
        self._calls: Calls | None = None
        self._kiosk: Kiosk | None = None
        self.app = Starlette(
            routes=[
                Route("/health", self._health, methods=["GET"]),
                Route(settings.path, self._protocol, methods=["GET", "POST"]),
            ],
            lifespan=self._lifespan,
        )

    @property
    def _lifespan(self) -> Callable[[Starlette], AbstractAsyncContextManager[None]]:
        @asynccontextmanager
        async def lifespan(_: Starlette) -> AsyncIterator[None]:
            calls = self._calls = Calls(self._settings, self._key)
            self._kiosk = Kiosk(self._settings, calls)
            self._started()
            yield
            await calls.close()

        return lifespan

    async def _health(self, _: Request) -> Response:
        assert self._calls is not None  # the application is started
        if await self._calls.healthy():
            return PlainTextResponse("serving\n")
        return PlainTextResponse("the server does not answer\n", 503)

    async def _protocol(self, request: Request) -> Response:
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=uuid.uuid4().hex)
        with self._metrics.under_way.track_inprogress():
            try:
                return await self._answered(request)
            except NotOurs as error:
                self._metrics.refused(error.status)
                log.info("request_refused", status=error.status, why=str(error))
                return PlainTextResponse(f"{error}\n", error.status)

    async def _answered(self, request: Request) -> Response:
        begun = time.monotonic()
        if request.method == "HEAD":  # comes with GET; a payment has an answer
            raise NotOurs(405, "Requests come by GET or POST.")
        self._check_source(request)
        query = self._query(request)
        body = await self._body(request) if request.method == "POST" else b""
        answer, command = await self._answer(query, body)
        seconds = time.monotonic() - begun
        self._metrics.answered(command, answer.result, seconds)
        log.info(
            "request_answered",
            command=command,
            txn_id=answer.txn_id,
            result=answer.result,
            milliseconds=round(seconds * 1000, 3),
        )
        document = answers.encoded(answer, self._settings.digits)
        return Response(document, headers=NOT_KEPT, media_type=answers.MEDIA_TYPE)

    async def _answer(self, query: bytes, body: bytes) -> tuple[Answer, str]:
        """The answer, and the command if there is such one."""
        assert self._kiosk is not None  # the application is started
        try:
            form = forms.parameters(query, body, most=self._settings.parameters_max)
        except Unfit as unfit:
            return Answer(unfit.code, unfit.comment), ""
        command = form.get("command", "")
        known = command if command in self._kiosk.commands else ""
        request_id = str(structlog.contextvars.get_contextvars()["request_id"])
        asked = Asked(form, request_id, self._settings.answer_seconds)
        try:
            return await self._kiosk.answer(asked), known
        except Exception:
            # What became of the request is not known, so it has to be sent again.
            log.exception("request_failed")
            return Answer(Code.TEMPORARY), known

    def _check_source(self, request: Request) -> None:
        try:
            caller = ip_address(request.client.host if request.client else "")
        except ValueError:
            raise NotOurs(403, "This address may not call.") from None
        caller = getattr(caller, "ipv4_mapped", None) or caller  # as a listener on :: has them
        if not any(caller in network for network in self._settings.sources):
            raise NotOurs(403, "This address may not call.")

    def _query(self, request: Request) -> bytes:
        query: bytes = request.scope["query_string"]
        if len(query) > self._settings.query_bytes_max:
            raise NotOurs(414, f"A query has at most {self._settings.query_bytes_max} bytes.")
        return query

    async def _body(self, request: Request) -> bytes:
        kind = request.headers.get("content-type", URL_ENCODED).partition(";")[0]
        if kind.strip().lower() != URL_ENCODED:
            raise NotOurs(415, f"A body is {URL_ENCODED}.")
        body = b""
        try:
            async with asyncio.timeout(BODY_SECONDS):
                async for chunk in request.stream():
                    body += chunk
                    if len(body) > self._settings.body_bytes_max:
                        most = self._settings.body_bytes_max
                        raise NotOurs(413, f"A body has at most {most} bytes.")
        except (TimeoutError, ClientDisconnect):
            raise NotOurs(408, "The body did not come.") from None
        return body
