"""The module `TernBench` that the bench's QML imports. `python -m ui.bench.typeinfo` writes its description for qmllint anew."""

from __future__ import annotations

from PySide6.QtCore import QObject
from PySide6.QtQml import qmlRegisterUncreatableType

from ui import typeinfo
from ui.bench.bench import Bench
from ui.bench.office import OfficeBench
from ui.bench.payment import PaymentBench
from ui.bench.printer import PrinterBench
from ui.bench.process import KioskProcess
from ui.bench.scanner import ScannerBench
from ui.bench.sheaf import SheafBench
from ui.viewmodels.typeinfo import qmltypes

URI = "TernBench"
DESCRIPTION = typeinfo.QML / URI / "bench.qmltypes"
CLASSES: tuple[type[QObject], ...] = (
    ScannerBench,
    SheafBench,
    PrinterBench,
    PaymentBench,
    KioskProcess,
    OfficeBench,
    Bench,
)


def register() -> None:
    """Make the types known to every engine of this process, with those of the touch screen that they stand on."""
    typeinfo.register()
    for kind in CLASSES:
        qmlRegisterUncreatableType(kind, URI, 1, 0, kind.__name__, "made by the bench")  # type: ignore[arg-type] # the stubs ask for bytes


def description() -> str:
    """The text of the description, as it ought to be."""
    return qmltypes(URI, CLASSES, {QObject: "QObject"})


if __name__ == "__main__":
    DESCRIPTION.write_text(description(), encoding="utf-8")
