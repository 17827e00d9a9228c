"""The WSGI application of the pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Flask
from flask_compress import Compress
from flask_wtf.csrf import CSRFProtect

from web import assets, errors, formats, session, surroundings, texts
from web.context import EXTENSION, Parts
from web.pages import BLUEPRINTS

if TYPE_CHECKING:
    from engine.engine import Engine
    from journey import Journey
    from settings import Settings

MAX_PARTS = 2_000
"""Fields of one posted form: more than the longest list of rows needs."""


def create_pages(settings: Settings, engine: Engine, journey: Journey) -> Flask:
    """Every page below `/`."""
    app = Flask("web", static_folder=None)
    app.config.update(
        SECRET_KEY=engine.keyring.derive("pages"),
        MAX_CONTENT_LENGTH=settings.upload_limit_mb * 1024 * 1024,
        MAX_FORM_MEMORY_SIZE=2 * 1024 * 1024,
        MAX_FORM_PARTS=MAX_PARTS,
        # A worker may talk with a client for an hour before the form is sent.
        WTF_CSRF_TIME_LIMIT=None,
        SESSION_COOKIE_NAME="rihla_page",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        PROPAGATE_EXCEPTIONS=False,
        COMPRESS_ALGORITHM=["br", "gzip"],
        COMPRESS_MIMETYPES=["text/html", "application/json", "image/svg+xml", "text/csv"],
    )
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.jinja_env.add_extension("jinja2.ext.do")
    app.extensions[EXTENSION] = Parts(
        settings,
        engine,
        journey,
        engine.sign_in_limit(settings.sign_in_attempts_per_minute),
    )
    # Who calls is known before the token of a form is checked: a forged form is refused either
    # way, but a session that has ended is told so.
    session.register(app)
    CSRFProtect(app)
    texts.register(app)
    formats.register(app)
    assets.register(app)
    errors.register(app)
    surroundings.register(app)
    Compress(app)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    return app
