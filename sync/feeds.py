"""Pulls the feeds on a thread of its own: asks how far they are, fetches what changed page by page, checks it, shows it in one commit.

A page that is corrupt, foreign or of a format this version does not know is refused whole, and what is in use stays.
"""

from __future__ import annotations

import logging
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from pydantic import TypeAdapter, ValidationError

from kiosk.domain.facts import Json
from kiosk.domain.promotion import Promotion, PromotionError
from kiosk.ports import FeedPart, FeedPlace, FeedRefusedError, FeedStore, JournalError
from sync.background import Background
from sync.exchange import LineError
from sync.line import Line, ProblemError
from sync.pacing import Pacing
from sync.protocol.feed_rows import (
    FORMAT,
    AccountRow,
    CatalogueRow,
    ContentRow,
    EditionRow,
    ItemRow,
    PolicyRow,
    PriceRow,
    PromotionRow,
    RecallRow,
    StaffRow,
    VoucherRow,
    key_of,
)
from sync.protocol.feeds import FeedList, FeedName, FeedPage, FeedRow, FeedState, rows_checksum
from sync.protocol.wire import FEED_PAGE_MOST_ROWS, Answer, RequestClass

log = logging.getLogger(__name__)

EVERY_S: Final = 30.0
_WITHIN_S: Final = 30.0
_REFUSED_S: Final = 600.0
_LONGEST_TEXT: Final = 200
_MOST_MINOR: Final = 100_000_000
_MOST_GTINS: Final = 20_000
_MOST_LABELS: Final = 40
_FEWER_ROWS: Final = {str(FeedName.ACCOUNTS): 200}  # each is as large as a hundred prices

# What a terminal follows, articles before their prices.
_ROWS: Final[dict[FeedName, TypeAdapter[Answer]]] = {
    FeedName.CATALOGUE: TypeAdapter(CatalogueRow),
    FeedName.PRICES: TypeAdapter(PriceRow),
    FeedName.PROMOTIONS: TypeAdapter(PromotionRow),
    FeedName.RECALLS: TypeAdapter(RecallRow),
    FeedName.VOUCHERS: TypeAdapter(VoucherRow),
    FeedName.STAFF: TypeAdapter(StaffRow),
    FeedName.POLICY: TypeAdapter(PolicyRow),
    FeedName.CONTENT: TypeAdapter(ContentRow),
    FeedName.ACCOUNTS: TypeAdapter(AccountRow),
}


def _nothing_is_set(key: str, _: Json) -> None:
    raise ValueError(f"{key} is not set from afar here")


@dataclass(frozen=True, slots=True)
class FeedSite:
    """Whose feeds they must be, and what the till can sell: not in another currency, nor with a tax that it does not know.

    `check_setting(key, value)` raises ValueError for what the policy may not set, or not so.
    """

    store_id: str
    currency: str
    tax_classes: frozenset[str]
    check_setting: Callable[[str, Json], None] = _nothing_is_set


class Feeds(Background):
    """Follows the feeds of `site`'s store. `watcher(name)` is told on the feeds' thread of each that was shown."""

    def __init__(
        self,
        line: Line,
        store: FeedStore,
        site: FeedSite,
        *,
        watcher: Callable[[str], None] = lambda _: None,
        every_s: float = EVERY_S,
        page_rows: int = FEED_PAGE_MOST_ROWS,
        pacing: Pacing | None = None,
    ) -> None:
        super().__init__(line, "feeds")
        self._store = store
        self._site = site
        self._watcher = watcher
        self._every_s = every_s
        self._page_rows = page_rows
        self._pacing = pacing or Pacing(random.random)

    # --- on the feeds' thread

    def _run(self) -> None:
        while not self._is_ending.is_set():
            wait_s = self._every_s
            try:
                self._follow()
            except (LineError, ProblemError) as error:
                wait_s = self._pacing.wait_s(error)
            except FeedRefusedError as error:
                log.error("a feed is refused, what is in use stays: %s", error)
                wait_s = max(self._every_s, min(_REFUSED_S, 20 * self._every_s))
            except JournalError as error:
                log.error("a feed cannot be kept now: %s", error)
                wait_s = max(self._every_s, min(_REFUSED_S, 20 * self._every_s))
            self._rest(wait_s)

    def _follow(self) -> None:
        """Every feed up to where it is. One that is refused does not hold up the others."""
        listed = self._line.ask(FeedList, "GET", "/v1/feeds", of=RequestClass.BACKLOG, within_s=_WITHIN_S)
        if listed.store_id != self._site.store_id:
            raise FeedRefusedError(f"the feeds are those of store {listed.store_id}, this is {self._site.store_id}")
        states = {state.name: state for state in listed.feeds}
        refused: FeedRefusedError | None = None
        for name in _ROWS:
            if name in states and not self._is_ending.is_set():
                try:
                    self._pull(states[name])
                except FeedRefusedError as error:
                    refused = error
        if refused is not None:
            raise refused

    def _pull(self, state: FeedState) -> None:
        name = state.name
        staged = self._store.staged(name)
        place = staged or self._store.shown(name)
        if place.epoch != state.epoch:
            place = FeedPlace(state.epoch)
        elif staged is None and place.cursor == state.cursor:
            return
        while True:
            page = self._page(name, place)
            rows = checked(page, self._site, name, place)
            self._store.stage(FeedPart(name, page.epoch, page.after, page.cursor, page.version, rows))
            place = FeedPlace(page.epoch, page.cursor)
            if page.done:
                break
            if self._is_ending.is_set():
                return
        if self._store.show(name, page.count):
            log.info("feed %s is in use up to %d (%s)", name, page.cursor, page.version)
            self._watcher(name)

    def _page(self, name: str, place: FeedPlace) -> FeedPage:
        limit = min(self._page_rows, _FEWER_ROWS.get(name, self._page_rows))
        target = f"/v1/feeds/{name}?epoch={place.epoch}&after={place.cursor}&limit={limit}"
        page = self._line.ask(FeedPage, "GET", target, of=RequestClass.BACKLOG, within_s=_WITHIN_S)
        self._pacing.went_well()  # what was fetched is not fetched again: a bad line makes it slower and no more
        return page


def checked(page: FeedPage, site: FeedSite, name: FeedName, asked: FeedPlace) -> Sequence[tuple[str, str | None]]:
    """The rows of a page that is what was asked for, whole, and understood. Raises FeedRefusedError."""
    if (page.store_id, page.name, page.format) != (site.store_id, name, FORMAT):
        got = f"a page of {page.name} for store {page.store_id} in format {page.format}"
        raise FeedRefusedError(f"{got} is not {name} for {site.store_id} in {FORMAT}")
    is_asked = (page.epoch, page.after) == (asked.epoch, asked.cursor) or page.after == 0
    if not is_asked or page.cursor < page.after:
        raise FeedRefusedError(
            f"a page of {name} from {page.after} to {page.cursor} does not go on behind {asked.cursor}"
        )
    checksum = rows_checksum(page.store_id, page.name, page.epoch, after=page.after, cursor=page.cursor, rows=page.rows)
    if checksum != page.checksum:
        raise FeedRefusedError(
            f"a page of {name} from {page.after} to {page.cursor} is damaged: its checksum is another"
        )
    return [(row.key, _checked_row(site, name, row)) for row in page.rows]


def _checked_row(site: FeedSite, name: FeedName, row: FeedRow) -> str | None:
    try:
        if row.body is None:
            _check_key(name, row.key)
        else:
            _check_body(site, name, row.key, row.body)
    except (ValidationError, PromotionError, KeyError, TypeError, ValueError) as error:
        raise FeedRefusedError(f"row {row.key} of {name} is not what it should be: {str(error)[:300]}") from error
    return row.body


def _check_body(site: FeedSite, name: FeedName, key: str, body: str) -> None:
    found = _ROWS[name].validate_json(body)
    if key_of(found) != key:
        raise ValueError(f"it is that of {key_of(found)}")
    if isinstance(found, PromotionRow):
        _check_promotion(Promotion.from_body(found.promotion))
    if isinstance(found, ItemRow) and found.tax not in site.tax_classes:
        raise ValueError(f"this till knows no tax class {found.tax}")
    if isinstance(found, PolicyRow):
        site.check_setting(found.key, found.value)
    if isinstance(found, EditionRow) and found.currency != site.currency:
        raise ValueError(f"its prices are in {found.currency}, this till takes {site.currency}")


def _check_promotion(promotion: Promotion) -> None:
    """What is written on line and receipt is text, and what is counted can be. Raises ValueError."""
    for text in (promotion.promotion_id, promotion.code, promotion.category, *promotion.labels.values()):
        if len(text) > _LONGEST_TEXT or not text.isprintable():
            raise ValueError(f"no text of one line: {text[:40]!r}")
    numbers = (
        promotion.n,
        promotion.pay,
        promotion.price_minor or 0,
        promotion.amount_minor,
        promotion.min_spend_minor,
    )
    if max(numbers) > _MOST_MINOR or len(promotion.gtins) > _MOST_GTINS or len(promotion.labels) > _MOST_LABELS:
        raise ValueError("more than an offer can be")


def _check_key(name: FeedName, key: str) -> None:
    """Of a row that was taken away nothing is known but its key. Raises ValueError."""
    if name in (FeedName.PRICES, FeedName.RECALLS):
        int(key.partition(":")[0])
    elif name is FeedName.CATALOGUE and not key.startswith(("item:", "category:")):
        raise ValueError("neither an article nor a category")
