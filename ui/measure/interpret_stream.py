"""A mixed stream of codes for `interpret`: what a till meets, and bills of every standard, made up anew with their check digits."""

from __future__ import annotations

from binascii import crc_hqx
from collections.abc import Callable
from enum import StrEnum
from random import Random
from typing import Final, NamedTuple

from kiosk.domain import gtin
from kiosk.domain.bills import boleto, boleto_utility, es_csb57
from kiosk.domain.bills.references import luhn, mod10_recursive, mod_731


class Kind(StrEnum):
    """What `kiosk interpret` is to answer."""

    ITEM = "item"
    BILL = "bill"
    ACCOUNT = "account"
    COUPON = "coupon"
    UNKNOWN = "unknown"


class Code(NamedTuple):
    """A line of scan data, with its AIM identifier; and what it is."""

    line: str
    kind: Kind
    is_gs1: bool = False


def stream(count: int, chance: Random) -> list[Code]:
    """`count` codes: of a hundred, 45 article numbers, 20 GS1 data, 10 labels with a price or a weight, 8 codes of our own, 14 bills,
    3 of nothing we know."""
    makers = list(_SHARES)
    weights = list(_SHARES.values())
    return [make(chance) for make in chance.choices(makers, weights, k=count)]


def _article(chance: Random) -> Code:
    payload = f"4{_digits(chance, 11)}"
    return Code(f"]E0{payload}{gtin.check_digit(payload)}", Kind.ITEM)


def _gs1(chance: Random) -> Code:
    payload = f"09{_digits(chance, 11)}"
    number = payload + gtin.check_digit(payload)
    weight, batch = f"3103{chance.randint(1, 9999):06}", f"10L{_digits(chance, 6)}"
    return Code(
        rf"]C101{number}17{chance.randint(26, 40)}1231{weight}{batch}\x1d21{_digits(chance, 8)}", Kind.ITEM, True
    )


def _label(chance: Random) -> Code:
    payload = f"{chance.choice(('28', '29'))}{_digits(chance, 5)}{chance.randint(1, 99_999):05}"
    return Code(f"]E0{payload}{gtin.check_digit(payload)}", Kind.ITEM)


def _own(chance: Random) -> Code:
    if chance.random() < 0.5:
        return Code(f"]C0MBR-{_digits(chance, 8)}", Kind.ACCOUNT)
    return Code(f"]C0CPN-{_digits(chance, 6)}", Kind.COUPON)


def _nonsense(chance: Random) -> Code:
    return Code(
        chance.choice(
            (
                "]Q1WIFI:S:{};;",
                "]Q1https://x.example/{}",
                "]C0{}-A",
                r"]Q1SPC\n0200\n{}",
                "]E0{}12",
                "]I0" + "8" * 36 + "{}",
            )
        ).format(_digits(chance, 8)),
        Kind.UNKNOWN,
    )


def _swiss_qr(chance: Random) -> Code:
    payload = f"21{_digits(chance, 24)}"
    lines = [
        "SPC",
        "0200",
        "1",
        "CH4431999123000889012",
        "S",
        "Robert Schneider AG",
        "Rue du Lac",
        "1268",
        "2501",
        "Biel",
        "CH",
        *[""] * 7,
    ]
    lines += [_points(chance), "CHF", "S", "Pia-Maria Rutschmann", "Marktgasse", "28", "9400", "Rorschach", "CH", "QRR"]
    lines += [
        payload + mod10_recursive(payload),
        "Order from 15.10.2026",
        "EPD",
        "//S1/10/1234/11/261021/30/102673386/40/0:30",
    ]
    return Code("]Q1" + r"\r\n".join(lines), Kind.BILL)


def _epc(chance: Random) -> Code:
    name, number = "Franz Mustermänn", "DE89370400440532013000"
    lines = [
        "BCD",
        "002",
        "1",
        "SCT",
        "",
        name,
        number,
        f"EUR{_points(chance)}",
        "",
        "",
        f"Invoice {_digits(chance, 6)}",
    ]
    return Code("]Q1" + r"\n".join(lines), Kind.BILL)


def _emv(chance: Random) -> Code:
    amount = _points(chance)
    text = f"00020126360014br.gov.bcb.pix0114+55{_digits(chance, 11)}520400005303986"
    text += f"54{len(amount):02}{amount}5802BR5913Fulano de Tal6008BRASILIA62110507{_digits(chance, 7)}6304"
    return Code(f"]Q1{text}{crc_hqx(text.encode(), 0xFFFF):04X}", Kind.BILL)


def _boleto(chance: Random) -> Code:
    front, back = "2379", f"{chance.randint(1000, 9999)}{chance.randint(1, 10**9):010}{_digits(chance, 25)}"
    bars = front + boleto.check_digit(f"{front}0{back}") + back
    if chance.random() < 0.5:
        return Code(f"]I0{bars}", Kind.BILL)
    fields = (bars[:4] + bars[19:24], bars[24:34], bars[34:])
    return Code(" ".join(part + luhn(part) for part in fields) + f" {bars[4]} {bars[5:19]}", Kind.BILL)


def _utility(chance: Random) -> Code:
    kind = chance.choice("68")
    payload = f"83{kind}{chance.randint(1, 10**9):011}{_digits(chance, 29)}"
    return Code(f"]I0{payload[:3]}{boleto_utility.check_digit(kind, payload)}{payload[3:]}", Kind.BILL)


def _finnish(chance: Random) -> Code:
    payload = f"1{_digits(chance, 9)}"
    return Code(
        f"]C047944052020036082{chance.randint(1, 10**7):08}000{payload + mod_731(payload):0>20}261231", Kind.BILL
    )


def _spanish(chance: Random) -> Code:
    parts = ("22350466", "123", _digits(chance, 11), _digits(chance, 6), f"{chance.randint(1, 10**7):010}")
    return Code(f"]C090507{''.join(parts[:3])}{es_csb57.control_digits(*parts)}{''.join(parts[3:])}0", Kind.BILL)


def _slip(chance: Random) -> Code:
    return Code(
        rf"]C141577099980137118020{_digits(chance, 12)}\x1d3902{chance.randint(1, 10**7)}\x1d9620261207", Kind.BILL
    )


def _digits(chance: Random, count: int) -> str:
    return f"{chance.randrange(10**count):0{count}}"


def _points(chance: Random) -> str:
    minor = chance.randint(1, 10**7)
    return f"{minor // 100}.{minor % 100:02}"


_SHARES: Final[dict[Callable[[Random], Code], float]] = {
    _article: 45,
    _gs1: 20,
    _label: 10,
    _own: 8,
    _nonsense: 3,
    **dict.fromkeys((_swiss_qr, _epc, _emv, _boleto, _utility, _finnish, _spanish, _slip), 1.75),
}
