"""Forms are filled in on browsers that run no script."""

from __future__ import annotations

import pytest

from tests.journey.scenarios import answers, steps
from tests.web.browser.conftest import Tell

pytestmark = pytest.mark.xdist_group("browser-looks")

WORKER = "case_worker.irbid"
CARER = {
    **answers.READY,
    "has_daily_care_duty": True,
    "care_dependants": [
        {"dependant_kind": "child", "dependant_age": 2, "care_responsibility": "رعاية يومية"},
        {"dependant_kind": "elderly", "dependant_age": 80, "care_responsibility": "مساعدة"},
    ],
}
"""Answers that bring up further questions and rows of a list."""


@pytest.mark.parametrize("lang", ["ar", "en"])
def test_from_the_register_to_the_plan(tell: Tell, lang: str) -> None:
    told = tell(lang, 800, javascript=False)
    steps.opened(told)
    steps.contacted(told)
    told.do(WORKER, "readiness_interview", **CARER)
    interview = told.task(WORKER, "readiness_interview", state="completed")
    stored = told.get(WORKER, f"/tasks/{interview['id']}/form")["data"]
    assert stored["care_dependants"] == CARER["care_dependants"]
    told.do(WORKER, "readiness_decision")
    assert told.errors(WORKER, "grouping_decision", client_group="B") == ["group_override_reason"]
    told.do(WORKER, "grouping_decision", client_group="A")
    steps.planned(told, answers.MEDIATION_IRBID, "2026-01-14")
    told.prove()
