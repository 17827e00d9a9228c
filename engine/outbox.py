"""Outgoing calls: sent after the commit that asked for them, at least once, with a key by which
the outside system knows a repeated call."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import msgspec

from bpmn import LiveCase, Step
from engine.bpmn_error import BpmnErrorThrown
from engine.commands import Commands
from engine.errors import KeyDestroyed, NotFound, Unavailable
from engine.fault_frames import fault_line
from engine.open_case import RUNNING, Change, OpenCase
from engine.parts import back_off
from engine.ports import CallFailed, OutgoingCall
from engine.records import SYSTEM
from engine.store import outbox
from engine.store.outbox import CallRow
from engine.store.transaction import Transaction

LEASE = timedelta(minutes=2)
"""How long a dispatcher keeps a call to itself; a connector must give up before that."""
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class _Failed:
    """A call that brought no answer; `final` when trying again is of no use."""

    message: str
    final: bool = False


_Answer = Mapping[str, Any] | BpmnErrorThrown | _Failed


class Outbox:
    """Sends calls."""

    def __init__(self, commands: Commands) -> None:
        self._commands = commands
        self._parts = commands.parts

    def dispatch(self, limit: int = 100) -> int:
        """Send the calls whose turn it is, at most `limit`; how many were tried."""
        tried = 0
        while tried < limit and self._dispatch_next():
            tried += 1
        return tried

    def _dispatch_next(self) -> bool:
        now = self._parts.system_now()
        with self._parts.database.glance() as transaction:
            if not outbox.any_due(transaction, now):
                return False
        with self._parts.database.transaction() as transaction:
            call = outbox.claim(transaction, now, now + LEASE)
        if call is None:
            return False
        try:
            request = self._request(call)
        except (KeyDestroyed, NotFound):
            with self._parts.database.transaction() as transaction:
                outbox.delete(transaction, call.instance_id, [call.key])
            return True
        answer = self._send(request)
        try:
            self._commands.transact(lambda tx: self._settle(tx, call, answer))
        except Unavailable:
            raise
        except Exception as error:
            # The case cannot take the answer: it is asked for again, ever more rarely.
            _log.error("Case %s takes no answer: %s", call.instance_id, fault_line(error))
            later = self._parts.system_now() + back_off(call.attempts)
            with self._parts.database.transaction() as transaction:
                outbox.put_off(transaction, call, later)
        return True

    def _request(self, call: CallRow) -> OutgoingCall:
        with (
            self._parts.database.reading() as transaction,
            self._commands.look(transaction, SYSTEM, call.instance_id) as case,
        ):
            plain = case.open(call.content, f"call:{call.key}")
        headers, variables = msgspec.json.decode(plain)
        key = f"{call.instance_id}.{call.key}"
        return OutgoingCall(call.type, key, headers, variables)

    def _send(self, request: OutgoingCall) -> _Answer:
        connector = self._parts.connectors.get(request.type)
        if connector is None:
            return _Failed(f"No connector for {request.type!r} is set up here.", final=True)
        try:
            return connector.call(request)
        except BpmnErrorThrown as thrown:
            return thrown
        except CallFailed as failed:
            return _Failed(str(failed))
        except Exception as error:
            _log.error("The connector %s failed: %s", request.type, fault_line(error))
            return _Failed(f"{type(error).__name__}: {error}")

    def _settle(self, transaction: Transaction, call: CallRow, answer: _Answer) -> None:
        """Tell the case, or try again later."""
        case = self._commands.check_out(transaction, SYSTEM, call.instance_id)
        current = outbox.find(transaction, call.instance_id, call.key)
        if current is None or current.attempts != call.attempts:
            return  # withdrawn, or answered to another dispatcher after our lease
        if case.row.status not in RUNNING:
            outbox.delete(transaction, call.instance_id, [call.key])
            return
        if isinstance(answer, _Failed) and not answer.final and call.attempts_left > 1:
            outbox.put_off(transaction, call, self._parts.system_now() + back_off(call.attempts))
            return

        def decide(case: OpenCase) -> Change:
            # The row goes first: a step may ask again under the same key.
            outbox.delete(transaction, call.instance_id, [call.key])
            step = _step(case.live, call.key, answer, case)
            return Change(step=step, element_id=call.element_id, details={"type": call.type})

        self._commands.give(case, "job", decide, lambda done: None)


def _step(live: LiveCase, key: str, answer: _Answer, case: OpenCase) -> Step:
    if isinstance(answer, _Failed):
        return live.fail_job(key, answer.message, case.services)
    if isinstance(answer, BpmnErrorThrown):
        return live.throw_error(
            key, answer.code, answer.message, dict(answer.variables), case.services
        )
    return live.finish_job(key, dict(answer), case.services)
