"""What a view needs to know about the request it serves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, cast

from flask import current_app, g, request

from engine.records import Actor

if TYPE_CHECKING:
    from engine.engine import Engine
    from engine.sign_in_limit import SignInLimit
    from journey import Journey
    from settings import Settings

EXTENSION = "rihla"
LANGUAGE_COOKIE = "rihla_language"

Language = Literal["ar", "en"]


@dataclass(frozen=True)
class Parts:
    """What the composition root gave to `create_pages`."""

    settings: Settings
    engine: Engine
    journey: Journey
    sign_ins: SignInLimit


def parts() -> Parts:
    """The parts of the application that serves the current request."""
    return cast(Parts, current_app.extensions[EXTENSION])


def engine() -> Engine:
    """The engine whose verbs the views call."""
    return parts().engine


def journey() -> Journey:
    """The journey's verbs: persons, cycles, catalogue, reports."""
    return parts().journey


def settings() -> Settings:
    """The installation's settings."""
    return parts().settings


def signed_in() -> Actor | None:
    """Who makes the current request; None on a page that needs no sign-in."""
    return cast("Actor | None", g.get("actor"))


def actor() -> Actor:
    """Who makes the current request, on a page that needs a sign-in."""
    found = signed_in()
    assert found is not None, "asked on a public page"  # noqa: S101 - a mistake of ours
    return found


def language() -> Language:
    """The reader's language: chosen on this device, else the account's, else the installation's."""
    chosen = request.cookies.get(LANGUAGE_COOKIE)
    if chosen in ("ar", "en"):
        return "en" if chosen == "en" else "ar"
    reader = signed_in()
    wanted = reader.language if reader else settings().language
    return "en" if wanted == "en" else "ar"
