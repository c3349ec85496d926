"""A checkout for tests: its catalogue answers at once, everything else that it asks for is kept to be looked at."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from kiosk.domain.facts import Kind
from kiosk.domain.item import Item
from kiosk.domain.money import Money
from kiosk.domain.pricing import PriceRules
from kiosk.domain.promotion import Promotion, PromotionKind
from kiosk.domain.quantity import Unit
from kiosk.domain.resolver import ScanRules
from kiosk.domain.scan import ItemCode, Scan, Source
from kiosk.domain.tax import TaxClass, TaxRules
from kiosk.ports import Health, HealthState
from kiosk.services.checkout import effects as ask
from kiosk.services.checkout.events import (
    DeviceChanged,
    ItemFound,
    ItemMissing,
    PaymentDone,
    PayPressed,
    PinEntered,
    Scanned,
    StaffVerified,
)
from kiosk.services.checkout.session import Rules, Session, Turn
from kiosk.services.checkout.timing import advance


def item(gtin: str, price: int, **more: Any) -> Item:
    details: dict[str, Any] = {"unit": Unit.PIECE, "tax_class": "reduced", "category": "x", "picture": "x", **more}
    return Item(gtin, {"en": f"Article {gtin[-4:]}", "de": "Ware"}, Money(price, "EUR"), price_version="v1", **details)


MILK = item("09526001040018", 129)
BREAD = item("09526001030170", 219)
WINE = item("09526001000012", 599, minimum_age=18, tax_class="standard")
BEER = item("09526001000029", 149, minimum_age=16, tax_class="standard")
BANANAS = item("00000000004011", 179, unit=Unit.KILOGRAM, plu="4011")
SHELF = {thing.gtin: thing for thing in (MILK, BREAD, WINE, BEER)}
COUPON = Promotion("c", PromotionKind.COUPON, {"en": "5 % off"}, code="CPN-SPRING5", percent_bp=500)
RULES = Rules(
    price=PriceRules(
        TaxRules({"standard": TaxClass("standard", 1900), "reduced": TaxClass("reduced", 700)}), "EUR", (COUPON,)
    ),
    scan=ScanRules(),
    languages=("en", "de"),
)
READY, GONE = Health(HealthState.READY), Health(HealthState.FAULT, "paper-out")


@dataclass
class Shop:
    """A checkout whose catalogue answers at once; everything else it asks for is kept in `asked`."""

    session: Session = field(default_factory=lambda: Session("en"))
    rules: Rules = RULES
    asked: list[object] = field(default_factory=list)
    recalled: set[str] = field(default_factory=set)
    turns: int = 0
    at: datetime = datetime(2026, 1, 5, 8, 0, tzinfo=UTC)

    def __post_init__(self) -> None:
        for kind in ("scanner", "printer", "payment"):
            self.tell(DeviceChanged(kind, READY))

    def tell(self, *events: object) -> Shop:
        for event in events:
            self.turns += 1
            turn = Turn(self.rules, self.at + timedelta(seconds=self.turns), self.turns, f"id{self.turns:026d}")
            self.session, effects = advance(self.session, event, turn)
            self.asked += effects
            for effect in effects:
                if isinstance(effect, ask.LookUp):
                    self.tell(self._look_up(effect.code))
        return self

    def scan(self, *codes: str, symbology: str = "E0", source: Source = Source.SCANNER) -> Shop:
        return self.tell(*(Scanned(Scan(code.encode(), symbology, source)) for code in codes))

    def _look_up(self, code: ItemCode) -> object:
        found = SHELF.get(code.gtin) or (BANANAS if code.reference == "4011" else None)
        return ItemFound(code, found, found.gtin in self.recalled) if found else ItemMissing(code)

    def last(self, kind: type) -> Any:
        return next(effect for effect in reversed(self.asked) if isinstance(effect, kind))

    def facts(self) -> list[Kind]:
        return [fact.kind for effect in self.asked if isinstance(effect, ask.Record) for fact in effect.facts]

    @property
    def step(self) -> str:
        return self.session.step

    @property
    def to_pay(self) -> int:
        return self.session.priced.to_pay.minor if self.session.priced else 0


def paying() -> Shop:
    return Shop().scan("9526001040018").tell(PayPressed())


def paid() -> Shop:
    shop = paying()
    return shop.tell(PaymentDone(shop.session.sale_id, "1"))


def staffed(shop: Shop, role: str = "attendant") -> Shop:
    shop.scan("STF-100", symbology="C0")
    assert shop.step == "staff-login"
    return shop.tell(PinEntered("1234"), StaffVerified("Kim", role))
