"""Publishing: a set of files is checked as a whole and becomes new versions, or nothing does.

A new version of a table, form or called process also mints a new version of every process that
uses it, so that each process version names the exact contents it runs with.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import msgspec

from bpmn import Finding
from engine.access import Verb, require
from engine.clock import Clock
from engine.commands import IdempotencyKey
from engine.definitions import Definitions, ProcessVersion
from engine.deployment_plan import Plan, closure, make_plan
from engine.errors import Conflict, NotFound, Refused
from engine.journal import Journal, NewEntry
from engine.once import first_answer, keep
from engine.records import Actor
from engine.source_files import Key, ReadFiles, SourceFile, read_files
from engine.store import definitions as store
from engine.store.database import Database, Transaction
from engine.store.definitions import DECISION, FORM, PROCESS, Stored
from engine.store.text import can_be_stored
from engine.wording import Text

_ATTEMPTS = 5
_MAX_NOTE = 2000


@dataclass(frozen=True)
class Deployed:
    """A process, decision or form at the version that is now its newest."""

    key: str
    version: int
    name: str


@dataclass(frozen=True)
class Deployment:
    """What a deployment made; `created` is False when everything was there already."""

    id: int
    created: bool
    processes: tuple[Deployed, ...]
    decisions: tuple[Deployed, ...]
    forms: tuple[Deployed, ...]
    warnings: tuple[Finding, ...]


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


class Deployments:
    """The only way for a file to become part of a running installation."""

    def __init__(
        self,
        database: Database,
        journal: Journal,
        clock: Clock,
        definitions: Definitions,
        *,
        job_types: frozenset[str] = frozenset(),
    ) -> None:
        self._database = database
        self._journal = journal
        self._clock = clock
        self._definitions = definitions
        self._job_types = job_types

    def check(self, actor: Actor, files: Sequence[SourceFile]) -> tuple[Finding, ...]:
        """Everything that deploying `files` would complain about; nothing is stored.

        Raises `Forbidden`.
        """
        require(actor, Verb.DEPLOY)
        read = read_files(files, self._definitions.functions)
        if not read.looked_into:
            return tuple(read.findings)
        with self._database.reading() as tx:
            return make_plan(tx, self._definitions, read, self._job_types).findings

    def deploy(
        self,
        actor: Actor,
        files: Sequence[SourceFile],
        note: str = "",
        *,
        idempotency: IdempotencyKey | None = None,
    ) -> Deployment:
        """Store `files` and every dependent process as new versions, all or none.

        Contents equal to the newest make nothing; contents equal to an older version make a new
        one, which is how to go back. Raises `Forbidden`, `KeyReused`, `Refused` (with all
        findings).
        """
        require(actor, Verb.DEPLOY)
        if idempotency is not None:
            # Before the check: by now others may have published what would refuse these files.
            with self._database.transaction() as tx:
                first = first_answer(tx, idempotency)
            if first is not None:
                return msgspec.convert(first, Deployment)
        read = read_files(files, self._definitions.functions)
        if not read.looked_into:
            raise _refused(read.findings)
        for _ in range(_ATTEMPTS):
            with self._database.reading() as tx:
                plan = make_plan(tx, self._definitions, read, self._job_types)
            if any(finding.severity == "error" for finding in plan.findings):
                raise _refused(plan.findings)
            with self._database.transaction() as tx:
                tx.lock("deployments")
                first = first_answer(tx, idempotency)
                if first is not None:
                    return msgspec.convert(first, Deployment)
                if store.newest_id(tx) == plan.seen:
                    made = self._publish(tx, actor, read, plan, note[:_MAX_NOTE])
                    keep(tx, idempotency, msgspec.to_builtins(made))
                    return made
        raise Conflict(
            Text(
                "ينشر غيرك الآن؛ أعد المحاولة بعد قليل.",
                "Others are publishing just now; try again in a moment.",
            )
        )

    # what is deployed

    def processes(self, actor: Actor) -> list[ProcessVersion]:
        """The newest version of every process, by key. Raises `Forbidden`."""
        require(actor, Verb.PROCESS_SEE)
        with self._database.reading() as tx:
            return self._definitions.latest(tx)

    def process(self, actor: Actor, key: str) -> ProcessVersion:
        """The newest version of one process. Raises `Forbidden`, `NotFound`."""
        require(actor, Verb.PROCESS_SEE)
        with self._database.reading() as tx:
            return self._definitions.version(tx, key)

    def versions(self, actor: Actor, key: str) -> list[ProcessVersion]:
        """Every version of one process, newest first. Raises `Forbidden`, `NotFound`."""
        require(actor, Verb.PROCESS_SEE)
        with self._database.reading() as tx:
            return self._definitions.versions(tx, key)

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

    # within

    def _publish(
        self, tx: Transaction, actor: Actor, read: ReadFiles, plan: Plan, note: str
    ) -> Deployment:
        if not plan.minted:
            last = max(plan.newest[key].deployment_id for key in read.new)
            return _answer(last, False, set(read.new), plan.newest, plan)
        now = self._clock.now(tx)
        deployment_id = store.add_deployment(tx, note, actor.username, now)
        store.add_contents(tx, read.contents)
        stored = store.add_versions(tx, deployment_id, now, list(plan.minted.values()))
        current = dict(plan.newest) | {(one.kind, one.key): one for one in stored}
        for one in stored:
            if one.kind == PROCESS:
                wanted = closure(one.key, plan.processes)
                store.add_pins(tx, one.id, [current[key] for key in sorted(wanted)])
        self._journal.append_admin(
            tx,
            NewEntry(
                now,
                actor.username,
                "deployed",
                header={
                    "deployment": deployment_id,
                    "versions": [[s.kind, s.key, s.number, s.sha256] for s in stored],
                },
                data={"note": note, "files": sorted({new.file for new in read.new.values()})},
            ),
        )
        return _answer(deployment_id, True, {*read.new, *plan.minted}, current, plan)


def _answer(
    id_: int, created: bool, keys: set[Key], current: Mapping[Key, Stored], plan: Plan
) -> Deployment:
    def of(kind: str) -> tuple[Deployed, ...]:
        named = sorted(key for one, key in keys if one == kind)
        found = [current[kind, key] for key in named]
        return tuple(Deployed(one.key, one.number, one.name) for one in found)

    warnings = tuple(finding for finding in plan.findings if finding.severity == "warning")
    return Deployment(id_, created, of(PROCESS), of(DECISION), of(FORM), warnings)


def _refused(findings: Sequence[Finding]) -> Refused:
    errors = sum(finding.severity == "error" for finding in findings)
    some = "1 thing is" if errors == 1 else f"{errors} things are"
    return Refused(
        Text(
            f"لم يُنشر شيء: عدد الأخطاء في الملفات {errors}.",
            f"Nothing was deployed: {some} wrong in the files.",
        ),
        findings,
    )
