"""The public name of a receipt: what stands behind the QR code, and cannot be guessed from what is printed."""

from __future__ import annotations

import base64
import hashlib
import re

TOKEN = re.compile(r"[A-Za-z0-9_-]{32}")


def receipt_token(entry_digest: str) -> str:
    """32 URL-safe letters (192 bits) for the sale whose `sale.completed` has this digest (64 hex digits).

    Both ends can make it without asking each other. The digest hangs on every entry before it, so nobody outside can make it up; the first
    digits of it that paper shows (`kiosk.domain.receipt.ANCHOR_DIGITS`) do not lead to it.
    """
    found = hashlib.sha256(f"tern-receipt-1:{entry_digest}".encode("ascii")).digest()
    return base64.urlsafe_b64encode(found[:24]).decode("ascii")
