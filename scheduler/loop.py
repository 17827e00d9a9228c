"""One in-memory interval job for each kind of due work. What is due is in the database; nothing is
kept here.

Any number of scheduler processes may run: claiming a timer, the step and the commit are one
transaction, so a second scheduler only finds less to do. Each kind has a thread of its own: an
outside system that answers slowly keeps no timer and no message waiting.
"""

from __future__ import annotations

import logging
import signal
from collections.abc import Callable, Mapping
from threading import Event
from types import FrameType, MappingProxyType
from typing import Protocol

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.interval import IntervalTrigger

from engine.fault_frames import fault_line

_BATCH = 100
_log = logging.getLogger(__name__)

Lane = Callable[[int], int]
"""Does at most so many pieces of one kind of work that is due; answers how many it did."""


class Dispatcher(Protocol):
    """What brings something on its way: messages, outgoing calls."""

    def dispatch(self, limit: int = 100) -> int:
        """Send at most `limit` of what is due; how many were tried."""


class FiringTimers(Protocol):
    """What fires timers."""

    def fire_due(self, limit: int = 100) -> int:
        """Fire at most `limit` of what is due; how many were tried."""


class DueWork(Protocol):
    """What is asked of the engine."""

    @property
    def messages(self) -> Dispatcher:
        """Delivers messages."""

    @property
    def outbox(self) -> Dispatcher:
        """Calls outside systems."""

    @property
    def timers(self) -> FiringTimers:
        """Fires timers."""


def lanes(engine: DueWork) -> Mapping[str, Lane]:
    """The kinds of due work by name."""
    return {
        "messages": engine.messages.dispatch,
        # One call at a time: a stop waits for the call in hand, not for a hundred slow ones.
        "calls": lambda _limit: engine.outbox.dispatch(1),
        "timers": engine.timers.fire_due,
    }


def run(
    engine: DueWork,
    stop: Event,
    interval: float = 1.0,
    more: Mapping[str, Lane] = MappingProxyType({}),
) -> None:
    """Do due work every `interval` seconds until `stop` is set; returns when the work in hand is
    finished. `more` are kinds of work beside the engine's, by name."""
    work = {**lanes(engine), **more}
    scheduler = BackgroundScheduler(
        timezone="UTC", executors={"default": ThreadPoolExecutor(max_workers=len(work))}
    )
    for name, lane in work.items():
        scheduler.add_job(
            do_all,
            IntervalTrigger(seconds=interval, timezone="UTC"),
            args=(lane, stop),
            id=name,
            max_instances=1,
            coalesce=True,
            misfire_grace_time=None,  # late is no reason to leave it out
        )
    scheduler.start()
    try:
        stop.wait()
    finally:
        scheduler.shutdown(wait=True)


def run_until_signalled(
    engine: DueWork, interval: float = 1.0, more: Mapping[str, Lane] = MappingProxyType({})
) -> None:
    """As `run`, until SIGTERM or SIGINT; for a process of its own."""
    stop = Event()

    def end(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    before = {number: signal.signal(number, end) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        run(engine, stop, interval, more)
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def do_all(lane: Lane, stop: Event) -> None:
    """Batch after batch until nothing is due, or it is time to stop. A failing database is
    logged and tried again at the next interval."""
    try:
        while not stop.is_set() and lane(_BATCH):
            pass
    except Exception as error:
        _log.error("Due work failed and is tried again soon: %s", fault_line(error))
