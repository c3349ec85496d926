"""The register's side of a ZVT conversation, message by message: no sockets, no clocks, no threads.

Commands give the message to send; `receive` gives what a message of the terminal means, answers included. The one answer it never
gives by itself is that to an approved 04 0F, the commit point: `acknowledge`, `ask_for_time` and `refuse_goods` do.
Source: ZVT protocol specification PA00P015.
"""

from __future__ import annotations

from dataclasses import field
from enum import Enum, IntEnum, auto

from devices.terminals.zvt_codec import ACCEPTED, GOODS_REFUSED, MORE_TIME, NOT_POSSIBLE, Apdu, ZvtError, to_bcd
from devices.terminals.zvt_fields import StatusInformation, build_fields, build_tlv, parse_status
from devices.terminals.zvt_slip import SlipCollector, Slips
from devices.terminals.zvt_words import progress_word
from kiosk.domain.records import dataclass


class Command(IntEnum):
    """What the register asks, by class and instruction."""

    REGISTER = 0x0600
    AUTHORISE = 0x0601
    LOG_OFF = 0x0602
    REPEAT_RECEIPT = 0x0620
    REVERSE = 0x0630
    REFUND = 0x0631
    END_OF_DAY = 0x0650
    DIAGNOSE = 0x0670
    STATUS = 0x0501
    ABORT = 0x06B0


class Phase(Enum):
    """Where the conversation stands."""

    IDLE = auto()
    ASKED = auto()  # a command is out and neither accepted nor refused
    RUNNING = auto()  # accepted: the terminal speaks until 06 0F or 06 1E
    DECIDING = auto()  # an approved 04 0F is in, and waits for our decision


_MOVES: dict[Phase, frozenset[Phase]] = {
    Phase.IDLE: frozenset((Phase.ASKED,)),
    Phase.ASKED: frozenset((Phase.IDLE, Phase.RUNNING)),
    Phase.RUNNING: frozenset((Phase.IDLE, Phase.DECIDING)),
    Phase.DECIDING: frozenset((Phase.IDLE, Phase.RUNNING)),
}


class Decision(Enum):
    """How the commit point of this transaction was answered."""

    KEPT = auto()
    REFUSED = auto()


# --- what a message of the terminal meant ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Reply:
    """Send this now: the terminal waits for it."""

    apdu: Apdu


@dataclass(frozen=True, slots=True)
class Accepted:
    """The terminal took `command` up."""

    command: Command


@dataclass(frozen=True, slots=True)
class Refused:
    """The terminal refused `command`: error code `code` (84 xx)."""

    command: Command
    code: int


@dataclass(frozen=True, slots=True)
class Progress:
    """The terminal tells the customer `word`; `timeout_min` minutes are left for it, where it says so."""

    word: str
    timeout_min: int | None


@dataclass(frozen=True, slots=True)
class Approval:
    """The commit point: approved, and waiting for our decision. `repeated`: the terminal asks again."""

    status: StatusInformation
    repeated: bool


@dataclass(frozen=True, slots=True)
class Information:
    """A 04 0F that asks for no decision: a failed transaction, a reversal, a repeated receipt."""

    status: StatusInformation


@dataclass(frozen=True, slots=True)
class Completed:
    """06 0F: `command` is over, successfully. `status_code` is the terminal's condition after a status enquiry, else None."""

    command: Command
    slips: Slips
    status_code: int | None = None


@dataclass(frozen=True, slots=True)
class Aborted:
    """06 1E: `command` is over and failed with error code `code`."""

    command: Command
    slips: Slips
    code: int


@dataclass(frozen=True, slots=True)
class Stray:
    """A message that belongs to nothing we asked, `command` its class and instruction; `refused`: a charge was turned back."""

    command: int
    refused: bool = False


Event = Reply | Accepted | Refused | Progress | Approval | Information | Completed | Aborted | Stray

# ECR prints payment and administration slips (02, 04), wants intermediate status (08), controls payments (10), slips as lines (80).
_CONFIGURATION = 0x02 | 0x04 | 0x08 | 0x10 | 0x80
_TEXT_BLOCKS_WELCOME = build_tlv(0x26, build_tlv(0x0A, b"\x06\xd3"))
_NO_REASON = 0xFF  # a failure with code 0 is still a failure
# The commands that take or give money on a card, whose approval is therefore a commit point.
_DECIDED = frozenset((Command.AUTHORISE, Command.REFUND))
_INFORMING = frozenset((Command.AUTHORISE, Command.REFUND, Command.REVERSE, Command.REPEAT_RECEIPT, Command.END_OF_DAY))


@dataclass(slots=True)
class ZvtSession:
    """One connection's conversation; make a new one for each. `password` is six digits, `currency` the ISO 4217 number."""

    password: int
    currency: int
    phase: Phase = Phase.IDLE
    command: Command | None = None
    decision: Decision | None = None
    approval: StatusInformation | None = None
    _unanswered: tuple[Command, ...] = ()
    _slips: SlipCollector = field(default_factory=SlipCollector)

    # --- commands ---

    def register(self) -> Apdu:
        """06 00: first thing after connecting."""
        data = to_bcd(self.password, 3) + bytes((_CONFIGURATION,)) + to_bcd(self.currency, 2)
        return self._ask(Command.REGISTER, data + build_fields({0x03: b"\0", 0x06: _TEXT_BLOCKS_WELCOME}))

    def authorise(self, amount_minor: int) -> Apdu:
        """06 01: charge `amount_minor`. Its approval waits for a decision."""
        return self._ask(Command.AUTHORISE, build_fields(self._amount(amount_minor)))

    def reverse(self, receipt_no: int) -> Apdu:
        """06 30: reverse the payment with this receipt number."""
        return self._ask(Command.REVERSE, to_bcd(self.password, 3) + build_fields({0x87: to_bcd(receipt_no, 2)}))

    def refund(self, amount_minor: int) -> Apdu:
        """06 31: give `amount_minor` back on a card. Its approval waits for a decision."""
        return self._ask(Command.REFUND, to_bcd(self.password, 3) + build_fields(self._amount(amount_minor)))

    def repeat_receipt(self) -> Apdu:
        """06 20: the last transaction's status information and slips once more."""
        return self._ask(Command.REPEAT_RECEIPT, to_bcd(self.password, 3))

    def ask_status(self) -> Apdu:
        """05 01: how the terminal is."""
        return self._ask(Command.STATUS, to_bcd(self.password, 3))

    def end_of_day(self) -> Apdu:
        """06 50: close the terminal's batch."""
        return self._ask(Command.END_OF_DAY, to_bcd(self.password, 3))

    def diagnose(self) -> Apdu:
        """06 70: have the terminal try its line to the bank."""
        return self._ask(Command.DIAGNOSE)

    def log_off(self) -> Apdu:
        """06 02: the end of a registration."""
        return self._ask(Command.LOG_OFF)

    def abort(self) -> Apdu:
        """06 B0: give up what is going on. Allowed at any time but at the commit point, which has answers of its own."""
        if self.phase is Phase.DECIDING:
            raise ZvtError("an approval waits for its decision; refuse the goods instead of aborting")
        self._unanswered += (Command.ABORT,)
        return Apdu(Command.ABORT)

    def slips(self) -> Slips:
        """The slip lines gathered since the command began, taken away."""
        return self._slips.take()

    # --- the commit point ---

    def acknowledge(self) -> Apdu:
        """80 00 00: the outcome is durable; the terminal keeps the money."""
        return self._decide(Decision.KEPT, ACCEPTED)

    def refuse_goods(self) -> Apdu:
        """84 66 00: the goods could not be given; the terminal reverses by itself."""
        return self._decide(Decision.REFUSED, GOODS_REFUSED)

    def ask_for_time(self) -> Apdu:
        """84 9C 00: the decision takes longer; the terminal asks again after 2 to 4 s."""
        if self.phase is not Phase.DECIDING:
            raise ZvtError("no approval waits for a decision")
        return MORE_TIME

    # --- what the terminal sends ---

    def receive(self, apdu: Apdu) -> list[Event]:
        """What `apdu` means, in order. Never raises."""
        if apdu.command == ACCEPTED.command or apdu.command >> 8 == 0x84:
            return self._answered(apdu)
        if apdu.command == 0x04FF:
            code = apdu.data[0] if apdu.data else 0x0E
            has_minutes = len(apdu.data) == 2 or (len(apdu.data) > 2 and apdu.data[1] != 0x06)  # 06 begins a container
            minutes = apdu.data[1] if has_minutes else None
            return [Reply(ACCEPTED), Progress(progress_word(code), minutes)]
        if apdu.command == 0x040F:
            return self._informed(parse_status(apdu.data))
        if apdu.command in (0x06D1, 0x06D3):
            self._slips.collect(apdu)
            return [Reply(ACCEPTED)]
        if apdu.command in (0x060F, 0x061E):
            return [Reply(ACCEPTED), self._ended(apdu)]
        return [Reply(NOT_POSSIBLE), Stray(apdu.command)]

    def _answered(self, apdu: Apdu) -> list[Event]:
        if not self._unanswered:
            return [Stray(apdu.command)]
        command, self._unanswered = self._unanswered[0], self._unanswered[1:]
        refused = apdu.command != ACCEPTED.command
        if refused:
            if command is not Command.ABORT:
                self._move(Phase.IDLE)
            return [Refused(command, apdu.command & 0xFF or _NO_REASON)]
        if command is not Command.ABORT:
            self._move(Phase.RUNNING)
        if command is Command.LOG_OFF:  # nothing follows its acceptance (PA00P015)
            self._move(Phase.IDLE)
        return [Accepted(command)]

    def _informed(self, status: StatusInformation) -> list[Event]:
        """A 04 0F: the commit point, a plain piece of information, or money that nobody here asked for."""
        if self.phase not in (Phase.RUNNING, Phase.DECIDING) or self.command not in _INFORMING:
            return [Reply(GOODS_REFUSED), Stray(0x040F, refused=True)]
        if self.command not in _DECIDED or not status.approved:
            return [Reply(ACCEPTED), Information(status)]
        if self.approval is not None and not _same(status, self.approval):
            return [Reply(GOODS_REFUSED), Stray(0x040F, refused=True)]
        if self.decision is not None:  # our answer was lost on its way: the same answer again
            return [Reply(ACCEPTED if self.decision is Decision.KEPT else GOODS_REFUSED)]
        repeated = self.approval is not None
        self.approval = status
        if not repeated:
            self._move(Phase.DECIDING)
        return [Approval(status, repeated)]

    def _ended(self, apdu: Apdu) -> Event:
        command, slips = self.command, self._slips.take()
        if command is None or self.phase not in (Phase.RUNNING, Phase.DECIDING):
            return Stray(apdu.command)
        self._move(Phase.IDLE)
        self.command = None
        if apdu.command == 0x061E:
            return Aborted(command, slips, apdu.data[0] if apdu.data and apdu.data[0] else _NO_REASON)
        return Completed(command, slips, _condition(apdu.data) if command is Command.STATUS else None)

    # --- details ---

    def _amount(self, amount_minor: int) -> dict[int, bytes]:
        return {0x04: to_bcd(amount_minor, 6), 0x49: to_bcd(self.currency, 2)}

    def _ask(self, command: Command, data: bytes = b"") -> Apdu:
        if self.phase is not Phase.IDLE:
            raise ZvtError(f"{command.name} must wait: {self.phase.name} with another command")
        self._move(Phase.ASKED)
        self.command, self.decision, self.approval = command, None, None
        self._slips = SlipCollector()
        self._unanswered += (command,)
        return Apdu(command, data)

    def _decide(self, decision: Decision, answer: Apdu) -> Apdu:
        if self.phase is not Phase.DECIDING:
            raise ZvtError("no approval waits for a decision")
        self.decision = decision
        self._move(Phase.RUNNING)
        return answer

    def _move(self, phase: Phase) -> None:
        if phase not in _MOVES[self.phase]:
            raise ZvtError(f"a session cannot go from {self.phase.name} to {phase.name}")
        self.phase = phase


def _same(one: StatusInformation, other: StatusInformation) -> bool:
    return (one.trace, one.receipt_no, one.amount_minor) == (other.trace, other.receipt_no, other.amount_minor)


def _condition(data: bytes) -> int:
    """The terminal's condition after a status enquiry; 0 (ready) where a field (19, 29, 49, F0, 06) follows at once; PA00P015."""
    return data[0] if data and data[0] not in (0x06, 0x19, 0x29, 0x49, 0xF0) else 0
