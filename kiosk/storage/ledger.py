"""Questions to the projections: unresolved payments, receipts, vouchers, held baskets, the day's sales. Reads only."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from kiosk.domain.facts import Json
from kiosk.ports import BillRecord, BillsTaken, PaymentRecord, ReceiptRecord, RefundRecord, SaleRecord
from kiosk.storage.database import Readers


class Ledger:
    """The projections, for reading. Thread-safe."""

    def __init__(self, readers: Readers) -> None:
        self._readers = readers

    def unresolved_payments(self) -> tuple[PaymentRecord, ...]:
        """Payments that are not over: intended, approved and not yet settled, unknown, reversing; the oldest first."""
        rows = self._all(
            "SELECT p.ref, p.state, p.amount_minor, p.currency, p.last_trace, p.trace, p.receipt_no, p.reason, p.at,"
            " coalesce(e.body, g.body) FROM payment p LEFT JOIN entry e ON e.seq = p.intended_seq"
            " LEFT JOIN given_back g ON g.id = -p.intended_seq"
            " WHERE p.state IN ('intended', 'approved', 'unknown', 'reversing') ORDER BY p.intended_seq"
        )
        return tuple(PaymentRecord(*(*row[:9], json.loads(row[9]))) for row in rows)

    def sales_of(self, day: date) -> tuple[SaleRecord, ...]:
        """The sales of a day (by the terminal's wall clock), the oldest first."""
        wanted, long_before = day.isoformat(), (day - timedelta(days=2)).isoformat()
        found = []
        # Walked from the newest: a day is at the end of what may be years, and a clock may have been set back by one.
        walk = f"SELECT {_SALE}, day FROM sale WHERE seq > 0 ORDER BY seq DESC"  # noqa: S608 - column names
        for *columns, its_day in self._readers.get().execute(walk):
            if its_day < long_before:
                break
            if its_day == wanted:
                found.append(SaleRecord(*columns))
        given_back = self._all(f"SELECT {_SALE} FROM sale WHERE seq < 0 AND day = ? ORDER BY seq DESC", wanted)  # noqa: S608 - as above
        if given_back:
            return tuple(sorted([*(SaleRecord(*row) for row in given_back), *found], key=lambda sale: sale.at))
        return tuple(reversed(found))

    def sale(self, sale_id: str) -> SaleRecord | None:
        """A sale by its id."""
        rows = self._all(f"SELECT {_SALE} FROM sale WHERE sale_id = ?", sale_id)  # noqa: S608 - column names
        return SaleRecord(*rows[0]) if rows else None

    def sale_of_receipt(self, number: str) -> SaleRecord | None:
        """A sale by its receipt's number. Read from end to end: a receipt is asked for once in a while, an index costs every sale."""
        rows = self._all(f"SELECT {_SALE} FROM sale WHERE receipt_number = ? ORDER BY at DESC LIMIT 1", number)  # noqa: S608 - column names
        return SaleRecord(*rows[0]) if rows else None

    def unresolved_refunds(self) -> tuple[RefundRecord, ...]:
        """Refunds that are not over, the oldest first."""
        rows = self._all(
            "SELECT r.refund_id, r.state, r.trace, coalesce(e.body, g.body) FROM refund r"
            " LEFT JOIN entry e ON e.seq = r.intended_seq LEFT JOIN given_back g ON g.id = -r.intended_seq"
            " WHERE r.state IN ('intended', 'approved', 'unknown') ORDER BY r.intended_seq"
        )
        return tuple(
            RefundRecord(refund_id, state, trace, json.loads(intent)) for refund_id, state, trace, intent in rows
        )

    def given_back(self, sale_id: str) -> Mapping[int, int]:
        """How many pieces of each line of a sale were given back, or are about to be; by line id."""
        return dict(
            self._all("SELECT line_id, sum(pieces) FROM refund_line WHERE sale_id = ? GROUP BY line_id", sale_id)
        )

    def refund_number(self) -> int:
        """The number of the latest refund's receipt, 0 before the first."""
        return int(self._all("SELECT coalesce(max(number), 0) FROM refund")[0][0])

    def last_receipt_number(self) -> str:
        """The receipt number of the latest sale, "" before the first."""
        # Of the sales that were given back the last is at the other end; no number is given twice.
        ends = ("DESC", "ASC")
        rows = [row for end in ends for row in self._all(f"SELECT receipt_number FROM sale ORDER BY seq {end} LIMIT 1")]  # noqa: S608 - words of our own
        return max(
            (str(row[0]) for row in rows), key=lambda number: int(number) if number.isdecimal() else 0, default=""
        )

    def receipt(self, sale_id: str) -> ReceiptRecord | None:
        """What became of a sale's receipt."""
        rows = self._all("SELECT sale_id, number, state, copies FROM receipt WHERE sale_id = ?", sale_id)
        return ReceiptRecord(*rows[0]) if rows else None

    def voucher_used_in(self, code: str) -> str | None:
        """The sale that redeemed this voucher, None while it is good."""
        rows = self._all("SELECT sale_id FROM voucher_use WHERE code = ?", code)
        return str(rows[0][0]) if rows else None

    def held_basket(self, code: str) -> Mapping[str, Json] | None:
        """A basket on hold that nobody has taken up again."""
        rows = self._all("SELECT body FROM held_basket WHERE code = ? AND taken = 0", code)
        body: Mapping[str, Json] | None = json.loads(rows[0][0]) if rows else None
        return body

    def bill_paid(self, key: str) -> BillRecord | None:
        """The latest payment of this bill, where one stands."""
        # What was given back stands under negative numbers, the newest of it lowest: anything of our own is later.
        rows = self._all(
            f"SELECT {_BILL} FROM bill_payment WHERE key = ? AND state = 'paid' ORDER BY seq < 0, abs(seq) DESC LIMIT 1",  # noqa: S608 - column names
            key,
        )
        return _bill(rows[0]) if rows else None

    def unconfirmed_bills(self) -> tuple[BillsTaken, ...]:
        """What was taken for each account without the biller's word, and has not reached the central service; the oldest first."""
        rows = self._all(
            "SELECT account, currency, count(*), sum(amount_minor), min(at) FROM bill_payment WHERE is_confirmed = 0"
            " AND state = 'paid' AND seq > coalesce((SELECT json_extract(value, '$.seq') FROM meta WHERE name = 'acknowledged'), 0)"
            " GROUP BY account, currency ORDER BY min(seq)"
        )
        return tuple(BillsTaken(*row) for row in rows)

    def bills_of(self, day: date) -> tuple[BillRecord, ...]:
        """The bills paid on a day (by the terminal's wall clock) and still standing, the oldest first."""
        wanted, long_before = day.isoformat(), (day - timedelta(days=2)).isoformat()
        own = []
        # Walked from the newest, as the day's sales are.
        for row in self._readers.get().execute(f"SELECT {_BILL} FROM bill_payment WHERE seq > 0 ORDER BY seq DESC"):  # noqa: S608 - as above
            bill = _bill(row)
            if bill.at[:10] < long_before:
                break
            own.append(bill)
        older = f"SELECT {_BILL} FROM bill_payment WHERE seq < 0 ORDER BY seq DESC"  # noqa: S608 - as above
        found = (*map(_bill, self._all(older)), *reversed(own))
        return tuple(bill for bill in found if bill.at[:10] == wanted and bill.state == "paid")

    def last_running(self, day: date, prefix: str) -> int:
        """As `kiosk.ports.FormBooks.last_running`."""
        wanted = day.isoformat()
        rows = self._all(
            "SELECT max(running), max(seq) FROM form_submission WHERE day = ? AND prefix = ?", wanted, prefix
        )
        running, seq = rows[0][0] or 0, rows[0][1] or 0
        # What a restore lost may have been numbers of today: they are left out, each entry being one at most.
        restored = self._all(
            "SELECT body FROM entry WHERE subject = (SELECT value FROM meta WHERE name = 'terminal_id')"
            " AND kind = 'journal.restored' AND seq > ? AND at >= ?",
            seq,
            (day - timedelta(days=1)).isoformat(),  # the machine's clock may be in another zone than the site
        )
        told = (json.loads(row[0]) for row in restored)
        return int(running) + sum(max(0, int(body["known_seq"]) - int(body["last_seq"])) for body in told)

    def places_taken(self, form: str, from_slot: str) -> Mapping[str, int]:
        """As `kiosk.ports.FormBooks.places_taken`."""
        sql = "SELECT slot, count(*) FROM form_submission WHERE form = ? AND slot >= ? AND slot <> '' AND fixed = 1 GROUP BY slot"
        return {str(slot): int(count) for slot, count in self._all(sql, form, from_slot)}

    def _all(self, sql: str, *parameters: str | int) -> list[Any]:
        return self._readers.get().execute(sql, parameters).fetchall()


def _bill(row: Any) -> BillRecord:
    *columns, is_confirmed, state = row
    values: list[Any] = [*columns, bool(is_confirmed), state]
    return BillRecord(*values)


_BILL = "seq, key, payment_ref, sale_id, at, account, amount_minor, fee_minor, currency, is_confirmed, state"
_SALE = "sale_id, seq, at, total_minor, currency, items, receipt_number, state"
