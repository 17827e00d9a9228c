"""Outgoing calls: after the commit, at least once, with back-off, then an incident."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest

from engine.outbox import LEASE
from engine.ports import BpmnErrorThrown, CallFailed, OutgoingCall
from engine.records import InstanceState
from engine.store import outbox as store
from engine.store.outbox import outgoing_call
from tests.engine import diagrams as d
from tests.engine.conftest import COORDINATOR, HEAD, WORKER, Desk


@dataclass
class Gateway:
    """An outside system that answers what the test says."""

    type: str = "sms"
    answers: list[Any] = field(default_factory=list)
    calls: list[OutgoingCall] = field(default_factory=list)

    def call(self, request: OutgoingCall) -> Mapping[str, Any]:
        self.calls.append(request)
        answer = self.answers.pop(0) if self.answers else {"sent": True}
        if isinstance(answer, Exception):
            raise answer
        result: Mapping[str, Any] = answer
        return result


CALLER = d.diagram(
    "caller",
    [
        d.start(),
        d.service_task("send", "sms", inputs={"text": "=greeting"}, outputs={"receipt": "=sent"}),
        d.user_task("t"),
        d.end(),
        d.chain("start", "send", "t", "end"),
    ],
    variables="greeting",
)


@pytest.fixture
def gateway(desk: Desk) -> Gateway:
    made = Gateway()
    desk.engine.add_connector(made)
    desk.deploy(caller__bpmn=CALLER)
    return made


def test_called_after_the_commit_with_its_own_data_only(desk: Desk, gateway: Gateway) -> None:
    case = desk.start("caller", variables={"greeting": "hello", "secret": 1})
    assert gateway.calls == []
    [sealed] = desk.values(outgoing_call.select().with_only_columns(outgoing_call.c.content))
    assert b"hello" not in sealed
    assert desk.engine.outbox.dispatch() == 1
    [call] = gateway.calls
    assert (call.type, call.variables) == ("sms", {"text": "hello"})
    assert desk.engine.cases.get(WORKER, case.id).variables["receipt"] is True
    assert desk.task(WORKER, "t")
    assert desk.count(outgoing_call) == 0
    assert desk.engine.outbox.dispatch() == 0
    assert desk.snapshot(case.id) == desk.replayed(case.id)


def test_tried_again_with_the_same_key_then_an_incident_then_by_hand(
    desk: Desk, gateway: Gateway
) -> None:
    case = desk.start("caller", variables={"greeting": "x"})
    gateway.answers = [CallFailed("no line"), ValueError("odd")]
    assert desk.engine.outbox.dispatch() == 1
    assert desk.engine.outbox.dispatch() == 0, "not before the back-off is over"
    desk.system_time.move(minutes=5)
    assert desk.engine.outbox.dispatch() == 1
    assert len({call.idempotency_key for call in gateway.calls}) == 1
    assert desk.engine.cases.get(WORKER, case.id).state is InstanceState.INCIDENT
    [incident] = desk.engine.incidents.list(HEAD).items
    assert "ValueError: odd" in incident.message
    resolved = desk.engine.incidents.retry(COORDINATOR, incident.id)
    assert resolved.resolved_at is not None
    assert desk.engine.outbox.dispatch() == 1
    assert desk.task(WORKER, "t")
    assert desk.engine.cases.get(WORKER, case.id).state is InstanceState.ACTIVE
    assert desk.snapshot(case.id) == desk.replayed(case.id)


def test_a_dispatcher_that_died_is_followed_by_another_after_the_lease(
    desk: Desk, gateway: Gateway
) -> None:
    desk.start("caller", variables={"greeting": "x"})
    now = desk.system_time()
    with desk.engine.database.transaction() as transaction:
        assert store.claim(transaction, now, now + LEASE) is not None
    assert desk.engine.outbox.dispatch() == 0
    desk.system_time.move(seconds=LEASE.total_seconds())
    assert desk.engine.outbox.dispatch() == 1
    assert desk.task(WORKER, "t")


def test_a_withdrawn_call_is_not_sent(desk: Desk, gateway: Gateway) -> None:
    case = desk.start("caller", variables={"greeting": "x"})
    desk.engine.cases.cancel(HEAD, case.id, "no")
    assert desk.engine.outbox.dispatch() == 0
    assert gateway.calls == []


def test_an_answer_that_comes_too_late_changes_nothing(desk: Desk, gateway: Gateway) -> None:
    case = desk.start("caller", variables={"greeting": "x"})

    class Slow(Gateway):
        def call(self, request: OutgoingCall) -> Mapping[str, Any]:
            desk.engine.cases.cancel(HEAD, case.id, "meanwhile")
            return super().call(request)

    desk.engine.add_connector(Slow())
    assert desk.engine.outbox.dispatch() == 1
    assert desk.engine.cases.get(WORKER, case.id).state is InstanceState.CANCELLED
    assert desk.count(outgoing_call) == 0


def test_a_business_error_that_nobody_catches_is_an_incident(desk: Desk, gateway: Gateway) -> None:
    desk.start("caller", variables={"greeting": "x"})
    gateway.answers = [BpmnErrorThrown("REFUSED", "not on file")]
    desk.engine.outbox.dispatch()
    [incident] = desk.engine.incidents.list(HEAD).items
    assert "REFUSED" in incident.message


def test_a_missing_connector_is_an_incident_at_once(desk: Desk, gateway: Gateway) -> None:
    desk.start("caller", variables={"greeting": "x"})
    del desk.engine.parts.connectors["sms"]
    desk.engine.outbox.dispatch()
    [incident] = desk.engine.incidents.list(HEAD).items
    assert "No connector" in incident.message
