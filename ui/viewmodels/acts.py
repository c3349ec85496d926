"""What hands do at the terminal, as events of the journey: one slot a touch, and no decision in any of them."""

from __future__ import annotations

from PySide6.QtCore import QObject, Slot

from kiosk.domain.scan import LONGEST_SCAN_BYTES, Scan, Source
from kiosk.services.checkout import events
from kiosk.services.home import ServiceChosen
from ui.viewmodels.picker import PickerModel
from ui.viewmodels.shown import Post, Shown


class Acts(Shown):
    """Posts an event for each touch."""

    _picker: PickerModel

    def __init__(self, post: Post, parent: QObject | None = None, **values: object) -> None:
        super().__init__(parent, **values)
        self._post = post

    @Slot(str)
    def serve(self, service: str) -> None:
        """Begin a service of the home screen."""
        self._post(ServiceChosen(service))

    @Slot(str)
    def open(self, step: str) -> None:
        """Go to "picker", "keypad" or "coupon"."""
        self._post(events.Opened(step))

    @Slot()
    def back(self) -> None:
        """One step back."""
        self._post(events.Back())

    @Slot()
    def goOn(self) -> None:
        """Yes, continue."""
        self._post(events.GoOn())

    @Slot()
    def pay(self) -> None:
        """Pay now."""
        self._post(events.PayPressed())

    @Slot()
    def undo(self) -> None:
        """Take the last change back."""
        self._post(events.Undone())

    @Slot()
    def hold(self) -> None:
        """Put the basket on hold."""
        self._post(events.HoldPressed())

    @Slot()
    def askPrice(self) -> None:
        """The newest line has another price on the shelf."""
        self._post(events.PriceQuestioned())

    @Slot(int)
    def givePrice(self, price_minor: int) -> None:
        """The price on the shelf, in minor units."""
        self._post(events.PriceGiven(price_minor))

    @Slot()
    def empty(self) -> None:
        """Give the whole basket up."""
        self._post(events.EmptyPressed())

    @Slot(int, int)
    def setCount(self, line_id: int, count: int) -> None:
        """A line is to have `count` pieces; 0 takes it out."""
        self._post(events.CountChanged(line_id, count))

    @Slot(int)
    def remove(self, line_id: int) -> None:
        """A line is to go."""
        self._post(events.LineRemoved(line_id))

    @Slot(str)
    def removeSlip(self, code: str) -> None:
        """A coupon or voucher is to go."""
        self._post(events.CouponRemoved(code))

    @Slot(str)
    def typeCode(self, text: str) -> None:
        """A code was typed instead of scanned."""
        self._post(events.Scanned(Scan(text.encode()[:LONGEST_SCAN_BYTES], source=Source.TYPED)))

    @Slot(int)
    def giveWeight(self, weight_g: int) -> None:
        """The article in hand weighs so much."""
        self._post(events.WeightGiven(weight_g))

    @Slot(str)
    def chooseCategory(self, category: str) -> None:
        """Show a category of the picker."""
        self._post(events.CategoryChosen(category))

    @Slot(str)
    def search(self, text: str) -> None:
        """Show what matches in the picker."""
        self._post(events.SearchTyped(text))

    @Slot(int)
    def pick(self, at: int) -> None:
        """Take the article in place `at` of the picker."""
        item = self._picker.item(at)
        if item is not None:
            self._post(events.Picked(item))

    @Slot(str)
    def chooseReceipt(self, choice: str) -> None:
        """Take "none", "paper" or "qr"."""
        self._post(events.ReceiptChosen(choice))

    @Slot()
    def callHelp(self) -> None:
        """Call a member of staff."""
        self._post(events.HelpCalled())

    @Slot(str)
    def enterPin(self, pin: str) -> None:
        """A member of staff typed their PIN."""
        self._post(events.PinEntered(pin))

    @Slot(str)
    def staffChoose(self, choice: str) -> None:
        """A verified member of staff decided: "approve", "refuse", "void", "take-over" or "done"."""
        self._post(events.StaffChose(choice))

    @Slot(str)
    def chooseLanguage(self, language: str) -> None:
        """Speak another language."""
        self._post(events.LanguageChosen(language))

    @Slot(str, bool)
    def setEasier(self, setting: str, on: bool) -> None:  # noqa: FBT001 - a slot takes what QML gives it, by position
        """Switch a way of making the terminal easier to use."""
        self._post(events.EasierChosen(setting, on))

    @Slot(str)
    def openOverlay(self, overlay: str) -> None:
        """Open "help", "language", "easier", "more"; "" closes."""
        self._post(events.OverlayOpened(overlay))

    @Slot()
    def moreTime(self) -> None:
        """The customer is still there."""
        self._post(events.MoreTime())
