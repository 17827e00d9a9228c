"""From a form and its answers to what a template prints: sections, texts, questions in order."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from engine.wording import Text
from forms import Field, FieldType, Form
from web.letters.answers import blank_answer, filled_answer
from web.letters.conditions import asked_when
from web.letters.values import clean
from web.letters.wording import words

Block = dict[str, Any]

_EMPHASIS = re.compile(r"\*\*(.+?)\*\*|__(.+?)__")
_HEADING = re.compile(r"#{1,6}\s+")
_EMPTY_ROWS = 4


class Choice(Protocol):
    """One choice of a reference field."""

    @property
    def value(self) -> str: ...
    @property
    def label_ar(self) -> str: ...
    @property
    def label_en(self) -> str: ...


Options = Mapping[str, Sequence[Choice]]


@dataclass(frozen=True)
class FormOnPaper:
    """A form with what is known of its answers.

    `options` are the choices of reference fields by path. `final` says that the answers were
    accepted; otherwise they are a draft or what is offered in the empty form.
    """

    form: Form
    data: Mapping[str, Any] = field(default_factory=dict)
    options: Options = field(default_factory=dict)
    final: bool = True

    def title(self, language: str) -> str:
        """The form's title."""
        return self.form.title_en if language == "en" else self.form.title_ar

    def blank(self, language: str) -> list[Block]:
        """Every question with room to answer it by hand."""
        return list(_Walk(self, language, fill_in=True).level(self._components))

    def filled(self, language: str, only: Mapping[str, Text] | None = None) -> list[Block]:
        """The answers. Of an unfinished form what is open has room to be written; of a finished
        one, conditional questions that were not answered are left out. With `only`, what was
        answered of these fields, by other labels than the form's."""
        walk = _Walk(self, language, fill_in=False, only=only)
        return list(walk.level(self._components))

    @property
    def _components(self) -> Sequence[Mapping[str, Any]]:
        found: Sequence[Mapping[str, Any]] = self.form.schema.get("components") or ()
        return found


@dataclass(frozen=True)
class _Walk:
    paper: FormOnPaper
    language: str
    fill_in: bool
    only: Mapping[str, Text] | None = None

    def level(
        self, components: Sequence[Mapping[str, Any]], conditional: bool = False
    ) -> Iterator[Block]:
        for one in components:
            hide = (one.get("conditional") or {}).get("hide")
            maybe = conditional or bool(hide)
            if one["type"] == "text":
                yield from self._text(one)
            elif one["type"] == "group":
                yield from self._section(one, hide, maybe)
            else:
                key = one.get("path") if one["type"] == "dynamiclist" else one.get("key")
                known = self.paper.form.fields.get(key) if isinstance(key, str) else None
                if known is not None and (self.only is None or known.key in self.only):
                    yield from self._question(known, hide, maybe)

    def _text(self, one: Mapping[str, Any]) -> Iterator[Block]:
        text = one["properties"].get("text.en", "") if self.language == "en" else one["text"]
        if text.startswith("# ") or self.only is not None:
            return  # the title stands at the top of the page
        lines = [line.strip() for line in clean(text).split("\n") if line.strip()]
        plain = [_EMPHASIS.sub(r"\1\2", _HEADING.sub("", line)) for line in lines]
        if _HEADING.match(text):
            yield {"kind": "heading", "text": " ".join(plain)}
        elif self.fill_in or not self.paper.final:
            yield {"kind": "text", "lines": plain}

    def _section(
        self, one: Mapping[str, Any], hide: str | None, conditional: bool
    ) -> Iterator[Block]:
        inside = list(self.level(one.get("components") or (), conditional))
        if not any(block["kind"] in ("question", "section") for block in inside):
            return
        if self.only is not None:
            yield from inside
            return
        label = one.get("label") or ""
        if self.language == "en":
            label = (one.get("properties") or {}).get("label.en", "")
        yield {
            "kind": "section",
            "title": label,
            "condition": self._condition(hide),
            "blocks": inside,
        }

    def _question(self, known: Field, hide: str | None, conditional: bool) -> Iterator[Block]:
        value = self.paper.data.get(known.key)
        empty = value is None or value == []
        if known.read_only and empty:
            return  # nothing to write: the system knows it
        fill_in = not known.read_only and (self.fill_in or (empty and not self.paper.final))
        if not fill_in and empty and (conditional or self.only is not None):
            return
        english = self.language == "en"
        label = known.label(self.language)
        if self.only is not None:
            label = self.only[known.key].in_language(self.language)
        yield {
            "kind": "question",
            "number": known.properties.get("number", "") if self.only is None else "",
            "label": clean(label),
            "hint": clean(known.hint_en if english else known.hint_ar) if fill_in else "",
            "condition": self._condition(hide) if fill_in else "",
            "required": fill_in and known.required,
            "several": words("tick_several", self.language)
            if fill_in and known.type.is_several and known.type is not FieldType.LIST
            else "",
            "answer": self._answer(known, value, fill_in),
        }

    def _answer(self, known: Field, value: Any, fill_in: bool) -> Block:
        options = self.paper.options
        if known.type is not FieldType.LIST:
            if fill_in:
                return blank_answer(known, options.get(known.path, ()), self.language)
            return filled_answer(known, value, options.get(known.path, ()), self.language)
        if fill_in:
            row = [
                blank_answer(one, options.get(one.path, ()), self.language, in_table=True)
                for one in known.items
            ]
            rows = [row] * max(_EMPTY_ROWS, int(known.properties.get("min_items", "0")))
        else:
            rows = [
                [
                    filled_answer(
                        one, answers.get(one.key), options.get(one.path, ()), self.language
                    )
                    for one in known.items
                ]
                for answers in value or ()
                if isinstance(answers, Mapping)
            ]
        if not rows:
            return {"kind": "none"}
        heads = [clean(one.label(self.language)) for one in known.items]
        return {"kind": "table", "heads": heads, "rows": rows}

    def _condition(self, hide: str | None) -> str:
        if not hide or (self.paper.final and not self.fill_in):
            return ""
        return asked_when(hide, self.paper.form.fields, self.language)
