"""From one input component to a node: its answer type, options, limits and codec."""

from __future__ import annotations

import re
from typing import Any

from forms.codecs import (
    MAX_LENGTH,
    Answer,
    ClockTime,
    Day,
    Moment,
    NationalId,
    Number,
    OneOf,
    SeveralOf,
    Text,
    YesNo,
)
from forms.component import Component
from forms.expressions import Comparable, Rule, as_limit
from forms.model import Choice, Field, FieldType
from forms.patterns import PatternRefused, compile_pattern
from forms.scope import Bound, Node

_TYPES: dict[str, tuple[FieldType, ...]] = {
    # the first is what the component is without the property `type`
    "textfield": (FieldType.TEXT, FieldType.NATIONAL_ID),
    "textarea": (FieldType.LONG_TEXT,),
    "number": (FieldType.DECIMAL, FieldType.INTEGER, FieldType.MONEY),
    "checkbox": (FieldType.BOOLEAN,),
    "radio": (FieldType.ENUM, FieldType.BOOLEAN),
    "select": (FieldType.ENUM, FieldType.BOOLEAN),
    "checklist": (FieldType.MULTI_ENUM,),
    "taglist": (FieldType.MULTI_ENUM,),
    "datetime": (FieldType.DATE, FieldType.DATETIME, FieldType.TIME),
}
_WITH_SOURCE = {
    "select": FieldType.REFERENCE,
    "textfield": FieldType.REFERENCE,
    "checklist": FieldType.MULTI_REFERENCE,
    "taglist": FieldType.MULTI_REFERENCE,
}
_PLAIN_CODECS: dict[FieldType, type[Answer]] = {
    FieldType.BOOLEAN: YesNo,
    FieldType.NATIONAL_ID: NationalId,
    FieldType.DATE: Day,
    FieldType.DATETIME: Moment,
    FieldType.TIME: ClockTime,
}
_WITH_OPTIONS = frozenset({"radio", "select", "checklist", "taglist"})
_SOURCE = re.compile(r"[a-z][a-z0-9_]{0,63}", re.ASCII)
_MAX_OPTIONS = 500
_MAX_DECIMALS = 9
_KNOWN_PATTERNS = {
    "email": ("not_email", re.compile(r"^[^@\s]{1,64}@[^@\s]{1,120}\.[^@\s.]{2,}$")),
    "phone": ("not_phone", re.compile(r"^\+?[0-9][0-9 ()-]{5,24}$")),
}


class FieldReader:
    """Reads one input component."""

    def __init__(self, one: Component, hides: tuple[Rule, ...]) -> None:
        self.one = one
        self.hides = hides

    def node(self) -> Node:
        """The node; with findings noted it is never used."""
        one = self.one
        source = self._source()
        type_ = self._type(source)
        label_ar, label_en = one.labels()
        hint_ar, hint_en = one.hints()
        choices = self._choices(source)
        codec = self._codec(type_, choices)
        fixed, read_only = one.rule("fixed"), one.flag("disabled") or one.flag("readonly")
        if fixed is not None and not read_only:
            one.finding("fixed_input", "a fixed value cannot be typed over", "disable the field")
        field = Field(
            key=one.key,
            path=one.path,
            type=type_,
            label_ar=label_ar,
            label_en=label_en,
            hint_ar=hint_ar,
            hint_en=hint_en,
            required=one.required(),
            read_only=read_only,
            source=source,
            choices=choices,
            properties=one.properties,
        )
        return Node(
            field=field,
            codec=codec,
            hides=self.hides,
            required_if=one.rule("required_if"),
            minimum=self._bound("min", type_, upper=False),
            maximum=self._bound("max", type_, upper=True),
            warn_minimum=self._bound("warn_min", type_, upper=False),
            warn_maximum=self._bound("warn_max", type_, upper=True),
            default=one.rule("default"),
            static_default=one.raw.get("defaultValue"),
            fixed=fixed,
            prefilled=one.prefilled(),
        )

    def _source(self) -> str | None:
        source = self.one.properties.get("source")
        if source is None:
            return None
        if self.one.type not in _WITH_SOURCE or _SOURCE.fullmatch(source) is None:
            self.one.finding(
                "bad_source",
                f"{self.one.type!r} cannot take its options from {source[:60]!r}",
                "use a select, textfield, checklist or taglist and the name of a source",
            )
        return source

    def _type(self, source: str | None) -> FieldType:
        one = self.one
        allowed = _TYPES[one.type]
        word = one.properties.get("type")
        if source is not None and one.type in _WITH_SOURCE:
            if word is not None:
                one.finding("type_and_source", "it has a type and a source", "remove one of them")
            return _WITH_SOURCE[one.type]
        plain = self._plain_type(allowed)
        if word is None:
            return plain
        named = next((type_ for type_ in allowed if type_ == word), None)
        if named is None:
            one.finding(
                "bad_type",
                f"{one.type!r} cannot be of type {word[:60]!r}",
                f"use one of: {', '.join(allowed)}",
            )
            return plain
        if one.type == "datetime" and named != plain:
            one.finding(
                "bad_type",
                f"the type {word!r} and the subtype {plain.value!r} differ",
                "align them",
            )
        return named

    def _plain_type(self, allowed: tuple[FieldType, ...]) -> FieldType:
        if self.one.type == "datetime":
            subtype = self.one.raw.get("subtype", "date")
            found = next((type_ for type_ in allowed if type_ == subtype), None)
            if found is None:
                self.one.finding("bad_type", "its subtype is not known", "date, time or datetime")
            return found or FieldType.DATE
        if self.one.type == "number" and self.one.raw.get("decimalDigits") == 0:
            return FieldType.INTEGER
        return allowed[0]

    def _choices(self, source: str | None) -> tuple[Choice, ...]:
        one = self.one
        values = one.raw.get("values") or []
        if one.type not in _WITH_OPTIONS or (source is not None and not values):
            return ()
        if source is not None:
            one.finding("values_and_source", "it has options and a source", "remove one of them")
        if not isinstance(values, list) or not values or len(values) > _MAX_OPTIONS:
            one.finding("no_options", "it has no usable list of options", "add options or a source")
            return ()
        found: dict[str, Choice] = {}
        for entry in values:
            choice = self._choice(entry)
            if choice is None:
                continue
            if choice.value in found:
                one.finding(
                    "duplicate_option", f"the option {choice.value!r} stands twice", "rename one"
                )
            found[choice.value] = choice
        for name in one.properties:
            if name.startswith("value.") and name[6:].removesuffix(".en") not in found:
                one.finding("unknown_property", f"{name[:60]!r} names no option", "remove it")
        return tuple(found.values())

    def _choice(self, entry: Any) -> Choice | None:
        one = self.one
        value = entry.get("value") if isinstance(entry, dict) else None
        label = entry.get("label") if isinstance(entry, dict) else None
        if not isinstance(value, str) or not value or len(value) > 100:
            one.finding("bad_option", "an option has no value that is a text", "give it a value")
            return None
        english = one.properties.get(f"value.{value}.en", "")
        if not isinstance(label, str) or not label.strip():
            one.finding("missing_label", f"the option {value!r} has no label", "write the Arabic")
            label = ""
        if not english.strip():
            one.finding(
                "missing_english",
                f"the English of the option {value!r} is missing",
                f"add the property 'value.{value}.en'",
            )
        return Choice(value, label, english)

    def _codec(self, type_: FieldType, choices: tuple[Choice, ...]) -> Answer:
        key = self.one.key
        if type_ in (FieldType.TEXT, FieldType.LONG_TEXT):
            return self._text(type_)
        if type_.is_number:
            return Number(key, decimals=self._decimals(type_))
        if type_ in (FieldType.ENUM, FieldType.REFERENCE):
            return OneOf(key, choices if type_ is FieldType.ENUM else None)
        if type_.is_several:
            return SeveralOf(key, choices if type_ is FieldType.MULTI_ENUM else None)
        if type_ is FieldType.BOOLEAN:
            self._check_yes_no(choices)
        return _PLAIN_CODECS[type_](key)

    def _check_yes_no(self, choices: tuple[Choice, ...]) -> None:
        if self.one.type != "checkbox" and {c.value for c in choices} != {"true", "false"}:
            self.one.finding(
                "bad_boolean",
                "a yes-or-no question has exactly the options 'true' and 'false'",
                "correct the options or the type",
            )

    def _text(self, type_: FieldType) -> Text:
        one = self.one
        minimum = one.whole("minLength", one.validate.get("minLength"), MAX_LENGTH)
        maximum = one.whole("maxLength", one.validate.get("maxLength"), MAX_LENGTH)
        code, pattern = "wrong_pattern", None
        kind = one.validate.get("validationType")
        text = one.validate.get("pattern")
        if isinstance(kind, str) and kind in _KNOWN_PATTERNS:
            code, pattern = _KNOWN_PATTERNS[kind]
        elif kind not in (None, "", "custom"):
            one.finding("bad_validation", "its validation type is not known", "email or phone")
        elif text not in (None, ""):
            try:
                pattern = compile_pattern(text if isinstance(text, str) else "(")
            except PatternRefused as error:
                one.finding("bad_pattern", f"its pattern is refused: {error}", "simplify it")
        return Text(
            one.key,
            several_lines=type_ is FieldType.LONG_TEXT,
            minimum=minimum or 0,
            maximum=maximum,
            pattern=pattern,
            pattern_code=code,
        )

    def _decimals(self, type_: FieldType) -> int | None:
        if type_ is FieldType.INTEGER:
            return 0
        digits = self.one.whole("decimalDigits", self.one.raw.get("decimalDigits"), _MAX_DECIMALS)
        if type_ is FieldType.MONEY:
            return 3 if digits is None else min(digits, 3)
        return digits

    def _bound(self, name: str, type_: FieldType, *, upper: bool) -> Bound | None:
        one = self.one
        given: object = one.properties.get(name)
        plain = one.validate.get(name) if name in ("min", "max") else None
        if given is not None and plain is not None:
            one.finding(
                "two_limits", f"{name!r} stands in 'validate' and in 'properties'", "keep one"
            )
        given = plain if given is None else given
        if given is None or given == "":
            return None
        if isinstance(given, str) and given.startswith("="):
            rule = one.feel(name, given)
            literal: Comparable | None = None
        else:
            rule, literal = None, as_limit(given, type_, upper=upper)
            if literal is None:
                one.finding(
                    "bad_limit",
                    f"{name!r} is no limit for an answer of type {type_.value!r}",
                    "write a literal of that type or FEEL beginning with '='",
                )
        limited = type_.is_number or type_ in (FieldType.DATE, FieldType.DATETIME, FieldType.TIME)
        if not limited:
            one.finding("bad_limit", f"{name!r} limits only numbers and dates", "remove it")
        return Bound(literal, rule) if limited and (rule or literal is not None) else None
