"""Whether this installation can do its work just now."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from engine.engine import Engine
from engine.errors import EngineError
from engine.records import SYSTEM, Paging

Check = Callable[[], str | None]
"""Looks at one thing; answers what is wrong with it, or None."""


class NotReady(Exception):
    """Some checks failed; `failing` maps their names to what is wrong."""

    def __init__(self, failing: Mapping[str, str]) -> None:
        super().__init__("not ready")
        self.failing = dict(failing)


def ready(engine: Engine, checks: Mapping[str, Check]) -> dict[str, str]:
    """Run every check, the database's first. Raises `NotReady` when one of them fails."""
    found = {"database": _database(engine), **{name: check() for name, check in checks.items()}}
    failing = {name: wrong for name, wrong in found.items() if wrong is not None}
    if failing:
        raise NotReady(failing)
    return dict.fromkeys(found, "ok")


def _database(engine: Engine) -> str | None:
    try:
        # One row through one index: enough to know that connection and tables are there.
        engine.access_log.list(SYSTEM, Paging(limit=1))
    except EngineError as error:
        return str(error)
    return None
