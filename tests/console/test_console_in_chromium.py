"""The console in a real Chromium, the system's: live, by keyboard, readable, and never green when the line is gone."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator

import pytest
from back_shop import PASSWORD, Centre, Till

from sync.central.console.people import Role

sync_api = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium is installed")
SWITCHES = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update"
    " --disable-sync"
)
STORE = "/console/stores/S1"

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
    for name in ("terminals", "approvals", "sales", "commands", "alerts", "audit", f"sales/T1/{sale_id}"):
        page.goto(f"{centre.address}{STORE}/{name}")
        found = page.evaluate(CONTRASTS)
        assert len(found) > 8
        assert [text for text, contrast in found if contrast < 4.5] == []
