"""Runs small cases: a simulated world, and a case that is saved and restored after every step."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from bpmn import CaseView, Decided, Fact, LiveCase, Snapshot, Step, compile_process, read_diagram
from bpmn import facts as f

AMMAN = ZoneInfo("Asia/Amman")
NOON = datetime(2026, 5, 3, 9, 0, tzinfo=UTC)


@dataclass
class World:
    """Services whose time and decisions a test sets."""

    now: datetime = NOON
    timezone: ZoneInfo = AMMAN
    context: Mapping[str, Any] = field(
        default_factory=lambda: {"case": {"id": "c1", "unit": "naf:irbid", "business_key": "J-1"}}
    )
    decisions: dict[str, Callable[[Mapping[str, Any]], Any]] = field(default_factory=dict)
    lost_forms: set[str] = field(default_factory=set)

    def decide(self, decision_id: str, binding: str, context: Mapping[str, Any]) -> Decided:
        value = self.decisions[decision_id](context)
        return Decided(value, (), (), f"hash-of-{decision_id}")

    def has_form(self, form_id: str) -> bool:
        return form_id not in self.lost_forms


class Running:
    """A case under test. After every step it checks that the facts fold to the snapshot, that the
    saved state is stable, and goes on with the restored case (unless `reload` is false)."""

    def __init__(
        self,
        xml: bytes,
        variables: Mapping[str, Any] | None = None,
        *,
        key: str = "p",
        world: World | None = None,
        message: str | None = None,
        reload: bool = True,
    ) -> None:
        processes = read_diagram(xml, file="test.bpmn").processes
        self.executable = compile_process(processes[key], processes)
        self.world = world or World()
        self.reload = reload
        self.facts: list[Fact] = []
        self.view = CaseView()
        self.live, step = LiveCase.start(
            self.executable, variables or {}, self.world, start_message=message
        )
        self.took(step)

    def took(self, step: Step) -> Step:
        self.step = step
        self.facts += step.facts
        for fact in step.facts:
            assert Fact.from_record(fact.to_record()) == fact
            self.view.apply(fact)
        snapshot = self.live.snapshot()
        assert self.view.snapshot() == snapshot
        if self.reload:
            state = self.live.save()
            self.live = LiveCase.restore(self.executable, state)
            assert self.live.snapshot() == snapshot
            assert self.live.save() == state
        return step

    @property
    def snapshot(self) -> Snapshot:
        return self.live.snapshot()

    @property
    def at(self) -> list[str]:
        """The active elements."""
        return [element for element, _ in self.snapshot.active_elements]

    @property
    def variables(self) -> Mapping[str, Any]:
        """The case's own variables."""
        return self.snapshot.variables[""]

    @property
    def incident(self) -> str:
        """The message of the only incident."""
        (incident,) = self.snapshot.incidents
        return incident.message

    @property
    def done(self) -> bool:
        return self.snapshot.completed

    def tasks(self) -> list[str]:
        """The elements of the open tasks."""
        where = {key: element for element, key in self.snapshot.active_elements}
        return [where[key] for key in self.snapshot.open_tasks]

    def _key(self, element: str | None, keys: tuple[str, ...]) -> str:
        where = {key: name for name, key in self.snapshot.active_elements}
        return next(key for key in keys if element is None or where[key] == element)

    def do(self, element: str | None = None, /, **values: Any) -> Step:
        """Completes the first open task of the element."""
        key = self._key(element, self.snapshot.open_tasks)
        return self.took(self.live.complete_task(key, values, self.world))

    def fire(self, element: str | None = None) -> Step:
        """Fires the earliest timer (of the element), moving the time to when it is due."""
        timers = [t for t in self.snapshot.timers if element in (None, t.element_id)]
        timer = min(timers, key=lambda t: (t.due, int(t.key)))
        self.world.now = max(self.world.now, timer.due)
        return self.took(self.live.fire_timer(timer.key, self.world))

    def deliver(self, message: str, /, **payload: Any) -> Step:
        """Delivers a message to the first subscription of the name."""
        key = next(s.key for s in self.snapshot.subscriptions if s.message == message)
        return self.took(self.live.deliver(key, payload, self.world))

    def job(self) -> str:
        """The key of the newest job asked for."""
        return [fact for fact in self.facts if isinstance(fact, f.JobRequested)][-1].key

    def finish(self, **result: Any) -> Step:
        return self.took(self.live.finish_job(self.job(), result, self.world))

    def fail(self, message: str) -> Step:
        return self.took(self.live.fail_job(self.job(), message, self.world))

    def error(self, code: str, **values: Any) -> Step:
        return self.took(self.live.throw_error(self.job(), code, "no", values, self.world))

    def retry(self, **variables: Any) -> Step:
        key = self.snapshot.incidents[0].key
        return self.took(self.live.retry(key, self.world, variables=variables))

    def flows(self) -> list[str]:
        return [fact.flow_id for fact in self.facts if isinstance(fact, f.FlowTaken)]

    def of(self, kind: type[Fact]) -> list[Any]:
        return [fact for fact in self.facts if isinstance(fact, kind)]
