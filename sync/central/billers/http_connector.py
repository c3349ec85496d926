"""The biller who speaks JSON over HTTP as docs/integrators/billers.md says: bounded, timed, and told that the same is the same."""

from __future__ import annotations

import queue
import time
from typing import Annotated, Final, TypeVar
from urllib.parse import quote, urlsplit

from pydantic import StringConstraints, ValidationError

from kiosk.domain.bills.bill import Bill
from kiosk.ports.billing import BillAnswer, BillStanding
from sync.central.billers.connector import Payment, Posted, Refused, UnreachableError
from sync.exchange import Exchange, LineError, Reply
from sync.protocol.bills import BillData, StandingTold
from sync.protocol.wire import Answer, Line, Request

M = TypeVar("M", bound=Answer)
ANSWER_MOST_BYTES: Final = 65_536
_MOST_IDLE: Final = 8
_LEAST_S: Final = 0.1
_BILLERS_OWN: Final = (BillStanding.OPEN, BillStanding.PAID, BillStanding.CLOSED, BillStanding.UNKNOWN)
_WHY: Final = {
    "offline": "cannot be reached",
    "timeout": "did not answer in time",
    "cut": "broke off",
    "tls": "does not prove to be the one that it should be",
    "foreign": "gave what is no answer",
    "closed": "is not asked any more, for the service ends",
}


class StandingQuestion(Request):
    """`POST standing`."""

    bill: BillData


class PaymentTold(Request):
    """`POST payments`, with `payment_ref` as the header Idempotency-Key, too."""

    payment_ref: str
    account: str
    reference: str
    amount_minor: int
    currency: str
    paid_at: str


class ReceiptGiven(Answer):
    """200 or 201: the biller has it, or has it already."""

    receipt_id: Annotated[Line, StringConstraints(min_length=1, max_length=100)]
    at: Line = ""


class RefusalGiven(Answer):
    """409 or 422 with this document: the biller will not have it, now or later."""

    refused: Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,39}$")]
    detail: Line = ""


class HttpConnector:
    """`BillerConnector` of one biller. A connection is kept for each call that was ever under way at once, `_MOST_IDLE` at most."""

    def __init__(self, name: str, url: str, *, key: str = "", ca_pem: str = "", within_s: float = 3.0) -> None:
        """`url` is what the addresses stand behind: https, or plain http on this machine. `key` is sent as a bearer token, "" for none.
        `ca_pem`: the only authority that is trusted, "" for those of the machine. Raises ValueError for another kind of address."""
        parts = urlsplit(url)
        if parts.query or parts.fragment:
            raise ValueError(f"{url!r} has a query; a biller's address is such as https://billing.example/tern")
        self.name = name
        self.within_s = within_s
        self._path = parts.path.rstrip("/")
        self._address = (f"{parts.scheme}://{parts.netloc}", ca_pem)
        self._headers = {"accept": "application/json"} | ({"authorization": f"Bearer {key}"} if key else {})
        self._idle: queue.LifoQueue[Exchange] = queue.LifoQueue(_MOST_IDLE)
        self._is_closed = False
        self._keep(Exchange(*self._address))

    def standing(self, bill: Bill) -> BillAnswer:
        """As `BillerConnector.standing`."""
        question = StandingQuestion(bill=BillData.of(bill)).model_dump_json().encode()
        reply = self._send("POST", "/standing", question)
        found = self._read(StandingTold, reply)
        if reply.status != 200 or found is None or not _is_of(bill, found):
            raise self._no_answer(reply)
        return found.answer

    def post(self, payment: Payment) -> Posted | Refused:
        """As `BillerConnector.post`."""
        told = PaymentTold(
            payment_ref=payment.payment_ref,
            account=payment.account,
            reference=payment.reference,
            amount_minor=payment.amount.minor,
            currency=payment.amount.currency,
            paid_at=payment.paid_at,
        )
        body = told.model_dump_json().encode()
        return self._settled(self._send("POST", "/payments", body, {"idempotency-key": payment.payment_ref}))

    def undo(self, payment_ref: str) -> Posted | Refused:
        """As `BillerConnector.undo`."""
        return self._settled(self._send("DELETE", f"/payments/{quote(payment_ref, safe='')}", b""))

    def close(self) -> None:
        """As `BillerConnector.close`."""
        self._is_closed = True
        while not self._idle.empty():
            self._idle.get().close()

    def _settled(self, reply: Reply) -> Posted | Refused:
        if reply.status in (200, 201) and (given := self._read(ReceiptGiven, reply)) is not None:
            return Posted(given.receipt_id, given.at)
        # Only a document says that it is for good: a bare 409 may be a proxy's, or a sign that the first telling is still under way.
        if reply.status in (409, 422) and (refusal := self._read(RefusalGiven, reply)) is not None:
            return Refused(refusal.refused, refusal.detail)
        raise self._no_answer(reply)

    def _send(self, method: str, target: str, body: bytes, headers: dict[str, str] | None = None) -> Reply:
        given = self._headers | (headers or {}) | ({"content-type": "application/json"} if body else {})
        try:
            exchange = self._idle.get_nowait()
        except queue.Empty:
            exchange = Exchange(*self._address)
        until_s = time.monotonic() + self.within_s
        try:
            try:
                return exchange.send(method, self._path + target, given, body, within_s=self.within_s)
            except LineError as error:
                left_s = until_s - time.monotonic()
                if error.reason != "cut" or left_s < _LEAST_S:
                    raise
                # A connection that lay idle may be found cut; everything that is said here may be said twice.
                return exchange.send(method, self._path + target, given, body, within_s=left_s)
        except LineError as error:
            raise UnreachableError(f"{self.name} {_WHY.get(error.reason, error.reason)}") from error
        finally:
            self._keep(exchange)

    def _keep(self, exchange: Exchange) -> None:
        try:
            if self._is_closed:
                raise queue.Full
            self._idle.put_nowait(exchange)
        except queue.Full:
            exchange.close()

    def _read(self, answer: type[M], reply: Reply) -> M | None:
        if len(reply.body) > ANSWER_MOST_BYTES:
            return None
        try:
            return answer.model_validate_json(reply.body)
        except ValidationError:
            return None

    def _no_answer(self, reply: Reply) -> UnreachableError:
        return UnreachableError(f"{self.name} answered with status {reply.status} and nothing that can be understood")


def _is_of(bill: Bill, found: StandingTold) -> bool:
    """Whether it is something that a biller can say of this bill: in its own currency."""
    amounts = (found.amount, found.fee, found.minimum, found.maximum)
    return found.standing in _BILLERS_OWN and all(each is None or each.currency == bill.currency for each in amounts)
