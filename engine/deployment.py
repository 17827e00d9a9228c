"""Publishing: a set of files is checked as a whole and becomes new versions, or nothing does.

A new version of a table, form or called process also mints a new version of every process that
uses it, so that each process version names the exact contents it runs with.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import msgspec

from bpmn import Finding
from engine.access import Verb, require
from engine.clock import Clock
from engine.commands import IdempotencyKey
from engine.definitions import Definitions, ProcessVersion
from engine.deployment_plan import Plan, closure, make_plan
from engine.errors import Conflict, NewerVersion, Refused
from engine.journal import Journal, NewEntry
from engine.once import first_answer, keep
from engine.published import DefinitionFile, DeploymentNote, Drawing, Published, UsedFile
from engine.records import Actor
from engine.source_files import Key, ReadFiles, SourceFile, read_files
from engine.store import definitions as store
from engine.store.database import Database
from engine.store.definitions import DECISION, FORM, PROCESS, Stored
from engine.store.text import can_be_stored
from engine.store.transaction import Transaction
from engine.wording import Text

__all__ = [
    "DefinitionFile",
    "Deployed",
    "Deployment",
    "DeploymentNote",
    "Deployments",
    "Drawing",
    "ProcessVersion",
    "UsedFile",
]

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


class Deployments(Published):
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
        super().__init__(database, clock, definitions)
        self._journal = journal
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
        base: Mapping[str, int] | None = None,
        idempotency: IdempotencyKey | None = None,
    ) -> Deployment:
        """Store `files` and every dependent process as new versions, all or none.

        Contents equal to the newest make nothing; contents equal to an older version make a new
        one, which is how to go back. `base` says of which versions the diagrams are changes (key
        of a process → number, 0: a new one). Raises `Forbidden`, `KeyReused`, `Refused` (with all
        findings), and `NewerVersion` when somebody has published another since.
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
                _require_newest(tx, base)
                plan = make_plan(tx, self._definitions, read, self._job_types)
            if any(finding.severity == "error" for finding in plan.findings):
                raise _refused(plan.findings)
            with self._database.transaction() as tx:
                tx.lock("deployments")
                first = first_answer(tx, idempotency)
                if first is not None:
                    return msgspec.convert(first, Deployment)
                _require_newest(tx, base)
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


def _require_newest(tx: Transaction, base: Mapping[str, int] | None) -> None:
    for key, number in (base or {}).items():
        found = store.find(tx, PROCESS, key) if can_be_stored(key) else None
        newest = 0 if found is None else found.number
        if newest != number:
            raise NewerVersion(key, newest)


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
