"""The saved state: versioned, compact, readable by later releases; and no Python in any file."""

from __future__ import annotations

import base64
import logging
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from bpmn import BadState, LiveCase, compile_process, fold, read_diagram
from bpmn import facts as f
from tests.bpmn.diagrams import (
    both,
    boundary,
    call,
    catch,
    diagram,
    end,
    event_sub,
    many,
    mappings,
    on_message,
    path,
    process,
    script,
    service,
    start,
    sub,
    timer,
    user,
    xor,
)
from tests.bpmn.running import Running, World

EVERYTHING = diagram(
    process(
        start(),
        both("split"),
        user("task", inputs={"hint": "=name"}),
        boundary("remind", "task", timer("cycle", "R5/P1D"), interrupting=False),
        user("rounds", many("=[1, 2]", out="all", out_element="=answer")),
        sub(
            "inside",
            start("inside_start"),
            catch("wait", on_message("m")),
            path("inside_start", "wait"),
            ext=mappings({"own": "=1"}),
        ),
        call("called", "child"),
        service("job"),
        script("broken", "=missing + 1", "r"),
        both("join"),
        end(),
        path("start", "split", "task", "join", "end"),
        path("split", "rounds", "join"),
        path("split", "inside", "join"),
        path("split", "called", "join"),
        path("split", "job", "join"),
        path("split", "broken", "join"),
        event_sub(
            "on_stop",
            start("stop", on_message("stop")),
            user("stopped"),
            path("stop", "stopped"),
        ),
    ),
    process(start("c"), user("ask"), path("c", "ask"), key="child"),
    messages={"m": "=case.id", "stop": "=case.id"},
)

GOLDEN_1 = (
    "0hgh05yHZkl%T+Yq;6qtWubV$l%X`Bfuv|@Zgin|z?7jipn$-Xp*Em_qi=U^0l<`@H=u!}ZeeX@p?Hv#qA@X{HG`"
    "{cZ*OozZ*^{TWpV+eX>?_60j6PYb9ZHOz`&HEF*2bwgR5+BZ*W6zb#8QJass4jbY*P<reSV#cV%+Gz?hYxGNf~KZ"
    "*Y^LaHnr>UvqSCaKZ?JrD1YyWn`eFcVTICgQRz8VRWZ$Wpi_3XJw>rVQpokb98TTqibb(qGK_Yp){m)VRLK1AcCc"
    "EXkl|@0i<_fX>@_4cW7aBq;z3(Yn7ojrgCp}Ze(-7AcLiFXkl|@0i<kiZ*YU7VQg#yq-1YyWdNgZb##)zz@&F!X>"
    "@_4cW7aBrE_C%aAlRDHl}HAb7^E{z#xL9aA;w3WdWpjVQF-Mq<3gxbft4+Z*XOmp*N;uVQg$=WWXSTrEq9rb7cXf"
    "cVTICfuwh6VRWT)V{dR}m7zGJYHwn|AcLiFXkl|@0jFVfbY*RDbOEGyVQF-Nq<3gxbfao-Vxwzid7(I!p*f~va&K"
    "#8ZomkFrEq9rb7cXgb98lMYm=feHL7KJaB^jHb7^mG**{`(Z);_4AShyTZ);_4DLNojXk{RCV{&P5bRc7Ib!=oHZ"
    "f|rTVr3v@c42IFVRU6=Iv{Onb8~5KXCNyeF_oe*Fs5>4ZE0>~zzBk+VRCI{WT7;qcVTICgrs+9VRWT*X>Db4qhxh"
    "u*8gevU=XBiWoC2)rDb+ya(SjwH7`&xM3a-DHIt!mrgCp}Ze(-Al9i${F{W~Fb#7#Hz#xRBa&L8RWB{XYcW#rbY;"
    "SLHLvM9%bY*g+X>?_6reSV#cV%*=aA;w3WdWpjVQF-Mq<3gxbfk1)b8D5NF*2rdZ*^{DbHE^krE+g|Ze#(YZ+C8!"
    "t88y?a6@l(ZggdGq-k_zZKh#vb9ZHOrEq9rb7cXfcVTICfuwh6VRWQ)VRLJfp*EADaHeT)b7^E{!jYAtF*c-kVQF"
    ";0AcCcEXkl|@0i<_fX>^06cW7aBr)_0(b75y?q;6qtWua}OYh`(&V=<GVH<P7fXlZO@pu&-rqA@q4VRLK1AcCcEX"
    "kl|@0i<_fX>@_4cW7aBq;z3(YX"
)


def finish(case: Running) -> None:
    case.retry(missing=1)
    case.finish(sent=True)
    case.deliver("m")
    case.do("rounds", answer=1)
    case.do("rounds", answer=2)
    case.do("ask", asked=1)
    case.fire("remind")
    case.do("task", done=True)


def restored(state: bytes) -> Running:
    case = Running(EVERYTHING, {"name": "x"})
    case.live = LiveCase.restore(case.executable, state)
    return case


def test_a_state_of_the_first_version_still_loads_and_runs_to_the_end() -> None:
    case = restored(base64.b85decode(GOLDEN_1))
    assert case.live.save() == Running(EVERYTHING, {"name": "x"}).live.save()
    finish(case)
    assert case.done
    assert case.variables == {
        "name": "x",
        "missing": 1,
        "r": 2,
        "sent": True,
        "all": [1, 2],
        "asked": 1,
        "done": True,
    }


def test_the_state_is_small() -> None:
    assert len(Running(EVERYTHING, {"name": "x"}).live.save()) < 1000


def test_states_that_cannot_be_read() -> None:
    case = Running(EVERYTHING, {"name": "x"})
    state = case.live.save()
    processes = read_diagram(EVERYTHING, file="t").processes
    other = compile_process(processes["child"], processes)
    for executable, bad in (
        (case.executable, b""),
        (case.executable, bytes([99]) + state[1:]),
        (case.executable, state[:-10]),
        (case.executable, state[:1] + b"\xc0"),
        (other, state),
    ):
        with pytest.raises(BadState):
            LiveCase.restore(executable, bad)


def test_equal_contents_are_compiled_once() -> None:
    first = read_diagram(EVERYTHING, file="t").processes
    second = read_diagram(EVERYTHING, file="t").processes
    assert compile_process(first["p"], first) is compile_process(second["p"], second)
    assert compile_process(first["p"], {}) is not compile_process(first["p"], first)


def test_names_of_elements_are_found_in_called_processes_too() -> None:
    case = Running(EVERYTHING, {"name": "x"})
    assert case.executable.element_name("ask") == "ask"
    assert case.executable.element_name("ask", "child") == "ask"
    assert case.executable.element_name("unknown") == "unknown"
    assert (case.executable.key, case.executable.name) == ("p", "عملية")


def test_folding_until_a_moment_shows_what_stood_then() -> None:
    case = Running(EVERYTHING, {"name": "x"})
    opened = next(n for n, fact in enumerate(case.facts) if isinstance(fact, f.TaskOpened))
    assert fold(case.facts, opened).tasks == {}
    assert len(fold(case.facts, opened + 1).tasks) == 1


@contextmanager
def watched() -> Iterator[list[str]]:
    """Notes every exec and compile of Python text meanwhile."""
    seen: list[str] = []
    active = True

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        if active and event in ("exec", "compile"):
            seen.append(f"{event} {str(arguments)[:200]}")

    sys.addaudithook(hook)
    try:
        yield seen
    finally:
        active = False


MARK = "__import__('os').system('true')"


def test_no_text_of_a_file_is_ever_run_as_python() -> None:
    evil = diagram(
        process(
            start(),
            user("u", name=MARK, inputs={"x": MARK}, groups=MARK),
            xor("g", "g_end"),
            catch("t", timer("duration", '="PT1H"')),
            script("s", f'="{MARK}"', "y"),
            end(),
            path("start", "u", "s", "t", "g", "end"),
        )
    )
    Running(EVERYTHING, {"name": "x"})  # whatever is imported late is imported now
    Running(evil, {"x": MARK})
    with watched() as seen:
        case = Running(evil, {"x": MARK})
        case.do("u", z=MARK)
        case.fire()
        finish(Running(EVERYTHING, {"name": "x"}))
    assert case.done
    assert case.variables["y"] == MARK
    assert seen == []


def test_the_librarys_script_engine_cannot_be_reached_even_after_restoring() -> None:
    case = Running(EVERYTHING, {"name": "x"})
    workflow: Any = case.live._case
    inner = next(iter(workflow.subprocesses.values()))
    for each in (workflow, inner):
        for name in ("evaluate", "execute", "call_service", "environment"):
            with pytest.raises(RuntimeError, match="not used"):
                getattr(each.script_engine, name)


def test_the_librarys_loggers_are_quiet() -> None:
    for name in ("spiff.task", "spiff.workflow"):
        assert logging.getLogger(name).getEffectiveLevel() == logging.WARNING


def test_forked_workers_make_the_same_keys_from_the_same_state() -> None:
    """Keys are counted in the state, so no process can give out another's by chance."""
    case = Running(EVERYTHING, {"name": "x"})
    key = next(t for t in case.snapshot.open_tasks)
    read, write = os.pipe()
    child = os.fork()
    if child == 0:  # pragma: no cover - runs in the child
        case.live.complete_task(key, {}, World())
        os.write(write, case.live.save())
        os._exit(0)
    os.close(write)
    os.waitpid(child, 0)
    with os.fdopen(read, "rb") as pipe:
        theirs = pipe.read()
    case.live.complete_task(key, {}, World())
    assert case.live.save() == theirs
