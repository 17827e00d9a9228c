"""Messages: once per definition, kept for their time to live, never lost, never doubled."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from bpmn import FlowTaken
from engine.commands import IdempotencyKey
from engine.errors import Forbidden, Invalid
from engine.records import InstanceState
from engine.store.cases import process_instance
from engine.store.messages import message, message_delivery, message_subscription
from tests.engine import diagrams as d
from tests.engine.conftest import (
    ADMIN,
    CONNECTOR,
    COORDINATOR,
    HEAD,
    WORKER,
    Desk,
)


def receiver(key: str, name: str = "paid") -> bytes:
    """Waits for the message `name` about its `number`, then for a person."""
    return d.diagram(
        key,
        [
            d.start(),
            d.message_catch("wait", name, {"amount": "=amount"}),
            d.user_task("t"),
            d.end(),
            d.chain("start", "wait", "t", "end"),
        ],
        variables="number",
        messages={name: "=number"},
    )


SENDER = d.diagram(
    "sender",
    [
        d.start(),
        d.user_task("go"),
        d.message_throw("tell", "paid", {"amount": "=5"}, time_to_live="P1D"),
        d.message_throw("begin", "opened", {"from": "=number"}),
        d.end(),
        d.chain("start", "go", "tell", "begin", "end"),
    ],
    variables="number",
    messages={"paid": "=number", "opened": "=number"},
)
STARTED = d.diagram(
    "started",
    [d.start("opened", {"number": "=from"}), d.user_task("t"), d.end(),
     d.chain("start", "t", "end")],
    messages={"opened": ""},
)  # fmt: skip


@pytest.fixture
def post(desk: Desk) -> Desk:
    desk.deploy(one__bpmn=receiver("one"), two__bpmn=receiver("two"))
    return desk


def publish(desk: Desk, key: str, **more: Any) -> tuple[str, ...]:
    payload = more.pop("payload", {"amount": 3, "noise": 1})
    return desk.engine.messages.publish(CONNECTOR, "paid", key, payload, **more).delivered_to


class TestPublishing:
    def test_once_per_definition(self, post: Desk) -> None:
        first = post.start("one", variables={"number": "7"})
        second = post.start("one", variables={"number": "7"})
        other = post.start("two", variables={"number": "7"})
        post.start("one", variables={"number": "8"})
        assert set(publish(post, "7")) == {first.id, other.id}
        assert publish(post, "7") == (second.id,), "the one that waits next"
        assert publish(post, "7") == ()
        assert post.engine.cases.get(WORKER, first.id).variables == {"number": "7", "amount": 3}
        assert post.snapshot(first.id) == post.replayed(first.id)
        assert post.count(message_subscription) == 1

    def test_who_may(self, post: Desk) -> None:
        for other in (WORKER, HEAD, COORDINATOR):
            with pytest.raises(Forbidden):
                post.engine.messages.publish(other, "paid", "7")
        assert post.engine.messages.publish(ADMIN, "paid", "7").delivered_to == ()
        with pytest.raises(Invalid):
            post.engine.messages.publish(ADMIN, " ", "7")
        with pytest.raises(Invalid):
            post.engine.messages.publish(ADMIN, "paid", "7", {}, timedelta(days=9999))

    def test_without_a_time_to_live_it_is_for_those_who_wait_now(self, post: Desk) -> None:
        publish(post, "7")
        post.start("one", variables={"number": "7"})
        assert post.tasks(WORKER) == []
        assert set(post.values(message.select().with_only_columns(message.c.payload))) == {b""}

    def test_kept_for_its_time_to_live_and_once_for_each_definition(self, post: Desk) -> None:
        publish(post, "7", time_to_live=timedelta(hours=2))
        late = post.start("one", variables={"number": "7"})
        assert [t.instance_id for t in post.tasks(WORKER)] == [late.id]
        post.start("one", variables={"number": "7"})
        assert len(post.tasks(WORKER)) == 1, "this definition has had it"
        post.start("two", variables={"number": "7"})
        assert len(post.tasks(WORKER)) == 2
        post.advance(hours=2)
        assert set(post.values(message.select().with_only_columns(message.c.state))) == {"done"}
        post.start("two", variables={"number": "7"})
        assert len(post.tasks(WORKER)) == 2

    def test_the_same_key_publishes_once(self, post: Desk) -> None:
        post.start("one", variables={"number": "7"})
        key = IdempotencyKey("s", "k", "h")
        first = post.engine.messages.publish(CONNECTOR, "paid", "7", {"amount": 1}, idempotency=key)
        again = post.engine.messages.publish(CONNECTOR, "paid", "7", {"amount": 1}, idempotency=key)
        assert again == first
        assert post.count(message) == 1

    def test_two_messages_for_one_waiter_at_once(
        self, post: Desk, another_desk: Callable[[], Desk]
    ) -> None:
        desks = [post, another_desk()]
        for number in range(5):
            case = post.start("one", variables={"number": str(number)})
            results: list[Any] = []

            def send(desk: Desk, key: str, results: list[Any]) -> None:
                results.append(publish(desk, key))

            threads = [
                threading.Thread(target=send, args=(desk, str(number), results)) for desk in desks
            ]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            assert sorted(results) == [(), (case.id,)]
            assert post.snapshot(case.id) == post.replayed(case.id)


class TestBetweenCases:
    def test_a_case_tells_and_starts_others(self, post: Desk) -> None:
        post.deploy(sender__bpmn=SENDER, started__bpmn=STARTED)
        waiting = post.start("one", variables={"number": "7"})
        sender = post.start(
            "sender", variables={"number": "7"}, subject="person:1", business_key="K"
        )
        post.complete(WORKER, "go")
        assert post.engine.cases.get(WORKER, waiting.id).variables["amount"] == 5
        [started] = post.engine.cases.list(WORKER, process="started").items
        assert (started.subject, started.business_key, started.unit) == (
            "person:1", "K", "naf:north",
        )  # fmt: skip
        assert post.engine.cases.get(WORKER, started.id).variables == {"number": "7"}
        assert post.engine.cases.get(WORKER, sender.id).state is InstanceState.COMPLETED
        late = post.start("two", variables={"number": "7"})
        assert post.engine.cases.get(WORKER, late.id).variables["amount"] == 5, "kept for a day"
        [outcome] = [o for o in post.recorder.outcomes if o.instance.id == started.id]
        assert outcome.details["sender"] == sender.id

    def test_a_process_that_died_after_the_commit_leaves_it_to_a_scheduler(
        self, post: Desk
    ) -> None:
        post.deploy(sender__bpmn=SENDER, started__bpmn=STARTED)
        post.start("one", variables={"number": "7"})
        post.start("sender", variables={"number": "7"})
        post.engine.parts.deliver_soon = lambda sent, awaited: None
        post.complete(WORKER, "go")
        assert post.engine.messages.dispatch() == 2
        assert post.engine.messages.dispatch() == 0
        assert post.count(process_instance) == 3
        assert post.count(message_delivery) == 2

    def test_a_waiter_whose_process_died_is_found_by_a_scheduler(self, post: Desk) -> None:
        publish(post, "7", time_to_live=timedelta(days=1))
        post.engine.parts.deliver_soon = lambda sent, awaited: None
        post.start("one", variables={"number": "7"})
        assert post.tasks(WORKER) == []
        post.engine.do_due_work()
        assert len(post.tasks(WORKER)) == 1
        assert post.engine.messages.dispatch() == 0

    def test_an_outside_message_starts_a_case_at_the_senders_unit(self, post: Desk) -> None:
        post.deploy(started__bpmn=STARTED)
        [case] = post.engine.messages.publish(ADMIN, "opened", None, {"from": 9}).delivered_to
        made = post.engine.cases.get(ADMIN, case)
        assert (made.unit, made.process) == ("hq", "started")
        nowhere = ADMIN.__class__("a", ADMIN.roles, frozenset())
        with pytest.raises(Invalid):
            post.engine.messages.publish(nowhere, "opened", None, {"from": 9})


class TestTrouble:
    def test_a_case_that_cannot_take_it_is_an_incident_and_tried_again(self, post: Desk) -> None:
        bad = post.start("one", variables={"number": "7"})
        good = post.start("two", variables={"number": "7"})
        post.recorder.fails = lambda o: o.command == "correlate" and o.instance.id == bad.id
        assert publish(post, "7") == (good.id,)
        [incident] = post.engine.incidents.list(COORDINATOR).items
        assert (incident.instance_id, incident.kind) == (bad.id, "message")
        assert post.engine.messages.dispatch() == 0, "it waits before the next try"
        post.recorder.fails = lambda o: False
        assert post.engine.incidents.retry(COORDINATOR, incident.id).resolved_at is not None
        assert len(post.tasks(WORKER)) == 2
        state = post.engine.cases.get(WORKER, bad.id).state
        assert state is InstanceState.ACTIVE

    def test_facts_of_both_cases_are_in_their_journals(self, post: Desk) -> None:
        case = post.start("one", variables={"number": "7"})
        publish(post, "7")
        assert post.kinds(case.id) == ["start", "correlate"]
        flows = [
            f.flow_id for o in post.recorder.outcomes for f in o.facts if isinstance(f, FlowTaken)
        ]
        assert flows == ["start_wait", "wait_t"]
