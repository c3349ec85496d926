"""Brings a database to today's schema, from any released one: Alembic, the same steps for SQLite and PostgreSQL."""

from __future__ import annotations

import threading
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from sync.central.database import Database
from sync.central.errors import CentralError

_ALEMBIC = threading.Lock()  # it keeps the connection that it works on in a variable of its module
_LOCK = 0x7465726E  # "tern": of several processes that start at once, one migrates


def migrate(database: Database) -> None:
    """Every step that is still missing, in one transaction. Raises DatabaseAwayError, CentralError (a newer schema)."""
    with _ALEMBIC:
        database.write(_upgrade)


def _upgrade(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_LOCK})")
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    config.attributes["connection"] = connection
    _refuse_newer(connection, ScriptDirectory.from_config(config))
    command.upgrade(config, "head")


def _refuse_newer(connection: Connection, steps: ScriptDirectory) -> None:
    found = MigrationContext.configure(connection).get_current_revision()
    if found is not None and found not in {step.revision for step in steps.walk_revisions()}:
        raise CentralError(
            f"the database has schema {found}, and this version of the service knows those up to {steps.get_current_head()};"
            " start the version that it was last used with, or a newer one"
        )
