"""Embedded sub-processes, event sub-processes and called processes."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bpmn import facts as f
from tests.bpmn.diagrams import (
    both,
    boundary,
    call,
    diagram,
    end,
    event_sub,
    flow,
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
    xor,
)
from tests.bpmn.running import NOON, Running


def test_a_sub_process_ends_when_its_last_token_ends() -> None:
    inside = sub(
        "s", start("s1"), both("p"), user("a"), user("b"), path("s1", "p", "a"), path("p", "b")
    )
    case = Running(diagram(process(start(), inside, user("after"), path("start", "s", "after"))))
    assert case.at == ["s", "a", "b"]
    case.do("b")
    case.do("a")
    assert case.tasks() == ["after"]
    assert set(case.snapshot.variables) == {""}


def test_variables_of_a_sub_process() -> None:
    inside = sub(
        "s",
        start("s1"),
        user("a"),
        script("b", "=own + 1", "made"),
        path("s1", "a", "b"),
        ext=mappings({"own": "=given"}, {"result": "=own * 10"}),
    )
    case = Running(
        diagram(process(start(), inside, user("after"), path("start", "s", "after"))),
        {"given": 1},
    )
    scope = next(key for element, key in case.snapshot.active_elements if element == "s")
    assert case.snapshot.variables[scope] == {"own": 1}
    case.do("a", own=4, other=5)
    assert case.variables == {"given": 1, "other": 5, "made": 5, "result": 40}
    assert set(case.snapshot.variables) == {""}


def test_an_interrupting_timer_takes_a_whole_sub_process_away() -> None:
    inside = sub(
        "s",
        start("s1"),
        sub("deep", start("d1"), user("a"), path("d1", "a"), ext=mappings({"x": "=1"})),
        path("s1", "deep"),
    )
    xml = diagram(
        process(
            start(),
            inside,
            boundary("b", "s", timer("duration", "P1D")),
            user("late"),
            end(),
            path("start", "s", "end"),
            path("b", "late"),
        )
    )
    case = Running(xml)
    case.fire()
    assert case.at == ["late"]
    assert [fact.element_id for fact in case.of(f.ElementCancelled)] == ["a", "deep", "s"]
    assert set(case.snapshot.variables) == {""}


def with_event_sub(*events: str, inner: str = user("a"), **files: object) -> bytes:
    return diagram(
        process(
            start(), both("p"), inner, user("b"), path("start", "p", "a"), path("p", "b"), *events
        ),
        **files,  # type: ignore[arg-type]
    )


def handler(n: int, *definition: str, interrupting: bool = True, ext: str = "") -> str:
    begin = start(f"on{n}", *definition, ext=ext, isInterrupting=None if interrupting else "false")
    return event_sub(f"e{n}", begin, user(f"handle{n}"), path(f"on{n}", f"handle{n}"))


def test_an_interrupting_event_sub_process_takes_the_scope_over() -> None:
    xml = with_event_sub(
        handler(1, on_message("m"), ext=mappings({}, {"why": "=reason"})),
        handler(2, timer("duration", "P1D")),
        messages={"m": "=case.id"},
    )
    case = Running(xml)
    assert case.at == ["a", "b"]
    case.deliver("m", reason="x")
    assert case.at == ["e1", "handle1"]
    assert case.variables == {"why": "x"}
    assert case.snapshot.timers == ()
    assert case.snapshot.subscriptions == ()
    case.do("handle1")
    assert case.done


def test_a_non_interrupting_event_sub_process_runs_beside_the_scope_again_and_again() -> None:
    xml = with_event_sub(
        handler(1, on_message("m"), interrupting=False), messages={"m": "=case.id"}
    )
    case = Running(xml)
    case.deliver("m")
    case.deliver("m")
    assert sorted(case.tasks()) == ["a", "b", "handle1", "handle1"]
    case.do("a")
    case.do("b")
    assert not case.done
    case.deliver("m")
    for _ in range(3):
        case.do("handle1")
    assert case.done
    assert case.snapshot.subscriptions == ()


def test_a_repeating_timer_starts_an_event_sub_process() -> None:
    case = Running(with_event_sub(handler(1, timer("cycle", "R2/P1D"), interrupting=False)))
    case.fire()
    assert [t.due for t in case.snapshot.timers] == [NOON + timedelta(days=2)]
    case.fire()
    assert case.snapshot.timers == ()
    assert sorted(case.tasks()) == ["a", "b", "handle1", "handle1"]


def test_an_unfired_event_sub_process_does_not_keep_the_scope() -> None:
    case = Running(with_event_sub(handler(1, timer("duration", "P1D"))))
    case.do("a")
    case.do("b")
    assert case.done
    assert case.snapshot.timers == ()


def test_an_error_starts_an_event_sub_process_once_it_is_thrown() -> None:
    xml = with_event_sub(handler(1, on_error("full")), inner=service("a"), errors=("full",))
    case = Running(xml)
    assert case.at == ["a", "b"]
    case.error("full")
    assert case.at == ["e1", "handle1"]


def test_an_error_out_of_an_event_sub_process_is_not_caught_by_itself() -> None:
    again = event_sub(
        "e1", start("on1", on_error("full")), end("bad", on_error("full")), path("on1", "bad")
    )
    inside = sub("s", start("s1"), service("a"), path("s1", "a"), again)
    xml = diagram(
        process(
            start(),
            inside,
            boundary("b", "s", on_error("full")),
            user("out"),
            path("start", "s"),
            path("b", "out"),
        ),
        errors=("full",),
    )
    case = Running(xml)
    case.error("full")
    assert case.at == ["out"]


def test_an_event_sub_process_of_a_sub_process_interrupts_only_that() -> None:
    inside = sub(
        "s",
        start("s1"),
        user("a"),
        path("s1", "a"),
        handler(1, on_message("m")),
        ext=mappings({"own": "=1"}),
    )
    xml = diagram(
        process(
            start(),
            both("p"),
            inside,
            user("b"),
            user("after"),
            path("start", "p", "s", "after"),
            path("p", "b"),
        ),
        messages={"m": "=case.id"},
    )
    case = Running(xml)
    case.deliver("m")
    assert sorted(case.tasks()) == ["b", "handle1"]
    case.do("handle1")
    assert sorted(case.tasks()) == ["after", "b"]
    assert set(case.snapshot.variables) == {""}


def test_an_event_sub_process_whose_timer_is_null_is_an_incident_at_the_start() -> None:
    case = Running(with_event_sub(handler(1, timer("date", "=day"))))
    assert case.at == ["start"]
    case.retry(day="2026-06-01")
    assert case.at == ["a", "b"]
    assert len(case.snapshot.timers) == 1


CHILD = process(
    start("c1"),
    user("ask"),
    script("count", "=seen + 1", "seen"),
    end("c2"),
    path("c1", "ask", "count", "c2"),
    key="child",
)


def calling(**given: str | None) -> bytes:
    ext = given.pop("ext", "") or ""
    caller = process(
        start(), call("c", "child", ext=ext, **given), user("after"), path("start", "c", "after")
    )
    return diagram(caller, CHILD)


def test_a_called_process_gets_everything_and_gives_back_what_it_wrote() -> None:
    case = Running(calling(), {"seen": 1, "big": [1]})
    scope = next(key for element, key in case.snapshot.active_elements if element == "c")
    assert case.snapshot.variables[scope] == {"seen": 1, "big": [1]}
    assert case.view.process_of(scope) == "child"
    case.do("ask", answer=1)
    assert case.variables == {"seen": 2, "big": [1], "answer": 1}
    written = [fact.values for fact in case.step.facts if isinstance(fact, f.VariablesWritten)]
    assert all("big" not in values for values in written)


def test_what_a_called_process_writes_stays_inside_until_it_ends() -> None:
    xml = diagram(
        process(start(), call("c", "child"), path("start", "c")),
        process(start("c1"), user("ask"), user("more"), path("c1", "ask", "more"), key="child"),
    )
    case = Running(xml, {"x": 1})
    case.do("ask", x=2)
    assert case.variables == {"x": 1}
    case.do("more")
    assert case.variables == {"x": 2}


def test_a_call_can_be_limited_to_its_mappings() -> None:
    xml = calling(
        propagateAllParentVariables="false",
        propagateAllChildVariables="false",
        ext=mappings({"seen": "=start_with"}),
    )
    case = Running(xml, {"start_with": 7, "secret": 1})
    scope = next(key for element, key in case.snapshot.active_elements if element == "c")
    assert case.snapshot.variables[scope] == {"seen": 7}
    case.do("ask", answer=1)
    assert case.variables == {"start_with": 7, "secret": 1}
    mapped = Running(calling(ext=mappings({}, {"total": "=seen + base"})), {"seen": 1, "base": 10})
    mapped.do("ask")
    assert mapped.variables == {"seen": 1, "base": 10, "total": 12}


def test_elements_of_a_called_process_do_not_see_the_caller() -> None:
    xml = diagram(
        process(
            start(), call("c", "child", propagateAllParentVariables="false"), path("start", "c")
        ),
        process(start("c1"), user("u", outputs={"y": "=x"}), path("c1", "u"), key="child"),
    )
    case = Running(xml, {"x": 1})
    case.do("u")
    assert case.variables == {"x": 1, "y": None}


def test_an_error_comes_out_of_a_called_process_and_its_timer_stops_it() -> None:
    xml = diagram(
        process(
            start(),
            call("c", "child"),
            boundary("b", "c", on_error("full")),
            boundary("t", "c", timer("duration", "P1D")),
            user("out"),
            user("late"),
            path("start", "c"),
            path("b", "out"),
            path("t", "late"),
        ),
        process(start("c1"), service("j"), path("c1", "j"), key="child"),
        errors=("full",),
    )
    case = Running(xml)
    case.error("full")
    assert case.at == ["out"]
    other = Running(xml)
    other.fire()
    assert other.at == ["late"]
    assert len(other.of(f.JobWithdrawn)) == 1


def test_a_call_of_a_process_that_is_not_there_is_an_incident() -> None:
    xml = diagram(process(start(), call("c", "nobody"), path("start", "c")))
    assert 'no process "nobody"' in Running(xml).incident


def test_endless_calls_are_stopped_by_an_incident() -> None:
    xml = diagram(process(start(), call("c", "p"), path("start", "c")))
    assert "nested more than" in Running(xml).incident


def test_a_loop_around_a_call_keeps_the_state_small() -> None:
    xml = diagram(
        process(
            start(),
            xor("m"),
            call("c", "child"),
            xor("g", "g_end"),
            end(),
            path("start", "m", "c", "g"),
            flow("g", "m", "=seen < 1000"),
            flow("g", "end"),
        ),
        CHILD,
    )
    case = Running(xml, {"seen": 0}, reload=False)
    sizes = []
    while not case.done:
        sizes.append(len(case.live.save()))
        case.do("ask")
    assert len(sizes) == 1000
    assert max(sizes) - sizes[0] < 40


def test_a_loop_without_a_wait_is_cut_and_names_the_element() -> None:
    xml = diagram(process(start(), xor("m"), script("s", "=1", "x"), path("start", "m", "s", "m")))
    case = Running(xml)
    assert case.step.state == "incident"
    assert "without any wait" in case.incident
    assert case.at[0] in case.incident
    assert len(case.live.save()) < 400


@pytest.mark.parametrize("depth", [30])
def test_deep_nesting_runs(depth: int) -> None:
    inner = start("s0") + user("deep") + path("s0", "deep")
    for level in range(1, depth + 1):
        inner = start(f"s{level}") + sub(f"n{level}", inner) + path(f"s{level}", f"n{level}")
    case = Running(diagram(process(inner)))
    case.do("deep")
    assert case.done


def test_a_users_element_named_like_the_librarys_own_is_no_clash() -> None:
    xml = diagram(
        process(start("Start"), user("Root"), end("End"), path("Start", "Root", "End"), key="End")
    )
    case = Running(xml, key="End")
    case.do("Root")
    assert case.done
