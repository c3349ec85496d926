"""The module `Tern` that QML imports: its types, registered with the engine, and their description for qmllint.

`python -m ui.typeinfo` writes the description anew.
"""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QAbstractListModel, QObject
from PySide6.QtQml import qmlRegisterType, qmlRegisterUncreatableType
from PySide6.QtQuick import QQuickPaintedItem

from ui.qr import QrModules
from ui.viewmodels.account import AccountModel
from ui.viewmodels.acts import Acts
from ui.viewmodels.basket import BasketModel
from ui.viewmodels.bill import BillModel
from ui.viewmodels.form import FormModel
from ui.viewmodels.look import Look
from ui.viewmodels.modes import Modes
from ui.viewmodels.picker import PickerModel
from ui.viewmodels.refund import RefundModel
from ui.viewmodels.rows import Rows
from ui.viewmodels.till import Till
from ui.viewmodels.typeinfo import qmltypes
from ui.viewmodels.voice import Voice
from ui.viewmodels.words import WordsBridge

URI = "Tern"
QML = Path(__file__).parent / "qml"
DESCRIPTION = QML / "Tern" / "tern.qmltypes"
CLASSES: tuple[type[QObject], ...] = (
    QrModules,
    Rows,
    Look,
    Modes,
    Voice,
    WordsBridge,
    BasketModel,
    PickerModel,
    BillModel,
    AccountModel,
    RefundModel,
    FormModel,
    Acts,
    Till,
)


def register() -> None:
    """Make the types known to every engine of this process; once is enough."""
    for kind in CLASSES:
        if issubclass(kind, QQuickPaintedItem):
            qmlRegisterType(kind, URI, 1, 0, kind.__name__)  # type: ignore[call-overload] # the stubs ask for bytes
        else:
            qmlRegisterUncreatableType(kind, URI, 1, 0, kind.__name__, "made by the terminal")  # type: ignore[arg-type] # the stubs ask for bytes


def description() -> str:
    """The text of the description, as it ought to be."""
    bases: dict[type, str] = {
        QObject: "QObject",
        QAbstractListModel: "QAbstractListModel",
        QQuickPaintedItem: "QQuickPaintedItem",
        Acts: "Acts",
    }
    return qmltypes(URI, CLASSES, bases)


if __name__ == "__main__":
    DESCRIPTION.write_text(description(), encoding="utf-8")
