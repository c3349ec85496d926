"""The console in a real Chromium, the system's: live, by keyboard, readable, and never green when the line is gone."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator

import pytest
from back_shop import PASSWORD, Centre, Till
from playwright import sync_api
from test_console_bill_payments import pay

from sync.central.console.people import Role

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium is installed")
SWITCHES = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update"
    " --disable-sync"
)
STORE = "/console/stores/S1"
PAGES = ("terminals", "approvals", "sales", "bills", "forms", "commands", "alerts", "audit")
# What can be used: its words, its height, its number; and the number of what has the focus, with its outline.
CONTROLS = """() => [...document.querySelectorAll("a[href], button, input:not([type=hidden]), select, summary, pre")]
  .filter((each) => each.checkVisibility())
  .map((each, number) => {
    each.numbered = number;
    return [each.outerHTML.slice(0, 80), each.matches(".skip") ? 24 : each.getBoundingClientRect().height, number];
  })"""
FOCUSED = """() => {
  const own = document.activeElement;
  return [own.numbered ?? -1, getComputedStyle(own).outlineStyle];
}"""

# WCAG 2.2, 1.4.3: of every text on the page, against the nearest ground behind it.
CONTRASTS = """() => {
  const channel = (v) => (v /= 255) <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
  const parts = (c) => c.match(/[0-9.]+/g).map(Number);
  const light = (c) => { const [r, g, b] = parts(c).map(channel); return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
  const found = [];
  for (const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT); walker.nextNode();) {
    const text = walker.currentNode.textContent.trim(), own = walker.currentNode.parentElement;
    if (!text || !own.checkVisibility() || own.closest(".hidden, .skip, noscript, script, option")) continue;
    let ground = own;
    while (ground && (parts(getComputedStyle(ground).backgroundColor)[3] ?? 1) === 0) ground = ground.parentElement;
    const [a, b] = [light(getComputedStyle(own).color), light(getComputedStyle(ground ?? document.body).backgroundColor)];
    found.push([text, (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05)]);
  }
  return found;
}"""


def pay_bill_twice(till: Till) -> None:
    """One is on its way to its biller, the other is to be given back."""
    pay(till, "r1")
    pay(till, "r2")


@pytest.fixture(scope="module")
def chromium() -> Iterator[sync_api.Browser]:
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=SWITCHES.split())
        yield browser
        browser.close()


@pytest.fixture
def page(chromium: sync_api.Browser, centre: Centre, till: Till) -> Iterator[sync_api.Page]:
    centre.person("kim", Role.SUPERVISOR)
    visit = chromium.new_context(viewport={"width": 1280, "height": 800}, locale="en-GB")
    visit.set_default_timeout(20_000)
    opened = visit.new_page()
    wrong: list[str] = []
    opened.on("request", lambda asked: wrong.append(asked.url) if not asked.url.startswith(centre.address) else None)
    opened.on("pageerror", lambda error: wrong.append(str(error)))
    opened.on("console", lambda said: wrong.append(said.text) if "Content Security" in said.text else None)
    opened.goto(f"{centre.address}/console/")
    # Nobody types before he sees the cursor. It comes with the first drawing, which is later than the end of the loading.
    opened.wait_for_function("document.activeElement.id === 'name'")
    opened.keyboard.type("kim")
    opened.keyboard.press("Tab")
    opened.keyboard.type(PASSWORD)
    opened.keyboard.press("Enter")
    opened.get_by_role("heading", name="Terminals").wait_for()
    yield opened
    visit.close()
    assert wrong == []


def test_whoever_mistypes_the_password_finds_the_name_still_there(page: sync_api.Page, centre: Centre) -> None:
    page.get_by_role("button", name="Log out").press("Enter")
    page.get_by_label("Name").fill("kim")
    page.get_by_label("Password").fill("not the password")
    page.keyboard.press("Enter")
    page.get_by_role("alert").wait_for()
    page.wait_for_function("document.activeElement.id === 'password'")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Terminals").wait_for()


def test_a_sale_shows_without_loading_the_page_again(page: sync_api.Page, centre: Centre, till: Till) -> None:
    page.goto(f"{centre.address}{STORE}/sales")
    page.get_by_text("No sales on this day yet.").wait_for()
    till.sell(minor=199)
    page.locator("tbody tr").wait_for()
    assert "1.99" in page.locator(".totals").inner_text()


def test_someone_approves_with_the_keyboard_alone(page: sync_api.Page, centre: Centre, till: Till) -> None:
    page.goto(f"{centre.address}{STORE}/approvals")
    page.get_by_text("Nothing waits for approval.").wait_for()
    till.ask_approval()
    page.get_by_role("button", name="Approve").wait_for()
    for _ in range(30):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.value") == "approve":
            break
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    page.keyboard.press("Enter")
    page.get_by_text("Approved, on its way").wait_for()
    assert centre.count("SELECT count(*) FROM command WHERE kind = 'approve'") == 1


def test_nothing_stays_green_once_the_line_is_gone(page: sync_api.Page, centre: Centre, till: Till) -> None:
    till.tell()
    page.goto(f"{centre.address}{STORE}/terminals")
    page.locator(".light.well").wait_for()
    centre.stop()
    page.get_by_text(re.compile("No line to the central service")).wait_for()
    assert page.locator(".light.well").count() == 0
    assert page.locator(".terminal .word").inner_text() == "Unknown"


def test_every_text_stands_out_from_its_ground(page: sync_api.Page, centre: Centre, till: Till) -> None:
    Till(centre, "T2").tell("maintenance")
    sale_id = till.sell()
    Till(centre, "T3")
    till.ask_approval()
    pay_bill_twice(till)
    for name in (*PAGES, f"sales/T1/{sale_id}"):
        page.goto(f"{centre.address}{STORE}/{name}")
        found = page.evaluate(CONTRASTS)
        assert len(found) > 8
        assert [text for text, contrast in found if contrast < 4.5] == []


def test_what_someone_is_writing_stays_while_the_rest_is_renewed(
    page: sync_api.Page, centre: Centre, till: Till
) -> None:
    till.ask_approval()
    page.goto(f"{centre.address}{STORE}/approvals")
    page.get_by_label("Reason").fill("looks thir")
    Till(centre, "T2").ask_approval()
    page.locator("#tabs .count", has_text="2").wait_for()
    assert page.locator("#tabs").count() == 1
    page.keyboard.type("ty")
    assert page.get_by_label("Reason").first.input_value() == "looks thirty"


def test_a_page_is_live_again_once_the_line_is_back(page: sync_api.Page, centre: Centre, till: Till, url: str) -> None:
    till.tell()
    page.goto(f"{centre.address}{STORE}/terminals")
    page.locator(".light.well").wait_for()
    centre.stop()
    page.get_by_text(re.compile("No line to the central service")).wait_for()
    again = Centre(url, centre.port)
    try:
        page.locator(".light.well").wait_for()
        assert page.locator("#line").inner_text() == ""
    finally:
        again.stop()


@pytest.mark.parametrize("width", [1280, 390])
def test_every_page_is_used_with_tab_alone_and_fits_the_screen(
    page: sync_api.Page, centre: Centre, till: Till, width: int
) -> None:
    sale_id = till.sell()
    till.ask_approval()
    pay_bill_twice(till)
    page.set_viewport_size({"width": width, "height": 800})
    for name in (*PAGES, f"sales/T1/{sale_id}"):
        page.goto(f"{centre.address}{STORE}/{name}")
        controls = page.evaluate(CONTROLS)
        assert controls
        assert [text for text, height, _ in controls if height < 24] == []  # WCAG 2.2, 2.5.8
        reached = set[int]()
        for _ in range(len(controls) + 3):
            page.keyboard.press("Tab")
            number, outline = page.evaluate(FOCUSED)
            reached.add(number)
            # A field for a day shows by itself which of its parts has the focus.
            is_day = page.evaluate("document.activeElement.type === 'date'")
            assert number < 0 or is_day or outline == "solid", (name, number)
        assert [text for text, _, number in controls if number not in reached] == [], name
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), name


def test_no_page_holds_a_script_or_a_style_of_its_own(page: sync_api.Page, centre: Centre, till: Till) -> None:
    """The policy forbids what stands inline; the browser would leave it out, so it must not be needed."""
    sale_id = till.sell()
    for name in (*PAGES, f"sales/T1/{sale_id}"):
        reply = page.goto(f"{centre.address}{STORE}/{name}")
        assert reply is not None
        assert "unsafe" not in reply.headers["content-security-policy"]
        page.wait_for_function("window.htmx")
        assert page.locator("script:not([src]), style, [style], [onclick], [onload]").count() == 0, name
