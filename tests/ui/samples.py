"""Sample sessions: what each screen shows at its fullest, in words of the demo store."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QEventLoop

from kiosk.domain.money import Money
from kiosk.services.words import Words
from ui.viewmodels.look import Look
from ui.viewmodels.rows import LineRow
from ui.viewmodels.till import Till
from ui.viewmodels.words import WordsBridge
from ui.window import KioskWindow, Panel

ASSETS = Path(__file__).resolve().parents[2] / "assets"


class Stage:
    """A window with a till that no register stands behind: `asked` keeps what touches asked for."""

    def __init__(self) -> None:
        self.asked: list[object] = []
        self.words = WordsBridge(Words(ASSETS / "languages", "en", country="DE"), "en", "EUR")
        self.till = Till(self.asked.append)
        self.look = Look("Hofmarkt")
        self.window = KioskWindow(self.till, self.words, self.look, ASSETS, Panel())
        self.window.show()

    def show(
        self,
        name: str,
        width: int = 1280,
        height: int = 800,
        language: str = "en",
        *,
        large: bool = False,
        **modes: bool,
    ) -> None:
        """Show the sample `name`."""
        self.till.forget()
        self.words.switch(language)
        self.till.value("screen")
        self.till.modes.forget()
        self.till.modes.show(largeText=large, reducedMotion=True, **modes)
        self.window.resize(width, height)
        self.till.show(terminalName=self.words.words("name.terminal", number="4"))
        SAMPLES[name](self.till, self.words.words)
        settle()


def settle() -> None:
    """Let everything that is due happen."""
    for _ in range(4):
        QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 20)


def euro(words: Words, minor: int) -> str:
    return words.money(Money(minor, "EUR"))


def fill(till: Till, words: Words) -> None:
    """A basket of seven lines, one of each kind."""
    german = words.code == "de"
    saving = words("screen.basket.saving", label="2 für 5,00 €" if german else "2 for 5.00 €", amount=euro(words, 98))
    each = words("screen.basket.each", price=euro(words, 129))
    per_kg = words("screen.basket.per-kg", price=euro(words, 179))
    deposit = words("screen.basket.deposit", amount=euro(words, 150))
    table = (
        ("Oranges, Navel, net 1.5 kg", "Orangen Navel, Netz 1,5 kg", "", 299, 2, saving, "", "orange"),
        ("Whole milk 3.8 %, 1 l", "Vollmilch 3,8 %, 1 l", each, 258, 2, "", "", "milk"),
        ("Rye bread, sliced, 500 g", "Roggenbrot, geschnitten, 500 g", "", 219, 1, "", "", "loaf"),
        ("Sparkling water, 6 × 1.5 l", "Mineralwasser, 6 × 1,5 l", "", 444, 1, "", deposit, "water"),
        ("Bananas, loose", "Bananen, lose", f"{words.weight(842)} · {per_kg}", 151, 0, "", "", "banana"),
        ("Butter", "Butter", "", 249, 1, "", "", "butter"),
        ("Espresso, whole beans, 1 kg", "Espresso, ganze Bohne, 1 kg", "", 1249, 1, "", "", "coffee"),
    )
    lines = [
        LineRow(str(at), at, de if german else en, detail, euro(words, minor), count, count > 0, cut, extra, picture)
        for at, (en, de, detail, minor, count, cut, extra, picture) in enumerate(table, start=1)
    ]
    till.basket.show_lines(lines[0], lines[1:], [])
    saved = words("screen.basket.you-save", amount=euro(words, 98))
    till.basket.show(itemCount=9, total=euro(words, 2869), totalMinor=2869.0, savings=saved, canUndo=True)


def attract(till: Till, words: Words) -> None:
    till.basket.forget()
    till.show(screen="Attract")


def basket(till: Till, words: Words) -> None:
    fill(till, words)
    till.show(screen="Basket", step=1)


SAMPLES: dict[str, Callable[[Till, Words], None]] = {
    "attract": attract,
    "basket": basket,
}
