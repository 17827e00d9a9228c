"""Links to one referral: what they open, for how long, and that they open nothing else."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from engine.errors import Conflict, Forbidden, Invalid, NotFound, NotSignedIn
from engine.links import AFTER_DUE, LONGEST
from engine.records import Actor, Role, TaskState
from engine.store.access_log import access_log
from engine.store.links import TaskLink, task_link
from tests.engine import diagrams as d
from tests.engine.conftest import (
    ADMIN,
    AUDITOR,
    COORDINATOR,
    HEAD,
    OFFICER,
    STRANGER,
    WORKER,
    Desk,
)

UNIT = "provider:school"
PROVIDER = Actor("provider.school", frozenset({Role.SERVICE_PROVIDER}), frozenset({UNIT}))

REFERRAL = d.diagram(
    "referral",
    [
        d.start(),
        d.gateway("parallel", "split"),
        d.user_task("accept", "service_provider", unit=f'="{UNIT}"', form="answer", due="P2D"),
        d.gateway("exclusive", "which", default="which_report"),
        d.user_task("report", "service_provider", unit=f'="{UNIT}"', form="result"),
        d.gateway("exclusive", "again", default="again_end"),
        d.user_task("office", "mol_officer", unit='="mol:north"'),
        d.user_task("ours"),
        d.end(),
        d.end("end2"),
        d.end("end3"),
        d.chain("start", "split", "accept", "which", "report", "again", "end"),
        d.chain("split", "office", "end2"),
        d.chain("split", "ours", "end3"),
        d.flow("which", "accept", '=answer = "no"'),
        d.flow("again", "accept", '=result = "once more"'),
    ],
)
FORMS = {
    "answer__form": d.form("answer", d.text_field("answer", required=True)),
    "result__form": d.form("result", d.text_field("result", required=True)),
}


@pytest.fixture
def referred(desk: Desk) -> Desk:
    desk.deploy(referral__bpmn=REFERRAL, **FORMS)
    return desk


def issue(desk: Desk, element: str = "accept", case: str | None = None) -> tuple[TaskLink, str]:
    return desk.engine.links.issue(WORKER, desk.task(PROVIDER, element, instance=case).id)


def seen(desk: Desk, token: str) -> list[str]:
    _, holder = desk.engine.links.holder(token)
    return [task.element_id for task in desk.tasks(holder)]


def answer(desk: Desk, token: str, element: str, **data: str) -> None:
    _, holder = desk.engine.links.holder(token)
    desk.complete(holder, element, dict(data))


def test_a_link_goes_through_one_referral(referred: Desk) -> None:
    case = referred.start("referral", subject="person:7")
    link, token = issue(referred)
    assert (link.unit, link.instance_id, link.issued_by) == (UNIT, case.id, WORKER.username)
    found, holder = referred.engine.links.holder(token)
    assert found == link
    assert holder.username == f"link:{link.id}"
    assert seen(referred, token) == ["accept"]
    task = referred.task(holder, "accept")
    referred.engine.tasks.draft(holder, task.id, {"answer": "y"})
    shown = referred.engine.tasks.form(holder, task.id)
    assert shown.draft == {"answer": "y"}
    done = referred.complete(holder, "accept", {"answer": "yes"})
    assert done.completed_by == holder.username
    assert seen(referred, token) == ["report"]
    answer(referred, token, "report", result="good")
    assert seen(referred, token) == []
    entries = referred.engine.history.entries(AUDITOR, case.id).items
    by_link = [entry.kind for entry in entries if entry.actor == holder.username]
    assert by_link == ["complete", "complete"]
    lines = referred.values(
        sa.select(access_log.c.subject).where(access_log.c.actor == holder.username)
    )
    assert lines == ["person:7"]


def test_another_referral_in_the_same_case_is_not_covered(referred: Desk) -> None:
    referred.start("referral")
    _, first = issue(referred)
    answer(referred, first, "accept", answer="no")
    assert seen(referred, first) == []
    assert [task.element_id for task in referred.tasks(PROVIDER)] == ["accept"]
    _, second = issue(referred)
    answer(referred, second, "accept", answer="yes")
    assert (seen(referred, first), seen(referred, second)) == ([], ["report"])
    _, reporting = issue(referred, "report")
    answer(referred, reporting, "report", result="once more")
    _, third = issue(referred)
    shown = [seen(referred, token) for token in (first, second, reporting, third)]
    assert shown == [[], [], [], ["accept"]]


def test_other_cases_and_other_units_are_not_covered(referred: Desk) -> None:
    mine, other = referred.start("referral"), referred.start("referral")
    _, token = issue(referred, case=mine.id)
    _, holder = referred.engine.links.holder(token)
    theirs = referred.task(PROVIDER, "accept", instance=other.id)
    elsewhere = [
        theirs.id,
        referred.task(OFFICER, "office", instance=mine.id).id,
        referred.task(WORKER, "ours", instance=mine.id).id,
    ]
    assert [task.instance_id for task in referred.tasks(holder)] == [mine.id]
    assert referred.engine.tasks.counts(holder).open == 1
    for task_id in elsewhere:
        with pytest.raises(NotFound):
            referred.engine.tasks.get(holder, task_id)
        with pytest.raises(NotFound):
            referred.engine.tasks.form(holder, task_id)
        with pytest.raises(NotFound):
            referred.engine.tasks.draft(holder, task_id, {})
        with pytest.raises(NotFound):
            referred.engine.tasks.complete(holder, task_id, revision=1, data={"answer": "yes"})


def test_a_link_opens_no_other_verb(referred: Desk) -> None:
    case = referred.start("referral")
    _, token = issue(referred)
    _, holder = referred.engine.links.holder(token)
    task = referred.task(holder, "accept")
    engine = referred.engine
    with pytest.raises(Forbidden):
        engine.tasks.claim(holder, task.id)
    with pytest.raises(Forbidden):
        engine.tasks.assign(holder, task.id, PROVIDER.username)
    for look in (
        engine.cases.get,
        engine.cases.calendar,
        engine.comments.list,
        engine.attachments.list,
        engine.history.entries,
        engine.links.of_case,
    ):
        with pytest.raises(NotFound):
            look(holder, case.id)
    assert engine.cases.list(holder).items == ()
    with pytest.raises(Forbidden):
        engine.notifications.list(holder)
    with pytest.raises(Forbidden):
        engine.identity.users.list(holder)
    with pytest.raises(NotFound):
        engine.links.issue(holder, task.id)


def test_who_may_issue_list_and_revoke(referred: Desk) -> None:
    case = referred.start("referral")
    task = referred.task(PROVIDER, "accept")
    links = referred.engine.links
    link, _ = links.issue(HEAD, task.id)
    for stranger in (STRANGER, OFFICER, PROVIDER):
        with pytest.raises(NotFound):
            links.issue(stranger, task.id)
        with pytest.raises(NotFound):
            links.revoke(stranger, link.id)
        with pytest.raises(NotFound):
            links.of_case(stranger, case.id)
    for other in (COORDINATOR, ADMIN, AUDITOR):
        with pytest.raises(Forbidden):
            links.issue(other, task.id)
        with pytest.raises(Forbidden):
            links.revoke(other, link.id)
    assert links.of_case(WORKER, case.id) == links.of_case(AUDITOR, case.id) == (link,)
    for unknown in ("unknown", "a\0b"):
        with pytest.raises(NotFound):
            links.issue(WORKER, unknown)
        with pytest.raises(NotFound):
            links.revoke(WORKER, unknown)


def test_only_open_tasks_of_service_providers_get_links(referred: Desk) -> None:
    referred.start("referral")
    for task in (referred.task(WORKER, "ours"), referred.task(OFFICER, "office")):
        with pytest.raises(Conflict):
            referred.engine.links.issue(WORKER, task.id)
    accept = referred.complete(PROVIDER, "accept", {"answer": "yes"})
    assert accept.state is TaskState.COMPLETED
    with pytest.raises(Conflict):
        referred.engine.links.issue(WORKER, accept.id)
    assert referred.count(task_link) == 0


def test_a_revoked_link_opens_nothing_and_both_are_journalled(referred: Desk) -> None:
    case = referred.start("referral")
    before = referred.snapshot(case.id)
    link, token = issue(referred)
    revoked = referred.engine.links.revoke(HEAD, link.id)
    assert (revoked.revoked_by, revoked.revoked_at) == (HEAD.username, link.issued_at)
    assert referred.engine.links.revoke(WORKER, link.id) == revoked
    assert referred.engine.links.of_case(WORKER, case.id) == (revoked,)
    with pytest.raises(NotSignedIn, match="withdrawn"):
        referred.engine.links.holder(token)
    assert referred.kinds(case.id) == ["start", "link_issued", "link_revoked"]
    details = referred.engine.history.entries(AUDITOR, case.id).items[1].data["details"]
    assert details["link"] == link.id
    assert token.partition(".")[2] not in str(details)
    assert referred.snapshot(case.id) == before == referred.replayed(case.id)


def test_a_link_ends(referred: Desk) -> None:
    referred.start("referral")
    task = referred.task(PROVIDER, "accept")
    link, token = issue(referred)
    assert task.due_at is not None
    assert link.valid_until == task.due_at + AFTER_DUE
    end = task.created_at + timedelta(days=3)
    _, short = referred.engine.links.issue(WORKER, task.id, end)
    referred.engine.advance.advance(ADMIN, target=end - timedelta(microseconds=1))
    assert seen(referred, short) == ["accept"]
    referred.engine.advance.advance(ADMIN, target=end)
    with pytest.raises(NotSignedIn, match="expired"):
        referred.engine.links.holder(short)
    assert seen(referred, token) == ["accept"]
    for wrong in (end, end + LONGEST + timedelta(seconds=1)):
        with pytest.raises(Invalid) as refused:
            referred.engine.links.issue(WORKER, task.id, wrong)
        assert set(refused.value.errors) == {"valid_until"}


def test_a_wrong_token_says_nothing(referred: Desk) -> None:
    referred.start("referral")
    link, token = issue(referred)
    _, other = issue(referred)
    secret = token.partition(".")[2]
    stored = referred.values(sa.select(task_link.c.secret_hash))
    assert secret.encode() not in b"".join(stored)
    wrong = [
        "", ".", link.id, f"{link.id}.", f"{link.id}.wrong", f"{link.id}.{secret[:-1]}",
        f"{link.id}.{other.partition('.')[2]}", f"unknown.{secret}", "a\0b.c", "é.\ud800",
    ]  # fmt: skip
    texts = set()
    for each in wrong:
        with pytest.raises(NotFound) as refused:
            referred.engine.links.holder(each)
        texts.add(str(refused.value))
    assert len(texts) == 1


def test_who_has_claimed_the_task_keeps_it(referred: Desk) -> None:
    referred.start("referral")
    _, token = issue(referred)
    task = referred.task(PROVIDER, "accept")
    referred.engine.tasks.claim(PROVIDER, task.id)
    _, holder = referred.engine.links.holder(token)
    with pytest.raises(Conflict, match=PROVIDER.username):
        referred.complete(holder, "accept", {"answer": "yes"})
