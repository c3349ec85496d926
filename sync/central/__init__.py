"""The reference central service: takes the journals in, gives feeds and commands out.

Knows sync.protocol, sync.signing and kiosk.domain, nothing else of the terminal.
"""

from __future__ import annotations
