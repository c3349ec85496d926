"""A sheaf of bills to scan, made anew at every start: one of each standard, and one of each thing that can be the matter with a bill.

Dates go by the day, references by the start, so that no bill was paid before. What the demo biller of the central service says of a bill
follows from the last two digits of its amount (`sync/central/billers/demo_biller.py`).
"""

from __future__ import annotations

from binascii import crc_hqx
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from kiosk.domain import gtin
from kiosk.domain.bills import boleto, boleto_utility, es_csb57
from kiosk.domain.bills.references import luhn, mod10_recursive, mod_97, mod_731

_QR, _CODE_128, _GS1_128, _ITF = "]Q1", "]C0", "]C1", "]I0"
_ACCOUNT, _SWISS_ACCOUNT, _FINNISH_ACCOUNT = "DE89370400440532013000", "CH4431999123000889012", "FI7944052020036082"
_DAY_ZERO_OF_BOLETOS = date(1997, 10, 7)


@dataclass(frozen=True, slots=True)
class PaperBill:
    """A bill on paper. `id` names it, and its words (`bench.bill.*`); `aim` is the AIM identifier that a scanner puts before `data`."""

    id: str
    group: str
    aim: str
    data: bytes
    amount: str = ""
    picture: str = "bill"


def sheaf(today: date, start: int) -> Sequence[PaperBill]:
    """Every bill, in the order in which they are shown. `start` tells this start from others: its last ten digits are in the references."""
    serial = f"{start % 10**10:010}"
    return (*_standards(today, serial), *_matters(today, serial), *_wrong(today, serial), *_hostile(serial))


def _standards(today: date, serial: str) -> Sequence[PaperBill]:
    due = today + timedelta(days=14)
    return (
        PaperBill("epc", "bills", _QR, epc(6490, _rf(f"{serial}01")), "64.90 EUR"),
        PaperBill("swiss-qr", "bills", _QR, swiss_qr(11950, "EUR", f"{serial}02"), "119.50 EUR"),
        PaperBill("fi-barcode", "bills", _CODE_128, finnish(8900, f"{serial}03", due), "89.00 EUR"),
        PaperBill("es-csb57", "bills", _CODE_128, spanish(4520, f"{serial}4", due), "45.20 EUR"),
        PaperBill("gs1-slip", "bills", _GS1_128, gs1_slip(3075, f"{serial}05", due), "30.75 EUR"),
        PaperBill("emv-mpm", "bills", _QR, emv(2440, "978", f"{serial}06"), "24.40 EUR"),
        PaperBill("template", "bills", _CODE_128, by_template(7215, serial), "72.15 EUR"),
        PaperBill("boleto", "bills", _ITF, brazilian(15990, f"{serial}08", due), "159.90 BRL"),
        PaperBill("boleto-utility", "bills", _ITF, brazilian_utility(9860, f"{serial}09"), "98.60 BRL"),
    )


def _matters(today: date, serial: str) -> Sequence[PaperBill]:
    late, due = today - timedelta(days=10), today + timedelta(days=20)
    return (
        PaperBill("overdue", "matters", _CODE_128, finnish(5522, f"{serial}11", late), "55.22 EUR"),
        PaperBill("open-amount", "matters", _QR, epc(None, _rf(f"{serial}12")), "? EUR"),
        PaperBill("changeable", "matters", _QR, epc(8055, _rf(f"{serial}13")), "80.55 EUR"),
        PaperBill("paid", "matters", _QR, epc(4311, _rf(f"{serial}14")), "43.11 EUR"),
        PaperBill("closed", "matters", _CODE_128, finnish(6133, f"{serial}15", due), "61.33 EUR"),
        PaperBill("unknown-bill", "matters", _QR, epc(2744, _rf(f"{serial}16")), "27.44 EUR"),
        PaperBill("not-taken", "matters", _QR, epc(3166, _rf(f"{serial}17")), "31.66 EUR"),
        PaperBill("wrong-currency", "matters", _QR, swiss_qr(19975, "CHF", f"{serial}18"), "199.75 CHF"),
        PaperBill("over-limit", "matters", _QR, epc(250_000, _rf(f"{serial}19")), "2500.00 EUR"),
    )


def _wrong(today: date, serial: str) -> Sequence[PaperBill]:
    due = today + timedelta(days=14)
    sound = finnish(8900, f"{serial}21", due)
    reference = _rf(f"{serial}22")
    return (
        PaperBill("wrong-digit", "wrong", _CODE_128, _other_digit(sound, 30), "89.00 EUR"),
        PaperBill("wrong-account", "wrong", _QR, epc(6490, reference, account=f"DE88{_ACCOUNT[4:]}"), "64.90 EUR"),
        PaperBill("wrong-sum", "wrong", _QR, emv(2440, "978", f"{serial}23").replace(b"24.40", b"14.40"), "14.40 EUR"),
        PaperBill("too-short", "wrong", _CODE_128, sound[:53], "89.00 EUR"),
        PaperBill("dynamic-pix", "wrong", _QR, _sealed(_field("26", _field("00", "br.gov.bcb.pix") + _field("25", "pix.example/q"))
            + _field("53", "986") + _field("58", "BR") + _field("59", "LOJA") + _field("60", "RIO")), "? BRL"),
    )  # fmt: skip


def _hostile(serial: str) -> Sequence[PaperBill]:
    markup = '<img src="http://x/y.png"><b>Free</b>'
    digits = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
    return (
        PaperBill("markup", "hostile", _QR, epc(1290, _rf(f"{serial}31"), name=markup), "12.90 EUR"),
        PaperBill("giant", "hostile", _QR, b"BCD\n002\n1\nSCT\n" + b"A" * 5_000),
        PaperBill("control-characters", "hostile", _QR, epc(1290, _rf(f"{serial}32"), name="Stadt\x1b[2J\x00werke")),
        PaperBill("foreign-digits", "hostile", _QR, ("4" + serial * 5 + "123").translate(digits).encode()),
        PaperBill("overflow", "hostile", _QR, epc(10**15, _rf(f"{serial}33"))),
        PaperBill("injection", "hostile", _QR, epc(1290, "'; DROP TABLE sale;--")),
    )


# --- a code of each standard: check digits by the product's own routines, the layout written out ---


def epc(minor: int | None, reference: str, *, name: str = "Stadtwerke Hofheim", account: str = _ACCOUNT) -> bytes:
    """EPC069-12, version 002; None leaves the amount open."""
    amount = "" if minor is None else f"EUR{_points(minor)}"
    return "\n".join(["BCD", "002", "1", "SCT", "", name, account, amount, "", reference]).encode()


def swiss_qr(minor: int, currency: str, serial: str) -> bytes:
    """Swiss QR-bill with a QR reference (SIX Implementation Guidelines 2.2)."""
    payload = f"{serial:0>26}"
    creditor = ["S", "Alpenwasser AG", "Seestrasse", "12", "8001", "Zürich", "CH"]
    lines = ["SPC", "0200", "1", _SWISS_ACCOUNT, *creditor, *[""] * 7, _points(minor), currency, *[""] * 7]
    return "\r\n".join([*lines, "QRR", payload + mod10_recursive(payload), "", "EPD"]).encode()


def finnish(minor: int, serial: str, due: date) -> bytes:
    """Version 4, with a national reference."""
    reference = f"{serial}{mod_731(serial)}"
    return f"4{_FINNISH_ACCOUNT[2:]}{minor:08}000{reference:0>20}{due:%y%m%d}".encode()


def spanish(minor: int, serial: str, due: date) -> bytes:
    """CSB norm 57, format 90507, with the last day to pay."""
    issuer, suffix, day, cents = "28000123", "501", f"{due:%d%m%y}", f"{minor:010}"
    reference = f"{serial:0>11}"[-11:]
    return f"90507{issuer}{suffix}{reference}{es_csb57.control_digits(issuer, suffix, reference, day, cents)}{day}{cents}0".encode()


def gs1_slip(minor: int, serial: str, due: date) -> bytes:
    """GS1 General Specifications 2.6.6: biller, reference, amount in the site's currency, due date."""
    biller = "952600100000"
    return f"415{biller}{gtin.check_digit(biller)}8020{serial}\x1d3902{minor}\x1d12{due:%y%m%d}".encode()


def emv(minor: int, currency: str, serial: str) -> bytes:
    """EMVCo merchant-presented mode: static, with a reference label."""
    account = _field("26", _field("00", "com.example.pay") + _field("01", "HOFHEIM42"))
    amount = _field("53", currency) + _field("54", _points(minor)) + _field("58", "DE")
    return _sealed(
        account + amount + _field("59", "KULTURHAUS") + _field("60", "HOFHEIM") + _field("62", _field("05", serial))
    )


def by_template(minor: int, serial: str) -> bytes:
    """The template of config/default.toml."""
    payload = f"71{serial}{minor:07}00"
    return f"{payload}{luhn(payload)}".encode()


def brazilian(minor: int, serial: str, due: date) -> bytes:
    """The 44 digits of a bank's boleto; its factor counts from 1000 again since 2025-02-22."""
    days = (due - _DAY_ZERO_OF_BOLETOS).days
    factor = days if days < 10_000 else days - 9_000
    rest = f"{factor:04}{minor:010}{serial:0>25}"
    return f"2379{boleto.check_digit(f'2379?{rest}')}{rest}".encode()


def brazilian_utility(minor: int, serial: str) -> bytes:
    """The 44 digits of a utility's bill, third digit 6: money, by modulo 10."""
    rest = f"{minor:011}0048{serial:0>25}"
    return f"836{boleto_utility.check_digit('6', f'836{rest}')}{rest}".encode()


def _rf(serial: str) -> str:
    """A creditor reference by ISO 11649."""
    return f"RF{mod_97(f'{serial}2715')}{serial}"


def _sealed(text: str) -> bytes:
    whole = f"{_field('00', '01')}{text}6304"
    return f"{whole}{crc_hqx(whole.encode(), 0xFFFF):04X}".encode()


def _field(tag: str, value: str) -> str:
    return f"{tag}{len(value):02}{value}"


def _points(minor: int) -> str:
    return f"{minor // 100}.{minor % 100:02}"


def _other_digit(code: bytes, place: int) -> bytes:
    digit = (code[place] - ord("0") + 1) % 10
    return code[:place] + bytes([ord("0") + digit]) + code[place + 1 :]
