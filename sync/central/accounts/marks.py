"""How holders are called where their numbers have no business: keyed marks, the same each time, that tell nobody anything.

The key is the company's, in a file beside the service and never in its database: whoever has the database alone can neither tell whose
account a mark is nor try PINs on a store's snapshot.
"""

from __future__ import annotations

import hashlib
import hmac
from typing import Final

from kiosk.domain.account import Holder
from kiosk.domain.account_marks import plain_number

KEY_BYTES: Final = 32


class Marks:
    """Everything that is derived from the key."""

    def __init__(self, key: bytes) -> None:
        if len(key) != KEY_BYTES:
            raise ValueError(f"the accounts' key has {len(key)} bytes instead of {KEY_BYTES}")
        self._key = key

    def of_account(self, account_id: str) -> str:
        """By what journals and stores know a holder: 32 hex digits."""
        return self._derived("account", account_id).hex()[:32]

    def of_nobody(self, holder: Holder) -> str:
        """By what the tries at a number that is nobody's are counted, as those at one that is somebody's."""
        return self._derived("nobody", f"{holder.by}:{plain_number(holder)}").hex()[:32]

    def of_code(self, ticket: str, code: str) -> str:
        """A one-time code that was sent, as it is kept."""
        return self._derived("code", f"{ticket}:{code}").hex()

    def of_try(self, asked_id: str, tried: str) -> str:
        """A question with what was tried in it: the same for the very same question only."""
        return self._derived("try", f"{asked_id}:{tried}").hex()

    def store_key(self, store_id: str) -> bytes:
        """The key of a store's snapshot: 32 bytes, which only terminals of that store are told."""
        return self._derived("store", store_id)

    def _derived(self, purpose: str, text: str) -> bytes:
        return hmac.new(self._key, f"tern:{purpose}:{text}".encode(), hashlib.sha256).digest()
