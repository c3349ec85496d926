"""A real terminal in a process of its own whose hands are led by its standard input; what its screen stands at goes to standard output.

Started by tests that kill it. A line of input is a key of the language files (that button is pressed) or `digits 1234`.
"""

from __future__ import annotations

import json
import logging
import queue
import sys
import threading
from collections.abc import Sequence

from kiosk.configuration import load
from kiosk.services.checkout.session import Session
from ui.terminal import Kiosk, application, transports_of
from ui.tour.hands import Hands, TourError, rest


def main() -> None:
    logging.basicConfig(level=logging.DEBUG)
    application()
    configuration = load()
    kiosk = Kiosk(configuration, transports_of(configuration, {}))
    kiosk.terminal.register.watch(lambda session, _: say(session, kiosk.window.refused))
    kiosk.open(lambda: say(kiosk.terminal.register.state, kiosk.window.refused))
    lines: queue.SimpleQueue[str] = queue.SimpleQueue()
    threading.Thread(target=listen, args=(lines,), daemon=True).start()
    hands = Hands(kiosk)
    while True:
        if lines.empty():
            rest(10)
        elif line := lines.get().strip():
            obey(hands, line)
        else:
            break
    kiosk.close()


def listen(lines: queue.SimpleQueue[str]) -> None:
    for line in sys.stdin:
        lines.put(line)
    lines.put("")


def obey(hands: Hands, line: str) -> None:
    try:
        if line.startswith("digits "):
            hands.type_digits(line.removeprefix("digits "))
        else:
            hands.press(line)
    except TourError as error:
        write({"error": str(error)})


def say(session: Session, fetched: Sequence[str]) -> None:
    write(
        {
            "step": session.step,
            "items": session.basket.item_count,
            "message": session.payment.message if session.payment else session.refund.message if session.refund else "",
            "problem": session.problem,
            "staff": session.staff.refusal if session.staff else "",
            "ready": session.devices.can_charge and session.devices.can_print,
            "notice": session.notice.key if session.notice else "",
            "fetched": list(fetched),
            "scanner": session.devices.scanner.state.value,
        }
    )


def write(what: object) -> None:
    sys.stdout.write(f"{json.dumps(what)}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
