"""What a sale has before the books tell that it used it: vouchers and held baskets of a store, any bill. A claim ends by itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection

from sync.central.database import changed, one, one_locked, run
from sync.central.errors import Refusal
from sync.central.heads import Sender
from sync.protocol.problems import ProblemType
from sync.protocol.reports import Accepted, Claim, ClaimAnswer, ClaimKind

# A place of an appointment is promised on paper: it is kept until its form arrives, however long the line is away meanwhile.
SLOT_LIFE_S: Final = 3 * 86_400.0
LIFE_S: Final = 900.0  # of a claim that is neither used nor given back: its terminal has lost its power, or its shopper


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a sale wants for itself. `store_id`: within which it is one thing, `sync.central.feeds.EVERY_STORE` for the whole company."""

    store_id: str
    kind: str
    code: str
    sale_id: str


def keep(connection: Connection, sender: Sender, wanted: Wanted) -> str | None:
    """The sale that has it now; made the sender's where it is free, or his already."""
    values = {"store": wanted.store_id, "kind": wanted.kind, "code": wanted.code}
    run(
        connection,
        "INSERT INTO claim VALUES (:store, :kind, :code, :terminal, :sale, :now) ON CONFLICT (store_id, kind, code) DO UPDATE SET"
        " terminal_id = excluded.terminal_id, sale_id = excluded.sale_id, at_ms = excluded.at_ms"
        " WHERE claim.at_ms < :ended OR (claim.sale_id = excluded.sale_id AND claim.terminal_id = excluded.terminal_id)",
        terminal=sender.terminal_id,
        sale=wanted.sale_id,
        now=sender.now_ms,
        ended=_ended_ms(sender.now_s, SLOT_LIFE_S if wanted.kind == ClaimKind.SLOT else LIFE_S),
        **values,
    )
    sql = "SELECT sale_id FROM claim WHERE store_id = :store AND kind = :kind AND code = :code"
    row = one_locked(connection, sql, **values)
    return str(row.sale_id) if row else None


def give_back(connection: Connection, sender: Sender, wanted: Wanted) -> int:
    """Another may have it; 0 where it was not the sender's to give."""
    return changed(
        connection,
        "DELETE FROM claim WHERE store_id = :store AND kind = :kind AND code = :code AND sale_id = :sale AND terminal_id = :terminal",
        store=wanted.store_id,
        kind=wanted.kind,
        code=wanted.code,
        sale=wanted.sale_id,
        terminal=sender.terminal_id,
    )


def claim(connection: Connection, sender: Sender, asked: Claim) -> ClaimAnswer:
    """A voucher or a held basket for one sale, unless another sale of the store has it. Raises Refusal (TAKEN)."""
    holder = _used_by(connection, sender.store_id, asked) or keep(connection, sender, _wanted(sender, asked))
    if holder != asked.sale_id:
        raise Refusal(ProblemType.TAKEN, f"{asked.kind} {asked.code} is in sale {holder}", holder=holder)
    body = None
    if asked.kind is ClaimKind.BASKET:
        sql = "SELECT body FROM held_basket WHERE store_id = :store AND code = :code"
        held = one(connection, sql, store=sender.store_id, code=asked.code)
        body = held.body if held else None
    return ClaimAnswer(kind=asked.kind, code=asked.code, sale_id=asked.sale_id, body=body)


def release(connection: Connection, sender: Sender, asked: Claim) -> Accepted:
    """The sale did not come about: another may have it. Only who claimed it gives it back."""
    return Accepted(new=give_back(connection, sender, _wanted(sender, asked)))


def forget_ended(connection: Connection, now_s: float) -> None:
    """Claims whose time is over."""
    sql = "DELETE FROM claim WHERE at_ms < CASE WHEN kind = :slot THEN :slots ELSE :ended END"
    slots, ended = _ended_ms(now_s, SLOT_LIFE_S), _ended_ms(now_s, LIFE_S)
    run(connection, sql, slot=ClaimKind.SLOT.value, slots=slots, ended=ended)


def _wanted(sender: Sender, asked: Claim) -> Wanted:
    return Wanted(sender.store_id, asked.kind.value, asked.code, asked.sale_id)


def _used_by(connection: Connection, store_id: str, asked: Claim) -> str | None:
    """The sale (of a place, the form) that the books of the store show it in: this one, where it is among several. A receipt is never
    used up."""
    if asked.kind is ClaimKind.RECEIPT:
        return None
    if asked.kind is ClaimKind.SLOT:
        sql = "SELECT submission_id FROM form_submission WHERE store_id = :store AND place = :code ORDER BY submission_id = :sale DESC"
        taken = one(connection, sql, store=store_id, code=asked.code, sale=asked.sale_id)
        return str(taken.submission_id) if taken else None
    table = "voucher_use" if asked.kind is ClaimKind.VOUCHER else "basket_use"
    used = one(
        connection,
        f"SELECT sale_id FROM {table} WHERE store_id = :store AND code = :code ORDER BY sale_id = :sale DESC",  # noqa: S608 - one of two names
        store=store_id,
        code=asked.code,
        sale=asked.sale_id,
    )
    return str(used.sale_id) if used else None


def _ended_ms(now_s: float, life_s: float) -> int:
    return int((now_s - life_s) * 1000)
