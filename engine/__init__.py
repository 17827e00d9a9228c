"""The verbs of process instances: user tasks, timers, messages, incidents, journal, identity."""

from __future__ import annotations

from engine.commands import IdempotencyKey
from engine.completion import Completion
from engine.engine import Engine
from engine.history import Replayed
from engine.incidents import Incident
from engine.messages import Published
from engine.records import SYSTEM, Actor, Instance, Page, Paging, Role, Task
from engine.tasks import TaskForm

__all__ = [
    "SYSTEM",
    "Actor",
    "Completion",
    "Engine",
    "IdempotencyKey",
    "Incident",
    "Instance",
    "Page",
    "Paging",
    "Published",
    "Replayed",
    "Role",
    "Task",
    "TaskForm",
]
