"""Comments: what colleagues want each other to know about a case. They decide nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from engine.access import Verb
from engine.case_places import find_case, require_case
from engine.commands import Commands, IdempotencyKey, Repeatable
from engine.errors import Invalid
from engine.identifiers import new_id
from engine.open_case import Change, Done, OpenCase
from engine.records import Actor
from engine.store import comments, users
from engine.store.comments import CommentRow
from engine.store.text import can_be_stored
from engine.wording import REQUIRED, Text

LONGEST = 4000
"""Characters of one comment."""


@dataclass(frozen=True)
class Comment:
    """One comment as its readers see it."""

    id: str
    instance_id: str
    at: datetime
    author: str
    author_name: str
    text: str


class Comments:
    """The verbs of comments. Every one checks the caller's access itself."""

    def __init__(self, commands: Commands) -> None:
        self._commands = commands
        self._parts = commands.parts

    def list(self, actor: Actor, instance_id: str) -> tuple[Comment, ...]:
        """The comments of a case, oldest first; noted in the access log.

        Raises `NotFound`, `Forbidden`, `KeyDestroyed`.
        """
        with self._parts.database.reading() as tx:
            case = find_case(tx, actor, instance_id, Verb.COMMENT_SEE)
            rows = comments.of_case(tx, instance_id)
            names = users.names(tx, [row.author for row in rows])
            found = []
            for row in rows:
                plain = self._parts.keyring.open(
                    tx, case.owner, row.text, f"{_what(row.id)}:{instance_id}".encode()
                )
                name = names.get(row.author, row.author)
                found.append(Comment(row.id, instance_id, row.at, row.author, name, plain.decode()))
        if found:
            self._parts.access_log.note(actor, case.owner, "case comments", case.process_key)
        return tuple(found)

    def add(
        self,
        actor: Actor,
        instance_id: str,
        text: str,
        *,
        idempotency: IdempotencyKey | None = None,
    ) -> Comment:
        """Add a comment, also to a case that has ended; it is in the case's journal.

        Raises `Invalid` (field `text`), `NotFound`, `Forbidden`, `KeyDestroyed`, `KeyReused`.
        """
        clean = _checked(text)
        made = new_id()
        owners: list[str] = []

        def decide(case: OpenCase) -> Change:
            require_case(case, Verb.COMMENT_ADD)
            sealed = case.seal(clean.encode(), _what(made))
            row = CommentRow(made, instance_id, case.now, actor.username, sealed)
            return Change(
                details={"comment": made, "text": clean},
                also=lambda: comments.insert(case.transaction, row),
            )

        def answer(done: Done) -> Comment:
            owners.append(done.case.row.owner)
            name = actor.name or actor.username
            return Comment(made, instance_id, done.case.now, actor.username, name, clean)

        return self._commands.run(
            actor,
            instance_id,
            "comment_added",
            decide,
            answer,
            repeatable=Repeatable(idempotency, Comment, lambda _: owners[-1]),
        )


def _what(comment_id: str) -> str:
    return f"comment:{comment_id}"


def _checked(text: str) -> str:
    clean = text.replace("\r\n", "\n").strip()
    problem: Text | None = None
    if not clean:
        problem = REQUIRED
    elif len(clean) > LONGEST:
        problem = Text(f"{LONGEST} حرف على الأكثر.", f"At most {LONGEST} characters.")
    elif not can_be_stored(clean):
        problem = Text("فيه رموز لا يمكن حفظها.", "Has characters that cannot be stored.")
    if problem is not None:
        raise Invalid(
            Text("لا يمكن حفظ هذه الملاحظة.", "The comment cannot be stored."), {"text": [problem]}
        )
    return clean
