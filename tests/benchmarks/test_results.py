"""Figures are kept as they were measured, and told in the page of figures."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from benchmarks import catalogue, results
from benchmarks.__main__ import PAGE, main, table
from benchmarks.results import BEGIN, END, Figure, Result, at_least, at_most

FAST = Figure("completions", 612.4, "/s", at_least(500), (600.0, 612.4, 640.0))
SLOW = Figure("p95", 17.25, "ms", at_most(15), note="cold")
RESULT = Result(
    benchmark="five-tasks-http",
    title="Five user tasks over HTTP",
    system="sqlite",
    quick=False,
    at="2026-11-22T18:00:00+00:00",
    seconds=12.0,
    machine={"processor": "one", "cores": "2"},
    load=0.25,
    figures=(FAST, SLOW, Figure("starts", 1234.0, "/s")),
)


def test_what_is_saved_is_read_back(tmp_path: Path) -> None:
    file = tmp_path / "deep" / "one.json"
    results.save([RESULT], file)
    assert results.load(file) == [RESULT]


def test_the_newest_full_result_of_each_benchmark_and_system_counts(tmp_path: Path) -> None:
    older = replace(RESULT, at="2026-11-21T09:00:00+00:00")
    quick = replace(RESULT, at="2026-11-23T09:00:00+00:00", quick=True)
    other = replace(RESULT, system="postgresql")
    results.save([RESULT, other], tmp_path / "b.json")
    results.save([older, quick], tmp_path / "c.json")
    assert results.newest(tmp_path) == [other, RESULT]


def test_the_table_has_every_figure_beside_its_target() -> None:
    text = results.markdown([RESULT], ["five-tasks-http", "timers"])
    assert "| completions | sqlite | 612 /s | ≥ 500 | reached |" in text
    assert "| p95 | sqlite | 17.2 ms | ≤ 15 | missed — cold |" in text
    assert "| starts | sqlite | 1,234 /s |  |  |" in text
    assert "- processor one, cores 2" in text
    assert "Measured: sqlite 2026-11-22 (load 0.2)." in text
    assert "timers" not in text


@pytest.mark.parametrize(
    ("value", "shown"), [(8, "8"), (1.6, "1.60"), (17.25, "17.2"), (1234.5, "1,234"), (0.2, "0.20")]
)
def test_numbers_are_shown_with_three_digits(value: float, shown: str) -> None:
    assert results.number(value) == shown


def test_only_what_is_between_the_markers_is_renewed(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(f"before\n{BEGIN}\nold\n{END}\nafter\n", encoding="utf-8")
    results.renew(page, "new\n")
    assert page.read_text(encoding="utf-8") == f"before\n{BEGIN}\n\nnew\n\n{END}\nafter\n"


def test_a_page_without_markers_is_left_alone(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("nothing here", encoding="utf-8")
    with pytest.raises(ValueError, match="lacks the markers"):
        results.renew(page, "new")
    assert page.read_text(encoding="utf-8") == "nothing here"


def test_the_documentation_has_the_markers() -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert text.index(BEGIN) < text.index(END)


def test_the_documentation_names_every_benchmark() -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert [name for name in catalogue.NAMES if f"`{name}`" not in text] == []


def test_a_result_is_drawn_with_its_runs() -> None:
    drawn = table(RESULT)
    assert drawn.row_count == 3
    assert next(iter(drawn.columns[4].cells)) == "600 612 640"


def test_a_result_says_when_others_kept_the_machine_busy() -> None:
    assert "busy" not in str(table(RESULT).title)
    assert "busy: load 7.5" in str(table(replace(RESULT, load=7.5)).title)


def test_the_command_line_lists_what_there_is() -> None:
    answer = CliRunner().invoke(main, ["--list"])
    assert answer.exit_code == 0
    assert [line.split()[0] for line in answer.output.splitlines()] == list(catalogue.NAMES)


def test_an_unknown_benchmark_is_refused_with_those_there_are() -> None:
    answer = CliRunner().invoke(main, ["five-task"])
    assert answer.exit_code == 1
    assert "five-tasks-http" in answer.output
