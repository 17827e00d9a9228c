"""Gateways: choose one flow, split and join all, wait for the first of several events."""

from __future__ import annotations

from bpmn.facts import ElementCompleted
from bpmn.runtime.events import arm_all
from bpmn.runtime.problem import Stuck
from bpmn.runtime.tokens import WAITING, Token
from bpmn.runtime.waits import set_wait
from bpmn.specs.base import ElementSpec


class ExclusiveGatewaySpec(ElementSpec):
    """Takes the first flow whose condition holds, in the order of the file, else the default."""

    def work(self, token: Token) -> bool:
        if len(self.outgoing) <= 1 and not any(
            self.process.flows[flow].condition for flow in self.outgoing
        ):
            return True
        evaluate = token.step.evaluator
        names = evaluate.at(token.scope)
        for flow_id in self.outgoing:
            condition = self.process.flows[flow_id].condition
            if condition is None or flow_id == self.element.default:
                continue
            if evaluate.condition(condition, names, f"condition of {flow_id}"):
                token.internal_data["take"] = [flow_id]
                return True
        if self.element.default is None:
            raise Stuck("condition", "No condition holds and there is no default flow.")
        token.internal_data["take"] = [self.element.default]
        return True


class ParallelGatewaySpec(ElementSpec):
    """Splits into all its flows; as a join it takes exactly one token from each incoming flow
    (BPMN 2.0.2, 13.4.1), so that it is right in loops too. Surplus tokens wait for the next."""

    counts_flows = True

    def _update_hook(self, my_task: Token) -> bool:
        if len(self.element.incoming) < 2:
            return True
        set_wait(my_task.step, my_task, {"what": "join"})
        my_task._set_state(WAITING)
        first: dict[str, Token] = {}
        for token in my_task.workflow.tasks.values():
            if token.task_spec is self and (token.wait or {}).get("what") == "join":
                first.setdefault(token.internal_data["flow"], token)
        if len(first) < len(self.element.incoming):
            return False
        for token in first.values():
            if token is not my_task:
                self._consume(token)
        my_task.internal_data.pop("wait")
        return True

    def _consume(self, token: Token) -> None:
        token.step.resolve(token)
        token.step.add(ElementCompleted(self.element.id, token.id, token.workflow.scope))
        token.drop()


class EventBasedGatewaySpec(ElementSpec):
    """Arms the events behind it; the first to come takes the token, the others are cleared."""

    def work(self, token: Token) -> bool:
        elements = [
            self.process.elements[self.process.flows[flow].target] for flow in self.outgoing
        ]
        arm_all(token.step, elements, token.workflow, token)
        set_wait(token.step, token, {"what": "event"})
        return False
