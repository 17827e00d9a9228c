"""What people read about the elements of a deployed diagram, in both languages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bpmn import Element, Executable, Process
from engine.definitions import Definitions
from engine.records import Task
from engine.store.transaction import Transaction
from engine.wording import Text


@dataclass(frozen=True)
class ElementWords:
    """An element's name, and what it is for where the diagram says so."""

    name: Text
    purpose: Text | None


def words_of(element: Element) -> ElementWords:
    """As the file says them: the properties `name.en`, `purpose.ar` and `purpose.en` beside the
    name. What stands in one language only is said in that one."""
    said = element.wording
    purpose = Text(said.purpose_ar or said.purpose_en, said.purpose_en or said.purpose_ar)
    return ElementWords(
        name=Text(element.label, said.name_en or element.label),
        purpose=purpose if purpose.ar else None,
    )


def name_of(process: Process) -> Text:
    """What people call a process: its name, and its property `name.en`."""
    return Text(process.name, process.wording.name_en or process.name)


def words_of_process(executable: Executable) -> Mapping[str, ElementWords]:
    """Element id → words, over the process and all that it calls; its own elements first."""
    found: dict[str, ElementWords] = {}
    for process in (executable.process, *executable.processes.values()):
        for element in process.elements.values():
            found.setdefault(element.id, words_of(element))
    return found


def words_of_tasks(
    tx: Transaction, definitions: Definitions, tasks: Sequence[Task]
) -> Mapping[str, ElementWords]:
    """Task id → words of its element, in the version of the diagram that the task runs in."""
    versions = {(task.process, task.version) for task in tasks}
    executables = {
        one: definitions.executable(tx, definitions.version(tx, *one).id) for one in versions
    }
    found: dict[str, ElementWords] = {}
    for task in tasks:
        element = executables[(task.process, task.version)].element(task.element_id)
        known = Text(task.name, task.name)
        found[task.id] = ElementWords(known, None) if element is None else words_of(element)
    return found
