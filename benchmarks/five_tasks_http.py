"""The five-task process over HTTP: token, form, journal, commit, as a client of the API has it."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from unittest.mock import patch

from werkzeug.test import Client

from api.logs import configure_logging
from app import serve_application
from benchmarks import bare_route, models
from benchmarks.client import LoadClient
from benchmarks.measuring import figure, percentile, traffic
from benchmarks.places import PASSWORD, WORKER_NAME, Installation
from benchmarks.registry import Bench, benchmark
from benchmarks.results import Figure, at_least, at_most, exactly
from benchmarks.serving import Serving

_STEPS = len(models.STEPS)
_REFERENCE = "1,850 on the machine that the targets were set for"


@dataclass
class Runs:
    """The repeated measurements of one number of clients."""

    starts: list[float] = field(default_factory=list)
    completions: list[float] = field(default_factory=list)
    median_ms: list[float] = field(default_factory=list)
    high_ms: list[float] = field(default_factory=list)
    cpu_ms: list[float] = field(default_factory=list)
    bytes_each: list[float] = field(default_factory=list)
    bare: list[float] = field(default_factory=list)
    bare_cpu_ms: list[float] = field(default_factory=list)
    times_bare: list[float] = field(default_factory=list)
    """Server CPU of a completion, in bare routes measured right after it."""


@benchmark("five-tasks-http", "Five user tasks over HTTP")
def five_tasks_http(bench: Bench) -> Sequence[Figure]:
    """One client and eight, against one server process."""
    one, eight = _measured(bench, 1), _measured(bench, 8)
    bench.progress("counting statements")
    start, each, commits = _counted(bench)
    wanted = 500 if bench.sqlite else 400
    return [
        figure("completions, one client", one.completions, "/s", at_least(wanted)),
        figure("completion, one client, p50", one.median_ms, "ms"),
        figure("completion, one client, p95", one.high_ms, "ms"),
        figure("server CPU per completion", one.cpu_ms, "ms", at_most(1.6)),
        figure("a route with nothing behind it, one client", one.bare, "/s", note=_REFERENCE),
        figure("its server CPU", one.bare_cpu_ms, "ms"),
        figure("server CPU, a completion to that route", one.times_bare, "times"),
        figure("statements per completion", each, "", at_most(8), "the most of five"),
        figure("commits per completion", commits, "", exactly(1)),
        figure("starts, one client", one.starts, "/s"),
        figure("statements per start", [start], ""),
        figure("completions, eight clients", eight.completions, "/s"),
        figure("completion, eight clients, p50", eight.median_ms, "ms"),
        figure("completion, eight clients, p95", eight.high_ms, "ms"),
        figure("server CPU per completion, eight clients", eight.cpu_ms, "ms"),
        figure("starts, eight clients", eight.starts, "/s"),
        figure("a finished instance takes", one.bytes_each, "B", at_most(5000), "with its indexes"),
    ]


def _measured(bench: Bench, clients: int) -> Runs:
    rounds = bench.full_or_quick(3, 1)
    count = bench.full_or_quick(500, 20)
    place = bench.places.installation(bench.system, models.five_tasks())
    runs = Runs()
    for number in range(rounds):
        bench.progress(f"{clients} client(s) over HTTP", number, rounds)
        before = 0
        # A server of its own each time: none of them reaches the end of its worker's life.
        with Serving(place) as server, LoadClient(server.port, server.sign_in()) as client:
            _through(client, ["warm"] * max(10, count // 10), clients)
            before = place.size()
            started = client.order("start", ["case"] * count, clients)
            found = client.order("find", started["made"], clients)
            cpu = server.cpu()
            done = client.order("complete", found["made"], clients)
            cpu = server.cpu() - cpu
        runs.bytes_each.append((place.size() - before) / count)
        runs.starts.append(count / started["wall"])
        runs.completions.append(count * _STEPS / done["wall"])
        runs.median_ms.append(percentile(done["taken"], 0.5) * 1000)
        runs.high_ms.append(percentile(done["taken"], 0.95) * 1000)
        runs.cpu_ms.append(cpu / (count * _STEPS) * 1000)
        if clients == 1:
            rate, cpu_ms = bare_route.measured(place, bench.full_or_quick(2000, 50))
            runs.bare.append(rate)
            runs.bare_cpu_ms.append(cpu_ms)
            runs.times_bare.append(runs.cpu_ms[-1] / cpu_ms)
    bench.places.drop(place)
    return runs


def _through(client: LoadClient, given: Sequence[str], clients: int) -> None:
    """Whole cases from beginning to end, unmeasured."""
    started = client.order("start", given, clients)
    found = client.order("find", started["made"], clients)
    client.order("complete", found["made"], clients)


def _counted(bench: Bench) -> tuple[float, list[float], list[float]]:
    """Statements of a start; the most statements, and the commits, of a warm completion. The same
    application as the server's, called in this process."""
    place = bench.places.installation(bench.system, models.five_tasks())
    with _application(place) as client:
        credentials = {"username": WORKER_NAME, "password": PASSWORD}
        token = client.post("/api/v1/auth/token", json=credentials).get_json()["access_token"]
        headers = {"Authorization": f"Bearer {token}"}
        starts: list[int] = []
        most: list[float] = []
        commits: list[float] = []
        for _ in range(3):  # the first ones fill the caches
            with traffic() as seen:
                case = client.post(
                    f"/api/v1/processes/{models.FIVE}/instances", json={}, headers=headers
                ).get_json()
            starts.append(len(seen.statements))
            page = client.get(f"/api/v1/tasks?instance={case['id']}", headers=headers).get_json()
            task = page["items"][0]
            statements: list[int] = []
            for number in models.STEPS:
                data = {"revision": task["revision"], "data": models.answers(number)}
                with traffic() as seen:
                    answer = client.post(
                        f"/api/v1/tasks/{task['id']}/complete", json=data, headers=headers
                    )
                if answer.status_code != 200:
                    raise RuntimeError(answer.get_data(as_text=True))
                task = next(iter(answer.get_json()["next_tasks"]), task)
                statements.append(len(seen.statements))
                commits.append(seen.commits)
            most.append(max(statements))
    bench.places.drop(place)
    return starts[-1], [most[-1]], [max(commits[-_STEPS:])]


@contextmanager
def _application(place: Installation) -> Iterator[Client]:
    with patch.dict(os.environ, place.environment):
        configure_logging("error")  # a line a request belongs into a file
        yield Client(serve_application())
