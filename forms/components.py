"""Reads the components of a form file, one level at a time, into nodes."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from dmn import BuiltinFunction
from forms.codecs import Rows
from forms.component import Component
from forms.expressions import Rule
from forms.fields import FieldReader
from forms.findings import Findings
from forms.model import Field, FieldType
from forms.scope import Node, Scope
from forms.support import (
    CONTAINERS,
    DISPLAYS,
    HARMLESS_ATTRIBUTES,
    HARMLESS_TYPES,
    INPUTS,
    REFUSED_ATTRIBUTES,
    REFUSED_TYPES,
    RESERVED_KEYS,
    RUN_ATTRIBUTES,
)

_KEY = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,63}", re.ASCII)
_MAX_COMPONENTS = 400
_MOST_ROWS = 200
_DEFAULT_ROWS = 50


class Reader:
    """Walks a form file once; what is wrong goes to `findings`."""

    def __init__(self, findings: Findings, functions: Mapping[str, BuiltinFunction] | None) -> None:
        self.findings = findings
        self.functions = functions
        self.title = ("", "")
        """The first heading of the form, Arabic and English."""
        self._seen = 0

    def level(
        self,
        components: Sequence[Any],
        list_path: str | None,
        hides: tuple[Rule, ...] = (),
        keys: set[str] | None = None,
    ) -> tuple[Node, ...]:
        """The nodes of one level; groups are opened into it, lists have a level of their own."""
        keys = set() if keys is None else keys
        nodes: list[Node] = []
        for index, raw in enumerate(components):
            self._seen += 1
            if self._seen > _MAX_COMPONENTS:
                self.findings.add(
                    None, "too_large", f"more than {_MAX_COMPONENTS} components", "split the form"
                )
                break
            if not isinstance(raw, dict):
                self.findings.add(
                    f"components.{index}", "not_a_component", "it is not an object", "remove it"
                )
                continue
            one = Component(raw, self.findings, self.functions, list_path, f"components.{index}")
            nodes.extend(self._component(one, hides, keys))
        return tuple(nodes)

    def _component(
        self, one: Component, hides: tuple[Rule, ...], keys: set[str]
    ) -> tuple[Node, ...]:
        if not self._known(one):
            return ()
        hide = one.hide()
        hides = hides + ((hide,) if hide else ())
        if one.type == "group":
            return self._group(one, hides, keys)
        if one.type == "text":
            self._display(one)
        if one.type in DISPLAYS | HARMLESS_TYPES or not self._key(one, keys):
            return ()
        node = (
            self._list(one, hides) if one.type == "dynamiclist" else FieldReader(one, hides).node()
        )
        return (node,)

    def _group(self, one: Component, hides: tuple[Rule, ...], keys: set[str]) -> tuple[Node, ...]:
        if one.raw.get("label"):
            one.labels()
        inner = one.raw.get("components")
        return self.level(inner if isinstance(inner, list) else [], one.list_path, hides, keys)

    def _known(self, one: Component) -> bool:
        if one.type in REFUSED_TYPES:
            reason, way = REFUSED_TYPES[one.type]
            one.finding("refused_component", f"{one.type!r} is not supported: {reason}", way)
            return False
        if one.type not in INPUTS | CONTAINERS | DISPLAYS | HARMLESS_TYPES:
            one.finding(
                "unknown_component",
                f"the component type {str(one.type)[:60]!r} is not known",
                f"use one of: {', '.join(sorted(INPUTS | CONTAINERS | DISPLAYS))}",
            )
            return False
        for name in one.raw:
            run_on = RUN_ATTRIBUTES.get(name)
            if run_on is not None and ("*" in run_on or one.type in run_on):
                continue
            if name in REFUSED_ATTRIBUTES:
                if one.raw[name] in (None, False, ""):
                    continue
                reason, way = REFUSED_ATTRIBUTES[name]
                one.finding("refused_attribute", f"{name!r} is not supported: {reason}", way)
            elif name not in HARMLESS_ATTRIBUTES:
                one.finding(
                    "unknown_attribute",
                    f"the attribute {name[:60]!r} is not known on {one.type!r}",
                    "remove it",
                )
        one.check_properties()
        return True

    def _key(self, one: Component, keys: set[str]) -> bool:
        key = one.key
        if not key or _KEY.fullmatch(key) is None:
            one.finding(
                "bad_key",
                "it has no usable key",
                "give it a key of Latin letters, digits and _, not beginning with a digit",
            )
            return False
        if key in RESERVED_KEYS:
            one.finding(
                "reserved_key", f"{key!r} has a meaning of its own in FEEL", "choose another key"
            )
            return False
        if key in keys:
            one.finding("duplicate_key", f"the key {key!r} is used twice", "rename one of them")
            return False
        keys.add(key)
        return True

    def _display(self, one: Component) -> None:
        text, english = one.raw.get("text"), one.properties.get("text.en", "")
        if not isinstance(text, str) or not text.strip():
            one.finding("no_text", "it has no text", "write the text or remove the component")
            return
        if not english.strip():
            one.finding("missing_english", "its English is missing", "add the property 'text.en'")
        for words in (text, english):
            if words.lstrip().startswith("=") or "{{" in words:
                one.finding(
                    "computed_text",
                    "texts are shown as they are, expressions in them are not evaluated",
                    "show a value in a disabled field",
                )
        if not self.title[0] and text.startswith("# "):
            self.title = (text[2:].strip(), english.removeprefix("# ").strip())

    def _list(self, one: Component, hides: tuple[Rule, ...]) -> Node:
        if one.list_path is not None:
            one.finding("nested_list", "a list inside a list is not supported", "make it one list")
        inner = one.raw.get("components")
        rows = Scope(self.level(inner if isinstance(inner, list) else [], one.key))
        if not rows.nodes:
            one.finding("empty_list", "its rows have no field", "add fields to the list")
        label_ar, label_en = one.labels()
        hint_ar, hint_en = one.hints()
        least = one.count("min_items", 0, _MOST_ROWS)
        most = one.count("max_items", _DEFAULT_ROWS, _MOST_ROWS)
        if least > most:
            one.finding("bad_limits", "min_items is above max_items", "correct one of them")
        field = Field(
            key=one.key,
            path=one.path,
            type=FieldType.LIST,
            label_ar=label_ar,
            label_en=label_en,
            hint_ar=hint_ar,
            hint_en=hint_en,
            required=one.required(),
            read_only=bool(rows.nodes) and not rows.answerable,
            properties=one.properties,
            items=tuple(node.field for node in rows.nodes),
        )
        return Node(
            field=field,
            codec=Rows(one.key, minimum=least, maximum=most),
            hides=hides,
            required_if=one.rule("required_if"),
            default=one.rule("default"),
            prefilled=one.prefilled(),
            rows=rows,
        )
