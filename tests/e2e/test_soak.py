"""Basket after basket in one process: nothing piles up. How much memory a thousand take, `kiosk measure baskets` says."""

from __future__ import annotations

import gc
import threading
from collections import Counter
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtGui import QGuiApplication

from devices.virtual.payment_cards import CARDS, Customer, Entry
from tests.e2e.shop_floor import ShopFloor
from ui.tour.visit import BREAD, MILK, Visit

WARM, MORE = 6, 24


def test_baskets_leave_no_threads_files_timers_or_objects_behind(visit: Visit, shop_floor: ShopFloor) -> None:
    visit.payment.expect(Customer(CARDS["visa"], Entry.TAPPED, card_after_ms=0))
    for number in range(WARM):
        buy(visit, number)
    before = census(shop_floor)
    for number in range(MORE):
        buy(visit, number)
    after = census(shop_floor)
    grown = {name: (before[name], after[name]) for name in after if after[name] > before[name] + 3}
    assert grown == {}


def buy(visit: Visit, number: int) -> None:
    """Two articles, a look round, a card, and home."""
    hands = visit.hands
    visit.scan_item(MILK)
    visit.scan_item(BREAD)
    if number % 3 == 0:
        hands.press("action.produce")
        hands.wait(lambda: visit.session.picker.items, "the shelf")
        hands.press("action.back-to-basket")
        hands.press("action.help")
        hands.press("action.close")
    hands.press("action.pay")
    hands.wait(lambda: hands.step == "receipt-choice", "the card to be charged")
    hands.press("action.no-receipt")
    hands.wait(lambda: hands.step == "thanks", "the farewell")
    hands.press("action.done")
    hands.wait(lambda: hands.step == "attract", "the next customer's screen")


def census(floor: ShopFloor) -> Counter[str]:
    """What there is of each kind."""
    floor.kiosk.terminal.settle()
    gc.collect()
    QGuiApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    floor.visit.hands.settle()
    found: Counter[str] = Counter(
        threads=threading.active_count(), files=sum(1 for _ in Path("/proc/self/fd").iterdir())
    )
    for owner in (floor.kiosk, floor.kiosk.window.view, floor.kiosk.window.root()):
        children = owner.findChildren(QObject)
        found["timers"] += sum(isinstance(child, QTimer) for child in children)
        found["Qt objects"] += len(children)
    for kind in map(type, gc.get_objects()):
        if str(kind.__module__).startswith(("kiosk.", "ui.")):
            found[f"{kind.__module__}.{kind.__qualname__}"] += 1
    return found
