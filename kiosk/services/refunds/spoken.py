"""What is read aloud of a refund, by step."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from kiosk.services.checkout.sentences import Said
from kiosk.services.checkout.session import Session

SPOKEN: Mapping[str, Callable[[Session], Said]] = {}
