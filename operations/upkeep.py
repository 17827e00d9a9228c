"""What the scheduler does once a day: the seal, its file, and what retention erases.

Each is asked again and again, like all due work, and does nothing but compare two days until a new
one begins.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path

from engine.clock import today
from engine.engine import Engine
from engine.retention import Retention
from engine.seals import Seals
from operations import erased_list, seal_files


class Upkeep:
    """One scheduler's daily work over one database; several schedulers share it."""

    def __init__(self, engine: Engine, retention: Retention, folder: Path) -> None:
        self._engine = engine
        self._seals = Seals(engine.database, engine.clock)
        self._retention = retention
        self._folder = folder
        self._sealed: date | None = None
        self._erased: date | None = None
        self._after = ""

    def lanes(self) -> Mapping[str, Callable[[int], int]]:
        """The kinds of work by name, as the scheduler asks for them."""
        return {"seal": self.seal, "retention": self.erase}

    def seal(self, _limit: int = 1) -> int:
        """Make today's seal if nobody did, and put the newest one's file, and the list of who was
        erased, into this machine's folder."""
        day = self._today()
        if self._sealed is not None and self._sealed >= day:
            return 0
        made = self._seals.seal() or self._seals.newest()
        if made is not None:
            seal_files.write([made], self._folder)
        with self._engine.database.reading() as tx:
            erased = erased_list.erased_in(tx)
        erased_list.write(erased, self._folder)
        self._sealed = day
        return 1

    def erase(self, limit: int = 100) -> int:
        """Erase the next people and cases whose time is over; how many."""
        day = self._today()
        if self._erased is not None and self._erased >= day:
            return 0
        batch = self._retention.erase(limit, self._after)
        self._after = batch.last or ""
        if batch.last is None:
            self._erased = day
        return len(batch.owners) + len(batch.kept)

    def _today(self) -> date:
        return today(self._engine.clock.now())
