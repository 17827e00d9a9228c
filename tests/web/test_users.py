"""Accounts: made with a first password, moved, retired; substitutes named by the head."""

from __future__ import annotations

import pytest
from lxml import html

from engine.errors import NotSignedIn
from engine.records import SYSTEM, Role
from tests.web.driver import Page, Pages, errors, words

ADMIN = "admin.hq"
HEAD = "branch_head.irbid"
NEW = {"name": "هند سالم", "username": "hind.irbid", "units": "naf:irbid"}
PATH = "/users/new?role=case_worker"


def _password(text: str) -> str:
    page: Page = html.fromstring(text)
    [found] = page.xpath("//*[@class='secret']")
    return str(found.text_content())


def test_made_with_a_password_that_is_shown_once_and_must_change(pages: Pages) -> None:
    made = pages.submit(ADMIN, PATH, NEW)
    assert made.status_code == 201
    identity = pages.product.engine.identity
    signed_in = identity.sign_in("hind.irbid", _password(made.text))
    assert signed_in.user.must_change_password
    assert signed_in.actor.roles == {Role.CASE_WORKER}
    pages.tokens["hind.irbid"] = signed_in.token
    for page in ("/tasks", "/persons", "/reports"):
        assert pages.get("hind.irbid", page).location == "/password", "before anything else"
    again = pages.submit(ADMIN, PATH, NEW)
    assert again.status_code == 409
    assert "username" in errors(html.fromstring(again.text))


def test_the_places_offered_fit_the_role(pages: Pages) -> None:
    offered = pages.see(ADMIN, PATH).xpath("//input[@name='units']/@value")
    assert sorted(offered) == ["naf:east_amman", "naf:irbid", "naf:zarqa"]
    forged = pages.submit(ADMIN, PATH, {**NEW, "units": "mol:irbid"})
    assert forged.status_code == 422
    assert "units" in errors(html.fromstring(forged.text))
    assert len(pages.see(ADMIN, "/users/new").xpath("//a[contains(@href, 'role=')]")) == 9


def test_a_new_role_offers_its_places(pages: Pages) -> None:
    path = "/users/case_worker.irbid/edit"
    moved = pages.submit(ADMIN, path, {"roles": ["mol_officer"]})
    assert moved.status_code == 422
    page = html.fromstring(moved.text)
    assert "units" in errors(page)
    assert page.xpath("//input[@name='units'][@value='mol:irbid']")
    typed = {"name": "رنا", "roles": ["mol_officer"], "units": ["mol:irbid"], "language": "en"}
    assert pages.post(ADMIN, path, typed).location == "/users/case_worker.irbid"
    user = pages.product.engine.identity.users.get(SYSTEM, "case_worker.irbid")
    assert (user.name, user.roles) == ("رنا", frozenset({Role.MOL_OFFICER}))
    assert user.units == frozenset({"mol:irbid"})


def test_the_last_administrator_stays(pages: Pages) -> None:
    typed = {"name": "مدير", "roles": ["auditor"], "units": ["hq"], "language": "ar"}
    answer = pages.post(ADMIN, "/users/admin.hq/edit", typed)
    assert answer.status_code == 409
    assert "roles" in errors(html.fromstring(answer.text))


def test_retired_and_back(pages: Pages) -> None:
    token = pages.product.engine.identity.sign_in("case_worker.zarqa", _demo(pages)).token
    assert pages.post(ADMIN, "/users/case_worker.zarqa/retire").status_code == 303
    with pytest.raises(NotSignedIn):
        pages.product.engine.identity.actor_for_token(token)
    assert not _listed(pages, "/users", "case_worker.zarqa")
    assert _listed(pages, "/users?retired=1", "case_worker.zarqa")
    assert pages.post(ADMIN, "/users/case_worker.zarqa/restore").status_code == 303
    assert pages.product.engine.identity.sign_in("case_worker.zarqa", _demo(pages))


def test_a_new_password_replaces_the_old(pages: Pages) -> None:
    made = pages.post(ADMIN, "/users/case_worker.zarqa/password")
    identity = pages.product.engine.identity
    assert identity.sign_in("case_worker.zarqa", _password(made.text)).user.must_change_password
    with pytest.raises(NotSignedIn):
        identity.sign_in("case_worker.zarqa", _demo(pages))


def test_narrowed_down_by_role_and_place(pages: Pages) -> None:
    assert _listed(pages, "/users?role=mol_officer", "mol_officer.irbid")
    assert not _listed(pages, "/users?role=mol_officer", "case_worker.irbid")
    assert not _listed(pages, "/users?role=mol_officer&unit=mol:zarqa", "mol_officer.irbid")


def test_the_head_names_a_substitute(pages: Pages) -> None:
    pages.submit(ADMIN, PATH, NEW)
    path = "/users/case_worker.irbid/substitute?unit=naf:irbid"
    refused = pages.submit(HEAD, path, {"substitute": "", "valid_from": "x", "valid_to": ""})
    assert refused.status_code == 422
    assert set(errors(html.fromstring(refused.text))) == {"substitute", "valid_from", "valid_to"}
    typed = {"substitute": "hind.irbid", "valid_from": "05/01/2026", "valid_to": "09/01/2026"}
    assert pages.submit(HEAD, path, typed).location == "/substitutes?unit=naf:irbid"
    page = pages.see(HEAD, "/substitutes", lang="en")
    assert "هند سالم stands in from 5 January 2026" in words(page)
    [end] = page.xpath("//form[contains(@action, '/end')]/@action")
    assert pages.post(HEAD, end).status_code == 303
    assert "stands in from" not in words(pages.see(HEAD, "/substitutes", lang="en"))


def _demo(pages: Pages) -> str:
    return pages.product.settings.demo_password or ""


def _listed(pages: Pages, path: str, username: str) -> bool:
    return bool(pages.see(ADMIN, path).xpath(f"//main//a[@href='/users/{username}']"))
