"""The scheduler's loop: does what is due, stops cleanly, survives a failing database."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

from scheduler import run
from scheduler.loop import do_all

ROOT = Path(__file__).parents[2]


class Work:
    """So many pieces of work; `asked` is set when the loop has come round once more."""

    def __init__(self, pieces: int, failures: int = 0) -> None:
        self.pieces = pieces
        self.failures = failures
        self.together = 0
        self.most_together = 0
        self.all_done = threading.Event()

    def do_due_work(self, limit: int = 100) -> int:
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


def test_batch_after_batch_until_nothing_is_due() -> None:
    work = Work(250)
    do_all(work, threading.Event())
    assert work.pieces == 0


def test_a_stop_ends_it_between_two_batches() -> None:
    stop = threading.Event()
    stop.set()
    work = Work(250)
    do_all(work, stop)
    assert work.pieces == 250


def test_a_failure_is_followed_by_another_try_and_never_two_at_once() -> None:
    work, stop = Work(1000, failures=3), threading.Event()
    thread = threading.Thread(target=run, args=(work, stop, 0.01))
    thread.start()
    try:
        assert work.all_done.wait(20)
    finally:
        stop.set()
        thread.join(20)
    assert not thread.is_alive()
    assert work.most_together == 1


def test_a_process_of_its_own_ends_cleanly_on_sigterm() -> None:
    program = (
        "from scheduler import run_until_signalled\n"
        "class Work:\n"
        "    def do_due_work(self, limit=100):\n"
        "        print('round', flush=True)\n"
        "        return 0\n"
        "run_until_signalled(Work(), 0.05)\n"
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
