"""Signed links: a provider without an account answers in one matter, and sees nothing else.

A link is issued for one open task of a service provider. It covers that matter: the tasks that the
case opens for the same unit one after the other (an acceptance, then a report). Where the case
comes round again, which shows by an element that opens once more, another matter begins, which
needs a link of its own. A later task that was taken away and asked again next (a report with a new
deadline) is the same matter. In doubt a link covers less. (Matters of one unit that ran side by
side in one case could not be told apart: a diagram that does so should use one case for each.)
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from engine.access import Verb
from engine.case_places import find_case, require_case
from engine.commands import Commands
from engine.errors import Conflict, Invalid, NotFound, NotSignedIn
from engine.identifiers import new_id
from engine.open_case import Change, Done, OpenCase
from engine.records import Actor, Role, Task, TaskState
from engine.store import links, tasks
from engine.store.links import TaskLink
from engine.store.transaction import Transaction
from engine.wording import Text

HOLDER = "link:"
"""How the user name of a link's holder begins; no account has a colon in its name."""

__all__ = ["AFTER_DUE", "LONGEST", "UNKNOWN_LINK", "Links", "TaskLink"]

AFTER_DUE = timedelta(days=50)
"""How long after its task's due time a link ends unless told otherwise: the answer is due within
days, the report by the twentieth day at the latest, and thirty days are left for a late one."""

LONGEST = timedelta(days=366)
_SECRET_BYTES = 24
_NOBODY = hashlib.sha256(b"no such link").digest()

UNKNOWN_LINK = Text(
    "هذا الرابط غير صحيح. افتحه كاملاً كما وصلك، أو اطلب رابطاً جديداً ممن أرسله إليك.",
    "This link is not right. Open it whole, or ask whoever sent it to you for a new one.",
)
_EXPIRED = Text(
    "انتهت مدة هذا الرابط. اطلب رابطاً جديداً ممن أرسله إليك.",
    "This link has expired. Ask whoever sent it to you for a new one.",
)
_REVOKED = Text(
    "أوقف الفرع الذي أرسل هذا الرابط العمل به. تواصل معه إن احتجت إليه.",
    "The branch that sent this link has withdrawn it. Contact the branch if you need it.",
)


class Links:
    """The verbs of links. Every one checks the caller's access itself."""

    def __init__(self, commands: Commands) -> None:
        self._commands = commands
        self._parts = commands.parts

    def issue(
        self, actor: Actor, task_id: str, valid_until: datetime | None = None
    ) -> tuple[TaskLink, str]:
        """Make a link for the matter that `task_id` belongs to; the second value is the token,
        which nobody can find out again. Journalled in the case.

        For the people of the case's branch. Raises `NotFound`, `Forbidden`, `Conflict` when the
        task is not open or not a service provider's, `Invalid` (field `valid_until`).
        """
        link_id, secret = new_id(), secrets.token_urlsafe(_SECRET_BYTES)
        made: list[TaskLink] = []

        def decide(case: OpenCase) -> Change:
            require_case(case, Verb.LINK_ISSUE)
            task = _provider_task(case, task_id)
            link = TaskLink(
                id=link_id,
                task_id=task.id,
                instance_id=case.row.id,
                unit=task.unit or "",
                issued_by=actor.username,
                issued_at=case.now,
                valid_until=_end(task, case.now, valid_until),
            )
            made[:] = [link]
            return Change(
                element_id=task.element_id,
                details={
                    "link": link.id,
                    "task": task.id,
                    "valid_until": link.valid_until.isoformat(),
                },
                also=lambda: links.insert(case.transaction, link, _hash(secret)),
            )

        def answer(_: Done) -> TaskLink:
            return made[0]

        instance_id = self._instance_of(actor, task_id)
        link = self._commands.run(actor, instance_id, "link_issued", decide, answer)
        return link, f"{link.id}.{secret}"

    def revoke(self, actor: Actor, link_id: str) -> TaskLink:
        """Withdraw a link at once; again is no error. Raises `NotFound`, `Forbidden`."""
        with self._parts.database.reading() as tx:
            found = links.find(tx, link_id)
            if found is None:
                raise NotFound(Text("لا يوجد هذا الرابط.", "There is no such link."))
            link = found[0]
            find_case(tx, actor, link.instance_id, Verb.LINK_ISSUE)
        if link.revoked_at is not None:
            return link

        def decide(case: OpenCase) -> Change:
            require_case(case, Verb.LINK_ISSUE)
            return Change(
                details={"link": link.id, "task": link.task_id},
                also=lambda: links.revoke(case.transaction, link.id, actor.username, case.now),
            )

        def answer(done: Done) -> TaskLink:
            return replace(link, revoked_by=actor.username, revoked_at=done.case.now)

        return self._commands.run(actor, link.instance_id, "link_revoked", decide, answer)

    def of_case(self, actor: Actor, instance_id: str) -> tuple[TaskLink, ...]:
        """The links of a case, oldest first, for its branch and the auditor. Raises `NotFound`,
        `Forbidden`."""
        with self._parts.database.reading() as tx:
            find_case(tx, actor, instance_id, Verb.INSTANCE_HISTORY)
            return links.of_case(tx, instance_id)

    def holder(self, token: str) -> tuple[TaskLink, Actor]:
        """The link of a token, and who holds it: an actor for the tasks of this one matter, to
        be asked for anew with every request.

        Raises `NotFound` for what is no link's token, `NotSignedIn` for a link that has expired or
        was withdrawn.
        """
        link_id, _, secret = token.partition(".")
        with self._parts.database.reading() as tx:
            found = links.find(tx, link_id)
            right = hmac.compare_digest(_hash(secret), _NOBODY if found is None else found[1])
            if found is None or not right:
                raise NotFound(UNKNOWN_LINK)
            link = found[0]
            if link.revoked_at is not None:
                raise NotSignedIn(_REVOKED)
            if not link.holds(self._parts.clock.now(tx)):
                raise NotSignedIn(_EXPIRED)
            covered = _covered(tx, link)
        who = Actor(
            username=f"{HOLDER}{link.id}",
            roles=frozenset({Role.SERVICE_PROVIDER}),
            units=frozenset({link.unit}),
            only_tasks=covered,
        )
        return link, who

    def _instance_of(self, actor: Actor, task_id: str) -> str:
        """The case of a task that the actor may issue links for: not one that the actor sees."""
        unknown = NotFound(Text(f"لا توجد مهمة {task_id}.", f"There is no task {task_id}."))
        with self._parts.database.reading() as tx:
            row = tasks.find(tx, task_id)
            if row is None:
                raise unknown
            try:
                find_case(tx, actor, row.task.instance_id, Verb.LINK_ISSUE)
            except NotFound:
                raise unknown from None
            return row.task.instance_id


def _provider_task(case: OpenCase, task_id: str) -> Task:
    row = tasks.find(case.transaction, task_id)
    if row is None or row.task.state is not TaskState.OPEN or not _is_providers(row.task):
        raise Conflict(
            Text(
                "لا يُصدر الرابط إلا لمهمة مفتوحة لدى مزود خدمة.",
                "A link is made for an open task of a service provider only.",
            )
        )
    return row.task


def _is_providers(task: Task) -> bool:
    return Role.SERVICE_PROVIDER.value in task.candidate_groups and task.unit is not None


def _end(task: Task, now: datetime, wanted: datetime | None) -> datetime:
    if wanted is None:
        return max(task.due_at or now, now) + AFTER_DUE
    if not now < wanted <= now + LONGEST:
        raise Invalid(
            Text("لا يمكن أن ينتهي الرابط في هذا الوقت.", "The link cannot end then."),
            {
                "valid_until": [
                    Text("من الغد إلى سنة من اليوم.", "Must lie ahead, at most one year.")
                ]
            },
        )
    return wanted


def _covered(tx: Transaction, link: TaskLink) -> frozenset[str]:
    """The tasks of the link's matter that there are by now."""
    theirs = [
        row.task
        for row in tasks.of_case(tx, link.instance_id)
        if row.task.unit == link.unit and _is_providers(row.task)
    ]
    for matter in _matters(theirs):
        if any(task.id == link.task_id for task in matter):
            return frozenset(task.id for task in matter)
    return frozenset()


def _matters(theirs: Sequence[Task]) -> list[list[Task]]:
    """Tasks of one unit in the order they opened, cut where a matter begins: at an element that
    the current one had already (unless it was only asked anew), and at one that began an earlier
    one."""
    found: list[list[Task]] = []
    first: set[str] = set()
    for task in theirs:
        begins = not found or task.element_id in first
        if begins or _had(found[-1], task):
            found.append([])
            first.add(task.element_id)
        found[-1].append(task)
    return found


def _had(matter: Sequence[Task], task: Task) -> bool:
    """Whether the matter had the element of `task` before, other than as its last task that was
    taken away."""
    last = matter[-1]
    if last.element_id == task.element_id and last.state is TaskState.CANCELLED:
        matter = [one for one in matter if one.state is not TaskState.CANCELLED]
    return any(task.element_id == before.element_id for before in matter)


def _hash(secret: str) -> bytes:
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).digest()
