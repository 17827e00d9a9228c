"""The tree of variable scopes, with Zeebe's rules of reading and writing.

Reading looks from the inside out. Writing goes to the innermost scope that has the name, else to
the root. A call activity's scope is the root of the called process: nothing inside sees or writes
beyond it, and what it wrote is remembered for the way back.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

ROOT = ""


@dataclass
class Scope:
    """One scope. `changed` is a list on the scope of a call: the names written in there."""

    parent: str | None
    values: dict[str, Any] = field(default_factory=dict)
    changed: list[str] | None = None

    @property
    def closed_outwards(self) -> bool:
        """Whether this is the root of a process."""
        return self.parent is None or self.changed is not None


class ScopeTree:
    """All scopes of a case by their ids."""

    def __init__(self) -> None:
        self.scopes: dict[str, Scope] = {}

    def __contains__(self, scope: str) -> bool:
        return scope in self.scopes

    def open(self, scope: str, parent: str | None, *, called: bool = False) -> None:
        """Adds an empty scope."""
        self.scopes[scope] = Scope(parent, changed=[] if called else None)

    def close(self, scope: str) -> None:
        """Drops a scope with its variables."""
        del self.scopes[scope]

    def chain(self, scope: str, *, through_calls: bool = False) -> list[str]:
        """The scopes that `scope` sees, innermost first."""
        seen: list[str] = []
        current: str | None = scope
        while current is not None:
            seen.append(current)
            here = self.scopes[current]
            current = None if here.closed_outwards and not through_calls else here.parent
            through_calls = False
        return seen

    def visible(self, scope: str, *, through_calls: bool = False) -> dict[str, Any]:
        """Every variable that `scope` sees."""
        found: dict[str, Any] = {}
        for each in reversed(self.chain(scope, through_calls=through_calls)):
            found.update(self.scopes[each].values)
        return found

    def local(self, scope: str) -> Mapping[str, Any]:
        """The scope's own variables."""
        return self.scopes[scope].values

    def write_local(self, scope: str, values: Mapping[str, Any]) -> None:
        """Writes into exactly this scope."""
        self.scopes[scope].values.update(values)

    def write(self, scope: str, values: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
        """Writes each name where it belongs, seen from `scope`; gives back what went where."""
        chain = self.chain(scope)
        written: dict[str, dict[str, Any]] = {}
        for name, value in values.items():
            target = next((s for s in chain if name in self.scopes[s].values), chain[-1])
            here = self.scopes[target]
            here.values[name] = value
            if here.changed is not None and name not in here.changed:
                here.changed.append(name)
            written.setdefault(target, {})[name] = value
        return written

    def changed(self, scope: str) -> dict[str, Any]:
        """What was written in a called process since it began."""
        here = self.scopes[scope]
        return {name: here.values[name] for name in here.changed or ()}
