"""Words about cases for templates: where a cycle stands, its group."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from flask import Blueprint

from web.context import language
from web.letters.wording import stage_name
from web.stage_line import line_of_cycle
from web.step_words import state_name
from web.texts import lazy

_GROUPS: Final[Mapping[str, str]] = {
    "A": lazy("Group A: ready for work"),
    "B": lazy("Group B: needs services first"),
    "C": lazy("Group C: not now"),
}


def register(blueprint: Blueprint) -> None:
    """Let every template use the words."""
    for name, function in (
        ("stage_name", lambda code: stage_name(code, language())),
        ("group_name", group_name),
        ("state_name", state_name),
        ("line_of_cycle", line_of_cycle),
    ):
        blueprint.add_app_template_global(function, name)


def group_name(code: str | None) -> str:
    """The client group in words."""
    return str(_GROUPS.get(code or "", code or ""))
