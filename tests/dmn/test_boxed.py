"""Boxed expressions and the conversions that types ask for, by example."""

from __future__ import annotations

import pytest

from dmn import read_definitions, to_json

NAMESPACE = "https://www.omg.org/spec/DMN/20230324/MODEL/"


def literal(text: str) -> str:
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return f"<literalExpression><text>{escaped}</text></literalExpression>"


def entry(content: str, name: str = "") -> str:
    variable = f'<variable name="{name}"/>' if name else ""
    return f"<contextEntry>{variable}{content}</contextEntry>"


def loop(kind: str, result: str, content: str) -> str:
    return (
        f'<{kind} iteratorVariable="i"><in>{literal("x")}</in>'
        f"<{result}>{literal(content)}</{result}></{kind}>"
    )


def evaluate(expression: str, types: str = "", type_ref: str = "") -> object:
    """The decision's value, or what its diagnostics say."""
    variable = f'<variable name="D" typeRef="{type_ref}"/>' if type_ref else ""
    head = f'<definitions xmlns="{NAMESPACE}" id="m" name="m" namespace="urn:test">'
    body = f'{types}<decision id="d" name="D">{variable}{expression}</decision>'
    result = read_definitions(f"{head}{body}</definitions>".encode()).evaluate(
        "d", {"x": [1, 2, 3]}
    )
    if result.diagnostics:
        return [note.message for note in result.diagnostics]
    return to_json(result.value)


FUNCTION = (
    '<functionDefinition><formalParameter name="n" typeRef="number"/>'
    + literal("if n = 0 then 0 else n + f(n - 1)")
    + "</functionDefinition>"
)


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        (
            "<context>"
            + entry(literal("2"), "a b")
            + entry(literal("a b * 3"), "c")
            + "</context>",
            {"a b": 2, "c": 6},
        ),
        ("<context>" + entry(FUNCTION, "f") + entry(literal("f(4)")) + "</context>", 10),
        (
            '<relation><column name="p"/><column name="q"/><row>'
            + literal("1")
            + literal("2")
            + "</row></relation>",
            [{"p": 1, "q": 2}],
        ),
        (f"<list>{literal('1')}{literal('x[1] + 1')}</list>", [1, 2]),
        (
            f"<conditional><if>{literal('count(x) > 2')}</if><then>{literal('1')}</then>"
            f"<else>{literal('2')}</else></conditional>",
            1,
        ),
        (loop("for", "return", "i * i"), [1, 4, 9]),
        (loop("some", "satisfies", "i > 2"), True),
        (loop("every", "satisfies", "i > 2"), False),
        (f"<filter><in>{literal('x')}</in><match>{literal('item > 1')}</match></filter>", [2, 3]),
        (
            literal('matches("a", "(")'),
            ["the regular expression '(' is wrong: a bracket is not closed"],
        ),
        (
            "<context>"
            + entry(FUNCTION.replace("<functionDefinition", '<functionDefinition kind="Java"'), "f")
            + entry(literal("f(4)"))
            + "</context>",
            ["external functions (Java, PMML) are not supported"],
        ),
    ],
)
def test_boxed_expressions(expression: str, expected: object) -> None:
    assert evaluate(expression) == expected


TYPES = (
    '<itemDefinition name="tGroup"><typeRef>string</typeRef>'
    '<allowedValues><text>"A", "B", "C"</text></allowedValues></itemDefinition>'
    '<itemDefinition name="tGroups" isCollection="true"><typeRef>tGroup</typeRef></itemDefinition>'
)


@pytest.mark.parametrize(
    ("text", "type_ref", "expected"),
    [
        ('"A"', "tGroup", "A"),
        ('["A"]', "tGroup", "A"),
        ('"A"', "tGroups", ["A"]),
        ('["A", "B"]', "tGroups", ["A", "B"]),
        ('"D"', "tGroup", ['the value is not one that tGroup allows: "A", "B", "C"']),
        ('["A", "D"]', "tGroups", ['the value is not one that tGroup allows: "A", "B", "C"']),
        ("1", "tGroup", ["decision 'D' must be tGroup, but is number"]),
        ('@"2024-05-01"', "date and time", "2024-05-01T00:00:00Z"),
        ("[1, 2]", "number", ["decision 'D' must be number, but is list"]),
    ],
)
def test_types_convert_or_refuse(text: str, type_ref: str, expected: object) -> None:
    assert evaluate(literal(text), TYPES, type_ref) == expected
