"""Accounts: who manages them, what they may be, retiring, and what is journalled."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from engine.errors import (
    AlreadyExists,
    Conflict,
    Forbidden,
    Invalid,
    NotFound,
    NotSignedIn,
)
from engine.records import SYSTEM, Actor, Paging, Role
from engine.store import users as store
from engine.store.transaction import Transaction
from tests.engine.reception import PASSWORD, Reception


def test_only_administrators_manage_users(reception: Reception) -> None:
    users = reception.identity.users
    worker = reception.identity.sign_in("worker.irbid", PASSWORD).actor
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


def test_lists_show_everybody_or_the_colleagues(reception: Reception) -> None:
    reception.add("worker.zarqa", Role.CASE_WORKER, "naf:zarqa")
    reception.add("head.irbid", Role.BRANCH_HEAD, "naf:irbid")
    users = reception.identity.users
    worker = reception.identity.sign_in("worker.irbid", PASSWORD).actor

    def names(actor: Actor, **options: Any) -> list[str]:
        return [user.username for user in users.list(actor, **options).items]

    assert names(worker) == ["head.irbid", "worker.irbid"]
    assert names(worker, unit="naf:irbid") == ["head.irbid", "worker.irbid"]
    with pytest.raises(Forbidden):
        users.list(worker, unit="naf:zarqa")
    assert names(reception.admin) == ["admin.hq", "head.irbid", "worker.irbid", "worker.zarqa"]
    assert names(reception.admin, unit="naf:zarqa") == ["worker.zarqa"]
    first = users.list(reception.admin, Paging(limit=3))
    assert names(reception.admin, paging=Paging(3, first.next_cursor)) == ["worker.zarqa"]
    reception.identity.users.retire(reception.admin, "worker.irbid")
    with reception.database.reading() as tx:
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
def test_what_a_user_cannot_be(reception: Reception, field: str, value: Any) -> None:
    reception.identity.users.unit_exists = lambda _tx, unit: unit != "naf:unknown"
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
        reception.identity.users.create(reception.admin, **given)
    assert set(refused.value.errors) == {field}
    with pytest.raises(NotFound):
        reception.identity.users.get(reception.admin, given["username"])


def test_a_user_name_is_given_once(reception: Reception) -> None:
    reception.identity.users.retire(reception.admin, "worker.irbid")
    with pytest.raises(AlreadyExists):
        reception.add("worker.irbid", Role.CASE_WORKER, "naf:zarqa")


def test_retiring_gives_the_tasks_back(reception: Reception) -> None:
    given_back: list[str] = []

    def hook(tx: Transaction, actor: Actor, username: str) -> None:
        assert tx.connection.in_transaction()
        given_back.append(f"{actor.username}: {username}")

    users = reception.identity.users
    users.on_retire.append(hook)
    users.update(reception.admin, "worker.irbid", units=["naf:irbid", "naf:zarqa"])
    assert given_back == []
    users.update(reception.admin, "worker.irbid", units=["naf:zarqa"])
    users.retire(reception.admin, "worker.irbid")
    users.retire(reception.admin, "worker.irbid")
    assert given_back == ["admin.hq: worker.irbid"] * 2
    users.update(reception.admin, "worker.irbid", active=True)
    assert reception.works(reception.token("worker.irbid"))


def test_a_failing_hook_undoes_the_retirement(reception: Reception) -> None:
    def fail(*_: object) -> None:
        raise ZeroDivisionError

    reception.identity.users.on_retire.append(fail)
    with pytest.raises(ZeroDivisionError):
        reception.identity.users.retire(reception.admin, "worker.irbid")
    assert reception.identity.users.get(reception.admin, "worker.irbid").active


@pytest.mark.parametrize("change", [{"active": False}, {"roles": [Role.AUDITOR]}])
def test_the_last_administrator_stays(reception: Reception, change: dict[str, Any]) -> None:
    with pytest.raises(Conflict, match="last administrator"):
        reception.identity.users.update(reception.admin, "admin.hq", **change)
    reception.add("admin.two", Role.ADMIN, "hq")
    reception.identity.users.update(reception.admin, "admin.hq", **change)


def test_the_own_account(reception: Reception) -> None:
    token, other = reception.token("worker.irbid"), reception.token("worker.irbid")
    actor = reception.identity.actor_for_token(token)
    user = reception.identity.user_for(actor)
    assert (user.username, user.language) == ("worker.irbid", "ar")
    assert reception.identity.set_language(actor, "en").language == "en"
    assert reception.identity.actor_for_token(token).language == "en"
    with pytest.raises(Invalid):
        reception.identity.set_language(actor, "fr")
    reception.identity.sign_out_everywhere(actor)
    for ended in (token, other):
        with pytest.raises(NotSignedIn):
            reception.identity.actor_for_token(ended)
    with reception.database.reading() as tx:
        last = reception.journal.read(tx, "admin")[-1]
    assert (last.kind, last.actor) == ("signed_out_everywhere", "worker.irbid")
    with pytest.raises(NotFound):
        reception.identity.user_for(SYSTEM)


def test_every_change_is_journalled_without_secrets(reception: Reception) -> None:
    users, day = reception.identity.users, date(2026, 1, 4)
    reception.add("worker.zarqa", Role.CASE_WORKER, "naf:zarqa")
    users.update(reception.admin, "worker.irbid", password="another one")
    added = users.add_substitute(reception.admin, "worker.irbid", "worker.zarqa", day, day)
    users.end_substitute(reception.admin, added.id)
    users.retire(reception.admin, "worker.irbid")
    worker = reception.identity.sign_in("worker.zarqa", PASSWORD).actor
    reception.identity.change_password(worker, PASSWORD, "my own words")
    with reception.database.reading() as tx:
        entries = reception.journal.read(tx, "admin")
        assert reception.journal.verify(tx, "admin").ok
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


@pytest.mark.parametrize(
    ("roles", "units", "named"),
    [
        ({Role.MOL_OFFICER}, {"naf:irbid"}, ("mol_officer", "naf:irbid", "mol")),
        ({Role.CASE_WORKER}, {"naf:irbid", "mol:irbid"}, ("case_worker", "mol:irbid", "naf")),
        ({Role.SERVICE_PROVIDER}, {"hq"}, ("service_provider", "hq", "provider")),
        ({Role.AUDITOR}, {"naf:irbid"}, ("auditor", "naf:irbid", "hq")),
        (
            {Role.AUDITOR, Role.CASE_WORKER},
            {"naf:irbid", "hq", "mol:irbid"},
            ("auditor", "case_worker", "mol:irbid", "naf", "hq"),
        ),
    ],
)
def test_a_role_works_only_in_units_of_its_kind(
    reception: Reception, roles: set[Role], units: set[str], named: tuple[str, ...]
) -> None:
    users = reception.identity.users
    given: dict[str, Any] = {"roles": roles, "units": units}
    for verb in (users.create, users.update):
        username = "worker.irbid"
        more: dict[str, Any] = {}
        if verb == users.create:
            username, more = "new", {"name": "n", "password": PASSWORD}
        with pytest.raises(Invalid) as refused:
            verb(reception.admin, username, **given, **more)
        assert set(refused.value.errors) == {"units"}
        (told,) = refused.value.errors["units"]
        for language in ("ar", "en"):
            assert all(word in told.in_language(language) for word in named), told
    assert users.get(reception.admin, "worker.irbid").roles == {Role.CASE_WORKER}


def test_changing_only_the_role_or_only_the_units_is_looked_at_whole(reception: Reception) -> None:
    users = reception.identity.users
    changes: list[dict[str, Any]] = [{"roles": [Role.MOL_OFFICER]}, {"units": ["mol:irbid"]}]
    for change in changes:
        with pytest.raises(Invalid) as refused:
            users.update(reception.admin, "worker.irbid", **change)
        assert set(refused.value.errors) == {"units"}
    moved = users.update(
        reception.admin, "worker.irbid", roles=[Role.MOL_OFFICER], units=["mol:irbid"]
    )
    assert moved.units == {"mol:irbid"}


def test_roles_without_a_unit_and_accounts_of_before_stay(reception: Reception) -> None:
    users = reception.identity.users
    for role in Role:
        if role is not Role.SYSTEM:
            reception.add(f"{role.value}.nowhere", role)
    both = users.create(
        reception.admin, "both", name="n", password=PASSWORD,
        roles=[Role.AUDITOR, Role.CASE_WORKER], units=["naf:irbid"],
    )  # fmt: skip
    assert both.units == {"naf:irbid"}
    with reception.database.transaction() as tx:  # as releases without the rule let it be
        store.set_units(tx, "both", ["mol:irbid"])
    renamed = users.update(
        reception.admin, "both", name="جديد", roles=both.roles, units=["mol:irbid"]
    )
    assert renamed.name == "جديد"
    assert renamed.units == {"mol:irbid"}
    assert not users.retire(reception.admin, "both").active
