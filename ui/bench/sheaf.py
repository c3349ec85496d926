"""The sheaf for QML: bills to scan, and cards to scan, swipe and put in. Each touch goes over the real wire of a virtual device."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from devices.virtual.card_reader import VirtualCardReader
from devices.virtual.chip_card import ChipCard, VirtualChipCard, payment_card, tern_card
from devices.virtual.scanner import VirtualScanner
from ui.bench.bills import PaperBill
from ui.bench.hand import Hand
from ui.bench.holders import Holder, code_now, seconds_left
from ui.bench.scanner import GroupRow
from ui.viewmodels.rows import Row, Rows, TileRow
from ui.viewmodels.shown import Shown, part, shown

_LOOK_EVERY_MS = 1_000
_NOISE_BYTES = 200
_EXPIRY = "2912"
# Other cards that somebody may draw through the reader; the numbers are those that schemes publish for tests.
_OTHERS = {
    "payment": {1: "B4111111111111111^DOE/JOHN^29122010000000000000", 2: "4111111111111111=29122010000000000000"},
    "payment-track-2": {2: "5555555555554444=29122010000000000000"},
    "other-shop": {2: "98012345678=99"},
    "wrong-digit": {2: f"9276100000015={_EXPIRY}"},
}
_OTHER_CHIPS = {"payment": payment_card(), "other-shop": ChipCard(()), "wrong-digit": tern_card("9276100000015")}


@dataclass(frozen=True, slots=True)
class HolderRow(Row):
    """A holder with a card; `code` is their one-time code of now, "" for none; `isSent`: it came as a message."""

    name: str
    pin: str
    code: str
    isSent: bool


class SheafBench(Shown):
    """`notice` is the code of why the last act did not get through, or "". `secondsLeft` is how long the one-time codes stay.
    `inside` names the holder, or the other card, whose chip is in the reader, "" for none.
    """

    changed = Signal()
    canScan = shown(bool, "canScan", changed)
    canSwipe = shown(bool, "canSwipe", changed)
    canInsert = shown(bool, "canInsert", changed)
    inside = shown(str, "inside", changed)
    plugged = shown(bool, "plugged", changed)
    notice = shown(str, "notice", changed)
    secondsLeft = shown(int, "secondsLeft", changed)
    bills = part(Rows, "bills")
    holders = part(Rows, "holders")
    others = part(Rows, "others")
    _told = Signal(str)

    def __init__(
        self,
        scanner: VirtualScanner | None,
        reader: VirtualCardReader | None,
        bills: Sequence[PaperBill],
        holders: Sequence[Holder] = (),
        *,
        chip: VirtualChipCard | None = None,
        account_prefix: str = "ACC-",
        sent: Callable[[str], str] = lambda _: "",
        now_s: Callable[[], float] = time.time,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(
            parent,
            canScan=scanner is not None,
            canSwipe=reader is not None,
            canInsert=chip is not None,
            inside="",
            plugged=True,
            notice="",
            secondsLeft=30,
        )
        self._scanner, self._reader, self._chip = scanner, reader, chip
        self._papers = {bill.id: bill for bill in bills}
        self._people = {holder.id: holder for holder in holders}
        self._prefix = account_prefix
        self._sent, self._now_s = sent, now_s
        self._bills = Rows(GroupRow, self)
        self._bills.replace([GroupRow(group, self._group(group)) for group in dict.fromkeys(b.group for b in bills)])
        self._holders = Rows(HolderRow, self)
        self._others = Rows(TileRow, self)
        others, picture = (_OTHERS, "stripe-card") if chip is None else (_OTHER_CHIPS, "chip-card")
        self._others.replace([TileRow(name, name, picture=picture) for name in others])
        self._hand = Hand(self._told.emit, "reader-unplugged")
        self._told.connect(lambda notice: self.show(notice=notice))
        self._clock = QTimer(self, interval=_LOOK_EVERY_MS)
        self._clock.timeout.connect(self.look)
        self._clock.start()
        self.look()

    @Slot(str)
    def scanBill(self, name: str) -> None:
        """Hold a bill before the scanner."""
        bill = self._papers.get(name)
        if bill is not None:
            self._scan(bill.data, bill.aim)

    @Slot(str)
    def scanCard(self, holder: str) -> None:
        """Hold the bar code of a holder's card before the scanner."""
        if holder in self._people:
            self._scan(f"{self._prefix}{self._people[holder].card}".encode(), "]C0")

    @Slot(str)
    def swipeCard(self, holder: str) -> None:
        """Draw a holder's card through the reader."""
        if holder in self._people:
            self._swipe({2: f"{self._people[holder].card}={_EXPIRY}"})

    @Slot(str)
    def insertCard(self, holder: str) -> None:
        """Put the chip of a holder's card into the reader, or take it out again."""
        if holder in self._people:
            self._insert(holder, tern_card(self._people[holder].card))

    @Slot(str)
    def showOther(self, name: str) -> None:
        """Draw another card through the reader, or put it in or take it out; such as a payment card."""
        if self._chip is not None and name in _OTHER_CHIPS:
            self._insert(name, _OTHER_CHIPS[name])
        elif name in _OTHERS:
            self._swipe(_OTHERS[name])

    @Slot()
    def togglePlug(self) -> None:
        """Pull the reader's cable, or put it back."""
        if self._reader is not None:
            plugged = not self.value("plugged")
            (self._reader.replug if plugged else self._reader.unplug)()
            self.show(plugged=plugged, notice="")

    @Slot()
    def sendNoise(self) -> None:
        """Something disturbs the reader's line."""
        self._with_reader(lambda reader: reader.garbage(_NOISE_BYTES))

    @Slot()
    def sendHalf(self) -> None:
        """A card that stops half way."""
        self._with_reader(lambda reader: reader.half_swipe({2: f"9276100000014={_EXPIRY}"}))

    @Slot()
    def sendUnreadable(self) -> None:
        """A card whose stripe is worn."""
        self._with_reader(lambda reader: reader.unreadable(1, 2))

    @Slot()
    def look(self) -> None:
        """Show the one-time codes of now."""
        now_s = self._now_s()
        self._holders.replace(
            [HolderRow(one.id, one.name, one.pin, self._code(one, now_s), one.is_sent) for one in self._people.values()]
        )
        self.show(secondsLeft=seconds_left(now_s))

    def close(self) -> None:
        """Let go of the devices."""
        self._clock.stop()
        self._hand.close()
        if self._chip is not None:
            self._chip.close()

    def _code(self, holder: Holder, now_s: float) -> str:
        if holder.is_sent:
            return self._sent(holder.id)
        return code_now(holder.secret, now_s) if holder.secret else ""

    def _group(self, group: str) -> Rows:
        rows = Rows(TileRow, self)
        of_group = [bill for bill in self._papers.values() if bill.group == group]
        rows.replace([TileRow(bill.id, bill.id, bill.amount, bill.picture) for bill in of_group])
        return rows

    def _scan(self, data: bytes, aim: str) -> None:
        scanner = self._scanner
        if scanner is not None:
            self._hand.do(lambda: scanner.scan(data, aim))

    def _insert(self, name: str, card: ChipCard) -> None:
        chip, inside = self._chip, self.value("inside")
        if chip is None:
            return
        try:
            chip.remove()
            if inside != name:
                chip.insert(card)
        except OSError:
            self.show(inside="", notice="no-chip-reader")
        else:
            self.show(inside="" if inside == name else name, notice="")

    def _swipe(self, tracks: dict[int, str]) -> None:
        self._with_reader(lambda reader: reader.swipe(tracks))

    def _with_reader(self, act: Callable[[VirtualCardReader], None]) -> None:
        reader = self._reader
        if reader is not None:
            self._hand.do(lambda: act(reader))
