"""Who tried too often: wrong PINs and codes counted for each holder whatever the terminal, and for each terminal whatever the number.

A try is counted before it is looked at, and taken back when it was right: many at once are no more tries than one after another.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import Connection

from kiosk.domain.records import dataclass
from sync.central import alerts, audit
from sync.central.database import changed, one, one_locked, run
from sync.central.feeds import EVERY_STORE
from sync.central.heads import Sender
from sync.protocol.accounts import Refused

FREE_TRIES: Final = 3
FIRST_LOCK_S: Final = 900
LONGEST_LOCK_S: Final = 86_400
MOST_TRIES: Final = 10  # then only people can end the lock
FOR_GOOD_MS: Final = 2**62

PACE_S: Final = 600
PACE_TRIES: Final = 15  # of one terminal within PACE_S that were not right

FORGOTTEN_S: Final = 90 * 86_400  # without a try; never a lock that only people can end

LOCKED: Final = "account-locked"  # kinds of alerts
PROBED: Final = "accounts-probed"


@dataclass(frozen=True, slots=True)
class Counted:
    """A try that may be made. `wrong`: how many there are with it; `is_again`: the same question as the last, already counted."""

    subject: str
    wrong: int
    is_again: bool


def count(connection: Connection, sender: Sender, subject: str, try_mark: str) -> Counted | Refused:
    """Count a try at `subject` (a mark, with its purpose) before it is looked at; or say that it is locked.

    `try_mark` is of the question and of what was tried: with the question's own name alone, one name would be good for every PIN.
    """
    if (wait_s := _paced(connection, sender)) > 0:
        return Refused(reason="locked", locked_for_s=wait_s)
    run(
        connection,
        "INSERT INTO account_lock VALUES (:subject, 0, 0, :now, '') ON CONFLICT (subject) DO NOTHING",
        subject=subject,
        now=sender.now_ms,
    )
    row = one_locked(
        connection,
        "SELECT wrong, locked_until_ms, try_mark FROM account_lock WHERE subject = :subject",
        subject=subject,
    )
    wrong, until_ms, last = (row.wrong, row.locked_until_ms, row.try_mark) if row else (0, 0, "")
    if last == try_mark:
        return Counted(subject, wrong, True)
    if until_ms > sender.now_ms:
        return _locked(until_ms, sender.now_ms)
    wrong += 1
    run(
        connection,
        "UPDATE account_lock SET wrong = :wrong, locked_until_ms = :until, tried_ms = :now, try_mark = :tried WHERE subject = :subject",
        subject=subject,
        wrong=wrong,
        until=_locked_until_ms(wrong, sender.now_ms),
        now=sender.now_ms,
        tried=try_mark,
    )
    _pace(connection, sender)
    return Counted(subject, wrong, False)


def was_right(connection: Connection, sender: Sender, counted: Counted) -> None:
    """Take the tries back: the holder is there."""
    run(connection, "DELETE FROM account_lock WHERE subject = :subject", subject=counted.subject)
    run(
        connection,
        "UPDATE account_pace SET tries = tries - 1 WHERE terminal_id = :terminal AND tries > 0",
        terminal=sender.terminal_id,
    )


def was_wrong(connection: Connection, sender: Sender, counted: Counted, reason: str) -> Refused:
    """What to answer: `reason` with the tries that are left, or that it is locked now, which people are told."""
    left = FREE_TRIES - counted.wrong
    if left > 0:
        return Refused(reason=reason, tries_left=left)
    if not counted.is_again:
        words = f"{counted.wrong} wrong tries at one account"
        subject = counted.subject.rpartition(":")[2][:12]
        alerts.raise_alert(
            connection, sender.terminal_id, LOCKED, subject, words, store_id=sender.store_id, now_s=sender.now_s
        )
        act = audit.Act(sender.store_id, sender.terminal_id, "account.locked", subject, words)
        audit.write(connection, act, sender.now_s)
    return _locked(_locked_until_ms(counted.wrong, sender.now_ms), sender.now_ms)


def unlock(connection: Connection, mark: str, *, who: str, now_s: float) -> bool:
    """People have seen to it: the holder may try again. False where nothing was counted."""
    pin, code = (
        changed(connection, "DELETE FROM account_lock WHERE subject = :subject", subject=subject) > 0
        for subject in (pin_subject(mark), code_subject(mark))
    )
    audit.write(connection, audit.Act(EVERY_STORE, who, "account.unlocked", mark[:12]), now_s)
    return pin or code


def pin_subject(mark: str) -> str:
    """As what the PINs tried for a mark are counted."""
    return f"pin:{mark}"


def code_subject(mark: str) -> str:
    """As what the one-time codes tried for a mark are counted."""
    return f"code:{mark}"


def forget_old(connection: Connection, now_s: float) -> None:
    """Tries of long ago, and the pace of terminals that is over."""
    run(
        connection,
        "DELETE FROM account_lock WHERE tried_ms < :before AND locked_until_ms < :now",
        before=int((now_s - FORGOTTEN_S) * 1000),
        now=int(now_s * 1000),
    )
    run(connection, "DELETE FROM account_pace WHERE since_ms < :before", before=int((now_s - PACE_S) * 1000))


def _locked_until_ms(wrong: int, now_ms: int) -> int:
    if wrong < FREE_TRIES:
        return 0
    if wrong >= MOST_TRIES:
        return FOR_GOOD_MS
    return now_ms + 1000 * min(LONGEST_LOCK_S, FIRST_LOCK_S << (wrong - FREE_TRIES))


def _locked(until_ms: int, now_ms: int) -> Refused:
    return Refused(reason="locked", locked_for_s=None if until_ms >= FOR_GOOD_MS else -(-(until_ms - now_ms) // 1000))


def _paced(connection: Connection, sender: Sender) -> int:
    """For how many seconds this terminal may try nothing more, whatever the number."""
    row = one(
        connection,
        "SELECT since_ms, tries FROM account_pace WHERE terminal_id = :terminal",
        terminal=sender.terminal_id,
    )
    if row is None or row.tries < PACE_TRIES:
        return 0
    left_s = PACE_S - (sender.now_ms - int(row.since_ms)) // 1000
    if left_s > 0:
        words = f"{row.tries} wrong numbers or PINs within {PACE_S // 60} minutes"
        alerts.raise_alert(
            connection, sender.terminal_id, PROBED, "", words, store_id=sender.store_id, now_s=sender.now_s
        )
    return left_s


def _pace(connection: Connection, sender: Sender) -> None:
    run(
        connection,
        "INSERT INTO account_pace VALUES (:terminal, :now, 1) ON CONFLICT (terminal_id) DO UPDATE SET"
        " tries = CASE WHEN account_pace.since_ms < :before THEN 1 ELSE account_pace.tries + 1 END,"
        " since_ms = CASE WHEN account_pace.since_ms < :before THEN excluded.since_ms ELSE account_pace.since_ms END",
        terminal=sender.terminal_id,
        now=sender.now_ms,
        before=sender.now_ms - PACE_S * 1000,
    )
