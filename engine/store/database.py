"""Connections and transactions of the one database that engine and journey share.

SQLite runs in WAL mode with synchronous FULL: an acknowledged commit is on disk. PostgreSQL
runs with its own durable defaults (fsync, full_page_writes, synchronous_commit on), which
`Database.check_durability` asserts at start.
"""

from __future__ import annotations

import sqlite3
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event

from engine.store.channel import Channel, wrapped
from engine.store.cursor_channel import CursorChannel
from engine.store.database_faults import NotDurable, faults_translated
from engine.store.transaction import Transaction

BUSY_TIMEOUT_S = 30
"""How long a SQLite writer waits for another one before it gives up."""

_BEGIN_READING = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"

_DURABLE = ("fsync", "full_page_writes", "synchronous_commit")


_FRESH_S = 1.0
"""How long a connection that rests is taken to be alive."""


@dataclass(frozen=True)
class _Kept:
    """A connection between two transactions."""

    connection: sa.Connection
    at: float


def _one_by_one(connection: sa.Connection, _begin: str | None) -> Channel:
    return CursorChannel(connection)


def _together(connection: sa.Connection, begin: str | None) -> Channel:
    from engine.store.pipeline import Pipeline  # SQLite does without PostgreSQL's driver

    return Pipeline(connection, begin)


class Database:
    """The database behind one URL (`sqlite:///…` or `postgresql+psycopg://…`)."""

    def __init__(self, url: str, *, pool_size: int = 8) -> None:
        self.url = sa.make_url(url)
        self._listeners: list[Callable[[str], None]] = []
        self._writers: deque[_Kept] = deque()
        self._readers: deque[_Kept] = deque()
        self._glancers: deque[_Kept] = deque()
        self._keep = max(1, pool_size // 2)
        self._channel: Callable[[sa.Connection, str | None], Channel]
        if self.url.get_backend_name() == "sqlite":
            self._channel = _one_by_one
            self.engine = self._sqlite(pool_size)
        else:
            self._channel = _together
            self.engine = sa.create_engine(
                self.url,
                pool_size=pool_size,
                pool_pre_ping=True,
                hide_parameters=True,
                # The pipeline prepares what runs often. The driver's own statements end with every
                # rollback, so that it never got to prepare one where there are only reads, and
                # with them it throws away those of the pipeline.
                connect_args={"prepare_threshold": None},
            )

    @property
    def dialect(self) -> str:
        """`sqlite` or `postgresql`."""
        return self.engine.dialect.name

    @contextmanager
    def transaction(self) -> Iterator[Transaction]:
        """A writing transaction: committed at the end, rolled back on any exception.

        Raises `Unavailable` when the database cannot be reached or stays locked.
        """
        with (
            faults_translated(writing=True),
            self._connection(self._writers, {}) as connection,
            connection.begin(),
            self._opened(connection, "BEGIN") as transaction,
        ):
            try:
                yield transaction
            except Exception:
                # Had it run at once, a statement that waits might have stopped everything earlier.
                transaction.settle()
                raise
        transaction.run_after_commit()

    @contextmanager
    def reading(self) -> Iterator[Transaction]:
        """A transaction for reads: one consistent view, takes no write lock, never commits.

        Raises `Unavailable` when the database cannot be reached.
        """
        options: dict[str, Any] = {"rihla_reading": True}
        if self.dialect == "postgresql":
            options |= {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
        with faults_translated(), self._connection(self._readers, options) as connection:
            # At once: for statements on the driver's cursor nobody begins later.
            begun = connection.begin()
            with self._opened(connection, _BEGIN_READING) as transaction:
                yield transaction
            begun.rollback()

    @contextmanager
    def glance(self) -> Iterator[Transaction]:
        """For reads of which each may see another moment: without a transaction around them,
        whose beginning and end would cost as much as the reads.

        Raises `Unavailable` when the database cannot be reached.
        """
        kept = self._glancers
        options: dict[str, Any] = {"isolation_level": "AUTOCOMMIT"}
        if self.dialect == "sqlite":  # its driver begins nothing by itself
            kept, options = self._readers, {"rihla_reading": True}
        with faults_translated(), self._connection(kept, options) as connection:
            with self._opened(connection, None) as transaction:
                yield transaction
            if connection.in_transaction():  # begun by what SQLAlchemy executed
                connection.rollback()

    @contextmanager
    def _opened(self, connection: sa.Connection, begin: str | None) -> Iterator[Transaction]:
        channel = self._channel(connection, begin)
        try:
            yield Transaction(connection, channel, self._listeners)
            channel.settle()
        finally:
            channel.close()

    @contextmanager
    def _connection(
        self, kept: deque[_Kept], options: Mapping[str, Any]
    ) -> Iterator[sa.Connection]:
        """A connection for one transaction. One that was used a moment ago is used again as it is:
        what the pool does between two transactions (a ping, a reset) costs more than either. After
        any exception, and after a rest, it goes back to the pool, which looks whether it lives.
        """
        connection = self._fresh(kept)
        if connection is None:
            connection = self.engine.connect().execution_options(**options)
        try:
            yield connection
        except BaseException:
            connection.close()
            raise
        if len(kept) < self._keep:
            kept.append(_Kept(connection, time.monotonic()))
        else:
            connection.close()

    @staticmethod
    def _fresh(kept: deque[_Kept]) -> sa.Connection | None:
        while True:
            try:
                last = kept.pop()
            except IndexError:
                return None
            if time.monotonic() - last.at < _FRESH_S:
                return last.connection
            last.connection.close()

    def after_fork(self) -> None:
        """Called in a child process: the parent's connections are not for it."""
        for kept in (self._writers, self._readers, self._glancers):
            kept.clear()
        self.engine.dispose(close=False)

    def check_durability(self) -> None:
        """Raises `NotDurable` when the server could lose a commit that it acknowledged."""
        if self.dialect != "postgresql":
            return  # set by ourselves on every connection
        with self.reading() as tx:
            for name in _DURABLE:
                value = tx.connection.exec_driver_sql(f"SHOW {name}").scalar_one()
                if value == "off":
                    raise NotDurable(
                        f"PostgreSQL runs with {name} = off and may lose finished work. "
                        f"Set {name} = on in postgresql.conf and restart it."
                    )

    def listen(self, listener: Callable[[str], None]) -> None:
        """Tell `listener` the text of every statement from now on, the start and end of a
        transaction not among them. For measuring and for tests."""
        self._listeners.append(listener)

        @event.listens_for(self.engine, "before_cursor_execute")
        def tell(_connection: Any, _cursor: Any, text: str, *_rest: Any) -> None:
            listener(text)

    def close(self) -> None:
        """Close every connection."""
        for kept in (self._writers, self._readers, self._glancers):
            while kept:
                kept.pop().connection.close()
        self.engine.dispose()

    def _sqlite(self, pool_size: int) -> sa.Engine:
        engine = sa.create_engine(
            self.url,
            connect_args={"timeout": BUSY_TIMEOUT_S, "check_same_thread": False},
            poolclass=sa.pool.QueuePool,
            pool_size=pool_size,
            hide_parameters=True,  # values of a failed statement never reach a message or a log
        )

        @event.listens_for(engine, "connect")
        def configure(dbapi: Any, _record: Any) -> None:
            # The driver must not open transactions by itself: `begin` below does it.
            dbapi.isolation_level = None
            cursor = dbapi.cursor()
            for pragma in (
                "journal_mode=WAL",
                "synchronous=FULL",
                "foreign_keys=ON",
                "cache_size=-65536",
                # A destroyed key must not stay readable in the free space of its page.
                "secure_delete=FAST",
            ):
                cursor.execute(f"PRAGMA {pragma}")
            cursor.close()

        @event.listens_for(engine, "begin")
        def begin(connection: sa.Connection) -> None:
            reading = connection.get_execution_options().get("rihla_reading")
            # IMMEDIATE: two writers queue up instead of failing when the second one upgrades.
            text = "BEGIN" if reading else "BEGIN IMMEDIATE"
            cursor = connection.connection.cursor()
            try:
                cursor.execute(text)
            except sqlite3.Error as error:  # here SQLAlchemy does not wrap it by itself
                raise wrapped(text, error, connection.dialect) from error
            finally:
                cursor.close()

        return engine
