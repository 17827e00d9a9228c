"""Activities with an inside: sub-processes, called processes, multi-instance."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bpmn.model import CalledProcess, Kind, MultiInstance, Value
from bpmn.runtime.problem import Stuck, shown
from bpmn.runtime.step import MAX_DEPTH
from bpmn.runtime.tokens import ScopeWorkflow, Token
from bpmn.runtime.waits import set_wait
from bpmn.specs.base import ElementSpec
from bpmn.specs.scope import ScopeName

MAX_ROUNDS = 1_000


class SubProcessSpec(ElementSpec):
    """An embedded sub-process; an event sub-process is one that its event has started."""

    own_scope = True

    def work(self, token: Token) -> bool:
        self._open(token, (self.process.key, self.element.id, False))
        return False

    def _open(self, token: Token, name: ScopeName) -> None:
        step = token.step
        if _depth(token) >= MAX_DEPTH:
            raise Stuck("depth", f"Scopes are nested more than {MAX_DEPTH} deep.")
        inside = step.case.create_subprocess(token, name)
        set_wait(step, token, {"what": "scope"})
        start_id = token.internal_data.pop("start", None) or _none_start(inside)
        values = token.internal_data.pop("values", {})
        step.enter(inside.spec.task_specs[start_id], inside, values=values)


def _depth(token: Token) -> int:
    workflow = token.workflow
    return workflow.depth if isinstance(workflow, ScopeWorkflow) else 0


def _none_start(inside: ScopeWorkflow) -> str:
    for spec in inside.spec.task_specs.values():
        element = spec.element
        if element.kind == Kind.START_EVENT and element.event.message is None:
            return element.id
    raise Stuck("start", "The inside has no plain start event.")


class CallActivitySpec(SubProcessSpec):
    """Runs another process inside this case, with variables of its own."""

    crosses = True

    def called(self) -> str | None:
        return self._call.process

    @property
    def _call(self) -> CalledProcess:
        return self.detail(CalledProcess)

    def own_variables(self, token: Token) -> dict[str, Any]:
        own = super().own_variables(token)
        if not self._call.all_in:
            return own
        return {**token.case.scopes.visible(token.workflow.scope), **own}

    def work(self, token: Token) -> bool:
        name = (self._call.process, "", False)
        if name not in token.case.subprocess_specs:
            raise Stuck("call", f'There is no process "{self._call.process}" in this deployment.')
        self._open(token, name)
        return False

    def write_results(self, token: Token, values: Mapping[str, Any]) -> None:
        if self.element.outputs:
            super().write_results(token, values)
        elif self._call.all_out:
            self.write_out(token, token.case.scopes.changed(token.id))


class MultiInstanceSpec(ElementSpec):
    """One round of the activity per item, all at once or one after the other."""

    own_scope = True

    @property
    def _loop(self) -> MultiInstance:
        if self.element.multi_instance is None:
            raise TypeError(f"{self.element.id} is not multi-instance")
        return self.element.multi_instance

    def own_variables(self, token: Token) -> dict[str, Any]:
        return {}

    def work(self, token: Token) -> bool:
        step = token.step
        loop = self._loop
        names = step.evaluator.at(token.workflow.scope)
        items = step.evaluator.required(loop.input_collection, names, "input collection")
        if not isinstance(items, list):
            raise Stuck("collection", "The input collection is no list.", (shown(items),))
        if len(items) > MAX_ROUNDS:
            raise Stuck("collection", f"The input collection has more than {MAX_ROUNDS} items.")
        if _depth(token) >= MAX_DEPTH:
            raise Stuck("depth", f"Scopes are nested more than {MAX_DEPTH} deep.")
        token.internal_data["loop"] = {"all": len(items), "done": 0, "out": [None] * len(items)}
        if not items:
            return True
        inside = step.case.create_subprocess(token, (self.process.key, self.element.id, True))
        set_wait(step, token, {"what": "scope"})
        if loop.sequential:
            token.internal_data["loop"]["items"] = items
            self._start_round(token, inside, 0, items[0])
        else:
            for number, item in enumerate(items):
                self._start_round(token, inside, number, item)
        return False

    def _start_round(self, token: Token, inside: ScopeWorkflow, number: int, item: Any) -> None:
        loop = self._loop
        given: dict[str, Any] = {"loopCounter": number + 1}
        if loop.input_element:
            given[loop.input_element] = item
        if loop.output_element is not None:
            name = loop.output_element.text.split(".")[0].strip()
            if name.isidentifier() and name not in given:
                given[name] = None
        spec = inside.spec.task_specs[self.element.id]
        token.step.enter(spec, inside, given=given, round=number)

    def collect(self, host: Token, token: Token) -> None:
        """Takes the output element of a round that is about to leave. Raises Stuck."""
        loop = self._loop
        if loop.output_element is not None:
            evaluate = host.step.evaluator
            names = evaluate.at(token.scope, through_calls=token.task_spec.crosses)
            value = evaluate.value(loop.output_element, names, "output element")
            host.internal_data["loop"]["out"][token.internal_data["round"]] = value
        if loop.completion_condition is not None:
            host.internal_data["loop"]["end"] = self._ends(host, token, loop.completion_condition)

    @staticmethod
    def _ends(host: Token, token: Token, condition: Value) -> bool:
        state = host.internal_data["loop"]
        counters = {
            "numberOfInstances": state["all"],
            "numberOfCompletedInstances": state["done"] + 1,
            "numberOfActiveInstances": sum(1 for _ in token.workflow.living()) - 1,
            "numberOfTerminatedInstances": 0,
        }
        evaluate = host.step.evaluator
        crosses = token.task_spec.crosses
        names = evaluate.at(token.scope, counters, through_calls=crosses)
        return evaluate.condition(condition, names, "completion condition")

    def round_done(self, host: Token, inside: ScopeWorkflow, token: Token) -> bool:
        state = host.internal_data["loop"]
        state["done"] += 1
        step = host.step
        if state.get("end"):
            step.cancel_inside(inside)
            return False
        items = state.get("items")
        if items is None or state["done"] >= len(items):
            return False
        self._start_round(host, inside, state["done"], items[state["done"]])
        return True

    def write_results(self, token: Token, values: Mapping[str, Any]) -> None:
        name = self._loop.output_collection
        if name:
            token.step.write(token.workflow.scope, {name: token.internal_data["loop"]["out"]})
