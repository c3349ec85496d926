"""The virtual payment terminal, message by message: the far side of ZVT with its own ledger. No sockets, no clocks, no threads.

Give it what happens and the time it happens at, perform what it answers in order, and call `advance` at `deadline_ms`. It is cheap to
make and may be deep-copied, so that a test can try every schedule. Source: ZVT protocol specification PA00P015.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from devices.terminals.zvt_codec import ACCEPTED, MORE_TIME, NOT_POSSIBLE, Apdu
from devices.virtual.payment_books import Books
from devices.virtual.payment_cards import Customer, DemoCard, Entry
from devices.virtual.payment_commands import RegisterWishes, Request, read_request, refusal_of, wishes_of
from devices.virtual.payment_ledger import Kind, LedgerEntry
from devices.virtual.payment_messages import (
    completion_data,
    end_of_day_slip,
    failure_information,
    intermediate_status,
    slips,
    status_information,
)
from devices.virtual.payment_settings import Fault, TerminalSettings
from devices.virtual.payment_visit import CANCELLED, CardVisit, Over, Removal, Show, Step, VisitStage
from devices.virtual.payment_voice import Drop, Manner, Mark, Output, Record, Send, Voice

SHOW_REMOVE, SHOW_REVERSING = 0x0B, 0x05
NO_TRANSACTION = 0x83


@dataclass(slots=True)
class TerminalCore:
    """One terminal. `customer` is who comes to it by themselves for each payment; None leaves it to `present_card` and the like."""

    settings: TerminalSettings = field(default_factory=TerminalSettings)
    books: Books = field(default_factory=Books)
    customer: Customer | None = None
    faults: set[Fault] = field(default_factory=set)
    connected: bool = False
    connection: int = 0
    registered: bool = False
    wishes: RegisterWishes = field(default_factory=RegisterWishes)
    visit: CardVisit | None = None
    request: Request | None = None
    held: LedgerEntry | None = None  # approved, and waiting for the register's answer
    asks: int = 0
    removal: Removal = field(default_factory=Removal)
    idle_since_ms: int = 0
    voice: Voice = field(init=False)

    def __post_init__(self) -> None:
        self.voice = Voice(self.settings.answer_timeout_ms, self.settings.answer_tries)

    # --- the line ---

    def connect(self, now_ms: int) -> tuple[int, list[Output]]:
        """A register connected, which ends any older line. The number tells messages of this line from those of older ones."""
        outputs = self.disconnect(now_ms) if self.connected else []
        self.connected, self.registered, self.idle_since_ms = True, False, now_ms
        self.connection += 1
        return self.connection, outputs

    def disconnect(self, now_ms: int) -> list[Output]:
        """The line broke. A payment in hand goes on without it; an approval that waits is kept or reversed, as it is set up."""
        self.connected = self.registered = False
        outputs: list[Output] = []
        if self.held is not None:
            outputs += self._settle(keep=self.settings.keeps_on_lost_ack, now_ms=now_ms)
        self.voice.answered()
        self.voice.held_until_ms = None
        return outputs + self._go_on(now_ms)

    def power_cycle(self, now_ms: int) -> list[Output]:
        """The terminal starts anew: the session is forgotten, the ledger kept."""
        outputs: list[Output] = [Drop()] if self.connected else []
        self.connected = self.registered = False
        for entry in self.books.ledger.open_authorisations():
            kind = Kind.CAPTURE if self.settings.keeps_on_lost_ack else Kind.REVERSAL
            outputs += self._record(entry.followed_by(kind, self.books.at(now_ms)))
        self.held = None
        self._rest(now_ms)
        self.voice.silence()
        return outputs

    def receive(self, apdu: Apdu, now_ms: int, connection: int | None = None) -> list[Output]:
        """A message of the register. One that was sent over an older line never arrives."""
        if not self.connected or (connection is not None and connection != self.connection):
            return []
        self.idle_since_ms = now_ms
        if apdu.command == ACCEPTED.command or apdu.command >> 8 == 0x84:
            return self._answered(apdu, now_ms) + self._go_on(now_ms)
        return self._asked(apdu, now_ms) + self._go_on(now_ms)

    # --- the customer ---

    def present_card(self, card: DemoCard, now_ms: int, entry: Entry = Entry.INSERTED) -> list[Output]:
        """A card is put in or tapped; ignored when none is awaited."""
        return self._visited(self.visit.present(card, entry, now_ms) if self.visit else [], now_ms)

    def enter_pin(self, digits: str, now_ms: int) -> list[Output]:
        """Digits and the green key; ignored when no PIN is awaited."""
        return self._visited(self.visit.key_pin(digits, now_ms) if self.visit else [], now_ms)

    def cancel_key(self, now_ms: int) -> list[Output]:
        """The red key; ignored once the bank is asked."""
        return self._visited(self.visit.cancel() if self.visit else [], now_ms)

    def remove_card(self, now_ms: int) -> list[Output]:
        """The card is taken out; before the bank is asked, this ends the payment."""
        if self.visit is None or self.visit.entry is not Entry.INSERTED:
            return []
        outputs = self.cancel_key(now_ms)
        self.visit.entry = None
        self.removal = Removal()
        return outputs + self._go_on(now_ms)

    # --- time ---

    @property
    def busy(self) -> bool:
        """Whether a command is being worked on."""
        return self.request is not None

    @property
    def deadline_ms(self) -> int | None:
        """When `advance` has something to do next; None when nothing happens by itself."""
        times = [self.voice.deadline_ms, self.removal.deadline_ms]
        if self.visit is not None:
            times.append(self.visit.deadline_ms)
        if self.settings.idle_drop_ms and self.connected and not self.busy:
            times.append(self.idle_since_ms + self.settings.idle_drop_ms)
        return min((at for at in times if at is not None), default=None)

    def advance(self, now_ms: int) -> list[Output]:
        """What the passing of time brings, up to `now_ms`."""
        outputs: list[Output] = []
        if self.visit is not None and _due(self.visit.deadline_ms, now_ms):
            outputs += self._visited(self.visit.advance(now_ms), now_ms)
        if _due(self.voice.deadline_ms, now_ms):
            outputs += self._unanswered(now_ms) if self._patience_is_over(now_ms) else self.voice.advance(now_ms)
        if self.removal.is_over(now_ms):
            outputs += self.remove_card(now_ms)
        if self.removal.take_reminder(now_ms):
            self.voice.agenda.extendleft(intermediate_status(SHOW_REMOVE, None, self.wishes))
        dropped_at = self.idle_since_ms + self.settings.idle_drop_ms
        if self.settings.idle_drop_ms and self.connected and not self.busy and dropped_at <= now_ms:
            outputs += [Drop(), *self.disconnect(now_ms)]
        return outputs + self._go_on(now_ms)

    # --- commands ---

    def _asked(self, apdu: Apdu, now_ms: int) -> list[Output]:
        if apdu.command == 0x06B0:
            return self._abort_asked(now_ms)
        request = read_request(apdu)
        if request is None:
            return [Send(NOT_POSSIBLE)]
        if self.busy or (request.moves_money and self._strikes(Fault.BUSY)):
            return [Send(MORE_TIME)]
        refusal = refusal_of(request, registered=self.registered, password=self.settings.password)
        if refusal is not None:
            return [Send(refusal)]
        if request.command == 0x0602:
            self.registered = False
            return [Send(ACCEPTED)]
        self.request = request
        self.voice.slow_ms = self.settings.slow_ms if self._strikes(Fault.SLOW) else 0
        return [Send(ACCEPTED), *self._begin(request, now_ms)]

    def _begin(self, request: Request, now_ms: int) -> list[Output]:
        if request.command in (0x0601, 0x0631):
            bank_ms = self.settings.late_reply_ms if self._strikes(Fault.LATE_REPLY) else self.settings.host_ms
            self.visit = CardVisit(request.amount_minor, self.settings, self.customer, bank_ms)
            return self._visited(self.visit.begin(now_ms), now_ms)
        if request.command == 0x0600:
            self.registered = True
            self.wishes = wishes_of(request)
        if request.command == 0x0630:
            return self._reverse(request, now_ms)
        if request.command == 0x0620:
            self._repeat()
            return []
        if request.command == 0x0650:
            return self._close_batch(now_ms)
        self._complete(completion_data(request, self.settings))
        return []

    def _abort_asked(self, now_ms: int) -> list[Output]:
        """06 B0: ends a payment until the bank is asked; nothing to do when idle; refused in between."""
        if self.visit is not None and self.visit.stage in (VisitStage.CARD, VisitStage.PIN):
            return [Send(ACCEPTED), *self.cancel_key(now_ms)]
        return [Send(MORE_TIME if self.busy else ACCEPTED)]

    def _reverse(self, request: Request, now_ms: int) -> list[Output]:
        reversal = self.books.reversal_of(request.receipt_no, now_ms, only_last=self.settings.only_last_reversible)
        if isinstance(reversal, int):
            self._fail(reversal)
            return []
        self.voice.agenda.append(status_information(reversal, self.settings))
        self._print(reversal)
        self._complete()
        lost = [Drop(), *self.disconnect(now_ms)] if self._strikes(Fault.APPROVAL_LOST) else []
        return self._record(reversal) + lost

    def _repeat(self) -> None:
        last, code = self.books.last_as_it_stands()
        if last is None:
            self._fail(NO_TRANSACTION)
            return
        self.voice.agenda.append(status_information(last, self.settings, code=code))
        self._print(last, again=True)
        self._complete()

    def _close_batch(self, now_ms: int) -> list[Output]:
        entry = self.books.new_entry(Kind.END_OF_DAY, self.books.ledger.charged_minor(), self.settings.currency, now_ms)
        self.voice.agenda.append(status_information(entry, self.settings))
        count = len(self.books.ledger.charges())
        self.voice.agenda += end_of_day_slip(entry, count, self.settings, self.wishes)
        self._complete()
        return self._record(entry)

    # --- a payment ---

    def _visited(self, steps: list[Step], now_ms: int) -> list[Output]:
        outputs: list[Output] = []
        for step in steps:
            if isinstance(step, Show):
                self._show(step)
            else:
                outputs += self._decided(step, now_ms)
        return outputs + self._card_faults(now_ms) + self._go_on(now_ms)

    def _card_faults(self, now_ms: int) -> list[Output]:
        """What was to go wrong as the card is read."""
        if self.visit is None or self.visit.card is None:
            return []
        if self._strikes(Fault.POWER_CYCLE):
            return self.power_cycle(now_ms)
        if self._strikes(Fault.GARBAGE):
            self.voice.manner = Manner.NOISE
        if self._strikes(Fault.UNPLUG):
            return [Drop(), *self.disconnect(now_ms)]
        return []

    def _decided(self, over: Over, now_ms: int) -> list[Output]:
        assert self.request is not None and self.visit is not None  # noqa: S101 -- a visit belongs to a request; for the type checker
        if not over.asked_bank:
            information = failure_information(
                over.code, self.request.amount_minor, self.settings.currency, self.settings
            )
            self.voice.agenda.append(information)
            self._fail(over.code)
            return []
        kind = Kind.REFUND if self.request.command == 0x0631 else Kind.AUTHORISATION
        entry = self.books.new_entry(
            kind,
            self.request.amount_minor,
            self.settings.currency,
            now_ms,
            code=over.code,
            card=self.visit.card,
            offline=over.offline,
        )
        outputs = self._record(entry)
        self.voice.agenda.append(status_information(entry, self.settings))
        if over.code != 0:
            self._print(entry)
            self._fail(over.code)
            return outputs
        self.held, self.asks = entry, 0
        return outputs + self._approval_faults(now_ms)

    def _approval_faults(self, now_ms: int) -> list[Output]:
        if self._strikes(Fault.DUPLICATE_APPROVAL):
            self.voice.manner = Manner.TWICE
        if self._strikes(Fault.HALF_FRAME):
            self.voice.manner = Manner.HALF
        if not self.connected:
            return self._settle(keep=self.settings.keeps_on_lost_ack, now_ms=now_ms)
        if self._strikes(Fault.APPROVAL_LOST):
            return [Drop(), *self.disconnect(now_ms)]
        return []

    def _answered(self, apdu: Apdu, now_ms: int) -> list[Output]:
        """The register's answer to the message in hand; to an approval it is the decision."""
        if not self._approval_is_out():
            self.voice.answered()
            return []
        if apdu == MORE_TIME and self.asks < self.settings.max_asks:
            self.asks += 1
            self.voice.ask_again_at(now_ms + self.settings.ask_again_ms)
            return []
        self.voice.answered()
        return self._settle(keep=apdu == ACCEPTED, now_ms=now_ms)

    def _settle(self, *, keep: bool, now_ms: int) -> list[Output]:
        """The approval in hand is kept, or let go again."""
        entry, self.held = self.held, None
        if entry is None:
            return []
        if not keep:
            outputs = self._record(entry.followed_by(Kind.REVERSAL, self.books.at(now_ms)))
            self._show(Show(SHOW_REVERSING))
            self._fail(CANCELLED)
            return outputs
        outputs = (
            self._record(entry.followed_by(Kind.CAPTURE, self.books.at(now_ms)))
            if entry.kind is Kind.AUTHORISATION
            else []
        )
        self._print(entry)
        self._complete()
        return outputs

    def _patience_is_over(self, now_ms: int) -> bool:
        return self.voice.waiting is not None and self.voice.exhausted and _due(self.voice.again_ms, now_ms)

    def _unanswered(self, now_ms: int) -> list[Output]:
        """Nobody answers: an approval is let go again, anything else means that nobody is there."""
        if self._approval_is_out():
            self.voice.answered()
            return self._settle(keep=False, now_ms=now_ms)
        return [Drop(), *self.disconnect(now_ms)]

    # --- saying it ---

    def _go_on(self, now_ms: int) -> list[Output]:
        """Say what there is to say, until an answer is awaited or nothing is left."""
        outputs: list[Output] = []
        while True:
            if not self.connected:
                while self.voice.agenda and isinstance(self.voice.agenda[0], Apdu):
                    self.voice.agenda.popleft()
            elif self._completion_is_next() and self._strikes(Fault.COMPLETION_LOST):
                return [*outputs, Drop(), *self.disconnect(now_ms)]
            said, mark = self.voice.next(now_ms)
            outputs += said
            if said and self._approval_is_out() and self._strikes(Fault.ACK_LOST):
                return [*outputs, Drop(), *self.disconnect(now_ms)]
            if mark is None:
                return outputs
            if mark is Mark.REMOVAL and self._card_is_in(now_ms):
                return outputs
            self.voice.agenda.popleft()
            if mark is Mark.END:
                self._rest(now_ms)

    def _completion_is_next(self) -> bool:
        item = self.voice.agenda[0] if self.voice.agenda and self.voice.waiting is None else None
        moved = self.request is not None and self.request.moves_money
        return moved and isinstance(item, Apdu) and item.command == 0x060F

    def _approval_is_out(self) -> bool:
        return self.held is not None and self.voice.waiting is not None and self.voice.waiting.command == 0x040F

    def _card_is_in(self, now_ms: int) -> bool:
        """Whether the card is still in the reader; the wait for its removal begins with the first question."""
        if self.visit is None or self.visit.entry is not Entry.INSERTED:
            return False
        if self.removal.until_ms is None:
            self.removal.begin(now_ms, self.settings, self.customer)
        return True

    def _show(self, show: Show) -> None:
        self.voice.agenda += intermediate_status(show.code, show.minutes, self.wishes)

    def _print(self, entry: LedgerEntry, *, again: bool = False) -> None:
        self.voice.agenda += slips(entry, self.settings, self.wishes, again=again)

    def _complete(self, data: bytes = b"") -> None:
        self._end(Apdu(0x060F, data))

    def _fail(self, code: int) -> None:
        self._end(Apdu(0x061E, bytes((code,))))

    def _end(self, apdu: Apdu) -> None:
        if self.visit is not None and self.visit.entry is Entry.INSERTED:
            self._show(Show(SHOW_REMOVE))
        self.voice.agenda += (Mark.REMOVAL, apdu, Mark.END)

    def _rest(self, now_ms: int) -> None:
        self.visit = self.request = None
        self.removal = Removal()
        self.voice.slow_ms, self.voice.manner, self.idle_since_ms = 0, Manner.PLAIN, now_ms

    def _record(self, entry: LedgerEntry) -> list[Output]:
        self.books.ledger.entries.append(entry)
        return [Record(entry)]

    def _strikes(self, fault: Fault) -> bool:
        """Whether the fault was armed; it happens once."""
        if fault not in self.faults:
            return False
        self.faults.discard(fault)
        return True


def _due(at_ms: int | None, now_ms: int) -> bool:
    return at_ms is not None and at_ms <= now_ms
