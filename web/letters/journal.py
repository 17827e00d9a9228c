"""A case's journal as letters read it: which forms were accepted, corrected, by whom, in order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from engine import access
from engine.access import Verb
from engine.records import Actor, Instance, JournalEntry, Paging

if TYPE_CHECKING:
    from engine.engine import Engine

_AT_ONCE = 200


@dataclass(frozen=True)
class Accepted:
    """One accepted form, or a correction of one (`version` above 1)."""

    entry: JournalEntry
    task_id: str
    task: str
    form: str
    form_hash: str
    version: int
    data: Mapping[str, Any]
    reason: str


@dataclass(frozen=True)
class CaseJournal:
    """A case with everything that was recorded of it, oldest first."""

    case: Instance
    entries: tuple[JournalEntry, ...]

    def accepted(self, *forms: str) -> list[Accepted]:
        """The accepted forms with these ids (none named: all), oldest first."""
        found = [one for entry in self.entries if (one := accepted_in(entry)) is not None]
        return [one for one in found if not forms or one.form in forms]

    def latest(self, form: str) -> Accepted | None:
        """The last accepted answers of a form."""
        found = self.accepted(form)
        return found[-1] if found else None

    def last_task(self, *forms: str) -> str | None:
        """The id of the task opened last for one of these forms."""
        keys = [
            fact["key"]
            for entry in self.entries
            for fact in entry.data.get("facts", ())
            if fact.get("kind") == "TaskOpened" and fact.get("form") in forms
        ]
        return f"{self.case.id}.{keys[-1]}" if keys else None


def read_journal(engine: Engine, actor: Actor, instance_id: str) -> CaseJournal:
    """The case and its journal with the data, for who may read both.

    Raises `NotFound`, `Forbidden`, `KeyDestroyed`.
    """
    case = engine.cases.get(actor, instance_id)
    access.require(actor, Verb.INSTANCE_HISTORY, case.unit, f"The case {instance_id}")
    entries: list[JournalEntry] = []
    cursor: str | None = None
    while True:
        page = engine.history.entries(actor, instance_id, Paging(_AT_ONCE, cursor))
        entries.extend(page.items)
        cursor = page.next_cursor
        if cursor is None:
            return CaseJournal(case, tuple(entries))


def accepted_in(entry: JournalEntry) -> Accepted | None:
    """The form that was accepted with this entry, if one was."""
    record = entry.data.get("submission")
    if record is None:
        return None
    return Accepted(
        entry=entry,
        task_id=record["task"]["id"],
        task=record["task"]["name"],
        form=record["form"],
        form_hash=record["form_hash"],
        version=record["version"],
        data=record["data"],
        reason=record["reason"] or "",
    )
