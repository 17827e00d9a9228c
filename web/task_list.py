"""The work list: one's own tasks and the office's, what is next, who holds what, whom it is
about."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

from engine.errors import Forbidden
from engine.records import Actor, Page, Paging, Role, Task
from engine.tasks import DUE_SOON, TaskCounts
from engine.wording import Text

if TYPE_CHECKING:
    from engine.engine import Engine
    from journey import Journey

PAGE_SIZE = 30
_MOST = Paging(200)
_FIRST = Paging(1)
_SOON = timedelta(days=2)
"""What is due within two days is marked."""


@dataclass(frozen=True)
class Wanted:
    """Which tasks the reader asked for. `scope`: mine or unit, "" for whichever is of use; `due`:
    overdue, week or ""; `q` is searched in everything that the reader may see."""

    scope: str = ""
    due: str = ""
    element: str = ""
    q: str = ""
    cursor: str | None = None

    @property
    def is_filtered(self) -> bool:
        """Whether a filter hides some of the tasks."""
        return bool(self.due or self.element)


@dataclass(frozen=True)
class WorkItem:
    """One line of the list."""

    task: Task
    name: Text
    """What its diagram calls it."""
    client: str
    """Who it is about; nothing where nobody is, or the data was erased."""
    holder: str
    """Who has taken it, unless nobody or the reader."""
    is_mine: bool
    is_soon: bool


@dataclass(frozen=True)
class WorkList:
    """The page `/tasks`."""

    wanted: Wanted
    counts: TaskCounts
    items: tuple[WorkItem, ...]
    next_cursor: str | None
    upcoming: WorkItem | None
    """The one thing to do now."""
    kinds: Mapping[str, Text] = field(default_factory=dict)
    """Element → name, of each kind of task that is open for the reader."""
    at_branch: bool = False
    """The reader works at a branch of the Fund, not for a partner."""


def work_list(engine: Engine, journey: Journey, actor: Actor, wanted: Wanted) -> WorkList:
    """What the reader sees of the tasks. Raises `Invalid` for a cursor of another list."""
    counts = engine.tasks.counts(actor)
    if not wanted.scope:
        wanted = Wanted(
            "mine" if counts.mine else "unit", wanted.due, wanted.element, wanted.q, wanted.cursor
        )
    page = _page(engine, actor, wanted)
    first = None if wanted.q or wanted.cursor else _first(engine, actor)
    shown = [*page.items, *([first] if first is not None else [])]
    names = journey.persons.names_for_tasks(actor, shown)
    holders = holders_of(engine, actor, shown)
    said = engine.tasks.words(shown)
    now = engine.clock.now()

    def item(task: Task) -> WorkItem:
        return WorkItem(
            task=task,
            name=said[task.id].name,
            client=names.get(task.id, ""),
            holder=holders.get(task.id, ""),
            is_mine=task.assignee == actor.username,
            is_soon=task.due_at is not None and now <= task.due_at <= now + _SOON,
        )

    return WorkList(
        wanted=wanted,
        counts=counts,
        items=tuple(item(task) for task in page.items),
        next_cursor=page.next_cursor,
        upcoming=None if first is None else item(first),
        kinds={} if wanted.q else _kinds(engine, actor),
        at_branch=actor.is_(Role.CASE_WORKER, Role.BRANCH_HEAD),
    )


def holders_of(engine: Engine, actor: Actor, shown: Sequence[Task]) -> Mapping[str, str]:
    """Task id → the name of the colleague who has taken it."""
    held = {task.id: task.assignee for task in shown if task.assignee not in (None, actor.username)}
    if not held:
        return {}
    try:
        users = engine.identity.users.list(actor, _MOST).items
    except Forbidden:  # the holder of a link has no colleagues
        users = ()
    names = {user.username: user.name for user in users}
    return {id_: names.get(str(who), str(who)) for id_, who in held.items()}


def _page(engine: Engine, actor: Actor, wanted: Wanted) -> Page[Task]:
    soon = engine.clock.now() + DUE_SOON if wanted.due == "week" else None
    return engine.tasks.list(
        actor,
        mine=wanted.scope == "mine" and not wanted.q,
        overdue=wanted.due == "overdue",
        due_before=soon,
        element=wanted.element or None,
        q=wanted.q or None,
        paging=Paging(PAGE_SIZE, wanted.cursor),
    )


def _first(engine: Engine, actor: Actor) -> Task | None:
    """What is due first of one's own tasks and of those that nobody has taken."""
    own = engine.tasks.list(actor, mine=True, paging=_FIRST).items
    free = engine.tasks.list(actor, unassigned=True, paging=_FIRST).items
    waiting = [*own, *free]
    dated = [task for task in waiting if task.due_at is not None]
    if dated:
        return min(dated, key=lambda task: (task.due_at, task.assignee is None))
    return waiting[0] if waiting else None


def _kinds(engine: Engine, actor: Actor) -> Mapping[str, Text]:
    tasks = engine.tasks.list(actor, paging=_MOST).items
    said = engine.tasks.words(tasks)
    return {task.element_id: said[task.id].name for task in tasks}
