"""The plain line of steps: what is done, where the client stands, what lies ahead."""

from __future__ import annotations

import pytest

from journey.stages import STAGE_AFTER
from tests.web.driver import Pages
from web.letters.wording import STAGES
from web.stage_line import stage_line

SPOKEN = {
    "Contact": "التواصل",
    "Interview": "المقابلة",
    "Grouping": "التصنيف",
    "Action plan": "خطة العمل",
    "Referral": "الإحالة",
    "Mediation": "الوساطة",
    "Outcome": "النتيجة",
}


def said(pages: Pages, *asked: object, lang: str = "en") -> list[tuple[str, str]]:
    """A line in a language."""
    with pages.app.test_request_context(headers={"Cookie": f"rihla_language={lang}"}):
        return [(str(step.label), step.state) for step in stage_line(*asked)]  # type: ignore[arg-type]


def here(line: list[tuple[str, str]]) -> list[str]:
    """Where it says the client stands."""
    return [label for label, state in line if state == "here"]


def test_the_line_of_group_a_in_both_languages(pages: Pages) -> None:
    line = said(pages, "in_mediation", "A")
    assert [label for label, _ in line] == list(SPOKEN)
    assert [state for _, state in line] == ["done"] * 5 + ["here", "ahead"]
    arabic = said(pages, "in_mediation", "A", lang="ar")
    assert [label for label, _ in arabic] == list(SPOKEN.values())


def test_an_open_task_says_it_more_exactly_than_the_stage(pages: Pages) -> None:
    assert here(said(pages, "invited", None)) == ["Contact"]
    assert here(said(pages, "invited", None, ["readiness_interview"])) == ["Interview"]
    assert here(said(pages, None, None, ["provider_feedback"])) == ["Service or mediation"]
    assert said(pages, None, None, ["review_group_c"]) == []


@pytest.mark.parametrize(
    ("group", "walked"),
    [
        ("A", [*list(SPOKEN), "Closed"]),
        ("C", ["Contact", "Interview", "Grouping", "Closed"]),
        (None, ["Contact", "Closed"]),
    ],
)
def test_a_closed_cycle_shows_what_was_walked(
    pages: Pages, group: str | None, walked: list[str]
) -> None:
    assert said(pages, "closed", group) == [(label, "done") for label in walked]


def test_every_stage_has_a_place_on_the_line(pages: Pages) -> None:
    for stage in STAGES:
        line = said(pages, stage, "B")
        assert line, stage
        assert stage == "closed" or len(here(line)) == 1, stage
    assert STAGE_AFTER  # the stages come from the journey's forms
