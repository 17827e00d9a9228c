"""Asks the engine, again and again, to do what is due; the only importer of APScheduler."""

from __future__ import annotations

from scheduler.loop import run, run_until_signalled

__all__ = ["run", "run_until_signalled"]
