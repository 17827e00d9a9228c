"""What a journal entry and its facts say in plain words, in the reader's language."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from bpmn import (
    DecisionEvaluated,
    Fact,
    IncidentRaised,
    MessageSent,
    SubscriptionOpened,
    TaskOpened,
    TimerSet,
    VariablesWritten,
)
from engine.history import CaseStep
from engine.records import InstanceState
from forms import Field
from web.context import language
from web.formats import day, due_day, moment, words
from web.people_names import LINK_HOLDER, is_link_holder
from web.texts import _, lazy

KINDS: Mapping[str, Any] = {
    "start": lazy("The case began"),
    "complete": lazy("A task was done"),
    "correct": lazy("A finished form was corrected"),
    "claim": lazy("A task was taken on"),
    "release": lazy("A task was given back"),
    "assign": lazy("A task was handed over"),
    "timer": lazy("A deadline came"),
    "correlate": lazy("A message arrived"),
    "job": lazy("Another system answered"),
    "incident": lazy("Something got stuck"),
    "retry": lazy("Something stuck was tried again"),
    "cancel": lazy("The case was ended by hand"),
    "transfer": lazy("The case went to another unit"),
    "comment_added": lazy("A comment was written"),
    "attachment_added": lazy("A document was added"),
    "attachment_withdrawn": lazy("A document was taken back"),
    "link_issued": lazy("A link was given to a partner"),
    "link_revoked": lazy("A partner's link was ended"),
    "referral_reconstructed": lazy("A referral was rebuilt from the journal"),
}
"""Kind of a journal entry → what happened."""

STATES: Mapping[str, Any] = {
    InstanceState.ACTIVE: lazy("Case under way"),
    InstanceState.SUSPENDED: lazy("Case on hold"),
    InstanceState.COMPLETED: lazy("Case finished"),
    InstanceState.CANCELLED: lazy("Case ended by hand"),
    InstanceState.INCIDENT: lazy("Case stuck"),
}

_DETAILS: Mapping[str, Any] = {
    "reason": lazy("Reason given"),
    "to": lazy("Handed to"),
    "from": lazy("Handed from"),
    "due": lazy("Was due"),
    "unit": lazy("Unit of the case"),
    "business_key": lazy("Number of the case"),
    "text": lazy("Text of the comment"),
    "filename": lazy("Name of the file"),
    "note": lazy("Note"),
    "valid_until": lazy("The link works until"),
    "message": lazy("Name of the message"),
}
"""What a command noted of itself, where that means something to people."""


_CODES = frozenset({"unit", "message"})
"""Of these, what is noted as a code."""

_HANDED = frozenset({"from", "to"})
"""Of these, what names people where a task was handed over."""


@dataclass(frozen=True)
class Detail:
    """One line of what a step wrote."""

    label: str
    value: str
    technical: bool = False
    """Whether it has names and codes of the engine in it, which say nothing to most people."""


def what(kind: str) -> str:
    """A journal entry's kind in plain words."""
    return str(KINDS.get(kind, kind))


def state_name(state: str) -> str:
    """Where a case stands, in plain words."""
    return str(STATES.get(state, state))


def who(username: str, people: Mapping[str, str]) -> str:
    """Who gave a command: somebody by name and user name, a partner without an account, or the
    system itself. `people` are the names by user name that the reader may know."""
    if is_link_holder(username):
        return LINK_HOLDER.in_language(language())
    if username == "system":
        return _("The system")
    name = people.get(username, username)
    return username if name == username else f"{name} ({username})"


def details_of(
    step: CaseStep,
    asked: Mapping[str, Field],
    element: Callable[[str], str],
    people: Mapping[str, str],
) -> list[Detail]:
    """Everything readable that a step recorded; nothing for who may not read data. What the step's
    form asked comes first, what is technical last.

    `asked` are the forms' questions by key, `element` names elements of the diagrams, `people`
    are names by user name.
    """
    entry = step.entry
    answers = (entry.data.get("submission") or {}).get("data", {})
    # In the order in which the form asks.
    order = {name: place for place, name in enumerate(asked)}
    given = sorted(answers, key=lambda name: order.get(name, len(order)))
    lines = [_answer(name, answers[name], asked) for name in given if _said(answers[name])]
    lines += [
        Detail(
            str(_DETAILS[name]),
            who(value, people) if name in _HANDED and value in people else _noted(value),
            name in _CODES,
        )
        for name, value in entry.data.get("details", {}).items()
        if name in _DETAILS and value is not None
    ]
    for fact in step.facts:
        lines += _fact_lines(fact, answers, asked, element)
    # The same value goes from scope to scope; once is enough.
    return sorted(dict.fromkeys(lines), key=lambda line: line.technical)


def _fact_lines(
    fact: Fact,
    answers: Mapping[str, Any],
    asked: Mapping[str, Field],
    element: Callable[[str], str],
) -> list[Detail]:
    lines: list[Detail] = []
    match fact:
        case TaskOpened():
            until = f" · {due_day(fact.due)}" if fact.due else ""
            lines.append(Detail(_("Task opened"), f"{element(fact.element_id)}{until}"))
        case TimerSet():
            due = f"{element(fact.element_id)} · {moment(fact.due)}"
            lines.append(Detail(_("Deadline set"), due))
        case SubscriptionOpened():
            lines.append(Detail(_("Waits for a message"), fact.message, technical=True))
        case MessageSent():
            lines.append(Detail(_("Message sent"), fact.message, technical=True))
        case DecisionEvaluated():
            rule = _("Rule asked: %(name)s", name=element(fact.element_id))
            lines.append(Detail(rule, _noted(fact.value), technical=True))
        case IncidentRaised():
            stuck = _("Stuck at %(name)s", name=element(fact.element_id))
            lines.append(Detail(stuck, words(fact.message)))
        case VariablesWritten():
            # What the form's answers say already is not said twice.
            new = {k: v for k, v in fact.values.items() if answers.get(k) != v and _said(v)}
            lines += [_answer(name, _split(value), asked) for name, value in new.items()]
    return lines


def _answer(name: str, value: Any, asked: Mapping[str, Field]) -> Detail:
    """An answer or variable by its question and its choice, where a form has them."""
    field = asked.get(name)
    if field is None:
        return Detail(name, _value(value), technical=True)
    # A code that nobody can name says nothing to people.
    unnamed = field.source is not None and not field.choices
    return Detail(_label(field), _chosen(field, value), technical=unnamed)


def _label(field: Field) -> str:
    return " ".join(field.label(language()).split())


def _chosen(field: Field, value: Any) -> str:
    """The answer to a question in the words of its choices; a list row by row."""
    if field.items and isinstance(value, list):
        between = "؛ " if language() == "ar" else "; "
        return between.join(_row(field, row) for row in value)
    english = language() == "en"
    labels = {one.value: one.label_en if english else one.label_ar for one in field.choices}
    chosen = value if isinstance(value, list) else [value]
    if labels and all(isinstance(one, str) for one in chosen):
        value = [labels.get(one, one) for one in chosen]
    return _value(value)


def _row(field: Field, row: Any) -> str:
    if not isinstance(row, Mapping):
        return _value(row)
    comma = "، " if language() == "ar" else ", "
    return comma.join(
        f"{_label(one)}: {_chosen(one, row[one.key])}"
        for one in field.items
        if _said(row.get(one.key))
    )


def _noted(value: Any) -> str:
    """What was noted by the engine or a rule, which may stand there in both languages."""
    return _value(_split(value))


def _split(value: Any) -> Any:
    """`value` with its bilingual texts in the reader's language."""
    if isinstance(value, str):
        return words(value)
    if isinstance(value, list | tuple):
        return [_split(one) for one in value]
    if isinstance(value, Mapping):
        return {name: _split(one) for name, one in value.items()}
    return value


def _said(value: Any) -> bool:
    return value not in (None, "", [], {})


def _value(value: Any) -> str:
    """A plain JSON value in the reader's words."""
    comma = "، " if language() == "ar" else ", "
    if value is None:
        return "–"
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, list):
        return comma.join(_value(one) for one in value) or "–"
    if isinstance(value, Mapping):
        inner = [f"{name}: {_value(one)}" for name, one in value.items() if _said(one)]
        return comma.join(inner)
    return _moment(value) if isinstance(value, str) else str(value)


def _moment(text: str) -> str:
    """Dates and moments as people write them, everything else as it is."""
    try:
        if len(text) == 10:
            return day(date.fromisoformat(text))
        if len(text) > 15 and text[10] == "T":
            found = datetime.fromisoformat(text)
            return moment(found) if found.tzinfo else text
    except ValueError:
        pass
    return text
