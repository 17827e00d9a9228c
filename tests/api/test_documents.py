"""Documents of a case over HTTP: attach, list, fetch, take back."""

from __future__ import annotations

import hashlib
import io
from typing import Any

from tests.api.conftest import World, body_of

WORKER = "case_worker.irbid"
HEAD = "branch_head.irbid"
CERTIFICATE = b"%PDF-1.7\nthe training certificate of a person\n%%EOF\n"


def sent(name: str = "شهادة.pdf", content: bytes = CERTIFICATE, **fields: str) -> dict[str, Any]:
    """The options of a call that sends one file."""
    return {
        "data": {"file": (io.BytesIO(content), name), **fields},
        "content_type": "multipart/form-data",
    }


def attach(world: World, case: str, username: str = WORKER, **fields: Any) -> dict[str, Any]:
    path = f"/instances/{case}/attachments"
    made: dict[str, Any] = world.ok(username, "POST", path, **sent(**fields))
    return made


def test_a_document_is_attached_listed_and_fetched(world: World) -> None:
    case = world.start()["id"]
    task = world.task(case, "note", WORKER)["id"]
    made = attach(world, case, note="من المركز", task_id=task)
    assert {name: made[name] for name in ("filename", "media_type", "size", "note", "task_id")} == {
        "filename": "شهادة.pdf",
        "media_type": "application/pdf",
        "size": len(CERTIFICATE),
        "note": "من المركز",
        "task_id": task,
    }
    assert made["sha256"] == hashlib.sha256(CERTIFICATE).hexdigest()
    second = attach(world, case, HEAD)
    path = f"/instances/{case}/attachments"
    assert world.ok(WORKER, "GET", path)["items"] == [made, second]
    assert world.ok(WORKER, "GET", f"{path}?task={task}")["items"] == [made]
    page = world.ok(WORKER, "GET", f"{path}?limit=1")
    rest = world.ok(WORKER, "GET", f"{path}?cursor={page['next_cursor']}")
    assert page["items"] + rest["items"] == [made, second]
    fetched = world.call("auditor.hq", "GET", f"/attachments/{made['id']}")
    assert fetched.data == CERTIFICATE
    assert fetched.content_type == "application/octet-stream"
    assert fetched.headers["Content-Disposition"].startswith("attachment;")
    assert "filename*=UTF-8''%D8%B4" in fetched.headers["Content-Disposition"]
    assert fetched.headers["X-Content-Type-Options"] == "nosniff"


def test_only_who_added_a_document_takes_it_back_with_a_reason(world: World) -> None:
    case = world.start()["id"]
    made = attach(world, case)
    path = f"/attachments/{made['id']}/withdraw"
    refused = world.call(HEAD, "POST", path, json={"reason": "not hers"})
    assert refused.status_code == 403
    assert "Only who added" in body_of(refused)["reason"]
    for body in ({}, {"reason": ""}, {"reason": " "}):
        empty = world.call(WORKER, "POST", path, json=body)
        assert (empty.status_code, set(body_of(empty)["errors"])) == (422, {"reason"})
    key = {"Idempotency-Key": "back-1"}
    body = {"reason": "of another person"}
    assert world.ok(WORKER, "POST", path, json=body, headers=key) == made
    assert world.ok(WORKER, "POST", path, json=body, headers=key) == made
    assert world.ok(WORKER, "GET", f"/instances/{case}/attachments")["items"] == []
    for method, gone in (("POST", path), ("GET", f"/attachments/{made['id']}")):
        options = {"json": body} if method == "POST" else {}
        assert world.call(WORKER, method, gone, **options).status_code == 404
    history = world.ok(WORKER, "GET", f"/instances/{case}/history")["items"]
    assert history[-1]["kind"] == "attachment_withdrawn"
    assert "of another person" in str(history[-1]["data"])


def test_the_same_file_with_the_same_key_is_attached_once(world: World) -> None:
    case = world.start()["id"]
    path, key = f"/instances/{case}/attachments", {"Idempotency-Key": "send-1"}
    first = world.ok(WORKER, "POST", path, **sent(), headers=key)
    assert world.ok(WORKER, "POST", path, **sent(), headers=key) == first
    other = world.call(WORKER, "POST", path, **sent(content=CERTIFICATE + b" "), headers=key)
    assert (other.status_code, body_of(other)["type"]) == (422, "urn:rihla:problem:key-reused")
    assert len(world.ok(WORKER, "GET", path)["items"]) == 1


def test_what_cannot_be_attached_is_named(world: World) -> None:
    path = f"/instances/{world.start()['id']}/attachments"
    for options, field in (
        ({"data": {"note": "x"}, "content_type": "multipart/form-data"}, "file"),
        (sent(name="a.exe"), "file"),
        (sent(content=b"<html>"), "file"),
        (sent(colour="red"), "colour"),
        (sent(note="x" * 501), "note"),
        (sent(note="a\x00b"), "note"),
        (sent(task_id="nothing"), "task_id"),
        (sent(task_id="no code"), "task_id"),
    ):
        refused = world.call(WORKER, "POST", path, **options)
        assert (refused.status_code, set(body_of(refused)["errors"])) == (422, {field}), (
            refused.text
        )
    twice = {"file": [(io.BytesIO(CERTIFICATE), "a.pdf"), (io.BytesIO(CERTIFICATE), "b.pdf")]}
    refused = world.call(WORKER, "POST", path, data=twice, content_type="multipart/form-data")
    assert (refused.status_code, set(body_of(refused)["errors"])) == (422, {"file"})
    assert world.call(WORKER, "POST", path, json={}).status_code == 415
