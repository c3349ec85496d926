"""A statement of an account: for paper, and as texts small enough for codes that a telephone reads off the screen."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from kiosk.domain.account import Balance, Movement
from kiosk.ports import Align, PrintColumns, PrintFeed, PrintPart, PrintRule, PrintText, Statement
from kiosk.services.account_lookup.view import StatementCodes
from kiosk.services.receipt_paper import Shop
from kiosk.services.receipt_text import LONGEST_TEXT_BYTES
from kiosk.services.words import Words, printable

_KINDS = frozenset({"current", "savings", "credit", "customer-card"})
_MOST_CODES = 6
_TEXT_LETTERS = 30
_NAME_LETTERS = 60


def masked(number: str) -> str:
    """A number of which only the last four places are shown; of a short one, none."""
    return f"••••{number[-4:]}" if len(number) > 4 else "••••"


def balance_name(balance: Balance, words: Words) -> str:
    """What a balance is called: in words where the name is a code that has some, else the bank's own name for it."""
    return words(f"account.{balance.name}") if has_words(balance) else balance.name


def has_words(balance: Balance) -> bool:
    """Whether a balance's name is a stable code that has words."""
    return balance.name in _KINDS


def moment(at: str, words: Words) -> str:
    """A moment as date and time, "" where it cannot be read."""
    try:
        then = datetime.fromisoformat(at)
    except ValueError:
        return ""
    return f"{words.date(then)} {words.time(then)}"


def statement_parts(statement: Statement, shop: Shop, words: Words, *, is_live: bool) -> tuple[PrintPart, ...]:
    """The statement from top to bottom: whose, as of when, what is on the account, what moved, the newest last."""
    return (*_head(statement, shop, words, is_live=is_live), *_movements(statement, words))


def statement_codes(statement: Statement, words: Words, *, is_live: bool) -> StatementCodes:
    """The statement as texts of at most 640 bytes, the newest movements first; what does not fit into six codes is left out, and it is
    said how many of how many are in."""
    movements = tuple(reversed(statement.movements))
    head = [*_balances(statement, words), _as_of(statement, words, is_live=is_live)]
    pages: list[list[str]] = [list(map(_short, filter(None, head)))]
    shown = 0
    for movement in movements:
        line = _short(f"{words.date(movement.on)} {movement.text[:_TEXT_LETTERS]} {words.money(movement.amount)}")
        if not _fits([*pages[-1], line]):
            if len(pages) == _MOST_CODES:
                break
            pages.append([])
        pages[-1].append(line)
        shown += 1
    return StatementCodes(tuple("\n".join(page) for page in pages), shown, len(movements))


def _head(statement: Statement, shop: Shop, words: Words, *, is_live: bool) -> Iterator[PrintPart]:
    yield PrintText(printable(shop.name), Align.CENTRE, bold=True, scale=2)
    for line in shop.address:
        yield PrintText(printable(line), Align.CENTRE)
    yield PrintFeed()
    yield PrintText(printable(words("account.statement")), Align.CENTRE, bold=True)
    yield PrintText(printable(statement.overview.name[:_NAME_LETTERS]))
    if as_of := _as_of(statement, words, is_live=is_live):
        yield PrintText(printable(as_of))
    yield PrintRule()
    for balance in statement.overview.balances:
        name = f"{balance_name(balance, words)[:_NAME_LETTERS]} {_starred(balance.number)}"
        yield PrintColumns(printable(name), printable(words.money(balance.amount)), bold=True)
    if statement.overview.points is not None:
        yield PrintColumns(printable(words("account.points")), words.number(statement.overview.points))
    yield PrintRule()


def _movements(statement: Statement, words: Words) -> Iterator[PrintPart]:
    for movement in statement.movements:
        yield PrintText(printable(words.date(movement.on)))
        yield PrintColumns(printable(f"  {movement.text[:_NAME_LETTERS]}"), printable(words.money(movement.amount)))
    yield PrintRule()
    yield PrintText(printable(words("account.movement-count", count=len(statement.movements))))


def _balances(statement: Statement, words: Words) -> Iterator[str]:
    for balance in statement.overview.balances[:4]:
        name = f"{balance_name(balance, words)[:_TEXT_LETTERS]} {_starred(balance.number)}"
        yield f"{name}: {words.money(balance.amount)}"


def _as_of(statement: Statement, words: Words, *, is_live: bool) -> str:
    at = moment(statement.overview.as_of, words)
    if not at:
        return ""
    return words("account.as-of" if is_live else "account.as-of-copy", at=at)


def _starred(number: str) -> str:
    # Printers' code pages have no bullet.
    return masked(number).replace("•", "*")


def _short(text: str) -> str:
    return printable(text)[:100]


def _fits(lines: list[str]) -> bool:
    return len("\n".join(lines).encode()) <= LONGEST_TEXT_BYTES


def newest_last(movements: tuple[Movement, ...]) -> tuple[Movement, ...]:
    """An overview's movements in the order of a statement."""
    return tuple(reversed(movements))
