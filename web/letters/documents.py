"""The printed documents: a form, a referral letter, a case file. Everything they need is given."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from engine.clock import last_day
from engine.wording import Text
from web.letters.blocks import Block, FormOnPaper
from web.letters.qr import qr_svg
from web.letters.records import CaseFile, Happening, PersonFacts, Printing, Referral, TaskFacts
from web.letters.typesetting import typeset
from web.letters.values import (
    clean,
    day,
    direction,
    isolated,
    moment,
    number,
    written,
    written_list,
)
from web.letters.wording import MILESTONES, WORDS, stage_name, words


def form_pdf(
    paper: FormOnPaper, facts: TaskFacts, printing: Printing, *, blank: bool = False
) -> bytes:
    """A form with its answers and, if it is unfinished, room for the others; or (`blank`) with
    room for every answer."""
    language = printing.language
    by_hand = blank or not paper.final
    return typeset(
        "form",
        {
            **_frame(printing, paper.title(language), facts.journey_number),
            "branch": _text(facts.branch, language),
            "facts": _task_facts(facts, language),
            "status": _status(paper, facts, language, blank=blank),
            "how": _how(facts, language) if by_hand else "",
            "conducted": by_hand,
            "own_date": "conducted_at" in paper.form.fields,
            "code": _code(facts.address),
            "blocks": paper.blank(language) if blank else paper.filled(language),
            "version": f"{paper.form.id} · {paper.form.sha256[:8]}",
        },
        at=printing.at,
    )


def referral_letter(referral: Referral, printing: Printing) -> bytes:
    """The letter that sends one person to one partner, with a reply slip."""
    language = printing.language
    facts = _rows(
        language,
        ("name", referral.person),
        ("national_id", referral.national_id),
        ("phone", referral.phone),
        ("service", referral.service.in_language(language)),
        ("group", referral.group.in_language(language)),
        ("deadline", day(referral.deadline, language)),
    )
    shared: list[Block] = []
    if referral.able_to_work:
        shared.append(_said("able", words("able_yes", language), language))
    for paper, only in referral.shared:
        shared += paper.filled(language, only)
    return typeset(
        "referral",
        {
            **_frame(printing, words("letter_title", language), referral.journey_number),
            "branch": referral.branch.in_language(language),
            "issued": day(referral.issued_on, language),
            "destination": written(referral.destination.in_language(language), language),
            "address": written(referral.destination_address, language),
            "subject": words("subject_line", language).format(name=isolated(referral.person)),
            "facts": facts,
            "shared": shared,
            "result_by": words("asked_result", language).format(
                deadline=day(referral.deadline, language)
            ),
            "reply_to": words("reply_to", language).format(
                branch=isolated(referral.branch.in_language(language))
            ),
            "how": words("how_link" if referral.is_link else "how_task", language),
            "worker": written(referral.worker, language),
            "person": written(referral.person, language),
            "code": _code(referral.address),
        },
        at=printing.at,
    )


def case_pdf(case: CaseFile, printing: Printing) -> bytes:
    """The whole case of one cycle."""
    language = printing.language
    return typeset(
        "case",
        {
            **_frame(printing, words("case_title", language), case.journey_number),
            "branch": case.branch.in_language(language),
            "person": _person(case.person, language),
            "case": _case(case, language),
            "milestones": [
                {
                    "name": name.in_language(language),
                    "on": "" if at is None else day(at, language),
                }
                for key, name in MILESTONES.items()
                for at in (case.milestones.get(key),)
            ],
            "happenings": [_happening(one, language) for one in case.happenings],
            "open_tasks": [
                [written(name, language), written(day(due, language) if due else "", language)]
                for name, due in case.open_tasks
            ],
            "remarks": None
            if case.remarks is None
            else [
                {"by": _by(one.by, one.at, language), "text": written(one.text, language)}
                for one in case.remarks
            ],
            "enclosures": None
            if case.enclosures is None
            else [
                [
                    written(one.name, language),
                    written_list([one.by, moment(one.at, language)], language),
                    written(one.note, language),
                ]
                for one in case.enclosures
            ],
        },
        at=printing.at,
    )


def _frame(printing: Printing, title: str, journey_number: str) -> dict[str, Any]:
    """What every template takes."""
    at = moment(printing.at, printing.language)
    key = "printed_by" if printing.by else "printed"
    return {
        "lang": printing.language,
        "title": clean(title),
        "number": clean(journey_number),
        "printed": words(key, printing.language).format(at=at, name=isolated(printing.by)),
        "w": {name: text.in_language(printing.language) for name, text in WORDS.items()},
    }


def _code(address: str) -> dict[str, str] | None:
    return {"svg": qr_svg(address), "address": address} if address else None


def _text(text: Text | None, language: str) -> str:
    return "" if text is None else text.in_language(language)


def _rows(language: str, *rows: tuple[str, str]) -> list[dict[str, Any]]:
    """Label and value; those without a value are left out."""
    return [
        {"label": words(key, language), "value": written(value, language)}
        for key, value in rows
        if value
    ]


def _said(key: str, value: str, language: str) -> Block:
    """A question of our own among those of a form."""
    return {
        "kind": "question",
        "number": "",
        "label": words(key, language),
        "hint": "",
        "condition": "",
        "required": False,
        "several": "",
        "answer": written(value, language),
    }


def _task_facts(facts: TaskFacts, language: str) -> list[dict[str, Any]]:
    return _rows(
        language,
        ("task", _text(facts.task, language)),
        ("journey_number", facts.journey_number),
        ("name", facts.person),
        ("national_id", facts.national_id),
        ("due", "" if facts.due_at is None else day(last_day(facts.due_at), language)),
    )


def _status(paper: FormOnPaper, facts: TaskFacts, language: str, *, blank: bool) -> str:
    if blank:
        return words("blank", language)
    if not paper.final:
        return words("draft", language)
    if facts.completed_at is None or facts.completed_by is None:
        return words("never_done", language)
    at = moment(facts.completed_at, language)
    return words("completed", language).format(
        name=isolated(facts.completed_by.in_language(language)), at=at
    )


def _how(facts: TaskFacts, language: str) -> str:
    how = words("blank_how" if facts.address else "blank_how_no_code", language)
    return f"{how} * {words('required', language)}."


def _by(name: str, at: datetime, language: str) -> str:
    return f"{isolated(name)} · {moment(at, language)}"


def _person(person: PersonFacts | None, language: str) -> list[dict[str, Any]] | None:
    if person is None:
        return None
    sex = words(person.sex, language) if person.sex in ("male", "female") else person.sex
    return _rows(
        language,
        ("name", person.name),
        ("national_id", person.national_id),
        ("sex", sex),
        ("born", "" if person.born is None else day(person.born, language)),
        ("age", "" if person.age is None else str(person.age)),
        ("phone", person.phone),
        ("address", person.address),
        ("household", person.household),
    )


def _case(case: CaseFile, language: str) -> list[dict[str, Any]]:
    return _rows(
        language,
        ("journey_number", case.journey_number),
        ("cycle", "" if case.cycle_no is None else str(case.cycle_no)),
        ("branch", case.branch.in_language(language)),
        ("stage", stage_name(case.stage, language)),
        ("group", _group(case.group, language)),
        ("grouped_on", "" if case.grouped_on is None else day(case.grouped_on, language)),
        ("stable_count", number(case.stable_count, language) if case.stable_count else ""),
        ("opened", moment(case.opened_at, language)),
        ("closed", "" if case.closed_at is None else moment(case.closed_at, language)),
    )


def _group(code: str | None, language: str) -> str:
    letters = {"A": "أ", "B": "ب", "C": "ج"}
    if code is None or language == "en":
        return code or ""
    return letters.get(code, code)


def _happening(one: Happening, language: str) -> dict[str, Any]:
    title = clean(one.title)
    return {
        "title": title,
        "dir": direction(title, language),
        "by": _by(one.by, one.at, language),
        "correction": words("correction", language).format(version=one.version)
        if one.version > 1
        else "",
        "reason": written(one.reason, language),
        "proposals": [written(text, language) for text in one.proposals],
        "blocks": [] if one.paper is None else one.paper.filled(language),
    }
