"""What is refused when a DMN file is read, and how that is said."""

from __future__ import annotations

import pytest

from dmn import DmnFileError, read_definitions

NAMESPACE = "https://www.omg.org/spec/DMN/20191111/MODEL/"
BOMB = (
    b'<?xml version="1.0"?><!DOCTYPE definitions [<!ENTITY a "aaaaaaaaaa">'
    b'<!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    b'<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" name="&b;"/>'
)
REMOTE = b'<!DOCTYPE definitions SYSTEM "http://127.0.0.1:9/x.dtd"><definitions/>'


def wrap(body: str) -> bytes:
    head = f'<definitions xmlns="{NAMESPACE}" id="m" name="m" namespace="urn:t">'
    return f"{head}{body}</definitions>".encode()


def decision(body: str, identifier: str = "d") -> str:
    return f'<decision id="{identifier}" name="{identifier}">{body}</decision>'


def literal(text: str) -> str:
    return f'<literalExpression id="l"><text>{text}</text></literalExpression>'


def requires(identifier: str) -> str:
    return (
        f'<informationRequirement><requiredDecision href="#{identifier}"/></informationRequirement>'
    )


@pytest.mark.parametrize(
    ("xml", "rule"),
    [
        (b"", "xml"),
        (b"<definitions", "xml"),
        (b"\xff\xfe\x00", "xml"),
        (BOMB, "doctype"),
        (REMOTE, "doctype"),
        (
            '<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE a []><a/>'.encode("utf-16"),
            "doctype",
        ),
        (b"<html/>", "dmn-namespace"),
        (b'<definitions xmlns="urn:other"/>', "dmn-namespace"),
        (b"<a>" * 5000, "xml"),
        (wrap("<context>" * 160 + "</context>" * 160), "depth"),
        (b" " * 5_000_001, "file-size"),
    ],
)
def test_hostile_or_wrong_xml(xml: bytes, rule: str) -> None:
    with pytest.raises(DmnFileError) as caught:
        read_definitions(xml, file="bad.dmn")
    finding = caught.value.findings[0]
    assert (finding.element_id, finding.rule) == (None, rule)
    assert finding.suggestion
    assert str(caught.value).startswith("bad.dmn cannot be used: ")


@pytest.mark.parametrize(
    ("body", "rule", "element_id"),
    [
        (decision(literal("1 +")), "feel-syntax", "l"),
        (decision(literal("1 instance of tNone")), "feel-syntax", "l"),
        (decision('<variable name="d" typeRef="tNone"/>' + literal("1")), "unknown-type", "d"),
        (decision(requires("x") + literal("1")), "missing-element", "d"),
        (
            decision(requires("b") + literal("b"), "a")
            + decision(requires("a") + literal("a"), "b"),
            "circular-requirement",
            "a",
        ),
        (decision(literal("1")) + decision(literal("2")), "double-id", "d"),
        (decision("<invocation/>"), "no-expression", "d"),
        (
            decision('<decisionTable id="t" hitPolicy="BEST"><output/></decisionTable>'),
            "hit-policy",
            "t",
        ),
        (decision('<decisionTable id="t"/>'), "table-outputs", "t"),
        (
            decision('<decisionTable id="t"><input id="i"/><output/></decisionTable>'),
            "table-input",
            "i",
        ),
        (
            decision('<decisionTable><output/><rule id="r"/></decisionTable>'),
            "table-rule",
            "r",
        ),
        (
            decision('<literalExpression id="l" expressionLanguage="juel"/>'),
            "expression-language",
            "l",
        ),
        (
            '<itemDefinition id="t" name="tA"><typeRef>tB</typeRef></itemDefinition>'
            '<itemDefinition name="tB"><typeRef>tA</typeRef></itemDefinition>',
            "circular-type",
            "t",
        ),
        ('<decision id="d"/>', "no-name", "d"),
    ],
)
def test_findings_name_the_element(body: str, rule: str, element_id: str) -> None:
    with pytest.raises(DmnFileError) as caught:
        read_definitions(wrap(body), file="f.dmn")
    assert (rule, element_id) in [(f.rule, f.element_id) for f in caught.value.findings]


def test_all_findings_come_at_once() -> None:
    with pytest.raises(DmnFileError) as caught:
        read_definitions(wrap(decision(literal("1 +")) + decision(literal("(2"), "e")))
    assert len(caught.value.findings) == 2
    assert "line 1, column 4" in caught.value.findings[0].message
