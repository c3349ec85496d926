"""Bills that anyone can look up: from guidelines of the standards and from public code. And what a scan of one means."""

from __future__ import annotations

from kiosk.domain.bills.bill import Bill
from kiosk.domain.resolver import ScanRules, resolve
from kiosk.domain.scan import BillCode, Meaning, Scan, Source
from tests.unit.made_bills import TODAY, field, sealed

RULES = ScanRules(today=TODAY)

SWISS = [
    "SPC", "0200", "1", "CH4431999123000889012",
    "S", "Robert Schneider AG", "Rue du Lac", "1268", "2501", "Biel", "CH",
    "", "", "", "", "", "", "",
    "1949.75", "CHF",
    "S", "Pia-Maria Rutschmann-Schnyder", "Grosse Marktgasse", "28", "9400", "Rorschach", "CH",
    "QRR", "210000000003139471430009017", "Order from 15.10.2020", "EPD",
    "//S1/10/1234/11/201021/30/102673386/32/7.7/40/0:30", "Name AV1: UV;UltraPay005;12345", "Name AV2: XY;XYService;54321",
]  # fmt: skip
EPC = [
    "BCD", "001", "1", "SCT", "BHBLDEHHXXX", "Franz Mustermänn", "DE89370400440532013000", "EUR12.30", "GDDS",
    "RF18539007547034", "", "Thanks",
]  # fmt: skip
EMV = (
    "00020101021229300012D156000000000510A93FO3230Q31280012D15600000001030812345678520441115802CN5914BEST TRANSPORT6007BEIJING"
    "64200002ZH0104最佳运输0202北京540523.7253031565502016233030412340603***0708A60086670902ME91320016A0112233449988770708123456786304A13A"
)
PIX = (
    "00020126580014br.gov.bcb.pix0136123e4567-e12b-12d1-a456-426655440000520400005303986"
    "5802BR5913Fulano de Tal6008BRASILIA62070503***63041D3D"
)
SLIP = "4157709998013711802000001012938900001112\x1d39020001168375\x1d9620111207"
FINNISH = "479440520200360820048831500000000868516259619897100612"
BARS = "23799755200003700003381260007827139500006330"


def meaning(
    code: str | bytes, symbology: str = "", rules: ScanRules = RULES, source: Source = Source.SCANNER
) -> Meaning:
    return resolve(Scan(code.encode() if isinstance(code, str) else code, symbology, source), rules)


def bill(code: str | bytes, symbology: str = "", rules: ScanRules = RULES) -> Bill:
    found = meaning(code, symbology, rules)
    assert isinstance(found, BillCode), found
    return found.bill


def swiss(changes: dict[int, str], end: str = "\n") -> str:
    return end.join(changes.get(place, line) for place, line in enumerate(SWISS))


def epc(changes: dict[int, str], lines: int = 12, end: str = "\n") -> str:
    return end.join([changes.get(place, line) for place, line in enumerate(EPC)][:lines])


def emv(*fields: str, currency: str = "702", country: str = "SG") -> bytes:
    return sealed(field("00", "01") + "".join(fields) + field("53", currency) + field("58", country))


def template(tag: str, scheme: str, **parts: str) -> str:
    return field(tag, field("00", scheme) + "".join(field(key[1:], value) for key, value in parts.items()))
