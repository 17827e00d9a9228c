"""Guessing passwords is slowed down; signing in correctly, however often, is not."""

from __future__ import annotations

import pytest

from engine.errors import NotSignedIn, TooManyAttempts
from engine.sign_in_limit import WIDER, SignInLimit


def _fail(limit: SignInLimit, username: str, address: str) -> None:
    with pytest.raises(NotSignedIn), limit.attempt(username, address):
        raise NotSignedIn


def test_the_right_password_may_be_used_as_often_as_one_likes() -> None:
    limit = SignInLimit(2)
    for _ in range(100):
        with limit.attempt("omar", "10.0.0.1"):
            pass


def test_wrong_passwords_stop_the_name_at_that_address_only() -> None:
    limit = SignInLimit(2)
    _fail(limit, "omar", "10.0.0.1")
    _fail(limit, "Omar", "10.0.0.1")
    with pytest.raises(TooManyAttempts) as refused, limit.attempt("omar", "10.0.0.1"):
        pytest.fail("must not be tried")
    assert 1 <= refused.value.retry_after <= 60
    with limit.attempt("omar", "10.0.0.2"):
        pass
    with limit.attempt("huda", "10.0.0.1"):
        pass


def test_one_name_from_many_addresses_is_stopped() -> None:
    limit = SignInLimit(1)
    for host in range(WIDER):
        _fail(limit, "omar", f"10.0.1.{host}")
    with pytest.raises(TooManyAttempts), limit.attempt("omar", "10.0.2.1"):
        pytest.fail("must not be tried")


def test_many_names_from_one_address_are_stopped() -> None:
    limit = SignInLimit(1)
    for number in range(WIDER):
        _fail(limit, f"user{number}", "10.0.0.1")
    with pytest.raises(TooManyAttempts), limit.attempt("another", "10.0.0.1"):
        pytest.fail("must not be tried")
