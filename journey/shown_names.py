"""Names beside tasks and cases in lists: read together, and only where they may be read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from engine import access
from engine.access import Verb
from engine.access_log import AccessLog
from engine.records import Actor, Instance, Task
from engine.store.database import Database
from engine.task_places import is_visible
from journey.vault import Vault


class ShownNames:
    """Finds whom a list's tasks and cases are about. Every name shown is in the access log."""

    def __init__(self, database: Database, access_log: AccessLog, vault: Vault) -> None:
        self._database = database
        self._log = access_log
        self._vault = vault

    def of_tasks(self, actor: Actor, tasks: Sequence[Task]) -> Mapping[str, str]:
        """Task id → name, for the tasks that the actor sees (their forms show the name)."""
        subjects = {
            task.id: task.subject
            for task in tasks
            if task.subject is not None and is_visible(actor, task)
        }
        return self._read(actor, subjects, "names in a task list")

    def of_cases(self, actor: Actor, instances: Sequence[Instance]) -> Mapping[str, str]:
        """Case id → name, where the actor may read the case's variables."""
        subjects = {
            instance.id: instance.subject
            for instance in instances
            if instance.subject is not None
            and access.may(actor, Verb.INSTANCE_VARIABLES, instance.unit)
        }
        return self._read(actor, subjects, "names in a case list")

    def _read(self, actor: Actor, subjects: Mapping[str, str], through: str) -> Mapping[str, str]:
        if not subjects:
            return {}
        with self._database.transaction() as tx:
            names = self._vault.names(tx, frozenset(subjects.values()))
            self._log.record_all(tx, actor, names.keys(), through)
        return {key: names[subject] for key, subject in subjects.items() if subject in names}
