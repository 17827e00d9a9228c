"""Checks against what is deployed beside the process: forms, decisions, processes, roles."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from bpmn.checks.report import Report
from bpmn.finding import Finding
from bpmn.model import Element, Kind, Process, ResourceRef, UserTask

if TYPE_CHECKING:
    from bpmn.checks import Resources


def check_resources(process: Process, resources: Resources) -> list[Finding]:
    """Findings about what the process needs and does not find."""
    report = Report(process)
    needs = process.references
    _check_known(report, needs.forms, resources.forms, "form", "form")
    _check_known(report, needs.decisions, resources.decisions, "decision", "decision")
    _check_known(report, needs.processes, resources.processes, "process", "process")
    _check_known(report, needs.job_types, resources.job_types, "connector for the type", "job-type")
    for element in process.elements.values():
        if isinstance(element.work, UserTask):
            _check_people(report, element, element.work, resources.roles)
    for role in process.starter_groups:
        if role not in resources.roles:
            report.error(
                None,
                "starter-group",
                f'There is no role "{role}" that could start the process.',
                _choose(resources.roles),
            )
    _check_recursion(report, resources)
    _check_called_starts(report, resources)
    return report.findings


def _choose(names: Iterable[str]) -> str:
    known = ", ".join(sorted(names))
    return f"Known are: {known}." if known else "None is known."


def _check_known(
    report: Report, needed: Iterable[ResourceRef], known: Iterable[str], what: str, rule: str
) -> None:
    names = set(known)
    for reference in needed:
        if reference.id not in names:
            report.error(
                reference.element_id,
                rule,
                f'There is no {what} "{reference.id}".',
                "Add it to the deployment, or correct the name.",
            )


def _check_people(report: Report, element: Element, task: UserTask, roles: frozenset[str]) -> None:
    groups = task.candidate_groups
    if groups is None:
        report.error(
            element.id,
            "candidate-groups",
            "The task has no candidate groups, so nobody would see it.",
            "Name a role.",
        )
    elif groups.expression is None:
        for role in (part.strip() for part in groups.text.split(",")):
            if role not in roles:
                report.error(element.id, "role", f'There is no role "{role}".', _choose(roles))
    if task.form is None:
        report.warning(
            element.id, "no-form", "The task has no form, so nothing is asked.", "Name a form."
        )


def _check_recursion(report: Report, resources: Resources) -> None:
    for reference in report.process.references.processes:
        seen: set[str] = set()
        todo = [reference.id]
        while todo:
            key = todo.pop()
            if key == report.process.key:
                report.error(
                    reference.element_id,
                    "recursion",
                    f'The process calls itself by way of "{reference.id}".',
                    "Draw a loop, or start a new case by a message.",
                )
                break
            target = resources.processes.get(key)
            if key not in seen and target is not None:
                seen.add(key)
                todo += [each.id for each in target.references.processes]


def _check_called_starts(report: Report, resources: Resources) -> None:
    for reference in report.process.references.processes:
        target = resources.processes.get(reference.id)
        if target is None:
            continue
        starts = [e for e in target.children("") if e.kind == Kind.START_EVENT]
        if all(start.event.message is not None for start in starts):
            report.error(
                reference.element_id,
                "call-start",
                f'The process "{reference.id}" begins by a message only and cannot be called.',
                "Give it a plain start event.",
            )
