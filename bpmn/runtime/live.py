"""A live case: starts, takes what happens to it, says what it did, saves and restores itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Literal

from bpmn.facts import CaseCancelled, Fact, ScopeOpened, VariablesWritten
from bpmn.model import Element, Kind
from bpmn.runtime import codec
from bpmn.runtime.events import find_catcher, happened, throw
from bpmn.runtime.executable import Executable
from bpmn.runtime.problem import CannotStart, CaseUnusable, Stuck, UnknownKey
from bpmn.runtime.scopes import ROOT
from bpmn.runtime.step import Step as Running
from bpmn.runtime.tokens import CaseWorkflow, Phase, Token
from bpmn.runtime.values import plain
from bpmn.runtime.waits import clear_wait
from bpmn.services import Services
from bpmn.view import OpenIncident, OpenSubscription, OpenTimer, Snapshot, key_order


@dataclass(frozen=True)
class Step:
    """What one call did: facts in the order they happened, and how the case stands now."""

    facts: tuple[Fact, ...]
    state: Literal["active", "completed", "incident", "cancelled"]


class LiveCase:
    """One case in memory. Every verb either returns a `Step`, or raises.

    UnknownKey, BadValue and CannotStart are raised before anything changes. After any other
    exception, and whenever the caller could not store what a step did, the object must be thrown
    away and restored from the last saved state; an object whose step failed half-way says so
    itself by CaseUnusable. Not safe for use by several threads at once.
    """

    def __init__(self, executable: Executable, case: CaseWorkflow) -> None:
        self.executable = executable
        self._case = case
        self._usable = True

    # --- beginning, saving, restoring --------------------------------------------------------

    @classmethod
    def start(
        cls,
        executable: Executable,
        variables: Mapping[str, Any],
        services: Services,
        *,
        start_message: str | None = None,
    ) -> tuple[LiveCase, Step]:
        """A new case. With `start_message` it begins at the start event of that message, and
        `variables` are its payload: they enter by the event's output mappings only.
        Raises CannotStart, BadValue."""
        given = plain(variables)
        start = _start_event(executable, start_message)
        spec = executable.specs[(executable.key, "", False)]
        live = cls(executable, CaseWorkflow(spec, executable.specs))
        case = live._case
        with live._step(services) as step:
            case.scopes.open(ROOT, None)
            step.add(ScopeOpened(ROOT, None, executable.key, executable.key))
            if start_message is None and given:
                case.scopes.write_local(ROOT, given)
                step.add(VariablesWritten(ROOT, given))
            payload = given if start_message is not None else {}
            step.enter(spec.task_specs[start.id], case, values=payload)
        return live, live._done(step)

    @classmethod
    def restore(cls, executable: Executable, state: bytes) -> LiveCase:
        """The case as `save` wrote it. Raises BadState."""
        return cls(executable, codec.load(executable, state))

    def save(self) -> bytes:
        """The case's state; the executable is not part of it. Raises CaseUnusable."""
        self._check()
        return codec.dump(self._case)

    # --- what happens to a case --------------------------------------------------------------

    def complete_task(self, key: str, variables: Mapping[str, Any], services: Services) -> Step:
        """A user task was done with this data. Raises UnknownKey, BadValue."""
        token = self._waiting("task", key)
        values = plain(variables)
        with self._step(services) as step:
            clear_wait(step, token, cancelled=False)
            token.internal_data["values"] = values
            step.go_on(token, Phase.LEAVE)
        return self._done(step)

    def fire_timer(self, key: str, services: Services) -> Step:
        """A timer is due. Raises UnknownKey."""
        token = self._waiting("timer", key)
        with self._step(services) as step:
            happened(step, token, {})
        return self._done(step)

    def deliver(self, key: str, payload: Mapping[str, Any], services: Services) -> Step:
        """The message of the subscription `key` has come. Raises UnknownKey, BadValue."""
        token = self._waiting("message", key)
        values = plain(payload)
        with self._step(services) as step:
            happened(step, token, values)
        return self._done(step)

    def finish_job(self, key: str, result: Mapping[str, Any], services: Services) -> Step:
        """A connector has answered. Raises UnknownKey, BadValue."""
        token = self._job(key)
        values = plain(result)
        with self._step(services) as step:
            clear_wait(step, token, cancelled=False)
            token.internal_data["values"] = values
            step.go_on(token, Phase.LEAVE)
        return self._done(step)

    def fail_job(self, key: str, message: str, services: Services) -> Step:
        """A connector has given up: an incident, until somebody retries. Raises UnknownKey."""
        token = self._job(key)
        with self._step(services) as step:
            clear_wait(step, token, cancelled=False)
            step.stick(token, Stuck("job", message))
        return self._done(step)

    def throw_error(
        self, key: str, code: str, message: str, variables: Mapping[str, Any], services: Services
    ) -> Step:
        """A connector answered with a business error. The innermost error event for the code
        catches it; when none does, it is an incident. Raises UnknownKey, BadValue."""
        token = self._job(key)
        values = plain(variables)
        catcher = find_catcher(token, code)
        with self._step(services) as step:
            clear_wait(step, token, cancelled=False)
            if catcher is None:
                step.stick(token, Stuck("error", f'Nothing catches the error "{code}": {message}'))
            else:
                throw(step, catcher, code, message, values)
        return self._done(step)

    def retry(
        self,
        incident_key: str,
        services: Services,
        *,
        variables: Mapping[str, Any] | None = None,
    ) -> Step:
        """Runs the element of an incident again, after correcting `variables` as seen from it.
        Raises UnknownKey, BadValue."""
        self._check()
        token = next(
            (t for t in self._case.tokens.values() if t.stuck and t.stuck[0] == incident_key), None
        )
        if token is None:
            raise UnknownKey("incident", incident_key)
        values = plain(variables or {})
        with self._step(services) as step:
            step.resolve(token)
            if values:
                step.write(token.scope, values)
            if token.wait is not None:
                token.task_spec._update(token)
            else:
                step.go_on(token, token.phase)
        return self._done(step)

    def set_variables(
        self, variables: Mapping[str, Any], services: Services, *, scope: str = ROOT
    ) -> Step:
        """Writes variables by hand, as seen from `scope`. Raises UnknownKey, BadValue."""
        self._check()
        if scope not in self._case.scopes:
            raise UnknownKey("scope", scope)
        values = plain(variables)
        with self._step(services) as step:
            step.write(scope, values)
        return self._done(step)

    def cancel(self, services: Services) -> Step:
        """Ends the case by hand; a case that has ended stays as it is."""
        with self._step(services) as step:
            if not self._case.completed:
                step.cancel_inside(self._case)
                self._case.completed = self._case.cancelled = True
                step.add(CaseCancelled())
        return self._done(step)

    # --- looking at it -----------------------------------------------------------------------

    def snapshot(self) -> Snapshot:
        """What stands in the case now."""
        self._check()
        case = self._case
        tokens = sorted(case.tokens.values(), key=lambda token: key_order(token.id))
        waits = [(token, token.task_spec.element.id, token.wait or {}) for token in tokens]
        incidents = [(token, token.stuck) for token in tokens if token.stuck]
        return Snapshot(
            active_elements=tuple((t.task_spec.element.id, t.id) for t in tokens if t.alive),
            variables={name: dict(s.values) for name, s in case.scopes.scopes.items()},
            open_tasks=tuple(t.id for t, _, wait in waits if wait.get("what") == "task"),
            timers=tuple(
                OpenTimer(t.id, element, wait["due"], wait["left"])
                for t, element, wait in waits
                if wait.get("what") == "timer"
            ),
            subscriptions=tuple(
                OpenSubscription(t.id, element, wait["name"], wait["key"])
                for t, element, wait in waits
                if wait.get("what") == "message"
            ),
            incidents=tuple(
                OpenIncident(stuck[0], t.task_spec.element.id, stuck[1], stuck[2])
                for t, stuck in sorted(incidents, key=lambda pair: key_order(pair[1][0]))
            ),
            completed=case.completed and not case.cancelled,
            cancelled=case.cancelled,
        )

    def active_elements(self) -> tuple[str, ...]:
        """The ids of the elements that hold a token, sorted, each once."""
        tokens = self._case.tokens.values()
        return tuple(sorted({t.task_spec.element.id for t in tokens if t.alive}))

    def open_tasks(self) -> tuple[str, ...]:
        """The keys of the user tasks that wait to be done."""
        tokens = self._case.tokens.values()
        return tuple(t.id for t in tokens if (t.wait or {}).get("what") == "task")

    def variables_at(self, key: str) -> dict[str, Any]:
        """Every variable that the open element `key` sees. Raises UnknownKey."""
        self._check()
        token = self._case.tokens.get(key)
        if token is None:
            raise UnknownKey("element", key)
        return self._case.scopes.visible(token.scope)

    # --- within ------------------------------------------------------------------------------

    def _check(self) -> None:
        if not self._usable:
            raise CaseUnusable("A step of this case failed half-way; restore it from its state.")

    @contextmanager
    def _step(self, services: Services) -> Iterator[Running]:
        self._check()
        step = self._case.running = Running(self._case, self.executable, services)
        self._usable = False
        yield step
        step.run()
        self._usable = True

    def _done(self, step: Running) -> Step:
        return Step(tuple(step.facts), self._state())

    def _state(self) -> Literal["active", "completed", "incident", "cancelled"]:
        if self._case.cancelled:
            return "cancelled"
        if self._case.completed:
            return "completed"
        stuck = any(token.stuck for token in self._case.tokens.values())
        return "incident" if stuck else "active"

    def _waiting(self, what: str, key: str) -> Token:
        self._check()
        token = self._case.tokens.get(key)
        if token is None or (token.wait or {}).get("what") != what:
            raise UnknownKey(what, key)
        return token

    def _job(self, key: str) -> Token:
        token = self._waiting("job", key.partition(".")[0])
        if (token.wait or {}).get("key") != key:
            raise UnknownKey("job", key)
        return token


def _start_event(executable: Executable, message: str | None) -> Element:
    for element in executable.process.children(""):
        if element.kind != Kind.START_EVENT:
            continue
        named = element.event.message.name if element.event.message else None
        if named == message:
            return element
    how = f'for the message "{message}"' if message is not None else "without a message"
    raise CannotStart(f'The process "{executable.name}" has no start event {how}.')
