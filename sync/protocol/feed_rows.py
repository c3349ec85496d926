"""What the rows of each feed hold, format 1. Amounts in minor units of the edition's currency; numbers as the terminal keeps them.

Keys: catalogue `edition`, `category:CODE`, `item:NUMBER` (14 digits); prices `NUMBER`; promotions their id; recalls `NUMBER:BATCH`;
vouchers their code; staff their id; policy a dotted key of the configuration; content a name;
accounts a mark. A `PriceRow` belongs to the item of the same
number: an item without a price is not for sale.
"""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal

from pydantic import Field, model_validator

from kiosk.domain.chain import canonical
from sync.protocol.feeds import FeedName, FeedRow
from sync.protocol.wire import Answer, Line, Name

FORMAT: Final = 1

Number = Annotated[int, Field(ge=1, le=99_999_999_999_999)]
Minor = Annotated[int, Field(ge=0, le=100_000_000)]
Language = Annotated[str, Field(pattern=r"^[a-z]{2,3}$")]
# No control characters, of which a printer or a terminal's log could make something else than text.
Text = Annotated[str, Field(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f-\x9f]+$")]
Names = Annotated[dict[Language, Text], Field(max_length=40)]
Day = Annotated[str, Field(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$")]


class EditionRow(Answer):
    """What holds for the whole catalogue."""

    kind: Literal["edition"] = "edition"
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
    languages: Annotated[tuple[Language, ...], Field(min_length=1, strict=False)]


class CategoryRow(Answer):
    """A category of the touch picker."""

    kind: Literal["category"] = "category"
    code: Name
    names: Names
    picture: Line = ""
    order: int = 0
    on_touch: bool = False


class ItemRow(Answer):
    """An article without its price. `number` is its GTIN, PLU, or the number that its reference is kept under."""

    kind: Literal["item"] = "item"
    number: Number
    names: Names
    category: Name
    unit: Literal["piece", "kg"]
    tax: Name
    picture: Line = ""
    plu: Annotated[int, Field(ge=0, le=99_999)] | None = None
    reference: Annotated[int, Field(ge=0, le=99_999)] | None = None
    minimum_age: Annotated[int, Field(ge=0, le=99)] = 0
    deposit_minor: Minor = 0
    quick: bool = False


class PriceRow(Answer):
    """What the article costs. The feed's `version` is the price version that a sale keeps."""

    number: Number
    price_minor: Minor
    member_price_minor: Minor | None = None


class PromotionRow(Answer):
    """`promotion` is the plain form of `kiosk.domain.promotion.Promotion.to_body`."""

    promotion: dict[str, Any]


class RecallRow(Answer):
    """A recalled batch; "" is every batch."""

    number: Number
    batch: Line
    reason: Name
    since: Day


class VoucherRow(Answer):
    """What a deposit slip or a gift voucher is worth."""

    code: Line
    kind: Literal["deposit-return", "gift"]
    amount_minor: Minor


class StaffRow(Answer):
    """`pin_hash` and `badge` are argon2id in PHC text form: neither is ever on the line. A store's badges share a salt, so that the one
    that is scanned can be looked up."""

    staff: Name
    name: Text
    role: Name
    badge: Annotated[str, Field(pattern=r"^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$")]
    pin_hash: Annotated[str, Field(pattern=r"^\$argon2id\$[!-~]{20,200}$")]


class PolicyRow(Answer):
    """A setting of the configuration, for every terminal of the store that may be set so; what its own office set is above it."""

    key: Annotated[str, Field(pattern=r"^[a-z][a-z_]*(\.[a-z][a-z_]*){1,4}$", max_length=100)]
    value: bool | int | str | Annotated[tuple[str, ...], Field(max_length=50, strict=False)]


# What stands in place of the product's own words, and how long it may be in any language: what fits the screen at large text.
CONTENT_LONGEST: Final[dict[str, int]] = {"attract.welcome": 60, "attract.title": 28, "attract.hint": 60}


class ContentRow(Answer):
    """A text of the attract screen by language; a language that is not there keeps the product's own words. Never a pattern to fill in."""

    key: str
    values: Annotated[
        dict[Language, Annotated[str, Field(min_length=1, pattern=r"^[^\x00-\x1f\x7f-\x9f{}]+$")]],
        Field(min_length=1, max_length=40),
    ]

    @model_validator(mode="after")
    def _fits(self) -> ContentRow:
        longest = CONTENT_LONGEST.get(self.key)
        if longest is None:
            raise ValueError(f"there is no text {self.key[:40]!r}; there are {', '.join(CONTENT_LONGEST)}")
        if max(map(len, self.values.values())) > longest:
            raise ValueError(f"{self.key} has more than {longest} letters")
        return self


class AccountRow(Answer):
    """An account that the store keeps a copy of. Nothing of it can be read, nor a PIN be tried, without the store's key: `numbers` are
    `kiosk.domain.account_marks.number_mark` of what the holder may show, `sealed` is base64 of nonce (12 bytes) and AES-256-GCM of the JSON
    {"overview", "consent"}, `pin_hash` is argon2id of `pin_input`. `key_name` says which key."""

    account: Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")]
    numbers: Annotated[
        tuple[Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")], ...], Field(min_length=1, max_length=40, strict=False)
    ]
    sealed: Annotated[str, Field(pattern=r"^[A-Za-z0-9+/]+={0,2}$", max_length=100_000)]
    pin_hash: Annotated[
        str, Field(pattern=r"^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$")
    ]
    key_name: Annotated[str, Field(pattern=r"^[0-9a-f]{16}$")]


CatalogueRow = Annotated[EditionRow | CategoryRow | ItemRow, Field(discriminator="kind")]


def key_of(row: Answer) -> str:
    """The key that a row of this kind has in its feed. Raises TypeError for rows whose key is not in them."""
    match row:
        case EditionRow():
            return "edition"
        case CategoryRow():
            return f"category:{row.code}"
        case ItemRow():
            return f"item:{row.number:014d}"
        case PriceRow():
            return f"{row.number:014d}"
        case PromotionRow():
            return str(row.promotion["id"])
        case RecallRow():
            return f"{row.number:014d}:{row.batch}"
        case VoucherRow():
            return row.code
        case StaffRow():
            return row.staff
        case PolicyRow() | ContentRow():
            return row.key
        case AccountRow():
            return row.account
    raise TypeError(f"the key of {type(row).__name__} is not in it")


def feed_row(row: Answer, key: str | None = None) -> FeedRow:
    """`row` as it goes into its feed."""
    return FeedRow(key=key_of(row) if key is None else key, body=canonical(row.model_dump(mode="json")))


FEED_OF: Final[dict[type[Answer], FeedName]] = {
    EditionRow: FeedName.CATALOGUE,
    CategoryRow: FeedName.CATALOGUE,
    ItemRow: FeedName.CATALOGUE,
    PriceRow: FeedName.PRICES,
    PromotionRow: FeedName.PROMOTIONS,
    RecallRow: FeedName.RECALLS,
    VoucherRow: FeedName.VOUCHERS,
    StaffRow: FeedName.STAFF,
    PolicyRow: FeedName.POLICY,
    ContentRow: FeedName.CONTENT,
    AccountRow: FeedName.ACCOUNTS,
}
