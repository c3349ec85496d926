"""A receipt printer that speaks ESC/POS, over serial, tcp or usb: prints only where it can, and believes only its own proof."""

from __future__ import annotations

import itertools
import logging
import random
import time

from devices.printers.code_pages import CODE_PAGES
from devices.printers.escpos_answers import CLEAR_BUFFERS, Answers, Status
from devices.printers.paper_format import CUTS, PaperFormat
from devices.transport import Transport, TransportLostError, open_transport, parse_transport
from kiosk.ports import (
    DeviceUnavailableError,
    Health,
    HealthState,
    Manifest,
    PrintFeed,
    PrintJob,
    PrintOutcome,
    PrintResult,
    PrintText,
    SelfTest,
)

log = logging.getLogger(__name__)

# A long receipt takes a minute at 9600 baud, so not the job is timed but each piece of it: a second at that speed.
_PIECE_BYTES = 1024
_STALLED_MS = 10_000
_ASK_EVERY_MS = 500  # while a job prints
_SILENCES_AT_MOST = 3
# Letters whose codes are no status byte (`& 0x93 == 0x12`), so that a proof is never taken apart.
_ID_LETTERS = b"ABCDEFGHIJKLMNO"
_PROOFS = ("process-id", "status")


class EscposPrinter:
    """Implements `kiosk.ports.Printer`. A job that failed half way is cleared from the printer's memory where it lets us: what is
    left of it must not come out in front of the next customer."""

    manifest = Manifest(
        driver="escpos-printer",
        kind="printer",
        models=("Epson TM-T20, TM-T88, TM-m30; Star and Citizen in ESC/POS emulation; others with proof = status",),
        transports=("serial", "tcp", "usb", "pty"),
        settings={
            "columns": (48, "characters a line in the printer's font A: 48 or 42 (80 mm), 32 (58 mm)"),
            "dots": (576, "dots a line: 576 or 512 (80 mm), 384 (58 mm)"),
            "code_page": ("cp858", f"what plain text is sent in: {', '.join(CODE_PAGES)}; all else is drawn"),
            "qr": ("native", "who draws QR codes: native (the printer) or raster (sent as an image)"),
            "proof": (
                "process-id",
                "how a job is proven: process-id (GS ( H), or status (GS r) where that is not known",
            ),
            "cut": ("partial", "partial, full or none"),
            "answer_timeout_ms": (1000, "how long the printer may take to say its status"),
            "proof_timeout_ms": (20000, "how long a job may take"),
        },
    )

    def __init__(
        self,
        transport: str,
        *,
        columns: int = 48,
        dots: int = 576,
        code_page: str = "cp858",
        qr: str = "native",
        proof: str = "process-id",
        cut: str = "partial",
        answer_timeout_ms: int = 1000,
        proof_timeout_ms: int = 20_000,
    ) -> None:
        _one_of("code_page", code_page, tuple(CODE_PAGES))
        _one_of("qr", qr, ("native", "raster"))
        _one_of("proof", proof, _PROOFS)
        _one_of("cut", cut, tuple(CUTS))
        if not 16 <= columns <= 80 or not columns * 12 <= dots <= 1024:
            raise ValueError(
                f"columns has to lie between 16 and 80, and dots between 12 * columns ({columns * 12}) and 1024"
            )
        if not (50 <= answer_timeout_ms <= 10_000 and 500 <= proof_timeout_ms <= 120_000):
            raise ValueError("answer_timeout_ms has to lie in 50..10000, proof_timeout_ms in 500..120000")
        parse_transport(transport)
        self.columns = columns
        self._url = transport
        self._format = PaperFormat(columns, dots, code_page, qr, cut)
        self._proof = proof
        self._answer_timeout_ms, self._proof_timeout_ms = answer_timeout_ms, proof_timeout_ms
        self._transport: Transport | None = None
        self._silences = 0
        self._ids = itertools.count(random.randrange(len(_ID_LETTERS) ** 4))  # noqa: S311 - only unlike the last run's

    def connect(self) -> Health:
        """Open the line, forget what an earlier job may have left in the printer, and ask how it is."""
        self.close()
        self._transport = transport = open_transport(self._url)
        self._silences = 0
        transport.write(CLEAR_BUFFERS + b"\x1b@\x1da\x00", _STALLED_MS)
        return self._health(self._ask(transport))

    def watch(self) -> Health:
        """Ask how it is. A printer that falls silent is reconnected here; one that stays silent is a fault."""
        status = self._ask(self._open())
        self._silences = 0 if status else self._silences + 1
        if self._silences >= _SILENCES_AT_MOST:
            return self.connect()
        return self._health(status)

    def self_test(self) -> SelfTest:
        """Print a line and have it proven."""
        self._open()
        words = PrintText("Self-test: ÄÖÜ äöü ß € é ✓"), PrintFeed(1)
        result = self.print(PrintJob("self-test", words))
        if result.outcome is PrintOutcome.PRINTED:
            return SelfTest(True, f"a line was printed and proven over {self._url}")
        return SelfTest(False, f"{result.outcome}: {result.reason or 'no reason given'}; see paper, cover and cable")

    def print(self, job: PrintJob) -> PrintResult:
        """Print and wait for the printer's own proof. Nothing is sent to a printer that cannot print, or does not answer."""
        transport = self._transport
        if transport is None:
            return PrintResult(PrintOutcome.NOT_PRINTED, "line-lost")
        answers = Answers(transport, self._answer_timeout_ms)
        try:
            refused = self._refusal(answers)
            data = b"" if refused else self._encode(job)
        except TransportLostError:
            refused = "line-lost"
        except ValueError as error:
            log.error("a job cannot be printed: %s", error)
            refused = "unprintable"
        if refused:
            return PrintResult(PrintOutcome.NOT_PRINTED, refused)
        request, proof = self._proof_of_job()
        sent = self._send(transport, data + request)
        if sent < len(data + request):
            return PrintResult(PrintOutcome.UNKNOWN if sent else PrintOutcome.NOT_PRINTED, "line-lost")
        try:
            return self._await(answers, transport, proof)
        except TransportLostError:
            return PrintResult(PrintOutcome.UNKNOWN, "line-lost")

    def close(self) -> None:
        """Close the line; wakes a blocked call. Callable from any thread."""
        transport = self._transport
        if transport is not None:
            transport.close()

    def _open(self) -> Transport:
        if self._transport is None:
            raise DeviceUnavailableError(f"the printer at {self._url} is not connected")
        return self._transport

    def _ask(self, transport: Transport) -> Status | None:
        answers = Answers(transport, self._answer_timeout_ms)
        answers.forget()
        return answers.status()

    def _health(self, status: Status | None) -> Health:
        return status.health if status else Health(HealthState.FAULT, "no-answer")

    def _refusal(self, answers: Answers) -> str:
        """Why nothing may be sent now, or ""."""
        answers.forget()
        status = answers.status()
        answers.forget()  # what was said before the job cannot prove it
        return status.blocked if status else "no-answer"

    def _encode(self, job: PrintJob) -> bytes:
        # Drawing needs Pillow and zxing-cpp, which the first receipt can wait for better than the first scan.
        from devices.printers.escpos_encoding import encode  # noqa: PLC0415 - start-up time, see above

        return encode(job, self._format)

    def _proof_of_job(self) -> tuple[bytes, bytes]:
        """What to send at the end of a job, and what the printer answers when it has come that far."""
        if self._proof == "status":
            return b"\x1dr\x01", b""
        number = next(self._ids)
        letters = bytes(_ID_LETTERS[number // len(_ID_LETTERS) ** place % len(_ID_LETTERS)] for place in range(4))
        return b"\x1d(H\x06\x0000" + letters, b"\x37\x22" + letters + b"\x00"

    def _send(self, transport: Transport, data: bytes) -> int:
        """Send it all, or close the line: a printer left inside half a command is cleared when it is reconnected."""
        for at in range(0, len(data), _PIECE_BYTES):
            try:
                transport.write(data[at : at + _PIECE_BYTES], _STALLED_MS)
            except TransportLostError as error:
                log.warning("a job broke off: %s", error)
                transport.close()
                return at + error.sent
        return len(data)

    def _await(self, answers: Answers, transport: Transport, proof: bytes) -> PrintResult:
        deadline = time.monotonic() + self._proof_timeout_ms / 1000
        silences = 0
        while time.monotonic() < deadline:
            heard = answers.listen(_ASK_EVERY_MS)
            if answers.take(proof) if proof else answers.take_sensor():
                return PrintResult(PrintOutcome.PRINTED)
            if heard:
                continue
            # Real-time status is answered also while it prints, or cannot go on.
            status = answers.status()
            silences = 0 if status else silences + 1
            if status and status.blocked:
                return self._give_up(transport, status.blocked)
            if silences >= _SILENCES_AT_MOST:
                return self._give_up(transport, "no-answer")
        return self._give_up(transport, "no-proof")

    def _give_up(self, transport: Transport, reason: str) -> PrintResult:
        log.warning("a job was sent and not proven (%s); the printer is told to forget the rest", reason)
        transport.write(CLEAR_BUFFERS, _STALLED_MS)
        return PrintResult(PrintOutcome.UNKNOWN, reason)


def _one_of(name: str, value: str, allowed: tuple[str, ...]) -> None:
    if value not in allowed:
        raise ValueError(f"{name} {value!r} is unknown; allowed: {', '.join(allowed)}")
