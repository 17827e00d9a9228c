"""DMN files: tables with every hit policy, boxed expressions, types, requirements, imports."""

from __future__ import annotations

import datetime as py
from decimal import Decimal
from pathlib import Path

import pytest

from dmn import DmnError, DmnFileError, UnknownDecisionError, read_definitions, to_json

NAMESPACE = "https://www.omg.org/spec/DMN/20191111/MODEL/"
BENEFIT = (Path(__file__).parent / "tck" / "benefit" / "benefit.dmn").read_bytes()


def model(body: str, namespace: str = "urn:test") -> bytes:
    head = f'<definitions xmlns="{NAMESPACE}" id="m" name="m" namespace="{namespace}">'
    return f"{head}{body}</definitions>".encode()


def table(policy: str, outputs: str, rules: list[tuple[str, ...]], extra: str = "") -> bytes:
    """A decision `d` over the number `n`; each rule is a test and its outputs."""
    rows = "".join(
        f'<rule id="r{at}"><inputEntry><text>{escape(test)}</text></inputEntry>'
        + "".join(f"<outputEntry><text>{escape(value)}</text></outputEntry>" for value in values)
        + f"<annotationEntry><text>note {at}</text></annotationEntry></rule>"
        for at, (test, *values) in enumerate(rules, 1)
    )
    return model(
        f'<decision id="d" name="D"><decisionTable {policy}>'
        f'<input><inputExpression typeRef="number"><text>n</text></inputExpression></input>'
        f"{outputs}{rows}</decisionTable></decision>{extra}"
    )


def escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def literal(text: str) -> str:
    return f"<literalExpression><text>{escape(text)}</text></literalExpression>"


OUT = '<output id="o"/>'
RANKED = '<output id="o"><outputValues><text>"high", "middle", "low"</text></outputValues></output>'
OVERLAPPING = [("> 0", '"low"'), ("> 1", '"middle"'), ("> 2", '"high"')]
NUMBERS = [("> 0", "10"), ("> 1", "5"), ("> 2", "20")]


@pytest.mark.parametrize(
    ("policy", "output", "rules", "n", "expected", "matched"),
    [
        ('hitPolicy="UNIQUE"', OUT, OVERLAPPING, 1, "low", [1]),
        ("", OUT, OVERLAPPING, 1, "low", [1]),
        ('hitPolicy="FIRST"', OUT, OVERLAPPING, 3, "low", [1]),
        ('hitPolicy="ANY"', OUT, [("> 0", "1"), ("> 1", "1.0")], 2, 1, [1, 2]),
        ('hitPolicy="PRIORITY"', RANKED, OVERLAPPING, 2, "middle", [2]),
        ('hitPolicy="RULE ORDER"', OUT, OVERLAPPING, 2, ["low", "middle"], [1, 2]),
        ('hitPolicy="OUTPUT ORDER"', RANKED, OVERLAPPING, 3, ["high", "middle", "low"], [3, 2, 1]),
        ('hitPolicy="COLLECT"', OUT, OVERLAPPING, 3, ["low", "middle", "high"], [1, 2, 3]),
        ('hitPolicy="COLLECT" aggregation="SUM"', OUT, NUMBERS, 3, 35, [1, 2, 3]),
        ('hitPolicy="COLLECT" aggregation="MIN"', OUT, NUMBERS, 3, 5, [1, 2, 3]),
        ('hitPolicy="COLLECT" aggregation="MAX"', OUT, NUMBERS, 3, 20, [1, 2, 3]),
        ('hitPolicy="COLLECT" aggregation="COUNT"', OUT, NUMBERS, 2, 2, [1, 2]),
        ('hitPolicy="COLLECT"', OUT, OVERLAPPING, 0, [], []),
        ('hitPolicy="COLLECT" aggregation="COUNT"', OUT, NUMBERS, 0, 0, []),
    ],
)
def test_hit_policies(  # noqa: PLR0917 - a row of the table above
    policy: str,
    output: str,
    rules: list[tuple[str, ...]],
    n: int,
    expected: object,
    matched: list[int],
) -> None:
    result = read_definitions(table(policy, output, rules)).evaluate("d", {"n": n})
    assert to_json(result.value) == expected
    assert [rule.rule_index for rule in result.matched] == matched
    assert all(rule.rule_id == f"r{rule.rule_index}" for rule in result.matched)
    assert all(rule.annotation == f"note {rule.rule_index}" for rule in result.matched)
    assert result.diagnostics == ()


@pytest.mark.parametrize(
    ("policy", "rules", "n", "message"),
    [
        ('hitPolicy="UNIQUE"', OVERLAPPING, 2, "rules 1 and 2 match, but the hit policy is UNIQUE"),
        ('hitPolicy="ANY"', OVERLAPPING, 2, "rules 1 and 2 match and disagree"),
        ('hitPolicy="UNIQUE"', OVERLAPPING, 0, "no rule matched"),
        ('hitPolicy="COLLECT" aggregation="SUM"', OVERLAPPING, 2, "not all numbers"),
        ('hitPolicy="COLLECT" aggregation="MAX"', [("1", "1"), ("1", '"a"')], 1, "compared"),
        ('hitPolicy="FIRST"', [("> 0", "1 / 0")], 1, "division by zero"),
        ('hitPolicy="FIRST"', [("missing name", "1")], 1, "missing name"),
        ('hitPolicy="UNIQUE"', OVERLAPPING, "one", "n must be number, but is string"),
    ],
)
def test_a_table_that_cannot_decide_is_null_and_says_why(
    policy: str, rules: list[tuple[str, ...]], n: object, message: str
) -> None:
    result = read_definitions(table(policy, OUT, rules)).evaluate("d", {"n": n})
    assert result.value is None
    assert any(message in note.message for note in result.diagnostics), result.diagnostics


def test_several_outputs_and_their_defaults() -> None:
    outputs = (
        '<output name="group"><defaultOutputEntry><text>"C"</text></defaultOutputEntry></output>'
        '<output name="weeks"/>'
    )
    definitions = read_definitions(table("", outputs, [("1", '"A"', "3")]))
    assert to_json(definitions.evaluate("d", {"n": 1}).value) == {"group": "A", "weeks": 3}
    default = definitions.evaluate("D", {"n": 2})
    assert default.value == {"group": "C", "weeks": None}
    assert default.diagnostics == ()
    info = definitions.decision("d").table
    assert info is not None
    assert (info.hit_policy, info.inputs, info.outputs) == ("UNIQUE", ("n",), ("group", "weeks"))


def test_requirements_names_and_dates_from_json() -> None:
    definitions = read_definitions(BENEFIT)
    assert definitions.decision("Benefit").names == {"Family"}
    family = {"members": 6, "monthly income": 50.5}
    result = definitions.evaluate("d_benefit", {"Family": family})
    assert result.value == Decimal("129.5")
    assert [(m.decision_id, m.rule_id) for m in result.matched] == [("d_need", "r1")]
    assert str(definitions.evaluate("Due", {"Day": "2019-05-14"}).value) == "2019-06-04"
    wrong = definitions.evaluate("Due", {"Day": "tomorrow"})
    assert wrong.value is None
    assert "input 'Day' must be date, but is string" in wrong.diagnostics[0].message
    assert "'Day' is not given" in definitions.evaluate("Due", {}).diagnostics[0].message


def test_tables_without_input_data_read_the_callers_names() -> None:
    definitions = read_definitions(table("", OUT, [("> floor wage", "true")]))
    assert definitions.decision("d").names == {"n", "floor wage"}
    assert definitions.evaluate("d", {"n": 3, "floor wage": 2}).value is True


def test_unknown_decision() -> None:
    with pytest.raises(UnknownDecisionError, match="no decision 'x'; known are: d"):
        read_definitions(table("", OUT, [("1", "1")])).evaluate("x", {})
    assert issubclass(UnknownDecisionError, DmnError)
    assert issubclass(UnknownDecisionError, KeyError)


def test_now_reaches_decisions() -> None:
    definitions = read_definitions(
        model(f'<decision id="d" name="D">{literal("today()")}</decision>')
    )
    now = py.datetime(2024, 5, 1, 23, 0, tzinfo=py.timezone(py.timedelta(hours=3)))
    assert str(definitions.evaluate("d", {}, now=now).value) == "2024-05-01"


def test_invocation_services_and_knowledge_that_needs_itself() -> None:
    source = model(
        '<businessKnowledgeModel id="k" name="Steps"><encapsulatedLogic><formalParameter name="n"/>'
        + literal("if n <= 0 then 0 else 1 + Steps(n - 1)")
        + '</encapsulatedLogic></businessKnowledgeModel><inputData id="i" name="Start"/>'
        '<decision id="d" name="D"><informationRequirement><requiredInput href="#i"/>'
        '</informationRequirement><knowledgeRequirement><requiredKnowledge href="#k"/>'
        f'</knowledgeRequirement><invocation>{literal("Steps")}<binding><parameter name="n"/>'
        f"{literal('Start')}</binding></invocation></decision>"
        '<decisionService id="s" name="Serve"><outputDecision href="#d"/><inputData href="#i"/>'
        '</decisionService><decision id="e" name="E"><knowledgeRequirement>'
        '<requiredKnowledge href="#s"/></knowledgeRequirement>'
        f"{literal('Serve(7) + Serve(Start: 2)')}</decision>"
    )
    definitions = read_definitions(source)
    assert definitions.evaluate("d", {"Start": 4}).value == 4
    assert definitions.evaluate("e", {}).value == 9
    assert definitions.evaluate_service("Serve", {"Start": 5}).value == 5


def test_imports_bring_types_knowledge_and_decisions() -> None:
    shared = read_definitions(BENEFIT)
    source = (
        f'<definitions xmlns="{NAMESPACE}" id="m" name="m" namespace="urn:other">'
        f'<import name="shared" namespace="urn:rihla:test:benefit" importType="{NAMESPACE}"/>'
        '<inputData id="f" name="Home"><variable name="Home" typeRef="shared.tFamily"/></inputData>'
        '<decision id="d" name="D"><informationRequirement><requiredInput href="#f"/>'
        "</informationRequirement><informationRequirement>"
        '<requiredDecision href="urn:rihla:test:benefit#d_need"/></informationRequirement>'
        '<knowledgeRequirement><requiredKnowledge href="urn:rihla:test:benefit#b_gap"/>'
        "</knowledgeRequirement>"
        + literal("shared.Gap(shared.Need, Home.monthly income)")
        + "</decision></definitions>"
    ).encode()
    definitions = read_definitions(source, imports={"urn:rihla:test:benefit": shared})
    context = {
        "Home": {"members": 1, "monthly income": 10},
        "shared": {"Family": {"members": 2, "monthly income": 0}},
    }
    assert definitions.evaluate("d", context).value == 60
    assert definitions.decision("d").names == {"Home", "Family"}
    with pytest.raises(DmnFileError, match="imported file 'urn:rihla:test:benefit' is not there"):
        read_definitions(source)
