"""Start, catch, throw, end and boundary events."""

from __future__ import annotations

from bpmn.facts import ElementCompleted
from bpmn.model import EventKind, SentMessage
from bpmn.runtime.events import arm_all, find_catcher, throw
from bpmn.runtime.problem import Stuck
from bpmn.runtime.tokens import Token
from bpmn.runtime.waits import event_wait, set_wait
from bpmn.specs.activities import send_message
from bpmn.specs.base import ElementSpec


class StartEventSpec(ElementSpec):
    """The first token of a scope; it arms the scope's event sub-processes."""

    merges_results = False

    def work(self, token: Token) -> bool:
        workflow = token.workflow
        if workflow.spec.event_starts:
            starts = list(workflow.spec.event_starts)
            arm_all(token.step, starts, workflow, None)
        return True


class CatchEventSpec(ElementSpec):
    """An intermediate event that waits for a message or a timer."""

    merges_results = False

    def work(self, token: Token) -> bool:
        step = token.step
        set_wait(step, token, event_wait(step, self.element, step.evaluator.at(token.scope)))
        return False


class BoundaryEventSpec(ElementSpec):
    """Runs when its event has come; until then it is armed beside its activity."""

    merges_results = False


class ThrowEventSpec(ElementSpec):
    """An intermediate event that does nothing, or publishes a message."""

    merges_results = False

    def work(self, token: Token) -> bool:
        if isinstance(self.element.work, SentMessage):
            send_message(token)
        return True


class EndEventSpec(ThrowEventSpec):
    """Ends its token; an error looks for its catcher, a terminate ends the whole scope."""

    def work(self, token: Token) -> bool:
        if self.element.event.kind != EventKind.ERROR:
            return super().work(token)
        code = self.element.event.error_code or ""
        catcher = find_catcher(token, code)
        if catcher is None:
            raise Stuck("error", f'Nothing catches the error "{code}".')
        step = token.step
        values = dict(step.case.scopes.local(token.id)) if self.element.inputs else {}
        step.close_scope(token)
        step.add(ElementCompleted(self.element.id, token.id, token.workflow.scope))
        token.drop()
        throw(step, catcher, code, self.element.label, values)
        return False

    def before_leaving(self, token: Token) -> None:
        if self.element.event.kind == EventKind.TERMINATE:
            for other in list(token.workflow.tasks.values()):
                if other is token or other.id not in token.case.tokens:
                    continue
                if other.alive:
                    other.cancel()
                else:
                    token.step.disarm(other)
