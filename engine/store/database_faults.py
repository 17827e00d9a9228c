"""What a database can be at fault with, in words for people."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import exc

from engine.errors import EngineError, Unavailable
from engine.wording import Text

_DATA_FAULTS = (exc.IntegrityError, exc.DataError, exc.InternalError, exc.NotSupportedError)
"""Wrong statements or values: faults of the program or of a rule, never of the database."""

_READ_ONLY = "ReadOnlySqlTransaction"
"""What a PostgreSQL stand-by says to a write."""


class NotDurable(EngineError):
    """The database server may lose acknowledged work; its settings must be put right."""


class SchemaMissing(EngineError):
    """The database was not migrated to this release."""


class NotADatabase(EngineError):
    """The file is damaged, or is something else."""


@contextmanager
def faults_translated(*, writing: bool = False) -> Iterator[None]:
    """Let what the database is at fault with be told as `Unavailable`, `SchemaMissing` or
    `NotADatabase`; wrong statements and values stay what they are. `writing`: a database that
    takes no writes is at fault, not who wrote."""
    try:
        yield
    except exc.DatabaseError as error:
        stand_by = writing and type(error.orig).__name__ == _READ_ONLY
        if isinstance(error, _DATA_FAULTS) and not stand_by:
            raise
        raise _translated(error) from error.orig


def _translated(error: exc.DBAPIError) -> Exception:
    origin = error.orig
    if type(error) is exc.DatabaseError:
        return NotADatabase(
            f"The database cannot be read ({origin}). Restore it from a backup, or name another "
            "one in RIHLA_DATA_DIR or RIHLA_DATABASE_URL."
        )
    missing = str(origin).startswith(("no such table", "no such column"))
    if missing or type(origin).__name__ in {"UndefinedTable", "UndefinedColumn"}:
        return SchemaMissing(
            f"The database lacks tables of this release ({origin}). "
            "Run `python -m migrations upgrade` on it."
        )
    # SQLite calls a wrong statement an operational error too, as it does a locked file.
    wrong = getattr(origin, "sqlite_errorcode", None) == sqlite3.SQLITE_ERROR
    if wrong or isinstance(error, exc.ProgrammingError):
        return error
    return Unavailable(
        Text(
            "تعذّر الوصول إلى قاعدة البيانات الآن؛ أعد المحاولة بعد قليل.",
            "The database cannot be reached just now; try again.",
        )
    )
