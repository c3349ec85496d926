"""What reads the screen aloud, and what tells that someone listens in private (EN 301 549, 5.1.3)."""

from __future__ import annotations

from typing import Protocol

from kiosk.ports.devices import Device, Health


class Speaker(Protocol):
    """A voice. Nothing here blocks; a voice that is missing or broken is silent, and says so in its health and in the log."""

    @property
    def health(self) -> Health:
        """READY, ABSENT where there is no voice on this machine, FAULT where it did not speak the last time."""

    def say(self, text: str, language: str) -> None:
        """Speak `text` (plain words, never markup) in the language (ISO 639), after what is being spoken."""

    def stop(self) -> None:
        """Be silent now: cuts what is being spoken and forgets what was to come."""

    def close(self) -> None:
        """Be silent for good. Callable more than once."""


class HeadsetSensor(Device, Protocol):
    """The jack that a headset is plugged into."""

    def read(self, timeout_ms: int) -> bool | None:
        """Whether a headset is in, each time that this is news; None when `timeout_ms` passed. Raises DeviceUnavailableError."""
