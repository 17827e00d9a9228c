"""One in-memory interval job. What is due is in the database; nothing is kept here.

Any number of scheduler processes may run: claiming a timer, the step and the commit are one
transaction, so a second scheduler only finds less to do.
"""

from __future__ import annotations

import logging
import signal
from threading import Event
from types import FrameType
from typing import Protocol

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.interval import IntervalTrigger

from engine.fault_frames import fault_line

_BATCH = 100
_log = logging.getLogger(__name__)


class DueWork(Protocol):
    """What is asked of the engine."""

    def do_due_work(self, limit: int = 100) -> int:
        """Do at most `limit` of each kind of work that is due; how much was done."""


def run(engine: DueWork, stop: Event, interval: float = 1.0) -> None:
    """Do due work every `interval` seconds until `stop` is set; returns when the work in hand is
    finished."""
    scheduler = BackgroundScheduler(
        timezone="UTC", executors={"default": ThreadPoolExecutor(max_workers=1)}
    )
    scheduler.add_job(
        do_all,
        IntervalTrigger(seconds=interval, timezone="UTC"),
        args=(engine, stop),
        id="due work",
        max_instances=1,
        coalesce=True,
        misfire_grace_time=None,  # late is no reason to leave it out
    )
    scheduler.start()
    try:
        stop.wait()
    finally:
        scheduler.shutdown(wait=True)


def run_until_signalled(engine: DueWork, interval: float = 1.0) -> None:
    """As `run`, until SIGTERM or SIGINT; for a process of its own."""
    stop = Event()

    def end(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    before = {number: signal.signal(number, end) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        run(engine, stop, interval)
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def do_all(engine: DueWork, stop: Event) -> None:
    """Batch after batch until nothing is due, or it is time to stop. A failing database is
    logged and tried again at the next interval."""
    try:
        while not stop.is_set() and engine.do_due_work(_BATCH):
            pass
    except Exception as error:
        _log.error("Due work failed and is tried again soon: %s", fault_line(error))
