"""One step of a case: from one cause (a task done, a timer fired …) to the next waits.

Everything that happens is written down as facts, in order. A token that cannot go on becomes an
incident and stands still; all others go on. The queue makes the order plain and keeps Python's
stack flat, whatever the diagram's depth.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from bpmn.facts import (
    CaseCompleted,
    ElementCancelled,
    ElementEntered,
    Fact,
    FlowTaken,
    IncidentRaised,
    IncidentResolved,
    ScopeClosed,
    ScopeOpened,
    VariablesWritten,
)
from bpmn.runtime.evaluation import Evaluator
from bpmn.runtime.problem import Stuck
from bpmn.runtime.tokens import READY, WAITING, CaseWorkflow, Phase, ScopeWorkflow, Token
from bpmn.runtime.waits import clear_wait
from bpmn.services import Services
from bpmn.spiff import TaskState

if TYPE_CHECKING:
    from bpmn.runtime.executable import Executable
    from bpmn.specs.base import ElementSpec

MAX_ELEMENTS = 10_000
MAX_DEPTH = 40

Workflow = CaseWorkflow | ScopeWorkflow


class Step:
    """The working memory of one step."""

    def __init__(self, case: CaseWorkflow, executable: Executable, services: Services) -> None:
        self.case = case
        self.executable = executable
        self.services = services
        self.evaluator = Evaluator(services, case.scopes)
        self.facts: list[Fact] = []
        self._queue: deque[Token] = deque()
        self._left = MAX_ELEMENTS

    def add(self, fact: Fact) -> None:
        """Writes down what happened."""
        self.facts.append(fact)

    def run(self) -> None:
        """Runs every token that can run, then looks for joins that nothing can reach any more."""
        self._drain()
        while self._raise_deadlocks():
            self._drain()

    def queue(self, token: Token) -> None:
        """The token is ready."""
        self._queue.append(token)

    def go_on(self, token: Token, phase: Phase) -> None:
        """Makes a waiting token ready again, in `phase`."""
        token.phase = phase
        token._ready()

    def enter(
        self, spec: ElementSpec, workflow: Workflow, *, flow: str | None = None, **memory: Any
    ) -> Token:
        """A new token arrives at an element, along `flow` if it came by one."""
        if flow is not None:
            self.add(FlowTaken(flow, workflow.scope))
        token = Token(workflow, spec, self.case.new_key(), TaskState.FUTURE)
        token.internal_data.update(memory)
        if spec.counts_flows:
            token.internal_data["flow"] = flow
        self.add(ElementEntered(spec.element.id, token.id, workflow.scope))
        spec._update(token)
        return token

    def token_done(self, token: Token) -> None:
        """Drops a finished token; the scope around it may end with it."""
        workflow = token.workflow
        token.drop()
        if not isinstance(workflow, CaseWorkflow):
            host = workflow.host
            if host is None:
                return
            if host.task_spec.round_done(host, workflow, token):
                return
        if not any(workflow.living()):
            self.finish(workflow)

    def finish(self, workflow: Workflow) -> None:
        """Nothing lives in the scope any more: what is armed is cleared, its host goes on."""
        for token in list(workflow.tasks.values()):
            self.disarm(token)
        workflow.completed = True
        if isinstance(workflow, CaseWorkflow):
            self.add(CaseCompleted())
            return
        host = workflow.host
        del self.case.subprocesses[workflow.parent_task_id]
        if host is not None:
            host.internal_data.pop("wait", None)
            self.go_on(host, Phase.LEAVE)

    def cancel_inside(self, workflow: Workflow) -> None:
        """Takes away every token of a scope and whatever is armed in it."""
        for token in list(workflow.tasks.values()):
            if token.id in self.case.tokens:
                if token.alive:
                    token.cancel()
                else:
                    self.disarm(token)

    def cancelled(self, token: Token) -> None:
        """What belongs to a token that is being taken away goes with it."""
        inside = self.case.subprocesses.pop(token.id, None)
        if inside is not None:
            self.cancel_inside(inside)
        clear_wait(self, token, cancelled=True)
        self.resolve(token)
        self.disarm_around(token)
        self.close_scope(token)
        self.add(ElementCancelled(token.task_spec.element.id, token.id, token.workflow.scope))
        token.drop()

    def disarm_around(self, host: Token) -> None:
        """Clears the events that are armed beside `host`."""
        for token in list(host.workflow.tasks.values()):
            if token.armed_for == host.id:
                self.disarm(token)

    def disarm(self, token: Token) -> None:
        """Clears one armed event."""
        clear_wait(self, token, cancelled=True)
        token.drop()

    def open_scope(
        self, token: Token, values: Mapping[str, Any], *, called: str | None = None
    ) -> None:
        """Gives the token variables of its own. `called` is the key of a called process."""
        if token.id not in self.case.scopes:
            self.case.scopes.open(token.id, token.workflow.scope, called=called is not None)
            self.add(
                ScopeOpened(token.id, token.workflow.scope, token.task_spec.element.id, called)
            )
        if values:
            self.case.scopes.write_local(token.id, values)
            self.add(VariablesWritten(token.id, dict(values)))

    def close_scope(self, token: Token) -> None:
        """Drops the token's own variables, if it has any."""
        if token.id in self.case.scopes:
            self.case.scopes.close(token.id)
            self.add(ScopeClosed(token.id))

    def write(self, scope: str, values: Mapping[str, Any]) -> None:
        """Writes variables where Zeebe's rules put them, seen from `scope`."""
        for target, written in self.case.scopes.write(scope, values).items():
            self.add(VariablesWritten(target, written))

    def stick(self, token: Token, problem: Stuck) -> None:
        """The token stands still with an incident."""
        key = self.case.new_key()
        token._set_state(WAITING)
        element = token.task_spec.element
        message = f"{element.label} ({element.id}): {problem.message}"
        token.internal_data["stuck"] = [key, problem.kind, message]
        self.add(
            IncidentRaised(
                key,
                element.id,
                problem.kind,
                message,
                problem.diagnostics,
            )
        )

    def resolve(self, token: Token) -> None:
        """The token's incident, if any, is over."""
        stuck = token.internal_data.pop("stuck", None)
        if stuck is not None:
            self.add(IncidentResolved(stuck[0]))

    def _drain(self) -> None:
        while self._queue:
            token = self._queue.popleft()
            if token.state != READY or token.id not in self.case.tokens:
                continue
            try:
                self._count(token)
                token.run()
            except Stuck as problem:
                self.stick(token, problem)

    def _count(self, token: Token) -> None:
        if self._left <= 0:
            raise Stuck(
                "loop",
                f"More than {MAX_ELEMENTS} elements ran without any wait. "
                "Is there a loop without a task, timer or message in it?",
            )
        self._left -= 1

    def _raise_deadlocks(self) -> bool:
        """A join whose missing flows nothing can bring is an incident, not endless silence."""
        found = False
        workflows: list[Workflow] = [self.case, *self.case.subprocesses.values()]
        for workflow in workflows:
            living = list(workflow.living())
            if not living or any(
                token.stuck is not None or (token.wait or {}).get("what") != "join"
                for token in living
            ):
                continue
            last = living[-1]
            self.stick(
                last,
                Stuck("deadlock", "The gateway waits for a flow along which nothing can come."),
            )
            found = True
        return found
