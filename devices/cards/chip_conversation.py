"""What is said to one chip: first whether it is a payment card, then whose it is by the site's layouts."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from kiosk.domain.account import Holder
from kiosk.domain.cards.chip import read_chip, reading, select
from kiosk.domain.cards.layout import CardLayout, CardProblem
from kiosk.domain.cards.payment import PAYMENT_APPLICATIONS

# Sends a command, gives the answer with its two status bytes. Raises what the way of sending raises.
Send = Callable[[bytes], bytes]

_MOST_ANSWERS = 8  # pieces of one answer; a record has one
_LONGEST_ANSWER = 1024
# Selected, or selected with a warning (ISO/IEC 7816-4, 5.6): an application that is blocked is there all the same.
_IS_THERE = (0x90, 0x61, 0x62, 0x63)


def holder_of(send: Send, layouts: Sequence[CardLayout]) -> Holder | CardProblem:
    """Whose card it is. Nothing is read of a card that answers to the name of a payment application."""
    if any(_is_there(send(select(aid))) for aid in PAYMENT_APPLICATIONS):
        return CardProblem.PAYMENT
    problem = CardProblem.UNKNOWN
    for layout in layouts:
        if layout.chip is None or not _is_there(send(select(layout.chip.aid))):
            continue
        found = _read(send, layout)
        if isinstance(found, Holder) or found is CardProblem.PAYMENT:
            return found
        problem = found
    return problem


def _read(send: Send, layout: CardLayout) -> Holder | CardProblem:
    answer = b""
    for command in reading(layout.chip) if layout.chip else ():
        answer = _whole(send, command)
        if answer[-2:-1] not in {b"\x90", b"\x62"}:
            return CardProblem.NOT_READABLE
    return read_chip(layout, answer[:-2])


def _whole(send: Send, command: bytes) -> bytes:
    """The answer with all its pieces (61xx), asked for anew with the right length (6Cxx)."""
    answer = send(command)
    if answer[-2:-1] == b"\x6c":
        answer = send(command[:-1] + answer[-1:])
    for _ in range(_MOST_ANSWERS):
        if answer[-2:-1] != b"\x61" or len(answer) > _LONGEST_ANSWER:
            break
        answer = answer[:-2] + send(b"\x00\xc0\x00\x00" + answer[-1:])
    return answer


def _is_there(answer: bytes) -> bool:
    return len(answer) >= 2 and answer[-2] in _IS_THERE
