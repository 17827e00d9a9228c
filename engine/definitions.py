"""Deployed processes, decisions and forms, ready to run, cached by their contents' hash."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

import dmn
from bpmn import Decided, Diagram, Executable, Process, compile_process, read_diagram
from dmn import BuiltinFunction
from engine.clock import TIMEZONE
from engine.errors import NotFound
from engine.store import definitions as store
from engine.store.definitions import DECISION, FORM, PROCESS, Stored
from engine.store.transaction import Transaction
from engine.wording import Text
from forms import Form, compile_form

_CACHED = 256

T = TypeVar("T")


@dataclass(frozen=True)
class ProcessVersion:
    """One immutable version of a process."""

    id: int
    key: str
    number: int
    name: str
    sha256: str
    starter_groups: tuple[str, ...]
    deployed_at: datetime


class _Cache(Generic[T]):
    """The most recently used values; two threads may both make one, which does no harm."""

    def __init__(self, size: int = _CACHED) -> None:
        self._size = size
        self._lock = threading.Lock()
        self._values: OrderedDict[Any, T] = OrderedDict()

    def get(self, key: Any, make: Callable[[], T]) -> T:
        with self._lock:
            if key in self._values:
                self._values.move_to_end(key)
                return self._values[key]
        value = make()
        with self._lock:
            self._values[key] = value
            while len(self._values) > self._size:
                self._values.popitem(last=False)
        return value


class Decider:
    """Evaluates the decisions of one process version, within one transaction, at one moment, and
    knows its forms."""

    def __init__(
        self, definitions: Definitions, tx: Transaction, version_id: int, now: datetime
    ) -> None:
        self._definitions = definitions
        self._tx = tx
        self._pins = definitions.pins(tx, version_id)
        self._now = now.astimezone(TIMEZONE)

    def decide(self, decision_id: str, binding: str, context: Mapping[str, Any]) -> Decided:
        """The pinned version's answer, or with binding `latest` the newest one's.

        Raises `LookupError` when there is no such decision.
        """
        version = self._pins.get((DECISION, decision_id)) if binding != "latest" else None
        if version is None and binding == "latest":
            version = store.find(self._tx, DECISION, decision_id)
        if version is None:
            raise LookupError(
                f"The decision {decision_id} is not deployed. Deploy its table, then retry."
            )
        tables = self._definitions.tables(self._tx, version.sha256, version.file)
        result = tables.evaluate(decision_id, context, now=self._now)
        return Decided(result.value, result.diagnostics, result.matched, version.sha256)

    def has_form(self, form_id: str) -> bool:
        """Whether the pinned form, else the newest of that id, is stored."""
        return (FORM, form_id) in self._pins or store.find(self._tx, FORM, form_id) is not None


class Definitions:
    """Reads what `Deployments` stored. Safe to share between threads."""

    def __init__(self, functions: Mapping[str, BuiltinFunction] | None = None) -> None:
        self.functions = dict(functions or {})
        """FEEL functions of ours (working days) that files may call."""
        self._diagrams: _Cache[Diagram] = _Cache()
        self._tables: _Cache[dmn.Definitions] = _Cache()
        self._forms: _Cache[Form] = _Cache()
        self._executables: _Cache[Executable] = _Cache()
        self._pinned: _Cache[Mapping[tuple[str, str], Stored]] = _Cache()

    def version(self, tx: Transaction, key: str, number: int | None = None) -> ProcessVersion:
        """One version of a process, the newest without `number`. Raises `NotFound`."""
        stored = store.find(tx, PROCESS, key, number)
        if stored is None:
            which = f"version {number} of the process" if number is not None else "process"
            raise NotFound(Text(f"لا توجد عملية {key} كهذه.", f"There is no {which} {key}."))
        return _version(stored)

    def version_by_id(self, tx: Transaction, version_id: int) -> ProcessVersion:
        """A version by its id. Raises `NotFound`."""
        return _version(self._process(tx, version_id))

    def latest(self, tx: Transaction) -> list[ProcessVersion]:
        """The newest version of every process, by key."""
        return [_version(stored) for stored in store.newest(tx, PROCESS)]

    def versions(self, tx: Transaction, key: str) -> list[ProcessVersion]:
        """Every version of one process, newest first. Raises `NotFound`."""
        found = store.versions(tx, PROCESS, key)
        if not found:
            raise NotFound(Text(f"لا توجد عملية {key}.", f"There is no process {key}."))
        return [_version(stored) for stored in found]

    def xml(self, tx: Transaction, key: str, number: int) -> bytes:
        """The file of one version, byte for byte as deployed. Raises `NotFound`."""
        return self._content(tx, self.version(tx, key, number).sha256)

    def start_processes(self, tx: Transaction, message_name: str) -> list[ProcessVersion]:
        """The newest versions of the processes that such a message starts."""
        return [_version(stored) for stored in store.started_by(tx, message_name)]

    def executable(self, tx: Transaction, version_id: int) -> Executable:
        """The process with everything it calls, ready to run. Raises `NotFound`."""

        def make() -> Executable:
            called = {
                key: self._model(tx, stored)
                for (kind, key), stored in self.pins(tx, version_id).items()
                if kind == PROCESS
            }
            return compile_process(self._model(tx, self._process(tx, version_id)), called)

        return self._executables.get(version_id, make)

    def process(self, tx: Transaction, version_id: int) -> Process:
        """The diagram's process of one version. Raises `NotFound`."""
        return self._model(tx, self._process(tx, version_id))

    def deciders(self, tx: Transaction, version_id: int, now: datetime) -> Decider:
        """What evaluates the decisions of this process version at `now`."""
        return Decider(self, tx, version_id, now)

    def pins(self, tx: Transaction, version_id: int) -> Mapping[tuple[str, str], Stored]:
        """(kind, key) → the exact version that this process version uses."""
        return self._pinned.get(
            version_id,
            lambda: {(one.kind, one.key): one for one in store.pins(tx, version_id)},
        )

    def form(self, tx: Transaction, version_id: int, form_id: str) -> Form:
        """The form that this process version is pinned to, else (binding `latest`) the newest.

        Raises `NotFound`.
        """
        stored = self.pins(tx, version_id).get((FORM, form_id)) or store.find(tx, FORM, form_id)
        if stored is None:
            raise NotFound(Text(f"لا يوجد نموذج {form_id}.", f"There is no form {form_id}."))
        return self._form(tx, stored.sha256, stored.file)

    def form_by_hash(self, tx: Transaction, sha256: str) -> Form:
        """The form that a submission was made with. Raises `NotFound`."""
        return self._form(tx, sha256, store.file_of(tx, sha256) or sha256)

    def diagram(self, tx: Transaction, sha256: str, file: str) -> Diagram:
        """A deployed diagram as read."""
        return self._diagrams.get(
            sha256,
            lambda: read_diagram(self._content(tx, sha256), file=file, functions=self.functions),
        )

    def tables(self, tx: Transaction, sha256: str, file: str) -> dmn.Definitions:
        """The decisions of a deployed file."""
        return self._tables.get(
            sha256,
            lambda: dmn.read_definitions(
                self._content(tx, sha256), file=file, functions=self.functions
            ),
        )

    def _form(self, tx: Transaction, sha256: str, file: str) -> Form:
        return self._forms.get(sha256, lambda: compile_form(self._content(tx, sha256), file=file))

    def _model(self, tx: Transaction, stored: Stored) -> Process:
        return self.diagram(tx, stored.sha256, stored.file).processes[stored.key]

    def _process(self, tx: Transaction, version_id: int) -> Stored:
        stored = store.by_id(tx, version_id)
        if stored is None or stored.kind != PROCESS:
            raise NotFound(
                Text(
                    f"لا يوجد إصدار عملية برقم {version_id}.",
                    f"There is no process version {version_id}.",
                )
            )
        return stored

    def _content(self, tx: Transaction, sha256: str) -> bytes:
        content = store.content(tx, sha256)
        if content is None:
            raise NotFound(
                Text(f"لا يوجد ملف بصمته {sha256}.", f"There is no file with the hash {sha256}.")
            )
        return content


def _version(stored: Stored) -> ProcessVersion:
    return ProcessVersion(
        stored.id,
        stored.key,
        stored.number,
        stored.name,
        stored.sha256,
        stored.starter_groups,
        stored.deployed_at,
    )
