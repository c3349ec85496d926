"""What the virtual payment terminal says: status information and card slips, built from entries of its ledger."""

from __future__ import annotations

from datetime import datetime

from devices.terminals.zvt_codec import Apdu, to_bcd
from devices.terminals.zvt_fields import (
    TAG_LINE_ATTRIBUTE,
    TAG_RECEIPT_TYPE,
    TAG_TEXT_BLOCK,
    TAG_TEXT_LINE,
    build_fields,
    build_tlv,
)
from devices.terminals.zvt_slip import RECEIPT_CUSTOMER, RECEIPT_MERCHANT
from devices.virtual.payment_commands import RegisterWishes, Request
from devices.virtual.payment_ledger import Kind, LedgerEntry
from devices.virtual.payment_settings import SlipStyle, TerminalSettings

_RECEIPT_ADMINISTRATION = 3
_MASKED_DIGITS = 12
_CARD_TYPES = {"GIROCARD": 0x05, "MASTERCARD": 0x06, "VISA": 0x0A}
_NAMES = {Kind.AUTHORISATION: "PAYMENT", Kind.REFUND: "REFUND", Kind.REVERSAL: "REVERSAL"}


def status_information(entry: LedgerEntry, settings: TerminalSettings, *, code: int | None = None) -> Apdu:
    """04 0F for a transaction; `code` overrides its result (a payment that was reversed later)."""
    at = datetime.fromisoformat(entry.at)
    values = {
        0x27: bytes((entry.code if code is None else code,)),
        0x04: to_bcd(entry.amount_minor, 6),
        0x49: to_bcd(entry.currency, 2),
        0x0C: bytes.fromhex(f"{at:%H%M%S}"),
        0x0D: bytes.fromhex(f"{at:%m%d}"),
        0x0B: to_bcd(entry.trace, 3),
        0x87: to_bcd(entry.receipt_no, 2),
        0x29: to_bcd(settings.terminal_id, 4),
        0x2A: settings.merchant.encode("ascii", "replace")[:15].ljust(15),
    }
    if entry.card_last4:
        values[0x22] = b"\xee" * (_MASKED_DIGITS // 2) + bytes.fromhex(entry.card_last4)
        values[0x8A] = bytes((_CARD_TYPES.get(entry.card_brand, 0xFF),))
        values[0x8B] = entry.card_brand.encode("ascii") + b"\0"
    if entry.code == 0 and entry.kind is not Kind.END_OF_DAY:
        values[0x3B] = f"{entry.trace % 10**6:06d}".encode("ascii").ljust(8, b"\0")
    if entry.kind is Kind.REVERSAL and entry.of_trace is not None:
        values[0x37] = to_bcd(entry.of_trace, 3)
    return Apdu(0x040F, build_fields(values))


def failure_information(code: int, amount_minor: int, currency: int, settings: TerminalSettings) -> Apdu:
    """04 0F for what ended before there was a transaction: no trace, no card, as real terminals send it."""
    values = {
        0x27: bytes((code,)),
        0x04: to_bcd(amount_minor, 6),
        0x49: to_bcd(currency, 2),
        0x22: b"",
        0x0B: to_bcd(0, 3),
        0x29: to_bcd(settings.terminal_id, 4),
        0x8B: b"",
    }
    return Apdu(0x040F, build_fields(values))


def completion_data(request: Request, settings: TerminalSettings) -> bytes:
    """What stands in 06 0F: the terminal's condition after a status enquiry, its identity after a registration."""
    if request.command == 0x0501:
        return b"\0"
    if request.command == 0x0600:
        identity = {0x19: b"\0", 0x29: to_bcd(settings.terminal_id, 4), 0x49: to_bcd(settings.currency, 2)}
        return build_fields(identity)
    return b""


def intermediate_status(code: int, minutes: int | None, wishes: RegisterWishes) -> list[Apdu]:
    """04 FF, where the register wants it."""
    left = b"" if minutes is None else bytes((min(minutes, 99),))
    return [Apdu(0x04FF, bytes((code,)) + left)] if wishes.intermediate else []


def slips(entry: LedgerEntry, settings: TerminalSettings, wishes: RegisterWishes, *, again: bool = False) -> list[Apdu]:
    """The merchant's and the customer's copy, where the register wants them; `again` marks a repeat."""
    apdus: list[Apdu] = []
    for kind in (RECEIPT_MERCHANT, RECEIPT_CUSTOMER):
        apdus += _paper(kind, _slip_lines(entry, settings, kind, again=again), settings, wishes)
    return apdus


def end_of_day_slip(entry: LedgerEntry, count: int, settings: TerminalSettings, wishes: RegisterWishes) -> list[Apdu]:
    """The report of a closed batch."""
    at = datetime.fromisoformat(entry.at)
    total = _decimal(entry.amount_minor)
    lines = [settings.merchant, "END OF DAY", f"{at:%Y-%m-%d %H:%M}", f"Payments {count}", f"Total {total}"]
    return _paper(_RECEIPT_ADMINISTRATION, lines, settings, wishes)


def _paper(kind: int, lines: list[str], settings: TerminalSettings, wishes: RegisterWishes) -> list[Apdu]:
    """Text blocks (06 D3) or lines (06 D1), as the register asked or the terminal is set up to."""
    if not wishes.slips:
        return []
    style = settings.slip_style
    as_block = wishes.blocks if style is SlipStyle.AUTO else style is SlipStyle.BLOCKS
    return [_block(kind, lines)] if as_block else _lines(lines)


def _slip_lines(entry: LedgerEntry, settings: TerminalSettings, kind: int, *, again: bool) -> list[str]:
    at = datetime.fromisoformat(entry.at)
    approved = entry.code == 0
    lines = [
        settings.merchant,
        "MERCHANT COPY" if kind == RECEIPT_MERCHANT else "CUSTOMER COPY",
        f"{_NAMES.get(entry.kind, 'CARD')}{' OFFLINE' if entry.offline else ''}",
        f"{at:%Y-%m-%d}  {at:%H:%M}",
        f"Terminal {settings.terminal_id:08d}",
        f"Trace {entry.trace:06d}  Receipt {entry.receipt_no:04d}",
    ]
    if again:
        lines.insert(2, "COPY")
    if entry.card_last4:
        lines.append(f"{entry.card_brand} {'#' * _MASKED_DIGITS}{entry.card_last4}")
    lines.append(f"Amount {_decimal(entry.amount_minor)}")
    lines.append("APPROVED" if approved else f"NOT APPROVED ({entry.code:02X})")
    return lines


def _block(kind: int, lines: list[str]) -> Apdu:
    text = b"".join(build_tlv(TAG_TEXT_LINE, line.encode("cp437", "replace")) for line in lines)
    text += build_tlv(TAG_LINE_ATTRIBUTE, b"\x81")
    container = build_tlv(TAG_RECEIPT_TYPE, bytes((kind,))) + build_tlv(TAG_TEXT_BLOCK, text)
    return Apdu(0x06D3, build_fields({0x06: container}))


def _lines(lines: list[str]) -> list[Apdu]:
    attributes = [0x00] * (len(lines) - 1) + [0x81]
    pairs = zip(attributes, lines, strict=True)
    return [Apdu(0x06D1, bytes((attribute,)) + line.encode("cp437", "replace")) for attribute, line in pairs]


def _decimal(amount_minor: int) -> str:
    return f"{amount_minor // 100}.{amount_minor % 100:02d}"
