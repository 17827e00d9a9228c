"""Standing in for somebody who is away."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from engine.errors import (
    Forbidden,
    Invalid,
    NotFound,
)
from engine.records import Actor, Role
from tests.engine.reception import PASSWORD, Reception


def test_a_substitute_has_the_units_while_standing_in(reception: Reception) -> None:
    reception.add("worker.zarqa", Role.CASE_WORKER, "naf:zarqa")
    token = reception.token("worker.zarqa")
    first, last = date(2026, 1, 5), date(2026, 1, 6)

    def units() -> set[str]:
        return set(reception.identity.actor_for_token(token).units)

    def move_to(day: int, hour: int) -> None:
        with reception.database.transaction() as tx:
            reception.clock.advance(tx, datetime(2026, 1, day, hour, tzinfo=UTC))

    assert units() == {"naf:zarqa"}
    reception.identity.users.add_substitute(
        reception.admin, "worker.irbid", "worker.zarqa", first, last
    )
    assert units() == {"naf:zarqa"}
    move_to(4, 21)  # midnight in Amman
    assert units() == {"naf:zarqa", "naf:irbid"}
    reception.identity.users.update(reception.admin, "worker.irbid", units=["naf:jerash"])
    assert units() == {"naf:zarqa", "naf:jerash"}
    move_to(6, 21)
    assert units() == {"naf:zarqa"}


def test_a_substitution_ends_when_taken_back_or_roles_part(reception: Reception) -> None:
    reception.add("worker.zarqa", Role.CASE_WORKER, "naf:zarqa")
    users, day = reception.identity.users, date(2026, 1, 4)
    token = reception.token("worker.zarqa")
    added = users.add_substitute(reception.admin, "worker.irbid", "worker.zarqa", day, day)
    assert users.substitutes(reception.admin, "worker.irbid") == (added,)
    assert "naf:irbid" in reception.identity.actor_for_token(token).units
    users.update(reception.admin, "worker.irbid", roles=[Role.BRANCH_HEAD])
    assert "naf:irbid" not in reception.identity.actor_for_token(token).units
    users.end_substitute(reception.admin, added.id)
    assert users.substitutes(reception.admin, "worker.irbid") == ()
    with pytest.raises(NotFound):
        users.end_substitute(reception.admin, added.id)


def test_who_cannot_stand_in(reception: Reception) -> None:
    reception.add("head.irbid", Role.BRANCH_HEAD, "naf:irbid")
    day = date(2026, 1, 4)

    def add(username: str, substitute: str, to: date = day) -> None:
        reception.identity.users.add_substitute(reception.admin, username, substitute, day, to)

    for names in (("head.irbid", "worker.irbid"), ("worker.irbid", "worker.irbid")):
        with pytest.raises(Invalid):
            add(*names)
    with pytest.raises(Invalid):
        add("worker.irbid", "head.irbid", date(2026, 1, 3))
    with pytest.raises(NotFound):
        add("worker.irbid", "nobody")


def head_of(reception: Reception, unit: str) -> Actor:
    name = f"head.{unit.partition(':')[2]}"
    reception.add(name, Role.BRANCH_HEAD, unit)
    return reception.identity.sign_in(name, PASSWORD).actor


def test_a_worker_names_a_colleague_for_an_absence_and_the_head_sees_it(
    reception: Reception,
) -> None:
    reception.add("colleague.irbid", Role.CASE_WORKER, "naf:irbid")
    reception.add("worker.zarqa", Role.CASE_WORKER, "naf:zarqa")
    users, day = reception.identity.users, date(2026, 1, 4)
    worker = reception.identity.sign_in("worker.irbid", PASSWORD).actor
    irbid, zarqa = head_of(reception, "naf:irbid"), head_of(reception, "naf:zarqa")
    fit = users.possible_substitutes(worker, worker.username)
    assert [user.username for user in fit] == ["colleague.irbid"]
    added = users.add_substitute(worker, worker.username, "colleague.irbid", day, day)
    for wrong in ("worker.zarqa", "head.irbid"):
        with pytest.raises(Invalid) as refused:
            users.add_substitute(worker, worker.username, wrong, day, day)
        assert set(refused.value.errors) == {"substitute"}
    assert users.substitutes_of_unit(irbid, "naf:irbid") == (added,)
    assert users.substitutes(irbid, worker.username) == (added,)
    for refuse in (
        lambda: users.substitutes_of_unit(zarqa, "naf:irbid"),
        lambda: users.substitutes_of_unit(worker, "naf:irbid"),
        lambda: users.substitutes(zarqa, worker.username),
        lambda: users.end_substitute(zarqa, added.id),
        lambda: users.add_substitute(worker, "colleague.irbid", worker.username, day, day),
        lambda: users.possible_substitutes(worker, "colleague.irbid"),
    ):
        with pytest.raises(Forbidden):
            refuse()
    assert reception.identity.sign_in("colleague.irbid", PASSWORD).actor.stands_in_for == {
        worker.username
    }
    users.end_substitute(irbid, added.id)
    again = users.add_substitute(worker, worker.username, "colleague.irbid", day, day)
    users.end_substitute(worker, again.id)
    assert users.substitutes(worker, worker.username) == ()
    with reception.database.reading() as tx:
        kinds = [(e.kind, e.actor) for e in reception.journal.read(tx, "admin")][-4:]
    assert kinds == [
        ("substitute_added", worker.username),
        ("substitute_ended", irbid.username),
        ("substitute_added", worker.username),
        ("substitute_ended", worker.username),
    ]


def test_a_head_gives_away_no_more_than_the_own_unit(reception: Reception) -> None:
    reception.add("colleague.irbid", Role.CASE_WORKER, "naf:irbid")
    reception.add("worker.both", Role.CASE_WORKER, "naf:irbid", "naf:zarqa")
    reception.add("worker.zarqa", Role.CASE_WORKER, "naf:zarqa")
    users, day = reception.identity.users, date(2026, 1, 4)
    head = head_of(reception, "naf:irbid")
    assert [u.username for u in users.possible_substitutes(head, "worker.irbid")] == [
        "colleague.irbid",
        "worker.both",
    ]
    users.add_substitute(head, "worker.irbid", "colleague.irbid", day, day)
    with pytest.raises(Invalid):
        users.add_substitute(head, "worker.irbid", "worker.zarqa", day, day)
    for username in ("worker.both", "worker.zarqa", "admin.hq"):
        with pytest.raises(Forbidden):
            users.add_substitute(head, username, "colleague.irbid", day, day)
        with pytest.raises(Forbidden):
            users.possible_substitutes(head, username)
    assert [u.username for u in users.possible_substitutes(reception.admin, "worker.irbid")] == [
        "colleague.irbid",
        "worker.both",
        "worker.zarqa",
    ]
