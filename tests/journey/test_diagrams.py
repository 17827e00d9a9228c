"""The shipped diagrams: complete, readable, and without a finding."""

from __future__ import annotations

import itertools
import re
from functools import cache
from pathlib import Path

import pytest
from lxml import etree

from bpmn import Finding, Resources, check_process
from bpmn.model import Element, Kind, UserTask
from tests.journey.journey_case import ROOT, decisions, forms, processes

FILES = sorted((ROOT / "bpmn" / "processes").glob("*.bpmn"))
KEYS = {
    "client_journey", "contact", "profiling", "action_plan", "referral", "follow_up", "retention",
    "benefit_watch", "group_c_review",
}  # fmt: skip
ROLES = frozenset(
    {"case_worker", "branch_head", "mol_officer", "service_provider", "hq_coordinator"}
)
PARTNERS = {"mol_officer", "service_provider"}
WITHOUT_FORM = {
    "remind_client", "escalate_overdue", "escalate_referral", "chase_partner",
    "escalate_acceptance",
}  # fmt: skip
"""Tasks of the kind "see to it", completed without an answer."""
ROW = re.compile(r"\b(?:[STLXDR]\d{1,2}|OQ\d{1,2}|PR\d|Architecture 5|architecture 5)\b")
NS = {
    "bpmn": "http://www.omg.org/spec/BPMN/20100524/MODEL",
    "bpmndi": "http://www.omg.org/spec/BPMN/20100524/DI",
    "dc": "http://www.omg.org/spec/DD/20100524/DC",
    "di": "http://www.omg.org/spec/DD/20100524/DI",
}
NODES = {
    "startEvent", "endEvent", "intermediateCatchEvent", "intermediateThrowEvent", "boundaryEvent",
    "userTask", "scriptTask", "businessRuleTask", "callActivity", "subProcess",
    "exclusiveGateway", "parallelGateway", "eventBasedGateway", "lane", "participant",
}  # fmt: skip
_ARABIC = re.compile("[\u0621-\u064a]")
Box = tuple[float, float, float, float]


@cache
def findings() -> dict[str, tuple[Finding, ...]]:
    resources = Resources(
        processes=processes(),
        decisions={key: found.decision(key) for key, found in decisions().items()},
        forms={key: form.writes for key, form in forms().items()},
        roles=ROLES,
    )
    return {key: check_process(process, resources) for key, process in processes().items()}


def elements() -> list[tuple[str, Element]]:
    return [
        (key, element)
        for key, process in processes().items()
        for element in process.elements.values()
    ]


def user_tasks() -> list[tuple[Element, UserTask]]:
    return [(e, e.work) for _, e in elements() if isinstance(e.work, UserTask)]


def arabic(text: str) -> bool:
    return any("\u0600" <= letter <= "\u06ff" for letter in text)


def test_one_file_for_each_process() -> None:
    assert set(processes()) == KEYS == {path.stem for path in FILES}


@pytest.mark.parametrize("key", sorted(KEYS))
def test_the_checks_find_nothing_wrong(key: str) -> None:
    found = [f for f in findings()[key] if not (f.rule == "no-form" and f.severity == "warning")]
    assert found == []


def test_only_the_reminders_have_no_form() -> None:
    without = {element.id for element, work in user_tasks() if work.form is None}
    assert without == WITHOUT_FORM
    used = {work.form for _, work in user_tasks() if work.form is not None}
    assert used == set(forms()), "every shipped form is asked somewhere, and no other"


def test_element_ids_are_stable_words() -> None:
    for _, element in elements():
        assert re.fullmatch(r"[a-z][a-z0-9_]+", element.id), element.id
    tasks = [element.id for element, _ in user_tasks()]
    assert len(tasks) == len(set(tasks)), "a task is known by its id in every process"


def test_every_activity_has_an_arabic_name_and_an_english_source() -> None:
    for key, process in processes().items():
        assert arabic(process.name), key
        assert ROW.search(process.documentation), key
    for key, element in elements():
        where = f"{key}.{element.id}"
        if element.name:
            assert arabic(element.name), where
        if element.kind in (Kind.USER_TASK, Kind.CALL_ACTIVITY, Kind.SUB_PROCESS):
            assert all((element.name, element.documentation)), where
        if element.kind in (Kind.USER_TASK, Kind.CALL_ACTIVITY):
            assert ROW.search(element.documentation), f"{where} names no row of the requirement"
        if element.kind in (Kind.SCRIPT_TASK, Kind.BUSINESS_RULE_TASK, Kind.BOUNDARY_EVENT):
            assert all((element.name, element.documentation)), where
        assert not arabic(element.documentation), where


def test_partners_work_in_their_own_unit_and_nobody_else_does() -> None:
    for element, work in user_tasks():
        assert work.candidate_groups is not None
        groups = {part.strip() for part in work.candidate_groups.text.split(",")}
        assert groups <= ROLES
        if groups & PARTNERS:
            assert work.unit is not None, element.id
            assert work.unit.text == "referral_unit", element.id
        else:
            assert work.unit is None, element.id
        assert work.due is not None, f"{element.id} has no due date"


def test_the_law_is_read_on_the_day_and_everything_else_is_pinned() -> None:
    for key, process in processes().items():
        for reference in process.references.decisions:
            expected = "latest" if reference.id == "parameters" else "deployment"
            assert reference.binding == expected, (key, reference)


def test_journeys_are_started_by_the_branch_and_reviews_by_messages() -> None:
    assert set(processes()["client_journey"].starter_groups) == {"case_worker", "branch_head"}
    started = {key: p.references.messages_started for key, p in processes().items()}
    assert started["benefit_watch"] == ("benefit_watch_due",)
    assert started["group_c_review"] == ("group_c_review_due",)
    assert all(not names for key, names in started.items() if key not in
               ("benefit_watch", "group_c_review"))  # fmt: skip


def box(shape: etree._Element) -> Box:
    bounds = shape.find("dc:Bounds", NS)
    assert bounds is not None
    x, y, width, height = (float(bounds.get(a, "")) for a in ("x", "y", "width", "height"))
    return x, y, width, height


def overlap(a: Box, b: Box) -> bool:
    return (
        min(a[0] + a[2], b[0] + b[2]) > max(a[0], b[0])
        and min(a[1] + a[3], b[1] + b[3]) > max(a[1], b[1])
    )  # fmt: skip


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_everything_is_drawn_and_nothing_lies_on_something_else(path: Path) -> None:
    root = etree.fromstring(path.read_bytes())
    drawn = {s.get("bpmnElement"): s for s in root.iterfind(".//bpmndi:BPMNShape", NS)}
    edges = {e.get("bpmnElement"): e for e in root.iterfind(".//bpmndi:BPMNEdge", NS)}
    nodes = {
        node.get("id"): node
        for node in root.iter()
        if isinstance(node.tag, str)
        and etree.QName(node).namespace == NS["bpmn"]
        and etree.QName(node).localname in NODES
    }
    flows = {flow.get("id"): flow for flow in root.iterfind(".//bpmn:sequenceFlow", NS)}
    assert set(drawn) == set(nodes)
    assert set(edges) == set(flows)
    boxes = {name: box(shape) for name, shape in drawn.items()}
    solid = {
        name: boxes[name]
        for name, node in nodes.items()
        if etree.QName(node).localname not in ("lane", "participant", "subProcess", "boundaryEvent")
    }
    for (one, a), (other, b) in itertools.combinations(solid.items(), 2):
        assert not overlap(a, b), f"{one} lies on {other}"
    for name, edge in edges.items():
        points = [(float(p.get("x", "")), float(p.get("y", "")))
                  for p in edge.iterfind("di:waypoint", NS)]  # fmt: skip
        ends = {flows[name].get("sourceRef"), flows[name].get("targetRef")}
        for (ax, ay), (bx, by) in itertools.pairwise(points):
            line = (min(ax, bx), min(ay, by), max(abs(bx - ax), 0.1), max(abs(by - ay), 0.1))
            crossed = [n for n, b in solid.items() if n not in ends and overlap(line, b)]
            assert not crossed, f"{name} runs through {crossed}"
    labels = [box(label) for label in root.iterfind(".//bpmndi:BPMNLabel", NS)]
    for a, b in itertools.combinations(labels, 2):
        assert not overlap(a, b), "two labels lie on each other"
    for label in labels:
        assert not any(overlap(label, b) for b in solid.values() if b[2] > 100), "label on a task"


@pytest.mark.parametrize("key", sorted(KEYS))
def test_every_element_is_named_in_both_languages(key: str) -> None:
    """Readers of English meet no Arabic name beside the diagram, and the other way round."""
    for element in processes()[key].elements.values():
        if element.name:
            assert _ARABIC.search(element.name), element.id
            assert element.wording.name_en, element.id
            assert not _ARABIC.search(element.wording.name_en), element.id


@pytest.mark.parametrize("key", sorted(KEYS))
def test_every_task_says_what_it_is_for(key: str) -> None:
    for element in processes()[key].elements.values():
        if isinstance(element.work, UserTask):
            assert _ARABIC.search(element.wording.purpose_ar), element.id
            assert element.wording.purpose_en, element.id
            assert not _ARABIC.search(element.wording.purpose_en), element.id
