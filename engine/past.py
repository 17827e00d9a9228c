"""A case's past, step by step: what each journal entry did, and where the case stood after it.

Folds the recorded facts; nothing is executed again. Where something happened (elements, flows) is
told to everybody who may see that it happened, what was written only to who may read data.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from bpmn import CaseView, ElementCompleted, ElementEntered, Fact, FlowTaken
from engine.element_words import words_of
from engine.journal import RecordedEntry
from engine.published import Drawing
from engine.wording import Text
from forms import Field

Place = tuple[str | None, str]
"""The process (None: not told) and the id of one of its elements or flows."""


@dataclass(frozen=True)
class CaseStep:
    """One entry of a case's journal and how the case stood after it."""

    entry: RecordedEntry
    active: tuple[Place, ...]
    left: tuple[Place, ...]
    """Elements that a token left in this step."""
    flows: tuple[Place, ...]
    focus: Place | None
    """Where to look: the newest token that still stands, else the element of the entry."""

    @property
    def facts(self) -> tuple[Fact, ...]:
        """What happened, for who may read data."""
        return _facts(self.entry)


@dataclass(frozen=True)
class Past:
    """A case's journal and the diagrams it ran, its own first."""

    instance_id: str
    business_key: str | None
    steps: tuple[CaseStep, ...]
    drawings: tuple[Drawing, ...]
    questions: Mapping[str, Field]
    """What the forms ask that the case runs with, by the key of the answer, the reference fields
    with the choices that were made; empty without data."""
    with_data: bool
    """Whether the reader sees what was written, not only that something was."""
    first_bad: int | None = None
    """Number of the first entry that was altered, left out or cut off; None: there is none."""
    unread_from: int | None = None
    """Number of the first entry that cannot be read any more: `steps` end before it."""

    @property
    def is_whole(self) -> bool:
        """Whether no entry was altered, left out or cut off."""
        return self.first_bad is None

    @property
    def erased(self) -> bool:
        """Whether the person's data was erased: nobody can read it any more."""
        return any(step.entry.erased for step in self.steps)

    def name_of(self, place: Place, otherwise: str = "") -> Text:
        """What people call an element; `otherwise`, else its id, where no diagram has it."""
        process, id_ = place
        for drawing in self.drawings:
            if process in (None, drawing.process.key) and id_ in drawing.process.elements:
                return words_of(drawing.process.elements[id_]).name
        return Text(otherwise or id_, otherwise or id_)


def steps_of(
    entries: Sequence[RecordedEntry], drawings: Sequence[Drawing], *, with_data: bool
) -> tuple[CaseStep, ...]:
    """Every entry as a step, first to last."""
    sources: dict[str, Place] = {
        flow.id: (None, flow.source)
        for drawing in drawings
        for flow in drawing.process.flows.values()
    }
    view = CaseView()
    steps: list[CaseStep] = []
    for entry in entries:
        step = _erased(entry, sources) if entry.erased else _folded(entry, view)
        steps.append(step if with_data else replace(step, entry=replace(entry, data={})))
    return tuple(steps)


def _folded(entry: RecordedEntry, view: CaseView) -> CaseStep:
    """From the recorded facts; `view` takes them in."""
    left: list[Place] = []
    flows: list[Place] = []
    entered: list[Place] = []
    for fact in _facts(entry):
        view.apply(fact)
        match fact:
            case ElementEntered(element_id, _, scope):
                entered.append((view.process_of(scope), element_id))
            case ElementCompleted(element_id, _, scope):
                left.append((view.process_of(scope), element_id))
            case FlowTaken(flow_id, scope):
                flows.append((view.process_of(scope), flow_id))
    active = tuple((view.process_of(scope), id_) for id_, scope in view.active.values())
    focus = _focus(entry, left, entered, active)
    return CaseStep(entry, active, tuple(left), tuple(flows), focus)


def _erased(entry: RecordedEntry, sources: Mapping[str, Place]) -> CaseStep:
    """From what stays readable when the key was destroyed: the flows taken."""
    flows: tuple[Place, ...] = tuple((None, id_) for id_ in entry.flow_ids)
    left = tuple(sources[id_] for _, id_ in flows if id_ in sources)
    return CaseStep(entry, (), left, flows, _focus(entry, left, (), ()))


def _focus(
    entry: RecordedEntry, left: Sequence[Place], entered: Sequence[Place], active: Sequence[Place]
) -> Place | None:
    for place in reversed(entered):
        if place in active:
            return place
    for place in left:
        if place[1] == entry.element_id:
            return place
    if entry.element_id is not None:
        return (None, entry.element_id)
    return active[-1] if active else None


def _facts(entry: RecordedEntry) -> tuple[Fact, ...]:
    return tuple(Fact.from_record(record) for record in entry.data.get("facts", ()))
