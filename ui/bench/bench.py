"""What stands on the bench: those far sides that are virtual here, the line to the office, and the power of the terminal."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, Slot

from devices.virtual.chip_card import VirtualChipCard
from devices.virtual.far_sides import FarSides
from ui.bench.bills import PaperBill
from ui.bench.holders import Holder
from ui.bench.office import OfficeBench
from ui.bench.payment import PaymentBench
from ui.bench.printer import PrinterBench
from ui.bench.process import KioskProcess
from ui.bench.scanner import ScannerBench
from ui.bench.sheaf import SheafBench
from ui.bench.shelf import Thing
from ui.viewmodels.shown import part
from ui.viewmodels.words import WordsBridge


class Bench(QObject):
    """The parts of the bench; one that is real here is None."""

    scanner = part(ScannerBench, "scanner")
    printer = part(PrinterBench, "printer")
    sheaf = part(SheafBench, "sheaf")
    payment = part(PaymentBench, "payment")
    power = part(KioskProcess, "power")
    office = part(OfficeBench, "office")

    def __init__(
        self,
        sides: FarSides,
        power: KioskProcess,
        shelf: Sequence[Thing],
        words: WordsBridge,
        *,
        bills: Sequence[PaperBill] = (),
        holders: Sequence[Holder] = (),
        chip: VirtualChipCard | None = None,
        sent: Callable[[str], str] = lambda _: "",
        account_prefix: str = "ACC-",
        office: OfficeBench | None = None,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        language = words.value("language")
        self._scanner = ScannerBench(sides.scanner, shelf, language, self) if sides.scanner is not None else None
        self._sheaf = (
            SheafBench(
                sides.scanner,
                sides.card,
                bills,
                holders,
                chip=chip,
                sent=sent,
                account_prefix=account_prefix,
                parent=self,
            )
            if sides.scanner is not None or sides.card is not None or chip is not None
            else None
        )
        self._printer = PrinterBench(sides.printer, self) if sides.printer is not None else None
        self._payment = PaymentBench(sides.payment, self) if sides.payment is not None else None
        self._power = power
        self._office = office
        self._words = words
        words.changed.connect(self._speak)

    @property
    def printing(self) -> PrinterBench | None:
        """The printer's part, for whoever needs its pictures."""
        return self._printer

    def close(self) -> None:
        """Let go of the far sides."""
        if self._scanner is not None:
            self._scanner.close()
        if self._sheaf is not None:
            self._sheaf.close()

    @Slot(str)
    def speak(self, language: str) -> None:
        """Speak `language` on the bench; the terminal's language is its customer's."""
        self._words.switch(language)

    def _speak(self) -> None:
        if self._scanner is not None:
            self._scanner.speak(self._words.value("language"))
