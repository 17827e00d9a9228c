"""What is published, as its pages show it: versions with who and why, what they run with, and
how many cases run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bpmn import Process
from engine.access import Verb, require
from engine.definitions import ProcessVersion
from engine.journal import ADMIN_STREAM
from engine.records import Actor, InstanceState, Paging

if TYPE_CHECKING:
    from engine.engine import Engine
    from engine.store.database import Transaction

MOST_COUNTED = 200
"""Running cases of one process are counted up to here."""

_RUNNING = (InstanceState.ACTIVE, InstanceState.INCIDENT, InstanceState.SUSPENDED)
_PROCESS = "process"


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
    """Everything that a version is pinned to: processes, tables, forms. Raises `Forbidden`."""
    require(actor, Verb.PROCESS_SEE)
    order = (_PROCESS, "decision", "form")
    with engine.database.reading() as tx:
        pins = engine.definitions.pins(tx, chosen.id).values()
    return tuple(
        Used(one.kind, one.key, one.number, one.name, one.file, one.sha256)
        for one in sorted(pins, key=lambda pin: (order.index(pin.kind), pin.key))
    )


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


def running(engine: Engine, actor: Actor, key: str, number: int | None = None) -> int:
    """How many cases of a process run that the reader may see, at most `MOST_COUNTED`."""
    total = 0
    for state in _RUNNING:
        page = engine.cases.list(
            actor, process=key, version=number, state=state, paging=Paging(MOST_COUNTED)
        )
        total += len(page.items)
    return min(total, MOST_COUNTED)


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
