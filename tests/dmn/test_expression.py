"""The face of the library: compiling, names, host functions, values in and out."""

from __future__ import annotations

import datetime as py
from decimal import Decimal

import pytest

import dmn
from dmn import (
    BuiltinFunction,
    DaysTimeDuration,
    FeelDate,
    FeelSyntaxError,
    as_python,
    compile_expression,
    compile_unary_tests,
    to_json,
)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("for x in xs return x.a + y", {"xs", "y"}),
        ("some x in xs satisfies x = limit", {"xs", "limit"}),
        ("{a: b, c: a}", {"b"}),
        ("function(a) a + b", {"b"}),
        ("person.address.city = town", {"person", "town"}),
        ('date(start) + duration("P1D")', {"start"}),
        ("sort(xs, function(p, q) p < q)", {"xs"}),
        ("for i in 1..3 return partial", set()),
        ("(function(n) n)(n: m)", {"m"}),
        ("Monthly Salary > minimum wage", {"Monthly Salary", "minimum wage"}),
    ],
)
def test_names_are_the_outer_names(text: str, names: set[str]) -> None:
    assert compile_expression(text).names == names


def test_names_inside_a_filter_are_uncertain_until_known() -> None:
    blind = compile_expression("offers[wage > floor wage]")
    assert blind.names == {"offers"}
    assert blind.uncertain_names == {"wage", "floor wage"}
    seeing = compile_expression("offers[wage > floor wage]", known_names=["offers", "floor wage"])
    assert seeing.names == {"offers", "floor wage"}


def test_a_variable_may_be_called_like_a_function() -> None:
    expression = compile_expression("count > 2", known_names=["count"])
    assert expression.names == {"count"}
    assert expression.evaluate({"count": 3}).value is True


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [("1 +", 1, 4), ("a\n  and )", 2, 7), ('"open', 1, 1), ("f(a: 1, 2)", 1, 10), ("", 1, 1)],
)
def test_syntax_errors_say_where(text: str, line: int, column: int) -> None:
    with pytest.raises(FeelSyntaxError) as caught:
        compile_expression(text)
    assert (caught.value.line, caught.value.column) == (line, column)


@pytest.mark.parametrize(
    "text",
    [
        "(" * 5000,
        "-" * 5000 + "1",
        "1+" * 5000 + "1",
        "a" + ".b" * 5000,
        "x in (" * 5000,
        "x" * 60_000,
    ],
)
def test_endless_texts_are_refused(text: str) -> None:
    with pytest.raises(FeelSyntaxError):
        compile_expression(text)


@pytest.mark.parametrize(
    "text",
    [
        "for i in 1..1000000000 return i",
        "for i in 1..1000, j in 1..1000 return i",
        "{f: function(n) f(n + 1), r: f(1)}.r",
        "{f: function(n) f(n - 1) + f(n - 2), r: f(90)}.r",
        "{f: function(n) if n < 2 then n else f(n - 1) + f(n - 2), r: f(60)}.r",
        '{f: function(s, n) if n = 0 then s else f(s + s, n - 1), r: f("aaaaaaaa", 90)}.r',
        '{f: function(s, n) if n = 0 then s else f([s, s], n - 1), r: flatten(f("a", 90))}.r',
        "10 ** 100000000",
        "count(deep)",
    ],
)
def test_endless_evaluations_end_in_null_and_a_reason(text: str) -> None:
    deep: list[object] = []
    for _ in range(5000):
        deep = [deep]
    result = compile_expression(text).evaluate({"deep": deep})
    assert result.value is None
    assert result.diagnostics


def test_a_regular_expression_cannot_hang() -> None:
    text = {"s": "a" * 3000 + "!"}
    assert compile_expression('matches(s, "^(a+)+$")').evaluate(text).value is False


def test_diagnostics_name_the_part_that_failed() -> None:
    result = compile_expression('age > 18 and wage + "x" = 3').evaluate({"age": 20, "wage": 1})
    first = result.diagnostics[0]
    assert (first.message, first.text) == (
        "cannot add number and string",
        'wage + "x"',
    )


def test_host_functions_get_and_give_python_values() -> None:
    def add_working_days(start: py.date, count: Decimal) -> py.date:
        if count < 0:
            raise ValueError("working days cannot be negative")
        return start + py.timedelta(days=int(count) + 2)

    functions = {"add working days": BuiltinFunction(("start", "count"), add_working_days)}
    expression = compile_expression('add working days(date("2024-05-02"), n)', functions=functions)
    assert expression.names == {"n"}
    assert expression.evaluate({"n": 1}).value == FeelDate(2024, 5, 5)
    refused = expression.evaluate({"n": -1})
    assert refused.value is None
    assert "cannot be negative" in refused.diagnostics[0].message
    named = compile_expression("add working days(count: 1, start: d)", functions=functions)
    assert named.evaluate({"d": py.date(2024, 5, 2)}).value == FeelDate(2024, 5, 5)


def test_values_in_and_out() -> None:
    values = {"i": 1, "f": 0.1, "n": None, "l": [1, {"k": True}], "d": py.date(2024, 1, 2)}
    result = compile_expression("{i: i, f: f, n: n, l: l, d: d}").evaluate(values).value
    assert result["f"] == Decimal("0.1")
    assert to_json(result) == {**values, "d": "2024-01-02"}
    assert as_python(result)["d"] == py.date(2024, 1, 2)
    assert as_python([DaysTimeDuration(1_500_000_000)]) == [py.timedelta(seconds=1.5)]
    moment = py.datetime(2024, 1, 2, 3, 4, 5, tzinfo=py.UTC)
    assert as_python(dmn.from_json(moment)) == moment


@pytest.mark.parametrize("text", ["[1..2]", "function(a) a", "abs"])
def test_ranges_and_functions_are_no_json(text: str) -> None:
    with pytest.raises(TypeError):
        to_json(compile_expression(text).evaluate({}).value)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), object(), {"a": {1, 2}}])
def test_values_that_feel_has_not_are_null_and_a_note(value: object) -> None:
    result = compile_expression("x").evaluate({"x": value})
    assert result.value is None
    assert result.diagnostics


@pytest.mark.parametrize(
    ("cell", "value", "expected"),
    [
        ("-", None, True),
        ("", 5, True),
        ("< 5", 4, True),
        ("5", 5, True),
        ('"a", "b"', "b", True),
        ('not("a", "b")', "c", True),
        ('not("a", "b")', "b", False),
        ("not(null)", None, False),
        ("null", None, True),
        ("[1..3], > 10", 11, True),
        ("(1..3)", 3, False),
        ("? > limit", 7, True),
        ('starts with(?, "07")', "079", True),
        ("true", False, False),
        ("false", False, True),
        ("limit", 5, True),
        ("limits", 2, True),
        ("even(?) and ? < limit", 4, True),
        ('"ready", "hesitant"', "not ready", False),
        ("< 5", "x", None),
    ],
)
def test_cells(cell: str, value: object, expected: bool | None) -> None:
    tests = compile_unary_tests(cell, known_names=["limit", "limits"])
    assert tests.matches(value, {"limit": 5, "limits": [1, 2]}).value is expected
