"""The scheduler's loop: does what is due, stops cleanly, survives a failing database."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from scheduler import run
from scheduler.loop import DueWork, do_all, lanes

ROOT = Path(__file__).parents[2]


class Work:
    """So many pieces of one kind of work; `all_done` is set when none is left."""

    def __init__(self, pieces: int, failures: int = 0) -> None:
        self.pieces = pieces
        self.failures = failures
        self.together = 0
        self.most_together = 0
        self.all_done = threading.Event()

    def dispatch(self, limit: int = 100) -> int:
        self.together += 1
        self.most_together = max(self.most_together, self.together)
        try:
            if self.failures:
                self.failures -= 1
                raise OSError("the database is away")
            done = min(self.pieces, limit)
            self.pieces -= done
            if not self.pieces:
                self.all_done.set()
            return done
        finally:
            self.together -= 1

    fire_due = dispatch


class Engine:
    """Three kinds of work, each empty unless a test fills it."""

    def __init__(self, **work: Work) -> None:
        self.messages = work.get("messages", Work(0))
        self.outbox = work.get("outbox", Work(0))
        self.timers = work.get("timers", Work(0))


@contextmanager
def running(engine: DueWork) -> Iterator[None]:
    """The loop in a thread, stopped at the end."""
    stop = threading.Event()
    thread = threading.Thread(target=run, args=(engine, stop, 0.01))
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(20)
        assert not thread.is_alive()


def test_batch_after_batch_until_nothing_is_due() -> None:
    work = Work(250)
    do_all(work.dispatch, threading.Event())
    assert work.pieces == 0


def test_a_stop_ends_it_between_two_batches() -> None:
    stop = threading.Event()
    stop.set()
    work = Work(250)
    do_all(work.dispatch, stop)
    assert work.pieces == 250


def test_a_failure_is_followed_by_another_try_and_never_two_at_once() -> None:
    work = Work(1000, failures=3)
    with running(Engine(timers=work)):
        assert work.all_done.wait(20)
    assert work.most_together == 1


def test_a_slow_outside_system_keeps_no_timer_and_no_message_waiting() -> None:
    answered, asked = threading.Event(), threading.Event()

    class Slow(Work):
        def dispatch(self, limit: int = 100) -> int:
            asked.set()
            assert answered.wait(20)
            return super().dispatch(limit)

    engine = Engine(outbox=Slow(1), timers=Work(0), messages=Work(0))
    with running(engine):
        assert asked.wait(20)
        for work in (engine.timers, engine.messages):
            work.all_done.clear()
            work.pieces = 250
            assert work.all_done.wait(20)
        assert engine.outbox.pieces == 1
        answered.set()


def test_a_stop_waits_for_one_call_and_not_for_all_that_are_due() -> None:
    stop = threading.Event()

    class Stopped(Work):
        def dispatch(self, limit: int = 100) -> int:
            stop.set()
            return super().dispatch(limit)

    work = Stopped(100)
    do_all(lanes(Engine(outbox=work))["calls"], stop)
    assert work.pieces == 99


def test_a_process_of_its_own_ends_cleanly_on_sigterm() -> None:
    program = (
        "from scheduler import run_until_signalled\n"
        "class Work:\n"
        "    def dispatch(self, limit=100):\n"
        "        return 0\n"
        "    def fire_due(self, limit=100):\n"
        "        print('round', flush=True)\n"
        "        return 0\n"
        "class Engine:\n"
        "    messages = outbox = timers = Work()\n"
        "run_until_signalled(Engine(), 0.05)\n"
        "print('ended', flush=True)\n"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", program],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "round\n"
    process.send_signal(signal.SIGTERM)
    output, _ = process.communicate(timeout=20)
    assert process.returncode == 0
    assert output.endswith("ended\n")
