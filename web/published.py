"""What is published, as its pages show it: versions with who and why, what they run with, and
how many cases run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bpmn import Process
from engine.access import Verb, require
from engine.definitions import ProcessVersion
from engine.deployment import DefinitionFile
from engine.journal import ADMIN_STREAM
from engine.records import Actor, InstanceState, Paging

if TYPE_CHECKING:
    from engine.engine import Engine
    from engine.store.database import Transaction

MOST_COUNTED = 200
"""Running cases of one process are counted up to here."""

_RUNNING = (InstanceState.ACTIVE, InstanceState.INCIDENT, InstanceState.SUSPENDED)
_PROCESS, _DECISION, _FORM = "process", "decision", "form"
_ORDER = (_PROCESS, _DECISION, _FORM)


@dataclass(frozen=True)
class Publication:
    """One version of a process, who published it, and the note that says why."""

    version: ProcessVersion
    by: str
    note: str


@dataclass(frozen=True)
class Used:
    """A table, form or called process at the exact version that a process version runs with."""

    kind: str
    key: str
    number: int
    name: str
    file: str
    sha256: str
    latest: bool = False
    """The diagram asks for whichever version is the newest when it runs."""


@dataclass(frozen=True)
class Drawing:
    """One process version with its diagram as read."""

    version: ProcessVersion
    process: Process


def newest(engine: Engine, actor: Actor) -> list[Publication]:
    """The newest version of every process, by key. Raises `Forbidden`."""
    versions = engine.deployments.processes(actor)
    return _with_notes(engine, versions)


def versions(engine: Engine, actor: Actor, key: str) -> list[Publication]:
    """Every version of one process, newest first. Raises `Forbidden`, `NotFound`."""
    return _with_notes(engine, engine.deployments.versions(actor, key))


def version(engine: Engine, actor: Actor, key: str, number: int) -> ProcessVersion:
    """One version of a process. Raises `Forbidden`, `NotFound`."""
    require(actor, Verb.PROCESS_SEE)
    with engine.database.reading() as tx:
        return engine.definitions.version(tx, key, number)


def used(engine: Engine, actor: Actor, chosen: ProcessVersion) -> tuple[Used, ...]:
    """Everything that a version runs with: processes, tables, forms. Raises `Forbidden`."""
    require(actor, Verb.PROCESS_SEE)
    with engine.database.reading() as tx:
        pins = engine.definitions.pins(tx, chosen.id).values()
    found = [Used(one.kind, one.key, one.number, one.name, one.file, one.sha256) for one in pins]
    latest = _asked_for_as_latest(drawings(engine, actor, chosen.key, chosen.number))
    found += [
        Used(one.kind, one.key, one.version, one.name, one.file, one.sha256, latest=True)
        for one in engine.deployments.files(actor)
        if (one.kind, one.key) in latest
    ]
    return tuple(sorted(found, key=lambda one: (_ORDER.index(one.kind), one.key)))


def callers(
    engine: Engine, actor: Actor, found: Sequence[ProcessVersion]
) -> Mapping[str, tuple[str, ...]]:
    """Key of a process → names of the processes among `found` that run it as a part.
    Raises `Forbidden`."""
    names: dict[str, list[str]] = {}
    for one in found:
        for part in used(engine, actor, one):
            if part.kind == _PROCESS:
                names.setdefault(part.key, []).append(one.name)
    return {key: tuple(callers) for key, callers in names.items()}


def drawings(engine: Engine, actor: Actor, key: str, number: int) -> tuple[Drawing, ...]:
    """The version and every process that it calls, the version itself first.

    Raises `Forbidden`, `NotFound`.
    """
    require(actor, Verb.PROCESS_SEE)
    with engine.database.reading() as tx:
        own = engine.definitions.version(tx, key, number)
        pins = engine.definitions.pins(tx, own.id).values()
        ids = [own.id, *sorted(one.id for one in pins if one.kind == _PROCESS)]
        return tuple(_drawing(engine, tx, id_) for id_ in ids)


def tables_and_forms(engine: Engine, actor: Actor) -> tuple[DefinitionFile, ...]:
    """The newest table and form files, each once. Raises `Forbidden`."""
    files = {
        one.file: one for one in engine.deployments.files(actor) if one.kind in (_DECISION, _FORM)
    }
    return tuple(files[name] for name in sorted(files))


def running(engine: Engine, actor: Actor, key: str, number: int | None = None) -> int:
    """How many cases of a process run that the reader may see, at most `MOST_COUNTED`."""
    total = 0
    for state in _RUNNING:
        page = engine.cases.list(
            actor, process=key, version=number, state=state, paging=Paging(MOST_COUNTED)
        )
        total += len(page.items)
    return min(total, MOST_COUNTED)


def _asked_for_as_latest(drawn: Sequence[Drawing]) -> set[tuple[str, str]]:
    references = [one.process.references for one in drawn]
    asked = [(_DECISION, one) for each in references for one in each.decisions]
    asked += [(_FORM, one) for each in references for one in each.forms]
    return {(kind, one.id) for kind, one in asked if one.binding == "latest"}


def _drawing(engine: Engine, tx: Transaction, version_id: int) -> Drawing:
    found = engine.definitions.version_by_id(tx, version_id)
    diagram = engine.definitions.diagram(tx, found.sha256, f"{found.key}.bpmn")
    return Drawing(found, diagram.processes[found.key])


def _with_notes(engine: Engine, found: list[ProcessVersion]) -> list[Publication]:
    notes = _notes(engine)
    return [Publication(one, *notes.get((one.key, one.number), ("", ""))) for one in found]


def _notes(engine: Engine) -> Mapping[tuple[str, int], tuple[str, str]]:
    """Who published and why, by process version, as the journal of administration tells it."""
    notes: dict[tuple[str, int], tuple[str, str]] = {}
    with engine.database.reading() as tx:
        for entry in engine.journal.iterate(tx, ADMIN_STREAM):
            if entry.kind != "deployed":
                continue
            said = (entry.actor, str(entry.data.get("note", "")))
            for kind, key, number, _sha256 in entry.header["versions"]:
                if kind == _PROCESS:
                    notes[key, number] = said
    return notes
