"""The next customer sees nothing of the last one: a mark on everything of theirs, searched everywhere after every way to leave."""

from __future__ import annotations

import gc
import logging
from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QObject
from PySide6.QtGui import QAccessible, QGuiApplication

from tests.e2e.shop_floor import ShopFloor, walk_away
from ui.tour.visit import BADGE, MILK, PIN, Visit

MARK = "QXMARKQX"
MEMBER, COUPON = f"MBR-{MARK}1", f"CPN-{MARK}2"


def shop(visit: Visit) -> None:
    """A customer who leaves the mark wherever something of theirs can stand."""
    visit.scan_item(MILK)
    visit.scan(MEMBER, "]C0")
    visit.hands.wait(lambda: visit.session.basket.member == MEMBER, "the member's card")
    visit.scan(COUPON, "]C0")
    visit.scan(f"VCH-{MARK}3", "]C0")
    visit.hands.press("action.produce")
    visit.hands.wait_for_step("picker")
    visit.kiosk.till.search(f"{MARK}4")
    visit.hands.wait(lambda: visit.session.picker.query == f"{MARK}4", "the search")
    visit.scan(f"{MARK}5", "]C0")
    visit.hands.wait_for_step("unknown-code")
    visit.hands.press("action.scan-again")
    visit.hands.wait_for_step("basket")


def pays(visit: Visit) -> None:
    visit.hands.press("action.pay")
    visit.tap_card("visa")
    visit.hands.wait_for_step("receipt-choice")
    visit.hands.press("action.show-qr")
    visit.hands.wait_for_step("receipt-qr")
    visit.hands.press("action.done")


def empties(visit: Visit) -> None:
    for key in ("screen.basket.more", "action.empty-basket", "screen.more.yes"):
        visit.hands.press(key)


def holds(visit: Visit) -> None:
    visit.hands.press("screen.basket.more")
    visit.hands.press("action.hold")
    visit.hands.wait_for_step("held")
    visit.hands.press("action.done")


def is_voided_by_staff(visit: Visit) -> None:
    visit.scan(BADGE, "]C0")
    visit.hands.wait_for_step("staff-login")
    visit.hands.type_digits(PIN)
    visit.hands.press("action.continue")
    visit.hands.wait_for_step("staff-menu")
    visit.hands.press("action.void")


def goes_away(visit: Visit) -> None:
    walk_away(visit.kiosk)


@pytest.mark.parametrize("leave", [pays, empties, holds, is_voided_by_staff, goes_away])
def test_nothing_of_the_last_customer_is_left_for_the_next(
    visit: Visit, shop_floor: ShopFloor, leave: Callable[[Visit], None], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    shop(visit)
    assert any(MARK in text for _, text in kept(shop_floor)), "the search finds nothing while they are here"
    leave(visit)
    visit.hands.wait_for_step("attract")
    shop_floor.kiosk.terminal.settle()
    gc.collect()
    assert [where for where, text in kept(shop_floor) if MARK in text] == []
    assert shop_floor.kiosk.terminal.books.drafts.load() is None
    assert MARK not in QGuiApplication.clipboard().text()
    assert MARK not in caplog.text


def kept(floor: ShopFloor) -> Iterator[tuple[str, str]]:
    """Every text that the screen, its view-models, the accessibility tree and the objects of the terminal hold, with where."""
    window = floor.kiosk.window
    for owner in (window.view, window.root(), floor.kiosk.till):
        for item in (owner, *owner.findChildren(QObject)):
            yield from shown(item)
    yield from spoken(QAccessible.queryAccessibleInterface(window.root()))
    yield from held(floor.kiosk.terminal, "terminal", set())
    yield from held(floor.kiosk.till.__dict__, "till", set())


def shown(item: QObject) -> Iterator[tuple[str, str]]:
    about = item.metaObject()
    for at in range(about.propertyCount()):
        name = about.property(at).name()
        if about.property(at).typeName() in ("QString", "QVariant", "QStringList", "QUrl"):
            yield f"{about.className()}.{name}", str(item.property(name))


def spoken(interface: object) -> Iterator[tuple[str, str]]:
    if interface is None:
        return
    for kind in (QAccessible.Text.Name, QAccessible.Text.Description, QAccessible.Text.Value):
        yield "accessibility", interface.text(kind)  # type: ignore[attr-defined]
    for at in range(interface.childCount()):  # type: ignore[attr-defined]
        yield from spoken(interface.child(at))  # type: ignore[attr-defined]


def held(thing: object, where: str, known: set[int], depth: int = 0) -> Iterator[tuple[str, str]]:
    """The texts that can be reached from an object of ours."""
    if id(thing) in known or depth > 40:
        return
    known.add(id(thing))
    if isinstance(thing, str):
        yield where, thing
    elif isinstance(thing, bytes | bytearray):
        yield where, bytes(thing).decode("latin-1")
    elif isinstance(thing, dict):
        for key, value in list(thing.items()):
            yield from held(key, f"{where} key", known, depth + 1)
            yield from held(value, f"{where}[{str(key)[:30]}]", known, depth + 1)
    elif isinstance(thing, list | tuple | set | frozenset):
        for value in list(thing):
            yield from held(value, f"{where}[]", known, depth + 1)
    elif callable(thing) and hasattr(thing, "__closure__"):
        for cell in thing.__closure__ or ():
            try:
                yield from held(cell.cell_contents, f"{where}()", known, depth + 1)
            except ValueError:
                continue
    elif type(thing).__module__.split(".")[0] in ("kiosk", "ui", "devices", "functools", "collections", "queue"):
        names = [
            *getattr(thing, "__dict__", {}),
            *(slot for one in type(thing).__mro__ for slot in getattr(one, "__slots__", ())),
        ]
        for name in names:
            yield from held(getattr(thing, name, None), f"{where}.{name}", known, depth + 1)
