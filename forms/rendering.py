"""From a form, its answers and what is wrong with them to the view that a page draws."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any

from forms.client import client_rules
from forms.expressions import Known, Reading
from forms.form import Form
from forms.layout import Asked, Line, Part, Section, Words, layout
from forms.marked_text import blocks
from forms.posted import offered_row
from forms.questions import question
from forms.scope import Node
from forms.typed import local_dates
from forms.view import (
    ErrorLine,
    FormView,
    Offered,
    Question,
    Row,
    Rows,
    Text,
    all_hidden,
)
from forms.view import Line as LineView
from forms.view import Part as PartView
from forms.view import Section as SectionView
from forms.visibility import Visibility, hidden_fields

_NO_MESSAGES: Mapping[str, Sequence[str]] = MappingProxyType({})
_NO_OPTIONS: Mapping[str, Sequence[Offered]] = MappingProxyType({})
NEW_ROW = "__index__"
"""Stands for the index in the empty row that a browser copies."""


def render_view(
    form: Form,
    data: Mapping[str, Any],
    *,
    language: str,
    now: datetime,
    options: Mapping[str, Sequence[Offered]] = _NO_OPTIONS,
    errors: Mapping[str, Sequence[str]] = _NO_MESSAGES,
    warnings: Mapping[str, Sequence[str]] = _NO_MESSAGES,
    visibility: Visibility | None = None,
) -> FormView:
    """The form with `data` in it: prefilled values and answers, typed text where it could not be
    read.

    `options` are those of the sources by field path, `errors` and `warnings` texts in `language`
    by path. Without `visibility` (from `hidden_fields`, with the case's variables) it is worked
    out from the form's own fields alone, which is right for conditions that read nothing else.
    """
    known = {key: data.get(key) for key, field in form.fields.items() if field.read_only}
    seen = visibility or hidden_fields(form, data, known, now)
    drawing = _Drawing(
        form=form,
        english=language == "en",
        now=now,
        options=options,
        errors=_dated(errors),
        warnings=_dated(warnings),
        seen=seen,
    )
    parts = _gathered(drawing.parts(layout(form).parts, data, ""))
    rules = client_rules(form, data)
    return FormView(
        id=form.id,
        title=form.title_en if language == "en" else form.title_ar,
        language=language,
        parts=parts,
        errors=drawing.summary(parts),
        is_conditional=rules.is_conditional,
        rules=rules.text,
    )


@dataclass(frozen=True)
class _Drawing:
    """One call of `render_view`."""

    form: Form
    english: bool
    now: datetime
    options: Mapping[str, Sequence[Offered]]
    errors: Mapping[str, tuple[str, ...]]
    warnings: Mapping[str, tuple[str, ...]]
    seen: Visibility

    def parts(
        self, parts: Sequence[Part], data: Mapping[str, Any], prefix: str
    ) -> tuple[PartView, ...]:
        found = (self._part(part, data, prefix) for part in parts)
        return tuple(part for part in found if part is not None)

    def _part(self, part: Part, data: Mapping[str, Any], prefix: str) -> PartView | None:
        if isinstance(part, Line):
            return LineView()
        if isinstance(part, Words):
            return self._text(part, prefix)
        if isinstance(part, Section):
            return self._section(part, data, prefix)
        if part.node.rows is not None:
            return self._rows(part, data.get(part.node.key))
        return self._question(part, data.get(part.node.key), prefix)

    def _text(self, words: Words, prefix: str) -> Text | None:
        path = prefix + words.key
        if path in self.seen.held:
            return None
        text = words.text_en if self.english else words.text_ar
        return Text(path, blocks(text), path in self.seen.hidden)

    def _section(
        self, section: Section, data: Mapping[str, Any], prefix: str
    ) -> SectionView | None:
        parts = self.parts(section.parts, data, prefix)
        if not parts:
            return None
        label = section.label_en if self.english else section.label_ar
        return SectionView(prefix + section.key, label, parts, all_hidden(parts))

    def _question(self, part: Asked, value: object, prefix: str) -> Question | None:
        node = part.node
        path = prefix + node.key
        errors = self.errors.get(path, ())
        if node.field.read_only and value is None:
            return None
        if path in self.seen.held and not errors and not node.field.read_only:
            return None
        return question(
            part,
            value,
            path,
            english=self.english,
            options=self.options.get(node.field.path, ()),
            errors=errors,
            warnings=self.warnings.get(path, ()),
            hidden=self._hidden(node, path),
            # a row that is only offered was not seen yet, but asks what every row asks
            required=path in self.seen.required or (node.field.required and prefix != ""),
        )

    def _hidden(self, node: Node, path: str) -> bool:
        if path in self.errors:
            return False
        if node.field.read_only and path in self.seen.held:
            return False  # its value was handed out, so the case does show it
        return path in self.seen.hidden

    def _rows(self, part: Asked, value: object) -> Rows | None:
        node = part.node
        field, key = node.field, node.key
        rows = [row for row in value if isinstance(row, Mapping)] if isinstance(value, list) else []
        if field.read_only and not rows:
            return None
        if key in self.seen.held and key not in self.errors and not field.read_only:
            return None
        least = getattr(node.codec, "minimum", 0)
        template = None
        if not field.read_only and node.rows is not None:
            offered = offered_row(node.rows, Reading(self.form.id, Known(), set(), self.now))
            rows += [offered] * (max(least, 1 if field.required else 0) - len(rows))
            template = self._row(part, offered, NEW_ROW)
        return Rows(
            path=key,
            label=field.label("en" if self.english else "ar"),
            rows=tuple(self._row(part, row, str(index)) for index, row in enumerate(rows)),
            template=template,
            hint=field.hint_en if self.english else field.hint_ar,
            number=field.properties.get("number", ""),
            errors=self.errors.get(key, ()),
            hidden=self._hidden(node, key),
            required=key in self.seen.required,
            may_change=node.required_if is not None,
            read_only=field.read_only,
            least=least,
            most=getattr(node.codec, "maximum", 0),
        )

    def _row(self, part: Asked, data: Mapping[str, Any], index: str) -> Row:
        path = f"{part.node.key}.{index}"
        parts = self.parts(part.parts, data, f"{path}.")
        number = int(index) if index != NEW_ROW else -1
        return Row(number, path, parts, self.errors.get(path, ()))

    def summary(self, parts: Sequence[PartView]) -> tuple[ErrorLine, ...]:
        """Every error once, in the order of the page; those about no field of it come first."""
        placed = [line for part in parts for line in _lines(part)]
        paths = {line.path for line in placed}
        rest = [
            ErrorLine("", "", text)
            for path, texts in self.errors.items()
            if path not in paths
            for text in texts
        ]
        return (*rest, *placed)


def _gathered(parts: Sequence[PartView]) -> tuple[PartView, ...]:
    """Questions outside of every section, those beside each other in a section without a title."""
    found: list[PartView] = []
    loose: list[PartView] = []
    for part in (*parts, None):
        if isinstance(part, Question | Rows):
            loose.append(part)
            continue
        if loose:
            path = f"loose-{len(found)}"
            found.append(SectionView(path, "", tuple(loose), all_hidden(loose)))
            loose = []
        if part is not None:
            found.append(part)
    return tuple(found)


def _dated(messages: Mapping[str, Sequence[str]]) -> dict[str, tuple[str, ...]]:
    return {path: tuple(map(local_dates, texts)) for path, texts in messages.items()}


def _lines(part: PartView, row: str = "") -> list[ErrorLine]:
    if isinstance(part, SectionView):
        return [line for inner in part.parts for line in _lines(inner, row)]
    if isinstance(part, Question):
        label = row + part.label.rstrip(" :")  # a colon follows in the summary
        return [ErrorLine(part.path, label, text) for text in part.errors]
    if not isinstance(part, Rows):
        return []
    lines = [ErrorLine(part.path, part.label, text) for text in part.errors]
    for one in part.rows:
        name = f"{part.label} ({one.index + 1}) – "
        lines += [ErrorLine(one.path, name.removesuffix(" – "), text) for text in one.errors]
        lines += [line for inner in one.parts for line in _lines(inner, name)]
    return lines
