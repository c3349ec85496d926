"""The code that a terminal draws leads to the receipt's own page at the real service: once the sale is there, and kindly before."""

from __future__ import annotations

import http.client
from pathlib import Path

import zxingcpp
from PIL import Image
from PySide6.QtGui import QGuiApplication, QImage

from kiosk.domain.facts import Kind
from sync.faults.faulty import FaultyLine
from sync.identity import enrol
from tests.e2e.central_ends import Central, told, until
from tests.e2e.shop_floor import ShopFloor, visit_to
from tests.e2e.test_terminal_line import with_line
from ui.tour.visit import MILK

ADDRESS = "https://receipts.example"


def asked(central: Central, link: str) -> tuple[int, str]:
    """The page behind an address, at the real service."""
    assert link.startswith(f"{ADDRESS}/r/")
    connection = http.client.HTTPConnection("127.0.0.1", central.port, timeout=30)
    try:
        connection.request("GET", link.removeprefix(ADDRESS), headers={"accept-language": "en"})
        found = connection.getresponse()
        return found.status, found.read().decode()
    finally:
        connection.close()


def on_screen(floor: ShopFloor) -> str:
    """What a telephone reads off the screen."""
    floor.visit.hands.settle()
    image = floor.kiosk.grab().convertToFormat(QImage.Format.Format_RGB888)
    size = (image.width(), image.height())
    pixels = Image.frombuffer("RGB", size, bytes(image.constBits()), "raw", "RGB", image.bytesPerLine(), 1)
    (code,) = zxingcpp.read_barcodes(pixels)
    return code.text


def bought(floor: ShopFloor) -> None:
    hands, visit = floor.visit.hands, floor.visit
    visit.scan_item(MILK)
    hands.press("action.pay")
    visit.tap_card("visa")
    hands.wait_for_step("receipt-choice")


def test_the_code_on_the_screen_leads_to_the_sale_once_it_arrived(
    qapp: QGuiApplication, tmp_path: Path, central: Central, line: FaultyLine
) -> None:
    enrol(tmp_path / "data", line.url, central.code("4"), "4")
    with visit_to(tmp_path, with_line) as floor:
        hands, register = floor.visit.hands, floor.kiosk.terminal.register
        hands.wait(lambda: register.state.line.is_up, "the line", 20)
        bought(floor)
        hands.press("action.show-qr")
        hands.wait_for_step("receipt-qr")
        link = on_screen(floor)
        until(lambda: asked(central, link)[0] == 200)
        assert "1.29" in asked(central, link)[1] or "Milk" in asked(central, link)[1]
        sale_id = str(floor.body(Kind.SALE_COMPLETED)["sale_id"])
        assert sale_id not in link
        assert asked(central, f"{ADDRESS}/r/{sale_id}")[0] == 404


def test_without_a_line_the_screen_holds_the_receipt_and_the_paper_an_address_that_says_not_here_yet(
    qapp: QGuiApplication, tmp_path: Path, central: Central, line: FaultyLine
) -> None:
    enrol(tmp_path / "data", line.url, central.code("4"), "4")
    with visit_to(tmp_path, with_line) as floor:
        hands, register = floor.visit.hands, floor.kiosk.terminal.register
        hands.wait(lambda: register.state.line.is_up, "the line", 20)
        line.cut()
        bought(floor)
        hands.wait(lambda: bool(register.state.line.reason), "the cut line to be noticed", 20)
        hands.press("action.show-qr")
        hands.wait_for_step("receipt-qr")
        text = on_screen(floor)
        assert "RCP-4-000001" in text
        hands.press("action.done")
        hands.wait_for_step("attract")
        bought(floor)
        links = [text.splitlines()[-1], printed_link(floor)]
        for link in links:
            status, page = asked(central, link)
            assert (status, "not here yet" in page) == (404, True)
        line.mend()
        until(lambda: [asked(central, link)[0] for link in links] == [200, 200])
        assert told(central, "SELECT count(*) FROM sale")[0][0] == 2


def printed_link(floor: ShopFloor) -> str:
    """What a telephone reads off the paper."""
    printer = floor.far.printer
    assert printer is not None
    before = len(printer.papers)
    floor.visit.hands.press("action.print")
    floor.visit.hands.wait(lambda: len(printer.papers) > before, "the paper", 20)
    read = {code.text for code in zxingcpp.read_barcodes(printer.papers[-1].image)}
    assert "RCP-4-000002" in read
    return next(text for text in read if text.startswith("https://"))
