"""Prints the reference page `docs/bpmn-support.md` from the tables of `support.py`."""

from __future__ import annotations

from collections.abc import Iterable

from bpmn.support import (
    EVENTS,
    HARMLESS_ATTRIBUTES,
    HARMLESS_ELEMENTS,
    HARMLESS_NAMESPACES,
    HARMLESS_ZEEBE,
    PROPERTIES,
    REFUSED,
    REFUSED_ATTRIBUTES,
    REFUSED_ZEEBE,
    RUN,
    RUN_ZEEBE,
    Tag,
)


def _code(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in sorted(names)) or "–"


def _harmless(tag: Tag) -> str:
    parts = [
        f"`{name}`" + (f" = {_code(values)}" if values else "")
        for name, values in sorted(tag.harmless.items())
    ]
    return ", ".join(parts) or "–"


def as_markdown() -> str:
    """The reference page of what a diagram may contain, made from the tables above."""
    lines = [
        "# What a BPMN diagram may contain",
        "",
        "This page is printed from the reader's own tables (`bpmn/support.py`). Every element and",
        "attribute is on one of three lists. **Run**: it means what BPMN 2.0 and zeebe say.",
        "**Harmless**: it may stay, nothing depends on it. **Refused**: the file is not deployed;",
        "the finding names file, element and reason. What is on no list is refused too.",
        "",
        "## Run",
        "",
        "| BPMN element | attributes that count | harmless attributes |",
        "|---|---|---|",
    ]
    for name, tag in RUN.items():
        lines.append(f"| `{name}` | {_code(tag.run)} | {_harmless(tag)} |")
    lines += ["", "| events | kinds that run |", "|---|---|"]
    lines += [f"| {name} | {_code(kinds)} |" for name, kinds in EVENTS.items()]
    lines += ["", "| `zeebe:` element | attributes | on |", "|---|---|---|"]
    for name, tag in RUN_ZEEBE.items():
        lines.append(f"| `{name}` | {_code(tag.run)} | {_code(tag.within)} |")
    lines += ["", "| `zeebe:property` name | on | meaning |", "|---|---|---|"]
    for name, (where, meaning) in PROPERTIES.items():
        lines.append(f"| `{name}` | {_code(where.split())} | {meaning} |")
    lines += ["", "## Harmless", "", "| what | why |", "|---|---|"]
    lines.append("| `process` without `isExecutable` | another pool; only the others run |")
    lines += [f"| namespace `{uri}` | {why} |" for uri, why in HARMLESS_NAMESPACES.items()]
    lines += [f"| `{name}` | {why} |" for name, why in HARMLESS_ELEMENTS.items()]
    lines += [f"| `zeebe:{name}` | {why} |" for name, why in HARMLESS_ZEEBE.items()]
    lines += [f"| attribute `zeebe:{name}` | {why} |" for name, why in HARMLESS_ATTRIBUTES.items()]
    lines += ["", "## Refused", "", "| what | reason | instead |", "|---|---|---|"]
    for prefix, table in (
        ("", REFUSED),
        ("zeebe:", REFUSED_ZEEBE),
        ("attribute ", REFUSED_ATTRIBUTES),
    ):
        for name, refusal in table.items():
            lines.append(f"| {prefix}`{name}` | {refusal.reason} | {refusal.suggestion} |")
    return "\n".join([*lines, ""])
