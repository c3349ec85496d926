"""A biller to try things out with: a real HTTP server with a ledger, which speaks as docs/integrators/billers.md says, and fails on demand.

It knows every bill as open, unless told otherwise or the amount ends in one of `ENDINGS`: a bill of any standard can meet every case.
"""

from __future__ import annotations

import http.server
import json
import logging
import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from http import HTTPStatus
from pathlib import Path
from typing import Any, Final
from urllib.parse import unquote

from pydantic import ValidationError

from kiosk.domain.bills.bill import Bill
from kiosk.domain.money import Money
from kiosk.ports.billing import BillAnswer, BillStanding
from sync.central.billers import connector
from sync.central.billers.http_connector import PaymentTold, StandingQuestion
from sync.protocol.bills import StandingTold

log = logging.getLogger(__name__)
MOST_BYTES: Final = 65_536
LATE_CHARGE_MINOR: Final = 500
# The last two digits of the amount, and what is so about the bill.
ENDINGS: Final[Mapping[int, str]] = {
    11: "paid",
    22: "overdue",
    33: "closed",
    44: "unknown",
    55: "changeable",
    66: "refused",
}
FAULTS: Final = (
    "slow",  # the answer comes after `slow_s`
    "500",  # nothing is done
    "drop",  # nothing is done, and nothing comes back
    "cut",  # it is done, and nothing comes back
    "garbage",  # it is done, and what comes back is no answer
)
_Answer = tuple[int, dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Receipt:
    """A payment in the ledger. `is_undone`: it was taken back."""

    receipt_id: str
    at: str
    account: str
    reference: str
    amount_minor: int
    currency: str
    is_undone: bool = False


class DemoBiller:
    """The biller, until `stop`. `start` and `stop` once; everything else from any thread."""

    def __init__(self, port: int = 0, *, key: str = "", ledger: Path | None = None, host: str = "127.0.0.1") -> None:
        """`key` is what callers have to send, "" for nobody has to. `ledger` keeps payments over a restart. Raises OSError."""
        self.payments: dict[str, Receipt] = {}
        self.slow_s = 2.0
        self.standings: dict[tuple[str, str], BillAnswer] = {}  # of (account, reference), before any rule
        self.asked = 0
        self.told: Counter[str] = Counter()  # how often of each payment
        self._key = key
        self._faults: list[str] = []
        self._state = threading.RLock()
        self._ledger = ledger
        for line in ledger.read_text("utf-8").splitlines() if ledger and ledger.is_file() else ():
            kept = json.loads(line)
            ref = kept.pop("payment_ref")
            self.payments[ref] = Receipt(**kept)
        self._server = _Server((host, port), self)
        self.url = f"http://{host}:{self._server.server_address[1]}"
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.05,), name="demo-biller", daemon=True
        )

    def start(self) -> None:
        """Serve."""
        self._thread.start()

    def stop(self) -> None:
        """End it, and every connection."""
        if self._thread.is_alive():
            self._server.shutdown()
            self._thread.join()
        self._server.server_close()

    def fail(self, kind: str, times: int = 1) -> None:
        """Let the next `times` requests meet a fault. Raises ValueError for one that there is not."""
        if kind not in FAULTS:
            raise ValueError(f"there is no fault {kind!r}; there are {', '.join(FAULTS)}")
        with self._state:
            self._faults += [kind] * times

    def mend(self) -> None:
        """As it should be."""
        with self._state:
            self._faults.clear()

    def answer(self, method: str, target: str, raw: bytes, headers: Mapping[str, str]) -> _Answer:
        """What one request comes to."""
        if self._key and headers.get("authorization") != f"Bearer {self._key}":
            return HTTPStatus.UNAUTHORIZED, {"detail": "the key is missing or not good"}
        try:
            if (method, target) == ("POST", "/standing"):
                return 200, self._standing(StandingQuestion.model_validate_json(raw).bill.bill)
            if (method, target) == ("POST", "/payments"):
                return self._paid(PaymentTold.model_validate_json(raw), headers.get("idempotency-key", ""))
            if method == "DELETE" and target.startswith("/payments/"):
                return self._undone(unquote(target.removeprefix("/payments/")))
            if (method, target) == ("POST", "/faults"):
                told = json.loads(raw)
                self.fail(str(told["kind"]), int(told.get("times", 1)))
                return 200, {"faults": len(self._faults)}
        except (ValidationError, ValueError, KeyError, TypeError) as error:
            return HTTPStatus.BAD_REQUEST, {"detail": str(error)[:300]}
        return HTTPStatus.NOT_FOUND, {"detail": "there are /standing, /payments, /faults"}

    def next_fault(self) -> str:
        """The fault that the next request meets, "" for none."""
        with self._state:
            return self._faults.pop(0) if self._faults else ""

    def _standing(self, bill: Bill) -> dict[str, Any]:
        with self._state:
            self.asked += 1
            paid = self._paid_by(bill.account, bill.reference or "", bill.amount.minor if bill.amount else None)
        if paid is not None:
            found = BillAnswer(BillStanding.PAID, paid_on=date.fromisoformat(paid.at[:10]))
        else:
            known = self.standings.get((bill.account, bill.reference or ""))
            found = known or _RULES[_ending(bill.amount.minor if bill.amount else 0)](bill)
        return json.loads(StandingTold.telling(found).model_dump_json(exclude_none=True))  # type: ignore[no-any-return] # an object, as dumped

    def _paid(self, told: PaymentTold, key: str) -> _Answer:
        if key != told.payment_ref:
            return HTTPStatus.BAD_REQUEST, {"detail": "the Idempotency-Key is not the payment_ref"}
        with self._state:
            self.told[told.payment_ref] += 1
            before = self.payments.get(told.payment_ref)
            if before is not None:
                return 200, {"receipt_id": before.receipt_id, "at": before.at}
            refused = self._refused(told)
            if refused:
                return HTTPStatus.CONFLICT, {"refused": refused, "detail": ""}
            receipt = Receipt(
                f"D-{len(self.payments) + 1:06d}",
                datetime.now(UTC).isoformat(timespec="milliseconds"),
                told.account,
                told.reference,
                told.amount_minor,
                told.currency,
            )
            self._keep(told.payment_ref, receipt)
        return HTTPStatus.CREATED, {"receipt_id": receipt.receipt_id, "at": receipt.at}

    def _refused(self, told: PaymentTold) -> str:
        """Why a payment is not taken, "" where it is."""
        if self._paid_by(told.account, told.reference, told.amount_minor):
            return connector.ALREADY_PAID
        known = self.standings.get((told.account, told.reference))
        standing = known.standing.value if known else _ending(told.amount_minor)
        return {
            "paid": connector.ALREADY_PAID,
            "closed": connector.CLOSED,
            "unknown": connector.UNKNOWN_BILL,
            "refused": "not-taken",
        }.get(standing, "")

    def _undone(self, payment_ref: str) -> _Answer:
        with self._state:
            receipt = self.payments.get(payment_ref)
            if receipt is None:
                return HTTPStatus.CONFLICT, {"refused": connector.UNKNOWN_PAYMENT, "detail": ""}
            self._keep(payment_ref, replace(receipt, is_undone=True))
        return 200, {"receipt_id": f"{receipt.receipt_id}-U", "at": receipt.at}

    def _keep(self, payment_ref: str, receipt: Receipt) -> None:
        self.payments[payment_ref] = receipt
        if self._ledger is not None:
            kept = {"payment_ref": payment_ref} | {name: getattr(receipt, name) for name in Receipt.__slots__}
            with self._ledger.open("a", encoding="utf-8") as file:
                file.write(f"{json.dumps(kept)}\n")

    def _paid_by(self, account: str, reference: str, amount_minor: int | None) -> Receipt | None:
        """A payment of the same bill. One without a reference, or with an open amount, can be paid many times."""
        if not reference or amount_minor is None:
            return None
        wanted = (account, reference, amount_minor)
        return next(
            (
                each
                for each in self.payments.values()
                if not each.is_undone and (each.account, each.reference, each.amount_minor) == wanted
            ),
            None,
        )


def _ending(amount_minor: int) -> str:
    return ENDINGS.get(amount_minor % 100, "open")


def _overdue(bill: Bill) -> BillAnswer:
    amount = bill.amount or Money(0, bill.currency)
    owed = amount + Money(LATE_CHARGE_MINOR, amount.currency)
    return BillAnswer(BillStanding.OPEN, amount=owed, due=bill.due or date.today() - timedelta(days=30))  # noqa: DTZ011 - a day, for people


def _changeable(bill: Bill) -> BillAnswer:
    amount = bill.amount or Money(0, bill.currency)
    least, most = Money(100, amount.currency), amount * 2
    return BillAnswer(BillStanding.OPEN, may_change=True, minimum=least, maximum=most)


_RULES: Final[Mapping[str, Callable[[Bill], BillAnswer]]] = {
    "open": lambda _: BillAnswer(BillStanding.OPEN),
    "refused": lambda _: BillAnswer(BillStanding.OPEN),
    "paid": lambda _: BillAnswer(BillStanding.PAID),
    "closed": lambda _: BillAnswer(BillStanding.CLOSED),
    "unknown": lambda _: BillAnswer(BillStanding.UNKNOWN),
    "overdue": _overdue,
    "changeable": _changeable,
}


class _Server(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, address: tuple[str, int], biller: DemoBiller) -> None:
        super().__init__(address, type("_Handler", (_Handler,), {"biller": biller}))

    def handle_error(self, *_: object) -> None:
        """Whoever asked has gone: nothing to be written down."""


class _Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 30.0
    biller: DemoBiller

    def do_POST(self) -> None:
        self._serve("POST")

    def do_DELETE(self) -> None:
        self._serve("DELETE")

    def log_message(self, *_: object) -> None:
        """No line for each request."""

    def _serve(self, method: str) -> None:
        biller = self.biller
        size = self.headers.get("content-length", "0")
        if not (size.isascii() and size.isdigit() and int(size[:9]) <= MOST_BYTES):
            self.close_connection = True
            self._say(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, b"{}")
            return
        raw = self.rfile.read(int(size))
        fault = "" if self.path == "/faults" else biller.next_fault()
        if fault == "500":
            self._say(HTTPStatus.INTERNAL_SERVER_ERROR, b"sorry")
            return
        if fault == "drop":
            self.close_connection = True
            return
        headers = {name.lower(): value for name, value in self.headers.items()}
        status, found = biller.answer(method, self.path, raw, headers)
        if fault == "slow":
            time.sleep(biller.slow_s)
        if fault == "cut":
            self.close_connection = True
            return
        self._say(status, b"<html>" if fault == "garbage" else json.dumps(found).encode())

    def _say(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
