"""What a register asks of the virtual payment terminal, read from its messages. Source: ZVT protocol specification PA00P015."""

from __future__ import annotations

from dataclasses import dataclass

from devices.terminals.zvt_codec import NOT_POSSIBLE, Apdu, ZvtError, from_bcd
from devices.terminals.zvt_fields import Fields, parse_fields, parse_tlv

_WITH_PASSWORD = frozenset((0x0600, 0x0620, 0x0630, 0x0631, 0x0650, 0x0501))
_WITHOUT_PASSWORD = frozenset((0x0601, 0x0602, 0x0670))
_WITHOUT_REGISTRATION = frozenset((0x0600, 0x0501))
_NOT_REGISTERED = Apdu(0x846B)
_PRINT_VIA_REGISTER, _INTERMEDIATE_STATUS, _SLIPS_AS_LINES = 0x02, 0x08, 0x80


@dataclass(frozen=True, slots=True)
class Request:
    """A command: `configuration` belongs to a registration, the amount to a payment or refund, the receipt number to a reversal."""

    command: int
    password: int | None
    configuration: int
    amount_minor: int
    receipt_no: int
    fields: Fields

    @property
    def moves_money(self) -> bool:
        """Whether it is a payment, a reversal or a refund."""
        return self.command in (0x0601, 0x0630, 0x0631)


@dataclass(frozen=True, slots=True)
class RegisterWishes:
    """What a register wants to be sent: intermediate status, slips to print, and those as text blocks rather than lines."""

    intermediate: bool = True
    slips: bool = True
    blocks: bool = False


def read_request(apdu: Apdu) -> Request | None:
    """The command that `apdu` is; None when it is none, or lacks what it needs."""
    data, password, configuration = apdu.data, None, 0
    if apdu.command in _WITH_PASSWORD:
        try:
            password = from_bcd(data[:3]) if len(data) >= 3 else None
        except ZvtError:
            return None
        if password is None and apdu.command != 0x0501:
            return None
        data = data[3:]
    elif apdu.command not in _WITHOUT_PASSWORD:
        return None
    if apdu.command == 0x0600:
        if not data:
            return None
        configuration = data[0]
        # The currency is optional; a field that follows at once is the service byte (03) or the container (06).
        data = data[3:] if data[1:2] not in (b"", b"\x03", b"\x06") else data[1:]
    fields = parse_fields(data)
    amount, receipt_no = fields.number(0x04), fields.number(0x87)
    if (apdu.command in (0x0601, 0x0631) and not amount) or (apdu.command == 0x0630 and receipt_no is None):
        return None
    return Request(apdu.command, password, configuration, amount or 0, receipt_no or 0, fields)


def refusal_of(request: Request, *, registered: bool, password: int | None) -> Apdu | None:
    """The refusal of a register that is not registered or has another password; None lets it through."""
    if not registered and request.command not in _WITHOUT_REGISTRATION:
        return _NOT_REGISTERED
    return NOT_POSSIBLE if password is not None and request.password not in (None, password) else None


def wishes_of(request: Request) -> RegisterWishes:
    """What a registration says of the register."""
    allowed = b"".join(
        value for tag, raw in request.fields.tlv if tag == 0x26 for inner, value in parse_tlv(raw) if inner == 0x0A
    )
    pairs = {allowed[at : at + 2] for at in range(0, len(allowed), 2)}
    prints = bool(request.configuration & _PRINT_VIA_REGISTER and request.configuration & _SLIPS_AS_LINES)
    return RegisterWishes(bool(request.configuration & _INTERMEDIATE_STATUS), prints, b"\x06\xd3" in pairs)
