"""The same case in SpiffWorkflow as it comes: its own parser, task tree and joins.

Only shapes that it runs right are made for it: user tasks, exclusive gateways and loops through
them, parallel gateways outside loops, sub-processes, simple calls, and messages that interrupt,
are waited for or raced for, terminate ends. Its Python engine is replaced by one that evaluates
FEEL over the variables the test has set.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any, ClassVar

from lxml import etree
from SpiffWorkflow.bpmn.parser.BpmnParser import BpmnParser
from SpiffWorkflow.bpmn.specs.control import BoundaryEventSplit
from SpiffWorkflow.bpmn.specs.event_definitions.message import MessageEventDefinition
from SpiffWorkflow.bpmn.specs.event_definitions.multiple import MultipleEventDefinition
from SpiffWorkflow.bpmn.specs.mixins.events.intermediate_event import BoundaryEvent
from SpiffWorkflow.bpmn.util.event import BpmnEvent
from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from bpmn import ElementCompleted, ElementEntered, Kind
from dmn import Expression, compile_expression
from tests.bpmn.diagrams import (
    both,
    boundary,
    call,
    catch,
    diagram,
    end,
    node,
    on_message,
    path,
    process,
    start,
    sub,
    user,
    xor,
)
from tests.bpmn.random_models import TERMINATE, Builder, repeatable
from tests.bpmn.running import Running

Place = tuple[str, ...]
"""An element behind the activities it is in, outermost first."""
MOST_STEPS = 80

CHILD = process(
    start("child_start"),
    user("child_u"),
    user("child_v"),
    end("child_end"),
    path("child_start", "child_u", "child_v", "child_end"),
    key="child",
)


class StockBuilder(Builder):
    """Builds what SpiffWorkflow runs right."""

    kinds: ClassVar = (
        *("user", "pass", "xor", "xor", "seq", "seq", "loop", "sub", "and", "and", "call"),
        *("bound", "catch", "race", "stop"),
    )
    leaves: ClassVar = ("user", "user", "pass", "catch")

    def __init__(self, rng: random.Random) -> None:
        super().__init__(rng)
        self.in_loop = False
        self.messages: dict[str, str | None] = {}

    def block(self, depth: int, out: list[str]) -> tuple[str, str]:
        kind = "seq" if depth > 2 else self.rng.choice(self.kinds if depth > 0 else self.leaves)
        if kind == "and" and self.in_loop:
            kind = "xor"
        made: tuple[str, str] = getattr(self, f"_{kind}")(depth - 1, out)
        return made

    def _loop(self, depth: int, out: list[str]) -> tuple[str, str]:
        around, self.in_loop = self.in_loop, True
        made = super()._loop(depth, out)
        self.in_loop = around
        return made

    def _pass(self, _depth: int, out: list[str]) -> tuple[str, str]:
        name = self.name("t")
        out.append(node("intermediateThrowEvent", name))
        return name, name

    def _message(self, name: str) -> str:
        """Every event has a message of its own: SpiffWorkflow hands one to all that wait."""
        self.messages[name] = "=case.id"
        return on_message(name)

    def _catch(self, _depth: int, out: list[str]) -> tuple[str, str]:
        name = self.name("w")
        out.append(catch(name, self._message(name)))
        return name, name

    def _bound(self, depth: int, out: list[str]) -> tuple[str, str]:
        name, event, merge = self.name("u"), self.name("b"), self.name("m")
        first, last = self.block(depth, out)
        out.append(self.rng.choice([user(name), sub(name, self._inside(depth))]))
        out.append(boundary(event, name, self._message(event)) + xor(merge))
        out.append(path(name, merge) + path(event, first) + path(last, merge))
        return name, merge

    def _race(self, depth: int, out: list[str]) -> tuple[str, str]:
        split, merge = self.name("g"), self.name("m")
        out.append(node("eventBasedGateway", split) + xor(merge))
        for _ in range(2):
            name = self._catch(depth, out)[0]
            first, last = self.block(depth, out)
            out.append(path(split, name, first) + path(last, merge))
        return split, merge

    def _stop(self, depth: int, out: list[str]) -> tuple[str, str]:
        """A person comes before the terminate end: how far the others have come when two run by
        themselves is nowhere laid down."""
        name, begin, split, good, stop = (self.name(p) for p in ("sp", "st", "g", "en", "te"))
        inner: list[str] = []
        first, last = self.block(depth, inner)
        inner.append(start(begin) + both(split) + user(f"{stop}u") + end(good))
        inner.append(end(stop, TERMINATE) + path(begin, split, first) + path(last, good))
        inner.append(path(split, f"{stop}u", stop))
        out.append(sub(name, *inner))
        return name, name

    def _call(self, _depth: int, out: list[str]) -> tuple[str, str]:
        name = self.name("ca")
        out.append(call(name, "child"))
        return name, name


def stock_model(seed: int) -> bytes:
    """The diagram of this number, always the same."""
    builder = StockBuilder(repeatable(seed))
    out: list[str] = []
    first, last = builder.block(4, out)
    out += [start(), end(), path("start", first), path(last, "end")]
    return diagram(process(*out), CHILD, messages=builder.messages)


@cache
def _compiled(text: str) -> Expression:
    return compile_expression(text.removeprefix("="))


class FeelEngine:
    """Conditions in FEEL, over one set of variables for the whole case."""

    def __init__(self) -> None:
        self.variables: dict[str, Any] = {}

    def evaluate(self, task: Task, expression: str, external_context: Any = None) -> Any:
        return _compiled(expression).evaluate(self.variables).value


@dataclass
class Account:
    """How a case stands: open user tasks, messages waited for, elements left (a join once,
    however many tokens came) and ways from one element to the next, each with how often."""

    open_tasks: Counter[Place] = field(default_factory=Counter)
    messages: Counter[str] = field(default_factory=Counter)
    completed: Counter[str] = field(default_factory=Counter)
    flows: Counter[tuple[str, str]] = field(default_factory=Counter)
    done: bool = False


class Stock:
    """A case in SpiffWorkflow."""

    def __init__(self, xml: bytes, variables: Mapping[str, Any]) -> None:
        parser = BpmnParser()
        # Its calls are BPMN's own attribute, ours are Zeebe's extension.
        text = xml.replace(b"<callActivity ", b'<callActivity calledElement="child" ')
        parser.add_bpmn_xml(etree.fromstring(text))
        self.engine = FeelEngine()
        self.engine.variables.update(variables)
        self.workflow = BpmnWorkflow(
            parser.get_spec("p"), parser.get_subprocess_specs("p"), self.engine
        )
        self.workflow.do_engine_steps()

    def complete(self, where: Place, values: Mapping[str, Any]) -> None:
        """The open task of this place is done."""
        self.engine.variables.update(values)
        ready = self.workflow.get_tasks(state=TaskState.READY, manual=True)
        next(task for task in ready if self._place(task) == where).run()
        self.workflow.do_engine_steps()

    def deliver(self, message: str) -> None:
        """The message has come."""
        self.workflow.send_event(BpmnEvent(MessageEventDefinition(message)))
        self.workflow.do_engine_steps()

    def account(self) -> Account:
        """How the case stands. A token that a join has used up is a cancelled task behind a
        completed one."""
        account = Account(done=bool(self.workflow.completed))
        for task in self.workflow.event_manager.tasks.values():
            event = task.task_spec.event_definition
            events = (
                event.event_definitions if isinstance(event, MultipleEventDefinition) else [event]
            )
            account.messages.update(each.name for each in events)
        for task in self.workflow.get_tasks():
            element = task.task_spec.bpmn_id
            if not element or task.has_state(TaskState.PREDICTED_MASK):
                continue
            if task.state == TaskState.COMPLETED:
                account.completed[element] += 1
            elif task.state == TaskState.READY and task.task_spec.manual:
                account.open_tasks[self._place(task)] += 1
            if isinstance(task.task_spec, BoundaryEvent):
                continue
            before = task.parent
            if isinstance(before.task_spec, BoundaryEventSplit):
                before = before.parent
            if before.task_spec.bpmn_id and before.state == TaskState.COMPLETED:
                account.flows[before.task_spec.bpmn_id, element] += 1
        return account

    def _place(self, task: Task) -> Place:
        host = task.workflow.parent_task_id
        around = self._place(self.workflow.get_task_from_id(host)) if host else ()
        return (*around, task.task_spec.bpmn_id)


class Ours:
    """The runtime's account of a case, counted as `Stock` counts."""

    def __init__(self, xml: bytes, variables: Mapping[str, Any]) -> None:
        self.case = Running(xml, variables, reload=False)
        processes = self.case.executable.processes.values()
        self._elements = {e.id: e for process in processes for e in process.elements.values()}
        self._flows = {f.id: f for process in processes for f in process.flows.values()}

    def complete(self, where: Place, values: Mapping[str, Any]) -> None:
        case = self.case
        key = next(k for k in case.snapshot.open_tasks if self._place(k) == where)
        case.took(case.live.complete_task(key, values, case.world))

    def deliver(self, message: str) -> None:
        self.case.deliver(message)

    def account(self) -> Account:
        taken = (self._flows[flow_id] for flow_id in self.case.flows())
        account = Account(
            Counter(self._place(key) for key in self.case.snapshot.open_tasks),
            Counter(each.message for each in self.case.snapshot.subscriptions),
            Counter(fact.element_id for fact in self.case.of(ElementCompleted)),
            Counter((flow.source, flow.target) for flow in taken),
            self.case.done,
        )
        for element_id in account.completed:
            element = self._elements[element_id]
            if element.kind == Kind.PARALLEL_GATEWAY:
                account.completed[element_id] //= max(1, len(element.incoming))
        return account

    def _place(self, key: str) -> Place:
        entered = next(fact for fact in self.case.of(ElementEntered) if fact.key == key)
        around = self._place(entered.scope) if entered.scope else ()
        return (*around, entered.element_id)


def run_beside_stock(seed: int) -> int:
    """Runs the model of this number in both, comparing after every step; gives the steps."""
    xml = stock_model(seed)
    rng = repeatable(seed)
    variables: dict[str, Any] = {"c": 0, "k0": 0, "k1": 0, "k2": 0}
    ours, stock = Ours(xml, variables), Stock(xml, variables)
    log: list[tuple[Place, dict[str, Any]]] = []
    while True:
        account = stock.account()
        assert ours.account() == account, log
        if account.done or len(log) == MOST_STEPS:
            return len(log)
        where = rng.choice(sorted([*account.open_tasks, *((name,) for name in account.messages)]))
        values = {"c": rng.randrange(3), f"k{rng.randrange(3)}": rng.randrange(4)}
        if where[-1].startswith("child_"):  # what a called process writes comes out at its end
            values = {"inside": 1}
        log.append((where, values))
        for case in (ours, stock):
            if where in account.open_tasks:
                case.complete(where, values)
            else:
                case.deliver(where[0])
