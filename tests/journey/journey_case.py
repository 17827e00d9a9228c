"""Walks the shipped diagrams in memory: the real forms, decisions and runner, no database."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from bpmn import (
    CaseView,
    Decided,
    DecisionEvaluated,
    LiveCase,
    MessageSent,
    Process,
    TaskOpened,
    compile_process,
    read_diagram,
)
from dmn import Definitions, read_definitions
from engine.calendar import feel_functions
from forms import Form, compile_form

ROOT = Path(__file__).resolve().parents[2]
AMMAN = ZoneInfo("Asia/Amman")
FUNCTIONS = feel_functions()
CASE_ID = "case-1"
START = datetime(2026, 1, 4, 7, 0, tzinfo=UTC)
"""A Sunday, 10:00 in Amman."""

PERSON: Mapping[str, Any] = {
    "person_id": "person-1",
    "cycle_no": 1,
    "age": 27,
    "sex": "female",
    "residence_location": "irbid",
    "job_search_location": None,
    "journey_number": "R-2026-000001",
    "opened_on": "2026-01-04",
}


@cache
def processes() -> Mapping[str, Process]:
    """Every shipped process by its key."""
    found: dict[str, Process] = {}
    for path in sorted((ROOT / "bpmn" / "processes").glob("*.bpmn")):
        diagram = read_diagram(path.read_bytes(), file=path.name, functions=FUNCTIONS)
        found.update(diagram.processes)
    return found


@cache
def decisions() -> Mapping[str, Definitions]:
    """The shipped file of every decision, by the decision's id."""
    found: dict[str, Definitions] = {}
    for path in sorted((ROOT / "bpmn" / "decisions").glob("*.dmn")):
        definitions = read_definitions(path.read_bytes(), file=path.name)
        found.update(dict.fromkeys(definitions.decisions, definitions))
    return found


@cache
def forms() -> Mapping[str, Form]:
    """Every shipped form by its id."""
    paths = sorted((ROOT / "forms" / "definitions").glob("*.form"))
    found = [compile_form(path.read_bytes(), file=path.name) for path in paths]
    return {form.id: form for form in found}


@dataclass
class Stage:
    """What a step needs from outside; `now` is moved by the test."""

    now: datetime = START
    timezone: ZoneInfo = AMMAN
    context: Mapping[str, Any] = field(
        default_factory=lambda: {
            "case": {"id": CASE_ID, "unit": "naf:irbid", "business_key": "R-2026-000001"}
        }
    )

    def decide(self, decision_id: str, binding: str, context: Mapping[str, Any]) -> Decided:
        """Ask the shipped table."""
        del binding
        local = self.now.astimezone(AMMAN)
        answer = decisions()[decision_id].evaluate(decision_id, context, now=local)
        return Decided(answer.value, answer.diagnostics, answer.matched, "hash")

    def has_form(self, form_id: str) -> bool:
        """Every form that is shipped."""
        return form_id in forms()


class JourneyCase:
    """One case that a test plays through, person by person."""

    def __init__(
        self,
        process: str = "client_journey",
        variables: Mapping[str, Any] = PERSON,
        *,
        start_message: str | None = None,
        now: datetime = START,
    ) -> None:
        self.stage = Stage(now=now)
        self.view = CaseView()
        self.sent: list[MessageSent] = []
        self.decided: list[str] = []
        executable = compile_process(processes()[process], processes())
        self.live, step = LiveCase.start(
            executable, variables, self.stage, start_message=start_message
        )
        self._take(step)

    def _take(self, step: Any) -> None:
        messages = [fact for fact in step.facts if isinstance(fact, MessageSent)]
        for fact in step.facts:
            self.view.apply(fact)
            if isinstance(fact, DecisionEvaluated):
                self.decided.append(fact.decision_id)
        self.sent += messages
        assert not self.view.incidents, self.view.incidents
        for message in messages:
            self.deliver(message.message, message.payload)

    @property
    def open(self) -> list[str]:
        """Elements of the open tasks, sorted."""
        return sorted(task.element_id for task in self.view.tasks.values())

    @property
    def completed(self) -> bool:
        """Whether the case has ended."""
        return self.view.completed

    def task(self, element_id: str) -> TaskOpened:
        """The open task of an element."""
        found = [task for task in self.view.tasks.values() if task.element_id == element_id]
        assert found, f"{element_id} is not open, but {self.open}"
        return found[0]

    def variable(self, name: str) -> Any:
        """A variable of the case's own scope."""
        return self.view.variables[""][name]

    def seen_from(self, scope: str) -> dict[str, Any]:
        """What a task in `scope` sees; a called process sees nothing beyond itself."""
        chain = [scope]
        while scope not in self.view.processes:
            scope = self.view.parents[scope] or ""
            chain.append(scope)
        seen: dict[str, Any] = {}
        for each in reversed(chain):
            seen.update(self.view.variables[each])
        return seen

    def do(self, element_id: str, **answers: Any) -> None:
        """Complete the open task of an element with these answers, checked by its form."""
        task = self.task(element_id)
        clean: dict[str, Any] = {}
        if task.form is not None:
            form = forms()[task.form]
            variables = {**self.seen_from(task.scope), **task.inputs}
            data = {**form.defaults(variables, self.stage.now), **answers}
            options = {path: [str(data.get(path))] for path in form.references()}
            clean = form.validate(
                data, variables=variables, options=options, now=self.stage.now, language="en"
            )
        self._take(self.live.complete_task(task.key, clean, self.stage))

    def deliver(self, message: str, payload: Mapping[str, Any]) -> int:
        """Deliver a message for this case to whoever waits for it; how many did."""
        waiting = [s for s in self.view.subscriptions.values() if s.message == message]
        for subscription in waiting:
            assert subscription.correlation_key in (CASE_ID, "person-1")
            self._take(self.live.deliver(subscription.key, payload, self.stage))
        return len(waiting)

    def correct(self, form: str, **answers: Any) -> None:
        """Correct a finished form: new values, then the message that says so."""
        self._take(self.live.set_variables(answers, self.stage))
        self.deliver("submission_corrected", {"form": form})

    def advance(self, until: datetime) -> list[str]:
        """Let time pass; the elements whose timers fired, in order."""
        fired: list[str] = []
        while True:
            due = [t for t in self.view.timers.values() if t.due <= until]
            if not due:
                self.stage.now = until
                return fired
            timer = min(due, key=lambda t: (t.due, t.key))
            self.stage.now = max(self.stage.now, timer.due)
            fired.append(timer.element_id)
            self._take(self.live.fire_timer(timer.key, self.stage))

    def pass_days(self, days: float) -> list[str]:
        """Let `days` of clock time pass."""
        return self.advance(self.stage.now + timedelta(days=days))

    def local(self, year: int, month: int, day: int, hour: int = 0) -> datetime:
        """A moment on Amman's clock."""
        return datetime(year, month, day, hour, tzinfo=AMMAN).astimezone(UTC)
