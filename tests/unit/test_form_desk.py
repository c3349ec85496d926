"""Numbers and places as the terminal's own books give them out: real storage, closed and opened again, and put back to an older state."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from kiosk.configuration import PROJECT_ROOT
from kiosk.configuration.forms import read_form
from kiosk.domain.forms import Form
from kiosk.ports import ClaimAnswer, ClaimKind, Verdict
from kiosk.runtime import VirtualLoop
from kiosk.services.forms import effects as ask
from kiosk.services.forms import events as told
from kiosk.services.forms.desk import FormDesk
from kiosk.services.forms.slip import Slips
from kiosk.services.receipt_paper import Shop
from kiosk.services.words import Words
from kiosk.storage.boot import Books, open_books
from kiosk.workers import InlineWorker
from ui.wiring import NoDevice

WORDS = Words(PROJECT_ROOT / "assets" / "languages", "en")
DAY = "2026-11-23"
SLOT = "2026-11-24T09:30"


class Alone:
    """Nobody to ask for the whole store."""

    def claim(self, kind: ClaimKind, code: str, sale_id: str, done: Callable[[ClaimAnswer], None]) -> None:
        done(ClaimAnswer(Verdict.ALONE))

    def release(self, kind: ClaimKind, code: str, sale_id: str) -> None:
        """Nothing was claimed."""


class Store(Alone):
    """Whoever asks first has a place; `asked` are the codes, in order."""

    def __init__(self) -> None:
        self.holders: dict[str, str] = {}
        self.asked: list[str] = []

    def claim(self, kind: ClaimKind, code: str, sale_id: str, done: Callable[[ClaimAnswer], None]) -> None:
        self.asked.append(code)
        is_theirs = self.holders.setdefault(code, sale_id) == sale_id
        done(ClaimAnswer(Verdict.GRANTED if is_theirs else Verdict.TAKEN))


def shipped(name: str) -> Form:
    form = read_form(PROJECT_ROOT / "config" / "forms" / f"{name}.toml", ("en", "de")).form
    assert form is not None
    return form


TICKET, APPOINTMENT = shipped("ticket"), shipped("appointment")


class Hall:
    """A desk on books; what it posts is kept."""

    def __init__(self, books: Books, claims: Alone | None = None, *, has_room: bool = True) -> None:
        self.posted: list[Any] = []
        self.loop = VirtualLoop(datetime(2026, 11, 23, 9, 0, tzinfo=UTC))
        self.desk = FormDesk(
            books.journal,
            books.journal.ledger,
            claims=lambda: claims or Alone(),
            office=InlineWorker(),
            slips=Slips(NoDevice(), Shop("Hofmarkt"), WORDS, self.loop),
            loop=self.loop,
            room=lambda: has_room,
        )

    def asks(self, effect: object) -> Any:
        self.desk.performers()[type(effect)](effect, self.posted.append)
        return self.posted[-1]

    def submits(self, submission_id: str, form: Form = TICKET, day: str = DAY, **more: Any) -> Any:
        body = {"submission_id": submission_id, "form": form.name, "end": form.ending.value, "day": day, **more}
        return self.asks(ask.Submit(submission_id, form, "D", body))


@contextmanager
def opened(directory: Path) -> Iterator[Books]:
    books = open_books(directory, "4")
    try:
        yield books
    finally:
        books.close()


def test_numbers_go_on_after_a_restart_and_begin_anew_with_the_day(tmp_path: Path) -> None:
    with opened(tmp_path) as books:
        assert [Hall(books).submits(f"s{n}").number for n in range(2)] == ["D001", "D002"]
    with opened(tmp_path) as books:
        hall = Hall(books)
        assert hall.submits("s2").number == "D003"
        assert hall.submits("s3", day="2026-11-24").number == "D001"
        assert hall.submits("s4", APPOINTMENT).number == "261123-D004"


def test_no_number_is_given_again_after_the_books_were_put_back(tmp_path: Path) -> None:
    today = datetime.now().astimezone().date().isoformat()
    data, older = tmp_path / "data", tmp_path / "older.db"
    with opened(data) as books:
        Hall(books).submits("s0", day=today)
    shutil.copyfile(data / "journal.db", older)
    with opened(data) as books:
        hall = Hall(books)
        lost = [hall.submits(f"lost{n}", day=today).number for n in range(3)]
    for suffix in ("", "-wal", "-shm"):
        (data / f"journal.db{suffix}").unlink(missing_ok=True)
    shutil.rmtree(data / "backups", ignore_errors=True)
    shutil.copyfile(older, data / "journal.db")
    with opened(data) as books:
        assert books.report, "the start saw nothing of it"
        hall = Hall(books)
        number = hall.submits("s1", day=today).number
        assert number not in {"D001", *lost}
        assert hall.submits("s2", day=today).number == f"D{int(number[1:]) + 1:03d}"  # the gap is left once


def test_a_projection_made_anew_gives_the_same_next_number(tmp_path: Path) -> None:
    with opened(tmp_path) as books:
        hall = Hall(books)
        hall.submits("s0")
        hall.submits("s1", APPOINTMENT, slot=SLOT, fixed=True)
        books.journal.rebuild()
        assert hall.submits("s2").number == "D003"
        assert books.journal.ledger.places_taken("appointment", DAY) == {SLOT: 1}


def test_without_room_in_the_books_nothing_is_said_to_be_sent(tmp_path: Path) -> None:
    with opened(tmp_path) as books:
        assert Hall(books, has_room=False).submits("s0") == told.NotSubmitted("s0")
        assert books.journal.ledger.last_running(datetime(2026, 11, 23, tzinfo=UTC).date(), "D") == 0


def test_alone_the_terminals_own_books_tell_who_has_a_place(tmp_path: Path) -> None:
    with opened(tmp_path) as books:
        hall = Hall(books)
        for number in range(2):
            claimed = hall.asks(ask.ClaimSlot(f"s{number}", APPOINTMENT, SLOT))
            assert claimed == told.SlotAnswered(f"s{number}", SLOT, Verdict.ALONE)
            hall.submits(f"s{number}", APPOINTMENT, slot=SLOT, fixed=True)
        hall.submits("wish", APPOINTMENT, slot="2026-11-24T10:00", fixed=False)
        assert hall.asks(ask.ClaimSlot("s2", APPOINTMENT, SLOT)).verdict is Verdict.TAKEN
        found = hall.asks(ask.FindSlots("s2", APPOINTMENT, (SLOT, "2026-11-24T10:00")))
        assert found.slots == ("2026-11-24T10:00",)  # a wish takes no place


def test_each_customer_has_a_place_of_their_own_until_all_are_gone(tmp_path: Path) -> None:
    store = Store()
    with opened(tmp_path) as books:
        hall = Hall(books, store)
        answers = [hall.asks(ask.ClaimSlot(f"s{number}", APPOINTMENT, SLOT)) for number in range(3)]
    assert [(one.verdict, one.code) for one in answers] == [
        (Verdict.GRANTED, f"appointment/{SLOT}/0"),
        (Verdict.GRANTED, f"appointment/{SLOT}/1"),
        (Verdict.TAKEN, ""),
    ]


def test_a_slip_without_a_printer_is_known_not_to_have_come_out(tmp_path: Path) -> None:
    with opened(tmp_path) as books:
        hall = Hall(books)
        slip = ask.PrintSlip("s0", TICKET, "D001", "", True, (), "en")
        assert hall.asks(slip) == told.SlipDone("s0", printed=False)
