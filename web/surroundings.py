"""What every template may ask: who reads, where the page is, names of roles, units, and so on."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import Flask, g, request

from engine.records import Role
from web.context import engine, journey, settings, signed_in
from web.formats import named
from web.navigation import first_entries, menu
from web.texts import lazy

ROLE_NAMES = {
    Role.CASE_WORKER: lazy("Case worker"),
    Role.BRANCH_HEAD: lazy("Branch head"),
    Role.MOL_OFFICER: lazy("Employment officer (MoL)"),
    Role.SERVICE_PROVIDER: lazy("Service provider"),
    Role.HQ_COORDINATOR: lazy("Headquarters coordinator"),
    Role.PROCESS_OWNER: lazy("Process owner"),
    Role.AUDITOR: lazy("Auditor"),
    Role.ADMIN: lazy("Administrator"),
    Role.CONNECTOR: lazy("Connected system"),
    Role.SYSTEM: lazy("The system"),
}


def register(app: Flask) -> None:
    """Let every template ask."""
    app.jinja_env.globals.update(
        menu=menu,
        first_entries=first_entries,
        reader=signed_in,
        here=here,
        has_page=lambda endpoint: endpoint in app.view_functions,
        unread=unread,
        simulated_now=simulated_now,
        request_id=lambda: g.get("request_id", ""),
        role_name=role_name,
        unit_name=unit_name,
    )


def here() -> str:
    """The page's own address, to come back to; the page of a form that was just refused is asked
    for anew."""
    return request.full_path.rstrip("?") if request.method == "GET" else request.path


def unread() -> int | None:
    """How many reminders the reader has not read; None where nobody reads."""
    reader = signed_in()
    if reader is None or g.get("bare"):
        return None
    if "unread" not in g:  # a page asks several times
        g.unread = engine().notifications.unread(reader)
    count: int = g.unread
    return count


def simulated_now() -> datetime | None:
    """What time it is where time stands still; None on real time."""
    return engine().clock.now() if settings().simulated_clock and not g.get("bare") else None


def role_name(role: Role | str) -> str:
    """The role in the reader's language."""
    return str(ROLE_NAMES[Role(role)])


def unit_name(code: str | None) -> str:
    """The unit's name in the reader's language; its code when it is not known."""
    if not code:
        return ""
    reader = signed_in()
    names: dict[str, Any] | None = g.get("unit_names")
    if names is None:
        names = {} if reader is None else {u.code: u for u in journey().units.list(reader)}
        g.unit_names = names
    return named(names[code]) if code in names else code
