"""FEEL and DMN: reads, checks and evaluates expressions and decisions; knows nothing else."""

from __future__ import annotations

from .errors import (
    Diagnostic,
    DmnError,
    DmnFileError,
    FeelError,
    FeelSyntaxError,
    FileFinding,
    UnknownDecisionError,
)
from .expression import (
    Evaluation,
    Expression,
    UnaryTests,
    compile_expression,
    compile_unary_tests,
)
from .functions import BuiltinFunction
from .model import (
    Decision,
    DecisionResult,
    DecisionService,
    Definitions,
    read_definitions,
)
from .model.definitions import TableInfo
from .runtime import MatchedRule
from .tck import TckReport, run_tck
from .temporal import (
    DaysTimeDuration,
    FeelDate,
    FeelDateTime,
    FeelTime,
    YearsMonthsDuration,
)
from .temporal_text import (
    parse_date,
    parse_date_time,
    parse_duration,
    parse_temporal,
    parse_time,
)
from .values import Range, as_python, from_json, kind_of, to_json

__all__ = [
    "BuiltinFunction",
    "DaysTimeDuration",
    "Decision",
    "DecisionResult",
    "DecisionService",
    "Definitions",
    "Diagnostic",
    "DmnError",
    "DmnFileError",
    "Evaluation",
    "Expression",
    "FeelDate",
    "FeelDateTime",
    "FeelError",
    "FeelSyntaxError",
    "FeelTime",
    "FileFinding",
    "MatchedRule",
    "Range",
    "TableInfo",
    "TckReport",
    "UnaryTests",
    "UnknownDecisionError",
    "YearsMonthsDuration",
    "as_python",
    "compile_expression",
    "compile_unary_tests",
    "from_json",
    "kind_of",
    "parse_date",
    "parse_date_time",
    "parse_duration",
    "parse_temporal",
    "parse_time",
    "read_definitions",
    "run_tck",
    "to_json",
]
