"""The DMN Technology Compatibility Kit, where its data is, and an own test file of its form."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from dmn import DmnError, run_tck

OWN = Path(__file__).parent / "tck"
ROOT = Path(__file__).resolve().parents[2]
KIT = Path(os.environ.get("DMN_TCK", ROOT.parent / "shared" / "dmn-tck"))
# Level 3 asks in these for functions written in Java, which this product will not run.
JAVA = "0076-feel-external-java"


def _folders() -> list[Path]:
    level_2 = KIT / "compliance-level-2"
    return [OWN, *([level_2] if level_2.is_dir() else [])]


@pytest.mark.parametrize("folder", _folders(), ids=lambda folder: folder.name)
def test_every_result_is_as_expected(folder: Path) -> None:
    report = run_tck(folder)
    assert report.failures == ()
    assert report.passed == report.total > 0


@pytest.mark.parametrize(
    "folder",
    [f for f in [OWN, *sorted(KIT.glob("compliance-level-3/*"))] if f.name != JAVA],
    ids=lambda folder: folder.name,
)
def test_level_3(folder: Path) -> None:
    assert run_tck(folder).failures == ()


def test_a_wrong_result_is_reported_with_file_case_and_result(tmp_path: Path) -> None:
    for file in (OWN / "benefit").iterdir():
        text = file.read_text(encoding="utf-8").replace(">130<", ">131<")
        (tmp_path / file.name).write_text(text, encoding="utf-8")
    report = run_tck(tmp_path)
    assert report.passed == report.total - 1
    assert report.failures == ("benefit-test.xml:large family:Benefit (expected 131, got 130)",)


def test_a_folder_without_tests_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(DmnError, match="no TCK test file"):
        run_tck(tmp_path)
