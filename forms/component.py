"""One component of a form file: its words, looked up with checks."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from dmn import BuiltinFunction, FeelSyntaxError, compile_expression
from forms.expressions import Rule
from forms.findings import Findings
from forms.support import (
    FEEL_PROPERTIES,
    LIMIT_PROPERTIES,
    PLAIN_PROPERTIES,
    PROPERTY_PREFIXES,
    VALIDATE_KEYS,
)

_MAX_TEXT = 4_000


class Component:
    """A component's JSON with its place in the form."""

    def __init__(
        self,
        raw: dict[str, Any],
        findings: Findings,
        functions: Mapping[str, BuiltinFunction] | None,
        list_path: str | None,
        place: str,
    ) -> None:
        self.raw = raw
        self.findings = findings
        self.functions = functions
        self.list_path = list_path
        self.type: Any = raw.get("type")
        named = raw.get("path") if self.type == "dynamiclist" else raw.get("key")
        self.key: str = named if isinstance(named, str) else ""
        given = self.key or raw.get("id")
        self.element = given[:100] if isinstance(given, str) and given else place
        if list_path is not None:
            self.element = f"{list_path}.{self.element}"
        self.properties: Mapping[str, str] = MappingProxyType(self._texts(raw.get("properties")))
        validate = raw.get("validate")
        self.validate: Mapping[str, Any] = validate if isinstance(validate, dict) else {}

    @property
    def path(self) -> str:
        """The key, below the list it is in."""
        return self.key if self.list_path is None else f"{self.list_path}.{self.key}"

    def finding(self, rule: str, message: str, suggestion: str) -> None:
        """Notes one finding about this component."""
        self.findings.add(self.element, rule, message, suggestion)

    def check_properties(self) -> None:
        """Findings for properties and validations that nothing reads: they are typing errors."""
        if self.raw.get("properties") is not None and not isinstance(self.raw["properties"], dict):
            self.finding("bad_properties", "'properties' is not an object", "export the form again")
        known = FEEL_PROPERTIES | LIMIT_PROPERTIES | PLAIN_PROPERTIES
        for name in self.properties:
            if name not in known and not name.startswith(PROPERTY_PREFIXES):
                self.finding(
                    "unknown_property",
                    f"the property {name[:60]!r} is not known",
                    f"use one of: {', '.join(sorted(known))}, value.<option>.en, source.<name>",
                )
        for name in self.validate:
            if name not in VALIDATE_KEYS:
                self.finding(
                    "unknown_validation",
                    f"the validation {name[:60]!r} is not known",
                    f"use one of: {', '.join(sorted(VALIDATE_KEYS))}",
                )

    def labels(self) -> tuple[str, str]:
        """The label in Arabic and English; form-js keeps a date's label as `dateLabel`."""
        own = self.raw.get("dateLabel") if self.type == "datetime" else None
        label = own if isinstance(own, str) and own.strip() else self.raw.get("label")
        english = self.properties.get("label.en", "")
        if not isinstance(label, str) or not label.strip():
            self.finding("missing_label", "it has no label", "write the Arabic label")
            label = ""
        if not english.strip():
            self.finding("missing_english", "its English is missing", "add the property 'label.en'")
        if label.lstrip().startswith("=") or english.lstrip().startswith("="):
            self.finding("computed_label", "labels are not computed", "write the label itself")
        self.raw["label"] = label  # whoever draws the form finds every label in one place
        return label, english

    def hints(self) -> tuple[str, str]:
        """The hint in both languages: `hint.ar` (else form-js's description) and `hint.en`."""
        description = self.raw.get("description")
        arabic = self.properties.get("hint.ar") or (
            description if isinstance(description, str) else ""
        )
        english = self.properties.get("hint.en", "")
        if bool(arabic.strip()) != bool(english.strip()):
            self.finding(
                "hint_language", "its hint is in one language only", "add 'hint.ar' and 'hint.en'"
            )
        return arabic, english

    def hide(self) -> Rule | None:
        """The condition that hides the component."""
        conditional = self.raw.get("conditional")
        if conditional is None:
            return None
        text = conditional.get("hide") if isinstance(conditional, dict) else None
        if text in (None, "", False) and isinstance(conditional, dict):
            return None
        return self.feel("hide", text)

    def rule(self, name: str) -> Rule | None:
        """The FEEL expression in the property `name`."""
        text = self.properties.get(name)
        return None if text is None else self.feel(name, text)

    def feel(self, what: str, text: object) -> Rule | None:
        """One expression, compiled; it must begin with `=`."""
        if not isinstance(text, str) or not text.startswith("="):
            self.finding("not_feel", f"{what!r} is not a FEEL expression", "begin it with '='")
            return None
        try:
            expression = compile_expression(text[1:].strip(), functions=self.functions)
        except FeelSyntaxError as error:
            self.finding("bad_feel", f"{what!r}: {error}", "correct the expression")
            return None
        return Rule(what, self.path, expression)

    def required(self) -> bool:
        """The plain mark `validate.required`."""
        required = self.validate.get("required", False)
        if not isinstance(required, bool):
            self.finding(
                "bad_required", "'required' is neither true nor false", "use 'required_if' for FEEL"
            )
            return False
        return required

    def prefilled(self) -> bool:
        """Whether the variable of the same name is offered as the answer."""
        word = self.properties.get("prefill", "yes")
        if word not in ("yes", "no"):
            self.finding("bad_prefill", f"'prefill' is {word!r}", "write yes or no")
        return word != "no"

    def flag(self, name: str) -> bool:
        """A literal true or false attribute."""
        value = self.raw.get(name, False)
        if value in (None, ""):
            return False
        if not isinstance(value, bool):
            self.finding(
                "computed_flag",
                f"{name!r} is not a plain true or false",
                "use 'conditional' to hide",
            )
            return False
        return value

    def whole(self, name: str, value: object, most: int) -> int | None:
        """A literal whole number from 0 to `most`."""
        if value is None or value == "":
            return None
        if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 10:
            value = int(value)
        if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= most:
            self.finding("bad_limit", f"{name!r} is no whole number from 0 to {most}", "correct it")
            return None
        return value

    def count(self, name: str, default: int, most: int) -> int:
        """A whole number in the property `name`."""
        found = self.whole(name, self.properties.get(name), most)
        return default if found is None else found

    def _texts(self, properties: object) -> dict[str, str]:
        if not isinstance(properties, dict):
            return {}
        texts: dict[str, str] = {}
        for name, value in properties.items():
            if isinstance(value, str) and len(value) <= _MAX_TEXT:
                texts[name] = value
            else:
                self.findings.add(
                    self.element,
                    "bad_property",
                    f"the property {name[:60]!r} is not a text of at most {_MAX_TEXT} characters",
                    "write it as text",
                )
        return texts
