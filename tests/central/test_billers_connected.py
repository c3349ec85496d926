"""What may stand in the file of billers, and what an answer over HTTP is worth: the real connector against the real demo biller."""

from __future__ import annotations

import http.server
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from bill_ends import POWER, bill_of

from kiosk.domain.money import Money
from kiosk.ports.billing import BillStanding
from sync.central.billers.configured import read_billers
from sync.central.billers.connector import Payment, Posted, Refused, UnreachableError
from sync.central.billers.demo_biller import DemoBiller
from sync.central.billers.http_connector import ANSWER_MOST_BYTES, HttpConnector
from sync.central.errors import CentralError

PAYMENT = Payment("r1", "CH44", "RF18", Money(500, "CHF"), "2026-11-22T10:00:00+01:00")


@pytest.fixture
def biller() -> Iterator[DemoBiller]:
    made = DemoBiller(key="s3cret-key")
    made.start()
    yield made
    made.stop()


class Saying(http.server.ThreadingHTTPServer):
    """Answers everything with what it is told to say."""

    def __init__(self) -> None:
        self.says: tuple[int, bytes] = (200, b"{}")
        self.trickles = False

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                outer = self.server
                assert isinstance(outer, Saying)
                self.rfile.read(int(self.headers["content-length"]))
                status, body = outer.says
                self.send_response(status)
                self.send_header("content-length", str(len(body)))
                self.end_headers()
                for at in range(len(body)) if outer.trickles else ():
                    self.wfile.write(body[at : at + 1])
                    time.sleep(0.05)
                if not outer.trickles:
                    self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                pass

        super().__init__(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server_address[1]}/base"
        threading.Thread(target=self.serve_forever, args=(0.05,), daemon=True).start()

    def handle_error(self, *_: object) -> None:
        """Whoever asked has enough."""


@pytest.fixture
def saying() -> Iterator[Saying]:
    made = Saying()
    yield made
    made.shutdown()
    made.server_close()


def written(tmp_path: Path, text: str) -> Path:
    file = tmp_path / "billers.toml"
    file.write_text(text)
    return file


def test_each_account_has_the_first_connector_that_fits_it(tmp_path: Path, biller: DemoBiller) -> None:
    (tmp_path / "power.key").write_text("s3cret-key\n")
    file = written(
        tmp_path,
        f"""
        [[biller]]
        name = "power"
        url = "{biller.url}/"
        key_file = "power.key"
        accounts = ["CH44*", "DE02120300000000202051"]
        [[biller]]
        name = "rest"
        url = "https://billing.example/tern/v1"
        accounts = ["*"]
        within_s = 2
        """,
    )
    found = read_billers(file)
    names = {
        account: found.of(account) for account in ("CH4431999", "DE02120300000000202051", "DE0212030000000020205", "")
    }
    assert [one.name if one else None for one in names.values()] == ["power", "power", "rest", "rest"]
    power = found.of(POWER.account)
    assert power is not None
    assert power.standing(POWER).standing is BillStanding.OPEN, "with the key of the file"
    found.close()


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "biller"),
        ("[[biller]]\nname = 'a'", "url"),
        ("[[biller]]\nname = 'a'\nurl = 'https://x'\naccounts = ['*']\nkey = 'no'", "key"),
        ("[[biller]]\nname = 'a'\nurl = 'https://x'\naccounts = ['*', 'a*b']", "accounts.1"),
        ("[[biller]]\nname = 'a'\nurl = 'https://x'\naccounts = []", "accounts"),
        ("[[biller]]\nname = 'a'\nurl = 'http://billing.example'\naccounts = ['*']", "not encrypted"),
        ("[[biller]]\nname = 'a'\nurl = 'https://u:p@x'\naccounts = ['*']", "a"),
        ("[[biller]]\nname = 'a'\nurl = 'https://x?q=1'\naccounts = ['*']", "query"),
        ("[[biller]]\nname = 'a'\nurl = 'https://x'\naccounts = ['*']\nwithin_s = 30", "within_s"),
        ("[[biller]]\nname = 'a'\nurl = 'https://x'\naccounts = ['*']\nkey_file = 'gone'", "key_file cannot be read"),
        (
            "[[biller]]\nname = 'a'\nurl = 'https://x'\naccounts = ['*']\nkey_env = 'NOT_SET_ANYWHERE'",
            "key_env cannot be read",
        ),
        ("[[biller]]\nname = 'a'\nurl = 'https://x'\naccounts = ['*']\nca_file = 'billers.toml'", "a"),
        ("[[biller]]\nname = 'a'\nurl = 'https://x'\naccounts = ['1']\n" * 2, "two billers of one name"),
        ("biller = [", "billers.toml"),
    ],
)
def test_a_file_that_is_wrong_is_refused_with_its_place(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(CentralError, match=told) as refused:
        read_billers(written(tmp_path, text))
    assert "billers.toml" in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_key_is_in_no_message(tmp_path: Path) -> None:
    (tmp_path / "k").write_text("s3cret\x01key")
    text = "[[biller]]\nname = 'a'\nurl = 'https://x'\naccounts = ['*']\nkey_file = 'k'"
    with pytest.raises(CentralError) as refused:
        read_billers(written(tmp_path, text))
    assert "s3cret" not in str(refused.value)


def test_a_payment_is_posted_and_taken_back_once(biller: DemoBiller) -> None:
    connector = HttpConnector("power", biller.url, key="s3cret-key")
    first = connector.post(PAYMENT)
    assert isinstance(first, Posted)
    assert connector.post(PAYMENT) == first
    assert connector.undo("r1") == connector.undo("r1")
    assert connector.undo("r/9") == Refused("unknown-payment")
    connector.close()


def test_without_the_right_key_nobody_is_reached(biller: DemoBiller) -> None:
    connector = HttpConnector("power", biller.url, key="another")
    with pytest.raises(UnreachableError, match="status 401"):
        connector.post(PAYMENT)
    connector.close()


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (200, b"{}"),
        (200, b"not json"),
        (200, b'{"receipt_id": ""}'),
        (200, b'{"receipt_id": 7}'),
        (200, b'{"receipt_id": "a\\u0000b"}'),
        (200, b'{"receipt_id": "' + b"9" * (ANSWER_MOST_BYTES + 1) + b'"}'),
        (202, b'{"receipt_id": "R1"}'),
        (302, b""),
        (400, b'{"refused": "closed"}'),
        (409, b"{}"),
        (409, b'{"refused": "<script>"}'),
        (429, b'{"refused": "closed"}'),
        (500, b'{"receipt_id": "R1"}'),
    ],
)
def test_what_is_not_the_billers_word_is_none(saying: Saying, status: int, body: bytes) -> None:
    saying.says = (status, body)
    connector = HttpConnector("power", saying.url)
    with pytest.raises(UnreachableError):
        connector.post(PAYMENT)
    connector.close()


@pytest.mark.parametrize(
    "body",
    [
        b'{"standing": "being-paid"}',
        b'{"standing": "alone"}',
        b'{"standing": "gone"}',
        b'{"standing": "open", "amount": {"minor": 500, "currency": "EUR"}}',
        b'{"standing": "open", "amount": {"minor": -1, "currency": "CHF"}}',
    ],
)
def test_a_standing_that_no_biller_has_is_none(saying: Saying, body: bytes) -> None:
    saying.says = (200, body)
    connector = HttpConnector("power", saying.url)
    with pytest.raises(UnreachableError):
        connector.standing(bill_of(500))
    connector.close()


def test_an_answer_that_trickles_ends_in_time(saying: Saying) -> None:
    saying.trickles, saying.says = True, (200, b'{"standing": "open"}' + b" " * 400)
    connector = HttpConnector("power", saying.url, within_s=0.5)
    begun_s = time.monotonic()
    with pytest.raises(UnreachableError, match="in time"):
        connector.standing(POWER)
    assert time.monotonic() - begun_s < 3
    connector.close()


def test_a_connection_that_the_biller_closed_meanwhile_is_no_outage(biller: DemoBiller) -> None:
    connector = HttpConnector("power", biller.url, key="s3cret-key")
    assert connector.standing(POWER).standing is BillStanding.OPEN
    biller.fail("drop")  # as a connection that lay idle for too long
    assert connector.standing(POWER).standing is BillStanding.OPEN
    connector.close()
