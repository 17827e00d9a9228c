"""Speaks to the pages in the test's own process, as users of the demonstration: no browser, no
port. What a page needs to be about is made by a `Story` over the same installation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, TypeAlias

import flask
from flask import Flask
from flask.testing import FlaskClient
from flask_wtf.csrf import generate_csrf
from lxml import html
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from api import create_app
from app import Product
from tests.journey.scenarios.driver import PASSWORD, Story
from web.context import LANGUAGE_COOKIE
from web.session import COOKIE

Page: TypeAlias = html.HtmlElement


@dataclass
class Pages:
    """The pages over one installation. Users are named as the demonstration names them
    (`case_worker.irbid`); None is somebody who has not signed in."""

    product: Product
    app: Flask
    tokens: dict[str, str]
    """Sessions by user name; shared by all tests, whose installations have the same secret."""
    _clients: dict[tuple[str | None, str], FlaskClient] = field(default_factory=dict)
    _csrf: dict[tuple[str | None, str], str] = field(default_factory=dict)

    @cached_property
    def story(self) -> Story:
        """The same installation over HTTP, to bring a case to where a page's test begins."""
        api = create_app(self.product.settings, self.product.engine, self.product.journey)
        return Story(self.product, api, self.tokens)

    def client(self, user: str | None, lang: str = "ar") -> FlaskClient:
        """The browser of a user, signed in, which reads in `lang`."""
        key = (user, lang)
        if key not in self._clients:
            client = self.app.test_client()
            if user is not None:
                client.set_cookie(COOKIE, self.token(user))
            client.set_cookie(LANGUAGE_COOKIE, lang)
            self._clients[key] = client
        return self._clients[key]

    def get(self, user: str | None, path: str, *, lang: str = "ar", **options: Any) -> TestResponse:
        """One GET; redirects are not followed unless `follow_redirects=True`."""
        return self.client(user, lang).get(path, **options)

    def post(
        self,
        user: str | None,
        path: str,
        data: Mapping[str, Any] | None = None,
        *,
        lang: str = "ar",
        csrf: bool = True,
        method: str = "POST",
        **options: Any,
    ) -> TestResponse:
        """One POST (or `method`) of a form with its CSRF token, or without it."""
        client = self.client(user, lang)
        sent: MultiDict[str, Any] = MultiDict()
        for name, value in (data or {}).items():
            sent.setlist(name, value if isinstance(value, list) else [value])
        if csrf:
            sent["csrf_token"] = self.csrf(user, lang)
        return client.open(path, method=method, data=sent, **options)

    def send(
        self, user: str | None, method: str, path: str, body: Any, *, lang: str = "ar"
    ) -> TestResponse:
        """JSON as a browser module sends it: the CSRF token in its header."""
        client = self.client(user, lang)
        headers = {"X-CSRFToken": self.csrf(user, lang)}
        return client.open(path, method=method, json=body, headers=headers)

    def csrf(self, user: str | None, lang: str = "ar") -> str:
        """The CSRF token of a user's browser."""
        key = (user, lang)
        if key not in self._csrf:
            with self.app.test_request_context():
                self._csrf[key] = generate_csrf()
                raw = flask.session["csrf_token"]
            with self.client(user, lang).session_transaction() as session:
                session["csrf_token"] = raw
        return self._csrf[key]

    def see(self, user: str | None, path: str, *, lang: str = "ar", status: int = 200) -> Page:
        """A page, read; it must answer with `status`."""
        answer = self.get(user, path, lang=lang)
        assert answer.status_code == status, (user, path, answer.status_code, answer.text)
        return html.fromstring(answer.text)

    def submit(
        self,
        user: str | None,
        path: str,
        answers: Mapping[str, Any],
        *,
        lang: str = "ar",
        form: str = "//main//form",
        **options: Any,
    ) -> TestResponse:
        """Open a page, type `answers` over what its form shows, and send it. `form` is an XPath,
        of which the last form is meant that has every field of `answers`."""
        page = self.see(user, path, lang=lang)
        found = [each for each in page.xpath(form) if set(answers) <= set(each.fields)]
        assert found, (path, sorted(answers), [sorted(each.fields) for each in page.xpath(form)])
        typed: MultiDict[str, Any] = MultiDict(
            (name, value) for name, value in found[-1].form_values() if name not in answers
        )
        for name, value in answers.items():
            typed.setlist(name, value if isinstance(value, list) else [value])
        action = found[-1].get("action") or path
        typed["csrf_token"] = self.csrf(user, lang)
        return self.client(user, lang).post(action, data=typed, **options)

    def token(self, user: str) -> str:
        """A session of `user`."""
        if user not in self.tokens:
            self.tokens[user] = self.product.engine.identity.sign_in(user, PASSWORD).token
        return self.tokens[user]


def words(page: Page) -> str:
    """What a reader sees of a page, on one line."""
    for hidden in page.xpath("//script | //style | //template"):
        hidden.drop_tree()
    return " ".join(page.text_content().split())


def errors(page: Page) -> dict[str, str]:
    """The field errors of a page: each invalid field's name and what is said beside it."""
    found: dict[str, str] = {}
    for invalid in page.xpath("//*[@aria-invalid='true']"):
        name = invalid.get("name") or invalid.xpath("string((.//@name)[1])")
        name = str(name).removesuffix("@time")
        [said] = page.xpath("//*[@id=$id]", id=f"e-{name}")
        found[name] = " ".join(said.text_content().split())
    return found
