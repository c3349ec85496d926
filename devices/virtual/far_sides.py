"""The far sides of a terminal's wires, started together: what stands where a device is configured as `virtual:`."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Collection, Mapping
from pathlib import Path

from devices.virtual.card_reader import VirtualCardReader
from devices.virtual.headset import VirtualHeadset
from devices.virtual.payment_settings import TerminalSettings
from devices.virtual.payment_terminal import VirtualPaymentTerminal, serve_payment_terminal
from devices.virtual.printer import VirtualPrinter
from devices.virtual.scanner import VirtualScanner

KINDS = ("scanner", "printer", "payment", "card")


class FarSides:
    """Virtual devices at work on real wires: a pseudo-terminal for scanner and card reader, TCP for printer and payment terminal.

    `kinds` says which are wanted. The payment terminal has a memory of its own in `directory`, which outlives a power cut of ours, as a
    real one's does. Raises OSError where no port or pseudo-terminal is to be had, or where other virtual devices work in `directory`.
    """

    def __init__(
        self,
        kinds: Collection[str],
        directory: Path,
        *,
        customer: str | None = None,
        settings: TerminalSettings | None = None,
    ) -> None:
        directory.mkdir(parents=True, exist_ok=True)
        self._lock = _locked(directory)
        self.scanner = VirtualScanner(directory) if "scanner" in kinds else None
        self.printer = VirtualPrinter(ms_per_line=18).start() if "printer" in kinds else None
        self.card = VirtualCardReader(directory) if "card" in kinds else None
        self.headset = VirtualHeadset(directory) if "headset" in kinds else None
        self.payment: VirtualPaymentTerminal | None = None
        if "payment" in kinds:
            self.payment = serve_payment_terminal(
                0, directory / "payment-ledger.jsonl", customer=customer, settings=settings
            )

    @property
    def urls(self) -> Mapping[str, str]:
        """The transport of each far side, by kind of device."""
        sides = {
            "scanner": self.scanner,
            "printer": self.printer,
            "payment": self.payment,
            "card": self.card,
            "headset": self.headset,
        }
        return {kind: side.url for kind, side in sides.items() if side is not None}

    def close(self) -> None:
        """Take them all down. Callable more than once."""
        for side in (self.scanner, self.printer, self.payment, self.card, self.headset):
            if side is not None:
                side.close()
        if self._lock >= 0:
            os.close(self._lock)
            self._lock = -1


def _locked(directory: Path) -> int:
    """Two payment terminals with one memory would tell each other's payments, and two scanners would share one name."""
    lock = os.open(directory / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        os.close(lock)
        raise OSError(
            f"another terminal's virtual devices work in {directory}; end it first, or name another --data"
        ) from error
    return lock
