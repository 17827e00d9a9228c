"""Random ways of driving a case."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Any

from bpmn import JobRequested, JobWithdrawn
from tests.bpmn.running import Running


@dataclass(frozen=True)
class Choice:
    """Something that can happen to a case: to the `index`th of what waits in this way."""

    what: str
    index: int
    values: dict[str, Any]


class Driver:
    """Does at random what a case waits for."""

    def __init__(self, case: Running, rng: random.Random) -> None:
        self.case = case
        self.rng = rng
        self.jobs: list[str] = []
        self._look()

    def choose(self) -> Choice | None:
        """The next thing to happen; None when the case waits for nothing."""
        snapshot = self.case.snapshot
        chances = [("task", index) for index in range(len(snapshot.open_tasks))]
        chances += [("timer", index) for index in range(len(snapshot.timers))]
        chances += [("message", index) for index in range(len(snapshot.subscriptions))]
        chances += [("incident", index) for index in range(len(snapshot.incidents))]
        chances += [("job", index) for index in range(len(self.jobs))]
        if not chances:
            return None
        what, index = chances[self.rng.randrange(len(chances))]
        if what == "job":
            what = self.rng.choice(["job", "failed job", "job's error"])
        values = {"c": self.rng.randrange(4), f"k{self.rng.randrange(3)}": self.rng.randrange(9)}
        return Choice(what, index, values)

    def do(self, choice: Choice) -> None:
        """Makes it happen; a timer's time comes with it."""
        live, world, snapshot = self.case.live, self.case.world, self.case.snapshot
        values, index = choice.values, choice.index
        match choice.what:
            case "task":
                step = live.complete_task(snapshot.open_tasks[index], values, world)
            case "timer":
                world.now = max(world.now, snapshot.timers[index].due)
                step = live.fire_timer(snapshot.timers[index].key, world)
            case "message":
                step = live.deliver(snapshot.subscriptions[index].key, values, world)
            case "incident":
                step = live.retry(snapshot.incidents[index].key, world, variables=values)
            case "job":
                step = live.finish_job(self.jobs.pop(index), values, world)
            case "failed job":
                step = live.fail_job(self.jobs.pop(index), "no answer", world)
            case _:
                key = self.jobs.pop(index)
                step = live.throw_error(key, "broken", "no", values, world)
        self.case.took(step)
        self._look()

    def _look(self) -> None:
        for fact in self.case.step.facts:
            if isinstance(fact, JobRequested):
                self.jobs.append(fact.key)
            elif isinstance(fact, JobWithdrawn):
                self.jobs.remove(fact.key)
        self.jobs.sort(key=lambda key: int(key.partition(".")[0]))

    def act(self) -> bool:
        """Does something that the case waits for; False when it waits for nothing."""
        choice = self.choose()
        if choice is not None:
            self.do(choice)
        return choice is not None
