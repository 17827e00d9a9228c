"""Semantic checks: what is deployed must be able to run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from bpmn import Finding, Resources, check_process, read_diagram
from tests.bpmn.diagrams import (
    both,
    boundary,
    call,
    catch,
    diagram,
    end,
    event_sub,
    flow,
    many,
    mappings,
    node,
    on_error,
    on_message,
    path,
    process,
    properties,
    script,
    service,
    start,
    sub,
    timer,
    user,
    xor,
    zeebe,
)


@dataclass(frozen=True)
class Decision:
    names: frozenset[str]


def check(xml: bytes, **given: Any) -> tuple[Finding, ...]:
    processes = read_diagram(xml, file="t.bpmn").processes
    resources = Resources(
        processes=processes,
        decisions={"d": Decision(frozenset({"age"}))},
        forms={"f": frozenset({"age", "name"})},
        job_types=frozenset({"sms"}),
        roles=frozenset({"case_worker", "branch_head"}),
        **given,
    )
    return check_process(processes["p"], resources)


def rules(xml: bytes, **given: Any) -> set[str]:
    return {f"{f.rule}@{f.element_id}" for f in check(xml, **given) if f.severity == "error"}


def warnings(xml: bytes) -> set[str]:
    return {f"{f.rule}@{f.element_id}" for f in check(xml) if f.severity == "warning"}


def chain(*content: str, ids: str, ext: str = "", **files: Any) -> bytes:
    names = ids.split()
    return diagram(
        process(start(), *content, end(), path("start", *names, "end"), ext=ext), **files
    )


GOOD = chain(
    user("u", form="f"),
    node("businessRuleTask", "r", ext=zeebe("calledDecision", decisionId="d", resultVariable="g")),
    xor("x", "x_m"),
    xor("m"),
    service("s"),
    flow("x", "m", "=g = name", flow_id="other"),
    ids="u r x m s",
)


def test_a_good_process_has_no_findings() -> None:
    assert check(GOOD) == ()


@pytest.mark.parametrize(
    ("xml", "finding"),
    [
        (diagram(process(user("u"), end(), path("u", "end"))), "start@None"),
        (
            diagram(
                process(start(), start("again"), end(), path("start", "end"), path("again", "end"))
            ),
            "start@None",
        ),
        (chain(sub("s", end("e")), ids="s"), "start@s"),
        (chain(user("u", form="f"), user("alone", form="f"), ids="u"), "unreachable@alone"),
        (chain(xor("x"), flow("x", "end", "=true", flow_id="a"), ids="x"), "condition@x_end"),
        (
            chain(
                xor("x", "a"), flow("x", "end", flow_id="a"), flow("x", "end", flow_id="b"), ids="x"
            ),
            "condition@b",
        ),
        (chain(xor("x", "start_x"), ids="x"), "default@x"),
        (chain(both("x"), flow("x", "end", "=true", flow_id="a"), ids="x"), "condition-place@a"),
        (chain(node("task", "t", default="t_end"), ids="t"), "default@t"),
        (chain(user("u", groups=None, form="f"), ids="u"), "candidate-groups@u"),
        (chain(user("u", groups="clerk", form="f"), ids="u"), "role@u"),
        (chain(user("u", form="unknown"), ids="u"), "form@u"),
        (chain(service("s", "fax"), ids="s"), "job-type@s"),
        (chain(call("c", "unknown"), ids="c"), "process@c"),
        (chain(call("c", "p"), ids="c"), "recursion@c"),
        (
            chain(
                node(
                    "businessRuleTask",
                    "r",
                    ext=zeebe("calledDecision", decisionId="e", resultVariable="g"),
                ),
                ids="r",
            ),
            "decision@r",
        ),
        (
            chain(
                user("u", form="f"),
                boundary("b", "x", timer("duration", "P1D")),
                xor("x"),
                path("b", "end"),
                ids="x u",
            ),
            "boundary@b",
        ),
        (
            chain(
                service("s"),
                boundary("b", "s", on_error("e"), interrupting=False),
                path("b", "end"),
                ids="s",
                errors=("e",),
            ),
            "error-event@b",
        ),
        (
            chain(
                service("s"),
                boundary("b", "s", on_error("e")),
                boundary("c", "s", on_error("e")),
                path("b", "end"),
                path("c", "end"),
                ids="s",
                errors=("e",),
            ),
            "boundary@c",
        ),
        (chain(catch("c", on_message("m")), ids="c", messages={"m": None}), "correlation-key@c"),
        (chain(node("eventBasedGateway", "e"), ids="e"), "event-gateway@e"),
        (
            chain(node("eventBasedGateway", "e"), user("u", form="f"), path("e", "u"), ids="e"),
            "event-gateway@u",
        ),
        (
            chain(catch("c", timer("duration", "P1D"), ext=mappings({"a": "=1"})), ids="c"),
            "input-mapping@c",
        ),
        (
            diagram(
                process(
                    start(),
                    end(),
                    path("start", "end"),
                    event_sub(
                        "e",
                        start("s", on_message("m")),
                        start("s2", on_message("m")),
                        end("z"),
                        path("s", "z"),
                        path("s2", "z"),
                    ),
                ),
                messages={"m": "=case.id"},
            ),
            "start@e",
        ),
        (chain(ids="", ext=properties(starterGroups="king")), "starter-group@None"),
    ],
)
def test_errors(xml: bytes, finding: str) -> None:
    assert finding in rules(xml)


@pytest.mark.parametrize(
    ("content", "where"),
    [
        (script("t", "=nme", "r"), "t"),
        (user("t", inputs={"a": "=ag"}, form="f"), "t"),
        (user("t", groups="=whose", form="f"), "t"),
        (user("t", outputs={"a": "=surname"}, form="f"), "t"),
        (user("t", ext=properties(unit="=place"), form="f"), "t"),
        (user("t", ext=zeebe("taskSchedule", dueDate="=day"), form="f"), "t"),
        (catch("t", timer("date", "=day")), "t"),
        (user("t", many("=lst"), form="f"), "t"),
        (user("t", many("=[1]", out="o", out_element="=itm"), form="f"), "t"),
        (user("t", many("=[1]", until="=itm"), form="f"), "t"),
        (catch("t", on_message("m")), "t"),
        (call("t", "child", ext=mappings({}, {"x": "=unknown"})), "t"),
        (script("t", "=[1,2][item > limit][1]", "r"), None),
        (script("t", "=case.id", "r"), None),
        (user("t", inputs={"a": "=1", "b": "=a"}, outputs={"c": "=b + age"}, form="f"), None),
        (
            user(
                "t",
                many("=[1]", out="o", out_element="=item + age"),
                form="f",
                inputs={"z": "=item"},
            ),
            None,
        ),
        (call("t", "child", ext=mappings({}, {"x": "=made"})), None),
        (service("t", ext=mappings({}, {"x": "=anything"})), None),
    ],
)
def test_names_that_nothing_writes(content: str, where: str | None) -> None:
    child = process(
        start("c"),
        script("s", "=given", "made"),
        end("e"),
        path("c", "s", "e"),
        key="child",
        ext=properties(startVariables="given"),
    )
    xml = diagram(
        process(start(), content, end(), path("start", "t", "end")), child, messages={"m": "=word"}
    )
    wanted = set() if where is None else {f"unknown-name@{where}"}
    assert {rule for rule in rules(xml) if rule.startswith("unknown-name")} == wanted


def test_names_are_written_by_forms_results_starts_messages_and_calls() -> None:
    child = process(
        start("c"), script("s", "=1", "made"), end("e"), path("c", "s", "e"), key="child"
    )
    xml = diagram(
        process(
            start(),
            start("go", on_message("m"), ext=mappings({}, {"told": "=x"})),
            user("u", form="f"),
            call("c", "child"),
            script("t", "=[age, told, made, declared, given, result.a]", "r"),
            user("w", many("=[1]", out="all"), form="f", outputs={"result.a": "=age"}),
            script("t2", "=all", "r2"),
            end(),
            path("start", "u", "c", "w", "t", "t2", "end"),
            path("go", "u"),
            ext=properties(startVariables="declared"),
        ),
        child,
        messages={"m": None},
    )
    assert rules(xml, start_variables=frozenset({"given"})) == set()


def test_local_names_do_not_leak_out_of_their_element() -> None:
    xml = chain(user("u", form="f", inputs={"local": "=1"}), script("t", "=local", "r"), ids="u t")
    assert rules(xml) == {"unknown-name@t"}
    inside = sub(
        "s", start("i"), script("t", "=local", "r"), path("i", "t"), ext=mappings({"local": "=1"})
    )
    assert rules(chain(inside, ids="s")) == set()


def test_a_decision_reads_names_too() -> None:
    xml = chain(
        node(
            "businessRuleTask", "r", ext=zeebe("calledDecision", decisionId="d", resultVariable="g")
        ),
        ids="r",
    )
    (finding,) = check(xml)
    assert (finding.rule, finding.element_id) == ("unknown-name", "r")
    assert '"age"' in finding.message


def test_a_finding_names_the_element_in_its_own_language() -> None:
    english = properties(**{"name.en": "Remind the client"})
    named = chain(user("u", name="تذكير العميل", ext=english), ids="u")
    assert [one.message for one in check(named)] == [
        "Remind the client: The task has no form, so nothing is asked."
    ]
    arabic_only = chain(user("u", name="تذكير العميل"), ids="u")
    assert check(arabic_only)[0].message.startswith("تذكير العميل: ")


@pytest.mark.parametrize(
    ("xml", "finding"),
    [
        (chain(user("u"), ids="u"), "no-form@u"),
        (chain(user("u", form="f", inputs={"age": "=1"}), ids="u"), "lost-answer@u"),
        (
            diagram(process(start(), user("u", form="f"), xor("m"), path("start", "m", "u", "m"))),
            "no-end@u",
        ),
        (
            chain(
                xor("x", "x_a"),
                node("task", "a"),
                node("task", "b"),
                both("j"),
                flow("x", "b", "=1 = 1"),
                flow("b", "j"),
                ids="x a j",
            ),
            "join@j",
        ),
        (
            chain(
                node("task", "t"),
                boundary("b", "t", timer("duration", "P1D")),
                path("b", "end"),
                ids="t",
            ),
            "boundary@b",
        ),
        (
            diagram(
                process(start(), call("c", "child"), end(), path("start", "c", "end")),
                process(
                    start("c1"),
                    end("c2"),
                    path("c1", "c2"),
                    key="child",
                    ext=properties(startVariables="given"),
                ),
            ),
            "call-input@c",
        ),
    ],
)
def test_warnings(xml: bytes, finding: str) -> None:
    assert finding in warnings(xml)
    assert rules(xml) == set()


def test_indirect_recursion_is_found() -> None:
    xml = diagram(
        process(start(), call("c", "q"), end(), path("start", "c", "end")),
        process(start("s"), call("d", "p"), path("s", "d"), key="q"),
    )
    assert "recursion@c" in rules(xml)


def test_a_process_that_begins_by_a_message_cannot_be_called() -> None:
    xml = diagram(
        process(start(), call("c", "q"), end(), path("start", "c", "end")),
        process(start("s", on_message("m")), end("e"), path("s", "e"), key="q"),
        messages={"m": None},
    )
    assert "call-start@c" in rules(xml)
