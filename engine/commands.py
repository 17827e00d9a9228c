"""The one loop of every command: read the case, decide in memory, commit once.

A verb hands in a function that looks at the open case and answers with a `Change`. Everything
around it is here: the lock, the second try after a conflict, the answer to a repeated request.
What the function does must stay inside the transaction, because it may run again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Generic, TypeVar

import msgspec

from bpmn import LiveCase, Step
from engine.commit import StaleCase, commit
from engine.errors import Conflict, NotFound
from engine.open_case import Change, Done, OpenCase
from engine.parts import Parts
from engine.records import Actor
from engine.store import cases, idempotency, task_in_case
from engine.store.cases import CaseRow
from engine.store.tasks import TaskRow
from engine.store.transaction import Transaction
from engine.task_places import is_visible, no_task
from engine.wording import Text

ATTEMPTS = 20
"""How often a command reads the case again before it gives up."""

T = TypeVar("T")
Decide = Callable[[OpenCase], Change]
Answer = Callable[[Done], T]


@dataclass(frozen=True)
class IdempotencyKey:
    """Names one request that may come twice: who and where (`scope`), the caller's key, and the
    hash of the body, which must be the same both times."""

    scope: str
    key: str
    body_hash: str


@dataclass(frozen=True)
class Repeatable(Generic[T]):
    """A request that answers a second time as it did the first; its answer is kept sealed."""

    key: IdempotencyKey | None
    type: type[T]
    owner: Callable[[T], str]
    """Whose data key seals the answer."""


class Commands:
    """Runs commands on cases."""

    def __init__(self, parts: Parts) -> None:
        self.parts = parts

    def run(
        self,
        actor: Actor,
        instance_id: str,
        command: str,
        decide: Decide,
        answer: Answer[T],
        *,
        repeatable: Repeatable[T] | None = None,
    ) -> T:
        """Give a command to a case; answers when it is durable.

        Raises what `decide` raises, `NotFound`, `KeyReused`, and `Conflict` when others were
        first `ATTEMPTS` times in a row.
        """

        def attempt(transaction: Transaction) -> T:
            case = self.check_out(transaction, actor, instance_id)
            return self.give(case, command, decide, answer)

        return self.transact(attempt, repeatable)

    def give(self, case: OpenCase, command: str, decide: Decide, answer: Answer[T]) -> T:
        """Decide and write, in the case's transaction. For `StaleCase` see `commit`."""
        try:
            return answer(commit(case, command, decide(case)))
        except BaseException:
            # The live case may be ahead of what is stored: nobody may go on from it.
            self.parts.live.forget(case.row.id)
            raise

    def start(
        self,
        case: OpenCase,
        begin: Callable[[OpenCase], tuple[LiveCase, Step]],
        answer: Answer[T],
        change: Change,
    ) -> T:
        """Write a new case (`case.row.revision` 0) with its first step."""
        live, step = begin(case)
        case.live = live
        return answer(commit(case, "start", replace(change, step=step)))

    def check_out(
        self,
        transaction: Transaction,
        actor: Actor,
        instance_id: str,
        *,
        now: datetime | None = None,
    ) -> OpenCase:
        """The case, its row locked until the transaction ends. Raises `NotFound`."""
        return self.open(transaction, actor, self._row(transaction, instance_id, lock=True), now)

    def check_out_at(
        self, transaction: Transaction, actor: Actor, task_id: str
    ) -> tuple[OpenCase, TaskRow]:
        """The case of a task and the task's row; see `TaskInCase`. Raises `NotFound` when the
        task does not exist or is not the actor's to see."""
        found = task_in_case.find_locked(transaction, task_id)
        if found is None or not is_visible(actor, found.task.task):
            raise no_task(task_id)
        self.parts.keyring.know(transaction, found.case.owner, found.wrapped)
        return self.open(transaction, actor, found.case), found.task

    def open(
        self, transaction: Transaction, actor: Actor, row: CaseRow, now: datetime | None = None
    ) -> OpenCase:
        """A case whose row was read already."""
        moment = now or self.parts.clock.now(transaction)
        return OpenCase(self.parts, transaction, actor, row, moment)

    @contextmanager
    def look(self, transaction: Transaction, actor: Actor, instance_id: str) -> Iterator[OpenCase]:
        """The case for a mere look: nothing is locked, nothing written. Raises `NotFound`."""
        case = self.open(transaction, actor, self._row(transaction, instance_id, lock=False))
        yield case
        case.put_back()

    def transact(
        self, attempt: Callable[[Transaction], T], repeatable: Repeatable[T] | None = None
    ) -> T:
        """Run `attempt` in a transaction of its own, again after a conflict."""
        for _ in range(ATTEMPTS):
            try:
                with self.parts.database.transaction() as transaction:
                    if repeatable is None or repeatable.key is None:
                        return attempt(transaction)
                    return self._once(transaction, attempt, repeatable, repeatable.key)
            except StaleCase:
                continue
        raise Conflict(
            Text(
                "كثيرون يغيّرون هذه الحالة الآن؛ أعد المحاولة بعد قليل.",
                "Too many others change this case just now; try again in a moment.",
            )
        )

    def _once(
        self,
        transaction: Transaction,
        attempt: Callable[[Transaction], T],
        repeatable: Repeatable[T],
        key: IdempotencyKey,
    ) -> T:
        """The first answer if there is one, else `attempt`, whose answer is kept."""
        context = f"answer:{key.scope}:{key.key}".encode()
        keyring = self.parts.keyring
        stored = idempotency.find(transaction, key.scope, key.key, key.body_hash)
        if stored is not None:
            sealed = msgspec.convert(stored["sealed"], bytes)
            plain = keyring.open(transaction, stored["owner"], sealed, context)
            return msgspec.json.decode(plain, type=repeatable.type)
        result = attempt(transaction)
        owner = repeatable.owner(result)
        response: dict[str, Any] = {
            "owner": owner,
            "sealed": keyring.seal(transaction, owner, msgspec.json.encode(result), context),
        }
        now = self.parts.system_now()
        idempotency.remember(transaction, key.scope, key.key, key.body_hash, response, now)
        return result

    @staticmethod
    def _row(transaction: Transaction, instance_id: str, *, lock: bool) -> CaseRow:
        row = cases.find(transaction, instance_id, lock=lock)
        if row is None:
            raise NotFound(Text(f"لا توجد حالة {instance_id}.", f"There is no case {instance_id}."))
        return row
