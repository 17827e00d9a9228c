"""Live cases kept in memory between two commands, so that a step need not restore the state.

A live case is checked out by one command and comes back only when that command's transaction is
committed. It serves the next command only if its revision is still the stored one: a conflict, an
error or another process's command leave it out, and the state is read again.
"""

from __future__ import annotations

import threading
from collections import OrderedDict

from bpmn import LiveCase

SIZE = 256
"""How many live cases one process keeps."""


class LiveCases:
    """A small cache of live cases, the least recently used given up first. Thread-safe."""

    def __init__(self, size: int = SIZE) -> None:
        self._size = size
        self._lock = threading.Lock()
        self._cases: OrderedDict[str, tuple[int, LiveCase]] = OrderedDict()

    def check_out(self, instance_id: str, revision: int) -> LiveCase | None:
        """The live case at this revision, taken out of the cache; else None."""
        with self._lock:
            kept = self._cases.pop(instance_id, None)
        return kept[1] if kept is not None and kept[0] == revision else None

    def check_in(self, instance_id: str, revision: int, live: LiveCase) -> None:
        """Keep the live case that a committed command left behind."""
        with self._lock:
            self._cases[instance_id] = (revision, live)
            self._cases.move_to_end(instance_id)
            while len(self._cases) > self._size:
                self._cases.popitem(last=False)

    def renew(self, instance_id: str, before: int, after: int) -> None:
        """A command changed rows only: the live case at revision `before` is now at `after`."""
        with self._lock:
            kept = self._cases.get(instance_id)
            if kept is not None and kept[0] == before:
                self._cases[instance_id] = (after, kept[1])

    def forget(self, instance_id: str) -> None:
        """Drop a case, because its person was erased."""
        with self._lock:
            self._cases.pop(instance_id, None)

    def clear(self) -> None:
        """Drop everything: after a fork both processes would share and spoil it."""
        with self._lock:
            self._cases.clear()
