"""Brings the rows that entries speak of, folds the entries into them, and puts them back: three statements a table, not one an entry."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection

from kiosk.domain.facts import Kind
from sync.central import conflicts
from sync.central.database import among, copying, rows, run
from sync.central.standing import PAYMENT, STANDING, Row, Standing, Table, key_of, keys
from sync.central.told import Told


class OneByOneError(ValueError):
    """These entries have to be folded each for itself."""


def fold(connection: Connection, told: Sequence[Told], now_s: float) -> list[tuple[Told, str]]:
    """Let the rows follow entries of one terminal, in order; gives those that could not be followed, and why.

    The caller holds the terminal's projections, and undoes everything where something is raised: OneByOneError for more than one entry, and
    what the database raises where a row cannot be kept.
    """
    terminal_id = told[0].terminal_id
    standing, failed = Standing(), []
    wanted = keys(told)
    for table in STANDING:
        standing.before[table.name] = _held(connection, table, terminal_id, wanted[table.name])
    for one in told:
        try:
            standing.follow(one)
        except ValueError as error:
            failed.append((one, str(error)))
    for table in STANDING:
        _put(connection, table, terminal_id, standing)
    _look(connection, told, standing, now_s)
    return failed


def _look(connection: Connection, told: Sequence[Told], standing: Standing, now_s: float) -> None:
    """What was paid twice is told entry by entry: each is held against those before it, and not against those after."""
    approved = [one for one in told if one.kind == Kind.PAYMENT_APPROVED]
    if len(told) > 1 and approved:
        payments = [standing.after[PAYMENT.name].get(key_of(one)) for one in approved]
        sale_ids = [row["sale_id"] for row in payments if row and row["sale_id"]]
        if conflicts.may_be_paid_twice(connection, approved, sale_ids):
            raise OneByOneError
    for one in told:
        if len(told) == 1 or one.kind != Kind.PAYMENT_APPROVED:
            conflicts.look(connection, one, now_s)


def _held(connection: Connection, table: Table, terminal_id: str, wanted: Sequence[str]) -> dict[str, Row]:
    if not wanted:
        return {}
    where, values = among(connection, table.key, wanted, "wanted")
    sql = f"SELECT {', '.join(table.columns)} FROM {table.name} WHERE terminal_id = :terminal AND {where}"  # noqa: S608 - names of our own
    found = rows(connection, sql, terminal=terminal_id, **values)
    return {row._mapping[table.key]: dict(row._mapping) for row in found}


def _put(connection: Connection, table: Table, terminal_id: str, standing: Standing) -> None:
    before, after = standing.before[table.name], standing.after[table.name]
    former = [key for key in after if key in before]
    if former:
        where, values = among(connection, table.key, former, "former")
        sql = f"DELETE FROM {table.name} WHERE terminal_id = :terminal AND {where}"  # noqa: S608 - as above
        run(connection, sql, terminal=terminal_id, **values)
    if after:
        _insert(connection, table, [tuple(map(row.__getitem__, table.columns)) for row in after.values()])


def _insert(connection: Connection, table: Table, values: Sequence[tuple[Any, ...]]) -> None:
    if connection.dialect.name == "postgresql":
        with copying(connection, table.name) as copy:
            for row in values:
                copy.write_row(row)
        return
    places = ", ".join("?" * len(table.columns))
    connection.exec_driver_sql(f"INSERT INTO {table.name} VALUES ({places})", list(values))  # noqa: S608 - as above
