"""The saved state of a case: compact msgpack, a version byte first, no specification inside.

Layout of version 1, after the byte: [process key, counter, completed, cancelled, scopes, tokens of
the case, insides]. A scope is [id, parent, values, changed names or null]; a token is [key, element
id, scope name or null (an armed event that is defined elsewhere), state, memory]; an inside is
[key of its host, scope name, tokens]. Hosts come before their insides.
"""

from __future__ import annotations

from typing import Any

import msgspec

from bpmn.runtime.executable import Executable
from bpmn.runtime.problem import BadState
from bpmn.runtime.scopes import Scope
from bpmn.runtime.tokens import CaseWorkflow, ScopeWorkflow, Token

VERSION = 1
_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder()


def dump(case: CaseWorkflow) -> bytes:
    """The state of a case between two steps."""
    scopes = [
        [name, scope.parent, scope.values, scope.changed]
        for name, scope in case.scopes.scopes.items()
    ]
    insides = [
        [host, list(inside.spec.scope_name), _tokens(inside)]
        for host, inside in case.subprocesses.items()
    ]
    state = [
        case.spec.process.key,
        case.counter,
        case.completed,
        case.cancelled,
        scopes,
        _tokens(case),
        insides,
    ]
    return bytes([VERSION]) + _encoder.encode(state)


def load(executable: Executable, state: bytes) -> CaseWorkflow:
    """The case as it was saved. Raises BadState."""
    if not state or state[0] != VERSION:
        raise BadState("The saved state is of another version; this release cannot read it.")
    try:
        return _load(executable, _decoder.decode(state[1:]))
    except (msgspec.DecodeError, KeyError, ValueError, TypeError) as error:
        raise BadState(f"The saved state does not fit the process: {error!r}.") from None


def _load(executable: Executable, state: list[Any]) -> CaseWorkflow:
    key, counter, completed, cancelled, scopes, tokens, insides = state
    if key != executable.key:
        raise BadState(f'The state is of the process "{key}", not of "{executable.key}".')
    case = CaseWorkflow(executable.specs[(key, "", False)], executable.specs)
    case.counter = counter
    case.completed = completed
    case.cancelled = cancelled
    for name, parent, values, changed in scopes:
        case.scopes.scopes[name] = Scope(parent, values, changed)
    _restore(executable, case, tokens)
    for host, (process, scope, rounds), inner in insides:
        inside = case.create_subprocess(case.tokens[host], (process, scope, rounds))
        _restore(executable, inside, inner)
    return case


def _tokens(workflow: CaseWorkflow | ScopeWorkflow) -> list[list[Any]]:
    rows = []
    for token in workflow.tasks.values():
        home = token.task_spec.home
        elsewhere = None if home is workflow.spec else list(home.scope_name)
        element_id = token.task_spec.element.id
        rows.append([token.id, element_id, elsewhere, token.state, token.internal_data])
    return rows


def _restore(
    executable: Executable, workflow: CaseWorkflow | ScopeWorkflow, rows: list[list[Any]]
) -> None:
    for key, element_id, elsewhere, state, memory in rows:
        home = executable.specs[tuple(elsewhere)] if elsewhere else workflow.spec
        token = Token(workflow, home.task_specs[element_id], key, state)
        token.internal_data = memory
