"""The migrations make exactly the tables and triggers that the code declares."""

from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path

import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

import migrations
from engine.store.database import Database
from engine.store.schema import metadata

ROOT = Path(__file__).parents[2]


def triggers(database: Database) -> set[tuple[str, str]]:
    """The table, and name with text, of every trigger."""
    statement = (
        "SELECT tbl_name, sql FROM sqlite_master WHERE type = 'trigger'"
        if database.dialect == "sqlite"
        else "SELECT tgrelid::regclass::text, pg_get_triggerdef(t.oid) || p.prosrc"
        " FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid WHERE NOT tgisinternal"
    )
    with database.reading() as tx:
        return {(row[0], row[1]) for row in tx.connection.exec_driver_sql(statement)}


def test_migrations_and_tables_agree(database: Database, empty_database_url: str) -> None:
    migrations.load_tables()
    migrations.upgrade(empty_database_url)
    migrated = Database(empty_database_url)
    with migrated.reading() as tx:
        context = MigrationContext.configure(tx.connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []
        found = sa.inspect(tx.connection)
        for table in metadata.sorted_tables:
            declared = {str(one.name) for one in table.constraints if _is_check(one)}
            made = {str(one["name"]) for one in found.get_check_constraints(table.name)}
            assert made == declared, table.name
    assert triggers(migrated) == triggers(database)
    assert {table for table, _ in triggers(migrated)} == {
        table.name for table in metadata.sorted_tables if table.info.get("append_only")
    }
    migrated.close()


def _is_check(constraint: sa.Constraint) -> bool:
    return isinstance(constraint, sa.CheckConstraint) and constraint.name is not None


def test_upgrading_again_changes_nothing(empty_database_url: str) -> None:
    assert migrations.current(empty_database_url) is None
    migrations.upgrade(empty_database_url)
    migrations.upgrade(empty_database_url)
    assert migrations.current(empty_database_url) == migrations.head()


def test_processes_that_start_together_migrate_once(empty_database_url: str) -> None:
    failures: list[BaseException] = []

    def start() -> None:
        try:
            migrations.upgrade(empty_database_url)
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=start) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert migrations.current(empty_database_url) == migrations.head()


def test_the_command_line_upgrades(empty_database_url: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "migrations", "upgrade", empty_database_url],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert str(migrations.head()) in done.stdout
