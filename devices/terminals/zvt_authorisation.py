"""One payment on a ZVT terminal, from the first message to the completion, with the commit point in between."""

from __future__ import annotations

import logging
import threading
import time
from datetime import date

from devices.terminals.zvt_codec import ZvtError
from devices.terminals.zvt_conversation import Conversation
from devices.terminals.zvt_fields import StatusInformation
from devices.terminals.zvt_outcome import outcome_of, unknown
from devices.terminals.zvt_session import (
    Aborted,
    Accepted,
    Approval,
    Command,
    Completed,
    Decision,
    Event,
    Information,
    Phase,
    Progress,
    Refused,
    Stray,
)
from devices.transport import TransportLostError
from kiosk.domain.money import Money
from kiosk.domain.payment import Outcome
from kiosk.ports import DeviceRefusedError, PaymentListener, TerminalMessage

log = logging.getLogger(__name__)

# Within 2 s the terminal must have an answer to its approval (facts: it asks again every 2 to 4 s).
_ASK_FOR_TIME_MS = 1_500
_LISTEN_MS = 200
_AFTER_ABORT_MS = 5_000
_GRACE_MS = 10_000


class Wishes:
    """What other threads want of the payment in hand: to give up, to keep or to refuse an approval. Thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._cancel = self._asked = False
        self._keep: bool | None = None

    def clear(self) -> None:
        """A new payment begins."""
        with self._lock:
            self._cancel, self._asked, self._keep = False, False, None

    def cancel(self) -> None:
        """Give up at the next chance."""
        with self._lock:
            self._cancel = True

    def ask(self) -> None:
        """An approval is there to be decided on."""
        with self._lock:
            self._asked = True

    def decide(self, *, keep: bool) -> None:
        """Answer the approval; before there is one, nothing: a late answer to an older payment must not decide on this one."""
        with self._lock:
            if self._asked:
                self._keep = keep

    @property
    def decision(self) -> bool | None:
        """The answer to the approval, if there is one yet."""
        with self._lock:
            return self._keep

    def take_cancel(self) -> bool:
        """Whether to give up; told once."""
        with self._lock:
            wanted, self._cancel = self._cancel, False
            return wanted


class Authorisation:
    """Runs once, on the device's thread. `command` is AUTHORISE, or REFUND which goes the same way."""

    def __init__(
        self,
        conversation: Conversation,
        amount: Money,
        wishes: Wishes,
        listener: PaymentListener,
        *,
        today: date,
        limit_ms: int,
        command: Command = Command.AUTHORISE,
    ) -> None:
        self._conversation, self._session = conversation, conversation.session
        self._amount, self._wishes, self._listener = amount, wishes, listener
        self._today, self._command = today, command
        self._limit_ms = limit_ms
        self._deadline = time.monotonic() + limit_ms / 1000
        self._accepted = self._given_up = False
        self._information: StatusInformation | None = None
        self._seen: Outcome | None = None
        self._owed_since: float | None = None
        self._mismatch = False

    def run(self) -> Outcome:
        """The outcome; UNKNOWN whenever the terminal's own word is missing. Raises TransportLostError only if nothing was sent."""
        session = self._session
        try:
            start = session.refund if self._command is Command.REFUND else session.authorise
            apdu = start(self._amount.minor)
        except ZvtError as error:
            raise DeviceRefusedError(f"{self._amount} cannot be charged: {error}", "amount-not-possible") from error
        try:
            self._conversation.send(apdu)
        except TransportLostError as error:
            if error.sent == 0:
                raise
            return self._lost("line-lost", error)
        try:
            return self._follow()
        except TransportLostError as error:
            return self._lost("line-lost", error)

    def _follow(self) -> Outcome:
        while True:
            for event in self._conversation.listen(_LISTEN_MS):
                outcome = self._take(event)
                if outcome is not None:
                    self._conversation.settle()
                    return outcome
            self._answer_approval()
            if self._can_abort() and self._wishes.take_cancel():
                self._conversation.send(self._session.abort())
            if not self._accepted or self._session.phase is Phase.DECIDING:
                # An approval is asked about again and again: a terminal that stopped asking is gone.
                self._conversation.check_silence(accepted=self._accepted)
            if time.monotonic() > self._deadline and self._session.phase is not Phase.DECIDING:
                if self._given_up or not self._can_abort():
                    return self._lost("timeout", None)
                self._given_up = True
                self._conversation.send(self._session.abort())
                self._extend(_AFTER_ABORT_MS)

    def _take(self, event: Event) -> Outcome | None:
        """What an event changes; the outcome when it is the last."""
        if isinstance(event, Accepted):
            self._accepted = self._accepted or event.command is self._command
        elif isinstance(event, Progress):
            self._progressed(event)
        elif isinstance(event, Information):
            self._information = event.status
        elif isinstance(event, Approval):
            self._approved(event)
        elif isinstance(event, Stray) and event.refused:
            log.warning("an approval that belongs to no payment of ours was turned back")
        elif isinstance(event, Refused) and event.command is self._command:
            return self._outcome(code=event.code)
        elif isinstance(event, Completed | Aborted) and event.command is self._command:
            return self._ended(event)
        return None

    def _progressed(self, progress: Progress) -> None:
        waits_ms = (progress.timeout_min or 0) * 60_000
        if waits_ms:
            self._extend(waits_ms + _GRACE_MS)
        elif (
            self._session.decision is not None
        ):  # paid; what is left is a card to be taken out, in the customer's own time
            self._extend(self._limit_ms)
        self._listener.progress(TerminalMessage(progress.word, waits_ms // 1000 or None))

    def _approved(self, approval: Approval) -> None:
        if self._owed_since is None:  # a repeat does not give us longer
            self._owed_since = time.monotonic()
        status = approval.status
        self._mismatch = status.amount_minor not in (None, self._amount.minor)
        if approval.repeated or self._mismatch:
            return
        self._seen = outcome_of(status, asked=self._amount, currency=self._amount.currency, today=self._today)
        self._wishes.ask()
        self._listener.approved(self._seen)

    def _answer_approval(self) -> None:
        """The commit point: the decision as soon as there is one, a request for time before the terminal loses patience."""
        if self._session.phase is not Phase.DECIDING or self._owed_since is None:
            return
        decision = False if self._mismatch else self._wishes.decision
        if decision is not None:
            self._conversation.send(self._session.acknowledge() if decision else self._session.refuse_goods())
        elif (time.monotonic() - self._owed_since) * 1000 < _ASK_FOR_TIME_MS:
            return
        else:
            self._conversation.send(self._session.ask_for_time())
        self._owed_since = None
        self._extend(self._limit_ms)

    def _ended(self, event: Completed | Aborted) -> Outcome:
        if isinstance(event, Completed) and self._session.decision is Decision.KEPT:
            return outcome_of(
                self._session.approval,
                asked=self._amount,
                slips=event.slips,
                currency=self._amount.currency,
                today=self._today,
            )
        if self._session.approval is not None or isinstance(event, Completed):
            # The terminal ended without our answer or against it: only its own books can say what stands.
            return unknown("amount-mismatch" if self._mismatch else "not-confirmed", self._amount, self._seen)
        return self._outcome(code=event.code, event=event)

    def _outcome(self, code: int, event: Aborted | None = None) -> Outcome:
        return outcome_of(
            self._information,
            asked=self._amount,
            code=code,
            slips=event.slips if event is not None else None,
            currency=self._amount.currency,
            today=self._today,
        )

    def _lost(self, reason: str, error: TransportLostError | None) -> Outcome:
        log.warning(
            "a payment's end is unknown (%s): %s", reason, error or "the terminal did not come to an end in time"
        )
        return unknown(reason, self._amount, self._seen)

    def _can_abort(self) -> bool:
        return self._accepted and self._session.phase is Phase.RUNNING and self._session.approval is None

    def _extend(self, more_ms: int) -> None:
        self._deadline = max(self._deadline, time.monotonic() + more_ms / 1000)
