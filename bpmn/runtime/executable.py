"""From the model to something that runs: SpiffWorkflow specifications of every scope."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping

from bpmn.model import Element, Job, Kind, Process
from bpmn.specs.activities import (
    BusinessRuleTaskSpec,
    JobSpec,
    PassSpec,
    ReceiveTaskSpec,
    ScriptTaskSpec,
    SendSpec,
    UserTaskSpec,
)
from bpmn.specs.base import ElementSpec
from bpmn.specs.events import (
    BoundaryEventSpec,
    CatchEventSpec,
    EndEventSpec,
    StartEventSpec,
    ThrowEventSpec,
)
from bpmn.specs.gateways import EventBasedGatewaySpec, ExclusiveGatewaySpec, ParallelGatewaySpec
from bpmn.specs.scope import ScopeName, ScopeSpec
from bpmn.specs.scopes import CallActivitySpec, MultiInstanceSpec, SubProcessSpec

_SPECS: Mapping[Kind, type[ElementSpec]] = {
    Kind.TASK: PassSpec,
    Kind.MANUAL_TASK: PassSpec,
    Kind.USER_TASK: UserTaskSpec,
    Kind.SERVICE_TASK: JobSpec,
    Kind.SCRIPT_TASK: ScriptTaskSpec,
    Kind.BUSINESS_RULE_TASK: BusinessRuleTaskSpec,
    Kind.SEND_TASK: SendSpec,
    Kind.RECEIVE_TASK: ReceiveTaskSpec,
    Kind.EXCLUSIVE_GATEWAY: ExclusiveGatewaySpec,
    Kind.PARALLEL_GATEWAY: ParallelGatewaySpec,
    Kind.EVENT_BASED_GATEWAY: EventBasedGatewaySpec,
    Kind.START_EVENT: StartEventSpec,
    Kind.INTERMEDIATE_CATCH_EVENT: CatchEventSpec,
    Kind.INTERMEDIATE_THROW_EVENT: ThrowEventSpec,
    Kind.END_EVENT: EndEventSpec,
    Kind.BOUNDARY_EVENT: BoundaryEventSpec,
    Kind.SUB_PROCESS: SubProcessSpec,
    Kind.EVENT_SUB_PROCESS: SubProcessSpec,
    Kind.CALL_ACTIVITY: CallActivitySpec,
}
_CACHE_SIZE = 256


class Executable:
    """A process with all that it calls, ready to run. Immutable, shared by all its cases."""

    def __init__(self, process: Process, called: Mapping[str, Process]) -> None:
        self.process = process
        self.processes: dict[str, Process] = {**_reachable(process, called), process.key: process}
        self.specs: dict[ScopeName, ScopeSpec] = {}
        for each in self.processes.values():
            self._compile(each)

    @property
    def key(self) -> str:
        """The id of the process."""
        return self.process.key

    @property
    def name(self) -> str:
        """What people call the process."""
        return self.process.name

    def element(self, element_id: str, process: str | None = None) -> Element | None:
        """The element, of the called process `process` if given, else wherever it is found: first
        in the process itself."""
        if process is not None:
            return self.processes[process].elements.get(element_id)
        for each in (self.process, *self.processes.values()):
            if element_id in each.elements:
                return each.elements[element_id]
        return None

    def element_name(self, element_id: str, process: str | None = None) -> str:
        """What people call the element; its id when it has no name."""
        element = self.element(element_id, process)
        return element.label if element is not None else element_id

    def armed_spec(self, scope: ScopeSpec, element: Element) -> ElementSpec:
        """The spec of an event that is armed in `scope`: the start of an event sub-process is
        defined one scope further in."""
        if element.kind == Kind.START_EVENT:
            scope = self.specs[(scope.process.key, element.scope, False)]
        return scope.task_specs[element.id]

    def _compile(self, process: Process) -> None:
        self._compile_scope(process, "")
        for element in process.elements.values():
            if element.kind in (Kind.SUB_PROCESS, Kind.EVENT_SUB_PROCESS):
                self._compile_scope(process, element.id)
            if element.multi_instance is not None:
                rounds = ScopeSpec(process, element.id, rounds=True)
                _kind(element)(rounds, process, element, in_rounds=True)
                self.specs[rounds.scope_name] = rounds

    def _compile_scope(self, process: Process, scope_id: str) -> None:
        scope = ScopeSpec(process, scope_id)
        for element in process.children(scope_id):
            kind = _kind(element) if element.multi_instance is None else MultiInstanceSpec
            kind(scope, process, element)
        for flow in process.flows.values():
            if flow.source in scope.task_specs:
                scope.task_specs[flow.source].connect(scope.task_specs[flow.target])
        self.specs[scope.scope_name] = scope


def _kind(element: Element) -> type[ElementSpec]:
    return JobSpec if isinstance(element.work, Job) else _SPECS[element.kind]


def _reachable(process: Process, called: Mapping[str, Process]) -> dict[str, Process]:
    found: dict[str, Process] = {}
    todo = [process]
    while todo:
        for reference in todo.pop().references.processes:
            target = called.get(reference.id)
            if target is not None and target.key not in found:
                found[target.key] = target
                todo.append(target)
    return found


_compiled: OrderedDict[tuple[tuple[str, str, int], ...], Executable] = OrderedDict()


def compile_process(process: Process, called: Mapping[str, Process]) -> Executable:
    """The runnable form of `process`; `called` are the processes that it may call, by key. The
    same contents give the same object."""
    parts = [process, *_reachable(process, called).values()]
    key = tuple((each.key, each.sha256, each.vocabulary) for each in parts)
    executable = _compiled.get(key)
    if executable is None:
        executable = _compiled[key] = Executable(process, called)
        if len(_compiled) > _CACHE_SIZE:
            _compiled.popitem(last=False)
    return executable
