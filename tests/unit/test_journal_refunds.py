"""Refunds in the journal: a piece of a line is given back once, and the books themselves see to it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.domain.facts import Kind
from kiosk.ports import RefundedError
from kiosk.storage.journal import SqliteJournal
from tests.simulation.books import KEY, make_file
from tests.unit.test_journal import a_refund, a_sale, fact


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[SqliteJournal]:
    make_file(tmp_path / "journal.db")
    opened = SqliteJournal(tmp_path / "journal.db", KEY, strict=True)
    yield opened
    opened.close()


def test_a_piece_is_given_back_once_whoever_asks(journal: SqliteJournal) -> None:
    journal.commit(a_sale(1))
    journal.commit([a_refund(Kind.REFUND_INTENDED, "r1", "s1", first=0)])
    assert journal.ledger.given_back("s1") == {1: 1}
    for first in (0, 2):
        with pytest.raises(RefundedError, match="line 1 of sale s1"):
            journal.commit([a_refund(Kind.REFUND_INTENDED, "r2", "s1", first=first)])
    assert [record.refund_id for record in journal.ledger.unresolved_refunds()] == ["r1"]
    journal.commit([a_refund(Kind.REFUND_COMPLETED, "r1", "s1", first=0)])
    assert journal.ledger.unresolved_refunds() == ()
    journal.commit([a_refund(Kind.REFUND_INTENDED, "r2", "s1", first=1)])
    assert journal.ledger.given_back("s1") == {1: 2}


def test_a_refund_that_failed_gives_its_pieces_free(journal: SqliteJournal) -> None:
    journal.commit([a_refund(Kind.REFUND_INTENDED, "r1", "s1", first=0)])
    journal.commit([fact(Kind.REFUND_FAILED, "r1", refund_id="r1", reason="declined")])
    assert journal.ledger.given_back("s1") == {} and journal.ledger.unresolved_refunds() == ()
    journal.commit([a_refund(Kind.REFUND_INTENDED, "r2", "s1", first=0)])
    (open_one,) = journal.ledger.unresolved_refunds()
    assert (open_one.refund_id, open_one.state, open_one.trace) == ("r2", "intended", None)
    assert journal.ledger.refund_number() == 1
