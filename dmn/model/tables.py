"""Decision tables (DMN 8): compiled once, then matched rule by rule."""

from __future__ import annotations

from dataclasses import dataclass

from ..errors import FeelError, FeelSyntaxError, LimitExceeded
from ..feel_types import ANY, FeelType, SimpleType, coerce, from_text
from ..lexis import normal_name
from ..parser import parse_unary_tests
from ..runtime import Code, Frame, MatchedRule
from ..unary import TestCode
from ..values import Value
from .boxed import BoxedCompiler, typed
from .hit_policies import Choice, Hit, Policy, choose, read_policy
from .xml import Element, attribute, child, children, text_in, text_of


@dataclass(frozen=True)
class Input:
    label: str
    code: Code
    kind: FeelType
    allowed: TestCode | None
    allowed_text: str


@dataclass(frozen=True)
class Output:
    name: str
    code_of_default: Code | None
    values: tuple[TestCode, ...]


@dataclass(frozen=True)
class Rule:
    """`tests` are (input index, test) for the cells that ask something."""

    id: str
    index: int
    annotation: str
    tests: tuple[tuple[int, TestCode], ...]
    outputs: tuple[Code, ...]


@dataclass(frozen=True)
class Table:
    decision_id: str
    inputs: tuple[Input, ...]
    outputs: tuple[Output, ...]
    rules: tuple[Rule, ...]
    policy: Policy

    def result(self, rule: Rule, f: Frame) -> Value:
        values = [code(f) for code in rule.outputs]
        return self._shaped(values)

    def _shaped(self, values: list[Value]) -> Value:
        if len(self.outputs) == 1:
            return values[0]
        return {output.name: value for output, value in zip(self.outputs, values, strict=True)}

    def default(self, f: Frame) -> Value:
        values = [o.code_of_default(f) if o.code_of_default else None for o in self.outputs]
        return self._shaped(values)

    @property
    def has_default(self) -> bool:
        return any(output.code_of_default is not None for output in self.outputs)


def compile_table(b: BoxedCompiler, element: Element) -> Code:
    """Compiles a decision table. What is wrong with it becomes findings."""
    inputs = tuple(_input(b, column) for column in children(element, "input"))
    columns = list(children(element, "output"))
    single = len(columns) == 1
    outputs = tuple(_output(b, column, index) for index, column in enumerate(columns, 1))
    kinds = [_output_type(b, element, column, single) for column in columns]
    rules = tuple(
        _rule(b, row, index, len(inputs), kinds)
        for index, row in enumerate(children(element, "rule"), 1)
    )
    policy = read_policy(b.workshop, element, len(outputs))
    if not outputs:
        b.workshop.finding(
            element, "table-outputs", "the table has no output", "Add an output column."
        )
    table = Table(b.owner_id, inputs, outputs, rules, policy)
    return lambda f: _decide(table, f)


def _output_type(b: BoxedCompiler, table: Element, column: Element, single: bool) -> FeelType:
    reference = attribute(column, "typeRef")
    if not reference and single and attribute(table, "hitPolicy") in ("", "UNIQUE", "ANY", "FIRST"):
        reference = attribute(table, "typeRef")
    return b.workshop.type(column, reference)


def _input(b: BoxedCompiler, column: Element) -> Input:
    expression = child(column, "inputExpression")
    text = text_in(expression)
    label = attribute(column, "label") or text
    if expression is None or not text:
        b.workshop.finding(
            column, "table-input", "an input column has no expression", "Fill in its expression."
        )
        return Input(label, lambda f: None, ANY, None, "")
    kind = b.workshop.type(expression, attribute(expression, "typeRef"))
    values = child(column, "inputValues")
    allowed_text = text_in(values)
    allowed = b.cell(allowed_text, column, "input values") if allowed_text else None
    return Input(label, b.text(text, column, "input"), kind, allowed, allowed_text)


def _output(b: BoxedCompiler, column: Element, index: int) -> Output:
    default = text_in(child(column, "defaultOutputEntry"))
    values = child(column, "outputValues")
    tests: list[TestCode] = []
    for text in _split_tests(b, column, text_in(values)):
        tests.append(b.cell(text, column, "output values"))
    code = b.text(default, column, "default output") if default else None
    name = normal_name(attribute(column, "name")) or f"output {index}"
    return Output(name, code, tuple(tests))


def _split_tests(b: BoxedCompiler, column: Element, text: str) -> list[str]:
    """The output values one by one: their order is the priority."""
    if not text:
        return []
    try:
        tree = parse_unary_tests(text, b.table(), b.workshop.members)
    except FeelSyntaxError as error:
        b.workshop.syntax_finding(column, error, "output values")
        return []
    return [text[test.at : test.end] for test in tree.tests]


def _rule(b: BoxedCompiler, row: Element, index: int, width: int, kinds: list[FeelType]) -> Rule:
    entries = list(children(row, "inputEntry"))
    results = list(children(row, "outputEntry"))
    if len(entries) != width or len(results) != len(kinds):
        b.workshop.finding(
            row,
            "table-rule",
            f"rule {index} has {len(entries)} input and {len(results)} output cells for "
            f"{width} inputs and {len(kinds)} outputs",
            "Give the rule one cell per column.",
        )
    tests = tuple(
        (at, b.cell(text_in(entry), entry, f"rule {index}, input {at + 1}"))
        for at, entry in enumerate(entries[:width])
        if text_in(entry) not in ("", "-")
    )
    outputs: list[Code] = []
    for at, kind in enumerate(kinds):
        text = text_in(results[at]) if at < len(results) else ""
        what = f"rule {index}, output {at + 1}"
        code: Code = b.text(text, results[at], what) if text and text != "-" else _no_output
        outputs.append(typed(code, kind, what))
    notes = [text_in(note) for note in children(row, "annotationEntry")]
    description = child(row, "description")
    if description is not None:
        notes.append(text_of(description).strip())
    annotation = " · ".join(note for note in notes if note)
    return Rule(attribute(row, "id"), index, annotation, tests, tuple(outputs))


def _no_output(f: Frame) -> Value:
    return None


def _input_value(column: Input, f: Frame) -> Value:
    value = column.code(f)
    if value is None:
        return None
    if column.kind is not ANY:
        try:
            value = coerce(column.kind, _temporal(column.kind, value), f.run, column.label)
        except LimitExceeded:
            raise
        except FeelError as error:
            f.run.note(str(error), column.label)
            return None
    if column.allowed is not None:
        met = column.allowed(f.inner({"?": value}), value)
        if met is not True:
            f.run.note(
                f"{column.label} is none of its input values: {column.allowed_text}", column.label
            )
    return value


def _temporal(kind: FeelType, value: Value) -> Value:
    return from_text(kind, value) if isinstance(value, str) and not _is_string(kind) else value


def _is_string(kind: FeelType) -> bool:
    return isinstance(kind, SimpleType) and kind.name == "string"


def _decide(table: Table, f: Frame) -> Value:
    values = [_input_value(column, f) for column in table.inputs]
    frames = [f.inner({"?": value}) for value in values]
    hits: list[Hit] = []
    for rule in table.rules:
        for at, test in rule.tests:
            if test(frames[at], values[at]) is not True:
                break
        else:
            hits.append(Hit(rule.index, table.result(rule, f)))
            if table.policy.stops_at_first:
                break
    f.run.spend(len(table.rules))
    if not hits:
        return _no_match(table, f)
    choice = choose(table.policy, hits, lambda: _priorities(table, f))
    if choice.problem:
        f.run.note(choice.problem, f"decision table of {table.decision_id}")
    _record(table, choice, f)
    return choice.value


def _no_match(table: Table, f: Frame) -> Value:
    if table.has_default:
        return table.default(f)
    if table.policy.without_match is None:
        f.run.note("no rule matched", f"decision table of {table.decision_id}")
        return None
    return table.policy.without_match()


def _priorities(table: Table, f: Frame) -> list[list[TestCode]]:
    """For each output its values' tests, each bound to a frame of its own."""

    def bound(test: TestCode) -> TestCode:
        return lambda _, value: test(f.inner({"?": value}), value)

    return [[bound(test) for test in output.values] for output in table.outputs]


def _record(table: Table, choice: Choice, f: Frame) -> None:
    by_index = {rule.index: rule for rule in table.rules}
    for index in choice.rules:
        rule = by_index[index]
        f.run.matched.append(MatchedRule(table.decision_id, rule.id, index, rule.annotation))
