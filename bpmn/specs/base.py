"""What every element does: arrive, prepare, work or wait, write results, leave."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from bpmn.facts import ElementCompleted
from bpmn.model import Element, Process, Work
from bpmn.runtime.events import arm_all
from bpmn.runtime.problem import Stuck
from bpmn.runtime.tokens import STARTED, Phase, Token
from bpmn.spiff import BpmnTaskSpec

if TYPE_CHECKING:
    from bpmn.runtime.tokens import ScopeWorkflow
    from bpmn.specs.scope import ScopeSpec


W = TypeVar("W", bound=Work)


class ElementSpec(BpmnTaskSpec):
    """Base of all element specs. `in_rounds` says that it is the inside of a multi-instance
    activity: its boundary events then belong to the activity as a whole."""

    merges_results = True
    """Whether results become variables when there is no output mapping (payloads do not)."""
    own_scope = False
    """Whether it has variables of its own even without input mappings."""
    counts_flows = False
    """Whether it matters by which flow a token came."""
    crosses = False
    """Whether its own scope is the root of a called process, which its results come out of."""

    def __init__(
        self, scope: ScopeSpec, process: Process, element: Element, *, in_rounds: bool = False
    ) -> None:
        super().__init__(scope, element.id, lane=element.lane)
        self.home = scope
        self.process = process
        self.element = element
        self.in_rounds = in_rounds
        self.boundaries = () if in_rounds else process.boundary_events(element.id)
        self.outgoing = () if in_rounds else element.outgoing

    def detail(self, kind: type[W]) -> W:
        """What the model says about the element's work, which is of this kind."""
        if not isinstance(self.element.work, kind):
            raise TypeError(f"{self.element.id} is no {kind.__name__}")
        return self.element.work

    # --- what the kinds of element differ in -------------------------------------------------

    def work(self, token: Token) -> bool:
        """Does what the element is for; False when the token waits. Raises Stuck, and then
        nothing has happened yet."""
        return True

    def own_variables(self, token: Token) -> dict[str, Any]:
        """The variables of the element's own scope when it is entered: what a multi-instance
        round was given, and the input mappings. Raises Stuck."""
        given: Mapping[str, Any] = token.internal_data.get("given", {})
        scope = token.workflow.scope
        made = token.step.evaluator.mappings(self.element.inputs, scope, given, "input")
        return {**given, **made}

    def called(self) -> str | None:
        """The key of the process whose root the element's scope is."""
        return None

    def write_results(self, token: Token, values: Mapping[str, Any]) -> None:
        """Output mappings if there are any, else the results themselves. Raises Stuck."""
        if self.element.outputs:
            made = token.step.evaluator.mappings(
                self.element.outputs, token.scope, values, "output", through_calls=self.crosses
            )
            self.write_out(token, made)
        elif values and self.merges_results:
            token.step.write(token.scope, values)

    def write_out(self, token: Token, values: Mapping[str, Any]) -> None:
        """Writes around the element; a round keeps the variables that it was given for itself."""
        kept: list[str] = token.internal_data.get("own", [])
        inside = {name: value for name, value in values.items() if name in kept}
        if inside:
            token.step.open_scope(token, inside)
        token.step.write(
            token.workflow.scope, {name: v for name, v in values.items() if name not in inside}
        )

    def round_done(self, host: Token, inside: ScopeWorkflow, token: Token) -> bool:
        """Told to the host when a token inside ended; True when that is all settled."""
        return False

    def collect(self, host: Token, token: Token) -> None:
        """Told to a multi-instance host when a round is about to leave. Raises Stuck."""

    def before_leaving(self, token: Token) -> None:
        """What must happen between the results and the flows."""

    # --- SpiffWorkflow's life cycle ----------------------------------------------------------

    def _predict(self, my_task: Token, *args: Any, **kwargs: Any) -> None:
        """Nothing is predicted: only what is alive is kept."""

    def test(self) -> None:
        """The reader and the checks have looked at the structure already."""

    def _update(self, my_task: Token) -> None:
        if self._update_hook(my_task):
            my_task._ready()

    def _update_hook(self, my_task: Token) -> bool:
        return True

    def _on_ready(self, my_task: Token) -> None:
        my_task.step.queue(my_task)

    def _run(self, my_task: Token) -> bool | None:
        return self._run_hook(my_task)

    def _run_hook(self, my_task: Token) -> bool | None:
        if my_task.phase == Phase.ENTER:
            self._prepare(my_task)
            my_task.phase = Phase.WORK
        if my_task.phase == Phase.WORK:
            if not self.work(my_task):
                return None
            my_task.phase = Phase.LEAVE
        return True

    def _on_complete(self, my_task: Token) -> None:
        step = my_task.step
        memory = my_task.internal_data
        try:
            self.write_results(my_task, memory.get("values", {}))
            if self.in_rounds and my_task.workflow.host is not None:
                my_task.workflow.host.task_spec.collect(my_task.workflow.host, my_task)
            self.before_leaving(my_task)
        except Stuck:
            my_task._set_state(STARTED)
            raise
        step.disarm_around(my_task)
        step.close_scope(my_task)
        workflow = my_task.workflow
        step.add(ElementCompleted(self.element.id, my_task.id, workflow.scope))
        for flow_id in memory.get("take", self.outgoing):
            target = workflow.spec.task_specs[self.process.flows[flow_id].target]
            step.enter(target, workflow, flow=flow_id, **memory.get("next", {}))
        workflow._task_completed_notify(my_task)

    def _on_cancel(self, my_task: Token) -> None:
        my_task.step.cancelled(my_task)

    def _prepare(self, token: Token) -> None:
        step = token.step
        if self.own_scope or self.in_rounds or self.element.inputs:
            step.open_scope(token, self.own_variables(token), called=self.called())
        if self.boundaries:
            arm_all(step, list(self.boundaries), token.workflow, token)
        given = token.internal_data.pop("given", None)
        if given:
            token.internal_data["own"] = list(given)
