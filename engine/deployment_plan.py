"""What deploying a set of files would change: new versions, dependents, findings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from bpmn import BpmnFileError, Finding, Process, Resources, check_process
from bpmn.model import UserTask
from engine.access import STARTER_ROLES, TASK_ROLES
from engine.definitions import Definitions
from engine.source_files import Key, ReadFiles, error
from engine.store import definitions as store
from engine.store.definitions import DECISION, FORM, PROCESS, New, Stored
from engine.store.transaction import Transaction

_FOLLOWING = frozenset(
    {"form", "decision", "process", "call-input", "call-start", "unknown-name", "lost-answer"}
)
"""Rules of `check_process` that a file of the set may break only because another file of it could
not be read: left out until all can be."""


@dataclass(frozen=True)
class Plan:
    """What a set of files would change, against the versions that were newest at `seen`."""

    seen: int
    newest: Mapping[Key, Stored]
    processes: Mapping[str, Process]
    minted: Mapping[Key, New]
    findings: tuple[Finding, ...]


def make_plan(
    tx: Transaction,
    definitions: Definitions,
    read: ReadFiles,
    job_types: frozenset[str],
) -> Plan:
    """Compare what was read with what is deployed, and check everything it would touch."""
    seen = store.newest_id(tx)
    newest = {(stored.kind, stored.key): stored for stored in store.newest(tx)}
    findings = list(read.findings)
    processes = dict(read.processes)
    for (kind, name), stored in newest.items():
        if kind == PROCESS and name not in processes:
            try:
                diagram = definitions.diagram(tx, stored.sha256, stored.file)
            except BpmnFileError as refused:  # deployed when more was allowed
                findings.extend(replace(one, severity="warning") for one in refused.findings)
            else:
                processes[name] = diagram.processes[name]
    changed = {
        key: new
        for key, new in read.new.items()
        if key not in newest or newest[key].sha256 != new.sha256
    }
    dependent = _dependents(processes, set(changed), pinned_only=True)
    minted = changed | {
        (PROCESS, name): _again(newest[PROCESS, name], processes[name])
        for name in dependent
        if (PROCESS, name) not in changed
    }
    touched = _dependents(processes, set(changed), pinned_only=False)
    resources = _resources(tx, definitions, read, newest, processes, job_types)
    for name in sorted(touched | read.processes.keys()):
        found = (*check_process(processes[name], resources), *_taskless(processes[name]))
        findings.extend(one for one in found if not (read.refused and one.rule in _FOLLOWING))
    for key, new in changed.items():
        findings.extend(_moved(new, newest.get(key)))
    return Plan(seen, newest, processes, minted, tuple(findings))


def _resources(  # noqa: PLR0917  everything that may be used, from wherever it comes
    tx: Transaction,
    definitions: Definitions,
    read: ReadFiles,
    newest: Mapping[Key, Stored],
    processes: Mapping[str, Process],
    job_types: frozenset[str],
) -> Resources:
    decisions = dict(read.decisions)
    forms = {id_: frozenset(form.fields) for id_, form in read.forms.items()}
    for (kind, key), stored in newest.items():
        if kind == DECISION and key not in decisions:
            tables = definitions.tables(tx, stored.sha256, stored.file)
            decisions[key] = tables.decisions[key]
        elif kind == FORM and key not in forms:
            form = definitions.form_by_hash(tx, stored.sha256)
            forms[key] = frozenset(form.fields)
    return Resources(
        processes=processes,
        decisions=decisions,
        forms=forms,
        job_types=job_types,
        roles=frozenset(role.value for role in TASK_ROLES | STARTER_ROLES),
    )


def _uses(process: Process) -> Iterator[tuple[Key, bool]]:
    """What the process names, and whether it is pinned to the version it was published with.

    Called processes always are: they are part of the case, which must not change while it runs.
    """
    references = process.references
    for kind, refs in ((DECISION, references.decisions), (FORM, references.forms)):
        for ref in refs:
            yield (kind, ref.id), ref.binding != "latest"
    for ref in references.processes:
        yield (PROCESS, ref.id), True


def _dependents(
    processes: Mapping[str, Process], changed: set[Key], *, pinned_only: bool
) -> set[str]:
    """The processes that use something of `changed`, directly or through others that do."""
    reached = set(changed)
    found: set[str] = set()
    growing = True
    while growing:
        growing = False
        for name, process in processes.items():
            uses = (key for key, pinned in _uses(process) if pinned or not pinned_only)
            if name not in found and not reached.isdisjoint(uses):
                found.add(name)
                reached.add((PROCESS, name))
                growing = True
    return found


def closure(key: str, processes: Mapping[str, Process]) -> set[Key]:
    """Everything pinned that the process uses, itself or through the processes it calls."""
    found: set[Key] = set()
    waiting = [key]
    while waiting:
        for used, pinned in _uses(processes[waiting.pop()]):
            if pinned and used not in found:
                found.add(used)
                if used[0] == PROCESS:
                    waiting.append(used[1])
    return found - {(PROCESS, key)}


def _again(stored: Stored, process: Process) -> New:
    """The same file as a new version, because something it uses has a new one."""
    return New(
        PROCESS,
        stored.key,
        stored.name,
        stored.file,
        stored.sha256,
        stored.starter_groups,
        tuple(dict.fromkeys(process.references.messages_started)),
    )


def _taskless(process: Process) -> Iterator[Finding]:
    """Roles that may start a process but work on no tasks."""
    for element in process.elements.values():
        groups = element.work.candidate_groups if isinstance(element.work, UserTask) else None
        if groups is None or groups.expression is not None:
            continue
        named = {group.strip() for group in groups.text.split(",")}
        for role in sorted(named & {role.value for role in STARTER_ROLES - TASK_ROLES}):
            yield error(
                process.file,
                "role",
                f"The role {role} works on no tasks.",
                f"Name one of: {', '.join(sorted(TASK_ROLES))}.",
                element_id=element.id,
            )


def _moved(new: New, before: Stored | None) -> Iterator[Finding]:
    """A known id from a file of another name is often a copy whose id was not changed."""
    if before is not None and before.file != new.file:
        yield error(
            new.file,
            "file-renamed",
            f"The {new.kind} {new.key} came from {before.file} before.",
            "Go on if you renamed the file; give a copy an id of its own.",
            element_id=new.key,
            severity="warning",
        )
