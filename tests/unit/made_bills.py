"""Makes valid bills of every standard, for property tests: each strategy draws a code and the bill that it stands for.

Check digits come from python-stdnum and from sums written out here, not from the code under test.
"""

from __future__ import annotations

from datetime import date

import stdnum.ch.esr
import stdnum.iban
import stdnum.iso7064.mod_97_10
import stdnum.luhn
from hypothesis import strategies as st

from kiosk.domain import gtin
from kiosk.domain.bills.bill import Bill
from kiosk.domain.money import Money

TODAY = date(2026, 11, 22)
DIGITS = "0123456789"

Made = st.SearchStrategy[tuple[bytes, Bill]]


def digits(least: int, most: int | None = None) -> st.SearchStrategy[str]:
    return st.text(DIGITS, min_size=least, max_size=least if most is None else most)


names = st.text(st.characters(codec="iso8859-15", categories=("L", "Nd", "P", "S")), min_size=1, max_size=34).filter(
    lambda name: "\\" not in name
)


def iban(country: str, bban: str) -> str:
    return country + stdnum.iso7064.mod_97_10.calc_check_digits(f"{bban}{country}") + bban


def euros(minor: int | None, currency: str = "EUR") -> Money | None:
    return Money(minor, currency) if minor else None


def _points(minor: int) -> str:
    return f"{minor // 100}.{minor % 100:02}"


@st.composite
def swiss_qr(draw: st.DrawFn) -> tuple[bytes, Bill]:
    kind = draw(st.sampled_from(["QRR", "SCOR", "NON"]))
    institution = draw(st.integers(30000, 31999) if kind == "QRR" else st.integers(100, 29999))
    account = iban(draw(st.sampled_from(["CH", "LI"])), f"{institution:05}{draw(digits(12))}")
    reference = ""
    if kind == "QRR":
        payload = draw(digits(26).filter(lambda one: one.strip("0")))
        reference = payload + stdnum.ch.esr.calc_check_digit(payload)
    elif kind == "SCOR":
        reference = draw(rf())
    minor = draw(st.none() | st.integers(1, 99_999_999_999))
    currency = draw(st.sampled_from(["CHF", "EUR"]))
    name, message = draw(names), draw(st.just("") | names)
    creditor = draw(
        st.sampled_from(
            [["S", name, "", "", "8000", "Zürich", "CH"], ["K", name, "Weg 1", "8000 Zürich", "", "", "CH"]]
        )
    )
    lines = ["SPC", "0200", "1", account, *creditor, *[""] * 7, _points(minor) if minor else "", currency]
    lines += [*[""] * 7, kind, reference, message, "EPD"]
    end = draw(st.sampled_from(["\n", "\r\n"]))
    bill = Bill(
        "swiss-qr", account, currency, name, reference or None, euros(minor, currency), None, message or None,
        Money(1, currency), Money(99_999_999_999, currency),
    )  # fmt: skip
    return end.join(lines).encode(), bill


@st.composite
def rf(draw: st.DrawFn) -> str:
    rest = draw(st.text(DIGITS + "ABCXYZ", min_size=1, max_size=21))
    return f"RF{stdnum.iso7064.mod_97_10.calc_check_digits(rest + 'RF')}{rest}"


@st.composite
def epc(draw: st.DrawFn) -> tuple[bytes, Bill]:
    account = draw(st.sampled_from([("DE", 18), ("AT", 16), ("FI", 14), ("BE", 12)]))
    number = iban(account[0], draw(digits(account[1])))
    charset, codec = draw(st.sampled_from([("1", "utf-8"), ("2", "iso8859-1"), ("8", "iso8859-15")]))
    name = draw(names if charset != "2" else st.just("Müller & Söhne <b>"))
    minor = draw(st.none() | st.integers(1, 99_999_999_999))
    reference, text = draw(
        st.tuples(rf(), st.just("")) | st.tuples(st.just(""), names if charset != "2" else st.just("für Sie"))
    )
    lines = [
        "BCD",
        "002",
        charset,
        "SCT",
        "",
        name,
        number,
        f"EUR{_points(minor)}" if minor else "",
        "",
        reference,
        text,
    ]
    while draw(st.booleans()) and not lines[-1]:
        lines.pop()
    bill = Bill(
        "epc", number, "EUR", name, reference or None, euros(minor), None, text or None, Money(1, "EUR"), Money(99_999_999_999, "EUR")
    )  # fmt: skip
    return draw(st.sampled_from(["\n", "\r\n"])).join(lines).encode(codec), bill


def field(tag: str, value: str) -> str:
    return f"{tag}{len(value):02}{value}"


def crc(text: str) -> int:
    """CRC-16 with polynomial 1021 and start FFFF, bit by bit."""
    value = 0xFFFF
    for byte in text.encode():
        value ^= byte << 8
        for _ in range(8):
            value = (value << 1 ^ 0x1021 if value & 0x8000 else value << 1) & 0xFFFF
    return value


def sealed(text: str) -> bytes:
    return f"{text}6304{crc(text + '6304'):04X}".encode()


@st.composite
def emv(draw: st.DrawFn) -> tuple[bytes, Bill]:
    key, name = draw(st.text("abc019@.-", min_size=1, max_size=40)), draw(names | st.just("最佳运输"))
    number, letters, places = draw(st.sampled_from([("986", "BRL", 2), ("392", "JPY", 0), ("048", "BHD", 3)]))
    minor = draw(st.none() | st.integers(1, 99_999_999))
    text = field("00", "01") + field("26", field("00", "br.gov.bcb.pix") + field("01", key)) + field("53", number)
    if minor:
        whole, rest = divmod(minor, 10**places)
        text += field("54", f"{whole}.{rest:0{places}}" if places else f"{whole}")
    text += field("58", "BR") + field("59", name) + field("60", "BRASILIA") + field("62", field("05", "ABC1"))
    return sealed(text), Bill("emv-mpm", key, letters, name, "ABC1", euros(minor, letters))


def brazil_11(payload: str) -> int:
    weights = (2, 3, 4, 5, 6, 7, 8, 9) * 6
    return sum(int(digit) * weight for digit, weight in zip(payload[::-1], weights, strict=False)) % 11


def boleto_bars(bank: str, factor: str, minor: int, free: str) -> str:
    front, back = f"{bank}9", f"{factor}{minor:010}{free}"
    left = brazil_11(front + back)
    return front + ("1" if left in (0, 1, 10) else str(11 - left)) + back


def boleto_line(bars: str) -> str:
    fields = [bars[:4] + bars[19:24], bars[24:34], bars[34:]]
    return "".join(part + stdnum.luhn.calc_check_digit(part) for part in fields) + bars[4:19]


@st.composite
def boleto(draw: st.DrawFn) -> tuple[bytes, Bill]:
    bank = f"{draw(st.sampled_from([1, 33, 104, 237, 341, 756])):03}"
    minor, free = draw(st.integers(0, 9_999_999_999)), draw(digits(25))
    due = draw(st.none() | st.dates(date(2014, 8, 1), date(2039, 3, 1)))
    days = (due - date(1997, 10, 7)).days if due else 0
    bars = boleto_bars(bank, f"{days if days < 10_000 else days - 9000:04}", minor, free)
    code = draw(st.sampled_from([bars, boleto_line(bars)]))
    return code.encode(), Bill(
        "boleto", bank, "BRL", None, free, euros(minor, "BRL"), due, None, Money(1, "BRL"), Money(9_999_999_999, "BRL")
    )


def utility_digit(kind: str, payload: str) -> str:
    if kind in "67":
        return stdnum.luhn.calc_check_digit(payload)
    left = brazil_11(payload)
    return "0" if left in (0, 1) else str(11 - left)


@st.composite
def boleto_utility(draw: st.DrawFn) -> tuple[bytes, Bill]:
    segment, kind = draw(st.sampled_from("12345679")), draw(st.sampled_from("6789"))
    minor, rest = draw(st.integers(0, 99_999_999_999)), draw(digits(29))
    payload = f"8{segment}{kind}{minor:011}{rest}"
    bars = payload[:3] + utility_digit(kind, payload) + payload[3:]
    blocks = [bars[at : at + 11] for at in range(0, 44, 11)]
    code = draw(st.sampled_from([bars, "".join(block + utility_digit(kind, block) for block in blocks)]))
    company = 8 if segment == "6" else 4
    amount = euros(minor if kind in "68" else None, "BRL")
    return code.encode(), Bill(
        "boleto-utility", rest[:company], "BRL", None, rest[company:], amount, None, None, Money(1, "BRL"), Money(99_999_999_999, "BRL")
    )  # fmt: skip


@st.composite
def fi_barcode(draw: st.DrawFn) -> tuple[bytes, Bill]:
    account = iban("FI", draw(digits(14)))
    minor = draw(st.integers(0, 99_999_999))
    due = draw(st.none() | st.dates(date(2000, 1, 1), date(2099, 12, 31)))
    day = due.strftime("%y%m%d") if due else "000000"
    payload = draw(st.integers(100, 10**19 - 1).map(str))
    weighted = sum(int(digit) * (7, 3, 1)[place % 3] for place, digit in enumerate(payload[::-1]))
    national = payload + str(-weighted % 10)
    if draw(st.booleans()):
        code, reference = f"4{account[2:]}{minor:08}000{national:0>20}{day}", national
    else:
        check = stdnum.iso7064.mod_97_10.calc_check_digits(national + "RF")
        code, reference = f"5{account[2:]}{minor:08}{check}{national:0>21}{day}", f"RF{check}{national}"
    return code.encode(), Bill(
        "fi-barcode",
        account,
        "EUR",
        None,
        reference,
        euros(minor),
        due,
        None,
        Money(1, "EUR"),
        Money(99_999_999, "EUR"),
    )


@st.composite
def es_csb57(draw: st.DrawFn) -> tuple[bytes, Bill]:
    issuer, suffix, reference = draw(digits(8)), draw(digits(3)), draw(digits(11))
    minor, due = draw(st.integers(1, 9_999_999_999)), draw(st.dates(date(2000, 1, 1), date(2099, 12, 31)))
    notice = due.strftime("%d%m%y") if int(suffix) >= 500 else draw(digits(6))
    left = (int(issuer) + int(suffix) + int(reference) + int(notice) + minor) % 97
    control = f"{(100 - left * 100 // 97) % 100:02}"
    code = f"90507{issuer}{suffix}{reference}{control}{notice}{minor:010}0"
    return code.encode(), Bill(
        "es-csb57", issuer + suffix, "EUR", None, reference + control + notice, euros(minor), due if int(suffix) >= 500 else None
    )  # fmt: skip


@st.composite
def gs1_slip(draw: st.DrawFn) -> tuple[bytes, Bill]:
    payload = "77" + draw(digits(10))
    biller, reference = payload + gtin.check_digit(payload), draw(st.text("0123456789ABZ", min_size=1, max_size=25))
    minor, due = (
        draw(st.none() | st.integers(1, 10**12)),
        draw(st.none() | st.dates(date(2000, 1, 1), date(2049, 12, 31))),
    )
    code, currency = f"415{biller}8020{reference}", "EUR"
    if minor is None:  # "39" at the end of a code could be an amount that lost its separator
        code, reference = code[:20] + reference.replace("39", "00"), reference.replace("39", "00")
    elif draw(st.booleans()):
        code, currency = f"{code}\x1d3912170{minor}", "COP"
    else:
        code = f"{code}\x1d3902{minor}"
    if due:
        code += f"\x1d12{due:%y%m%d}"
    return code.encode(), Bill("gs1-slip", biller, currency, None, reference, euros(minor, currency), due)


MADE: dict[str, Made] = {
    "swiss-qr": swiss_qr(),
    "epc": epc(),
    "emv-mpm": emv(),
    "boleto": boleto(),
    "boleto-utility": boleto_utility(),
    "fi-barcode": fi_barcode(),
    "es-csb57": es_csb57(),
    "gs1-slip": gs1_slip(),
}
