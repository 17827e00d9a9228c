"""What a list of user tasks is asked for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from engine.records import TaskState


@dataclass(frozen=True)
class TaskFilter:
    """Which tasks a list holds; None means "any"."""

    state: TaskState = TaskState.OPEN
    places: frozenset[tuple[str, str]] | None = None
    """(role, unit) pairs that may be seen; None: every task."""
    assignee: str | None = None
    group: str | None = None
    unit: str | None = None
    process: str | None = None
    element: str | None = None
    instance: str | None = None
    business_key: str | None = None
    due_before: datetime | None = None
    text: str | None = None
    subjects: frozenset[str] = frozenset()
    """Subjects that `text` stands for beside the task's name and business key."""
    holders: frozenset[str] | None = None
    """Only tasks that one of these people holds."""
    unassigned: bool = False
    """Only tasks that nobody holds."""
    overdue_at: datetime | None = None
    """Only tasks whose due time has come by this moment."""
    only: frozenset[str] | None = None
    """Ids outside of which nothing may be seen; None: no such bound."""
