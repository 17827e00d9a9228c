"""Forms, referrals and case files to print, and how the tests read what was printed."""

from __future__ import annotations

import importlib
import re
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from engine.wording import Text
from forms import Form, compile_form
from web.letters import (
    CaseFile,
    FormOnPaper,
    Happening,
    PersonFacts,
    Printing,
    Referral,
    Remark,
    TaskFacts,
)
from web.letters.wording import WORDS

pdfium: Any = importlib.import_module("pypdfium2")  # which has no types
ROOT = Path(__file__).parents[2]
NOW = datetime(2026, 11, 22, 12, 5, 30, 123456, tzinfo=UTC)
BRANCH = Text("فرع صندوق المعونة الوطنية - إربد", "National Aid Fund branch, Irbid")
HOSTILE = '#read("/etc/passwd") *bold* $x^2$ `raw` <label> @cite #[a] \\u{41} // no /* no */ = no'
LANGUAGES = ("ar", "en")


def form_named(name: str) -> Form:
    path = ROOT / "forms" / "definitions" / f"{name}.form"
    return compile_form(path.read_bytes(), file=path.name)


FORMS = sorted(path.stem for path in (ROOT / "forms" / "definitions").glob("*.form"))
FACTS = TaskFacts(
    task=Text("مقابلة الاستعداد الوظيفي", "Job-readiness interview"),
    branch=BRANCH,
    journey_number="R-2026-000123",
    person="إيمان الغيثي",
    national_id="0000000001",
    due_at=NOW,
    address="https://rihla.example.jo/q/0123.7",
)


def printing_in(language: str) -> Printing:
    return Printing(language, NOW, "أخصائي الحالة")


def a_referral(**changes: Any) -> Referral:
    plan = FormOnPaper(
        form_named("individual_action_plan"),
        {
            "client_goals_text": "العمل في مصنع قريب\nthen an own shop (2027)",
            "steps": [
                {
                    "step_text": "تحديث السيرة الذاتية",
                    "responsible": "client",
                    "due_date": "2026-12-01",
                    "step_status": "planned",
                }
            ],
        },
    )
    referral = Referral(
        journey_number="R-2026-000123",
        issued_on=date(2026, 11, 22),
        branch=BRANCH,
        worker=Text.worded("أخصائي الحالة"),
        destination=Text("مركز التدريب المهني", "Vocational training centre"),
        destination_address="Irbid, University Street 12",
        person="إيمان الغيثي",
        national_id="0000000001",
        phone="+962 7 9000 0000",
        group=Text("ب", "B"),
        service=Text("التدريب", "Training"),
        deadline=date(2026, 12, 6),
        address="https://rihla.example.jo/r/secret",
        shared=[(plan, {key: WORDS[key] for key in ("client_goals_text", "steps")})],
    )
    return replace(referral, **changes)


def a_case_file(**changes: Any) -> CaseFile:
    answers = FormOnPaper(form_named("grouping_decision"), {"client_group": "A"})
    case = CaseFile(
        journey_number="R-2026-000123",
        cycle_no=2,
        branch=BRANCH,
        stage="referred",
        opened_at=NOW,
        closed_at=None,
        group="A",
        grouped_on=date(2026, 11, 22),
        stable_count=0,
        person=PersonFacts("إيمان الغيثي", "0000000001", "female", age=36),
        milestones={"opened": NOW},
        happenings=[
            Happening(
                NOW,
                "Grouping",
                "worker",
                answers,
                version=2,
                reason=HOSTILE,
                proposals=["Ready for a job"],
            )
        ],
        open_tasks=[("Action plan", NOW)],
        remarks=[Remark(NOW, "head", "Well done")],
        enclosures=[],
    )
    return replace(case, **changes)


def bare(text: str) -> str:
    return re.sub("[\u2068\u2069]", "", text)
