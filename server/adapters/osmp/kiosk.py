"""What each command does: getInfo, check, pay, status, cancel.

One rule holds for all of them: a result that ends a payment is the server's word about it. Before
`pay` is told such a result, the server is asked what it has under that number; what it has is
answered as the first time, or as a conflict if the request says something else.
"""

import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace

import grpc.aio
import structlog

from billcore.core.payments.codes import MEANINGS, Code
from billcore.server.adapters.osmp import form as forms
from billcore.server.adapters.osmp import outcomes
from billcore.server.adapters.osmp.answers import Answer, money
from billcore.server.adapters.osmp.calls import Calls
from billcore.server.adapters.osmp.form import Order, Unfit
from billcore.server.adapters.osmp.settings import Settings
from billcore.v1 import payment_service_pb2 as pb

log = structlog.get_logger()

Form = Mapping[str, str]

MARGIN_SECONDS = 0.5
"""Of the time for an answer, what reading and writing it may take."""

KNOWN = (pb.PAYMENT_STATE_POSTED, pb.PAYMENT_STATE_SUSPENDED, pb.PAYMENT_STATE_TRANSFERRED)
"""States of a payment that stands."""


class Asked:
    """A request: its form, the id of its calls, and the time that is left for them."""

    def __init__(self, form: Form, request_id: str, seconds: float) -> None:
        self.form = form
        self.request_id = request_id
        self._until = time.monotonic() + seconds

    @property
    def rest(self) -> tuple[str, float]:
        """What the next call gets: the request's id, and so many seconds."""
        return self.request_id, max(self._until - time.monotonic() - MARGIN_SECONDS, 0)


class Kiosk:
    """The commands of one channel. Requests run beside one another; nothing is kept of them."""

    def __init__(self, settings: Settings, calls: Calls) -> None:
        self._settings = settings
        self._calls = calls
        self._under_way: Counter[str] = Counter()
        self.commands: Mapping[str, Callable[[Asked], Awaitable[Answer]]] = {
            "getInfo": self._get_info,
            "check": self._check,
            "pay": self._pay,
            "status": self._status,
            "getStatus": self._status,
            "cancel": self._cancel,
        }

    async def answer(self, asked: Asked) -> Answer:
        """What a request is told, whatever happens."""
        act = self.commands.get(asked.form.get("command", ""))
        if act is None:
            return Answer(Code.INVALID, f"command is one of {', '.join(self.commands)}")
        try:
            return await act(asked)
        except Unfit as unfit:
            return Answer(unfit.code, unfit.comment, txn_id=_echo(asked.form))
        except grpc.aio.AioRpcError as error:
            return Answer(_told(error), txn_id=_echo(asked.form))

    # -- asked

    async def _get_info(self, asked: Asked) -> Answer:
        forms.check_currency(asked.form, self._settings)
        return await self._fetched(asked, "")

    async def _check(self, asked: Asked) -> Answer:
        return await self._fetched(asked, forms.txn_id(asked.form))

    async def _fetched(self, asked: Asked, txn_id: str) -> Answer:
        account = asked.form.get("account", "").strip()
        forms.check_account(account, self._settings)
        amount = forms.amount(asked.form, self._settings) if asked.form.get("sum") else 0
        if amount:
            forms.check_amount(amount)
        try:
            found = await self._calls.fetch(account, *asked.rest)
        except grpc.aio.AioRpcError as error:
            code = _told(error)  # nothing was asked to be done, so nothing of it is unfinished
            return Answer(Code.TEMPORARY if code is Code.IN_PROGRESS else code, txn_id=txn_id)
        if found.currency != self._settings.currency:
            log.error("currency_differs", server=found.currency, settings=self._settings.currency)
            return Answer(Code.TEMPORARY, txn_id=txn_id)
        one = found.accounts[0]
        code = _judged(one, amount)
        if MEANINGS[code].fatal:
            return Answer(code, txn_id=txn_id)
        return Answer(code, txn_id=txn_id, amount=one.payable, fields=self._shown(one))

    def _shown(self, one: pb.PayableAccount) -> tuple[tuple[str, str], ...]:
        labels, settings = self._settings.labels, self._settings
        due = f"{money(one.payable, settings.digits)} {settings.currency}"
        due_day = one.documents[0].due_day if one.documents else ""
        shown = (
            (labels.name, one.name),
            (labels.address, one.address),
            (labels.due, due),
            (labels.due_day, due_day),
        )
        return tuple((label, text) for label, text in shown if label and text)

    async def _status(self, asked: Asked) -> Answer:
        txn_id = forms.txn_id(asked.form)
        found, under_way = await self._asked_for(asked, txn_id)
        if found.state in KNOWN and found.HasField("payment"):
            return _paid(txn_id, found.payment)
        if found.state == pb.PAYMENT_STATE_REVERSED:
            return Answer(Code.BILL_NOT_PAYABLE, "The payment is cancelled", txn_id=txn_id)
        if under_way:
            return Answer(Code.IN_PROGRESS, txn_id=txn_id)
        return Answer(Code.INTERNAL, "No such payment is known: send pay again", txn_id=txn_id)

    async def _asked_for(
        self, asked: Asked, txn_id: str, own: int = 0
    ) -> tuple[pb.GetPaymentStatusResponse, bool]:
        """Where a payment is, and whether it is under way, but for `own` requests of ours.

        One that was under way when the server was asked may be posted since: it counts as well.
        """
        before = self._under_way[txn_id]
        found = await self._calls.status(txn_id, *asked.rest)
        busy = max(before, self._under_way[txn_id]) > own
        return found, busy or found.state == pb.PAYMENT_STATE_IN_PROGRESS

    # -- paid

    async def _pay(self, asked: Asked) -> Answer:
        txn_id = forms.txn_id(asked.form)
        order, comment = None, ""
        with self._posting(txn_id):
            try:
                order = forms.order(asked.form, self._settings)
                forms.check_account(order.account, self._settings)
                forms.check_amount(order.amount)
                return _paid(txn_id, await self._calls.post(order, *asked.rest))
            except Unfit as unfit:
                code, comment = unfit.code, unfit.comment
            except grpc.aio.AioRpcError as error:
                code = _told(error)
            if not MEANINGS[code].fatal or code is Code.CONFLICT:
                return Answer(code, txn_id=txn_id)
            return await self._told_before(asked, txn_id, order) or Answer(
                code, comment, txn_id=txn_id
            )

    async def _told_before(self, asked: Asked, txn_id: str, order: Order | None) -> Answer | None:
        """What a payment that cannot be posted was told before; None: the server has none."""
        found, under_way = await self._asked_for(asked, txn_id, own=1)
        if found.HasField("payment") and order is not None and self._same(order, found.payment):
            return _paid(txn_id, found.payment)
        if found.HasField("payment") or found.parts:
            return Answer(Code.CONFLICT, txn_id=txn_id)
        return Answer(Code.IN_PROGRESS, txn_id=txn_id) if under_way else None

    def _same(self, order: Order, kept: pb.Payment) -> bool:
        said = int(self._settings.kind), order.account, order.amount, order.paid_at
        return said == (kept.target.kind, kept.target.text, kept.amount, kept.paid_at)

    @contextmanager
    def _posting(self, txn_id: str) -> Iterator[None]:
        """While a payment is under way nobody is told that it is not known."""
        self._under_way[txn_id] += 1
        try:
            yield
        finally:
            self._under_way[txn_id] -= 1
            if not self._under_way[txn_id]:
                del self._under_way[txn_id]

    # -- taken back

    async def _cancel(self, asked: Asked) -> Answer:
        txn_id = forms.txn_id(asked.form)
        cancelled = forms.txn_id(asked.form, "cancel_txn_id")
        whole = forms.amount(asked.form, self._settings) if asked.form.get("sum") else 0
        answer = await self._cancelled(asked, txn_id, cancelled, whole)
        return replace(answer, txn_id=txn_id, cancel_txn_id=cancelled)

    async def _cancelled(self, asked: Asked, txn_id: str, cancelled: str, whole: int) -> Answer:
        found, under_way = await self._asked_for(asked, cancelled)
        if not found.HasField("payment"):
            if under_way:
                return Answer(Code.IN_PROGRESS)
            return Answer(Code.INTERNAL, "No such payment is known")
        if whole and whole != found.payment.amount:
            return Answer(Code.INVALID, "A payment is cancelled whole")
        try:
            done = await self._calls.cancel(txn_id, cancelled, *asked.rest)
        except grpc.aio.AioRpcError as error:
            return Answer(_told(error))
        return Answer(Code.OK, prv_txn=str(done.reversal_id), amount=done.amount)


def _judged(one: pb.PayableAccount, amount: int) -> Code:
    """Whether an account can be paid an amount; 0: it is not known yet."""
    code = Code(one.code)
    if MEANINGS[code].fatal or not amount:
        return code
    if amount < one.least:
        return Code.AMOUNT_LOW
    if one.most and amount > one.most:
        return Code.AMOUNT_HIGH
    if one.exactness == pb.EXACTNESS_EXACT and amount != one.payable:
        return Code.AMOUNT_NOT_EXACT
    return code


def _paid(txn_id: str, payment: pb.Payment) -> Answer:
    """The answer to a payment: of what never changes of it, so that it is always the same."""
    return Answer(Code.OK, txn_id=txn_id, prv_txn=str(payment.payment_id), amount=payment.amount)


def _told(error: grpc.aio.AioRpcError) -> Code:
    """The code of a refused call, and an event for whoever has to mend it."""
    code, reason = outcomes.code_of(error), outcomes.reason_of(error)
    tell = log.error if outcomes.is_ours(error) else log.info
    tell("call_refused", status=error.code().name, reason=reason, code=code.name)
    return code


def _echo(form: Form) -> str:
    """The request's number, if it is one."""
    found = form.get("txn_id", "")
    return found if forms.TXN_ID.fullmatch(found) else ""
