"""What must hold for every process: saving and restoring at any step changes nothing, the facts
rebuild the state, nothing is lost and nothing is done twice."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bpmn import LiveCase
from bpmn import facts as f
from tests.bpmn.driving import Driver
from tests.bpmn.random_models import random_model, repeatable
from tests.bpmn.running import Running


def drive(seed: int, choices: int, *, reload: bool) -> Running:
    case = Running(random_model(seed), {"c": 0}, reload=reload)
    driver = Driver(case, repeatable(choices))
    for _ in range(60):
        if not driver.act():
            break
    return case


@settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.too_slow],
)
@given(seed=st.integers(0, 5000), choices=st.integers(0, 5000))
def test_reloading_at_every_step_changes_nothing(seed: int, choices: int) -> None:
    kept = drive(seed, choices, reload=False)
    reloaded = drive(seed, choices, reload=True)
    assert kept.facts == reloaded.facts
    assert kept.snapshot == reloaded.snapshot
    assert kept.live.save() == reloaded.live.save()
    check_books(kept)


def check_books(case: Running) -> None:
    """Every key is entered once and left once, and a finished case has nothing open."""
    entered = Counter(fact.key for fact in case.of(f.ElementEntered))
    left = Counter(
        fact.key for fact in case.facts if isinstance(fact, f.ElementCompleted | f.ElementCancelled)
    )
    assert set(entered.values()) <= {1}
    assert set(left.values()) <= {1}
    assert set(entered) - set(left) == {key for _, key in case.snapshot.active_elements}
    assert case.done or case.snapshot.active_elements
    if case.done:
        assert case.snapshot.timers == ()
        assert case.snapshot.subscriptions == ()
        assert case.snapshot.open_tasks == ()
        assert set(case.snapshot.variables) == {""}


@pytest.mark.parametrize("seed", range(20))
def test_two_runs_from_one_state_are_the_same(seed: int) -> None:
    case = drive(seed, seed, reload=True)
    state = case.live.save()
    steps: list[object] = []
    for _ in range(2):
        live = LiveCase.restore(case.executable, state)
        for key in live.snapshot().open_tasks[:1]:
            steps.append(live.complete_task(key, {"c": 1}, case.world).facts)
        steps.append(live.save())
    assert steps[: len(steps) // 2] == steps[len(steps) // 2 :]
