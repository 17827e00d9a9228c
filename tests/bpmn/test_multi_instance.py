"""Multi-instance on tasks, sub-processes and call activities, parallel and sequential."""

from __future__ import annotations

import pytest

from bpmn import facts as f
from tests.bpmn.diagrams import (
    boundary,
    call,
    diagram,
    end,
    many,
    mappings,
    on_error,
    on_message,
    path,
    process,
    script,
    service,
    start,
    sub,
    timer,
    user,
)
from tests.bpmn.running import Running


def around(activity: str, *more: str, **files: object) -> bytes:
    return diagram(
        process(start(), activity, user("after"), end(), path("start", "m", "after", "end"), *more),
        **files,  # type: ignore[arg-type]
    )


def items(case: Running) -> list[object]:
    return [case.live.variables_at(key).get("item") for key in case.snapshot.open_tasks]


def test_parallel_opens_all_at_once_and_collects_in_the_order_of_the_items() -> None:
    task = user("m", many("=list", out="answers", out_element="=answer"))
    case = Running(around(task), {"list": ["a", "b", "c"]})
    assert items(case) == ["a", "b", "c"]
    for key, answer in zip(reversed(case.snapshot.open_tasks), (3, 2, 1), strict=True):
        case.took(case.live.complete_task(key, {"answer": answer}, case.world))
    assert case.tasks() == ["after"]
    assert case.variables == {"list": ["a", "b", "c"], "answers": [1, 2, 3]}
    assert set(case.snapshot.variables) == {""}


def test_sequential_opens_one_after_the_other() -> None:
    task = user("m", many("=list", sequential=True, out="answers", out_element="=item + answer"))
    case = Running(around(task), {"list": [1, 2, 3]})
    for item in (1, 2, 3):
        assert items(case) == [item]
        case.do("m", answer=10)
    assert case.variables["answers"] == [11, 12, 13]
    assert case.tasks() == ["after"]


@pytest.mark.parametrize("sequential", [True, False])
def test_no_items_no_rounds(sequential: bool) -> None:
    task = user("m", many("=[]", sequential=sequential, out="answers"))
    case = Running(around(task))
    assert case.tasks() == ["after"]
    assert case.variables == {"answers": []}


def test_output_mappings_of_a_round_reach_its_output_element() -> None:
    task = user(
        "m",
        many("=list", out="answers", out_element="=result"),
        outputs={"result": "=answer * 2", "last": "=answer"},
    )
    case = Running(around(task), {"list": [1, 2]})
    case.do("m", answer=1)
    case.do("m", answer=2)
    assert case.variables == {"list": [1, 2], "answers": [2, 4], "last": 2}


def test_the_completion_condition_ends_the_rest() -> None:
    task = user("m", many("=list", until="=numberOfCompletedInstances >= 2 or answer = 0"))
    case = Running(around(task), {"list": [1, 2, 3, 4]})
    case.do("m", answer=1)
    assert len(case.snapshot.open_tasks) == 3
    case.do("m", answer=1)
    assert case.tasks() == ["after"]
    assert [fact.reason for fact in case.of(f.TaskClosed)].count("cancelled") == 2


def test_a_collection_that_is_no_list_is_an_incident() -> None:
    case = Running(around(user("m", many("=list"))), {"list": "abc"})
    assert "no list" in case.incident
    case.retry(list=[1])
    assert case.tasks() == ["m"]


def test_too_many_items_are_an_incident() -> None:
    case = Running(around(user("m", many("=for i in 1..1001 return i"))))
    assert "more than 1000" in case.incident


def test_a_boundary_event_belongs_to_all_rounds_together() -> None:
    more = boundary("b", "m", timer("duration", "P1D")) + user("late") + path("b", "late")
    case = Running(around(user("m", many("=[1,2,3]")), more))
    assert len(case.snapshot.timers) == 1
    case.do("m")
    case.fire()
    assert case.at == ["late"]


def test_a_message_comes_beside_the_rounds() -> None:
    event = boundary("b", "m", on_message("x"), interrupting=False)
    more = event + user("told") + path("b", "told")
    case = Running(around(user("m", many("=[1,2]")), more, messages={"x": "=case.id"}))
    case.deliver("x")
    assert sorted(case.tasks()) == ["m", "m", "told"]


def test_an_error_in_one_round_ends_all() -> None:
    more = boundary("b", "m", on_error("full")) + user("out") + path("b", "out")
    case = Running(around(service("m", "sms", many("=[1,2]")), more, errors=("full",)))
    case.error("full")
    assert case.at == ["out"]
    assert len(case.of(f.JobWithdrawn)) == 1


@pytest.mark.parametrize("sequential", [True, False])
def test_a_sub_process_in_rounds(sequential: bool) -> None:
    inside = sub(
        "m",
        many("=list", sequential=sequential, out="sums", out_element="=total"),
        start("s"),
        user("u"),
        script("t", "=item + x", "total"),
        path("s", "u", "t"),
    )
    case = Running(around(inside), {"list": [1, 2]})
    case.do("u", x=10)
    case.do("u", x=20)
    assert case.variables["sums"] in ([11, 22], [21, 12])
    assert case.tasks() == ["after"]


@pytest.mark.parametrize("sequential", [True, False])
def test_a_called_process_in_rounds(sequential: bool) -> None:
    marker = many("=list", sequential=sequential, out="sums", out_element="=total")
    caller = process(
        start(),
        call("m", "child", marker, ext=mappings({"n": "=item * 10"})),
        user("after"),
        path("start", "m", "after"),
    )
    child = process(
        start("s"), user("u"), script("t", "=n + x", "total"), path("s", "u", "t"), key="child"
    )
    case = Running(diagram(caller, child), {"list": [1, 2]})
    case.do("u", x=1)
    case.do("u", x=2)
    assert case.variables["sums"] == [11, 22]
    assert case.tasks() == ["after"]
    assert "n" not in case.variables


def test_a_round_that_fails_stands_alone() -> None:
    task = user("m", many("=list"), inputs={"half": "=1 / item"})
    case = Running(around(task), {"list": [1, 0, 2]})
    assert len(case.snapshot.incidents) == 1
    assert len(case.snapshot.open_tasks) == 2
