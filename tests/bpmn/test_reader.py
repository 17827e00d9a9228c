"""What the reader lets through, what it refuses, and that strangers' XML does no harm."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from bpmn import BpmnFileError, Diagram, Finding, read_diagram
from bpmn.model import CalledDecision, Kind, UserTask
from bpmn.reader.notes import Notes
from bpmn.support_page import as_markdown
from dmn import BuiltinFunction
from tests.bpmn.diagrams import (
    boundary,
    catch,
    diagram,
    end,
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
    start,
    sub,
    timer,
    user,
    zeebe,
)


def read(xml: bytes) -> Diagram:
    return read_diagram(xml, file="t.bpmn")


def refused(xml: bytes) -> tuple[Finding, ...]:
    with pytest.raises(BpmnFileError) as caught:
        read(xml)
    return caught.value.findings


def with_node(content: str, **files: object) -> bytes:
    return diagram(process(start(), content, path("start", "x")), **files)  # type: ignore[arg-type]


def test_the_model_holds_what_the_file_says() -> None:
    lanes = (
        '<laneSet id="l"><lane id="l1" name="الفرع"><flowNodeRef>t</flowNodeRef></lane></laneSet>'
    )
    task = user("t", "<documentation>why</documentation>", form="f", name="مقابلة")
    rule = node(
        "businessRuleTask",
        "r",
        ext=zeebe("calledDecision", decisionId="d", resultVariable="v", bindingType="latest"),
    )
    xml = diagram(
        process(
            lanes,
            start(),
            start("go", on_message("hello")),
            task,
            rule,
            end(),
            path("start", "t", "r", "end"),
            flow("go", "t"),
            key="main",
            name="الرحلة",
            ext=properties(starterGroups="case_worker, branch_head", startVariables="a,b"),
        ),
        messages={"hello": None},
    )
    found = read(xml).processes["main"]
    assert (found.name, found.starter_groups, found.start_variables) == (
        "الرحلة",
        ("case_worker", "branch_head"),
        ("a", "b"),
    )
    element = found.elements["t"]
    assert (element.kind, element.name, element.lane, element.documentation) == (
        Kind.USER_TASK,
        "مقابلة",
        "الفرع",
        "why",
    )
    assert isinstance(element.work, UserTask)
    assert element.incoming == ("start_t", "go_t")
    assert found.elements["r"].work == CalledDecision("d", "latest", "v")
    assert [r.id for r in found.references.forms] == ["f"]
    assert [(r.id, r.binding) for r in found.references.decisions] == [("d", "latest")]
    assert found.references.messages_started == ("hello",)


def test_harmless_things_may_stay() -> None:
    extra = (
        '<dataObjectReference id="o" dataObjectRef="d"/><dataObject id="d"/>'
        '<textAnnotation id="a"><text>note</text></textAnnotation>'
        '<association id="as" sourceRef="x" targetRef="a"/>'
        '<group id="g" categoryValueRef="c"/>'
    )
    arrow = '<dataOutputAssociation id="q"><targetRef>o</targetRef></dataOutputAssociation>'
    task = user("x", "<incoming>start_x</incoming>", arrow)
    picture = (
        '<bpmndi:BPMNDiagram xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI" id="di">'
        '<bpmndi:BPMNPlane id="pl" bpmnElement="p"/></bpmndi:BPMNDiagram>'
    )
    pools = '<collaboration id="c"><participant id="pa" processRef="p"/></collaboration>'
    other = '<process id="other" isExecutable="false"><inclusiveGateway id="i"/></process>'
    xml = diagram(
        pools, process(start(), task, extra, path("start", "x")), other, picture, "<!-- hi -->"
    )
    assert list(read(xml).processes) == ["p"]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ('<inclusiveGateway id="x"/>', "inclusive"),
        ('<complexGateway id="x"/>', "complex"),
        ('<transaction id="x"/>', "transaction"),
        ('<adHocSubProcess id="x"/>', "ad-hoc"),
        ('<task id="x"><standardLoopCharacteristics/></task>', "loop marker"),
        (catch("x", "<signalEventDefinition/>"), "signalEventDefinition"),
        (catch("x", "<linkEventDefinition/>"), "linkEventDefinition"),
        (catch("x", "<conditionalEventDefinition/>"), "conditionalEventDefinition"),
        (end("x", "<escalationEventDefinition/>"), "escalationEventDefinition"),
        (end("x", "<compensateEventDefinition/>"), "compensateEventDefinition"),
        (end("x", "<cancelEventDefinition/>"), "cancelEventDefinition"),
        ('<scriptTask id="x"><script>import os</script></scriptTask>', "programs do not run"),
        ('<task id="x" isForCompensation="true"/>', "isForCompensation"),
        ('<task id="x" foo="1"/>', "foo"),
        ('<task id="x" xmlns:camunda="http://camunda.org/schema/1.0/bpmn" camunda:a="1"/>', "a="),
        (node("task", "x", ext='<a:b xmlns:a="urn:tool"/>'), "another tool"),
        (node("task", "x", ext=zeebe("executionListeners")), "listeners"),
        (node("task", "x", ext=zeebe("nonsense")), "nonsense"),
        (node("task", "x", ext=zeebe("script", expression="=1", resultVariable="r")), "script"),
        (user("x", ext=zeebe("assignmentDefinition", candidateUsers="a"), groups=None), "by name"),
        (user("x", ext=zeebe("formDefinition", formKey="a")), "formKey"),
        (user("x", timer("duration", "P1D")), "timerEventDefinition"),
        (node("exclusiveGateway", "x", many("=[1]")), "multiInstance"),
        (node("task", "x", ext=mappings({"a": "=1"}) + mappings({"b": "=1"})), "more than once"),
        ("<whatever/>", "whatever"),
        (sub("x", triggeredByEvent="1"), "neither true nor false"),
        (user("y") + node("boundaryEvent", "x", attachedToRef="y", cancelActivity="0"), "neither"),
        (node("serviceTask", "x"), "taskDefinition"),
        (node("businessRuleTask", "x"), "calledDecision"),
        (node("scriptTask", "x"), "zeebe:script"),
        (node("callActivity", "x"), "calledElement"),
        (node("callActivity", "x", ext=zeebe("calledElement", processId="=a")), "expression"),
        (node("receiveTask", "x"), "no message"),
        (catch("x", on_message("unknown")), "no message"),
        (catch("x", timer("duration", "3 weeks")), "ISO 8601"),
        (catch("x", timer("date", "tomorrow")), "ISO 8601"),
        (catch("x", timer("cycle", "R/P1D")), "waits once"),
        (catch("x", timer("duration", "")), "ISO 8601"),
        (catch("x", "<timerEventDefinition/>"), "no time"),
        (catch("x"), "none event does not run"),
        (start("x", timer("duration", "P1D")), "timer event does not run"),
        (end("x", on_error("unknown")), "no code"),
        (user("x", inputs={"a b": "=1"}), "not a variable name"),
        (user("x", inputs={"a": "=1 +"}), "not valid FEEL"),
        (script("x", "=for", "r"), "not valid FEEL"),
        (catch("x", timer("duration", "P1D"), ext=properties(lastDay="=due")), "`day` alone"),
        (catch("x", timer("duration", "P1D"), ext=properties(lastDay="=day -")), "not valid FEEL"),
        (user("x", ext=zeebe("taskSchedule", dueDate="soon")), "ISO 8601"),
        (user("x", many("list")), "input collection"),
        (user("x", many("=[1]").replace("isSeq", "x")).replace("<multi", "<loop", 1), "loop"),
        ('<task id="start"/>', "same id"),
        ("<task/>", "no id"),
        (sub("y") + flow("start", "gone") + user("x"), "does not connect"),
        (sub("y", user("x")), "crosses the border"),
        (user("x", ext=zeebe("formDefinition", formId="f", bindingType="versionTag")), "binding"),
    ],
)
def test_refused_in_plain_words(content: str, says: str) -> None:
    findings = refused(with_node(content))
    assert any(says in str(finding) for finding in findings), [str(f) for f in findings]
    assert all(f.file == "t.bpmn" and f.suggestion for f in findings)


def test_every_finding_is_reported_at_once_with_its_element() -> None:
    findings = refused(with_node('<inclusiveGateway id="x"/><complexGateway id="y" foo="1"/>'))
    assert {finding.element_id for finding in findings} == {"x", "y"}


def test_unknown_properties_are_remarked() -> None:
    (warning,) = read(with_node(user("x", ext=properties(untl="=1")))).processes["p"].warnings
    assert (warning.severity, warning.element_id, warning.rule) == ("warning", "x", "property")


def test_files_that_are_no_diagrams() -> None:
    assert refused(b"<a/>")[0].rule == "not-bpmn"
    assert refused(b"")[0].rule == "xml"
    assert refused(b"\xff\xfe\x00")[0].rule == "xml"
    assert refused(diagram())[0].rule == "not-executable"
    assert refused(b"<a" + b" " * (2 * 1024 * 1024) + b"/>")[0].rule == "file-size"


@pytest.mark.parametrize(
    "content",
    [
        user("x", ext=zeebe("taskSchedule", dueDate="=add working days(today(,")),
        catch("x", timer("date", "=today( +")),
        node("sendTask", "x", ext=properties(timeToLive="=for"), messageRef="message_hello"),
    ],
)
def test_what_is_no_feel_is_said_once(content: str) -> None:
    [found] = refused(with_node(content, messages={"hello": "=case.id"}))
    assert (found.element_id, found.rule) == ("x", "expression")


BOMB = b"""<!DOCTYPE lolz [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">
<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]><definitions>&c;</definitions>"""


def test_entities_doctypes_and_remote_files_are_refused(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("the secret")
    outside = f'<!DOCTYPE d [<!ENTITY x SYSTEM "file://{secret}">]>'.encode()
    body = with_node(user("x", name="NAME")).replace(b'<?xml version="1.0" encoding="UTF-8"?>', b"")
    for xml in (
        BOMB,
        outside + body.replace(b"NAME", b"&x;"),
        b'<!DOCTYPE d SYSTEM "http://127.0.0.1:9/d.dtd">' + body,
        (b"<!DOCTYPE d>" + body).decode().encode("utf-16"),
    ):
        findings = refused(xml)
        assert not any("the secret" in str(finding) for finding in findings)
        assert findings[0].rule in ("doctype", "xml")


def test_depth_and_number_of_elements_are_limited() -> None:
    deep = "<subProcess>" * 80 + "</subProcess>" * 80
    assert refused(diagram(process(deep)))[0].rule == "depth"
    assert refused(diagram(process("<task/>" * 50_001)))[0].rule == "element-count"


@pytest.mark.parametrize("bad", ["a/b?c", "رحلة", "1st", "a b", "p" * 101, "p" * 100_000])
def test_a_process_is_known_by_an_id_that_an_address_can_hold(bad: str) -> None:
    found = refused(diagram(process(start(), end("e"), flow("start", "e"), key=bad)))
    assert [(one.rule, len(one.element_id or "") <= 100) for one in found] == [("id", True)]


@pytest.mark.parametrize("bad", ["a b", "a:b", "1st", "x" * 201, "x" * 100_000])
def test_ids_of_elements_and_flows_are_short_xml_names(bad: str) -> None:
    nodes = refused(diagram(process(start(), user(bad), path("start", bad))))
    flows = refused(diagram(process(start(), end("e"), flow("start", "e", flow_id=bad))))
    assert nodes[0].rule == flows[0].rule == "id"
    assert len(nodes[0].element_id or "") <= 201


def test_names_of_messages_are_as_short_as_publishers_may_write_them() -> None:
    name = "m" * 201
    body = with_node(catch("x", on_message(name)), messages={name: "k"})
    assert refused(body)[0].rule == "message-name"


def test_500_boundary_events_are_read_in_time() -> None:
    events = "".join(
        boundary(f"b{n}", "x", timer("duration", "P1D")) + flow(f"b{n}", "x") for n in range(500)
    )
    began = time.monotonic()
    found = read(with_node(user("x") + events)).processes["p"]
    assert len(found.boundary_events("x")) == 500
    assert time.monotonic() - began < 5


def test_reading_stops_when_its_time_is_up() -> None:
    ticks = iter([0.0, 1.0, 6.0])
    notes = Notes("t.bpmn", None, clock=lambda: next(ticks))
    notes.tick()
    with pytest.raises(BpmnFileError, match="longer than 5 s"):
        notes.tick()


def test_functions_of_the_host_may_be_called() -> None:
    functions = {"next_day": BuiltinFunction(("d",), lambda d: d)}
    xml = with_node(script("x", "=next_day(1)", "r"))
    assert read_diagram(xml, file="t", functions=functions).processes


def test_the_reference_page_is_current() -> None:
    page = Path(__file__).parents[2] / "docs" / "bpmn-support.md"
    assert page.read_text(encoding="utf-8") == as_markdown()
