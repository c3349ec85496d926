"""The batch in advance is the very one that would have been made when it was asked for, or none."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.domain.facts import Fact, Kind
from kiosk.storage.boot import Books, open_books
from sync.ahead import Ahead
from sync.protocol.journal import JournalBatch
from sync.protocol.wire import unpacked


@pytest.fixture
def books(tmp_path: Path) -> Iterator[Books]:
    opened = open_books(tmp_path, "T1")
    fact = Fact(Kind.SALE_VOIDED, "s", {"sale_id": "s"}, "2026-11-21T10:00:00+01:00", 1)
    opened.journal.commit([fact] * 30)
    yield opened
    opened.close()


@pytest.fixture
def ahead(books: Books) -> Iterator[Ahead]:
    made = Ahead(books.journal)
    yield made
    made.close()


def test_what_was_prepared_is_what_would_have_been_made(ahead: Ahead) -> None:
    now = ahead.take(5, 10)
    ahead.prepare(5, 10)
    before = ahead.take(5, 10)
    assert before == now
    assert [entry.seq for entry in before.entries] == list(range(6, 16))
    sent = JournalBatch.model_validate_json(unpacked(before.sent))
    assert [entry.seq for entry in sent.entries] == list(range(6, 16))


@pytest.mark.parametrize("asked", [(6, 10), (5, 3)])
def test_what_was_prepared_for_another_place_is_not_sent(ahead: Ahead, asked: tuple[int, int]) -> None:
    ahead.prepare(5, 10)
    taken = ahead.take(*asked)
    assert taken.entries[0].seq == asked[0] + 1
    assert len(taken.entries) == asked[1]


def test_behind_the_end_there_is_nothing(ahead: Ahead, books: Books) -> None:
    head = books.journal.head()[0]
    ahead.prepare(head, 10)
    assert ahead.take(head, 10).batch is None
