"""Start, catch, throw, end and boundary events."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bpmn import CannotStart
from bpmn import facts as f
from tests.bpmn.diagrams import (
    both,
    boundary,
    catch,
    diagram,
    end,
    mappings,
    node,
    on_error,
    on_message,
    path,
    process,
    service,
    start,
    sub,
    timer,
    user,
    xor,
)
from tests.bpmn.running import NOON, Running


def waiting(shape: str, text: str) -> Running:
    xml = diagram(
        process(start(), catch("w", timer(shape, text)), user("t"), path("start", "w", "t"))
    )
    return Running(xml, {"day": "2026-06-01", "n": 2})


@pytest.mark.parametrize(
    ("shape", "text", "due"),
    [
        ("duration", "PT90M", NOON + timedelta(minutes=90)),
        ("duration", "P3W", NOON + timedelta(weeks=3)),
        ("duration", "P1M", datetime(2026, 6, 3, 9, tzinfo=UTC)),
        ("duration", '=duration("P" + string(n) + "D")', NOON + timedelta(days=2)),
        ("date", "2026-06-01T08:00:00+03:00", datetime(2026, 6, 1, 5, tzinfo=UTC)),
        ("date", "=date(day)", datetime(2026, 5, 31, 21, tzinfo=UTC)),
        ("date", '=date and time("2026-06-01T08:00:00")', datetime(2026, 6, 1, 5, tzinfo=UTC)),
        ("duration", "=day", datetime(2026, 5, 31, 21, tzinfo=UTC)),
    ],
)
def test_a_timer_is_due_when_its_text_says(shape: str, text: str, due: datetime) -> None:
    case = waiting(shape, text)
    (waits,) = case.snapshot.timers
    assert (waits.due, waits.repeats) == (due, None)
    case.fire()
    assert case.tasks() == ["t"]


@pytest.mark.parametrize("text", ["=gone", '="soon"', "=17", '="P9999Y"', '="0001-01-01"'])
def test_a_timer_without_a_time_is_an_incident(text: str) -> None:
    assert "timer" in waiting("duration", text).incident.lower()


def test_a_message_start_takes_the_payload_by_output_mappings() -> None:
    xml = diagram(
        process(
            start(),
            start("on", on_message("go"), ext=mappings({}, {"id": "=person"})),
            user("a"),
            user("b"),
            path("start", "a"),
            path("on", "b"),
        ),
        messages={"go": None},
    )
    case = Running(xml, {"person": "p1", "noise": 1}, message="go")
    assert case.tasks() == ["b"]
    assert case.variables == {"id": "p1"}
    assert Running(xml, {"person": "p1"}).tasks() == ["a"]
    with pytest.raises(CannotStart, match="no start event"):
        Running(xml, message="stop")


def test_throwing_and_ending_with_a_message_publish_it() -> None:
    xml = diagram(
        process(
            start(),
            node("intermediateThrowEvent", "none"),
            node(
                "intermediateThrowEvent",
                "tell",
                on_message("m"),
                ext=mappings({"x": "=1 + 1"}),
            ),
            end("bye", on_message("n")),
            path("start", "none", "tell", "bye"),
        ),
        messages={"m": "=case.id", "n": None},
    )
    case = Running(xml)
    assert case.done
    first, second = case.of(f.MessageSent)
    assert (first.message, first.correlation_key, first.payload) == ("m", "c1", {"x": 2})
    assert (second.message, second.correlation_key, second.payload) == ("n", None, {})


def with_boundary(*events: str, task: str = user("t"), **files: object) -> bytes:
    ways = [user(f"after_{n}") + path(f"b{n}", f"after_{n}") for n in range(len(events))]
    return diagram(
        process(start(), task, end(), path("start", "t", "end"), *events, *ways),
        **files,  # type: ignore[arg-type]
    )


def test_an_interrupting_timer_takes_the_task_away() -> None:
    xml = with_boundary(
        boundary("b0", "t", timer("duration", "P1D")),
        boundary("b1", "t", timer("duration", "P2D")),
    )
    case = Running(xml)
    case.fire("b0")
    assert case.tasks() == ["after_0"]
    assert case.snapshot.timers == ()
    assert [fact.reason for fact in case.of(f.TaskClosed)] == ["cancelled"]
    assert [fact.element_id for fact in case.of(f.ElementCancelled)] == ["t"]


def test_an_interrupting_cycle_comes_once_and_interrupts() -> None:
    case = Running(with_boundary(boundary("b0", "t", timer("cycle", "R3/P1D"))))
    assert case.snapshot.timers[0].repeats is None
    case.fire()
    assert case.tasks() == ["after_0"]
    assert case.snapshot.timers == ()


def test_a_repeating_timer_comes_as_often_as_it_says_reckoned_from_its_due_times() -> None:
    xml = with_boundary(boundary("b0", "t", timer("cycle", "R3/P1D"), interrupting=False))
    case = Running(xml)
    case.world.now = NOON + timedelta(days=2, hours=5)
    dues = []
    for left in (2, 1, 0):
        (waits,) = case.snapshot.timers
        assert waits.repeats == left
        dues.append(waits.due)
        case.fire()
    assert dues == [NOON + timedelta(days=n) for n in (1, 2, 3)]
    assert case.snapshot.timers == ()
    assert case.tasks() == ["t", "after_0", "after_0", "after_0"]
    case.do("t")
    assert case.tasks() == ["after_0"] * 3


def test_an_endless_cycle_ends_with_its_task() -> None:
    xml = with_boundary(boundary("b0", "t", timer("cycle", "R/PT1H"), interrupting=False))
    case = Running(xml)
    for _ in range(5):
        case.fire()
    assert case.snapshot.timers[0].repeats == -1
    case.do("t")
    assert case.snapshot.timers == ()


def test_a_message_beside_a_task_comes_again_and_again() -> None:
    event = boundary(
        "b0", "t", on_message("m"), interrupting=False, ext=mappings({}, {"last": "=text"})
    )
    case = Running(with_boundary(event, messages={"m": "=case.id"}))
    for n in range(3):
        case.deliver("m", text=n)
    assert case.tasks() == ["t", "after_0", "after_0", "after_0"]
    assert case.variables == {"last": 2}
    assert len(case.of(f.SubscriptionOpened)) == 1
    case.do("t")
    assert case.snapshot.subscriptions == ()


def test_an_interrupting_message_withdraws_a_job() -> None:
    event = boundary("b0", "t", on_message("m"))
    case = Running(with_boundary(event, task=service("t"), messages={"m": "=case.id"}))
    case.deliver("m")
    assert [fact.key for fact in case.of(f.JobWithdrawn)] == [case.job()]
    assert case.tasks() == ["after_0"]


def test_a_boundary_timer_that_is_null_is_an_incident_before_the_task_opens() -> None:
    case = Running(with_boundary(boundary("b0", "t", timer("duration", "=wait"))))
    assert case.at == ["t"]
    assert case.tasks() == []
    case.retry(wait="P1D")
    assert case.tasks() == ["t"]
    assert len(case.snapshot.timers) == 1


def test_a_business_error_goes_to_the_event_of_its_code_else_to_the_catch_all() -> None:
    events = (
        boundary("b0", "t", on_error(None)),
        boundary("b1", "t", on_error("full"), ext=mappings({}, {"why": "=errorMessage"})),
    )
    xml = with_boundary(*events, task=service("t"), errors=("full",))
    case = Running(xml)
    case.error("full", seats=0)
    assert case.tasks() == ["after_1"]
    assert case.variables == {"why": "no"}
    other = Running(xml)
    other.error("other")
    assert other.tasks() == ["after_0"]
    assert other.of(f.JobWithdrawn) == []


def test_an_error_that_nobody_catches_is_an_incident() -> None:
    case = Running(with_boundary(task=service("t")))
    case.error("full")
    assert 'Nothing catches the error "full"' in case.incident
    case.retry()
    case.finish()
    assert case.done


def test_an_error_end_leaves_its_sub_process_by_the_boundary() -> None:
    inside = sub(
        "t",
        start("s"),
        both("p"),
        user("u"),
        xor("x"),
        end("bad", on_error("full"), ext=mappings({"left": "=seats"})),
        user("v"),
        path("s", "p", "u", "x", "bad"),
        path("p", "v"),
    )
    event = boundary("b0", "t", on_error("full"), ext=mappings({}, {"code": "=errorCode"}))
    case = Running(with_boundary(event, task=inside, errors=("full",)), {"seats": 0})
    case.do("u")
    assert case.tasks() == ["after_0"]
    assert case.variables == {"seats": 0, "code": "full"}
    assert [fact.element_id for fact in case.of(f.ElementCancelled)] == ["v", "t"]


def test_an_uncaught_error_end_is_an_incident() -> None:
    xml = diagram(
        process(start(), end("bad", on_error("full")), path("start", "bad")), errors=("full",)
    )
    assert "Nothing catches" in Running(xml).incident


TERMINATE = "<terminateEventDefinition/>"


def test_terminate_ends_its_own_scope_only() -> None:
    inside = sub(
        "t",
        start("s"),
        both("p"),
        user("u"),
        user("v"),
        end("stop", TERMINATE),
        path("s", "p", "u", "stop"),
        path("p", "v"),
    )
    xml = diagram(
        process(
            start(),
            both("g"),
            inside,
            user("beside"),
            user("after"),
            path("start", "g", "t", "after"),
            path("g", "beside"),
        )
    )
    case = Running(xml)
    case.do("u")
    assert sorted(case.tasks()) == ["after", "beside"]


def test_terminate_ends_the_case() -> None:
    xml = diagram(
        process(
            start(),
            both("p"),
            user("u"),
            user("v"),
            catch("w", timer("duration", "P1D")),
            end("stop", TERMINATE),
            path("start", "p", "u", "stop"),
            path("p", "v"),
            path("p", "w"),
        )
    )
    case = Running(xml)
    case.do("u")
    assert case.done
    assert case.snapshot.timers == ()
    assert case.snapshot.open_tasks == ()


def test_flows_without_id_get_one() -> None:
    xml = diagram(
        process(
            start(),
            user("t"),
            end(),
            '<sequenceFlow sourceRef="start" targetRef="t"/>',
            '<sequenceFlow id="flow_1" sourceRef="t" targetRef="end"/>',
        )
    )
    case = Running(xml)
    case.do("t")
    assert case.done
    assert case.flows() == ["flow_2", "flow_1"]
