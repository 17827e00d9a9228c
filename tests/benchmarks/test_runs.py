"""What the benchmarks do, done small: the models run, the load client talks, the floor is laid."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from app import Product
from benchmarks import five_tasks_http, five_tasks_verbs, floor, long_cases, models
from benchmarks.client import LoadClient, Refused
from benchmarks.clients import START, Cohorts, Walk
from benchmarks.places import WORKER, Installation, Places
from benchmarks.registry import REGISTRY, Bench
from benchmarks.serving import Serving
from engine.records import InstanceState
from journey.pilot import read_cases


def nothing(what: str, done: int = 0, of: int = 0) -> None:
    """Nobody watches."""


@pytest.fixture(scope="module")
def places() -> Iterator[Places]:
    with Places() as made:
        yield made


@pytest.fixture(scope="module")
def place(places: Places) -> Installation:
    files = {**models.five_tasks(), **models.loop(), **models.parallel()}
    return places.installation("sqlite", files)


@pytest.fixture
def product(place: Installation) -> Iterator[Product]:
    opened = place.open()
    yield opened
    opened.engine.close()


def test_five_tasks_end_a_case(product: Product) -> None:
    taken: list[float] = []
    (task,) = five_tasks_verbs.started(product, 1)
    five_tasks_verbs.complete(product, task, taken.append)
    assert len(taken) == 5
    case = product.engine.cases.get(WORKER, task.instance_id)
    assert case.state is InstanceState.COMPLETED
    assert case.variables["answer_5"] == "yes"


def test_a_loop_goes_on(product: Product) -> None:
    assert len(long_cases._loop(product, 3, warm=True)) == 3
    assert len(long_cases._loop(product, 3, warm=False)) == 3


def test_parallel_tasks_are_all_open_at_once(product: Product) -> None:
    _opened, each, statements = long_cases._parallel(product, 4)
    assert len(each) == 4
    assert statements > 0


def test_the_floor_writes_what_the_verbs_wrote(places: Places, place: Installation) -> None:
    bench = Bench("sqlite", places, nothing, quick=True)
    (milliseconds,) = floor.bare_commit_ms(bench, place, 2)
    assert milliseconds > 0


def test_the_step_in_memory_needs_no_database(product: Product) -> None:
    assert floor.in_memory_step_ms(product, 2) > 0


def test_the_load_client_completes_cases_over_http(place: Installation) -> None:
    with Serving(place) as server, LoadClient(server.port, server.sign_in()) as client:
        started = client.order("start", ["case"] * 4, clients=2)
        assert len(started["made"]) == len(started["taken"]) == 4
        found = client.order("find", started["made"], clients=2)
        done = client.order("complete", found["made"], clients=2)
        assert len(done["taken"]) == 20
        assert server.cpu() > 0
        with pytest.raises(Refused, match="404"):
            client.order("complete", ["nowhere 1"])
    opened = place.open()
    states = {opened.engine.cases.get(WORKER, case).state for case in started["made"]}
    opened.engine.close()
    assert states == {InstanceState.COMPLETED}


def test_statements_over_http_are_counted_in_this_process(places: Places) -> None:
    start, each, commits = five_tasks_http._counted(Bench("sqlite", places, nothing, quick=True))
    assert start > 0
    assert each[0] > 0
    assert commits == [1]


class TestCohorts:
    LINES = read_cases()[:3]

    def test_everybody_is_somebody_else(self) -> None:
        cohorts = Cohorts(self.LINES, 5, weeks=2)
        lines = [line for week in range(2) for group in cohorts.starting_in(week) for line in group]
        assert len(lines) == cohorts.persons == 15
        assert len({line["national_id"] for line in lines}) == 15
        assert len({line["person_no"] for line in lines}) == 15

    def test_dates_move_by_whole_weeks_and_birthdays_stay(self) -> None:
        ((again, *_),) = Cohorts(self.LINES, 3, weeks=3).starting_in(2)
        line = self.LINES[0]
        assert line["listed_at"] == "2019-04-10T08:15"
        assert again["listed_at"] == "2019-04-24T08:15"
        assert again["contact_attempts"].startswith("2019-04-24T10:02 phone")
        assert again["date_of_birth"] == line["date_of_birth"]


def test_cohorts_walk_through_the_journey(places: Places) -> None:
    place = places.installation("sqlite", clock_start=START)
    product = place.open()
    walk = Walk(product, counting=True)
    seen: list[tuple[int, int]] = []
    walk.through(Cohorts(read_cases()[:2], 2, weeks=2), lambda done, of: seen.append((done, of)))
    product.engine.close()
    assert walk.failed == []
    assert seen[-1] == (4, 4)
    assert min(walk.statements) > 0


def test_every_benchmark_says_what_it_measures() -> None:
    from benchmarks import catalogue

    assert set(catalogue.NAMES) == set(REGISTRY)
    assert all(one.title and one.run.__doc__ for one in REGISTRY.values())
