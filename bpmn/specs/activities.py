"""Tasks: for people, connectors, expressions and decisions."""

from __future__ import annotations

from typing import Any

from bpmn.facts import DecisionEvaluated, JobRequested, MessageSent, TaskOpened
from bpmn.model import CalledDecision, Job, Script, SentMessage, UserTask, Value
from bpmn.runtime.evaluation import Visible
from bpmn.runtime.problem import BadValue, Stuck, shown
from bpmn.runtime.tokens import Token
from bpmn.runtime.values import plain
from bpmn.runtime.waits import event_wait, set_wait
from bpmn.specs.base import ElementSpec
from bpmn.timers import BadTime, parse_duration
from dmn import to_json

DEFAULT_PRIORITY = 50


class PassSpec(ElementSpec):
    """An undefined or manual task: nothing happens here."""


class UserTaskSpec(ElementSpec):
    """Opens a task for people and waits for its data."""

    def work(self, token: Token) -> bool:
        task = self.detail(UserTask)
        step = token.step
        if task.form is not None and not step.services.has_form(task.form):
            raise Stuck("form", f'There is no form "{task.form}".')
        evaluate = step.evaluator
        names = evaluate.at(token.scope)
        opened = TaskOpened(
            key=token.id,
            element_id=self.element.id,
            name=self.element.label,
            form=task.form,
            candidate_groups=self._groups(evaluate.required, task.candidate_groups, names),
            assignee=self._optional_text(token, task.assignee, names),
            unit=evaluate.text(task.unit, names, "unit") if task.unit else None,
            due=evaluate.deadline(task.due, names, "due date"),
            follow_up=evaluate.deadline(task.follow_up, names, "follow-up date"),
            priority=self._priority(token, task.priority, names),
            scope=token.workflow.scope,
            inputs=dict(step.case.scopes.local(token.id)) if token.id in step.case.scopes else {},
        )
        set_wait(step, token, {"what": "task"})
        step.add(opened)
        return False

    @staticmethod
    def _groups(required: Any, value: Value | None, names: Visible) -> tuple[str, ...]:
        if value is None:
            raise Stuck("groups", "The task has no candidate groups.")
        found = required(value, names, "candidate groups")
        parts = found.split(",") if isinstance(found, str) else found
        if not isinstance(parts, list) or not all(isinstance(part, str) for part in parts):
            raise Stuck("groups", "The candidate groups are no list of names.", (shown(found),))
        groups = tuple(part.strip() for part in parts if part.strip())
        if not groups:
            raise Stuck("groups", "The candidate groups are empty.")
        return groups

    @staticmethod
    def _optional_text(token: Token, value: Value | None, names: Visible) -> str | None:
        if value is None:
            return None
        found = token.step.evaluator.value(value, names, "assignee")
        if found is not None and not isinstance(found, str):
            raise Stuck("type", "The assignee is not text.", (shown(found),))
        return found or None

    @staticmethod
    def _priority(token: Token, value: Value | None, names: Visible) -> int:
        if value is None:
            return DEFAULT_PRIORITY
        found = token.step.evaluator.required(value, names, "priority")
        if isinstance(found, str) and found.isdigit():
            found = int(found)
        if isinstance(found, bool) or not isinstance(found, int) or not 0 <= found <= 100:
            raise Stuck("type", "The priority is no whole number from 0 to 100.", (shown(found),))
        return found


class ScriptTaskSpec(ElementSpec):
    """Evaluates a FEEL expression into a variable."""

    def work(self, token: Token) -> bool:
        script = self.detail(Script)
        evaluate = token.step.evaluator
        value = evaluate.value(script.expression, evaluate.at(token.scope), "script")
        token.internal_data["values"] = {script.result: value}
        return True


class BusinessRuleTaskSpec(ElementSpec):
    """Asks a decision; a null answer is an incident, never a silent default."""

    def work(self, token: Token) -> bool:
        called = self.detail(CalledDecision)
        step = token.step
        names = step.evaluator.at(token.scope)
        try:
            decided = step.services.decide(called.decision, called.binding, names)
        except LookupError:
            raise Stuck(
                "decision", f'There is no decision "{called.decision}" in this deployment.'
            ) from None
        notes = tuple(_note(each) for each in decided.diagnostics)
        if decided.value is None:
            raise Stuck("decision", f'The decision "{called.decision}" gave no result.', notes)
        try:
            value = plain({"": to_json(decided.value)})[""]
            matched = tuple(_rule(each) for each in decided.matched)
            inputs = plain(names.read)
        except (TypeError, BadValue) as error:
            raise Stuck(
                "decision",
                f'The decision "{called.decision}" gave no plain value.',
                (*notes, str(error)),
            ) from None
        step.add(
            DecisionEvaluated(
                self.element.id, called.decision, decided.decision_hash, inputs, value, matched
            )
        )
        token.internal_data["values"] = {called.result: value}
        return True


def _note(diagnostic: Any) -> str:
    text = getattr(diagnostic, "text", "")
    message = getattr(diagnostic, "message", diagnostic)
    return f"{message}: {text}" if text else str(message)


def _rule(matched: Any) -> dict[str, Any]:
    names = ("decision_id", "rule_id", "rule_index", "annotation")
    return {name: getattr(matched, name, None) for name in names}


class JobSpec(ElementSpec):
    """Asks a connector and waits for the answer. It gets the input mappings, or without any all
    that can be read."""

    def work(self, token: Token) -> bool:
        job = self.detail(Job)
        step = token.step
        attempt = token.internal_data.get("attempt", 0) + 1
        token.internal_data["attempt"] = attempt
        key = token.id if attempt == 1 else f"{token.id}.{attempt}"
        scopes = step.case.scopes
        variables = (
            dict(scopes.local(token.id)) if self.element.inputs else scopes.visible(token.scope)
        )
        step.add(
            JobRequested(key, self.element.id, job.type, dict(job.headers), variables, job.retries)
        )
        set_wait(step, token, {"what": "job", "key": key})
        return False


class ReceiveTaskSpec(ElementSpec):
    """Waits for a message; its payload enters by the output mappings only."""

    merges_results = False

    def work(self, token: Token) -> bool:
        step = token.step
        set_wait(step, token, event_wait(step, self.element, step.evaluator.at(token.scope)))
        return False


class SendSpec(ElementSpec):
    """Publishes a message from inside: send task, message throw and message end event."""

    merges_results = False

    def work(self, token: Token) -> bool:
        send_message(token)
        return True


def send_message(token: Token) -> None:
    """Publishes the message of the token's element; its input mappings are the payload."""
    element = token.task_spec.element
    sent = token.task_spec.detail(SentMessage)
    step = token.step
    evaluate = step.evaluator
    names = evaluate.at(token.scope)
    key = sent.message.correlation_key
    live = None
    if sent.time_to_live is not None:
        text = evaluate.text(sent.time_to_live, names, "time to live")
        try:
            live = parse_duration(text).exact()
        except BadTime as error:
            raise Stuck("timer", "The time to live is no duration.", (str(error),)) from None
    step.add(
        MessageSent(
            token.id,
            element.id,
            sent.message.name,
            evaluate.text(key, names, "correlation key") if key is not None else None,
            dict(step.case.scopes.local(token.id)) if element.inputs else {},
            live,
        )
    )
