"""Tells a story over HTTP: who opens, fills in, sees and is refused what, on the simulated clock.

Users are named as the demonstration names them (`case_worker.irbid`). After every command that
changes something the driver compares what was recorded with what stands: no incident is open, and
each case that moved is, replayed from its journal, the live case.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app import Product
from engine.records import SYSTEM, Paging
from engine.verify import verify_chains
from journey.store import projections
from tests.journey.scenarios import answers

BASE = "/api/v1"
PASSWORD = "a long demonstration password"
AMMAN = ZoneInfo("Asia/Amman")
Json = dict[str, Any]

AUDITOR = "auditor.hq"
ADMIN = "admin.hq"
COORDINATOR = "hq_coordinator.hq"


@dataclass
class Story:
    """One installation and what happens in it. `case` is the journey that verbs without an
    instance are about: the one opened last."""

    product: Product
    app: Flask
    tokens: dict[str, str]
    case: str = ""
    person: Json = field(default_factory=dict)
    _client: FlaskClient = field(init=False)
    _checked: dict[str, int] = field(default_factory=dict)
    """Case → the revision that was compared last."""

    def __post_init__(self) -> None:
        self._client = self.app.test_client()

    # -- requests

    def call(
        self, user: str, method: str, path: str, body: Any = None, **query: Any
    ) -> TestResponse:
        """One request as `user`; a query parameter `from` is given as `from_`."""
        if user not in self.tokens:
            credentials = {"username": user, "password": PASSWORD}
            answer = self._client.post(f"{BASE}/auth/token", json=credentials)
            assert answer.status_code == 200, answer.text
            signed_in: Json = answer.get_json()
            self.tokens[user] = signed_in["access_token"]
        headers = {"Authorization": f"Bearer {self.tokens[user]}", "Accept-Language": "en"}
        parameters = {name.rstrip("_"): str(value) for name, value in query.items()}
        more: Json = {} if body is None else {"json": body}
        return self._client.open(
            BASE + path, method=method, headers=headers, query_string=parameters, **more
        )

    def get(self, user: str, path: str, **query: Any) -> Any:
        """The JSON of a GET that must succeed."""
        answer = self.call(user, "GET", path, **query)
        assert answer.status_code == 200, (user, path, answer.status_code, answer.text)
        return answer.json

    def change(self, user: str, method: str, path: str, body: Any = None) -> Any:
        """The JSON of a command that must succeed; then everything recorded is compared."""
        answer = self.call(user, method, path, body)
        assert answer.status_code < 300, (user, path, body, answer.status_code, answer.text)
        self._compare()
        return answer.json

    def refused(self, status: int, user: str, method: str, path: str, body: Any = None) -> Json:
        """The problem of a request that must be refused with `status`."""
        answer = self.call(user, method, path, body)
        assert answer.status_code == status, (user, path, answer.status_code, answer.text)
        problem: Json = answer.get_json()
        assert problem["status"] == status
        return problem

    # -- people and journeys

    def register(self, user: str, **data: Any) -> Json:
        """Register a person; the story goes on about her."""
        made: Json = self.change(user, "POST", "/persons", {**answers.PERSON, **data})
        self.person = made
        return made

    def open_journey(self, user: str, unit: str) -> Json:
        """Open a journey of the person; verbs without an instance are about it from now on."""
        path = f"/persons/{self.person['id']}/journeys"
        opened: Json = self.change(user, "POST", path, {"unit": unit})
        self.case = opened["id"]
        return opened

    def cycles(self, user: str) -> list[Json]:
        """The person's cycles, newest first."""
        found: list[Json] = self.get(user, f"/persons/{self.person['id']}/journeys")["items"]
        return found

    def instance(self, instance: str | None = None) -> Json:
        """A case, as the auditor sees it."""
        found: Json = self.get(AUDITOR, f"/instances/{instance or self.case}")
        return found

    def instances(self, **query: Any) -> list[Json]:
        """The cases of a process, of a state …, as the auditor sees them."""
        found: list[Json] = self.get(AUDITOR, "/instances", limit=200, **query)["items"]
        return found

    def variable(self, name: str) -> Any:
        """A variable of the case."""
        return self.instance()["variables"][name]

    # -- tasks

    def tasks(self, user: str, instance: str | None = None, **query: Any) -> list[Json]:
        """The tasks of the case that `user` sees; open ones unless `state` says otherwise."""
        query = {"limit": 200, "instance": instance or self.case, **query}
        found: list[Json] = self.get(user, "/tasks", **query)["items"]
        return found

    def todo(self, user: str, instance: str | None = None) -> list[str]:
        """The elements of the open tasks that `user` sees in the case, sorted."""
        return sorted(task["element_id"] for task in self.tasks(user, instance))

    def task(self, user: str, element: str, instance: str | None = None, **query: Any) -> Json:
        """The one task of an element that `user` sees, open unless `state` says otherwise."""
        found = self.tasks(user, instance, element=element, **query)
        assert found, f"{user} sees no {element}, but {self.todo(user, instance)}"
        assert len(found) == 1, found
        return found[0]

    def form(self, user: str, element: str, instance: str | None = None) -> Json:
        """The open task's form as `user` gets it: form, data, draft, options."""
        task = self.task(user, element, instance)
        found: Json = self.get(user, f"/tasks/{task['id']}/form")
        return found

    def shown(self, user: str, element: str) -> Json:
        """What the open task's form shows to `user` before anything is typed."""
        data: Json = self.form(user, element)["data"]
        return data

    def do(self, user: str, element: str, /, instance: str | None = None, **typed: Any) -> Json:
        """Complete the open task of an element as a person would: the form's prefill with what is
        typed over it. The answer of the completion."""
        task, body = self._filled(user, element, instance, typed)
        done: Json = self.change(user, "POST", f"/tasks/{task['id']}/complete", body)
        return done

    def cannot(self, status: int, user: str, element: str, /, **typed: Any) -> Json:
        """As `do`, but it must be refused with `status`; the problem."""
        task, body = self._filled(user, element, None, typed)
        return self.refused(status, user, "POST", f"/tasks/{task['id']}/complete", body)

    def errors(self, user: str, element: str, /, **typed: Any) -> list[str]:
        """The fields that the form refuses, sorted; the task stays open."""
        return sorted(self.cannot(422, user, element, **typed)["errors"])

    def correct(self, user: str, element: str, reason: str, /, **typed: Any) -> Json:
        """Correct the completed task of an element (the one completed last)."""
        found = self.tasks(user, element=element, state="completed")
        task = max(found, key=lambda each: str(each["completed_at"]))
        shown = self.get(user, f"/tasks/{task['id']}/form")
        body = {"data": {**shown["data"], **typed}, "reason": reason}
        done: Json = self.change(user, "POST", f"/tasks/{task['id']}/correct", body)
        return done

    def _filled(
        self, user: str, element: str, instance: str | None, typed: Mapping[str, Any]
    ) -> tuple[Json, Json]:
        task = self.task(user, element, instance)
        data: Json = {}
        if task["form"] is not None:
            data = self.get(user, f"/tasks/{task['id']}/form")["data"]
        return task, {"revision": task["revision"], "data": {**data, **typed}}

    def due(self, user: str, element: str, instance: str | None = None) -> str:
        """When the open task is due, as Amman's clocks and calendars say it."""
        return local(self.task(user, element, instance)["due_at"])

    def blind(self, *users: str, instance: str | None = None) -> None:
        """None of these users sees the case, its history, its tasks or the person."""
        case = instance or self.case
        ids = [task.id for task in self._open_tasks(case)]
        for user in users:
            for path in (f"/instances/{case}", f"/instances/{case}/history"):
                self.refused(404, user, "GET", path)
            self.refused(404, user, "GET", f"/persons/{self.person['id']}")
            assert self.tasks(user, case) == []
            for task in ids:
                self.refused(404, user, "GET", f"/tasks/{task}")
                self.refused(404, user, "GET", f"/tasks/{task}/form")
                self.refused(404, user, "POST", f"/tasks/{task}/claim")

    # -- time

    @property
    def now(self) -> datetime:
        """The simulated moment in Amman."""
        told = self.get(ADMIN, "/clock")["now"]
        return datetime.fromisoformat(told).astimezone(AMMAN)

    @property
    def today(self) -> str:
        """The simulated day in Amman, ISO."""
        return self.now.date().isoformat()

    def until(self, day: str, clock: str = "10:00") -> None:
        """Move the clock forward to a local day and time; everything due on the way happens."""
        at = datetime.combine(date.fromisoformat(day), time.fromisoformat(clock), AMMAN)
        target = at.astimezone(UTC).isoformat().replace("+00:00", "Z")
        self.change(ADMIN, "POST", "/clock", {"now": target})

    def until_just_before(self, day: str) -> None:
        """Move the clock to the last second before a local day begins."""
        before = date.fromisoformat(day) - timedelta(days=1)
        self.until(before.isoformat(), "23:59:59")

    def pass_days(self, days: int) -> None:
        """Let so many days pass."""
        self.change(ADMIN, "POST", "/clock", {"advance": f"P{days}D"})

    # -- what is reported

    def office(self, place: str, user: str = COORDINATOR) -> Json:
        """A branch's row of the office table, from the beginning until today."""
        rows = self.get(user, "/reports/offices")["items"]
        found = [row for row in rows if row["office"] == place]
        assert len(found) == 1, rows
        row: Json = found[0]
        return row

    def rate(self, name: str, place: str) -> tuple[int, int]:
        """A rate of a branch's row: how many of how many."""
        rates = self.get(COORDINATOR, "/reports/offices")["rates"]
        [found] = [each for each in rates if (each["name"], each["office"]) == (name, place)]
        return found["numerator"], found["denominator"]

    def reminders(self, user: str, kind: str | None = None) -> list[Json]:
        """What `user` was reminded of, newest first."""
        items: list[Json] = self.get(user, "/notifications", limit=200)["items"]
        return [item for item in items if kind in (None, item["kind"])]

    def history(self, user: str, instance: str | None = None) -> list[Json]:
        """The whole journal of a case, oldest first."""
        entries: list[Json] = []
        cursor: Json = {}
        while True:
            page = self.get(
                user, f"/instances/{instance or self.case}/history", limit=200, **cursor
            )
            entries += page["items"]
            if page["next_cursor"] is None:
                return entries
            cursor = {"cursor": page["next_cursor"]}

    # -- proofs

    def _compare(self) -> None:
        """No incident is open, and every case that moved is its own replay. Asked of the verbs:
        what HTTP makes of their answers is tested elsewhere."""
        engine = self.product.engine
        assert engine.incidents.list(SYSTEM).items == ()
        for case in engine.cases.list(SYSTEM, paging=Paging(200)).items:
            if self._checked.get(case.id) == case.revision:
                continue
            live = engine.cases.get(SYSTEM, case.id)
            replayed = engine.history.replay(SYSTEM, case.id)
            open_now = sorted(task.id for task in self._open_tasks(case.id))
            assert sorted(replayed.active_elements) == sorted(live.active_elements)
            assert replayed.variables == live.variables
            assert sorted(task["id"] for task in replayed.open_tasks) == open_now
            assert replayed.state == live.state
            self._checked[case.id] = case.revision

    def _open_tasks(self, case: str) -> tuple[Any, ...]:
        """All open tasks of a case: over HTTP each is seen at its own unit only."""
        page = self.product.engine.tasks.list(SYSTEM, instance=case, paging=Paging(200))
        return page.items

    def prove(self) -> None:
        """Every chain of the journal is whole (`rihla verify`), and the journey's tables are made
        again from it just as they are (`rihla rebuild`)."""
        database = self.product.engine.database
        broken = [report for report in verify_chains(database) if not report.ok]
        assert broken == []
        with database.reading() as transaction:
            before = projections.snapshot(transaction)
        assert self.product.journey.rebuild().erased == 0
        with database.reading() as transaction:
            assert projections.snapshot(transaction) == before


def local(moment: str) -> str:
    """A moment of the API as Amman's clocks and calendars say it: `2026-01-04 10:00`."""
    return datetime.fromisoformat(moment).astimezone(AMMAN).strftime("%Y-%m-%d %H:%M")
