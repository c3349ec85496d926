"""A store's files as feeds of the central service: what the terminals of that store will fetch."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error
from sqlalchemy import Connection

from kiosk.storage.badges import new_salt, salt_of, salted
from kiosk.storage.catalogue_load import read_store
from kiosk.storage.catalogue_stage import Edition, NewStaff, StoredItem
from sync.central import feeds
from sync.central.database import Database
from sync.protocol.feed_rows import (
    FEED_OF,
    CategoryRow,
    EditionRow,
    ItemRow,
    PriceRow,
    PromotionRow,
    RecallRow,
    StaffRow,
    VoucherRow,
    feed_row,
)
from sync.protocol.feeds import FeedName, FeedRow
from sync.protocol.wire import Answer


def seed(database: Database, directory: Path, currency: str, store_id: str) -> dict[str, int]:
    """Publish the store in `directory`; gives how many rows of each feed differed. Raises StoreFileError, CentralError."""
    edition = read_store(directory, currency)
    known = database.read(lambda connection: feeds.bodies(connection, store_id, FeedName.STAFF))
    by_feed: dict[FeedName, list[FeedRow]] = {
        name: [] for name in FeedName if name not in {FeedName.POLICY, FeedName.CONTENT, FeedName.ACCOUNTS}
    }
    for row in _rows(edition, known):
        by_feed[FEED_OF[type(row)]].append(feed_row(row))

    def publish(connection: Connection) -> dict[str, int]:
        version = edition.price_version
        return {
            name.value: feeds.publish(connection, store_id, name, found, version=version, whole=True)
            for name, found in by_feed.items()
        }

    return database.write(publish)


def _rows(edition: Edition, known_staff: Mapping[str, str]) -> Iterator[Answer]:
    yield EditionRow(currency=edition.currency, languages=edition.languages)
    for one in edition.categories:
        yield CategoryRow(
            code=one.code, names=dict(one.names), picture=one.picture, order=one.order, on_touch=one.on_touch
        )
    for item in edition.items:
        yield _item(item)
        yield PriceRow(number=item.number, price_minor=item.price_minor, member_price_minor=item.member_price_minor)
    for promotion in edition.promotions:
        yield PromotionRow(promotion=promotion.to_body())
    for recall in edition.recalls:
        yield RecallRow(number=recall.number, batch=recall.batch, reason=recall.reason, since=recall.since)
    for voucher in edition.vouchers:
        yield VoucherRow.model_validate(
            {"code": voucher.code, "kind": voucher.kind, "amount_minor": voucher.amount.minor}
        )
    salt = _badge_salt(known_staff)
    for member in edition.staff:
        pin_hash = _pin_hash(member, known_staff.get(member.staff))
        badge = salted(member.badge, salt)
        yield StaffRow(staff=member.staff, name=member.name, role=member.role, badge=badge, pin_hash=pin_hash)


def _item(item: StoredItem) -> ItemRow:
    return ItemRow.model_validate(
        {
            "number": item.number,
            "names": dict(item.names),
            "category": item.category,
            "unit": item.unit,
            "tax": item.tax,
            "picture": item.picture,
            "plu": item.plu,
            "reference": item.reference,
            "minimum_age": item.minimum_age,
            "deposit_minor": item.deposit_minor,
            "quick": item.quick,
        }
    )


def _badge_salt(known_staff: Mapping[str, str]) -> str:
    """That of the badges that are published already: another would be a change to everyone."""
    known = next((json.loads(body).get("badge", "") for body in known_staff.values()), "")
    return salt_of(known) or new_salt()


def _pin_hash(member: NewStaff, published: str | None) -> str:
    """The one that is published already if it is this PIN's: each has a salt of its own, and would be a change to everyone."""
    hasher = PasswordHasher()
    if published is not None:
        held = str(json.loads(published).get("pin_hash", ""))
        try:
            hasher.verify(held, member.pin)
        except Argon2Error:
            return hasher.hash(member.pin)
        return held
    return hasher.hash(member.pin)
