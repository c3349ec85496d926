"""What a visit left behind: receipts, a summary for people and for programs, and the books held against the payment terminal."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path

from devices.virtual.far_sides import FarSides
from devices.virtual.payment_ledger import Ledger
from kiosk.domain.facts import Entry, Json, Kind
from kiosk.ports import BillRecord, Journal, SaleRecord
from kiosk.storage.boot import Books
from ui.tour.visit import Picture


@dataclass(frozen=True, slots=True)
class Delivery:
    """What the office had at the end of the visit. `slowest_s`: from a sale's end on the screen to
    its being there, while the line was up."""

    sales: int
    sold_minor: int
    slowest_s: float


@dataclass(frozen=True, slots=True)
class Summary:
    """What was sold and what the journal holds. `sold_minor` is for goods, `bills_minor` was taken for billers, with `fees_minor` on top.
    `charged_minor` is the payment terminal's own count: captures less what it gave back."""

    pictures: tuple[Picture, ...]
    receipts: tuple[str, ...]
    sales: int
    sold_minor: int
    bills: int
    bills_minor: int
    fees_minor: int
    charged_minor: int | None
    entries: int
    kinds: dict[str, int]
    chain_ok: bool
    delivered: Delivery
    failures: tuple[str, ...]

    @property
    def ok(self) -> bool:
        """Whether every step went right and the books are right."""
        return not self.failures and self.chain_ok


def summarise(  # noqa: PLR0917 - a summary of them all
    books: Books,
    far: FarSides,
    pictures: Sequence[Picture],
    failures: Sequence[str],
    directory: Path,
    delivered: Delivery,
) -> Summary:
    """Write receipts, `summary.json` and `summary.md` into `directory`."""
    journal, sales, bills = books.journal, completed_sales(books), bills_paid(books)
    charged = far.payment.ledger.charged_minor() if far.payment else None
    problems = [*failures, *books_problems(books, far)]
    summary = Summary(
        pictures=tuple(pictures),
        receipts=_receipts(far, directory),
        sales=len(sales),
        sold_minor=sum(sale.total_minor for sale in sales),
        bills=len(bills),
        bills_minor=sum(bill.amount_minor for bill in bills),
        fees_minor=sum(bill.fee_minor for bill in bills),
        charged_minor=charged,
        entries=journal.head()[0],
        kinds=_kinds(journal),
        chain_ok=journal.verify().ok,
        delivered=delivered,
        failures=tuple(problems),
    )
    (directory / "summary.json").write_text(
        json.dumps({**asdict(summary), "ok": summary.ok}, indent=2) + "\n", encoding="utf-8"
    )
    (directory / "summary.md").write_text(_page(summary), encoding="utf-8")
    return summary


def books_problems(books: Books, far: FarSides) -> list[str]:
    """What is wrong with the money: every sale in the books against the payment terminal's own ledger, one by one, and the chain."""
    sales = completed_sales(books)
    bodies = [_body(books.journal, sale) for sale in sales]
    problems = _numbering_problems(sales)
    if far.payment is not None:
        refunds = [entry.fact.body for entry in _all(books.journal, [Kind.REFUND_COMPLETED])]
        problems += _charge_problems(bodies, refunds, far.payment.ledger)
    verdict = books.journal.verify()
    if not verdict.ok:
        problems.append(f"the journal's chain is broken at entry {verdict.seq}: {verdict.reason}")
    return problems


def _charge_problems(
    sales: Sequence[Mapping[str, Json]], refunds: Sequence[Mapping[str, Json]], ledger: Ledger
) -> list[str]:
    reversed_sales = {body.get("sale_id") for body in refunds if _tender(body).get("method") == "reversal"}
    paid = (_tender(body) for body in sales if body.get("sale_id") not in reversed_sales)
    given_back = (_tender(body) for body in refunds if _tender(body).get("method") == "refund")
    charges = [(one.of_trace, one.amount_minor) for one in ledger.charges()]
    refunded = [(one.trace, one.amount_minor) for one in ledger.refunds()]
    return _unlike("charged", charges, paid) + _unlike("gave back", refunded, given_back)


def _unlike(
    did: str, by_terminal: Sequence[tuple[int | None, int]], in_books: Iterable[Mapping[str, Json]]
) -> list[str]:
    ledger: Counter[tuple[object, object]] = Counter(by_terminal)
    books: Counter[tuple[object, object]] = Counter((one["trace"], one["amount_minor"]) for one in in_books if one)
    return [
        f"the payment terminal {did} {amount} under trace {trace}, and the books do not say so"
        for trace, amount in ledger - books
    ] + [
        f"the books say that it {did} {amount} under trace {trace}, and the payment terminal does not know it"
        for trace, amount in books - ledger
    ]


def _tender(body: Mapping[str, Json]) -> Mapping[str, Json]:
    tender = body.get("tender")
    return tender if isinstance(tender, Mapping) else {}


def _numbering_problems(sales: Sequence[SaleRecord]) -> list[str]:
    numbers = [int(sale.receipt_number) for sale in sales]
    if numbers == list(range(1, len(numbers) + 1)):
        return []
    return [f"receipt numbers do not follow one another: {', '.join(map(str, numbers[:40]))}"]


def completed_sales(books: Books) -> Sequence[SaleRecord]:
    """The sales in the books that were not voided."""
    days = {entry.fact.at[:10] for entry in _all(books.journal, [Kind.SALE_COMPLETED])}
    sales = (sale for day in sorted(days) for sale in books.journal.ledger.sales_of(date.fromisoformat(day)))
    return [sale for sale in sales if sale.state == "completed"]


def bills_paid(books: Books) -> Sequence[BillRecord]:
    """The bills in the books that stand."""
    days = {entry.fact.at[:10] for entry in _all(books.journal, [Kind.BILL_PAID])}
    return [bill for day in sorted(days) for bill in books.journal.ledger.bills_of(date.fromisoformat(day))]


def _body(journal: Journal, sale: SaleRecord) -> Mapping[str, Json]:
    (entry,) = journal.entries(after_seq=sale.seq - 1, limit=1)
    return entry.fact.body


def _kinds(journal: Journal) -> dict[str, int]:
    return dict(sorted(Counter(entry.fact.kind.value for entry in _all(journal, ())).items()))


def _all(journal: Journal, kinds: Sequence[Kind]) -> Iterator[Entry]:
    after = 0
    while page := journal.entries(after_seq=after, kinds=kinds, limit=1000):
        yield from page
        after = page[-1].seq


def _receipts(far: FarSides, directory: Path) -> tuple[str, ...]:
    names = []
    for number, paper in enumerate(far.printer.papers if far.printer else (), start=1):
        name = f"receipt-{number:02d}.png"
        paper.image.save(directory / name)
        (directory / name).with_suffix(".txt").write_text(paper.text, encoding="utf-8")
        names.append(name)
    return tuple(names)


def _page(summary: Summary) -> str:
    charged = "unknown" if summary.charged_minor is None else _amount(summary.charged_minor)
    lines = [
        "# A visit to the terminal",
        "",
        f"- Sales: {summary.sales}, together {_amount(summary.sold_minor)}",
        f"- Bills: {summary.bills}, together {_amount(summary.bills_minor)} for billers and {_amount(summary.fees_minor)} in fees",
        f"- Charged by the payment terminal's own ledger: {charged}",
        f"- Journal: {summary.entries} entries, chain {'whole' if summary.chain_ok else 'BROKEN'}",
        *(f"  - {kind}: {count}" for kind, count in summary.kinds.items()),
        f"- Arrived at the central service: {summary.delivered.sales}, together {_amount(summary.delivered.sold_minor)};"
        f" the slowest {summary.delivered.slowest_s} s after its end on the screen, one with the line cut",
        *(f"- WENT WRONG: {failure}" for failure in summary.failures),
        "",
        *(f"![{picture.caption}]({picture.file})\n*{picture.caption}*\n" for picture in summary.pictures),
        *(f"![receipt]({name})\n" for name in summary.receipts),
    ]
    return "\n".join(lines) + "\n"


def _amount(minor: int) -> str:
    return f"{minor // 100}.{minor % 100:02d}"
