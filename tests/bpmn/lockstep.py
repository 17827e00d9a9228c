"""Drives one random case through the runtime and the reference at once, and compares them."""

from __future__ import annotations

from collections import Counter
from typing import Any

from bpmn import Fact, read_diagram
from bpmn import facts as f
from tests.bpmn.driving import Choice, Driver
from tests.bpmn.random_models import random_model, repeatable
from tests.bpmn.reference import Reference
from tests.bpmn.running import NOON, Running

MOST_STEPS = 60


class Lockstep:
    """A case that is kept in memory, the same case reloaded at every step, and the reference."""

    def __init__(self, xml: bytes, variables: dict[str, Any], choices: int) -> None:
        self.kept = Running(xml, variables, reload=False)
        self.reloaded = Running(xml, variables)
        self.driver = Driver(self.kept, repeatable(choices))
        self.second = Driver(self.reloaded, repeatable(choices))
        processes = read_diagram(xml, file="test.bpmn").processes
        self.reference = Reference(processes, "p", variables, NOON)
        self.places: dict[str, tuple[str, ...]] = {"": ()}
        self.log: list[Choice] = []
        self.compare()

    def step(self) -> bool:
        """The next thing happens to all three; False when they wait for nothing."""
        choice = self.driver.choose()
        if choice is None:
            return False
        self.log.append(choice)
        self.refer(choice)
        self.driver.do(choice)
        self.second.do(choice)
        self.compare()
        return True

    def refer(self, choice: Choice) -> None:
        """The choice happens to the reference."""
        case, index, values = self.reference, choice.index, choice.values
        match choice.what:
            case "task":
                case.complete(case.waiting("task")[index], values)
            case "timer" | "message":
                token = case.waiting(choice.what)[index]
                case.now = max(case.now, token.due or case.now)
                case.happen(token)
            case "incident":
                case.retry(case.incidents()[index], values)
            case "job":
                case.complete(case.waiting("job")[index], values)
            case "failed job":
                case.fail(case.waiting("job")[index])
            case _:
                case.error(case.waiting("job")[index], "broken")

    def compare(self) -> None:
        """What happened in the last step and what stands now must be the same in all three."""
        facts = self.kept.step.facts
        assert facts == self.reloaded.step.facts, self.log
        assert self.kept.live.save() == self.reloaded.live.save(), self.log
        for fact in facts:
            if isinstance(fact, f.ElementEntered):
                self.places[fact.key] = (*self.places[fact.scope], fact.element_id)
        ours, theirs = self._ours(facts), self._theirs()
        assert ours == theirs, self.log

    def _ours(self, facts: tuple[Fact, ...]) -> dict[str, Any]:
        snapshot = self.kept.snapshot
        where = {key: element for element, key in snapshot.active_elements}
        scopes = sorted(snapshot.variables.items(), key=lambda pair: int(pair[0] or 0))
        return {
            "flows": [fact.flow_id for fact in facts if isinstance(fact, f.FlowTaken)],
            "entered": [fact.element_id for fact in facts if isinstance(fact, f.ElementEntered)],
            "completed": Counter(
                fact.element_id for fact in facts if isinstance(fact, f.ElementCompleted)
            ),
            "cancelled": Counter(
                fact.element_id for fact in facts if isinstance(fact, f.ElementCancelled)
            ),
            "places": [self.places[key] for _, key in snapshot.active_elements],
            "tasks": [where[key] for key in snapshot.open_tasks],
            "timers": [(t.element_id, t.due, t.repeats) for t in snapshot.timers],
            "messages": [s.element_id for s in snapshot.subscriptions],
            "jobs": [where[key.partition(".")[0]] for key in self.driver.jobs],
            "incidents": [(i.element_id, i.kind) for i in snapshot.incidents],
            "variables": [values for _, values in scopes],
            "completed case": snapshot.completed,
        }

    def _theirs(self) -> dict[str, Any]:
        case = self.reference
        living = [token for token in case.tokens() if not token.armed and not token.over]
        seen: dict[str, Any] = {
            "flows": case.taken,
            "entered": case.entered,
            "completed": Counter(case.completed),
            "cancelled": Counter(case.cancelled),
            "places": [token.path for token in living],
            "tasks": [token.element.id for token in case.waiting("task")],
            "timers": [(t.element.id, t.due, t.left) for t in case.waiting("timer")],
            "messages": [token.element.id for token in case.waiting("message")],
            "jobs": [token.element.id for token in case.waiting("job")],
            "incidents": [(t.element.id, t.incident and t.incident[1]) for t in case.incidents()],
            "variables": [case.variables.case, *(t.own for t in living if t.own is not None)],
            "completed case": case.root.finished,
        }
        case.taken, case.entered, case.completed, case.cancelled = [], [], [], []
        return seen


def run_in_lockstep(seed: int) -> Lockstep:
    """Runs the model of this number to its end or for `MOST_STEPS` steps."""
    known = repeatable(seed).sample(["k0", "k1", "k2"], 2)
    run = Lockstep(random_model(seed), {"c": 0, **dict.fromkeys(known, 1)}, seed)
    while len(run.log) < MOST_STEPS and run.step():
        pass
    return run
