"""What must hold always: exact numbers, three-valued logic, and that nothing ever raises."""

from __future__ import annotations

from contextlib import suppress
from decimal import Decimal, localcontext

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dmn import FeelSyntaxError, compile_expression, compile_unary_tests, from_json, to_json

NUMBERS = st.decimals(
    allow_nan=False, allow_infinity=False, min_value=-(10**12), max_value=10**12, places=6
)
LOGIC = st.sampled_from((True, False, None))
SUM, PRODUCT = compile_expression("a + b"), compile_expression("a * b")
AND, OR, NOT = (compile_expression(text) for text in ("a and b", "a or b", "not(a)"))
WORDS = tuple(
    """
    1 2.5 "a" null true ( ) [ ] { } , : .. . + - * / ** = != < <= > >= and or in
    not( between instance of if then else for return some every satisfies function( a b
    xs @"P1D" @"2020-01-01" date( sum( count( string( matches( replace( item ?
    context put( number list< > -> 1e300 partial sort( before( @"10:00:00@Asia/Amman"
    """.split()  # noqa: SIM905 - the list reads as the language does
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**9), 10**9) | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3)
    ),
    max_leaves=10,
)


@given(NUMBERS, NUMBERS)
def test_sums_and_products_are_exact(a: Decimal, b: Decimal) -> None:
    with localcontext() as exact:
        exact.prec = 60
        assert SUM.evaluate({"a": a, "b": b}).value == a + b
    with localcontext() as rounded:
        rounded.prec = 34
        assert PRODUCT.evaluate({"a": a, "b": b}).value == a * b


@given(LOGIC, LOGIC)
def test_three_valued_logic(a: bool | None, b: bool | None) -> None:
    """Kleene's tables: false is the least, true the greatest, null in between."""
    rank = {False: 0, None: 1, True: 2}
    value = {place: truth for truth, place in rank.items()}
    context = {"a": a, "b": b}
    assert AND.evaluate(context).value is value[min(rank[a], rank[b])]
    assert OR.evaluate(context).value is value[max(rank[a], rank[b])]
    assert NOT.evaluate(context).value is value[2 - rank[a]]


@given(st.text(max_size=40))
@settings(max_examples=300, deadline=None)
def test_any_text_compiles_or_is_a_syntax_error(text: str) -> None:
    for compiler in (compile_expression, compile_unary_tests):
        with suppress(FeelSyntaxError):
            compiler(text)


@given(st.lists(st.sampled_from(WORDS), min_size=1, max_size=12).map(" ".join), JSON)
@settings(max_examples=500, deadline=None)
def test_evaluating_never_raises(text: str, value: object) -> None:
    try:
        expression = compile_expression(text)
    except FeelSyntaxError:
        return
    result = expression.evaluate({"a": value, "b": 1, "xs": [value, 2]})
    assert not any("could not be evaluated" in note.message for note in result.diagnostics)


@given(JSON)
@settings(deadline=None)
def test_json_comes_out_as_it_went_in(value: object) -> None:
    assert to_json(from_json(value)) == value


@pytest.mark.parametrize("days", [-719_529, -1, 0, 59, 60, 365, 11_016, 2_932_896])
def test_days_and_dates_are_inverse(days: int) -> None:
    from dmn.temporal import civil_from_days, days_from_civil

    assert days_from_civil(*civil_from_days(days)) == days
