"""What can go wrong with a wire."""

from __future__ import annotations

from kiosk.ports import DeviceUnavailableError


class TransportUrlError(ValueError):
    """A transport URL that no wire can be made of: permanent, the configuration has to change."""


class TransportUnavailableError(DeviceUnavailableError):
    """The wire could not be opened: transient, try again later."""


class TransportLostError(DeviceUnavailableError):
    """The wire broke, stalled or was closed while in use. `sent` is how many bytes of a write had gone out before."""

    def __init__(self, message: str, *, sent: int = 0) -> None:
        super().__init__(message)
        self.sent = sent
