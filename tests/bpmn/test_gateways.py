"""Exclusive, parallel and event-based gateways."""

from __future__ import annotations

from itertools import permutations

import pytest

from bpmn import IncidentRaised
from tests.bpmn.diagrams import (
    both,
    catch,
    diagram,
    end,
    flow,
    node,
    on_message,
    path,
    process,
    start,
    timer,
    user,
    xor,
)
from tests.bpmn.running import Running

CHOICE = diagram(
    process(
        start(),
        xor("g", "g_c"),
        user("a"),
        user("b"),
        user("c"),
        path("start", "g"),
        flow("g", "a", "=x > 10"),
        flow("g", "b", "x > 5"),
        flow("g", "c"),
    )
)


@pytest.mark.parametrize(("x", "where"), [(11, "a"), (10, "b"), (5, "c")])
def test_exclusive_takes_the_first_that_holds_else_the_default(x: int, where: str) -> None:
    case = Running(CHOICE, {"x": x})
    assert case.tasks() == [where]
    assert case.flows() == ["start_g", f"g_{where}"]


@pytest.mark.parametrize("x", [None, "text", {"a": 1}])
def test_a_condition_that_is_neither_true_nor_false_is_an_incident(x: object) -> None:
    case = Running(CHOICE, {"x": x})
    assert case.step.state == "incident"
    assert case.at == ["g"]
    assert "condition of g_a" in case.incident
    case.retry(x=7)
    assert case.tasks() == ["b"]
    assert case.snapshot.incidents == ()


def test_a_missing_variable_is_an_incident_that_names_it() -> None:
    case = Running(CHOICE)
    (raised,) = case.of(IncidentRaised)
    assert any("x" in note for note in raised.diagnostics)


def test_a_condition_that_holds_no_text_of_its_own_without_default_is_an_incident() -> None:
    xml = diagram(
        process(start(), xor("g"), user("a"), path("start", "g"), flow("g", "a", "=x = 1"))
    )
    case = Running(xml, {"x": 2})
    assert "no default flow" in case.incident


JOIN = diagram(
    process(
        start(),
        both("s"),
        user("a"),
        user("b"),
        user("c"),
        both("j"),
        user("after"),
        end(),
        path("start", "s", "a", "j"),
        path("s", "b", "j"),
        path("s", "c", "j"),
        path("j", "after", "end"),
    )
)


@pytest.mark.parametrize("order", list(permutations("abc")))
def test_a_parallel_join_waits_for_all_in_any_order(order: tuple[str, ...]) -> None:
    case = Running(JOIN)
    assert case.tasks() == ["a", "b", "c"]
    for element in order:
        assert "after" not in case.tasks()
        case.do(element)
    assert case.tasks() == ["after"]
    assert case.at == ["after"]
    case.do("after")
    assert case.done


LOOP = diagram(
    process(
        start(),
        xor("m"),
        both("s"),
        user("a"),
        user("b"),
        user("c"),
        both("j"),
        user("again"),
        xor("g", "g_end"),
        end(),
        path("start", "m", "s", "a", "j"),
        path("s", "b", "j"),
        path("s", "c", "j"),
        path("j", "again", "g"),
        flow("g", "m", "=more"),
        flow("g", "end"),
    )
)


@pytest.mark.parametrize("first", list(permutations("abc")))
@pytest.mark.parametrize("second", list(permutations("abc")))
def test_a_parallel_join_in_a_loop(first: tuple[str, ...], second: tuple[str, ...]) -> None:
    case = Running(LOOP)
    for order, more in ((first, True), (second, False)):
        for element in order:
            assert "again" not in case.tasks()
            case.do(element)
        assert case.tasks() == ["again"]
        case.do("again", more=more)
    assert case.done


def test_a_loop_of_a_thousand_rounds_keeps_the_state_small() -> None:
    case = Running(LOOP, reload=False)
    sizes = []
    for _ in range(1000):
        for element in "abc":
            case.do(element)
        sizes.append(len(case.live.save()))
        case.do("again", more=True)
    assert max(sizes) - sizes[0] < 40


def test_surplus_tokens_wait_at_the_join_for_the_next_round() -> None:
    xml = diagram(
        process(
            start(),
            both("s"),
            xor("m"),
            user("a"),
            user("b"),
            both("j"),
            user("after"),
            path("start", "s", "m", "a", "j"),
            flow("s", "m", flow_id="second"),
            path("s", "b", "j"),
            path("j", "after"),
        )
    )
    case = Running(xml)
    case.do("a")
    case.do("a")
    assert sorted(case.at) == ["b", "j", "j"]
    case.do("b")
    assert sorted(case.at) == ["after", "j"]


def test_a_join_that_nothing_can_complete_is_an_incident_not_silence() -> None:
    xml = diagram(
        process(
            start(),
            xor("g", "g_b"),
            user("a"),
            user("b"),
            both("j"),
            end(),
            path("start", "g"),
            flow("g", "a", "=x = 1"),
            flow("g", "b"),
            path("a", "j"),
            path("b", "j", "end"),
        )
    )
    case = Running(xml, {"x": 1})
    case.do("a")
    assert case.at == ["j"]
    assert "nothing can come" in case.incident
    case.retry()
    assert "nothing can come" in case.incident


def test_several_flows_out_of_a_task_are_a_parallel_split() -> None:
    xml = diagram(
        process(start(), user("t"), user("a"), user("b"), path("start", "t", "a"), path("t", "b"))
    )
    case = Running(xml)
    case.do("t")
    assert case.tasks() == ["a", "b"]
    case.do("a")
    case.do("b")
    assert case.done


def test_only_the_stuck_branch_stands() -> None:
    xml = diagram(
        process(
            start(),
            both("s"),
            xor("g", "g_x"),
            user("x"),
            user("y"),
            user("z"),
            path("start", "s", "g"),
            flow("g", "y", "=n > 1"),
            flow("g", "x"),
            path("s", "z"),
        )
    )
    case = Running(xml)
    assert case.step.state == "incident"
    assert case.tasks() == ["z"]
    case.do("z")
    case.retry(n=2)
    assert case.tasks() == ["y"]


def event_gateway() -> bytes:
    return diagram(
        process(
            start(),
            node("eventBasedGateway", "e"),
            catch("soon", timer("duration", "PT1H")),
            catch("late", timer("duration", "P2D")),
            catch("came", on_message("answer"), ext=""),
            node("receiveTask", "told", messageRef="message_word"),
            user("a"),
            user("b"),
            user("c"),
            user("d"),
            path("start", "e", "soon", "a"),
            path("e", "late", "b"),
            path("e", "came", "c"),
            path("e", "told", "d"),
        ),
        messages={"answer": "=case.id", "word": "=case.id"},
    )


def test_two_timers_behind_an_event_gateway_have_their_own_due_times() -> None:
    case = Running(event_gateway())
    soon, late = case.snapshot.timers
    assert (late.due - soon.due).total_seconds() == 47 * 3600
    assert case.at == ["e"]
    case.fire("late")
    assert case.tasks() == ["b"]
    assert case.snapshot.timers == ()
    assert case.snapshot.subscriptions == ()
    assert case.flows() == ["start_e", "e_late", "late_b"]


@pytest.mark.parametrize(("message", "where"), [("answer", "c"), ("word", "d")])
def test_the_first_message_behind_an_event_gateway_wins(message: str, where: str) -> None:
    case = Running(event_gateway())
    case.deliver(message)
    assert case.tasks() == [where]
    assert case.snapshot.timers == ()
