"""More processes on one PostgreSQL: 1, 2 and 4 servers' workers, 1 and 2 schedulers."""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta

from benchmarks import models, waiting
from benchmarks.client import LoadClient
from benchmarks.measuring import figure
from benchmarks.places import Installation
from benchmarks.registry import Bench, benchmark
from benchmarks.results import Figure, at_least
from benchmarks.serving import Scheduling, Serving

_CLIENTS = 8


@benchmark("processes", "Several processes on one PostgreSQL", systems=("postgresql",))
def processes(bench: Bench) -> Sequence[Figure]:
    """The same load from eight clients, and the same overdue timers, each time."""
    count, rounds = bench.full_or_quick(400, 16), bench.full_or_quick(3, 1)
    served: dict[int, list[float]] = {1: [], 2: [], 4: []}
    place = bench.places.installation(bench.system, models.five_tasks())
    for number in range(rounds):
        for workers, runs in served.items():
            bench.progress(f"{workers} server process(es)", number, rounds)
            runs.append(_served(place, workers, count))
    bench.places.drop(place)
    overdue = bench.full_or_quick(2_000, 60)
    fired: dict[int, list[float]] = {1: [], 2: []}
    place = bench.places.installation(bench.system, models.waiting())
    for number in range(rounds):
        for schedulers, runs in fired.items():
            bench.progress(f"{schedulers} scheduler(s)", number, rounds)
            runs.append(_fired(place, schedulers, overdue))
    bench.places.drop(place)
    cores = f"{os.cpu_count()} cores shared with the database and the clients"
    one = figure("", served[1], "").value
    return [
        *(
            figure(f"completions, {workers} server process(es)", runs, "/s")
            for workers, runs in served.items()
        ),
        figure(
            "two server processes to one", [run / one for run in served[2]], "times",
            at_least(1.7), cores,
        ),
        figure("four server processes to one", [run / one for run in served[4]], "times"),
        *(
            figure(f"timers fired, {schedulers} scheduler(s)", runs, "/s")
            for schedulers, runs in fired.items()
        ),
    ]  # fmt: skip


def _served(place: Installation, workers: int, count: int) -> float:
    """Completions a second; the clients are two processes, so that they are not the limit."""
    with Serving(place, workers) as server, ExitStack() as stack:
        token = server.sign_in()
        clients = [stack.enter_context(LoadClient(server.port, token)) for _ in range(2)]
        share = _CLIENTS // len(clients)
        clients[0].order("start", ["warm"] * workers * 8, share)  # every worker's caches
        tasks: list[list[str]] = []
        for client in clients:
            started = client.order("start", ["case"] * (count // len(clients)), share)
            tasks.append(client.order("find", started["made"], share)["made"])
        began = time.perf_counter()
        for client, mine in zip(clients, tasks, strict=True):
            client.send("complete", mine, share)
        done = [client.receive() for client in clients]
        wall = time.perf_counter() - began
        return sum(len(answer["taken"]) for answer in done) / wall


def _fired(place: Installation, schedulers: int, count: int) -> float:
    """Timers fired a second, from the first to the last of those that were overdue."""
    product = place.open()
    began = datetime.now(UTC)
    past = began - timedelta(hours=1)
    waiting.wait_until(product, [past + timedelta(seconds=n) / 10 for n in range(count)])
    place.settle()
    with ExitStack() as stack:
        for _ in range(schedulers):
            stack.enter_context(Scheduling(place))
        deadline = time.monotonic() + 300
        while waiting.still_waiting(product.engine.database, began):
            if time.monotonic() > deadline:
                raise RuntimeError("The schedulers did not fire everything.")
            time.sleep(0.2)
    ended = sorted(waiting.ends(product.engine.database, began))
    product.engine.close()
    if len(ended) != count:
        raise RuntimeError(f"{len(ended)} cases ended, not {count}: a timer fired twice or never.")
    return (count - 1) / (ended[-1] - ended[0]).total_seconds()
