"""Ids of cases and messages: opaque, unique without asking the database, ordered by time.

A key that grows with time keeps new rows side by side in an index. The random part comes from
the operating system at every call, so that forked workers never make the same id.
"""

from __future__ import annotations

import os
import time


def new_id() -> str:
    """32 hexadecimal digits: 48 bits of system time in milliseconds, then 80 random bits."""
    return f"{time.time_ns() // 1_000_000:012x}{os.urandom(10).hex()}"


def part_id(instance_id: str, key: str) -> str:
    """The id of a task or incident: its case's id and its key, unique within the case."""
    return f"{instance_id}.{key}"
