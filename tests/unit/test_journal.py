"""The journal on a real file: what is kept, what is refused, and what a wrong entry looks like."""

from __future__ import annotations

import hashlib
import json
import threading
from datetime import date
from pathlib import Path

import pytest

from kiosk.domain.chain import NotCanonicalError, genesis
from kiosk.domain.facts import Fact, Json, Kind
from kiosk.ports import JournalError, VoucherUsedError
from kiosk.storage.database import DatabaseError, Durability, open_writer
from kiosk.storage.drafts import SqliteDrafts
from kiosk.storage.journal import SqliteJournal
from kiosk.storage.migrations import identify, migrate
from kiosk.storage.projections import BodyError

KEY = bytes(range(32))
AT = "2026-11-21T10:00:00+01:00"


def fact(kind: Kind, subject: str = "s1", **body: Json) -> Fact:
    return Fact(kind, subject, body, AT, 1000)


def a_sale(number: int) -> list[Fact]:
    """One commit as the payment service makes it."""
    sale_id, ref = f"s{number}", f"p{number}"
    return [
        fact(Kind.PAYMENT_APPROVED, ref, ref=ref, trace=number, receipt_no=number),
        fact(
            Kind.SALE_COMPLETED,
            sale_id,
            sale_id=sale_id,
            total_minor=250,
            currency="EUR",
            receipt_number=number,
            lines=[{"gtin": "1"}, {"gtin": "2"}],
        ),
        fact(Kind.RECEIPT_PENDING, sale_id, sale_id=sale_id),
    ]


def a_bill_paid(key: str) -> Fact:
    money: dict[str, Json] = {"amount_minor": 4200, "fee_minor": 0, "currency": "EUR"}
    return fact(Kind.BILL_PAID, f"bill:{key}", key=key, payment_ref=f"r-{key}", sale_id="s1", account="DE1", **money)


def an_intent(number: int) -> Fact:
    ref = f"p{number}"
    return fact(
        Kind.PAYMENT_INTENDED,
        ref,
        ref=ref,
        amount_minor=250,
        currency="EUR",
        last_trace=number - 1,
        sale={"sale_id": f"s{number}"},
    )


def make_file(path: Path) -> Path:
    connection = open_writer(path, KEY, Durability.MONEY)
    migrate(connection, path, back_up=lambda: None)
    identify(connection, path, "T1")
    connection.close()
    return path


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return make_file(tmp_path / "journal.db")


@pytest.fixture
def journal(path: Path):
    opened = SqliteJournal(path, KEY, strict=True)
    yield opened
    opened.close()


def tamper(path: Path, *statements: str) -> None:
    """What someone with the key and the file could do."""
    connection = open_writer(path, KEY, Durability.MONEY)
    connection.execute("DROP TRIGGER entry_is_not_changed")
    connection.execute("DROP TRIGGER entry_is_not_deleted")
    for statement in statements:
        connection.execute(statement)
    connection.close()


def test_entries_come_back_as_they_were_written(journal):
    facts = [an_intent(1), *a_sale(1)]
    written = journal.commit(facts)
    assert [entry.seq for entry in written] == [1, 2, 3, 4]
    assert journal.entries() == tuple(written)
    assert [entry.fact for entry in journal.entries()] == facts
    assert journal.head() == (4, written[-1].digest)


def test_the_digest_can_be_computed_by_anyone_from_the_entry_alone(journal):
    entry = journal.commit(
        [
            fact(
                Kind.TERMINAL_STARTED,
                "Tür \u20ac \ud800".encode("utf-8", "replace").decode(),
                note="Käse\u0000\ud800",
                n=3,
                deep=[None, True, {"b": 1, "a": -2}],
            )
        ]
    )[0]
    plain = {
        "journal_id": entry.journal_id,
        "seq": entry.seq,
        "at": entry.fact.at,
        "clock_ms": entry.fact.clock_ms,
        "kind": str(entry.fact.kind),
        "subject": entry.fact.subject,
        "body": entry.fact.body,
    }
    text = json.dumps(plain, sort_keys=True, separators=(",", ":"))
    assert entry.prev == genesis("T1", journal.journal_id)
    assert entry.digest == hashlib.sha256((entry.prev + text).encode()).hexdigest()
    assert journal.entries()[0].fact == entry.fact


def test_entries_are_found_by_subject_kind_and_position(journal):
    journal.commit([an_intent(1), *a_sale(1), *a_sale(2)])
    assert [entry.seq for entry in journal.entries(subject="s1")] == [3, 4]
    assert [entry.seq for entry in journal.entries(kinds=[Kind.SALE_COMPLETED, Kind.PAYMENT_INTENDED])] == [1, 3, 6]
    assert [entry.seq for entry in journal.entries(after_seq=2, limit=2)] == [3, 4]


def test_a_float_near_money_is_refused_before_anything_is_written(journal):
    with pytest.raises(NotCanonicalError, match=r"1\.5"):
        journal.commit([an_intent(1), fact(Kind.SALE_COMPLETED, total_minor=1.5)])
    assert journal.head()[0] == 0


def test_nobody_changes_or_deletes_an_entry(journal):
    journal.commit(a_sale(1))
    for statement in (
        "UPDATE entry SET body = '{}'",
        "DELETE FROM entry",
        "REPLACE INTO entry SELECT * FROM entry WHERE seq = 2",
    ):
        with pytest.raises(JournalError, match="append-only"):
            journal.writer.call(lambda connection, statement=statement: connection.execute(statement))
    assert journal.verify().ok


@pytest.mark.parametrize(
    ("statements", "seq", "reason"),
    [
        (["UPDATE entry SET body = replace(body, '250', '150') WHERE seq = 2"], 2, "changed"),
        (["UPDATE entry SET prev = hash WHERE seq = 3"], 3, "changed"),
        (["DELETE FROM entry WHERE seq = 3"], 3, "missing"),
        (
            [
                "UPDATE entry SET seq = 99 WHERE seq = 2",
                "UPDATE entry SET seq = 2 WHERE seq = 3",
                "UPDATE entry SET seq = 3 WHERE seq = 99",
            ],
            2,
            "reordered",
        ),
        (["DELETE FROM entry WHERE seq > 4"], 5, "truncated"),
        (["UPDATE meta SET value = 'T2' WHERE name = 'terminal_id'"], 1, "other-terminal"),
    ],
)
def test_the_first_bad_entry_is_named(path, statements, seq, reason):
    journal = SqliteJournal(path, KEY, strict=True)
    for number in (1, 2):
        journal.commit(a_sale(number))
    head = journal.head()
    assert journal.verify(head=head).ok
    journal.close()
    tamper(path, *statements)
    journal = SqliteJournal(path, KEY)
    verdict = journal.verify(head=head)
    journal.close()
    assert (verdict.ok, verdict.seq, verdict.reason) == (False, seq, reason)


def test_a_chain_is_proven_from_where_it_was_proven_last(journal):
    for number in (1, 2):
        journal.commit(a_sale(number))
    third = journal.entries()[2].digest
    assert journal.verify(after_seq=3).checked == 3
    assert journal.verify(after_seq=3, head=(3, third)).ok
    assert journal.verify(after_seq=3, head=(3, "0" * 64)).reason == "other-head"
    assert journal.verify(after_seq=7).reason == "truncated"


def test_what_waits_is_committed_together_and_answered_in_order(journal):
    answers: list[int] = []
    gate = threading.Event()
    journal.writer.submit(lambda connection: gate.wait(10))
    for number in range(1, 30):
        journal.append(a_sale(number), lambda entries: answers.append(entries[0].seq))
    assert answers == []
    gate.set()
    journal.commit([fact(Kind.TERMINAL_STARTED)])
    assert answers == [1 + 3 * number for number in range(29)]
    assert journal.verify().checked == 88


def test_a_voucher_is_redeemed_once_and_the_second_commit_writes_nothing(journal):
    redeemed = fact(Kind.VOUCHER_REDEEMED, "s1", code="V7", amount_minor=25, currency="EUR", sale_id="s1")
    journal.commit([*a_sale(1), redeemed])
    with pytest.raises(VoucherUsedError, match="V7 was redeemed before, with sale s1"):
        journal.commit([*a_sale(2), redeemed])
    assert journal.head()[0] == 4
    assert journal.ledger.voucher_used_in("V7") == "s1"
    assert journal.ledger.voucher_used_in("V8") is None


def test_one_bad_commit_takes_no_other_with_it(journal):
    redeemed = fact(Kind.VOUCHER_REDEEMED, "s1", code="V7", sale_id="s1")
    gate = threading.Event()
    answers: list[object] = []
    journal.writer.submit(lambda connection: gate.wait(10))
    for facts in ([redeemed], a_sale(1), [redeemed], a_sale(2)):
        journal.append(facts, answers.append)
    gate.set()
    journal.commit([fact(Kind.TERMINAL_STARTED)])
    assert [isinstance(answer, VoucherUsedError) for answer in answers] == [False, False, True, False]
    assert journal.head()[0] == 8
    assert journal.verify().ok


def test_a_payment_is_unresolved_until_it_is_settled(journal):
    journal.commit([an_intent(1)])
    journal.commit([an_intent(2), fact(Kind.PAYMENT_UNKNOWN, "p2", ref="p2", reason="line-lost")])
    first, second = journal.ledger.unresolved_payments()
    assert (first.ref, first.state, first.amount_minor, first.last_trace) == ("p1", "intended", 250, 0)
    assert first.intent["sale"] == {"sale_id": "s1"}
    assert (second.state, second.reason) == ("unknown", "line-lost")
    journal.commit([fact(Kind.PAYMENT_DECLINED, "p1", ref="p1"), *a_sale(2)])
    (left,) = journal.ledger.unresolved_payments()
    assert (left.ref, left.state, left.trace, left.receipt_no) == ("p2", "approved", 2, 2)
    journal.commit([fact(Kind.PAYMENT_SETTLED, "p2", ref="p2")])
    assert journal.ledger.unresolved_payments() == ()


def test_the_days_sales_and_receipts_can_be_asked(journal):
    assert journal.ledger.last_receipt_number() == ""
    journal.commit(a_sale(41))
    journal.commit(a_sale(42))
    journal.commit(
        [
            fact(Kind.RECEIPT_PRINTED, "s41", sale_id="s41"),
            fact(Kind.RECEIPT_FAILED, "s42", sale_id="s42", reason="unknown"),
        ]
    )
    assert journal.ledger.last_receipt_number() == "42"
    sales = journal.ledger.sales_of(date(2026, 11, 21))
    assert [(sale.sale_id, sale.total_minor, sale.items, sale.state) for sale in sales] == [
        ("s41", 250, 2, "completed"),
        ("s42", 250, 2, "completed"),
    ]
    printed, unknown = journal.ledger.receipt("s41"), journal.ledger.receipt("s42")
    assert printed and (printed.state, printed.number, printed.copies) == ("printed", "41", 1)
    assert unknown and (unknown.state, unknown.copies) == ("unknown", 0)


def test_a_held_basket_is_taken_up_once(journal):
    journal.commit([fact(Kind.BASKET_HELD, "H1", code="H1", basket={"lines": [1]})])
    assert journal.ledger.held_basket("H1") == {"lines": [1]}
    journal.commit([fact(Kind.BASKET_RESUMED, "H1", code="H1")])
    assert journal.ledger.held_basket("H1") is None


def projected(journal: SqliteJournal) -> dict[str, list[tuple[object, ...]]]:
    from kiosk.storage.schema import PROJECTIONS

    reader = journal.readers.get()
    return {table: sorted(reader.execute(f"SELECT * FROM {table}").fetchall()) for table in PROJECTIONS}  # noqa: S608 - names of our own


def test_projections_can_be_made_anew_from_the_entries(journal):
    for number in range(1, 6):
        journal.commit([an_intent(number)])
        journal.commit(
            [*a_sale(number), fact(Kind.VOUCHER_REDEEMED, f"s{number}", code=f"V{number}", sale_id=f"s{number}")]
        )
    journal.commit(
        [
            fact(Kind.RECEIPT_PRINTED, "s1", sale_id="s1"),
            fact(Kind.RECEIPT_PENDING, "s1", sale_id="s1"),
            fact(Kind.SALE_VOIDED, "s2", sale_id="s2"),
        ]
    )
    journal.commit(
        [
            fact(Kind.BASKET_HELD, "H1", code="H1", basket={}),
            fact(Kind.BASKET_RESUMED, "H1", code="H1"),
            fact(Kind.APPROVAL_GRANTED, "b1", staff="7", role="supervisor", reason="age"),
            a_bill_paid("k1"),
            a_bill_paid("k2"),
            fact(Kind.BILL_VOIDED, "bill:k2", key="k2", payment_ref="r-k2", sale_id="s1"),
        ]
    )
    journal.commit([a_refund(Kind.REFUND_INTENDED, "r1", "s3", first=0)])
    journal.commit([fact(Kind.REFUND_APPROVED, "r1", refund_id="r1", trace=9)])
    journal.commit([a_refund(Kind.REFUND_COMPLETED, "r1", "s3", first=0)])
    journal.commit([fact(Kind.FORM_SUBMITTED, "f1", form="ticket", day="2026-11-21", prefix="A", running=1)])
    before = projected(journal)
    assert all(before.values())
    journal.writer.call(lambda connection: [connection.execute(f"DELETE FROM {table}") for table in before])  # noqa: S608 - as above
    assert not any(projected(journal).values())
    assert journal.rebuild() == ()
    assert projected(journal) == before


def a_refund(kind: Kind, refund_id: str, sale_id: str, *, first: int, pieces: int = 1) -> Fact:
    body: dict[str, Json] = {
        "sale_id": sale_id,
        "number": 1,
        "amount_minor": 100,
        "currency": "EUR",
        "lines": [{"line_id": 1, "first": first, "pieces": pieces}],
    }
    if kind is Kind.REFUND_COMPLETED:
        return fact(kind, refund_id, refund_id=refund_id, **body)
    return fact(kind, refund_id, refund_id=refund_id, refund=body)


def test_a_body_without_what_its_table_needs_fails_loudly_here(journal):
    with pytest.raises(BodyError, match="total_minor"):
        journal.commit([fact(Kind.SALE_COMPLETED, "s1", sale_id="s1", currency="EUR")])


@pytest.mark.parametrize("total", [None, 2**80])
def test_in_the_shop_such_an_entry_is_kept_all_the_same(path, total, caplog):
    journal = SqliteJournal(path, KEY)
    broken = fact(Kind.SALE_COMPLETED, "s1", sale_id="s1", currency="EUR", total_minor=total)
    entries = journal.commit([an_intent(1), broken])
    assert [entry.seq for entry in entries] == [1, 2]
    assert journal.ledger.sale("s1") is None
    assert journal.ledger.unresolved_payments() == ()  # all projections of this commit wait for the next start
    assert journal.rebuild() == (2,)
    assert [payment.ref for payment in journal.ledger.unresolved_payments()] == ["p1"]
    journal.close()
    assert "has no projection" in caplog.text


def test_readers_cannot_write(journal):
    with pytest.raises(DatabaseError, match="readonly"):
        journal.readers.get().execute("INSERT INTO meta VALUES ('a', 'b')")


def test_after_close_a_write_is_refused_and_not_lost_in_silence(path):
    journal = SqliteJournal(path, KEY)
    journal.append(a_sale(1))
    journal.close()
    journal.close()
    with pytest.raises(JournalError, match="closed"):
        journal.commit(a_sale(2))
    again = SqliteJournal(path, KEY)
    assert again.head()[0] == 3
    again.close()


def test_the_basket_in_progress_is_there_after_a_restart_until_it_is_cleared(path):
    journal = SqliteJournal(path, KEY)
    drafts = SqliteDrafts(journal.writer, journal.readers)
    assert drafts.load() is None
    for count in range(1, 50):
        drafts.save({"lines": count})
    journal.close()
    journal = SqliteJournal(path, KEY)
    drafts = SqliteDrafts(journal.writer, journal.readers)
    assert drafts.load() == {"lines": 49}
    drafts.clear()
    journal.close()
    journal = SqliteJournal(path, KEY)
    assert SqliteDrafts(journal.writer, journal.readers).load() is None
    assert journal.head()[0] == 0
    journal.close()


def test_of_many_saves_the_newest_counts(journal):
    drafts = SqliteDrafts(journal.writer, journal.readers)
    gate = threading.Event()
    journal.writer.submit(lambda connection: gate.wait(10))
    for count in range(100):
        drafts.save({"lines": count})
    gate.set()
    journal.commit([fact(Kind.TERMINAL_STARTED)])
    assert drafts.load() == {"lines": 99}
