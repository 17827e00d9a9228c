"""What an activity does: its zeebe extensions, mappings and multi-instance marker."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime

from lxml import etree

from bpmn.model import (
    Assignment,
    Binding,
    CalledDecision,
    CalledProcess,
    Job,
    Kind,
    Message,
    MultiInstance,
    Script,
    SentMessage,
    UserTask,
    Value,
    Work,
)
from bpmn.reader.events import Declared, message_of
from bpmn.reader.nodes import child, extension, properties, text, zeebe_children
from bpmn.reader.notes import Notes
from bpmn.timers import BadTime, deadline, parse_duration

_ANY_MOMENT = datetime(2026, 1, 1, tzinfo=UTC)
THROWS = (Kind.INTERMEDIATE_THROW_EVENT, Kind.END_EVENT)


class WorkReader:
    """Reads the extensions of one file's flow nodes."""

    def __init__(self, declared: Declared, notes: Notes) -> None:
        self.declared = declared
        self.notes = notes
        self._by_kind: Mapping[Kind, Callable[[etree._Element], Work | None]] = {
            Kind.USER_TASK: self._user_task,
            Kind.SERVICE_TASK: self._service,
            Kind.SCRIPT_TASK: self._script,
            Kind.BUSINESS_RULE_TASK: self._decision,
            Kind.CALL_ACTIVITY: self._call,
            Kind.RECEIVE_TASK: self._received,
            Kind.SEND_TASK: self._sent,
        }

    def work(self, node: etree._Element, kind: Kind, message: Message | None) -> Work | None:
        """What the element does. `message` is that of a message event."""
        job = extension(node, "taskDefinition")
        if job is not None:
            self._check_job_alone(node, kind, message)
            return self._job(node, job)
        if extension(node, "taskHeaders") is not None:
            self._missing(node, "taskDefinition", "task headers without it mean nothing")
        read = self._by_kind.get(kind)
        if read is not None:
            return read(node)
        if kind in THROWS and message is not None:
            return SentMessage(message, self._time_to_live(node))
        return None

    def mappings(self, node: etree._Element, name: str) -> tuple[Assignment, ...]:
        """The `input` or `output` mappings."""
        found: list[Assignment] = []
        for item in zeebe_children(extension(node, "ioMapping"), name):
            target = item.get("target", "").strip()
            if not all(part.isidentifier() for part in target.split(".")):
                self.notes.error(
                    node.get("id"),
                    "mapping-target",
                    f'The {name} mapping\'s target "{target}" is not a variable name.',
                    "Use letters, digits and underscores.",
                )
                continue
            source = self._value(node, item, "source", f"{name} mapping of {target}")
            found.append(Assignment(source or Value(""), target))
        return tuple(found)

    def multi_instance(self, node: etree._Element) -> MultiInstance | None:
        """The multi-instance marker, if any."""
        marker = child(node, "multiInstanceLoopCharacteristics")
        if marker is None:
            return None
        loop = extension(marker, "loopCharacteristics")
        collection = loop.get("inputCollection", "").strip() if loop is not None else ""
        if loop is None or not collection.startswith("="):
            self.notes.error(
                node.get("id"),
                "multi-instance",
                "The multi-instance marker has no input collection.",
                "Give it one, as FEEL after =.",
            )
            return None
        condition = child(marker, "completionCondition")
        return MultiInstance(
            sequential=marker.get("isSequential") == "true",
            input_collection=self.notes.value(collection, node.get("id"), "input collection"),
            input_element=self._name(node, loop, "inputElement"),
            output_collection=self._name(node, loop, "outputCollection"),
            output_element=self._value(node, loop, "outputElement", "output element"),
            completion_condition=(
                self.notes.feel(text(condition), node.get("id"), "completion condition")
                if condition is not None
                else None
            ),
        )

    def _service(self, node: etree._Element) -> None:
        self._missing(node, "taskDefinition", "the task type says which connector to call")

    def _received(self, node: etree._Element) -> Message | None:
        return message_of(node, node.get("messageRef"), self.declared, self.notes)

    def _sent(self, node: etree._Element) -> SentMessage | None:
        message = message_of(node, node.get("messageRef"), self.declared, self.notes)
        return SentMessage(message, self._time_to_live(node)) if message else None

    def _check_job_alone(self, node: etree._Element, kind: Kind, message: Message | None) -> None:
        """A connector's job goes before everything else; what it would hide is refused."""
        other = next(
            (n for n in ("script", "calledDecision") if extension(node, n) is not None), ""
        )
        if other or (kind in THROWS and message is None):
            self.notes.error(
                node.get("id"),
                "job",
                f"zeebe:taskDefinition and zeebe:{other} exclude each other."
                if other
                else "Only a message event can call a connector.",
                "Keep what you mean.",
            )

    def _user_task(self, node: etree._Element) -> UserTask:
        form = extension(node, "formDefinition")
        people = extension(node, "assignmentDefinition")
        dates = extension(node, "taskSchedule")
        unit = properties(node).get("unit")
        return UserTask(
            form=form.get("formId") if form is not None else None,
            form_binding=self._binding(node, form),
            candidate_groups=self._value(node, people, "candidateGroups", "candidate groups"),
            assignee=self._value(node, people, "assignee", "assignee"),
            unit=self.notes.value(unit, node.get("id"), "unit") if unit else None,
            due=self._date(node, dates, "dueDate", "due date"),
            follow_up=self._date(node, dates, "followUpDate", "follow-up date"),
            priority=self._value(
                node, extension(node, "priorityDefinition"), "priority", "priority"
            ),
        )

    def _job(self, node: etree._Element, definition: etree._Element) -> Job | None:
        kind = definition.get("type", "").strip()
        retries = definition.get("retries", "3").strip()
        if not kind or kind.startswith("="):
            self.notes.error(
                node.get("id"),
                "task-type",
                "The task type is missing or is an expression; connectors have fixed names.",
                "Write the connector's type.",
            )
        if not retries.isdigit():
            self.notes.error(
                node.get("id"), "retries", "The number of retries is no number.", "Write a digit."
            )
            return None
        headers = {
            item.get("key", ""): item.get("value", "")
            for item in zeebe_children(extension(node, "taskHeaders"), "header")
        }
        return Job(kind, int(retries), headers)

    def _script(self, node: etree._Element) -> Script | None:
        script = extension(node, "script")
        if script is None or not script.get("expression") or not script.get("resultVariable"):
            self._missing(node, "script", "it needs an expression and a result variable")
            return None
        expression = self.notes.feel(script.get("expression", ""), node.get("id"), "script")
        return Script(expression, self._name(node, script, "resultVariable") or "")

    def _decision(self, node: etree._Element) -> CalledDecision | None:
        called = extension(node, "calledDecision")
        if called is None or not called.get("decisionId") or not called.get("resultVariable"):
            self._missing(node, "calledDecision", "it needs a decision id and a result variable")
            return None
        decision = self._fixed(node, called.get("decisionId", ""), "decision id")
        result = self._name(node, called, "resultVariable") or ""
        return CalledDecision(decision, self._binding(node, called), result)

    def _call(self, node: etree._Element) -> CalledProcess | None:
        called = extension(node, "calledElement")
        if called is None or not called.get("processId"):
            self._missing(node, "calledElement", "it needs a process id")
            return None
        return CalledProcess(
            self._fixed(node, called.get("processId", ""), "process id"),
            self._binding(node, called),
            called.get("propagateAllParentVariables", "true") != "false",
            called.get("propagateAllChildVariables", "true") != "false",
        )

    def _time_to_live(self, node: etree._Element) -> Value | None:
        written = properties(node).get("timeToLive")
        if not written:
            return None
        value = self.notes.value(written, node.get("id"), "time to live")
        if value.expression is None:
            try:
                parse_duration(value.text).exact()
            except BadTime as error:
                self.notes.error(
                    node.get("id"), "time-to-live", f"The time to live: {error}.", "Write P14D."
                )
        return value

    def _value(
        self, node: etree._Element, owner: etree._Element | None, name: str, what: str
    ) -> Value | None:
        written = owner.get(name, "").strip() if owner is not None else ""
        return self.notes.value(written, node.get("id"), what) if written else None

    def _date(
        self, node: etree._Element, owner: etree._Element | None, name: str, what: str
    ) -> Value | None:
        value = self._value(node, owner, name, what)
        if value is not None and value.expression is None:
            try:
                deadline(value.text, _ANY_MOMENT, UTC)
            except BadTime as error:
                self.notes.error(
                    node.get("id"),
                    "timer-text",
                    f"The {what} is not ISO 8601: {error}.",
                    "Write it like P3D, or as FEEL after =.",
                )
        return value

    def _fixed(self, node: etree._Element, written: str, what: str) -> str:
        if written.startswith("="):
            self.notes.error(
                node.get("id"),
                "fixed-id",
                f"The {what} is an expression; a deployment must know what belongs to it.",
                "Write the id itself; choose between several with a gateway.",
            )
        return written.strip()

    def _name(self, node: etree._Element, owner: etree._Element, attribute: str) -> str | None:
        written = owner.get(attribute, "").strip()
        if written and not written.isidentifier():
            self.notes.error(
                node.get("id"),
                "variable-name",
                f'{attribute}="{written}" is not a variable name.',
                "Use letters, digits and underscores.",
            )
        return written or None

    def _binding(self, node: etree._Element, owner: etree._Element | None) -> Binding:
        written = owner.get("bindingType", "deployment") if owner is not None else "deployment"
        if written not in ("deployment", "latest"):
            self.notes.error(
                node.get("id"),
                "binding",
                f'bindingType="{written}" does not run here.',
                'Use "deployment" (what is published with it) or "latest" (the newest each time).',
            )
        return "latest" if written == "latest" else "deployment"

    def _missing(self, node: etree._Element, name: str, why: str) -> None:
        self.notes.error(
            node.get("id"), "missing", f"The element has no zeebe:{name}: {why}.", "Add it."
        )
