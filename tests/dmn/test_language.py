"""FEEL by example: every row of cases/*.yaml is one expression and what it must give."""

from __future__ import annotations

import datetime as py
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import yaml

from dmn import compile_expression, to_json

NOW = py.datetime(2024, 5, 1, 9, 30, tzinfo=py.timezone(py.timedelta(hours=3)))
CASES = [
    (file.stem, row)
    for file in sorted((Path(__file__).parent / "cases").glob("*.yaml"))
    for row in yaml.safe_load(file.read_text(encoding="utf-8"))
]


@pytest.mark.parametrize(("group", "row"), CASES, ids=[f"{g}:{r['feel']}" for g, r in CASES])
def test_example(group: str, row: dict[str, Any]) -> None:
    expression = compile_expression(row["feel"], known_names=row.get("known", ()))
    result = expression.evaluate(row.get("with", {}), now=NOW)
    if "near" in row:
        assert float(result.value) == pytest.approx(row["near"])
        return
    value = to_json(result.value)
    assert value == row["is"]
    assert type(value) is type(row["is"])
    assert bool(result.diagnostics) is row.get("notes", False), result.diagnostics


def test_now_keeps_its_region() -> None:
    now = py.datetime(2024, 5, 1, 9, 30, tzinfo=ZoneInfo("Asia/Amman"))
    result = compile_expression("now().timezone").evaluate({}, now=now)
    assert result.value == "Asia/Amman"
