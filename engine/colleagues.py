"""Who works with whom: colleagues to hand a task over to, and substitutes during an absence."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

import msgspec

from engine.access import ANYWHERE, Verb, may, require
from engine.clock import Clock, today
from engine.commands import IdempotencyKey
from engine.errors import Invalid, NotFound
from engine.journal import Journal, NewEntry
from engine.once import first_answer, keep
from engine.records import Actor
from engine.store import users as store
from engine.store.database import Database
from engine.store.transaction import Transaction
from engine.store.users import Substitution, User
from engine.task_places import find_visible, is_visible
from engine.wording import Text

ActorOf = Callable[[Transaction, str], Actor]


class Colleagues:
    """The part of the accounts that people use among themselves. Changes are in the journal's
    stream `admin`."""

    def __init__(
        self, database: Database, journal: Journal, clock: Clock, actor_of: ActorOf
    ) -> None:
        self._database = database
        self._journal = journal
        self._clock = clock
        self._actor_of = actor_of

    def colleagues(
        self, actor: Actor, *, task_id: str | None = None, unit: str | None = None
    ) -> tuple[User, ...]:
        """Active users by name, without the caller: with `task_id` those who can do that task (and
        do not hold it), substitutes included; else those of `unit`.

        Raises `NotFound` for a task that the caller does not see, `Forbidden`, `ValueError` when
        not exactly one of the two is given.
        """
        if (task_id is None) == (unit is None):
            raise ValueError("colleagues are asked for by a task or by a unit")
        with self._database.reading() as tx:
            if task_id is not None:
                found = self._able(tx, actor, task_id)
            else:
                require(actor, Verb.USERS_OF_UNIT, unit)
                found = [user for user in store.of_units(tx, [str(unit)]) if user.active]
        others = (user for user in found if user.username != actor.username)
        return tuple(sorted(others, key=lambda user: (user.name, user.username)))

    def possible_substitutes(self, actor: Actor, username: str) -> tuple[User, ...]:
        """Whom the caller may name as substitutes of `username`, by name. Raises `Forbidden`,
        `NotFound`."""
        _require_some_right(actor, username)
        with self._database.reading() as tx:
            absent = known(tx, username)
            _require_right_over(actor, absent)
            anywhere = may(actor, Verb.USERS_MANAGE)
            pool = store.with_roles(tx, absent.roles) if anywhere else store.of_units(
                tx, absent.units
            )  # fmt: skip
        fit = (user for user in pool if _fits(actor, absent, user) is None)
        return tuple(sorted(fit, key=lambda user: (user.name, user.username)))

    def add_substitute(
        self,
        actor: Actor,
        username: str,
        substitute: str,
        valid_from: date,
        valid_to: date,
        *,
        idempotency: IdempotencyKey | None = None,
    ) -> Substitution:
        """Let `substitute` work for `username` from `valid_from` to `valid_to` (both included).

        An administrator may do so for everybody, a branch head for the people of the own unit,
        others for themselves; all but the administrator among colleagues of one unit. Raises
        `Forbidden`, `NotFound`, `KeyReused`; `Invalid` when the two have different roles.
        """
        _require_some_right(actor, username)
        if valid_to < valid_from:
            raise Invalid(
                Text("تاريخ النهاية قبل تاريخ البداية.", "The dates are the wrong way round."),
                {"valid_to": [Text("مبكر جداً.", "Is too early.")]},
            )
        with self._database.transaction() as tx:
            first = first_answer(tx, idempotency)
            if first is not None:
                return msgspec.convert(first, Substitution)
            absent = known(tx, username)
            _require_right_over(actor, absent)
            standing = known(tx, substitute)
            problem = _fits(actor, absent, standing)
            if problem is not None:
                refusal = Text(
                    f"لا يمكن أن ينوب {substitute} عن {username}.",
                    f"{substitute} cannot stand in for {username}.",
                )
                raise Invalid(refusal, {"substitute": [problem]})
            values = {"valid_from": valid_from, "valid_to": valid_to}
            names = {"username": username, "substitute": substitute}
            added = store.add_substitution(tx, names | values)
            store.change(tx, substitute, {}, end_sessions=False)
            dates = {key: day.isoformat() for key, day in values.items()}
            self._note(tx, actor, "substitute_added", names | dates)
            keep(tx, idempotency, msgspec.to_builtins(added))
        return added

    def end_substitute(self, actor: Actor, id_: int) -> None:
        """Take a substitution back at once: one's own, one of the unit that one leads, or any for
        an administrator. Raises `Forbidden`, `NotFound`."""
        with self._database.transaction() as tx:
            standing = store.substitution(tx, id_)
            if standing is None:
                require(actor, Verb.SUBSTITUTE_UNIT)
                raise NotFound(Text(f"لا توجد إنابة {id_}.", f"There is no substitution {id_}."))
            if not _sees(actor, known(tx, standing.username)):
                require(actor, Verb.USERS_MANAGE)
            store.remove_substitution(tx, id_)
            store.change(tx, standing.substitute, {}, end_sessions=False)
            names = {"username": standing.username, "substitute": standing.substitute}
            self._note(tx, actor, "substitute_ended", names)

    def substitutes(self, actor: Actor, username: str) -> tuple[Substitution, ...]:
        """Who stands in for `username`, and when: for oneself, the head of a unit of that user, or
        an administrator. Raises `Forbidden`, `NotFound`."""
        if actor.username != username:
            require(actor, Verb.SUBSTITUTE_UNIT)
        with self._database.reading() as tx:
            if actor.username != username and not _sees(actor, known(tx, username)):
                require(actor, Verb.USERS_MANAGE)
            return store.substitutions(tx, username=username)

    def substitutes_of_unit(self, actor: Actor, unit: str) -> tuple[Substitution, ...]:
        """The substitutions of everybody in `unit`, also those to come and those that are over,
        by their first day. Raises `Forbidden`."""
        require(actor, Verb.SUBSTITUTE_UNIT, unit)
        with self._database.reading() as tx:
            return store.substitutions_of_unit(tx, unit)

    def _able(self, tx: Transaction, actor: Actor, task_id: str) -> list[User]:
        task = find_visible(tx, actor, task_id).task
        require(actor, Verb.TASK_ASSIGN, task.unit, f"The task {task_id}")
        pool = store.of_units(tx, [] if task.unit is None else [task.unit])
        pool += store.standing_in(tx, [user.username for user in pool], today(self._clock.now(tx)))
        able = []
        for user in {user.username: user for user in pool}.values():
            if not user.active or user.username == task.assignee:
                continue
            colleague = self._actor_of(tx, user.username)
            if is_visible(colleague, task) and may(colleague, Verb.TASK_WORK, task.unit):
                able.append(user)
        return able

    def _note(self, tx: Transaction, actor: Actor, kind: str, data: Mapping[str, Any]) -> None:
        entry = NewEntry(self._clock.now(tx), actor.username, kind, data=data)
        self._journal.append_admin(tx, entry)


def known(tx: Transaction, username: str) -> User:
    """The user, active or retired. Raises `NotFound`."""
    user = store.find(tx, username)
    if user is None:
        raise NotFound(Text(f"لا يوجد مستخدم {username}.", f"There is no user {username}."))
    return user


def _require_some_right(actor: Actor, username: str) -> None:
    """Before anything is looked up: nobody finds out user names here."""
    own = actor.username == username and may(actor, Verb.SUBSTITUTE_OWN)
    if not own:
        require(actor, Verb.SUBSTITUTE_UNIT, ANYWHERE)


def _require_right_over(actor: Actor, absent: User) -> None:
    """A head gives away only what the head's own units hold: all of the absent user's units."""
    if actor.username == absent.username:
        return
    for unit in sorted(absent.units):
        require(actor, Verb.SUBSTITUTE_UNIT, unit)
    if not absent.units:
        require(actor, Verb.USERS_MANAGE)


def _sees(actor: Actor, absent: User) -> bool:
    """Whether the substitutions of `absent` are the actor's business."""
    if actor.username == absent.username or may(actor, Verb.USERS_MANAGE):
        return True
    return any(may(actor, Verb.SUBSTITUTE_UNIT, unit) for unit in absent.units)


def _fits(actor: Actor, absent: User, standing: User) -> Text | None:
    """Why `standing` cannot stand in for `absent`; None when nothing is against it."""
    if absent.username == standing.username:
        return Text("لا ينوب أحد عن نفسه؛ اختر شخصاً آخر.", "Nobody stands in for themselves.")
    if absent.roles != standing.roles or not standing.active:
        return Text(
            "يجب أن يكون حسابه فعالاً وله الأدوار نفسها تماماً.",
            "Must be active and have exactly the same roles.",
        )
    if not may(actor, Verb.USERS_MANAGE) and absent.units.isdisjoint(standing.units):
        return Text("يجب أن يكون من الوحدة نفسها.", "Must be of the same unit.")
    return None
