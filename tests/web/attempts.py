"""For each page of the table: one request that succeeds for somebody who may make it, about a thing
of a place."""

from __future__ import annotations

from datetime import UTC, date, datetime
from itertools import count
from typing import Any

from engine.records import SYSTEM, Role
from settings import ROOT
from tests.journey.scenarios import answers
from tests.journey.scenarios.driver import PASSWORD
from tests.web import attempts_registers
from tests.web.attempt import PDF, Attempt, Maker
from tests.web.driver import Pages
from tests.web.places import offered, referred

_numbers = count(1)


def person(pages: Pages, place: str) -> dict[str, Any]:
    """A new person of a branch."""
    number = f"{next(_numbers):010d}"
    body = {**answers.PERSON, "national_id": number, "residence_location": place}
    answer = pages.story.call(f"case_worker.{place}", "POST", "/persons", body)
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.get_json()
    return made


def case(pages: Pages, place: str) -> str:
    """A new person's journey, just opened."""
    path = f"/persons/{person(pages, place)['id']}/journeys"
    worker, unit = f"case_worker.{place}", {"unit": f"naf:{place}"}
    answer = pages.story.call(worker, "POST", path, unit)
    assert answer.status_code == 201, answer.text
    return str(answer.get_json()["id"])


def task(pages: Pages, place: str, in_case: str | None = None) -> dict[str, Any]:
    """The first task of a case."""
    worker = f"case_worker.{place}"
    return pages.story.task(worker, "contact_client", in_case or case(pages, place))


def done(pages: Pages, place: str) -> str:
    """A task that is completed."""
    waiting = task(pages, place)
    worker, path = f"case_worker.{place}", f"/tasks/{waiting['id']}"
    data = pages.story.get(worker, f"{path}/form")["data"]
    body = {"revision": waiting["revision"], "data": {**data, **CALLED}}
    assert pages.story.call(worker, "POST", f"{path}/complete", body).status_code == 200
    return str(waiting["id"])


CALLED = {"channel": "phone", "attempt_result": "no_answer"}
TYPED = {**CALLED, "attempted_at": "04/01/2026", "attempted_at@time": "09:30"}


def _at(path: str, **data: Any) -> Maker:
    return lambda _pages, _place: Attempt(path, data)


def _of_case(action: str = "", **data: Any) -> Maker:
    return lambda pages, place: Attempt(f"/cases/{case(pages, place)}{action}", data)


def _of_task(action: str = "", **data: Any) -> Maker:
    return lambda pages, place: Attempt(f"/tasks/{task(pages, place)['id']}{action}", data)


def _of_person(action: str = "", **data: Any) -> Maker:
    return lambda pages, place: Attempt(f"/persons/{person(pages, place)['id']}{action}", data)


def _completing(pages: Pages, place: str) -> Attempt:
    waiting = task(pages, place)
    return Attempt(f"/tasks/{waiting['id']}", {**TYPED, "_revision": waiting["revision"]})


def _correcting(action: str) -> Maker:
    data = {**TYPED, "reason": "خطأ في الإدخال"}
    return lambda pages, place: Attempt(f"/tasks/{done(pages, place)}/{action}", data)


def _registering(_pages: Pages, place: str) -> Attempt:
    data = {**TYPED_PERSON, "national_id": f"{next(_numbers):010d}", "residence_location": place}
    return Attempt("/persons/new", data)


def _changing(pages: Pages, place: str) -> Attempt:
    known = person(pages, place)
    data = {**TYPED_PERSON, "national_id": known["national_id"], "residence_location": place}
    return Attempt(f"/persons/{known['id']}/edit", {**data, "version": 1})


TYPED_PERSON = {
    "first_name": "سلمى",
    "last_name": "الخطيب",
    "sex": "female",
    "date_of_birth": "15/06/1994",
    "education_level": "secondary",
}


def _opening(pages: Pages, place: str) -> Attempt:
    known = person(pages, place)["id"]
    return Attempt(f"/persons/{known}/journeys", {"unit": f"naf:{place}"})


def attachment(pages: Pages, place: str, in_case: str | None = None) -> str:
    """A document of a case, added by the place's case worker."""
    worker = f"case_worker.{place}"
    actor = pages.product.engine.identity.actor_for_token(pages.token(worker))
    made = pages.product.engine.attachments.add(
        actor, in_case or case(pages, place), filename="paper.pdf", content=PDF
    )
    return str(made.id)


def _withdrawing(pages: Pages, place: str) -> Attempt:
    where = case(pages, place)
    path = f"/cases/{where}/documents/{attachment(pages, place, where)}/withdraw"
    return Attempt(path, {"reason": "وثيقة شخص آخر"})


def _reminder(pages: Pages, place: str) -> Attempt:
    engine = pages.product.engine
    with engine.database.transaction() as transaction:
        [made] = engine.notifications.notify(
            transaction,
            role=Role.CASE_WORKER,
            unit=f"naf:{place}",
            kind="overdue",
            text_ar="تأخرت",
            text_en="late",
            at=datetime(2026, 1, 4, tzinfo=UTC),
        )
    return Attempt(f"/notifications/{made.id}/read")


def diagram() -> str:
    """The shipped journey as a process owner's editor has it."""
    return (ROOT / "bpmn" / "processes" / "client_journey.bpmn").read_text(encoding="utf-8")


def published_file(pages: Pages) -> str:
    """The name, by its content, of a form that the journey runs with."""
    engine = pages.product.engine
    newest = engine.deployments.process(SYSTEM, "client_journey")
    with engine.database.reading() as transaction:
        pins = engine.definitions.pins(transaction, newest.id)
    return min(one.sha256 for one in pins.values() if one.kind == "form")


def _referred(pages: Pages, place: str) -> str:
    number = f"{next(_numbers):010d}"
    return referred(pages.story, place, national_id=number)


def _referral(**data: Any) -> Maker:
    return lambda pages, place: Attempt(f"/letters/referral/{_referred(pages, place)}.pdf", data)


def _behind(pages: Pages, place: str) -> Attempt:
    _referred(pages, place)
    links = pages.see("hq_coordinator.hq", "/reports/offices?period=all").iter("a")
    found = sorted(href for one in links if "/people?" in (href := str(one.get("href"))))
    return Attempt(next(href for href in found if f"naf:{place}" in href))


def _linking(pages: Pages, place: str) -> Attempt:
    found = offered(pages.story, place, national_id=f"{next(_numbers):010d}")
    waiting = pages.story.task("service_provider.vtc_irbid", "provider_accept", found)
    return Attempt(f"/cases/{found}/links", {"task_id": waiting["id"]})


def _revoking(pages: Pages, place: str) -> Attempt:
    linking = _linking(pages, place)
    engine = pages.product.engine
    worker = engine.identity.actor_for_token(pages.token(f"case_worker.{place}"))
    link, _token = engine.links.issue(worker, str((linking.data or {})["task_id"]), None)
    return Attempt(f"{linking.path}/{link.id}/revoke")


def _colleague(pages: Pages, place: str, role: Role) -> dict[str, str]:
    """A new colleague, who stands in for somebody on two days."""
    name = f"colleague{next(_numbers)}.{place}"
    pages.product.engine.identity.users.create(
        SYSTEM, name, name="زميل", password=PASSWORD, roles=(role,), units=(f"naf:{place}",)
    )
    return {"substitute": name, "valid_from": "05/01/2026", "valid_to": "06/01/2026"}


def _leaving(pages: Pages, _place: str) -> Attempt:
    heads = _colleague(pages, "irbid", Role.BRANCH_HEAD)
    workers = _colleague(pages, "irbid", Role.CASE_WORKER)
    return Attempt("/absence", workers, by_user={"branch_head.irbid": heads})


def _returning(pages: Pages, place: str) -> Attempt:
    made = pages.product.engine.identity.users.add_substitute(
        SYSTEM,
        f"case_worker.{place}",
        _colleague(pages, place, Role.CASE_WORKER)["substitute"],
        date(2026, 1, 5),
        date(2026, 1, 6),
    )
    return Attempt(f"/absence/{made.id}/end")


MAKERS: dict[str, Maker] = {
    **attempts_registers.MAKERS,
    "GET /": _at("/"),
    "GET /account": _at("/account"),
    "GET /password": _at("/password"),
    "GET /tasks": _at("/tasks"),
    "POST /tasks/search": _at("/tasks/search", q="سلمى"),
    "GET /tasks/<id>": _of_task(),
    "POST /tasks/<id>": _completing,
    "POST /tasks/<id>/visibility": _of_task("/visibility", **TYPED),
    "PUT /tasks/<id>/draft": _of_task("/draft", **TYPED),
    "POST /tasks/<id>/claim": _of_task("/claim"),
    "POST /tasks/<id>/release": _of_task("/release"),
    "POST /tasks/<id>/assign": lambda pages, place: Attempt(
        f"/tasks/{task(pages, place)['id']}/assign", {"assignee": f"case_worker.{place}"}
    ),
    "GET /tasks/<id>/correct": _correcting("correct"),
    "POST /tasks/<id>/correct": _correcting("correct"),
    "GET /cases": _at("/cases"),
    "GET /cases/<id>": _of_case(),
    "GET /cases/<id>/diagram": _of_case("/diagram"),
    "GET /cases/<id>/history": _of_case("/history"),
    "GET /cases/<id>/history.json": _of_case("/history.json"),
    "POST /cases/<id>/comments": _of_case("/comments", text="اتصلت بها اليوم"),
    "POST /cases/<id>/attachments": lambda pages, place: Attempt(
        f"/cases/{case(pages, place)}/attachments", {"note": "عقد"}, file=PDF
    ),
    "GET /cases/<id>/documents/<one>/withdraw": _withdrawing,
    "POST /cases/<id>/documents/<one>/withdraw": _withdrawing,
    "GET /attachments/<id>": lambda pages, place: Attempt(
        f"/attachments/{attachment(pages, place)}"
    ),
    "GET /cases/<id>/cancel": _of_case("/cancel"),
    "POST /cases/<id>/cancel": _of_case("/cancel", reason="سجلت مرتين"),
    "GET /cases/<id>/transfer": _of_case("/transfer"),
    "POST /cases/<id>/transfer": _of_case("/transfer", unit="naf:east_amman", reason="انتقلت"),
    "GET /persons": _at("/persons"),
    "POST /persons": _at("/persons", q="سلمى"),
    "POST /persons/lookup": _at("/persons/lookup", national_id="9990001112"),
    "GET /persons/new": _at("/persons/new"),
    "POST /persons/new": _registering,
    "GET /persons/<id>": _of_person(),
    "GET /persons/<id>/versions": _of_person("/versions"),
    "GET /persons/<id>/edit": _of_person("/edit"),
    "POST /persons/<id>/edit": _changing,
    "POST /persons/<id>/journeys": _opening,
    "GET /notifications": _at("/notifications"),
    "POST /notifications/<id>/read": _reminder,
    "POST /notifications/read": _at("/notifications/read"),
    "GET /access-log": _at("/access-log"),
    "GET /letters/task/<id>.pdf": lambda pages, place: Attempt(
        f"/letters/task/{task(pages, place)['id']}.pdf"
    ),
    "GET /letters/case/<id>.pdf": lambda pages, place: Attempt(
        f"/letters/case/{case(pages, place)}.pdf"
    ),
    "GET /letters/referral/<id>.pdf": _referral(),
    "POST /letters/referral/<id>.pdf": _referral(link="http://localhost/r/one.two"),
    "POST /cases/<id>/links": _linking,
    "POST /cases/<id>/links/<link>/revoke": _revoking,
    "GET /absence": _at("/absence"),
    "POST /absence": _leaving,
    "POST /absence/<number>/end": _returning,
    "GET /reports": _at("/reports"),
    "GET /reports/<key>": _at("/reports/offices"),
    "GET /reports/<key>/people": _behind,
    "GET /reports/<key>.<ending>": _at("/reports/offices.csv"),
    "GET /processes": _at("/processes"),
    "GET /processes/<key>": _at("/processes/client_journey"),
    "GET /processes/<key>/<version>": _at("/processes/client_journey/1"),
    "GET /processes/<key>/<version>.bpmn": _at("/processes/client_journey/1.bpmn"),
    "GET /processes/files/<sha256>": lambda pages, _place: Attempt(
        f"/processes/files/{published_file(pages)}"
    ),
    "GET /processes/<key>/edit": _at("/processes/client_journey/edit"),
    "POST /processes/check": lambda _pages, _place: Attempt(
        "/processes/check", body={"key": "client_journey", "xml": diagram()}
    ),
    "POST /processes/publish": lambda _pages, _place: Attempt(
        "/processes/publish",
        body={"key": "client_journey", "xml": diagram(), "note": "تجربة", "base": 1},
    ),
    "GET /processes/upload": _at("/processes/upload"),
    "POST /processes/upload": lambda _pages, _place: Attempt(
        "/processes/upload", {"note": "تجربة", "action": "check"}, file=diagram().encode()
    ),
}
