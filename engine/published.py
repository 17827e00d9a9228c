"""What is published, for people who look: versions with who and why, what they run with, their
diagrams and words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bpmn import Process
from engine.access import Verb, may, require
from engine.clock import Clock
from engine.definitions import Definitions, ProcessVersion
from engine.element_words import ElementWords, name_of, words_of_process
from engine.errors import NotFound
from engine.records import Actor
from engine.source_files import SourceFile
from engine.store import definitions as store
from engine.store.database import Database
from engine.store.definitions import DECISION, FORM, PROCESS, Stored
from engine.store.text import can_be_stored
from engine.store.transaction import Transaction
from engine.wording import Text

_KINDS = (PROCESS, DECISION, FORM)


@dataclass(frozen=True)
class DefinitionFile:
    """The newest version of a process, decision or form, and the file that holds it."""

    kind: str
    """process, decision or form."""
    key: str
    name: str
    version: int
    sha256: str
    file: str
    deployed_at: datetime


@dataclass(frozen=True)
class DeploymentNote:
    """Who published a version, and why."""

    by: str
    note: str


@dataclass(frozen=True)
class UsedFile:
    """A called process, table or form at the exact version that a process version runs with."""

    kind: str
    """process, decision or form."""
    key: str
    version: int
    name: Text
    file: str
    sha256: str
    latest: bool = False
    """The diagram asks for whichever version is the newest when it runs."""


@dataclass(frozen=True)
class Drawing:
    """One process version with its diagram as read."""

    version: ProcessVersion
    process: Process

    @property
    def name(self) -> Text:
        """What people call the process."""
        return name_of(self.process)


class Published:
    """The verbs that only look at what is deployed. Every one checks the actor's access itself."""

    def __init__(self, database: Database, clock: Clock, definitions: Definitions) -> None:
        self._database = database
        self._clock = clock
        self._definitions = definitions

    def processes(self, actor: Actor) -> list[ProcessVersion]:
        """The newest version of every process, by key. Raises `Forbidden`."""
        require(actor, Verb.PROCESS_SEE)
        with self._database.reading() as tx:
            return self._definitions.latest(tx)

    def process(self, actor: Actor, key: str, number: int | None = None) -> ProcessVersion:
        """One version of a process, the newest without `number`. Raises `Forbidden`,
        `NotFound`."""
        require(actor, Verb.PROCESS_SEE)
        with self._database.reading() as tx:
            return self._version(tx, key, number)

    def versions(self, actor: Actor, key: str) -> list[ProcessVersion]:
        """Every version of one process, newest first. Raises `Forbidden`, `NotFound`."""
        require(actor, Verb.PROCESS_SEE)
        with self._database.reading() as tx:
            return self._definitions.versions(tx, key)

    def notes(
        self, actor: Actor, versions: Sequence[ProcessVersion]
    ) -> Mapping[int, DeploymentNote]:
        """Id of a version → who published it and why. Raises `Forbidden`."""
        require(actor, Verb.PROCESS_SEE)
        with self._database.reading() as tx:
            found = store.notes(tx, [one.id for one in versions])
        return {id_: DeploymentNote(by, note) for id_, (by, note) in found.items()}

    def names(self, actor: Actor) -> Mapping[str, Text]:
        """Key of every process → what its newest version calls it. Raises `Forbidden`."""
        require(actor, Verb.PROCESS_SEE)
        with self._database.reading() as tx:
            newest = self._definitions.latest(tx)
            return {one.key: name_of(self._definitions.process(tx, one.id)) for one in newest}

    def element_words(self, actor: Actor, key: str, number: int) -> Mapping[str, ElementWords]:
        """Element id → what a version of a process, and all that it calls, calls it. Raises
        `Forbidden`, `NotFound`."""
        require(actor, Verb.PROCESS_SEE)
        with self._database.reading() as tx:
            chosen = self._version(tx, key, number)
            return words_of_process(self._definitions.executable(tx, chosen.id))

    def drawings(self, actor: Actor, key: str, number: int) -> tuple[Drawing, ...]:
        """The version and every process that it calls, the version itself first. Raises
        `Forbidden`, `NotFound`."""
        require(actor, Verb.PROCESS_SEE)
        with self._database.reading() as tx:
            return drawings_of(tx, self._definitions, self._version(tx, key, number).id)

    def used_by_version(self, actor: Actor, key: str, number: int) -> tuple[UsedFile, ...]:
        """Everything that a version runs with: processes, then tables, then forms. Raises
        `Forbidden`, `NotFound`."""
        require(actor, Verb.PROCESS_SEE)
        with self._database.reading() as tx:
            own = self._version(tx, key, number)
            found = [(one, False) for one in self._definitions.pins(tx, own.id).values()]
            asked = _asked_for_as_latest(drawings_of(tx, self._definitions, own.id))
            newest = (store.find(tx, *one) for one in sorted(asked))
            found += [(one, True) for one in newest if one is not None]
            used = [self._used(tx, one, latest) for one, latest in found]
        return tuple(sorted(used, key=lambda one: (_KINDS.index(one.kind), one.key)))

    def callers(self, actor: Actor) -> Mapping[str, tuple[str, ...]]:
        """Key of a process → keys of the processes whose newest versions run it as a part. Raises
        `Forbidden`."""
        require(actor, Verb.PROCESS_SEE)
        found: dict[str, list[str]] = {}
        with self._database.reading() as tx:
            for one in self._definitions.latest(tx):
                for kind, part in self._definitions.pins(tx, one.id):
                    if kind == PROCESS:
                        found.setdefault(part, []).append(one.key)
        return {part: tuple(sorted(callers)) for part, callers in found.items()}

    def xml(self, actor: Actor, key: str, number: int) -> bytes:
        """The diagram of one version as deployed. Raises `Forbidden`, `NotFound`."""
        require(actor, Verb.PROCESS_SEE)
        with self._database.reading() as tx:
            return self._definitions.xml(tx, key, number)

    def files(self, actor: Actor) -> tuple[DefinitionFile, ...]:
        """The newest version of everything that is deployed, by kind and key: what an editor can
        open. Several decisions may be in one file. Raises `Forbidden`."""
        require(actor, Verb.PROCESS_SEE)
        with self._database.reading() as tx:
            found = [
                DefinitionFile(
                    one.kind, one.key, one.name, one.number, one.sha256, one.file, one.deployed_at
                )
                for one in store.newest(tx)
            ]
        return tuple(sorted(found, key=lambda one: (one.kind, one.key)))

    def content(self, actor: Actor, sha256: str) -> SourceFile:
        """A deployed file, of whatever version, byte for byte. Raises `Forbidden`, `NotFound`."""
        require(actor, Verb.PROCESS_SEE)
        with self._database.reading() as tx:
            content = store.content(tx, sha256) if can_be_stored(sha256) else None
            name = None if content is None else store.file_of(tx, sha256)
        if content is None or name is None:
            raise NotFound(Text("لا يوجد هذا الملف.", "There is no such file."))
        return SourceFile(name, content)

    def answer_of(self, actor: Actor, decision: str, context: Mapping[str, Any]) -> Any:
        """What the newest version of a decision answers to `context` at this moment; it reads
        nothing else. For who sees what is deployed, and for everybody with an account who works
        on tasks, where the rules' answers are shown. Raises `Forbidden`, `NotFound`."""
        if not may(actor, Verb.TASK_ASSIGN):  # unlike TASK_WORK, no link holder's
            require(actor, Verb.PROCESS_SEE)
        with self._database.reading() as tx:
            stored = store.find(tx, DECISION, decision)
            if stored is None:
                raise NotFound(
                    Text(f"لا يوجد قرار {decision}.", f"There is no decision {decision}.")
                )
            tables = self._definitions.tables(tx, stored.sha256, stored.file)
            return tables.evaluate(decision, context, now=self._clock.now(tx)).value

    def _version(self, tx: Transaction, key: str, number: int | None) -> ProcessVersion:
        if not can_be_stored(key) or not (number is None or 0 < number < 1 << 31):
            raise NotFound(Text(f"لا توجد عملية {key!r} كهذه.", f"There is no process {key!r}."))
        return self._definitions.version(tx, key, number)

    def _used(self, tx: Transaction, one: Stored, latest: bool) -> UsedFile:
        name = Text(one.name, one.name)
        if one.kind == PROCESS:
            name = name_of(self._definitions.process(tx, one.id))
        return UsedFile(one.kind, one.key, one.number, name, one.file, one.sha256, latest)


def drawings_of(tx: Transaction, definitions: Definitions, version_id: int) -> tuple[Drawing, ...]:
    """A process version and every process that it calls, the version itself first."""
    pins = definitions.pins(tx, version_id).values()
    ids = [version_id, *sorted(one.id for one in pins if one.kind == PROCESS)]
    return tuple(
        Drawing(definitions.version_by_id(tx, id_), definitions.process(tx, id_)) for id_ in ids
    )


def _asked_for_as_latest(drawn: Sequence[Drawing]) -> set[tuple[str, str]]:
    references = [one.process.references for one in drawn]
    asked = [(DECISION, one) for each in references for one in each.decisions]
    asked += [(FORM, one) for each in references for one in each.forms]
    return {(kind, one.id) for kind, one in asked if one.binding == "latest"}
