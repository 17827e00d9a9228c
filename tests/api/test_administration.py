"""Users, catalogue, notifications, reports and the clock over HTTP."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from api import create_app
from engine.clock import SystemClock
from engine.crypto import Keyring
from engine.records import Role
from engine.store.database import Database
from tests.api.conftest import BASE, PASSWORD, World

ADMIN = "admin.hq"
WORKER = "case_worker.irbid"


def test_users_are_made_changed_and_retired(world: World) -> None:
    body = {
        "username": "huda.irbid",
        "name": "هدى",
        "password": "a good first password",
        "roles": ["case_worker"],
        "units": ["naf:irbid"],
    }
    made = world.ok(ADMIN, "POST", "/users", json=body)
    assert made["must_change_password"] is True
    assert "password" not in made
    assert world.call(ADMIN, "POST", "/users", json=body).status_code == 409
    assert world.call(ADMIN, "POST", "/users", json={**body, "username": "x y"}).status_code == 422
    assert world.call(WORKER, "POST", "/users", json=body).status_code == 403
    first = world.engine.identity.sign_in("huda.irbid", "a good first password")
    session = world.engine.identity.change_password(
        first.actor, "a good first password", "words of her own"
    )
    headers = {"Authorization": f"Bearer {session.token}"}
    case = world.start()
    task = world.task(case["id"], "note", WORKER)
    claim = f"{BASE}/tasks/{task['id']}/claim"
    assert world.client.post(claim, headers=headers).status_code == 200
    changed = world.ok(ADMIN, "PATCH", "/users/huda.irbid", json={"active": False})
    assert changed["active"] is False
    assert world.client.get(f"{BASE}/me", headers=headers).status_code == 401
    assert world.task(case["id"], "note", WORKER)["assignee"] is None
    assert world.ok(ADMIN, "GET", "/users/huda.irbid")["active"] is False
    assert world.call(WORKER, "GET", "/users/huda.irbid").status_code in (403, 404)


def test_substitutes_reach_the_units_they_stand_for(world: World) -> None:
    path = "/users/case_worker.zarqa/substitutes"
    body = {"substitute": WORKER, "valid_from": "2026-01-01", "valid_to": "2026-01-31"}
    made = world.ok(ADMIN, "POST", path, json=body)
    assert "naf:zarqa" in world.ok(WORKER, "GET", "/me")["units"]
    assert world.ok(ADMIN, "GET", path)["items"] == [made]
    assert world.call(ADMIN, "DELETE", f"/substitutes/{made['id']}").status_code == 204
    assert world.ok(WORKER, "GET", "/me")["units"] == ["naf:irbid"]
    assert world.call(ADMIN, "DELETE", f"/substitutes/{made['id']}").status_code == 404


def test_lists_of_users_know_their_place(world: World) -> None:
    everybody = world.ok(ADMIN, "GET", "/users?limit=200")["items"]
    assert len(everybody) >= 12
    colleagues = world.ok(WORKER, "GET", "/users")["items"]
    assert {one["username"] for one in colleagues} == {WORKER, "branch_head.irbid"}


def test_units_by_kind(world: World) -> None:
    offices = world.ok(WORKER, "GET", "/units?kind=mol")["items"]
    assert len(offices) == 24
    assert all(one["code"].startswith("mol:") for one in offices)
    assert world.call(WORKER, "GET", "/units?kind=castle").status_code == 422
    first = world.ok(WORKER, "GET", "/units?limit=20&kind=mol")
    second = world.ok(WORKER, "GET", f"/units?kind=mol&cursor={first['next_cursor']}")
    assert first["items"] + second["items"] == offices


ENTRY = {
    "id": "welding",
    "provider_id": "vtc_irbid",
    "name_ar": "لحام",
    "name_en": "Welding",
    "intervention_type": "training",
    "suggested_service_codes": ["training"],
    "sites": ["irbid"],
    "duration_weeks": 12,
    "expected_result": "Certificate",
    "contact_person": "A. Haddad",
    "contact_phone": "0270000000",
}


def test_catalogue_rows_have_validity_and_history(world: World) -> None:
    head = "branch_head.irbid"
    made = world.ok(head, "POST", "/catalogue", json=ENTRY)
    assert (made["id"], made["revision"], made["entry_status"]) == ("welding", 1, "active")
    assert made["valid_from"] == "2026-01-04"
    ended = world.ok(head, "PATCH", "/catalogue/welding",
                     json={"valid_to": "2026-01-04", "revision": 1})  # fmt: skip
    assert (ended["valid_to"], ended["revision"]) == ("2026-01-04", 2)
    stale = {"valid_to": None, "revision": 1}
    assert world.call(head, "PATCH", "/catalogue/welding", json=stale).status_code == 409
    assert world.ok(WORKER, "GET", "/catalogue?on=2026-01-05")["items"] == []
    assert len(world.ok(WORKER, "GET", "/catalogue?all_dates=true")["items"]) == 1
    (change,) = world.ok(head, "GET", "/catalogue/welding/history")["items"]
    assert (change["revision"], change["before"]["valid_to"]) == (2, None)
    assert world.call(head, "POST", "/catalogue", json=ENTRY).status_code == 409
    draft = world.ok(WORKER, "POST", "/catalogue", json={**ENTRY, "id": "proposal"})
    assert draft["entry_status"] == "draft"
    assert world.call(WORKER, "PATCH", "/catalogue/welding", json={"sites": []}).status_code == 403


def test_employers_and_vacancies(world: World) -> None:
    head = "branch_head.irbid"
    employer = world.ok(head, "POST", "/employers", json={"name": "مصنع"})
    body = {
        "employer_id": employer["id"],
        "job_title": "عامل خياطة",
        "workplace_location": "jerash",
        "offered_wage_jod": 220,
        "mol_unit": "mol:irbid",
    }
    vacancy = world.ok("mol_officer.irbid", "POST", "/vacancies", json=body)
    assert (vacancy["positions"], vacancy["vacancy_admissible"]) == (1, None)
    forged = {**body, "vacancy_admissible": "yes"}
    assert world.call("mol_officer.irbid", "POST", "/vacancies", json=forged).status_code == 422
    unknown = {**body, "employer_id": "nobody"}
    assert world.call("mol_officer.irbid", "POST", "/vacancies", json=unknown).status_code == 422
    assert world.ok(WORKER, "GET", f"/vacancies/{vacancy['id']}") == vacancy
    free = {**body, "offered_wage_jod": 0}
    assert world.call("mol_officer.irbid", "POST", "/vacancies", json=free).status_code == 422


def test_reminders_are_read_once(world: World) -> None:
    with world.engine.database.transaction() as transaction:
        world.engine.notifications.notify(
            transaction,
            role=Role.CASE_WORKER,
            unit="naf:irbid",
            kind="overdue",
            text_ar="تأخرت التغذية الراجعة",
            text_en="Feedback is late",
            at=datetime(2026, 1, 4, tzinfo=UTC),
        )
    (reminder,) = world.ok(WORKER, "GET", "/notifications")["items"]
    assert (reminder["text_en"], reminder["read_at"]) == ("Feedback is late", None)
    read = world.ok(WORKER, "POST", f"/notifications/{reminder['id']}/read")
    assert read["read_at"]
    assert world.ok(WORKER, "GET", "/notifications?unread=true")["items"] == []
    other = world.call("case_worker.zarqa", "POST", f"/notifications/{reminder['id']}/read")
    assert other.status_code == 404


def test_the_office_table_has_the_columns_of_the_paper(world: World) -> None:
    table = world.ok("hq_coordinator.hq", "GET", "/reports/offices?from=2026-01-01&to=2026-01-31")
    assert table["items"][-1]["office"] == "total"
    assert list(table["items"][-1]) == [
        "office", "contacted", "readiness_interviews", "group_a", "group_a_referred",
        "group_a_direct_placement", "group_b", "group_b_referred", "group_c", "followup_info",
        "visit_date",
    ]  # fmt: skip
    assert (
        world.call(WORKER, "GET", "/reports/offices?from=2026-02-01&to=2026-01-01").status_code
        == 422
    )
    assert world.call("connector.post", "GET", "/reports/offices").status_code == 403


def test_a_visit_shows_in_the_table(world: World) -> None:
    body = {"visited_on": "2026-01-03"}
    path = "/units/naf:irbid/visits"
    assert world.call("hq_coordinator.hq", "POST", path, json=body).status_code == 204
    assert world.call(WORKER, "POST", path, json=body).status_code == 403
    late = {"visited_on": "2027-01-03"}
    assert world.call("hq_coordinator.hq", "POST", path, json=late).status_code == 422


def test_the_clock_moves_forward_only_and_by_the_admin(world: World) -> None:
    assert world.ok(WORKER, "GET", "/clock") == {"now": "2026-01-04T07:00:00Z"}
    assert world.call(WORKER, "POST", "/clock", json={"advance": "P1D"}).status_code == 403
    assert world.ok(ADMIN, "POST", "/clock", json={"advance": "P21D"}) == {
        "now": "2026-01-25T07:00:00Z"
    }
    back = {"now": "2026-01-01T00:00:00Z"}
    assert world.call(ADMIN, "POST", "/clock", json=back).status_code == 422
    assert world.ok(ADMIN, "POST", "/clock", json={"now": "2026-02-01T00:00:00+03:00"}) == {
        "now": "2026-01-31T21:00:00Z"
    }
    for bad in ({}, {"advance": "P1D", "now": "2026-03-01T00:00:00Z"}, {"advance": "P1M"}):
        assert world.call(ADMIN, "POST", "/clock", json=bad).status_code == 422, bad


def test_a_real_clock_is_not_for_setting(
    database: Database, keyring: Keyring, world: World
) -> None:
    # The same database, served with the system's clock.
    from engine.engine import Engine
    from journey import Journey

    engine = Engine(database, SystemClock(), keyring, secret_key=b"k" * 32)
    settings = replace(world.settings, clock="system")
    client = create_app(settings, engine, Journey(engine)).test_client()
    token = engine.identity.sign_in(ADMIN, PASSWORD).token
    headers = {"Authorization": f"Bearer {token}"}
    assert client.get(f"{BASE}/clock", headers=headers).status_code == 404
    body = {"advance": "P1D"}
    assert client.post(f"{BASE}/clock", headers=headers, json=body).status_code == 404
