"""Whether this installation can do its work just now."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from engine.errors import EngineError
from engine.records import SYSTEM, Paging
from engine.wording import Text

if TYPE_CHECKING:
    from engine.engine import Engine
    from engine.metering import Metering
    from settings import Settings

Check = Callable[[], Text | None]
"""Looks at one thing; answers what is wrong with it, or None."""

ROOM = 64 * 1024 * 1024
"""Bytes that must be free beside an embedded database: its write-ahead log and a day's work."""


class NotReady(Exception):
    """Some checks failed; `failing` maps their names to what is wrong."""

    def __init__(self, failing: Mapping[str, Text]) -> None:
        super().__init__("not ready")
        self.failing = dict(failing)


def checks(engine: Engine, metering: Metering, settings: Settings) -> dict[str, Check]:
    """What every installation is asked: whether the database answers, whether it takes writes."""
    asked: dict[str, Check] = {"database": lambda: _database(engine)}
    if engine.database.dialect == "sqlite":
        asked["disk"] = lambda: _disk(settings.data_dir)
    else:
        asked["writing"] = lambda: _told(metering.why_not_writing)
    return asked


def ready(asked: Mapping[str, Check]) -> dict[str, str]:
    """Run every check. Raises `NotReady` when one of them fails."""
    found = {name: check() for name, check in asked.items()}
    failing = {name: wrong for name, wrong in found.items() if wrong is not None}
    if failing:
        raise NotReady(failing)
    return dict.fromkeys(found, "ok")


def _database(engine: Engine) -> Text | None:
    def look() -> None:
        # One row through one index: enough to know that connection and tables are there.
        engine.access_log.list(SYSTEM, Paging(limit=1))

    return _told(look)


def _told(check: Check) -> Text | None:
    try:
        return check()
    except EngineError as error:
        return error.message


def _disk(folder: Path) -> Text | None:
    free = shutil.disk_usage(folder).free
    if free >= ROOM:
        return None
    megabytes = free // 2**20
    return Text(
        f"لم يبق على قرص مجلد البيانات إلا {megabytes} ميغابايت. وفّر مساحة: لا يُحفظ شيء بدونها.",
        f"Only {megabytes} MB are free on the disk of the data folder. Make room: without it "
        "nothing can be stored.",
    )
