"""The steps of a case as its history page plays them: what each did, and where the case stood."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bpmn import CaseView, ElementCompleted, ElementEntered, Fact, FlowTaken
from engine.errors import NotFound
from engine.journal import RecordedEntry
from engine.records import Actor, JournalEntry, Paging
from forms import Field
from web.published import Drawing, drawings

if TYPE_CHECKING:
    from engine.engine import Engine

_AT_ONCE = 200

Place = tuple[str | None, str]
"""The process (None: not told) and the id of one of its elements or flows."""


@dataclass(frozen=True)
class CaseStep:
    """One entry of a case's journal and how the case stood after it."""

    entry: JournalEntry
    active: tuple[Place, ...]
    left: tuple[Place, ...]
    """Elements that a token left in this step."""
    flows: tuple[Place, ...]
    focus: Place | None
    """Where to look: the element of the entry, else where a token arrived."""


@dataclass(frozen=True)
class Past:
    """A case's whole journal and the diagrams it ran, its own first."""

    instance_id: str
    business_key: str | None
    """The case's number, where the reader may see it."""
    entries: tuple[JournalEntry, ...]
    drawings: tuple[Drawing, ...]
    intact: bool
    """Whether no entry was altered, left out or cut off."""

    @property
    def erased(self) -> bool:
        """Whether the person's data was erased: nobody can read it any more."""
        return any(isinstance(entry, RecordedEntry) and entry.erased for entry in self.entries)

    @property
    def with_data(self) -> bool:
        """Whether the reader sees what was written, not only that something was."""
        return any("facts" in entry.data for entry in self.entries)

    def name_of(self, place: Place) -> str:
        """What people call an element, else its id."""
        process, id_ = place
        for drawing in self.drawings:
            if process in (None, drawing.process.key) and id_ in drawing.process.elements:
                return " ".join(drawing.process.elements[id_].label.split())
        return id_

    def questions(self, engine: Engine) -> Mapping[str, Field]:
        """What the forms ask that this case runs with, by the key of the answer."""
        if not self.with_data:
            return {}
        asked: dict[str, Field] = {}
        version = self.drawings[0].version
        with engine.database.reading() as tx:
            for kind, key in engine.definitions.pins(tx, version.id):
                if kind == "form":
                    form = engine.definitions.form(tx, version.id, key)
                    for key_of_answer, field in form.fields.items():
                        asked.setdefault(key_of_answer, field)
        return asked


def past_of(engine: Engine, actor: Actor, instance_id: str) -> Past:
    """The case's past as far as the reader may see it. Raises `NotFound`, `Forbidden`."""
    entries: list[JournalEntry] = []
    cursor: str | None = None
    while True:
        page = engine.history.entries(actor, instance_id, Paging(_AT_ONCE, cursor))
        entries += page.items
        cursor = page.next_cursor
        if cursor is None:
            break
    with engine.database.reading() as tx:
        report = engine.history.verify(tx, instance_id)
    # The engine writes process and version into every entry's header.
    header = entries[0].header if isinstance(entries[0], RecordedEntry) else {}
    opening = entries[0].data.get("details", {})
    return Past(
        instance_id=instance_id,
        business_key=opening.get("business_key"),
        entries=tuple(entries),
        drawings=drawings(engine, actor, str(header["process"]), int(header["version"])),
        intact=report.ok,
    )


def steps_of(
    engine: Engine, actor: Actor, past: Past, after: int = 0, limit: int = _AT_ONCE
) -> tuple[CaseStep, ...]:
    """The steps after number `after`, at most `limit`."""
    if past.with_data:
        return _folded(past.entries)[after : after + limit]
    return _replayed(engine, actor, past, after, limit)


def step_at(engine: Engine, actor: Actor, past: Past, seq: int) -> CaseStep:
    """One step. Raises `NotFound` for a number that there is not."""
    found = steps_of(engine, actor, past, seq - 1, 1) if seq >= 1 else ()
    if not found:
        raise NotFound(f"The case has no entry {seq}.")
    return found[0]


def _folded(entries: Sequence[JournalEntry]) -> tuple[CaseStep, ...]:
    """From the recorded facts."""
    view = CaseView()
    steps: list[CaseStep] = []
    for entry in entries:
        left: list[Place] = []
        flows: list[Place] = []
        entered: list[Place] = []
        for fact in (Fact.from_record(record) for record in entry.data.get("facts", ())):
            view.apply(fact)
            match fact:
                case ElementEntered(element_id, _, scope):
                    entered.append((view.process_of(scope), element_id))
                case ElementCompleted(element_id, _, scope):
                    left.append((view.process_of(scope), element_id))
                case FlowTaken(flow_id, scope):
                    flows.append((view.process_of(scope), flow_id))
        active = tuple((view.process_of(scope), id_) for id_, scope in view.active.values())
        steps.append(
            CaseStep(entry, active, tuple(left), tuple(flows), _focus(entry, left, entered, active))
        )
    return tuple(steps)


def _focus(
    entry: JournalEntry, left: Sequence[Place], entered: Sequence[Place], active: Sequence[Place]
) -> Place | None:
    """The newest token that still stands, else the element the entry names."""
    for place in reversed(entered):
        if place in active:
            return place
    for place in left:
        if place[1] == entry.element_id:
            return place
    if entry.element_id is not None:
        return (None, entry.element_id)
    return active[-1] if active else None


def _replayed(
    engine: Engine, actor: Actor, past: Past, after: int, limit: int
) -> tuple[CaseStep, ...]:
    """For who may not read the data: the engine says where tokens stood, and a flow that was
    taken says which element was left."""
    sources = {
        flow.id: (None, flow.source)
        for drawing in past.drawings
        for flow in drawing.process.flows.values()
    }
    steps = []
    for entry in past.entries[after : after + limit]:
        stood = engine.history.replay(actor, past.instance_id, entry.seq)
        active: tuple[Place, ...] = tuple((None, id_) for id_ in stood.active_elements)
        flows: tuple[Place, ...] = tuple((None, id_) for id_ in entry.flow_ids)
        left = tuple(sources[id_] for _, id_ in flows if id_ in sources)
        focus: Place | None = (None, entry.element_id) if entry.element_id else None
        if focus is None and active:
            focus = active[-1]
        steps.append(CaseStep(entry, active, left, flows, focus))
    return tuple(steps)
