"""How the work stands: queues, lateness, incidents, for operators and their alarms. Numbers only;
nothing says whose case it is."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from engine.clock import Clock
from engine.store import metering
from engine.store.database import Database
from engine.store.metering import Queue
from engine.wording import Text

TASKS_COUNTED_EVERY = timedelta(minutes=1)
"""Open tasks are many and their number says little from one second to the next."""


@dataclass(frozen=True)
class Backlog:
    """What waits, and how long the first of each kind has waited, in seconds."""

    timers_due: int
    timer_lateness: float
    calls_waiting: int
    call_age: float
    messages_pending: int
    message_age: float
    incidents: Mapping[str, int]
    """Open incidents by origin: case, timer, message."""
    tasks_open: int
    tasks_overdue: int


class Metering:
    """Counts what waits."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        system_now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._database = database
        self._clock = clock
        self._system_now = system_now
        self._counting = threading.Lock()
        self._tasks = (0, 0)
        self._tasks_at: datetime | None = None

    def backlog(self) -> Backlog:
        """How it stands now (open tasks: within the last minute). Raises `Unavailable`."""
        system_now = self._system_now()
        with self._database.reading() as transaction:
            now = self._clock.now(transaction)
            timers = metering.due_timers(transaction, now, system_now)
            calls = metering.calls(transaction)
            messages = metering.pending_messages(transaction)
            incidents = metering.open_incidents(transaction)
            # One counts, the others take what is known.
            if self._counting.acquire(blocking=self._tasks_at is None):
                try:
                    if self._tasks_at is None or not (
                        timedelta() <= system_now - self._tasks_at < TASKS_COUNTED_EVERY
                    ):
                        self._tasks = metering.open_tasks(transaction, now)
                        self._tasks_at = system_now
                finally:
                    self._counting.release()
        return Backlog(
            timers_due=timers.length,
            timer_lateness=_waited(timers, now),
            calls_waiting=calls.length,
            call_age=_waited(calls, now),
            messages_pending=messages.length,
            message_age=_waited(messages, now),
            incidents=incidents,
            tasks_open=self._tasks[0],
            tasks_overdue=self._tasks[1],
        )

    def why_not_writing(self) -> Text | None:
        """What is wrong when the database answers but does not take writes; None when it does.
        Raises `Unavailable`."""
        with self._database.transaction() as transaction:
            if metering.takes_writes(transaction):
                return None
        return Text(
            "قاعدة البيانات للقراءة فقط: هي على خادم احتياطي، أو ضُبطت هكذا. "
            "وجّه RIHLA_DATABASE_URL إلى الخادم الذي يقبل الكتابة.",
            "The database is read-only: it is a stand-by, or was set so. "
            "Point RIHLA_DATABASE_URL to the server that takes writes.",
        )


def _waited(queue: Queue, now: datetime) -> float:
    if queue.oldest is None:
        return 0.0
    return max(0.0, (now - queue.oldest).total_seconds())
