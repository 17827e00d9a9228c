"""Publishing files and reading definitions over HTTP."""

from __future__ import annotations

import io
from typing import Any

from tests.api.conftest import FILES, World, body_of

OWNER = "process_owner.hq"


def _upload(*files: tuple[str, bytes], note: str | None = None) -> dict[str, Any]:
    data: dict[str, Any] = {"files": [(io.BytesIO(content), name) for name, content in files]}
    if note is not None:
        data["note"] = note
    return {"data": data, "content_type": "multipart/form-data"}


def _errand(old: str = "", new: str = "") -> bytes:
    return (FILES / "errand.bpmn").read_text("utf-8").replace(old, new).encode()


def test_deploy_new_equal_and_changed(world: World) -> None:
    same = world.call(OWNER, "POST", "/deployments", **_upload(("errand.bpmn", _errand())))
    assert same.status_code == 200, same.text
    changed = _errand("P3D", "P4D")
    made = world.call(OWNER, "POST", "/deployments", **_upload(("errand.bpmn", changed), note="4"))
    assert made.status_code == 201, made.text
    assert body_of(made)["processes"][0]["key"] == "errand"
    assert body_of(made)["processes"][0]["version"] == 2
    assert body_of(made)["id"] != body_of(same)["id"]
    form = (FILES / "note.form").read_bytes().replace(b"120", b"240")
    minted = world.call(OWNER, "POST", "/deployments", **_upload(("note.form", form)))
    assert body_of(minted)["forms"][0]["key"] == "note"
    assert [(p["key"], p["version"]) for p in body_of(minted)["processes"]] == [("errand", 3)]


def test_findings_name_file_element_and_rule(world: World) -> None:
    broken = _errand('candidateGroups="case_worker"', 'candidateGroups="wizard"')
    upload = ("errand.bpmn", broken)
    refused = world.call(OWNER, "POST", "/deployments", **_upload(upload))
    assert refused.status_code == 422
    finding = body_of(refused)["findings"][0]
    assert set(finding) == {"file", "element_id", "rule", "severity", "message", "suggestion"}
    assert finding["file"] == "errand.bpmn"
    checked = world.ok(OWNER, "POST", "/deployments/check", **_upload(upload))
    assert checked["findings"] == body_of(refused)["findings"]
    assert world.ok(OWNER, "GET", "/processes/errand")["version"] == 1


def test_uploads_are_bounded(world: World) -> None:
    for options, status in (
        ({}, 415),
        ({"json": {}}, 415),
        ({"data": {"note": "x"}, "content_type": "multipart/form-data"}, 422),
        ({"data": {"files": "text"}, "content_type": "multipart/form-data"}, 422),
        (_upload(("../errand.bpmn", b"x")), 422),
        (_upload(("errand.txt", b"x")), 422),
        (_upload(("errand.bpmn", b"not xml")), 422),
        (_upload(("errand.bpmn", b"x"), note="n" * 3000), 422),
        (_upload(("errand.bpmn", b" " * (11 * 1024 * 1024))), 413),
    ):
        answer = world.call(OWNER, "POST", "/deployments", **options)
        assert answer.status_code == status, (answer.status_code, answer.text)
        assert answer.content_type == "application/problem+json"


def test_only_owners_deploy(world: World) -> None:
    upload = ("errand.bpmn", _errand())
    for user in ("case_worker.irbid", "admin.hq", "auditor.hq"):
        for path in ("/deployments", "/deployments/check"):
            assert world.call(user, "POST", path, **_upload(upload)).status_code == 403


def test_definitions_can_be_read_back(world: World) -> None:
    world.call(OWNER, "POST", "/deployments", **_upload(("errand.bpmn", _errand("P3D", "P5D"))))
    latest = {one["key"]: one for one in world.ok(OWNER, "GET", "/processes")["items"]}
    assert set(latest) == {"errand", "wait", "client_journey"}
    assert latest["errand"]["version"] == 2
    assert "case_worker" in latest["errand"]["starter_groups"]
    versions = world.ok(OWNER, "GET", "/processes/errand/versions")["items"]
    assert [one["version"] for one in versions] == [2, 1]
    page = world.ok(OWNER, "GET", "/processes/errand/versions?limit=1")
    rest = world.ok(OWNER, "GET", f"/processes/errand/versions?cursor={page['next_cursor']}")
    assert page["items"] + rest["items"] == versions
    xml = world.call(OWNER, "GET", "/processes/errand/versions/1/bpmn")
    assert (xml.data, xml.mimetype) == (_errand(), "application/xml")
    assert world.call(OWNER, "GET", "/processes/errand/versions/9/bpmn").status_code == 404
    assert world.call(OWNER, "GET", "/processes/nothing/versions").status_code == 404
    assert world.call(OWNER, "GET", "/processes?cursor=nothing").status_code == 422
