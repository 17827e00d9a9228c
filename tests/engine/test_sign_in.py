"""Signing in, tokens, sessions, one's own password."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from argon2 import PasswordHasher

from engine.credentials import Passwords
from engine.errors import (
    Invalid,
    NotSignedIn,
)
from engine.identity import Identity
from engine.records import Actor, Role
from engine.store.database import Database
from tests.conftest import START
from tests.engine.reception import PASSWORD, SECRET, Reception


def test_a_sign_in_gives_a_token_for_eight_hours(reception: Reception) -> None:
    session = reception.identity.sign_in(" Worker.IRBID ", PASSWORD)
    assert session.expires_in == 8 * 3600
    assert session.actor == Actor(
        "worker.irbid",
        frozenset({Role.CASE_WORKER}),
        frozenset({"naf:irbid"}),
        "سارة أحمد",
        "ar",
        must_change_password=True,
    )
    assert session.user.must_change_password
    assert reception.identity.actor_for_token(session.token) == session.actor
    reception.system_time += timedelta(hours=8, seconds=-1)
    assert reception.works(session.token)
    reception.system_time += timedelta(seconds=1)
    assert not reception.works(session.token)


def test_a_session_may_be_shorter(reception: Reception) -> None:
    identity = Identity(
        reception.database,
        reception.journal,
        reception.clock,
        SECRET,
        passwords=reception.passwords,
        token_life=timedelta(hours=1),
        system_now=lambda: reception.system_time,
    )
    session = identity.sign_in("worker.irbid", PASSWORD)
    assert session.expires_in == 3600
    reception.system_time += timedelta(hours=1)
    assert not reception.works(session.token)


def test_the_cases_clock_does_not_end_sessions(reception: Reception) -> None:
    token = reception.token("worker.irbid")
    with reception.database.transaction() as tx:
        reception.clock.advance(tx, START + timedelta(days=700))
    assert reception.works(token)


def test_a_wrong_name_and_a_wrong_password_look_alike(
    reception: Reception, monkeypatch: pytest.MonkeyPatch
) -> None:
    reception.add("gone", Role.CASE_WORKER, "naf:irbid")
    reception.identity.users.retire(reception.admin, "gone")
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
            reception.identity.sign_in(name, password)
        messages.add(str(refused.value))
    assert len(messages) == 1
    assert checked == ["m=8,t=1,p=1"] * 5  # the same work each time


@pytest.mark.parametrize("token", ["", "x", "a.b.c", "é" * 9, "Bearer x"])
def test_what_is_no_token_is_refused(reception: Reception, token: str) -> None:
    assert not reception.works(token)
    reception.identity.sign_out(token)


def test_a_forged_token_is_refused(reception: Reception) -> None:
    def part(data: dict[str, Any]) -> str:
        return base64.urlsafe_b64encode(json.dumps(data).encode()).decode().rstrip("=")

    now = int(reception.system_time.timestamp())
    claims = {"iss": "rihla", "sub": "admin.hq", "gen": 1, "jti": "j", "exp": now + 99}
    assert not reception.works(f"{part({'alg': 'none'})}.{part(claims)}.")
    genuine = reception.token("worker.irbid").split(".")
    assert not reception.works(f"{genuine[0]}.{part(claims)}.{genuine[2]}")
    other = Identity(
        reception.database,
        reception.journal,
        reception.clock,
        bytes(32),
        passwords=reception.passwords,
    )
    assert not reception.works(other.sign_in("worker.irbid", PASSWORD).token)


def test_production_hashes_as_owasp_says() -> None:
    stored = Passwords().hash(PASSWORD)
    assert stored.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert Passwords().fits(stored, PASSWORD)
    assert not Passwords().fits(stored, "wrong")
    assert not Passwords().fits(None, PASSWORD)
    assert Passwords(passes=3).outdated(stored)


def test_signing_out_ends_that_session_only(reception: Reception) -> None:
    first, second = reception.token("worker.irbid"), reception.token("worker.irbid")
    reception.identity.sign_out(first)
    reception.identity.sign_out(first)
    assert not reception.works(first)
    assert reception.works(second)


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
def test_which_changes_end_sessions(
    reception: Reception, change: dict[str, Any], ends: bool
) -> None:
    token = reception.token("worker.irbid")
    assert reception.works(token)
    reception.identity.users.update(reception.admin, "worker.irbid", **change)
    assert reception.works(token) is not ends


def test_a_change_shows_at_once_in_every_process(
    reception: Reception, open_database: Callable[[], Database]
) -> None:
    token = reception.token("worker.irbid")
    assert reception.identity.actor_for_token(token).language == "ar"
    elsewhere = Identity(open_database(), reception.journal, reception.clock, SECRET)
    elsewhere.users.update(reception.admin, "worker.irbid", language="en")
    assert reception.identity.actor_for_token(token).language == "en"


def test_changing_ones_own_password(reception: Reception) -> None:
    old = reception.identity.sign_in("worker.irbid", PASSWORD)
    with pytest.raises(Invalid) as refused:
        reception.identity.change_password(old.actor, "wrong", "a new password")
    assert set(refused.value.errors) == {"old"}
    for bad in ("short", "x" * 257, "WORKER.irbid"):
        with pytest.raises(Invalid) as refused:
            reception.identity.change_password(old.actor, PASSWORD, bad)
        assert set(refused.value.errors) == {"password"}
    with pytest.raises(Invalid):  # the one that the administrator knows is not kept
        reception.identity.change_password(old.actor, PASSWORD, PASSWORD)
    new = reception.identity.change_password(old.actor, PASSWORD, "a new password")
    assert not new.user.must_change_password
    assert reception.works(new.token)
    assert not reception.works(old.token)
    with pytest.raises(NotSignedIn):
        reception.identity.sign_in("worker.irbid", PASSWORD)


def test_an_outdated_hash_is_renewed_at_sign_in(
    reception: Reception, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reception.identity._passwords, "outdated", lambda _stored: True)
    monkeypatch.setattr(reception.identity._passwords, "hash", lambda password: f"new {password}")
    assert reception.works(reception.token("worker.irbid"))
    with pytest.raises(NotSignedIn):  # the renewed hash is what counts now
        reception.identity.sign_in("worker.irbid", PASSWORD)
