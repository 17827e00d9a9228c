"""Tokens and the containers they live in: SpiffWorkflow's task and workflows without its tree.

A finished token is dropped at once and none is predicted, so a case holds what is alive and
nothing else, however long it has run. Task data stays empty; variables are in the scope tree.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import IntEnum
from typing import TYPE_CHECKING, Any, NoReturn

from bpmn.runtime.scopes import ScopeTree
from bpmn.spiff import BpmnSubWorkflow, BpmnWorkflow, Task, TaskState

if TYPE_CHECKING:
    from bpmn.runtime.step import Step
    from bpmn.specs.base import ElementSpec
    from bpmn.specs.scope import ScopeSpec


class Phase(IntEnum):
    """How far a token is inside its element; part of the saved state."""

    ENTER = 0  # input mappings and boundary events are to be made
    WORK = 1  # the element does what it is for, or waits
    LEAVE = 2  # results are to be written and flows to be taken


class Token(Task):
    """One token at one element, or an event that is armed beside it."""

    workflow: ScopeWorkflow | CaseWorkflow
    task_spec: ElementSpec

    def __init__(
        self, workflow: ScopeWorkflow | CaseWorkflow, spec: ElementSpec, key: str, state: int
    ) -> None:
        super().__init__(workflow, spec, None, state, id=key)
        workflow.case.tokens[key] = self

    def _set_state(self, value: int) -> None:
        self._state = value

    @property
    def case(self) -> CaseWorkflow:
        """The workflow at the top."""
        return self.workflow.case

    @property
    def step(self) -> Step:
        """The step that is being run."""
        return self.workflow.case.running

    @property
    def phase(self) -> Phase:
        """How far the token is."""
        return Phase(self.internal_data.get("phase", Phase.ENTER))

    @phase.setter
    def phase(self, value: Phase) -> None:
        self.internal_data["phase"] = int(value)

    @property
    def armed_for(self) -> str | None:
        """For an armed event the key of the token it watches (`""`: its whole scope)."""
        armed: str | None = self.internal_data.get("armed")
        return armed

    @property
    def alive(self) -> bool:
        """Whether the token counts for the end of its scope."""
        return "armed" not in self.internal_data

    @property
    def stuck(self) -> list[str] | None:
        """The incident the token stands in: key, kind and message."""
        stuck: list[str] | None = self.internal_data.get("stuck")
        return stuck

    @property
    def wait(self) -> dict[str, Any] | None:
        """What the token waits for; `what` is task, timer, message, job or scope."""
        wait: dict[str, Any] | None = self.internal_data.get("wait")
        return wait

    @property
    def scope(self) -> str:
        """The scope whose variables the token sees: its own if it has one."""
        return self.id if self.id in self.case.scopes else self.workflow.scope

    def drop(self) -> None:
        """Takes the token out of the case."""
        del self.workflow.tasks[self.id]
        del self.case.tokens[self.id]


class NoScripts:
    """Stands where SpiffWorkflow keeps its Python engine, and refuses everything."""

    def __getattr__(self, name: str) -> NoReturn:
        raise RuntimeError("SpiffWorkflow's script engine is not used here.")


class ScopeWorkflow(BpmnSubWorkflow):
    """The inside of one sub-process, called process or multi-instance activity."""

    spec: ScopeSpec
    tasks: dict[str, Token]

    def __init__(self, spec: ScopeSpec, host: Token) -> None:
        super().__init__(spec, host.id, host.case, deserializing=True)

    @property
    def case(self) -> CaseWorkflow:
        """The workflow at the top."""
        top: CaseWorkflow = self.top_workflow
        return top

    @property
    def scope(self) -> str:
        """The scope of the variables that belong to this inside."""
        return self.parent_task_id

    @property
    def host(self) -> Token | None:
        """The token of the element whose inside this is."""
        return self.case.tokens.get(self.parent_task_id)

    def living(self) -> Iterator[Token]:
        """The tokens that keep this from ending."""
        return (token for token in self.tasks.values() if token.alive)

    def _task_completed_notify(self, token: Token) -> None:
        self.case.running.token_done(token)


class CaseWorkflow(BpmnWorkflow):
    """A whole case: the tokens of the process itself, and an index of all others."""

    spec: ScopeSpec
    tasks: dict[str, Token]
    subprocesses: dict[str, ScopeWorkflow]
    running: Step

    def __init__(self, spec: ScopeSpec, specs: Mapping[tuple[str, str, bool], ScopeSpec]) -> None:
        self.tokens: dict[str, Token] = {}
        self.scopes = ScopeTree()
        self.counter = 0
        self.cancelled = False
        super().__init__(spec, specs, NoScripts(), deserializing=True)

    @property
    def case(self) -> CaseWorkflow:
        """This one."""
        return self

    @property
    def scope(self) -> str:
        """The root scope."""
        return ""

    @property
    def host(self) -> None:
        """Nothing is around the case."""
        return None

    def living(self) -> Iterator[Token]:
        """The tokens that keep this from ending."""
        return (token for token in self.tasks.values() if token.alive)

    def get_task_from_id(self, key: str) -> Token:
        """The token of this key, wherever it is."""
        return self.tokens[key]

    def create_subprocess(self, host: Token, spec_name: tuple[str, str, bool]) -> ScopeWorkflow:
        """Opens the inside of `host`."""
        inside = ScopeWorkflow(self.subprocess_specs[spec_name], host)
        self.subprocesses[host.id] = inside
        return inside

    def new_key(self) -> str:
        """A key that this case has never used."""
        self.counter += 1
        return str(self.counter)

    def _task_completed_notify(self, token: Token) -> None:
        self.running.token_done(token)


READY = TaskState.READY
WAITING = TaskState.WAITING
STARTED = TaskState.STARTED
