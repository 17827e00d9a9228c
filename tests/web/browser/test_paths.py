"""Every path of the journey by clicking: the stories of the scenarios, told in a browser, in Arabic
on a screen and in English on a tablet."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator

import pytest
from _pytest.mark import ParameterSet

from tests.journey.scenarios import (
    test_corrected_interview,
    test_declined_then_served,
    test_direct_placement,
    test_group_c,
    test_mediated_to_day_90,
    test_not_reached,
    test_overdue_and_stable,
    test_postponed,
    test_rejected_vacancy,
    test_second_cycle,
    test_transferred,
    test_without_consent,
)
from tests.web.browser.conftest import Tell
from tests.web.browser.people import ClickedStory

SOAK = bool(os.environ.get("RIHLA_SOAK"))
USUAL = {("ar", 1280), ("en", 800)}
SHORT = ("mediated", "declined_referral")
"""Words in the names of the paths that `make test` clicks, in Arabic; the others are for
`make long`."""

PATHS: tuple[Callable[[ClickedStory], None], ...] = (
    test_mediated_to_day_90.test_mediated_retained_and_watched,
    test_declined_then_served.test_a_declined_referral_goes_to_another_provider,
    test_declined_then_served.test_the_service_ends_and_tool_1_makes_an_a_of_her,
    test_direct_placement.test_left_after_a_day_and_back_to_the_plan,
    test_group_c.test_non_cooperation_is_confirmed_by_the_branch_head,
    test_not_reached.test_the_head_lets_it_be_tried_again,
    test_overdue_and_stable.test_overdue_feedback_is_asked_for_extended_and_escalated,
    test_postponed.test_the_interview_is_held_again_on_the_day,
    test_rejected_vacancy.test_stable_twice_goes_to_the_branch_head,
    test_corrected_interview.test_the_rule_is_asked_again_and_the_worker_changes_the_group,
    test_second_cycle.test_years_later_at_another_branch,
    test_transferred.test_a_case_moves_with_its_open_tasks,
    test_without_consent.test_nothing_is_sent_until_the_client_agrees,
)


def _told() -> Iterator[ParameterSet]:
    """Each path in Arabic, the first one in English too; with RIHLA_SOAK=1 (`make soak`) each in
    both languages at both widths."""
    for path in PATHS:
        name = path.__name__.removeprefix("test_")
        for lang, width in (("ar", 1280), ("en", 800), ("ar", 800), ("en", 1280)):
            usual = lang == "ar" or path is PATHS[0]
            if SOAK or (usual and (lang, width) in USUAL):
                short = lang == "ar" and usual and any(word in name for word in SHORT)
                marks = () if short else (pytest.mark.soak,)
                yield pytest.param(path, lang, width, id=f"{name}-{lang}-{width}", marks=marks)


@pytest.mark.parametrize(("path", "lang", "width"), list(_told()))
def test_path(path: Callable[[ClickedStory], None], lang: str, width: int, tell: Tell) -> None:
    story = tell(lang, width)
    path(story)
    story.prove()
