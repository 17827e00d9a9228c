"""The runtime against two others over random models: SpiffWorkflow as it comes, and a reference
that keeps everything; the latter with the case kept in memory and reloaded at every step.

`make long` runs 500 models of each kind, `make soak` (RIHLA_SOAK=1) 10,000 of each.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest

from bpmn import read_diagram
from bpmn.model import EventKind, Kind
from bpmn.reader import notes
from bpmn.runtime import events
from bpmn.runtime.scopes import ScopeTree
from bpmn.runtime.step import Step
from bpmn.runtime.tokens import Token
from bpmn.runtime.waits import set_wait
from bpmn.specs.activities import ScriptTaskSpec
from bpmn.specs.events import EndEventSpec
from bpmn.specs.gateways import ExclusiveGatewaySpec, ParallelGatewaySpec
from bpmn.specs.scopes import MultiInstanceSpec
from tests.bpmn.lockstep import run_in_lockstep
from tests.bpmn.random_models import random_model
from tests.bpmn.stock import run_beside_stock, stock_model

SHORT = range(60)
PARTS = 20
PART = 10_000 // PARTS if os.environ.get("RIHLA_SOAK") else 500 // PARTS


@pytest.fixture(autouse=True)
def no_hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    """A busy machine may take its time over a file; how long is not what is tested here."""
    monkeypatch.setattr(notes, "MAX_SECONDS", 600.0)


def part(number: int) -> range:
    """The models of one part of the long run; none of them is in the short one."""
    return range(len(SHORT) + number * PART, len(SHORT) + (number + 1) * PART)


def test_random_cases_run_as_in_the_reference() -> None:
    happened: Counter[str] = Counter()
    for seed in SHORT:
        happened.update(choice.what for choice in run_in_lockstep(seed).log)
    assert set(happened) == {
        *("task", "timer", "message", "incident", "job", "failed job", "job's error")
    }


def test_random_cases_run_as_in_the_library_as_it_comes() -> None:
    assert sum(run_beside_stock(seed) for seed in SHORT) > 300


@pytest.mark.soak
@pytest.mark.parametrize("number", range(PARTS))
def test_many_random_cases_run_as_in_the_reference(number: int) -> None:
    for seed in part(number):
        run_in_lockstep(seed)


@pytest.mark.soak
@pytest.mark.parametrize("number", range(PARTS))
def test_many_random_cases_run_as_in_the_library_as_it_comes(number: int) -> None:
    for seed in part(number):
        run_beside_stock(seed)


def kinds(models: Callable[[int], bytes]) -> set[Kind | EventKind]:
    """What elements and events the models of the short run hold."""
    found: set[Kind | EventKind] = set()
    for seed in SHORT:
        for process in read_diagram(models(seed), file="test.bpmn").processes.values():
            for element in process.elements.values():
                found |= {element.kind, element.event.kind}
    return found


def test_the_models_hold_what_is_to_be_compared() -> None:
    sends_or_decides = {Kind.SEND_TASK, Kind.BUSINESS_RULE_TASK}
    does_nothing = {Kind.TASK, Kind.MANUAL_TASK, Kind.INTERMEDIATE_THROW_EVENT}
    assert kinds(random_model) == {*Kind, *EventKind} - sends_or_decides - does_nothing
    assert {Kind.PARALLEL_GATEWAY, Kind.EVENT_BASED_GATEWAY, EventKind.TERMINATE} <= kinds(
        stock_model
    )


def early_join(spec: ParallelGatewaySpec, token: Token) -> bool:
    """A join that waits for two flows only, whatever their number."""
    if len(spec.element.incoming) < 2:
        return True
    set_wait(token.step, token, {"what": "join"})
    here = [t for t in token.workflow.tasks.values() if t.task_spec is spec]
    if len(here) < 2:
        return False
    for other in here:
        if other is not token:
            spec._consume(other)
    token.internal_data.pop("wait")
    return True


def last_flow(spec: ExclusiveGatewaySpec, token: Token) -> bool:
    """A gateway that looks at no condition."""
    token.internal_data["take"] = list(spec.outgoing[-1:])
    return True


def into_root(tree: ScopeTree, _scope: str, values: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Variables that all go to the root."""
    tree.write_local("", values)
    return {"": dict(values)} if values else {}


FAULTS: dict[str, tuple[object, str, Callable[..., Any]]] = {
    "a join fires early": (ParallelGatewaySpec, "_update_hook", early_join),
    "conditions are not looked at": (ExclusiveGatewaySpec, "work", last_flow),
    "variables go to the root": (ScopeTree, "write", into_root),
    "armed events stay": (Step, "disarm_around", lambda *_: None),
    "a cycle comes once": (events, "next_round", lambda *_: None),
    "an error is caught outside": (events, "_best", lambda *_: None),
    "a terminate end ends nothing": (EndEventSpec, "before_leaving", lambda *_: None),
    "a round is not collected": (MultiInstanceSpec, "collect", lambda *_: None),
    "a script does nothing": (ScriptTaskSpec, "work", lambda *_: True),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_in_the_runtime_does_not_pass(fault: str, monkeypatch: pytest.MonkeyPatch) -> None:
    where, name, broken = FAULTS[fault]
    monkeypatch.setattr(where, name, broken)
    with pytest.raises(AssertionError):
        test_random_cases_run_as_in_the_reference()


@pytest.mark.parametrize(
    "fault", ["a join fires early", "conditions are not looked at", "a terminate end ends nothing"]
)
def test_the_library_shows_a_fault_too(fault: str, monkeypatch: pytest.MonkeyPatch) -> None:
    where, name, broken = FAULTS[fault]
    monkeypatch.setattr(where, name, broken)
    with pytest.raises(AssertionError):
        test_random_cases_run_as_in_the_library_as_it_comes()
