"""The built browser modules and styles, served with names that change with their content."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

from flask import Flask, Response, abort, request, send_from_directory
from markupsafe import Markup

from web.session import public

BUILT = Path(__file__).parent / "built"
YEAR_SECONDS = 31_536_000


class NotBuilt(Exception):
    """The browser modules have not been built."""

    def __init__(self) -> None:
        super().__init__("web/built/manifest.json is missing: run `make web` (or `make install`).")


def register(app: Flask) -> None:
    """Serve the files, and let templates name them. Raises `NotBuilt`."""
    manifest()
    app.jinja_env.globals["asset"] = asset
    app.jinja_env.globals["font"] = font
    app.jinja_env.globals["styles"] = styles
    app.jinja_env.globals["module"] = module
    app.add_url_rule("/static/<path:name>", "static", public(_serve))


@cache
def manifest() -> dict[str, Any]:
    """What Vite built: source file → bundle."""
    try:
        read: dict[str, Any] = json.loads((BUILT / "manifest.json").read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise NotBuilt from error
    return read


def asset(name: str) -> str:
    """The address of an entry (`form.js`, `main.css`)."""
    return "/static/" + str(manifest()[f"entries/{name}"]["file"])


def font() -> str:
    """The address of the Arabic font, to be fetched before the style sheet is read."""
    key = next(key for key in manifest() if key.endswith("cairo-arabic-wght-normal.woff2"))
    return "/static/" + str(manifest()[key]["file"])


def styles(name: str) -> Markup:
    """The links to an entry's style sheets: its own, and those its modules import."""
    entry = manifest()[f"entries/{name}"]
    files = [entry["file"]] if name.endswith(".css") else entry.get("css", [])
    link = Markup('<link rel="stylesheet" href="/static/{}">')
    return Markup("\n").join(link.format(file) for file in files)


def module(name: str) -> Markup:
    """The script element of an entry."""
    return Markup('<script type="module" src="{}"></script>').format(asset(name))


def _serve(name: str) -> Response:
    packed = f"{name}.gz"
    if name.startswith(".") or name == "manifest.json":
        abort(404)
    if request.accept_encodings["gzip"] and (BUILT / packed).is_file():
        response = send_from_directory(BUILT, packed, mimetype=_kind(name))
        response.headers["Content-Encoding"] = "gzip"
    else:
        response = send_from_directory(BUILT, name, mimetype=_kind(name))
    response.headers["Cache-Control"] = f"public, max-age={YEAR_SECONDS}, immutable"
    response.headers.add("Vary", "Accept-Encoding")
    return response


def _kind(name: str) -> str | None:
    kinds = {".js": "text/javascript", ".css": "text/css", ".woff2": "font/woff2"}
    return kinds.get(Path(name).suffix)
