"""User, script, business rule, service, send, receive and empty tasks; variables and mappings."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bpmn import BadValue, CaseUnusable, LiveCase, UnknownKey
from bpmn import facts as f
from tests.bpmn.diagrams import (
    diagram,
    end,
    mappings,
    node,
    path,
    process,
    properties,
    script,
    service,
    start,
    user,
    zeebe,
)
from tests.bpmn.running import NOON, Running, World


def one(task: str, task_id: str = "t", **files: Any) -> bytes:
    """A process of one task, and a user task after it."""
    ends = (user("last"), end(), path("start", task_id, "last", "end"))
    return diagram(process(start(), task, *ends), **files)


@pytest.mark.parametrize("tag", ["task", "manualTask"])
def test_empty_and_manual_tasks_pass(tag: str) -> None:
    assert Running(one(node(tag, "t"))).tasks() == ["last"]


def test_a_user_task_says_who_where_and_until_when() -> None:
    task = user(
        "t",
        groups="case_worker, branch_head",
        form="f",
        name="مقابلة",
        inputs={"proposal": "=group"},
        ext=zeebe("taskSchedule", dueDate="P3D", followUpDate="=date(day)")
        + zeebe("priorityDefinition", priority="=40 + 2")
        + properties(unit="=case.unit"),
    )
    case = Running(one(task), {"group": "A", "day": "2026-05-10"})
    (opened,) = case.of(f.TaskOpened)
    assert opened == f.TaskOpened(
        key=opened.key,
        element_id="t",
        name="مقابلة",
        form="f",
        candidate_groups=("case_worker", "branch_head"),
        assignee=None,
        unit="naf:irbid",
        due=NOON + timedelta(days=3),
        follow_up=datetime(2026, 5, 10, 21, tzinfo=UTC),
        priority=42,
        scope="",
        inputs={"proposal": "A"},
    )


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"groups": "=nobody"}, "candidate groups"),
        ({"groups": "=[]"}, "candidate groups"),
        ({"groups": None}, "candidate groups"),
        ({"ext": properties(unit="=place")}, "unit"),
        ({"ext": zeebe("taskSchedule", dueDate='="soon"')}, "due date"),
        ({"ext": zeebe("priorityDefinition", priority="=500")}, "priority"),
    ],
)
def test_what_a_task_needs_and_is_null_is_an_incident(wrong: dict[str, Any], says: str) -> None:
    case = Running(one(user("t", **wrong)))
    assert says in case.incident
    assert case.tasks() == []
    assert case.of(f.TaskOpened) == []


def test_without_its_form_a_task_is_an_incident_until_the_form_is_there() -> None:
    case = Running(one(user("t", form="f")), world=World(lost_forms={"f"}))
    assert case.snapshot.open_tasks == ()
    (incident,) = case.of(f.IncidentRaised)
    assert (incident.element_id, incident.kind, "f" in incident.message) == ("t", "form", True)
    case.world.lost_forms.clear()
    case.retry()
    assert len(case.snapshot.open_tasks) == 1


def test_a_corrected_variable_and_a_retry_open_the_task() -> None:
    case = Running(one(user("t", groups="=who")))
    case.retry(who=["case_worker"])
    assert case.tasks() == ["t"]
    assert [type(fact).__name__ for fact in case.step.facts][:2] == [
        "IncidentResolved",
        "VariablesWritten",
    ]


def test_all_submitted_values_become_variables_without_output_mappings() -> None:
    case = Running(one(user("t")), {"kept": 1})
    case.do("t", x=[1, {"y": None}], kept=2)
    assert case.variables == {"x": [1, {"y": None}], "kept": 2}


def test_only_output_mappings_count_when_there_are_any() -> None:
    task = user("t", outputs={"double": "=x * 2", "again": "=double + 1", "person.age": "=x"})
    case = Running(one(task), {"person": {"name": "a"}})
    case.do("t", x=4, y=5)
    assert case.variables == {"person": {"name": "a", "age": 4}, "double": 8, "again": 9}


def test_an_input_mapping_is_the_tasks_own_variable() -> None:
    case = Running(one(user("t", inputs={"x": "=y + 1"})), {"y": 1})
    (key,) = case.snapshot.open_tasks
    assert case.live.variables_at(key) == {"y": 1, "x": 2}
    case.do("t", x=9, z=3)
    assert case.variables == {"y": 1, "z": 3}
    assert set(case.snapshot.variables) == {""}


def test_an_accepted_completion_whose_next_element_fails_stays_accepted() -> None:
    xml = one(script("t", "=1 + gone.x", "r"))
    case = Running(
        diagram(process(start(), user("u"), script("t", "=1 + g", "r"), path("start", "u", "t")))
    )
    case.do("u", answer=1)
    assert case.variables == {"answer": 1}
    assert case.at == ["t"]
    assert case.step.state == "incident"
    case.retry(g=2)
    assert case.variables["r"] == 3
    assert Running(xml).step.state == "incident"


def test_a_failing_output_mapping_keeps_the_submitted_data() -> None:
    case = Running(one(user("t", outputs={"r": "=x + add"})))
    case.do("t", x=4)
    assert case.tasks() == []
    assert "output mapping of r" in case.incident
    with pytest.raises(UnknownKey):
        case.live.complete_task(case.snapshot.active_elements[0][1], {}, case.world)
    case.retry(add=3)
    assert case.variables == {"add": 3, "r": 7}
    assert case.tasks() == ["last"]


def test_a_script_stores_plain_values() -> None:
    case = Running(one(script("t", '={d: date("2026-05-01") + duration("P1M"), n: 1/4}', "r")))
    assert case.variables == {"r": {"d": "2026-06-01", "n": 0.25}}


def rule(**given: str) -> str:
    called = zeebe("calledDecision", decisionId="grouping", resultVariable="r", **given)
    return node("businessRuleTask", "t", ext=called)


def test_a_decision_is_asked_and_written_down() -> None:
    world = World(decisions={"grouping": lambda names: {"group": "A", "score": names["x"]}})
    case = Running(one(rule()), {"x": 3, "secret": 1}, world=world)
    assert case.variables["r"] == {"group": "A", "score": 3}
    (asked,) = case.of(f.DecisionEvaluated)
    assert asked.inputs == {"x": 3}
    assert asked.decision_hash == "hash-of-grouping"


def test_a_null_or_missing_decision_is_an_incident() -> None:
    world = World(decisions={"grouping": lambda names: names.get("x")})
    case = Running(one(rule()), world=world)
    assert "gave no result" in case.incident
    case.retry(x="A")
    assert case.variables["r"] == "A"
    assert "no decision" in Running(one(rule())).incident


def test_a_job_gets_its_inputs_and_its_answer_becomes_variables() -> None:
    headers = zeebe("taskHeaders", zeebe("header", key="channel", value="sms"))
    case = Running(
        one(service("t", ext=headers + mappings({"phone": "=person.phone"}))),
        {"person": {"phone": "079"}, "other": 1},
    )
    (asked,) = case.of(f.JobRequested)
    assert (asked.type, asked.headers, asked.variables, asked.retries) == (
        "sms",
        {"channel": "sms"},
        {"phone": "079"},
        3,
    )
    case.finish(sent=True)
    assert case.variables["sent"] is True
    assert case.tasks() == ["last"]


def test_a_failed_job_is_an_incident_and_a_retry_asks_again_under_a_new_key() -> None:
    case = Running(one(service("t")))
    first = case.job()
    case.fail("no answer")
    assert "no answer" in case.incident
    case.retry()
    assert case.job() != first
    with pytest.raises(UnknownKey):
        case.live.finish_job(first, {}, case.world)
    case.finish()
    assert case.tasks() == ["last"]


def test_a_send_task_publishes_with_payload_key_and_time_to_live() -> None:
    task = node(
        "sendTask",
        "t",
        ext=mappings({"who": "=name"}) + properties(timeToLive="P14D"),
        messageRef="message_hello",
    )
    case = Running(one(task, messages={"hello": "=case.id"}), {"name": "x"})
    (sent,) = case.of(f.MessageSent)
    assert (sent.message, sent.correlation_key, sent.payload, sent.time_to_live) == (
        "hello",
        "c1",
        {"who": "x"},
        timedelta(days=14),
    )


def test_a_receive_task_takes_the_payload_by_output_mappings_only() -> None:
    task = node("receiveTask", "t", ext=mappings({}, {"got": "=text"}), messageRef="message_m")
    case = Running(one(task, messages={"m": "=k"}), {"k": 12})
    (subscription,) = case.snapshot.subscriptions
    assert (subscription.message, subscription.correlation_key) == ("m", "12")
    case.deliver("m", text="hi", noise=1)
    assert case.variables == {"k": 12, "got": "hi"}


def test_a_null_correlation_key_is_an_incident() -> None:
    task = node("receiveTask", "t", messageRef="message_m")
    case = Running(one(task, messages={"m": "=k"}))
    assert "correlation key" in case.incident
    case.retry(k="a")
    assert case.snapshot.subscriptions[0].correlation_key == "a"


def test_unknown_keys_and_bad_values_change_nothing() -> None:
    case = Running(one(user("t")))
    before = case.live.save()
    (key,) = case.snapshot.open_tasks
    with pytest.raises(UnknownKey):
        case.live.complete_task("99", {}, case.world)
    with pytest.raises(UnknownKey):
        case.live.fire_timer(key, case.world)
    with pytest.raises(BadValue):
        case.live.complete_task(key, {"x": object()}, case.world)
    with pytest.raises(BadValue):
        case.live.complete_task(key, {"x": 10**30}, case.world)
    assert case.live.save() == before


def test_values_are_copied_on_the_way_in() -> None:
    values = {"x": [1]}
    case = Running(one(user("t")), values)
    values["x"].append(2)
    assert case.variables == {"x": [1]}


class BrokenWorld(World):
    def decide(self, *_: Any) -> Any:
        raise RuntimeError("a fault in the engine")


def test_after_a_fault_in_a_step_the_object_cannot_be_used() -> None:
    xml = diagram(process(start(), user("u"), rule(), path("start", "u", "t")))
    case = Running(xml, world=BrokenWorld(), reload=False)
    (key,) = case.snapshot.open_tasks
    state = case.live.save()
    with pytest.raises(RuntimeError, match="fault"):
        case.live.complete_task(key, {}, case.world)
    with pytest.raises(CaseUnusable):
        case.live.save()
    restored = LiveCase.restore(case.executable, state)
    assert restored.snapshot().open_tasks == (key,)


def test_cancelling_takes_everything_away() -> None:
    case = Running(one(user("t")))
    case.took(case.live.cancel(case.world))
    assert case.step.state == "cancelled"
    assert case.at == []
    assert case.snapshot.cancelled
    assert case.took(case.live.cancel(case.world)).facts == ()


def test_variables_can_be_set_by_hand() -> None:
    case = Running(one(user("t")), {"x": 1})
    case.took(case.live.set_variables({"x": 2, "y": 3}, case.world))
    assert case.variables == {"x": 2, "y": 3}
    with pytest.raises(UnknownKey):
        case.live.set_variables({}, case.world, scope="77")


@pytest.mark.parametrize("key", ["z" * 201, ["zzz"], {"n": "zzz"}])
def test_a_key_no_index_can_hold_is_an_incident_whose_message_does_not_quote_it(key: Any) -> None:
    task = node("receiveTask", "t", messageRef="message_m")
    case = Running(one(task, messages={"m": "=k"}), {"k": key})
    (incident,) = case.of(f.IncidentRaised)
    assert "correlation key" in incident.message
    assert "zzz" not in incident.message
    assert "zzz" in "".join(incident.diagnostics)
