"""What is published, as its pages list it: versions with who and why, and who calls whom."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.deployment import DefinitionFile, DeploymentNote, ProcessVersion
from engine.records import Actor
from engine.wording import Text
from web.texts import lazy

if TYPE_CHECKING:
    from engine.engine import Engine

_PROCESS = "process"
_BY_SYSTEM: Mapping[str, str] = {
    "Shipped with this release": lazy("Shipped with this release"),
}
"""Notes that nobody wrote, in the reader's language."""


@dataclass(frozen=True)
class Publication:
    """One version of a process, who published it, and the note that says why."""

    version: ProcessVersion
    name: Text
    by: str
    note: str


def newest(engine: Engine, actor: Actor) -> list[Publication]:
    """The newest version of every process, by key. Raises `Forbidden`."""
    return _with_notes(engine, actor, engine.deployments.processes(actor))


def versions(engine: Engine, actor: Actor, key: str) -> list[Publication]:
    """Every version of one process, newest first. Raises `Forbidden`, `NotFound`."""
    return _with_notes(engine, actor, engine.deployments.versions(actor, key))


def callers(engine: Engine, actor: Actor) -> Mapping[str, tuple[Text, ...]]:
    """Key of a process → names of the processes that run it as a part. Raises `Forbidden`."""
    names = engine.deployments.names(actor)
    found = engine.deployments.callers(actor)
    return {part: tuple(names[key] for key in keys) for part, keys in found.items()}


def tables_and_forms(engine: Engine, actor: Actor) -> tuple[DefinitionFile, ...]:
    """The newest table and form files, each once. Raises `Forbidden`."""
    files = {one.file: one for one in engine.deployments.files(actor) if one.kind != _PROCESS}
    return tuple(files[name] for name in sorted(files))


def _with_notes(engine: Engine, actor: Actor, found: Sequence[ProcessVersion]) -> list[Publication]:
    names = engine.deployments.names(actor)
    notes = engine.deployments.notes(actor, found)
    return [
        Publication(one, names[one.key], notes[one.id].by, _said(notes[one.id])) for one in found
    ]


def _said(note: DeploymentNote) -> str:
    return str(_BY_SYSTEM.get(note.note, note.note)) if note.by == "system" else note.note
