"""Signing in, sessions, users, substitutes."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from argon2 import PasswordHasher

from engine.clock import SimulatedClock
from engine.credentials import Passwords
from engine.errors import (
    AlreadyExists,
    Conflict,
    Forbidden,
    Invalid,
    NotFound,
    NotSignedIn,
)
from engine.identity import Identity
from engine.journal import Journal
from engine.records import SYSTEM, Actor, Paging, Role
from engine.store.database import Database, Transaction
from tests.conftest import START

SECRET = bytes(reversed(range(32)))
PASSWORD = "correct horse"


class Desk:
    """An installation with an administrator and a system time of its own."""

    def __init__(
        self,
        database: Database,
        journal: Journal,
        clock: SimulatedClock,
        passwords: Passwords,
    ) -> None:
        self.database = database
        self.passwords = passwords
        self.journal = journal
        self.clock = clock
        self.system_time = datetime(2026, 3, 1, tzinfo=UTC)
        self.identity = Identity(
            database,
            journal,
            clock,
            SECRET,
            passwords=passwords,
            system_now=lambda: self.system_time,
        )
        self.add("admin.hq", Role.ADMIN, "hq")
        self.admin = self.identity.sign_in("admin.hq", PASSWORD).actor

    def add(self, username: str, role: Role, *units: str) -> None:
        self.identity.users.create(
            SYSTEM, username, name="سارة أحمد", password=PASSWORD, roles=[role], units=units
        )

    def token(self, username: str) -> str:
        return self.identity.sign_in(username, PASSWORD).token

    def works(self, token: str) -> bool:
        try:
            self.identity.actor_for_token(token)
        except NotSignedIn:
            return False
        return True


@pytest.fixture
def desk(database: Database, journal: Journal, clock: SimulatedClock, passwords: Passwords) -> Desk:
    made = Desk(database, journal, clock, passwords)
    made.add("worker.irbid", Role.CASE_WORKER, "naf:irbid")
    return made


def test_a_sign_in_gives_a_token_for_eight_hours(desk: Desk) -> None:
    session = desk.identity.sign_in(" Worker.IRBID ", PASSWORD)
    assert session.expires_in == 8 * 3600
    assert session.actor == Actor(
        "worker.irbid",
        frozenset({Role.CASE_WORKER}),
        frozenset({"naf:irbid"}),
        "سارة أحمد",
        "ar",
    )
    assert session.user.must_change_password
    assert desk.identity.actor_for_token(session.token) == session.actor
    desk.system_time += timedelta(hours=8, seconds=-1)
    assert desk.works(session.token)
    desk.system_time += timedelta(seconds=1)
    assert not desk.works(session.token)


def test_a_session_may_be_shorter(desk: Desk) -> None:
    identity = Identity(
        desk.database,
        desk.journal,
        desk.clock,
        SECRET,
        passwords=desk.passwords,
        token_life=timedelta(hours=1),
        system_now=lambda: desk.system_time,
    )
    session = identity.sign_in("worker.irbid", PASSWORD)
    assert session.expires_in == 3600
    desk.system_time += timedelta(hours=1)
    assert not desk.works(session.token)


def test_the_cases_clock_does_not_end_sessions(desk: Desk) -> None:
    token = desk.token("worker.irbid")
    with desk.database.transaction() as tx:
        desk.clock.advance(tx, START + timedelta(days=700))
    assert desk.works(token)


def test_a_wrong_name_and_a_wrong_password_look_alike(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.add("gone", Role.CASE_WORKER, "naf:irbid")
    desk.identity.users.retire(desk.admin, "gone")
    checked: list[str] = []
    verify = PasswordHasher.verify

    def counted(self: Any, stored: str, password: str) -> bool:
        checked.append(stored.split("$")[3])  # the cost parameters
        return verify(self, stored, password)

    monkeypatch.setattr(PasswordHasher, "verify", counted)
    messages = set()
    for name, password in (
        ("worker.irbid", "wrong"),
        ("nobody", PASSWORD),
        ("gone", PASSWORD),
        ("", ""),
        ("worker.irbid", ""),
    ):
        with pytest.raises(NotSignedIn) as refused:
            desk.identity.sign_in(name, password)
        messages.add(str(refused.value))
    assert len(messages) == 1
    assert checked == ["m=8,t=1,p=1"] * 5  # the same work each time


@pytest.mark.parametrize("token", ["", "x", "a.b.c", "é" * 9, "Bearer x"])
def test_what_is_no_token_is_refused(desk: Desk, token: str) -> None:
    assert not desk.works(token)
    desk.identity.sign_out(token)


def test_a_forged_token_is_refused(desk: Desk) -> None:
    def part(data: dict[str, Any]) -> str:
        return base64.urlsafe_b64encode(json.dumps(data).encode()).decode().rstrip("=")

    now = int(desk.system_time.timestamp())
    claims = {"iss": "rihla", "sub": "admin.hq", "gen": 1, "jti": "j", "exp": now + 99}
    assert not desk.works(f"{part({'alg': 'none'})}.{part(claims)}.")
    genuine = desk.token("worker.irbid").split(".")
    assert not desk.works(f"{genuine[0]}.{part(claims)}.{genuine[2]}")
    other = Identity(desk.database, desk.journal, desk.clock, bytes(32), passwords=desk.passwords)
    assert not desk.works(other.sign_in("worker.irbid", PASSWORD).token)


def test_production_hashes_as_owasp_says() -> None:
    stored = Passwords().hash(PASSWORD)
    assert stored.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert Passwords().fits(stored, PASSWORD)
    assert not Passwords().fits(stored, "wrong")
    assert not Passwords().fits(None, PASSWORD)
    assert Passwords(passes=3).outdated(stored)


def test_signing_out_ends_that_session_only(desk: Desk) -> None:
    first, second = desk.token("worker.irbid"), desk.token("worker.irbid")
    desk.identity.sign_out(first)
    desk.identity.sign_out(first)
    assert not desk.works(first)
    assert desk.works(second)


@pytest.mark.parametrize(
    ("change", "ends"),
    [
        ({"roles": [Role.BRANCH_HEAD]}, True),
        ({"units": ["naf:zarqa"]}, True),
        ({"password": "another one"}, True),
        ({"active": False}, True),
        ({"name": "سارة علي"}, False),
        ({"language": "en"}, False),
        ({"roles": [Role.CASE_WORKER], "units": ["naf:irbid"]}, False),
    ],
)
def test_which_changes_end_sessions(desk: Desk, change: dict[str, Any], ends: bool) -> None:
    token = desk.token("worker.irbid")
    assert desk.works(token)
    desk.identity.users.update(desk.admin, "worker.irbid", **change)
    assert desk.works(token) is not ends


def test_a_change_shows_at_once_in_every_process(
    desk: Desk, open_database: Callable[[], Database]
) -> None:
    token = desk.token("worker.irbid")
    assert desk.identity.actor_for_token(token).language == "ar"
    elsewhere = Identity(open_database(), desk.journal, desk.clock, SECRET)
    elsewhere.users.update(desk.admin, "worker.irbid", language="en")
    assert desk.identity.actor_for_token(token).language == "en"


def test_changing_ones_own_password(desk: Desk) -> None:
    old = desk.identity.sign_in("worker.irbid", PASSWORD)
    with pytest.raises(Invalid) as refused:
        desk.identity.change_password(old.actor, "wrong", "a new password")
    assert set(refused.value.errors) == {"old"}
    for bad in ("short", "x" * 257, "WORKER.irbid"):
        with pytest.raises(Invalid) as refused:
            desk.identity.change_password(old.actor, PASSWORD, bad)
        assert set(refused.value.errors) == {"password"}
    with pytest.raises(Invalid):  # the one that the administrator knows is not kept
        desk.identity.change_password(old.actor, PASSWORD, PASSWORD)
    new = desk.identity.change_password(old.actor, PASSWORD, "a new password")
    assert not new.user.must_change_password
    assert desk.works(new.token)
    assert not desk.works(old.token)
    with pytest.raises(NotSignedIn):
        desk.identity.sign_in("worker.irbid", PASSWORD)


def test_an_outdated_hash_is_renewed_at_sign_in(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desk.identity._passwords, "outdated", lambda _stored: True)
    monkeypatch.setattr(desk.identity._passwords, "hash", lambda password: f"new {password}")
    assert desk.works(desk.token("worker.irbid"))
    with pytest.raises(NotSignedIn):  # the renewed hash is what counts now
        desk.identity.sign_in("worker.irbid", PASSWORD)


def test_only_administrators_manage_users(desk: Desk) -> None:
    users = desk.identity.users
    worker = desk.identity.sign_in("worker.irbid", PASSWORD).actor
    day = date(2026, 1, 5)
    for act in (
        lambda: users.create(
            worker, "new", name="n", password=PASSWORD, roles=[Role.ADMIN], units=[]
        ),
        lambda: users.update(worker, "worker.irbid", roles=[Role.ADMIN]),
        lambda: users.retire(worker, "admin.hq"),
        lambda: users.get(worker, "admin.hq"),
        lambda: users.add_substitute(worker, "admin.hq", "worker.irbid", day, day),
        lambda: users.end_substitute(worker, 1),
        lambda: users.substitutes(worker, "admin.hq"),
    ):
        with pytest.raises(Forbidden):
            act()
    assert users.get(worker, "worker.irbid").name == "سارة أحمد"
    assert users.substitutes(worker, "worker.irbid") == ()


def test_lists_show_everybody_or_the_colleagues(desk: Desk) -> None:
    desk.add("worker.zarqa", Role.CASE_WORKER, "naf:zarqa")
    desk.add("head.irbid", Role.BRANCH_HEAD, "naf:irbid")
    users = desk.identity.users
    worker = desk.identity.sign_in("worker.irbid", PASSWORD).actor

    def names(actor: Actor, **options: Any) -> list[str]:
        return [user.username for user in users.list(actor, **options).items]

    assert names(worker) == ["head.irbid", "worker.irbid"]
    assert names(worker, unit="naf:irbid") == ["head.irbid", "worker.irbid"]
    with pytest.raises(Forbidden):
        users.list(worker, unit="naf:zarqa")
    assert names(desk.admin) == ["admin.hq", "head.irbid", "worker.irbid", "worker.zarqa"]
    assert names(desk.admin, unit="naf:zarqa") == ["worker.zarqa"]
    first = users.list(desk.admin, Paging(limit=3))
    assert names(desk.admin, paging=Paging(3, first.next_cursor)) == ["worker.zarqa"]
    desk.identity.users.retire(desk.admin, "worker.irbid")
    with desk.database.reading() as tx:
        assert users.usernames(tx, Role.CASE_WORKER) == ("worker.zarqa",)
        assert users.usernames(tx, Role.BRANCH_HEAD, "naf:irbid") == ("head.irbid",)
        assert users.usernames(tx, Role.BRANCH_HEAD, "naf:zarqa") == ()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("username", "Has Space"),
        ("username", "../etc"),
        ("username", "x" * 65),
        ("username", "system"),
        ("name", "  "),
        ("name", "a\x00b"),
        ("password", "short"),
        ("roles", []),
        ("roles", [Role.SYSTEM]),
        ("units", ["Naf Irbid"]),
        ("units", ["naf:unknown"]),
        ("language", "fr"),
    ],
)
def test_what_a_user_cannot_be(desk: Desk, field: str, value: Any) -> None:
    desk.identity.users.unit_exists = lambda _tx, unit: unit != "naf:unknown"
    given: dict[str, Any] = {
        "username": "new",
        "name": "n",
        "password": PASSWORD,
        "roles": [Role.CASE_WORKER],
        "units": ["naf:irbid"],
        "language": "ar",
    }
    given[field] = value
    with pytest.raises(Invalid) as refused:
        desk.identity.users.create(desk.admin, **given)
    assert set(refused.value.errors) == {field}
    with pytest.raises(NotFound):
        desk.identity.users.get(desk.admin, given["username"])


def test_a_user_name_is_given_once(desk: Desk) -> None:
    desk.identity.users.retire(desk.admin, "worker.irbid")
    with pytest.raises(AlreadyExists):
        desk.add("worker.irbid", Role.CASE_WORKER, "naf:zarqa")


def test_retiring_gives_the_tasks_back(desk: Desk) -> None:
    given_back: list[str] = []

    def hook(tx: Transaction, actor: Actor, username: str) -> None:
        assert tx.connection.in_transaction()
        given_back.append(f"{actor.username}: {username}")

    users = desk.identity.users
    users.on_retire.append(hook)
    users.update(desk.admin, "worker.irbid", units=["naf:irbid", "naf:zarqa"])
    assert given_back == []
    users.update(desk.admin, "worker.irbid", units=["naf:zarqa"])
    users.retire(desk.admin, "worker.irbid")
    users.retire(desk.admin, "worker.irbid")
    assert given_back == ["admin.hq: worker.irbid"] * 2
    users.update(desk.admin, "worker.irbid", active=True)
    assert desk.works(desk.token("worker.irbid"))


def test_a_failing_hook_undoes_the_retirement(desk: Desk) -> None:
    def fail(*_: object) -> None:
        raise ZeroDivisionError

    desk.identity.users.on_retire.append(fail)
    with pytest.raises(ZeroDivisionError):
        desk.identity.users.retire(desk.admin, "worker.irbid")
    assert desk.identity.users.get(desk.admin, "worker.irbid").active


@pytest.mark.parametrize("change", [{"active": False}, {"roles": [Role.AUDITOR]}])
def test_the_last_administrator_stays(desk: Desk, change: dict[str, Any]) -> None:
    with pytest.raises(Conflict, match="last administrator"):
        desk.identity.users.update(desk.admin, "admin.hq", **change)
    desk.add("admin.two", Role.ADMIN, "hq")
    desk.identity.users.update(desk.admin, "admin.hq", **change)


def test_a_substitute_has_the_units_while_standing_in(desk: Desk) -> None:
    desk.add("worker.zarqa", Role.CASE_WORKER, "naf:zarqa")
    token = desk.token("worker.zarqa")
    first, last = date(2026, 1, 5), date(2026, 1, 6)

    def units() -> set[str]:
        return set(desk.identity.actor_for_token(token).units)

    def move_to(day: int, hour: int) -> None:
        with desk.database.transaction() as tx:
            desk.clock.advance(tx, datetime(2026, 1, day, hour, tzinfo=UTC))

    assert units() == {"naf:zarqa"}
    desk.identity.users.add_substitute(desk.admin, "worker.irbid", "worker.zarqa", first, last)
    assert units() == {"naf:zarqa"}
    move_to(4, 21)  # midnight in Amman
    assert units() == {"naf:zarqa", "naf:irbid"}
    desk.identity.users.update(desk.admin, "worker.irbid", units=["naf:jerash"])
    assert units() == {"naf:zarqa", "naf:jerash"}
    move_to(6, 21)
    assert units() == {"naf:zarqa"}


def test_a_substitution_ends_when_taken_back_or_roles_part(desk: Desk) -> None:
    desk.add("worker.zarqa", Role.CASE_WORKER, "naf:zarqa")
    users, day = desk.identity.users, date(2026, 1, 4)
    token = desk.token("worker.zarqa")
    added = users.add_substitute(desk.admin, "worker.irbid", "worker.zarqa", day, day)
    assert users.substitutes(desk.admin, "worker.irbid") == (added,)
    assert "naf:irbid" in desk.identity.actor_for_token(token).units
    users.update(desk.admin, "worker.irbid", roles=[Role.BRANCH_HEAD])
    assert "naf:irbid" not in desk.identity.actor_for_token(token).units
    users.end_substitute(desk.admin, added.id)
    assert users.substitutes(desk.admin, "worker.irbid") == ()
    with pytest.raises(NotFound):
        users.end_substitute(desk.admin, added.id)


def test_who_cannot_stand_in(desk: Desk) -> None:
    desk.add("head.irbid", Role.BRANCH_HEAD, "naf:irbid")
    day = date(2026, 1, 4)

    def add(username: str, substitute: str, to: date = day) -> None:
        desk.identity.users.add_substitute(desk.admin, username, substitute, day, to)

    for names in (("head.irbid", "worker.irbid"), ("worker.irbid", "worker.irbid")):
        with pytest.raises(Invalid):
            add(*names)
    with pytest.raises(Invalid):
        add("worker.irbid", "head.irbid", date(2026, 1, 3))
    with pytest.raises(NotFound):
        add("worker.irbid", "nobody")


def head_of(desk: Desk, unit: str) -> Actor:
    name = f"head.{unit.partition(':')[2]}"
    desk.add(name, Role.BRANCH_HEAD, unit)
    return desk.identity.sign_in(name, PASSWORD).actor


def test_a_worker_names_a_colleague_for_an_absence_and_the_head_sees_it(desk: Desk) -> None:
    desk.add("colleague.irbid", Role.CASE_WORKER, "naf:irbid")
    desk.add("worker.zarqa", Role.CASE_WORKER, "naf:zarqa")
    users, day = desk.identity.users, date(2026, 1, 4)
    worker = desk.identity.sign_in("worker.irbid", PASSWORD).actor
    irbid, zarqa = head_of(desk, "naf:irbid"), head_of(desk, "naf:zarqa")
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
    assert desk.identity.sign_in("colleague.irbid", PASSWORD).actor.stands_in_for == {
        worker.username
    }
    users.end_substitute(irbid, added.id)
    again = users.add_substitute(worker, worker.username, "colleague.irbid", day, day)
    users.end_substitute(worker, again.id)
    assert users.substitutes(worker, worker.username) == ()
    with desk.database.reading() as tx:
        kinds = [(e.kind, e.actor) for e in desk.journal.read(tx, "admin")][-4:]
    assert kinds == [
        ("substitute_added", worker.username),
        ("substitute_ended", irbid.username),
        ("substitute_added", worker.username),
        ("substitute_ended", worker.username),
    ]


def test_a_head_gives_away_no_more_than_the_own_unit(desk: Desk) -> None:
    desk.add("colleague.irbid", Role.CASE_WORKER, "naf:irbid")
    desk.add("worker.both", Role.CASE_WORKER, "naf:irbid", "naf:zarqa")
    desk.add("worker.zarqa", Role.CASE_WORKER, "naf:zarqa")
    users, day = desk.identity.users, date(2026, 1, 4)
    head = head_of(desk, "naf:irbid")
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
    assert [u.username for u in users.possible_substitutes(desk.admin, "worker.irbid")] == [
        "colleague.irbid",
        "worker.both",
        "worker.zarqa",
    ]


def test_the_own_account(desk: Desk) -> None:
    token, other = desk.token("worker.irbid"), desk.token("worker.irbid")
    actor = desk.identity.actor_for_token(token)
    user = desk.identity.user_for(actor)
    assert (user.username, user.language) == ("worker.irbid", "ar")
    assert desk.identity.set_language(actor, "en").language == "en"
    assert desk.identity.actor_for_token(token).language == "en"
    with pytest.raises(Invalid):
        desk.identity.set_language(actor, "fr")
    desk.identity.sign_out_everywhere(actor)
    for ended in (token, other):
        with pytest.raises(NotSignedIn):
            desk.identity.actor_for_token(ended)
    with desk.database.reading() as tx:
        last = desk.journal.read(tx, "admin")[-1]
    assert (last.kind, last.actor) == ("signed_out_everywhere", "worker.irbid")
    with pytest.raises(NotFound):
        desk.identity.user_for(SYSTEM)


def test_every_change_is_journalled_without_secrets(desk: Desk) -> None:
    users, day = desk.identity.users, date(2026, 1, 4)
    desk.add("worker.zarqa", Role.CASE_WORKER, "naf:zarqa")
    users.update(desk.admin, "worker.irbid", password="another one")
    added = users.add_substitute(desk.admin, "worker.irbid", "worker.zarqa", day, day)
    users.end_substitute(desk.admin, added.id)
    users.retire(desk.admin, "worker.irbid")
    worker = desk.identity.sign_in("worker.zarqa", PASSWORD).actor
    desk.identity.change_password(worker, PASSWORD, "my own words")
    with desk.database.reading() as tx:
        entries = desk.journal.read(tx, "admin")
        assert desk.journal.verify(tx, "admin").ok
    assert [entry.kind for entry in entries] == [
        "user_created",
        "user_created",
        "user_created",
        "user_changed",
        "substitute_added",
        "substitute_ended",
        "user_retired",
        "password_changed",
    ]
    written = str(entries)
    assert not any(word in written for word in (PASSWORD, "another one", "my own", "argon2"))
    assert entries[3].data["password"] == "new"
    assert entries[6].data["after"]["active"] is False
