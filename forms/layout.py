"""The components of a form in the file's order, sections and static texts included: what a page or
a paper shows, before anybody's answers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TypeAlias

from forms.component import Component
from forms.expressions import Rule
from forms.findings import Findings
from forms.form import Form
from forms.scope import Node, Scope


@dataclass(frozen=True)
class Words:
    """A static text. `key` names it in its scope; no answer can have such a name."""

    key: str
    text_ar: str
    text_en: str
    hides: tuple[Rule, ...]


@dataclass(frozen=True)
class Line:
    """A separator."""


@dataclass(frozen=True)
class Asked:
    """A component that holds an answer; `parts` are those of the rows of a list."""

    node: Node
    widget: str
    """The component type in the file: radio, select, textarea ..."""
    parts: tuple[Part, ...] = ()


@dataclass(frozen=True)
class Section:
    """A group with its title, which may be empty."""

    key: str
    label_ar: str
    label_en: str
    parts: tuple[Part, ...]


Part: TypeAlias = Words | Line | Asked | Section


@dataclass(frozen=True)
class Layout:
    """All parts of a form without its title."""

    parts: tuple[Part, ...]
    words: Mapping[str, tuple[Words, ...]]
    """The static texts by the list they stand in; "" is the form itself."""


@lru_cache(maxsize=256)
def layout(form: Form) -> Layout:
    """The layout of a compiled form."""
    reader = _Reader()
    parts = reader.parts(form.schema["components"], form.scope, "", ())
    found = {"": tuple(_words(parts))}
    for part in _asked(parts):
        if part.parts:
            found[part.node.key] = tuple(_words(part.parts))
    return Layout(parts, found)


class _Reader:
    def __init__(self) -> None:
        self.count = 0
        self.titled = False

    def parts(
        self,
        components: Sequence[dict[str, Any]],
        scope: Scope,
        list_path: str,
        hides: tuple[Rule, ...],
    ) -> tuple[Part, ...]:
        found = (self._part(raw, scope, list_path, hides) for raw in components)
        return tuple(part for part in found if part is not None)

    def _part(
        self, raw: dict[str, Any], scope: Scope, list_path: str, hides: tuple[Rule, ...]
    ) -> Part | None:
        kind = raw["type"]
        self.count += 1
        key = f"{kind}-{self.count}"
        if kind in ("spacer", "button"):
            return None
        if kind == "separator":
            return Line()
        if kind == "dynamiclist":
            node = scope.by_key[raw["path"]]
            inner = node.rows or scope
            rows = self.parts(raw.get("components") or (), inner, node.key, ())
            return Asked(node, kind, rows)
        if kind not in ("text", "group"):
            return Asked(scope.by_key[raw["key"]], kind)
        # the file was accepted: what is read here again gives no findings
        one = Component(raw, Findings(), None, list_path or None, key)
        hide = one.hide()
        hides = (*hides, hide) if hide else hides
        if kind == "group":
            parts = self.parts(raw.get("components") or (), scope, list_path, hides)
            label = raw.get("label") or ""
            return Section(key, label, one.properties.get("label.en", ""), parts)
        return self._words(key, raw["text"], one.properties.get("text.en", ""), hides)

    def _words(self, key: str, arabic: str, english: str, hides: tuple[Rule, ...]) -> Words | None:
        if not self.titled and arabic.startswith("# "):
            self.titled = True
            return None
        return Words(key, arabic, english, hides)


def _words(parts: Sequence[Part]) -> Iterator[Words]:
    for part in parts:
        if isinstance(part, Words):
            yield part
        elif isinstance(part, Section):
            yield from _words(part.parts)


def _asked(parts: Sequence[Part]) -> Iterator[Asked]:
    for part in parts:
        if isinstance(part, Asked):
            yield part
        elif isinstance(part, Section):
            yield from _asked(part.parts)
